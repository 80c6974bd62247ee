"""SHP307 layer-overwritten."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.loops import Loop, loop_around
from shapelint.rules.registered import parameters
from shapelint.rules.surroundings import mentions
from shapelint.values import Module, Site


class LayerOverwritten(Rule):
    """A layer is assigned to an attribute that holds another layer, which nothing has used yet.

    Why
        `self.conv4` is built twice in a row: the first one is lost, and forward calls the second. Usually the line was
        copied and its number not changed. A loop that builds a layer in every turn and gives each the same name keeps the
        last one alone.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv1 = nn.Conv2d(3, 8, 3, stride=2)
                self.conv1 = nn.Conv2d(3, 8, 3)  # warning: [layer-overwritten]

            def forward(self, x):
                return self.conv1(x)

        Net()(torch.randn(1, 3, 16, 16))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv1 = nn.Conv2d(3, 8, 3, stride=2)
                self.conv2 = nn.Conv2d(8, 8, 3)

            def forward(self, x):
                return self.conv2(self.conv1(x))

        Net()(torch.randn(1, 3, 16, 16))
    """

    code = "SHP307"
    name = "layer-overwritten"
    severity = "warning"
    listens = (facts.LayerReplaced,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        first, second = fact.first, fact.second
        if (
            first is None
            or second is None
            or fact.old.history.called
            or fact.old.history.walked
            or fact.old.attrs is fact.new.attrs
        ):
            return None
        if first == second:
            return self._in_turns(fact, context)
        written = _straight_on(context, first, second, fact.name)
        if written is None or (fact.new.built_at is not None and fact.new.built_at.line < first.end_line):
            return None
        before, after = written
        matters = (before != after and not _holds_a_place(fact.old)) and (
            next(parameters(fact.old), None) is not None or next(parameters(fact.new), None) is not None
        )
        message = f"self.{fact.name} is assigned again: {before} is lost before anything has used it"
        step = TrailStep(first.path, first.line, first.column, f"lost: {context.line(first).strip()}"[:100])
        return self.report(
            fact,
            message,
            site=second,
            trail=(step,),
            fits=("a name of its own",),
            severity="warning" if matters else "info",
        )

    def _in_turns(self, fact: Any, context: Context) -> Diagnostic | None:
        """One statement that has built a layer again."""
        turns = loop_around(context, fact.second)
        if turns is None or next(parameters(fact.old), None) is None:
            return None
        if not _is_built_alone(turns, fact.name, fact.new.cls.name):
            return None
        message = f"self.{fact.name} is assigned again in every turn of `{turns.head}`: only the last {fact.new.cls.name} is kept"
        return self.report(fact, message, site=fact.second, fits=("a ModuleList that every turn appends to",))


# What may find a layer, or use it, without its name.
_OTHERWISE = regex(
    r"getattr|setattr|_modules|add_module|__dict__|\b(vars|locals|exec|eval)\(|children\(|modules\(|parameters\(|\.apply\(|"
    r"\b(break|return|yield|raise|try|if)\b"
)


def _is_built_alone(turns: Loop, name: str, kind: str) -> bool:
    """Whether a turn does nothing with the layer but build it: the attribute is named once, and no other method or function is
    given the module."""
    built = rf"(?m)^\s*self\.{re.escape(name)}\s*(?::[^=\n]*)?=\s*(?:\w+\.)*{re.escape(kind)}\("
    return (
        re.search(built, turns.body) is not None
        and mentions(turns.body, name) == 1
        and _OTHERWISE.search(turns.body) is None
        and re.search(r"\bself\b(?!\.)|\bself\.\w+\(|super\(", turns.body) is None
    )


def _holds_a_place(module: Module) -> bool:
    """Whether it is a container without layers: nothing is lost with it."""
    container = module.cls.qualname in _CONTAINERS
    return (
        container and not module.incomplete and not any(isinstance(v, Module) for v in module.attrs.values())
    )


_CONTAINERS = tuple(f"torch.nn.{kind}" for kind in ("Sequential", "ModuleList", "ModuleDict"))


def _straight_on(context: Context, first: Site, second: Site, name: str) -> tuple[str, str] | None:
    """Both right sides, when the second assignment follows the first in one block and nothing between them names the
    attribute."""
    file = context.sources(first.path)
    if (
        file is None
        or first.path != second.path
        or second.line <= first.line
        or first.column != second.column
    ):
        return None
    lines = file.lines[first.line - 1 : _end_of_statement(file.lines, second.line)]
    between = lines[1 : second.line - first.line]
    if any(
        line.strip() and len(line) - len(line.lstrip()) < first.column - 1 and line.strip()[0] not in ")]}"
        for line in between
    ):
        return None
    text = "\n".join(lines)
    if mentions(text, name) != 2 or re.search(r"getattr|_modules|\.children\(|\.apply\(|\blocals\(", text):
        return None
    head, tail = "\n".join(lines[: second.line - first.line]), "\n".join(lines[second.line - first.line :])
    before = re.match(rf"\s*self\.{re.escape(name)}\s*=\s*([^\n]*)", head)
    after = re.match(rf"\s*self\.{re.escape(name)}\s*=\s*([^\n]*)", tail)
    if before is None or after is None:
        return None
    return before.group(1).split("#")[0].strip(), after.group(1).split("#")[0].strip()


def _end_of_statement(lines: list[str], start: int) -> int:
    """The number of the last line of the statement that begins at line `start`, by its brackets."""
    depth = 0
    for at in range(start - 1, min(len(lines), start + 60)):
        depth += sum(lines[at].count(c) for c in "([{") - sum(lines[at].count(c) for c in ")]}")
        if depth <= 0:
            return at + 1
    return start
