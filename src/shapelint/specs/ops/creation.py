"""Tensors made from sizes: zeros, ones, full, rand, randint, eye, their *_like and new_* forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs import arguments, layouts
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need, is_no_sequence, is_sequence, sequence
from shapelint.specs.ops.elements import fill, give, small
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.ops.promotion import category, number_dtype
from shapelint.specs.registry import op
from shapelint.values import Shape, Tensor

OPTIONS = "dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"
_LIKE = OPTIONS + ", memory_format=None"


def made(need: Need, shape: Shape, dtype: str | None, options: dict[str, Any] | None = None) -> Tensor:
    """A new tensor; refuses a gradient for integers."""
    result = layouts.new(Tensor(shape, dtype), (options or {}).get("memory_format"))
    grad = (options or {}).get("requires_grad", False)
    if grad is True and dtype is not None and category(dtype) < 2:
        need.refuse("wrong-dtype", f"only floating-point tensors can require gradients, this one is {dtype}")
    result.requires_grad = grad if isinstance(grad, bool) else None
    return result


def natural(need: Need, size: Dim, what: str = "a size") -> Dim:
    """A size that must not be negative."""
    if dims.less(size, 0).yes:
        need.refuse("call-refused", f"{what} must not be negative, it is {size}")
    return size


def shape_of(need: Need, sizes: Any, size: Any = None) -> Shape:
    """Sizes given one by one, as one sequence, or by keyword."""
    if size is not None:
        sizes = (size,)
    elif sizes == ():
        need.refuse("call-refused", "no sizes are given", "TypeError")
    elif len(sizes) > 1 and any(map(is_sequence, sizes)):
        need.refuse("call-refused", "sizes are given one by one or as one sequence, not both", "TypeError")
    return tuple(natural(need, d) for d in arguments.sizes_of(need, sizes))


def _filled(value: int | None, random: str = "") -> Callable[..., Tensor]:
    def law(need: Need, sizes: Any, size: Any = None, dtype: Any = None, **options: Any) -> Tensor:
        shape = shape_of(need, sizes, size)
        result = made(need, shape, dtype_name(dtype, need.recorder.default_dtype), options)
        if random:
            # The bounds of a uniform draw are checked first, also where nothing is drawn.
            takes(need, result, "fc", always=random == "uniform", what="a random tensor")
        return result if value is None else fill(result, value)

    return law


_SIZES = f"*sizes, size=None, out=None, {OPTIONS}"
op("torch.zeros", _SIZES)(_filled(0))
op("torch.ones", _SIZES)(_filled(1))
op("torch.empty", _SIZES + ", memory_format=None")(_filled(None))
op("torch.rand", _SIZES + ", generator=None, names=None")(_filled(None, "uniform"))
op("torch.randn", _SIZES + ", generator=None, names=None")(_filled(None, "normal"))


@op("torch.full", f"size, fill_value, *, out=None, {OPTIONS}")
def full(need: Need, size: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Tensor:
    """One number everywhere; the dtype is the number's."""
    if is_no_sequence(size):
        need.refuse("call-refused", "full takes its sizes as a sequence", "TypeError")
    shape = shape_of(need, (), size)
    kind = (
        fill_value.dtype
        if isinstance(fill_value, Tensor)
        else number_dtype(fill_value, need.recorder.default_dtype)
    )
    return fill(made(need, shape, dtype_name(dtype, kind), options), _number(fill_value))


def _number(value: Any) -> Any:
    found = arguments.single(value) if isinstance(value, Tensor) else value
    return found


def laid_out(need: Need, size: Any, layout: Any, what: str) -> tuple[Dim, ...]:
    """The sizes of a tensor whose layout is given: as many numbers as there are axes."""
    shape = shape_of(need, (), size)
    if is_sequence(layout) and len(sequence(layout)) != len(shape):
        need.refuse(
            "call-refused", f"{what} must hold {len(shape)} numbers, it holds {len(sequence(layout))}"
        )
    return shape


def _elsewhere(result: Tensor) -> Tensor:
    result.layout = None
    return result


@op("torch.empty_strided", f"size, stride, *, {OPTIONS}")
def empty_strided(need: Need, size: Any, stride: Any, dtype: Any = None, **options: Any) -> Tensor:
    """Uninitialised, with a layout of its own."""
    kind = dtype_name(dtype, need.recorder.default_dtype)
    return _elsewhere(made(need, laid_out(need, size, stride, "stride"), kind, options))


@op("torch.empty_permuted", f"size, physical_layout, *, {OPTIONS}")
def empty_permuted(need: Need, size: Any, physical_layout: Any, dtype: Any = None, **options: Any) -> Tensor:
    """Uninitialised, with a layout of its own."""
    kind = dtype_name(dtype, need.recorder.default_dtype)
    return _elsewhere(made(need, laid_out(need, size, physical_layout, "physical_layout"), kind, options))


