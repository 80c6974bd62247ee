"""Lowers a whole file, by whichever front end can read it."""

from __future__ import annotations

from shapelint.ir import Program
from shapelint.lower.from_ast.program import lower_tree
from shapelint.lower.literals import docstring_of
from shapelint.lower.parse import parsed, paused_gc
from shapelint.source.text import SourceFile, SourceProblem

__all__ = ["lower_program"]


def lower_program(file: SourceFile) -> Program:
    """See `shapelint.lower.lower`."""
    with paused_gc():
        tree = parsed(file)
        if isinstance(tree, SourceProblem):
            # Deferred because libcst takes a quarter of a second to import, and hardly any file needs it.
            from shapelint.lower.from_libcst.program import lower_newer

            body = lower_newer(file, tree)
        else:
            body = lower_tree(file, tree)
    whole = (1, 1, len(file.lines), len(file.lines[-1]) + 1)
    return Program(whole, body, docstring_of(body))
