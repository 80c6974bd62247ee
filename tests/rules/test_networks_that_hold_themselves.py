"""Rules walk networks; one that holds itself, below another, is walked once."""

from __future__ import annotations

import pytest

from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text

HEAD = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)
        self.other = nn.Linear(3, 4)
    def forward(self, x):
        return self.fc(x)
net = Net()
opt = torch.optim.SGD(net.parameters(), 0.1)
"""
TAIL = """
x = torch.randn(2, 3)
for _ in range(2):
    net.train()
    loss = net(x).sum()
    loss.backward()
    opt.step()
torch.save(net.state_dict(), "a.pt")
net.eval()
net(x)
"""


@pytest.mark.parametrize(
    "tied",
    (
        "net.extra = nn.DataParallel(net)",
        "net.extra = nn.Sequential(nn.ReLU(), net)",
        "net.fc.up = net",
        "net.heads = nn.ModuleList([nn.Linear(3, 4)])\nnet.heads.append(net)",
        "net.a, net.b = nn.Linear(3, 4), net",
    ),
)
def test_the_file_is_judged(tied: str) -> None:
    analyse(from_text("program.py", HEAD + tied + TAIL))  # RecursionError where a walk does not end


def test_a_layer_that_is_never_called_and_holds_itself() -> None:
    analyse(
        from_text(
            "program.py",
            "import torch\nfrom torch import nn\nx = torch.zeros(2, 3)\nnet = nn.Linear(3, 4)\n"
            "class Net(nn.Module):\n    def __init__(self, depth=2):\n        super().__init__()\n        self.l0 = net\n"
            "        net.extra = nn.DataParallel(net)\n    def forward(self, q): return q\nm = Net(str)\nv = m(x)\n",
        )
    )
