"""What a file's comments say: suppressions (`# noqa`, `# shapelint: ignore[…]`) and inputs (`# shapelint: input …`).

Reads comments with the standard tokenizer, never raises on a broken file, and computes nothing until asked. Knows
nothing of which rules exist: codes and names are compared as text.
"""

from __future__ import annotations

import re
import tokenize
from bisect import bisect_right
from functools import cached_property

from shapelint.patterns import regex
from shapelint.source.text import SourceFile

__all__ = ["Comments"]

_CODES = r"[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*"
# flake8's own forms: codes after a colon (other words there do not narrow it), else everything. The form for a whole
# file stands alone in its comment.
_NOQA = regex(rf"#\s*noqa(?::\s*(?P<codes>{_CODES}))?", re.IGNORECASE)
_FILE_NOQA = regex(rf"^#\s*flake8[:=]\s*noqa(?::\s*(?P<codes>{_CODES}))?\s*$", re.IGNORECASE)
_IGNORE = regex(r"#\s*shapelint:\s*ignore(?:\[(?P<names>[^\]]*)\])?(?![-\w])")
_INPUT = regex(r"#\s*shapelint:\s*input\s+(?P<text>[^#]*)")
_SPEAKS = regex(r"noqa|shapelint:", re.IGNORECASE)

# One line's quotes and its comment, for what the tokenizer gives up on.
_QUOTED_OR_COMMENT = regex(r"""("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)|(#.*)""")


class Comments:
    """The comments of one file, by line."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file

    @property
    def by_line(self) -> dict[int, str]:
        """Every comment with its "#", by line number."""
        return self._scan[0]

    @cached_property
    def inputs(self) -> tuple[tuple[int, str], ...]:
        """The texts of `# shapelint: input B,3,224,224`, with their lines."""
        if "shapelint:" not in self._file.text:
            return ()
        found = ((line, _INPUT.search(comment)) for line, comment in self.by_line.items())
        return tuple(
            (line, match["text"].strip()) for line, match in found if match and match["text"].strip()
        )

    def suppressed(self, line_start: int, line_end: int, code: str, rule_name: str) -> bool:
        """Whether a comment silences this report.

        A `noqa` counts anywhere on the logical line of the report's first line, as in flake8. An `ignore` counts on
        the report's own lines, on the first or last line of that logical line, or alone on the line above.
        """
        if not self._speaks:
            return False
        if any(_code_matches(code, codes) for codes in self._file_codes):
            return True
        start, end = self._logical_line(line_start)
        line_end = min(max(line_end, line_start), end)
        for line, codes in self._noqa.items():
            if start <= line <= end and _code_matches(code, codes):
                return True
        for line, names in self._ignores.items():
            near = line_start <= line <= line_end or line in (start, end)
            above = line in self._alone and self._next_code_line(line) in (line_start, start)
            if (near or above) and (names is None or rule_name in names or code.upper() in names):
                return True
        return False

    @cached_property
    def _speaks(self) -> bool:
        return _SPEAKS.search(self._file.text) is not None

    @cached_property
    def _noqa(self) -> dict[int, frozenset[str]]:
        return {
            line: _codes(match["codes"])
            for line, comment in self.by_line.items()
            if (match := _NOQA.search(comment)) and not _FILE_NOQA.match(comment)
        }

    @cached_property
    def _file_codes(self) -> list[frozenset[str]]:
        return [
            _codes(match["codes"])
            for comment in self.by_line.values()
            if (match := _FILE_NOQA.match(comment))
        ]

    @cached_property
    def _ignores(self) -> dict[int, frozenset[str] | None]:
        return {
            line: None if match["names"] is None else frozenset(re.split(r"[,\s]+", match["names"].strip()))
            for line, comment in self.by_line.items()
            if (match := _IGNORE.search(comment))
        }

    @cached_property
    def _alone(self) -> frozenset[int]:
        return frozenset(line for line in self.by_line if self._file.line(line).lstrip().startswith("#"))

    def _next_code_line(self, line: int) -> int:
        """The first line behind `line` that is more than a comment; a blank line ends the search."""
        line += 1
        while line in self._alone:
            line += 1
        return line

    def _logical_line(self, line: int) -> tuple[int, int]:
        ranges = self._scan[1]
        at = bisect_right(ranges, (line, 1 << 60)) - 1
        if at >= 0 and ranges[at][0] <= line <= ranges[at][1]:
            return ranges[at]
        return line, line

    @cached_property
    def _scan(self) -> tuple[dict[int, str], list[tuple[int, int]]]:
        """Comments by line, and the (first, last) line of every logical line longer than one, in order."""
        comments: dict[int, str] = {}
        long_lines: list[tuple[int, int]] = []
        if "#" not in self._file.text:
            return comments, long_lines
        source = iter(self._file.lines)
        first = last = 0
        try:
            for kind, text, (line, _), (end_line, _), _ in tokenize.generate_tokens(
                lambda: next(source) + "\n"
            ):
                last = end_line
                if kind == tokenize.COMMENT:
                    comments[line] = text
                elif kind == tokenize.NEWLINE:
                    if first and line > first:
                        long_lines.append((first, line))
                    first = 0
                elif kind not in _NO_CODE and not first:
                    first = line
        except (tokenize.TokenError, SyntaxError, StopIteration, RecursionError, ValueError):
            for number, line_text in enumerate(self._file.lines[last:], last + 1):
                for match in _QUOTED_OR_COMMENT.finditer(line_text):
                    if match[2]:
                        comments[number] = match[2]
        return comments, long_lines


_NO_CODE = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT}


def _codes(text: str | None) -> frozenset[str]:
    return frozenset(re.split(r"[,\s]+", text.strip().upper())) if text else frozenset()


def _code_matches(code: str, codes: frozenset[str]) -> bool:
    """No codes mean every code; SHP2 covers SHP201."""
    return not codes or code.upper().startswith(tuple(codes))
