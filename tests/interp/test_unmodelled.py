"""What torch's layers have is there, modelled or not: nothing of it is taken for missing."""

from __future__ import annotations

import inspect
import warnings

import pytest
import torch
from torch import nn

from shapelint.interp.control import ProgramRaises
from shapelint.interp.run import evaluate_text
from tests.interp.programs import check

_ARGUMENTS = ("", "4", "4, 4", "4, 4, 1", "0.5", "4, 2, 1")
_NO_FORWARD = {"forward"}  # nn.Module's own raises: asking for it where no class has one is told as that
# With torchscript or with annotations, not for programs.
_OF_PYTHON = {"__annotate__", "__annotate_func__", "__annotations_cache__", "__abstractmethods__", "__firstlineno__",
              "__static_attributes__"}  # fmt: skip


def _made(name: str) -> str | None:
    for given in _ARGUMENTS:
        try:
            with warnings.catch_warnings(action="ignore"):
                getattr(nn, name)(*eval(f"[{given}]"))
        except (TypeError, ValueError, AssertionError, AttributeError, RuntimeError):
            continue
        return f"nn.{name}({given})"
    return None


_LAYERS = [
    made
    for name in sorted(dir(nn))
    if inspect.isclass(getattr(nn, name))
    and issubclass(getattr(nn, name), nn.Module)
    and (made := _made(name)) is not None
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("made", _LAYERS)
def test_every_attribute_of_a_layer_is_there(made: str) -> None:
    layer = eval(made, {"nn": nn, "torch": torch})
    names = sorted({*dir(layer), *vars(layer)} - _NO_FORWARD - _OF_PYTHON)
    missing = []
    for name in names:
        try:
            evaluate_text(f"import torch\nfrom torch import nn\nx = {made}.{name}\n")
        except ProgramRaises:
            missing.append(name)
    assert not missing


def test_a_container_may_change_what_it_does_with_names_and_numbers() -> None:
    check(
        "from torch import nn\n"
        "class L(nn.ModuleList):\n"
        "    def __getitem__(self, i): return super().__getitem__(i - 1)\n"
        "    def __iter__(self): return super().__iter__()\n"
        "class D(nn.ModuleDict):\n"
        "    def __setitem__(self, k, v): super().__setitem__(k.replace('.', '_'), v)\n"
        "    def __getitem__(self, k): return super().__getitem__(k.replace('.', '_'))\n"
        "    def __delitem__(self, k): super().__delitem__(k.replace('.', '_'))\n"
        "_a = L([nn.ReLU(), nn.Linear(2, 3)])\n"
        "x = [type(_a[2]).__name__, len(list(_a)), [type(m).__name__ for m in _a], _a.__getitem__(1) is _a[1]]\n"
        "_b = D({'a.b': nn.ReLU()})\n_b['c.d'] = nn.Tanh()\n"
        "y = [list(_b), type(_b['a.b']).__name__]\ndel _b['c.d']\nz = list(_b)\n"
    )
