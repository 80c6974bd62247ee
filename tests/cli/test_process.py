"""The command as a process: pipes that close, disks that are full, encodings that lack a sign, what is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SRC = str(Path(__file__).parents[2] / "src")


def run(
    *arguments: str, stdin: str | None = None, stdout: int | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": SRC, **environment}
    return subprocess.run(
        [sys.executable, "-m", "shapelint", *arguments],
        input=stdin,
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        timeout=60,
    )


def test_a_closed_pipe_is_quiet() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        for arguments in (["--help"], ["version"], ["--version"]):
            assert run(*arguments, stdout=write).stderr == ""
    finally:
        os.close(write)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_full_disk_is_said() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        for arguments, stdin in (
            (["version"], None),
            (["-"], "x = 1\n"),
            (["-", "--output-format", "json"], "x\n"),
        ):
            done = run(*arguments, stdin=stdin, stdout=full)
            assert done.returncode == 2
            assert done.stderr == "shapelint: cannot write the output: No space left on device\n"
    finally:
        os.close(full)


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_closed_streams() -> None:
    env = {**os.environ, "PYTHONPATH": SRC}
    for close in (">&-", "<&-", "2>&-", ">&- 2>&- <&-"):
        command = f"{sys.executable} -m shapelint - {close}"
        done = subprocess.run(["sh", "-c", command], env=env, capture_output=True, text=True, timeout=60)
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 2)


def test_an_ascii_terminal() -> None:
    source = "from shapelint.cli.output import write\nwrite(['\\u2717 caf\\u00e9 \\u2192 \\U0001f600 \\udce9\\n'])\n"
    env = {**os.environ, "PYTHONPATH": SRC, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", source], env=env, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("x caf\\xe9 -> \\U0001f600 \\udce9\n", "")


def _imported(folder: Path, *arguments: str, stdin: str = "") -> set[str]:
    source = (
        "import sys\nfrom shapelint.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    env = {**os.environ, "PYTHONPATH": SRC}
    done = subprocess.run(
        [sys.executable, "-c", source, *arguments],
        input=stdin,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split("\n"))


HEAVY = {"libcst", "rich", "torch", "numpy", "tomllib", "asyncio", "concurrent.futures", "difflib"}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["-"]])
def test_what_needs_no_analysis_imports_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert _imported(tmp_path, *arguments, stdin="import os\n") & HEAVY == set()


def test_progress_goes_to_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from shapelint.cli.output import Progress

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for name in ("CI", "PRE_COMMIT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for stream, quiet, seen in (
        (Terminal(), False, True),
        (Terminal(), True, False),
        (io.StringIO(), False, False),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        with Progress("checking", quiet):
            assert ("checking" in stream.getvalue()) is seen
        assert stream.getvalue().endswith(" \r") is seen
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    with Progress("checking", False):
        assert stream.getvalue() == ""
