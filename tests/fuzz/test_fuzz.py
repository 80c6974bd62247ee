"""The fuzz command: some programs of every source are read and nothing goes wrong; what does go wrong is noticed, shown and made shorter."""

from __future__ import annotations

import base64
import importlib.util
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

import shapelint.engine.analyse as analysis
from tests.fuzz import grammar
from tests.fuzz.examine import examine, thoroughness
from tests.fuzz.hands import Hand
from tests.fuzz.program import Program
from tests.fuzz.shrink import shrunk
from tests.fuzz.sources import SOURCES, make, plan
from tests.fuzz.tally import Tally

ALL = frozenset(("again", "afresh", "rendered", "fixed", "flake8", "summary"))
NET = b"import torch\nfrom torch import nn\nnet = nn.Linear(3, 4)\nnet(torch.zeros(2, 5))\n"


@pytest.mark.parametrize(("source", "number"), [(s, n) for s in ("odd", "mutated") for n in range(24)])
def test_nothing_goes_wrong(source: str, number: int) -> None:
    program = make(source, 7, number)
    assert program is not None
    assert examine(program, ALL if number % 4 == 0 else thoroughness(number)).problems == []


@pytest.mark.parametrize("number", range(4))
def test_files_that_are_installed(number: int) -> None:
    for source in ("plain", "opened"):
        program = make(source, 0, number * 97)
        assert program is not None and examine(program).problems == []


@pytest.mark.parametrize("number", range(3))
def test_bombs(number: int) -> None:
    hand = Hand(20, 2_048)
    found = hand.ask({"source": "bombs", "seed": 3, "number": number})
    hand.close()
    assert found["problems"] == [] and found["seconds"] < 20


@pytest.mark.skipif(not grammar.available(), reason="hypothesmith is not installed")
def test_programs_of_the_grammar() -> None:
    for number in range(2):
        program = make("grammar", 0, number)
        assert program is None or examine(program).problems == []


def test_a_program_is_made_of_source_seed_and_number() -> None:
    for source in ("odd", "mutated", "bombs"):
        assert make(source, 1, 5) == make(source, 1, 5) != make(source, 2, 5)


def test_programs_are_mostly_python_and_mostly_evaluated() -> None:
    states = [examine(p).state for n in range(30) if (p := make("odd", 5, n)) is not None]
    assert states.count("read") == 30
    states = [examine(p).state for n in range(30) if (p := make("mutated", 5, n)) is not None]
    assert states.count("read") >= 15


def test_the_plan_has_every_source_and_as_many_programs_as_asked_for() -> None:
    planned = plan(1_000, (), 0)
    assert len(planned) == len(set(planned)) == 1_000
    assert {source for source, _ in planned} >= set(SOURCES) - {"grammar"}
    assert {source for source, _ in plan(10, ("odd",), 0)} == {"odd"}


# ---- what goes wrong is noticed


def broken(monkeypatch: pytest.MonkeyPatch, by: Any) -> None:
    real = analysis.analyse
    monkeypatch.setattr(analysis, "analyse", lambda file: by(real(file)))


def test_an_internal_error_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(found: Any) -> Any:
        raise KeyError("x")

    broken(monkeypatch, fails)
    (problem,) = examine(Program("stdin", NET)).problems
    assert problem.kind == "internal" and "KeyError" in problem.text


def test_a_place_outside_the_text_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    def shifted(found: Any) -> Any:
        found.diagnostics = [replace(d, line=d.line + 1, end_line=d.end_line + 1) for d in found.diagnostics]
        return found

    assert [p.kind for p in examine(Program("stdin", NET)).problems] == []
    broken(monkeypatch, shifted)
    assert {p.kind for p in examine(Program("stdin", NET)).problems} == {"place"}


def test_a_result_that_changes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter(range(10))

    def changing(found: Any) -> Any:
        if next(turns):
            found.diagnostics = []
        return found

    broken(monkeypatch, changing)
    assert [p.kind for p in examine(Program("stdin", NET), frozenset(["again"])).problems] == ["unsteady"]


SLEEPER = "import sys, time\nfor line in sys.stdin:\n    time.sleep(100)\n"
SPINNER = "import sys\nfor line in sys.stdin:\n    while True: pass\n"
QUITTER = "import sys\nsys.stdin.readline()\nsys.exit(3)\n"


@pytest.mark.parametrize(("worker", "kind"), [(SLEEPER, "timeout"), (SPINNER, "timeout"), (QUITTER, "died")])
def test_a_worker_that_hangs_or_dies_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, worker: str, kind: str
) -> None:
    import tests.fuzz.hands as hands

    (tmp_path / "tests" / "fuzz").mkdir(parents=True)
    for name in ("tests", "tests/fuzz"):
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "tests" / "fuzz" / "worker.py").write_text(worker)
    monkeypatch.setattr(hands, "_ROOT", str(tmp_path))
    monkeypatch.setattr(hands, "_WALL", 20.0)
    monkeypatch.setattr(hands, "_SPARE", 0.2)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    hand, started = Hand(0.1, 100), time.monotonic()
    found = hand.ask({"source": "odd", "seed": 0, "number": 0})
    hand.close()
    assert [p["kind"] for p in found["problems"]] == [kind] and time.monotonic() - started < 20


def test_a_program_that_takes_too_long_is_noticed() -> None:
    text = b"import torch\ndef f(k): return f(k - 1) + f(k - 2) if k > 1 else 1\nf(60)\n"
    hand = Hand(0.3, 2_048)
    request = {"path": "stdin", "data": base64.b64encode(text).decode(), "thorough": []}
    found = hand.ask(request)
    assert [p["kind"] for p in found["problems"]] == ["timeout"]
    found = hand.ask({**request, "data": base64.b64encode(NET).decode()})
    assert found["problems"] == []
    hand.close()


def test_what_fails_is_made_shorter() -> None:
    text = b"".join(b"line %d\n" % i for i in range(100))
    assert shrunk(text, lambda data: b"line 7\n" in data and b"line 93\n" in data) == b"line 7\nline 93\n"


def test_the_tally_counts_troubles_and_the_slowest() -> None:
    tally = Tally()
    fine = {"state": "read", "problems": [], "seconds": 0.5, "memory": 100, "bytes": 10}
    tally.take("odd:1", "odd", fine)
    bad = {**fine, "problems": [{"kind": "internal", "key": "x", "text": "y"}], "seconds": 2.0, "memory": 300}
    tally.take("odd:2", "odd", bad)
    text = "\n".join(tally.lines())
    assert "2 programs" in text and "1 x internal: x" in text and "300 MiB" in text
    assert text.index("odd:2 (") < text.index("odd:1 (")


def test_hypothesmith_is_one_of_the_tools() -> None:
    pyproject = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert "hypothesmith" in pyproject
    assert grammar.available() is (importlib.util.find_spec("hypothesmith") is not None)


def test_random_programs_need_no_file_of_ours() -> None:
    from tests.fuzz.mutated import mutated

    for number in range(20):
        assert mutated(number, Random(number)).data
