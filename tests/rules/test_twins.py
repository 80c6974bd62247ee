"""Programs as people write them, each with its mended twin: the bug is found at its line, the twin is silent, torch agrees.

A file of `twins/` holds one family. A program begins with `=== name [flags]`; the first column of a line says which twin has
it: `-` the buggy one, `+` the mended one, a space both; `!` both, and it is where the bug is told, as are lines with `-`.
The flag "raises" says that torch refuses the buggy twin, "norun" that what it imports is not installed, "hint" that it is
told as information only.
"""

from __future__ import annotations

import contextlib
import io
import re
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text

FOLDER = Path(__file__).parent / "twins"


@dataclass(frozen=True)
class Twins:
    name: str
    flags: frozenset[str]
    body: str

    def text(self, side: str) -> str:
        other = "+" if side == "-" else "-"
        return "".join(f"{line[1:]}\n" for line in self.body.splitlines() if not line.startswith(other))

    @property
    def lines(self) -> set[int]:
        """The lines of the buggy twin where its bug may be told."""
        kept = [line for line in self.body.splitlines() if not line.startswith("+")]
        return {n for n, line in enumerate(kept, 1) if line[:1] in ("!", "-")}


def programs() -> list[object]:
    found: list[object] = []
    for path in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]:
            head, _, body = part.partition("\n")
            name, _, flags = head.partition(" [")
            twins = Twins(name, frozenset(flags.rstrip("]").split()), body)
            found.append(pytest.param(twins, id=f"{path.stem}: {name}"))
    return found


PROGRAMS = programs()


def told(text: str, *levels: str) -> list[tuple[int, str]]:
    return [(d.line, d.rule) for d in analyse(from_text("p.py", text)).diagnostics if d.severity in levels]


@pytest.mark.parametrize("twins", PROGRAMS)
def test_the_bug_is_told_at_its_line_and_nothing_else(twins: Twins) -> None:
    loud = told(twins.text("-"), "error", "warning")
    found = loud if "hint" not in twins.flags else told(twins.text("-"), "info")
    assert {line for line, _ in found} & twins.lines, f"not told: lines {sorted(twins.lines)}"
    assert [row for row in loud if row[0] not in twins.lines] == []


@pytest.mark.parametrize("twins", PROGRAMS)
def test_the_mended_twin_is_silent(twins: Twins) -> None:
    assert told(twins.text("+"), "error", "warning") == []


@pytest.mark.parametrize("twins", PROGRAMS)
def test_torch_agrees(twins: Twins) -> None:
    if "norun" in twins.flags:
        pytest.skip("what it imports is not installed")
    run(twins.text("+"))
    if "raises" not in twins.flags:
        run(twins.text("-"))
        return
    with pytest.raises(Exception) as raised:
        run(twins.text("-"))
    stack = traceback.extract_tb(raised.value.__traceback__)
    assert {frame.lineno for frame in stack if frame.filename == "p.py"} & twins.lines


def run(text: str) -> None:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        exec(compile(text, "p.py", "exec", dont_inherit=True), {"__name__": "__main__"})
