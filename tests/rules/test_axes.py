"""Rules about axes: ways people write each bug, and right code that looks like it."""

from __future__ import annotations

import pytest

from shapelint.rules.axes.lineage import Lineage
from tests.rules.programs import module, rules, said


def conv(forward: str, use: str = "Net()(torch.randn(2, 3, 16, 16))", init: str = "") -> str:
    return module(
        f"self.conv = nn.Conv2d(3, 32, 3, padding=1)\nself.mix = nn.Linear(32, 32)\n{init}", forward, use=use
    )


def seq(init: str, forward: str, use: str = "Net()(torch.randn(6, 10, 16))") -> str:
    return module(init, forward, use=use)


HEADS = "self.qkv = nn.Linear(16, 16)\nself.heads = 4"

BUGS: dict[str, list[str]] = {
    "view-folds-batch": [
        module(
            "self.conv = nn.Conv2d(3, 16, 3, padding=1)\nself.pool = nn.AvgPool2d(7)\nself.fc = nn.Linear(16, 5)",
            "x = self.pool(self.conv(x))\nx = x.reshape(-1, 16)\nreturn self.fc(x)",
            use="Net()(torch.randn(2, 3, 14, 14))",
        ),
        module(
            "self.conv = nn.Conv1d(4, 8, 3, padding=1)\nself.n = 8 * 10\nself.fc = nn.Linear(80, 5)",
            "x = self.conv(x)\nreturn self.fc(x.view(-1, self.n))",
            use="Net()(torch.randn(2, 4, 30))",
        ),
        module(
            "self.fc = nn.Linear(8, 64 * 8 * 8)\nself.up = nn.ConvTranspose2d(64, 3, 4, 2, 1)",
            "h = self.fc(x).view(-1, 64, 4, 4)\nreturn self.up(h)",
            use="Net()(torch.randn(4, 8))",
        ),
        module(
            "self.conv = nn.Conv3d(1, 8, 3, padding=1)\nself.fc = nn.Linear(8 * 4 * 4 * 4, 5)",
            "return self.fc(torch.reshape(self.conv(x), (-1, 8 * 4 * 4 * 4)))",
            use="Net()(torch.randn(2, 1, 8, 8, 8))",
        ),
    ],
    "view-mixes-axes": [
        conv(
            "b, c, h, w = self.conv(x).shape\nt = self.mix(self.conv(x).flatten(2).permute(0, 2, 1))\nreturn t.reshape(b, c, h, w)"
        ),
        conv(
            "y = self.conv(x)\nt = y.flatten(2).transpose(1, 2)\nreturn self.mix(t).view_as(y)"
            if False
            else "y = self.conv(x)\nt = y.flatten(2).transpose(1, 2)\nreturn self.mix(t).reshape(y.shape)"
        ),
        conv("y = self.conv(x)\nb, c, h, w = y.size()\nseq = y.reshape(b, h * w, c)\nreturn self.mix(seq)"),
        seq(
            "self.rnn = nn.GRU(16, 12, bidirectional=True, batch_first=True)",
            "_, h = self.rnn(x)\nreturn h.view(-1, 24)",
        ),
        seq(
            "self.rnn = nn.LSTM(16, 12, bidirectional=True, batch_first=True)",
            "_, (h, c) = self.rnn(x)\nreturn h.reshape(x.size(0), -1)",
        ),
        seq("self.fc = nn.Linear(16, 16)", "b, t, f = x.shape\nreturn self.fc(x).view(t, b, f)"),
        seq(
            "self.fc = nn.Linear(16, 24)",
            "x = self.fc(x)\nreturn x.reshape(x.size(1), x.size(0), -1)",
            "Net()(torch.randn(6, 6, 16))",
        ),
        seq(HEADS, "b, t, c = x.shape\nq = self.qkv(x).view(b, self.heads, t, c // self.heads)\nreturn q"),
        seq(
            HEADS,
            "b, t, c = x.shape\nq = self.qkv(x).view(b, t, self.heads, -1).transpose(1, 2)\n"
            "y = F.softmax(q @ q.transpose(-2, -1), -1) @ q\nreturn y.reshape(b, t, c)",
        ),
        seq(
            HEADS,
            "b, t, c = x.shape\nq = self.qkv(x).view(b, t, self.heads, -1).permute(0, 2, 1, 3)\nreturn q.contiguous().view(b, -1, c)",
        ),
        seq("self.fc = nn.Linear(16, 7)", "x = self.fc(x)\nreturn x.view(x.size(0), 7, x.size(1))"),
        module(
            "self.emb = nn.Conv2d(3, 64, 4, stride=4)\nself.head = nn.Linear(64, 48)",
            "t = self.head(self.emb(x).flatten(2).transpose(1, 2))\nreturn t.reshape(x.size(0), 3, 24, 24)",
            use="Net()(torch.randn(2, 3, 24, 24))",
        ),
        module(
            "self.fc = nn.Linear(5, 5)",
            "b, t, c, h, w = x.shape\nreturn x.view(b, c, t, h, w)",
            use="Net()(torch.randn(2, 8, 3, 6, 6))",
        ),
    ],
    "broadcast-pairs-samples": [
        module(
            "self.fc = nn.Linear(8, 1)",
            "return self.fc(x)",
            use="net = Net()\nF.l1_loss(net(torch.randn(4, 8)), torch.randn(4))",
        ),
        module(
            "self.fc = nn.Linear(8, 1)",
            "return self.fc(x).squeeze()",
            use="net = Net()\ny = torch.randn(4, 1)\nnn.MSELoss()(net(torch.randn(4, 8)), y)",
        ),
        module(
            "self.fc = nn.Linear(8, 1)",
            "return self.fc(x)",
            use="net = Net()\ny = torch.randn(4)\n((net(torch.randn(4, 8)) - y) ** 2).mean()",
        ),
        module(
            "self.fc = nn.Linear(8, 1)",
            "return self.fc(x)",
            use="net = Net()\ny = torch.randn(4)\nnn.SmoothL1Loss()(net(torch.randn(4, 8)), y)",
        ),
        module(
            "self.fc = nn.Linear(8, 1)",
            "return self.fc(x).flatten()",
            use="net = Net()\nF.huber_loss(net(torch.randn(4, 8)), torch.randn(4).unsqueeze(1))",
        ),
        "q, t = nn.Linear(4, 3), nn.Linear(4, 3)\ns, a, r = torch.randn(16, 4), torch.randint(0, 3, (16,)), torch.randn(16)\n"
        "chosen = q(s).gather(1, a.unsqueeze(1))\ntarget = r + 0.9 * t(s).max(1)[0]\nloss = F.mse_loss(chosen, target.detach())",
        "net = nn.Linear(4, 3)\nx, y = torch.randn(16, 4), torch.randint(0, 3, (16,))\npred = net(x).max(1, keepdim=True)[1]\ncorrect = (pred == y).sum()",
        "net = nn.Linear(4, 3)\nx, y = torch.randn(16, 4), torch.randint(0, 3, (16,))\ncorrect = net(x).argmax(dim=1, keepdim=True).eq(y).sum()",
        "net = nn.Linear(4, 3)\nr = torch.randn(16)\ntarget = r + 0.9 * net(torch.randn(16, 4)).max(dim=1, keepdim=True)[0]",
        "pi, v = nn.Linear(4, 3), nn.Linear(4, 1)\ns, a, r = torch.randn(16, 4), torch.randint(0, 3, (16,)), torch.randn(16)\n"
        "dist = torch.distributions.Categorical(logits=pi(s))\nadv = torch.randn(16, 1) - v(s)\nloss = -(dist.log_prob(a) * adv).mean()",
    ],
    "batch-reduced-for-time": [
        seq(
            "self.rnn = nn.GRU(16, 8, batch_first=True)\nself.fc = nn.Linear(8, 3)",
            "out, _ = self.rnn(x)\nreturn self.fc(out.max(0)[0])",
        ),
        conv("t = self.conv(x).flatten(2).transpose(1, 2)\nreturn self.mix(t).sum(0)"),
    ],
    "reduction-meets-wrong-axis": [
        module(
            "self.fc = nn.Linear(6, 6)",
            "a = a / (a.sum(dim=1) + 1e-6)\nreturn a @ self.fc(x)",
            use="Net()(torch.randn(12, 6), torch.rand(12, 12))",
        ).replace("(self, x)", "(self, x, a)"),
        module(
            "self.fc = nn.Linear(6, 6)",
            "a = torch.div(a, a.norm(dim=-1))\nreturn a @ self.fc(x)",
            use="Net()(torch.randn(12, 6), torch.rand(12, 12))",
        ).replace("(self, x)", "(self, x, a)"),
    ],
    "batch-total-divides-samples": [
        module(
            "self.e = nn.Embedding(9, 8)",
            "m = (x != 0).float()\nh = self.e(x) * m.unsqueeze(-1)\nreturn h.sum(dim=1) / m.sum()",
            use="Net()(torch.randint(0, 9, (4, 5)))",
        ),
    ],
    "mask-counted-once": [
        "def mean_loss(a, mask):\n    return (a * mask[..., None]).sum() / mask.sum()\nmean_loss(torch.rand(2, 5, 3), torch.ones(2, 5))",
    ],
    "sequence-layer-fed-batch-first": [
        seq(
            "self.rnn = nn.LSTM(16, 8)\nself.fc = nn.Linear(8, 1)",
            "out, _ = self.rnn(x)\nreturn self.fc(out[:, -1, :])",
        ),
        seq(
            "self.rnn = nn.GRU(16, 8)\nself.fc = nn.Linear(8, 1)",
            "out, _ = self.rnn(x)\nreturn self.fc(out.mean(dim=1))",
        ),
        seq(
            "self.rnn = nn.LSTM(16, 8)\nself.fc = nn.Linear(80, 1)",
            "out, _ = self.rnn(x)\nreturn self.fc(out.reshape(x.size(0), -1))",
        ),
        seq(
            "self.enc = nn.TransformerEncoderLayer(16, 2)\nself.fc = nn.Linear(160, 1)",
            "return self.fc(self.enc(x).flatten(1))",
        ),
        seq(
            "self.enc = nn.TransformerEncoderLayer(16, 2)\nself.fc = nn.Linear(16, 1)",
            "return self.fc(self.enc(x)[:, 0])",
        ),
        seq(
            "self.att = nn.MultiheadAttention(16, 2)\nself.rnn = nn.GRU(16, 16, batch_first=True)",
            "x, _ = self.rnn(x)\nx, _ = self.att(x, x, x)\nreturn x",
        ),
        conv(
            "t = self.conv(x).flatten(2).transpose(1, 2)\nreturn self.enc(t)",
            init="self.enc = nn.TransformerEncoderLayer(32, 4)",
        ),
        "from torch.utils.data import DataLoader, TensorDataset\nnet = nn.LSTM(5, 8)\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.LSTM(5, 8)\n        self.fc = nn.Linear(8, 1)\n"
        "    def forward(self, x):\n        h, _ = self.rnn(x)\n        return self.fc(h)\n"
        "net = Net()\nfor x, y in DataLoader(TensorDataset(torch.randn(64, 12, 5), torch.randn(64, 12, 1)), batch_size=8):\n    net(x)",
    ],
    "last-sample-for-last-step": [
        seq("self.rnn = nn.GRU(16, 8, batch_first=True)", "out, h = self.rnn(x)\nreturn out[-1]"),
        seq(
            "self.rnn = nn.LSTM(16, 8, batch_first=True)\nself.drop = nn.Dropout(0.1)",
            "out, _ = self.rnn(x)\nout = self.drop(out)\nreturn out[-1, :, :]",
        ),
        seq("self.rnn = nn.LSTM(16, 8, batch_first=True)", "_, (h, c) = self.rnn(x)\nreturn h[:, -1]"),
    ],
    "first-layer-for-last": [
        seq("self.rnn = nn.GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nreturn h[0]"),
        seq(
            "self.rnn = nn.RNN(16, 8, num_layers=3)",
            "out, h = self.rnn(x)\nn = h.size(1)\nreturn h[0, :, :].view(n, 8)",
        ),
        seq(
            "self.rnn = nn.LSTM(16, 8, 2, batch_first=True)\nself.fc = nn.Linear(8, 2)",
            "h = torch.zeros(2, x.size(0), 8)\nc = torch.zeros(2, x.size(0), 8)\n_, (h, c) = self.rnn(x, (h, c))\nh = h[0]\nreturn self.fc(h)",
        ),
        seq(
            "self.rnn = nn.LSTM(16, 8, 2, bidirectional=True)",
            "_, (h, _) = self.rnn(x)\nreturn torch.cat((h[0], h[1]), dim=1)",
        ),
        seq(
            "self.rnn = nn.GRU(16, 8, 2, batch_first=True)",
            "self.rnn.flatten_parameters()\nname = '\\d'\nout, h = self.rnn(x)\nif x.size(1) > 3:\n    return h[0] * 2\nreturn h[0]",
        ),
    ],
    "positions-by-sample": [
        module(
            "self.register_buffer('pe', torch.randn(100, 1, 16))\nself.layer = nn.TransformerEncoderLayer(16, 2, batch_first=True)",
            "x = x * 4 + self.pe[:x.shape[0], :]\nreturn self.layer(x)",
            use="Net()(torch.randn(5, 12, 16))",
        ),
        module(
            "self.pe = nn.Parameter(torch.randn(100, 1, 16))\nself.rnn = nn.GRU(16, 2, batch_first=True)",
            "x = self.pe[:x.size(0), :] + x\nreturn self.rnn(x)",
            use="Net()(torch.randn(5, 12, 16))",
        ),
        module(
            "self.pos = nn.Embedding(100, 16)\nself.rnn = nn.GRU(16, 2, batch_first=True)",
            "p = self.pos(torch.arange(x.size(0))).unsqueeze(1)\nreturn self.rnn(x + p)",
            use="Net()(torch.randn(5, 12, 16))",
        ),
    ],
    "one-number-for-all-samples": [
        "net = nn.Linear(4, 6)\nmask = F.one_hot(torch.randint(0, 6, (8,)), 6)\nq = (net(torch.rand(8, 4)) * mask).sum()\nloss = F.mse_loss(q, torch.randn(8))",
        "net = nn.Linear(4, 6)\nlabels = torch.randint(0, 6, (8,))\ncorrect = (net(torch.rand(8, 4)).argmax() == labels).sum()",
    ],
    "mean-has-no-indices": [
        "out = torch.zeros(3, 16)\nfor i in range(3):\n    out[i] = torch.randn(9, 16).mean(0)[0]",
        "out = torch.zeros(3, 16)\nfor i in range(3):\n    out[i, :] = torch.std(torch.randn(9, 16), dim=0)[0]",
    ],
    "instance-norm-takes-batch-for-channels": [
        module(
            "self.n = nn.Sequential(nn.Linear(8, 6), nn.InstanceNorm1d(6, affine=True))", "return self.n(x)"
        ),
    ],
    "norm-over-one-value": [
        module("self.n = nn.Sequential(nn.Linear(8, 6), nn.GroupNorm(6, 6))", "return self.n(x)"),
        module("self.n = nn.LayerNorm([1])\nself.fc = nn.Linear(8, 1)", "return self.n(self.fc(x))"),
    ],
    "squeeze-drops-batch": [
        conv(
            "return F.adaptive_avg_pool2d(self.conv(x), 1).squeeze()",
            "net = Net()\nfor v in net(torch.rand(1, 3, 8, 8)):\n    print(v.shape)",
        ),
        conv(
            "x = F.adaptive_avg_pool2d(self.conv(x), 1)\nreturn torch.squeeze(x)",
            "first = Net()(torch.rand(1, 3, 8, 8))[0]",
        ),
    ],
}

