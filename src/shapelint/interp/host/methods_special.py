"""Special methods asked for by name on supplied values: `super().__getitem__(k)`, `[].__len__()`, `x.__class__`."""

from __future__ import annotations

from typing import Any

from shapelint.interp import attributes, compare, iterate, operators, subscripts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import builtin
from shapelint.interp.world import World
from shapelint.values import Iterator, Stream

_COMPARES = {"__eq__": "==", "__ne__": "!=", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
_OPERATORS = {f"__{word}__": op for op, word in operators.METHODS.items()}
_MIRRORED = {f"__r{word}__": op for op, word in operators.METHODS.items()}
_IN_PLACE = {f"__i{word}__": op for op, word in operators.METHODS.items()}
_UNARY = {"__neg__": "-", "__pos__": "+", "__invert__": "~"}


def method(world: World, value: Any, name: str, receiver: Any) -> Any:
    """`value.__name__`, or None when it is not modelled."""
    if name in _COMPARES:
        return builtin(name, "other", lambda w, other: compare.compare(w, _COMPARES[name], value, other))
    if name in _OPERATORS:
        return builtin(name, "other", lambda w, other: operators.binary(w, _OPERATORS[name], value, other))
    if name in _MIRRORED:
        return builtin(name, "other", lambda w, other: operators.binary(w, _MIRRORED[name], other, value))
    if name in _IN_PLACE:
        return builtin(name, "other", lambda w, other: operators.augmented(w, _IN_PLACE[name], value, other))
    if name in _UNARY:
        return builtin(name, "", lambda w: operators.unary(w, _UNARY[name], value))
    found = _METHODS.get(name)
    if found is None:
        return None
    signature, law = found
    return builtin(name, signature, lambda w, **given: law(w, value, **given))


def _named(name: str) -> Any:
    """Ask the built-in function of the same meaning."""

    def law(world: World, value: Any) -> Any:
        from shapelint.interp import calls
        from shapelint.interp.host.builtins import NAMES

        return calls.call(world, NAMES[name], (value,), {})

    return law


def _iter(world: World, value: Any) -> Any:
    found = iterate.items(world, value)
    return found if isinstance(found, Stream) else Iterator(found)


def _getattribute(world: World, value: Any, name: Any) -> Any:
    if isinstance(name, str):
        return attributes.get(world, value, name)
    raise ProgramRaises("TypeError", "attribute name must be string")


_METHODS: dict[str, tuple[str, Any]] = {
    "__len__": ("", _named("len")),
    "__abs__": ("", _named("abs")),
    "__round__": ("", _named("round")),
    "__repr__": ("", _named("repr")),
    "__str__": ("", _named("str")),
    "__bool__": ("", _named("bool")),
    "__int__": ("", _named("int")),
    "__index__": ("", _named("int")),
    "__float__": ("", _named("float")),
    "__hash__": ("", _named("hash")),
    "__reversed__": ("", _named("reversed")),
    "__next__": ("", _named("next")),
    "__iter__": ("", _iter),
    "__getitem__": ("key", lambda world, value, key: subscripts.get(world, value, key)),
    "__setitem__": ("key, item", lambda world, value, key, item: subscripts.set(world, value, key, item)),
    "__delitem__": ("key", lambda world, value, key: subscripts.delete(world, value, key)),
    "__contains__": ("key", lambda world, value, key: compare.contains(world, value, key)),
    "__getattribute__": ("name", _getattribute),
}
