"""SHP324 zip-drops-layers."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import tree
from shapelint.rules.registered import trainable
from shapelint.rules.surroundings import Block, class_around, file_text, mentions
from shapelint.values import Module, Site


class ZipDropsLayers(Rule):
    """`zip` over two lists of layers of different lengths: the last layers of the longer one never run.

    Why
        zip ends with the shortest of what it is given, and says nothing. A list built one layer too long (or its companion one
        too short) leaves layers that nothing calls: they are saved and counted, and never trained. `strict=True` would raise.
        Where the class uses the longer list anywhere else, the last one may well be treated apart, and nothing is said.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.convs = nn.ModuleList([nn.Conv1d(8, 8, 3, padding=1) for _ in range(4)])
                self.norms = nn.ModuleList([nn.BatchNorm1d(8) for _ in range(3)])

            def forward(self, x):
                for conv, norm in zip(self.convs, self.norms):  # warning: [zip-drops-layers]
                    x = torch.relu(norm(conv(x)))
                return x

        Net()(torch.randn(2, 8, 16))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.convs = nn.ModuleList([nn.Conv1d(8, 8, 3, padding=1) for _ in range(4)])
                self.norms = nn.ModuleList([nn.BatchNorm1d(8) for _ in range(3)])

            def forward(self, x):
                for conv, norm in zip(self.convs, self.norms):
                    x = torch.relu(norm(conv(x)))
                return self.convs[-1](x)

        Net()(torch.randn(2, 8, 16))
    """

    code = "SHP324"
    name = "zip-drops-layers"
    severity = "warning"
    listens = (facts.LayersZipped,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        call, around = context.spelled(fact.site, 400), class_around(context, fact.site)
        names = _attributes(call)
        if fact.model_call is None or around is None or names is None or len(names) != len(fact.columns):
            return None
        rows = [(n, c) for n, c in zip(names, fact.columns, strict=True) if c is not None]
        if not all(name for name, _ in rows):
            return None
        short = next(name for name, layers in rows if len(layers) == fact.turns)
        for name, layers in rows:
            lost = layers[fact.turns :]
            if not lost or not all(_is_dead(layer, around, fact.site) for layer in lost):
                continue
            if not _is_used_here_alone(name, context, around, fact.site):
                continue
            count = "the last" if len(lost) == 1 else f"the last {len(lost)}"
            message = (
                f"{call} ends with the {fact.turns} layers of self.{short}: {count} of the {len(layers)} of self.{name} "
                f"never {'runs' if len(lost) == 1 else 'run'}"
            )
            return self.report(fact, message, fits=("lists of one length", "zip(…, strict=True)"))
        return None


def _attributes(call: str) -> Sequence[str] | None:
    """The attributes of `zip(self.a, self.b, …)`, "" for what is no such attribute; None where the text is no such call."""
    try:
        node = ast.parse(call.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
    if not isinstance(node, ast.Call) or any(isinstance(a, ast.Starred) for a in node.args):
        return None
    return [_own(a) for a in node.args]


def _own(node: ast.expr) -> str:
    own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr if own and isinstance(node, ast.Attribute) else ""


def _is_dead(layer: Module, around: Block, site: Site) -> bool:
    """Whether a layer learns, was built by the class itself, and is called by nobody."""
    place = layer.built_at
    return (
        trainable(layer)
        and place is not None
        and place.path == site.path
        and around.first <= place.line <= around.last
        and not any(inner.history.called or inner.hooks for inner in tree(layer))
    )


# What may come by a layer without naming its list.
_OTHERWISE = regex(
    r"getattr\(|__dict__|_modules\b|children\(|\.modules\(|get_submodule|__getattr__|\.apply\("
)


def _is_used_here_alone(name: str, context: Context, around: Block, site: Site) -> bool:
    """Whether the list is filled by the class, and named besides only in this one call."""
    text, rest = around.text, file_text(context, site)
    filled = len(
        re.findall(rf"self\.{name}\s*(?::[^=\n]*)?\+?=(?!=)|self\.{name}\.(?:append|extend)\(", text)
    )
    inherited = re.search(rf"class\s+\w+\([^)]*\b{around.name}\b", rest)
    by_others = re.search(rf"(?<!self)\.{name}\b", rest)
    return (
        mentions(re.sub(r"(?m)#.*$", "", text), name) == filled + 1
        and inherited is None
        and by_others is None
        and _OTHERWISE.search(text) is None
    )
