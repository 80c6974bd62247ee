"""What a rule is, and the words that findings share: shapes as printed, the trail, the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from shapelint import dims, facts
from shapelint.dims import Sym
from shapelint.records import dataclass, field
from shapelint.report import Diagnostic, Severity, TrailStep
from shapelint.source.text import SourceFile
from shapelint.values import Made, Site, Tensor

MAX_TRAIL = 8


@dataclass(slots=True)
class Context:
    """What a rule may look at besides the facts: the text of the files, and what other rules have worked out (`memo`)."""

    sources: Callable[[str], SourceFile | None]
    memo: dict[str, Any] = field(default_factory=dict)

    def spelled(self, site: Site | None, limit: int = 80) -> str:
        """The source text at a place, on one line."""
        file = self.sources(site.path) if site is not None else None
        if site is None or file is None:
            return ""
        text = re.sub(
            r"\s+", " ", file.snippet((site.line, site.column, site.end_line, site.end_column))
        ).strip()
        return text if len(text) <= limit else text[: limit - 1] + "…"

    def line(self, site: Site) -> str:
        file = self.sources(site.path)
        return file.line(site.line) if file is not None else ""


class Rule:
    """A rule: `listens` are the kinds of facts it is given, of calls those of `ops`, by any of their names, and of failed needs
    those that bear its own name. With `every_call` it is given the calls that other rules want too. What one says that goes
    `by_operations` hangs on no shape: on which operation feeds which, or how it was called.

    The docstring's first line says the offence; its headings are Why, Bad and Good.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity] = "error"
    listens: ClassVar[tuple[type[facts.Fact], ...]] = ()
    ops: ClassVar[tuple[str, ...]] = ()
    every_call: ClassVar[bool] = False
    by_operations: ClassVar[bool] = False

    @property
    def doc(self) -> str:
        return type(self).__doc__ or ""

    @property
    def summary(self) -> str:
        return self.doc.strip().splitlines()[0]

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        """Diagnostics from the facts of the kinds this rule listens to, in the order they were recorded."""
        for fact in said:
            found = self.judge(fact, context)
            if found is not None:
                yield found

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        """One fact's diagnostic, or None."""
        raise NotImplementedError

    def report(
        self,
        fact: facts.Fact,
        message: str,
        *,
        site: Site | None = None,
        trail: Sequence[TrailStep] = (),
        fits: Sequence[str] = (),
        severity: Severity | None = None,
    ) -> Diagnostic | None:
        """A diagnostic of this rule at the fact's place; none where the place is in no checked file, or where a library did
        the deed within itself. What is not certain to be reached is only information."""
        deeds = (facts.Called, facts.FlagSet)
        if isinstance(fact, deeds) and fact.inner is not None and fact.inner != fact.site:
            return None
        place = site or fact.site
        if place is None:
            return None
        level = severity or self.severity
        if not fact.certain and level == "error":
            level = "info"
        if fact.guessed and not isinstance(fact, facts.NeedFailed):
            # What was seen hangs on a guess about the input: that it has so many axes, or that the program gets here with them.
            level = "info" if not self.by_operations or level == "info" else "warning"
        return Diagnostic(
            self.code, self.name, level, place.path, place.line, place.column, place.end_line, place.end_column, message,
            tuple(trail), tuple(fits),
        )  # fmt: skip


# Arguments of constructors that only repeat a size of the input.
_ARGUMENTS = frozenset("in_features in_channels input_size num_features normalized_shape".split())


