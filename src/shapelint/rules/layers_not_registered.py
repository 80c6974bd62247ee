"""SHP302 layers-not-registered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic, Severity, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import tree
from shapelint.rules.registered import built, held_parameters, listed, overrides, trainable
from shapelint.rules.surroundings import Block, class_around, file_text, mentions
from shapelint.values import Dict, Module, Site, Tensor

_WALKS = ("parameters", "named_parameters", "_apply", "state_dict", "__getattr__")


class LayersNotRegistered(Rule):
    """Layers in a plain list, dict or tuple of a module: nothing registers them.

    Why
        `parameters()` does not see what a plain list holds: the optimizer never updates these layers, `.to(device)` leaves
        them behind, `state_dict()` does not save them. `nn.ModuleList` and `nn.ModuleDict` register what they hold. (A
        module hidden in a list on purpose, such as a frozen teacher, is not meant.)

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = [nn.Linear(8, 8) for _ in range(3)]  # warning: [layers-not-registered]
                self.head = nn.Linear(8, 2)

            def forward(self, x):
                for layer in self.hidden:
                    x = torch.relu(layer(x))
                return self.head(x)

        Net()(torch.randn(4, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])
                self.head = nn.Linear(8, 2)

            def forward(self, x):
                for layer in self.hidden:
                    x = torch.relu(layer(x))
                return self.head(x)

        Net()(torch.randn(4, 8))
    """

    code = "SHP302"
    name = "layers-not-registered"
    severity = "warning"
    listens = (facts.ModuleBuilt, facts.OptimizerBuilt)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        held = held_parameters(said, context)
        for fact in built(said, context):
            module = fact.module
            if overrides(module, *_WALKS):
                continue
            for name, value in module.attrs.items():
                place = module.history.assigned.get(name)
                if place is None or isinstance(value, (Module, Tensor)):
                    continue
                found = self._judge(fact, name, value, place, held, context)
                if found is not None:
                    yield found

    def _judge(
        self, fact: facts.ModuleBuilt, name: str, value: Any, place: Site, held: set[int], context: Context
    ) -> Diagnostic | None:
        items = list({id(v): v for v in listed(value)}.values())
        layers = [v for v in items if isinstance(v, Module) and trainable(v) and not v.history.held]
        weights = [v for v in items if isinstance(v, Tensor) and v.is_parameter and not _is_held(v, held)]
        if not layers and not weights:
            return None
        around = class_around(context, place)
        everything = file_text(context, place)
        if around is None or _registered_elsewhere(everything, name):
            return None
        severity: Severity = "warning"
        if layers and not self._are_lost(layers, around, place, context):
            severity = "info"
        if not layers and (mentions(around.text, f"self.{name}") < 2 or _is_kept_by_hand(around.text, name)):
            severity = "info"
        what = f"{len(layers)} {_class_names(layers)}" if layers else f"{len(weights)} nn.Parameter"
        kind = "dict" if isinstance(value, Dict) else "tuple" if isinstance(value, tuple) else "list"
        instead = f"nn.{'Module' if layers else 'Parameter'}{'Dict' if kind == 'dict' else 'List'}"
        first = layers[0].built_at if layers else None
        trail = (
            [TrailStep(first.path, first.line, first.column, context.line(first).strip()[:100])]
            if first
            else []
        )
        message = f"self.{name} is a plain {kind} of {what}: parameters() does not see them, so they are never trained"
        return self.report(fact, message, site=place, trail=trail, fits=(instead,), severity=severity)

    def _are_lost(self, layers: list[Module], around: Block, place: Site, context: Context) -> bool:
        """Whether these layers were meant to be trained: built by the class itself, called, and neither alone between
        brackets, nor set to evaluation, nor asked for their parameters."""
        if len(layers) == 1 and _is_a_hiding_place(context.line(place)):
            return False
        if any(layer.history.walked or layer.attrs.get("training") is False for layer in layers):
            return False
        fresh = all(_is_fresh(layer, around.first, around.last, place) for layer in layers)
        return fresh and any(_is_called(layer) for layer in layers)


def _is_held(weight: Tensor, held: set[int]) -> bool:
    """Whether some module has registered a parameter, or may have: what stands for any of several is none of them itself."""
    return id(weight) in held or (weight.made is not None and weight.made.op == "either")


def _is_called(layer: Module) -> bool:
    """Whether the layer, or one inside it, was called."""
    return any(inner.history.called for inner in tree(layer))


def _class_names(layers: list[Module]) -> str:
    names = list(dict.fromkeys(layer.cls.name for layer in layers))
    return " and ".join(names) if len(names) < 3 else "layers"


def _is_a_hiding_place(line: str) -> bool:
    """`self.teacher = [teacher]`: one item written between brackets, no loop."""
    return re.search(r"=\s*[\[({]\s*[^\])}\s]", line) is not None and " for " not in line


def _is_fresh(layer: Module, first: int, last: int, place: Site) -> bool:
    """Whether a layer was built inside the class that lists it."""
    at = layer.built_at
    return at is not None and at.path == place.path and first <= at.line <= last and not layer.incomplete


def _is_kept_by_hand(text: str, name: str) -> bool:
    """Whether a class hands its listed parameters out, or works on gradients itself: others may train them."""
    handed = re.search(rf"\b(return|yield)\b[^\n]*\bself\.{re.escape(name)}\b", text)
    return handed is not None or re.search(r"\.grad\b", text) is not None


def _registered_elsewhere(text: str, name: str) -> bool:
    """Whether the text registers what the attribute holds, or takes its parameters, in code that was not reached."""
    word = re.escape(name)
    return (
        re.search(rf"(Sequential|ModuleList|ModuleDict|ParameterList|ParameterDict)\([^)\n]*\.{word}\b", text)
        is not None
        or re.search(
            rf"\.{word}\b[^\n]*(\n[^\n]*){{0,3}}(parameters\(|add_module|register_module|register_parameter)",
            text,
        )
        is not None
        or re.search(rf"(parameters\(|add_module|setattr\()[^\n]*\.{word}\b", text) is not None
    )
