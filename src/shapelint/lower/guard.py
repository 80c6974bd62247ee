"""Refuses what would crash the parsers or keep them busy for minutes.

What was found by experiment (libcst 1.9, CPython 3.11): libcst ends the process by a stack overflow at some 2,000
nested brackets or 10,000 operators in a row, takes time that is quadratic in the length of a chain (4,000 subscripts
in a row: 25 s) and exponential in the depth of a `case` pattern or of a tuple after `del` (20: 2 s; 100: never).
`ast` is safe, but quadratic in the dots of an import and in the fields of one f-string; it refuses 200 nested
brackets and 100 indentations by itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from shapelint.lower.unread import bracket_excess
from shapelint.source.text import SourceFile, SourceProblem

__all__ = [
    "MAX_NESTING",
    "MAX_NODES",
    "MAX_PATTERN_NESTING",
    "refuse_before_parsing",
    "refuse_deep_tree",
    "too_deep",
]

# Expressions and statements inside each other, and links of one chain; a call on a value is two links.
MAX_NESTING = 1_000
# The sum over all nodes of how far they are nested beyond what code usually is costs a microsecond each in a chain,
# and thirty in brackets.
_USUAL_NESTING = 30
_MAX_EXCESS = 4_000_000
_MAX_BRACKET_EXCESS = 200_000
# Each costs 10 to 30 microseconds and 5 KiB in libcst: some ten seconds. Ordinary code of 2 MiB has 190,000.
MAX_NODES = 250_000
# libcst's time doubles with each level of a pattern or of what `del` names: level 20 takes two seconds, and so do
# a thousand of level 10.
MAX_PATTERN_NESTING = 16
_MAX_PATTERN_WORK = 1 << 20
_MAX_DOTS = 500
_MAX_FIELDS = 20_000

_DOTS = re.compile(r"\.(?:[ \t\\\r\n]*\w+[ \t\\\r\n]*\.){" + str(_MAX_DOTS) + "}")
_FIELDS = re.compile(
    r"""(?i:\b(?:f|rf|fr))(?:"{3}(?:\\.|[^\\])*?"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""",
    re.DOTALL,
)


def too_deep(file: SourceFile, line: int | None) -> SourceProblem:
    """What is said of code that no parser here can hold."""
    return SourceProblem(
        file.path,
        f"is nested deeper than {MAX_NESTING:,} levels (a chain of operators, calls or elif counts a level a link); "
        "split it into several statements",
        line,
    )


def _too_much(file: SourceFile, line: int | None) -> SourceProblem:
    return SourceProblem(
        file.path,
        "has too many deeply nested expressions to be read in reasonable time; split it or exclude it",
        line,
    )


def refuse_before_parsing(file: SourceFile) -> None:
    """Refuses by text alone what `ast` would take minutes for."""
    text = file.text
    if text.count(".") > _MAX_DOTS and (match := _DOTS.search(text)):
        raise SourceProblem(
            file.path,
            f"has a name of more than {_MAX_DOTS} dots; shorten it",
            text.count("\n", 0, match.start()) + 1,
        )
    if text.count("{") > _MAX_FIELDS:
        for match in _FIELDS.finditer(text):
            if match[0].count("{") > _MAX_FIELDS:
                line = text.count("\n", 0, match.start()) + 1
                raise SourceProblem(
                    file.path, f"has an f-string of more than {_MAX_FIELDS:,} fields; split it", line
                )


def refuse_deep_tree(file: SourceFile, tree: ast.Module) -> int:
    """How deeply the tree is nested, measured level by level; refuses what libcst would not survive."""
    depth = excess = nodes = 0
    level: list[Any] = [tree]
    patterned: list[ast.Match | ast.Delete] = []
    while level:
        below: list[Any] = []
        for node in level:
            for value in node.__dict__.values():
                kind = value.__class__
                if kind is list:
                    below += value
                elif kind is not int and isinstance(value, ast.AST):
                    below.append(value)
            kind = node.__class__
            if kind is ast.BoolOp:
                # One node here, but a chain in libcst.
                count = len(node.values)
                if count > MAX_NESTING:
                    raise too_deep(file, node.lineno)
                if count > _USUAL_NESTING:
                    excess += count * count // 2
            elif kind is ast.Match or kind is ast.Delete:
                patterned.append(node)
            elif kind in _COMPREHENSIONS and len(node.generators) > MAX_NESTING:
                raise too_deep(file, node.lineno)
        depth += 1
        nodes += len(level)
        if nodes > MAX_NODES:
            raise SourceProblem(
                file.path, f"has more than {MAX_NODES:,} expressions; exclude it or keep its data elsewhere"
            )
        if depth > _USUAL_NESTING:
            excess += len(level) * (depth - _USUAL_NESTING)
            if depth > MAX_NESTING or excess > _MAX_EXCESS:
                line = next((node.lineno for node in level if hasattr(node, "lineno")), None)
                raise too_deep(file, line) if depth > MAX_NESTING else _too_much(file, line)
        # Names and numbers have no children: leaving the strings and constants out halves the work.
        level = [node for node in below if node.__class__ not in _LEAVES]
    if excess > _MAX_BRACKET_EXCESS and bracket_excess(file.text) > _MAX_BRACKET_EXCESS:
        raise _too_much(file, None)
    if patterned:
        _refuse_deep_patterns(file, patterned)
    return depth


_COMPREHENSIONS = {ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp}
_LEAVES = {str, type(None), int, ast.Load, ast.Store, ast.Del}


def _refuse_deep_patterns(file: SourceFile, patterned: list[ast.Match | ast.Delete]) -> None:
    work = 0
    for node in patterned:
        for line, end in _pattern_lines(node):
            deepest = _brackets(file, line, end)
            work += 1 << min(deepest, 40)
            if deepest > MAX_PATTERN_NESTING or work > _MAX_PATTERN_WORK:
                what = "del" if isinstance(node, ast.Delete) else "pattern"
                raise SourceProblem(
                    file.path,
                    f"has a {what} nested deeper than {MAX_PATTERN_NESTING} brackets; simplify it",
                    line,
                )


def _pattern_lines(node: ast.Match | ast.Delete) -> Iterator[tuple[int, int]]:
    """First and last line of each; those of a case reach up to the case before, as `case` itself has no position."""
    if isinstance(node, ast.Delete):
        yield node.lineno, node.end_lineno or node.lineno
        return
    start = node.subject.end_lineno or node.lineno
    for case in node.cases:
        yield start, case.body[0].lineno
        start = case.body[-1].end_lineno or start


def _brackets(file: SourceFile, line: int, end: int) -> int:
    """How deeply brackets nest in some lines; not by the tree, as those that only group are not in it."""
    depth = deepest = 0
    for number in range(line, end + 1):
        for character in file.line(number):
            if character in "([{":
                depth += 1
                deepest = max(depth, deepest)
            elif character in ")]}":
                depth = max(depth - 1, 0)
    return deepest
