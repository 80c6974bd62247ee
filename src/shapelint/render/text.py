"""Text for people: one line a finding, or that line with the code, how the numbers came to be, and what would fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from shapelint.records import dataclass, field
from shapelint.render.sources import Sources
from shapelint.render.style import Style, safe, width
from shapelint.report import CheckReport, Diagnostic, Severity

_CODE_CELLS = 100
"""A line of code is shown up to this width."""
_NOTE_COLUMN = 60
"""Notes stand in one column to the right of the code, which begins here at the latest."""
_GAP = 5


def concise(report: CheckReport, style: Style) -> Iterator[str]:
    """`path:line:column: CODE message`, one line a finding."""
    for diagnostic in report.diagnostics:
        yield _headline(diagnostic, style) + "\n"


def full(report: CheckReport, sources: Sources, style: Style) -> Iterator[str]:
    """Each finding with its code frame, its trail at the right of the lines it passed, and what would fit."""
    for diagnostic in report.diagnostics:
        yield _headline(diagnostic, style) + "\n"
        yield from (line + "\n" for line in _frame(diagnostic, sources, style))
        for index, remedy in enumerate(diagnostic.fits):
            label = "fits:" if index == 0 else "     "
            yield f"   {style.paint(label, 'bold', 'green')} {safe(remedy)}\n"
        if diagnostic.verdict_note:
            yield f"   {style.paint(f'{diagnostic.verdict}:', 'bold')} {safe(diagnostic.verdict_note)}\n"
        yield "\n"


def closing(report: CheckReport, style: Style) -> str:
    """The last line of a run: how much was found in how many files."""
    files = f"{report.files:,} file{'' if report.files == 1 else 's'}"
    if not report.diagnostics:
        if report.failures:
            return f"No problems found in what could be checked ({files})."
        return style.paint(f"No problems found in {files}.", "green")
    levels = Counter(d.severity for d in report.diagnostics)
    names: tuple[Severity, ...] = ("error", "warning", "info")
    parts = [
        f"{levels[level]:,} {level}{'' if levels[level] == 1 or level == 'info' else 's'}"
        for level in names
        if levels[level]
    ]
    return f"Found {_and(parts)} in {files}."


def fixable(report: CheckReport, unsafe: bool = False) -> str | None:
    """How many of the findings could be fixed, and how; None where none could."""
    fixes = [d.fix for d in report.diagnostics if d.fix is not None]
    safe = sum(fix.safe or unsafe for fix in fixes)
    more = len(fixes) - safe
    options = "--fix --unsafe-fixes" if unsafe else "--fix"
    if not fixes:
        return None
    if not more:
        return f"{safe:,} can be fixed with {options}."
    if not safe:
        return f"{more:,} can be fixed with --fix --unsafe-fixes."
    return f"{safe:,} can be fixed with --fix, {more:,} more with --unsafe-fixes."


def unseen(report: CheckReport, style: Style, why: bool = False) -> Iterator[str]:
    """What was not analysed: how much, and the most frequent reason; with `why`, each of them."""
    missed = report.not_analysed
    if not missed:
        return
    if why:
        for item in missed:
            place = safe(item.path) + ("" if item.line is None else f":{item.line}")
            yield f"{place}: not analysed: {safe(item.what)}, because {safe(item.why)}\n"
    kinds = Counter("output" if n.what.startswith("the output of ") else "part" for n in missed)
    outputs, parts = kinds["output"], kinds["part"]
    counts = []
    if outputs:
        counts.append(f"the output of {outputs:,} model{'' if outputs == 1 else 's'}")
    if parts:
        counts.append(f"{parts:,} part{'' if parts == 1 else 's'} of the code")
    reason, times = Counter(n.why for n in missed).most_common(1)[0]
    often = f"{times:,} time{'' if times == 1 else 's'}" if len(missed) > 1 else ""
    where = len({n.path for n in missed})
    yield (
        style.paint("Not analysed:", "yellow")
        + f" {_and(counts)} in {where:,} file{'' if where == 1 else 's'}.\n"
    )
    told = f"because {safe(reason)}" if not often else f"most often ({often}): {safe(reason)}"
    yield (
        f"  {told}"
        + ("" if why else "; --why lists them" if len(missed) > 1 else "; --why says where")
        + "\n"
    )


def statistics(report: CheckReport, style: Style) -> Iterator[str]:
    """How often each rule was broken, the most frequent first."""
    counts = Counter((d.code, d.rule) for d in report.diagnostics)
    if not counts:
        return
    digits = max(len(f"{n:,}") for n in counts.values())
    for (code, rule), n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{n:>{digits},}  {style.paint(code, 'bold')}  {rule}\n"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _headline(diagnostic: Diagnostic, style: Style) -> str:
    place = f"{style.paint(safe(diagnostic.path), 'bold')}:{diagnostic.line}:{diagnostic.column}:"
    verdict = f" [{diagnostic.verdict}]" if diagnostic.verdict else ""
    code = style.level(diagnostic.code, diagnostic.severity)
    return f"{place} {code} {safe(diagnostic.message)}{verdict}"


# ---- the code frame


@dataclass(slots=True)
class _Row:
    """A line of code that is shown, with what is said of it."""

    path: str
    line: int
    notes: list[str] = field(default_factory=list)


def _rows(diagnostic: Diagnostic) -> list[_Row]:
    """The lines the trail passes, in its order, and the finding's own line: where the trail meets it, else last."""
    rows: list[_Row] = []
    for step in diagnostic.trail:
        if not rows or (rows[-1].path, rows[-1].line) != (step.path, step.line):
            rows.append(_Row(step.path, step.line))
        note = safe(step.text)
        if note not in rows[-1].notes:
            rows[-1].notes.append(note)
    if not any((r.path, r.line) == (diagnostic.path, diagnostic.line) for r in rows):
        rows.append(_Row(diagnostic.path, diagnostic.line))
    return rows


