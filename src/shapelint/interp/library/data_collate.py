"""torch.utils.data.default_collate: a batch from items of one kind. Every tensor and number gets a first axis.

Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
"""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.interp import iterate
from shapelint.interp.control import library_refuses
from shapelint.interp.host.host_calls import each, takes
from shapelint.interp.library import function
from shapelint.interp.tensors.arrays import is_array
from shapelint.interp.world import World
from shapelint.specs.ops.promotion import number_kind
from shapelint.values import Dict, Either, Instance, List, Record, Tensor, Undetermined, Unknown, nesting

_WHY = "what a batch holds"
_KINDS = {"bool": "bool", "int": "int64", "float": "float64"}


def collated(world: World, item: Any, count: Dim) -> Any:
    """A batch of `count` items like this one."""
    if nesting.endless(item):
        return Unknown(_WHY, plain=True)
    if is_array(item):
        item = item.payload
    if isinstance(item, Tensor):
        if not item.known:
            return Unknown(item.box.why if hasattr(item.box, "why") else _WHY, plain=True)
        made = Tensor((count, *item.shape), item.dtype)
        made.after_failure, made.marks = item.after_failure, item.marks | {"batch:0"}
        return made
    if isinstance(item, bool):
        return Tensor((count,), "bool")
    if isinstance(item, (int, Sym)):
        return Tensor((count,), "int64")
    if isinstance(item, float):
        return Tensor((count,), "float64")
    if isinstance(item, (str, bytes)):
        made_of = List([], Unknown("the texts of a batch", plain=True))
        made_of.made_from = Unknown("a text of a batch", plain=True)
        return made_of
    if isinstance(item, Dict):
        return Dict({k: collated(world, v, count) for k, v in item.items.items()}, item.open, kind=item.kind)
    if isinstance(item, Record):
        return Record(tuple(collated(world, v, count) for v in item), item.fields, item.type_name)
    if isinstance(item, tuple):
        return List([collated(world, v, count) for v in item])
    if isinstance(item, List) and item.open is None:
        return List([collated(world, v, count) for v in item.items])
    if isinstance(item, Either):
        return each(world, item, lambda option: collated(world, option, count))
    if isinstance(item, Instance):
        if item.cls.kind == "image":
            raise library_refuses(
                "TypeError",
                "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
                "found <class 'PIL.Image.Image'>",
            )
        if item.cls.kind == "namedtuple" and isinstance(item.payload, tuple):
            made_tuple = Instance(item.cls)
            made_tuple.payload = tuple(collated(world, v, count) for v in item.payload)
            made_tuple.attrs.update(zip(item.cls.attrs.get("_fields", ()), made_tuple.payload, strict=False))
            return made_tuple
    if isinstance(item, Unknown):
        dtype = _KINDS.get(number_kind(item) or "")
        if dtype is not None:
            return Tensor((count,), dtype)
        return Unknown(item.why, item.site, after_failure=item.after_failure, plain=True)
    return Unknown(_WHY, world.site(), plain=True)


def converted(world: World, item: Any) -> Any:
    """An item as a loader without batches gives it: arrays become tensors."""
    if is_array(item):
        held = item.payload
        return Tensor(held.shape, held.dtype)
    if isinstance(item, tuple) and not isinstance(item, Record):
        return List([converted(world, v) for v in item])
    if isinstance(item, List) and item.open is None:
        return List([converted(world, v) for v in item.items])
    if isinstance(item, Dict):
        return Dict({k: converted(world, v) for k, v in item.items.items()}, item.open, kind=item.kind)
    return item


@function(
    "torch.utils.data.default_collate",
    "torch.utils.data.dataloader.default_collate",
    "torch.utils.data._utils.collate.default_collate",
)
@takes("batch", plain=True)
def default_collate(world: World, batch: Any) -> Any:
    """Called by the program: with a list of items."""
    if isinstance(batch, List) and batch.open is not None and batch.made_from is not None:
        return collated(world, batch.made_from, dims.symbol("B", low=1))
    found = iterate.known_items(world, batch)
    if not found:
        raise Undetermined("an empty batch")
    return collated(world, found[0], len(found))


@function("torch.utils.data.default_convert")
@takes("data", plain=True)
def default_convert(world: World, data: Any) -> Any:
    return converted(world, data)
