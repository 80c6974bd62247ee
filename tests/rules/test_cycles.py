"""Networks that hold themselves: whatever walks a tree of modules comes to its end."""

from __future__ import annotations

from pathlib import Path

from shapelint.engine.check import check_text
from shapelint.engine.config import Settings
from shapelint.engine.fix import fix_file
from shapelint.engine.summarize import summarize
from shapelint.source.text import from_text

CIRCLE = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.me = nn.ModuleList()
        self.me.append(self)
        self.a = nn.Linear(3, 3)
        self.b = self.a
        self.a.c = self.b
        self.hidden = [self.a, self]
        self.rnn = nn.LSTM(3, 3)
        self.rnn.up = self
    def forward(self, x, k=2):
        return x if k == 0 else self.me[0](self.a(x), k - 1)
net = Net()
net(torch.zeros(2, 3))
net.apply(lambda m: m)
n = sum(p.numel() for p in net.parameters())
net.rnn(torch.zeros(2, 5, 3))
"""
SETTINGS = Settings(cache=False, extend_select=("SHP",))


def test_every_rule_and_every_fix() -> None:
    for ending in (
        "",
        "net.eval()\n",
        "net.train(False)\n",
        "net.double()\n",
        "net.state_dict()\nnet.requires_grad_(False)\n",
    ):
        text = CIRCLE + ending
        report = check_text("stdin", text, SETTINGS)
        assert report.failures == ()
        fix_file(from_text("stdin", text), SETTINGS, True)


def test_a_summary(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(CIRCLE)
    (model,) = summarize(str(tmp_path / "net.py"), ("2,3",), SETTINGS)[:1]
    assert model.class_name == "Net"


def test_a_text_that_its_encoding_cannot_write_again_is_left_as_it_is() -> None:
    text = "# café\nimport torch\nfrom torch import nn\nm = nn.Linear(3, 4)\nm(torch.zeros(2, 5))\n"
    done = fix_file(from_text("stdin", text, "ascii"), SETTINGS, True)
    assert not done.changed and done.refused and all("ascii" in r.why for r in done.refused)


def test_a_layer_whose_layout_is_itself() -> None:
    """Found by the fuzzer: `self` where True was meant."""
    text = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(8, 5, batch_first=self)

    def forward(self, x):
        x, _ = self.gru(x)
"""
    assert check_text("net.py", text, SETTINGS).failures == ()


def test_all_names_of_a_modelled_module_are_taken_in_a_loop() -> None:
    """Found by the fuzzer: what a loop may have changed is forgotten, but not which modules names were taken of."""
    text = """
import torch

while torch.rand(1) > 0.5:
    from math import *
torch.zeros(3, floor(4.5)) @ torch.zeros(5, 2)
"""
    report = check_text("net.py", text, SETTINGS)
    assert report.failures == ()
    assert [d.code for d in report.diagnostics] == ["SHP105"]
