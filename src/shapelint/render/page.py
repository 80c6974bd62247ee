"""What a summary shows, before anybody knows how: lines of pieces, each with a style, and grids of such lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapelint.records import dataclass, field


class Line:
    """Text in a style (its name, or ""), and pieces that are appended to it, each with a style of its own on top."""

    __slots__ = ("first", "pieces", "style")

    def __init__(self, first: str = "", style: str = "") -> None:
        self.first = first
        self.style = style
        self.pieces: list[tuple[str, str]] = []

    def append(self, text: str, style: str = "") -> Line:
        self.pieces.append((text, style))
        return self

    @property
    def text(self) -> str:
        return self.first + "".join([text for text, _ in self.pieces])


@dataclass(slots=True)
class Column:
    """`title` is None in a grid without a head. What `folds` may be broken over lines where there is no room."""

    title: str | None = None
    right: bool = False
    folds: bool = True
    least: int = 0
    style: str = ""


@dataclass(slots=True)
class Grid:
    """Rows of cells. One with a head has a rule below it, and three spaces between columns; another has two."""

    columns: Sequence[Column]
    rows: list[Sequence[Line]] = field(default_factory=list)

    @property
    def has_head(self) -> bool:
        return self.columns[0].title is not None

    def add(self, *cells: Line | str) -> None:
        self.rows.append([Line(cell) if isinstance(cell, str) else cell for cell in cells])


Item = Line | Grid


# ---- printing where there is room, and nothing but text: `rich`, which can do the rest, takes longer to import than a network
# takes to be summarised

_RULE = "─"
_ONE_WIDE = str.maketrans("", "", "…✗×")  # beyond ASCII, and one cell wide


def plain(items: Sequence[Item], columns: int) -> str | None:
    """The items as text without colours; None where they are too wide, or hold letters of which the width is not plain."""
    lines: list[str] = []
    for item in items:
        lines += [item.text] if isinstance(item, Line) else _rows(item)
    if any(len(line) > columns or not _is_simple(line) for line in lines):
        return None
    return "\n".join([line.rstrip() for line in lines]) + "\n"


def _is_simple(line: str) -> bool:
    left = line.translate(_ONE_WIDE).replace(_RULE, "")
    return left.isascii() and (left.isprintable() or not left)


def _rows(grid: Grid) -> Iterator[str]:
    texts = [[cell.text for cell in row] for row in grid.rows]
    widths = [
        max([column.least, len(column.title or ""), *(len(row[at]) for row in texts if at < len(row))])
        for at, column in enumerate(grid.columns)
    ]
    between = "   " if grid.has_head else "  "

    def laid(cells: Sequence[str]) -> str:
        given = [*cells, *[""] * (len(widths) - len(cells))]
        return between.join(
            [
                cell.rjust(width) if column.right else cell.ljust(width)
                for cell, width, column in zip(given, widths, grid.columns, strict=True)
            ]
        )

    if grid.has_head:
        yield laid([column.title or "" for column in grid.columns])
        yield _RULE * (sum(widths) + len(between) * (len(widths) - 1))
    for row in texts:
        yield laid(row)
