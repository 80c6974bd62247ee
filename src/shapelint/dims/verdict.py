"""The three answers a question about sizes can have.

Knows no sizes: this is the logic only.
"""

from __future__ import annotations

import enum
from typing import NoReturn


class Undetermined(Exception):
    """A yes or no (or a number) was demanded where only `unknown` is honest."""


class Verdict(enum.Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def yes(self) -> bool:
        return self is Verdict.YES

    @property
    def no(self) -> bool:
        return self is Verdict.NO

    @property
    def unknown(self) -> bool:
        return self is Verdict.UNKNOWN

    # `if verdict:` would read UNKNOWN (and NO) as true: the mistake this type exists to prevent.
    def __bool__(self) -> NoReturn:
        raise TypeError("a Verdict has three values: ask .yes, .no or .unknown")


def both(*verdicts: Verdict) -> Verdict:
    """All of them hold.  One NO decides, whatever else is unknown; of nothing, YES."""
    if any(verdict is Verdict.NO for verdict in verdicts):
        return Verdict.NO
    if all(verdict is Verdict.YES for verdict in verdicts):
        return Verdict.YES
    return Verdict.UNKNOWN


def negate(verdict: Verdict) -> Verdict:
    if verdict is Verdict.UNKNOWN:
        return verdict
    return Verdict.NO if verdict is Verdict.YES else Verdict.YES


def verdict_of(fact: bool) -> Verdict:
    return Verdict.YES if fact else Verdict.NO
