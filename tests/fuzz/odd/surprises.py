"""Whole constructs that programs seldom have: metaclasses, descriptors, coroutines, frames of generators, things that hold themselves."""

from __future__ import annotations

import re

from tests.fuzz.odd.scope import Scope


def surprise(scope: Scope) -> list[str]:
    """One of them, with names of its own."""
    text = scope.rng.choice(SURPRISES)
    mark = scope.fresh(None, "s")
    text = re.sub(r"\bT_(\w+)", rf"{mark}_\1", text)
    return scope.filled(text).strip("\n").split("\n")


SURPRISES = (
    """
class T_Meta(type):
    def __new__(mcs, name, bases, space, **kw):
        space['made'] = <any>
        return super().__new__(mcs, name, bases, space)
    def __call__(cls, *args, **kw):
        made = super().__call__(*args, **kw)
        made.extra = <any>
        return made
    def __getattr__(cls, name): return <any>
    def __instancecheck__(cls, other): return <any>
class T_Net(nn.Module, metaclass=T_Meta, flag=<any>):
    def forward(self, q): return q.view(<int>, -1)
T_m = T_Net()
T_m(x), T_Net.other, isinstance(x, T_Net)
""",
    """
class T_D:
    def __set_name__(self, owner, name): self.name = '_' + name
    def __get__(self, ob, owner=None): return self if ob is None else getattr(ob, self.name, <any>)
    def __set__(self, ob, v): setattr(ob, self.name, v)
    def __delete__(self, ob): delattr(ob, self.name)
class T_Net(nn.Module):
    width, layer = T_D(), T_D()
    def __init__(self):
        super().__init__()
        self.width = <int>
        self.layer = nn.Linear(self.width, <int>)
        del self.width
    def forward(self, q): return self.layer(q)
T_Net()(<tensor>)
""",
    """
def T_gen(k=<int>):
    try:
        while True:
            got = yield k
            k = got if got is not None else k + 1
            if k > 5: return k
    except GeneratorExit:
        raise
    finally:
        xs.append(k)
T_g = T_gen()
next(T_g); T_g.send(<any>); T_g.close()
def T_outer():
    r = yield from T_gen(<int>)
    return r
T_l = list(T_outer())
T_z = dict(enumerate(T_gen(4)))
""",
    """
def T_deep(k, acc=()):
    return acc if not k else T_deep(k - 1, (*acc, k))
def T_even(k): return k == 0 or T_odd(k - 1)
def T_odd(k): return k != 0 and T_even(k - 1)
def T_forever(k): return T_forever(k + 1)
T_a = T_deep(<size>)
T_b = T_even(<size>)
try: T_forever(0)
except RecursionError as e: T_c = str(e)
T_fix = (lambda g: (lambda h: g(lambda v: h(h)(v)))(lambda h: g(lambda v: h(h)(v))))(lambda rec: lambda k: 1 if k < 2 else k * rec(k - 1))
T_d = T_fix(<size>)
""",
    """
T_l = [1, 2]; T_l.append(T_l)
T_d = {}; T_d['me'] = T_d; T_d[1] = T_l
str(T_l), repr(T_d), T_l == T_l, copy.deepcopy(T_l), T_l < T_l
for T_i in T_l: T_l.append(T_i) if len(T_l) < 9 else None
T_n = nn.Sequential(nn.Linear(3, 3)); T_n.inner = [T_n]
sum(p.numel() for p in T_n.parameters())
T_t = (T_l, T_d); hash(T_t) if <any> else None
""",
    """
class T_Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.me = nn.ModuleList()
        self.me.append(self)
        self.a = nn.Linear(3, <int>); self.b = self.a; self.a.c = self.b
    def forward(self, q, k=2):
        return q if k == 0 else self.me[0](self.a(q), k - 1)
T_m = T_Net()
T_m(x); list(T_m.modules()); T_m.state_dict(); copy.deepcopy(T_m)
for n_, p_ in T_m.named_parameters(): setattr(T_m, n_.replace('.', '_'), p_)
""",
    """
async def T_co(q):
    async with q as r, contextlib.aclosing(r) as t:
        async for i in r: await q
    return [i async for i in q if await i]
async def T_ag():
    for i in range(<size>):
        yield await T_co(i)
import asyncio
T_r = asyncio.run(T_co(<any>))
""",
    """
def T_try(k):
    for i in range(3):
        try:
            if i == k: continue
            if k > 2: break
            return i
        except (ValueError, TypeError) as e:
            raise KeyError(k) from e
        else:
            pass
        finally:
            if k == 1: return 'finally'
            xs.append(i)
    else:
        return 'else'
T_v = [T_try(k) for k in range(5)]
try:
    try: raise ValueError(<any>)
    finally: T_w = torch.zeros(<int>)
except* ValueError as eg: T_u = eg.exceptions
T_q = x.view(T_w.shape[0], -1)
""",
    """
@dataclasses.dataclass(order=True)
class T_C:
    dim: int = <int>
    layers: list = dataclasses.field(default_factory=lambda: [<int>, <int>])
    act: typing.Any = nn.ReLU
    def __post_init__(self): self.total = self.dim * len(self.layers)
class T_Net(nn.Module):
    def __init__(self, cfg: T_C):
        super().__init__()
        self.body = nn.Sequential(*(m for a_, b_ in zip([cfg.dim, *cfg.layers], cfg.layers) for m in (nn.Linear(a_, b_), cfg.act())))
    def forward(self, q): return self.body(q)
T_Net(T_C())(torch.randn(2, <int>)); T_Net(dataclasses.replace(T_C(), dim=3)); dataclasses.asdict(T_C()); T_C() < T_C(<int>)
""",
    """
class T_E(enum.IntEnum):
    A = enum.auto(); B = <int>
    @property
    def layer(self): return nn.Linear(self.value, self)
    @classmethod
    def _missing_(cls, v): return cls.A
for T_e in T_E: T_l = T_e.layer
T_E['A'], T_E(<int>), T_E.A | T_E.B, T_E.A.name, len(T_E)
""",
    """
class T_F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k): ctx.save_for_backward(q); ctx.k = k; return q.view(-1, k)
    @staticmethod
    def backward(ctx, grad): q, = ctx.saved_tensors; return grad * q, None
T_y = T_F.apply(<tensor>, <int>)
T_k = T_y @ T_y.T
""",
    """
class T_P:
    def __enter__(self): return self
    def __exit__(self, *e): return <any>
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __iter__(self): return iter((self, self))
    def __index__(self): return 2
    def __bool__(self): return <any>
    def __eq__(self, other): return self
    def __len__(self): return <int>
    def __add__(self, other): return NotImplemented
    __radd__ = __mul__ = __getitem__ = __add__
T_o = T_P()
with T_o as T_a, T_o.x.y(1) as (T_b, T_c): torch.zeros(T_o, T_o); T_o + 1; 1 + T_o; T_o[T_o:T_o]; [*T_o]; {**T_o}
""",
    """
def T_deco(*da, **dk):
    def outer(fn):
        @functools.wraps(fn)
        def inner(*args, **kw):
            inner.calls += 1
            return fn(*args, **{**dk, **kw})
        inner.calls = 0
        return inner
    return outer(da[0]) if da and callable(da[0]) else outer
class T_Net(nn.Module):
    @T_deco
    def __init__(self, dim=<int>): super().__init__(); self.fc = nn.Linear(dim, <int>)
    @T_deco(k=1)
    def forward(self, q, k=0): return self.fc(q) * k
T_deco(T_Net)()(x)
""",
    """
T_reg = {}
def T_register(name):
    return lambda cls: T_reg.setdefault(name, cls)
for T_i in range(<size>):
    @T_register(f'net{T_i}')
    class T_Net(nn.Module):
        dim = T_i
        def __init__(self, **kw):
            super().__init__(); self.l = nn.Linear(self.dim + 1, <int>); vars(self).update(kw)
        def forward(self, q): return self.l(q)
T_made = {k: v(dim=<int>) for k, v in T_reg.items()}
T_out = [m(torch.zeros(1, i + 1)) for i, m in enumerate(T_made.values())]
T_reg['none']()
""",
    """
match <any>:
    case {'k': [int(T_a), *T_b] | (T_a, *T_b), **T_r} if T_a: pass
    case Box(v=Box(v=T_c)) | T_c: T_d = T_c
match (x, xs, d):
    case [torch.Tensor(shape=(T_h, T_w)), [1, *_], {'k': T_k}]: T_v = x.view(T_h * T_w)
    case _ if (T_z := <any>): pass
match net:
    case nn.Conv2d() | nn.Linear(out_features=T_o): nn.Linear(T_o, 3)(net(x))
""",
    """
T_c = [(T_p := T_p + q if 'T_p' in dir() else q) for q in xs]
T_n = [[[(i, j, k) for k in range(j)] for j in range(i)] for i in range(<size>)]
T_s = {(*r, len(r)) for q in T_n for r in q for r in r}
T_l = [lambda i=i: i for i in range(3)]; T_v = [g() for g in T_l]
T_m = {k: {**v} for k, v in [('a', d), ('b', {})]}
T_t = [*(yield_ for yield_ in xs), *range(<size>)]
T_big = [i for i in range(10 ** 6) if i % 7]
""",
    """
def T_counter():
    k = 0
    def up(by=1):
        nonlocal k
        k += by
        return k
    return up, lambda: k
T_up, T_get = T_counter()
T_up(); T_up(<int>)
class T_Net(nn.Module):
    count = 0
    shared = []
    def __new__(cls, *a, **k):
        cls.count += 1
        return super().__new__(cls)
    def __init__(self): super().__init__(); T_Net.shared.append(self); self.l = nn.Linear(T_get(), T_Net.count)
    def forward(self, q): global T_state; T_state = q; T_up(); return self.l(T_state)
T_Net()(torch.zeros(1, T_get())); T_Net()(x)
""",
    """
class T_Base(nn.Module, abc.ABC, typing.Generic[typing.TypeVar('T')]):
    @abc.abstractmethod
    def forward(self, q): ...
    def __init_subclass__(cls, k=<any>, **kw): cls.k = k
class T_A(T_Base[int], k=<int>):
    def forward(self, q): return super().forward(q)
class T_B(T_A):
    __slots__ = ('w',)
    def forward(self, q): return T_A.forward(self, q) if <any> else q.reshape(self.k, -1)
class T_C(T_B, T_A): pass
T_C()(x); T_C.__mro__; T_Base.__subclasses__(); super(T_A, T_C()).forward(x); T_Base()(x)
""",
    """
class T_Data(torch.utils.data.Dataset):
    def __init__(self, n=<int>): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i): return torch.randn(3, <size>, <size>), i % <int>
T_loader = torch.utils.data.DataLoader(T_Data(), batch_size=<size>, shuffle=True, collate_fn=<function>)
T_m = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(<int>, 2))
T_opt = torch.optim.Adam(T_m.parameters())
for T_epoch in range(<size>):
    for T_i, (T_q, T_t) in enumerate(T_loader):
        T_loss = F.cross_entropy(T_m(T_q), T_t)
        T_opt.zero_grad(); T_loss.backward(); T_opt.step()
""",
    """
T_h = <tensor>
for T_i in range(200):
    T_h = T_h.unsqueeze(0) if T_i % 2 else torch.cat([T_h, T_h], 0)
T_n = <int>
while T_n != 1 and T_n < 10 ** 50: T_n = T_n // 2 if T_n % 2 == 0 else 3 * T_n + 1
T_s = ''
for T_i in range(50): T_s = T_s + T_s + 'a'
T_x = x
for T_i in range(40): T_x = torch.stack([T_x, T_x])
T_e = [1]
for T_i in range(40): T_e = T_e + T_e
T_f = 3
for T_i in range(20): T_f = T_f ** T_f
""",
    """
del f
def f(*a, **k): return f
f()()(f)(f(f))
print.__call__, (lambda: (yield))(), [].append.__self__, int.__add__(1, 2), type(type), object.__new__(Box), Box.__dict__['size']
nn.Module.forward(net, x); nn.Module.__call__(net, x); torch.Tensor.view(x, -1); nn.Linear.forward(net, x); type(net)(3, 4)(x); net.__class__.__mro__
getattr(torch, s)(x) if <any> else getattr(nn, 'Linear')(3, <int>)(x)
setattr(nn.Module, 'forward', lambda self, q: q); globals()['T_new'] = <any>; T_new
vars()['x'] = <any>; locals().update(d); __builtins__; __file__; __doc__; __import__('torch').zeros(2)
""",
    """
def T_unpack(q, /, w, *r, k=<any>, **kw): return q, w, r, k, kw
T_unpack(1, 2, 3, *xs, k=4, **d); T_unpack(*xs, *ys, **{'k': 1}, **{'z': 2}); T_unpack(1); T_unpack(w=1, q=2); T_unpack(*x, **net.__dict__)
T_a, (T_b, *T_c), *T_d = 1, (2, 3, 4), 5, 6
*T_e, = x; T_f, T_g = x; (T_h), = [x]; [T_i, T_j] = {1, 2}; T_k, *T_l = <any>; T_m = *xs, *ys
for T_n, *T_o in zip(xs, xs, xs): pass
x[T_a, ..., 0], d[1, 2], xs[-1:None:-1]
""",
)
