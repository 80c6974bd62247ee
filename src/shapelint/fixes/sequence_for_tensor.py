"""`[0]` behind what a recurrent or attention layer gave: its output, without its states or weights."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, expression, spelled, with_argument
from shapelint.report import Edit
from shapelint.values import Made, Tensor

SAFE = False

_GIVE_MORE = frozenset("LSTM GRU RNN MultiheadAttention".split())


def edits(found: Found) -> Sequence[Edit | None]:
    if not _is_pair(found):
        return ()
    text = found.text(found.site)
    node = expression(text)
    if isinstance(node, (cst.Attribute, cst.Subscript)) and isinstance(node.value, cst.Name):
        first = expression(f"{spelled(node.value)}[0]")
        if first is None:
            return ()
        written = node.with_changes(value=first)
        return (found.replace(found.site, spelled(written)),)
    given = call(text)
    if given is None or len(given.args) != 1 or not isinstance(given.args[0].value, cst.Name):
        return ()

    def change(old: cst.BaseExpression) -> cst.BaseExpression | None:
        return expression(f"{spelled(old)}[0]")

    return (found.replace(found.site, with_argument(text, 0, "input", change)),)


def _is_pair(found: Found) -> bool:
    """Whether what is taken for a tensor is the pair that one such layer gave."""
    values: list[object] = []
    for fact in found.here:
        if isinstance(fact, facts.NeedFailed) and fact.rule == found.diagnostic.rule:
            values += [fact.tensors]
        elif isinstance(fact, facts.Raised) and isinstance(
            fact.cause, (facts.AttributeAsked, facts.IndexedByTuple)
        ):
            values.append(fact.cause.value)
    return bool(values) and all(
        isinstance(v, tuple)
        and bool(v)
        and isinstance(v[0], Tensor)
        and isinstance(v[0].made, Made)
        and v[0].made.part[:1] == (0,)
        and v[0].made.op.rpartition(".")[2] in _GIVE_MORE
        for v in values
    )
