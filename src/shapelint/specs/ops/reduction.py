"""Reductions: sum, mean, max, any, … over all axes or some. A reduced axis goes, or stays as 1 with `keepdim`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.specs import arguments
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.ops.arithmetic import both, promoted
from shapelint.specs.ops.elements import give, rows
from shapelint.specs.ops.elementwise import nonempty, takes, written
from shapelint.specs.ops.promotion import category, to_float, to_real
from shapelint.specs.registry import op
from shapelint.values import Record, Shape, Tensor

Law = Callable[..., Any]


def reduced(need: Need, input: Tensor, dim: Any, keepdim: Any, dtype: str | None = "same") -> Tensor:
    """The input with the axes `dim` (None or () for all) reduced."""
    if _everything(dim) and keepdim is False:
        made = input.with_shape(dtype=dtype)
    else:
        shape = input.shape
        axes = range(len(shape)) if _everything(dim) else arguments.axes_of(need, dim, len(shape))
        made = input.with_shape(*without(shape, axes, keepdim), dtype=dtype)
    return made


def without(shape: Shape, axes: Any, keepdim: Any) -> Shape:
    """A shape whose `axes` are gone, or 1 with `keepdim`."""
    gone = set(axes)
    if not isinstance(keepdim, bool):
        keepdim = bool(keepdim)
    if keepdim:
        return tuple(1 if i in gone else d for i, d in enumerate(shape))
    return tuple(d for i, d in enumerate(shape) if i not in gone)


def _everything(dim: Any) -> bool:
    return dim is None or (is_sequence(dim) and sequence(dim, "dim") == ())


def follow(need: Need, made: Tensor, input: Tensor, dim: Any, compute: Callable[[list[Any]], Any]) -> Tensor:
    """Give the result its numbers, where the input's are known and one axis (or all) is reduced."""
    if input.data is None:
        return made
    if _everything(dim):
        data = list(input.data)
        return give(made, lambda: [compute(data)])
    lines = rows(input, need.axis(dim, input.rank)) if not is_sequence(dim) and input.rank else None
    return made if lines is None else give(made, lambda: [compute(line) for line in lines])


def nonempty_axes(need: Need, input: Tensor, dim: Any, what: str) -> None:
    """Refuse to reduce nothing: of no elements there is no maximum. (Where nothing is asked, nothing is refused.)"""
    if not input.known or dims.equal(input.numel, 0).no:
        return
    shape = input.shape
    axes = range(len(shape)) if _everything(dim) else arguments.axes_of(need, dim, len(shape))
    if _everything(dim):
        empty = dims.equal(input.numel, 0).yes
    else:
        empty = any(shape and dims.equal(shape[a], 0).yes for a in axes)
    if empty:
        need.refuse("call-refused", f"{what} of no elements does not exist")


# ---- sums and products


def _sum_dtype(need: Need, input: Tensor, dtype: Any) -> str | None:
    own = input.dtype
    return dtype_name(dtype, None if own is None else "int64" if category(own) < 2 else own)


@op(both("sum"), "input, dim=None, keepdim=False, *, dtype=None, out=None")
def sum_(
    need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, dtype: Any = None, out: Any = None
) -> Tensor:
    """Integers and bools are summed as int64."""
    made = reduced(need, input, dim, keepdim, _sum_dtype(need, input, dtype))
    if made.dtype == "int64" and dtype is None:
        follow(need, made, input, dim, sum)
    return written(made, out)


@op(both("nansum"), "input, dim=None, keepdim=False, *, dtype=None, out=None")
def nansum(
    need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, dtype: Any = None, out: Any = None
) -> Tensor:
    """sum without the NaNs."""
    takes(need, input, "bif", always=True)
    return sum_(need, input, dim, keepdim, dtype, out)


