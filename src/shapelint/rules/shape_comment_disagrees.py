"""SHP501 shape-comment-disagrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Dim, Sym
from shapelint.records import dataclass
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.steps import older
from shapelint.rules.base import Context, Rule, shape, trail_of
from shapelint.values import Module, Site, Tensor


@dataclass(slots=True)
class _Check:
    """One stated size against the one that is there."""

    fact: facts.Assigned
    axis: int
    stated: int
    text: str
    actual: int
    open: bool  # it depends on the size of the input
    named: bool  # stated through names of the program
    literal: bool  # the layer that made the axis has the number in its own constructor call

    @property
    def holds(self) -> bool:
        return self.stated == self.actual


class ShapeCommentDisagrees(Rule):
    """A comment states a shape that the value on its line does not have.

    Why
        Comments about shapes are what the next reader builds on, and they go stale silently. The comment is compared with
        the shape that follows from the code: numbers, and names that are bound in the program (`n_hidden`). Names of axes
        (`B`, `batch`, `seq_len`) are taken as given. Sizes that depend on the input's are only compared where other
        comments of the same function agree with the input at hand.

    Bad
        import torch
        from torch import nn

        n_hidden = 5

        class Tagger(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(7, n_hidden, bidirectional=True)

            def forward(self, x):
                out, _ = self.lstm(x)  # [n_step, batch, 2 * n_hidden]
                last = out[-1]  # [batch, n_hidden]  # warning: [shape-comment-disagrees]
                return last

        Tagger()(torch.randn(6, 3, 7))

    Good
        import torch
        from torch import nn

        n_hidden = 5

        class Tagger(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(7, n_hidden, bidirectional=True)

            def forward(self, x):
                out, _ = self.lstm(x)  # [n_step, batch, 2 * n_hidden]
                last = out[-1]  # [batch, 2 * n_hidden]
                return last

        Tagger()(torch.randn(6, 3, 7))
    """

    code = "SHP501"
    name = "shape-comment-disagrees"
    severity = "warning"
    listens = (facts.Assigned,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        groups: dict[tuple[Any, ...], list[_Check]] = {}
        for fact in said:
            if isinstance(fact, facts.Assigned) and fact.comment is not None and fact.site is not None:
                key = (fact.site.path, fact.function, id(fact.model_call))
                groups.setdefault(key, []).extend(_checks(fact, context))
        found: dict[Site, list[Diagnostic | None]] = {}
        for checks in groups.values():
            wrong = {c.fact.site: c for c in checks if not c.holds and c.fact.site is not None}
            for site, check in wrong.items():
                told = self._tell(check, context) if _certain(check, checks, context) else None
                found.setdefault(site, []).append(told)
            for site in {c.fact.site for c in checks if c.fact.site is not None} - set(wrong):
                found.setdefault(site, []).append(None)
        for several in found.values():
            if several[0] is not None and all(d is not None for d in several):
                yield several[0]

    def _tell(self, check: _Check, context: Context) -> Diagnostic | None:
        fact = check.fact
        stated = check.text if check.text.isdigit() else f"{check.text} = {check.stated}"
        message = (
            f"the comment says {', '.join(fact.comment.sizes)}: axis {check.axis} would be {stated}, it is {check.actual} "
            f"in {shape(fact.value.shape)}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(fact.value,))
        return self.report(fact, message, trail=trail_of(need, context))


def _checks(fact: facts.Assigned, context: Context) -> list[_Check]:
    """What the comment says of each axis that can be compared; nothing where it is not certain what it speaks of."""
    value, stated = fact.value, fact.comment
    if not isinstance(value, Tensor) or not value.known or value.after_failure:
        return []
    subject = stated.subject
    if subject is not None and subject != fact.name and subject not in context.spelled(fact.site, 200):
        return []
    first = value.rank - len(stated.sizes)
    if first not in (0, 1) or (first == 1 and value.rank < 3):
        return []
    if first == 1 and not all(s.isdigit() for s in stated.sizes):
        return []
    number = lineage_of(context).number
    checks = []
    for axis, text in enumerate(stated.sizes, first):
        dim = value.shape[axis]
        wanted, named = _read(text, fact.names)
        actual = dims.witness(dim) if isinstance(dim, Sym) else number(dim)
        if wanted is None or actual is None or (axis == 0 and not isinstance(dim, int)):
            continue
        checks.append(
            _Check(
                fact,
                axis,
                wanted,
                text,
                actual,
                isinstance(dim, Sym),
                named,
                _literal(value, axis, actual, context),
            )
        )
    return checks


def _read(text: str, names: dict[str, Any]) -> tuple[int | None, bool]:
    """The number a stated size is, and whether it was read through names; None where a name is not the program's own."""
    used: list[str] = []

    def bound(word: str) -> Dim:
        used.append(word)
        found = names.get(word)
        if not isinstance(found, (int, Sym)) or not _particular(word):
            raise ValueError(word)
        return found

    try:
        return dims.witness(dims.parse(text, bound)), bool(used)
    except (ValueError, ZeroDivisionError, dims.Undetermined):
        return None, bool(used)


def _particular(word: str) -> bool:
    """Whether a name is one somebody made up for a size, not a word for an axis (`B`, `h`, `channels`, `seq_len`)."""
    if word.startswith(
        ("batch", "self.batch", "seq", "n_step", "num_step", "time", "len", "max_", "bs", "step")
    ):
        return False
    return "_" in word.removeprefix("self.") or word.startswith("self.")


def _literal(value: Tensor, axis: int, actual: int, context: Context) -> bool:
    """Whether the layer that made an axis has its size written in its constructor: then it is so for every input and every
    configuration."""
    atoms = lineage_of(context).axes(value)[axis]
    for at in older(value, 30):
        layer = at.made.layer if at.made is not None else None
        if isinstance(layer, Module) and at.known and any(atoms == a for a in lineage_of(context).axes(at)):
            if layer.cls.name.startswith(("Linear", "Conv", "Embedding", "LSTM", "GRU", "RNN")):
                text = context.spelled(layer.built_at, 300)
                return any(
                    part.strip(" ()") == str(actual)
                    for part in text.replace("(", ",").replace("=", ",").split(",")
                )
    return False


def _certain(check: _Check, checks: list[_Check], context: Context) -> bool:
    """Whether the comment is wrong, and not about another input or another configuration."""
    others = [c for c in checks if c.fact.site != check.fact.site]
    wrong = {c.fact.site for c in checks if not c.holds}
    if check.open:
        agree = {c.fact.site for c in others if c.open and c.holds and c.actual > 1}
        if len(agree) == len(wrong):
            return bool(agree) and not _speaks_of_a_step(check, context)
        return len(agree) > len(wrong)
    if check.literal and not check.named:
        return True
    agree = {c.fact.site for c in others if c.holds and c.actual > 1 and (c.named == check.named)}
    return len(agree) >= len(wrong) and bool(agree)


def _speaks_of_a_step(check: _Check, context: Context) -> bool:
    """Whether the stated size is that of something that goes into the line, or is made on the way in it."""
    value, site = check.fact.value, check.fact.site
    number = lineage_of(context).number
    line = site.line if site is not None else 0
    ahead = [value]
    for _ in range(30):
        if not ahead:
            return False
        at = ahead.pop()
        if (
            at is not value
            and at.known
            and at.rank == value.rank
            and number(at.shape[check.axis]) == check.stated
        ):
            return True
        if at.made is not None and at.made.site is not None and at.made.site.line == line:
            ahead += [p for p in at.made.parents if isinstance(p, Tensor)]
    return True
