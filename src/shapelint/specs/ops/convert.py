"""A tensor in another dtype, on another device, as a copy: the shape stays.

A conversion that changes nothing returns the tensor itself, as torch does: a parameter then stays a parameter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.specs import layouts
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need
from shapelint.specs.ops.elements import give
from shapelint.specs.registry import op
from shapelint.values import HERE, Device, DType, Tensor, Unknown
from shapelint.values.torch_types import ALIASES


def converted(x: Tensor, dtype: str | None) -> Tensor:
    """A new tensor with the same meaning: numbers, marks and gradient go with it."""
    made = x.like(dtype)
    made.marks = x.marks
    made.requires_grad = x.requires_grad
    if x.data is not None and made.known:
        data = x.data
        give(made, lambda: data)
    return made


def _moves(device: Any) -> bool:
    """Whether a device argument is (or may be) another device than the tensor's own: "cpu" is where all tensors start."""
    if device is None or device is HERE:
        return False
    name = device.type if isinstance(device, Device) else device
    return not (isinstance(name, str) and name.split(":")[0] == "cpu")


@op("torch.Tensor.to", "self, *args, **keywords")
def to(need: Need, self: Tensor, args: tuple[Any, ...] = (), keywords: Any = None) -> Tensor:
    """to(dtype), to(device, dtype), to(other), or by keyword."""
    options: dict[str, Any] = dict(keywords or {})
    rest = list(args)
    dtype: Any = options.get("dtype")
    device: Any = options.get("device")
    unclear = False
    if not args and not options:
        return self
    if rest:
        first = rest.pop(0)
        if isinstance(first, DType):
            dtype = first
        elif isinstance(first, Tensor):
            return _changed(need, self, first.dtype, False, _flag(rest, options))
        elif isinstance(first, Unknown):
            # A device or a dtype: by its name, or by what follows.
            device = first
            follows = rest[0] if rest else options.get("dtype")
            unclear = not isinstance(follows, DType) and "device" not in (first.name or "")
        else:
            device = first
        if (
            not isinstance(first, DType)
            and rest
            and (rest[0] is None or isinstance(rest[0], (DType, Unknown)))
        ):
            dtype = rest.pop(0) if dtype is None else dtype
    form = options.get("memory_format")
    if isinstance(dtype, Unknown) or unclear:
        return converted(self, None)
    kind = self.dtype if dtype is None else dtype.name
    return _changed(need, self, kind, _moves(device), _flag(rest, options), form)


def _flag(rest: list[Any], options: dict[str, Any]) -> bool:
    copy = rest[1] if len(rest) > 1 else options.get("copy", False)
    return copy is not False


def _changed(
    need: Need, x: Tensor, dtype: str | None, moves: bool, copy: bool, memory_format: Any = None
) -> Tensor:
    if moves or copy or dtype is None or dtype != x.dtype or memory_format is not None:
        return layouts.copied(need, converted(x, dtype), x, memory_format)
    return x


def _cast(dtype: str) -> Callable[..., Tensor]:
    def law(need: Need, self: Tensor, memory_format: Any = None) -> Tensor:
        return _changed(need, self, dtype, False, False)

    return law


for _name, _dtype in {
    **ALIASES, "bool": "bool", "bfloat16": "bfloat16", "byte": "uint8", "char": "int8",
}.items():  # fmt: skip
    op(f"torch.Tensor.{_name}", "self, memory_format=None")(_cast(_dtype))

_TYPES = {
    "BoolTensor": "bool", "ByteTensor": "uint8", "CharTensor": "int8", "ShortTensor": "int16", "IntTensor": "int32",
    "LongTensor": "int64", "HalfTensor": "float16", "BFloat16Tensor": "bfloat16", "FloatTensor": "float32",
    "DoubleTensor": "float64",
}  # fmt: skip


