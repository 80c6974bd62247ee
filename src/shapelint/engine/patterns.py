"""Glob patterns of the configuration, matched against paths: `**` crosses folders, `*` and `?` do not.

A pattern without a slash is matched against every component of a path; one with a slash against the path from the
project's root, or any leading part of it (so a folder's pattern covers what is in it).
"""

from __future__ import annotations

import os
import re
from functools import lru_cache


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    out: list[str] = []
    i = 0
    while i < len(pattern):
        c = pattern[i]
        if pattern.startswith("**/", i):
            out.append("(?:[^/]*/)*")
            i += 3
            continue
        if pattern.startswith("**", i):
            out.append(".*")
            i += 2
            continue
        i += 1
        if c == "*":
            out.append("[^/]*")
        elif c == "?":
            out.append("[^/]")
        elif c == "[":
            end = pattern.find("]", i + 1)
            if end < 0:
                out.append(r"\[")
            else:
                body = pattern[i:end].replace("\\", "\\\\").replace("[", "\\[")
                if body[:1] in "!^":
                    body = "^" + body[1:]
                out.append(f"(?!/)[{body}]")
                i = end + 1
        else:
            out.append(re.escape(c))
    try:
        return re.compile("(?s:" + "".join(out) + r")\Z")
    except re.error:  # an odd range such as [z-a]: the pattern then means itself
        return re.compile(re.escape(pattern) + r"\Z")


def relative_to(path: str, root: str) -> str:
    """The path seen from `root`, with forward slashes; absolute where it is not below `root`."""
    absolute = os.path.abspath(path)
    root = os.path.abspath(root)
    prefix = root if root.endswith(os.sep) else root + os.sep
    if absolute == root:
        return "."
    inside = absolute[len(prefix) :] if absolute.startswith(prefix) else absolute
    return inside.replace(os.sep, "/")


def matches(pattern: str, relative: str) -> bool:
    """Whether `pattern` covers the path `relative` (from the project's root, with forward slashes)."""
    pattern = pattern.replace("\\", "/") if os.sep == "\\" else pattern
    pattern = pattern.removeprefix("./").rstrip("/")
    if not pattern:
        return False
    parts = [p for p in relative.split("/") if p]
    if "/" not in pattern:
        rule = _compiled(pattern)
        return any(rule.match(part) for part in parts)
    rule = _compiled(pattern)
    lead = "/" if relative.startswith("/") else ""
    return any(rule.match(lead + "/".join(parts[:n])) for n in range(len(parts), 0, -1))


def any_matches(patterns: tuple[str, ...], relative: str) -> bool:
    return any(matches(p, relative) for p in patterns)
