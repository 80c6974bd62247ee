"""Expressions: "b (h w) [c], b s... -> b h", read once; the lengths of axes that several tensors agree on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from shapelint import dims
from shapelint.dims import Dim
from shapelint.records import dataclass
from shapelint.specs.need import Need
from shapelint.values import Shape, Undetermined

RULE = "einops-mismatch"
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Axis:
    """A named axis, one of a fixed length (which is its name), or as many as the rank leaves (`dotted`)."""

    name: str
    length: int | None = None
    marked: bool = False  # in [brackets]: what the operation is about
    dotted: bool = False


Group = tuple[Axis, ...]
"""What makes up one axis of the tensor; a dotted axis alone is several."""


class NotRead(Exception):
    """An expression that is not one, or none that is modelled."""


@lru_cache(maxsize=1024)
def parse(description: str) -> tuple[tuple[tuple[Group, ...], ...], tuple[Group, ...] | None]:
    """The inputs, and the output where one is given."""
    left, arrow, right = description.partition("->")
    if "->" in right or (arrow and "," in right):
        raise NotRead(description)
    inputs = tuple(_Reader(part).read() for part in left.split(","))
    return inputs, _Reader(right).read() if arrow else None


class _Reader:
    def __init__(self, text: str) -> None:
        self.words = _words(text)
        self.at = 0
        self.marked = False
        self.closing = ""

    def read(self) -> tuple[Group, ...]:
        groups: list[Group] = []
        while self.at < len(self.words):
            word = self.words[self.at]
            if word in ("[", "]"):
                self._mark(word)
            elif word == "(":
                groups.append(self._bracketed())
            else:
                groups.append((self._axis(word),))
            self.at += 1
        if self.marked or sum(axis.dotted for group in groups for axis in group) > 1:
            raise NotRead
        return tuple(groups)

    def _mark(self, word: str) -> None:
        if (word == "[") is self.marked:
            raise NotRead
        self.marked = not self.marked

    def _bracketed(self) -> Group:
        axes: list[Axis] = []
        self.at += 1
        while self.at < len(self.words) and self.words[self.at] != ")":
            word = self.words[self.at]
            if word in ("[", "]"):
                self._mark(word)
            else:
                axes.append(self._axis(word))
            self.at += 1
        if self.at == len(self.words) or any(axis.dotted for axis in axes):
            raise NotRead
        return tuple(axes)

    def _axis(self, word: str) -> Axis:
        name = word.removesuffix("...")
        dotted = name != word
        if name.isdecimal() and not dotted:
            return Axis(str(int(name)), int(name), self.marked)
        if name and (not name.isidentifier() or not name.isascii()):
            raise NotRead(word)
        if not name and not dotted:
            raise NotRead(word)
        return Axis(name or "...", None, self.marked, dotted)


def _words(text: str) -> list[str]:
    words: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] in "()[]":
            words.append(text[at])
            at += 1
        else:
            end = at
            while end < len(text) and text[end] in _WORD:
                end += 1
            if text.startswith("...", end):
                end += 3
            if end == at:
                raise NotRead(text)
            words.append(text[at:end])
            at = end
    return words


def spelled(groups: Sequence[Group], counts: Mapping[str, int]) -> list[Group]:
    """The groups, with as many axes in place of a dotted one as it stands for."""
    made: list[Group] = []
    for group in groups:
        if len(group) == 1 and group[0].dotted:
            axis = group[0]
            if axis.name not in counts:
                raise Undetermined(f"how many axes {axis.name} stands for is not known")
            made += [(Axis(f"{axis.name}.{i}", None, axis.marked),) for i in range(counts[axis.name])]
        else:
            made.append(group)
    return made


def solve(
    need: Need,
    description: str,
    inputs: Sequence[Sequence[Group]],
    shapes: Sequence[Shape],
    given: Mapping[str, Dim],
) -> tuple[dict[str, int], dict[str, Dim]]:
    """What the dots stand for, and the length of every axis."""
    counts = _counts(need, description, inputs, shapes)
    lengths: dict[str, Dim] = dict(given)
    wide = [
        (group, size)
        for groups, shape in zip(inputs, shapes, strict=True)
        for group, size in zip(spelled(groups, counts), shape, strict=True)
    ]
    for group, _ in wide:
        lengths.update({axis.name: axis.length for axis in group if axis.length is not None})
    while wide:
        later = [(group, size) for group, size in wide if not _told(need, description, group, size, lengths)]
        if len(later) == len(wide):
            raise Undetermined(f'the axes of "{description}" cannot be told apart')
        wide = later
    return counts, lengths


def _counts(
    need: Need, description: str, inputs: Sequence[Sequence[Group]], shapes: Sequence[Shape]
) -> dict[str, int]:
    counts: dict[str, int] = {}
    for groups, shape in zip(inputs, shapes, strict=True):
        dotted = next((g[0].name for g in groups if len(g) == 1 and g[0].dotted), None)
        more = len(shape) - (len(groups) - (dotted is not None))
        if more < 0 or (more and dotted is None) or (dotted is not None and counts.get(dotted, more) != more):
            need.refuse(
                RULE, f'a tensor of {len(shape)} axes does not fit its place in "{description}"', "RankError"
            )
        if dotted is not None:
            counts[dotted] = more
    return counts


def _told(need: Need, description: str, group: Group, size: Dim, lengths: dict[str, Dim]) -> bool:
    """Enter the length of the one axis of a group that is not known; whether all are known now."""
    free = [axis.name for axis in group if axis.name not in lengths]
    part = dims.product(lengths[axis.name] for axis in group if axis.name in lengths)
    if not free:
        need.equal(
            size,
            part,
            RULE,
            f'an axis of a tensor in "{description}"',
            "the lengths that it is given elsewhere",
        )
        return True
    if len(free) > 1:
        return False
    if len(group) == 1:
        lengths[free[0]] = need.resolve(size)
        return True
    whole = dims.exact_div(need.resolve(size), part)
    if whole is None:
        raise Undetermined(f'whether an axis can be split as in "{description}" is not known')
    lengths[free[0]] = whole
    return True


def shape_of(groups: Iterable[Group], lengths: Mapping[str, Dim]) -> tuple[Dim, ...]:
    made = []
    for group in groups:
        sizes: list[Dim] = []
        for axis in group:
            size = lengths.get(axis.name, axis.length)
            if size is None:
                raise Undetermined(f"the length of {axis.name} is not known")
            sizes.append(size)
        made.append(dims.product(sizes))
    return tuple(made)
