"""Sequences of numbers: arange, linspace, index grids, windows; and random draws from distributions given as tensors."""

from __future__ import annotations

import math
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym, Verdict
from shapelint.specs import arguments
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.ops.creation import OPTIONS, made, natural
from shapelint.specs.ops.elements import fit, give, small
from shapelint.specs.ops.elementwise import elementwise, takes, written
from shapelint.specs.ops.promotion import category, number_dtype, number_kind, result_type
from shapelint.specs.registry import op
from shapelint.values import Shape, Tensor, Undetermined, Unknown
from shapelint.values.torch_types import is_complex, is_float

_NONE = "__none__"


@op("torch.arange", f"start='{_NONE}', end='{_NONE}', step=1, *, out=None, {OPTIONS}")
def arange(
    need: Need, start: Any = _NONE, end: Any = _NONE, step: Any = 1, dtype: Any = None, **options: Any
) -> Tensor:
    """From start to (before) end: ceil((end - start) / step) numbers; int64 unless one of the three is a float."""
    if isinstance(end, str) and end == _NONE:
        start, end = 0, start
    if isinstance(start, str) and start == _NONE:
        start = 0
        if step != 1:
            need.refuse("call-refused", "arange takes a step only behind a start", "TypeError")
    kinds = [_kind(need, v) for v in (start, end, step)]
    inferred = (
        None if None in kinds else need.recorder.default_dtype if any(map(is_float, kinds)) else "int64"
    )
    name = dtype_name(dtype, inferred)
    start, end, step = (_plain(v) for v in (start, end, step))
    result = made(need, (_length(need, start, end, step, name),), name, options)
    if small(result.shape):
        give(result, lambda: _steps(start, step, int(result.shape[0]), name))
    return result


def _kind(need: Need, value: Any) -> str | None:
    if isinstance(value, Tensor):
        return value.dtype
    if isinstance(value, str) or value is None or is_sequence(value):
        need.refuse("call-refused", "arange takes numbers", "TypeError")
    return number_dtype(value, need.recorder.default_dtype)


def _plain(value: Any) -> Any:
    """The number in a 0-d tensor, where it is known."""
    if isinstance(value, Tensor):
        return arguments.single(value)
    return value


def _steps(start: Any, step: Any, count: int, dtype: str | None) -> list[Any]:
    """start, start + step, ...: followed where no rounding is involved."""
    if dtype is None or any(not isinstance(v, (int, float, Sym)) for v in (start, step)):
        raise Undetermined("a bound that is not known")
    if not is_float(dtype):
        start, step = (int(v) if isinstance(v, float) else v for v in (start, step))
    elif any(isinstance(v, float) and not v.is_integer() for v in (start, step)):
        raise Undetermined("how the steps are rounded")
    return [start + i * step for i in range(count)]


def _length(need: Need, start: Any, end: Any, step: Any, dtype: str | None) -> Dim:
    if any(v is None for v in (start, end, step)):
        return need.fresh("arange")
    if any(isinstance(v, float) for v in (start, end, step)):
        if dtype is None or any(not isinstance(v, (int, float)) for v in (start, end, step)):
            return need.fresh("arange")  # (of integers the bounds are cut first)
        if dtype == "int64":
            start, end, step = int(start), int(end), int(step)
        else:
            start, end, step = float(start), float(end), float(step)
            if step == 0 or (end - start) * step < 0 or not math.isfinite(end - start):
                need.refuse("call-refused", f"arange cannot go from {start} to {end} in steps of {step}")
            count: int = math.ceil((end - start) / step)
            return count
    first, last, by = (need.dim(v) for v in (start, end, step))
    if dims.equal(by, 0).yes:
        need.refuse("call-refused", "arange cannot go in steps of 0")
    forward = dims.less(0, by)
    if forward.unknown:
        return need.fresh("arange")
    wrong = dims.less(last, first) if forward.yes else dims.less(first, last)
    if wrong.yes:
        need.refuse("call-refused", f"arange cannot go from {first} to {last} in steps of {by}")
    return dims.ceildiv(last - first, by)


@op("torch.range", f"start, end, step=1, *, out=None, {OPTIONS}")
def range_(need: Need, start: Any, end: Any, step: Any = 1, dtype: Any = None, **options: Any) -> Tensor:
    """Deprecated: both ends included, always float."""
    if not all(isinstance(v, (int, float)) for v in (start, end, step)):
        raise Undetermined("a bound of torch.range is not known")
    kind = dtype_name(dtype, need.recorder.default_dtype)
    if kind is None and not all(isinstance(v, int) for v in (start, end, step)):
        raise Undetermined("whether the bounds of torch.range are cut to integers")
    if kind is not None and category(kind) < 2:
        start, end, step = int(start), int(end), int(step)
    if step == 0 or (end - start) * step < 0:
        need.refuse("call-refused", f"range cannot go from {start} to {end} in steps of {step}")
    return made(need, (int((end - start) / step) + 1,), kind, options)


