"""SHP322 head-never-runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import tree
from shapelint.rules.registered import parameters
from shapelint.rules.surroundings import file_text, mentions, speaks_of
from shapelint.values import Module, Site, Tensor

# What is asked of a layer without running it.
_ASKED = r"parameters|named_parameters|weight|bias|in_features|out_features|requires_grad_|to|cuda|train|eval|state_dict"
# Other ways to a layer than by its name.
_BY_OTHER_WAYS = regex(
    r"getattr\(|_modules\b|\.(?:named_)?(?:children|modules)\(|__dict__|forward_hook|\.forward\s*=|\.apply\("
)


class HeadNeverRuns(Rule):
    """A layer is put into a finished network under a name that its forward does not know.

    Why
        `model.fc = nn.Linear(512, 5)` replaces the head of a ResNet. A VGG calls its head `classifier`, other networks
        `head`: there the line makes a layer that nothing calls, the network still gives its thousand classes, and no error
        is raised. Told where the network is called afterwards and the name stands nowhere else.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(nn.Linear(8, 16), nn.ReLU())
                self.classifier = nn.Linear(16, 1000)

            def forward(self, x):
                return self.classifier(self.body(x))

        model = Net()
        model.fc = nn.Linear(16, 5)  # warning: [head-never-runs]
        scores = model(torch.randn(4, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(nn.Linear(8, 16), nn.ReLU())
                self.classifier = nn.Linear(16, 1000)

            def forward(self, x):
                return self.classifier(self.body(x))

        model = Net()
        model.classifier = nn.Linear(16, 5)
        scores = model(torch.randn(4, 8))
    """

    code = "SHP322"
    name = "head-never-runs"
    severity = "warning"  # what becomes of the network in other files is not seen
    listens = (facts.ModelCalled,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        done: set[int] = set()
        for fact in said:
            if not isinstance(fact, facts.ModelCalled) or not (fact.by_program and fact.certain):
                continue
            model = fact.module
            if id(model) in done or model.cls.node is None or model.incomplete:
                continue
            done.add(id(model))
            if not isinstance(fact.output, Tensor) or fact.output.after_failure:
                continue
            for name, layer in model.attrs.items():
                place = model.history.assigned.get(name)
                if place is None or not isinstance(layer, Module) or _is_called(layer):
                    continue
                owner = _owner(context, place, name)
                if owner is None or next(parameters(layer), None) is None:
                    continue
                if not self._is_unknown(context, model, place, name):
                    continue
                found = self._tell(fact, model, layer, place, f"{owner}.{name}", owner)
                if found is not None:
                    yield found

    def _is_unknown(self, context: Context, model: Module, place: Site, name: str) -> bool:
        """Whether the name stands nowhere but in that line, and where something is asked of the layer without running it."""
        if speaks_of(context, place, _BY_OTHER_WAYS):
            return False
        for cls in model.cls.mro:
            file = cls.namespace.file if cls.namespace is not None else None
            if file is not None and file.path != place.path:
                if re.search(rf"""[.'"]{re.escape(name)}\b""", file.text):
                    return False
        text = re.sub(r"#.*", "", file_text(context, place))
        text = re.sub(rf"\.{re.escape(name)}\.(?:{_ASKED})\b", "", text)
        return mentions(text, name) == 1

    def _tell(
        self, fact: facts.ModelCalled, model: Module, layer: Module, place: Site, spelled: str, owner: str
    ) -> Diagnostic | None:
        heads = [n for n, v in model.attrs.items() if isinstance(v, Module) and _is_called(v) and _learns(v)]
        message = f"{spelled}: the forward of {model.cls.name} never calls it, and this {layer.cls.name} changes nothing"
        return self.report(fact, message, site=place, fits=[f"{owner}.{n}" for n in heads[-1:]])


def _learns(module: Module) -> bool:
    return next(parameters(module), None) is not None


def _is_called(layer: Module) -> bool:
    return any(inner.history.called for inner in tree(layer))


def _owner(context: Context, place: Site, name: str) -> str | None:
    """What stands before the name, where a line gives it a value from outside of the class."""
    found = re.match(rf"\s*([A-Za-z_][\w.]*)\.{re.escape(name)}\s*=(?!=)", context.line(place))
    return None if found is None or found.group(1).split(".")[0] in ("self", "cls") else found.group(1)
