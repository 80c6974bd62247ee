"""`log_softmax` for `softmax`, `nn.LogSoftmax` for `nn.Softmax`."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, spelled
from shapelint.report import Edit

SAFE = False

_LOGS = {"softmax": "log_softmax", "Softmax": "LogSoftmax"}


def edits(found: Found) -> Sequence[Edit | None]:
    if not any(f.startswith("log_softmax instead of") for f in found.diagnostic.fits):
        return ()
    node = call(found.text(found.site))
    if node is None or not isinstance(node.func, cst.Attribute) or callee(node) not in _LOGS:
        return ()
    name = node.func.with_changes(attr=cst.Name(_LOGS[callee(node)]))
    return (found.replace(found.site, spelled(node.with_changes(func=name))),)