@op("torch.Tensor.type", "self, dtype=None, non_blocking=False, **keywords")
def type_(
    need: Need, self: Tensor, dtype: Any = None, non_blocking: Any = False, keywords: Any = None
) -> Any:
    """The name of the tensor's type; with a dtype, the tensor in it."""
    if dtype is None:
        for name, held in _TYPES.items():
            if held == self.dtype:
                return f"torch.{name}"
        return need.unknown("the tensor's dtype is not known")
    if isinstance(dtype, DType):
        return _changed(need, self, dtype.name, False, False)
    if isinstance(dtype, str):
        short = dtype.rsplit(".", 1)[-1]
        if short not in _TYPES:
            need.refuse("call-refused", f"there is no tensor type {dtype!r}", "ValueError")
        return _changed(need, self, _TYPES[short], "cuda" in dtype, False)
    return converted(self, None)


@op("torch.Tensor.type_as", "self, other")
def type_as(need: Need, self: Tensor, other: Tensor) -> Tensor:
    """In the other's dtype."""
    return _changed(need, self, other.dtype, False, False)


@op("torch.Tensor.cpu", "self, memory_format=None")
def cpu(need: Need, self: Tensor, memory_format: Any = None) -> Tensor:
    """The tensor itself, as far as its shape is concerned."""
    return self


@op(
    "torch.Tensor.cuda, torch.Tensor.xpu, torch.Tensor.ipu",
    "self, device=None, non_blocking=False, memory_format=None",
)
def cuda(
    need: Need, self: Tensor, device: Any = None, non_blocking: Any = False, memory_format: Any = None
) -> Tensor:
    """A copy on another device: of a parameter, no parameter."""
    return converted(self, self.dtype)


@op("torch.clone, torch.Tensor.clone", "input, *, memory_format=None")
def clone(need: Need, input: Tensor, memory_format: Any = None) -> Tensor:
    """A copy."""
    return layouts.copied(need, converted(input, input.dtype), input, memory_format)


@op("torch.Tensor.contiguous", "self, memory_format=None")
def contiguous(need: Need, self: Tensor, memory_format: Any = None) -> Tensor:
    """The tensor itself where it is contiguous: of a parameter, a parameter."""
    if self.kind != "tensor" or (memory_format is None and layouts.in_rows(need, self).yes):
        return self
    return layouts.new(converted(self, self.dtype), memory_format)


@op("torch.alias_copy, torch.detach_copy", "input")
def copy(need: Need, input: Tensor) -> Tensor:
    """A copy."""
    return converted(input, input.dtype)


@op("torch.Tensor.pin_memory", "self, device=None")
def pin_memory(need: Need, self: Tensor, device: Any = None) -> Tensor:
    """A copy in pinned memory."""
    return converted(self, self.dtype)


@op("torch.detach, torch.Tensor.detach, torch.Tensor.data", "input")
def detach(need: Need, input: Tensor) -> Tensor:
    """The same numbers without their history. (Shared: numbers that can be followed are not, they may be written.)"""
    made = input.like()
    made.marks = input.marks
    made.layout = input.layout
    return made


@op("torch.Tensor.detach_, torch.detach_", "self", inplace=True)
@op("torch.Tensor.share_memory_", "self", inplace=True)
def itself(need: Need, self: Tensor) -> Tensor:
    """The tensor itself."""
    return self


@op("torch.Tensor.requires_grad_", "self, requires_grad=True", inplace=True)
def requires_grad_(need: Need, self: Tensor, requires_grad: Any = True) -> Tensor:
    """Only floating-point tensors have gradients."""
    if (
        requires_grad is True
        and self.dtype is not None
        and not self.dtype.startswith(("float", "bfloat", "complex"))
    ):
        need.refuse(
            "wrong-dtype", f"only floating-point tensors can require gradients, this one is {self.dtype}"
        )
    made = converted(self, self.dtype)
    made.requires_grad = requires_grad if isinstance(requires_grad, bool) else None
    return made


@op("torch.Tensor.numpy", "self, *, force=False")
@op("torch.Tensor.__array__", "self, dtype=None")
def numpy(need: Need, self: Tensor, **options: Any) -> Tensor:
    """The array, which stands for the same numbers."""
    return self


@op(
    "torch.Tensor.to_dense, torch.Tensor.dequantize, torch.dequantize",
    "input, dtype=None, *, masked_grad=None",
)
def to_dense(need: Need, input: Tensor, dtype: Any = None, masked_grad: Any = None) -> Tensor:
    """The shape stays."""
    return input.like(dtype_name(dtype, input.dtype))
