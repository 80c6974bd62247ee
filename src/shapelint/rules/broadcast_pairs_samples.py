"""SHP203 broadcast-pairs-samples."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.dims import Sym
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.axes import Lineage, lineage_of
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import MOVES, behind, older, step
from shapelint.rules.base import Context, Rule, entry_step, shape, short_name, trail_of
from shapelint.values import Tensor

_ARITHMETIC = (
    "torch.add",
    "torch.sub",
    "torch.mul",
    "torch.div",
    "torch.pow",
    "torch.minimum",
    "torch.maximum",
    "torch.eq",
    "torch.ne",
    "torch.Tensor.add_",
    "torch.Tensor.sub_",
    "torch.Tensor.mul_",
    "torch.Tensor.div_",
)
_F = "torch.nn.functional."
_LOSSES = (
    f"{_F}mse_loss", f"{_F}l1_loss", f"{_F}smooth_l1_loss", f"{_F}huber_loss", "torch.nn.MSELoss", "torch.nn.L1Loss",
    "torch.nn.SmoothL1Loss", "torch.nn.HuberLoss",
)  # fmt: skip
_LOSS_NAMES = frozenset(base_name(op) for op in _LOSSES)
_ARITHMETIC_NAMES = frozenset(
    "add sub subtract mul multiply div divide true_divide minimum maximum eq ne".split()
)
_CHOICES = frozenset("max argmax topk min argmin pairwise_distance PairwiseDistance".split())
_CASTS = MOVES - frozenset(
    "view reshape unsqueeze expand __getitem__ transpose permute t T".split()
) | frozenset("mul add sub div squeeze pow clamp relu".split())
_TABLES = frozenset("arange linspace logspace eye range tril triu".split())


class BroadcastPairsSamples(Rule):
    """A column of the batch meets a vector of the batch: every sample is combined with every other.

    Why
        `(B, 1)` and `(B,)` do not line up: the vector becomes a row, and the result is a `(B, B)` table of all pairs.
        No error is raised, the mean of it is a number as always, and the network learns the mean of the targets. The
        column is most often the output of a `Linear(…, 1)`.

    Bad
        import torch
        import torch.nn.functional as F
        from torch import nn

        net = nn.Linear(8, 1)
        x, y = torch.randn(16, 8), torch.randn(16)
        loss = F.mse_loss(net(x), y)  # error: [broadcast-pairs-samples]

    Good
        import torch
        import torch.nn.functional as F
        from torch import nn

        net = nn.Linear(8, 1)
        x, y = torch.randn(16, 8), torch.randn(16)
        loss = F.mse_loss(net(x).squeeze(-1), y)
        pairs = y[:, None] - y[None, :]
    """

    code = "SHP203"
    name = "broadcast-pairs-samples"
    listens = (facts.Called,)
    ops = (*_ARITHMETIC, *_LOSSES)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        name = base_name(fact.op)
        loss = name in _LOSS_NAMES
        if not loss and name not in _ARITHMETIC_NAMES:
            return None
        given = fact.arguments
        a, b = given.get("input"), given.get("target" if loss else "other")
        if not isinstance(a, Tensor) or not isinstance(b, Tensor) or not a.known or not b.known:
            return None
        if a.after_failure or b.after_failure or a.rank == b.rank:
            return None
        high, low = (a, b) if a.rank > b.rank else (b, a)
        lineage = lineage_of(context)
        n = self._paired(lineage, high, low)
        if n is None:
            return None
        reduction = fact.layer.attrs.get("reduction") if fact.layer is not None else given.get("reduction")
        if loss:
            if reduction == "none" and _arranged(lineage, high, low):
                return None
        elif not self._by_mistake(lineage, high, low):
            return None
        rows = lineage.number(high.shape[0])
        what = "the loss compares" if loss else f"{short_name(fact.op)} combines"
        message = (
            f"{shape(a.shape)} meets {shape(b.shape)}: {what} each of the {rows} samples with every other"
        )
        step = TrailStep(
            fact.site.path, fact.site.line, fact.site.column, f"broadcast to {shape(_wide(high, low))}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(a, b))
        first = entry_step(fact)
        trail = [*([first] if first else []), *trail_of(need, context), step]
        return self.report(fact, message, trail=trail, fits=("squeeze(-1) on the column",))

    def _paired(self, lineage: Lineage, high: Tensor, low: Tensor) -> int | None:
        """How many samples both have along their first axes, when the vector's lies along an axis of size 1 of the
        other."""
        if not low.shape:
            return None
        n, rows = lineage.number(low.shape[0]), lineage.number(high.shape[0])
        across = lineage.number(high.shape[high.rank - low.rank])
        if n is None or n < 2 or n != rows or across != 1:
            return None
        rest = high.shape[high.rank - low.rank + 1 :]
        if any(
            lineage.number(p) != lineage.number(q) and 1 not in (lineage.number(p), lineage.number(q))
            for p, q in zip(rest, low.shape[1:], strict=True)
        ):
            return None
        return n

    def _by_mistake(self, lineage: Lineage, high: Tensor, low: Tensor) -> bool:
        """In arithmetic, all pairs may be wanted: then the column was made a column in so many words, or both sides are one
        tensor, or the vector is a table."""
        if low.rank != 1 or low.kind != "tensor" or high.kind != "tensor":
            return False
        if high.rank > 2:
            return _keeps_axes(lineage, high, low)
        rows, column = lineage.axes(high)
        (vector,) = lineage.axes(low)
        if _is_batch(high.shape[1]) and not any(step(t) in _TABLES for t in older(low, 12)):
            return behind(high, MOVES) is not behind(
                low, MOVES
            )  # a batch of one sample stands for all of them
        if not column or (
            column[0].kind not in ("made", "named") and step(behind(high, _CASTS)) not in _CHOICES
        ):
            return False
        symbolic = [isinstance(d, Sym) for d in (high.shape[0], low.shape[0])]
        if not any(symbolic) or any(a.kind == "foreign" for a in rows):
            return False
        if all(symbolic) and rows != vector and not (_is_batch(high.shape[0]) and _is_batch(low.shape[0])):
            return False
        if any(step(t) in _TABLES for t in older(low, 12)):
            return False
        left, right = behind(high, MOVES), behind(low, MOVES)
        return left is not right


def _keeps_axes(lineage: Lineage, high: Tensor, low: Tensor) -> bool:
    """Whether the one is a number for each sample that has kept its other axes, `[B, 1, 1, 1]`, and the other the vector of the
    same samples: nobody lays out pairs like that."""
    (vector,) = lineage.axes(low)
    return (
        all(lineage.number(size) == 1 for size in high.shape[1:])
        and lineage.axes(high)[0] == vector
        and len(vector) == 1
        and vector[0].kind != "foreign"
        and behind(high, MOVES) is not behind(low, MOVES)
    )


def _is_batch(size: object) -> bool:
    """Whether a size is the first axis of an input."""
    return isinstance(size, Sym) and size.as_symbol is not None and size.as_symbol.name == "B"


def _arranged(lineage: Lineage, high: Tensor, low: Tensor) -> bool:
    """Whether the axis of size 1 was put there in so many words."""
    axis = lineage.axes(high)[high.rank - low.rank]
    return not axis or axis[0].kind == "one"


def _wide(high: Tensor, low: Tensor) -> list[Any]:
    sizes = list(high.shape)
    sizes[high.rank - low.rank] = low.shape[0]
    return sizes
