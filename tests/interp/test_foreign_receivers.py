"""Properties of library classes that are asked by themselves, of something that is not known."""

from __future__ import annotations

import pytest

import shapelint

ASKED = [
    "Image.Image.size.fget(x)",
    "Path.parts.fget(x)",
    "Path.name.fget(x)",
    "Image.Image.resize(x, (3, 4))",
]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("value", ["x", "3", "None"])
def test_what_they_give_is_not_known(asked: str, value: str) -> None:
    head = "import torch\nfrom pathlib import Path\nfrom PIL import Image\n"
    text = f"{head}def f(x):\n    {asked.replace('(x', f'({value}')}\n    return torch.zeros(3, 4) @ torch.zeros(5, 1)\n"
    assert [d.code for d in shapelint.check(text)] == ["SHP105"]


HEADS = [
    "from somewhere import Base\nclass Q(Base):\n",
    "from torch.distributions import Gamma\nclass Q(torch.nn.Module, Gamma):\n",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("deleted", ["del self.head", "delattr(self, 'head')"])
def test_an_attribute_that_an_unknown_base_may_have_set_is_deleted(head: str, deleted: str) -> None:
    text = f"import torch\n{head}    def drop(self):\n        {deleted}\n"
    text += "def f():\n    Q().drop()\n    return torch.zeros(3, 4) @ torch.zeros(5, 1)\n"
    assert [d.code for d in shapelint.check(text)] == ["SHP105"]
