"""Modules in torch's order: depth first, each once or under every name; and what may hide some."""

from __future__ import annotations

import pytest

from shapelint.engine.check import check_text
from shapelint.engine.config import Settings
from shapelint.interp.nets import module_tree
from shapelint.values import Class, Module, Unknown
from tests.interp.programs import check, read

KIND = Class("Block", "Block")


def module(**children: Module) -> Module:
    made = Module(KIND)
    made.attrs.update(children)
    return made


def test_each_module_once_or_under_every_name() -> None:
    shared = module(inner=module())
    whole = module(a=shared, b=module(c=shared), d=module())
    once = [name for name, _ in module_tree.named_modules(whole)]
    assert once == ["", "a", "a.inner", "b", "d"]
    every = [name for name, _ in module_tree.named_modules(whole, once=False)]
    assert every == ["", "a", "a.inner", "b", "b.c", "b.c.inner", "d"]


def test_one_that_holds_itself_is_come_by_once() -> None:
    whole = module(a=module())
    whole.attrs["a"].attrs["up"] = whole
    for once in (True, False):
        assert [name for name, _ in module_tree.named_modules(whole, once=once)] == ["", "a"]


def test_the_registry_has_a_layer_under_each_of_its_names() -> None:
    check("""
from torch import nn
relu = nn.ReLU()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d = nn.Linear(2, 2), relu, nn.Linear(2, 2), relu
        self.add_module("e", None)
        self.f = None
net, chain = Net(), nn.Sequential(relu, nn.Linear(2, 2), relu)
found = [k for k, v in net._modules.items()], len(net._modules), [k for k, v in net.named_children()], net._modules["e"]
more = [k for k, v in chain._modules.items()], len(list(chain.children())), [v is relu for v in chain._modules.values()]
del relu, net, chain
""")


UNKNOWN_BASES = """
import torch
from torch import nn
from somewhere import Conv, Settings

class Own(Conv):
    def message(self, x): return x

class Plain(Settings):
    size = 3
"""

HOLDERS = {
    "alone": "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.conv = Own(3)\n",
    "called": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.conv = nn.Linear(2, 3), Own(3)
    def forward(self, x): return self.conv(self.fc(x))
""",
    "in a container": "Net = lambda: nn.Sequential(nn.Linear(2, 3), Own(3))\n",
    "in a list": "Net = lambda: nn.ModuleList([Own(3)])\n",
}


@pytest.mark.parametrize("text", HOLDERS.values(), ids=HOLDERS)
def test_what_derives_from_an_unknown_class_may_be_a_layer(text: str) -> None:
    end = "found = Net().parameters()\ncount = sum(p.numel() for p in found)\noptimizer = torch.optim.SGD(Net().parameters())\n"
    assert not isinstance(read(UNKNOWN_BASES + text + end)["count"], int)
    assert check_text("net.py", UNKNOWN_BASES + text + end, Settings(cache=False)).diagnostics == ()


def test_settings_that_derive_from_an_unknown_class_are_no_layer() -> None:
    text = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.plain = nn.Linear(2, 3), Plain()
count = sum(p.numel() for p in Net().parameters())
"""
    assert read(UNKNOWN_BASES + text)["count"] == 9


def test_nothing_is_known_not_to_be_there() -> None:
    text = "class Net(nn.Module):\n    pass\ntorch.optim.SGD(Net().parameters())\n"
    (told,) = check_text("net.py", UNKNOWN_BASES + text, Settings(cache=False)).diagnostics
    assert "empty parameter list" in told.message


PERHAPS = """
import elsewhere
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ReLU()
        self.b = elsewhere.layer()
        self.c = nn.Linear(2, 3)
net = Net()
"""


@pytest.mark.parametrize("walk", ["children", "named_children", "modules", "named_modules"])
def test_a_walk_past_what_may_be_a_layer_has_no_known_length(walk: str) -> None:
    said = read(f"{PERHAPS}found = list(net.{walk}())\ncount, last = len(found), found[-1]\n")
    assert isinstance(said["count"], Unknown)
    assert isinstance(said["last"], Unknown)


def test_what_stands_before_is_known_what_stands_behind_is_not() -> None:
    said = read(f"{PERHAPS}way = net.children()\nfirst, second = next(way), next(way)\n")
    assert said["first"].cls.name == "ReLU"
    assert isinstance(said["second"], Unknown)


def test_a_loop_does_what_it_does_to_each_that_is_known() -> None:
    said = read(
        f"{PERHAPS}for m in net.modules():\n    if isinstance(m, nn.Linear): m.bias = None\ngone = net.c.bias is None\n"
    )
    assert said["gone"] is True


def test_one_of_two_layers_is_one_child() -> None:
    said = read("""
import elsewhere
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ReLU() if elsewhere.flag else nn.GELU()
        self.b = nn.Linear(2, 3)
net = Net()
count = len(list(net.children()))
""")
    assert said["count"] == 2


def test_what_may_be_set_does_not_come_to_getattr() -> None:
    """Of a module whose constructor could not be followed, an attribute that is missed may be there: `__getattr__` is not asked."""
    found = read("""
import torch, unknown_package
from torch import nn
class Net(nn.Module):
    def __init__(self, n=1):
        super().__init__()
        self.n = n
    def __getattr__(self, name):
        return super().__getattr__(name)
class Wrapper(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return 5
def of(module):
    try:
        return module.n
    except AttributeError:
        return "raised"
a = of(Net(**unknown_package.options()))
b = of(Net(n=3))
c = of(Wrapper(3))
""")
    assert isinstance(found["a"], Unknown) or "raised" in getattr(found["a"], "options", ())
    assert not isinstance(found["a"], str)
    assert (found["b"], found["c"]) == (3, 5)


def test_what_new_gives_is_begun_where_it_is_of_the_class() -> None:
    check("""
from torch import nn
class Base(nn.Module):
    def __init__(self, **options):
        super().__init__()
        if options:
            raise ValueError("unexpected")
class A(Base):
    def __init__(self, n=1, **options):
        super().__init__(**options)
        self.n = n
class Task(Base):
    def __new__(cls, task, n=3, **options):
        return A(n, **options) if task == "a" else None
class Sub(nn.Linear):
    def __new__(cls, *args, **options):
        return super().__new__(cls)
    def __init__(self, n):
        super().__init__(n, 2)
class Other(nn.Module):
    def __new__(cls, wide=False):
        return super().__new__(Wide if wide else cls)
    def __init__(self, wide=False):
        super().__init__()
        self.k = 1
class Wide(Other):
    @staticmethod
    def __new__(cls, wide=False):
        return nn.Module.__new__(cls)
    def __init__(self, wide=False):
        super().__init__(wide)
        self.k = 2
a = Task("a", n=5).n, type(Task("a")).__name__, isinstance(Task("a"), A), Task("b")
b = Sub(3).in_features, Other(True).k, Other().k, Wide().k, type(Other(True)).__name__
""")
