"""A layer instance as its spec sees it: attributes read and written as in torch's own class."""

from __future__ import annotations

from functools import lru_cache
from types import FunctionType
from typing import Any

from shapelint.specs import registry
from shapelint.specs.need import Need
from shapelint.specs.registry import Layer
from shapelint.values import Instance, Module, Tensor
from shapelint.values.containers import Dict, List

_NOTHING: Any = object()


@lru_cache(4096)  # helpers and constants of spec classes, which do not change
def _of_definition(definition: type, name: str) -> Any:
    """What a spec class or one that it derives from holds under a name."""
    return next((vars(cls)[name] for cls in definition.__mro__ if name in vars(cls)), _NOTHING)


class LayerView:
    """`self` inside a spec. Reads the instance's attributes (as the program may have changed them since), then the spec
    class's own constants and helpers; writes register parameters, buffers and children as torch would."""

    __slots__ = ("_instance", "_layer", "_need")

    def __init__(self, instance: Instance, layer: Layer, need: Need) -> None:
        object.__setattr__(self, "_instance", instance)
        object.__setattr__(self, "_layer", layer)
        object.__setattr__(self, "_need", need)

    def __getattr__(self, name: str) -> Any:
        attrs = self._instance.attrs
        if name in attrs:
            return attrs[name]
        found = _of_definition(self._layer.definition, name)
        if found is _NOTHING:
            raise AttributeError(f"{self._layer.name} has no attribute {name}")
        if isinstance(found, FunctionType):
            return found.__get__(self)
        return found.__func__ if isinstance(found, staticmethod) else found

    def __setattr__(self, name: str, value: Any) -> None:
        instance = self._instance
        self._need.recorder.touch(instance.attrs)
        instance.attrs[name] = value
        if isinstance(instance, Module):
            if isinstance(value, Tensor) and value.kind == "buffer":
                self._need.recorder.touch(instance.buffers)
                instance.buffers[name] = True
            elif value is None and name in ("weight", "bias", "in_proj_weight", "in_proj_bias"):
                instance.slots_none[name] = "parameter"

    @property
    def instance(self) -> Instance:
        """The value itself, to be handed to other operations."""
        return self._instance  # type: ignore[no-any-return]


def build(
    layer: Layer, instance: Instance, need: Need, args: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    """Run a layer's constructor on `instance`. Raises signature.BindingError, Refused, Undetermined."""
    bound = layer.signature.bind(args, keywords)
    view = LayerView(instance, layer, need)
    if isinstance(instance, Module):
        instance.initialised = True
        instance.attrs.setdefault("training", True)
    for name, value in bound.items():
        if name not in layer.not_kept:
            instance.attrs[name] = value
    extra = {name: bound[name] for name in layer.not_kept if name in bound}
    maker = getattr(layer.definition, "build", None)
    if maker is not None:
        wanted = maker.__code__.co_varnames[2 : maker.__code__.co_argcount]
        maker(view, need, **{name: extra.get(name, bound.get(name)) for name in wanted})


def forward(
    layer: Layer, instance: Instance, need: Need, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """Run a layer's shape law. Raises TypeError for arguments that do not fit, Refused, Undetermined."""
    return layer.definition.forward(LayerView(instance, layer, need), need, *args, **keywords)


def method(
    layer: Layer, name: str, instance: Instance, need: Need, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    return layer.methods[name](LayerView(instance, layer, need), need, *args, **keywords)


def make(name: str, need: Need, *args: Any, **keywords: Any) -> Module:
    """A new layer, built by its spec: the children of composite layers, `Embedding.from_pretrained`."""
    layer = registry.layers[name]
    instance = Module(need.recorder.layer_class(name))
    build(layer, instance, need, args, keywords)
    return instance


def apply(name: str, need: Need, *args: Any, **keywords: Any) -> Any:
    """The law of an operation, by its documented name."""
    entry = registry.ops[name]
    return entry.law(need, **entry.signature.bind(args, keywords))


def clone(value: Any) -> Any:
    """copy.deepcopy of a layer: new parameters and children, of the same classes and sizes."""
    return _clone(value, {})


def _clone(value: Any, seen: dict[int, Any]) -> Any:
    if id(value) in seen:
        return seen[id(value)]
    made: Any = value
    if isinstance(value, Tensor):
        made = value.like()
        made.kind, made.requires_grad, made.data = value.kind, value.requires_grad, value.data
    elif isinstance(value, Instance):
        made = type(value)(value.cls)
        seen[id(value)] = made
        made.attrs.update((name, _clone(item, seen)) for name, item in value.attrs.items())
        made.payload = _clone(value.payload, seen)
        if isinstance(value, Module):
            made.buffers, made.slots_none = dict(value.buffers), dict(value.slots_none)
            made.hidden, made.incomplete = set(value.hidden), list(value.incomplete)
            made.initialised, made.built_at, made.hooks = value.initialised, value.built_at, list(value.hooks)
    elif isinstance(value, List):
        made = List([], value.open)
        seen[id(value)] = made
        made.items.extend(_clone(item, seen) for item in value.items)
    elif isinstance(value, Dict):
        made = Dict({}, value.open, default=value.default, kind=value.kind)
        seen[id(value)] = made
        made.items.update((key, _clone(item, seen)) for key, item in value.items.items())
    elif type(value) is tuple:
        made = tuple(_clone(item, seen) for item in value)
    seen[id(value)] = made
    return made
