"""Whether the size that arrives at a layer may be the one that was meant, so that the number at the constructor is the mistake."""

from __future__ import annotations

from shapelint import facts
from shapelint.fixes.base import Found, number
from shapelint.values import List, Made, Tensor


def is_meant(found: Found, need: facts.NeedFailed) -> bool:
    """False where something else than the constructor is more likely wrong: the axes stand in another order, pieces were joined
    along another axis, or the network is given inputs of another size elsewhere."""
    x = next((t for t in need.tensors if isinstance(t, Tensor) and t.known), None)
    wanted = number(need.wanted)
    if x is None or wanted is None:
        return True
    turned = _turned(x, wanted, number(need.actual))
    return not (turned or _joined_otherwise(x, wanted) or _fed_otherwise(found, need))


def _turned(x: Tensor, wanted: int, actual: int | None) -> bool:
    """Whether another axis than the first has the size that the layer wants, and none but one the size that it is given."""
    sizes = [number(d) for d in x.shape[1:]]
    return wanted > 1 and wanted in sizes and sizes.count(actual) == 1


def _joined_otherwise(x: Tensor, wanted: int) -> bool:
    """Whether `x` is joined from tensors whose last sizes add up to what is wanted, along another axis than that."""
    if not isinstance(x.made, Made) or x.made.op.rpartition(".")[2] not in ("cat", "concat", "concatenate"):
        return False
    given = (x.made.given or {}).get("tensors")
    pieces = given.items if isinstance(given, List) else given if isinstance(given, tuple) else ()
    last = [number(p.shape[-1]) for p in pieces if isinstance(p, Tensor) and p.known and p.rank]
    return len(last) > 1 and None not in last and sum(n for n in last if n is not None) == wanted


def _fed_otherwise(found: Found, need: facts.NeedFailed) -> bool:
    """Whether the network that fails here is called elsewhere with an input of other sizes behind the batch."""
    here = need.model_call
    if here is None:
        return False
    mine = _sizes(here.inputs)
    return any(
        f.module is here.module and (theirs := _sizes(f.inputs)) and mine and theirs != mine
        for f in found.said
        if isinstance(f, facts.ModelCalled)
    )


def _sizes(inputs: tuple[object, ...]) -> list[list[int | None]]:
    """The sizes of each input behind its first axis; nothing where they are not all known."""
    found = [[number(d) for d in x.shape[1:]] for x in inputs if isinstance(x, Tensor) and x.known]
    return found if len(found) == len(inputs) and not any(None in sizes for sizes in found) else []
