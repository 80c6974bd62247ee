"""How names are compared: as Python does, in their normal form."""

from __future__ import annotations

import unicodedata

import libcst as cst

__all__ = ["dotted", "normal"]


def normal(n: cst.Name) -> str:
    """The name that is meant: Python reads `𝔸` and `A` as the same (NFKC), and so does `ast`."""
    name = n.value
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def dotted(n: cst.BaseExpression | None) -> str:
    """The text of `a.b.c`."""
    parts: list[str] = []
    while isinstance(n, cst.Attribute):
        parts.append(normal(n.attr))
        n = n.value
    if isinstance(n, cst.Name):
        parts.append(normal(n))
    return ".".join(reversed(parts))