class NeedRule(Rule):
    """A rule for one kind of failed need, which bears its name."""

    listens: ClassVar[tuple[type[facts.Fact], ...]] = (facts.NeedFailed,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        for fact in said:
            if isinstance(fact, facts.NeedFailed):
                found = self.judge(fact, context)
                if found is not None:
                    yield found

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        return self.report(
            fact,
            self.message(fact, context),
            trail=trail_of(fact, context),
            fits=tuple(self.fits(fact, context)),
        )

    def message(self, fact: facts.NeedFailed, context: Context) -> str:
        """The first line: what meets what, both numbers, in the user's spelling where there is one."""
        call = context.spelled(fact.inner if fact.inner == fact.site else fact.site, 60)
        where = f"{call}: " if call else ""
        return where + sentence(fact)

    def fits(self, fact: facts.NeedFailed, context: Context) -> Iterable[str]:
        """What would do: the constructor's argument, where it is one number that differs."""
        if fact.by in _ARGUMENTS and fact.relation == "equal" and size(fact.actual).isdigit():
            yield f"{fact.by}={size(fact.actual)}"


def sentence(fact: facts.NeedFailed) -> str:
    """The two sides of a failed need, or its message."""
    short = short_name(fact.op)
    if fact.message:
        return f"{short}: {fact.message}"
    actual, wanted, by = size(fact.actual), size(fact.wanted), fact.by
    if by == "the length of running_mean" and fact.op.startswith("torch.nn.BatchNorm"):
        by = "num_features"
    whose, _, of = fact.what.partition("'s ")
    left = (
        f"{whose} has {actual} channel{'s' * (actual != '1')}"
        if of == "channels"
        else f"{fact.what} is {actual}"
    )
    if fact.relation == "divides":
        return f"{short}: {left}, no multiple of {by}, {wanted}"
    return f"{short}: {left}, {by} is {wanted}"


_SPOKEN = {"__getitem__": "indexing", "__setitem__": "assigning", "__matmul__": "matmul"}


def short_name(op: str) -> str:
    """ "torch.nn.functional.linear" -> "linear"; "torch.nn.Linear" -> "nn.Linear"."""
    head, _, last = op.rpartition(".")
    last = _SPOKEN.get(last, last)
    return f"nn.{last}" if head == "torch.nn" else last


def size(value: Any) -> str:
    """A size as a person reads it: its witness when it has one."""
    if isinstance(value, (tuple, list)):
        return shape(value)
    return str(dims.at_witnesses(value)) if isinstance(value, Sym) else str(value)


def shape(sizes: Iterable[Any]) -> str:
    return "[" + ", ".join(size(d) for d in sizes) + "]"


# ---- the trail


def trail_of(fact: facts.NeedFailed, context: Context) -> list[TrailStep]:
    """How the sizes came to be: the input, the steps to the first tensor that met the need, the layer's constructor."""
    steps: list[TrailStep] = []
    for tensor in fact.tensors[:2]:
        steps += _steps(tensor, fact.site, context)
    if fact.built is not None and fact.built != fact.site:
        line = context.line(fact.built).strip()
        steps.append(
            TrailStep(fact.built.path, fact.built.line, fact.built.column, f"built here: {line}"[:100])
        )
    call = entry_step(fact)
    if call is not None:
        steps.insert(0, call)
    if call is not None:  # what it is called with stands there already
        steps = [s for s in steps if s is call or not _says(call, s)]
    unique = list({(s.path, s.line, s.text): s for s in steps}.values())
    return unique[-MAX_TRAIL:]


def _says(call: TrailStep, step: TrailStep) -> bool:
    """Whether a step only repeats a shape of the call on its line."""
    return (step.path, step.line) == (call.path, call.line) and step.text.partition(": ")[2] in call.text


def entry_step(fact: facts.Fact) -> TrailStep | None:
    """The input with which the model was called."""
    record = fact.model_call
    if record is None or record.site is None:
        return None
    given = [t for t in (*record.inputs, *record.keywords.values()) if isinstance(t, Tensor) and t.known]
    if not given:
        return None
    text = "called with " + ", ".join(shape(t.shape) for t in given)
    return TrailStep(record.site.path, record.site.line, record.site.column, text)


def _steps(tensor: Tensor, site: Site | None, context: Context) -> list[TrailStep]:
    found: list[TrailStep] = []
    seen: set[int] = set()
    at: Any = tensor
    while (
        isinstance(at, Tensor) and isinstance(at.made, Made) and id(at) not in seen and len(found) < MAX_TRAIL
    ):
        seen.add(id(at))
        place = at.made.site
        if place is not None and at.known and (site is None or place.path == site.path):
            name = assigned_name(context.line(place)) or short_name(at.made.op)
            found.append(TrailStep(place.path, place.line, place.column, f"{name}: {shape(at.shape)}"))
        at = next((p for p in at.made.parents if isinstance(p, Tensor)), None)
    return found[::-1]


def assigned_name(line: str) -> str | None:
    """The name that a line assigns to, for the trail's notes."""
    match = re.match(r"\s*([A-Za-z_][\w.]*)\s*(?::[^=]+)?[-+*/@]?=(?!=)", line)
    return match.group(1) if match else None
