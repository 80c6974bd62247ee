"""SHP211 mean-has-no-indices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import before, given, step
from shapelint.rules.base import Context, Rule, shape, trail_of
from shapelint.values import Tensor

_PLAIN = frozenset("mean sum std var norm prod amax amin logsumexp argmax".split())


class MeanHasNoIndices(Rule):
    """`torch.mean(x, dim)[0]` takes the first mean: only max, min and the like give (values, indices).

    Why
        Copied from `torch.max(x, dim=0)[0]`, the `[0]` picks the first channel's mean, a single number. Written into a row
        that has room for all of them it fills the whole row.

    Bad
        import torch

        def pool(features, rows):
            pooled = features.new_zeros(rows, 16)
            for i in range(rows):
                pooled[i] = torch.mean(features, dim=0)[0]  # error: [mean-has-no-indices]
            return pooled

        pool(torch.randn(90, 16), 3)

    Good
        import torch

        def pool(features, rows):
            pooled = features.new_zeros(rows, 16)
            for i in range(rows):
                pooled[i] = torch.mean(features, dim=0) + torch.max(features, dim=0)[0]
            return pooled

        pool(torch.randn(90, 16), 3)
    """

    code = "SHP211"
    name = "mean-has-no-indices"
    listens = (facts.Called,)
    ops = ("torch.Tensor.__setitem__",)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        for fact in said:
            if isinstance(fact, facts.Called) and base_name(fact.op) == "__setitem__":
                found = self._judged(fact, context)
                if found is not None:
                    yield found

    def _judged(self, fact: Any, context: Context) -> Diagnostic | None:
        target, index, value = (fact.arguments.get(n) for n in ("input", "index", "value"))
        if not isinstance(value, Tensor) or not value.known or value.shape or value.after_failure:
            return None
        means = before(value)
        if step(value) != "__getitem__" or not _zero(given(value, "index")) or step(means) not in _PLAIN:
            return None
        if means is None or not means.known or means.rank != 1 or given(means, "dim") is None:
            return None
        if not isinstance(target, Tensor) or not target.known or not _is_row(index):
            return None
        room = target.shape[-1]
        if target.rank != 2 or (room is not means.shape[0] and room != means.shape[0]):
            return None
        place = value.made.site if value.made is not None else None
        message = (
            f"{context.spelled(place, 60)}: {step(means)} gives {shape(means.shape)} and no indices, "
            f"so [0] is its first number, "
            f"and fills a row of {room}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(means,))
        return self.report(fact, message, site=place, trail=trail_of(need, context), fits=("without [0]",))


def _zero(index: object) -> bool:
    return isinstance(index, int) and not isinstance(index, bool) and index == 0


def _is_row(index: object) -> bool:
    """Whether an index takes one row of a matrix."""
    parts = index if isinstance(index, tuple) else (index,)
    return (
        bool(parts) and not isinstance(parts[0], (slice, bool)) and all(p == slice(None) for p in parts[1:])
    )
