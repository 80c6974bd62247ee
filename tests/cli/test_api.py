"""`shapelint.check` and `shapelint.summarize`."""

from __future__ import annotations

from pathlib import Path

import pytest

import shapelint
from shapelint.engine import TargetProblem
from shapelint.report import CheckReport
from tests.cli.conftest import Engine
from tests.render.reports import FAILURE, MODEL, VIEW


def test_check_takes_paths_and_source(engine: Engine, tmp_path: Path) -> None:
    engine.report = CheckReport((VIEW,), 1)
    assert shapelint.check("a.py") == [VIEW]
    assert engine.calls[-1][:2] == ("paths", ["a.py"])
    shapelint.check([tmp_path / "b.py", "c"], select=["SHP2"], ignore=["SHP201"], isolated=True)
    assert engine.calls[-1][:2] == ("paths", [str(tmp_path / "b.py"), "c"])
    assert (engine.settings.select, engine.settings.ignore) == (("SHP2",), ("SHP201",))
    shapelint.check(tmp_path)
    assert engine.calls[-1][:2] == ("paths", [str(tmp_path)])
    shapelint.check("import torch\n")
    assert engine.calls[-1][:3] == ("text", "stdin", "import torch\n")


def test_what_could_not_be_checked_is_raised_with_what_was_found(engine: Engine) -> None:
    engine.report = CheckReport((VIEW,), 1, (FAILURE,))
    with pytest.raises(shapelint.CheckProblem, match=r"gone\.py: no such file") as caught:
        shapelint.check(["a.py", "gone.py"])
    assert caught.value.report.diagnostics == (VIEW,)


def test_summarize(engine: Engine, tmp_path: Path) -> None:
    engine.models = [MODEL]
    (tmp_path / "shapelint.toml").write_text('inputs = { Net = "B,3" }\n')
    target = f"{tmp_path / 'net.py'}:Net(1)"
    assert shapelint.summarize(target, ["B,3,H,W"]) == [MODEL]
    assert engine.calls[-1][:3] == ("summary", target, ["B,3,H,W"])
    assert engine.settings.inputs == {"Net": ("B,3",)}
    shapelint.summarize("torchvision.models:resnet50()", "1,3,224,224", isolated=True)
    assert engine.calls[-1][2] == ["1,3,224,224"]
    with pytest.raises(TargetProblem):
        shapelint.summarize("gone.py")
