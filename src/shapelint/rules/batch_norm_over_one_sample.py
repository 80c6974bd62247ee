"""SHP413 batch-norm-over-one-sample."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule, shape
from shapelint.rules.registered import parameters
from shapelint.rules.surroundings import file_text
from shapelint.values import Tensor

_NORMS = ("torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.BatchNorm3d", "torch.nn.SyncBatchNorm")


class BatchNormOverOneSample(Rule):
    """Batch norm is trained with batches of one sample.

    Why
        Every sample is then normalised by its own statistics, as instance norm does, and in evaluation by running
        statistics that fit none of them: a network that trains well predicts badly. Seen where every training step of a
        loader with `batch_size=1` runs a batch norm in training mode. GroupNorm does not depend on the batch.

    Bad
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8))  # warning: [batch-norm-over-one-sample]
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for (x,) in DataLoader(TensorDataset(torch.rand(6, 1, 8, 8)), batch_size=1):
            optimizer.zero_grad()
            model(x).mean().backward()
            optimizer.step()

    Good
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.GroupNorm(4, 8))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for (x,) in DataLoader(TensorDataset(torch.rand(6, 1, 8, 8)), batch_size=1):
            optimizer.zero_grad()
            model(x).mean().backward()
            optimizer.step()
    """

    code = "SHP413"
    name = "batch-norm-over-one-sample"
    severity = "warning"
    listens = (facts.Called, facts.OptimizerBuilt, facts.OptimizerUsed)
    ops = _NORMS

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        calls: dict[int, list[Any]] = {}
        for fact in said:
            if isinstance(fact, facts.Called) and fact.op in self.ops and fact.layer is not None:
                calls.setdefault(id(fact.layer), []).append(fact)
        models: set[int] = set()
        for seen in calls.values():
            first = seen[0]
            call = first.model_call
            if (
                call is None
                or id(call.module) in models
                or not all(map(_is_of_one, seen))
                or not _is_stepped(first, said)
            ):
                continue
            text = file_text(context, call.site)
            if first.layer.attrs.get("training") is False and call.module.attrs.get("training") is not False:
                continue  # frozen
            if re.search(r"accum|freeze|bn_eval|\.momentum\b", text, re.I) or not re.search(
                r"batch_size\s*=\s*1\b", text
            ):
                continue
            models.add(id(call.module))
            found = self._tell(first, call, context)
            if found is not None:
                yield found

    def _tell(self, fact: Any, call: Any, context: Context) -> Diagnostic | None:
        x = fact.arguments["input"]
        trail = []
        if call.site is not None:
            trail.append(
                TrailStep(call.site.path, call.site.line, call.site.column, context.spelled(call.site, 70))
            )
        message = (
            f"nn.{fact.layer.cls.name} is trained with batches of one sample: it is given {shape(x.shape)}"
        )
        return self.report(
            fact, message, site=fact.layer.built_at, trail=trail, fits=("nn.GroupNorm", "a larger batch_size")
        )


def _is_of_one(fact: Any) -> bool:
    """Whether a call normalises one sample (over its places) by its own statistics."""
    x = fact.arguments.get("input")
    return (
        isinstance(x, Tensor)
        and x.known
        and x.rank > 2
        and dims.witness(x.shape[0]) == 1
        and fact.layer.attrs.get("track_running_stats") is True
    )


def _is_stepped(fact: Any, said: Sequence[facts.Fact]) -> bool:
    """Whether an optimizer that has the layer's parameters steps again and again behind the call."""
    mine = {id(t) for t in parameters(fact.layer)}
    for built in said:
        if isinstance(built, facts.OptimizerBuilt) and mine & {id(t) for t in built.parameters or ()}:
            steps = [
                f
                for f in said
                if isinstance(f, facts.OptimizerUsed) and f.what == "step" and f.order > fact.order
            ]
            if any(f.optimizer is built.optimizer for f in steps):
                return True
    return False
