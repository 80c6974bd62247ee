"""Where axes go in layers."""

from __future__ import annotations

from shapelint.rules.axes.atoms import Atom, Axis
from shapelint.rules.axes.lineage import Axes, Law, Lineage, viewed
from shapelint.rules.axes.operations import _embedding, _kept, _linear, broadcast
from shapelint.values import Made, Module, Tensor

LAWS: dict[str, Law] = {}


def _put(names: str, law: Law) -> None:
    for name in names.split():
        LAWS[name] = law


def _recurrent(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """The output's features are directions times hidden; the last state is layers times directions, batch, hidden."""
    x = lineage.parent(made, "input")
    layer = made.layer
    if x is None or not isinstance(layer, Module) or x[0].rank != 3 or y.rank != 3:
        return None
    if made.part == (0,):
        return (*x[1][:2], lineage.own(y, 2, y.shape[2], "made"))
    batch = x[1][0 if layer.attrs.get("batch_first") is True else 1]
    states: Axis = lineage.own(y, 0, y.shape[0], "made")
    if layer.attrs.get("bidirectional") is True and isinstance(layer.attrs.get("num_layers"), int):
        states = (
            Atom((id(y), "layers"), layer.attrs["num_layers"], "made"),
            Atom((id(y), "directions"), 2, "made"),
        )
    return (states, batch, lineage.own(y, 2, y.shape[2], "made"))


def _multihead(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    q, k = lineage.parent(made, "query"), lineage.parent(made, "key")
    if q is None or k is None or not isinstance(made.layer, Module):
        return None
    if made.part == (0,):
        return (*q[1][:-1], lineage.own(y, y.rank - 1, y.shape[-1], "made"))
    time, batch = (1, 0) if made.layer.attrs.get("batch_first") is True else (0, 1)
    if y.rank != 3 or q[0].rank != 3:
        return None
    return (q[1][batch], q[1][time], k[1][time])


def _same(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """The axes of the sequence that goes through."""
    x = lineage.parent(made, "tgt", "src", "input")
    return x[1] if x is not None and x[0].rank == y.rank else None


def _flatten(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    return viewed(lineage, x[1], y) if x is not None else None


_put("LSTM GRU RNN", _recurrent)
_put("MultiheadAttention", _multihead)
_put(
    "TransformerEncoder TransformerEncoderLayer TransformerDecoder TransformerDecoderLayer Transformer", _same
)
_put("Linear NonDynamicallyQuantizableLinear", _linear)
_put("Embedding", _embedding)
_put("Flatten Unflatten", _flatten)
_put(
    "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d MaxPool1d MaxPool2d MaxPool3d "
    "AvgPool1d AvgPool2d "
    "AvgPool3d AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d "
    "Upsample PixelShuffle Unfold",
    _kept,
)
_put("MSELoss L1Loss SmoothL1Loss HuberLoss", broadcast)
