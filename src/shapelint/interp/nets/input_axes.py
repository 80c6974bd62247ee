"""A model's inputs with every axis a symbol, and the rank they usually have."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.interp.nets import module_tree
from shapelint.interp.world import World
from shapelint.shapes.strides import ROWS, Layout
from shapelint.values import Module, Tensor

_AXES = {2: ("B", "C"), 3: ("B", "T", "C"), 4: ("B", "C", "H", "W"), 5: ("B", "C", "D", "H", "W")}


def usual_rank(module: Module) -> int:
    """How many axes the input of such a network usually has, by the layers in it."""
    classes = dict.fromkeys([m.cls for _, m in module_tree.named_modules(module)])
    names = {base.name for cls in classes for base in cls.mro}
    for suffix, rank in (("3d", 5), ("2d", 4), ("1d", 3)):
        kinds = ("Conv", "MaxPool", "AvgPool") if rank == 3 else ("Conv", "MaxPool", "AvgPool", "BatchNorm")
        if any(
            name.endswith(suffix) and name.startswith(kinds) for name in names
        ):  # BatchNorm1d is at home on rows too
            return rank
    if names & {"RNN", "LSTM", "GRU", "MultiheadAttention", "TransformerEncoderLayer", "LayerNorm"}:
        return 3
    return 2


def followed(world: World, value: Any) -> Any:
    """A model's input with every axis a symbol that has the size seen as its witness; a tensor that goes into several models
    has the same symbols in all of them."""
    if not isinstance(value, Tensor) or not value.known or not value.shape or value.is_parameter:
        return value
    shape = value.shape
    names = _AXES.get(len(shape), ("B", *(f"n{i}" for i in range(1, len(shape)))))
    if all(not isinstance(d, int) for d in shape):
        return value
    held = world.inputs.get(id(value))
    if held is not None and held[1] == shape and held[2].layout is _rows(value):
        return held[2]
    made = value.with_shape(
        *(
            dims.symbol(n, low=0, witness=d) if isinstance(d, int) else d
            for n, d in zip(names, shape, strict=True)
        )
    )
    for slot in ("data", "made", "marks", "name", "requires_grad"):
        setattr(made, slot, getattr(value, slot))
    if made.made is not None:
        made.made = made.made._replace(given=None)  # the arguments tell of other sizes
    made.layout = _rows(value)
    world.inputs[id(value)] = (value, shape, made)
    return made


def _rows(value: Tensor) -> Layout:
    """The one layout that is the same whatever the sizes are: row after row."""
    return ROWS if value.layout is ROWS else None
