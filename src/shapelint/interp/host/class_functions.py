"""Functions that are reached through a supplied class: `dict.fromkeys`, `str.join(", ", …)`, `torch.Tensor.view`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_calls, host_constructors
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Instance


def static(world: World, owner: Class, name: str) -> Any:
    """Class-level functions of supplied classes: dict.fromkeys, str.join(", ", …), int.from_bytes, …"""
    from shapelint.interp import attributes

    for ancestor in owner.mro:
        if ancestor.qualname in host_constructors.MAKERS or ancestor.qualname in ("bytes", "complex"):
            if name == "fromkeys":
                return host_calls.builtin(
                    "dict.fromkeys",
                    "iterable, value=None",
                    lambda w, iterable, value: _fromkeys(w, owner, iterable, value),
                )
            if name in _STATIC:
                return Builtin(f"{ancestor.name}.{name}", _STATIC[name])
            if ancestor.qualname.startswith("torch."):
                from shapelint.interp.tensors import tensor_attributes

                return tensor_attributes.unbound(world, ancestor.qualname, name)
            if name == "__name__":
                return ancestor.name
            kind = _HOST.get(ancestor.qualname)
            if kind is not None and not hasattr(kind, name):
                continue
            return Builtin(
                f"{ancestor.name}.{name}",
                lambda w, args, keywords: _unbound(w, name, args, keywords),
            )
    if owner.qualname == "torch.Tensor":
        from shapelint.interp.tensors import tensor_attributes

        return tensor_attributes.unbound(world, "torch.Tensor", name)
    return attributes.MISSING


def _of_type(kind: type, name: str) -> Callable[..., Any]:
    """A function that a Python class has for itself, of plain values."""

    def run(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        from shapelint.interp.host.host_calls import attempt, back, host

        given = [host(world, a) for a in args]
        return back(attempt(getattr(kind, name), *given, **{k: host(world, v) for k, v in keywords.items()}))

    return run


_HOST = {
    kind.__name__: kind
    for kind in (int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, range, slice)
}
_STATIC = {
    "maketrans": _of_type(str, "maketrans"),
    "from_bytes": _of_type(int, "from_bytes"),
    "fromhex": _of_type(float, "fromhex"),
}


def _unbound(world: World, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import calls
    from shapelint.interp.host import builtins

    if not args:
        raise ProgramRaises("TypeError", f"unbound method {name}() needs an argument")
    receiver = args[0]
    target = receiver.payload if isinstance(receiver, Instance) and receiver.payload is not None else receiver
    return calls.call(world, builtins.method(world, target, name), args[1:], keywords)


def _fromkeys(world: World, owner: Class, iterable: Any, value: Any) -> Any:
    from shapelint.interp import calls, subscripts

    made = calls.call(world, owner, (), {})
    for key in iterate.known_items(world, iterable):
        subscripts.set(world, made, key, value)
    return made
