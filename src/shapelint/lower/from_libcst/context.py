"""What lowering one file needs to know everywhere: its text, and where each node stands."""

from __future__ import annotations

import libcst as cst

from shapelint.ir import Span
from shapelint.lower.from_libcst.positions import positions
from shapelint.lower.private_names import holds_private_names
from shapelint.source.text import SourceFile

__all__ = ["Context"]


class Context:
    """libcst computes all positions at once, by generating the text of the whole module again."""

    __slots__ = ("file", "private", "recorded")

    def __init__(self, file: SourceFile, module: cst.Module) -> None:
        self.file = file
        self.private = holds_private_names(file)
        self.recorded = positions(module)

    def span(self, n: cst.CSTNode) -> Span:
        """The span of a node, drawn as `ast` draws it."""
        return self.recorded[n]
