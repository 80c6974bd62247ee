"""torchvision.transforms.functional: the same laws as functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.library import torchvision_laws as laws
from shapelint.interp.library.torchvision_images import channels, is_image
from shapelint.interp.world import World
from shapelint.values import List, Unknown

_SPACES = (
    "torchvision.transforms.functional",
    "torchvision.transforms.v2.functional",
    "torchvision.transforms.functional_tensor",
)


def functional(names: str, signature: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a law under the names it has in every place."""

    def register(law: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(world: World, **bound: Any) -> Any:
            first = next(iter(bound.values()))
            if isinstance(first, Unknown):
                return Unknown(first.why, first.site, after_failure=first.after_failure, plain=True)
            return law(world, **bound)

        guarded.__name__ = names.split()[0]
        for name in names.split():
            function(*(f"{space}.{name}" for space in _SPACES))(takes(signature, plain=True)(guarded))
        return law

    return register


@functional("resize", "img, size, interpolation=None, max_size=None, antialias=True")
def resize(world: World, img: Any, size: Any, max_size: Any, **_: Any) -> Any:
    return laws.resize(world, img, size, max_size)


@functional("center_crop", "img, output_size")
def center_crop(world: World, img: Any, output_size: Any) -> Any:
    return laws.crop(world, img, output_size)


@functional("crop", "img, top, left, height, width")
def crop(world: World, img: Any, height: Any, width: Any, **_: Any) -> Any:
    return laws.with_sides(img, laws.number(height), laws.number(width))


@functional("resized_crop", "img, top, left, height, width, size, interpolation=None, antialias=True")
def resized_crop(world: World, img: Any, size: Any, **_: Any) -> Any:
    return laws.crop(world, img, size)


@functional("five_crop", "img, size")
def five_crop(world: World, img: Any, size: Any) -> Any:
    return tuple(laws.crop(world, img, size) for _ in range(5))


@functional("pad", "img, padding, fill=0, padding_mode='constant'")
def pad(world: World, img: Any, padding: Any, **_: Any) -> Any:
    return laws.pad(world, img, padding)


@functional(
    "hflip vflip horizontal_flip vertical_flip adjust_brightness adjust_contrast adjust_saturation adjust_hue adjust_gamma "
    "adjust_sharpness invert posterize solarize autocontrast equalize gaussian_blur erase affine perspective "
    "elastic_transform",
    "img, *args, **keywords",
)
def kept(world: World, img: Any, **_: Any) -> Any:
    return laws.same(img)


@functional("rotate", "img, angle, interpolation=None, expand=False, center=None, fill=None")
def rotate(world: World, img: Any, expand: Any, **_: Any) -> Any:
    return laws.same(img) if expand is False else laws.any_size(img)


@functional("to_grayscale rgb_to_grayscale", "img, num_output_channels=1")
def to_grayscale(world: World, img: Any, num_output_channels: Any) -> Any:
    return laws.grayscale(img, num_output_channels)


@functional("to_tensor", "pic")
def to_tensor(world: World, pic: Any) -> Any:
    return laws.to_tensor(pic)


@functional("pil_to_tensor to_image", "pic")
def pil_to_tensor(world: World, pic: Any) -> Any:
    return laws.to_bytes(pic)


@functional("to_pil_image", "pic, mode=None")
def to_pil_image(world: World, pic: Any, mode: Any) -> Any:
    return laws.to_image(pic, mode)


@functional("convert_image_dtype", "image, dtype=None")
def convert_image_dtype(world: World, image: Any, dtype: Any) -> Any:
    from shapelint.values import DType

    return laws.cast(image, DType("float32") if dtype is None else dtype)


@functional("to_dtype", "image, dtype=None, scale=False")
def to_dtype(world: World, image: Any, dtype: Any, scale: Any) -> Any:
    return convert_image_dtype(world, image, dtype)


@functional("normalize", "tensor, mean, std, inplace=False")
def normalize(world: World, tensor: Any, mean: Any, **_: Any) -> Any:
    return laws.normalize(world, tensor, mean)


@functional("get_image_size", "img")
def get_image_size(world: World, img: Any) -> List:
    height, width = laws.sides(img)
    return List([width, height])


@functional("get_dimensions", "img")
def get_dimensions(world: World, img: Any) -> List:
    height, width = laws.sides(img)
    return List([channels(img) if is_image(img) else 1 if img.rank == 2 else img.shape[-3], height, width])
