"""What each maker writes: the line before and after, as a person would have mended it."""

from __future__ import annotations

import pytest

from shapelint.engine.analyse import analyse
from shapelint.engine.config import Settings
from shapelint.engine.fix import fix_file
from shapelint.fixes import calls
from shapelint.fixes.registry import _maker, makers
from shapelint.rules.registry import find
from shapelint.source.text import from_text
from tests.rules.programs import HEAD, module


def changed(program: str, unsafe: bool = True) -> list[tuple[str, str]]:
    """The lines that fixing changes, stripped: (before, after)."""
    file = from_text("program.py", HEAD + program)
    done = fix_file(file, Settings(), unsafe)
    before, after = file.text.split("\n"), done.text.split("\n")
    if len(before) != len(after):
        kept = set(before)
        return [("", line.strip()) for line in after if line not in kept]
    return [(a.strip(), b.strip()) for a, b in zip(before, after, strict=True) if a != b]


def network(layer: str, forward: str, size: str = "4, 3, 32, 32") -> str:
    return module(
        f"self.pool = nn.MaxPool2d(4)\nself.fc = {layer}", forward, use=f"Net()(torch.randn({size}))"
    )


CONV = "nn.Sequential(nn.Conv2d(3, 16, 3), {})(torch.randn(2, 3, 32, 32))\n"


