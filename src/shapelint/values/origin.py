"""Where a value came from: a place in a file, and the step that made it. The trail of a finding is read off these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Site(NamedTuple):
    """A span in a file: lines and columns from 1, columns in code points, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Made(NamedTuple):
    """The step that made a tensor: the operation's qualified name, its place, and the tensors it was made from.

    `given` are the operation's arguments by name, `layer` the module whose law it was, and `part` the place of the tensor in
    what it gave ((0,) and (1, 0) in `out, (h, c) = lstm(x)`).
    """

    op: str
    site: Site | None
    parents: tuple[object, ...]
    given: Mapping[str, object] | None = None
    layer: object = None
    part: tuple[int, ...] = ()
