"""The number of parameters that a comment or docstring states, as it is: `25,846` for `25,450`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.report import Edit
from shapelint.values import Site

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    said = re.search(r"says ([\d,]+) parameters: .* has ([\d,]+)$", found.diagnostic.message)
    d = found.diagnostic
    file = found.file(d.path)
    if said is None or file is None:
        return ()
    stated = said[1].replace(",", "")
    line = file.line(d.end_line)
    start = 0 if "docstring" in d.message else line.rfind("#")
    places = [m for m in re.finditer(r"\d[\d,_]*\d|\d", line) if m.start() >= max(start, 0)]
    mine = [m for m in places if re.sub(r"[,_]", "", m[0]) == stated]
    if start < 0 or len(mine) != 1:
        return ()
    mark = next((c for c in mine[0][0] if c in ",_"), "")
    number = int(said[2].replace(",", ""))
    text = f"{number:,}".replace(",", mark) if mark or len(stated) < 4 else str(number)
    at = mine[0].start() + 1
    return (found.replace(Site(d.path, d.end_line, at, d.end_line, at + len(mine[0][0])), text),)