@pytest.mark.parametrize(
    ("program", "before", "after"),
    [
        (
            "net = nn.Linear(4, 3)\nloss = nn.CrossEntropyLoss()(net(torch.randn(2, 4)), torch.zeros(2))\n",
            "loss = nn.CrossEntropyLoss()(net(torch.randn(2, 4)), torch.zeros(2))",
            "loss = nn.CrossEntropyLoss()(net(torch.randn(2, 4)), torch.zeros(2).long())",
        ),
        (
            "x = torch.zeros(2, 4, dtype=torch.float64)\ny = nn.Linear(4, 3)(x)\n",
            "y = nn.Linear(4, 3)(x)",
            "y = nn.Linear(4, 3)(x.float())",
        ),
        (
            module(
                "self.embed = nn.Embedding(50, 8)",
                "mask = (x != 0).unsqueeze(-1)\nreturn (self.embed(x) * mask).sum(1) / mask.sum()",
                use="Net()(torch.randint(0, 50, (4, 12)))",
            ),
            "return (self.embed(x) * mask).sum(1) / mask.sum()",
            "return (self.embed(x) * mask).sum(1) / mask.sum(dim=1)",
        ),
        (
            module(
                "self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)\nself.norm1 = nn.LayerNorm(8)\nself.norm2 = nn.LayerNorm(8)",
                "return self.norm1(self.a(x)) + \\\n    self.norm1(self.b(x))",
            ),
            "self.norm1(self.b(x))",
            "self.norm2(self.b(x))",
        ),
        (
            "heads = torch.randn(2, 4, 10, 8) @ torch.randn(8, 8)\ny = heads.view(2, 4, 80).transpose(1, 2).view(2, -1)\n",
            "y = heads.view(2, 4, 80).transpose(1, 2).view(2, -1)",
            "y = heads.view(2, 4, 80).transpose(1, 2).reshape(2, -1)",
        ),
        (
            network("nn.Linear(3*5 * 5, 10)", "return self.fc(torch.flatten(self.pool(x), 1))"),
            "self.fc = nn.Linear(3*5 * 5, 10)",
            "self.fc = nn.Linear(3*8 * 8, 10)",
        ),
        (
            network(
                "nn.Linear(in_features=5 * 5 * 3, out_features=10)", "return self.fc(self.pool(x).flatten(1))"
            ),
            "self.fc = nn.Linear(in_features=5 * 5 * 3, out_features=10)",
            "self.fc = nn.Linear(in_features=8 * 8 * 3, out_features=10)",
        ),
        (
            network("nn.Linear(75, 10)", "return self.fc(self.pool(x).flatten(1))"),
            "self.fc = nn.Linear(75, 10)",
            "self.fc = nn.Linear(192, 10)",
        ),
        (
            network("nn.Linear(3 * 4 * 4, 10)", "return self.fc(self.pool(x).view(-1, 3 * 4 * 4))"),
            "return self.fc(self.pool(x).view(-1, 3 * 4 * 4))",
            "return self.fc(self.pool(x).flatten(1))",
        ),
        (CONV.format("nn.Conv2d(32, 8, 3)"), "nn.Conv2d(32, 8, 3)", "nn.Conv2d(16, 8, 3)"),
        (CONV.format("nn.BatchNorm2d(32)"), "nn.BatchNorm2d(32)", "nn.BatchNorm2d(16)"),
        (CONV.format("nn.GroupNorm(4, 32)"), "nn.GroupNorm(4, 32)", "nn.GroupNorm(4, 16)"),
        (
            "net = nn.Linear(8, 2)\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\nopt.step\n",
            "opt.step",
            "opt.step()",
        ),
        ("x = torch.zeros(4, 3)\nn = x.shape(-1)\n", "n = x.shape(-1)", "n = x.shape[-1]"),
        ("x = torch.zeros(4, 3)\na, b = x.shape()\n", "a, b = x.shape()", "a, b = x.shape"),
        ("x = torch.zeros(4, 3)\nn = x.size[0]\n", "n = x.size[0]", "n = x.size(0)"),
        (
            "net = nn.Linear(8, 2)\ntorch.save({'net': net.state_dict, 'epoch': 3}, 'm.pt')\n",
            "torch.save({'net': net.state_dict, 'epoch': 3}, 'm.pt')",
            "torch.save({'net': net.state_dict(), 'epoch': 3}, 'm.pt')",
        ),
        (
            "net = nn.Sequential(nn.Linear(8, 2))\nnet.requires_grad = False\n",
            "net.requires_grad = False",
            "net.requires_grad_(False)",
        ),
        (
            "net = nn.Linear(8, 2)\nfor p in net.parameters():\n    p.require_grad = False\n",
            "p.require_grad = False",
            "p.requires_grad = False",
        ),
        (
            "net = nn.Sequential([nn.Linear(8, 2), nn.ReLU()])\n",
            "net = nn.Sequential([nn.Linear(8, 2), nn.ReLU()])",
            "net = nn.Sequential(*[nn.Linear(8, 2), nn.ReLU()])",
        ),
        (
            "net = nn.Sequential(nn.Linear(8, 2), nn.ReLU, nn.Linear(2, 2))\n",
            "net = nn.Sequential(nn.Linear(8, 2), nn.ReLU, nn.Linear(2, 2))",
            "net = nn.Sequential(nn.Linear(8, 2), nn.ReLU(), nn.Linear(2, 2))",
        ),
        ("x = torch.zeros(4, 3)\ny = x.copy()\n", "y = x.copy()", "y = x.clone()"),
        (
            "net = nn.Conv2d(3, 5, 1)\nmasks = torch.zeros(2, 1, 8, 8).long()\nnn.CrossEntropyLoss()(net(torch.randn(2, 3, 8, 8)), masks)\n",
            "nn.CrossEntropyLoss()(net(torch.randn(2, 3, 8, 8)), masks)",
            "nn.CrossEntropyLoss()(net(torch.randn(2, 3, 8, 8)), masks.squeeze(1))",
        ),
        (
            "net = nn.Linear(3, 1)\ny = torch.zeros(4)\nnn.BCEWithLogitsLoss()(net(torch.randn(4, 3)), y + 0)\n",
            "nn.BCEWithLogitsLoss()(net(torch.randn(4, 3)), y + 0)",
            "nn.BCEWithLogitsLoss()(net(torch.randn(4, 3)), (y + 0).unsqueeze(-1))",
        ),
        (
            "class Net(nn.Module):\n    def __int__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 2)\n"
            "    def forward(self, x):\n        return self.fc(x)\nNet()(torch.randn(4, 8))\n",
            "def __int__(self):",
            "def __init__(self):",
        ),
        (
            module(
                "self.rnn = nn.GRU(8, 4, 2, batch_first=True)",
                "_, h = self.rnn(x.unsqueeze(1))\nreturn h[0, :, :]",
            ),
            "return h[0, :, :]",
            "return h[-1, :, :]",
        ),
        (
            module("self.fc = nn.Linear(8, 2)", "return self.fc(F.dropout(x, 0.5))"),
            "return self.fc(F.dropout(x, 0.5))",
            "return self.fc(F.dropout(x, 0.5, training=self.training))",
        ),
        (
            module(
                "self.p = 0.5",
                "return F.scaled_dot_product_attention(x, x, x, dropout_p=self.p, is_causal=True)",
            ),
            "dropout_p=self.p, is_causal",
            "dropout_p=self.p if self.training else 0.0, is_causal",
        ),
    ],
)
def test_a_line_is_mended(program: str, before: str, after: str) -> None:
    lines = changed(program)
    assert any(before in a and after in b for a, b in lines), lines


