"""A copy of each tensor where the state was taken."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    taken = {(s.path, s.line, s.column) for s in found.diagnostic.trail}
    sites = {
        f.site
        for f in found.said
        if isinstance(f, facts.StateTaken) and f.site is not None and f.site[:3] in taken
    }
    return [
        found.replace(site, f"{{k: v.clone() for k, v in {text}.items()}}")
        for site in sites
        if (text := found.text(site) or "").endswith(".state_dict()")
    ]
