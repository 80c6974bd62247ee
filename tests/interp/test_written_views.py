"""What is written into a view, or into the same values beside the graph, is written into what it looks at."""

from __future__ import annotations

import pytest

import shapelint

_SIZES = "import torch\nfrom torch import nn\nx = torch.tensor([3, 4])\n"
_USE = "torch.zeros(int(x[0])) + torch.zeros(2)\n"


def _raises(program: str) -> bool:
    return any(d.severity == "error" for d in shapelint.check(program))


@pytest.mark.parametrize(
    "write",
    [
        "v = x[0:1]\nv.fill_(2)",
        "v = x.view(2, 1)\nv[0] = 2",
        "v = x[:]\nv -= 1",
        "v = x.detach()\nv.fill_(2)",
        "x.data.fill_(2)",
        "x.data[0] = 2",
        "v = x.view(2, 1).detach()[0]\nv.fill_(2)",
        "torch.add(x, -1, out=x[:])",
    ],
)
def test_the_numbers_of_what_a_view_looks_at_are_known_no_more(write: str) -> None:
    assert not _raises(_SIZES + write + "\n" + _USE)


@pytest.mark.parametrize(
    "write", ["", "v = x[0:1]", "v = x.clone()\nv.fill_(2)", "v = x[0:1] + 1\nv.fill_(2)", "v = x.data"]
)
def test_what_is_no_view_is_written_alone(write: str) -> None:
    assert _raises(_SIZES + write + "\n" + _USE)


_NET = (
    "import torch\nfrom torch import nn\n"
    "class Net(nn.Module):\n"
    "    def __init__(self):\n"
    "        super().__init__()\n"
    "        self.register_buffer('n', torch.tensor([3, 4]))\n"
    "        self.fc = nn.Linear(3, 2)\n"
    "net = Net()\n"
)


@pytest.mark.parametrize(
    "use",
    [
        "net.state_dict()['fc.weight'].numpy()",
        "net.state_dict()['fc.weight'].copy_(torch.zeros(2, 3))",
        "for value in net.state_dict().values():\n    value.mul_(2)",
        "if net.state_dict()['fc.weight'].requires_grad:\n    torch.ones(2) + torch.ones(3)",
        "if isinstance(net.state_dict()['fc.weight'], nn.Parameter):\n    torch.ones(2) + torch.ones(3)",
        "net.state_dict()['n'].fill_(2)\ntorch.zeros(int(net.n[0])) + torch.zeros(2)",
    ],
)
def test_a_state_holds_the_values_beside_the_graph(use: str) -> None:
    assert not _raises(_NET + use + "\n")


@pytest.mark.parametrize(
    ("taken", "is_copied"),
    [
        ("net.state_dict()", False),
        ("dict(net.state_dict())", False),
        ("copy.deepcopy(net.state_dict())", True),
        ("{k: copy.deepcopy(v) for k, v in net.state_dict().items()}", True),
        ("{k: v.clone() for k, v in net.state_dict().items()}", True),
        ("{k: v.detach().clone() for k, v in net.state_dict().items()}", True),
    ],
)
def test_a_state_that_was_copied_is_not_changed_by_a_step(taken: str, is_copied: bool) -> None:
    found = shapelint.check(
        "import copy\n" + _NET + "optimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        f"best = {taken}\n"
        "net.fc(torch.randn(4, 3)).sum().backward()\noptimizer.step()\nnet.load_state_dict(best)\n"
    )
    assert ("weights-not-copied" in [d.rule for d in found]) is not is_copied


@pytest.mark.parametrize(
    "use",
    [
        "net.state_dict(keep_vars=True)['fc.weight'].numpy()",
        "net.state_dict(keep_vars=True)['fc.weight'].copy_(torch.zeros(2, 3))",
        "net.state_dict()['fc.weight'].copy_(torch.zeros(3, 2))",
        "torch.zeros(int(net.n[0])) + torch.zeros(2)",
    ],
)
def test_what_torch_refuses_of_a_state_is_told(use: str) -> None:
    assert _raises(_NET + use + "\n")
