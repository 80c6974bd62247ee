"""Models of torch's plain utilities: the same as torch's own, program by program."""

from __future__ import annotations

import random

import pytest
import torch

from shapelint.interp import attributes, calls, library
from shapelint.interp.nets import modules
from shapelint.values import Class, Instance, Unknown
from tests.interp.programs import check, raises, read
from tests.interp.test_total import MAKERS, ask, world_in_a_file

library.load()

SAME = {
    "distributions": """
import torch
from torch.distributions import Laplace, Normal, Uniform
n = Normal(0, 1)
a = tuple(n.sample().shape), tuple(n.rsample((3, 2)).shape), tuple(n.log_prob(torch.zeros(4)).shape), tuple(n.mean.shape)
b = tuple(n.icdf(torch.tensor(0.5)).shape), str(n.cdf(torch.zeros(2, dtype=torch.float64)).dtype)
m = Laplace(torch.zeros(3), 1.0)
c = tuple(m.icdf(torch.full((2, 1), 0.5)).shape), tuple(Uniform(0.0, torch.ones(2, 3)).cdf(torch.zeros(3)).shape)
del n, m
""",
    "the classes of torch where they are compared": """
import torch
from torch import Tensor, nn
x, p = torch.zeros(2), nn.Parameter(torch.zeros(2))
a = type(x) == torch.Tensor, type(x) is Tensor, Tensor != type(x), type(x) is not torch.Tensor, x.__class__ is Tensor
b = type(x) in (int, Tensor), type(x) in {Tensor, list}, {Tensor: 1}.get(type(x)), Tensor in {type(x): 2}
c = type(p) == Tensor, type(p) is nn.Parameter, type(3) is Tensor, type(x.shape) is torch.Size, type((1,)) == torch.Size
class T(Tensor): pass
d = T.__bases__[0] is Tensor, Tensor in T.__mro__, type(x) is T
del x, p, T
""",
    "strides": """
import torch
x = torch.zeros(4, 6, 5)
a = x.stride(), x.transpose(1, 2).stride(), x.permute(2, 0, 1).reshape(5, 24).stride(), x[:, 1:].stride()
b = x.stride(-1), x.stride(1), x.view(24, 5).unsqueeze(0).stride()[1:], len(x.sort()[0].stride())
c = list(x.view(24, 5).stride())
c[1] = c[1] // 2
d = tuple(x.as_strided(size=[2, 3], stride=c).shape)
del x
""",
    "a quotient as a size": """
import torch
x = torch.zeros(4, 6, 5)
a = tuple(x.view(torch.div(48, 2, rounding_mode="trunc"), 5).shape)
b = [int(torch.div(n, 2, rounding_mode=m)) for n in (7, -7, 8, -1) for m in ("trunc", "floor")]
c = tuple(torch.zeros(torch.tensor(3), torch.tensor(2) * 2).shape), tuple(x.reshape(torch.tensor(-1), 5).shape)
del x
""",
    "checks": """
import torch
x = torch.tensor([1, 2, 3])
a = torch._check(True, lambda: "no"), torch._check_with(KeyError, True, lambda: "no"), torch._check_is_size(3, max=3)
b = torch._check_tensor_all(x > 0), torch._check_tensor_all_with(ValueError, x < 4, lambda: "no")
try:
    torch._check_with(ValueError, x.shape[0] == 4, lambda: f"{x.shape[0]} rows")
except ValueError as problem:
    c = str(problem)
del x
""",
    "init": """
import torch
from torch import nn
w = nn.Conv2d(3, 8, 5).weight
a = nn.init.kaiming_normal_(w, nonlinearity="relu") is w, nn.init.zeros_(w) is w, nn.init.orthogonal_(w) is w
b = nn.init._calculate_fan_in_and_fan_out(w), nn.init._calculate_correct_fan(w, "fan_out")
c = [nn.init.calculate_gain(n) for n in ("linear", "conv2d", "tanh", "relu", "selu", "leaky_relu", "sigmoid")]
d = nn.init.calculate_gain("leaky_relu", 0.2), tuple(nn.init.trunc_normal_(w, std=0.02).shape)
""",
    "gradients": """
import torch
from torch import nn
net = nn.Linear(3, 4)
x = torch.zeros(2, 3)
@torch.no_grad()
def f(x): return net(x)
@torch.no_grad
def g(x): return net(x)
@torch.enable_grad()
def on(x): return net(x).requires_grad
a = net(x).requires_grad, f(x).requires_grad, g(x).requires_grad
with torch.no_grad():
    b = net(x).requires_grad, torch.is_grad_enabled(), on(x)
with torch.set_grad_enabled(False):
    c = torch.is_grad_enabled()
d = torch.is_grad_enabled()
torch.set_grad_enabled(False)
e = torch.is_grad_enabled()
torch.set_grad_enabled(True)
class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(2, 2)
    @torch.no_grad()
    def look(self, x): return self.inner(x)
    @torch.inference_mode()
    def peek(self, x): return self.inner(x)
n = N()
h = n.look(torch.zeros(1, 2)).requires_grad, tuple(n.peek(torch.zeros(1, 2)).shape)
del n, x, net
""",
    "custom_ops": """
import torch
@torch.library.custom_op("shapelint_a::twice", mutates_args=())
def twice(x: torch.Tensor, n: int) -> torch.Tensor:
    return x.repeat(n, 1)
def rows(x: torch.Tensor) -> torch.Tensor:
    return torch.zeros(len(x.tolist()), 2)
torch.library.custom_op("shapelint_a::rows", rows, mutates_args=())
@torch.library.register_fake("shapelint_a::rows")
def _(x):
    return torch.empty(x.size(0), 2)
@twice.register_fake
def _(x, n):
    return torch.empty(x.size(0) * n, x.size(1))
x = torch.zeros(3, 4)
a = twice(x, 2).shape, torch.ops.shapelint_a.twice(x, 3).shape, torch.ops.shapelint_a.twice.default(x, 1).shape
b = torch.ops.shapelint_a.rows(x).shape
del twice, rows, _, x
""",
    "nothing_in_containers": """
import torch
from torch import nn
m = nn.ModuleList([nn.Linear(2, 2), None, nn.Linear(3, 3)])
a = len(m), [x is None for x in m], m[1] is None, [n for n, _ in m.named_children()], m[2].in_features
b = nn.ModuleList([None])
b.append(nn.Linear(1, 1))
b.append(None)
b.extend([None, nn.Linear(2, 1)])
c = len(b), [x is None for x in b], b[-1].in_features
d = nn.ModuleDict({"a": None, "b": nn.Linear(1, 1)})
e = len(d), list(d), d["a"] is None, "a" in d
f = [x is None for x in m[0:2]]
del m[0]
g = [x is None for x in m], len(m)
h = sum(p.numel() for p in b.parameters())
m[0] = nn.Linear(4, 4)
i = [x is None for x in m]
del m, b, d
""",
    "split_by_name": """
import torch
x = torch.zeros(4, 6)
a = [tuple(p.shape) for p in x.split(split_size=4, dim=1)], len(x.unsafe_split(split_size=2))
b = len(torch.split(x, split_size_or_sections=[1, 3])), len(torch.unsafe_split(x, split_size=3))
del x
""",
    "vmap": """
import torch
from torch._dynamo._trace_wrapped_higher_order_op import TransformGetItemToIndex
x, y = torch.zeros(5, 3), torch.zeros(3, 5, 2)
one = torch.vmap(lambda a: a.sum())(x).shape
two = torch.func.vmap(lambda a, b: a[:, None] * b, in_dims=(0, 1))(x, y).shape
out = torch.vmap(lambda a, b: (a + b, b), in_dims=(1, None), out_dims=(1, 0))(x, torch.zeros(5))
three = out[0].shape, out[1].shape
four = torch.vmap(lambda a, b: {"s": a, "t": [b]}, in_dims=(None, 0))(x, x)["s"].shape
five = torch.vmap(lambda p: p[0] + p[1], in_dims=((0, None),))((x, torch.zeros(3))).shape
mask = lambda b, h, q, k: (k <= q) & (seen[b, k] > 0)
seen, made = torch.zeros(4, 7), mask
active = torch._C._are_functorch_transforms_active
asked = []
torch.vmap(lambda a: [asked.append(active()), a][1])(x)
eight = active(), asked
for dims in ((None, None, None, 0), (None, None, 0, None), (None, 0, None, None), (0, None, None, None)):
    made = torch.vmap(made, in_dims=dims, out_dims=0)
with TransformGetItemToIndex():
    six = made(torch.arange(4), torch.arange(1), torch.arange(6), torch.arange(7))
six, seven = six.shape, six.dtype
torch._dynamo.mark_static_address(x)
bad = []
for dims, given in (((0, 1), (x, x)), ((2, 0), (x, x)), ((None, None), (x, x)), ((0,), (x, x))):
    try:
        torch.vmap(lambda a, b: a, in_dims=dims)(*given)
    except ValueError:
        bad.append(dims)
del x, y, out, mask, made, seen, given, dims
""",
    "decorators": """
import torch
from torch import nn
@torch.jit.ignore
def f(x): return x + 1
@torch.jit.unused
def g(x): return x + 2
@torch.compiler.disable
def h(x): return x + 3
@torch.compiler.disable(recursive=False)
def k(x): return x + 4
torch.fx.wrap("f")
a = f(1), g(1), h(1), k(1), torch.jit.is_scripting(), torch.jit.is_tracing(), torch.compiler.is_compiling()
b = torch.jit.annotate(int, 5), torch.overrides.has_torch_function((1,)), torch.is_tensor(torch.zeros(1))
try:
    torch._assert(False, "no")
except AssertionError as problem:
    c = str(problem)
d = torch.__version__.split(".")[0], torch.is_grad_enabled()
""",
    "autograd": """
import torch
class Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim):
        ctx.save_for_backward(x)
        ctx.dim = dim
        return x.sum(dim=dim)
    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * x, None
class Pair(torch.autograd.Function):
    @staticmethod
    def forward(x): return x * 2, x[0]
    @staticmethod
    def setup_context(ctx, inputs, output): ctx.x = inputs[0]
    @staticmethod
    def backward(ctx, a, b): return a
apply = Sum.apply
a = tuple(Sum.apply(torch.zeros(2, 3), 1).shape), tuple(apply(torch.zeros(2, 3), 0).shape)
b = [tuple(t.shape) for t in Pair.apply(torch.zeros(4, 5))]
v = torch.autograd.Variable(torch.zeros(2, 3), requires_grad=True)
c = tuple(v.shape), v.requires_grad, isinstance(v, torch.Tensor)
y = (v * v).sum()
d = [tuple(t.shape) for t in torch.autograd.grad(y, [v])]
del v, y
""",
    "parametrizations": """
import torch
from torch import nn
from torch.nn.utils import weight_norm, spectral_norm, remove_weight_norm, parametrizations as P, parametrize
def show(m):
    return (
        [(n, tuple(p.shape)) for n, p in m.named_parameters()],
        [(n, tuple(p.shape)) for n, p in m.named_buffers()],
        [n for n, _ in m.named_children()],
        tuple(m.weight.shape),
    )
class Symmetric(nn.Module):
    def forward(self, x): return x.triu() + x.triu(1).T
class LowRank(nn.Module):
    def forward(self, a, b): return a @ b.T
    def right_inverse(self, x): return x[:, :2], x[:2, :].T
a = show(P.orthogonal(nn.Linear(3, 5))), show(P.orthogonal(nn.Linear(5, 3), use_trivialization=False))
b = show(P.orthogonal(nn.Linear(5, 5), orthogonal_map="householder"))
one = nn.Linear(3, 3); parametrize.register_parametrization(one, "weight", Symmetric())
c = show(one), parametrize.is_parametrized(one), parametrize.is_parametrized(one, "bias")
two = nn.Linear(3, 3); parametrize.register_parametrization(two, "weight", LowRank())
d = show(two), tuple(two(torch.zeros(1, 3)).shape)
parametrize.remove_parametrizations(two, "weight")
e = show(two), parametrize.is_parametrized(two)
f = show(weight_norm(nn.Conv2d(3, 5, 3))), show(spectral_norm(nn.ConvTranspose2d(3, 5, 3)))
g = show(remove_weight_norm(weight_norm(nn.Linear(3, 5))))
del one, two, P
""",
    "trees": """
import torch
from collections import OrderedDict, defaultdict, deque, namedtuple
from torch.utils import _pytree as T
from torch.utils._pytree import tree_flatten, tree_unflatten, tree_map, tree_map_only
Pair = namedtuple("Pair", "x y")
class Own:
    def __init__(self, a, b): self.a, self.b = a, b
class Other(dict): pass
T.register_pytree_node(Own, lambda o: ([o.a], o.b), lambda given, b: Own(*given, b))
tree = {"b": [1, (2, None)], "a": Pair(3, OrderedDict(z=4, y=5)), "c": deque([6]), "e": (), "d": defaultdict(list, k=7)}
leaves, spec = tree_flatten(tree)
a = leaves, spec.num_leaves, [tree_unflatten([10 * i for i in range(spec.num_leaves)], spec)["a"].y["y"]]
b = tree_map(lambda i: i + 1, [torch.Size([1, 2])]), len(T.tree_leaves([Other(k=1), {1: range(3)}]))
c = tree_map(lambda x, y: (x, y), {"k": 1, "l": [2]}, {"l": [[3]], "k": 4})
d = tree_map_only(int, lambda i: i + 1, [1, "s", (2.5, 3)]), tree_map_only((str, float), lambda i: 0, [1, "s", (2.5, 3)])
e = tree_flatten([1, [2, [3]]], is_leaf=lambda t: isinstance(t, list) and len(t) == 1)[0]
moved = tree_map(lambda t: t[None], (torch.zeros(2), {"m": torch.zeros(3, 4)}))
f = tuple(moved[0].shape), tuple(moved[1]["m"].shape)
g = T.tree_all(lambda i: i > 0, [1, 2]), T.tree_any(lambda i: i > 1, [1, [0]]), T.tree_any_only(int, lambda i: i > 1, [1, "a"])
own = tree_map(lambda i: i * 2, [Own(4, "kept")])[0]
h = own.a, own.b, type(tree_map(str, Pair(1, 2))).__name__, T.tree_structure([1, [2]]).unflatten([3, 4])
try:
    tree_map(lambda x, y: x, [1, 2], [1])
except ValueError:
    i = "not alike"
try:
    tree_unflatten([1], spec)
except ValueError:
    j = "too few"
most = tree_map(lambda t: t + 1, torch.zeros(3, 4).max(0))
k = tuple(most.values.shape), tuple(most.indices.shape)
del most, tree, leaves, spec, moved, own, Own, Other, Pair, T
""",
    "optimizers": """
import torch
from torch import nn, optim
m = nn.Linear(3, 4)
o = optim.Adam([{"params": [m.weight], "lr": 1.0}, {"params": m.bias}], lr=0.5, betas=(0.5, 0.9))
a = [(sorted(g), g["lr"], g["betas"], len(g["params"])) for g in o.param_groups]
s = optim.SGD(m.parameters(), lr=0.1, momentum=0.9)
b = [(g["lr"], g["momentum"], g["nesterov"], len(g["params"])) for g in s.param_groups]
s.add_param_group({"params": [nn.Parameter(torch.zeros(2))]})
c = len(s.param_groups), s.param_groups[1]["lr"], s.zero_grad()
for group in s.param_groups:
    group["lr"] = 0.3
d = [g["lr"] for g in s.param_groups], o.defaults["lr"], isinstance(s, optim.Optimizer)
class Own(optim.Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, dict(lr=lr))
    def step(self, closure=None):
        loss = None if closure is None else closure()
        return loss
own = Own(m.parameters())
e = own.step(lambda: 5), own.param_groups[0]["lr"], len(own.param_groups[0]["params"])
q = optim.lr_scheduler.StepLR(own, 3)
f = len(q.get_last_lr()), q.step(), q.optimizer is own
try:
    optim.SGD([], lr=0.1)
except ValueError as problem:
    g = str(problem)
names = [sorted(getattr(optim, n)(m.parameters()).defaults) for n in ("AdamW", "RMSprop", "Adagrad", "NAdam", "ASGD")]
more = [sorted(getattr(optim, n)(m.parameters()).defaults) for n in ("Adadelta", "Adamax", "RAdam", "LBFGS", "Adafactor")]
del o, s, own, m, q, group
""",
    "wrappers": """
import torch
from torch import nn
m = nn.Linear(3, 3)
p = nn.DataParallel(m)
a = [n for n, _ in p.named_parameters()], tuple(p(torch.zeros(2, 3)).shape), p.module is m
v = torch.optim.swa_utils.AveragedModel(m)
b = [n for n, _ in v.named_parameters()], [n for n, _ in v.named_buffers()], tuple(v(torch.zeros(1, 3)).shape)
c = tuple(nn.utils.skip_init(nn.Linear, 3, 4).weight.shape)
d = tuple(torch.func.functional_call(m, dict(m.named_parameters()), (torch.zeros(5, 3),)).shape)
del m, p, v
""",
    "numbers": """
import torch
from torch.nn.modules.utils import _pair, _ntuple, _reverse_repeat_tuple
def limits(d):
    f = torch.finfo(d)
    return f.bits, f.eps, f.max, f.min, f.tiny, f.smallest_normal, f.resolution, f.dtype
a = [limits(d) for d in (torch.float16, torch.bfloat16, torch.float32, torch.float64)], torch.finfo().bits
b = [(i.bits, i.max, i.min, i.dtype) for i in map(torch.iinfo, (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64))]
c = torch.pi, torch.inf, _pair(3), _pair((1, 2)), _ntuple(4)(2.5), _reverse_repeat_tuple((1, 2), 2)
""",
    "dtypes": """
import torch
from torch import nn
torch.set_default_dtype(torch.float64)
a = str(torch.zeros(1).dtype), str(nn.Linear(1, 1).weight.dtype), str(torch.get_default_dtype())
torch.set_default_dtype(torch.float32)
b = str(torch.zeros(1).dtype)
""",
}

