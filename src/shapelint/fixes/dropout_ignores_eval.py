"""`training=self.training` in the call; for attention, a probability that is 0 in evaluation."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, expression, spelled, with_argument, with_keyword
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around

SAFE = True


def edits(found: Found) -> Sequence[Edit | None]:
    around = function_around(found.context, found.site)
    if around is None or re.match(r"\s*(async\s+)?def\s+\w+\(\s*self\b", around.text) is None:
        return ()
    text = found.text(found.site)
    node = call(text)
    if node is not None and callee(node) == "scaled_dot_product_attention":
        return (found.replace(found.site, with_argument(text, 4, "dropout_p", _in_training)),)
    return (found.replace(found.site, with_keyword(text, "training", "self.training")),)


def _in_training(probability: cst.BaseExpression) -> cst.BaseExpression | None:
    return expression(f"{spelled(probability)} if self.training else 0.0")
