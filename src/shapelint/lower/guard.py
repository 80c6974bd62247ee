"""Refuses what would keep `ast` busy for minutes, or is nested deeper than what reads the IR can follow.

`ast` is quadratic in the dots of an import and in the fields of one f-string (CPython 3.11); it refuses 200 nested
brackets and 100 indentations by itself.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from shapelint.source.text import SourceFile, SourceProblem

__all__ = ["MAX_NESTING", "MAX_NODES", "refuse_before_parsing", "refuse_deep_tree", "too_deep"]

# Expressions and statements inside each other, and links of one chain; a call on a value is two links.
MAX_NESTING = 1_000
# Each costs some 5 microseconds and 1 KiB to be parsed and lowered, and more to be evaluated. Ordinary code of 2 MiB has
# 190,000.
MAX_NODES = 250_000
_MAX_DOTS = 500
_MAX_FIELDS = 20_000

_DOTS = r"\.(?:[ \t\\\r\n]*\w+[ \t\\\r\n]*\.){" + str(_MAX_DOTS) + "}"
_FIELDS = r"""(?i:\b(?:f|rf|fr))(?:"{3}(?:\\.|[^\\])*?"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""


def too_deep(file: SourceFile, line: int | None) -> SourceProblem:
    """What is said of code that no parser here can hold."""
    return SourceProblem(
        file.path,
        f"is nested deeper than {MAX_NESTING:,} levels (a chain of operators, calls or elif counts a level a link); "
        "split it into several statements",
        line,
    )


def refuse_before_parsing(file: SourceFile) -> None:
    """Refuses by text alone what `ast` would take minutes for."""
    text = file.text
    if text.count(".") > _MAX_DOTS and (match := re.search(_DOTS, text)):
        raise SourceProblem(
            file.path,
            f"has a name of more than {_MAX_DOTS} dots; shorten it",
            text.count("\n", 0, match.start()) + 1,
        )
    if text.count("{") > _MAX_FIELDS:
        for match in re.finditer(_FIELDS, text, re.DOTALL):
            if match[0].count("{") > _MAX_FIELDS:
                line = text.count("\n", 0, match.start()) + 1
                raise SourceProblem(
                    file.path, f"has an f-string of more than {_MAX_FIELDS:,} fields; split it", line
                )


def refuse_deep_tree(file: SourceFile, tree: ast.Module) -> None:
    """Measures the tree level by level."""
    depth = nodes = 0
    level: list[Any] = [tree]
    while level:
        below: list[Any] = []
        for node in level:
            for value in node.__dict__.values():
                kind = value.__class__
                if kind is list:
                    below += value
                elif kind is not int and isinstance(value, ast.AST):
                    below.append(value)
        depth += 1
        nodes += len(level)
        if nodes > MAX_NODES:
            raise SourceProblem(
                file.path, f"has more than {MAX_NODES:,} expressions; exclude it or keep its data elsewhere"
            )
        if depth > MAX_NESTING:
            raise too_deep(file, next((node.lineno for node in level if hasattr(node, "lineno")), None))
        # Names and numbers have no children: leaving the strings and constants out halves the work.
        level = [node for node in below if node.__class__ not in _LEAVES]


_LEAVES = {str, type(None), int, ast.Load, ast.Store, ast.Del}
