"""Attributes that code which is not known may have set on what it was given."""

from __future__ import annotations

import pytest

import shapelint
from shapelint.values import Unknown
from tests.interp.programs import read

_NET = (
    "import torch\nimport foreign\nfrom torch import nn\n"
    "class Net(nn.Module):\n"
    "    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 2)\n"
    "    def forward(self, x):\n        return self.fc(x) + self.missing\n"
    "net = Net()\n"
)
_USE = "net(torch.zeros(3, 4))\n"


def _missed(program: str) -> bool:
    return "attribute-missing" in [d.rule for d in shapelint.check(program)]


@pytest.mark.parametrize(
    "given",
    [
        "foreign.watch(net)",
        "foreign.watch(model=net)",
        "foreign.Runner({'models': [net]})",
        "foreign.Runner().callbacks.model = net\nforeign.on_start(net.forward)",
        "foreign.register(Net)",
    ],
)
def test_code_that_is_not_known_may_set_attributes_on_what_it_was_given(given: str) -> None:
    assert not _missed(_NET + given + "\n" + _USE)


@pytest.mark.parametrize(
    "given",
    ["", "foreign.watch(net.fc)", "foreign.watch(Net())", "print(net)", "foreign.watch(torch.zeros(2))"],
)
def test_what_it_was_not_given_it_has_set_nothing_on(given: str) -> None:
    assert _missed(_NET + given + "\n" + _USE)


def test_a_trainer_that_sets_the_flag_it_asks_for() -> None:
    assert not _missed(
        "import torch\nfrom foreign import CallbackList\nfrom torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 2)\n"
        "    def fit(self, callbacks):\n"
        "        callbacks = CallbackList(callbacks)\n"
        "        callbacks.set_model(self)\n"
        "        callbacks.model.stop_training = False\n"
        "        if self.stop_training:\n            return\n"
        "Net().fit([])\n"
    )


def test_a_call_that_is_told_again_gives_another_object_away() -> None:
    assert not _missed(
        _NET.replace(
            "net = Net()\n", "def made():\n    net = Net()\n    foreign.watch(net)\n    return net\n"
        )
        + "for _ in range(3):\n    net = made()\n    "
        + _USE
    )


@pytest.mark.parametrize("value", ["[]", "None", "{}"])
@pytest.mark.parametrize("call", ["model(3)", "model.step()", "foreign.run(model)"])
def test_what_is_set_on_something_unknown_may_be_filled_by_it(value: str, call: str) -> None:
    found = read(f"import foreign\nmodel = foreign.load()\nmodel.kept = {value}\nmodel.width = 8\nbefore = model.kept\n{call}\n"
                 "after, width = model.kept, model.width")  # fmt: skip
    assert isinstance(found["after"], Unknown)
    assert not isinstance(found["before"], Unknown)
    assert found["width"] == 8 or "step" in call  # what is no empty place is mostly the program's own