REFUSED = {
    "a check that fails": "import torch\ntorch._check(1 > 2, lambda: 'no')",
    "a check of an error": "import torch\ntorch._check_with(KeyError, False, lambda: 'no')",
    "a check of a tensor": "import torch\ntorch._check(torch.zeros(3) == 0)",
    "a check of all": "import torch\ntorch._check_tensor_all(torch.tensor([True, False]))",
    "a check of all with": "import torch\ntorch._check_tensor_all_with(IndexError, torch.tensor([False]), lambda: 'no')",
    "a check of numbers": "import torch\ntorch._check_tensor_all(torch.tensor([1, 2]))",
    "a check of a size": "import torch\ntorch._check_is_size(-1)",
    "a check of a size that is too large": "import torch\ntorch._check_is_size(5, max=4)",
    "a check of an index": "import torch\ntorch._check_index(False)",
    "a check of a value": "import torch\ntorch._check_value(False)",
    "a check of a type": "import torch\ntorch._check_type(False)",
    "a check of what is there": "import torch\ntorch._check_not_implemented(False)",
    "fans of a vector": "import torch\ntorch.nn.init.xavier_uniform_(torch.zeros(3))",
    "an activation without a gain": "import torch\ntorch.nn.init.calculate_gain('gelu')",
    "no parameters": "import torch\ntorch.optim.SGD([], lr=0.1)",
    "a tensor for parameters": "import torch\ntorch.optim.SGD(torch.zeros(1, requires_grad=True), lr=0.1)",
    "a module for parameters": "import torch\ntorch.optim.SGD(torch.nn.Linear(1, 1), lr=0.1)",
    "dirac of a matrix": "import torch\ntorch.nn.init.dirac_(torch.zeros(3, 3))",
    "nothing to remove": """
from torch import nn
nn.utils.parametrize.remove_parametrizations(nn.Linear(1, 1), "weight")
""",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SAME)
def test_torch_does_the_same(name: str) -> None:
    check(SAME[name])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", REFUSED)
