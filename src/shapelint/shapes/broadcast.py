"""The broadcasting law: shapes are aligned at their last axes, and a size of 1 stretches to whatever it meets.

Source: https://docs.pytorch.org/docs/stable/notes/broadcasting.html
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.needs import Needs


def broadcast(need: Needs, *shapes: Sequence[Dim], rule: str = "broadcast-mismatch") -> tuple[Dim, ...]:
    """The common shape of all of them. Sizes that do not meet are a failed need, and the first one's size is kept."""
    result: tuple[Dim, ...] = tuple(shapes[0]) if shapes else ()
    for shape in shapes[1:]:
        result = _pair(need, result, tuple(shape), rule)
    return result


def _pair(need: Needs, a: tuple[Dim, ...], b: tuple[Dim, ...], rule: str) -> tuple[Dim, ...]:
    if a == b:
        return a
    rank = max(len(a), len(b))
    found: list[Dim] = []
    for back in range(rank, 0, -1):
        if back > len(a):
            found.append(b[-back])
        elif back > len(b):
            found.append(a[-back])
        else:
            found.append(_meet(need, a, b, back, rule))
    return tuple(found)


def _meet(need: Needs, first: tuple[Dim, ...], second: tuple[Dim, ...], back: int, rule: str) -> Dim:
    """The size that two shapes have together at an axis, counted from the last. One that was seen as 1 yields; a symbol never seen is
    taken to be equal."""
    a, b = need.resolve(first[-back]), need.resolve(second[-back])
    if a is b:
        return a
    if dims.witness(b) == 1:
        return a if dims.witness(a) != 1 or not isinstance(a, int) else b
    if dims.witness(a) == 1:
        return b
    verdict = dims.equal(a, b)
    if verdict.no and not (dims.equal(a, 1).no and dims.equal(b, 1).no):
        # Not equal, but one of them may be 1 where it matters: nothing is proven.
        return b if dims.equal(b, 1).no else a
    # (Put into words only here: most sizes are the same, and shapes may have many axes.)
    what, by = f"axis {len(second) - back} of {_text(second)}", f"axis {len(first) - back} of {_text(first)}"
    if not need.equal(b, a, rule, what, by):
        return a
    a, b = need.resolve(a), need.resolve(b)
    # Of two names for one size the symbol tells more, unless it was bound just now.
    return b if isinstance(a, int) and dims.witness(b) is not None else a


def _text(shape: Sequence[Dim]) -> str:
    seen = [(dim, dims.witness(dim)) for dim in shape]
    return "[" + ", ".join(str(dim if number is None else number) for dim, number in seen) + "]"
