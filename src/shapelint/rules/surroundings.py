"""The text around a place: the function and the class it stands in, told by their indentation. Silence where that is odd."""

from __future__ import annotations

import re

from shapelint.patterns import regex
from shapelint.records import dataclass
from shapelint.rules.base import Context
from shapelint.values import Site


@dataclass(frozen=True, slots=True)
class Block:
    """A definition: its name, its first and last line, its indentation and its whole text."""

    name: str
    first: int
    last: int
    indent: int
    text: str


def function_around(context: Context, site: Site | None) -> Block | None:
    return _around(context, site, r"(?:async\s+)?def\s+(\w+)")


def class_around(context: Context, site: Site | None) -> Block | None:
    return _around(context, site, r"class\s+(\w+)")


def file_text(context: Context, site: Site | None) -> str:
    file = context.sources(site.path) if site is not None else None
    return file.text if file is not None else ""


def _around(context: Context, site: Site | None, head: str) -> Block | None:
    file = context.sources(site.path) if site is not None else None
    if site is None or file is None or not 1 <= site.line <= len(file.lines):
        return None
    lines = file.lines
    limit = _indent(lines[site.line - 1])
    for at in range(site.line - 1, -1, -1):
        if not lines[at].strip():
            continue
        indent = _indent(lines[at])
        if indent < limit or at == site.line - 1:
            found = re.match(rf"\s*{head}", lines[at])
            limit = min(limit, indent)
            if found is not None:
                last = _end(lines, at, indent)
                return Block(found.group(1), at + 1, last, indent, "\n".join(lines[at:last]))
    return None


def _end(lines: list[str], start: int, indent: int) -> int:
    """The last line of the block whose head is lines[start]."""
    last = start + 1
    for at in range(start + 1, len(lines)):
        stripped = lines[at].strip()
        if not stripped:
            continue
        if _indent(lines[at]) <= indent and stripped[0] not in ")]}#":
            break
        last = at + 1
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def mentions(text: str, name: str) -> int:
    """How often a name stands in a text, as a word of its own."""
    return len(re.findall(rf"(?<![\w]){re.escape(name)}(?!\w)", text))


# Words of people who share, or drop out, on purpose.
SHARES = regex(
    r"shar(e|ed|es|ing)\b|\b(un)?tie[ds]?\b|tying|reus|albert|universal|recurrent|recursive|same (layer|block|weight)|siamese",
    re.I,
)
SAMPLES = regex(
    r"\bmc\b|mc.?drop|monte.?carlo|bayes|uncertain|pre_?net|always|stochastic|even (in|at|during)", re.I
)
