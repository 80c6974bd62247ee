"""Whether tensors need gradients, and whether torch refuses what a program does with them: random programs, run with torch."""

from __future__ import annotations

import warnings
from random import Random
from typing import Any

import pytest

from shapelint.engine.check import check_text
from shapelint.engine.config import Settings
from shapelint.interp.run import evaluate_text
from shapelint.interp.tensors import autograd
from shapelint.values import Tensor

NAMES = "abcd"
FRESH = ("torch.randn(3, 4)", "torch.ones(3, 4)", "torch.zeros(3, 4)")
WAYS = (
    "{x} = {y} * {z}",
    "{x} = {y} + 1",
    "{x} = {y}.detach()",
    "{x} = {y}.data",
    "{x} = {y}.clone()",
    "{x} = {y}.view(4, 3).t()",
    "{x} = {y}[:]",
    "{x} = torch.where({y} > 0, {y}, {z})",
    "{x} = torch.stack([{y}, {z}]).sum(0)",
    "{x} = {y}.to(torch.float64).float()",
    "{x} = {y}.round().long().float()",
    "{x} = net({y})",
    "{x} = {y}.max(1)[0].unsqueeze(1).expand(3, 4)",
    "{x} = torch.zeros_like({y})",
    "{x} += {y}",
    "{x} -= 0.5",
    "{x}.mul_({y})",
    "{x}.zero_()",
    "{x}.copy_({y})",
    "{x}[0] = {y}[1]",
    "{x}[:, 1] += 2",
    "{x}.data += 1",
    "{x}.data.mul_(2)",
    "{x}.requires_grad_()",
    "{x} = {x}.detach().requires_grad_()",
    "torch.nn.init.normal_({x})",
    "{x}.sum().backward()",
    "({y} * {z}).mean().backward()",
    "torch.sigmoid({y}).sum().backward(retain_graph=True)",
    "{x} = net({y}).relu_()",
    "{x} = {y}.grad if {y}.grad is not None else {y}",
    "{x} = torch.autograd.grad({y}.exp().sum(), [{z}], allow_unused=True)[0]\nif {x} is None:\n    {x} = {y}",
    "{x} = torch.nn.Parameter({y})",
    "{x} = torch.autograd.Variable({y})",
    "{x} = torch.autograd.Variable({y}, requires_grad=True)",
    "{x}.grad = None",
    "{x}.retain_grad()",
    "{x} = torch.tensor({y}.sum().item()).expand(3, 4).clone()",
    "{x}.numpy()",
    "torch.optim.SGD([{x}], lr=0.1)",
    "torch.add({y}, {z}, out={x})",
)
MODES = (
    "",
    "",
    "",
    "with torch.no_grad():",
    "with torch.enable_grad():",
    "with torch.inference_mode(False):",
)


def program(number: int) -> list[str]:
    rng = Random(f"gradients {number}")
    net = rng.choice(
        ("torch.nn.Linear(4, 4)", "torch.nn.ReLU()", "torch.nn.Linear(4, 4).requires_grad_(False)")
    )
    lines = [f"net = {net}"]
    for name in NAMES:
        asked = rng.choice(("", "", ".requires_grad_()"))
        lines.append(f"{name} = {rng.choice(FRESH)}{asked}")
    for _ in range(rng.randint(1, 6)):
        way = rng.choice(WAYS)
        x, y, z = (rng.choice(NAMES) for _ in range(3))
        line = way.format(x=x, y=y, z=z)
        mode = rng.choice(MODES)
        lines.append(f"{mode}\n    {line.replace(chr(10), chr(10) + '    ')}" if mode else line)
    return lines


@pytest.mark.parametrize("number", range(300))
def test_random_programs_need_gradients_where_torch_says(number: int) -> None:
    lines = program(number)
    for count in range(len(NAMES) + 2, len(lines) + 1):
        text = "import torch\n" + "\n".join(lines[:count]) + "\n"
        names: dict[str, Any] = {}
        refusal = ""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(text, "p.py", "exec", dont_inherit=True), names)
        except (RuntimeError, ValueError) as problem:
            refusal = str(problem)
        found = [
            d.message
            for d in check_text("stdin", text, Settings(cache=False)).diagnostics
            if d.severity == "error"
        ]
        if refusal:
            return
        assert found == [], text
        space = evaluate_text(text).vars
        for name in NAMES:
            mine = space[name]
            if isinstance(mine, Tensor):
                assert autograd.needs_gradients(mine) in (names[name].requires_grad, None), (text, name)
