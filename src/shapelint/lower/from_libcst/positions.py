"""Where each node stands: as libcst's own provider has it, drawn as `ast` draws it. Knows the nodes the two differ about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from shapelint.ir import Span

__all__ = ["positions", "with_last_comma"]


def positions(module: cst.Module) -> dict[cst.CSTNode, Span]:
    """The span of every node."""
    recorded: dict[cst.CSTNode, Span] = {}
    ranges = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    for node, found in ranges.items():
        start, end = found.start, found.end
        recorded[node] = (start.line, start.column + 1, end.line, end.column + 1)
    ends: dict[tuple[int, int], tuple[int, int]] = {}
    for node in ranges:
        at = _as_ast_has_it(recorded, node)
        if at is not None:
            recorded[node] = at
        elif isinstance(node, cst.Semicolon):
            line, column = recorded[node.whitespace_before][2:]
            ends[recorded[node.whitespace_before][:2]] = (line, column + 1)
    if ends:
        for node in ranges:
            if isinstance(node, (cst.BaseCompoundStatement, cst.ExceptHandler, cst.ExceptStarHandler)):
                # A semicolon behind the last statement of a block is the block's.
                span = recorded[node]
                recorded[node] = (*span[:2], *ends.get(span[2:], span[2:]))
    return recorded


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
    elif isinstance(node, cst.Slice) and node.step is None:
        colon = node.second_colon if isinstance(node.second_colon, cst.Colon) else node.first_colon
        if colon is node.second_colon or node.upper is None:
            # The blanks behind a last colon are not the slice's.
            line, column = recorded[colon.whitespace_before][2:]
            return (*recorded[node][:2], line, column + 1)
    elif isinstance(node, cst.MatchStar):
        line, column = recorded[node][:2]
        if node.name is not None:
            return (line, column, *recorded[node.name][2:])
        return (line, column, line, column + 2)
    return None
