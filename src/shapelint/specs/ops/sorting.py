"""Order: sort, topk, k-th values, medians, quantiles; where a value belongs (searchsorted); distinct values."""

from __future__ import annotations

from collections import Counter
from typing import Any

from shapelint import dims
from shapelint.specs import arguments
from shapelint.specs.need import Need
from shapelint.specs.ops.arithmetic import both
from shapelint.specs.ops.elementwise import nonempty, operand, takes, written
from shapelint.specs.ops.promotion import result_type
from shapelint.specs.ops.reduction import nonempty_axes, reduced
from shapelint.specs.registry import op
from shapelint.values import Record, Tensor


def _pair(values: Tensor, name: str) -> Record:
    return Record((values, values.like("int64")), ("values", "indices"), f"torch.return_types.{name}")


@op(both("sort"), "input, dim=-1, descending=False, stable=False, *, out=None")
def sort(
    need: Need, input: Tensor, dim: Any = -1, descending: Any = False, stable: Any = False, out: Any = None
) -> Record:
    """The values in order along `dim`, and where each was."""
    _ordered(need, input, dim)
    return _pair(input.like(), "sort")


@op(both("argsort"), "input, dim=-1, descending=False, stable=False, *, out=None")
def argsort(
    need: Need, input: Tensor, dim: Any = -1, descending: Any = False, stable: Any = False, out: Any = None
) -> Tensor:
    """Where each value of the sorted tensor was."""
    _ordered(need, input, dim)
    return input.like("int64")


@op(both("msort"), "input, *, out=None")
def msort(need: Need, input: Tensor, out: Any = None) -> Tensor:
    """Sorted along the first axis."""
    _ordered(need, input, 0)
    return written(input.like(), out)


def _ordered(need: Need, input: Tensor, dim: Any) -> None:
    if input.known:
        need.axis(dim, input.rank)
    takes(need, input, "bif", always=True)


@op(both("topk"), "input, k, dim=-1, largest=True, sorted=True, *, out=None")
def topk(
    need: Need, input: Tensor, k: Any, dim: Any = -1, largest: Any = True, sorted: Any = True, out: Any = None
) -> Record:
    """The k largest along `dim`, and where they were."""
    shape = list(input.shape)
    axis = need.axis(dim, len(shape))
    count = arguments.size(need, k, "k")
    if dims.less(count, 0).yes:
        need.refuse("index-out-of-range", f"k must not be negative, it is {count}")
    size = shape[axis] if shape else 1
    need.at_least(size, count, "index-out-of-range", f"axis {axis} of the input", "k")
    takes(need, input, "if", always=True)
    if shape:
        shape[axis] = count
    return _pair(input.with_shape(*shape), "topk")


@op(both("kthvalue"), "input, k, dim=-1, keepdim=False, *, out=None")
def kthvalue(
    need: Need, input: Tensor, k: Any, dim: Any = -1, keepdim: Any = False, out: Any = None
) -> Record:
    """The k-th smallest along `dim` (counted from 1), and where it was."""
    axis = need.axis(dim, input.rank)
    nonempty_axes(need, input, dim, "the k-th value")
    size = input.shape[axis] if input.rank else 1
    count = arguments.size(need, k, "k")
    need.at_least(count, 1, "index-out-of-range", "k", "the least")
    need.at_least(size, count, "index-out-of-range", f"axis {axis} of the input", "k")
    if input.rank:
        takes(need, input, "if", always=True)
    return _pair(reduced(need, input, dim, keepdim), "kthvalue")


@op(both("median", "nanmedian"), "input, dim=None, keepdim=False, *, out=None")
def median(need: Need, input: Tensor, dim: Any = None, keepdim: Any = False, out: Any = None) -> Any:
    """The lower of the middle values: of everything, or along `dim` with its place."""
    if dim is None:
        takes(need, input, "if")
        return written(reduced(need, input, None, False), out)
    nonempty_axes(need, input, dim, "the median")
    need.axis(dim, input.rank)
    takes(need, input, "if", always=True)
    return _pair(reduced(need, input, dim, keepdim), "median")


@op(both("mode"), "input, dim=-1, keepdim=False, *, out=None")
def mode(need: Need, input: Tensor, dim: Any = -1, keepdim: Any = False, out: Any = None) -> Record:
    """The most frequent value along `dim`, and a place of it."""
    need.axis(dim, input.rank)
    nonempty_axes(need, input, dim, "the mode")
    if input.rank:
        takes(need, input, "bif")
    return _pair(reduced(need, input, dim, keepdim), "mode")


