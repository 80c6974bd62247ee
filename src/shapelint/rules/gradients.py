"""Which parameters a program's losses reach: what the rules about steps of training share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint import facts
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.registered import parameters
from shapelint.values import Either, List, Made, Module, Tensor, Unknown

BACKWARD = "torch.Tensor.backward"

# Words for other ways for a gradient to come to a parameter.
_OTHER_WAYS = (
    "autograd", "closure", "accelerat", "fabric", "engine", "functional_call", "func.", "hook", "deepspeed", "scaler", "set_grad",
)  # fmt: skip
# What writes into a tensor that is there: what that was made from is not followed.
WRITES = tuple(
    f"torch.Tensor.{name}"
    for name in (
        "__setitem__ add_ sub_ mul_ div_ copy_ index_add_ index_copy_ index_put_ scatter_ scatter_add_ masked_scatter_ "
        "masked_fill_ addmm_ addcmul_ addcdiv_ lerp_ baddbmm_ set_ fill_ scatter_reduce_ index_reduce_ where_"
    ).split()
)
# A leaf, and no other way.
_VARIABLE = re.compile(r"\btorch\.autograd(\.variable)?( import variable\b(?! *,)|\.variable\b)")
# What takes only the numbers of its tensors.
COPIES = frozenset("tensor new_tensor detach detach_copy data".split())

_MOST = 3000


def has_other_ways(text: str) -> bool:
    """Whether a file speaks of other ways for a gradient to come to a parameter."""
    lowered = _VARIABLE.sub("", text.lower())
    return any(word in lowered for word in _OTHER_WAYS) or re.search(r"\.grad\b", lowered) is not None


def reached(backwards: Sequence[facts.Called]) -> set[int] | None:
    """The tensors and parameters below all losses, by identity; None where some step is not known."""
    found: set[int] = set()
    ahead: list[object] = [f.arguments.get("self") for f in backwards]
    while ahead:
        at = ahead.pop()
        if not isinstance(at, Tensor) or at.requires_grad is None or len(found) > _MOST:
            return None
        if id(at) in found or at.requires_grad is False:
            continue
        found.add(id(at))
        if isinstance(at.made, Made) and base_name(at.made.op) not in COPIES:
            ahead += at.made.parents
            if not all(map(_known, (at.made.given or {}).values())):
                return None
            if isinstance(at.made.layer, Module):
                found |= {id(p) for p in parameters(at.made.layer)}
    return found


def writes(fact: facts.Fact) -> bool:
    """Whether something that needs gradients, or may, is written into a tensor."""
    if not isinstance(fact, facts.Called) or fact.op not in WRITES:
        return False
    given = list(fact.arguments.values())[1:]
    return any(v.requires_grad is not False if isinstance(v, Tensor) else not _known(v) for v in given)


def _known(value: object) -> bool:
    """Whether an argument is no tensor that nothing is known of, and holds none."""
    if isinstance(value, List):
        return value.open is None and all(map(_known, value.items))
    return all(map(_known, value)) if isinstance(value, tuple) else not isinstance(value, (Unknown, Either))
