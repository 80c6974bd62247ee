"""Networks: classes with layers, a forward over them, and calls."""

from __future__ import annotations

from tests.fuzz.odd.scope import Scope
from tests.fuzz.odd.statements import block


def module(scope: Scope) -> list[str]:
    rng = scope.rng
    name = scope.fresh(None, "Net")
    arguments = scope.pick(
        "",
        ", dim=4",
        ", dim",
        ", c_in=3, c_out=8",
        ", *args",
        ", **kw",
        ", cfg={'dim': 4}",
        ", depth=2, dim=4",
        ", act=nn.ReLU",
    )
    lines = [
        f"class {name}({scope.pick('nn.Module', 'nn.Module', 'nn.Module', 'nn.Sequential', 'nn.ModuleList', 'Box, nn.Module', 'nn.Linear')}):"
    ]
    lines += [f"    def __init__(self{arguments}):"]
    lines += (
        ["        super().__init__(" + scope.pick("", "", "", "", "*args", "3, 4") + ")"]
        if rng.random() < 0.95
        else []
    )
    known = [
        p.split("=")[0].strip() for p in arguments.split(",") if p.strip() and "*" not in p and "{" not in p
    ]
    scope.names["int"] += known
    layers = []
    for i in range(rng.randint(1, 5)):
        layer = f"l{i}"
        layers.append(layer)
        lines.append("        " + scope.filled(scope.pick(*_ASSIGNMENTS)).replace("LAYER", layer))
    if rng.random() < 0.3:
        lines += ["    " + line for line in block(scope, 1)]
    for known_name in known:
        scope.names["int"].remove(known_name)
    lines += _forward(scope, layers)
    if rng.random() < 0.35:
        lines += [scope.filled(line) for line in scope.rng.choice(_EXTRAS)]
    made = scope.fresh("module", "m")
    lines.append(
        scope.filled(
            f"{made} = {name}({scope.pick('', '', '', '4', '3, 8', '**d', '*xs', 'dim=<int>', '<any>')})"
        )
    )
    if rng.random() < 0.7:
        lines.append(
            scope.filled(
                f"{scope.fresh('tensor')} = {made}({scope.pick('<tensor>', '<tensor>', 'x', 'y', 'torch.randn(2, 3, 32, 32)', '<any>', '')})"
            )
        )
    return lines


