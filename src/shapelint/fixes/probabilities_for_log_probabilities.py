"""`log_softmax` for `softmax`, `nn.LogSoftmax` for `nn.Softmax`; cross entropy for the loss that is given bare scores."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, spelled
from shapelint.report import Edit
from shapelint.values import Module

SAFE = False

_LOGS = {"softmax": "log_softmax", "Softmax": "LogSoftmax"}

_OF_SCORES = {"nll_loss": "cross_entropy", "NLLLoss": "CrossEntropyLoss"}


def edits(found: Found) -> Sequence[Edit | None]:
    if any(f.endswith("or cross_entropy") for f in found.diagnostic.fits):
        return _cross_entropy(found)
    if not any(f.startswith("log_softmax instead of") for f in found.diagnostic.fits):
        return ()
    node = call(found.text(found.site))
    if node is None or not isinstance(node.func, cst.Attribute) or callee(node) not in _LOGS:
        return ()
    name = node.func.with_changes(attr=cst.Name(_LOGS[callee(node)]))
    return (found.replace(found.site, spelled(node.with_changes(func=name))),)


def _cross_entropy(found: Found) -> Sequence[Edit | None]:
    """The loss that takes scores, in place of the one that takes their logarithms."""
    calls = [f for f in found.here if isinstance(f, facts.Called) and f.op.rpartition(".")[2] in _OF_SCORES]
    if len({f.op for f in calls}) != 1:
        return ()
    layer = calls[0].layer
    site = layer.built_at if isinstance(layer, Module) else found.site
    node = call(found.text(site))
    if node is None or not isinstance(node.func, cst.Attribute) or callee(node) not in _OF_SCORES:
        return ()
    name = node.func.with_changes(attr=cst.Name(_OF_SCORES[callee(node)]))
    return (found.replace(site, spelled(node.with_changes(func=name))),)
