"""Where each node stands: the `ast` tree walked in step with the libcst tree.

libcst computes positions by generating the whole text again, which costs twice its parse; `ast` knows them and costs
an eighth. So every lowering step is handed a pair of nodes. Where the pair does not fit (a newer syntax, a trap in one
of the trees) the second one becomes NOWHERE, and the nearest enclosing position stands in. Knows no node's meaning.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import libcst as cst

from shapelint.ir import Span
from shapelint.source.text import SourceFile

__all__ = ["NOWHERE", "Context", "Nowhere", "record_all", "steps", "with_last_comma"]


class Nowhere:
    """The position that is not known; so is that of everything below it."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Nowhere:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __bool__(self) -> bool:
        return False


NOWHERE: Any = Nowhere()


def steps(nodes: Any, count: int) -> Sequence[Any]:
    """The `ast` nodes of a list that should have `count`; NOWHERE for each when it has not."""
    if nodes.__class__ is list and len(nodes) == count:
        return nodes
    return [NOWHERE] * count


class Context:
    """What lowering one file needs to know everywhere: its lines, and positions that `ast` could not give."""

    __slots__ = ("ascii", "file", "recorded", "yield_lines")

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.ascii = file.is_ascii
        self.recorded: dict[cst.CSTNode, Span] = {}  # filled only when `ast` cannot read the file
        self.yield_lines: tuple[int, ...] = ()

    def span(self, a: Any) -> Span:
        """The span of an `ast` node."""
        if self.ascii:
            return (a.lineno, a.col_offset + 1, a.end_lineno, a.end_col_offset + 1)
        line, end_line = a.lineno, a.end_lineno
        return (line, self.column(line, a.col_offset), end_line, self.column(end_line, a.end_col_offset))

    def column(self, line: int, offset: int) -> int:
        """The column, from 1 and in code points, of a UTF-8 offset in a line."""
        text = self.file.line(line)
        return offset + 1 if text.isascii() else len(text.encode()[:offset].decode(errors="replace")) + 1

    def place(self, n: cst.CSTNode, a: Any, outer: Span) -> Span:
        """The span of a pair that may have lost step."""
        if isinstance(a, ast.AST):
            return self.span(a) if hasattr(a, "lineno") else outer
        return self.recorded.get(n, outer) if self.recorded else outer


def record_all(cx: Context, module: cst.Module) -> None:
    """Every position by libcst's own, slow way, for a file that `ast` cannot read."""
    from libcst.metadata import MetadataWrapper, PositionProvider

    ranges = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    for node, found in ranges.items():
        start, end = found.start, found.end
        cx.recorded[node] = (start.line, start.column + 1, end.line, end.column + 1)
    for node in ranges:
        at = _as_ast_has_it(cx.recorded, node)
        if at is not None:
            cx.recorded[node] = at


def with_last_comma(recorded: dict[cst.CSTNode, Span], at: Span, last: Sequence[Any]) -> Span:
    """The span of a tuple without parentheses: a comma behind its last element is the tuple's too."""
    if last and isinstance(last[0].comma, cst.Comma):
        line, column = recorded[last[0].comma.whitespace_before][2:]
        return (*at[:2], line, column + 1)
    return at


def _as_ast_has_it(recorded: dict[cst.CSTNode, Span], node: cst.CSTNode) -> Span | None:
    """The span where `ast` draws it otherwise than libcst."""
    if isinstance(node, (cst.Tuple, cst.GeneratorExp, cst.MatchTuple)) and node.lpar:
        # libcst leaves all parentheses out; those of a tuple or a generator are its own.
        return (*recorded[node.lpar[-1]][:2], *recorded[node.rpar[0]][2:])
    if isinstance(node, cst.Tuple):
        return with_last_comma(recorded, recorded[node], node.elements[-1:])
    if isinstance(node, cst.MatchList) and node.lbracket is None:
        return with_last_comma(recorded, recorded[node], node.patterns[-1:])
    if (
        isinstance(node, cst.Call)
        and len(node.args) == 1
        and isinstance(node.args[0].value, cst.GeneratorExp)
    ):
        generator = node.args[0].value
        if not generator.lpar:  # it shares the call's
            line, column = recorded[node.whitespace_before_args][:2]
            recorded[generator] = (line, column - 1, *recorded[node][2:])
    elif isinstance(node, cst.Param):
        last: cst.CSTNode = node.name
        if node.annotation is not None:
            written = node.annotation.annotation
            last = written.rpar[-1] if written.rpar else written
        return (*recorded[node.name][:2], *recorded[last][2:])
    elif isinstance(node, cst.MatchStar):
        line, column = recorded[node][:2]
        if node.name is not None:
            return (line, column, *recorded[node.name][2:])
        return (line, column, line, column + 2)
    return None
