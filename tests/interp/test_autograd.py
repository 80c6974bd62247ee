"""Which tensors need gradients, compared with torch, and the tables that interp/tensors/autograd.py reads."""

from __future__ import annotations

import collections
import inspect
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from shapelint.interp.tensors.autograd import GRADLESS, OF_THE_FIRST, VIEWS, short
from shapelint.interp.tensors.tensor_attributes import NOT_OF_TENSORS
from shapelint.specs import registry
from tests.differential import compare, running
from tests.differential.cases import generators, make
from tests.interp.programs import read

running.load()


def learning(value: Any, device: str) -> Any:
    """torch's argument for one of a case; tensors that may need gradients do, and are made from others."""
    if isinstance(value, (tuple, list)):
        return type(value)(learning(v, device) for v in value)
    made = compare.real_argument(value, device)
    if isinstance(value, compare.T) and (made.dtype.is_floating_point or made.dtype.is_complex):
        return made.requires_grad_() * 1
    return made


def tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from tensors(item)


def operations(flag: bool) -> set[str]:
    """The operations that give, in some case at least, a tensor that needs gradients (or none) though what they were given does."""
    found: dict[bool, set[str]] = collections.defaultdict(set)
    for name in sorted(generators):
        for seed in range(6):
            case = make(name, seed)
            if not isinstance(case, compare.Op):
                continue
            try:
                with torch.enable_grad():
                    args = [learning(a, case.device) for a in case.args]
                    named = {k: learning(v, case.device) for k, v in case.keywords.items()}
                if not any(t.requires_grad for t in tensors([*args, *named.values()])):
                    continue
                result = compare.find_torch(name)(*args, **named)
            except Exception:
                continue
            for made in tensors(result):
                if made.dtype.is_floating_point or made.dtype.is_complex:
                    found[made.requires_grad].add(short(name))
    return found[flag]


def test_operations_without_gradients_are_listed() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert operations(False) - GRADLESS - OF_THE_FIRST == set()


def test_operations_that_need_gradients_where_none_are_recorded_are_listed() -> None:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        found = {name for name in operations(True) if not name.endswith("_")}
    assert found - VIEWS == set() != found


def test_tensors_have_none_of_these() -> None:
    assert [name for name in NOT_OF_TENSORS if hasattr(torch.Tensor, name)] == []


def test_constructors_take_what_they_are_documented_to_take() -> None:
    """Arguments that do not fit are refused: so the signatures must be torch's own."""
    registry.load()
    kinds = {
        "POSITIONAL_OR_KEYWORD": "plain",
        "KEYWORD_ONLY": "keyword",
        "VAR_POSITIONAL": "vararg",
        "VAR_KEYWORD": "kwarg",
    }
    different = []
    for name, entry in registry.layers.items():
        if not name.startswith("torch.nn.") or name.count(".") != 2:
            continue
        theirs = list(inspect.signature(getattr(torch.nn, short(name)).__init__).parameters.values())[1:]
        if [p.kind.name for p in theirs] == ["VAR_POSITIONAL", "VAR_KEYWORD"]:
            continue
        real = [
            (p.name, kinds[p.kind.name], p.default is p.empty and "VAR" not in p.kind.name) for p in theirs
        ]
        if real != [(p.name, p.kind, p.required) for p in entry.signature.parameters]:
            different.append(name)
    assert different == []


PROGRAMS = [
    "x = torch.randn(3)",
    "x = torch.randn(3, requires_grad=True) * 2",
    "x = torch.nn.Linear(4, 2)(torch.randn(3, 4))",
    "x = torch.nn.Linear(4, 2)(torch.randn(3, 4)).argmax(1)",
    "x = torch.nn.Linear(4, 2)(torch.randn(3, 4)).argmax(1).float()",
    "x = torch.zeros_like(torch.ones(3, requires_grad=True))",
    "x = torch.zeros_like(torch.ones(3), requires_grad=True)",
    "x = torch.ones(3, requires_grad=True).detach()",
    "x = torch.ones(3, requires_grad=True).data + 1",
    "x = torch.cat([torch.ones(3), torch.ones(3, requires_grad=True)])",
    "x = torch.ones(3, requires_grad=True)\nwith torch.no_grad():\n    x -= 0.1",
    "x = torch.ones(3, requires_grad=True)\nwith torch.no_grad():\n    x[0] = 1",
    "x = torch.zeros(3)\nwith torch.no_grad():\n    x += torch.ones(3, requires_grad=True)",
    "x = torch.zeros(3)\nx += torch.ones(3, requires_grad=True)",
    "x = torch.ones(3).requires_grad_()",
    "x = torch.ones(3, requires_grad=True) * 2\nx.detach_()",
    "with torch.no_grad():\n    x = torch.nn.Linear(4, 2)(torch.randn(3, 4))",
    "with torch.no_grad():\n    with torch.enable_grad():\n        x = torch.nn.Linear(4, 2)(torch.randn(3, 4))",
    "m = torch.nn.Linear(4, 2).requires_grad_(False)\nx = m(torch.randn(3, 4))",
    "x = torch.nn.functional.one_hot(torch.tensor([1, 2]), 4)",
    "x = torch.ones(3, requires_grad=True)[0]",
    "x = torch.nn.Embedding(5, 3)(torch.tensor([1, 2]))",
    "x = torch.nn.BatchNorm1d(4, affine=False)(torch.randn(3, 4))",
    "x = torch.tensor([1.0, 2.0], requires_grad=True)",
    "x = torch.nn.Parameter(torch.ones(3))",
    "x = torch.nn.Parameter(torch.ones(3), requires_grad=False) + 1",
    "x = torch.max(torch.ones(3, 4, requires_grad=True), 1)[0]",
    "x = torch.max(torch.ones(3, 4, requires_grad=True), 1)[1]",
]


@pytest.mark.parametrize("text", PROGRAMS)
def test_whether_it_needs_gradients(text: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(f"import torch\n{text}", "p.py", "exec", dont_inherit=True), names)
    assert read(f"import torch\n{text}\n")["x"].requires_grad is names["x"].requires_grad
