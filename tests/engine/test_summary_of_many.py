"""A loop that builds and calls a network in each turn: some are summarised, and how many more there are is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelint.api import summarize

NETS = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(3, width)
    def forward(self, x):
        return self.fc(x)
for width in range(1, {}):
    Net(width)(torch.randn(2, 3))
"""


def test_all_of_a_few(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(NETS.format(8))
    told = summarize(str(path))
    assert [s.params.total for s in told] == [4 * width for width in range(1, 8)]
    assert [s.input_note for s in told] == [None] * 7


def test_some_of_many(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(NETS.format(100))
    told = summarize(str(path))
    assert len(told) == 20 and told[-1].params.total == 80
    assert [s.input_note for s in told[:-1]] == [None] * 19
    assert told[-1].input_note == "79 more networks are called there"


def test_some_of_a_file_of_thousands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.py"
    lines = [f"x = nn.Linear({i}, {i + 1})(x)\n" for i in range(1, 13)]
    path.write_text("import torch\nfrom torch import nn\nx = torch.zeros(2, 1)\n" + "".join(lines))
    assert len(summarize(str(path))) == 12
    monkeypatch.setattr("shapelint.engine.summarize._MOST_READ", 250)
    told = summarize(str(path))
    assert 0 < len(told) < 12
    assert (
        told[-1].input_note
        == f"{12 - len(told)} more networks of this file are left out: {path}:NAME tells one"
    )


def test_a_class_that_a_loop_defines_anew_counts_as_one(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    head, body = NETS.split("class Net", 1)
    body = ("class Net" + body).split("for width", 1)[0]
    inner = "".join(f"    {line}\n" for line in body.splitlines())
    path.write_text(head + f"for width in range(1, 31):\n{inner}    Net(width)(torch.randn(2, 3))\n")
    told = summarize(str(path))
    assert len(told) == 20 and told[-1].input_note == "10 more networks are called there"


def test_an_input_that_holds_itself_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(3, 4)\n    def forward(self, x):\n        self.fc(x['a'])\n        return x\n"
        "given = {'a': torch.ones(2, 3)}\ngiven['self'] = given\nnet = Net()\nnet(given)\n"
    )
    [told] = summarize(str(path))
    assert told.params.total == 16 and told.outputs is None
    assert "it holds itself" in str(told.unknown)
    [layer] = [row for row in told.layers if row.name == "fc"]
    assert layer.output == ((2, 4),)  # what is within reach is told
