"""The peak of a step, replayed, beside the peak that torch's own tracker sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapelint.cli import main
from shapelint.engine.config import Settings
from shapelint.engine.memory import Request
from shapelint.engine.summarize import summarize
from shapelint.memory.replay import Setting
from shapelint.memory.storage import Array, Meter, Storage, rows, viewed
from shapelint.report import Peak
from tests.memory.models import MODELS

HERE = Path(__file__).parent


def replayed(expression: str, batch: int, optimizer: str | None) -> Peak:
    shape, dtype = MODELS[expression]
    setting = Setting(optimizer is not None, optimizer or "sgd", sums_in_place=False)
    text = ",".join(map(str, (2, *shape))) + f":{dtype}"
    (model,) = summarize(f"{HERE / 'models.py'}:{expression}", [text], Settings(), Request(setting, batch))
    assert model.peak is not None
    return model.peak


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "sgd-momentum", "adamw", None])
@pytest.mark.parametrize("expression", MODELS)
def test_it_is_what_torch_counts(expression: str, optimizer: str | None) -> None:
    from tests.memory import models
    from tests.memory.truth import peak

    shape, dtype = MODELS[expression]
    for batch in (3, 16):
        expected = peak(lambda: eval(expression, vars(models)), {"0": ((batch, *shape), dtype)}, optimizer)
        found = replayed(expression, batch, optimizer)
        assert found.partial == ()
        assert found.total_bytes is not None
        assert sum(found.parts.values()) == found.total_bytes
        assert abs(found.total_bytes - expected) <= 0.01 * expected, (found.total_bytes, expected, found)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = f"{HERE / 'models.py'}:Cnn()"
    given = ["summary", target, "--input", "2,3,32,32", "--isolated", "--depth", "1", "--optimizer", "adam"]
    assert main([*given, "--batch", "64", "--fits", "64MiB"]) == 0
    out = capsys.readouterr().out
    found = replayed("Cnn()", 64, "adam")
    assert found.total_bytes is not None
    assert f"peak        {found.total_bytes / 2**20:.1f} MiB (training with adam, batch 64: parameters" in out
    assert main([*given, "--batch", "640", "--fits", "64MiB"]) == 1
    assert "does not fit into 64.0 MiB; the largest batch that does is " in capsys.readouterr().out
    assert main([*given, "--fits", "1KiB", "--output-format", "json"]) == 1
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert model["peak"]["fits"] is False
    assert model["peak"]["largest_batch"] == 0


def test_sums_in_place() -> None:
    """Eager torch adds a second gradient into the first; under a dispatch mode a fresh tensor is made, which can only be more."""
    shape, dtype = MODELS["ResNet()"]
    text = ",".join(map(str, (8, *shape))) + f":{dtype}"
    totals = []
    for in_place in (True, False):
        request = Request(Setting(sums_in_place=in_place))
        (model,) = summarize(f"{HERE / 'models.py'}:ResNet()", [text], Settings(), request)
        assert model.peak is not None and model.peak.total_bytes is not None
        totals.append(model.peak.total_bytes)
    assert totals[0] <= totals[1]


def test_the_largest_batch_is_the_largest() -> None:
    shape, dtype = MODELS["Cnn()"]
    text = ",".join(map(str, (2, *shape))) + f":{dtype}"
    limit = 64 << 20

    def at(batch: int) -> Peak:
        request = Request(Setting(optimizer="adam"), batch, limit)
        (model,) = summarize(f"{HERE / 'models.py'}:Cnn()", [text], Settings(), request)
        assert model.peak is not None
        return model.peak

    largest = at(1).largest_batch
    assert largest is not None and largest > 1
    assert at(largest).fits is True
    assert at(largest + 1).fits is False


def test_the_formula_is_the_peak() -> None:
    """Bytes as a + b*N where the batch has a name."""
    target = f"{HERE / 'models.py'}:ViT()"
    request = Request(Setting(optimizer="adam"))
    (model,) = summarize(target, ["B,3,32,32"], Settings(), request)
    assert model.peak is not None and model.peak.formula is not None
    assert model.peak.formula_from is not None
    for batch in (model.peak.formula_from, 200):
        (other,) = summarize(target, [f"{batch},3,32,32"], Settings(), request)
        assert other.peak is not None
        assert eval(model.peak.formula, {"N": batch}) == other.peak.total_bytes


def test_an_operation_without_a_rule_makes_it_partial(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(4, 4)\n    def forward(self, x):\n        return torch.fft.fft(self.fc(x)).real\n"
    )
    (model,) = summarize(f"{path}:Net()", ["2,4"], Settings(), Request(Setting()))
    assert model.peak is not None
    assert model.peak.partial[0] == "torch.fft.fft: there is no rule for what it keeps"


def test_views() -> None:
    meter = Meter()
    base = Array(Storage(meter, 96), (2, 3, 4), rows((2, 3, 4)), 4)
    assert viewed(base, (6, 4)) == (4, 1)
    assert viewed(base, (2, 12)) == (12, 1)
    turned = base.view((2, 4, 3), (12, 1, 4))
    assert viewed(turned, (2, 12)) is None
    assert viewed(turned, (2, 2, 2, 3)) == (12, 2, 1, 4)
    wide = base.view((2, 5, 3, 4), (12, 0, 4, 1))
    assert viewed(wide, (2, 5, 12)) == (12, 0, 1)
    assert viewed(wide, (10, 12)) is None
    del base, turned, wide
    assert (meter.total, meter.peak) == (0, 96)
