"""Applying fixes to a text, and checking the result: a fix is kept only when its finding is gone and no new one has come.

Knows nothing of how an edit was made.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence

from shapelint.engine.analyse import analyse
from shapelint.engine.config import Settings
from shapelint.engine.files import discover
from shapelint.engine.one_file import wanted
from shapelint.engine.reader import forget
from shapelint.fixes.edits import apply, conflicts, moved
from shapelint.patterns import regex
from shapelint.records import dataclass, field
from shapelint.report import Diagnostic, Edit
from shapelint.source.text import SourceFile, SourceProblem, read

_LINE = regex(r"[^\n]*\n|[^\n]+")

_ROUNDS = 40
_CHAIN = 4
"""A mend may bring the next offence to light (a layer behind the one that failed); so many are mended with it."""

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fix that was not applied, and why."""

    diagnostic: Diagnostic
    why: str


@dataclass(slots=True)
class Fixed:
    """A text after its fixes. `applied` are the findings that are gone, `steps` the edits that were made one after the other:
    those of a step stand in the text that the steps before it gave."""

    file: SourceFile
    text: str
    applied: list[Diagnostic] = field(default_factory=list)
    steps: list[tuple[Edit, ...]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return self.text != self.file.text


@dataclass(frozen=True, slots=True)
class _State:
    """A text and all that is found in it, whatever the settings say."""

    file: SourceFile
    found: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Trial:
    """What came of a batch of fixes: the state behind it, the findings that are gone, and the steps that led there."""

    state: _State
    gone: list[Diagnostic]
    steps: list[tuple[Edit, ...]]


class _Refused(Exception):
    """Why a trial failed."""


def applicable(d: Diagnostic, unsafe: bool) -> bool:
    """Whether a finding has a fix that may be applied: its edits stay in the finding's own file."""
    return d.fix is not None and (d.fix.safe or unsafe) and all(e.path == d.path for e in d.fix.edits)


def fix_file(file: SourceFile, settings: Settings, unsafe: bool) -> Fixed:
    """The file with every fix applied that holds. Raises SourceProblem where it cannot be read as Python."""
    done = Fixed(file, file.text)
    if "torch" not in file.text:
        return done
    state = _State(file, tuple(analyse(file).diagnostics))
    refused: set[tuple[str, str, str]] = set()
    for _ in range(_ROUNDS):
        mine = [d for d in wanted(list(state.found), state.file, settings) if d.path == file.path]
        mine = [d for d in mine if applicable(d, unsafe) and _name(d, state.file) not in refused]
        batch = _compatible(mine)
        if not batch:
            break
        try:
            state = _kept(done, _tried(state, batch, unsafe, _CHAIN))
            continue
        except _Refused as problem:
            if len(batch) == 1:
                refused.add(_name(batch[0], state.file))
                done.refused.append(Refusal(batch[0], str(problem)))
                continue
        for d in batch:  # one of them spoils it: take them singly, until one holds
            try:
                state = _kept(done, _tried(state, [d], unsafe, _CHAIN))
                break
            except _Refused as problem:
                refused.add(_name(d, state.file))
                done.refused.append(Refusal(d, str(problem)))
    done.text = state.file.text
    return done


def _kept(done: Fixed, trial: _Trial) -> _State:
    done.applied += trial.gone
    done.steps += trial.steps
    return trial.state


def _name(d: Diagnostic, file: SourceFile) -> tuple[str, str, str]:
    """What a finding is known by while lines move."""
    return d.code, d.message, file.line(d.line)


def _compatible(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those whose fixes do not touch one another's text: the first wins."""
    taken: list[Diagnostic] = []
    edits: list[Edit] = []
    for d in found:
        mine = d.fix.edits if d.fix is not None else ()
        if not conflicts(mine, edits):
            taken.append(d)
            edits += mine
    return taken


def _tried(state: _State, batch: Sequence[Diagnostic], unsafe: bool, chain: int) -> _Trial:
    """The batch's fixes made; raises _Refused with the reason."""
    edits = [e for d in batch if d.fix is not None for e in d.fix.edits]
    try:
        text = apply(state.file.text, edits)
        text.encode(state.file.encoding)
        file = SourceFile(state.file.path, text, state.file.encoding)
        after = _State(file, tuple(analyse(file).diagnostics))
    except SourceProblem as problem:
        raise _Refused(f"the result {problem.message}") from None
    except UnicodeError:
        raise _Refused(f"the result cannot be written as {state.file.encoding}") from None
    except (ValueError, RecursionError) as problem:
        raise _Refused(str(problem) or "the result cannot be followed") from None
    where = moved(edits)
    path = state.file.path
    before = Counter(_key(d, where if d.path == path else _same) for d in state.found if _counts(d))
    now = Counter(_key(d, _same) for d in after.found if _counts(d))
    mended = Counter(_key(d, where) for d in batch)
    allowed = before - mended
    new = now - allowed
    said = {(*_key(d, where), d.message) for d in batch}
    for d in after.found:
        if (*_key(d, _same), d.message) in said:
            raise _Refused("the finding would still be there")
    if not new:
        return _Trial(after, list(batch), [tuple(edits)])
    # Each of the new findings must have a fix of its own that holds.
    come = [d for d in after.found if _counts(d) and new.get(_key(d, _same))]
    if (
        chain > 0
        and all(applicable(d, unsafe) and d.path == path for d in come)
        and _compatible(come) == come
    ):
        last = _tried(after, come, unsafe, chain - 1)
        return _Trial(last.state, [*batch, *last.gone], [tuple(edits), *last.steps])
    d = come[0]
    raise _Refused(f"it would bring {d.path}:{d.line}: {d.code} {d.message}")


def _counts(d: Diagnostic) -> bool:
    return d.severity != "info"


def _key(d: Diagnostic, where: object) -> Key:
    return d.code, d.path, where(d.line) if callable(where) else d.line


def _same(line: int) -> int:
    return line


# ---- files


def fix_paths(paths: Sequence[str], settings: Settings, unsafe: bool) -> list[Fixed]:
    """Every file's fixes; nothing is written. What cannot be read or followed is left to `check_paths` to tell."""
    done = []
    for path in discover(paths, settings)[0]:
        try:
            done.append(fix_file(read(path), settings, unsafe))
        except (SourceProblem, RecursionError):
            continue
    return done


def save(fixed: Fixed) -> None:
    """Write the text back, with the encoding, the BOM, the line ends and the rights it had. Raises OSError, with the file as it
    was: a text is on the disk, whole, before it takes the place of the old one."""
    data = fixed.text.encode(fixed.file.encoding)
    place = os.path.realpath(fixed.file.path)  # of a link, what it leads to
    number, new = tempfile.mkstemp(dir=os.path.dirname(place), prefix=".shapelint-")
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(place, new)
        os.replace(new, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(new)
        raise
    forget()


def diff_of(fixed: Fixed) -> str:
    """What changes, as a unified diff."""
    import difflib

    old, new = _LINE.findall(fixed.file.text), _LINE.findall(fixed.text)
    path = fixed.file.path.replace("\\", "/")
    pieces = []
    for piece in difflib.unified_diff(old, new, path, path):
        ended = piece.endswith("\n")
        pieces.append(piece if ended else piece + "\n\\ No newline at end of file\n")
    return "".join(pieces)
