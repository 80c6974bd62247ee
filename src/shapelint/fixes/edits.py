"""Edits as text: the smallest one between two spellings, applying several, and where a line stands afterwards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from shapelint.patterns import regex
from shapelint.report import Edit
from shapelint.values import Site

_LINE_END = regex(r"\r\n|\r|\n")


def trimmed(site: Site, old: str, new: str, newline: str = "\n") -> Edit:
    """The edit that turns `old`, at `site`, into `new`, without the ends that they share."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    # Words and numbers are replaced whole: `8` by `56` beside another `8` reads badly in a diff.
    while head and (_in_word(old, head) or _in_word(new, head)):
        head -= 1
    while tail and (_in_word(old, len(old) - tail) or _in_word(new, len(new) - tail)):
        tail -= 1
    start = _place(site, old[:head])
    end = _place(site, old[: len(old) - tail])
    return Edit(site.path, *start, *end, new[head : len(new) - tail].replace("\n", newline))


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _in_word(text: str, at: int) -> bool:
    """Whether a cut at `at` goes through a word."""
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _place(site: Site, before: str) -> tuple[int, int]:
    lines = before.count("\n")
    if not lines:
        return site.line, site.column + len(before)
    return site.line + lines, len(before) - before.rfind("\n")


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they may not overlap."""
    starts = [0, *(m.end() for m in _LINE_END.finditer(text))]

    def offset(line: int, column: int) -> int:
        if line > len(starts):
            return len(text)
        return min(starts[line - 1] + column - 1, len(text))

    pieces, at = [], 0
    for edit in sorted(set(edits), key=_span):
        begin, end = offset(edit.line, edit.column), offset(edit.end_line, edit.end_column)
        if begin < at:
            raise ValueError("edits overlap")
        pieces += [text[at:begin], edit.text]
        at = end
    return "".join([*pieces, text[at:]])


def conflicts(some: Sequence[Edit], others: Sequence[Edit]) -> bool:
    """Whether two fixes touch the same text. The very same edit twice is none."""
    return any(
        a != b and a.path == b.path and _span(a)[:2] <= _span(b)[2:] and _span(b)[:2] <= _span(a)[2:]
        for a in some
        for b in others
    )


def _span(edit: Edit) -> tuple[int, int, int, int]:
    return edit.line, edit.column, edit.end_line, edit.end_column


def moved(edits: Iterable[Edit]) -> Callable[[int], int]:
    """Where a line of the old text stands in the new one."""
    shifts = sorted(
        (e.end_line if e.end_column > 1 or e.line == e.end_line else e.end_line - 1,
         len(_LINE_END.findall(e.text)) - (e.end_line - e.line), e.column)
        for e in set(edits)
    )  # fmt: skip
    # An insertion at the start of a line moves that line too.
    lines = [line if column > 1 else line - 1 for line, _, column in shifts]

    def where(line: int) -> int:
        return line + sum(shift for _, shift, _ in shifts[: bisect_right(lines, line - 1)])

    return where
