"""SHP214 squeeze-drops-batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import MOVES, behind, given, older
from shapelint.rules.base import Context, Rule, entry_step, shape, trail_of
from shapelint.rules.batch_axis import is_batch
from shapelint.values import Tensor

_TAKES_ROWS = ("torch.select", "torch.Tensor.select", "torch.Tensor.__getitem__", "torch.unbind")


class SqueezeDropsBatch(Rule):
    """`squeeze()` without `dim` takes the batch axis away too, when there is one sample.

    Why
        For a batch of one, `x.squeeze()` of `(1, 32, 1, 1)` is `(32,)`, and who loops over the result gets 32 numbers
        in place of one vector. The last, shorter batch of a loader is enough. A warning where the program does loop
        over such a result or index it; where only the axis is lost, information.

    Bad
        import torch
        from torch import nn

        class Embed(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3)
                self.pool = nn.AdaptiveAvgPool2d(1)

            def forward(self, x):
                x = self.pool(self.conv(x))
                return x.squeeze()  # warning: [squeeze-drops-batch]

        for vector in Embed()(torch.rand(1, 3, 40, 40)):
            print(vector.shape)

    Good
        import torch
        from torch import nn

        class Embed(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3)
                self.pool = nn.AdaptiveAvgPool2d(1)

            def forward(self, x):
                x = self.pool(self.conv(x))
                return x.flatten(1)

        for vector in Embed()(torch.rand(1, 3, 40, 40)):
            print(vector.shape)
    """

    code = "SHP214"
    name = "squeeze-drops-batch"
    severity = "warning"
    listens = (facts.Called,)
    ops = ("torch.squeeze", "torch.Tensor.squeeze", *_TAKES_ROWS)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        found: dict[Any, list[facts.Called]] = {}
        taken: dict[int, facts.Called] = {}
        for fact in said:
            if not isinstance(fact, facts.Called):
                continue
            if fact.op in _TAKES_ROWS and fact.model_call is None:
                x = fact.arguments.get("input")
                source = behind(x, MOVES) if isinstance(x, Tensor) else None
                for tensor in (x, source):
                    if tensor is not None:
                        taken.setdefault(id(tensor), fact)
            elif base_name(fact.op) == "squeeze" and _drops(fact, context):
                found.setdefault(fact.site, []).append(fact)
        for many in found.values():
            fact = next((f for f in many if id(f.model_call.output) in taken), many[0])
            diagnostic = self._tell(fact, taken.get(id(fact.model_call.output)), context)
            if diagnostic is not None:
                yield diagnostic

    def _tell(self, fact: facts.Called, use: facts.Called | None, context: Context) -> Diagnostic | None:
        x = fact.arguments["input"]
        message = (
            f"{context.spelled(fact.site, 50)} takes the batch axis away with the others: {shape(x.shape)} becomes "
            f"{shape(fact.result.shape)}"
        )
        if use is not None and use.site is not None:
            message += f", and line {use.site.line} takes rows of that for samples"
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,))
        call = entry_step(fact)
        trail = [*([call] if call else []), *trail_of(need, context)]
        if use is not None and use.site is not None:
            text = f"rows are taken here: {context.spelled(use.site, 60)}"
            trail.append(TrailStep(use.site.path, use.site.line, use.site.column, text))
        return self.report(
            fact,
            message,
            trail=trail,
            fits=("flatten(1)", "squeeze(dim)"),
            severity=None if use is not None else "info",
        )


def _drops(fact: facts.Called, context: Context) -> bool:
    """Whether a squeeze of everything in a model takes its batch of one, and what the model gives has lost it."""
    x, y = fact.arguments.get("input"), fact.result
    if (
        fact.model_call is None
        or not isinstance(x, Tensor)
        or not isinstance(y, Tensor)
        or not x.known
        or not y.known
    ):
        return False
    if (
        fact.arguments.get("dim") is not None
        or given(y, "dim") is not None
        or x.rank < 2
        or x.after_failure
        or not y.shape
    ):
        return False
    number = lineage_of(context).number
    if not is_batch(x.shape[0]) or number(x.shape[0]) != 1 or any(is_batch(d) for d in y.shape):
        return False
    return _lost_at_the_end(fact.model_call.output, y)


def _lost_at_the_end(output: object, squeezed: Tensor) -> bool:
    """Whether what a model gives is the squeezed tensor, or was made from it without an axis for the samples."""
    if output is squeezed:
        return True
    if not isinstance(output, Tensor) or not output.known or output.rank != squeezed.rank:
        return False
    return not any(is_batch(d) for d in output.shape) and any(t is squeezed for t in older(output))
