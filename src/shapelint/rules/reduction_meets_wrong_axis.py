"""SHP204 reduction-meets-wrong-axis."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import REDUCTIONS, before, given, older, step
from shapelint.rules.base import Context, Rule, shape, size, trail_of
from shapelint.values import Tensor

_GUARDS = frozenset("add clamp clamp_min maximum clip where masked_fill nan_to_num float to".split())
_ROOTS = frozenset("sqrt rsqrt".split())
_SQUARES = frozenset("pow square mul".split())
_TURNS = frozenset("t T mT transpose permute swapaxes".split())


class ReductionMeetsWrongAxis(Rule):
    """Rows are divided by the sums of rows, but the sums lie along the columns.

    Why
        `a.sum(1)` of a square matrix is a vector with one number for each row. Without `keepdim=True` it broadcasts as one
        for each column: every column is divided by the sum of another row. Sizes are equal, so nothing raises.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def forward(self, x, adjacency):
                adjacency = adjacency / adjacency.sum(1)  # error: [reduction-meets-wrong-axis]
                return adjacency @ x

        Net()(torch.randn(12, 6), torch.rand(12, 12))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def forward(self, x, adjacency):
                adjacency = adjacency / adjacency.sum(1, keepdim=True)
                return adjacency / adjacency.sum(0) @ x

        Net()(torch.randn(12, 6), torch.rand(12, 12))
    """

    code = "SHP204"
    name = "reduction-meets-wrong-axis"
    listens = (facts.Called,)
    ops = (
        "torch.div",
        "torch.sub",
        "torch.mul",
        "torch.Tensor.div_",
        "torch.Tensor.sub_",
        "torch.Tensor.mul_",
    )

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        name = base_name(fact.op)
        if name not in ("div", "divide", "true_divide", "sub", "subtract", "mul", "multiply"):
            return None
        x, y = fact.arguments.get("input"), fact.arguments.get("other")
        if not isinstance(x, Tensor) or not isinstance(y, Tensor) or not x.known or not y.known:
            return None
        if x.after_failure or y.after_failure or y.rank >= x.rank or x.rank < 2 or not y.shape:
            return None
        reduced, inverted = _reduction(y)
        if inverted is not (name in ("mul", "multiply")):
            return None
        if reduced is None or given(reduced, "keepdim") is True:
            return None
        if name in ("sub", "subtract") and step(reduced) not in ("max", "amax", "min", "amin", "logsumexp"):
            return None  # a matrix less the means of its rows and columns is the centring of a symmetric one
        lineage = lineage_of(context)
        own, other = lineage.axes(x), lineage.axes(y)
        for back in range(1, y.rank + 1):
            a, b = own[-back], other[-back]
            n = lineage.number(y.shape[-back])
            if a == b or n is None or n < 2 or not a or not b or n != lineage.number(x.shape[-back]):
                continue
            if any(atom.kind == "foreign" for atom in (*a, *b)) or _symmetric(x):
                return None
            home = [i for i, axis in enumerate(own) if axis == b]
            if home:
                return self._tell(fact, x, y, reduced, home[0], x.rank - back, context)
        return None

    def _tell(
        self, fact: facts.Called, x: Tensor, y: Tensor, reduced: Tensor, home: int, met: int, context: Context
    ) -> Diagnostic | None:
        message = (
            f"{context.spelled(fact.site, 60)}: the {step(reduced)} over {shape(x.shape)} has one number for each of the "
            f"{size(y.shape[-1])} entries of axis {home}, but meets axis {met}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(y,))
        return self.report(fact, message, trail=trail_of(need, context), fits=("keepdim=True",))


def _reduction(tensor: Tensor) -> tuple[Tensor | None, bool]:
    """The reduction behind what only guards against zero, and whether a product with it is a quotient.

    The root of a mean of squares is a size; the root of a plain sum is half of D^-1/2 A D^-1/2, which meets both axes."""
    at: Tensor | None = tensor
    root = inverted = False
    for _ in range(6):
        name = step(at)
        if at is None or name in REDUCTIONS:
            return (at if not root or step(before(at)) in _SQUARES else None), inverted
        if name not in _GUARDS and name not in _ROOTS:
            return None, inverted
        root, inverted = root or name in _ROOTS, inverted or name == "rsqrt"
        at = before(at)
    return None, inverted


def _symmetric(x: Tensor) -> bool:
    """Whether a matrix was made of another and its transpose: then rows and columns have the same sums."""
    for at in older(x, 12):
        parents = [p for p in (at.made.parents if at.made is not None else ()) if isinstance(p, Tensor)]
        if len(parents) > 1 and any(step(p) in _TURNS for p in parents):
            return True
    return False
