"""What Python's standard library and other plain libraries mean: one file a library, functions by qualified name.

@function("math.sqrt")
def sqrt(world, args, keywords): ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from shapelint.interp import library_index as index
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
    bring(qualname)
    if qualname in functions:
        return functions[qualname]
    return constants.get(qualname, MISSING)


def bring(qualname: str) -> None:
    """Import the module that registers a qualified name, if one does, and those that add to what it makes."""
    module = _homes().get(qualname)
    if module is not None and module not in _brought:
        _brought.add(module)
        for each in (module, *_ADDED_TO.get(module, ())):
            _import(each)


_brought: set[str] = set()
# The methods of arrays are written in several modules.
_ADDED_TO = {"numpy_arrays": ("numpy_shapes",)}


@cache
def _homes() -> dict[str, str]:
    """The module that registers each name."""
    return {
        f"{prefix}.{word}": module
        for module, prefixes in index.MODULES.items()
        for prefix, words in prefixes.items()
        for word in words.split()
    }


def held_by(qualname: str) -> tuple[str, ...]:
    """The names that are modelled directly below one: of a class, its methods."""
    return _held().get(qualname, ())


@cache
def _held() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for prefixes in index.MODULES.values():
        for prefix, words in prefixes.items():
            found[prefix] = (*found.get(prefix, ()), *words.split())
    return found


def load() -> None:
    """Import every module of this package, which registers what it holds. Idempotent."""
    global _loaded
    if _loaded:
        return
    _loaded = True
    import pkgutil  # deferred: it brings `inspect`

    for found in pkgutil.iter_modules(__path__):
        _import(found.name)


def _import(name: str) -> None:
    from importlib import import_module

    import_module(f"{__name__}.{name}")  # our own modules only: the names come from this folder
