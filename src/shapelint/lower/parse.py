"""Runs the two parsers over a file, and turns what they say of a broken one into a SourceProblem.

Knows what guard allows; knows nothing of lowering.
"""

from __future__ import annotations

import ast
import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import libcst as cst

from shapelint.lower import guard
from shapelint.lower.positions import NOWHERE
from shapelint.lower.stack import with_stack_for
from shapelint.lower.unread import nesting_bound
from shapelint.source.text import SourceFile, SourceProblem

__all__ = ["parse", "paused_gc"]


def parse(file: SourceFile) -> tuple[cst.Module, Any]:
    """The libcst tree, and the `ast` tree or NOWHERE when only libcst can read the file."""
    guard.refuse_before_parsing(file)
    tree, refused = _with_ast(file)
    if tree is not None:
        nesting = guard.refuse_deep_tree(file, tree)
    else:
        assert refused is not None
        bound = nesting_bound(file.text)
        if bound is None:
            raise refused
        nesting = bound
    try:
        module = with_stack_for(nesting, lambda: cst.parse_module(file.text))
    except cst.ParserSyntaxError as problem:
        raise refused or SourceProblem(
            file.path,
            f"is read by Python but not by libcst, which stops at column {problem.raw_column + 1}; spell it otherwise",
            max(1, min(problem.raw_line, len(file.lines))),
        ) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # a Rust panic is no Exception
        raise refused or SourceProblem(file.path, f"cannot be parsed: libcst fails ({problem})") from None
    return module, tree if tree is not None else NOWHERE


def _with_ast(file: SourceFile) -> tuple[ast.Module | None, SourceProblem | None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an invalid escape sequence: flake8 says that
            return ast.parse(file.text), None
    except SyntaxError as problem:
        said = problem.msg or "invalid syntax"
        return None, SourceProblem(file.path, f"is not valid Python: {said}", problem.lineno or 1)
    except (RecursionError, MemoryError):
        raise guard.too_deep(file, None) from None
    except ValueError as problem:
        return None, SourceProblem(file.path, f"is not valid Python: {problem}", 1)


@contextmanager
def paused_gc() -> Iterator[None]:
    """Collecting while a large tree is built costs visibly, and finds nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
