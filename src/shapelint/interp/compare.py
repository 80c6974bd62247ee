"""Comparisons, membership and identity."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp import iterate, put_off, subscripts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes
from shapelint.interp.tensors import placement
from shapelint.interp.truth import PLAIN, Itself, as_key, come_to, condition, from_verdict, negated, truth
from shapelint.interp.world import World
from shapelint.values import (
    HERE,
    Class,
    Device,
    Dict,
    Either,
    External,
    Instance,
    Lazy,
    List,
    Set,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
)
from shapelint.values.unknown import either

_HOST: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_TENSOR = {
    "<": "torch.lt",
    "<=": "torch.le",
    ">": "torch.gt",
    ">=": "torch.ge",
    "==": "torch.eq",
    "!=": "torch.ne",
}
_METHOD = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__", "==": "__eq__", "!=": "__ne__"}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


_MOST_TOLD = 1_000  # members by which a question is told from another


def compare(world: World, op: str, a: Any, b: Any) -> Any:
    """`a op b`: a bool, a Tensor, an Unknown condition, or what a special method gives."""
    if isinstance(a, (int, float, str)) and isinstance(b, (int, float, str)) and op in _HOST:
        try:
            return _HOST[op](a, b)
        except TypeError as problem:
            raise ProgramRaises("TypeError", str(problem)) from None
    if op == "is" or op == "is not":
        found = identical(a, b)
        return _inverted(found) if op == "is not" else found
    if op == "in" or op == "not in":
        found = contains(world, b, a)
        return _inverted(found) if op == "not in" else found
    if (
        (isinstance(a, Tensor) or isinstance(b, Tensor))
        and not isinstance(a, Instance)
        and not isinstance(b, Instance)
    ):
        if a is None or b is None or isinstance(a, str) or isinstance(b, str):
            return op == "!="
        from shapelint.interp.tensors import torch_calls

        return torch_calls.op(world, _TENSOR[op], (a, b), {})
    if isinstance(a, Sym) or isinstance(b, Sym):
        found = _sizes(world, op, a, b)
        if found is not NotImplemented:
            return found
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return _unknowns(op, a, b)
    for receiver, other, name in ((a, b, _METHOD[op]), (b, a, _METHOD[_MIRROR[op]])):
        if isinstance(receiver, (Instance, Class)):
            from shapelint.interp import calls

            method = calls.special(receiver, name)
            if method is not None:
                made = calls.call(world, method, (receiver, other), {})
                if made is not NotImplemented:
                    return made
    if op == "!=" and isinstance(a, Instance):
        from shapelint.interp import calls

        if calls.special(a, "__eq__") is not None:
            return _inverted(truth(world, compare(world, "==", a, b)))
    if op in ("==", "!="):
        found = equal(world, a, b)
        return _inverted(found) if op == "!=" else found
    return _ordered(world, op, a, b)


def _inverted(found: Any) -> Any:
    return negated(found) if isinstance(found, Unknown) else not found


def _sizes(world: World, op: str, a: Any, b: Any) -> Any:
    if isinstance(a, (Sym, int)) and isinstance(b, (Sym, int)):
        a, b = world.resolve(a), world.resolve(b)
        why = f"whether {a} {op} {b} is not known"
        verdict = {
            "==": lambda: dims.equal(a, b),
            "!=": lambda: dims.equal(a, b),
            "<": lambda: dims.less(a, b),
            "<=": lambda: dims.less_equal(a, b),
            ">": lambda: dims.less(b, a),
            ">=": lambda: dims.less_equal(b, a),
        }[op]()
        found = from_verdict(verdict, None, None, why)
        return come_to(world, _inverted(found) if op == "!=" else found)
    left = dims.witness(a) if isinstance(a, Sym) else a
    right = dims.witness(b) if isinstance(b, Sym) else b
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _HOST[op](left, right)
    if isinstance(left, float) or isinstance(right, float):
        return Unknown(f"whether {a} {op} {b} is not known")
    if op in ("==", "!=") and not isinstance(a, Unknown) and not isinstance(b, Unknown):
        return op == "!="
    return NotImplemented


def _unknowns(op: str, a: Any, b: Any) -> Any:
    owner, other = (a, b) if isinstance(a, Unknown) else (b, a)
    word = op if owner is a else _MIRROR[op]
    if a is b and op in ("==", "!="):
        return op == "=="
    key = as_key(other)
    if word == "!=":
        return negated(condition(owner, ("==", key), owner.why))
    return condition(owner, (word, key), owner.why)


def _this(value: Any) -> Any:
    return value if isinstance(value, PLAIN) else Itself(value)


def identical(a: Any, b: Any) -> Any:
    """`a is b`."""
    if a is b:
        return True
    if isinstance(a, Either) or isinstance(b, Either):
        either, other = (a, b) if isinstance(a, Either) else (b, a)
        answers = [identical(option, other) for option in either.options]
        if all(x is True for x in answers):
            return True
        if all(x is False for x in answers):
            return False
        return condition(either, ("is", _this(other)), either.why)
    for x, y in ((a, b), (b, a)):
        if isinstance(x, Unknown):
            if y is None and (x.tensor is not None or x.symbol is not None):
                return False
            return condition(x, ("is", _this(y)), x.why)
    if isinstance(a, PLAIN) and isinstance(b, PLAIN):
        return type(a) is type(b) and a == b
    if isinstance(a, External) and isinstance(b, External):
        return a.qualname == b.qualname
    for x, y in ((a, b), (b, a)):
        if isinstance(x, External) and (y is None or isinstance(y, bool)) and _may_be_anything(x):
            return Unknown(f"{x.qualname} is not modelled")
    return host_classes.meant(a) is host_classes.meant(b)


def _may_be_anything(name: External) -> bool:
    """Whether it is what a module holds that is not found, None perhaps; those that are modelled hold functions and classes."""
    from shapelint.interp import imports

    return "." in name.qualname and not imports.is_modelled(name.qualname)


def _same_device(a: Device, b: Device | str) -> Any:
    other = b.type if isinstance(b, Device) else b
    if (a is HERE or b is HERE) and isinstance(other if a is HERE else a.type, str):
        kind = other if a is HERE else a.type
        if kind.partition(":")[0] not in placement.KINDS_HERE:
            return False
    if a.type is not other and (isinstance(a.type, Unknown) or isinstance(other, Unknown)):
        return Unknown("which device it is", plain=True)
    return a.type == other if isinstance(b, str) else a == b


def equal(world: World, a: Any, b: Any) -> Any:
    """`a == b` of values without an __eq__ of their own."""
    if a is b:
        return True
    if isinstance(a, Instance) and a.payload is not None:
        a = a.payload
    if isinstance(b, Instance) and b.payload is not None:
        b = b.payload
    if isinstance(a, PLAIN) and isinstance(b, PLAIN):
        if isinstance(a, Device) and isinstance(b, (Device, str)):
            return _same_device(a, b)
        return a == b
    if isinstance(a, iterate.ShapeOf) or isinstance(b, iterate.ShapeOf):
        return Unknown("the shape is not known")
    if isinstance(a, tuple) and isinstance(b, tuple):
        return _items_equal(world, list(a), list(b))
    if isinstance(a, List) and isinstance(b, List):
        if either(a.open, b.open) is not None:
            return Unknown("a list is not fully known")
        return _items_equal(world, a.items, b.items)
    if isinstance(a, Dict) and isinstance(b, Dict):
        if either(a.open, b.open) is not None:
            return Unknown("a dict is not fully known")
        if a.items.keys() != b.items.keys():
            return False
        return _items_equal(world, list(a.items.values()), [b.items[k] for k in a.items])
    if isinstance(a, Set) and isinstance(b, Set):
        if either(a.open, b.open) is not None:
            return Unknown("a set is not fully known")
        return a.items.keys() == b.items.keys()
    if isinstance(a, Either) or isinstance(b, Either):
        several, other = (a, b) if isinstance(a, Either) else (b, a)
        answers = [compare(world, "==", option, other) for option in several.options]
        if all(x is True for x in answers):
            return True
        if all(x is False for x in answers):
            return False
        return condition(several, ("==", as_key(other)), several.why)
    if isinstance(a, External) and isinstance(b, External):
        return True if a.qualname == b.qualname else Unknown("two library values")
    if isinstance(a, (External, Stream)) or isinstance(b, (External, Stream)):
        return Unknown("a library value is compared")
    if isinstance(a, range) and isinstance(b, range):
        return a == b
    return host_classes.meant(a) is host_classes.meant(b)


def _items_equal(world: World, a: list[Any], b: list[Any]) -> Any:
    if len(a) != len(b):
        return False
    world.spend(128 + 4 * len(a))
    unknown: Unknown | None = None
    for x, y in zip(a, b, strict=True):
        known = truth(world, compare(world, "==", x, y))
        if known is False:
            return False
        if isinstance(known, Unknown):
            unknown = known
    return True if unknown is None else unknown


def contains(world: World, container: Any, item: Any) -> Any:
    """`item in container`."""
    if isinstance(container, (Instance, Class)):
        from shapelint.interp import calls

        method = calls.special(container, "__contains__")
        if method is not None:
            found = truth(world, calls.call(world, method, (container, item), {}))
            return found
        if isinstance(container, Instance) and container.payload is not None:
            return contains(world, container.payload, item)
    if isinstance(container, str):
        if isinstance(item, str):
            return item in container
        if isinstance(item, Unknown):
            return condition(item, ("in", container), item.why)
        return Unknown("membership in a string")
    if isinstance(container, (Dict, Set)):
        if isinstance(item, Unknown):
            if isinstance(container, Dict) and container.last is not None and container.last[0] is item:
                return True
            if container.open is not None or len(container.items) > _MOST_TOLD:
                return Unknown(item.why)
            return condition(item, ("in", frozenset(container.items)), item.why) if container.items else False
        try:
            if subscripts.key(item) in container.items:
                return True
        except Undetermined as problem:
            return Unknown(problem.why)
        if isinstance(item, str) and put_off.may_register(world, container, item):
            return item in container.items
        if (why := subscripts.perhaps_held(container.items, item)) is not None:
            return Unknown(why)
        return (
            False if container.open is None else condition(container.open, ("in", item), container.open.why)
        )
    if isinstance(container, (Unknown, External, Tensor, Either)):
        why = (
            container.why
            if isinstance(container, (Unknown, Either))
            else "membership in a value that is not known"
        )
        return condition(container, ("in", as_key(item)), why)
    if isinstance(container, range) and isinstance(item, int):
        return item in container
    if isinstance(container, Lazy):
        return _among(world, container, item)
    if isinstance(item, str):
        put_off.may_register(world, container, item)
        members = iterate.held(world, container)
    else:
        members = iterate.items(world, container)
    if isinstance(members, Stream):
        if isinstance(container, List) and isinstance(item, PLAIN) and item in container.items:
            return True
        return Unknown(members.why)
    unknown: Unknown | None = None
    for held in members:
        known = True if held is item else truth(world, compare(world, "==", held, item))
        if known is True:
            return True
        if isinstance(known, Unknown):
            unknown = known
    if unknown is not None and isinstance(item, Unknown):
        if len(members) > _MOST_TOLD:
            return Unknown(item.why)
        return condition(item, ("in", frozenset(map(as_key, members))), item.why)
    return False if unknown is None else unknown


_SORTS = (int, float, complex, str, bytes, tuple, List, Dict, Set)


def _among(world: World, container: Lazy, item: Any) -> Any:
    """Whether an iterator comes by an item: it is not asked for more behind that."""
    from shapelint.interp.host import lazy

    for held in lazy.drawn(world, container):
        if isinstance(held, Stream):
            return Unknown(held.why)
        known = True if held is item else truth(world, compare(world, "==", held, item))
        if known is not False:
            return known
    return False


def _ordered(world: World, op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Instance) and a.payload is not None:
        return compare(world, op, a.payload, b)
    if isinstance(b, Instance) and b.payload is not None:
        return compare(world, op, a, b.payload)
    if isinstance(a, List) and isinstance(b, List):
        a, b = tuple(a.items), tuple(b.items)
    if isinstance(a, tuple) and isinstance(b, tuple):
        for x, y in zip(a, b, strict=False):
            world.step()
            same = truth(world, compare(world, "==", x, y))
            if isinstance(same, Unknown):
                return same
            if not same:
                return compare(world, op, x, y)
        return _HOST[op](len(a), len(b))
    if isinstance(a, Set) and isinstance(b, Set):
        return _HOST[op](a.items.keys(), b.items.keys())
    from shapelint.interp.operators import is_plain_object

    if any(map(is_plain_object, (a, b))) and all(isinstance(v, _SORTS) or is_plain_object(v) for v in (a, b)):
        raise ProgramRaises("TypeError", f"'{op}' not supported between instances of these")
    if a is None or b is None:
        raise ProgramRaises("TypeError", f"'{op}' not supported between instances of 'NoneType' and another")
    return Unknown(f"{op} is not modelled for these values")
