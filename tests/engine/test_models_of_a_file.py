"""Which call of a model a file's summary tells of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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


def test_a_call_in_training_mode_is_told_as_the_model_is_used(tmp_path: Path) -> None:
    text = (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a, self.aux = nn.Linear(3, 4), nn.Linear(3, 2)\n"
        "    def forward(self, x):\n        return (self.a(x), self.aux(x)) if self.training else self.a(x)\n"
        "net = Net()\ny = net(torch.randn(5, 3))\n"
    )
    model = told(tmp_path, text)
    assert [o["shape"] for o in model["outputs"]] == [[5, 4]]
    assert model["macs"] == 60


REPLACED = """
class Frozen(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Buffer(torch.ones(n))
def freeze(model):
    for name, module in model.named_children():
        if isinstance(module, nn.BatchNorm2d):
            new = Frozen(module.num_features)
            if module.weight.device != torch.device("meta"):
                new.weight.copy_(module.weight)
            model._modules[name] = new
        freeze(module)
net = nn.Sequential(nn.Conv2d(3, 4, 1, bias=False), nn.Sequential(nn.BatchNorm2d(4), nn.BatchNorm2d(4)))
freeze(net)
net[1]._modules.pop("1")
net._parameters["scale"] = nn.Parameter(torch.ones(7))
"""


def test_what_is_written_into_a_modules_dicts_is_registered(tmp_path: Path) -> None:
    model = told(tmp_path, REPLACED)
    assert model["params"]["total"] == 12 + 7
    assert model["buffers"] == 4


SOMEWHERE = """
import os
name = os.getcwd()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 3)
        {write}
net = Net()
"""


def test_what_is_set_on_a_layer_that_is_not_known_leaves_the_parameters_unknown(tmp_path: Path) -> None:
    for write in (
        "self.get_submodule(name).weight = self.a.weight",
        "setattr(getattr(self, name), 'weight', self.a.weight)",
        "setattr(getattr(self, name), name, self.a.weight)",
    ):
        assert told(tmp_path, SOMEWHERE.format(write=write))["params"]["total"] is None, write


TIED = """
import re
from itertools import cycle
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ModuleList([nn.Linear(3, 3) for _ in range(4)])
        self.same = self.a[0]
        first, ties = [], {}
        for i in range(4):
            if not isinstance(first, list) or len(first) >= 1:
                if isinstance(first, list):
                    first = cycle(first)
                ties[f"a.{i}."] = next(first)
            else:
                first.append(f"a.{i}.")
        names = {k for k, _ in self.named_parameters(remove_duplicate=False)}
        for target, source in ties.items():
            for name in sorted(filter(lambda n: re.match(target, n), names)):
                parent, _, last = name.rpartition(".")
                setattr(self.get_submodule(parent), last, self.get_parameter(name.replace(target, source)))
        self.count = nn.Linear(len(names), 1, bias=False)
net = Net()
"""


def test_parameters_that_are_tied_by_name_count_once(tmp_path: Path) -> None:
    assert told(tmp_path, TIED)["params"]["total"] == 12 + 10  # four layers that share one, and ten names


HOOKED = """
import copy
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.held = nn.Linear(3, 4), {}
        self.body.register_forward_hook(self.keep)
    def keep(self, module, given, output):
        self.held[given[0].device] = output
    def forward(self, x):
        self.held.clear()
        self.body(x)
        return self.held[x.device]
