"""The catalogue: every spec under the names torch documents it by. A name claimed twice refuses to load.

@op("torch.flatten, torch.Tensor.flatten", "input, start_dim=0, end_dim=-1")
def flatten(need, input, start_dim, end_dim): ...

@layer("torch.nn.Linear", "in_features, out_features, bias=True, device=None, dtype=None")
class Linear:
    def build(self, need): ...
    def forward(self, need, input): ...
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from shapelint.records import dataclass, field
from shapelint.specs import index
from shapelint.specs.signature import Signature, parse

_V = TypeVar("_V")
_F = TypeVar("_F", bound=Callable[..., Any])
_C = TypeVar("_C", bound=type)

# Constructor arguments that torch does not keep under their own name.
_NOT_KEPT = ("device", "dtype", "bias")


@dataclass(slots=False)
class Op:
    """A function or tensor method. `names` are all its documented names; the first is the one that messages use.

    `law(need, **bound)` gives the result. `inplace` says that the result is the first argument itself.
    """

    names: tuple[str, ...]
    text: str
    law: Callable[..., Any]
    inplace: bool = False
    module: str = ""

    @cached_property
    def name(self) -> str:
        return self.names[0]

    def spelled(self, name: str) -> str:
        """The first of the names that ends as `name` does: laws are shared by functions that mean different things."""
        if name == self.name:
            return name
        last = name[name.rfind(".") :]
        return next((n for n in self.names if n.endswith(last)), self.name)

    @cached_property
    def signature(self) -> Signature:
        return parse(self.text)


@dataclass(slots=False)
class Layer:
    """A torch.nn class. `definition` is the spec class: `build(self, need)` creates parameters and attributes,
    `forward(self, need, …)` is the shape law; its other public methods are methods of the layer too.

    `base` is the qualified name of the torch class it derives from ("torch.nn.Module" unless told).
    """

    names: tuple[str, ...]
    text: str
    definition: Any
    base: str = "torch.nn.Module"
    not_kept: tuple[str, ...] = _NOT_KEPT
    module: str = ""
    methods: dict[str, Callable[..., Any]] = field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        return self.names[0]

    @cached_property
    def signature(self) -> Signature:
        return parse(self.text)


class DuplicateSpec(Exception):
    """Two specs claim one name."""


class Catalogue(dict[str, _V]):
    """What is registered, by qualified name. Asked for a name, it imports the module that registers it; only what was asked for
    is listed, unless everything was loaded."""

    def __init__(self, modules: dict[str, dict[str, str]]) -> None:
        """`modules` are the words they register, by module and by what stands before the words."""
        self._homes = {
            f"{prefix}.{word}": module
            for module, prefixes in modules.items()
            for prefix, words in prefixes.items()
            for word in words.split()
        }

    def __missing__(self, name: str) -> _V:
        _import(f"shapelint.specs.{self._homes[name]}")
        if not self.registered(name):
            raise KeyError(name)
        return self[name]

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or name in self._homes

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def registered(self, name: str) -> bool:
        """Whether the module that registers a name was imported."""
        return dict.__contains__(self, name)


ops: Catalogue[Op] = Catalogue(index.OPS)
layers: Catalogue[Layer] = Catalogue(index.LAYERS)
_loaded = False


def op(names: str, signature: str, *, inplace: bool = False) -> Callable[[_F], _F]:
    """Register a law for one or more comma-separated qualified names. May be stacked for twins whose signatures differ.

    With `inplace`, or for a name that ends in a single underscore, the interpreter returns the first argument itself,
    with the result's shape and dtype written into it.
    """

    def register(law: _F) -> _F:
        split = tuple(n.strip() for n in names.split(",") if n.strip())
        entry = Op(split, signature, law, inplace, law.__module__)
        for name in split:
            if ops.registered(name) or layers.registered(name):
                raise DuplicateSpec(f"{name}: claimed by {law.__module__} and before it by {_owner(name)}")
            ops[name] = entry
        return law

    return register


def layer(
    names: str, signature: str, *, base: str = "torch.nn.Module", not_kept: tuple[str, ...] = _NOT_KEPT
) -> Callable[[_C], _C]:
    """Register a layer class. May be stacked for classes that differ only in name and signature.

    Every constructor argument becomes an attribute of the same name before `build` runs, except those in `not_kept`.
    """

    def register(definition: _C) -> _C:
        split = tuple(n.strip() for n in names.split(",") if n.strip())
        methods = {
            name: value
            for cls in reversed(definition.__mro__[:-1])
            for name, value in vars(cls).items()
            if callable(value) and not name.startswith("__") and name not in ("build", "forward")
        }
        entry = Layer(split, signature, definition, base, not_kept, definition.__module__, methods)
        for name in split:
            if ops.registered(name) or layers.registered(name):
                raise DuplicateSpec(
                    f"{name}: claimed by {definition.__module__} and before it by {_owner(name)}"
                )
            layers[name] = entry
        return definition

    return register


def _owner(name: str) -> str:
    return ops[name].module if ops.registered(name) else layers[name].module


def load() -> None:
    """Import every module below `shapelint.specs`, which registers what it holds. Idempotent."""
    global _loaded
    if _loaded:
        return
    _loaded = True
    import pkgutil  # deferred: it brings `inspect`

    package = sys.modules["shapelint.specs"]
    for found in pkgutil.walk_packages(package.__path__, "shapelint.specs."):
        if found.name not in sys.modules:
            _import(found.name)


def _import(name: str) -> None:
    # Our own modules only: the name comes from listing this package's folder, never from what is analysed.
    from importlib import import_module

    import_module(name)