RIGHT: list[str] = [
    # the state of the first layer, and the others' too
    *(
        seq(f"self.rnn = nn.{kind}\nself.one = nn.GRU(16, 8, batch_first=True)", forward)
        for kind, forward in (
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nreturn h[0] + h[1]"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nreturn h[0] + h[-1]"),
            ("GRU(16, 8, 2, batch_first=True)", "out, h = self.rnn(x)\nreturn out + h[0].unsqueeze(1)"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nreturn h[0], h"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nreturn [h[i] for i in range(2)] + [h[0]]"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nlow, high = h\nreturn h[0] + high"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nreturn h.view(2, 1, -1, 8)[-1][0]"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nh = h.transpose(0, 1)\nreturn h[0]"),
            ("GRU(16, 8, 2, batch_first=True)", "self.state = self.rnn(x)[1]\nreturn self.state[0]"),
            ("GRU(16, 8, 2, batch_first=True)", "for _ in range(2):\n    _, h = self.rnn(x)\n    x = torch.cat([x, h[1][:, None].repeat(1, 1, 2)], 1)\nreturn h[0]"),
            ("GRU(16, 8, 1, batch_first=True)", "_, h = self.rnn(x)\nreturn h[0]"),
            ("LSTM(16, 8, 1, batch_first=True, bidirectional=True)", "_, (h, c) = self.rnn(x)\nreturn h[0] + h[1]"),
            ("LSTM(16, 8, 2, batch_first=True)", "_, (h, c) = self.rnn(x)\nreturn h[0], c[-1]"),
            ("LSTM(16, 8, 2, batch_first=True)", "_, hidden = self.rnn(x)\nreturn hidden[0][-1]"),
            ("LSTM(16, 8, 2, batch_first=True, bidirectional=True)", "_, (h, c) = self.rnn(x)\nreturn torch.cat((h[0], h[1], h[2], h[3]), 1)"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nif self.rnn.num_layers == 1:\n    h = h[0]\nelse:\n    h = h[-1]\nreturn h"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.one(x)\nreturn h[0] + self.rnn(x)[0][:, -1]"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\ndef last():\n    return h[-1]\nreturn h[0] + last()"),
            ("GRU(16, 8, 2, batch_first=True)", "_, h = self.rnn(x)\nlow = h[0]\nreturn low + self.rnn(x)[0][:, -1]"),
        )
    ),
    # patches that were cut before: what lies within a patch and what counts the patches are apart already
    conv("b, c, h, w = x.shape\nx = x.reshape(b * c * (h // 2), 2, w // 2, 2).transpose(1, 2)\nx = x.reshape(b, c, (h // 2) * (w // 2), 4).transpose(1, 3)\nx = x.reshape(b * 4, (h // 2) * (w // 2), -1)\nreturn x.view(b, 4, (h // 2) * (w // 2), -1)", use="Net()(torch.randn(2, 3, 8, 8))"),
    # folding on purpose
    module("self.conv = nn.Conv2d(3, 8, 3)", "b, t = x.shape[:2]\ny = self.conv(x.view(-1, 3, 8, 8))\nreturn y.view(b, t, 8, 6, 6)", use="Net()(torch.randn(2, 5, 3, 8, 8))"),
    seq("self.fc = nn.Linear(16, 9)", "return self.fc(x).view(-1, 9)", "net = Net()\nF.cross_entropy(net(torch.randn(6, 10, 16)), torch.randint(0, 9, (6, 10)).view(-1))"),
    module("self.net = nn.Sequential(nn.Conv2d(3, 8, 4, 2, 1), nn.Conv2d(8, 1, 4))", "return self.net(x).view(-1)", use="Net()(torch.randn(2, 3, 16, 16))"),
    module("self.fc = nn.Linear(8, 64 * 4 * 4)\nself.up = nn.ConvTranspose2d(64, 3, 4, 2, 1)", "return self.up(self.fc(x).view(-1, 64, 4, 4))"),
    module("self.fc = nn.Linear(8, 6 * 85)", "return self.fc(x).view(-1, 85)"),
    module("self.fc = nn.Linear(8, 5 * 3 * 4 * 4)", "return self.fc(x).view(-1, 3, 4, 4)"),
    conv("y = self.conv(x)\nn, c, h, w = y.shape\nz = y.view(n * 4, -1)\nreturn z.view(n, c, h, w)"),
    conv("return self.conv(x).flatten(0, 1).flatten()"),
    # views that merge and split
    seq(HEADS, "b, t, c = x.shape\nq = self.qkv(x).view(b, t, self.heads, c // self.heads).transpose(1, 2)\n"
               "y = F.softmax(q @ q.transpose(-2, -1), -1) @ q\nreturn y.transpose(1, 2).contiguous().view(b, t, c)"),
    seq("self.rnn = nn.GRU(16, 12, 2, bidirectional=True, batch_first=True)", "out, h = self.rnn(x)\nb, t, _ = out.shape\n"
        "a = out.view(b, t, 2, 12)\nh = h.view(2, 2, b, 12)\nreturn torch.cat([h[-1, 0], h[-1, 1]], 1), a"),
    seq("self.rnn = nn.GRU(16, 12, bidirectional=True, batch_first=True)", "_, h = self.rnn(x)\nreturn h.permute(1, 0, 2).reshape(x.size(0), -1)"),
    seq("self.rnn = nn.GRU(16, 12, batch_first=True)", "_, h = self.rnn(x)\nreturn h.view(-1, 12)"),
    seq("self.rnn = nn.LSTM(16, 12, batch_first=True)", "_, (h, c) = self.rnn(x)\nreturn h.view(x.size(0), 12)"),
    conv("y = self.conv(x)\nb, c, h, w = y.shape\ny = y.view(b, c // 4, 2, 2, h, w).permute(0, 1, 4, 2, 5, 3)\nreturn y.reshape(b, c // 4, h * 2, w * 2)"),
    conv("y = self.conv(x)\nb, c, h, w = y.shape\ny = y.view(b, 4, c // 4, h, w).transpose(1, 2).contiguous().view(b, -1, h, w)\nreturn y"),
    conv("y = self.conv(x)\nb, c, h, w = y.shape\ny = y.view(b, c, h // 4, 4, w // 4, 4).permute(0, 2, 4, 3, 5, 1).reshape(-1, 16, c)\nreturn self.mix(y)"),
    conv("y = F.adaptive_avg_pool2d(self.conv(x), 1)\nb, c, _, _ = y.size()\nreturn y.view(b, c) + y.view(b, 1, c).view(b, c)"),
    conv("y = self.conv(x)\nb, c, h, w = y.shape\nq = y.view(b, -1, h * w).permute(0, 2, 1)\nk = y.view(b, -1, h * w)\n"
         "a = torch.softmax(torch.bmm(q, k), -1)\nv = y.view(b, -1, h * w)\nreturn torch.bmm(v, a.permute(0, 2, 1)).view(b, c, h, w)"),
    conv("y = self.conv(x)\nb, c, h, w = y.shape\nt = self.mix(y.flatten(2).transpose(1, 2))\nreturn t.transpose(1, 2).reshape(b, c, h, w)"),
    conv("y = self.conv(x)\nb, c, h, w = y.shape\nreturn self.mix(y.permute(0, 2, 3, 1).reshape(b * h * w, c)).view(b, h, w, c).permute(0, 3, 1, 2)"),
    seq("self.fc = nn.Linear(32, 8)", "b, t, c = x.shape\nreturn self.fc(x.view(b, t // 2, c * 2))"),
    seq("self.fc = nn.Linear(16, 8)", "t, b, c = x.shape\nreturn self.fc(x.view(t * b, c)).view(t, b, -1)"),
    seq("self.fc = nn.Linear(16, 16)", "b, t, c = x.shape\ny = self.fc(x)\nreturn y.view(b, 1, t, c).view(b, t, 1, c).view(1, b, t, c)"),
    # the relative shift: a padded table is read with another row length
    seq("self.fc = nn.Linear(16, 10)", "b, t, _ = x.shape\ny = self.fc(x)\ny = F.pad(y, (1, 0)).view(b, t + 1, t)[:, 1:]\nreturn y"),
    seq("self.fc = nn.Linear(16, 10)", "b, t, _ = x.shape\ny = self.fc(x)\nz = torch.cat([torch.zeros(b, t, 1), y], -1)\nreturn z.view(b, t + 1, t)[:, 1:].view_as(y)"),
    # pairs on purpose
    "x = torch.randn(8, 3)\nnet = nn.Linear(3, 1)\ns = net(x).squeeze(1)\nd = s[:, None] - s[None, :]\ne = s.unsqueeze(1) - s\nf = net(x) - net(x).t()",
    "x, y = torch.randn(8, 3), torch.randint(0, 2, (8,))\nsame = y.view(-1, 1) == y\nz = nn.Linear(3, 4)(x)\n"
    "d = z.pow(2).sum(1, keepdim=True) + z.pow(2).sum(1) - 2 * z @ z.t()",
    "net = nn.Linear(3, 5)\nq = net(torch.randn(8, 3))\nt = torch.randn(8, 5)\nloss = F.smooth_l1_loss(q.unsqueeze(2).expand(8, 5, 5), t.unsqueeze(1).expand(8, 5, 5), reduction='none')",
    "net = nn.Linear(3, 4)\na, b = torch.randn(8, 1), net(torch.randn(8, 3))\nboth = a * b + torch.randn(4) + F.mse_loss(b, torch.tensor(1.0))",
    "net = nn.Linear(3, 1)\nF.mse_loss(net(torch.randn(8, 3)).squeeze(-1), torch.randn(8))",
    "net = nn.Linear(3, 1)\nF.mse_loss(net(torch.randn(1, 3)), torch.randn(1))",
    "net = nn.Linear(3, 1)\nout = net(torch.randn(8, 3)) * torch.linspace(0, 1, 8)",
    # normalising along the right axis
    module("self.fc = nn.Linear(6, 6)", "a = a / a.sum(0) + a / a.sum(1, keepdim=True) + a / a.sum(1)[:, None]\nreturn a @ self.fc(x)",
           use="Net()(torch.randn(12, 6), torch.rand(12, 12))").replace("(self, x)", "(self, x, a)"),
    module("self.fc = nn.Linear(6, 6)", "a = a + a.t()\na = a / a.sum(1)\nreturn a @ self.fc(x)", use="Net()(torch.randn(12, 6), torch.rand(12, 12))").replace("(self, x)", "(self, x, a)"),
    module("self.fc = nn.Linear(6, 6)", "d = a.sum(1).pow(-0.5)\na = d[:, None] * a * d\nreturn a @ self.fc(x)", use="Net()(torch.randn(12, 6), torch.rand(12, 12))").replace("(self, x)", "(self, x, a)"),
    "net = nn.Linear(3, 4)\nz = net(torch.randn(8, 3))\nk = z @ z.t()\nk = k - k.mean(0) - k.mean(1) + k.mean()\nk = k / k.sum(1)",
    # totals that are meant
    module("self.e = nn.Embedding(9, 8)", "m = (x != 0).float()\nreturn ((self.e(x) * m.unsqueeze(-1)).sum(1) / m.sum()).sum(0)", use="Net()(torch.randint(0, 9, (4, 5)))"),
    "def masked(a, m):\n    return (a * m).sum() / m.sum()\nmasked(torch.rand(2, 5), torch.ones(2, 5))",
    "def per_token(a, mask):\n    return (a * mask[..., None]).sum() / mask.sum()\nper_token(torch.rand(2, 5, 3), torch.ones(2, 5))",
    "adv = nn.Linear(3, 1)(torch.randn(8, 3)).squeeze(1)\nadv = (adv - adv.mean()) / (adv.std() + 1e-8)\np = adv / adv.sum()",
    "logits = nn.Linear(3, 4)(torch.randn(8, 3))\nkl = (logits.exp() * logits).sum() / 8\nloss = F.mse_loss(logits[:, 0], torch.randn(8)) + kl",
    "best = torch.randn(7).argmax()\nc = torch.randn(3, 4, 4).argmax(0)\nz = torch.cat([torch.randn(4, 8), torch.randn(4, 8)], 0)",
    # time-major code, and layers that are told
    seq("self.rnn = nn.LSTM(16, 8)\nself.fc = nn.Linear(8, 1)", "out, (h, _) = self.rnn(x)\nreturn self.fc(out[-1]) + self.fc(h[-1])"),
    seq("self.rnn = nn.LSTM(16, 8)", "out, _ = self.rnn(x.permute(1, 0, 2))\nreturn out.permute(1, 0, 2)[:, -1]"),
    seq("self.rnn = nn.LSTM(16, 8, batch_first=True)", "out, _ = self.rnn(x)\nreturn out[:, -1] + out.mean(1)"),
    seq("self.enc = nn.TransformerEncoderLayer(16, 2)", "x = x.transpose(0, 1)\nx = self.enc(x)\nreturn x.transpose(0, 1).mean(1)"),
    seq("self.enc = nn.TransformerEncoderLayer(16, 2)", "return self.enc(x).mean(0)"),
    seq("self.enc = nn.TransformerEncoderLayer(16, 2)\nself.fc = nn.Linear(16, 1)", "y = self.enc(x.mean(1).unsqueeze(1)).squeeze(1)\nreturn self.fc(y)"),
    conv("t = self.conv(x).flatten(2).permute(2, 0, 1)\nreturn self.enc(t)", init="self.enc = nn.TransformerEncoderLayer(32, 4)"),
    seq("self.att = nn.MultiheadAttention(16, 2, batch_first=True)", "y, w = self.att(x, x, x)\nreturn y[:, 0]"),
    seq("self.register_buffer('pe', torch.randn(100, 1, 16))\nself.enc = nn.TransformerEncoderLayer(16, 2)", "return self.enc(x + self.pe[:x.size(0)])"),
    seq("self.pos = nn.Parameter(torch.randn(1, 100, 16))\nself.enc = nn.TransformerEncoderLayer(16, 2, batch_first=True)", "return self.enc(x + self.pos[:, :x.size(1)])"),
    seq("self.rnn = nn.LSTM(16, 8)\nself.fc = nn.Linear(8, 1)", "out, _ = self.rnn(x)\nreturn self.fc(out.reshape(-1, 8)).view(x.size(0), x.size(1))"),
    seq("self.rnn = nn.GRU(16, 8, batch_first=True)", "out, _ = self.rnn(x)\nmean = out.mean(0, keepdim=True)\nreturn (out - mean) / out.std(0)"),
    seq("self.pos = nn.Embedding(100, 16)\nself.rnn = nn.GRU(16, 2, batch_first=True)", "return self.rnn(x + self.pos(torch.arange(x.size(1))))"),
    "net = nn.Linear(4, 3)\nx, y = torch.randn(16, 4), torch.randint(0, 3, (16,))\npred = net(x).max(1, keepdim=True)[1]\ncorrect = pred.eq(y.view_as(pred)).sum() + (pred.squeeze(1) == y).sum()",
    "z = nn.Linear(4, 3)(torch.randn(16, 4))\nshifted = z - z.max(1, keepdim=True)[0]\nm = z.max(1, keepdim=True)[0] - z.max(1)[0][None]",
    # norms and squeezes
    "nn.InstanceNorm1d(20)(torch.randn(4, 20, 7))\nnn.InstanceNorm1d(20)(torch.randn(20, 7))\nnn.LayerNorm(6)(torch.randn(4, 6))\nnn.GroupNorm(6, 6)(torch.randn(2, 6, 4, 4))",
    conv("return F.adaptive_avg_pool2d(self.conv(x), 1).squeeze()", "for v in Net()(torch.rand(4, 3, 8, 8)):\n    print(v.shape)"),
    conv("return F.adaptive_avg_pool2d(self.conv(x), 1).squeeze(-1).squeeze(-1)", "for v in Net()(torch.rand(1, 3, 8, 8)):\n    print(v.shape)"),
    "out = torch.zeros(3, 16)\nfor i in range(3):\n    out[i] = torch.max(torch.randn(9, 16), dim=0)[0]\nred = torch.randn(3, 8, 8).mean((1, 2))[0]",
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "program"),
    [(rule, p) for rule, programs in BUGS.items() for p in programs],
    ids=[f"{rule}-{i}" for rule, programs in BUGS.items() for i in range(len(programs))],
)
def test_the_bug_is_found(rule: str, program: str) -> None:
    assert rule in rules(program)


@pytest.mark.parametrize("program", RIGHT, ids=range(len(RIGHT)))
def test_right_code_is_left_alone(program: str) -> None:
    assert said(program) == []


def test_what_the_axes_hold_is_not_sought_where_sizes_follow_from_unknown_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sought: list[object] = []
    real = Lineage.axes
    monkeypatch.setattr(Lineage, "axes", lambda self, x: sought.append(x.shape) or real(self, x))
    forward = "y = self.conv(x)\nb, c, h, w = y.shape\nreturn y.view({})"
    for sizes, seen in (("b, c, h // 2, 2 * w", False), ("c, b, h, w", True)):
        said(conv(forward.format(sizes), use="def run(x):\n    return Net()(x)"))
        assert bool(sought) is seen
