"""What a fix maker is given: a finding, the facts it was read from, and the source text."""

from __future__ import annotations

import re
from typing import NamedTuple

from shapelint import dims, facts
from shapelint.dims import Sym
from shapelint.fixes.edits import trimmed
from shapelint.records import dataclass
from shapelint.report import Diagnostic, Edit
from shapelint.rules.base import Context
from shapelint.source.text import SourceFile
from shapelint.values import Site


class Place(NamedTuple):
    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Found:
    """`here` are the facts recorded at the finding's place, `said` all of them."""

    diagnostic: Diagnostic
    here: tuple[facts.Fact, ...]
    said: tuple[facts.Fact, ...]
    context: Context

    @property
    def site(self) -> Site:
        d = self.diagnostic
        return Site(d.path, d.line, d.column, d.end_line, d.end_column)

    @property
    def need(self) -> facts.NeedFailed | None:
        """The need that failed here; None where it failed with different numbers, since then no one number mends it."""
        mine = [f for f in self.here if isinstance(f, facts.NeedFailed) and f.rule == self.diagnostic.rule]
        if not mine or len({(f.built, number(f.actual), number(f.wanted)) for f in mine}) != 1:
            return None
        return mine[0]

    def file(self, path: str) -> SourceFile | None:
        return self.context.sources(path)

    def text(self, site: Site | None) -> str | None:
        """The source at a place as it is spelled, lines joined by a newline."""
        file = self.file(site.path) if site is not None else None
        if site is None or file is None or not 1 <= site.line <= len(file.lines):
            return None
        return file.snippet((site.line, site.column, site.end_line, site.end_column)) or None

    def replace(self, site: Site | None, new: str | None) -> Edit | None:
        """The least edit that makes the text at `site` read `new`; None where there is nothing to do."""
        old = self.text(site)
        file = self.file(site.path) if site is not None else None
        if site is None or file is None or old is None or new is None or new == old:
            return None
        return trimmed(site, old, new, newline_of(file))

    def insert(self, path: str, line: int, column: int, text: str) -> Edit | None:
        file = self.file(path)
        if file is None:
            return None
        return Edit(path, line, column, line, column, text.replace("\n", newline_of(file)))


def number(value: object) -> int | None:
    """The number a size is, or was seen to be."""
    return dims.witness(value) if isinstance(value, (int, Sym)) and not isinstance(value, bool) else None


def newline_of(file: SourceFile) -> str:
    found = re.search(r"\r\n|\r|\n", file.text)
    return found.group() if found else "\n"
