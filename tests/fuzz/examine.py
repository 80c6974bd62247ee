"""Reading one program, and what must hold whatever it is: no exception, no internal error, places that lie in the text, the same said
twice, and a mended text that is Python. `thorough` asks for more than the check itself: it costs as much again."""

from __future__ import annotations

import ast
import traceback
import warnings
from collections.abc import Callable
from typing import NamedTuple

from shapelint.engine.check import check_text
from shapelint.engine.config import Settings
from shapelint.engine.reader import forget
from shapelint.render import CHECK_FORMATS, render_check
from shapelint.render.sources import Sources
from shapelint.report import CheckReport, Diagnostic
from shapelint.source.text import SourceFile, SourceProblem, from_bytes, read
from tests.fuzz.program import Program

# Info findings too: every rule is to be run and told.
SETTINGS = Settings(cache=False, extend_select=("SHP",))


class Problem(NamedTuple):
    """What does not hold. `kind` and `key` say whether two problems are the same one."""

    kind: str
    key: str
    text: str


class Seen(NamedTuple):
    state: str  # "read", "refused" (with a message), or "closed": the gate let it pass unread
    problems: list[Problem]


def examine(
    program: Program, thorough: frozenset[str] = frozenset(), begin: Callable[[str], None] = lambda what: None
) -> Seen:
    """What is seen of a program. `begin` is told of each reading, by name."""
    problems: list[Problem] = []
    try:
        file = from_bytes(program.path, program.data)
    except SourceProblem as problem:
        return Seen(
            "refused", [] if problem.message else [Problem("message", "", "a refusal without a reason")]
        )
    except Exception as problem:
        return Seen("refused", [_raised("reading", problem)])
    begin("check")
    report = _tried(problems, "check", lambda: check_text(program.path, file.text, SETTINGS))
    if report is None:
        return Seen("read", problems)
    problems += _failures(report)
    problems += [p for d in report.diagnostics for p in _places(d, file)]
    for what in sorted(thorough):
        begin(what)
        _tried(problems, what, lambda what=what: problems.extend(_MORE[what](program, file, report)))  # type: ignore[misc]
    return Seen("closed" if "torch" not in file.text else "refused" if report.failures else "read", problems)


def _tried(problems: list[Problem], what: str, work: Callable[[], CheckReport | None]) -> CheckReport | None:
    try:
        return work()
    except Exception as problem:
        problems.append(_raised(what, problem))
        return None


def _raised(what: str, problem: Exception) -> Problem:
    frames = traceback.extract_tb(problem.__traceback__)
    last = frames[-1] if frames else None
    where = f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}" if last else ""
    text = "".join(traceback.format_exception(problem)[-8:])
    return Problem("exception", f"{what} {type(problem).__name__} {where}", text)


def _failures(report: CheckReport) -> list[Problem]:
    found = [
        Problem("internal", f.message.rpartition("(")[2], f.message) for f in report.failures if f.internal
    ]
    found += [Problem("deep", f.message, f.message) for f in report.failures if f.message == _TOO_DEEP]
    return found + [
        Problem("message", "", "a failure without a reason") for f in report.failures if not f.message
    ]


# What is too deep for the parsers is said before, in other words: this is an evaluation or a rule that went round in a circle.
_TOO_DEEP = "the code is nested too deeply to be followed"


# ---- places


def _places(d: Diagnostic, file: SourceFile) -> list[Problem]:
    spans = [(d.path, d.line, d.column, d.end_line, d.end_column, "finding")]
    spans += [(t.path, t.line, t.column, t.line, t.column, "trail") for t in d.trail]
    spans += [
        (e.path, e.line, e.column, e.end_line, e.end_column, "edit") for e in (d.fix.edits if d.fix else ())
    ]
    found = []
    for path, line, column, end_line, end_column, what in spans:
        where = file if path == file.path else _file(path)
        if (
            where is None
            or not _inside(where, line, column)
            or not _inside(where, end_line, end_column)
            or (line, column) > (end_line, end_column)
        ):
            found.append(
                Problem(
                    "place",
                    f"{what} {d.code}",
                    f"{what} of {d.code} at {path}:{line}:{column}-{end_line}:{end_column} is not in the text: {d.message}",
                )
            )
    if not d.message.strip():
        found.append(Problem("message", d.code, f"{d.code} has no message"))
    return found


