"""`shapelint confirm` and `shapelint check --confirm`: what is printed, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapelint.cli import main
from shapelint.confirm.compare import compare
from shapelint.confirm.process import Outcome
from shapelint.engine import confirm
from shapelint.report import Count, LayerRow, ModelSummary, TensorType

pytest.importorskip("torch")

NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.rnn = nn.LSTM(4, width, batch_first=True)
        self.fc = nn.Linear(width, 2)

    def forward(self, x, scale=1.0):
        return self.fc(self.rnn(x)[0][:, -1]) * scale

def build():
    net = Net(width=6)
    return net(torch.randn(3, 5, 4), scale=0.5)

build()
"""


def test_a_model_that_is_as_it_was_summarised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The model is built within a function, with arguments that only the program knows."""
    path = tmp_path / "net.py"
    path.write_text(NET)
    assert main(["confirm", str(path), "--device", "cpu", "--backward", "--isolated"]) == 0
    out = capsys.readouterr().out
    assert out == (
        f"{path}:Net()  (on cpu)\n   agrees: parameters, trainable parameters, buffers, FLOPs, 3 output shapes\n"
    )


def test_findings_and_models_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.py"
    path.write_text(NET.replace("nn.Linear(width, 2)", "nn.Linear(8, 2)"))
    assert main(["confirm", str(path), "--device", "cpu", "--output-format", "json", "--isolated"]) == 1
    found = json.loads(capsys.readouterr().out)
    (diagnostic,) = found["diagnostics"]
    assert diagnostic["verdict"] == "confirmed"
    assert (
        diagnostic["verdict_note"] == "RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x6 and 8x2)"
    )
    (model,) = found["models"]
    assert model["why_not_run"].startswith("calling it failed: it raised RuntimeError: mat1 and mat2")


def test_checking_with_verdicts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\ntorch.zeros(2, 3) @ torch.zeros(2, 3)\n")
    assert main(["check", "--confirm", str(path), "--device", "cpu", "--isolated", "--no-cache"]) == 1
    shown = capsys.readouterr()
    assert "[confirmed]\n" in shown.out
    assert (
        "   confirmed: RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)\n" in shown.out
    )
    assert "1 confirmed." in shown.err


def test_what_would_not_fit_is_run_on_meta(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Forty gigabytes of weights: only their shapes are made."""
    path = tmp_path / "net.py"
    path.write_text(
        "from torch import nn\ndef build():\n    return nn.Sequential(nn.Linear(100_000, 100_000), nn.ReLU())\n"
    )
    assert main(["confirm", f"{path}:build()", "--input", "2,100000", "--isolated"]) == 0
    out = capsys.readouterr().out
    assert (
        out
        == f"{path}:build()  (on meta)\n   agrees: parameters, trainable parameters, buffers, FLOPs, 3 output shapes\n"
    )


def test_no_torch_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\ntorch.zeros(2, 3) @ torch.zeros(2, 3)\n")
    said = [{"kind": "no-torch", "why": "ModuleNotFoundError: No module named 'torch'"}]
    monkeypatch.setattr(confirm, "run", lambda *a, **k: Outcome("torch cannot be imported", True, said))
    for command in (["confirm"], ["check", "--confirm", "--no-cache"]):
        assert main([*command, str(path), "--isolated"]) == 2
        assert capsys.readouterr().err == (
            "shapelint: confirming needs torch: ModuleNotFoundError: No module named 'torch' "
            "(pip install 'shapelint[torch]')\n"
        )


def test_a_sandbox_that_is_required(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\ntorch.zeros(2, 3) @ torch.zeros(2, 3)\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["confirm", str(path), "--sandbox", "require", "--isolated"]) == 2
    assert "--sandbox=require: there is no bwrap on this machine" in capsys.readouterr().err


def test_what_lies_on_no_disk_is_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check", "--confirm", "-"])
    assert stopped.value.code == 2
    assert "it takes neither stdin nor --fix" in capsys.readouterr().err


def layer(name: str, *shapes: tuple[int | str, ...], status: str = "ok") -> LayerRow:
    return LayerRow(name, "torch.nn.Linear", 1, (), shapes, 1, True, 1, 1, "net.py", status=status)  # type: ignore[arg-type]


def test_differences_are_said() -> None:
    model = ModelSummary(
        "net.py:Net()",
        "Net",
        "net.py",
        1,
        inputs=(TensorType((2, 3), "float32"),),
        outputs=(TensorType(("B", 5), "float32"),),
        params=Count(10, None),
        buffers=3,
        flops=100,
        complete=True,
        layers=(layer("a", (2, 4)), layer("b", (2, 9)), layer("c", status="not-called"), layer("d", (7,))),
    )
    found = compare(
        model,
        {
            "params": 12,
            "trainable": 12,
            "buffers": 3,
            "flops": 90,
            "outputs": [[[2, 6], "float32"]],
            "layers": {"a": [[2, 4]], "b": [[2, 8]], "c": [[1]]},
            "device": "cpu",
        },
    )
    assert found.differences == (
        "parameters: summarised 10, measured 12",
        "FLOPs: summarised 100, measured 90",
        "output: summarised [B, 5] float32, measured [2, 6] float32",
        "b: summarised [2, 9], measured [2, 8]",
        "c: summarised as not called, but it was",
        "d: summarised [7], measured nothing",
    )
    assert found.agreed == ("buffers", "1 output shape")
    assert compare(model, {"why": "import failed"}).why == "import failed"
    symbolic = ModelSummary("t", "Net", None, None, inputs=(TensorType(("B", 3), "float32"),), flops=None)
    assert compare(symbolic, {"flops": 90}).differences == ()
