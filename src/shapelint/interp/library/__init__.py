"""What Python's standard library and other plain libraries mean: one file a library, functions by qualified name.

@function("math.sqrt")
def sqrt(world, args, keywords): ...
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from typing import Any

from shapelint.values import Builtin

Host = Callable[..., Any]

functions: dict[str, Builtin] = {}
constants: dict[str, Any] = {}
_attributes: dict[str, dict[str, Any]] = {}
_loaded = False


def function(*names: str) -> Callable[[Host], Host]:
    """Register a host function `(world, args, keywords) -> value` under qualified names."""

    def register(host: Host) -> Host:
        for name in names:
            if name in functions or name in constants:
                raise ValueError(f"{name} is modelled twice")
            functions[name] = Builtin(name, host)
        return host

    return register


def constant(name: str, value: Any) -> None:
    """Register a value under a qualified name."""
    if name in functions or name in constants:
        raise ValueError(f"{name} is modelled twice")
    constants[name] = value


def attribute(owner: str, name: str, value: Any) -> None:
    """Give a registered function an attribute of its own (`itertools.chain.from_iterable`)."""
    _attributes.setdefault(owner, {})[name] = value


def attribute_of(owner: Builtin, name: str) -> Any:
    return _attributes.get(owner.name, {}).get(name)


MISSING: Any = object()


def find(qualname: str) -> Any:
    """The modelled value of a qualified name, or MISSING."""
    load()
    if qualname in functions:
        return functions[qualname]
    return constants.get(qualname, MISSING)


def load() -> None:
    """Import every module of this package, which registers what it holds. Idempotent."""
    global _loaded
    if _loaded:
        return
    _loaded = True
    from importlib import import_module

    for found in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{found.name}")  # our own modules only: the names come from this folder
