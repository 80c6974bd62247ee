"""A page in colours, or folded to a width. The only user of `rich`."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from shapelint.render.page import Grid, Item, Line

_NARROWEST = 30


def painted(items: Sequence[Item], columns: int, colour: bool, widest: int) -> str:
    """The items as text. A grid with a head is never cut, be it wider than `columns` then: a cut number would be a wrong one."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(columns, _NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for item in items:
        if isinstance(item, Line):
            console.print(_text(item))
            continue
        table = _table(item)
        if item.has_head:
            least = Measurement.get(console, console.options.update(width=widest), table).minimum
            console.print(table, width=max(least, console.width), crop=False)
        else:
            console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _text(line: Line) -> Text:
    made = Text(line.first, style=line.style)
    for text, style in line.pieces:
        made.append(text, style=style or None)
    return made


def _table(grid: Grid) -> Table:
    if grid.has_head:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    else:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for column in grid.columns:
        table.add_column(
            column.title or "",
            justify="right" if column.right else "left",
            style=column.style or None,
            overflow="fold" if column.folds else "ellipsis",
            no_wrap=not column.folds,
            min_width=column.least or None,
        )
    for row in grid.rows:
        table.add_row(*map(_text, row))
    return table
