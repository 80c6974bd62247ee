"""`training=self.training` in the call."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.fixes.calls import with_keyword
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around

SAFE = True


def edits(found: Found) -> Sequence[Edit | None]:
    around = function_around(found.context, found.site)
    if around is None or re.match(r"\s*(async\s+)?def\s+\w+\(\s*self\b", around.text) is None:
        return ()
    return (found.replace(found.site, with_keyword(found.text(found.site), "training", "self.training")),)