def _frame(diagnostic: Diagnostic, sources: Sources, style: Style) -> Iterator[str]:
    rows = _rows(diagnostic)
    shown = [(row, sources.line(row.path, row.line)) for row in rows]
    digits = max(4, *(len(str(row.line)) for row in rows))
    carets_at = max(
        i for i, row in enumerate(rows) if (row.path, row.line) == (diagnostic.path, diagnostic.line)
    )
    views: list[_View | None] = []
    for index, (_, source) in enumerate(shown):
        start, end = 1, 1
        if index == carets_at and source is not None:
            start, end = diagnostic.column, _end_on_line(diagnostic, source)
        views.append(None if source is None else _view(source, start, end))
    note_column = max((width(v.text) for v, r in zip(views, rows, strict=True) if v and r.notes), default=0)
    note_column = min(note_column, _NOTE_COLUMN) + _GAP
    here = diagnostic.path
    bar = style.paint("|", "blue")
    for index, (row, view) in enumerate(zip(rows, views, strict=True)):
        if row.path != here:
            here = row.path
            yield f" {'':>{digits}}{style.paint('-->', 'blue')} {safe(here)}"
        text = "" if view is None else view.text
        notes = ", ".join(row.notes)
        body = text
        if notes:
            body = text + " " * max(note_column - width(text), 3) + style.paint(notes, "cyan")
        number = style.paint(f"{row.line:>{digits}}", "blue")
        yield f" {number} {bar} {body}".rstrip()
        if index == carets_at and view is not None and view.end > view.start:
            carets = style.level("^" * (view.end - view.start), diagnostic.severity)
            yield f" {'':>{digits}} {bar} {' ' * view.start}{carets}"


def _end_on_line(diagnostic: Diagnostic, source: str) -> int:
    """The column behind the span's part on its first line."""
    if diagnostic.end_line == diagnostic.line:
        return max(diagnostic.end_column, diagnostic.column + 1)
    return max(len(source.rstrip()) + 1, diagnostic.column + 1)


@dataclass(slots=True)
class _View:
    """A line of code as it is shown, and the cells of it that the span covers."""

    text: str
    start: int
    end: int


def _view(source: str, start: int, end: int) -> _View:
    """Tabs opened up, nothing unsafe, cut where it is too long; the columns `start` to `end` turned into cells."""
    cells: list[tuple[str, int]] = []
    at = 0
    for char in source.rstrip():
        if char == "\t":
            step = 8 - at % 8
            cells.append((" " * step, step))
            at += step
            continue
        shown = safe(char)
        step = width(shown)
        cells.append((shown, step))
        at += step
    before = sum(step for _, step in cells[: start - 1]) + max(start - 1 - len(cells), 0)
    inside = sum(step for _, step in cells[start - 1 : end - 1]) or 1
    if at <= _CODE_CELLS:
        return _View("".join(text for text, _ in cells), before, before + inside)
    # Too long: show the part around the span.
    first = max(0, before - _CODE_CELLS // 2) if before + min(inside, 20) > _CODE_CELLS - 2 else 0
    out, seen, taken = [], 0, 0
    for text, step in cells:
        if seen >= first and taken + step <= _CODE_CELLS - 2:
            out.append(text)
            taken += step
        seen += step
    lead = "…" if first else ""
    trail = "…" if first + taken < at else ""
    begin = before - first + len(lead)
    return _View(lead + "".join(out) + trail, begin, min(begin + inside, len(lead) + taken))
