"""SHP316 layer-never-used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import tree
from shapelint.rules.registered import built, parameters
from shapelint.rules.surroundings import class_around, stands_once
from shapelint.values import Module


class LayerNeverUsed(Rule):
    """A layer with parameters that nothing calls, and whose name stands nowhere else in the file.

    Why
        It costs memory and is saved with the model, but takes no part. Only a hint: such layers are kept on purpose for
        checkpoints, for another training script or for subclasses in other files.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)
                self.spare = nn.Linear(8, 8)  # info: [layer-never-used]

            def forward(self, x):
                return self.fc(x)

        Net()(torch.randn(4, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                return self.fc(x)

        Net()(torch.randn(4, 8))
    """

    code = "SHP316"
    name = "layer-never-used"
    severity = "info"
    listens = (facts.ModuleBuilt,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        done: set[Any] = set()
        for fact in built(said, context):
            module = fact.module
            if module.cls in done or not module.history.called:
                continue
            done.add(module.cls)
            for name, value in module.attrs.items():
                place = module.history.assigned.get(name)
                if (
                    place is None
                    or not isinstance(value, Module)
                    or _is_called(value)
                    or next(parameters(value), None) is None
                ):
                    continue
                around = class_around(context, place)
                if around is None or re.search(r"getattr\(|__dict__|_modules\b|children\(", around.text):
                    continue
                if stands_once(context, place, name):
                    message = f"self.{name} is a {value.cls.name} that nothing calls"
                    found = self.report(fact, message, site=place)
                    if found is not None:
                        yield found


def _is_called(layer: Module) -> bool:
    return any(inner.history.called for inner in tree(layer))
