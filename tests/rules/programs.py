"""Small programs for the tests of rules: the imports every one has, and what shapelint says loudly of one."""

from __future__ import annotations

from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text

HEAD = """
import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
"""


def said(program: str) -> list[tuple[str, int]]:
    """(rule, line) of each error and warning; the first line is that behind the imports."""
    text = HEAD + program.strip("\n") + "\n"
    skipped = HEAD.count("\n")
    found = analyse(from_text("program.py", text)).diagnostics
    return [(d.rule, d.line - skipped) for d in found if d.severity in ("error", "warning")]


def module(
    init: str = "", forward: str = "", *, use: str = "Net()(torch.randn(4, 8))", more: str = ""
) -> str:
    """A program with one module class, its constructor's and its forward's statements, and a call."""
    lines = ["class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    lines += [f"        {line}" for line in init.strip("\n").splitlines()]
    lines += ["    def forward(self, x):"]
    lines += [f"        {line}" for line in (forward or "return x").strip("\n").splitlines()]
    lines += [f"    {line}" for line in more.strip("\n").splitlines()]
    return "\n".join(lines) + "\n" + use


def rules(program: str) -> set[str]:
    return {rule for rule, _ in said(program)}