def test_the_layer_behind_a_view_is_mended_with_it() -> None:
    lines = changed(network("nn.Linear(3 * 4 * 4, 10)", "return self.fc(self.pool(x).view(-1, 3 * 4 * 4))"))
    assert ("self.fc = nn.Linear(3 * 4 * 4, 10)", "self.fc = nn.Linear(3 * 8 * 8, 10)") in lines


def test_one_mend_brings_the_next_to_light_and_both_are_made() -> None:
    program = "nn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(32, 8, 3), nn.BatchNorm2d(9))(torch.randn(2, 3, 32, 32))\n"
    ((_, after),) = changed(program)
    assert "nn.Conv2d(16, 8, 3), nn.BatchNorm2d(8)" in after


def test_a_fix_that_would_bring_an_error_is_refused() -> None:
    program = "n = 32\nnn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(32, 8, 3), nn.Conv2d(n, 8, 3))(torch.randn(2, 3, 32, 32))\n"
    done = fix_file(from_text("program.py", HEAD + program), Settings(), True)
    assert not done.changed
    ((refusal),) = done.refused
    assert refusal.diagnostic.rule == "conv-channel-mismatch"
    assert refusal.why.startswith("it would bring program.py:")


def test_a_constant_is_not_touched() -> None:
    assert (
        changed("n = 32\nnn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(n, 8, 3))(torch.randn(2, 3, 32, 32))\n")
        == []
    )


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    assert changed(CONV.format("nn.BatchNorm2d(32)"), unsafe=False) == []


@pytest.mark.parametrize(
    ("forward", "after"),
    [
        ("out = self.fc(x)", "return out"),
        ("self.fc(x)", "return self.fc(x)"),
        ("out = self.fc(\n    x\n)  # the scores", "return out"),
    ],
)
def test_a_forward_returns(forward: str, after: str) -> None:
    lines = changed(module("self.fc = nn.Linear(8, 2)", forward), unsafe=False)
    assert after in [b for _, b in lines]


def test_a_result_on_one_side_of_a_condition_is_not_returned() -> None:
    forward = "if x.sum() > 0:\n    out = self.fc(x)\nelse:\n    out = self.fc(-x)"
    assert changed(module("self.fc = nn.Linear(8, 2)", forward), unsafe=False) == []


def test_super_init_goes_behind_the_docstring() -> None:
    program = (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        '        """A net.\n\n        Small.\n        """\n'
        "        # its layers\n"
        "        self.fc = nn.Linear(8, 2)\n"
        "Net()\n"
    )
    done = fix_file(from_text("program.py", HEAD + program), Settings(), False)
    assert (
        "        # its layers\n        super().__init__()\n        self.fc = nn.Linear(8, 2)\n" in done.text
    )


LISTS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {}

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