net = copy.deepcopy(Net())
y = net(torch.randn(5, 3).to(torch.zeros(1).device))
"""


def test_the_hooks_of_a_copy_are_its_own(tmp_path: Path) -> None:
    model = told(tmp_path, HOOKED)
    assert model["outputs"] == [{"shape": [5, 4], "dtype": "float32"}]


EITHER = """
import os
Mask = torch.Tensor if len(os.getcwd()) > 9 else nn.Module
net = nn.Linear(2 if isinstance(None, Mask) else 3, 3 if isinstance(torch.ones(1), (torch.Tensor, Mask)) else 7, bias=False)
"""


def test_no_instance_of_any_of_several_classes(tmp_path: Path) -> None:
    assert told(tmp_path, EITHER)["params"]["total"] == 9


def test_what_a_call_made_again_shows_has_a_place(tmp_path: Path) -> None:
    text = "net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(0, 1), nn.Linear(7, 2))\ny = net(torch.randn(2, 3, 8, 8))\n"
    assert told(tmp_path, text)["outputs"] is None
    (tmp_path / "lib.py").write_text("def fold(x): return x.view(4, -1).unheard_of()\n")
    text = (
        "from lib import fold\nclass Net(nn.Module):\n    def forward(self, x): return fold(x)\n"
        "net = Net()\ny = net(torch.randn(2, 8, 8))\n"
    )
    model = told(tmp_path, text)
    assert all(u["line"] is not None for u in model["unknown"])


def test_a_model_that_is_asked_for_may_take_many_steps(tmp_path: Path) -> None:
    loops = "        for i in range(900): n = i * 2 + n - n\n" * 700
    text = (
        "import torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self, n=2):\n        super().__init__()\n"
        f"{loops}        self.fc = nn.Linear(3, 4)\n"
    )
    path = tmp_path / "net.py"
    path.write_text(text)
    assert shapelint.summarize(f"{path}:Net()")[0].to_json()["params"]["total"] == 16


def test_a_list_is_repeated_as_often_as_an_input_has_samples(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        f"{HEAD}class Net(nn.Module):\n    def forward(self, x):\n        n, c = x.shape\n"
        "        return torch.zeros([c] * n), torch.zeros(n * (c,))\n"
    )
    found = shapelint.summarize(f"{path}:Net()", inputs=["2,3"])[0].to_json()
    assert [o["shape"] for o in found["outputs"]] == [[3, 3], [3, 3]]


def test_the_tensors_an_object_holds_are_outputs(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nfrom torch import nn\n"
        "class Cache:\n    def __init__(self):\n        self.seen = torch.zeros(1)\n        self.layers = [Cache.empty]\n"
        "    empty = None\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(3, 4)\n"
        "    def forward(self, x):\n        return self.fc(x), Cache()\n"
        "Net()(torch.zeros(2, 3))\n"
    )
    (summary,) = shapelint.summarize(str(path))
    assert [o["shape"] for o in summary.to_json()["outputs"]] == [[2, 4], [1]]


def test_a_network_that_holds_itself_and_has_its_own_train_is_summarised(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\n"
        "from torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.fc = nn.Linear(4, 2)\n"
        "        self.me = self\n"
        "    def train(self, mode=True):\n"
        "        return super().train(mode)\n"
        "    def forward(self, x):\n"
        "        return self.fc(x)\n"
        "Net()(torch.zeros(3, 4))\n"
    )
    (model,) = shapelint.summarize(f"{path}:Net")
    assert model.to_json()["params"]["total"] == 10


def test_the_mode_is_set_by_the_networks_own_train(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\n"
        "from torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.fc, self.head, self.use = nn.Linear(4, 2), nn.Linear(2, 9), False\n"
        "    def train(self, mode=True):\n"
        "        self.use = not mode\n"
        "        return super().train(mode)\n"
        "    def forward(self, x):\n"
        "        x = self.fc(x)\n"
        "        return self.head(x) if self.use else x\n"
    )
    (model,) = shapelint.summarize(f"{path}:Net()", ["3,4"])
    assert [o["shape"] for o in model.to_json()["outputs"]] == [[3, 9]]


def test_what_a_network_puts_into_the_list_it_is_given_is_not_what_it_was_given(tmp_path: Path) -> None:
    text = """
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(3, 8, 3), nn.Conv2d(1, 4, 3)])
    def forward(self, x, more):
        for i, conv in enumerate(self.convs):
            x[i] = conv(x[i])
        more["y"] = x[0] + more["y"][..., 1:-1, 1:-1]
        return x
out = Two()([torch.randn(2, 3, 8, 8), torch.randn(2, 1, 8, 8)], {"y": torch.randn(2, 1, 8, 8)})
"""
    model = told(tmp_path, text)
    assert [i["shape"] for i in model["inputs"]] == [[2, 3, 8, 8], [2, 1, 8, 8], [2, 1, 8, 8]]
    assert [o["shape"] for o in model["outputs"]] == [[2, 8, 6, 6], [2, 4, 6, 6]]
    assert model["complete"] is True


def test_an_output_behind_something_unknown_has_no_sizes_of_its_own(tmp_path: Path) -> None:
    text = """
from somewhere import Backbone
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = Backbone(), nn.Conv2d(8, 4, 1)
    def forward(self, x):
        return self.head(self.body(x))
