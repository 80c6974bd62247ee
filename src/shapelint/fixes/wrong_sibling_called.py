"""`self.norm2` at the second call of `self.norm1`, and so on, where there are as many calls as siblings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around
from shapelint.values import Site

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    match = re.fullmatch(r"self\.(\w+) is called at (\d+) places, and (.+) never", found.diagnostic.message)
    around = function_around(found.context, found.site)
    file = found.file(found.diagnostic.path)
    if match is None or around is None or file is None:
        return ()
    name, siblings = match.group(1), re.findall(r"self\.(\w+)", match.group(3))
    places = [
        (number, hit.start() + 1)
        for number in range(around.first, around.last + 1)
        for hit in re.finditer(rf"(?<![\w.])self\.{name}\(", file.line(number))
    ]
    if len(places) != int(match.group(2)) or len(places) != len(siblings) + 1:
        return ()
    return [
        found.replace(
            Site(found.diagnostic.path, line, column, line, column + len(f"self.{name}")), f"self.{sibling}"
        )
        for (line, column), sibling in zip(places[1:], siblings, strict=True)
    ]
