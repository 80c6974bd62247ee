"""`x.clone()` for numpy's `x.copy()`, a constructor's name spelled right, a loss called and not built."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.report import Edit
from shapelint.rules.surroundings import class_around
from shapelint.values import Module, Tensor

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    cause = next((f.cause for f in found.here if isinstance(f, facts.Raised)), None)
    if not isinstance(cause, facts.AttributeAsked):
        return ()
    text = found.text(found.site) or ""
    if isinstance(cause.value, Tensor) and cause.name == "copy" and text.endswith(".copy"):
        return (found.replace(found.site, text.removesuffix("copy") + "clone"),)
    if isinstance(cause.value, Module) and cause.value.cls.node is not None:
        return (_constructor(found),)
    return ()


def _constructor(found: Found) -> Edit | None:
    """`def __init__` for the method that the finding names."""
    name = re.search(r": (\w+) is no constructor", found.diagnostic.message)
    block = class_around(found.context, found.site)
    file = found.file(found.site.path)
    if name is None or block is None or file is None:
        return None
    for line in range(block.first, block.last + 1):
        head = re.match(rf"(\s*def\s+){name.group(1)}\b", file.line(line))
        if head is not None:
            start = len(head.group(1)) + 1
            return Edit(found.site.path, line, start, line, start + len(name.group(1)), "__init__")
    return None
