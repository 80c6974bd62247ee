"""Which call of a model a file's summary tells of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapelint

HEAD = "import torch\nimport torch.nn as nn\n"
ASKS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear({asked}, 10)
    def size(self, x): return self.f(x).flatten(1).shape[1]
    def encode(self, x): return self.f(x)
    def forward(self, x): return self.fc(self.f(x).flatten(1))
net = Net()
"""


def told(tmp_path: Path, text: str) -> dict[str, Any]:
    path = tmp_path / "net.py"
    path.write_text(HEAD + text)
    return shapelint.summarize(str(path))[0].to_json()


def test_what_a_model_asks_itself_while_it_is_built_is_no_call_of_it(tmp_path: Path) -> None:
    text = ASKS.format(asked="self.size(torch.zeros(1, 3, 8, 8))")
    model = told(tmp_path, text + "y = net(torch.randn(4, 3, 8, 8))\n")
    assert [o["shape"] for o in model["outputs"]] == [[4, 10]]
    assert [i["shape"] for i in model["inputs"]] == [[4, 3, 8, 8]]
    assert model["macs"] == 4 * (36 * 8 * 27 + 288 * 10)


def test_a_call_of_the_model_counts_before_those_of_its_methods(tmp_path: Path) -> None:
    text = ASKS.format(asked="288") + "z = net.encode(torch.randn(2, 3, 8, 8))\n"
    alone = told(tmp_path, text)
    assert [o["shape"] for o in alone["outputs"]] == [[2, 8, 6, 6]]
    model = told(tmp_path, text + "y = net(torch.randn(4, 3, 8, 8))\n")
    assert [o["shape"] for o in model["outputs"]] == [[4, 10]]
