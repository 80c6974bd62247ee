"""collections.abc: what its classes add to one that defines the few methods they ask for.

A Mapping has `keys`, `get` and the like by its own `__getitem__` and `__iter__`; a MutableMapping `update` and the like by its own
`__setitem__`; a Sequence `index` and iteration by `__getitem__` and `__len__`; a MutableSequence `append` by `insert`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import calls, compare, iterate, subscripts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import builtins, host_classes
from shapelint.interp.host.host_calls import ABSENT, method
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import Class, Dict, Instance, Iterator, Undetermined, Unknown


def _declare(name: str, base: Class | None = None) -> Class:
    cls = host_classes.declare(name, kind="", base=base, qualname=f"collections.abc.{name}")
    for home in ("typing", "typing_extensions"):
        host_classes.CLASSES[f"{home}.{name}"] = cls
    return cls


MAPPING = _declare("Mapping")
MUTABLE_MAPPING = _declare("MutableMapping", MAPPING)
SEQUENCE = _declare("Sequence")
MUTABLE_SEQUENCE = _declare("MutableSequence", SEQUENCE)


def _call(world: World, self: Instance, name: str, *args: Any) -> Any:
    """A method that the class must define itself."""
    found = calls.special(self, name)
    if found is None:
        raise ProgramRaises("TypeError", f"'{self.cls.name}' object does not define {name}")
    return calls.call(world, found, (self, *args), {})


def _found(world: World, self: Instance, key: Any) -> tuple[bool, Any]:
    """Whether there is an item of that key, and the item."""
    try:
        return True, subscripts.get(world, self, key)
    except ProgramRaises as problem:
        if problem.kind != "KeyError":
            raise
        return False, None


# ---- mappings


def _keys(world: World, self: Instance) -> list[Any]:
    return iterate.known_items(world, _call(world, self, "__iter__"))


def _view(name: str) -> Callable[..., Any]:
    """`keys()`, `values()` or `items()`, as of a dict of the same items."""

    def law(world: World, self: Instance) -> Any:
        keys = _keys(world, self)
        held = {k: None if name == "keys" else subscripts.get(world, self, k) for k in keys}
        return calls.call(world, builtins.method(world, Dict(held), name), (), {})

    return law


def _get(world: World, self: Instance, key: Any, default: Any) -> Any:
    there, item = _found(world, self, key)
    return item if there else default


def _contains(world: World, self: Instance, key: Any) -> Any:
    there, item = _found(world, self, key)
    return Unknown(item.why) if isinstance(item, Unknown) else there


def _equal(world: World, self: Instance, other: Any) -> Any:
    mine = Dict({k: subscripts.get(world, self, k) for k in _keys(world, self)})
    if isinstance(other, Instance) and other.cls.is_subclass(MAPPING):
        other = Dict({k: subscripts.get(world, other, k) for k in _keys(world, other)})
    return compare.compare(world, "==", mine, other)


def _pop(world: World, self: Instance, key: Any, default: Any) -> Any:
    there, item = _found(world, self, key)
    if there:
        subscripts.delete(world, self, key)
        return item
    if default is ABSENT:
        raise ProgramRaises("KeyError", repr(key))
    return default


def _popitem(world: World, self: Instance) -> Any:
    keys = _keys(world, self)
    if not keys:
        raise ProgramRaises("KeyError", "")
    item = subscripts.get(world, self, keys[0])
    subscripts.delete(world, self, keys[0])
    return keys[0], item


def _clear(world: World, self: Instance) -> None:
    for key in _keys(world, self):
        subscripts.delete(world, self, key)


def _update(world: World, self: Instance, other: Any, keywords: dict[str, Any]) -> None:
    if isinstance(other, Instance) and other.cls.is_subclass(MAPPING):
        pairs = [(k, subscripts.get(world, other, k)) for k in _keys(world, other)]
    elif isinstance(other, Dict):
        if other.open is not None:
            raise Undetermined(other.open.why)
        pairs = list(other.items.items())
    else:
        pairs = [tuple(iterate.known_items(world, pair)) for pair in iterate.known_items(world, other)]
    for pair in (*pairs, *keywords.items()):
        if len(pair) != 2:
            many = "too many" if len(pair) > 2 else "not enough"
            raise ProgramRaises("ValueError", f"{many} values to unpack (expected 2)")
        subscripts.set(world, self, *pair)


def _setdefault(world: World, self: Instance, key: Any, default: Any) -> Any:
    there, item = _found(world, self, key)
    if there:
        return item
    subscripts.set(world, self, key, default)
    return default


for _name in ("keys", "values", "items"):
    method(MAPPING, _name, "", _view(_name))
method(MAPPING, "get", "key, default=None", _get)
method(MAPPING, "__contains__", "key", _contains)
method(MAPPING, "__eq__", "other", _equal)
method(MUTABLE_MAPPING, "pop", "key, default=...", _pop)
method(MUTABLE_MAPPING, "popitem", "", _popitem)
method(MUTABLE_MAPPING, "clear", "", _clear)
method(MUTABLE_MAPPING, "update", "other=(), **keywords", _update)
method(MUTABLE_MAPPING, "setdefault", "key, default=None", _setdefault)


# ---- sequences


def _length(world: World, self: Instance) -> int:
    found = _call(world, self, "__len__")
    if type(found) is not int:
        raise Undetermined("the length of a sequence")
    return found


def _items(world: World, self: Instance) -> list[Any]:
    return [subscripts.get(world, self, i) for i in range(_length(world, self))]


def _index(world: World, self: Instance, value: Any) -> int:
    for i, item in enumerate(_items(world, self)):
        same = truth(world, compare.compare(world, "==", item, value))
        if same is True:
            return i
        if same is not False:
            raise Undetermined("which item of a sequence it is")
    raise ProgramRaises("ValueError", f"{value!r} is not in the sequence")


def _holds(world: World, self: Instance, value: Any) -> bool:
    try:
        return _index(world, self, value) >= 0
    except ProgramRaises:
        return False


def _count(world: World, self: Instance, value: Any) -> int:
    same = [truth(world, compare.compare(world, "==", item, value)) for item in _items(world, self)]
    if not all(isinstance(s, bool) for s in same):
        raise Undetermined("how often a sequence holds something")
    return sum(map(bool, same))


def _append(world: World, self: Instance, value: Any) -> None:
    calls.call(world, calls.special(self, "insert"), (self, _length(world, self), value), {})


def _extend(world: World, self: Instance, values: Any) -> None:
    for value in iterate.known_items(world, values):
        _append(world, self, value)


def _take(world: World, self: Instance, index: Any) -> Any:
    item = subscripts.get(world, self, index)
    subscripts.delete(world, self, index)
    return item


method(SEQUENCE, "__iter__", "", lambda world, self: Iterator(_items(world, self)))
method(SEQUENCE, "__reversed__", "", lambda world, self: Iterator(_items(world, self)[::-1]))
method(SEQUENCE, "__contains__", "value", _holds)
method(SEQUENCE, "index", "value", _index)
method(SEQUENCE, "count", "value", _count)
method(MUTABLE_SEQUENCE, "append", "value", _append)
method(MUTABLE_SEQUENCE, "extend", "values", _extend)
method(MUTABLE_SEQUENCE, "pop", "index=-1", _take)
