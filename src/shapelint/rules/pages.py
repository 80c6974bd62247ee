"""A rule's docstring, taken apart: what it says, why, and its two examples. Knows nothing of how a page is laid out."""

from __future__ import annotations

import re

from shapelint.patterns import regex
from shapelint.records import dataclass
from shapelint.rules.base import Rule

_MARKER = regex(r"#\s*(error|warning|info):\s*\[([a-z0-9-]+)\]")


@dataclass(frozen=True, slots=True)
class Page:
    """`summary` is the offence in a sentence; `why` prose in paragraphs; `bad` and `good` whole programs."""

    summary: str
    why: str
    bad: str
    good: str


def page_of(rule: Rule) -> Page:
    """The parts of a rule's docstring. Raises ValueError when one is missing."""
    summary, _, rest = rule.doc.strip().partition("\n")
    import textwrap  # deferred here and below: only what explains a rule needs it

    parts = re.split(r"^(Why|Bad|Good)\n", textwrap.dedent(rest).strip() + "\n", flags=re.MULTILINE)
    found = {name: _dedented(text) for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    missing = [name for name in ("Why", "Bad", "Good") if not found.get(name)]
    if parts[0].strip() or missing:
        raise ValueError(
            f"{rule.name}: its docstring lacks {', '.join(missing) or 'a heading over its text'}"
        )
    return Page(summary, found["Why"], found["Bad"], found["Good"])


def _dedented(text: str) -> str:
    import textwrap

    return textwrap.dedent(text.strip("\n")).rstrip() + "\n" if text.strip() else ""


def expected(example: str) -> list[tuple[int, str, str]]:
    """What the markers of an example promise: (line, severity, rule)."""
    return [
        (number, match.group(1), match.group(2))
        for number, line in enumerate(example.splitlines(), 1)
        for match in _MARKER.finditer(line)
    ]