@op(both("prod"), "input, dim=None, keepdim=False, *, dtype=None, out=None")
def prod(
    need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, dtype: Any = None, out: Any = None
) -> Tensor:
    """The product, over all axes or one."""
    if is_sequence(dim):
        need.refuse("call-refused", "prod reduces one axis, or all", "TypeError")
    made = reduced(need, input, dim, keepdim, _sum_dtype(need, input, dtype))
    if made.dtype == "int64" and dtype is None:
        follow(need, made, input, dim, math.prod)
    return written(made, out)


@op(both("mean"), "input, dim=None, keepdim=False, *, dtype=None, out=None")
def mean(
    need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, dtype: Any = None, out: Any = None
) -> Tensor:
    """Of floats only: integers have no mean unless a dtype is given."""
    name = dtype_name(dtype, input.dtype)
    takes(need, name, "fc")
    return written(reduced(need, input, dim, keepdim, name), out)


@op(both("nanmean"), "input, dim=None, keepdim=False, *, dtype=None, out=None")
def nanmean(
    need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, dtype: Any = None, out: Any = None
) -> Tensor:
    """mean without the NaNs."""
    takes(need, input, "f", always=True)
    return mean(need, input, dim, keepdim, dtype, out)


@op(
    "torch.logsumexp, torch.Tensor.logsumexp, torch.special.logsumexp",
    "input, dim, keepdim=False, *, out=None",
)
def logsumexp(need: Need, input: Tensor, dim: Any, keepdim: Any = False, out: Any = None) -> Tensor:
    """log(sum(exp))."""
    if _everything(dim) and input.rank and keepdim is False and nonempty(input):
        need.refuse("call-refused", "logsumexp needs an axis")
    return written(
        reduced(need, input, dim, keepdim, to_float(input.dtype, need.recorder.default_dtype)), out
    )


@op(both("count_nonzero"), "input, dim=None")
def count_nonzero(need: Need, input: Tensor, dim: Any = None) -> Tensor:
    """How many are not zero."""
    made = reduced(need, input, dim, False, "int64")
    return follow(need, made, input, dim, lambda line: sum(1 for v in line if v))


# ---- questions


def _asks(compute: Callable[[list[Any]], Any]) -> Law:
    def law(need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, out: Any = None) -> Tensor:
        name = {None: None, "uint8": "uint8"}.get(input.dtype, "bool")
        if dim is not None and _everything(dim):
            return written(input.like(name), out)  # here no axes means none
        made = reduced(need, input, dim, keepdim, name)
        return written(follow(need, made, input, dim, compute), out)

    return law


op(both("all"), "input, dim=None, keepdim=False, *, out=None")(_asks(all))
op(both("any"), "input, dim=None, keepdim=False, *, out=None")(_asks(any))


# ---- extremes


def _extreme(compute: Callable[[list[Any]], Any], name: str) -> Law:
    def law(
        need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, other: Any = None, out: Any = None
    ) -> Any:
        if isinstance(dim, Tensor) and dim.integer is not None:
            need.unknown("a number of numpy's names an axis, a tensor is compared with")
        if other is not None or isinstance(dim, Tensor):
            two: Tensor = promoted("bif", max if name == "max" else min)(
                need, input, dim if other is None else other
            )
            return written(two, out)
        takes(need, input, "bif", always=True)
        nonempty_axes(need, input, dim, f"the {name}")
        if dim is None:
            return written(follow(need, reduced(need, input, None, False), input, None, compute), out)
        if is_sequence(dim):
            need.refuse("call-refused", f"{name} reduces one axis (a{name} takes several)", "TypeError")
        values = follow(need, reduced(need, input, dim, keepdim), input, dim, compute)
        indices = values.like("int64")
        follow(need, indices, input, dim, lambda line: line.index(compute(line)))
        return Record((values, indices), ("values", "indices"), f"torch.return_types.{name}")

    return law


op(both("max"), "input, dim=None, keepdim=False, *, other=None, out=None")(_extreme(max, "max"))
op(both("min"), "input, dim=None, keepdim=False, *, other=None, out=None")(_extreme(min, "min"))