net = Net()
out = net(torch.randn(2, 3, 8, 8))
"""
    model = told(tmp_path, text)
    assert model["outputs"] is None
    assert "output" in {u["what"] for u in model["unknown"]}


def test_sizes_that_numpy_counts_are_sizes(tmp_path: Path) -> None:
    text = """
import numpy as np
step = tuple(map(np.prod, zip((1, 1), (1, 2))))
net = nn.Conv2d(3, np.prod((2, 2)), np.int64(3), stride=step)
out = net(torch.randn(2, 3, 9, 9))
"""
    space: dict[str, Any] = {}
    exec(compile(HEAD + text, "net.py", "exec"), space)
    model = told(tmp_path, text)
    assert [o["shape"] for o in model["outputs"]] == [list(space["out"].shape)]
    assert model["params"]["total"] == sum(p.numel() for p in space["net"].parameters())


def test_what_compares_values_with_annotations_changes_nothing(tmp_path: Path) -> None:
    """Its source is not read: what it makes of a function is what the function was."""
    (tmp_path / "beartype").mkdir()
    (tmp_path / "beartype" / "__init__.py").write_text("def beartype(f):\n    raise SystemExit\n")
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nfrom torch import nn\nfrom beartype import beartype\nclass Net(nn.Module):\n    @beartype\n"
        "    def __init__(self, *, n: int):\n        super().__init__()\n        self.fc = nn.Linear(n, 3)\n"
        "    @beartype\n    def forward(self, x):\n        return self.fc(x)\nnet = Net(n=4)\nnet(torch.zeros(2, 4))\n"
    )
    [told] = shapelint.summarize(str(path))
    assert told.params.total == 15 and told.complete
    assert told.outputs is not None and told.outputs[0].shape == (2, 3)


def test_a_table_of_every_pair_of_positions_is_worked_out(tmp_path: Path) -> None:
    """38,416 turns, of which a loop of an entry among many is not given all: a model that is asked about by name is."""
    path = tmp_path / "net.py"
    path.write_text(
        HEAD
        + "import itertools\nclass Net(nn.Module):\n    def __init__(self, size, heads):\n        super().__init__()\n"
        "        points = list(itertools.product(range(size), range(size)))\n        offsets, indices = {}, []\n"
        "        for p in points:\n            for q in points:\n                offset = (abs(p[0] - q[0]), abs(p[1] - q[1]))\n"
        "                if offset not in offsets:\n                    offsets[offset] = len(offsets)\n"
        "                indices.append(offsets[offset])\n"
        "        self.bias = nn.Parameter(torch.zeros(heads, len(offsets)))\n"
        "        self.at = nn.Buffer(torch.LongTensor(indices).view(len(points), len(points)))\n"
        "    def forward(self, x):\n        return x + self.bias[:, self.at]\nNet(14, 4)(torch.zeros(1))\n"
    )
    [told] = shapelint.summarize(str(path))
    assert told.params.total == 4 * 14 * 14 and told.buffers == 196 * 196
    assert told.outputs is not None and told.outputs[0].shape == (4, 196, 196)


@pytest.mark.parametrize("use", ["x + self.p", "x.flatten(1) @ self.p.t()"])
def test_the_number_of_axes_that_a_parameter_is_tried_with_counts_nothing(tmp_path: Path, use: str) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self, p):\n        super().__init__()\n"
        f"        self.p = nn.Parameter(p)\n    def forward(self, x):\n        return {use}\nnet = Net(torch.load('w.pt'))\n"
    )
    found = shapelint.summarize(str(path))[0].to_json()
    assert found["params"] == {"total": None, "trainable": None, "formula": None}
    assert "a parameter's shape is not known" in [item["why"] for item in found["unknown"]]


@pytest.mark.parametrize(
    "holds",
    ["self.norm = model.norm", "self.l = nn.ModuleList([model.relu])", "self.add_module('relu', model.relu)"],
)
def test_a_layer_of_a_network_that_is_not_known_has_as_many_parameters_as_it_has(
    tmp_path: Path, holds: str
) -> None:
    """`norm` and `relu` are methods of a tensor too, but nobody keeps one of those in a module."""
    path = tmp_path / "net.py"
    path.write_text(
        f"{HEAD}class Net(nn.Module):\n    def __init__(self, model):\n        super().__init__()\n        {holds}\n"
        "        self.fc = nn.Linear(3, 4)\n    def forward(self, x):\n        return self.fc(x)\n"
    )
    [told] = shapelint.summarize(str(path))
    assert told.params.total is None and not told.complete
