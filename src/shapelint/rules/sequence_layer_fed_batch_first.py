"""SHP207 sequence-layer-fed-batch-first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.axes import Axis, Lineage, lineage_of
from shapelint.rules.axes.batches import OPS, SEQUENCE_OPS, batch_first, batches, first_input
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import REDUCTIONS, older
from shapelint.rules.base import Context, Rule, entry_step, shape, short_name, size, trail_of
from shapelint.values import Module, Tensor

_FLATTENING = (
    "torch.flatten",
    "torch.nn.Flatten",
    "torch.Tensor.view",
    "torch.Tensor.reshape",
    "torch.reshape",
)
_FLATTENING_NAMES = frozenset(base_name(op) for op in _FLATTENING)
_REDUCING = tuple(f"torch.{n}" for n in ("mean", "sum", "max", "amax"))


class SequenceLayerFedBatchFirst(Rule):
    """A recurrent, attention or transformer layer without batch_first is given a batch-first tensor.

    Why
        These layers take axis 0 for time unless they are built with `batch_first=True`. Fed `(batch, time,
        features)`, they run along the samples: each prediction depends on the rest of the batch, and time steps never
        see one another. Sizes fit whatever they are. Said only where axis 0 is certainly the batch: a convolution or
        a batch-first layer took it as such, it comes from a data loader, or the program itself takes the last step or
        the mean along axis 1.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                layer = nn.TransformerEncoderLayer(16, 2, 32)
                self.encoder = nn.TransformerEncoder(layer, 1)
                self.head = nn.Linear(16, 1)

            def forward(self, x):
                x = self.encoder(x)  # error: [sequence-layer-fed-batch-first]
                return self.head(x[:, -1, :])

        Net()(torch.randn(32, 10, 16))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
                self.encoder = nn.TransformerEncoder(layer, 1)
                self.rnn = nn.GRU(16, 16)
                self.head = nn.Linear(16, 1)

            def forward(self, x):
                x = self.encoder(x)
                steps, _ = self.rnn(x.transpose(0, 1))
                return self.head(steps[-1])

        Net()(torch.randn(32, 10, 16))
    """

    code = "SHP207"
    name = "sequence-layer-fed-batch-first"
    listens = (facts.Called, facts.ModelCalled)
    ops = (*OPS, "torch.Tensor.__getitem__", *_REDUCING, *_FLATTENING)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        lineage = lineage_of(context)
        suspects: dict[Any, tuple[facts.Called, Tensor]] = {}
        for fact in said:
            if (
                isinstance(fact, facts.Called)
                and fact.op in SEQUENCE_OPS
                and batch_first(fact.layer) is False
            ):
                x = first_input(fact)
                if x is not None and x.rank == 3 and not x.after_failure and fact.model_call is not None:
                    if all((lineage.number(d) or 0) > 1 for d in x.shape[:2]):
                        suspects[fact.site] = (fact, x)
        if not suspects:
            return
        known = batches(said, context)
        for site, (fact, x) in suspects.items():
            first, second = lineage.axes(x)[:2]
            why = None
            if len(first) == 1 and first[0].key in known and not any(a.key in known for a in second):
                why = f"axis 0 of {shape(x.shape)} is the batch: {known[first[0].key]}"
            else:
                use = _used_as_time(said, fact, lineage, first, second, context)
                if use is not None:
                    why = f"`{context.spelled(use.site, 50)}` takes axis 1 of its output for time"
            if why is not None and site is not None:
                yield from self._tell(fact, x, why, context)

    def _tell(self, fact: facts.Called, x: Tensor, why: str, context: Context) -> Iterable[Diagnostic]:
        name = short_name(fact.op)
        verb = "runs" if fact.op.rsplit(".", 1)[-1] in ("RNN", "LSTM", "GRU") else "attends"
        message = f"{name} takes axis 0 for time, but {why}: it {verb} along the {size(x.shape[0])} samples"
        built = fact.layer.built_at if isinstance(fact.layer, Module) else None
        chosen = re.search(r"batch_first\s*=\s*False", context.spelled(built, 400)) is not None
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,), built=built)
        call = entry_step(fact)
        trail: list[TrailStep] = [*([call] if call else []), *trail_of(need, context)]
        found = self.report(
            fact, message, trail=trail, fits=("batch_first=True", "x.transpose(0, 1) before and after"),
            severity="info" if chosen else None,
        )  # fmt: skip
        if found is not None:
            yield found


def _used_as_time(
    said: Sequence[facts.Fact],
    fact: facts.Called,
    lineage: Lineage,
    first: Axis,
    second: Axis,
    context: Context,
) -> facts.Called | None:
    """A step behind the layer, in the same call of the model, that takes the last of axis 1 or reduces it and
    keeps axis 0."""
    made = {
        id(t)
        for t in _tensors(fact.result)
        if t.known and t.rank == 3 and (t.made is None or t.made.part in ((), (0,)))
    }
    for use in said:
        if (
            not isinstance(use, facts.Called)
            or use.order < fact.order
            or use.model_call is not fact.model_call
        ):
            continue
        x = use.arguments.get("input")
        if not isinstance(x, Tensor) or not x.known or x.rank != 3:
            continue
        name = base_name(use.op)
        if name == "__getitem__":
            if not _takes_one_step(use, context):
                continue
        elif name in _FLATTENING_NAMES:
            axes = lineage.axes(use.result) if isinstance(use.result, Tensor) and use.result.known else ()
            if len(axes) != 2 or axes[0] != first or axes[1][: len(second)] != second:
                continue
        elif name not in REDUCTIONS or use.arguments.get("dim") not in (1, -2):
            continue
        if lineage.axes(x)[:2] == (first, second) and any(id(t) in made for t in older(x, 40)):
            return use
    return None


def _takes_one_step(use: facts.Called, context: Context) -> bool:
    """`x[:, -1]`, and `x[:, 0]` where it is written so."""
    index = use.arguments.get("index")
    if not isinstance(index, tuple) or len(index) < 2 or index[0] != slice(None):
        return False
    at = index[1]
    if isinstance(at, bool) or not isinstance(at, int):
        return False
    return at == -1 or (
        at == 0 and re.search(r"\[\s*:\s*,\s*0\b", context.spelled(use.site, 200)) is not None
    )


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    return [t for part in value for t in _tensors(part)] if isinstance(value, tuple) else []
