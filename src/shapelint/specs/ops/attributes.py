"""What a tensor tells of itself: sizes, dtype, contents where they are known. Properties are listed in `PROPERTIES`."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes import strides
from shapelint.specs import layouts
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need, show
from shapelint.specs.ops.approximate import Approximate
from shapelint.specs.ops.elements import small
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.ops.promotion import castable, result_type
from shapelint.specs.registry import op
from shapelint.values import DType, Size, Tensor, Undetermined, Unknown
from shapelint.values.containers import List
from shapelint.values.torch_types import is_complex, is_float, itemsize, promote

# Read as attributes, without a call.
_PROPERTIES = (
    "shape ndim dtype data real imag T H mT mH nbytes itemsize is_leaf is_cuda is_sparse is_quantized is_meta"
)
PROPERTIES = frozenset(_PROPERTIES.split())


@op("torch.Tensor.size", "self, dim=None")
def size(need: Need, self: Tensor, dim: Any = None) -> Any:
    """The shape, or the size of one axis."""
    shape = self.shape
    if dim is None:
        return Size(shape)
    if isinstance(dim, Unknown):  # None, perhaps
        raise Undetermined(dim.why, dim)
    if not shape:
        need.refuse("axis-out-of-range", f"dim is {dim}, the tensor has no axes", "IndexError")
    return shape[need.axis(dim, len(shape))]


@op("torch.Tensor.shape", "self")
def shape(need: Need, self: Tensor) -> Size:
    """The sizes of all axes."""
    return Size(self.shape)


@op("torch.Tensor.dim, torch.Tensor.ndimension, torch.Tensor.ndim", "self")
def dim(need: Need, self: Tensor) -> int:
    """The number of axes."""
    return self.rank


@op("torch.numel, torch.Tensor.numel, torch.Tensor.nelement", "input")
def numel(need: Need, input: Tensor) -> Dim:
    """The number of elements."""
    return input.numel


@op("torch.Tensor.__len__", "self")
def length(need: Need, self: Tensor) -> Dim:
    """The size of the first axis."""
    if self.rank == 0:
        need.refuse("wrong-rank", "a 0-d tensor has no len()", "TypeError")
    return self.shape[0]


@op("torch.Tensor.dtype", "self")
def dtype(need: Need, self: Tensor) -> DType:
    """The dtype."""
    return DType(_dtype(self))


def _dtype(x: Tensor) -> str:
    if x.dtype is None:
        raise Undetermined("the tensor's dtype is not known")
    return x.dtype


@op("torch.Tensor.element_size, torch.Tensor.itemsize", "self")
def element_size(need: Need, self: Tensor) -> int:
    """Bytes of one element."""
    return itemsize(_dtype(self))


@op("torch.Tensor.nbytes", "self")
def nbytes(need: Need, self: Tensor) -> Dim:
    """Bytes of all elements."""
    return self.numel * itemsize(_dtype(self))


@op("torch.is_tensor", "obj")
def is_tensor(need: Need, obj: Any) -> bool:
    """Whether it is a tensor."""
    if isinstance(obj, Unknown):
        raise Undetermined(obj.why, obj)
    return isinstance(obj, Tensor)


@op("torch.is_floating_point, torch.Tensor.is_floating_point", "input")
def is_floating_point(need: Need, input: Tensor) -> bool:
    """Whether the dtype is a float."""
    return is_float(_dtype(input))


@op("torch.is_complex, torch.Tensor.is_complex", "input")
def is_complex_(need: Need, input: Tensor) -> bool:
    """Whether the dtype is complex."""
    return is_complex(_dtype(input))


@op("torch.is_signed, torch.Tensor.is_signed", "input")
def is_signed(need: Need, input: Tensor) -> bool:
    """Whether the dtype has negative numbers."""
    name = _dtype(input)
    return name != "bool" and not name.startswith("uint")


@op("torch.Tensor.is_contiguous", "self, memory_format=None")
def is_contiguous(need: Need, self: Tensor, memory_format: Any = None) -> bool:
    """Whether the values lie row after row."""
    verdict = layouts.in_rows(need, self)
    if memory_format is not None or verdict.unknown:
        need.unknown("where a tensor lies in memory is not followed")
    return verdict.yes


@op("torch.is_conj, torch.Tensor.is_conj, torch.is_neg, torch.Tensor.is_neg, torch.is_inference", "input")
@op("torch.Tensor.is_pinned, torch.Tensor.is_shared", "self, *args, **keywords")
@op("torch.Tensor.storage_offset, torch.Tensor.data_ptr", "self, *args, **keywords")
@op(
    "torch.get_device, torch.Tensor.get_device, torch.Tensor.is_inference, torch.Tensor.storage, torch.Tensor.untyped_storage",
    "self",
)
def layout(need: Need, *args: Any, **keywords: Any) -> Any:
    """Of where a tensor lies in memory nothing is known."""
    return need.unknown("where a tensor lies in memory is not followed")


@op("torch.Tensor.stride", "self, dim=None")
def stride(need: Need, self: Tensor, dim: Any = None) -> Any:
    """How far neighbours along each axis are apart. (Of an axis of size 1, and where nothing lies, that says nothing.)"""
    layout = layouts.layout_of(need, self)
    given = strides.strides(layout, self.shape) or (None,) * self.rank
    filled = dims.equal(self.numel, 0).no
    found = tuple(
        Unknown("where a tensor lies in memory is not followed", plain=True)
        if step is None or not filled or not dims.equal(size, 1).no
        else step
        for step, size in zip(given, self.shape, strict=True)
    )
    return found if dim is None else found[need.axis(dim, self.rank)]


@op("torch.is_same_size, torch.Tensor.is_same_size", "input, other")
def is_same_size(need: Need, input: Tensor, other: Tensor) -> bool:
    """Whether the shapes are equal."""
    a, b = input.shape, other.shape
    if len(a) != len(b):
        return False
    verdict = dims.both(*map(dims.equal, a, b))
    return need.unknown("whether the shapes are equal is not known") if verdict.unknown else verdict.yes


@op("torch.is_nonzero, torch.Tensor.is_nonzero, torch.Tensor.__bool__", "input")
def is_nonzero(need: Need, input: Tensor) -> bool:
    """Whether the one element is not zero."""
    return bool(_only(need, input, "bool"))


@op("torch.Tensor.item", "self")
def item(need: Need, self: Tensor) -> Any:
    """The one element as a number."""
    name = self.dtype
    kind = None if name is None else "float" if is_float(name) else "complex" if is_complex(name) else "int"
    return _only(need, self, "bool" if name == "bool" else kind)


@op("torch.Tensor.__int__", "self")
def as_int(need: Need, self: Tensor) -> Any:
    """The one element as an int."""
    found = _only(need, self, "int")
    return int(found) if isinstance(found, float) else found


@op("torch.Tensor.__index__", "self")
def as_index(need: Need, self: Tensor) -> Any:
    """The one element, which must be an integer."""
    takes(need, self, "bi", always=True)
    return as_int(need, self)


@op("torch.Tensor.__float__", "self")
def as_float(need: Need, self: Tensor) -> Any:
    """The one element as a float."""
    found = _only(need, self, "float")
    return float(found) if isinstance(found, int) else found


def _only(need: Need, x: Tensor, kind: str | None) -> Any:
    if x.known:
        verdict = dims.equal(x.numel, 1)
        if verdict.no:
            need.refuse(
                "call-refused", f"only a tensor of one element is a number, this one is {show(x.shape)}"
            )
    if x.data is not None and len(x.data) == 1:
        return _number(x.data[0], kind)
    return _element(kind)


def _number(value: Any, kind: str | None) -> Any:
    return _element(kind) if isinstance(value, Approximate) else value


def _element(kind: str | None) -> Unknown:
    found = Unknown("what a tensor contains is not followed", plain=True)
    found.annotation = kind
    return found


@op("torch.Tensor.tolist", "self")
def tolist(need: Need, self: Tensor) -> Any:
    """The elements as nested lists."""
    count = small(self.shape)
    if (
        count is None or small(tuple(size or 1 for size in self.shape)) is None
    ):  # no elements, many empty lists
        return need.unknown("what a tensor contains is not followed")
    kind = (
        None
        if self.dtype is None
        else "bool"
        if self.dtype == "bool"
        else "float"
        if is_float(self.dtype)
        else "int"
    )
    items: list[Any] = (
        [_number(v, kind) for v in self.data]
        if self.data is not None
        else [_element(kind) for _ in range(count)]
    )
    for axis in reversed(range(self.rank)):
        length_ = int(self.shape[axis])
        outer = 1
        for s in self.shape[:axis]:
            outer *= int(s)
        items = [List(items[i * length_ : (i + 1) * length_]) for i in range(outer)]
    return items[0]


@op("torch.Tensor.backward", "self, gradient=None, retain_graph=None, create_graph=False, inputs=None")
def backward(
    need: Need, self: Tensor, gradient: Any, retain_graph: Any, create_graph: Any, inputs: Any
) -> None:
    """Without a gradient, only a single number can be differentiated."""
    if gradient is None and self.known and dims.equal(self.numel, 1).no:
        need.refuse("call-refused", f"backward() starts from one number, this is {show(self.shape)}")


@op("torch.Tensor.retain_grad", "self")
def retain_grad(need: Need, self: Tensor) -> None:
    """Keeps the gradient of an inner tensor."""


@op("torch.Tensor.register_hook, torch.Tensor.register_post_accumulate_grad_hook", "self, hook")
def register_hook(need: Need, self: Tensor, hook: Any) -> Any:
    """A handle."""
    return need.unknown("a hook's handle")


@op("torch.result_type", "tensor1, tensor2")
def result_type_(need: Need, tensor1: Any, tensor2: Any) -> DType:
    """The dtype of arithmetic between the two."""
    for value in (tensor1, tensor2):
        if isinstance(value, Unknown):  # a tensor, or a number
            raise Undetermined(value.why, value)
    found = result_type(need, tensor1, tensor2)
    return DType(found) if found is not None else need.unknown("a dtype is not known")


@op("torch.promote_types", "type1, type2")
def promote_types(need: Need, type1: Any, type2: Any) -> DType:
    """The smallest dtype that holds both."""
    found = promote(dtype_name(type1, None), dtype_name(type2, None))
    return DType(found) if found is not None else need.unknown("a dtype is not known")


@op("torch.can_cast", "from_, to")
def can_cast(need: Need, from_: Any, to: Any) -> bool:
    """Whether a result may be written over another dtype."""
    source, target = dtype_name(from_, None), dtype_name(to, None)
    if source is None or target is None:
        need.unknown("a dtype is not known")
    return castable(source, target)