def test_torch_refuses_the_same(name: str) -> None:
    raises(REFUSED[name])()


SUPPLIED = sorted(
    {
        cls.qualname: cls
        for cls in library.constants.values()
        if isinstance(cls, Class)
        and cls.qualname.startswith(("torch", "numpy", "PIL", "lightning", "accelerate"))
    }.items()
)


@pytest.mark.parametrize("cls", [cls for _, cls in SUPPLIED], ids=[name for name, _ in SUPPLIED])
def test_a_supplied_class_answers_whatever_it_is_given(cls: Class) -> None:
    chance = random.Random(cls.qualname)
    for turn in range(20):
        world = world_in_a_file()
        args = tuple(chance.choice(MAKERS)() for _ in range(turn % 4))
        made = ask(lambda a=args, w=world: calls.call(w, cls, a, {}))  # type: ignore[misc]
        assert not world.journal.layers
        if not isinstance(made, Instance):
            continue
        for name in dict.fromkeys(n for c in cls.mro for n in c.attrs if c is not modules.MODULE):
            more = tuple(chance.choice(MAKERS)() for _ in range(chance.randrange(4)))
            found = ask(lambda n=name, w=world, m=made: attributes.get(w, m, n))  # type: ignore[misc]
            ask(lambda f=found, a=more, w=world: calls.call(w, f, a, {}))  # type: ignore[misc]
            assert not world.journal.layers, name


