"""Wiring rules: ways people write each bug, and right code that looks like it."""

from __future__ import annotations

import pytest

from tests.rules.programs import module, rules

HEAD = "head = nn.Linear(8, 2)"
NORMS = "\nself.norms = nn.ModuleList([nn.LayerNorm(8) for _ in range(2)])"
LAYERS = "self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])"

BUGS: dict[str, list[str]] = {
    "layers-not-registered": [
        module("self.hids = []\nfor _ in range(3):\n    self.hids.append(nn.Linear(8, 8))", "for h in self.hids:\n    x = h(x)\nreturn x"),
        module("self.hids = [nn.Linear(8, 8), nn.Linear(8, 8)]", "for h in self.hids:\n    x = h(x)\nreturn x"),
        module("self.heads = {'a': nn.Linear(8, 2), 'b': nn.Linear(8, 3)}", "return {k: h(x) for k, h in self.heads.items()}"),
        module("self.pair = (nn.Linear(8, 8), nn.Linear(8, 2))", "return self.pair[1](self.pair[0](x))"),
        module("layers = []\nfor i in range(2):\n    layers += [nn.Linear(8, 8), nn.ReLU()]\nself.layers = layers", "for f in self.layers:\n    x = f(x)\nreturn x"),
        module("self.blocks = [nn.ModuleList([nn.Linear(8, 8)]) for _ in range(2)]", "for b in self.blocks:\n    x = b[0](x)\nreturn x").replace("b[0](x)", "b[0](x)") ,
        module("self.w = [nn.Parameter(torch.randn(8, 8)) for _ in range(2)]", "for w in self.w:\n    x = x @ w\nreturn x"),
    ],
    "parameter-not-registered": [
        module("self.w = nn.Parameter(torch.ones(8)).double()", "return x * self.w"),
        module("self.w = nn.Parameter(torch.ones(8)).cuda()", "return x * self.w"),
        module("self.w = nn.Parameter(torch.ones(8)) * 0.02", "return x * self.w"),
        module("self.w = nn.Parameter(torch.ones(8)).unsqueeze(0)", "return x * self.w"),
        module("w = nn.Parameter(torch.ones(8, 8))\nself.w = w.t()", "return x @ self.w"),
        module("dev = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\nself.w = nn.Parameter(torch.ones(8)).to(dev)", "return x * self.w"),
    ],
    "layer-made-in-forward": [
        module("self.fc = nn.Linear(8, 8)", "return nn.Dropout()(self.fc(x))"),
        module("self.fc = nn.Linear(8, 8)", "drop = nn.Dropout(0.2)\nreturn drop(self.fc(x))"),
        module("pass", "fc = nn.Linear(8, 2)\nreturn fc(x)"),
        module("pass", "return nn.Linear(x.shape[1], 2)(x)"),
        module("pass", "x = nn.Sequential(nn.Linear(8, 2))(x)\nreturn nn.Dropout2d(0.3)(x)"),
    ],
    "wrong-sibling-called": [
        module("self.fc1 = nn.Linear(8, 8)\nself.fc2 = nn.Linear(8, 8)\nself.bn1 = nn.BatchNorm1d(8)\nself.bn2 = nn.BatchNorm1d(8)", "x = self.bn1(self.fc1(x))\nx = self.bn1(self.fc2(x))\nreturn x"),
        module("self.a = nn.Linear(8, 8)\nself.b = nn.Linear(8, 8)\nself.norm1 = nn.LayerNorm(8)\nself.norm2 = nn.LayerNorm(8)", "x = x + self.a(self.norm1(x))\nreturn x + self.b(self.norm1(x))"),
        module("self.bn1 = nn.BatchNorm1d(8)\nself.bn2 = nn.BatchNorm1d(8)\nself.fc1 = nn.Linear(8, 8)\nself.fc2 = nn.Linear(8, 8)", "x = self.fc1(self.bn1(x))\nreturn self.fc1(self.bn2(x))"),
    ],
    "layer-overwritten": [
        module("self.fc = nn.Linear(8, 8)\nself.act = nn.ReLU()\nself.fc = nn.Linear(8, 2)", "return self.fc(x)"),
        module("for _ in range(3):\n    self.fc = nn.Linear(8, 8)", "for _ in range(3):\n    x = self.fc(x)\nreturn x"),
        module("d = 8\nfor width in (16, 32):\n    self.fc = nn.Sequential(\n        nn.Linear(8, width),\n        nn.ReLU(),\n    )\n    d = width", "return self.fc(x)"),
        module("for i in range(3):\n    # one for each\n    self.fc: nn.Module = torch.nn.Linear(8, 8)\n    self.norm = nn.LayerNorm(8)", "return self.norm(self.fc(x))"),
        module("self.block = nn.Sequential(\n    nn.Linear(8, 8),\n    nn.ReLU(),\n)\nself.block = nn.Sequential(nn.Linear(8, 8))", "return self.block(x)"),
    ],
    "result-dropped": [
        module("self.fc = nn.Linear(8, 8)\nself.bn = nn.BatchNorm1d(8)", "x = self.fc(x)\nself.bn(x)\nreturn x"),
        module("self.fc = nn.Linear(8, 8)", "x = self.fc(x)\nF.relu(x)\nreturn x"),
        module("self.fc = nn.Linear(8, 8)", "x = self.fc(x)\nx.view(-1, 4)\nreturn x"),
        module("self.fc = nn.Linear(8, 8)\nself.drop = nn.Dropout(0.1)", "x = self.fc(x)\nself.drop(x)\nreturn x"),
        module("self.fc = nn.Linear(8, 8)", "torch.relu(x)\nreturn self.fc(x)"),
        *(
            module("self.fc = nn.Linear(8, 8)", f"x = self.fc(x)\n{call}\nreturn x")
            for call in (
                "x.clamp(0, 1)", "x.clip(0, 1)", "x.flip(0)", "x.detach()", "x.half()", "x.type(torch.float64)", "x.abs()",
                "x.masked_fill(x > 0, 0)", "x.scatter(1, torch.zeros(4, 1).long(), 0.0)", "x.tril()", "torch.where(x > 0, x, 0.0)",
                "torch.flip(x, [0])", "x.roll(1, 0)", "x.nan_to_num()",
            )
        ),
        "mask = torch.ones(3) > 0\nmask.logical_not()\nprint(mask)",
        "x = torch.randn(3)\nx.clamp(0, 1)\nx.add_(1)\nprint(x)",
        "x = torch.randn(3)\nx.detach()\nprint(x)",
        "x = torch.randn(3, 3)\nx.flip(0)\nprint(x)",
        module("self.fc = nn.Linear(8, 8)", "return self.fc(self.placed(x))", use="", more="def placed(self, points):\n    points = points.clone()\n    points.to(torch.float64)\n    return points"),
        "def look(image):\n    image.permute(1, 0)\n    return image.sum()",
    ],
    "forward-misspelt": [
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 2)\n    def forwad(self, x):\n        return self.fc(x)\nNet()",
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 2)\n    def Forward(self, x):\n        return self.fc(x)\n",
        "class Net(nn.Module):\n    def __int__(self, width=8):\n        super().__init__()\n        self.fc = nn.Linear(width, 2)\n    def forward(self, x):\n        return self.fc(x)\n",
    ],
    "one-layer-listed-twice": [
        module("self.layers = nn.ModuleList([nn.Linear(8, 8)] * 3)", "for f in self.layers:\n    x = f(x)\nreturn x"),
        module("self.net = nn.Sequential(*([nn.Linear(8, 8)] * 3))", "return self.net(x)"),
        module("self.net = nn.Sequential(*[nn.Sequential(nn.Linear(8, 8), nn.ReLU())] * 3)", "return self.net(x)"),
        module("layer = nn.Linear(8, 8)\nself.layers = nn.ModuleList([layer for _ in range(4)])", "for f in self.layers:\n    x = f(x)\nreturn x"),
        module("layer = nn.Linear(8, 8)\nself.layers = nn.ModuleList([layer] * 4)", "for f in self.layers:\n    x = f(x)\nreturn x"),
        module("layer = nn.Linear(8, 8)\nself.layers = nn.ModuleList([layer for _ in range(4)])", "for layer in self.layers:\n    x = layer(x)\nreturn x"),
        module("layer: nn.Module = nn.Linear(8, 8)\nself.layers = nn.Sequential(*[layer] * 4)", "layer = self.layers\nreturn layer(x)"),
    ],
    "layer-added-after-optimizer": [
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.body = nn.Linear(8, 8)\n        self.fc = nn.Linear(8, 10)\n    def forward(self, x):\n        return self.fc(self.body(x))\n"
        "net = Net()\nopt = torch.optim.Adam(net.parameters())\nnet.fc = nn.Linear(8, 2)\nfor _ in range(3):\n    opt.zero_grad()\n    net(torch.randn(4, 8)).sum().backward()\n    opt.step()",
    ],
    "dropout-ignores-eval": [
        module("self.fc = nn.Linear(8, 2)", "x = F.dropout(x, 0.2)\nreturn self.fc(x)"),
        module("self.fc = nn.Linear(8, 2)", "return F.dropout(F.relu(self.fc(x)))"),
        module("self.fc = nn.Linear(8, 2)\nself.p = 0.1", "return self.fc(F.scaled_dot_product_attention(x, x, x, dropout_p=self.p))"),
        module("self.fc = nn.Linear(8, 2)", "return self.fc(F.scaled_dot_product_attention(x, x, x, None, 0.1, True))"),
        module("self.drop = nn.Dropout(0.1)", "x = F.dropout(x, 0.1, training=self.training)\nreturn self.drop(F.scaled_dot_product_attention(x, x, x, dropout_p=self.drop.p))"),
        module("self.fc = nn.Linear(8, 2)\nself.p = 0.3", "return nn.functional.dropout(self.fc(x), p=self.p)"),
        module("self.fc = nn.Linear(8, 2)", "x = F.dropout(x, 0.5, training=self.training)\nreturn F.dropout(self.fc(x), 0.5)"),
        module("self.fc = nn.Linear(8, 2)", "return F.dropout2d(x.view(4, 8, 1, 1), 0.5).flatten(1)"),
    ],
    "dropout-on-one-layer": [
        "nn.LSTM(8, 16, dropout=0.5)",
        "nn.GRU(8, 16, 1, dropout=0.1, batch_first=True)",
        "nn.RNN(8, 16, num_layers=1, bidirectional=True, dropout=0.3)",
    ],
    "only-last-layer-counts": [
        module(LAYERS, "for f in self.layers:\n    out = f(x)\nreturn out"),
        module(LAYERS, "for f in self.layers:\n    y = F.relu(f(x))\nreturn x + y"),
        module(LAYERS, "for i, f in enumerate(self.layers):\n    y = f(x)\n    y = y * 2\nreturn F.softmax(y, dim=-1)"),
        module(LAYERS, "for i in range(len(self.layers)):\n    y = self.layers[i](x)\nreturn y"),
        module(LAYERS + "\nself.norms = nn.ModuleList([nn.LayerNorm(8) for _ in range(3)])", "for f, norm in zip(self.layers, self.norms):\n    y = norm(f(x))\nreturn y"),
        module("self.layers = nn.ModuleList(nn.Sequential(nn.Linear(8, 8), nn.ReLU(inplace=True)) for _ in range(2))", "for f in self.layers:\n    y = f(x)\nif y.sum() > 0:\n    return y\nreturn x"),
        module(LAYERS + "\nself.head = nn.Linear(8, 2)", "y = x\nfor _ in range(2):\n    for f in self.layers:\n        y = f(x)\nreturn self.head(y)"),
    ],
    "zip-drops-layers": [
        module(LAYERS + NORMS, "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn x"),
        module(LAYERS + NORMS, "for i, (norm, f) in enumerate(zip(self.norms, self.layers)):\n    x = norm(f(x)) * i\nreturn x"),
        module(LAYERS + NORMS, "return sum(norm(f(x)) for f, norm in zip(self.layers, self.norms))"),
        module(LAYERS + NORMS, "for f, norm, scale in zip(self.layers, self.norms, (1.0, 2.0, 3.0)):\n    x = norm(f(x)) * scale\nreturn x"),
        module("self.layers = nn.ModuleList()\nself.norms = nn.ModuleList()\nfor i in range(4):\n    self.layers.append(nn.Linear(8, 8))\n    if i:\n        self.norms.append(nn.LayerNorm(8))", "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn x"),
    ],
    "state-dict-not-called": [
        "torch.save(nn.Linear(8, 2).state_dict, 'model.pt')",
        "model = nn.Linear(8, 2)\ntorch.save({'model': model.state_dict, 'epoch': 3}, 'model.pt')",
        "a, b = nn.Linear(8, 2), nn.Linear(8, 2)\nb.load_state_dict(a.state_dict)",
    ],
    "missing-super-init": [
        "class Net(nn.Module):\n    def __init__(self):\n        self.fc = nn.Linear(8, 2)\n    def forward(self, x):\n        return self.fc(x)\n",
        "class Net(nn.Module):\n    def __init__(self):\n        self.w = nn.Parameter(torch.zeros(2))\n        super().__init__()\nNet()",
        "class Net(nn.Module):\n    def __init__(self):\n        self.register_buffer('mask', torch.ones(3))\n        super().__init__()\nNet()",
        "class Base(nn.Module):\n    def __init__(self):\n        super().__init__()\nclass Net(Base):\n    def __init__(self, n=2):\n        self.layers = nn.ModuleList([nn.Linear(8, n)])\nNet()",
    ],
    "tensor-replaces-parameter": [
        module("self.w = nn.Parameter(torch.ones(8))\nself.w = self.w * 2", "return x * self.w"),
        module("self.fc = nn.Linear(8, 8)\nself.fc.weight = self.fc.weight.to(self.fc.bias.device, torch.float64)", "return self.fc(x)"),
        module("self.fc = nn.Linear(8, 8)\nself.fc.weight = self.fc.weight.detach().to(self.fc.bias.device)", "return self.fc(x)"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "program"), [(rule, p) for rule, programs in BUGS.items() for p in programs]
)
def test_a_bug_is_found_however_it_is_written(rule: str, program: str) -> None:
    assert rule in rules(program)