def _values_only(compute: Callable[[list[Any]], Any]) -> Law:
    def law(need: Need, input: Tensor, dim: Any = (), keepdim: Any = False, out: Any = None) -> Tensor:
        nonempty_axes(need, input, dim, "the extreme")
        made = reduced(need, input, dim, keepdim)
        takes(need, made, "bif")
        return written(follow(need, made, input, dim, compute), out)

    return law


op(both("amax"), "input, dim=(), keepdim=False, *, out=None")(_values_only(max))
op(both("amin"), "input, dim=(), keepdim=False, *, out=None")(_values_only(min))


@op(both("aminmax"), "input, *, dim=None, keepdim=False, out=None")
def aminmax(need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, out: Any = None) -> Record:
    """Both extremes."""
    takes(need, input, "bif", always=True)
    nonempty_axes(need, input, dim, "the extreme")
    return Record(
        (reduced(need, input, dim, keepdim), reduced(need, input, dim, keepdim)),
        ("min", "max"), "torch.return_types.aminmax",
    )  # fmt: skip


def _place(compute: Callable[[list[Any]], Any]) -> Law:
    def law(need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, out: Any = None) -> Tensor:
        takes(need, input, "if", always=True)
        nonempty_axes(need, input, dim, "the extreme")
        made = reduced(need, input, dim, keepdim, "int64")
        return written(follow(need, made, input, dim, lambda line: line.index(compute(line))), out)

    return law


op(both("argmax"), "input, dim=None, keepdim=False, *, out=None")(_place(max))
op(both("argmin"), "input, dim=None, keepdim=False, *, out=None")(_place(min))


# ---- spread


def _spread(two: bool, kinds: str) -> Law:
    def law(
        need: Need, input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: Any = False, correction: Any = None,
        out: Any = None,
    ) -> Any:  # fmt: skip
        if isinstance(dim, bool):
            if unbiased is not None:
                need.refuse("call-refused", "dim must be an axis, it is a bool", "TypeError")
            dim = None
        if unbiased is not None and correction is not None:
            need.refuse("call-refused", "unbiased and correction are not given together", "TypeError")
        takes(need, input, kinds, always=True)
        made = reduced(need, input, dim, keepdim, to_real(input.dtype))
        return (made, reduced(need, input, dim, keepdim)) if two else written(made, out)

    return law


_SPREAD = "input, dim=None, unbiased=None, keepdim=False, *, correction=None, out=None"
op(both("std", "var"), _SPREAD)(_spread(False, "fc"))
op("torch.std_mean, torch.var_mean", _SPREAD.replace(", out=None", ""))(_spread(True, "fc"))


@op("torch.norm", "input, p='fro', dim=None, keepdim=False, out=None, dtype=None")
@op("torch.Tensor.norm", "input, p='fro', dim=None, keepdim=False, dtype=None")
def norm(
    need: Need,
    input: Tensor,
    p: Any = "fro",
    dim: Any = None,
    keepdim: Any = False,
    out: Any = None,
    dtype: Any = None,
) -> Tensor:
    """The vector norm over `dim` (or everything); "nuc" is a matrix norm and takes two axes."""
    if isinstance(p, str) and p == "nuc":
        takes(need, input, "fc", always=True)
        if dim is None:
            need.axes(input, "H W")
        elif len(arguments.axes_of(need, dim, input.rank)) != 2:
            need.refuse("call-refused", "the nuclear norm takes two axes")
    elif p in ("fro", None) and dim is not None and len(arguments.several(dim)) > 2:
        need.refuse("call-refused", "the Frobenius norm takes one axis or two (a number for p takes any)")
    elif isinstance(p, (int, float)) and (p < 0 or math.isinf(p)):
        nonempty_axes(need, input, dim, f"the {p} norm")
    takes(need, input, "fc", always=True)
    name = dtype_name(dtype, input.dtype)
    if dtype is not None and name is not None and input.dtype is not None:
        if category(name) != category(input.dtype):
            need.refuse("wrong-dtype", f"dtype is {name}, the input is {input.dtype}")
    return written(reduced(need, input, dim, keepdim, to_real(name)), out)
