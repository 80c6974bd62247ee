"""What torchvision's transforms do to the size, channels and dtype of an image: a PIL image or a tensor [..., C, H, W].

What is neither has nothing of these: Undetermined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.interp import iterate
from shapelint.interp.control import library_refuses
from shapelint.interp.library.torchvision_images import channels, image, is_image, like, mode_of
from shapelint.interp.tensors.arrays import is_array
from shapelint.interp.tensors.recorder import Recorder
from shapelint.interp.world import World
from shapelint.specs.need import Need
from shapelint.values import DType, Instance, List, Tensor, Undetermined, Unknown
from shapelint.values.torch_types import is_float

Law = Callable[..., Any]


# ---- looking at an image


def sides(value: Any) -> tuple[Dim, Dim]:
    """(height, width)."""
    if is_image(value):
        return value.attrs["height"], value.attrs["width"]
    if isinstance(value, Tensor) and value.known and value.rank >= 2:
        return value.shape[-2], value.shape[-1]
    raise Undetermined("what is no image that is known")


def with_sides(value: Any, height: Dim, width: Dim) -> Any:
    if is_image(value):
        return like(value, height, width)
    sides(value)
    return value.with_shape(*value.shape[:-2], height, width)


def same(value: Any) -> Any:
    """An image of the same size."""
    return with_sides(value, *sides(value))


def any_size(value: Any) -> Any:
    """An image whose size is not known."""
    return with_sides(value, dims.symbol("H", low=1), dims.symbol("W", low=1))


# ---- sizes as arguments


def number(value: Any) -> Dim:
    if isinstance(value, bool):
        raise Undetermined("a size that is no integer")
    if isinstance(value, (int, Sym)):
        return value
    if isinstance(value, Unknown):
        return value.as_size()
    raise Undetermined("a size that is no integer")


def pair(world: World, size: Any) -> tuple[Dim, Dim]:
    """A size that is a square's side, or (height, width)."""
    if isinstance(size, (tuple, List)):
        found = [number(n) for n in iterate.known_items(world, size)]
        if len(found) == 1:
            return found[0], found[0]
        if len(found) != 2:
            raise Undetermined("a size of other than two numbers")
        return found[0], found[1]
    if isinstance(size, Unknown):
        raise Undetermined(size.why, size)
    return number(size), number(size)


def resize(world: World, value: Any, size: Any, max_size: Any = None) -> Any:
    """(height, width), or one number for the shorter side."""
    if isinstance(size, (tuple, List)) and len(iterate.known_items(world, size)) == 2:
        return with_sides(value, *pair(world, size))
    if isinstance(size, Unknown):
        raise Undetermined(size.why, size)
    if size is None:
        return any_size(value)
    shorter = pair(world, size)[0]
    return with_sides(value, *_by_shorter(*sides(value), shorter, max_size))


def _by_shorter(height: Dim, width: Dim, shorter: Dim, most: Any) -> tuple[Dim, Dim]:
    if most is None and dims.equal(height, width).yes:
        return shorter, shorter
    tall, wide = dims.witness(height), dims.witness(width)
    if tall is not None and wide is not None and isinstance(shorter, int):
        short, long = sorted((tall, wide))
        new = shorter, int(shorter * long / short)
        if isinstance(most, int) and new[1] > most:
            new = int(most * new[0] / new[1]), most
        elif most is not None and not isinstance(most, int):
            raise Undetermined("a largest size that is not known")
        longer = (
            new[1]
            if isinstance(height, int) and isinstance(width, int)
            else dims.symbol("L", low=1, witness=new[1])
        )
        return (new[0], longer) if tall <= wide else (longer, new[0])
    low = shorter if isinstance(shorter, int) and most is None else 1
    return dims.symbol("H", low=low), dims.symbol("W", low=low)


def crop(world: World, value: Any, size: Any) -> Any:
    """Cut out, whatever the place."""
    return with_sides(value, *pair(world, size))


