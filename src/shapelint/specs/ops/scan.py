"""Running results along an axis: cumsum and its kin, differences, areas under a curve."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.broadcast import broadcast
from shapelint.specs import arguments
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need
from shapelint.specs.ops.arithmetic import both
from shapelint.specs.ops.elements import give, rows, unrows
from shapelint.specs.ops.elementwise import elementwise, takes, written
from shapelint.specs.ops.promotion import category, result_type, to_float
from shapelint.specs.registry import op
from shapelint.values import Record, Tensor


def _running(compute: Callable[[Any, Any], Any]) -> Callable[..., Tensor]:
    def law(need: Need, input: Tensor, dim: Any, dtype: Any = None, out: Any = None) -> Tensor:
        own = input.dtype
        made = input.like(dtype_name(dtype, None if own is None else "int64" if category(own) < 2 else own))
        if input.known:
            axis = need.axis(dim, input.rank)
            if input.rank:
                takes(need, made, "ifc", what="the result")
            lines = rows(input, axis) if input.rank and made.dtype == "int64" else None
            if lines is not None:
                give(
                    made,
                    lambda: unrows([list(itertools.accumulate(r, compute)) for r in lines], made.shape, axis),
                )
        return written(made, out)

    return law


op(both("cumsum"), "input, dim, *, dtype=None, out=None")(_running(operator.add))
op(both("cumprod"), "input, dim, *, dtype=None, out=None")(_running(operator.mul))


def _running_over(law: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def twin(need: Need, input: Tensor, dim: Any, dtype: Any = None) -> Tensor:
        law(need, input, dim, dtype)
        if not input.known or input.rank:
            takes(need, input, "ifc")
        return input.like()

    return twin


op("torch.Tensor.cumsum_", "input, dim, *, dtype=None", inplace=True)(_running_over(_running(operator.add)))
op("torch.Tensor.cumprod_", "input, dim, *, dtype=None", inplace=True)(_running_over(_running(operator.mul)))


@op(both("cummax", "cummin"), "input, dim, *, out=None")
def cummax(need: Need, input: Tensor, dim: Any, out: Any = None) -> Record:
    """The extreme so far, and where it was."""
    if input.known and not dims.equal(input.numel, 0).yes:
        need.axis(dim, input.rank)
        if input.rank:
            takes(need, input, "bif")
    return Record((input.like(), input.like("int64")), ("values", "indices"), "torch.return_types.cummax")


@op(both("logcumsumexp"), "input, dim, *, out=None")
def logcumsumexp(need: Need, input: Tensor, dim: Any, out: Any = None) -> Tensor:
    """log(cumsum(exp))."""
    if input.known:
        need.axis(dim, input.rank)
    takes(need, input, "fc", always=True)
    return written(input.like(), out)


@op(both("diff"), "input, n=1, dim=-1, prepend=None, append=None, *, out=None")
def diff(
    need: Need,
    input: Tensor,
    n: Any = 1,
    dim: Any = -1,
    prepend: Any = None,
    append: Any = None,
    out: Any = None,
) -> Tensor:
    """n-th differences of neighbours: n fewer along `dim` (none below zero)."""
    if input.rank == 0:
        need.refuse("wrong-rank", "diff needs at least one axis")
    if isinstance(n, int) and n < 0:
        need.refuse("call-refused", f"n must not be negative, it is {n}")
    if n == 0 and prepend is None and append is None:  # torch does not look at the axis
        return written(input.like(), out)
    shape = list(input.shape)
    axis = need.axis(dim, len(shape))
    count = shape[axis]
    for extra in (prepend, append):
        if isinstance(extra, Tensor):
            need.rank(extra, len(shape), what="prepend or append")
            for i, (a, b) in enumerate(zip(extra.shape, shape, strict=True)):
                if i != axis:
                    need.equal(
                        a, b, "cat-size-mismatch", f"axis {i} of prepend or append", f"axis {i} of the input"
                    )
            count = count + extra.shape[axis]
    if n == 0:
        return written(input.like(), out)
    steps = arguments.size(need, n, "n")
    dtype = result_type(need, *(t for t in (input, prepend, append) if t is not None))
    shape[axis] = dims.maximum(count - steps, 0)
    made = input.with_shape(*shape, dtype=dtype)
    data: tuple[Any, ...] | None = input.data
    if (
        data is not None
        and len(shape) == 1
        and steps == 1
        and prepend is None
        and append is None
        and dtype != "bool"
    ):
        give(made, lambda: [b - a for a, b in itertools.pairwise(data)])
    return written(made, out)


@op(both("trapezoid", "trapz"), "y, x=None, *, dx=None, dim=-1")
def trapezoid(need: Need, y: Tensor, x: Any = None, dx: Any = None, dim: Any = -1) -> Tensor:
    """The area under y along `dim`."""
    if y.known and y.rank and dims.equal(y.shape[need.axis(dim, y.rank)], 0).yes:
        axis = need.axis(dim, y.rank)
        return y.with_shape(*y.shape[:axis], *y.shape[axis + 1 :])  # nothing is looked at
    axis, dtype, box = _area(need, y, x, dim)
    return y.with_shape(*box[:axis], *box[axis + 1 :], dtype=dtype)


@op(both("cumulative_trapezoid"), "y, x=None, *, dx=None, dim=-1")
def cumulative_trapezoid(need: Need, y: Tensor, x: Any = None, dx: Any = None, dim: Any = -1) -> Tensor:
    """The running area under y: one fewer along `dim`."""
    axis, dtype, box = _area(need, y, x, dim)
    count: Dim = max(box[axis] - 1, 0) if isinstance(box[axis], int) else box[axis] - 1
    return y.with_shape(*box[:axis], count, *box[axis + 1 :], dtype=dtype)


def _area(need: Need, y: Tensor, x: Any, dim: Any) -> tuple[int, str | None, tuple[Dim, ...]]:
    axis = need.axis(dim, y.rank)
    shape = y.shape
    if not shape:
        need.refuse("wrong-rank", "the area of a 0-d tensor does not exist", "IndexError")
    takes(need, y, "ifc", always=True)
    dtype = to_float(y.dtype, need.recorder.default_dtype)
    if isinstance(x, Tensor):
        takes(need, x, "ifc", always=True, what="x")
        if x.rank == 1:
            need.equal(x.shape[0], shape[axis], "broadcast-mismatch", "the length of x", f"axis {axis} of y")
        else:
            shape = broadcast(need, shape, x.shape)
        dtype = to_float(result_type(need, x, y), need.recorder.default_dtype)
    return axis, dtype, shape


@op("torch.gradient", "input, *, spacing=None, dim=None, edge_order=1")
def gradient(
    need: Need, input: Tensor, spacing: Any = None, dim: Any = None, edge_order: Any = 1
) -> tuple[Tensor, ...]:
    """One estimate of the derivative an axis, each of the input's shape."""
    axes = range(input.rank) if dim is None else arguments.axes_of(need, dim, input.rank)
    if input.dtype == "uint8":
        need.refuse("wrong-dtype", "gradient does not take uint8")
    if input.rank == 0 and len(axes):
        need.refuse("wrong-rank", "a 0-d tensor has no axis to follow", "IndexError")
    for axis in axes:
        need.at_least(
            input.shape[axis], edge_order + 1, "call-refused", f"axis {axis} of the input", "edge_order + 1"
        )
    if input.rank and len(axes):
        takes(need, input, "ifc", always=True)
    return tuple(input.like(to_float(input.dtype, need.recorder.default_dtype)) for _ in axes)