@op("torch.randint", f"*args, low=None, high=None, size=None, generator=None, out=None, {OPTIONS}")
def randint(
    need: Need,
    args: Any,
    low: Any = None,
    high: Any = None,
    size: Any = None,
    dtype: Any = None,
    **options: Any,
) -> Tensor:
    """randint(high, size) or randint(low, high, size): int64 unless told."""
    rest = list(args)
    if size is None and rest:
        size = rest.pop()
    if is_no_sequence(size):
        need.refuse("call-refused", "randint takes its sizes as a sequence, last", "TypeError")
    if len(rest) == 2:
        low, high = rest
    elif len(rest) == 1:
        low, high = (low, rest[0]) if high is None else (rest[0], high)
    elif rest:
        need.refuse("call-refused", "randint takes (low, high, size)", "TypeError")
    if isinstance(high, (int, float)) and isinstance(low or 0, (int, float)) and (low or 0) >= high:
        need.refuse("call-refused", f"randint needs low < high, they are {low or 0} and {high}")
    result = made(need, shape_of(need, (), size), dtype_name(dtype, "int64"), options)
    takes(need, result, "bif", always=True, what="a random integer tensor")
    return result


@op("torch.randperm", f"n, *, generator=None, out=None, {OPTIONS}")
def randperm(need: Need, n: Any, dtype: Any = None, **options: Any) -> Tensor:
    """The numbers 0 to n-1 in random order."""
    count = natural(need, arguments.size(need, n, "n"), "n")
    return made(need, (count,), dtype_name(dtype, "int64"), options)


@op("torch.eye", f"n, m=None, *, out=None, {OPTIONS}")
def eye(need: Need, n: Any, m: Any = None, dtype: Any = None, **options: Any) -> Tensor:
    """Ones on the diagonal of n rows and m (or n) columns."""
    height = natural(need, arguments.size(need, n, "n"), "n")
    width = height if m is None else natural(need, arguments.size(need, m, "m"), "m")
    result = made(need, (height, width), dtype_name(dtype, need.recorder.default_dtype), options)
    if small(result.shape) is not None:
        give(result, lambda: [int(i == j) for i in range(height) for j in range(width)])
    return result


def _like(value: int | None, random: str = "") -> Callable[..., Tensor]:
    def law(need: Need, input: Tensor, dtype: Any = None, **options: Any) -> Tensor:
        result = input.like(dtype_name(dtype, input.dtype))
        layouts.copied(need, result, input, options.get("memory_format"))
        grad = made(need, (), result.dtype, options).requires_grad
        result.requires_grad = grad
        if random:
            # The bounds of a uniform draw are checked first, also where nothing is drawn.
            takes(need, result, "fc", always=random == "uniform", what="a random tensor")
        return fill(result, value) if value is not None and result.known else result

    return law


op("torch.zeros_like", f"input, *, {_LIKE}")(_like(0))
op("torch.ones_like", f"input, *, {_LIKE}")(_like(1))
op("torch.empty_like", f"input, *, {_LIKE}")(_like(None))
op("torch.rand_like", f"input, *, {_LIKE}, generator=None")(_like(None, "uniform"))
op("torch.randn_like", f"input, *, {_LIKE}, generator=None")(_like(None, "normal"))


@op("torch.full_like", f"input, fill_value, *, {_LIKE}")
def full_like(need: Need, input: Tensor, fill_value: Any, **options: Any) -> Tensor:
    """One number everywhere, in the input's shape and dtype."""
    result: Tensor = _like(None)(need, input, **options)
    return fill(result, _number(fill_value)) if result.known else result


@op("torch.randint_like", f"input, low, high=None, *, {_LIKE}, generator=None")
def randint_like(need: Need, input: Tensor, low: Any, high: Any = None, **options: Any) -> Tensor:
    """Random integers in the input's shape and dtype."""
    least, most = (0, low) if high is None else (low, high)
    if isinstance(least, int) and isinstance(most, int) and least >= most:
        need.refuse("call-refused", f"randint_like needs low < high, they are {least} and {most}")
    result: Tensor = _like(None)(need, input, **options)
    takes(need, result, "bif", always=True, what="a random integer tensor")
    return result


def _new(value: int | None) -> Callable[..., Tensor]:
    def law(
        need: Need, self: Tensor, sizes: Any, size: Any = None, dtype: Any = None, **options: Any
    ) -> Tensor:
        result = made(need, shape_of(need, sizes, size), dtype_name(dtype, self.dtype), options)
        return result if value is None else fill(result, value)

    return law


op("torch.Tensor.new_zeros", f"self, *sizes, size=None, {OPTIONS}")(_new(0))
op("torch.Tensor.new_ones", f"self, *sizes, size=None, {OPTIONS}")(_new(1))
op("torch.Tensor.new_empty", f"self, *sizes, size=None, {OPTIONS}")(_new(None))


@op("torch.Tensor.new_full", f"self, size, fill_value, *, {OPTIONS}")
def new_full(
    need: Need, self: Tensor, size: Any, fill_value: Any, dtype: Any = None, **options: Any
) -> Tensor:
    """One number everywhere, in self's dtype."""
    if is_no_sequence(size):
        need.refuse("call-refused", "new_full takes its sizes as a sequence", "TypeError")
    return fill(
        made(need, shape_of(need, (), size), dtype_name(dtype, self.dtype), options), _number(fill_value)
    )


@op("torch.Tensor.new_empty_strided", f"self, size, stride, *, {OPTIONS}")
def new_empty_strided(
    need: Need, self: Tensor, size: Any, stride: Any, dtype: Any = None, **options: Any
) -> Tensor:
    """Uninitialised, in self's dtype."""
    shape, kind = laid_out(need, size, stride, "stride"), dtype_name(dtype, self.dtype)
    return _elsewhere(made(need, shape, kind, options))
