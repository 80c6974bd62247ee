"""`requires_grad_(False)` of a module, and `requires_grad` spelled right."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.fixes.syntax import around
from shapelint.report import Edit
from shapelint.values import Module

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    flag = next((f for f in found.here if isinstance(f, facts.FlagSet)), None)
    statement = around(found, found.site, ast.Assign)
    text = found.text(statement)
    if flag is None or text is None or not isinstance(flag.value, bool):
        return ()
    target, _, value = text.partition("=")
    target, value = target.strip(), value.strip()
    if "=" in value or not target.endswith(f".{flag.name}") or value != str(flag.value):
        return ()
    owner = target[: -len(flag.name)]
    if isinstance(flag.owner, Module):
        return (found.replace(statement, f"{owner}requires_grad_({value})"),)
    return (found.replace(statement, f"{owner}requires_grad = {value}"),)
