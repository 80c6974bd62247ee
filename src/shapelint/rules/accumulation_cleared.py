"""SHP423 accumulation-cleared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.surroundings import file_lines, function_around
from shapelint.values import Site


class AccumulationCleared(Rule):
    """Gradients are to pile up over several batches, and are cleared, or followed, at every one of them.

    Why
        With `loss = loss / k` and a step at every k-th batch, the gradients of k batches make one step. A `zero_grad` in every
        turn throws those of k - 1 batches away and leaves a k-th of the last one's; a `step` in every turn follows gradients
        that still hold those of the turns before. Both belong behind the same condition.

    Bad
        import torch
        from torch import nn

        model, k = nn.Linear(8, 1), 4
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for i in range(16):
            optimizer.zero_grad()  # warning: [accumulation-cleared]
            loss = model(torch.randn(2, 8)).mean() / k
            loss.backward()
            if (i + 1) % k == 0:
                optimizer.step()

    Good
        import torch
        from torch import nn

        model, k = nn.Linear(8, 1), 4
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for i in range(16):
            loss = model(torch.randn(2, 8)).mean() / k
            loss.backward()
            if (i + 1) % k == 0:
                optimizer.step()
                optimizer.zero_grad()
    """

    code = "SHP423"
    name = "accumulation-cleared"
    severity = "warning"  # what is meant is read from the division and the condition
    listens = (facts.OptimizerUsed, facts.Called)
    ops = ("torch.Tensor.backward",)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        backwards = {
            f.site
            for f in said
            if isinstance(f, facts.Called) and f.op == "torch.Tensor.backward" and f.site is not None
        }
        uses: dict[int, list[facts.OptimizerUsed]] = {}
        for fact in said:
            if isinstance(fact, facts.OptimizerUsed) and fact.site is not None:
                uses.setdefault(id(fact.optimizer), []).append(fact)
        if len(uses) != 1:
            return
        (of_one,) = uses.values()
        places: dict[tuple[str, Site], facts.OptimizerUsed] = {}
        for use in of_one:
            if use.site is not None:
                places.setdefault((use.what, use.site), use)
        steps = [u for (what, _), u in places.items() if what == "step"]
        clears = [u for (what, _), u in places.items() if what == "zero_grad"]
        for rare, often in ((steps, clears), (clears, steps)):
            behind = [u for u in rare if u.site and _condition(file_lines(context, u.site), u.site.line)]
            if len(behind) == 1 and often:
                found = self._judged(behind[0], rare, often, backwards, context)
                if found is not None:
                    yield found

    def _judged(
        self,
        rare: facts.OptimizerUsed,
        alike: Sequence[facts.OptimizerUsed],
        often: Sequence[facts.OptimizerUsed],
        backwards: set[Site],
        context: Context,
    ) -> Diagnostic | None:
        """`rare` stands behind a condition on every k-th turn; one of `often` in the same loop, and not behind it."""
        lines = file_lines(context, rare.site)
        assert rare.site is not None
        around = function_around(context, rare.site)
        if not lines or any(u.site is None or u.site.path != rare.site.path for u in (*alike, *often)):
            return None
        condition = _condition(lines, rare.site.line)
        if condition is None:
            return None
        head, every = condition
        loop = _loop(lines, head)
        if loop is None or (around is not None and loop < around.first):
            return None
        last = _end(lines, loop)
        own = [s for s in backwards if s.path == rare.site.path and loop < s.line <= last]
        body = _indent(lines[head - 1])
        if len(own) != 1 or _indent(lines[own[0].line - 1]) > body or not loop < own[0].line < head:
            return None
        if any(u is not rare and u.site is not None and loop < u.site.line <= last for u in alike):
            return None
        inside = [u for u in often if u.site is not None and loop < u.site.line <= last]
        if len(inside) != 1 or inside[0].site is None or _indent(lines[inside[0].site.line - 1]) != body:
            return None
        if head < inside[0].site.line <= _end(lines, head):
            return None
        name = re.escape(every)
        text = "\n".join(line.partition("#")[0] for line in lines[loop - 1 : own[0].line])
        divided = re.search(
            rf"(?m)^\s*\w*loss\w*\s*(?:/=\s*|=[^=\n]*/\s*){name}(?![\w.])|\(\s*\w*loss\w*\s*/\s*{name}\s*\)\.backward|"
            rf"\.scale\(\s*\w*loss\w*\s*/\s*{name}\s*\)", text,
        )  # fmt: skip
        if divided is None:
            return None
        use = inside[0]
        site = use.site
        assert site is not None
        call = context.spelled(site, 50)
        if use.what == "zero_grad":
            message = f"{call} clears the gradients at every turn, and the step comes at every {every}-th: those of the others are lost"
        else:
            message = (
                f"{call} follows the gradients at every turn, and they are cleared at every {every}-th only"
            )
        trail = [
            TrailStep(site.path, head, body + 1, lines[head - 1].strip()),
            TrailStep(site.path, rare.site.line, rare.site.column, context.spelled(rare.site, 60)),
        ]
        return self.report(
            use, message, trail=trail, fits=("step() and zero_grad() behind the same condition",)
        )


def _condition(lines: list[str], line: int) -> tuple[int, str] | None:
    """The line of the `if … % k == 0` that a line stands right behind, and k as it is written."""
    indent = _indent(lines[line - 1])
    for at in range(line - 1, 0, -1):
        text = lines[at - 1]
        if not text.strip() or _indent(text) >= indent:
            continue
        found = re.match(r"\s*if\b([^#\n]*):\s*(?:#.*)?$", text)
        counted = (
            re.fullmatch(
                r"[^%]*%\s*([\w.]+)\)?\s*==\s*(?:0|[\w.]+\s*-\s*1)\s*\)?(?:\s*or\b[^%]*)?\s*", found[1]
            )
            if found
            else None
        )
        return (at, counted[1]) if counted is not None else None
    return None


def _loop(lines: list[str], line: int) -> int | None:
    """The line of the loop whose body a line is in, at the same level as the rest of it."""
    indent = _indent(lines[line - 1])
    for at in range(line - 1, 0, -1):
        text = lines[at - 1]
        if text.strip() and _indent(text) < indent:
            return at if re.match(r"\s*(for|while)\b", text) else None
    return None


def _end(lines: list[str], head: int) -> int:
    """The last line of the block whose head is a line."""
    indent = _indent(lines[head - 1])
    last = head
    for at in range(head + 1, len(lines) + 1):
        if lines[at - 1].strip():
            if _indent(lines[at - 1]) <= indent:
                break
            last = at
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