def test_the_public_names_of_a_tensor_are_all_known() -> None:
    from shapelint.interp.tensors import tensor_names
    from shapelint.values import Tensor

    parameter = Tensor((2,), kind="parameter")
    public = [n for n in dir(torch.nn.Parameter(torch.zeros(2))) if not n.startswith("_")]
    assert len(public) > 400 and all(tensor_names.has(parameter, n) is not False for n in public)
    assert tensor_names.has(parameter, "num_embeddings") is False
    assert tensor_names.has(parameter, "_foo") is None and tensor_names.has(Tensor((2,)), "tensors") is None


@pytest.mark.parametrize(
    "size", ["(16, 3, None, 5)", "(16, 3, 5, [])", "(1, 'a')", "[(1, 3), (1, None)]", "(1.5, 2)"]
)
@pytest.mark.parametrize("tool", ["torchinfo", "torchsummary"])
def test_a_size_that_is_no_size_gives_no_tensor(tool: str, size: str) -> None:
    from shapelint.engine.analyse import analyse
    from shapelint.source.text import from_text

    text = (
        f"import torch\nfrom torch import nn\nfrom {tool} import summary\nx = summary(nn.Flatten(), {size})\n"
    )
    assert not [d for d in analyse(from_text("stdin", text)).diagnostics if d.severity == "error"]


