"""`dim=-1`, where the rule is sure of it."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, with_keyword
from shapelint.report import Edit
from shapelint.values import Module, Site

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    if found.diagnostic.fits != ("dim=-1",):
        return ()
    site = softmax_site(found)
    return (found.replace(site, with_keyword(found.text(site), "dim", "-1")),)


def softmax_site(found: Found) -> Site | None:
    """Where the softmax is spelled: the call itself, or the layer's constructor."""
    layers = [f.layer for f in found.here if isinstance(f, facts.Called) and isinstance(f.layer, Module)]
    for site in (found.site, *(layer.built_at for layer in layers)):
        node = call(found.text(site))
        if site is not None and node is not None and callee(node).lower().endswith(("softmax", "softmin")):
            return site
    return None
