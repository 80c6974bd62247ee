"""SHP420 softmax-over-heads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.equation import labels
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import behind, step
from shapelint.rules.base import Context, Rule, shape, short_name
from shapelint.rules.softmax_over_one_value import SOFTMAXES, axis_of
from shapelint.values import Made, Tensor

_PRODUCTS = ("torch.matmul", "torch.einsum")
_PRODUCT_NAMES = frozenset("matmul __matmul__ einsum".split())
# What leaves weights what they are, and what leaves scores scores, axis by axis.
_KEPT = frozenset("dropout Dropout masked_fill contiguous to float type_as type half double".split())
_ELEMENTWISE = _KEPT | frozenset("mul div add sub where clamp".split())


class SoftmaxOverHeads(Rule):
    """Attention weights are normalised over the heads, and the keys are summed with them.

    Why
        The weights of one query should sum to 1 over the keys, along which the product with the values sums. A softmax
        over the axis of the heads (axis 1 of `[batch, heads, queries, keys]`), or of the samples, shares each pair of
        places out among them instead: the output grows with the length of the sequence. Sizes fit whatever they are.

    Bad
        import torch
        from torch import nn

        class Attention(nn.Module):
            def __init__(self):
                super().__init__()
                self.q, self.k, self.v = nn.Linear(32, 32), nn.Linear(32, 32), nn.Linear(32, 32)

            def split(self, x):
                return x.view(x.size(0), x.size(1), 4, 8).transpose(1, 2)

            def forward(self, x):
                q, k, v = self.split(self.q(x)), self.split(self.k(x)), self.split(self.v(x))
                scores = q @ k.transpose(-2, -1) / 8**0.5
                weights = torch.softmax(scores, dim=1)  # warning: [softmax-over-heads]
                return (weights @ v).transpose(1, 2).flatten(2)

        Attention()(torch.randn(2, 10, 32))

    Good
        import torch
        from torch import nn

        class Attention(nn.Module):
            def __init__(self):
                super().__init__()
                self.q, self.k, self.v = nn.Linear(32, 32), nn.Linear(32, 32), nn.Linear(32, 32)

            def split(self, x):
                return x.view(x.size(0), x.size(1), 4, 8).transpose(1, 2)

            def forward(self, x):
                q, k, v = self.split(self.q(x)), self.split(self.k(x)), self.split(self.v(x))
                scores = q @ k.transpose(-2, -1) / 8**0.5
                weights = torch.softmax(scores, dim=-1)
                return (weights @ v).transpose(1, 2).flatten(2)

        Attention()(torch.randn(2, 10, 32))
    """

    code = "SHP420"
    name = "softmax-over-heads"
    severity = "warning"  # heads might be made to compete on purpose
    listens = (facts.Called,)
    ops = (*SOFTMAXES, *_PRODUCTS)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        softmaxes: dict[int, facts.Called] = {}
        for fact in said:
            if not isinstance(fact, facts.Called):
                continue
            if fact.op.lower().endswith("softmax"):
                softmaxes[id(fact.result)] = fact
            elif base_name(fact.op) in _PRODUCT_NAMES and softmaxes:
                found = self._of_product(fact, softmaxes, context)
                if found is not None:
                    yield found

    def _of_product(
        self, fact: facts.Called, softmaxes: dict[int, facts.Called], context: Context
    ) -> Diagnostic | None:
        """What a product of weights with values, axis by axis, says of the softmax that made the weights."""
        labelled = _labelled(fact)
        if labelled is None:
            return None
        number = lineage_of(context).number
        *sides, kept = labelled
        for (weights, own), (values, others) in (sides, sides[::-1]):
            softmax = softmaxes.get(id(behind(weights, _KEPT)))
            axis = axis_of(softmax) if softmax is not None else None
            if softmax is None or axis is None or own[axis] not in others or own[axis] not in kept:
                continue  # the axis is summed along, or the values are the same all along it
            scores = softmax.arguments["input"]
            summed = [i for i, label in enumerate(own) if label not in kept]
            if len(summed) != 1 or scores.rank != 4 or not _is_shared(scores, axis):
                continue
            many = number(scores.shape[axis])
            if many is None or many < 2 or many != number(values.shape[others.index(own[axis])]):
                continue
            if (number(scores.shape[summed[0]]) or 0) < 2:
                continue
            message = (
                f"{short_name(softmax.op)} over axis {axis} of {shape(scores.shape)}, but the product with the values sums "
                f"along axis {summed[0]}: the weights of a query do not sum to 1"
            )
            return self.report(softmax, message, fits=(f"dim={summed[0] - 4}",))
        return None


def _labelled(fact: Any) -> tuple[tuple[Tensor, str], tuple[Tensor, str], str] | None:
    """The two operands of a product of four axes each, a label an axis, and the labels of the result."""
    given: Mapping[str, Any] = (fact.given if isinstance(fact, Made) else fact.arguments) or {}
    if base_name(fact.op) == "einsum":
        args: Any = given.get("args", ())
        equation = labels(args[0], 2) if isinstance(args, tuple) and len(args) == 3 else None
        if equation is None:
            return None
        pair, ((left, right), kept) = args[1:], equation
    else:
        pair, left, right, kept = (
            (given.get("input"), given.get("other", given.get("mat2"))), "abij", "abjk", "abik",
        )  # fmt: skip
    a, b = pair
    if not isinstance(a, Tensor) or not isinstance(b, Tensor) or not a.known or not b.known:
        return None
    if (
        any(len(text) != 4 or len(set(text)) != 4 for text in (left, right, kept))
        or not a.rank == b.rank == 4
    ):
        return None
    return (a, left), (b, right), kept


def _is_shared(scores: Tensor, axis: int) -> bool:
    """Whether scores are products of queries with keys, which both have the axis."""
    at = behind(scores, _ELEMENTWISE)
    if at is None or at.made is None or step(at) not in _PRODUCT_NAMES:
        return False
    labelled = _labelled(at.made)
    if labelled is None:
        return False
    (_, queries), (_, keys), kept = labelled
    return kept[axis] in queries and kept[axis] in keys
