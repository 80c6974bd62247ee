"""The law of all elementwise operations: operands broadcast, the result has the common shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapelint import dims
from shapelint.shapes.broadcast import broadcast
from shapelint.specs import layouts
from shapelint.specs.need import Need
from shapelint.specs.ops.elements import fitted, give, spread, uniform
from shapelint.specs.ops.promotion import category, number_kind
from shapelint.values import Shape, Tensor, Undetermined, Unknown, Unranked
from shapelint.values.containers import Dict, List, Set

_NAMES = ("bool", "integer", "float", "complex")


def elementwise(
    need: Need,
    *operands: Any,
    dtype: str | None,
    compute: Callable[..., Any] | None = None,
    at: str | None = None,
    rule: str = "broadcast-mismatch",
) -> Tensor:
    """A tensor of the operands' common shape. `compute` gives one element from one of each operand, each converted to
    the dtype `at` (the result's unless told), as torch does."""
    tensors = [o for o in operands if isinstance(o, Tensor)]
    made = Tensor(common_box(need, *tensors, rule=rule), dtype)
    made.after_failure = need.failed or any(t.after_failure for t in tensors)
    layouts.computed(need, made, tensors)
    if compute is not None and all(not isinstance(o, Tensor) or o.data is not None for o in operands):
        function, shape, common = compute, made.shape, at or dtype
        give(made, lambda: _computed(function, [_elements(o, shape, common) for o in operands]))
    return made


def _computed(function: Callable[..., Any], columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """The function of each row of elements: once, where all rows are the same."""
    if all(map(uniform, columns)):
        return [function(*[column[0] for column in columns])] * len(columns[0])
    return list(map(function, *columns))


def _elements(value: Any, shape: Shape, dtype: str | None) -> Sequence[Any]:
    if dtype is None:
        raise Undetermined("a dtype that is not known")
    return fitted(spread(value, shape), dtype)


def written(made: Tensor, out: Any) -> Tensor:
    """The result as `out=` receives it: in that tensor's dtype."""
    if isinstance(out, Tensor):
        made.dtype, made.layout = out.dtype, None
        made.data = None
    return made


def common_box(need: Need, *tensors: Tensor, rule: str = "broadcast-mismatch") -> Shape | Unranked:
    """The common shape; while some rank is not known, a box that stands for it."""
    if all(t.known for t in tensors):
        return broadcast(need, *(t.shape for t in tensors), rule=rule)
    boxes = {id(t.box): t.box for t in tensors if not (t.known and t.rank == 0)}
    if len(boxes) == 1:
        return boxes.popitem()[1]
    return Unranked(next(t.box.why for t in tensors if not t.known and isinstance(t.box, Unranked)))


def operand(need: Need, value: Any, what: str = "an operand") -> Any:
    """A tensor or a number; refuses what torch takes for neither, and stops at what is not known."""
    if isinstance(value, Tensor) or number_kind(value) is not None:
        return value
    if isinstance(value, Unknown):
        raise Undetermined(value.why, value)
    if value is None or isinstance(value, (str, bytes, tuple, List, Dict, Set)):
        return need.refuse("call-refused", f"{what} must be a tensor or a number", "TypeError")
    raise Undetermined(f"{what} is neither a tensor nor a number that is known")


def takes(need: Need, x: Any, kinds: str, *, always: bool = False, what: str = "the input") -> None:
    """Refuse a dtype (of a tensor, or a dtype's name) whose kind is not in `kinds`: b(ool), i(nteger), f(loat), c(omplex).

    Torch finds most of these when it computes the first element, so an empty tensor passes; not so with `always`.
    """
    dtype = x.dtype if isinstance(x, Tensor) else x
    if dtype is None or "bifc"[category(dtype)] in kinds:
        return
    if not always and isinstance(x, Tensor) and not nonempty(x):
        return
    wanted = " or ".join(_NAMES["bifc".index(kind)] for kind in kinds)
    need.refuse("wrong-dtype", f"{what} must be {wanted}, it is {dtype}")


def nonempty(x: Tensor) -> bool:
    """Whether `x` has an element for certain."""
    return x.known and dims.less(0, x.numel).yes
