"""What review formats need beside a finding: its path from the repository's root, and a name that outlives edits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from urllib.parse import quote

from shapelint.report import Diagnostic


def from_here(path: str) -> str:
    """A path as seen from the current folder, with forward slashes; absolute where it lies elsewhere."""
    if os.path.isabs(path):
        try:
            relative = os.path.relpath(path)
        except ValueError:  # another drive
            relative = path
        path = path if relative.startswith(os.pardir) else relative
    return path.replace(os.sep, "/")


def uri(path: str) -> str:
    """The path as a URI reference: relative to the current folder, else a file: URI."""
    shown = from_here(path)
    if os.path.isabs(shown):
        prefix = "file://" if shown.startswith("/") else "file:///"
        return prefix + quote(os.fsencode(shown), safe="/:")
    encoded = quote(os.fsencode(shown))
    return encoded


def fingerprints(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """One name a finding, the same when lines above it come and go: path, code, message, and which of equal ones."""
    seen: dict[tuple[str, str, str], int] = {}
    names = []
    for d in diagnostics:
        key = (from_here(d.path), d.code, d.message)
        seen[key] = seen.get(key, 0) + 1
        text = "\0".join((*key, str(seen[key])))
        import hashlib

        names.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return names
