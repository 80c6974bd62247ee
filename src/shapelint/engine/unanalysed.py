"""What nobody looked at: models and functions whose evaluation gave up, and why. Success on those would be a lie."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint import facts
from shapelint.evidence.entries import Outcome, own_classes, own_functions
from shapelint.interp.world import World
from shapelint.report import Diagnostic, NotAnalysed
from shapelint.source.text import SourceFile
from shapelint.values import Function, Unknown


def not_analysed(
    world: World, outcome: Outcome, found: list[Diagnostic], file: SourceFile
) -> list[NotAnalysed]:
    """The models and functions of a file that could not be followed to their end, each once."""
    rows: dict[object, NotAnalysed] = {}
    for row in _rows(world, outcome, found, file):
        whole = row.what.startswith("the output of ")  # one model, however often it was called
        rows.setdefault(row.what if whole else (row.line, row.what), row)
    return sorted(rows.values(), key=lambda row: (row.line or 0, row.what))


def _rows(world: World, outcome: Outcome, found: list[Diagnostic], file: SourceFile) -> Iterator[NotAnalysed]:
    called = [f for f in world.facts if isinstance(f, facts.ModelCalled)]
    followed = {f.module.cls.name for f in called if not isinstance(f.output, Unknown)}
    told = {(d.path, d.line) for d in found if d.severity != "info"}
    for fact in world.facts:
        site = fact.site
        if isinstance(fact, facts.GaveUp):
            line = site.line if site is not None and site.path == file.path else None
            yield NotAnalysed(file.path, line, fact.what or "a part", fact.why)
        elif isinstance(fact, facts.Raised) and fact.certain and site is not None and site.path == file.path:
            if (site.path, site.line) not in told:
                message = " ".join(fact.message.split())[:100]
                said = f"{fact.exception}: {message}" if message else fact.exception
                yield NotAnalysed(file.path, site.line, "what follows", f"the program raises {said}")
        elif isinstance(fact, facts.ModelCalled) and isinstance(fact.output, Unknown):
            cls = fact.module.cls
            if (
                cls.name not in followed
                and not fact.output.after_failure
                and cls.namespace is outcome.space
                and cls.node is not None
            ):
                line = site.line if site is not None and site.path == file.path else cls.node.at[0]
                yield NotAnalysed(file.path, line, f"the output of {cls.name}", fact.output.why)
    for name, line, result in outcome.lost:
        if not result.after_failure and name not in followed:
            yield NotAnalysed(file.path, line, f"the output of {name}", result.why)
    if outcome.space is None:
        return
    for cls in own_classes(outcome.space):
        forward = cls.attrs.get("forward") if cls.is_module else None
        if isinstance(forward, Function) and id(forward.node) not in world.reached:
            yield NotAnalysed(
                file.path, forward.node.at[0], f"{cls.name}.forward", "nothing could build the model"
            )
    for function in own_functions(outcome.space):
        if id(function.node) not in world.reached:
            yield NotAnalysed(file.path, function.node.at[0], function.name, "nothing reached it")
