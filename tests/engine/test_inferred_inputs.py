"""The input that is inferred is one that fits; sizes of the network's own are not chosen for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapelint
from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text

NET = """from torch import nn

class Net(nn.Module):
    def __init__(self, {arguments}):
        super().__init__()
        self.conv = nn.Conv2d({i}, {o}, 5)
        {more}

    def forward(self, x):
        x = self.conv(x)
        return {result}
"""


def summary(tmp_path: Path, **given: str) -> dict[str, Any]:
    path = tmp_path / "net.py"
    path.write_text(
        NET.format(**{"arguments": "i, o", "i": "i", "o": "o", "more": "pass", "result": "x", **given})
    )
    return shapelint.summarize(str(path))[0].to_json()


def test_channels_that_the_constructor_is_given_stay_open(tmp_path: Path) -> None:
    found = summary(tmp_path)
    assert found["inputs"] == [{"shape": ["B", "i", "H", "W"], "dtype": "float32"}]
    assert found["params"]["formula"] == "25*i*o + o"
    assert found["outputs"] == [{"shape": ["B", "o", "H - 4", "W - 4"], "dtype": "float32"}]


def test_the_size_that_a_linear_layer_asks_for_is_found(tmp_path: Path) -> None:
    found = summary(
        tmp_path, i="3", o="8", more="self.fc = nn.Linear(8 * 6 * 6, 10)", result="self.fc(x.flatten(1))"
    )
    assert found["inputs"] == [{"shape": ["B", 3, 10, 10], "dtype": "float32"}]
    assert found["outputs"] == [{"shape": ["B", 10], "dtype": "float32"}]


def test_a_size_that_the_kernel_does_not_fit_is_not_chosen(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        i="3",
        o="8",
        more="self.pool = nn.MaxPool2d(2)",
        result="self.pool(x).mean((2, 3)) + x.mean((2, 3))",
    )
    height = found["inputs"][0]["shape"][2]
    assert not isinstance(height, int) or height >= 6
    assert found["complete"]


def test_a_truth_value_is_a_number_where_a_size_was_worked_out() -> None:
    """Once a size is known from what it met, sizes are put in its terms: a bool that stands beside one is no size."""
    text = (
        "import torch\nfrom torch import nn\n"
        "class Net(nn.Module):\n"
        "    def forward(self, q):\n"
        "        q = torch.ones(3, 4) @ q\n"
        "        n = min(q.shape[0], True) + max(False, q.shape[1]) + sum([True, q.shape[0]])\n"
        "        assert q.shape[1] == True and n == 6 and not q.shape[0] == True\n"
        "        return nn.Linear(1, 2)(q)\n"
    )
    found = analyse(from_text("net.py", text))
    assert found.diagnostics == []


def test_sizes_that_depend_on_values_are_not_known_of_an_input_of_numbers(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(NET.format(arguments="", i="3", o="8", more="pass", result="x, x.nonzero()"))
    found = shapelint.summarize(str(path), ["2,3,9,9"])[0].to_json()
    assert found["outputs"] is None
    assert [u["why"] for u in found["unknown"]] == [
        "the sizes of the input do not tell those of [2, 8, 5, 5], [nonzero, 4]"
    ]
    found = shapelint.summarize(str(path), ["B,3,9,9"])[0].to_json()
    assert [t["shape"] for t in found["outputs"]] == [["B", 8, 5, 5], ["nonzero", 4]]
