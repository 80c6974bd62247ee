"""SHP304 tensor-left-behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic, Severity
from shapelint.rules.base import Context, Rule
from shapelint.rules.registered import built
from shapelint.rules.surroundings import class_around
from shapelint.values import Module, Site, Tensor


class TensorLeftBehind(Rule):
    """A plain tensor attribute that forward computes with: it is neither saved nor moved with the module.

    Why
        `state_dict()` and `.to(device)` know parameters and buffers only. A tensor that is a plain attribute keeps the values
        of the constructor after `load_state_dict`, and stays on the CPU when the module goes to a GPU.
        `register_buffer` (with `persistent=False` where it need not be saved) registers it. Reported as a warning where
        the program loads a state that such a tensor is missing from, else as information.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, mean):
                super().__init__()
                self.mean = torch.tensor(mean)  # warning: [tensor-left-behind]
                self.fc = nn.Linear(2, 2)

            def forward(self, x):
                return self.fc(x - self.mean)

        trained = Net([0.5, 0.4])
        fresh = Net([0.0, 0.0])
        fresh.load_state_dict(trained.state_dict())
        fresh(torch.randn(4, 2))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, mean):
                super().__init__()
                self.register_buffer("mean", torch.tensor(mean))
                self.fc = nn.Linear(2, 2)

            def forward(self, x):
                return self.fc(x - self.mean)

        trained = Net([0.5, 0.4])
        fresh = Net([0.0, 0.0])
        fresh.load_state_dict(trained.state_dict())
        fresh(torch.randn(4, 2))
    """

    code = "SHP304"
    name = "tensor-left-behind"
    severity = "info"
    listens = (facts.ModuleBuilt, facts.StateLoaded)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        loaded = {id(f.module) for f in said if isinstance(f, facts.StateLoaded)}
        modules: dict[Any, list[facts.ModuleBuilt]] = {}
        for fact in built(said, context):
            modules.setdefault(fact.module.cls, []).append(fact)
        for made in modules.values():
            for name, value in made[0].module.attrs.items():
                place = made[0].module.history.assigned.get(name)
                if (
                    place is None
                    or not _is_plain(made[0].module, name, value)
                    or not _is_used(context, name, place)
                ):
                    continue
                severity = self._severity([f.module for f in made], name, loaded)
                why = (
                    "load_state_dict does not restore it"
                    if severity == "warning"
                    else "it is not in state_dict()"
                )
                found = self.report(
                    made[0],
                    f"self.{name} is a plain tensor that forward computes with: {why}, and it is not moved with the module",
                    site=place,
                    fits=(f'self.register_buffer("{name}", …)',),
                    severity=severity,
                )
                if found is not None:
                    yield found

    def _severity(self, modules: list[Module], name: str, loaded: set[int]) -> Severity:
        """A warning where a module whose tensor has other contents than that of its twin loads the twin's state."""
        contents = {m.attrs[name].data for m in modules if _is_plain(m, name, m.attrs.get(name))}
        known = None not in contents and len(contents) > 1
        return "warning" if known and any(id(m) in loaded for m in modules) else "info"


def _is_plain(module: Module, name: str, value: Any) -> bool:
    return (
        isinstance(value, Tensor)
        and value.kind == "tensor"
        and name not in module.buffers
        and value.requires_grad is False
        and value.dtype in ("float32", "float64", "float16", "bfloat16")
        and value.made is not None
    )


def _is_used(context: Context, name: str, place: Site) -> bool:
    """Whether the class computes with the attribute elsewhere, and neither moves nor changes it."""
    around = class_around(context, place)
    if around is None:
        return False
    word = re.escape(name)
    uses = re.findall(rf"self\.{word}\b(?!\s*=[^=])[^\n]*", around.text)
    changes = re.findall(rf"self\.{word}\b\s*(?:\[[^\n]*\]\s*)?[-+*/|&@]?=[^=]", around.text)
    moved = re.search(rf"self\.{word}\b[^\n]*(\.to\(|\.type_as\(|\.cuda\(|\.device|new_tensor)", around.text)
    registered = re.search(rf"register_(buffer|parameter)\(\s*f?['\"]{word}", around.text)
    return bool(uses) and len(changes) == 1 and not moved and not registered and "_apply" not in around.text
