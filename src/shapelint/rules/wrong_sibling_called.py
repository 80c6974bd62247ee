"""SHP306 wrong-sibling-called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, Severity, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.registered import built, parameters
from shapelint.rules.surroundings import class_around, stands_once
from shapelint.values import Module

_NORMS = regex(r"(Batch|Layer|Group|Instance|RMS|Sync)\w*Norm\w*")


class WrongSiblingCalled(Rule):
    """A numbered layer is called several times while its twin is never used.

    Why
        `norm1`, `norm2` and `norm3` are built, and forward calls `norm1` three times: a copied line whose number was not
        changed. One layer gets the statistics and gradients of all stages, the others stay what they were at the start.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv1 = nn.Conv1d(3, 8, 1)
                self.conv2 = nn.Conv1d(8, 8, 1)
                self.norm1 = nn.BatchNorm1d(8)
                self.norm2 = nn.BatchNorm1d(8)

            def forward(self, x):
                x = self.norm1(self.conv1(x))
                return self.norm1(self.conv2(x))  # warning: [wrong-sibling-called]

        Net()(torch.randn(4, 3, 16))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv1 = nn.Conv1d(3, 8, 1)
                self.conv2 = nn.Conv1d(8, 8, 1)
                self.norm1 = nn.BatchNorm1d(8)
                self.norm2 = nn.BatchNorm1d(8)

            def forward(self, x):
                x = self.norm1(self.conv1(x))
                return self.norm2(self.conv2(x))

        Net()(torch.randn(4, 3, 16))
    """

    code = "SHP306"
    name = "wrong-sibling-called"
    severity = "warning"
    listens = (facts.ModuleBuilt,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        done: set[object] = set()
        for fact in built(said, context):
            if fact.module.cls in done:
                continue
            done.add(fact.module.cls)
            for names in _families(fact.module):
                found = self._judge(fact, names, context)
                if found is not None:
                    yield found

    def _judge(self, fact: facts.ModuleBuilt, names: list[str], context: Context) -> Diagnostic | None:
        module = fact.module
        layers = {n: module.attrs[n] for n in names}
        dead = [n for n in names if not layers[n].history.called and _is_unmentioned(context, module, n)]
        if not dead:
            return None
        for name in names:
            called = [s for s in layers[name].history.called if f".{name}" in context.spelled(s, 400)]
            twins = [d for d in dead if _twins(layers[name], layers[d])]
            if len(called) < 2 or not twins or len({s.path for s in called}) > 1:
                continue
            number = re.findall(r"\d+", twins[0])[-1]
            marked = [s for s in called[1:] if _names_number(context.spelled(s, 400), name, number)]
            sure = (
                marked
                or _NORMS.fullmatch(layers[name].cls.name)
                or _is_counted(layers, name, twins[0], context)
            )
            severity: Severity = "warning" if sure else "info"
            site = (marked or called[1:])[0]
            place = module.history.assigned[twins[0]]
            step = TrailStep(
                place.path, place.line, place.column, f"never used: {context.line(place).strip()}"[:100]
            )
            message = (
                f"self.{name} is called at {len(called)} places, and self.{' and self.'.join(twins)} never"
            )
            return self.report(
                fact, message, site=site, trail=(step,), fits=(f"self.{twins[0]}",), severity=severity
            )
        return None


def _is_counted(layers: dict[str, Module], name: str, twin: str, context: Context) -> bool:
    """Whether the layers are called one behind the other by their numbers, each once, but for the twin, in whose place the
    name stands again: conv1, conv2, conv2."""
    calls = sorted(
        {
            (s.line, s.column, n)
            for n, layer in layers.items()
            for s in layer.history.called
            if f".{n}" in context.spelled(s, 400)
        }
    )
    order = sorted(layers, key=lambda n: [int(d) for d in re.findall(r"\d+", n)])
    written = [n for _, _, n in calls]
    at = order.index(twin)
    return at > 0 and order[at - 1] == name and written == [*order[:at], name, *order[at + 1 :]]


def _families(module: Module) -> list[list[str]]:
    """Attributes that differ by a number only and hold layers with parameters."""
    stems: dict[str, list[str]] = {}
    for name, value in module.attrs.items():
        if isinstance(value, Module) and name in module.history.assigned and name not in module.hidden:
            if re.search(r"\d", name) and next(parameters(value), None) is not None:
                stems.setdefault(re.sub(r"\d+", "#", name), []).append(name)
    return [names for names in stems.values() if len(names) > 1]


def _twins(a: Module, b: Module) -> bool:
    """Whether two layers are of one class and one size."""
    if a.cls is not b.cls:
        return False
    first, second = list(parameters(a)), list(parameters(b))
    return len(first) == len(second) and all(
        x.known and y.known and x.shape == y.shape for x, y in zip(first, second, strict=True)
    )


def _is_unmentioned(context: Context, module: Module, name: str) -> bool:
    """Whether an attribute stands nowhere in its file but where it is assigned, and the class never asks for one by name."""
    place = module.history.assigned.get(name)
    around = class_around(context, place)
    if (
        place is None
        or around is None
        or re.search(r"getattr\(|__dict__|_modules\b|named_children|\.children\(", around.text)
    ):
        return False
    return stands_once(context, place, name)


def _names_number(text: str, name: str, number: str) -> bool:
    """Whether the call's arguments name another attribute with the twin's number: norm1(self.conv2(x))."""
    return any(number in re.findall(r"\d+", other) for other in re.findall(r"\.(\w+)", text) if other != name)
