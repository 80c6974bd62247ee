"""Confirming findings and summaries: which child runs what, and what becomes of its answers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from shapelint import records
from shapelint.confirm.compare import Comparison, compare
from shapelint.confirm.job import Claim, Device, Entry, Job, Sandbox
from shapelint.confirm.process import Limits, Outcome, run, said
from shapelint.confirm.sandbox import Walls, walls
from shapelint.confirm.verdicts import Judgement, judgements, without_torch
from shapelint.engine import TargetProblem
from shapelint.engine.config import Settings
from shapelint.engine.memory import Request
from shapelint.engine.reader import program_of
from shapelint.engine.summarize import summarize
from shapelint.engine.targets import parse
from shapelint.ir import FunctionDef
from shapelint.memory.replay import Setting
from shapelint.records import dataclass, field
from shapelint.report import Diagnostic, ModelSummary
from shapelint.source.locate import module_name_of, project_root, roots_of
from shapelint.source.text import SourceProblem


class NoTorch(Exception):
    """There is nothing to confirm with; the message says it in one line."""


@dataclass(frozen=True, slots=True)
class Options:
    """How children are run."""

    device: Device = "auto"
    backward: bool = False
    sandbox: Sandbox = "auto"
    limits: Limits = field(default_factory=Limits)
    python: str | None = None

    def walls(self, *shown: str) -> Walls:
        """Raises NoSandbox."""
        made = walls(self.sandbox, self.device in ("auto", "cuda"))
        return records.replace(made, shown=tuple(shown))


def findings(found: Sequence[Diagnostic], settings: Settings, options: Options) -> list[Diagnostic]:
    """The findings, each with its verdict. Raises NoTorch, NoSandbox."""
    by_path: dict[str, list[Diagnostic]] = {}
    for d in found:
        by_path.setdefault(d.path, []).append(d)
    done: list[Diagnostic] = []
    for path, mine in by_path.items():
        done += of_file(path, mine, settings, options)
    return sorted(done, key=lambda d: d.order)


def of_file(path: str, mine: Sequence[Diagnostic], settings: Settings, options: Options) -> list[Diagnostic]:
    """One file's findings: the file is run as the main program; for what that does not reach, the models that the file can
    build are built and called, with the inputs that were inferred for them."""
    if not os.path.isfile(path):
        return [judged(d, Judgement("not-run", "it is not a file")) for d in mine]
    claims = claims_of(mine)
    first = child(job_of(path, claims, (), options), options)
    known = judgements(first, claims)
    left = tuple(c for c in claims if known[c.id].verdict == "not-run")
    if left:
        whole = any(m.get("complete") is True for m in said(first, "ran"))
        for number, later in _by_entries(path, left, settings, options).items():
            if later.verdict == "refuted" and not whole:  # the program may have built it from other arguments
                later = Judgement("not-run", later.note)
            if later.verdict == "not-run":
                later = Judgement("not-run", f"{known[number].note}; its models, built alone: {later.note}")
            known[number] = later
    return [judged(d, known[i]) for i, d in enumerate(mine)]


def _by_entries(
    path: str, left: tuple[Claim, ...], settings: Settings, options: Options
) -> dict[int, Judgement]:
    entries = tuple(entries_of(models_of(path, settings)))
    if not entries:
        return {}
    return judgements(child(job_of(path, left, entries, options, program=False), options), left)


def judged(d: Diagnostic, judgement: Judgement) -> Diagnostic:
    return records.replace(d, verdict=judgement.verdict, verdict_note=judgement.note)


def claims_of(found: Sequence[Diagnostic]) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            i, d.code, d.rule, os.path.realpath(d.path), d.line, d.column, d.end_line, d.end_column, d.message
        )
        for i, d in enumerate(found)
    )


def job_of(
    path: str | None,
    claims: tuple[Claim, ...],
    entries: tuple[Entry, ...],
    options: Options,
    *,
    program: bool = True,
    measure: bool = False,
) -> Job:
    real = os.path.realpath(path) if path is not None else None
    roots = (
        tuple(dict.fromkeys([*roots_of(real), project_root(real)])) if real is not None else (os.getcwd(),)
    )
    package = module_name_of(real).rpartition(".")[0] if real is not None else ""
    return Job(
        program=real if program else None,
        roots=roots,
        claims=claims,
        entries=entries,
        device=options.device,
        backward=options.backward,
        measure=measure,
        address_space=options.limits.memory,
        seconds=0.8 * options.limits.seconds,
        package=package,
    )


def child(job: Job, options: Options) -> Outcome:
    """Raises NoTorch, NoSandbox."""
    if os.name != "posix":
        raise NoTorch("confirming needs a POSIX system: a child process is held by its process group")
    outcome = run(
        job.to_json(),
        options.limits,
        options.walls(*job.roots),
        options.python,
        options.device in ("auto", "cuda"),
    )
    why = without_torch(outcome)
    if why is not None:
        raise NoTorch(f"confirming needs torch: {why} (pip install 'shapelint[torch]')")
    return outcome


# ---- models


def models_of(path: str, settings: Settings) -> Iterator[ModelSummary]:
    """The models a file builds or can build, and those that its functions give when they are called with nothing."""
    targets = [path]
    try:
        program = program_of(path)[1]
    except SourceProblem:
        return
    for node in program.body:
        if isinstance(node, FunctionDef) and all(
            p.default is not None or p.kind not in ("plain", "positional", "keyword") for p in node.params
        ):
            targets.append(f"{path}:{node.name}()")
    for target in targets:
        try:
            yield from summarize(target, (), settings)
        except TargetProblem:
            continue


def entries_of(models: Iterator[ModelSummary] | Sequence[ModelSummary]) -> Iterator[Entry]:
    """An entry a model that is called with something."""
    for number, model in enumerate(models):
        wanted = parse(model.target)
        if model.given is None:
            continue
        yield Entry(
            number,
            os.path.realpath(wanted.place) if wanted.is_file else wanted.place,
            wanted.is_file,
            wanted.expression,
            model.class_name,
            tuple(model.given["args"]),
            model.given["kwargs"],
        )


def target(text: str, inputs: Sequence[str], settings: Settings, options: Options) -> list[Comparison]:
    """Each model of a target, measured beside its summary. Raises TargetProblem, NoTorch, NoSandbox.

    Where a whole file is asked for, its program is run first: it builds the models that its own calls are about."""
    on_gpu = options.device in ("auto", "cuda") and os.path.exists(_GPU)
    request = Request(Setting(options.backward, device="cuda")) if on_gpu else None
    models = summarize(text, inputs, settings, request)
    options = _with_room(models, options)
    wanted = parse(text)
    path = wanted.place if wanted.is_file else None
    whole = wanted.is_file and not wanted.expression
    entries = [_from_program(e, models[e.id]) if whole else e for e in entries_of(models)]
    if not entries:
        return [Comparison(m.target, why=_NO_INPUT) for m in models]
    outcome = child(job_of(path, (), tuple(entries), options, program=whole, measure=True), options)
    measured = {m.get("id"): m for m in said(outcome, "model")}
    called = {e.id for e in entries}
    return [
        compare(model, measured.get(i, {"why": outcome.end if i in called else _NO_INPUT}))
        for i, model in enumerate(models)
    ]


_GPU = "/dev/nvidiactl"
"""Where there is no such device there is no CUDA, and its peak need not be replayed."""


def _with_room(models: Sequence[ModelSummary], options: Options) -> Options:
    """Where a model and what its layers put out would not fit into the memory there may be, shapes alone are run."""
    if options.device != "auto":
        return options
    sizes = [m.memory for m in models]
    largest = max(
        (sum(b or 0 for b in (s.param_bytes, s.input_bytes, s.activation_bytes)) for s in sizes), default=0
    )
    return records.replace(options, device="meta") if largest > options.limits.memory else options


_NO_INPUT = "no input is known: give one with --input"


def _from_program(entry: Entry, model: ModelSummary) -> Entry:
    """A model that a function of the program builds bears its class's name; which arguments it got, only the program knows."""
    inside = entry.expression == f"{model.class_name}()" and model.input_source == "call"
    return records.replace(entry, from_program=inside)
