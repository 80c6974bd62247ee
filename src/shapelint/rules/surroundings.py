"""The text around a place: the function and the class it stands in, told by their indentation. Silence where that is odd."""

from __future__ import annotations

import re
from collections import Counter

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


def file_lines(context: Context, site: Site | None) -> list[str]:
    file = context.sources(site.path) if site is not None else None
    return file.lines if file is not None else []


def speaks_of(context: Context, where: Site | str | None, words: re.Pattern[str]) -> bool:
    """Whether these words stand anywhere in a file, that of a place or of a path; looked for once a file."""
    if where is None:
        return False
    path = where if isinstance(where, str) else where.path
    known: dict[tuple[str, int, str], bool] = context.memo.setdefault("speaks of", {})
    key = (words.pattern, words.flags, path)
    if key not in known:
        file = context.sources(path)
        known[key] = file is not None and words.search(file.text) is not None
    return known[key]


def stands_once(context: Context, site: Site | None, name: str) -> bool:
    """Whether a name stands in a place's file but once, as a word of its own; the words of a file are counted once."""
    if re.fullmatch(r"\w+", name) is None:
        return mentions(file_text(context, site), name) == 1
    known: dict[str, Counter[str]] = context.memo.setdefault("words", {})
    path = site.path if site is not None else ""
    if path not in known:
        known[path] = Counter(re.findall(r"\w+", file_text(context, site)))
    return known[path][name] == 1


def _around(context: Context, site: Site | None, head: str) -> Block | None:
    if site is None:
        return None
    known: dict[tuple[str, int, str], Block | None] = context.memo.setdefault("blocks", {})
    key = (site.path, site.line, head)
    if key not in known:
        known[key] = _found_around(file_lines(context, site), site.line, head)
    return known[key]


def _found_around(lines: list[str], line: int, head: str) -> Block | None:
    if not 1 <= line <= len(lines):
        return None
    limit = _indent(lines[line - 1])
    for at in range(line - 1, -1, -1):
        if limit == 0 and at < line - 1:
            return None  # nothing is indented less
        if not lines[at].strip():
            continue
        indent = _indent(lines[at])
        if indent < limit or at == line - 1:
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
    r"shar(e|ed|es|ing)\b|\b(un)?tie[ds]?\b|tying|reus|albert|universal|recurrent|recursive|same (layer|block|weight)|siamese|"
    r"unroll|time.?distribut",
    re.I,
)
SAMPLES = regex(
    r"\bmc\b|mc.?drop|monte.?carlo|bayes|uncertain|pre_?net|always|stochastic|even (in|at|during)", re.I
)