def _file(path: str) -> SourceFile | None:
    try:
        return read(path)
    except SourceProblem:
        return None


def _inside(file: SourceFile, line: int, column: int) -> bool:
    return 1 <= line <= len(file.lines) and 1 <= column <= len(file.lines[line - 1]) + 1


# ---- more


def _again(program: Program, file: SourceFile, report: CheckReport) -> list[Problem]:
    """Once more in the same process, with all that was kept of other files."""
    return _difference("again", report, check_text(program.path, file.text, SETTINGS))


def _afresh(program: Program, file: SourceFile, report: CheckReport) -> list[Problem]:
    """Once more with nothing kept: what was read before must not show."""
    forget()
    return _difference("afresh", report, check_text(program.path, file.text, SETTINGS))


def _difference(what: str, first: CheckReport, second: CheckReport) -> list[Problem]:
    one = [*map(repr, first.diagnostics), *map(repr, first.not_analysed), *map(repr, first.failures)]
    two = [*map(repr, second.diagnostics), *map(repr, second.not_analysed), *map(repr, second.failures)]
    if one == two:
        return []
    only = [f"first: {row}" for row in one if row not in two] + [
        f"then: {row}" for row in two if row not in one
    ]
    return [Problem("unsteady", what, f"{what}, another result:\n" + "\n".join(only[:6]))]


def _rendered(program: Program, file: SourceFile, report: CheckReport) -> list[Problem]:
    for form in CHECK_FORMATS:
        for piece in render_check(report, form, Sources({program.path: file.text})):
            piece.encode("utf-8", "surrogateescape")
    return []


def _fixed(program: Program, file: SourceFile, report: CheckReport) -> list[Problem]:
    """Every fix is applied, the unsafe ones too: Python stays Python."""
    from shapelint.engine.fix import diff_of, fix_file

    try:
        done = fix_file(file, SETTINGS, True)
    except SourceProblem:
        return []
    diff_of(done)
    if done.changed:
        done.text.encode(done.file.encoding)
    if done.changed and _is_python(file.text) and not _is_python(done.text):
        return [Problem("fix", "", f"what is mended is no Python any more:\n{diff_of(done)}")]
    return []


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _by_flake8(program: Program, file: SourceFile, report: CheckReport) -> list[Problem]:
    from shapelint.flake8 import INTERNAL, Plugin

    lines = file.text.splitlines(keepends=True)
    found = []
    for line, column, text, _ in Plugin(ast.Module([], []), "stdin", lines).run():
        if text.startswith(INTERNAL) and ("internal error" in text or "shapelint failed" in text):
            found.append(Problem("internal", "flake8", text))
        if line < 1 or column < 0 or "\n" in text:
            found.append(Problem("place", "flake8", f"{line}:{column}: {text!r}"))
    return found


def _summarised(program: Program, file: SourceFile, report: CheckReport) -> list[Problem]:
    import json
    import os
    import tempfile

    from shapelint.engine import TargetProblem
    from shapelint.engine.summarize import summarize

    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = os.path.join(folder, "net.py")
        with open(path, "wb") as stream:
            stream.write(program.data)
        try:
            for model in summarize(path, (), SETTINGS):
                json.dumps(model.to_json())
        except TargetProblem as problem:
            return [] if str(problem) else [Problem("message", "summary", "a refusal without a reason")]
    return []


_MORE: dict[str, Callable[[Program, SourceFile, CheckReport], list[Problem]]] = {
    "again": _again, "afresh": _afresh, "rendered": _rendered, "fixed": _fixed, "flake8": _by_flake8, "summary": _summarised,
}  # fmt: skip


def thoroughness(number: int) -> frozenset[str]:
    """What is asked of a program besides: every tenth or so of each."""
    wanted = {"again": 10, "afresh": 40, "rendered": 10, "fixed": 10, "flake8": 20, "summary": 12}
    return frozenset(what for at, (what, often) in enumerate(wanted.items()) if number % often == at)
