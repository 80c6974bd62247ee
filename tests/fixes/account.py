"""What becomes of the fixes of one program: each by itself and all together, judged by its bytes and by another check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shapelint.engine.analyse import analyse
from shapelint.engine.config import Settings
from shapelint.engine.fix import fix_file
from shapelint.fixes.edits import moved
from shapelint.report import Diagnostic, Edit
from shapelint.source.text import from_text
from tests.fixes.sources import Program


@dataclass
class Account:
    """`findings` are errors and warnings. `wrong` says what is wrong with a fix: nothing may stand there."""

    program: Program
    findings: list[Diagnostic]
    fixable: list[Diagnostic] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    gone: int = 0
    mended: str | None = None
    clean: bool = False


def account(program: Program) -> Account:
    findings = loud(program.text)
    found = Account(program, findings, [d for d in findings if d.fix is not None])
    for d in found.fixable:
        found.wrong += single(program, d, findings)
    if not found.fixable:
        return found
    done = fix_file(from_text(program.name, program.text), Settings(), unsafe=True)
    found.gone = len(done.applied)
    found.refused = [
        f"{r.diagnostic.code} line {r.diagnostic.line} is refused: {r.why}" for r in done.refused
    ]
    data = program.text.encode()
    for step in done.steps:
        data = spliced(data, step)
    if data != done.text.encode():
        found.wrong.append("the mended file is not the old one with its edits made")
    if done.changed:
        found.mended = done.text
        found.clean = not loud(done.text)
    return found


def loud(text: str) -> list[Diagnostic]:
    return [d for d in analyse(from_text("program.py", text)).diagnostics if d.severity != "info"]


def single(program: Program, d: Diagnostic, before: Sequence[Diagnostic]) -> list[str]:
    """What is wrong with one finding's fix when nothing else is mended."""
    assert d.fix is not None
    text = spliced(program.text.encode(), d.fix.edits).decode()
    try:
        compile(text, "program.py", "exec", dont_inherit=True)
    except SyntaxError as problem:
        return [f"{d.code} line {d.line}: the mended text is no Python: {problem}"]
    where = moved(d.fix.edits)
    after = loud(text)
    wrong = []
    same = sum((b.code, b.line, b.message) == (d.code, d.line, d.message) for b in before)
    if sum((a.code, a.line, a.message) == (d.code, where(d.line), d.message) for a in after) >= same:
        wrong.append(f"{d.code} line {d.line}: its fix leaves it there")
    new = Counter((a.code, a.line) for a in after) - Counter(
        (b.code, where(b.line)) for b in before if b is not d
    )
    wrong += [f"{d.code} line {d.line}: its fix alone brings {code} line {line}" for code, line in new]
    return wrong


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with the edits made from the last to the first: every byte outside of them stays what it is."""
    lines = data.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def at(line: int, column: int) -> int:
        if line > len(lines):
            return len(data)
        return starts[line - 1] + len(lines[line - 1].decode()[: column - 1].encode())

    for edit in sorted(set(edits), key=lambda e: (e.line, e.column), reverse=True):
        begin, end = at(edit.line, edit.column), at(edit.end_line, edit.end_column)
        data = data[:begin] + edit.text.encode() + data[end:]
    return data
