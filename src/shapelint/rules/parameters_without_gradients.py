"""SHP417 parameters-without-gradients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.base import Context, Rule
from shapelint.rules.gradients import BACKWARD, COPIES, WRITES, has_other_ways, reached, writes
from shapelint.rules.losses import BCE, BCE_WITH_LOGITS, CROSS_ENTROPY, KL, NLL
from shapelint.rules.registered import parameters
from shapelint.rules.surroundings import file_lines, function_around
from shapelint.values import Module, Site, Tensor

_LOSSES = (
    *CROSS_ENTROPY, *NLL, *KL, *BCE, *BCE_WITH_LOGITS, "torch.nn.MSELoss", "torch.nn.functional.mse_loss", "torch.nn.L1Loss",
    "torch.nn.functional.l1_loss", "torch.nn.SmoothL1Loss", "torch.nn.functional.smooth_l1_loss", "torch.nn.HuberLoss",
)  # fmt: skip

# What is done with a loss and gives no gradients.
_HARMLESS = (
    r"{name}\s*\.\s*(item|detach|cpu|data|clone)\b|print\([^\n]*\b{name}\b|\+=\s*{name}\b|append\(\s*{name}\b|"
    r"float\(\s*{name}\b|\{{\s*{name}\b|\b{name}\s*=(?!=)|return\s+{name}\b"
)


class ParametersWithoutGradients(Rule):
    """An optimizer steps, and no `backward()` gives its parameters gradients.

    Why
        `step` follows the gradients that `backward` has left. Where nobody calls `backward`, where it is called on a loss that
        was cut off (`torch.tensor(losses, requires_grad=True)`, `loss.requires_grad_()` on what `detach` or `argmax` gave), or
        where the loss comes from another network than the optimizer's, the optimizer skips every parameter. Nothing raises,
        and nothing is learnt.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 3)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))
            optimizer.step()  # warning: [parameters-without-gradients]
            print(loss.item())

    Good
        import torch
        from torch import nn

        model = nn.Linear(8, 3)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))
            loss.backward()
            optimizer.step()
            print(loss.item())
    """

    code = "SHP417"
    name = "parameters-without-gradients"
    severity = "warning"  # other ways for gradients to come are judged by their names
    listens = (facts.OptimizerBuilt, facts.OptimizerUsed, facts.Called)
    ops = (BACKWARD, *_LOSSES, *WRITES)
    every_call = True  # the files they stand in are those that were seen

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        owned: dict[int, tuple[Tensor, ...] | None] = {}
        for fact in said:
            if isinstance(fact, facts.OptimizerBuilt):
                owned[id(fact.optimizer)] = fact.parameters
        steps = [f for f in said if isinstance(f, facts.OptimizerUsed) and f.what == "step"]
        backwards = [f for f in said if isinstance(f, facts.Called) and f.op == BACKWARD]
        if not steps or any(map(writes, said)) or not _all_seen(said, steps, backwards, context):
            return
        found_below = reached(backwards)
        told: set[int] = set()
        for step in steps:
            mine = owned.get(id(step.optimizer))
            if (
                not mine
                or found_below is None
                or id(step.optimizer) in told
                or not (step.certain and step.by_program)
            ):
                continue
            if any(not t.is_parameter or t.requires_grad is not True or id(t) in found_below for t in mine):
                continue
            told.add(id(step.optimizer))
            found = (
                self._learns_nothing(step, backwards, context)
                if backwards
                else self._forgotten(step, said, context)
            )
            if found is not None:
                yield found

    def _forgotten(
        self, step: facts.OptimizerUsed, said: Sequence[facts.Fact], context: Context
    ) -> Diagnostic | None:
        cleared = any(
            isinstance(f, facts.OptimizerUsed) and f.what == "zero_grad" and f.optimizer is step.optimizer
            for f in said
        )
        losses = [
            f.site
            for f in said
            if isinstance(f, facts.Called)
            and f.op in _LOSSES
            and f.order < step.order
            and isinstance(f.result, Tensor)
            and f.result.requires_grad is True
            and f.site is not None
            and _goes_nowhere(f.site, step.site, context)
        ]
        if not cleared or not losses:
            return None
        at = losses[-1]
        return self.report(
            step,
            f"{context.spelled(step.site, 40)} has no gradients to follow: nothing calls backward() on the loss of line {at.line}",
            trail=(TrailStep(at.path, at.line, at.column, context.spelled(at, 60)),),
            fits=("loss.backward() before it",),
        )

    def _learns_nothing(
        self, step: facts.OptimizerUsed, backwards: Sequence[facts.Called], context: Context
    ) -> Diagnostic | None:
        last = backwards[-1]
        at, loss = last.site, last.arguments.get("self")
        if at is None or not isinstance(loss, Tensor):
            return None
        cut = all(_is_leaf(t) for t in _losses(backwards))
        why = "which was cut off from them" if cut else "which was made without them"
        return self.report(
            step,
            f"{context.spelled(step.site, 40)} has no gradients to follow: backward() starts from a loss {why}",
            trail=(TrailStep(at.path, at.line, at.column, context.spelled(at, 60)),),
            fits=(
                "a loss that is computed from what the network gives, without detach(), item() or torch.tensor()",
            )
            if cut
            else ("an optimizer of the parameters that the loss is made from",),
        )


def _all_seen(
    said: Sequence[facts.Fact],
    steps: Sequence[facts.OptimizerUsed],
    backwards: Sequence[facts.Called],
    context: Context,
) -> bool:
    """Whether every way for gradients to come was followed: each `backward` in the files is a call that was seen."""
    seen = {(s.path, s.line) for f in backwards for s in (f.site, *f.stack) if s is not None}
    paths = {s.path for f in said for s in (f.site, *f.stack) if s is not None}
    for path in sorted(paths | {s.site.path for s in steps if s.site is not None}):
        file = context.sources(path)
        if file is None or has_other_ways(file.text):
            return False
        for number, line in enumerate(file.lines, 1):
            if "backward" in line.partition("#")[0] and (path, number) not in seen:
                return False
    return True


def _losses(backwards: Sequence[facts.Called]) -> Iterator[Tensor]:
    for fact in backwards:
        loss = fact.arguments.get("self")
        if isinstance(loss, Tensor):
            yield loss


def _is_leaf(loss: Tensor) -> bool:
    """Whether a loss needs gradients because the program asks for that, and not because of what it is made from."""
    at: Tensor | None = loss
    for _ in range(20):
        made = at.made if at is not None else None
        if made is None or base_name(made.op) in COPIES:
            return True
        learnt = [p for p in made.parents if isinstance(p, Tensor) and p.requires_grad is not False]
        if not learnt:
            return not (isinstance(made.layer, Module) and any(parameters(made.layer)))
        at = learnt[0] if len(learnt) == 1 else None
    return False


def _goes_nowhere(loss: Site, step: Site | None, context: Context) -> bool:
    """Whether a loss is given a name, and nothing behind it may take gradients of that."""
    around, other = function_around(context, loss), function_around(context, step)
    if step is None or loss.path != step.path or (around and around.first) != (other and other.first):
        return False
    lines = file_lines(context, loss)
    named = re.match(r"\s*(\w+)\s*=\s*", lines[loss.line - 1])
    if named is None or named.end() + 1 != loss.column:
        return False
    name = re.escape(named.group(1))
    last = around.last if around is not None else len(lines)
    harmless = re.compile(_HARMLESS.format(name=name))
    for line in lines[loss.end_line : last]:
        text = harmless.sub("", line.partition("#")[0])
        if re.search(rf"(?<![\w.'\"]){name}(?!\w)", text):
            return False
    return True