_ASSIGNMENTS = (
    "self.LAYER = <module>", "self.LAYER = <module>", "self.LAYER = <module>", "self.LAYER = nn.Linear(<int>, <int>)", "self.LAYER = nn.Conv2d(3, <int>, <size>, padding=<size>)",
    "self.LAYER = nn.Sequential(*[nn.Linear(4, 4) for _ in range(<size>)])", "self.LAYER = nn.ModuleList(<module> for _ in range(<size>))", "self.LAYER = nn.Parameter(<tensor>)",
    "self.register_buffer('LAYER', <tensor>)", "setattr(self, 'LAYER', <module>)", "self.LAYER = <any>", "self.LAYER = lambda q: q", "self.add_module('LAYER', <module>)",
    "self.LAYER = [<module> for _ in range(2)]", "self.LAYER = <module> if <any> else None", "self.LAYER = self", "self.LAYER = functools.partial(F.relu, inplace=True)",
    "self.LAYER = nn.ModuleDict({str(i): <module> for i in range(<size>)})", "self.LAYER = nn.LSTM(<int>, <int>, <size>, bidirectional=True)", "self.LAYER = type(self)",
)  # fmt: skip
_STEPS = (
    "q = self.LAYER(q)", "q = self.LAYER(q)", "q = self.LAYER(q) + q", "q, _ = self.LAYER(q)", "q = q.view(q.size(0), -1)", "q = q.flatten(1)", "b, c = q.shape", "b, *_ = q.shape",
    "q = F.relu(q)", "q = torch.cat([q, q], dim=<size>)", "for l in self.children(): q = l(q)", "q = self.LAYER[0](q)", "q = q.mean([2, 3])", "q = <tensor>", "q = q if q.sum() > 0 else self.LAYER(q)",
    "q = getattr(self, 'LAYER')(q)", "q = self.forward(q)", "for i in range(q.size(1)): q = q + q[:, i:i+1]", "q = q.transpose(1, 2)", "q = q.permute(0, 2, 3, 1)", "assert q.shape[1] == <int>",
    "while q.shape[-1] > 2: q = F.avg_pool2d(q, 2)", "q = q[:, -1]", "q = q.reshape(-1, <int>)", "q = self.LAYER.weight @ q", "q = (lambda t: self.LAYER(t))(q)", "q = q @ q.transpose(-1, -2)",
    "if self.training: q = q * 2", "q = torch.stack([self.LAYER(q) for _ in range(<size>)])", "self.cache = q", "q = torch.utils.checkpoint.checkpoint(self.LAYER, q)", "h = w = int(q.shape[1] ** 0.5)",
    "if not isinstance(q, torch.Tensor): q = q[0]", "q = functools.reduce(lambda t, l: l(t), [self.LAYER] * 2, q)", "q.shape[0] // 2", "q = q.chunk(2, dim=1)[0]", "return q", "raise NotImplementedError",
    "try:\n            q = self.LAYER(q)\n        except RuntimeError:\n            pass", "q = [self.LAYER(t) for t in q]", "q = {'out': q}", "q, *rest = q.split(q.size(1) // 2, 1)", "yield q",
    "q = super().forward(q)", "q = F.interpolate(q, size=q.shape[2:])", "q = q.unfold(1, <size>, <size>)", "q = q.new_zeros(q.size(0), <int>)", "q = q.sum(dim=tuple(range(1, q.dim())))",
    "def inner(t): nonlocal q; q = t; return q\n        inner(q)", "q = q.view(*q.shape[:-1], <int>, -1)", "q = q * q.new_ones(1)[..., None]", "with torch.no_grad(): q = self.LAYER(q)", "del self.LAYER",
)  # fmt: skip


def _forward(scope: Scope, layers: list[str]) -> list[str]:
    rng = scope.rng
    head = scope.pick(
        "q",
        "q",
        "q",
        "q",
        "q, mask=None",
        "q, *rest",
        "*q",
        "q, **kw",
        "q: torch.Tensor",
        "",
        "q, y=<tensor>",
    )
    lines = ["    @torch.no_grad()"] if rng.random() < 0.05 else []
    lines += [scope.filled(f"    def forward(self, {head}):")]
    scope.names["tensor"].append("q")
    for _ in range(rng.randint(1, 6)):
        lines.append("        " + scope.filled(scope.pick(*_STEPS)).replace("LAYER", rng.choice(layers)))
    scope.names["tensor"].remove("q")
    return [
        *lines,
        "        return " + scope.pick("q", "q", "q", "(q, q)", "{'q': q}", "self.l0(q)", "None", "self"),
    ]


_EXTRAS = (
    ("    def __getattr__(self, name):", "        return super().__getattr__(name) if name in self._modules else <any>"),
    ("    @property", "    def weight(self):", "        return self.l0.weight"),
    ("    def __call__(self, *args, **kw):", "        return super().__call__(*args, **kw)"),
    ("    def extra_repr(self):", "        return f'{self.l0}'", "    def __len__(self): return <int>"),
    ("    def step(self, q):", "        for p in self.parameters():", "            p.data = q", "        return self.step(q)"),
    ("    @classmethod", "    def build(cls, *a, **k):", "        return cls(*a, **k)"),
    ("    @staticmethod", "    def helper(q=<any>): return <any>", "    def __iter__(self):", "        yield from self.children()"),
    ("    def reset(self):", "        self.__init__()", "        return self"),
    ("    def __setattr__(self, k, v):", "        super().__setattr__(k, v)", "        self.seen = k"),
    ("    def train(self, mode=True):", "        super().train(mode)", "        self.l0.eval()", "        return self"),
    ("    def __init_subclass__(cls, **kw):", "        super().__init_subclass__(**kw)"),
    ("    def __getitem__(self, i):", "        return self._modules[str(i)]"),
)  # fmt: skip
