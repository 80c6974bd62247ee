"""SHP419 training-step-returns-nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.registered import built
from shapelint.rules.surroundings import function_around, speaks_of
from shapelint.values import Class, Function, Site

_LOSS = regex(r"^\s*(\w*loss\w*)\s*=[^=]", re.M | re.I)
_GIVES = regex(
    r"\breturn[ \t]+(?!None\b)[^\s#]|\byield\b|\braise\b|\bsuper\(|\bbackward\(|\bdef\b.*\n(?:.*\n)*?\s*def\b"
)
_BY_HAND = regex(r"automatic_optimization|manual_backward|\boptimizers\(")


class TrainingStepReturnsNothing(Rule):
    """A training_step of Lightning computes its loss and does not return it.

    Why
        The trainer calls `backward` on what `training_step` gives. Where that is None the batch is skipped with a warning:
        the loss is logged, the bar runs, and no weight ever changes.

    Bad
        import torch.nn.functional as F
        from torch import nn

        try:
            from lightning import LightningModule
        except ImportError:
            LightningModule = nn.Module

        class Net(LightningModule):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 3)

            def training_step(self, batch, index):  # warning: [training-step-returns-nothing]
                x, y = batch
                loss = F.cross_entropy(self.fc(x), y)
                self.log("loss", loss)

    Good
        import torch.nn.functional as F
        from torch import nn

        try:
            from lightning import LightningModule
        except ImportError:
            LightningModule = nn.Module

        class Net(LightningModule):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 3)

            def training_step(self, batch, index):
                x, y = batch
                loss = F.cross_entropy(self.fc(x), y)
                self.log("loss", loss)
                return loss
    """

    code = "SHP419"
    name = "training-step-returns-nothing"
    severity = "warning"  # what another class makes of it is not seen
    listens = (facts.ModuleBuilt,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        told: set[Class] = set()
        for fact in built(said, context):
            cls = fact.module.cls
            step = cls.attrs.get("training_step")
            if cls in told or not isinstance(step, Function) or not _is_lightning(cls):
                continue
            told.add(cls)
            file = step.globals.file
            at = getattr(step.node, "name_at", None)
            if file is None or at is None or speaks_of(context, file.path, _BY_HAND):
                continue
            site = Site(file.path, *at)
            around = function_around(context, site)
            loss = None if around is None or around.name != "training_step" else _lost(around.text)
            if loss is not None:
                message = f"training_step of {cls.name} does not return {loss}: Lightning skips the batch, and nothing is trained"
                found = self.report(fact, message, site=site, fits=(f"return {loss}",))
                if found is not None:
                    yield found


def _is_lightning(cls: Class) -> bool:
    return any(base.name == "LightningModule" or base.name.endswith(".LightningModule") for base in cls.mro)


def _lost(text: str) -> str | None:
    """The name of the loss that a method computes, where it gives back nothing."""
    bare = re.sub(r"#.*", "", text)
    loss = _LOSS.findall(bare)
    return loss[-1] if loss and _GIVES.search(bare) is None else None