SCALARS = """
import numbers
import numpy as np
import torch
a = np.zeros(3)
m, item, made = a.mean(), a[0], np.float32(1)
array, mean_is_array, item_is_number = isinstance(a, np.ndarray), isinstance(m, np.ndarray), isinstance(item, (int, float))
kind, kind_of_made, number = type(item) is np.ndarray, type(made) is np.float32, isinstance(m, numbers.Number)
pair, tensor, text, thing = isinstance(m, (list, tuple)), isinstance(m, torch.Tensor), isinstance(m, str), isinstance(m, object)
whole = isinstance(a, (int, float))
"""


def test_what_numpy_counted_is_a_number_or_an_array() -> None:
    """torch and numpy say what is known; of the others either is right."""
    found = read(SCALARS)
    said: dict[str, object] = {}
    exec(SCALARS, said)
    for name in "array pair tensor text thing whole".split():
        assert found[name] is said[name], name
    for name in "mean_is_array item_is_number kind kind_of_made number".split():
        assert isinstance(found[name], Unknown), name


def test_classes_of_torch_are_classes() -> None:
    text = """
import collections
import torch
from collections.abc import Mapping
from torch import nn
a = issubclass(torch.Tensor, torch.Tensor), issubclass(nn.Parameter, (int, torch.Tensor)), issubclass(torch.Size, tuple)
b = issubclass(dict, Mapping)
c = issubclass(type(torch.zeros(2)), object), issubclass(int, (str, list))
"""
    found = read(text)
    assert found["a"] == (True, True, True)
    assert isinstance(found["b"], Unknown)  # it is registered
    assert found["c"] == (True, False)
