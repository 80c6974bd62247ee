"""What people read: one line a finding, the frame, the closing line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from shapelint.render import render_check
from shapelint.render.sources import Sources
from shapelint.render.style import PLAIN, Style, safe, width
from shapelint.render.text import closing, statistics
from shapelint.report import CheckReport, Diagnostic, TrailStep
from tests.render.reports import FAILURE, INFO, NET, NOTHING, REPORT, VIEW, WARNING


def full(diagnostic: Diagnostic, **sources: str) -> str:
    given = Sources({name.replace("_", "."): text for name, text in sources.items()})
    return "".join(render_check(CheckReport((diagnostic,), 1), "full", given))


def test_the_flagship_case_reads_as_designed() -> None:
    assert full(VIEW, net_py=NET) == (
        "net.py:28:13: SHP201 view(-1, 32 * 8 * 8) makes 49 rows of every sample: it has 100352 values, not 2048\n"
        "   25 |         x = self.pool2(x)              x: [B, 32, 56, 56]\n"
        "   28 |         x = x.view(-1, 32 * 8 * 8)     x: [49*B, 2048]\n"
        "      |             ^^^^^^^^^^^^^^^^^^^^^^\n"
        "   fits: an input of 32 to 35 pixels\n"
        "         torch.flatten(x, 1) with nn.Linear(32 * 56 * 56, 64)\n"
        "\n"
    )


def test_concise_is_one_line_a_finding_that_quickfix_lists_parse() -> None:
    lines = "".join(render_check(REPORT, "concise")).splitlines()
    assert len(lines) == len(REPORT.diagnostics)
    for line, d in zip(lines, REPORT.diagnostics, strict=True):
        place = re.match(r"([^:]+):(\d+):(\d+): (SHP\d{3}) (.+)", line)
        assert place is not None
        assert place.groups()[:4] == (d.path, str(d.line), str(d.column), d.code)


def test_a_finding_whose_file_is_gone_still_has_its_trail() -> None:
    text = full(VIEW)
    assert "   25 |      x: [B, 32, 56, 56]" in text
    assert "^" not in text


def test_steps_in_another_file_are_shown_under_its_name() -> None:
    d = replace(VIEW, trail=(TrailStep("lib.py", 2, 1, "y: [B, 4]"), *VIEW.trail))
    lines = full(d, net_py=NET, lib_py="a\ny = f(x)\n").splitlines()
    assert lines[1:4] == [
        "     --> lib.py",
        "    2 | y = f(x)                               y: [B, 4]",
        "     --> net.py",
    ]


def test_columns_are_shown_where_they_are_behind_tabs_and_wide_characters() -> None:
    d = replace(VIEW, line=1, end_line=1, column=9, end_column=10, trail=(), fits=())
    # tab (8 cells), then 名 (2 cells each), an accent that combines
    text = full(d, net_py="\tx='名e\u0301'+y\n")
    code, carets = text.splitlines()[1:3]
    assert code.split("| ")[1].index("+") == 8 + 3 + 1 + 1 + 1 + 1  # as code points
    assert carets.split("| ")[1] == " " * (8 + 3 + 2 + 1 + 0 + 1) + "^"


def test_a_span_of_several_lines_is_underlined_on_its_first() -> None:
    d = replace(VIEW, line=1, column=5, end_line=3, end_column=2, trail=())
    assert full(d, net_py="x = f(\n  1,\n)\n").splitlines()[1:3] == ["    1 | x = f(", "      |     ^^"]


@pytest.mark.parametrize("column", [3, 90, 5_000, 9_990])
def test_a_very_long_line_is_cut_around_the_span(column: int) -> None:
    source = "".join(chr(97 + i % 26) for i in range(10_000))
    d = replace(VIEW, line=1, end_line=1, column=column, end_column=column + 5, trail=())
    code, carets = full(d, net_py=source + "\n").splitlines()[1:3]
    assert len(code) < 120
    start = carets.index("^")
    assert code[start : start + 5] == source[column - 1 : column + 4]


def test_nothing_in_a_file_can_drive_the_terminal() -> None:
    d = replace(
        VIEW,
        path="a\x1b]0;x\x07.py",
        message="m \x1b[31m \u202e",
        line=1,
        end_line=1,
        trail=(),
        fits=("\x9b2J",),
    )
    text = "".join(
        render_check(
            CheckReport((d,), 1), "full", Sources({d.path: "x = '\x1b[2J\x07\u202e'\n"}), Style(False)
        )
    )
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_a_column_behind_the_end_of_a_line_is_no_error() -> None:
    d = replace(VIEW, line=1, end_line=1, column=400, end_column=500)
    assert "SHP201" in full(d, net_py="x\n")


def test_colour_changes_nothing_but_colour() -> None:
    sources = Sources({"net.py": NET})
    painted = "".join(render_check(REPORT, "full", sources, Style(True)))
    assert re.sub("\x1b\\[[0-9;]*m", "", painted) == "".join(render_check(REPORT, "full", sources))
    assert "\x1b[" in painted


def test_closing_line() -> None:
    assert closing(NOTHING, PLAIN) == "No problems found in 3 files."
    assert (
        closing(CheckReport((), 0, (FAILURE,)), PLAIN)
        == "No problems found in what could be checked (0 files)."
    )
    assert closing(REPORT, PLAIN) == "Found 2 errors, 1 warning and 1 info in 5 files."
    assert closing(CheckReport((WARNING,), 1), PLAIN) == "Found 1 warning in 1 file."


def test_statistics() -> None:
    report = CheckReport((VIEW, VIEW, INFO), 1)
    assert list(statistics(report, PLAIN)) == ["2  SHP201  view-folds-batch\n", "1  SHP401  told\n"]
    assert list(statistics(NOTHING, PLAIN)) == []


def test_width_and_safe() -> None:
    assert width("a名e\u0301") == 4
    assert safe("a\nb\tc\x00") == "a b c\ufffd"
