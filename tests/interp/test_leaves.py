"""Which tensors are leaves of a graph, and what an optimizer takes: as torch says."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.rules.programs import rules

TENSORS = [
    "torch.zeros(3)",
    "torch.zeros(3, requires_grad=True)",
    "torch.zeros(3, requires_grad=True) * 2",
    "(torch.zeros(3, requires_grad=True) * 2).detach()",
    "(torch.zeros(3, requires_grad=True) * 2).detach().requires_grad_()",
    "nn.Parameter(torch.zeros(3))",
    "nn.Parameter(torch.zeros(3)) * 2",
    "nn.Parameter(torch.zeros(3)).data",
    "nn.Linear(3, 3)(torch.zeros(2, 3))",
    "nn.Linear(3, 3).requires_grad_(False)(torch.zeros(2, 3))",
    "torch.zeros(3, requires_grad=True).requires_grad_(False)",
]


@pytest.mark.parametrize("text", TENSORS)
def test_a_leaf_is_one(text: str) -> None:
    names = {"torch": torch, "nn": torch.nn}
    leaf = eval(text, names).is_leaf
    program = f"x = {text}\nif x.is_leaf is {not leaf}:\n    nn.Linear(3, 3)(torch.zeros(2, 4))\n"
    assert "linear-size-mismatch" not in rules(program)


@pytest.mark.parametrize("text", [*TENSORS, "nn.Linear(3, 3)", "[nn.Linear(3, 3).parameters()]"])
def test_an_optimizer_takes_what_torch_takes(text: str) -> None:
    names = {"torch": torch, "nn": torch.nn}
    given = eval(text, names)
    try:
        params: Any = given if isinstance(given, (list, torch.nn.Module)) else [given]
        torch.optim.SGD(params, lr=0.1)
        refused = False
    except (TypeError, ValueError):
        refused = True
    written = text if text.startswith("[") or text == "nn.Linear(3, 3)" else f"[{text}]"
    found = rules(f"torch.optim.SGD({written}, lr=0.1)\n")
    assert ("call-refused" in found) == refused


def test_what_is_flagged_by_hand_is_a_leaf() -> None:
    program = """
w = torch.zeros(3, requires_grad=True)
with torch.no_grad():
    v = w * 2
v.requires_grad = True
u = (w * 2).detach_()
u.requires_grad_()
torch.optim.SGD([v, u], lr=0.1)
"""
    assert rules(program) == set()


@pytest.mark.parametrize("name", ["torch.no_grad", "torch.enable_grad", "torch.inference_mode"])
def test_a_context_needs_its_parentheses(name: str) -> None:
    assert rules(f"with {name}:\n    nn.Linear(3, 3)(torch.zeros(2, 3))\n") == {"call-refused"}
    assert rules(f"with {name}():\n    nn.Linear(3, 3)(torch.zeros(2, 3))\n") == set()
