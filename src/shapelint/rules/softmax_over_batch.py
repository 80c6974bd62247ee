"""SHP410 softmax-over-batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.steps import MOVES, behind, step
from shapelint.rules.base import Context, Rule, shape, short_name
from shapelint.rules.batch_axis import is_batch, time_major
from shapelint.rules.lineage import place, source, word
from shapelint.rules.losses import SCORES
from shapelint.rules.softmax_over_one_value import SOFTMAXES, axis_of
from shapelint.values import Tensor

_ELEMENTWISE = frozenset(
    "tanh Tanh relu ReLU sigmoid Sigmoid Linear linear add mul div sub Dropout dropout LayerNorm GELU gelu".split()
)
_PRODUCTS = ("torch.bmm", "torch.Tensor.bmm", "torch.matmul", "torch.Tensor.matmul")
_RECURRENT = ("torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU")


class SoftmaxOverBatch(Rule):
    """A softmax along the axis of the samples: they compete with one another.

    Why
        The classes of one sample do not sum to 1; each class is shared out over the batch instead, and a prediction depends
        on what else is in the batch. Seen where a network puts out `softmax(…, dim=0)` of its last layer's scores, where
        what a recurrent layer gives as `[time, batch, features]` is normalised along axis 1, and where weights that are
        normalised along axis 0 are multiplied sample by sample (`torch.bmm`, or `(weights * x).sum(1)`).

    Bad
        import torch
        from torch import nn

        model = nn.Sequential(
            nn.Linear(4, 2),
            nn.Softmax(dim=0),  # error: [softmax-over-batch]
        )
        model(torch.randn(32, 4))

    Good
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(4, 2), nn.Softmax(dim=1))
        model(torch.randn(32, 4))
    """

    code = "SHP410"
    name = "softmax-over-batch"
    listens = (facts.Called, facts.ModelCalled)
    ops = (*SOFTMAXES, *_PRODUCTS, "torch.sum")

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        calls = {
            id(f.result): f for f in said if isinstance(f, facts.Called) and f.op.lower().endswith("softmax")
        }
        for fact in said:
            found = None
            if isinstance(fact, facts.ModelCalled):
                last = source(fact.output)
                softmax = calls.get(id(last))
                if softmax is not None and softmax.model_call is not None:
                    found = self._of_output(fact, softmax)
            elif id(getattr(fact, "result", None)) in calls:
                found = self._of_recurrent(fact)
            elif isinstance(fact, facts.Called) and fact.op in _PRODUCTS:
                found = self._of_weights(fact, calls, context)
            elif isinstance(fact, facts.Called) and fact.law == "torch.sum":
                found = self._of_sum(fact, calls, context)
            if found is not None:
                yield found

    def _of_output(self, fact: facts.ModelCalled, softmax: Any) -> Diagnostic | None:
        """The whole network's output is a softmax along its input's first axis."""
        x, axis = softmax.arguments.get("input"), axis_of(softmax)
        before = source(x)
        if axis != 0 or x.rank != 2 or not is_batch(x.shape[0]) or before is None or before.made is None:
            return None
        if word(before.made.op) not in SCORES or not isinstance(x.shape[1], int) or x.shape[1] < 2:
            return None
        given = fact.inputs[0] if fact.inputs else None
        if (
            not isinstance(given, Tensor)
            or not given.known
            or given.rank < 2
            or time_major(softmax.model_call)
        ):
            return None
        if not dims.equal(given.shape[0], x.shape[0]).yes:
            return None
        op, classes = short_name(softmax.op), x.shape[1]
        message = f"{op} over axis 0 of {shape(x.shape)}: the samples of the batch compete, not the {classes} classes"
        return self.report(softmax, message, site=place(softmax.result.made), fits=("dim=1",))

    def _of_recurrent(self, softmax: Any) -> Diagnostic | None:
        """Axis 1 of what a recurrent layer without batch_first gives, or axis 0 with it."""
        x, axis = softmax.arguments.get("input"), axis_of(softmax)
        if axis is None or x.rank != 3:
            return None
        at: Any = x
        for _ in range(10):
            if not isinstance(at, Tensor) or at.made is None or not at.known or at.rank != 3:
                return None
            if at.made.op in _RECURRENT:
                break
            if word(at.made.op) not in _ELEMENTWISE or not at.made.parents:
                return None
            at = at.made.parents[0]
        made = at.made
        if made.op not in _RECURRENT or made.layer is None or made.part != (0,):
            return None
        first = made.layer.attrs.get("batch_first")
        if first is not False or axis != 1:
            return None
        message = (
            f"{short_name(softmax.op)} over axis 1 of {shape(x.shape)}: {short_name(made.op)} without batch_first gives "
            "[time, batch, features], so the samples of the batch compete"
        )
        return self.report(softmax, message, fits=("dim=0", "batch_first=True"))

    def _of_weights(
        self, fact: facts.Called, calls: dict[int, facts.Called], context: Context
    ) -> Diagnostic | None:
        """Weights normalised along axis 0, which a batched product then takes sample by sample: the axis that is summed over
        is another one."""
        a, b = fact.arguments.get("input"), fact.arguments.get("mat2", fact.arguments.get("other"))
        for weights, values, summed in ((a, b, -1), (b, a, -2)):
            if not isinstance(weights, Tensor) or not isinstance(values, Tensor):
                continue
            softmax = calls.get(id(behind(weights, MOVES)))
            if softmax is None or softmax.model_call is None or axis_of(softmax) != 0:
                continue
            x = softmax.arguments["input"]
            if (
                not (weights.known and values.known)
                or weights.rank != 3
                or values.rank != 3
                or x.rank not in (2, 3)
            ):
                continue
            lineage = lineage_of(context)
            samples, *rest = lineage.axes(x)
            own = lineage.axes(weights)
            many = lineage.number(x.shape[0])
            if own[0] != samples or own[summed] not in rest or many is None or many < 2:
                continue
            if (
                not is_batch(x.shape[0])
                or not is_batch(values.shape[0])
                or lineage.number(values.shape[0]) != many
            ):
                continue
            message = (
                f"{short_name(softmax.op)} over axis 0 of {shape(x.shape)}: the {many} samples of the batch compete; line "
                f"{fact.site.line if fact.site else 0} sums over axis {rest.index(own[summed]) + 1}"
            )
            return self.report(
                softmax, message, fits=(f"dim={rest.index(own[summed]) + 1}",), severity="warning"
            )
        return None

    def _of_sum(
        self, fact: facts.Called, calls: dict[int, facts.Called], context: Context
    ) -> Diagnostic | None:
        """Weights normalised along axis 0, with which a sum along another axis is weighted: `(weights * x).sum(1)`."""
        product, dim = fact.arguments.get("input"), fact.arguments.get("dim")
        summed = dim[0] if isinstance(dim, tuple) and len(dim) == 1 else dim
        if not isinstance(product, Tensor) or not product.known or step(product) != "mul":
            return None
        if isinstance(summed, bool) or not isinstance(summed, int) or product.rank < 2:
            return None
        summed %= product.rank
        factors = [p for p in product.made.parents if isinstance(p, Tensor)] if product.made else []
        for weights in factors if len(factors) == 2 and summed else ():
            softmax = calls.get(id(behind(weights, MOVES)))
            if softmax is None or softmax.model_call is None or axis_of(softmax) != 0:
                continue
            x, call = softmax.arguments["input"], softmax.model_call
            lineage = lineage_of(context)
            many = lineage.number(x.shape[0])
            if many is None or many < 2 or not is_batch(x.shape[0]) or time_major(call):
                continue
            samples, *rest = lineage.axes(x)
            own = lineage.axes(product)
            if own[0] != samples or own[summed] not in rest or samples in rest or _vector(call):
                continue
            axis = rest.index(own[summed]) + 1
            if (lineage.number(x.shape[axis]) or 0) < 2:
                continue
            message = (
                f"{short_name(softmax.op)} over axis 0 of {shape(x.shape)}: the {many} samples of the batch compete; the sum "
                f"that these weights are for runs along axis {axis}"
            )
            return self.report(softmax, message, fits=(f"dim={axis}",), severity="warning")
        return None


def _vector(call: Any) -> bool:
    """Whether a model is given something without a batch: a single vector, or nothing that is known."""
    given = call.inputs[0] if call.inputs else None
    return not isinstance(given, Tensor) or not given.known or given.rank < 2