@op("torch.linspace", f"start, end, steps, *, out=None, {OPTIONS}")
def linspace(need: Need, start: Any, end: Any, steps: Any, dtype: Any = None, **options: Any) -> Tensor:
    """`steps` numbers from start to end, both included."""
    result = _spaced(need, start, end, steps, dtype, options)
    first, last = _plain(start), _plain(end)
    if isinstance(first, (int, float)) and isinstance(last, (int, float)) and small(result.shape):
        name = result.dtype
        if name in ("float32", "float64"):
            give(result, lambda: _line(first, last, int(result.shape[0]), name))
    return result


def _line(start: float, end: float, count: int, dtype: str) -> list[float]:
    """As torch computes it: from both ends to the middle, each operation rounded. (Torch's own last bit depends on the
    machine's vector width.)"""
    start, end = fit(start, dtype), fit(end, dtype)
    if count == 1:
        return [start]
    step = fit(fit(end - start, dtype) / (count - 1), dtype)
    return [
        start + fit(step * i, dtype) if i < count // 2 else end - fit(step * (count - i - 1), dtype)
        for i in range(count)
    ]


@op("torch.logspace", f"start, end, steps, base=10.0, *, out=None, {OPTIONS}")
def logspace(
    need: Need, start: Any, end: Any, steps: Any, base: Any = 10.0, dtype: Any = None, **options: Any
) -> Tensor:
    """`steps` powers of base, from base**start to base**end."""
    return _spaced(need, start, end, steps, dtype, options)


def _spaced(need: Need, start: Any, end: Any, steps: Any, dtype: Any, options: dict[str, Any]) -> Tensor:
    default = need.recorder.default_dtype
    for bound in (start, end):
        if isinstance(bound, Tensor) and bound.known and bound.rank:
            need.refuse(
                "wrong-rank", f"start and end must be numbers or 0-d tensors, one has {bound.rank} axes"
            )
    kinds = [b.dtype if isinstance(b, Tensor) else number_dtype(b, default) for b in (start, end)]
    complexes = [k for k in kinds if is_complex(k)]
    inferred = "complex64" if complexes else default
    count = natural(need, arguments.size(need, steps, "steps"), "steps")
    return made(need, (count,), dtype_name(dtype, inferred), options)


@op("torch.meshgrid", "*tensors, indexing=None")
def meshgrid(need: Need, tensors: Any, indexing: Any = None) -> tuple[Tensor, ...]:
    """One grid a tensor, all of the shape that the tensors' lengths give ("xy" swaps the first two)."""
    if len(tensors) == 1 and is_sequence(tensors[0]):
        tensors = sequence(tensors[0])
    if not tensors:
        need.refuse("call-refused", "meshgrid needs a tensor", "ValueError")
    if isinstance(indexing, str) and indexing not in ("ij", "xy"):
        need.refuse("call-refused", f"indexing must be 'ij' or 'xy', it is {indexing!r}")
    swapped = indexing == "xy"
    if isinstance(indexing, Unknown) and len(tensors) > 1:
        raise Undetermined(indexing.why, indexing)
    sizes: list[Dim] = []
    for x in tensors:
        x = _tensor(x)
        need.rank(x, 0, 1, what="each tensor")
        sizes.append(x.shape[0] if x.rank else 1)
    if len({_tensor(x).dtype for x in tensors if _tensor(x).dtype is not None}) > 1:
        need.refuse("wrong-dtype", "meshgrid needs tensors of one dtype")
    if swapped and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return tuple(_grid(_tensor(x), i, tuple(sizes), swapped) for i, x in enumerate(tensors))


def _grid(x: Tensor, index: int, shape: Shape, swapped: bool) -> Tensor:
    axis = 1 - index if swapped and index < 2 and len(shape) > 1 else index
    made_ = Tensor(shape, x.dtype)
    if x.data is not None and small(shape) is not None:
        data = x.data
        inner = math.prod(int(s) for s in shape[axis + 1 :])
        outer = math.prod(int(s) for s in shape[:axis])
        give(made_, lambda: [v for _ in range(outer) for v in data for _ in range(inner)])
    return made_


def _tensor(value: Any) -> Tensor:
    if isinstance(value, Tensor):
        return value
    raise Undetermined(value.why if isinstance(value, Unknown) else "not a tensor that is known")


