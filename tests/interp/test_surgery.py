"""Module surgery: parameters, names and states are those of torch; wrong arguments raise what torch raises."""

from __future__ import annotations

import inspect

import pytest
from torch import nn

from shapelint.interp.nets.modules import SIGNATURES
from shapelint.specs.signature import parse
from tests.interp.programs import read
from tests.interp.random_surgery import difference, program

CHUNK = 25


@pytest.mark.parametrize("first", range(0, 300, CHUNK))
def test_what_is_said_of_a_module_is_what_torch_counts(first: int) -> None:
    for seed in range(first, first + CHUNK):
        text = program(seed)
        assert difference(text) is None, f"seed {seed}\n{text}"


@pytest.mark.parametrize("name", [n for n in SIGNATURES if n != "register_module"])
def test_methods_take_what_torch_documents(name: str) -> None:
    documented = list(inspect.signature(getattr(nn.Module, name)).parameters.values())[1:]
    mine = parse(SIGNATURES[name]).parameters
    assert [(p.name, p.required) for p in mine] == [(p.name, p.default is p.empty) for p in documented]


def test_views_of_a_module_dict_are_walked_again() -> None:
    found = read(
        "from torch import nn\nm = nn.ModuleDict({'a': nn.ReLU(), 'b': nn.Tanh()})\nk = m.keys()\n"
        "x = [list(k), list(k), len(m.values()), 'a' in k, [n for n, _ in m.items()]]\n"
    )
    assert [getattr(v, "items", v) for v in found["x"].items] == [["a", "b"], ["a", "b"], 2, True, ["a", "b"]]


def test_a_name_of_a_library_stays_itself_as_a_key() -> None:
    found = read(
        "import library\nd = {library.f: 1}\nk = list(d)[0]\nx = d[library.f], k is library.f or k == library.f\n"
    )
    assert found["x"][0] == 1
    assert not isinstance(found["k"], tuple)


def test_what_is_written_into_the_registries_is_registered() -> None:
    text = (
        "import torch\nfrom torch import nn\nm = nn.Module()\nm._modules['a'] = nn.Linear(2, 2)\nm._modules.update(b=nn.Linear(2, 1))\n"
        "m._parameters['p'] = nn.Parameter(torch.zeros(3))\nm._buffers['q'] = torch.zeros(4)\nm._modules.pop('a')\n"
        "x = [sum(p.numel() for p in m.parameters()), [n for n, _ in m.named_buffers()], list(m._modules)]\n"
    )
    assert [getattr(v, "items", v) for v in read(text)["x"].items] == [6, ["q"], ["b"]]
