"""Comments that state a shape: `# [B, 32, 56, 56]`, `# x: (batch, 64)`, `# B x C x H x W`, `# 32x14x14`.

Reads text only; what the names mean, and whether it is true, is others' business. What is not clearly one shape is none.
"""

from __future__ import annotations

import re

from shapelint.patterns import regex
from shapelint.records import dataclass
from shapelint.source.comments import Comments
from shapelint.source.text import SourceFile

__all__ = ["ShapeComment", "parse", "shape_comments"]

_WORDS = r"(?:torch\.Size|Size|shape|size|dim|dims|out|output|outputs|tensor|Tensor)"
_BRACKETED = regex(
    rf"(?:(?P<subject>[A-Za-z_][\w.]*(?:\[[-\w:, ]*\])?)\s*(?::|=|is|has shape)\s*)?(?:{_WORDS}\s*[:=]?\s*)?"
    r"(?P<open>\(\s*\[|\[|\()\s*(?P<sizes>[^\[\]()]*(?:\([^()]*\)[^\[\]()]*)*?)\s*(?:\]\s*\)|\]|\))\s*(?P<rest>.*)$"
)
_CROSSED = regex(
    r"(?:(?P<subject>[A-Za-z_][\w.]*)\s*[:=]\s*)?"
    r"(?P<sizes>[A-Za-z_]\w*(?:\s+[x×]\s+\w+)+|\d+(?:\s*[x×]\s*\d+)+|\d+(?:\s+[x×]\s+\w+){2,})\s*$"
)
_SIZE = regex(r"[\w\s+\-*/().]+")
# What may follow a shape without making it conditional, approximate or one of several.
_REST = regex(r"[-,;.–—:]?\s*[A-Za-z ,.\-']*$")
_HEDGE = regex(
    r"\b(if|or|when|for|before|was|not|e\.?g|approx|about|max|up to|at most|optional|originally|instead)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ShapeComment:
    """One stated shape. `sizes` are texts; `subject` is what it is said of, when that is named."""

    line: int
    sizes: tuple[str, ...]
    subject: str | None
    text: str


def shape_comments(file: SourceFile) -> dict[int, ShapeComment]:
    """The comments behind code that state a shape, by line."""
    if not any(map(_may_state, file.lines)):  # cheap, and tokenizing a file costs half as much as parsing it
        return {}
    found = {}
    for line, comment in Comments(file).by_line.items():
        if file.line(line).lstrip().startswith("#"):
            continue
        stated = parse(comment, line)
        if stated is not None:
            found[line] = stated
    return found


def _may_state(line: str) -> bool:
    """Whether a line may end in a comment that states a shape: some "#" of it, behind code, is followed by one."""
    at = line.find("#")
    if at < 0 or line.lstrip().startswith("#"):
        return False
    while at >= 0:
        if parse(line[at:]) is not None:
            return True
        at = line.find("#", at + 1)
    return False


def parse(comment: str, line: int = 0) -> ShapeComment | None:
    """The shape that a comment states."""
    text = comment.lstrip("#").partition(" #")[0].strip()
    if len(text) > 200 or _HEDGE.search(text):
        return None
    for arrow in ("=>", "->", "→"):
        if arrow in text:
            text = text.rsplit(arrow, 1)[1].strip()
    match = _BRACKETED.match(text)
    if match is not None:
        if not _REST.fullmatch(match["rest"]):
            return None
        sizes = tuple(s.strip() for s in match["sizes"].split(","))
        if sizes and sizes[-1] == "":
            sizes = sizes[:-1]
    else:
        match = _CROSSED.match(text)
        if match is None:
            return None
        sizes = tuple(re.split(r"\s+[x×]\s+|(?<=\d)[x×](?=\d)", match["sizes"]))
    if len(sizes) < 2 or not all(s and _SIZE.fullmatch(s) for s in sizes):
        return None
    if any(re.fullmatch(r"\d*\.\d*|\.+", s) or re.search(r"[A-Za-z_]\w*\s+[A-Za-z_]", s) for s in sizes):
        return None
    subject = match["subject"]
    if subject is not None and re.fullmatch(_WORDS, subject):
        subject = None
    return ShapeComment(line, sizes, subject, comment.lstrip("#").strip())
