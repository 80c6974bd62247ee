"""Reading attributes of torch's small values: dtypes, devices, shapes, and results with names."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.tensors import packed_sequences, placement
from shapelint.interp.world import World
from shapelint.values import HERE, Builtin, Device, Dict, DType, Record, Size, Unknown
from shapelint.values.torch_types import is_complex, is_float


def of_dtype(world: World, owner: DType, name: str) -> Any:
    if name == "is_floating_point":
        return is_float(owner.name)
    if name == "is_complex":
        return is_complex(owner.name)
    if name == "itemsize":
        from shapelint.values.torch_types import itemsize

        return itemsize(owner.name)
    return Unknown(f"torch.dtype.{name} is not modelled")


def of_device(world: World, owner: Device, name: str) -> Any:
    if name == "type":
        return placement.type_here(world) if owner is HERE else owner.type
    return owner.index if name == "index" else Unknown(f"torch.device.{name}")


def of_record(world: World, owner: Record, name: str) -> Any:
    if name in owner.fields:
        return owner[owner.fields.index(name)]
    if name == "_fields":
        return owner.fields
    if name == "_asdict":
        return Builtin("_asdict", lambda w, args, keywords: Dict(dict(zip(owner.fields, owner, strict=True))))
    if name == "_replace":
        return Builtin("_replace", lambda w, args, keywords: _replaced(owner, keywords))
    if packed_sequences.has(owner, name):
        return packed_sequences.attribute(world, owner, name)
    from shapelint.interp.host import builtins

    try:
        return builtins.method(world, tuple(owner), name)
    except ProgramRaises as problem:
        if isinstance(problem.cause, facts.AttributeAsked):
            problem.cause = facts.AttributeAsked(owner, name)
        raise


def _replaced(owner: Record, keywords: dict[str, Any]) -> Record:
    held = dict(zip(owner.fields, owner, strict=True))
    return Record(tuple({**held, **keywords}[f] for f in owner.fields), owner.fields, owner.type_name)


def of_size(world: World, owner: Size, name: str) -> Any:
    if name == "numel":
        from shapelint import dims

        return Builtin("numel", lambda w, args, keywords: dims.product(owner))
    from shapelint.interp.host import builtins

    return builtins.method(world, tuple(owner), name)


def of_shape(world: World, owner: iterate.ShapeOf, name: str) -> Any:
    return Unknown(owner.box.why)
