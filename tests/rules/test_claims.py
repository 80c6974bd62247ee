"""Rules about claims: comments, docstrings, annotations and counts that are wrong, and those that only look so."""

from __future__ import annotations

import pytest

from shapelint.source.shape_comments import parse
from tests.rules.programs import module, rules, said

CNN = "self.c1 = nn.Conv2d(3, 16, 3, padding=1)\nself.c2 = nn.Conv2d(16, 32, 3, padding=1)\nself.pool = nn.MaxPool2d(2)\nself.fc = nn.Linear(32 * 8 * 8, 10)"
IMAGE = "Net()(torch.randn(2, 3, 32, 32))"
LAYER = "def size(layer):\n    return layer.in_features * layer.out_features + layer.out_features\n"
NUMEL = "def numel(m):\n    return sum(p.numel() for p in m.parameters())\n"


def loop(count: str) -> str:
    init = "self.a = nn.Linear(8, 8)\nself.b = nn.Linear(8, 2)\nself.turns = 5"
    return module(
        init, "for _ in range(self.turns):\n    x = self.a(x)\nreturn self.b(x)", use=LAYER + NUMEL + count
    )


BUGS: dict[str, list[str]] = {
    "shape-comment-disagrees": [
        module(
            CNN,
            "x = self.pool(self.c1(x))  # [B, 16, 16, 16]\nx = self.pool(self.c2(x))  # [B, 64, 8, 8]\nreturn self.fc(x.flatten(1))",
            use=IMAGE,
        ),
        module(
            CNN,
            "x = self.pool(self.c1(x))  # (B, 16, 16, 16)\nx = self.pool(self.c2(x))  # (B, 32, 8, 8)\nx = x.flatten(1)  # (B, 1024)\nreturn self.fc(x)",
            use=IMAGE,
        ),
        module(
            CNN,
            "x = self.pool(self.c1(x))  # B x 16 x 16 x 16\nx = self.pool(self.c2(x))  # B x 32 x 8 x 8\nx = x.flatten(1)  # B x 512\nreturn self.fc(x)",
            use=IMAGE,
        ),
        module(
            CNN,
            "x = self.pool(self.c1(x))  # 16x16x16\nx = self.pool(self.c2(x))  # 32x8x8\nreturn self.fc(x.flatten(1))  # -> (batch, 100)",
            use=IMAGE,
        ),
        "n_hidden = 6\n"
        + module(
            "self.rnn = nn.GRU(8, n_hidden, bidirectional=True, batch_first=True)\nself.fc = nn.Linear(2 * n_hidden, 3)",
            "out, _ = self.rnn(x)  # out: [batch, seq, n_hidden * 2]\nlast = out[:, -1]  # last: [batch, n_hidden]\nreturn self.fc(last)",
            use="Net()(torch.randn(4, 5, 8))",
        ),
        module(
            "self.hidden_dim = 6\nself.fc = nn.Linear(8, self.hidden_dim)\nself.out = nn.Linear(6, 9)",
            "h = self.fc(x)  # [batch, hidden_dim]\ny = self.out(h)  # (batch, hidden_dim)\nreturn y",
        ),
    ],
    "parameters-counted-twice": [
        loop(
            "def count_parameters(net):\n    return net.turns * size(net.a) + size(net.b)\nprint(count_parameters(Net()))"
        ),
        loop(
            "def n_params(net):\n    total = 0\n    for _ in range(net.turns):\n        total += size(net.a)\n    return total + size(net.b)\nprint(n_params(Net()))"
        ),
        loop("net = Net()\ntotal_params = numel(net.a) * 5 + numel(net.b)\nprint(total_params)"),
        module(
            "self.enc = nn.Linear(8, 4)\nself.head = nn.Linear(4, 1)",
            "return self.head(self.enc(x))",
            use=NUMEL + "Net().summary()",
            more="def summary(self):\n    params = 2 * numel(self.enc) + numel(self.head)\n    return params",
        ),
    ],
    "stated-parameters-disagree": [
        module("self.fc = nn.Linear(8, 3)  # 24 weights, 30 parameters", "return self.fc(x)"),
        'class Net(nn.Module):\n    """A small classifier with 1,234 parameters."""\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 3)\n'
        "    def forward(self, x):\n        return self.fc(x)\nNet()(torch.randn(4, 8))",
    ],
    "shape-annotation-disagrees": [
        'from jaxtyping import Float\nfrom torch import Tensor\n\ndef head(x: Float[Tensor, "batch 9"]):\n    return x\nhead(torch.randn(4, 8))',
        'from jaxtyping import Float\nfrom torch import Tensor\n\ndef sim(a: Float[Tensor, "n d"], b: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:\n    return b @ a.T\nsim(torch.randn(4, 8), torch.randn(5, 8))',
        'from jaxtyping import Int\nfrom torch import Tensor\n\ndef flat(x: Int[Tensor, "b t"]) -> Int[Tensor, "b t"]:\n    return x.flatten()\nflat(torch.zeros(4, 8).long())',
    ],
    "over-budget": ["net = nn.Linear(100, 10)  # shapelint: budget params=1_000"],
}

