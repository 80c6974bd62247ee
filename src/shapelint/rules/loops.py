"""The loop that a statement stands in, told by its indentation. Silence where that is odd."""

from __future__ import annotations

import re

from shapelint.records import dataclass
from shapelint.rules.base import Context
from shapelint.rules.surroundings import file_lines
from shapelint.values import Site


@dataclass(frozen=True, slots=True)
class Loop:
    """A `for` whose body holds a statement itself, not within a condition: its head, and its body without comments."""

    head: str
    body: str


def loop_around(context: Context, site: Site | None) -> Loop | None:
    if site is None:
        return None
    lines = file_lines(context, site)
    if not 1 <= site.line <= len(lines):
        return None
    inside = _indent(lines[site.line - 1])
    if inside != site.column - 1:
        return None  # something stands before it on its line
    first = site.line - 1
    while first >= 0 and (not lines[first].strip() or _indent(lines[first]) >= inside):
        first -= 1
    head = re.match(r"\s*(for\s.+?)\s*:\s*(#.*)?$", lines[first]) if first >= 0 else None
    if head is None:
        return None
    last = first + 1
    while last < len(lines) and (not lines[last].strip() or _indent(lines[last]) > _indent(lines[first])):
        last += 1
    body = "\n".join(line.partition("#")[0] for line in lines[first + 1 : last])
    return Loop(head.group(1), body)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
