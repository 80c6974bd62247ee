"""Which piece of syntax stands around a place: a statement, a call, a product. Found in the text of the function."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

from shapelint.fixes.base import Found
from shapelint.rules.surroundings import Block, class_around, function_around
from shapelint.values import Site


def around(found: Found, site: Site | None, *kinds: type[ast.AST]) -> Site | None:
    """The innermost syntax of these kinds that holds the place."""
    best: Site | None = None
    if site is not None:
        for _, place in within(found, site, function_around(found.context, site), *kinds):
            if place[1:3] <= site[1:3] and site[3:] <= place[3:]:
                if best is None or (best[1:3] <= place[1:3] and place[3:] <= best[3:]):
                    best = place
    return best


def in_class(found: Found, site: Site, *kinds: type[ast.AST]) -> Iterator[tuple[ast.AST, Site]]:
    """All syntax of these kinds in the class around a place."""
    return within(found, site, class_around(found.context, site), *kinds)


def within(
    found: Found, site: Site, block: Block | None, *kinds: type[ast.AST]
) -> Iterator[tuple[ast.AST, Site]]:
    file = found.file(site.path)
    if file is None:
        return
    if block is None:  # the file's own code
        first, indent, text = 1, 0, file.snippet((1, 1, len(file.lines), len(file.lines[-1]) + 1))
    else:
        first, indent, text = block.first, block.indent, textwrap.dedent(block.text)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = text.split("\n")
    for node in ast.walk(tree):
        if isinstance(node, kinds) and isinstance(node, (ast.expr, ast.stmt)):
            if node.end_lineno is None or node.end_col_offset is None:
                continue
            start = _column(lines[node.lineno - 1], node.col_offset) + indent
            end = _column(lines[node.end_lineno - 1], node.end_col_offset) + indent
            yield node, Site(site.path, first + node.lineno - 1, start, first + node.end_lineno - 1, end)


def _column(line: str, offset: int) -> int:
    """A column in code points, from 1, for ast's offset in bytes."""
    return len(line.encode("utf-8")[:offset].decode("utf-8", "replace")) + 1
