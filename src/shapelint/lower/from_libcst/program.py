"""Parses a whole file with libcst and lowers its tree. Importing this module imports libcst and fills the dispatch tables."""

from __future__ import annotations

import libcst as cst

from shapelint.ir import Stmt
from shapelint.lower.from_libcst import (  # noqa: F401  (they fill the tables)
    definitions,
    displays,
    expressions,
    patterns,
    strings,
)
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.statements import statements
from shapelint.lower.from_libcst.unread import nesting_bound
from shapelint.lower.stack import with_room, with_stack_for
from shapelint.source.text import SourceFile, SourceProblem

__all__ = ["lower_newer"]


def lower_newer(file: SourceFile, refused: SourceProblem) -> tuple[Stmt, ...]:
    """The statements of a file that `ast` refuses; raises what it said where libcst refuses the file too."""
    nesting = nesting_bound(file.text)
    if nesting is None:
        raise refused
    try:
        module = with_stack_for(nesting, lambda: cst.parse_module(file.text))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a Rust panic is no Exception
        raise refused from None
    return with_room(lambda: statements(Context(file, module), module.body))
