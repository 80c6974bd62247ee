"""Rules about losses and the training step: ways people write each bug, and right code that looks like it."""

from __future__ import annotations

import pytest

from tests.rules.programs import module, rules

_Y = "torch.randint(0, 3, (4,))"


def loss(
    call: str, init: str = "self.fc = nn.Linear(8, 3)", forward: str = "return self.fc(x)", more: str = ""
) -> str:
    return module(init, forward, more=more, use=f"net = Net()\nx = torch.randn(4, 8)\ny = {_Y}\n{call}")


def steps(body: str, before: str = "") -> str:
    head = f"net = nn.Linear(8, 3)\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\n{before}\nfor _ in range(5):\n"
    return head + "\n".join(f"    {line}" for line in body.splitlines())


BUGS: dict[str, list[str]] = {
    "softmax-before-cross-entropy": [
        loss("F.cross_entropy(net(x), y)", forward="return self.fc(x).softmax(1)"),
        loss("nn.CrossEntropyLoss()(net(x), y)", "self.net = nn.Sequential(nn.Linear(8, 3), nn.Softmax(dim=1))", "return self.net(x)"),
        loss("F.cross_entropy(F.softmax(net(x), dim=-1), y)"),
        loss("logits, p = net(x)\nF.cross_entropy(p, y)", forward="z = self.fc(x)\nreturn z, torch.softmax(z, 1)"),
        loss("F.cross_entropy(net(x)['probs'].squeeze(), y)", forward="return {'probs': F.softmax(self.fc(x), 1)}"),
        loss("F.cross_entropy(net(x), y)", forward="return torch.sigmoid(self.fc(x))"),
        loss("loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)\nfor _ in range(2):\n    loss_fn(net(x), y)", forward="return F.softmax(self.fc(x), dim=1)"),
        "model = nn.Sequential(nn.Conv2d(3, 5, 1), nn.Softmax2d())\nF.cross_entropy(model(torch.randn(2, 3, 4, 4)), torch.randint(0, 5, (2, 4, 4)))",
    ],
    "sigmoid-before-bce-with-logits": [
        loss("F.binary_cross_entropy_with_logits(net(x), torch.ones(4, 3))", forward="return torch.sigmoid(self.fc(x))"),
        loss("nn.BCEWithLogitsLoss()(net(x), torch.ones(4, 3))", forward="return self.fc(x).sigmoid()"),
        loss("nn.BCEWithLogitsLoss()(net(x).view(-1), torch.ones(12))", "self.fc = nn.Linear(8, 3)\nself.out = nn.Sigmoid()", "return self.out(self.fc(x))"),
    ],
    "probabilities-for-log-probabilities": [
        loss("F.nll_loss(net(x), y)", forward="return F.softmax(self.fc(x), dim=1)"),
        loss("nn.NLLLoss()(net(x), y)"),
        loss("F.kl_div(F.softmax(net(x), 1), F.softmax(torch.randn(4, 3), 1))"),
        loss("nn.KLDivLoss(reduction='batchmean')(net(x), F.softmax(torch.randn(4, 3), 1))"),
        loss("nn.KLDivLoss()(F.log_softmax(net(x), 1), F.log_softmax(torch.randn(4, 3), 1))"),
        loss("F.kl_div(F.log_softmax(net(x), 1), F.softmax(torch.randn(4, 3), 1), log_target=True)"),
    ],
    "softmax-over-one-value": [
        loss("net(x)", "self.fc = nn.Linear(8, 1)", "return F.softmax(self.fc(x), dim=1)"),
        loss("net(x)", "self.fc = nn.Sequential(nn.Linear(8, 1), nn.Softmax(dim=-1))", "return self.fc(x)"),
        loss("net(torch.randn(2, 5, 8))", "self.fc = nn.Linear(8, 1)", "return (self.fc(x).softmax(2) * x).sum(1)"),
    ],
    "cross-entropy-over-one-class": [
        loss("F.cross_entropy(net(x), torch.zeros(4).long())", "self.fc = nn.Linear(8, 1)"),
        "model = nn.Conv2d(3, 1, 1)\nnn.CrossEntropyLoss()(model(torch.randn(2, 3, 4, 4)), torch.zeros(2, 4, 4).long())",
    ],
    "relu-on-logits": [
        loss("F.cross_entropy(net(x), y)", forward="return F.relu(self.fc(x))"),
        loss("F.cross_entropy(net(x), y)", forward="x = self.fc(x)\nreturn torch.relu(x)"),
        loss("nn.BCEWithLogitsLoss()(net(x), torch.ones(4, 3))", "self.fc = nn.Sequential(nn.Linear(8, 3), nn.ReLU(inplace=True))"),
    ],
    "softmax-twice": [
        "p = F.softmax(torch.randn(4, 3), dim=1)\nq = F.softmax(p, dim=1)",
        loss("F.nll_loss(F.log_softmax(net(x), dim=1), y)", forward="return self.fc(x).softmax(dim=-1)"),
    ],
    "class-axis-last": [
        loss("F.cross_entropy(net(torch.randn(4, 3, 8)), torch.randint(0, 3, (4, 3)))"),
        loss("F.nll_loss(F.log_softmax(net(torch.randn(4, 3, 8)), -1), torch.randint(0, 3, (4, 3)))"),
    ],
    "softmax-without-dim": [
        loss("net(torch.randn(4, 5, 8))", forward="return F.softmax(self.fc(x))"),
        loss("net(torch.randn(4, 5, 8))", "self.fc = nn.Linear(8, 3)\nself.soft = nn.Softmax()", "return self.soft(self.fc(x))"),
    ],
    "softmax-over-batch": [
        loss("net(x)", forward="return F.softmax(self.fc(x), dim=0)"),
        loss("net(x)", forward="return torch.softmax(self.fc(x), 0).squeeze()"),
        module("self.rnn = nn.LSTM(8, 16)\nself.score = nn.Linear(16, 1)", "h, _ = self.rnn(x)\na = torch.softmax(torch.tanh(self.score(h)), dim=1)\nreturn (a * h).sum(0)", use="Net()(torch.randn(7, 4, 8))"),
    ],
    "logits-for-probabilities": [
        loss("F.binary_cross_entropy(net(x), torch.ones(4, 3))"),
        loss("nn.BCELoss()(net(x).squeeze(), torch.ones(4, 3))"),
    ],
    "zero-grad-missing": [
        steps("net(torch.randn(4, 8)).mean().backward()\nopt.step()"),
        "def train(model, n):\n    opt = torch.optim.Adam(model.parameters())\n    for i in range(n):\n        loss = model(torch.randn(4, 8)).mean()\n        loss.backward()\n        opt.step()\n    return model\ntrain(nn.Linear(8, 3), 4)",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "program"), [(rule, p) for rule, programs in BUGS.items() for p in programs]
)
def test_a_bug_is_found_however_it_is_written(rule: str, program: str) -> None:
    assert rules(program) == {rule}


