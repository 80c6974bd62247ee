"""`super().__init__()` as the constructor's first statement, where there is none."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around

SAFE = True


def edits(found: Found) -> Sequence[Edit | None]:
    around = function_around(found.context, found.site)
    file = found.file(found.site.path)
    if around is None or file is None or around.name != "__init__":
        return ()
    if "__init__(" in around.text.replace("def __init__(", "", 1):  # it is called, but too late
        return ()
    try:
        function = ast.parse(textwrap.dedent(around.text)).body[0]
    except (SyntaxError, ValueError, IndexError):
        return ()
    if not isinstance(function, ast.FunctionDef):
        return ()
    body = function.body
    first = body[1] if len(body) > 1 and ast.get_docstring(function) is not None else body[0]
    line = around.first + first.lineno - 1
    indent = file.line(line)[: around.indent + first.col_offset]
    if indent.strip():
        return ()
    return (found.insert(found.site.path, line, len(indent) + 1, f"super().__init__()\n{indent}"),)