Net()(torch.randn(4, 8))
"""


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ("[nn.Linear(8, 8), nn.Linear(8, 8)]", "nn.ModuleList([nn.Linear(8, 8), nn.Linear(8, 8)])"),
        ("[nn.Linear(8, 8) for _ in range(3)]", "nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])"),
        ("(nn.Linear(8, 8), nn.Linear(8, 8))", "nn.ModuleList((nn.Linear(8, 8), nn.Linear(8, 8)))"),
    ],
)
def test_a_plain_list_becomes_a_module_list(given: str, after: str) -> None:
    lines = changed(LISTS.format(f"self.layers = {given}"), unsafe=False)
    assert lines == [(f"self.layers = {given}", f"self.layers = {after}")]


def test_arguments_on_lines_of_their_own_stay_so() -> None:
    program = (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        layer = nn.TransformerEncoderLayer(\n"
        "            16,\n"
        "            2,  # heads\n"
        "            32,\n"
        "        )\n"
        "        self.encoder = nn.TransformerEncoder(layer, 1)\n"
        "        self.head = nn.Linear(16, 1)\n"
        "    def forward(self, x):\n"
        "        return self.head(self.encoder(x)[:, -1, :])\n"
        "Net()(torch.randn(32, 10, 16))\n"
    )
    done = fix_file(from_text("program.py", HEAD + program), Settings(), True)
    assert (
        "            2,  # heads\n            32,\n            batch_first=True,\n        )\n"
        in done.text.replace("32,  # heads", "32,")
    )


def test_suppressed_findings_are_left_alone() -> None:
    program = CONV.format("nn.BatchNorm2d(32)").replace("\n", "  # noqa: SHP103\n")
    assert changed(program) == []


@pytest.mark.parametrize("name", makers())
def test_every_maker_is_named_after_a_rule(name: str) -> None:
    assert find(name) is not None
    assert isinstance(_maker(name).SAFE, bool)
    assert _maker(name).__doc__


@pytest.mark.parametrize("name", makers())
def test_the_bad_example_of_a_rule_has_its_fix_and_becomes_clean(name: str) -> None:
    """Not every bad example can be mended for certain; where one is, nothing is left of the finding."""
    rule = find(name)
    assert rule is not None
    bad = rule.doc.split("Bad\n", 1)[1].split("Good\n", 1)[0]
    from textwrap import dedent

    file = from_text("program.py", dedent(bad).strip("\n") + "\n")
    done = fix_file(file, Settings(), True)
    if done.changed:
        left = analyse(from_text("program.py", done.text)).diagnostics
        assert name not in [d.rule for d in left if d.severity != "info"]


TRAINING = """net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(3):
    {}
