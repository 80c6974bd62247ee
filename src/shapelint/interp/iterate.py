"""What iterating over a value gives: a host list of items, or a Stream when their number is not known."""

from __future__ import annotations

from typing import Any

from shapelint import dims, facts, ir
from shapelint.dims import Sym
from shapelint.interp import put_off
from shapelint.interp.control import ProgramRaises
from shapelint.interp.exceptional_edges import may_raise
from shapelint.interp.world import World
from shapelint.values import (
    Dict,
    Either,
    Instance,
    Iterator,
    Lazy,
    List,
    Module,
    OneOf,
    Set,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
)
from shapelint.values.objects import Class

MAX_ITEMS = 200_000
_MAX_ROWS = 1_024


def items(world: World, value: Any) -> list[Any] | Stream:
    """The items of a value, all of them, or a Stream. Raises ProgramRaises("TypeError") for what cannot be iterated."""
    if isinstance(value, (List, Dict, Set)):
        put_off.complete(world, value)
    found = held(world, value)
    if found.__class__ is list:
        world.spend(len(found))
    return found


def held(world: World, value: Any) -> list[Any] | Stream:
    """The items that a value holds now; modules that would add some may not have been imported yet."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, List):
        if value.open is not None:
            from shapelint.interp.host import open_lists

            return Stream(open_lists.any_item(value), value.open.why, value.open)
        return list(value.items)
    if isinstance(value, (Dict, Set)):
        if value.open is not None:
            return Stream(Unknown(value.open.why), value.open.why, value.open)
        return list(value.items)
    if isinstance(value, str):
        return list(value)
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, range):
        turns = range_length(value)
        if turns > MAX_ITEMS:
            return Stream(
                Unknown("a turn of a long loop"), f"a range of {spelled(turns)} is not walked", turns
            )
        return list(value)
    if isinstance(value, Lazy):
        from shapelint.interp.host import lazy

        return lazy.drain(world, value)
    if isinstance(value, Iterator):
        if value.at < 0:
            from shapelint.interp.host import lazy

            return lazy.lost(value)
        rest = value.items[value.at :]
        world.journal.touch_slot(value, "at")
        value.at = len(value.items)
        return rest
    if isinstance(value, Stream):
        return value
    if isinstance(value, Tensor):
        return _rows(world, value)
    if isinstance(value, Unknown):
        if "item" not in value.members:
            item = Unknown(value.why, value.site, after_failure=value.after_failure, plain=value.plain)
            value.members["item"] = item
        return Stream(value.members["item"], value.why)
    if isinstance(value, Either):
        certain = not any(
            isinstance(o, (tuple, str, List, Dict, Set)) and _may_be_empty(o) for o in value.options
        )
        return Stream(Unknown(value.why), value.why, None if certain else Unknown(value.why))
    if isinstance(value, Instance):
        found = _of_instance(world, value)
        return items(world, found) if isinstance(found, (Iterator, Lazy)) else found
    if isinstance(value, Class) and value.metaclass is not None:
        from shapelint.interp import calls

        method = calls.special(value, "__iter__")
        if method is not None:
            return items(world, calls.call(world, method, (value,), {}))
    if isinstance(value, Class) and value.kind == "enum":
        from shapelint.interp.host import enums

        return enums.members(value)
    if value is None or isinstance(value, (int, float, Sym)):
        raise ProgramRaises("TypeError", f"'{type_name(value)}' object is not iterable")
    return Stream(Unknown("what is iterated over is not known"), "what is iterated over is not known")


def _may_be_empty(value: Any) -> bool:
    held = value if isinstance(value, (tuple, str)) else value.items
    return not held


def range_length(value: range) -> int:
    """len(), which refuses what is longer than the host's memory."""
    return max(0, -((value.start - value.stop) // value.step))


def spelled(number: int) -> str:
    """A number for a reason: Python refuses to write very long ones."""
    return str(number) if number.bit_length() <= 64 else "more than 10**19"


def begun(world: World, value: Any) -> list[Any] | Stream | Iterator | Lazy:
    """What iterating over a value begins with: an iterator stays one, so that items are taken when they are wanted."""
    if isinstance(value, (Iterator, Lazy)):
        return value
    if isinstance(value, Instance):
        return _of_instance(world, value)
    return items(world, value)


def one_of_many(values: list[Any]) -> Any:
    """What stands for any of a long list of values."""
    why = "which turn of a long loop it is, is not known"
    if all(type(v) is int for v in values):
        return dims.symbol("?", low=min(values), high=max(values))
    width = len(values[0]) if type(values[0]) is tuple else None
    if width is not None and all(type(v) is tuple and len(v) == width for v in values):
        return tuple(one_of_many([v[i] for v in values]) for i in range(width))
    return Unknown(why, plain=all(isinstance(v, (str, bytes, int, float)) for v in values))


def _rows(world: World, tensor: Tensor) -> list[Any] | Stream:
    from shapelint.interp.tensors import torch_calls

    if not tensor.known:
        element = torch_calls.op(world, "torch.Tensor.select", (tensor, 0, 0), {})
        return Stream(element, "the number of rows is not known")
    if tensor.rank == 0:
        raise ProgramRaises("TypeError", "iteration over a 0-d tensor")
    count = dims.witness(world.resolve(tensor.shape[0]))
    if count is None or count > _MAX_ROWS:
        element = torch_calls.op(world, "torch.Tensor.select", (tensor, 0, 0), {})
        return Stream(element, f"the number of rows is {tensor.shape[0]}", tensor.shape[0])
    return [torch_calls.op(world, "torch.Tensor.select", (tensor, 0, i), {}) for i in range(count)]


def _of_instance(world: World, value: Instance) -> list[Any] | Stream | Iterator | Lazy:
    from shapelint.interp import calls
    from shapelint.interp.host import lazy
    from shapelint.interp.nets import containers

    if value.payload is not None and calls.special(value, "__iter__") is None:
        return items(world, value.payload)
    if isinstance(value, Module):
        children = containers.items(value)
        if children is not None and calls.special(value, "__iter__") is None:
            return children
    method = calls.special(value, "__iter__")
    if method is not None:
        made = calls.call(world, method, (value,), {})
        following = calls.special(made, "__next__") if isinstance(made, Instance) else None
        if following is not None:
            return lazy.ByNext(made, following)
        return (
            Stream(Unknown("an iterator without __next__"), "an iterator without __next__")
            if made is value
            else begun(world, made)
        )
    getter, length = calls.special(value, "__getitem__"), calls.special(value, "__len__")
    if getter is not None:
        count = calls.call(world, length, (value,), {}) if length is not None else None
        if length is None or (isinstance(count, int) and not isinstance(count, bool) and count <= 64):
            return lazy.ByIndex(value, getter)
        return Stream(
            calls.call(world, getter, (value, Unknown("an index")), {}),
            "its number of items is not known",
            count,
        )
    if value.cls.unknown_base is not None:
        return Stream(
            Unknown("it derives from a class that is not known"), "it derives from a class that is not known"
        )
    raise ProgramRaises("TypeError", f"'{value.cls.name}' object is not iterable")


def unpack(world: World, value: Any, target: ir.TupleDisplay | ir.ListDisplay) -> list[Any]:
    """The items for the parts of a target; a starred part gets a List."""
    count = len(target.items)
    starred = next((i for i, part in enumerate(target.items) if isinstance(part, ir.Starred)), None)
    if isinstance(value, (Iterator, Lazy)) and starred is None:
        value = _first(world, value, count + 1)
    if isinstance(value, ShapeOf):
        value = value.of_rank(world, count) if starred is None else Unknown(value.box.why)
    if isinstance(value, Tensor) and not value.known and starred is None:
        found: list[Any] | Stream = [Unknown("a row of a tensor of unknown shape") for _ in range(count)]
    else:
        found = items(world, value)
    if isinstance(found, Stream):
        if world.tries:  # there may be more of them, or fewer
            may_raise(world)
        return _members(value, found, count, starred)
    if starred is None:
        if len(found) != count:
            word = "too many values to unpack" if len(found) > count else "not enough values to unpack"
            raise ProgramRaises(
                "ValueError",
                f"{word} (expected {count}, got {len(found)})",
                cause=facts.Unpacked(value, len(found), count),
            )
        return found
    after = count - starred - 1
    if len(found) < count - 1:
        raise ProgramRaises(
            "ValueError",
            f"not enough values to unpack (expected at least {count - 1}, got {len(found)})",
            cause=facts.Unpacked(value, len(found), count - 1, starred=True),
        )
    middle = found[starred : len(found) - after]
    return [*found[:starred], List(middle), *found[len(found) - after :]]


def _first(world: World, column: Iterator | Lazy, most: int) -> Any:
    """At most so many items off an iterator, as unpacking takes them; a Stream where there may be more or fewer."""
    from shapelint.interp.host import lazy

    taken: list[Any] = []
    for item in lazy.drawn(world, column):
        if isinstance(item, Stream):
            return item
        taken.append(item)
        if len(taken) == most:
            break
    return List(taken)


def _members(value: Any, stream: Stream, count: int, starred: int | None) -> list[Any]:
    """The parts of something unknown: each position its own unknown, the same when asked again."""
    parts: list[Any] = []
    for i in range(count):
        if i == starred:
            parts.append(List([], Unknown(stream.why)))
        elif isinstance(value, Unknown):
            key = ("item", i)
            if key not in value.members:
                member = Unknown(value.why, value.site, after_failure=value.after_failure, plain=value.plain)
                member.entry = value.entry
                value.members[key] = member
            parts.append(value.members[key])
        else:
            parts.append(stream.element)
    return parts


class ShapeOf:
    """`x.shape` of a tensor whose rank is not known: indexing gives symbols, unpacking into n names fixes the rank."""

    __slots__ = ("box",)

    def __init__(self, box: Any) -> None:
        self.box = box

    def of_rank(self, world: World, rank: int) -> Any:
        if self.box.bound is None:
            world.bind_shape(self.box, (rank,), ())
        return tuple(self.box.bound)


def keyed(world: World, value: Any) -> Any:
    """What `**value` and dict(value) take items from: an object of the program that has `keys` is asked for them."""
    if not isinstance(value, Instance) or value.payload is not None:
        return value
    from shapelint.interp import calls, subscripts

    keys = calls.special(value, "keys")
    if keys is None:
        return value
    names = items(world, calls.call(world, keys, (value,), {}))
    if isinstance(names, Stream):
        return Unknown(names.why)
    return Dict({subscripts.key(name): subscripts.get(world, value, name) for name in names})


def mapping(value: Any, *, strings: bool = True) -> dict[Any, Any] | None:
    """The items of a mapping for `**value`; None when they are not all known."""
    if isinstance(value, Instance) and isinstance(value.payload, Dict):
        value = value.payload
    if isinstance(value, Dict) and value.open is None:
        if strings and not all(isinstance(k, str) for k in value.items):
            return None
        return value.items
    return None


def ways(value: Any) -> tuple[dict[str, Any], ...]:
    """What a mapping of which not all is known may hold, where that is one of a few."""
    opened = value.open if isinstance(value, Dict) else None
    if not isinstance(opened, OneOf) or opened.of is not value.items or opened.keys != value.items.keys():
        return ()
    if not all(isinstance(key, str) for key in opened.keys):
        return ()
    return tuple({**value.items, **way} for way in opened.ways)


def type_name(value: Any) -> str:
    if value is None:
        return "NoneType"
    if isinstance(value, Sym):
        return "int"
    if isinstance(value, Instance):
        return value.cls.name
    return {List: "list", Dict: "dict", Set: "set"}.get(type(value), type(value).__name__)


def known_items(world: World, value: Any) -> list[Any]:
    """The items of a value; Undetermined when their number is not known."""
    found = items(world, value)
    if isinstance(found, Stream):
        raise Undetermined(found.why)
    return found
