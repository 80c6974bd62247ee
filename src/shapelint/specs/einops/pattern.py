"""Patterns: "b (h w) c -> b c h w", read once into groups of axes."""

from __future__ import annotations

from functools import lru_cache

from shapelint.records import dataclass

DOTS = "…"
REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")


class BadPattern(Exception):
    """What is wrong with a pattern, as a clause."""


@dataclass(frozen=True, eq=False, slots=True)
class Number:
    """An axis given by its length only. No two are the same axis."""

    length: int


Axis = str | Number
Group = tuple[Axis, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side: a group of axes for every axis of the tensor; DOTS alone is a group of its own."""

    groups: tuple[Group, ...]
    text: tuple[str, ...]
    merged: bool = False  # the dots stand in brackets: "(...)" is one axis

    @property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for group in self.groups for axis in group)

    @property
    def dots(self) -> bool:
        return DOTS in self.axes

    @property
    def dots_alone(self) -> bool:
        return (DOTS,) in self.groups and not self.merged

    @property
    def numbered(self) -> bool:
        return any(isinstance(axis, Number) for axis in self.axes)

    def spelled(self, count: int) -> tuple[Group, ...]:
        """The groups, with `count` axes of their own names in place of the dots."""
        names = tuple(f"{DOTS}{i}" for i in range(count))
        groups: list[Group] = []
        for group in self.groups:
            if group == (DOTS,) and not self.merged:
                groups += [(name,) for name in names]
            else:
                groups.append(tuple(a for axis in group for a in (names if axis == DOTS else (axis,))))
        return tuple(groups)


def side(text: str, *, duplicates: bool = False, underscore: bool = False) -> Side:
    """One side of a pattern."""
    if "." in text:
        if text.count("...") != 1 or text.count(".") != 3:
            raise BadPattern("dots may stand in one ellipsis (...) only")
        text = text.replace("...", DOTS)
    groups: list[Group] = []
    texts: list[str] = []
    bracket: list[Axis] | None = None
    merged = False
    seen: set[str] = set()
    for word in text.replace("(", " ( ").replace(")", " ) ").split(" "):
        if not word:
            continue
        if word == "(":
            if bracket is not None:
                raise BadPattern("brackets inside brackets are not allowed")
            bracket = []
        elif word == ")":
            if bracket is None:
                raise BadPattern("brackets are not balanced")
            groups.append(tuple(bracket))
            bracket = None
        else:
            found = _axis(word, underscore)
            if isinstance(found, str):
                if found in seen and not duplicates and not (underscore and found == "_"):
                    raise BadPattern(f'axis "{found}" is named twice')
                seen.add(found)
            axes: Group = () if found is None else (found,)
            if bracket is None:
                groups.append(axes)
            else:
                bracket += axes
                merged = merged or found == DOTS
    if bracket is not None:
        raise BadPattern("brackets are not balanced")
    for group in groups:
        texts.append(
            "1" if not group else " ".join(str(a.length) if isinstance(a, Number) else a for a in group)
        )
    return Side(
        tuple(groups),
        tuple(f"({t})" if len(g) > 1 else t for g, t in zip(groups, texts, strict=True)),
        merged,
    )


def _axis(word: str, underscore: bool) -> Axis | None:
    """A name, a number, or None for the axis of length 1."""
    if word == DOTS:
        return word
    if word.isdecimal():
        length = int(word)
        if length == 1:
            return None
        if length == 0:
            raise BadPattern("an axis cannot have length 0")
        return Number(length)
    check_name(word, underscore)
    return word


def check_name(word: str, underscore: bool = False) -> None:
    """An axis name is an identifier that neither starts nor ends with an underscore."""
    if (
        DOTS in word
        or not word.isidentifier()
        or ((word[0] == "_" or word[-1] == "_") and not (underscore and word == "_"))
    ):
        raise BadPattern(f'"{word}" is not an axis name')


@lru_cache(maxsize=1024)
def parse(pattern: str, operation: str, names: tuple[str, ...]) -> tuple[Side, Side]:
    """Both sides of a pattern for "rearrange", "repeat" or a reduction ("callable" for a function), checked as far as
    that can be done without a tensor; `names` are the axes whose lengths are given."""
    parts = pattern.split("->")
    if len(parts) != 2:
        raise BadPattern("there must be one ->")
    left, right = side(parts[0]), side(parts[1])
    if right.dots and not left.dots:
        raise BadPattern("an ellipsis stands on the right side only")
    if left.dots and not left.dots_alone:
        raise BadPattern("an ellipsis on the left side cannot stand in brackets")
    a, b = set(left.axes), set(right.axes)
    if operation == "rearrange":
        if left.numbered or right.numbered:
            raise BadPattern("rearrange takes no numbers but 1")
        if a != b:
            raise BadPattern(f"{_listed(a ^ b)} is on one side only")
    elif operation == "repeat":
        if a - b:
            raise BadPattern(f"{_listed(a - b)} is missing on the right side")
        unsized = {axis for axis in b - a if isinstance(axis, str)} - set(names)
        if unsized:
            raise BadPattern(f"the length of the new axis {_listed(unsized)} is not given")
    elif operation in REDUCTIONS or operation == "callable":
        if b - a:
            raise BadPattern(f"{_listed(b - a)} is not on the left side")
    else:
        raise BadPattern(f"{operation!r} is no reduction ({', '.join(REDUCTIONS)})")
    for name in names:
        check_name(name)
        if name not in a | b:
            raise BadPattern(f'axis "{name}" is not in the pattern')
    for group in left.groups:
        free = [axis for axis in group if isinstance(axis, str) and axis not in names]
        if len(free) > 1:
            raise BadPattern(f"the lengths of {_listed(set(free))} cannot be told apart")
    return left, right


def _listed(axes: set[Axis] | set[str]) -> str:
    return ", ".join(
        sorted(str(a.length) if isinstance(a, Number) else "..." if a == DOTS else a for a in axes)
    )