@op(both("quantile", "nanquantile"), "input, q, dim=None, keepdim=False, *, interpolation='linear', out=None")
def quantile(
    need: Need,
    input: Tensor,
    q: Any,
    dim: Any = None,
    keepdim: Any = False,
    interpolation: Any = "linear",
    out: Any = None,
) -> Tensor:
    """The q-quantiles along `dim`, or of everything; an axis of its own for several q, in front."""
    if input.dtype is not None and input.dtype not in ("float32", "float64"):
        need.refuse("wrong-dtype", f"the input must be float32 or float64, it is {input.dtype}")
    if isinstance(q, Tensor):
        need.rank(q, 0, 1, what="q")
        if q.dtype is not None and input.dtype is not None and q.dtype != input.dtype:
            need.refuse("wrong-dtype", f"q is {q.dtype}, the input is {input.dtype}")
    elif isinstance(operand(need, q, "q"), (int, float)) and not 0 <= q <= 1:
        need.refuse("call-refused", f"q must be between 0 and 1, it is {q}")
    if dims.equal(input.numel, 0).yes:
        need.refuse("call-refused", "a quantile of no elements does not exist")
    if dim is not None:
        need.axis(dim, input.rank)
    made = reduced(need, input, dim, keepdim)
    if isinstance(q, Tensor) and q.rank == 1:
        made = input.with_shape(q.shape[0], *made.shape)
    return written(made, out)


# ---- places in sorted sequences


@op(
    "torch.searchsorted",
    "sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None, out=None",
)
def searchsorted(
    need: Need, sorted_sequence: Tensor, input: Any, out_int32: Any = False, right: Any = False, side: Any = None,
    sorter: Any = None, out: Any = None,
) -> Tensor:  # fmt: skip
    """Where each value would be inserted; one sequence for all, or one for each row."""
    value = operand(need, input, "the input")
    dtype = "int32" if out_int32 else "int64"
    if sorted_sequence.known and sorted_sequence.rank == 0:
        need.refuse("wrong-rank", "the sorted sequence must have at least one axis")
    if isinstance(value, Tensor):
        _comparable(need, value, sorted_sequence)
    elif sorted_sequence.rank != 1:
        need.refuse(
            "wrong-rank", f"for a number the sequence must have 1 axis, it has {sorted_sequence.rank}"
        )
    if not isinstance(value, Tensor):
        takes(need, result_type(need, value, sorted_sequence), "if", what="the common dtype")
        return Tensor((), dtype)
    if sorted_sequence.known and sorted_sequence.rank > 1:
        rank = need.rank(value, sorted_sequence.rank)
        for i, (a, b) in enumerate(zip(value.shape[:-1], sorted_sequence.shape[:-1], strict=True)):
            need.equal(
                a, b, "call-refused", f"axis {i} of the values ({rank} axes)", f"axis {i} of the sequences"
            )
    return value.like(dtype)


def _comparable(need: Need, values: Tensor, sequence: Tensor) -> None:
    if nonempty(values):
        takes(need, result_type(need, values, sequence), "if", what="the common dtype")


@op("torch.bucketize", "input, boundaries, *, out_int32=False, right=False, out=None")
def bucketize(
    need: Need, input: Any, boundaries: Tensor, out_int32: Any = False, right: Any = False, out: Any = None
) -> Tensor:
    """The bucket of each value; the boundaries have one axis."""
    need.rank(boundaries, 1, what="boundaries")
    value = operand(need, input, "the input")
    dtype = "int32" if out_int32 else "int64"
    if isinstance(value, Tensor):
        _comparable(need, value, boundaries)
        return value.like(dtype)
    takes(need, result_type(need, value, boundaries), "if", what="the common dtype")
    return Tensor((), dtype)


@op("torch.isin", "elements, test_elements, *, assume_unique=False, invert=False, out=None")
def isin(
    need: Need,
    elements: Any,
    test_elements: Any,
    assume_unique: Any = False,
    invert: Any = False,
    out: Any = None,
) -> Tensor:
    """Whether each element is among the others."""
    first, second = operand(need, elements, "elements"), operand(need, test_elements, "test_elements")
    if not isinstance(first, Tensor) and not isinstance(second, Tensor):
        need.refuse("call-refused", "isin needs a tensor", "TypeError")
    for value in (first, second):
        if isinstance(value, Tensor):
            takes(need, value, "if", always=True)
    return written(first.like("bool") if isinstance(first, Tensor) else Tensor((), "bool"), out)


# ---- distinct values and counts: how many there are depends on the contents


@op(
    "torch.unique, torch.Tensor.unique",
    "input, sorted=True, return_inverse=False, return_counts=False, dim=None",
)
def unique(
    need: Need,
    input: Tensor,
    sorted: Any = True,
    return_inverse: Any = False,
    return_counts: Any = False,
    dim: Any = None,
) -> Any:
    """The distinct values (or slices along `dim`): a number of them that is not known."""
    takes(need, input, "bif", always=True)
    if dim is None and input.data is not None:
        numbers = [v for v in input.data if isinstance(v, (int, float)) and v == v]
        if len(numbers) == len(input.data):
            return _counted(input, numbers, return_inverse, return_counts)
    return _distinct(need, input, return_inverse, return_counts, dim)


