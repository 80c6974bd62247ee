"""torch.utils.tensorboard and the like: what is written goes outside; a graph is drawn by calling the model."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.library.torch_classes import argument, give, itself, nothing, plain_class
from shapelint.interp.world import World
from shapelint.values import List, Module, Unknown


def _add_graph(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """add_graph(model, input_to_model): the model is called."""
    model, given = argument(args, keywords, 1, "model"), argument(args, keywords, 2, "input_to_model")
    if isinstance(model, Module) and given is not None:
        inputs = (
            given if isinstance(given, tuple) else tuple(given.items) if isinstance(given, List) else (given,)
        )
        calls.call(world, model, inputs, {})


WRITER = plain_class(
    "torch.utils.tensorboard.SummaryWriter",
    "torch.utils.tensorboard.writer.SummaryWriter",
    "tensorboardX.SummaryWriter",
    __init__=nothing,
    __enter__=itself,
    __exit__=nothing,
    add_graph=_add_graph,
)
_WRITTEN = (
    "add_scalar add_scalars add_histogram add_image add_images add_figure add_text add_hparams add_embedding "
    "add_pr_curve add_video add_audio add_mesh add_custom_scalars flush close"
)
give(WRITER, **dict.fromkeys(_WRITTEN.split(), nothing))
WRITER.unknown_base = Unknown("a writer of reports", plain=True)
