"""The same numbers read otherwise (complex as pairs), shapes broadcast together, tensors resized in place."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.broadcast import broadcast
from shapelint.specs import arguments
from shapelint.specs.need import Need, is_sequence, sequence, show
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.ops.promotion import to_real
from shapelint.specs.registry import op
from shapelint.values import Size, Tensor, Undetermined
from shapelint.values.torch_types import complex_of


@op("torch.view_as_real, torch.view_as_real_copy", "input")
def view_as_real(need: Need, input: Tensor) -> Tensor:
    """A last axis of 2: the real and the imaginary part."""
    takes(need, input, "c", always=True)
    return input.with_shape(*input.shape, 2, dtype=to_real(input.dtype))


@op("torch.view_as_complex, torch.view_as_complex_copy", "input")
def view_as_complex(need: Need, input: Tensor) -> Tensor:
    """The last axis, of 2, becomes one complex number."""
    if input.dtype is not None and input.dtype not in ("float16", "float32", "float64"):
        need.refuse("wrong-dtype", f"the parts must be float16, float32 or float64, they are {input.dtype}")
    *shape, parts = need.axes(input, "* P")
    need.equal(parts, 2, "view-size-mismatch", "the last axis", "the number of parts")
    dtype = (
        None if input.dtype is None else "complex32" if input.dtype == "float16" else complex_of(input.dtype)
    )
    return input.with_shape(*shape, dtype=dtype)


@op("torch.broadcast_tensors", "*tensors")
def broadcast_tensors(need: Need, tensors: Any) -> tuple[Tensor, ...]:
    """All of them in their common shape."""
    if len(tensors) == 1 and is_sequence(tensors[0]):
        tensors = sequence(tensors[0])
    if not all(isinstance(t, Tensor) for t in tensors):
        raise Undetermined("not all operands are tensors that are known")
    shape = broadcast(need, *(t.shape for t in tensors))
    return tuple(t.with_shape(*shape) for t in tensors)


@op("torch.broadcast_shapes", "*shapes")
def broadcast_shapes(need: Need, shapes: Any) -> Size:
    """The common shape."""
    return Size(broadcast(need, *(tuple(need.dim(d) for d in arguments.several(shape)) for shape in shapes)))


@op("torch.Tensor.resize", "self, *sizes, memory_format=None")
def resize(need: Need, self: Tensor, sizes: Any, memory_format: Any = None) -> Tensor:
    """Deprecated: the same numbers, otherwise laid out."""
    return _rearranged(need, self, tuple(arguments.sizes_of(need, sizes)))


@op("torch.Tensor.resize_as", "self, other, memory_format=None")
def resize_as(need: Need, self: Tensor, other: Tensor, memory_format: Any = None) -> Tensor:
    """Deprecated: the same numbers, laid out as the other's."""
    return _rearranged(need, self, tuple(other.shape))


def _rearranged(need: Need, self: Tensor, shape: tuple[Dim, ...]) -> Tensor:
    have, asked = dims.product(self.shape), dims.product(shape)
    need.equal(asked, have, "view-size-mismatch", "the number of values asked for", "the number there are")
    return self.with_shape(*shape)


@op("torch.Tensor.resize_", "self, *sizes, memory_format=None")
def resize_(need: Need, self: Tensor, sizes: Any, memory_format: Any = None) -> Tensor:
    """Another size, whatever is in it."""
    wanted = arguments.sizes_of(need, sizes)
    if any(dims.less(n, 0).yes for n in wanted):
        need.refuse("call-refused", f"no size may be negative: {show(wanted)}")
    return self.with_shape(*wanted)


@op("torch.Tensor.resize_as_, torch.resize_as_", "self, other, memory_format=None")
def resize_as_(need: Need, self: Tensor, other: Tensor, memory_format: Any = None) -> Tensor:
    """The other's size."""
    return other.like(self.dtype)


@op("torch.Tensor.set_", "self, source=None, storage_offset=0, size=None, stride=None")
def set_(
    need: Need,
    self: Tensor,
    source: Any = None,
    storage_offset: Any = 0,
    size: Any = None,
    stride: Any = None,
) -> Tensor:
    """Another tensor's memory and size."""
    if isinstance(source, Tensor) and size is None:
        return source.like(self.dtype)
    if size is not None:
        return self.with_shape(*arguments.sizes_of(need, (size,)))
    return need.unknown("a tensor's storage is not followed")


@op("torch.Tensor.as_subclass", "self, cls")
def as_subclass(need: Need, self: Tensor, cls: Any) -> Tensor:
    """The same numbers."""
    return self.like()


@op("torch.Tensor.apply_", "self, callable", inplace=True)
@op("torch.Tensor.map_", "self, tensor, callable", inplace=True)
def apply_(need: Need, self: Tensor, **options: Any) -> Tensor:
    """A function over every element."""
    return self.like()
