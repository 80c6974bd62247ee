"""Random module surgery: layers shared, tied, frozen, copied, replaced and taken away; what torch counts is what is said."""

from __future__ import annotations

import random
from typing import Any

import torch

from shapelint import facts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.run import evaluate_text, nothing_else
from shapelint.interp.world import World
from tests.interp.random_language import printed

_START = """\
import copy, torch
from collections import OrderedDict
from torch import nn
class Block(nn.Module):
    def __init__(self, n=3, bias=True):
        super().__init__()
        self.a = nn.Linear(n, n, bias=bias)
        self.norm = nn.BatchNorm1d(n)
        self.scale = nn.Parameter(torch.ones(n))
        self.register_buffer("steps", torch.zeros(2), persistent=False)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(5, 3)
        self.body = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3, bias=False))
        self.blocks = nn.ModuleList([Block() for _ in range(2)])
        self.table = nn.ModuleDict({"x": nn.Linear(3, 2), "y": nn.Identity()})
        self.extra = nn.ParameterList([torch.zeros(2), nn.Parameter(torch.zeros(3))])
        self.head = nn.Linear(3, 5, bias=False)
m = Net()
"""
_END = """\
print(sum(p.numel() for p in m.parameters()), sum(p.numel() for p in m.parameters() if p.requires_grad))
print([n for n, _ in m.named_parameters()])
print(sum(b.numel() for b in m.buffers()), [n for n, _ in m.named_buffers()])
print(list(m.state_dict()))
print([n for n, _ in m.named_modules()])
print([n for n, _ in m.named_children()], len(m.body), len(m.blocks), list(m.table.keys()))
"""
_LAYERS = ("nn.Linear(3, 3)", "Block()", "nn.Identity()", "nn.LayerNorm(3)", "nn.Linear(3, 4, bias=False)", "m.body[0]",
           "m.head", "copy.deepcopy(m.blocks[0])", "m.blocks[-1]")  # fmt: skip
_STEPS = (
    "m.head.weight = m.emb.weight", "m.emb.weight = m.head.weight", "m.head = {layer}", "m.fc = {layer}",
    "m.body[{i}] = {layer}", "m.body.append({layer})", "m.body.insert({i}, {layer})", "m.body.extend([{layer}, {layer}])",
    "m.body.pop({i})", "del m.body[{i}]", "m.body = m.body[{i}:]", "m.body = m.body[:-1]",
    "m.body = nn.Sequential(*list(m.body.children())[{i}:])", "m.body = nn.Sequential(*m.body, {layer})",
    "m.body = nn.Sequential(OrderedDict([('p', {layer}), ('q', {layer})]))", "m.blocks.append({layer})",
    "m.blocks = nn.ModuleList([{layer}] * 3)", "m.blocks.insert(0, {layer})", "m.blocks.extend(m.body)", "m.blocks += [{layer}]",
    "m.blocks = m.blocks[1:]", "m.blocks[0] = {layer}", "m.table['z'] = {layer}", "m.table.update({{'x': {layer}}})",
    "m.table.pop('y')", "del m.table['x']", "m.table = nn.ModuleDict({{k: v for k, v in m.table.items() if k != 'y'}})",
    "m.requires_grad_(False)", "m.body.requires_grad_(False)", "m.emb.weight.requires_grad = False",
    "for p in m.blocks.parameters(): p.requires_grad = False", "for n, p in m.named_parameters(): p.requires_grad = 'a' in n",
    "for q in m.children(): q.requires_grad_(True)", "m.w = nn.Parameter(torch.zeros(2, 2))", "m.w = nn.Parameter(torch.zeros(2), requires_grad=False)",
    "m.w = None", "m.register_parameter('v', nn.Parameter(torch.zeros(4)))", "m.register_parameter('u', None)",
    "m.register_buffer('t', torch.zeros(3))", "m.register_buffer('t2', torch.zeros(3), persistent=False)", "m.t = torch.zeros(4)",
    "m.add_module('late', {layer})", "m.register_module('later', {layer})", "setattr(m, 'dyn', {layer})", "del m.fc", "del m.head",
    "m = copy.deepcopy(m)", "twin = copy.deepcopy(m.body); m.twin = twin", "m.shared = m.body", "m.get_submodule('body.0').bias = None",
    "m.set_submodule('body.0', {layer})", "m.apply(lambda k: setattr(k, 'bias', None) if isinstance(k, nn.Linear) else None)",
    "m.extra.append(nn.Parameter(torch.zeros(1)))", "m.extra.append(m.emb.weight)", "m.hold = [{layer}]", "m.wrap = nn.Sequential(m.body, m.head)",
    "m._modules['head'] = {layer}", "delattr(m, 'body2') if hasattr(m, 'body2') else setattr(m, 'body2', {layer})",
    "m.emb.weight.data = torch.zeros(7, 3)", "m.emb = nn.Embedding.from_pretrained(torch.zeros(4, 3))", "m.head.bias = nn.Parameter(torch.zeros(5))",
    "m.freeze = [setattr(p, 'requires_grad', False) for p in m.body.parameters()]", "m.half()", "m.eval()", "m.blocks[0].a = m.blocks[-1].a",
    "m.get_submodule()", "m.get_submodule('no.such')", "m.body.insert('a')", "m.apply()", "m.add_module('x.y', {layer})", "m.register_buffer('emb', torch.zeros(1))",
    "m.body.append()", "m.blocks.pop(9)", "m.table['no']", "m.emb.weight = torch.zeros(5, 3)", "m.body.append(3)", "m.add_module('f', 3)",
)  # fmt: skip


def program(seed: int) -> str:
    rng = random.Random(seed)
    lines = []
    for _ in range(rng.randint(1, 8)):
        step = rng.choice(_STEPS)
        while "{layer}" in step:
            step = step.replace("{layer}", rng.choice(_LAYERS), 1)
        step = step.replace("{i}", str(rng.choice((0, 1, 1, 2, -1)))).replace("{{", "{").replace("}}", "}")
        lines += ["try:", f"    {step}", "except Exception as e:", "    print(type(e).__name__)"]
    return _START + "\n".join(lines) + "\n" + _END


def difference(text: str) -> str | None:
    """The first thing that is said of a program and that torch refutes; None when there is none."""
    torch.manual_seed(0)
    rows, ended = printed(text)
    world = World(load=nothing_else)
    try:
        evaluate_text(text, world=world)
    except ProgramRaises as problem:
        return None if ended is not None else f"said to raise {problem}; it does not"
    told: list[Any] = [f for f in world.facts if isinstance(f, facts.Printed)]
    if any(not f.certain for f in told):
        return None
    said = [f.text for f in told]
    if len(said) != len(rows):
        lines = text.split("\n")
        return f"said {said}, torch {[(lines[i - 3].strip(), t) for i, t in rows]}"
    for mine, (line, theirs) in zip(said, rows, strict=True):
        if mine is not None and mine != theirs:
            return f"line {line}: said {mine!r}, torch {theirs!r}"
    return None
