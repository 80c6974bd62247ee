"""Parses a file with `ast`, and turns what it says of a broken one into a SourceProblem.

Knows what guard allows; knows nothing of lowering.
"""

from __future__ import annotations

import ast
import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from shapelint.lower import guard
from shapelint.source.text import SourceFile, SourceProblem

__all__ = ["parsed", "paused_gc"]


def parsed(file: SourceFile) -> ast.Module | SourceProblem:
    """The tree, or why this Python cannot read the file. Raises SourceProblem when nothing should."""
    guard.refuse_before_parsing(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an invalid escape sequence: flake8 says that
            tree = ast.parse(file.text)
    except SyntaxError as problem:
        said = problem.msg or "invalid syntax"
        return SourceProblem(file.path, f"is not valid Python: {said}", problem.lineno or 1)
    except (RecursionError, MemoryError):
        raise guard.too_deep(file, None) from None
    except ValueError as problem:
        return SourceProblem(file.path, f"is not valid Python: {problem}", 1)
    guard.refuse_deep_tree(file, tree)
    return tree


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
