"""`//` for `/` where a whole number is asked for."""

from __future__ import annotations

import libcst as cst

from shapelint.fixes.calls import call, spelled


class _Floor(cst.CSTTransformer):
    def __init__(self) -> None:
        self.count = 0

    def leave_Divide(self, original_node: cst.Divide, updated_node: cst.Divide) -> cst.BaseBinaryOp:
        self.count += 1
        return cst.FloorDivide(updated_node.whitespace_before, updated_node.whitespace_after)


def floored(text: str) -> str | None:
    """A call whose arguments divide, dividing without a rest; None where none does."""
    node = call(text)
    if node is None:
        return None
    floor = _Floor()
    args = [a.visit(floor) for a in node.args]
    return spelled(node.with_changes(args=args)) if floor.count == 1 else None