def pad(world: World, value: Any, padding: Any) -> Any:
    """One number for all sides, (left and right, top and bottom), or (left, top, right, bottom)."""
    if isinstance(padding, (tuple, List)):
        found = [number(n) for n in iterate.known_items(world, padding)]
    else:
        found = [number(padding)]
    if len(found) not in (1, 2, 4):
        raise Undetermined("a padding of other than one, two or four numbers")
    left, top, right, bottom = found * (4 // len(found))
    height, width = sides(value)
    return with_sides(value, height + top + bottom, width + left + right)


# ---- channels


def grayscale(value: Any, count: Any) -> Any:
    """Gray in one channel or in three equal ones."""
    if count not in (1, 3) or isinstance(count, bool):
        raise Undetermined("a number of channels that is not known")
    if is_image(value):
        return like(value, mode="L" if count == 1 else "RGB")
    return _with_channels(value, count)


def _with_channels(value: Any, count: int) -> Any:
    sides(value)
    if value.rank < 3:
        raise Undetermined("an image without channels")
    return value.with_shape(*value.shape[:-3], count, *value.shape[-2:])


def rgb(value: Any) -> Any:
    return like(value, mode="RGB") if is_image(value) else _with_channels(value, 3)


# ---- to tensors and back


def to_tensor(value: Any, *, strict: bool = True) -> Any:
    """ToTensor: [C, H, W]; bytes become float32 numbers from 0 to 1."""
    if isinstance(value, Tensor) and strict:
        raise library_refuses("TypeError", "pic should be PIL Image or ndarray. Got <class 'torch.Tensor'>")
    if is_array(value):
        shape = _channels_first(value.payload.shape)
        dtype = value.payload.dtype
        return Tensor(shape, "float32" if dtype == "uint8" else dtype)
    if is_image(value):
        mode = mode_of(value)
        dtype = {None: None, "I": "int32", "I;16": "int16"}.get(mode, "float32")
        return Tensor((channels(value), *sides(value)), dtype)
    if isinstance(value, Tensor):
        return value
    raise Undetermined("what is no image that is known")


def to_bytes(value: Any) -> Any:
    """PILToTensor, ToImage: the numbers as they are, [C, H, W]."""
    if is_array(value):
        return Tensor(_channels_first(value.payload.shape), value.payload.dtype)
    if is_image(value):
        mode = mode_of(value)
        dtype = None if mode in (None, "I", "F", "I;16", "1") else "uint8"
        return Tensor((channels(value), *sides(value)), dtype)
    if isinstance(value, Tensor) and value.known:
        return value if value.rank != 2 else value.with_shape(1, *value.shape)
    raise Undetermined("what is no image that is known")


def _channels_first(shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    if len(shape) == 2:
        return (1, *shape)
    if len(shape) == 3:
        return (shape[2], shape[0], shape[1])
    raise library_refuses("ValueError", f"pic should be 2/3 dimensional. Got {len(shape)} dimensions.")


def to_image(value: Any, mode: Any = None) -> Instance:
    """ToPILImage."""
    if is_array(value):
        shape = value.payload.shape
        shape = (*shape, 1) if len(shape) == 2 else shape
    elif isinstance(value, Tensor) and value.known:
        shape = (*value.shape[1:], value.shape[0]) if value.rank == 3 else (*value.shape, 1)
    else:
        raise Undetermined("what is no image that is known")
    if len(shape) != 3:
        raise Undetermined("an image of other than two or three axes")
    found = mode if isinstance(mode, str) else {1: "L", 3: "RGB", 4: "RGBA"}.get(shape[2])
    return image(shape[0], shape[1], found if mode is None or isinstance(mode, str) else None)


def cast(value: Any, dtype: Any) -> Any:
    """ConvertImageDtype, ToDtype: an image of PIL stays."""
    if is_image(value):
        return value
    if not isinstance(value, Tensor):
        raise Undetermined("what is no tensor")
    return value.like(dtype.name if isinstance(dtype, DType) else None)


def normalize(world: World, value: Any, mean: Any) -> Any:
    """A mean and a deviation for each channel; one for all is enough."""
    if is_image(value):
        raise library_refuses("TypeError", "img should be Tensor Image. Got <class 'PIL.Image.Image'>")
    sides(value)
    if value.dtype is not None and not is_float(value.dtype):
        raise library_refuses("TypeError", f"Input tensor should be a float tensor. Got torch.{value.dtype}.")
    if value.rank < 3:
        raise library_refuses("ValueError", "Expected tensor to be a tensor image of size (..., C, H, W)")
    count = 1 if isinstance(mean, (int, float)) else _count(world, mean)
    made = same(value)
    if count is not None and count != 1:
        need = Need(Recorder(world), "torchvision.transforms.Normalize", (value,))
        fits = need.equal(
            value.shape[-3], count, "broadcast-mismatch", "the image's channels", "the number of means"
        )
        made.after_failure = made.after_failure or not fits
    return made


def _count(world: World, values: Any) -> int | None:
    if isinstance(values, (tuple, List)) and getattr(values, "open", None) is None:
        return len(iterate.known_items(world, values))
    return None


def either(first: Any, second: Any) -> Any:
    """One of two images."""
    if is_image(first) and is_image(second):
        height, width = (
            a if dims.equal(a, b).yes else dims.symbol(name, low=1)
            for a, b, name in zip(sides(first), sides(second), "HW", strict=True)
        )
        mode = mode_of(first)
        return like(first, height, width) if mode == mode_of(second) else image(height, width)
    if isinstance(first, Tensor) and isinstance(second, Tensor) and first.known and second.known:
        if first.rank == second.rank:
            shape = (
                a if dims.equal(a, b).yes else dims.symbol("n", low=0)
                for a, b in zip(first.shape, second.shape, strict=True)
            )
            return first.with_shape(*shape, dtype=first.dtype if first.dtype == second.dtype else None)
    raise Undetermined("one of several images")