@op("torch.vander", "x, N=None, increasing=False")
def vander(need: Need, x: Tensor, N: Any = None, increasing: Any = False) -> Tensor:
    """A row of powers for each element."""
    [count] = need.axes(x, "N")
    powers = count if N is None else natural(need, arguments.size(need, N, "N"), "N")
    return x.with_shape(count, powers, dtype="int64" if x.dtype and category(x.dtype) < 2 else x.dtype)


_WINDOW = f"window_length, periodic=True, *, {OPTIONS}"


@op("torch.hann_window, torch.blackman_window, torch.bartlett_window", _WINDOW)
@op("torch.hamming_window", f"window_length, periodic=True, alpha=0.54, beta=0.46, *, {OPTIONS}")
@op("torch.kaiser_window", f"window_length, periodic=True, beta=12.0, *, {OPTIONS}")
def window(need: Need, window_length: Any, dtype: Any = None, **options: Any) -> Tensor:
    """`window_length` weights, of a floating dtype."""
    count = natural(need, arguments.size(need, window_length, "window_length"), "window_length")
    name = dtype_name(dtype, need.recorder.default_dtype)
    takes(need, name, "f", what="a window")
    return made(need, (count,), name, options)


def _signal_window(need: Need, M: Any, dtype: Any = None, **options: Any) -> Tensor:
    """M weights."""
    return window(need, M, dtype, **{k: v for k, v in options.items() if k == "requires_grad"})


for _name, _text in {
    "bartlett": "", "blackman": "", "cosine": "", "hamming": "", "hann": "", "nuttall": "", "kaiser": "beta=12.0, ",
    "gaussian": "std=1.0, ", "general_hamming": "alpha=0.54, ", "exponential": "center=None, tau=1.0, ",
}.items():  # fmt: skip
    op(f"torch.signal.windows.{_name}", f"M, *, {_text}sym=True, {OPTIONS}")(_signal_window)


@op("torch.normal", f"mean, std=1.0, size=None, *, generator=None, out=None, {OPTIONS}")
def normal(
    need: Need, mean: Any, std: Any = 1.0, size: Any = None, dtype: Any = None, **options: Any
) -> Tensor:
    """Random normal numbers: of a size, or one for each mean and deviation."""
    if size is not None:
        shape = tuple(natural(need, d) for d in arguments.sizes_of(need, (size,)))
        result = made(need, shape, dtype_name(dtype, need.recorder.default_dtype), options)
        takes(need, result, "fc", always=True)
        return result
    tensors = [t for t in (mean, std) if isinstance(t, Tensor)]
    if any(number_kind(v) is None for v in (mean, std) if not isinstance(v, Tensor)):
        need.unknown("whether the mean and deviation are tensors is not known")
    if not tensors:
        need.refuse("call-refused", "normal needs a tensor or a size", "TypeError")
    result = elementwise(need, *tensors, dtype=tensors[0].dtype)
    takes(need, result, "fc")
    return result


@op("torch.bernoulli, torch.Tensor.bernoulli", "input, p=None, *, generator=None, out=None")
def bernoulli(need: Need, input: Tensor, p: Any = None, generator: Any = None, out: Any = None) -> Tensor:
    """Zeros and ones with these probabilities."""
    if p is None:
        takes(need, input, "f")
    return written(input.like(), out)


@op("torch.poisson", "input, generator=None")
def poisson(need: Need, input: Tensor, generator: Any = None) -> Tensor:
    """Random counts with these rates."""
    takes(need, input, "f", always=True)
    return input.like()


@op("torch.binomial", "count, prob, generator=None")
def binomial(need: Need, count: Tensor, prob: Tensor, generator: Any = None) -> Tensor:
    """Random counts of successes."""
    if count.dtype is not None and prob.dtype is not None and count.dtype != prob.dtype:
        need.refuse("wrong-dtype", f"count is {count.dtype}, prob is {prob.dtype}")
    takes(need, count, "f", always=True)
    return elementwise(need, count, prob, dtype=result_type(need, count, prob))


@op(
    "torch.multinomial, torch.Tensor.multinomial",
    "input, num_samples, replacement=False, *, generator=None, out=None",
)
def multinomial(
    need: Need, input: Tensor, num_samples: Any, replacement: Any = False, **options: Any
) -> Tensor:
    """`num_samples` category numbers for each row of weights."""
    *batch, categories = need.axes(input, "[N] C")
    takes(need, input, "f", always=True)
    count = arguments.size(need, num_samples, "num_samples")
    if dims.less_equal(count, 0) is Verdict.YES:
        need.refuse("call-refused", f"num_samples must be positive, it is {count}")
    if replacement is False:
        need.at_least(categories, count, "call-refused", "the number of categories", "num_samples")
    return input.with_shape(*batch, count, dtype="int64")