RIGHT: list[str] = [
    module(CNN, "x = self.pool(self.c1(x))  # [B, 16, 112, 112]\nx = self.pool(self.c2(x))  # [B, 32, 56, 56]\nreturn self.fc(x.flatten(1))", use=IMAGE),
    module(CNN, "x = self.pool(self.c1(x))  # (B, 16, H/2, W/2)\nx = self.pool(self.c2(x))  # (b, c, h, w)\nreturn self.fc(x.flatten(1))  # (B, num_classes)", use=IMAGE),
    module(CNN, "b, c, h, w = x.shape  # (B, 3, 32, 32)\nx = self.pool(self.c1(x))  # (b, c, h, w)\nx = self.pool(self.c2(x))  # [16, 32, 8, 8]\nreturn self.fc(x.flatten(1))", use=IMAGE),
    module("self.c = nn.Conv2d(3, 4 * 4, 1)", "x = self.c(x)  # [B, 16, 32, 32] if the image is small\nreturn x  # [0, 1] range", use=IMAGE),
    module("self.fc = nn.Linear(8, width)", "return self.fc(x)  # (batch, 64)", use="Net(32)(torch.randn(4, 8))").replace("__init__(self)", "__init__(self, width)", 1),
    module("self.fc = nn.Linear(8, 3)", "y = self.fc(x)  # (4, 3), (8, 3)\nz = y[0]  # tuple (1, 2)\nreturn y  # (see [1])"),
    loop("def count_flops(net):\n    total = net.turns * size(net.a) + size(net.b)\n    return total\nprint(count_flops(Net()))"),
    loop("def count_parameters(net):\n    total = size(net.a) + size(net.b)\n    return total\nprint(count_parameters(Net()), numel(Net()))"),
    loop("a, b = Net(), Net()\ntotal_params = numel(a) + numel(b)"),
    module("self.conv = nn.Conv2d(16, 32, 3)  # 4,608 parameters\nself.fc = nn.Linear(8, 3)  # ~30 parameters", "return self.fc(x)"),
    module("self.fc = nn.Linear(8, 3)  # 27 parameters", "return self.fc(x)"),
    'from jaxtyping import Float\nfrom torch import Tensor\n\ndef f(x: Float[Tensor, "b c h w"], y: Float[Tensor, "b #c"], z: Float[Tensor, "..."]) -> Float[Tensor, "b"]:\n    return x.sum((1, 2, 3)) + y.sum(1)\n'
    "f(torch.randn(2, 3, 4, 4), torch.randn(2, 1), torch.randn(7))",
    "net = nn.Linear(10, 10)  # shapelint: budget params=1_000",
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "program"),
    [(rule, p) for rule, programs in BUGS.items() for p in programs],
    ids=[f"{rule}-{i}" for rule, programs in BUGS.items() for i in range(len(programs))],
)
def test_the_wrong_claim_is_found(rule: str, program: str) -> None:
    assert rule in rules(program)


@pytest.mark.parametrize("program", RIGHT, ids=range(len(RIGHT)))
def test_right_and_vague_claims_are_left_alone(program: str) -> None:
    assert said(program) == []


@pytest.mark.parametrize(
    ("comment", "sizes"),
    [
        ("# [B, 32, 56, 56]", ("B", "32", "56", "56")),
        ("# -> (batch, 2 * n_hidden)", ("batch", "2 * n_hidden")),
        ("# (N, 3) -> (N, 4)", ("N", "4")),
        ("# torch.Size([2, 3])", ("2", "3")),
        ("# x: [b, t, c]", ("b", "t", "c")),
        ("# B x C x H x W", ("B", "C", "H", "W")),
        ("# 64x14x14", ("64", "14", "14")),
        ("# shape (4, 5) of the batch", ("4", "5")),
        ("# outputs[-1]: [batch_size, n_hidden]", ("batch_size", "n_hidden")),
        ("# see (1, 2) and (3, 4)", None),
        ("# [0.5, 1.5]", None),
        ("# (B, ...)", None),
        ("# (a word, another word)", None),
        ("# 3 x faster", None),
        ("# [B, 10] if training", None),
        ("# TODO(me): fix", None),
    ],
)
def test_comments_are_read(comment: str, sizes: tuple[str, ...] | None) -> None:
    found = parse(comment)
    assert (found.sizes if found is not None else None) == sizes