RIGHT = [
    # a list that something registers
    module("layers = [nn.Linear(8, 8), nn.ReLU()]\nself.layers = layers\nself.net = nn.Sequential(*layers)", "return self.net(x)"),
    module("self.layers = []\nfor i in range(2):\n    layer = nn.Linear(8, 8)\n    self.layers.append(layer)\n    self.add_module(f'l{i}', layer)", "for f in self.layers:\n    x = f(x)\nreturn x"),
    module("self.layers = []\nfor i in range(2):\n    setattr(self, f'l{i}', nn.Linear(8, 8))\n    self.layers.append(getattr(self, f'l{i}'))", "for f in self.layers:\n    x = f(x)\nreturn x"),
    module("self.layers = [nn.Linear(8, 8) for _ in range(2)]\nself.layers = nn.ModuleList(self.layers)", "for f in self.layers:\n    x = f(x)\nreturn x"),
    module("self.acts = [nn.ReLU(), nn.Tanh(), torch.sigmoid]", "for f in self.acts:\n    x = f(x)\nreturn x"),
    # hidden on purpose
    module("self.student = nn.Linear(8, 2)\nself.teacher = [copy.deepcopy(self.student)]", "return self.student(x) - self.teacher[0](x)"),
    module("self.fc = nn.Linear(8, 2)\nself.frozen = [nn.Linear(8, 2), nn.Linear(8, 2)]\nfor f in self.frozen:\n    f.requires_grad_(False)", "return self.fc(x) + self.frozen[0](x)"),
    "class Loss(nn.Module):\n    def __init__(self, net):\n        super().__init__()\n        self.nets = [net, net]\n    def forward(self, x):\n        return self.nets[0](x)\nLoss(nn.Linear(8, 2))(torch.randn(4, 8))",
    module("self.fc = nn.Linear(8, 8)\nself.layers = [nn.Linear(8, 8), nn.Linear(8, 8)]", "for f in self.layers:\n    x = f(x)\nreturn self.fc(x)", use="net = Net()\nopt = torch.optim.SGD([p for f in net.layers for p in f.parameters()], lr=0.1)\nnet(torch.randn(4, 8))"),
    # what may be the parameter itself takes its place
    module("self.fc = nn.Linear(8, 8)\nself.fc.weight = self.fc.weight.to(self.fc.bias.device)", "return self.fc(x)"),
    module("self.fc = nn.Linear(8, 8)\nself.fc.weight = nn.Parameter(self.fc.weight * 2).to(device=self.fc.bias.device, dtype=torch.float32)", "return self.fc(x)"),
    module("self.fc = nn.Linear(8, 8)\nw = self.fc.weight\nif torch.rand(1) > 2:\n    w = w * 2\nself.fc.weight = w", "return self.fc(x)"),
    module("self.fc = nn.Linear(8, 8)\nw = self.fc.weight.to(self.fc.bias.device)\nif not isinstance(w, nn.Parameter):\n    torch.ones(2) + torch.ones(3)", "return self.fc(x)"),
    module("self.fc = nn.Linear(8, 8)\nself.fc.bias = self.fc.bias.flatten()", "return self.fc(x)"),
    module("self.fc = nn.Linear(8, 8)\nself.fc.bias = nn.functional.dropout(torch.as_tensor(self.fc.bias).conj(), 0.5, False)", "return self.fc(x)"),
    # parameters
    module("self.w = nn.Parameter(torch.ones(8)).to('cpu')", "return x * self.w"),
    module("self.v = nn.Parameter(torch.ones(8))\nself.g = nn.Parameter(torch.ones(1))\nself.w = self.g * self.v", "return x * self.w"),
    module("self.w = nn.Parameter(torch.ones(8)).detach()", "return x * self.w"),
    module("self.w = nn.Parameter(torch.ones(8).view(1, 8).cuda())", "return x * self.w.to(x.device)"),
    module("self.ws = nn.ParameterList([nn.Parameter(torch.ones(8)) for _ in range(2)])\nself.first = self.ws[0] * 1", "return x * self.first"),
    # tensors
    module("self.fc = nn.Linear(8, 2)\nself.scale = torch.tensor([0.5])", "return self.fc(x) * self.scale.to(x.device)"),
    module("self.fc = nn.Linear(8, 2)\nself.register_buffer('pe', torch.zeros(8), persistent=False)", "return self.fc(x + self.pe)"),
    # layers in forward
    module("self.fc = nn.Linear(8, 8)", "x = nn.ReLU()(self.fc(x))\nx = nn.Softmax(dim=1)(x)\nreturn nn.Flatten()(x)"),
    module("self.fc = None", "if self.fc is None:\n    self.fc = nn.Linear(x.shape[1], 2)\nreturn self.fc(x)"),
    module("pass", "conv = nn.Conv2d(1, 1, 3, padding=1, bias=False)\nconv.weight.data.fill_(1 / 9)\nreturn conv(x)", use="Net()(torch.randn(4, 1, 8, 8))"),
    module("pass", "conv = nn.Conv2d(1, 1, 3, bias=False)\nnn.init.constant_(conv.weight, 1)\nreturn conv(x)", use="Net()(torch.randn(4, 1, 8, 8))"),
    module("self.fc = nn.Linear(8, 8)", "if self.training:\n    x = nn.Dropout(0.5)(x)\nreturn self.fc(x)"),
    # siblings
    module("self.fc1 = nn.Linear(8, 8)\nself.fc2 = nn.Linear(8, 8)", "return self.fc1(x) + self.fc1(x.flip(0)) + self.fc2(x)"),
    module("self.bn1 = nn.BatchNorm1d(8)\nself.bn2 = nn.BatchNorm1d(8)", "x = self.bn1(x)\nx = self.bn1(x)\nreturn getattr(self, 'bn2')(x)"),
    module("self.conv1 = nn.Linear(8, 8)\nself.conv2 = nn.Linear(8, 8)", "for i in (1, 2):\n    x = getattr(self, f'conv{i}')(x)\nreturn x"),
    module("self.fc = nn.Linear(8, 8)", "for _ in range(4):\n    x = self.fc(x)\nreturn self.fc(x)"),
    # assigned again
    module("self.down = None\nself.fc = nn.Linear(8, 8)\nif True:\n    self.down = nn.Linear(8, 8)", "return self.fc(x) + self.down(x)"),
    "class Base(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 10)\n    def forward(self, x):\n        return self.fc(x)\nclass Net(Base):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 2)\nNet()(torch.randn(4, 8))",
    "class Net(nn.Module):\n    def __init__(self, big=False):\n        super().__init__()\n        self.fc = nn.Linear(8, 8)\n        if big:\n            self.fc = nn.Linear(8, 80)\n    def forward(self, x):\n        return self.fc(x)\nNet(True)(torch.randn(4, 8))",
    module("self.fc = nn.Linear(8, 8)\nself.fc = nn.Sequential(self.fc, nn.ReLU())", "return self.fc(x)"),
    module("self.fc = nn.Linear(8, 8)\nself.one = nn.Sequential(self.fc)\nself.fc = nn.Linear(8, 2)", "return self.fc(self.one(x))"),
    module("layers = []\nfor i in range(3):\n    self.layer = nn.Linear(8, 8)\n    layers.append(self.layer)\nself.net = nn.Sequential(*layers)", "return self.net(x)"),
    *(
        module(f"{before}for i in range(3):\n{body}", forward, more=more)
        for before, body, forward, more in (
            ("self.layers = nn.ModuleList()\n", "    self.layer = nn.Linear(8, 8)\n    self.layers.append(self.layer)", "return self.layers[0](x)", ""),
            ("layers = []\n", "    self.layer = layer = nn.Linear(8, 8)\n    layers.append(layer)\nself.net = nn.Sequential(*layers)", "return self.net(x)", ""),
            ("layers = []\n", "    layer = nn.Linear(8, 8)\n    layers.append(layer)\n    self.layer = layer\nself.net = nn.Sequential(*layers)", "return self.net(x)", ""),
            ("", "    setattr(self, f'l{i}', nn.Linear(8, 8))", "return self.l0(self.l1(self.l2(x)))", ""),
            ("self.layer = nn.Linear(8, 8)\n", "    self.layer = nn.Sequential(self.layer, nn.Linear(8, 8))", "return self.layer(x)", ""),
            ("", "    self.layer = nn.Linear(8, 8)\n    if self.layer.bias.sum() > 0:\n        break", "return self.layer(x)", ""),
            ("", "    self.layer = nn.Linear(8, 8)\n    if i == 0:\n        break", "return self.layer(x)", ""),
            ("", "    if i == 1:\n        self.layer = nn.Linear(8, 8)", "return self.layer(x)", ""),
            ("self.kept = []\n", "    self.layer = nn.Linear(8, 8)\n    self.keep()", "return self.kept[0](x), self.layer", "def keep(self):\n    self.add_module(f'l{len(self.kept)}', self.layer)\n    self.kept.append(self.layer)"),
            ("def keep(net):\n    net.add_module(f'l{i}', net.layer)\n", "    self.layer = nn.Linear(8, 8)\n    keep(self)", "return self.l0(x), self.layer", ""),
            ("seen = []\n", "    self.layer = nn.Linear(8, 8)\n    seen += list(self.children())\nself.net = nn.ModuleList(seen)", "return self.net[0](x), self.layer", ""),
            ("", "    self.act = nn.ReLU()\nself.fc = nn.Linear(8, 8)", "return self.act(self.fc(x))", ""),
        )
    ),
    "class Net(nn.Module):\n    def fit(self, x):\n        for fold in range(3):\n            self.model = nn.Linear(8, 2)\n            self.run(x)\n    def run(self, x):\n        self.model(x).sum().backward()\nNet().fit(torch.randn(4, 8))",
    # statements
    module("self.act = nn.ReLU(inplace=True)\nself.fc = nn.Linear(8, 8)", "x = self.fc(x)\nself.act(x)\nF.relu_(x)\nF.relu(x, inplace=True)\nx.add_(1)\nreturn x"),
    *(
        module("self.fc = nn.Linear(8, 8)", f"x = self.fc(x)\n{call}\nreturn x")
        for call in (
            "x.clamp_(0, 1)", "x.detach_()", "x.requires_grad_()", "x.retain_grad()", "x.fill_diagonal_(0)", "x.t().zero_()",
            "x.narrow(0, 0, 1).mul_(2)", "torch.clamp(x, 0, 1, out=x.detach())", "x.float()", "x.index_fill_(0, torch.tensor([0]), 0.0)",
        )
    ),
    "x = torch.randn(3)\nx.clamp(0, 1)",
    "# %%\nx = torch.randn(3)\nx.clamp(0, 1)\n# %%\nprint(x)",
    "import time\nx = torch.randn(3)\nbegun = time.time()\nx.flip(0)\nprint(time.time() - begun, x)",
    "def lighter(net, x):\n    net.half()\n    net.bfloat16()\n    net.type(torch.float64)\n    net.float()\n    return net(x)",
    "def normed(net, x):\n    y = net.norm(x)\n    net.float()\n    return net(y)",
    "def inside(boxes, size):\n    boxes.clip(size)\n    boxes.clamp(0)\n    return boxes.area()",
    "class Dice:\n    def roll(self):\n        self.seen = 6\ndef play(dice):\n    dice.roll()\n    return dice.seen\nplay(Dice())",
    module("self.fc = nn.Linear(8, 8)", "self.fc.double()\nreturn self.fc(x.double())"),
    module("self.fc = nn.Linear(8, 8)\nself.seen = {}\nself.fc.register_forward_hook(lambda m, i, o: None)", "self.fc(x)\nreturn x"),
    # forward
    "class Base(nn.Module):\n    def forward_features(self, x):\n        return x\n    def reward(self, x):\n        return x\nBase()",
    "class Stack(nn.Sequential):\n    def __init__(self):\n        super().__init__(nn.Linear(8, 2))\n    def forwards(self, xs):\n        return [self(x) for x in xs]\nStack()(torch.randn(4, 8))",
    # a loop over layers whose turns count
    module(LAYERS, "for f in self.layers:\n    y = f(x)\n    x = y\nreturn y"),
    module(LAYERS, "out = x\nfor f in self.layers:\n    out = f(out)\nreturn out"),
    module(LAYERS, "total = 0\nfor f in self.layers:\n    y = f(x)\n    total = total + y\nreturn total, y"),
    module(LAYERS, "outs = []\nfor f in self.layers:\n    y = f(x)\n    outs.append(y)\nreturn outs, y"),
    module(LAYERS, "out = torch.zeros(3, 4, 8)\nfor i, f in enumerate(self.layers):\n    out[i] = f(x)\nreturn out"),
    module(LAYERS, "best = None\nfor f in self.layers:\n    y = f(x)\n    if best is None or y.sum() > best.sum():\n        best = y\nreturn best, y"),
    module(LAYERS, "for f in self.layers:\n    y = f(x)\n    if y.sum() > 0:\n        break\nreturn y"),
    module(LAYERS, "for f in self.layers:\n    y = f(x)\nreturn x"),
    module(LAYERS, "for f in self.layers:\n    y = f(x)\ny = x * 2\nreturn y"),
    module(LAYERS, "for f in self.layers:\n    y = (x := f(x))\nreturn y"),
    module(LAYERS, "seen = {}\nfor f in self.layers:\n    y = seen.setdefault(f, f(x))\nreturn y, seen"),
    module("self.layers = nn.ModuleList([nn.Linear(8, 8)])", "for f in self.layers:\n    y = f(x)\nreturn y"),
    module(LAYERS, "for f in [self.layers[0]] * 3:\n    y = f(x)\nreturn y"),
    module(LAYERS + "\nself.seen = []\nfor f in self.layers:\n    f.register_forward_hook(lambda m, i, o: self.seen.append(o))", "for f in self.layers:\n    y = f(x)\nreturn y, self.seen"),
    module("self.layers = nn.ModuleList(nn.Sequential(nn.ReLU(inplace=True), nn.Linear(8, 8)) for _ in range(2))", "for f in self.layers:\n    y = f(x)\nreturn y", use="Net()(torch.randn(4, 8))"),
    module(LAYERS, "for f in self.layers:\n    y = self.keep(f(x))\nreturn y, self.kept", more="def keep(self, y):\n    self.kept = y\n    return y"),
    module(LAYERS + "\nself.experts = 3", "parts = x.chunk(3)\nfor f, part in zip(self.layers, parts):\n    y = f(part)\nreturn y"),
    *(
        f"class Layer(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 8)\n        self.cache, self.loss = [], 0.0\n    def forward(self, x{given}):\n{body}\n"
        + module("self.layers = nn.ModuleList([Layer() for _ in range(3)])", f"{before}for f in self.layers:\n    y = f(x{passed})\nreturn y, [f.loss for f in self.layers]{after}")
        for given, body, before, passed, after in (
            ("", "        y = self.fc(x)\n        self.loss = y.sum()\n        return y", "", "", ""),
            ("", "        y = self.fc(x)\n        self.cache.append(y)\n        return y", "", "", ""),
            ("", "        x += self.fc(x)\n        return x", "", "", ""),
            ("", "        x.add_(self.fc(x))\n        return x", "", "", ""),
            ("", "        x[:] = self.fc(x)\n        return x", "", "", ""),
            ("", "        return self.work(x)\n    def work(self, x):\n        x.mul_(2)\n        return self.fc(x)", "", "", ""),
            ("", "        v = x.view(-1, 8)\n        v += self.fc(x)\n        return v", "", "", ""),
            ("", "        return F.relu(x, inplace=True) + self.fc(x)", "", "", ""),
            (", kept", "        kept[len(kept)] = self.fc(x)\n        return self.fc(x)", "kept = {}\n", ", kept", ", kept"),
            (", kept", "        return kept(self.fc(x))", "seen = []\ndef keep(y):\n    seen.append(y)\n    return y\n", ", keep", ", seen"),
        )
    ),
    # lists of different lengths side by side
    *(
        module(LAYERS + NORMS + more, forward)
        for more, forward in (
            ("", "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn self.layers[-1](x)"),
            ("", "*body, last = self.layers\nfor f, norm in zip(body, self.norms):\n    x = norm(f(x))\nreturn last(x)"),
            ("", "for f, norm in zip(self.layers, [*self.norms, None]):\n    x = f(x) if norm is None else norm(f(x))\nreturn x"),
            ("", "for f, norm in zip(self.layers[:-1], self.norms):\n    x = norm(f(x))\nreturn self.layers[2](x)"),
            ("", "import itertools\nfor f, norm in itertools.zip_longest(self.layers, self.norms):\n    x = f(x) if norm is None else norm(f(x))\nreturn x"),
            ("", "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nfor i, f in enumerate(self.layers):\n    x = f(x) if i > 1 else x\nreturn x"),
            ("\nself.net = nn.Sequential(*self.layers)", "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn self.net(x)"),
            ("\nself.head = self.layers[-1]", "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn self.head(x)"),
            ("\nself.acts = nn.ModuleList([nn.ReLU() for _ in range(9)])", "for norm, act in zip(self.norms, self.acts):\n    x = act(norm(x))\nfor f in self.layers:\n    x = f(x)\nreturn x"),
            ("\nfor p in self.layers[-1].parameters():\n    p.requires_grad = False", "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn x"),
            ("", "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn list(self.children())[0][-1](x)"),
            ("", "for f, norm, part in zip(self.layers, self.norms, (1, 2)):\n    x = norm(f(x)) * part\nreturn getattr(self, 'layers')[-1](x)"),
        )
    ),
    "class Up(nn.Module):\n    def __init__(self, body):\n        super().__init__()\n        self.body = body\n        self.heads = nn.ModuleList([nn.Linear(8, 2) for _ in range(2)])\n    def forward(self, x):\n        return [h(f(x)) for f, h in zip(self.body, self.heads)]\nUp(nn.ModuleList([nn.Linear(8, 8) for _ in range(4)]))(torch.randn(4, 8))",
    module(LAYERS + NORMS, "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn x", more="def last(self, x):\n    return self.layers[-1](x)"),
    module(LAYERS + NORMS, "for f, norm in zip(self.layers, self.norms):\n    x = norm(f(x))\nreturn x", use="class More(Net):\n    def head(self, x):\n        return self.layers[-1](self(x))\nMore()(torch.randn(4, 8))"),
    # sharing
    module("self.act = nn.Sequential(*[nn.ReLU()] * 3)\nself.fc = nn.Linear(8, 8)", "return self.act(self.fc(x))"),
    module("layer = nn.Linear(8, 8)\nself.layers = nn.ModuleList([layer for _ in range(3)])  # shared, as in ALBERT", "for f in self.layers:\n    x = f(x)\nreturn x"),
    module("layer = nn.Linear(8, 8)\nself.layers = nn.ModuleList([copy.deepcopy(layer) for _ in range(3)])", "for f in self.layers:\n    x = f(x)\nreturn x"),
    module("layer = nn.Linear(8, 8)\nself.layers = nn.ModuleList([layer for _ in range(3)])\nself.one = nn.Sequential(layer)", "for f in self.layers:\n    x = f(x)\nreturn x"),
    module("layer = nn.Linear(8, 8)\nself.layers = nn.ModuleList([layer for _ in range(3)])\nself.first = layer", "for layer in self.layers:\n    x = layer(x)\nreturn x"),
    module("fc_cls = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 2))\nself.cls_branches = nn.ModuleList([fc_cls for _ in range(3)])", "return torch.stack([x, x, x]), [fc_cls(x) for fc_cls in self.cls_branches]"),
    "class TimeDistributed(nn.Module):\n    def __init__(self, layer, steps):\n        super().__init__()\n        self.layers = nn.ModuleList([layer for _ in range(steps)])\n"
    "    def forward(self, x):\n        return torch.stack([f(x[:, t]) for t, f in enumerate(self.layers)], 1)\nTimeDistributed(nn.Linear(8, 2), 3)(torch.randn(4, 3, 8))",
    "def stack(layer, n):\n    return nn.Sequential(*[layer for _ in range(n)])\nlayer = nn.Linear(8, 8)\nstack(layer, 3)(torch.randn(4, 8))",
    "def stack(n):\n    layer = nn.Linear(8, 8)\n    def again():\n        return nn.Sequential(*[layer for _ in range(n)])\n    return again(), layer\nstack(3)[0](torch.randn(4, 8))",
    module("self.head = nn.Linear(8, 2)\nself.heads = nn.ModuleList([self.head for _ in range(3)])", "return [h(x) for h in self.heads]"),
    module("self.emb = nn.Embedding(10, 8)\nself.out = nn.Linear(8, 10, bias=False)\nself.out.weight = self.emb.weight", "return self.out(self.emb(x))", use="Net()(torch.randint(0, 10, (2, 3)))"),
    # optimizers
    "net = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 2))\nopt = torch.optim.SGD(net[1].parameters(), lr=0.1)\nnet[0].requires_grad_(False)\nopt.zero_grad()\nnet(torch.randn(4, 8)).sum().backward()\nopt.step()",
    "net = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 2))\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\nnet[1] = nn.Linear(8, 3)\nopt.add_param_group({'params': net[1].parameters()})\nopt.zero_grad()\nnet(torch.randn(4, 8)).sum().backward()\nopt.step()",
    "g, d = nn.Linear(8, 8), nn.Linear(8, 1)\nog, od = torch.optim.SGD(g.parameters(), lr=0.1), torch.optim.SGD(d.parameters(), lr=0.1)\nfor o in (og, od):\n    o.zero_grad()\nd(g(torch.randn(4, 8))).sum().backward()\nog.step()\nod.step()",
    # dropout
    module("self.fc = nn.Linear(8, 2)", "return self.fc(F.dropout(x, 0.5, training=True))"),
    module("self.fc = nn.Linear(8, 2)", "return self.fc(F.dropout(x, 0.5, self.training))"),
    *(
        module(f"self.p = {p}", f"{before}return F.scaled_dot_product_attention(x, x, x, {call})", more=more)
        for p, before, call, more in (
            ("0.1", "", "dropout_p=self.p if self.training else 0.0", ""),
            ("0.1", "", "dropout_p=self.p * self.training", ""),
            ("0.1", "", "dropout_p=float(self.training) * 0.1", ""),
            ("0.1", "p = self.p if self.training else 0.0\n", "dropout_p=p", ""),
            ("0.1", "if not self.training:\n    return F.scaled_dot_product_attention(x, x, x)\n", "dropout_p=self.p", ""),
            ("0.0", "", "dropout_p=self.p", ""),
            ("0", "", "None, self.p", ""),
            ("0.1", "", "dropout_p=self.now", "@property\ndef now(self):\n    return self.p if self.training else 0.0"),
            ("0.1", "", "dropout_p=self.p", "def eval(self):\n    self.kept, self.p = self.p, 0.0\n    return super().eval()"),
            ("0.1", "# Monte Carlo\n", "dropout_p=self.p", ""),
            ("0.1", "", "is_causal=True", ""),
        )
    ),
    module("self.p = 0.1", "return F.scaled_dot_product_attention(x, x, x, dropout_p=self.p)", use="def still(net):\n    net.p = 0.0\n    return net\nstill(Net())(torch.randn(4, 8))"),
    "def attend(q, p=0.1):\n    return F.scaled_dot_product_attention(q, q, q, dropout_p=p)\nattend(torch.randn(2, 4, 8))",
    module("self.fc = nn.Linear(8, 2)", "if self.training:\n    x = F.dropout(x, 0.5)\nreturn self.fc(x)"),
    module("self.fc = nn.Linear(8, 2)", "return self.fc(F.dropout(x, 0.5 if self.training else 0.0))"),
    module("self.fc = nn.Linear(8, 2)", "return drop(self.fc(x), 0.5 if self.training else 0)", use="def drop(x, p):\n    return F.dropout(x, p)\nNet()(torch.randn(4, 8))"),
    "nn.LSTM(8, 16, num_layers=2, dropout=0.5)\nnn.LSTM(8, 16, dropout=0.0)\nnn.GRU(8, 16)",
    "def make(layers=1, dropout=0.5):\n    return nn.LSTM(8, 16, layers, dropout=dropout if layers > 1 else 0.0)\nmake()",
    "torch.save(nn.Linear(8, 2).state_dict(), 'm.pt')\ntorch.save(nn.Linear(8, 2), 'm.pt')",
    # modules that are compiled as they are built
    "class Wide(torch.jit.ScriptModule):\n    def __init__(self, i, o):\n        super().__init__()\n        self.conv = nn.Conv2d(i, o, 1)\n    @torch.jit.script_method\n    def forward(self, x):\n        return self.conv(x)\nnet = nn.Sequential(Wide(3, 8), Wide(8, 16))\nnn.Conv2d(16, 2, 1)(net(torch.randn(1, 3, 4, 4)))",
    # constructors
    "class Net(nn.Module):\n    def __init__(self):\n        nn.Module.__init__(self)\n        self.fc = nn.Linear(8, 2)\nNet()",
    "class Net(nn.Module):\n    def __init__(self, n):\n        self.n = n\n        self.name = 'net'\n        super(Net, self).__init__()\n        self.fc = nn.Linear(8, n)\nNet(2)",
    "class Mixin:\n    def __init__(self, *args, **kwargs):\n        super().__init__(*args, **kwargs)\nclass Net(Mixin, nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 2)\nNet()",
]  # fmt: skip


@pytest.mark.parametrize("program", RIGHT)
def test_right_code_is_left_alone(program: str) -> None:
    assert rules(program) == set()


@pytest.mark.parametrize(
    "problem",
    [
        "AttributeError('cannot assign module before Module.__init__() call')",
        "TypeError(\"cannot assign a plain tensor as parameter 'w'\")",
    ],
)
def test_what_a_program_raises_itself_is_its_own_affair(problem: str) -> None:
    """Rules go by what an exception is about, never by its text."""
    assert rules(f"def refuse():\n    raise {problem}\nrefuse()") == set()