@op(
    "torch.unique_consecutive, torch.Tensor.unique_consecutive",
    "input, return_inverse=False, return_counts=False, dim=None",
)
def unique_consecutive(
    need: Need, input: Tensor, return_inverse: Any = False, return_counts: Any = False, dim: Any = None
) -> Any:
    """The values without immediate repetitions."""
    takes(need, input, "bif", always=True)
    return _distinct(need, input, return_inverse, return_counts, dim)


def _counted(input: Tensor, numbers: list[Any], return_inverse: Any, return_counts: Any) -> Any:
    """The distinct values of a tensor whose numbers are known, in rising order; with them what else is asked for."""
    counts = Counter(numbers)
    values = sorted(counts)
    found = [input.with_shape(len(values))]
    found[0].data = tuple(values)
    if return_inverse:
        place = {value: i for i, value in enumerate(values)}
        found.append(input.like("int64"))
        found[-1].data = tuple(place[value] for value in numbers)
    if return_counts:
        found.append(Tensor((len(values),), "int64"))
        found[-1].data = tuple(counts[value] for value in values)
    return found[0] if len(found) == 1 else tuple(found)


def _distinct(need: Need, input: Tensor, return_inverse: Any, return_counts: Any, dim: Any) -> Any:
    count = need.fresh("unique")
    if dim is None:
        values, inverse = input.with_shape(count), input.like("int64")
    else:
        shape = list(input.shape)
        axis = need.axis(dim, len(shape))
        if not shape:
            need.refuse("axis-out-of-range", f"dim is {dim}, the input has no axes", "IndexError")
        length = shape[axis]
        if any(dims.equal(size, 0).yes for i, size in enumerate(shape) if i != axis):
            need.refuse("call-refused", "slices of no elements are not told apart")
        shape[axis] = count
        values, inverse = input.with_shape(*shape), Tensor((length,), "int64")
    found = [values]
    if return_inverse:
        found.append(inverse)
    if return_counts:
        found.append(Tensor((count,), "int64"))
    return found[0] if len(found) == 1 else tuple(found)


@op(both("bincount"), "input, weights=None, minlength=0")
def bincount(need: Need, input: Tensor, weights: Tensor | None = None, minlength: Any = 0) -> Tensor:
    """How often each of 0, 1, … occurs: as many as the largest value asks for, at least `minlength`."""
    [size] = need.axes(input, "N")
    takes(need, input, "i", always=True)
    dtype: str | None = "int64"
    least = minlength if isinstance(minlength, int) else 0
    if least < 0:
        need.refuse("call-refused", f"minlength must not be negative, it is {least}")
    if dims.equal(size, 0).yes:  # nothing to count: torch does not look at the weights
        return Tensor((least if isinstance(minlength, int) else need.fresh("bins"),), dtype)
    if weights is not None:
        [count] = need.axes(weights, "N", what="weights")
        need.equal(count, size, "call-refused", "the number of weights", "the number of values")
        dtype = {None: None, "float32": "float32"}.get(weights.dtype, "float64")
    return Tensor((need.fresh("bins", low=least),), dtype)


@op(both("histc"), "input, bins=100, min=0, max=0, *, out=None")
def histc(need: Need, input: Tensor, bins: Any = 100, min: Any = 0, max: Any = 0, out: Any = None) -> Tensor:
    """Counts in `bins` equal intervals."""
    count = arguments.size(need, bins, "bins")
    if dims.less_equal(count, 0).yes:
        need.refuse("call-refused", f"bins must be positive, it is {count}")
    takes(need, input, "f", always=True)
    return written(input.with_shape(count), out)


@op(both("histogram"), "input, bins, *, range=None, weight=None, density=False, out=None")
def histogram(
    need: Need,
    input: Tensor,
    bins: Any,
    range: Any = None,
    weight: Any = None,
    density: Any = False,
    out: Any = None,
) -> Record:
    """Counts, and the edges between which they were made: one more."""
    takes(need, input, "f", always=True)
    if isinstance(bins, Tensor):
        [edges] = need.axes(bins, "N", what="bins")
        count = edges - 1
    else:
        count = arguments.size(need, bins, "bins")
        if dims.less_equal(count, 0).yes:
            need.refuse("call-refused", f"bins must be positive, it is {count}")
    return Record(
        (input.with_shape(count), input.with_shape(count + 1)),
        ("hist", "bin_edges"),
        "torch.return_types.histogram",
    )
