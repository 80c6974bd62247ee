"""Operators of texts, bytes, tuples and lists: put together, repeated. NotImplemented where the other operand is asked, as in Python."""

from __future__ import annotations

import sys
from typing import Any

from shapelint.dims import Sym
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import open_lists
from shapelint.interp.world import World
from shapelint.values import External, List, Size, Unknown
from shapelint.values.objects import Class
from shapelint.values.unknown import either

_MAX_LENGTH = 1_000_000  # of a text
_MAX_ITEMS = 200_000  # of a list or a tuple


def _times(count: int) -> int:
    """How often something is repeated: less than never is never."""
    if not -sys.maxsize - 1 <= count <= sys.maxsize:
        raise ProgramRaises("OverflowError", "cannot fit 'int' into an index-sized integer")
    return max(count, 0)


def of_bytes(op: str, a: bytes, b: Any) -> Any:
    if (op == "+") != isinstance(b, bytes):
        raise ProgramRaises("TypeError", f"unsupported operand type(s) for {op}")
    if op == "*":
        count = _times(b)
        return a * count if len(a) * count < _MAX_LENGTH else Unknown("bytes too long to keep")
    return a + b if len(a) + len(b) < _MAX_LENGTH else Unknown("bytes too long to keep")


def of_strings(world: World, op: str, a: Any, b: Any) -> Any:
    from shapelint.interp.host import text

    if op == "%" and isinstance(a, str):
        return text.percent(world, a, b)
    if op == "+" and isinstance(a, str) and isinstance(b, str):
        return a + b if len(a) + len(b) < _MAX_LENGTH else Unknown("a string too long to keep")
    if op == "*" and (isinstance(a, int) or isinstance(b, int)):
        repeated, count = (a, _times(b)) if isinstance(b, int) else (b, _times(a))
        return (
            repeated * count if count * len(repeated) < _MAX_LENGTH else Unknown("a string too long to keep")
        )
    return NotImplemented


_TOO_LONG = "a {} too long to keep"
TYPES = (Class, External, tuple, type(None), Unknown, str)


def of_tuples(world: World, op: str, a: Any, b: Any) -> Any:
    if op == "|" and isinstance(a, TYPES) and isinstance(b, TYPES):
        return (
            *(a if isinstance(a, tuple) else (a,)),
            *(b if isinstance(b, tuple) else (b,)),
        )  # types: int | str | None
    if op == "+" and isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) + len(b) > _MAX_ITEMS:
            return Unknown(_TOO_LONG.format("tuple"))
        world.spend(len(a) + len(b))
        return _sizes_if((*a, *b), a, b)
    if op == "*":
        items, count = (a, b) if isinstance(a, tuple) else (b, a)
        if isinstance(count, int):
            count = _times(count)
            if count * len(items) > _MAX_ITEMS:
                return Unknown(_TOO_LONG.format("tuple"))
            world.spend(count * len(items))
            return _sizes_if(tuple(items) * count, items)
    return NotImplemented


def _sizes_if(made: tuple[Any, ...], *parts: Any) -> tuple[Any, ...]:
    """A torch.Size where one of the parts is: `torch.FloatTensor(x.size() + (n,))` is of that shape, and does not hold it."""
    if any(isinstance(part, Size) for part in parts) and all(isinstance(item, (int, Sym)) for item in made):
        return Size(made)
    return made


def of_lists(world: World, op: str, a: Any, b: Any) -> Any:
    if op == "+" and isinstance(a, List) and isinstance(b, List):
        why = either(a.open, b.open)
        world.spend(len(a.items) + len(b.items))
        if why is None and len(a.items) + len(b.items) > _MAX_ITEMS:
            return List([], Unknown(_TOO_LONG.format("list")))
        if why is None:
            return List([*a.items, *b.items])
        return open_lists.opened(why.why, [*open_lists.examples(a), *open_lists.examples(b)])
    if op == "*":
        items, count = (a, b) if isinstance(a, List) else (b, a)
        if isinstance(count, int) and isinstance(items, List):
            count = _times(count)
            if count * len(items.items) > _MAX_ITEMS:
                return List([], Unknown(_TOO_LONG.format("list")))
            world.spend(count * len(items.items))
            made = List(items.items * count, items.open)
            made.repeated = count
            return made
    return NotImplemented
