"""Lists, dicts and sets. Each wraps a host container that the journal watches; `open` says why contents are not all known."""

from __future__ import annotations

from itertools import islice
from typing import Any

from shapelint.values.unknown import Unknown


class List:
    """A list; when `open` is set its length and items are not known, but for an example (`made_from`), if there is one.

    `repeated` is n of a list that was written `[x] * n`. `twins` are other containers that may be this very one: what was
    joined of it behind an undecided branch.
    """

    __slots__ = ("items", "made_from", "open", "repeated", "twins")

    def __init__(self, items: list[Any], open: Unknown | None = None) -> None:
        self.items = items
        self.open = open
        self.made_from: Any = None
        self.repeated = 0
        self.twins: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        return _spelled(self, 0)


class Deque(List):
    """A collections.deque; with a `maxlen` it drops items from the other end."""

    __slots__ = ("maxlen",)

    def __init__(self, items: list[Any], open: Unknown | None = None, maxlen: Any = None) -> None:
        super().__init__(items, open)
        self.maxlen = maxlen


class Dict:
    """A dict; keys are hashable values (constants, tuples of them, classes, functions).

    `last` is what was written last, when its key is not known: (the unknown key, the value). `default` is a defaultdict's
    factory. When `open` is set, keys beyond `items` may exist. `kind` is "dict", "OrderedDict", "defaultdict" or "Counter".
    """

    __slots__ = ("attrs", "default", "items", "kind", "last", "open", "twins")

    def __init__(
        self, items: dict[Any, Any], open: Unknown | None = None, *, default: Any = None, kind: str = "dict"
    ) -> None:
        self.items = items
        self.open = open
        self.last: tuple[Unknown, Any] | None = None
        self.default = default
        self.kind = kind
        self.twins: tuple[Any, ...] = ()
        self.attrs: dict[str, Any] | None = None  # what an OrderedDict or Counter was given as attributes

    def __repr__(self) -> str:
        return _spelled(self, 0)


class OneOf(Unknown):
    """Why not all of a dict is known: beyond its items it holds those of one of `ways`, as long as nothing is written to it.
    `of` are the items of the dict that this is said of, and `keys` theirs: what is made of it may hold something else."""

    __slots__ = ("keys", "of", "ways")

    def __init__(
        self, why: str, of: dict[Any, Any], keys: frozenset[Any], ways: tuple[dict[str, Any], ...]
    ) -> None:
        super().__init__(why)
        self.of = of
        self.keys = keys
        self.ways = ways


class Set:
    """A set, kept in insertion order so that runs are repeatable (the keys of `items`)."""

    __slots__ = ("frozen", "items", "open", "twins")

    def __init__(self, items: dict[Any, None], open: Unknown | None = None, *, frozen: bool = False) -> None:
        self.items = items
        self.open = open
        self.frozen = frozen
        self.twins: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        return _spelled(self, 0)


# A message needs no more; and what holds the same container in many ways would be spelled out once for each of them.
_DEEPEST, _WIDEST = 4, 16


def _spelled(value: Any, deep: int) -> str:
    kind = value.__class__
    name = next((c.__name__ for c in (List, Dict, Set) if isinstance(value, c)), "")
    if not name and kind is not tuple:
        return repr(value)
    if deep == _DEEPEST:
        return f"{name}(...)"
    held = value if kind is tuple else value.items
    if name == "Dict":
        parts = [
            f"{_spelled(k, deep + 1)}: {_spelled(v, deep + 1)}" for k, v in islice(held.items(), _WIDEST)
        ]
    else:
        parts = [_spelled(part, deep + 1) for part in islice(held, _WIDEST)]
    text = ", ".join([*parts, "..."] if len(held) > _WIDEST else parts)
    if not name:
        return f"({text},)" if len(held) == 1 else f"({text})"
    return f"{name}({{{text}}})" if name == "Dict" else f"{name}([{text}])"
