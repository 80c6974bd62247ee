"""`x.shape[0]` for `x.shape(0)`, `x.size(0)` for `x.size[0]`: nothing else can have been meant."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.patterns import regex
from shapelint.report import Edit

SAFE = True

_CALLED = regex(r"([\w.\[\]]+\.shape)\(\s*(-?\w*)\s*\)")
_INDEXED = regex(r"([\w.()]+\.size)\[\s*(-?\w+)\s*\]")


def edits(found: Found) -> Sequence[Edit | None]:
    text = found.text(found.site) or ""
    called, indexed = _CALLED.fullmatch(text), _INDEXED.fullmatch(text)
    if called is not None:
        axis = called.group(2)
        return (found.replace(found.site, f"{called.group(1)}[{axis}]" if axis else called.group(1)),)
    if indexed is not None:
        return (found.replace(found.site, f"{indexed.group(1)}({indexed.group(2)})"),)
    return ()