RIGHT = [
    # softmax where it belongs
    loss("F.cross_entropy(net(x), y)", forward="return F.log_softmax(self.fc(x), dim=1)"),
    loss("F.cross_entropy(net(x), y)\nnet.eval()\nnet(x)", forward="z = self.fc(x)\nif not self.training:\n    z = F.softmax(z, dim=1)\nreturn z"),
    loss("F.cross_entropy(net(x), y)\nnet.predict(x)", more="def predict(self, x):\n    return F.softmax(self(x), dim=1)"),
    loss("logits, p = net(x)\nF.cross_entropy(logits, y)", forward="z = self.fc(x)\nreturn z, F.softmax(z, dim=1)"),
    loss("F.cross_entropy(net.head[0](x), y)", "self.head = nn.Sequential(nn.Linear(8, 3), nn.Sigmoid())", "return self.head(x)"),
    loss("F.cross_entropy(net(x), F.softmax(torch.randn(4, 3), dim=1))"),
    loss("F.cross_entropy(torch.log(net(x)), y)", forward="return F.softmax(self.fc(x), dim=1)"),
    loss("F.cross_entropy(net(x) * 10, y)", forward="return torch.sigmoid(self.fc(x))"),
    "def run(flag, x, y):\n    z = nn.Linear(8, 3)(x)\n    if flag:\n        z = F.softmax(z, 1)\n        return z\n    return F.cross_entropy(z, y)\n",
    "class Net(nn.Module):\n    def __init__(self, soft):\n        super().__init__()\n        self.fc = nn.Linear(8, 3)\n        self.soft = soft\n    def forward(self, x):\n        x = self.fc(x)\n        return F.softmax(x, 1) if self.soft else x\ndef train(soft, x, y):\n    return F.cross_entropy(Net(soft)(x), y)\n",
    loss("nn.BCELoss()(net(x), torch.ones(4, 3))", forward="return torch.sigmoid(self.fc(x))"),
    loss("nn.MSELoss()(net(x), torch.ones(4, 3))", forward="return F.relu(self.fc(x))"),
    loss("nn.PoissonNLLLoss(log_input=False)(net(x), torch.ones(4, 3))", forward="return F.softplus(self.fc(x))"),
    loss("F.nll_loss(net(x), y)", forward="return F.log_softmax(self.fc(x), dim=1)"),
    loss("F.nll_loss(torch.log(net(x) + 1e-8), y)", forward="return F.softmax(self.fc(x), dim=1)"),
    loss("F.kl_div(F.log_softmax(net(x), 1), F.softmax(torch.randn(4, 3), 1), reduction='batchmean')"),
    loss("F.kl_div(F.log_softmax(net(x), 1), F.log_softmax(torch.randn(4, 3), 1), log_target=True)"),
    # activations in the middle
    loss("F.cross_entropy(net(x), y)", "self.net = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3))", "return self.net(x)"),
    "net = nn.Sequential(nn.Conv2d(3, 5, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())\nF.cross_entropy(net(torch.randn(2, 3, 8, 8)), torch.tensor([1, 2]))",
    # axes
    loss("net(torch.randn(2, 5, 8))", "self.fc = nn.Linear(8, 1)", "return (F.softmax(self.fc(x), dim=1) * x).sum(1)"),
    "F.softmax(torch.randn(5), dim=0)\nF.softmax(torch.randn(4, 1, 1), dim=-1)",
    loss("net(torch.randn(1, 8))", "self.fc = nn.Linear(8, 8)", "q = self.fc(x)[:, None]\nreturn torch.softmax(q @ q.transpose(1, 2), dim=-1)"),
    module("self.a = nn.Linear(8, 3)\nself.b = nn.Linear(8, 3)", "z = torch.stack([self.a(x), self.b(x)])\nw = torch.softmax(z, dim=0)\nreturn (w * z).sum(0)"),
    module("self.score = nn.Linear(8, 1)\nself.out = nn.Linear(8, 2)", "a = torch.softmax(self.score(x), dim=0)\nreturn self.out((a * x).sum(0))", use="Net()(torch.randn(30, 8))"),
    module("self.rnn = nn.LSTM(8, 16)\nself.score = nn.Linear(16, 1)", "h, _ = self.rnn(x)\na = torch.softmax(self.score(h), dim=0)\nreturn (a * h).sum(0)", use="Net()(torch.randn(7, 4, 8))"),
    module("self.rnn = nn.LSTM(8, 16, batch_first=True)\nself.score = nn.Linear(16, 1)", "h, _ = self.rnn(x)\na = torch.softmax(self.score(h), dim=1)\nreturn (a * h).sum(1)", use="Net()(torch.randn(4, 7, 8))"),
    module("self.rnn = nn.LSTM(8, 16)\nself.score = nn.Linear(16, 1)", "h, _ = self.rnn(x)\nh = h.transpose(0, 1)\na = torch.softmax(self.score(h), dim=1)\nreturn (a * h).sum(1)", use="Net()(torch.randn(7, 4, 8))"),
    loss("F.cross_entropy(net(torch.randn(4, 3, 8)).transpose(1, 2), torch.randint(0, 3, (4, 3)))"),
    "conv = nn.Conv1d(8, 5, 1)\nF.cross_entropy(conv(torch.randn(4, 8, 5)), torch.randint(0, 5, (4, 5)))",
    loss("F.softmax(net(x))"),
    # gradients
    steps("opt.zero_grad()\nnet(torch.randn(4, 8)).mean().backward()\nopt.step()"),
    steps("net.zero_grad()\nnet(torch.randn(4, 8)).mean().backward()\nopt.step()"),
    steps("net(torch.randn(4, 8)).mean().backward()\nopt.step()\nfor p in net.parameters():\n    p.grad = None"),
    "net = nn.Linear(8, 3)\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\nnet(torch.randn(4, 8)).mean().backward()\nopt.step()",
    "net = nn.Linear(8, 3)\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\nnet(torch.randn(4, 8)).mean().backward()\nfor _ in range(9):\n    opt.step()",
    "for _ in range(3):\n    net = nn.Linear(8, 3)\n    opt = torch.optim.SGD(net.parameters(), lr=0.1)\n    net(torch.randn(4, 8)).mean().backward()\n    opt.step()",
]  # fmt: skip


@pytest.mark.parametrize("program", RIGHT)
def test_right_code_is_left_alone(program: str) -> None:
    assert rules(program) == set()
