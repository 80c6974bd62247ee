"""`shapelint check`: what is asked of the engine, what is written where, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapelint.render import CHECK_FORMATS
from shapelint.report import CheckReport, Failure
from tests.cli.conftest import Engine, Shell
from tests.render.reports import BUG, FAILURE, INFO, VIEW, WARNING


def test_nothing_found(shell: Shell, engine: Engine) -> None:
    done = shell("check", "a.py", "b")
    assert (done.status, done.out, done.err) == (0, "No problems found in 1 file.\n", "")
    assert engine.calls[0][:2] == ("paths", ["a.py", "b"])


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (CheckReport((VIEW,), 1), 1),
        (CheckReport((WARNING,), 1), 1),
        (CheckReport((INFO,), 1), 0),
        (CheckReport((VIEW,), 1, (FAILURE,)), 2),
        (CheckReport((), 1, (BUG,)), 2),
    ],
)
def test_status(shell: Shell, engine: Engine, report: CheckReport, status: int) -> None:
    engine.report = report
    for form in CHECK_FORMATS:
        assert shell("check", "a.py", "--output-format", form).status == status
    assert shell("a.py", "--exit-zero").status == (2 if report.failures else 0)


def test_failures_go_to_stderr_and_findings_are_still_printed(shell: Shell, engine: Engine) -> None:
    engine.report = CheckReport((VIEW,), 1, (FAILURE, BUG))
    done = shell("check", "a.py", "--output-format", "concise")
    assert done.out.startswith("net.py:28:13: SHP201 view")
    assert done.err.splitlines() == [
        "shapelint: gone.py: no such file or folder",
        "shapelint: odd.py:3: internal error (a bug of shapelint; please report it): KeyError: 'x'",
    ]


def test_a_bare_path_is_checked(shell: Shell, engine: Engine) -> None:
    for arguments in (["a.py"], ["--select", "SHP2", "a.py"], ["--", "a.py"], ["-q", "a.py"]):
        shell(*arguments)
        assert engine.calls[-1][:2] == ("paths", ["a.py"])
    shell("check")
    assert engine.calls[-1][:2] == ("paths", ["."])


def test_selection_reaches_the_engine(shell: Shell, engine: Engine) -> None:
    shell("a.py", "--select", "SHP2, SHP301", "--select", "told", "--ignore", "SHP201", "--extend-select", "ALL",
          "--extend-ignore", "SHP4", "--per-file-ignores", "tests/*:SHP2,SHP301 old.py:SHP1", "--exclude", "x,y",
          "--extend-exclude", "z", "--force-exclude", "--no-cache", "--cache-dir", "/c", "--why")  # fmt: skip
    s = engine.settings
    assert s.select == ("SHP2", "SHP301", "told")
    assert s.ignore == ("SHP201",)
    assert s.extend_select == ("ALL",)
    assert s.extend_ignore == ("SHP4",)
    assert s.per_file_ignores == (("tests/*", ("SHP2", "SHP301")), ("old.py", ("SHP1",)))
    assert s.exclude == ("x", "y") and s.extend_exclude == ("z",)
    assert s.force_exclude and s.why and not s.cache and s.cache_dir == "/c"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--select", "view-folds-bach"],
            "there is no rule `view-folds-bach`; did you mean `view-folds-batch`?",
        ),
        (["--ignore", "SHP777"], "there is no rule `SHP777`"),
        (["--ignore", "F401"], "`F401` is neither a code"),
        (["--per-file-ignores", "SHP201"], "takes PATTERN:RULE"),
        (["--config", "none.toml"], "cannot read none.toml"),
        (["--config", "none.toml", "--isolated"], "exclude each other"),
    ],
)
def test_bad_settings(shell: Shell, engine: Engine, arguments: list[str], message: str) -> None:
    done = shell("check", "a.py", *arguments)
    assert done.status == 2 and message in done.err and not done.out and not engine.calls


@pytest.mark.parametrize(
    "arguments", [["--selct", "x"], ["--output-format", "yaml"], ["-", "a.py"], ["--fixx"], ["--stat"]]
)
def test_bad_usage(shell: Shell, engine: Engine, arguments: list[str]) -> None:
    done = shell("check", "a.py", *arguments)
    assert done.status == 2 and "usage: shapelint" in done.err and not engine.calls


def test_configuration_is_found_above_the_path(shell: Shell, engine: Engine) -> None:
    Path("pyproject.toml").write_text('[tool.shapelint]\nignore = ["SHP201"]\n')
    Path("sub").mkdir()
    Path("sub/a.py").write_text("")
    shell("check", "sub/a.py")
    assert engine.settings.ignore == ("SHP201",)
    shell("check", "sub/a.py", "--isolated")
    assert engine.settings.ignore == ()
    Path("pyproject.toml").write_text('[tool.shapelint]\nignroe = ["SHP201"]\n')
    done = shell("check", "sub/a.py")
    assert (done.status, done.err) == (
        2,
        "shapelint: pyproject.toml: unknown key `ignroe`; did you mean `ignore`?\n",
    )


# ---- stdin


def test_stdin(shell: Shell, engine: Engine) -> None:
    engine.report = CheckReport((VIEW,), 1)
    source = "import torch\n" + "\n" * 26 + "        x = é.view(-1, 32 * 8 * 8)\r\n"
    done = shell("check", "-", "--stdin-filename", "net.py", stdin=source.encode())
    assert done.status == 1
    kind, path, text, _ = engine.calls[0]
    assert (kind, path, text) == ("text", "net.py", source)
    assert "|         x = é.view(-1, 32 * 8 * 8)     x: [49*B, 2048]" in done.out


def test_stdin_has_a_name_of_its_own_and_an_encoding(shell: Shell, engine: Engine) -> None:
    shell("-", stdin=b"# -*- coding: latin-1 -*-\nimport torch # \xe9\n")
    assert engine.calls[0][:3] == ("text", "stdin", "# -*- coding: latin-1 -*-\nimport torch # \xe9\n")
    shell("check", "--stdin-display-name", "x.py", stdin=b"\xef\xbb\xbfimport torch\n")
    assert engine.calls[1][:3] == ("text", "x.py", "import torch\n")


def test_stdin_that_is_no_source(shell: Shell, engine: Engine) -> None:
    done = shell("-", stdin=b"torch \xff\n")
    assert done.status == 2 and "stdin:1: is not UTF-8" in done.err and not engine.calls


def test_stdin_without_torch_asks_no_engine(shell: Shell, engine: Engine) -> None:
    assert shell("-", stdin=b"import os\n").status == 0
    assert not engine.calls


def test_an_excluded_buffer_is_left_out_when_that_is_forced(shell: Shell, engine: Engine) -> None:
    for extra, asked in (([], 1), (["--force-exclude"], 1)):
        shell("-", "--stdin-filename", "build/a.py", *extra, stdin=b"import torch\n")
        assert len(engine.calls) == asked


# ---- what is shown


def test_json_on_stdout_is_only_json(shell: Shell, engine: Engine) -> None:
    engine.report = CheckReport((VIEW,), 1, (FAILURE,))
    done = shell("a.py", "--output-format", "json", "--verbose")
    assert json.loads(done.out)["failures"] == [{"path": "gone.py", "message": "no such file or folder"}]
    assert "checked 1 file(s)" in done.err


def test_quiet_statistics_and_the_environment(
    shell: Shell, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.report = CheckReport((VIEW, VIEW), 1)
    assert "Found" not in shell("a.py", "-q").out
    assert shell("a.py", "--statistics").out == "2  SHP201  view-folds-batch\nFound 2 errors in 1 file.\n"
    monkeypatch.setenv("SHAPELINT_OUTPUT_FORMAT", "concise")
    assert shell("a.py").out.count("\n") == 2
    monkeypatch.setenv("SHAPELINT_OUTPUT_FORMAT", "conc")
    assert shell("a.py").status == 2


def test_colour(shell: Shell, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.report = CheckReport((VIEW,), 1)
    assert "\x1b" not in shell("a.py").out
    assert "\x1b" in shell("a.py", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in shell("a.py").out
    assert "\x1b" not in shell("a.py", "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in shell("a.py").out


# ---- when things go wrong


def test_an_interrupt_is_said_briefly(shell: Shell, engine: Engine) -> None:
    engine.fails = KeyboardInterrupt()
    done = shell("a.py")
    assert (done.status, done.out, done.err) == (130, "", "shapelint: interrupted\n")


@pytest.mark.parametrize("problem", [RuntimeError("odd\nthing"), RecursionError("deep"), MemoryError()])
def test_a_bug_is_said_without_a_traceback(shell: Shell, engine: Engine, problem: Exception) -> None:
    engine.fails = problem
    done = shell("a.py")
    assert done.status == 2 and done.err.count("\n") == 1
    assert f"internal error: {type(problem).__name__}" in done.err


def test_paths_that_are_not_there(shell: Shell, engine: Engine) -> None:
    engine.discovers = True
    Path("empty").mkdir()
    Path("a.py").write_text("")
    done = shell("a.py", "none.py", "empty")
    assert done.status == 2
    assert done.err.splitlines() == [
        "shapelint: none.py: no such file or folder",
        "shapelint: empty: no Python files under empty",
    ]
    assert shell("a.py", "x\0y").status == 2


def test_a_failure_of_many_lines_is_one_line(shell: Shell, engine: Engine) -> None:
    engine.report = CheckReport((), 0, (Failure("a\x1b.py", "x\ny"),))
    assert shell("a.py").err == "shapelint: a\ufffd.py: x y\n"
