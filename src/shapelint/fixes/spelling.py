"""How a file spells a name of torch's: by what it imports."""

from __future__ import annotations

import re

from shapelint.source.text import SourceFile


def spelling(file: SourceFile | None, name: str) -> str | None:
    """`torch.nn.ModuleList` as the file would write it; None where nothing it imports reaches it."""
    if file is None:
        return None
    package, _, last = name.rpartition(".")
    parent, _, child = package.rpartition(".")
    text = file.text
    listed = re.search(rf"^from {re.escape(package)} import (\([^)]*\)|[^\n]*)", text, re.M)
    if listed and re.search(rf"(?<!\w){last}(?!\w)(?!\s+as\b)", listed.group(1)):
        return last
    renamed = re.search(rf"^import {re.escape(package)} as (\w+)", text, re.M)
    if renamed:
        return f"{renamed.group(1)}.{last}"
    if parent:
        brought = re.search(rf"^from {re.escape(parent)} import (\([^)]*\)|[^\n]*)", text, re.M)
        if brought:
            as_other = re.search(rf"(?<!\w){child}\s+as\s+(\w+)", brought.group(1))
            if as_other:
                return f"{as_other.group(1)}.{last}"
            if re.search(rf"(?<!\w){child}(?!\w)", brought.group(1)):
                return f"{child}.{last}"
    if re.search(r"^import (?:[\w.]+\s*,\s*)*torch(?:\.[\w.]+)?\s*(?:,|#|$)", text, re.M):
        return name
    return None
