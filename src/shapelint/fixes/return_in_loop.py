"""The return one step out: behind the loop, with the loop's own indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    d, site = found.diagnostic, found.site
    file = found.file(d.path)
    if file is None or site.line != site.end_line:
        return ()
    line = file.line(site.line)
    own = line[: len(line) - len(line.lstrip())]
    for number in range(site.line - 1, 0, -1):
        above = file.line(number)
        indent = above[: len(above) - len(above.lstrip())]
        if above.strip() and len(indent) < len(own):
            if re.match(r"\s*(async\s+)?for\b", above) is None or number == site.line - 1:
                return ()
            return (Edit(d.path, site.line, 1, site.line, len(own) + 1, indent),)
    return ()
