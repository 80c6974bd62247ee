"""The lines of the files that findings point at, for code frames and for columns in other units."""

from __future__ import annotations

from collections.abc import Mapping


class Sources:
    """Lines by path and number. Files are read when first asked for; a text that is not on disk is given."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self._given = dict(given or {})
        self._lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str | None:
        """Line `number` (from 1) without its line break; None where there is none."""
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = _lines(path, self._given.get(path))
        return lines[number - 1] if 0 < number <= len(lines) else None


def _lines(path: str, text: str | None) -> list[str]:
    from shapelint.source.text import SourceProblem, from_text, read

    try:
        return (read(path) if text is None else from_text(path, text)).lines
    except SourceProblem:
        return []
