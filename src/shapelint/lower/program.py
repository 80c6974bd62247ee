"""Lowers a whole file. Importing this module imports libcst and fills the dispatch tables."""

from __future__ import annotations

from shapelint.ir import Program
from shapelint.lower import definitions, displays, expressions, patterns, strings  # noqa: F401  (they fill the tables)
from shapelint.lower.definitions import docstring_of
from shapelint.lower.parse import parse, paused_gc
from shapelint.lower.positions import NOWHERE, Context, record_all
from shapelint.lower.stack import with_room
from shapelint.lower.statements import statements
from shapelint.source.text import SourceFile

__all__ = ["lower_program"]


def lower_program(file: SourceFile) -> Program:
    """See `shapelint.lower.lower`."""
    with paused_gc():
        module, tree = parse(file)
        cx = Context(file)
        if tree is NOWHERE:
            with_room(lambda: record_all(cx, module))
        if "yield" in file.text:
            cx.yield_lines = tuple([number for number, line in enumerate(file.lines, 1) if "yield" in line])
        whole = (1, 1, len(file.lines), len(file.lines[-1]) + 1)
        body = with_room(lambda: statements(cx, module.body, tree.body, whole))
    return Program(whole, body, docstring_of(body))