print(net)
"""


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (
            "loss = net(torch.randn(8, 4)).mean()\n    loss.backward()\n    opt.zero_grad()\n    opt.step()",
            "loss = net(torch.randn(8, 4)).mean()\n    opt.zero_grad()\n    loss.backward()\n    opt.step()",
        ),
        (
            "opt.zero_grad()\n    loss = net(torch.randn(8, 4)).mean()\n    opt.step()\n    loss.backward()",
            "opt.zero_grad()\n    loss = net(torch.randn(8, 4)).mean()\n    loss.backward()\n    opt.step()",
        ),
        (
            "loss = net(torch.randn(8, 4)).mean()\n    loss.backward()\n    opt.step()",
            "loss = net(torch.randn(8, 4)).mean()\n    opt.zero_grad()\n    loss.backward()\n    opt.step()",
        ),
    ],
)
def test_a_training_step_is_put_in_order(body: str, after: str) -> None:
    file = from_text("program.py", HEAD + TRAINING.format(body))
    assert fix_file(file, Settings(), True).text == HEAD + TRAINING.format(after)
    assert not fix_file(file, Settings(), False).changed


def test_the_weights_that_are_kept_are_copied() -> None:
    body = "opt.zero_grad()\n    net(torch.randn(8, 4)).mean().backward()\n    opt.step()"
    program = (
        TRAINING.format(body).replace("for _", "best = net.state_dict()\nfor _")
        + "net.load_state_dict(best)\n"
    )
    (line,) = changed(program)
    assert line[1] == "best = {k: v.clone() for k, v in net.state_dict().items()}"


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        (
            network("nn.Linear(3 * 8 * 8, 10)", "return self.fc(self.pool(x))"),
            [("return self.fc(self.pool(x))", "return self.fc(self.pool(x).flatten(1))")],
        ),
        (
            module("self.bn = nn.BatchNorm1d(32)", "return self.bn(x)", use="Net()(torch.randn(4, 50, 32))"),
            [],
        ),
        (
            module(
                "self.fc = nn.Linear(32, 1)",
                "return self.fc(torch.cat([x, x]))",
                use="Net()(torch.randn(4, 16))",
            ),
            [],
        ),
        (
            module(
                "self.fc = nn.Linear(30, 1)",
                "return self.fc(x)",
                use="net = Net()\nnet(torch.randn(4, 30))\nnet(torch.randn(4, 31))\n",
            ),
            [],
        ),
        ("nn.Embedding(9, 4)(torch.randn(3))\n", []),
        ("nn.Embedding(9, 4)(torch.sigmoid(torch.zeros(3)))\n", []),
    ],
)
def test_what_arrives_may_be_the_mistake(program: str, lines: list[tuple[str, str]]) -> None:
    """The constructor is not mended where the input is more likely wrong, nor numbers cut off to fit."""
    assert changed(program) == lines


def test_what_libcst_would_not_survive_has_no_fix() -> None:
    """`ast` reads a chain of any length, so the file is analysed; libcst ends the process at some ten thousand links."""
    assert calls.expression("f(" + "a and " * 20_000 + "a)") is None
    assert calls.statement("x = " + "a and " * 20_000 + "a") is None
    assert calls.expression("f(a and b)") is not None and calls.statement("x = 1") is not None


@pytest.mark.parametrize(
    ("program", "before", "after"),
    [
        (
            module(
                "self.fc = nn.Linear(8, 8)",
                "b, t = 4, 2\nreturn self.fc(x).view(b, 2, 5, 4)",
                use="Net()(torch.randn(4, 5, 8))",
            ),
            "return self.fc(x).view(b, 2, 5, 4)",
            "return self.fc(x).view(b, 5, 2, 4).transpose(1, 2)",
        ),
        (
            module(
                "self.fc = nn.Linear(8, 8)",
                "b, t, c = x.shape\nreturn self.fc(x).view(t, b, c)",
                use="Net()(torch.randn(4, 5, 8))",
            ),
            "return self.fc(x).view(t, b, c)",
            "return self.fc(x).transpose(0, 1)",
        ),
        (
            module(
                "self.conv = nn.Conv2d(3, 6, 1)",
                "b, c, h, w = x.shape\ny = self.conv(x).flatten(2).transpose(1, 2)\nreturn y.reshape(b, 6, h, w)",
                use="Net()(torch.randn(4, 3, 5, 7))",
            ),
            "return y.reshape(b, 6, h, w)",
            "return y.transpose(1, 2).reshape(b, 6, h, w)",
        ),
        (
            "net = nn.Linear(8, 3)\nF.cross_entropy(F.softmax(net(torch.randn(4, 8)), dim=1), torch.tensor([0, 1, 2, 0]))\n",
            "F.cross_entropy(F.softmax(net(torch.randn(4, 8)), dim=1), torch.tensor([0, 1, 2, 0]))",
            "F.cross_entropy(net(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))",
        ),
        (
            "net = nn.Linear(8, 3)\nF.cross_entropy(net(torch.randn(4, 8)).softmax(1), torch.tensor([0, 1, 2, 0]))\n",
            "F.cross_entropy(net(torch.randn(4, 8)).softmax(1), torch.tensor([0, 1, 2, 0]))",
            "F.cross_entropy(net(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))",
        ),
        (
            "net = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())\nnn.BCEWithLogitsLoss()(net(torch.randn(4, 8)), torch.rand(4, 1))\n",
            "net = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())",
            "net = nn.Sequential(nn.Linear(8, 1))",
        ),
        (
            module(
                "self.fc, self.act = nn.Linear(8, 3), nn.ReLU()",
                "return self.act(self.fc(x))",
                use="F.cross_entropy(Net()(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))",
            ),
            "self.fc, self.act = nn.Linear(8, 3), nn.ReLU()",
            "self.fc, self.act = nn.Linear(8, 3), nn.Identity()",
        ),
        (
            "net = nn.Linear(8, 3)\nloss = nn.NLLLoss()\nloss(net(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))\n",
            "loss = nn.NLLLoss()",
            "loss = nn.CrossEntropyLoss()",
        ),
        (
            "net = nn.Linear(8, 5)\nF.cross_entropy(net(torch.randn(2, 7, 8)), torch.zeros(2, 7).long())\n",
            "F.cross_entropy(net(torch.randn(2, 7, 8)), torch.zeros(2, 7).long())",
            "F.cross_entropy(net(torch.randn(2, 7, 8)).transpose(1, 2), torch.zeros(2, 7).long())",
        ),
        (
            "net, y = nn.Linear(20, 5), torch.randint(0, 5, (5,))\nhit = net(torch.randn(5, 20)).argmax(dim=0) == y\n",
            "hit = net(torch.randn(5, 20)).argmax(dim=0) == y",
            "hit = net(torch.randn(5, 20)).argmax(dim=1) == y",
        ),
        (
            module(
                "self.fc = nn.Linear(8, 4)\nself.bn = nn.BatchNorm1d(4)",
                "x = self.fc(x)\nself.bn(x)\nreturn x",
            ),
            "self.bn(x)",
            "x = self.bn(x)",
        ),
        (
            module(
                "self.gru = nn.GRU(8, 4)\nself.fc = nn.Linear(4, 2)", "out = self.gru(x)\nreturn self.fc(out)"
            ),
            "return self.fc(out)",
            "return self.fc(out[0])",
        ),
        (
            "net, y = nn.Linear(8, 1), torch.zeros(4)\nright = (torch.sigmoid(net(torch.randn(4, 8))) > 0.5).float() == y\nright.float().mean()\n",
            "right = (torch.sigmoid(net(torch.randn(4, 8))) > 0.5).float() == y",
            "right = (torch.sigmoid(net(torch.randn(4, 8))) > 0.5).float().squeeze(-1) == y",
        ),
        (
            "a = nn.Linear(8, 2)(torch.randn(4, 8)).numpy()\n",
            "a = nn.Linear(8, 2)(torch.randn(4, 8)).numpy()",
            "a = nn.Linear(8, 2)(torch.randn(4, 8)).detach().numpy()",
        ),
        (
            "net = nn.Linear(8, 2)\nopt = torch.optim.Adam(net.parameters, lr=0.1)\n",
            "opt = torch.optim.Adam(net.parameters, lr=0.1)",
            "opt = torch.optim.Adam(net.parameters(), lr=0.1)",
        ),
        (
            "net = nn.Linear(8, 2)\nopt = torch.optim.Adam(net, lr=0.1)\n",
            "opt = torch.optim.Adam(net, lr=0.1)",
            "opt = torch.optim.Adam(net.parameters(), lr=0.1)",
        ),
        (
            "with torch.no_grad:\n    nn.Linear(8, 2)(torch.randn(4, 8))\n",
            "with torch.no_grad:",
            "with torch.no_grad():",
        ),
        (
            "rows = [torch.randn(8) for _ in range(3)]\nx = torch.tensor(rows)\n",
            "x = torch.tensor(rows)",
            "x = torch.stack(rows)",
        ),
        (
            "a, b = torch.randn(2, 3), torch.randn(2, 4)\nx = torch.cat(a, b, dim=1)\n",
            "x = torch.cat(a, b, dim=1)",
            "x = torch.cat((a, b), dim=1)",
        ),
        (
            "x = torch.randn(4, 16).view(4, 16 / 2, 2)\n",
            "x = torch.randn(4, 16).view(4, 16 / 2, 2)",
            "x = torch.randn(4, 16).view(4, 16 // 2, 2)",
        ),
        (
            "k = 5\nc = nn.Conv2d(3, 8, k, padding=k / 2)\n",
            "c = nn.Conv2d(3, 8, k, padding=k / 2)",
            "c = nn.Conv2d(3, 8, k, padding=k // 2)",
        ),
        (
            "c = nn.Conv2d(3, 8, kernal_size=3)\n",
            "c = nn.Conv2d(3, 8, kernal_size=3)",
            "c = nn.Conv2d(3, 8, kernel_size=3)",
        ),
        (
            "net = nn.Linear(8, 3)\nloss = nn.CrossEntropyLoss(net(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))\n",
            "loss = nn.CrossEntropyLoss(net(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))",
            "loss = nn.CrossEntropyLoss()(net(torch.randn(4, 8)), torch.tensor([0, 1, 2, 0]))",
        ),
        (
            "fc = nn.Linear(8, 2)  # 25 parameters\n",
            "fc = nn.Linear(8, 2)  # 25 parameters",
            "fc = nn.Linear(8, 2)  # 18 parameters",
        ),
    ],
)
def test_a_line_is_mended_as_its_author_would(program: str, before: str, after: str) -> None:
    lines = changed(program)
    assert any(before == a and after == b for a, b in lines), lines


def test_a_return_goes_behind_its_loop() -> None:
    program = module(
        "self.layers = nn.ModuleList([nn.Linear(8, 8), nn.Linear(8, 8)])",
        "for layer in self.layers:\n    x = layer(x)\n\n    return x",
    )
    file = from_text("program.py", HEAD + program)
    assert fix_file(file, Settings(), True).text == file.text.replace(
        "            return x", "        return x"
    )
