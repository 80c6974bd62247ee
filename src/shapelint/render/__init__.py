"""Renderers: a report to text. Each format is a module with one function; none decides what is worth showing.

`render_check` is the table of the formats. Nothing but the summary's text needs `rich`, and nothing else imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from shapelint.render.sources import Sources
    from shapelint.render.style import Style
    from shapelint.report import CheckReport

CheckFormat = Literal["concise", "full", "json", "json-lines", "github", "gitlab", "sarif", "rdjson"]
CHECK_FORMATS: tuple[CheckFormat, ...] = get_args(CheckFormat)
TEXT_FORMATS: tuple[CheckFormat, ...] = ("concise", "full")


def render_check(
    report: CheckReport, form: CheckFormat, sources: Sources | None = None, style: Style | None = None
) -> Iterator[str]:
    """The report in one of the formats, as pieces of text to be written one after the other."""
    if form == "concise" or form == "full":
        from shapelint.render import text
        from shapelint.render.sources import Sources
        from shapelint.render.style import PLAIN

        if form == "concise":
            return text.concise(report, style or PLAIN)
        return text.full(report, sources or Sources(), style or PLAIN)
    if form == "json" or form == "json-lines":
        from shapelint.render import json

        return json.document(report) if form == "json" else json.lines(report)
    if form == "github":
        from shapelint.render import github

        return github.commands(report)
    if form == "gitlab":
        from shapelint.render import gitlab

        return gitlab.document(report)
    if form == "sarif":
        from shapelint.render import sarif

        return sarif.document(report)
    from shapelint.render import rdjson
    from shapelint.render.sources import Sources

    return rdjson.document(report, sources or Sources())
