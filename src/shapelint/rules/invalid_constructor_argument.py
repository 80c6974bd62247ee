"""SHP112 invalid-constructor-argument."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, NeedRule
from shapelint.rules.surroundings import class_around


class InvalidConstructorArgument(NeedRule):
    """A layer refuses the arguments it is built from.

    Why
    Channels must be divisible by groups, sizes positive, probabilities between 0 and 1: the constructor raises.

    Bad
        from torch import nn

        nn.GroupNorm(19, 77)  # error: [invalid-constructor-argument]

    Good
        from torch import nn

        nn.GroupNorm(11, 77)
    """

    code = "SHP112"
    name = "invalid-constructor-argument"

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        return None if _is_to_be_given(fact, context) else super().judge(fact, context)


def _is_to_be_given(fact: facts.NeedFailed, context: Context) -> bool:
    """Whether a size is refused that only a default says, and one that cannot be meant (`in_size=-1`): whoever builds this gives
    another. Nobody did; the defaults were tried because nothing else was known."""
    if fact.by_program or type(fact.actual) is not int or fact.actual >= 0:
        return False
    around = class_around(context, fact.site)
    head = around.text.partition("super(")[0] if around is not None else ""
    return re.search(rf"\w\s*(:[^=\n]+)?=\s*{fact.actual}\s*[,)\n]", head) is not None
