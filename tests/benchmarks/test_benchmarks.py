"""The benchmarks measure what they say: costs of whole processes, programs that are programs, tables that tell what holds.

Nothing here depends on how fast anything is.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

from benchmarks import claims, programs
from benchmarks.__main__ import main
from benchmarks.chain import chain_of
from benchmarks.context import Context, files_of, tree_of
from benchmarks.growth import exponent
from benchmarks.measure import BenchmarkProblem, Contender, Cost, compared, cost_of
from benchmarks.table import Table, costs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are measured as POSIX has them")

BUSY = "import time\nend = time.process_time() + {0}\nwhile time.process_time() < end: pass\n"


def busy(seconds: float, name: str = "busy") -> Contender:
    return Contender(name, (sys.executable, "-c", BUSY.format(seconds)))


def test_children_are_counted() -> None:
    child = (
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY.format(0.4)!r}], check=True)"
    )
    assert cost_of(Contender("parent", (sys.executable, "-c", child))).cpu > 0.4
    assert cost_of(busy(0.4)).wall > 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans over")
def test_children_that_are_left_behind_are_counted() -> None:
    child = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {BUSY.format(0.4)!r}])"
    assert cost_of(Contender("parent", (sys.executable, "-c", child))).cpu > 0.4


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
def test_the_longest_chain_leaves_out_what_runs_beside_it() -> None:
    two = (
        "import subprocess, sys\n"
        f"both = [subprocess.Popen([sys.executable, '-c', {BUSY.format(0.8)!r}]) for _ in range(2)]\n"
        "for one in both: one.wait()"
    )
    assert 0.5 < chain_of(Contender("two", (sys.executable, "-c", two))) < 1.5


def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(BenchmarkProblem, match="no such thing"):
        cost_of(Contender("wrong", (sys.executable, "-c", "raise SystemExit('no such thing')")))


def test_runs_are_taken_in_turn(tmp_path: Path) -> None:
    log = tmp_path / "log"
    contenders = [
        Contender(name, (sys.executable, "-c", f"open({str(log)!r}, 'a').write({name!r})")) for name in "ab"
    ]
    assert set(compared(contenders, 3)) == {"a", "b"}
    assert log.read_text() == "ab" * 4  # one to warm up


@pytest.mark.parametrize("lines", [60, 250, 1000])
def test_programs_have_the_length_that_was_asked_for(lines: int) -> None:
    text = programs.model_file(lines, seed=1)
    assert text.count("\n") == lines and "torch" in text
    ast.parse(text)
    plain = programs.plain_file(lines)
    assert "torch" not in plain and lines - 20 < plain.count("\n") <= lines
    ast.parse(plain)


def test_what_is_wrong_with_the_programs_is_nothing(tmp_path: Path) -> None:
    import shapelint

    path = tmp_path / "model.py"
    path.write_text(programs.model_file(600))
    assert shapelint.check(path) == []
    path.write_text(programs.RESNET50)
    (model,) = shapelint.summarize(f"{path}:resnet50()", ["1,3,224,224"])
    assert (model.params.total, model.macs) == (25_557_032, 4_089_184_256)


def test_growth_is_fitted() -> None:
    sizes = (10, 20, 40, 80)
    assert exponent(sizes, [3.0 * s for s in sizes]) == pytest.approx(1)
    assert exponent(sizes, [0.1 * s**2 for s in sizes]) == pytest.approx(2)


def test_a_table_says_what_holds() -> None:
    table = costs({"floor": Cost(2, 3, 2**20), "ours": Cost(3, 4, 2**21)}, "floor")
    table.verdict("ours", 1.5, 1.5)
    table.verdict("speed", 9, 10, at_least=True)
    assert "| ours | 3.00 | 4.00 | 2 MiB | 1.5 |" in table.text()
    assert table.verdicts[0].endswith("holds") and table.verdicts[1].endswith("**missed**")


def test_files_of_a_tree_are_spread_over_it(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"f{number}.py").touch()
    assert [f.name for f in files_of(tmp_path, 3)] == ["f0.py", "f3.py", "f6.py"]
    assert len(files_of(tmp_path, 99)) == 10
    with pytest.raises(BenchmarkProblem, match="not installed"):
        tree_of("no_such_package_anywhere/models")


@pytest.mark.parametrize("name", [found.name for found in pkgutil.iter_modules(claims.__path__)])
def test_every_claim_says_what_it_claims(name: str) -> None:
    claim = importlib.import_module(f"benchmarks.claims.{name}")
    assert claim.__doc__ and callable(claim.measured)


def test_the_command_prints_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.claims import cold_file

    def measured(context: Context) -> Table:
        found = compared([busy(0.01, "a"), context.shapelint("version", name="b")], context.repeat)
        return costs(found, "a")

    monkeypatch.setattr(cold_file, "measured", measured)
    assert main(["cold-file", "--cache", str(tmp_path), "--repeat", "1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("## cold-file\n\nOne model file of 1,000 lines") and "| b | " in out
    assert "shapelint 0" in out and "Python 3" in out
