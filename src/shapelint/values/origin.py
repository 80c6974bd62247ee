"""Where a value came from: a place in a file, and the step that made it. The trail of a finding is read off these."""

from __future__ import annotations

from typing import NamedTuple


class Site(NamedTuple):
    """A span in a file: lines and columns from 1, columns in code points, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Made(NamedTuple):
    """The step that made a tensor: the operation's qualified name, its place, and the tensors it was made from."""

    op: str
    site: Site | None
    parents: tuple[object, ...]
