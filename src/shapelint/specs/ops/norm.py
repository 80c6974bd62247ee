"""torch.linalg's norms."""

from __future__ import annotations

from typing import Any

from shapelint import dims as sizes
from shapelint.specs.arguments import axes_of, dtype_name, several
from shapelint.specs.need import Need
from shapelint.specs.ops.linalg import floating
from shapelint.specs.ops.promotion import to_real
from shapelint.specs.registry import op
from shapelint.values import Tensor


def _without(need: Need, x: Tensor, axes: tuple[int, ...], keepdim: Any, dtype: Any) -> Tensor:
    floating(need, x)
    shape = [1 if i in axes else s for i, s in enumerate(x.shape) if keepdim or i not in axes]
    return x.with_shape(*shape, dtype=to_real(dtype_name(dtype, x.dtype)))


@op("torch.linalg.vector_norm", "x, ord=2, dim=None, keepdim=False, *, dtype=None")
def vector_norm(need: Need, x: Tensor, ord: Any, dim: Any, keepdim: Any, dtype: Any) -> Tensor:
    """The axes of `dim` (all of them unless told) go."""
    axes = tuple(range(x.rank)) if dim is None or several(dim) == () else axes_of(need, dim, x.rank)
    if ord == float("inf") or ord == float("-inf") or (isinstance(ord, (int, float)) and ord < 0):
        if any(sizes.equal(x.shape[a], 0).yes for a in axes if x.shape):
            need.refuse("call-refused", f"vectors without values have no norm of order {ord}")
    return _without(need, x, axes, keepdim, dtype)


@op("torch.linalg.matrix_norm", "A, ord='fro', dim=(-2, -1), keepdim=False, *, dtype=None")
def matrix_norm(need: Need, A: Tensor, ord: Any, dim: Any, keepdim: Any, dtype: Any) -> Tensor:
    """Two axes go."""
    if len(several(dim)) != 2:
        need.refuse("call-refused", f"a matrix has two axes, dim={several(dim)}")
    need.axes(A, "* m n")
    axes = axes_of(need, dim, A.rank)
    if isinstance(ord, (str, int, float)) and ord not in (
        "fro",
        "nuc",
        float("inf"),
        float("-inf"),
        1,
        -1,
        2,
        -2,
    ):
        need.refuse("call-refused", f"there is no matrix norm of order {ord!r}")
    if ord not in ("fro", "nuc") and any(sizes.equal(A.shape[a], 0).yes for a in axes):
        need.unknown("whether a matrix without values has that norm depends on the axis")
    return _without(need, A, axes, keepdim, dtype)


@op("torch.linalg.norm", "A, ord=None, dim=None, keepdim=False, *, dtype=None")
def norm(need: Need, A: Tensor, ord: Any, dim: Any, keepdim: Any, dtype: Any) -> Tensor:
    """Without an order the length of all values; else a vector norm along one axis or a matrix norm along two."""
    count = None if dim is None else len(several(dim))
    if count is not None and count not in (1, 2):
        need.refuse("call-refused", f"dim names {count} axes, norms take 1 or 2")
    if ord is None:
        return vector_norm(need, A, 2, dim, keepdim, dtype)
    if dim is None:
        if A.rank not in (1, 2):
            need.refuse(
                "wrong-rank", f"with an order and no dim the input must have 1 or 2 axes, it has {A.rank}"
            )
        count = A.rank
        dim = tuple(range(A.rank))
    if count == 1:
        if isinstance(ord, str):
            need.refuse("call-refused", f"there is no vector norm of order {ord!r}")
        return vector_norm(need, A, ord, dim, keepdim, dtype)
    return matrix_norm(need, A, ord, dim, keepdim, dtype)