@op(both("renorm"), "input, p, dim, maxnorm, *, out=None")
def renorm(need: Need, input: Tensor, p: Any, dim: Any, maxnorm: Any, out: Any = None) -> Tensor:
    """Each slice along `dim` scaled down to `maxnorm`."""
    if input.known:
        if input.rank < 2:
            need.refuse("wrong-rank", f"renorm needs at least 2 axes, the input has {input.rank}")
        need.axis(dim, input.rank)
    takes(need, input, "fc", always=True)
    return written(elementwise(need, input, dtype=input.dtype), out)


@op("torch.Tensor.renorm_", "input, p, dim, maxnorm", inplace=True)
def renorm_(need: Need, input: Tensor, p: Any, dim: Any, maxnorm: Any) -> Tensor:
    """Each slice along `dim` scaled down to `maxnorm`."""
    return renorm(need, input, p, dim, maxnorm)


@op(both("cov"), "input, *, correction=1, fweights=None, aweights=None")
@op(both("corrcoef"), "input")
def cov(need: Need, input: Tensor, correction: Any = 1, fweights: Any = None, aweights: Any = None) -> Tensor:
    """A row is a variable, a column an observation: variables x variables."""
    dtype = to_float(input.dtype, need.recorder.default_dtype)
    if input.rank > 2:
        need.refuse("wrong-rank", f"the input must have at most 2 axes, it has {input.rank}")
    takes(need, input, "ifc", always=True)
    observations = input.shape[-1] if input.rank else 1
    variables = input.shape[0] if input.rank == 2 else 1
    need.macs(variables * observations * variables)
    for weights in (fweights, aweights):
        if isinstance(weights, Tensor):
            [count] = need.axes(weights, "N", what="the weights")
            need.equal(
                count, observations, "call-refused", "the number of weights", "the number of observations"
            )
    one = dims.equal(variables, 1)
    if one.unknown:
        need.unknown("whether there is one variable is not known")
    return input.with_shape(*() if one.yes else (variables, variables), dtype=dtype)
