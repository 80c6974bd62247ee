"""What lowering does with literals whichever tree they come from: docstrings, numbers in patterns, pieces of an f-string."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.ir import BinOp, Const, Expr, ExprStmt, FormattedValue, Stmt, UnaryOp

__all__ = ["docstring_of", "folded", "joined"]


def docstring_of(body: Sequence[Stmt]) -> str | None:
    """The string that opens a body, as written: not cleaned of its indentation."""
    first = body[0] if body else None
    if isinstance(first, ExprStmt) and isinstance(first.value, Const) and isinstance(first.value.value, str):
        return first.value.value
    return None


def folded(lowered: Expr) -> Expr:
    """`-1` and `1+2j` are values in a pattern, not operations."""
    if isinstance(lowered, UnaryOp) and lowered.op == "-":
        number = _number(lowered.operand)
        return lowered if number is None else Const(lowered.at, -number)
    if isinstance(lowered, BinOp) and lowered.op in "+-":
        left, right = _number(folded(lowered.left)), _number(lowered.right)
        if left is not None and right is not None:
            return Const(lowered.at, left + right if lowered.op == "+" else left - right)
    return lowered


def _number(lowered: Expr) -> complex | None:
    if isinstance(lowered, Const) and isinstance(lowered.value, (int, float, complex)):
        return lowered.value
    return None


def joined(parts: Sequence[str | FormattedValue]) -> tuple[str | FormattedValue, ...]:
    """Neighbouring texts as one, empty ones left out, as in `ast`."""
    found: list[str | FormattedValue] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if any(texts):
            found.append("".join(texts))
        texts = []
        found.append(part)
    if any(texts):
        found.append("".join(texts))
    return tuple(found)
