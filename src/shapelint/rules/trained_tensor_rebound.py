"""SHP130 trained-tensor-rebound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.surroundings import file_lines
from shapelint.values import Site

_UPDATE = regex(
    r"(\s*)(?P<all>(?P<name>[A-Za-z_]\w*)\s*=\s*(?P=name)\s*-\s*[^=\n#]*?(?<![\w.])(?P=name)\.grad\b[^=\n#]*)"
)


class TrainedTensorRebound(Rule):
    """A training step by hand binds a name to the updated tensor, which is no leaf and has no gradient.

    Why
        `w = w - lr * w.grad` makes a new tensor. It is part of the graph and no leaf of it: `backward` leaves no gradient
        there, and the next turn finds `w.grad` to be None (under `torch.no_grad()` the new tensor needs no gradients at
        all, and it is `backward` that raises). What is trained is changed in place: `w -= lr * w.grad` under
        `torch.no_grad()`.

    Bad
        import torch

        x, y = torch.randn(50, 3), torch.randn(50)
        w = torch.zeros(3, requires_grad=True)
        for _ in range(20):
            loss = ((x @ w - y) ** 2).mean()
            loss.backward()
            w = w - 0.1 * w.grad  # warning: [trained-tensor-rebound]

    Good
        import torch

        x, y = torch.randn(50, 3), torch.randn(50)
        w = torch.zeros(3, requires_grad=True)
        for _ in range(20):
            loss = ((x @ w - y) ** 2).mean()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
                w.grad.zero_()
    """

    code = "SHP130"
    name = "trained-tensor-rebound"
    severity = "warning"  # what the name is bound to is read off the text
    listens = (facts.Called,)
    ops = ("torch.Tensor.backward",)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        told: set[Site] = set()
        seen: dict[Site, facts.Called] = {}
        for fact in said:
            if isinstance(fact, facts.Called) and fact.op == self.ops[0] and fact.site is not None:
                seen.setdefault(fact.site, fact)
        for site, call in seen.items():
            for place, name in _updates(site, context):
                if place in told:
                    continue
                told.add(place)
                found = self.report(
                    call,
                    f"{context.spelled(place, 50)} makes a new {name}, which is no leaf: in the next turn it has no gradient",
                    site=place,
                    trail=(TrailStep(site.path, site.line, site.column, context.spelled(site, 60)),),
                    fits=(f"{name} -= …, in place, under torch.no_grad()",),
                )
                if found is not None:
                    yield found


def _updates(backward: Site, context: Context) -> Iterable[tuple[Site, str]]:
    """The updates in the innermost loop around a backward that bind a name anew, and nothing there makes a leaf of it."""
    lines = file_lines(context, backward)
    head = _head_of(lines, backward.line - 1)
    if head is None or re.match(r"\s*(for|while)\b(?!.*\brange\(1\))", _code(lines[head])) is None:
        return
    last = head + 1
    while last < len(lines) and (
        not _code(lines[last]).strip() or _indent(_code(lines[last])) > _indent(_code(lines[head]))
    ):
        last += 1
    loop = [_code(line) for line in lines[head:last]]
    for number in range(backward.line, last):
        found = _UPDATE.fullmatch(loop[number - head].rstrip())
        if found is None:
            continue
        name = found["name"]
        others = "\n".join(line for i, line in enumerate(loop, head) if i != number)
        if re.search(
            rf"(?<![\w.]){name}\s*(=(?!=)|,[^=()]*=(?!=)|\.(requires_grad|retain_grad|detach_)|:=)|for\s+{name}\b",
            others,
        ):
            continue
        if re.search(r"\b(break|return)\b", others):
            continue
        start = len(found[1]) + 1
        yield Site(backward.path, number + 1, start, number + 1, start + len(found["all"])), name


def _head_of(lines: list[str], at: int) -> int | None:
    """The line that begins the innermost block around a line."""
    indent = _indent(_code(lines[at]))
    for i in range(at, -1, -1) if indent else ():
        line = _code(lines[i])
        if line.strip() and _indent(line) < indent and _is_head(line):
            return i
    return None


def _code(line: str) -> str:
    return line.partition("#")[0]


def _is_head(line: str) -> bool:
    """Whether a line begins a block that a statement may stand in; `with` and `if` are looked through."""
    return re.match(r"\s*(for|while|def|class|async)\b", line) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
