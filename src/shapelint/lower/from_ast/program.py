"""Lowers the `ast` tree of a whole file. Importing this module fills the dispatch tables."""

from __future__ import annotations

import ast

from shapelint.ir import Stmt
from shapelint.lower.from_ast import definitions, displays, expressions, patterns, strings  # noqa: F401  (they fill the tables)
from shapelint.lower.from_ast.context import Context
from shapelint.lower.from_ast.statements import block
from shapelint.lower.stack import with_room
from shapelint.source.text import SourceFile

__all__ = ["lower_tree"]


def lower_tree(file: SourceFile, tree: ast.Module) -> tuple[Stmt, ...]:
    """The statements of a file."""
    return with_room(lambda: block(Context(file), tree.body))
