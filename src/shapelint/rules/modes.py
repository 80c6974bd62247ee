"""Training and evaluation: which layers do something else in the one than in the other, and what a loss learns from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapelint import facts
from shapelint.rules.axes.steps import older
from shapelint.values import Module, Tensor

_DROPOUTS = frozenset("Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout".split())
_NORMS = frozenset("BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm".split())


def tree(module: Module) -> Iterator[Module]:
    """A module and all below it, each once, also where one holds itself."""
    seen: set[int] = set()
    pending = [module]
    while pending:
        layer = pending.pop()
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        yield layer
        pending += [value for value in reversed(layer.attrs.values()) if isinstance(value, Module)]


def moody(module: Module) -> list[str]:
    """The names of the layers in a module for which the mode matters, each once; where the module is in training mode now, those
    that are not kept out of it."""
    found: dict[str, None] = {}
    for layer in tree(module):
        if module.attrs.get("training") is True and layer.attrs.get("training") is False:
            continue
        name = layer.cls.name
        if (name in _DROPOUTS and layer.attrs.get("p") != 0) or (
            name in _NORMS and layer.attrs.get("track_running_stats") is not False
        ):
            found[name] = None
    return list(found)


def learnt(said: Sequence[facts.Fact]) -> set[object]:
    """The steps that made what `backward()` was called on, and all they were made from, as `step_key` names them."""
    losses = [
        f.arguments.get("input", f.arguments.get("self"))
        for f in said
        if isinstance(f, facts.Called) and f.op == "torch.Tensor.backward"
    ]
    return {step_key(t) for loss in losses if isinstance(loss, Tensor) for t in older(loss, 200)} - {None}


def step_key(tensor: object) -> object:
    """The step that made a tensor, the same for the copy that a network is given of it; None where nothing made it."""
    made = tensor.made if isinstance(tensor, Tensor) else None
    return (made.op, made.site, *map(id, made.parents)) if made is not None and made.parents else None
