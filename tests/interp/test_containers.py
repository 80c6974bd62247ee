"""Containers of layers, and the names under which something is registered: what torch refuses is refused."""

from __future__ import annotations

import inspect

import pytest
from torch import nn

from shapelint.interp.nets import containers, modules
from tests.interp.programs import check, read

REFUSED = """
import torch
from collections import OrderedDict
from torch import nn
class Own(nn.Module):
    scale = 3
    def forward(self, x): return x
    @property
    def size(self): raise AttributeError("none")
class Renaming(nn.ModuleDict):
    def __setitem__(self, key, module): self.add_module(str(key).replace(".", "_"), module)
def held(module):
    return [n for n, _ in module.named_children()], [n for n, _ in module.named_parameters(recurse=False)], [n for n, _ in module.named_buffers()]
def given(module, method, *args):
    getattr(module, method)(*args)
    return held(module)
def said(make):
    try:
        return make()
    except Exception as problem:
        return type(problem).__name__
relu = nn.ReLU()
ones = torch.ones(2)
x = said(lambda: MADE)
"""
MADE = (
    *(f"held(nn.ModuleDict({g}))" for g in (
        "{1: relu}", "[[1, relu]]", "[['a', relu, 3]]", "3", "[3]", "'ab'", "nn.ModuleDict({'a': relu})", "{'a': 3}", "[['a', None]]",
        "[['a.b', relu]]", "{'keys': relu}", "{'': relu}", "{'type': relu}", "{'a': relu}", "{None: relu}", "{(1, 2): relu}",
        "[('a', relu), ('b', relu)]", "()", "OrderedDict(a=relu)", "{'training': relu}", "['ab']",
    )),
    *(f"held(nn.ParameterDict({g}))" for g in (
        "{1: ones}", "[['a', ones, 3]]", "[3]", "3", "'ab'", "{'a': 3}", "{'keys': ones}", "{'a.b': ones}", "{'': ones}", "{'a': ones}",
    )),
    *(f"held(nn.Sequential({g}))" for g in (
        "OrderedDict(a=relu)", "OrderedDict([('a.b', relu)])", "OrderedDict([(0, relu)])", "OrderedDict(forward=relu)", "{'a': relu}",
        "relu, relu", "[relu]", "3",
    )),
    *(f"held(nn.ModuleList({g}))" for g in ("[relu]", "[[relu]]", "[3]", "[None]", "3", "nn.Sequential(relu)")),
    *(f"given(nn.Linear(2, 3), '{m}', {g})" for m, g in (
        ("add_module", "'weight', relu"), ("add_module", "'a', relu"), ("register_buffer", "'weight', ones"),
        ("register_buffer", "'half', ones"), ("register_parameter", "'weight', None"), ("register_parameter", "'in_features', None"),
        ("register_buffer", "'a.b', None"), ("register_buffer", "1, None"), ("register_buffer", "'x', ones"), ("add_module", "'a', 3"),
    )),
    *(f"given(Own(), 'add_module', {n}, relu)" for n in ("'scale'", "'forward'", "'size'", "'q'", "'training'", "1", "'a.b'", "None")),
    "held(Renaming({'a.b': relu, 1: relu}))",
    *(f"{c}[{k!r}] is relu" for c in (
        "nn.Sequential(relu)", "nn.ModuleList([relu])", "nn.ParameterList([ones])", "nn.ModuleDict({'0': relu})"
    ) for k in ("0", 0, -1, "k", 1)),
)  # fmt: skip


@pytest.mark.parametrize("made", MADE)
def test_what_torch_refuses_is_refused(made: str) -> None:
    check(REFUSED.replace("MADE", made))


def test_every_attribute_of_a_module_is_one_of_torchs() -> None:
    """A name that the class has cannot be registered: none may be made up."""
    for mine in (modules.MODULE, *containers.CLASSES.values()):
        theirs = {*dir(getattr(nn, mine.name, nn.Module)), *inspect.get_annotations(nn.Module)}
        assert set(mine.attrs) <= theirs


INSERTED = """
from torch import nn
def kinds(layers): return [(name, type(layer).__name__) for name, layer in layers._modules.items()]
found = []
for i in (-3, -2, -1, 0, 1, 2, 3, 5, 10 ** 20, -10 ** 20):
    for layers in (nn.ModuleList([nn.ReLU(), nn.Tanh()]), nn.Sequential(nn.ReLU(), nn.Tanh()), nn.ModuleList()):
        try:
            given = layers.insert(i, nn.GELU())
            found.append((i, kinds(layers), given is layers, given is None))
        except Exception as problem:
            found.append((i, type(problem).__name__, kinds(layers)))
del layers, given
"""


def test_a_layer_is_inserted_as_torch_does() -> None:
    check(INSERTED)


def test_a_name_that_is_not_known_leaves_the_module_open() -> None:
    found = read("from torch import nn\nimport library\nm = nn.ModuleDict({library.name(): nn.ReLU()})\n")[
        "m"
    ]
    assert found.incomplete


def test_a_part_of_a_chain_keeps_its_numbers_and_insert_moves_by_number() -> None:
    check("""
from torch import nn
chain = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 3))
part, last = chain[1:], chain[2:]
try:
    last.insert(0, nn.Tanh())
except KeyError as problem:
    said = str(problem)
last.insert(1, nn.GELU())
found = [n for n, _ in last.named_children()], [n for n, _ in part.named_children()]
held = nn.ModuleList([nn.ReLU(), nn.Tanh()])
held.insert(1, nn.GELU())
held.insert(7, nn.Tanh())
more = [n for n, _ in held.named_children()], [type(layer).__name__ for layer in held._modules.values()]
""")


def test_what_a_plain_tensor_is_called_no_buffer_or_parameter_may_be() -> None:
    check("""
import torch
from torch import nn
net, said = nn.Module(), []
net.plain = torch.zeros(4)
net.held = nn.Parameter(torch.zeros(3))
net.register_buffer("kept", torch.zeros(2))
for name in ("plain", "held", "kept"):
    for how, value in ((net.register_buffer, torch.zeros(3)), (net.register_parameter, nn.Parameter(torch.zeros(3)))):
        try:
            how(name, value)
            said.append(name)
        except KeyError as problem:
            said.append(str(problem))
""")
