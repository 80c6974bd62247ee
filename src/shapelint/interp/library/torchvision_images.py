"""PIL images: an Instance of a class of kind "image", with its mode, height and width as sizes."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.interp import iterate
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.library.torch_classes import Method, give, itself, method, not_known, nothing
from shapelint.interp.tensors.arrays import array, is_array
from shapelint.interp.world import World
from shapelint.values import Class, Instance, Property, Undetermined, Unknown

IMAGE = Class("Image", "PIL.Image.Image")
IMAGE.kind = "image"
constant("PIL.Image.Image", IMAGE)

CHANNELS = {
    "1": 1,
    "L": 1,
    "P": 1,
    "I": 1,
    "F": 1,
    "I;16": 1,
    "LA": 2,
    "RGB": 3,
    "YCbCr": 3,
    "HSV": 3,
    "LAB": 3,
    "RGBA": 4,
    "CMYK": 4,
}


def image(height: Dim | None = None, width: Dim | None = None, mode: str | None = None) -> Instance:
    """An image; a side that is not known is a size of its own."""
    made = Instance(IMAGE)
    made.attrs["height"] = dims.symbol("H", low=1) if height is None else height
    made.attrs["width"] = dims.symbol("W", low=1) if width is None else width
    made.attrs["mode"] = Unknown("the mode of an image", plain=True) if mode is None else mode
    return made


def is_image(value: Any) -> bool:
    return value.__class__ is Instance and value.cls is IMAGE


def mode_of(picture: Instance) -> str | None:
    mode = picture.attrs["mode"]
    return mode if isinstance(mode, str) else None


def channels(picture: Instance) -> Dim:
    """How many channels it has: the same size whenever it is asked for."""
    held = mode_of(picture)
    if held in CHANNELS:
        return CHANNELS[held]
    if "_channels" not in picture.attrs:
        picture.attrs["_channels"] = dims.symbol("C", low=1)
    found: Dim = picture.attrs["_channels"]
    return found


def like(
    picture: Instance, height: Dim | None = None, width: Dim | None = None, mode: str | None = None
) -> Instance:
    """The same image with another height, width or mode."""
    made = image(
        picture.attrs["height"] if height is None else height,
        picture.attrs["width"] if width is None else width,
        "L",
    )
    made.attrs["mode"] = picture.attrs["mode"] if mode is None else mode
    if mode is None and "_channels" in picture.attrs:
        made.attrs["_channels"] = picture.attrs["_channels"]
    return made


def pixels(picture: Instance) -> Instance | None:
    """np.array(image): height, width and, where there are several, channels. None for what is no image."""
    if not is_image(picture):
        return None
    mode = mode_of(picture)
    if mode not in ("L", "P", "RGB", "RGBA", "HSV", "LAB", "YCbCr", "CMYK"):
        raise Undetermined("the pixels of an image whose mode is not known")
    shape = (picture.attrs["height"], picture.attrs["width"])
    return array(shape if mode in ("L", "P") else (*shape, CHANNELS[mode]), "uint8")


# ---- methods


def size(world: World, value: Any) -> tuple[Dim, Dim]:
    """(width, height), as PIL has them."""
    found = iterate.known_items(world, value)
    if len(found) != 2 or not all(isinstance(n, (int, Sym)) for n in found):
        raise Undetermined("the size of an image")
    return found[0], found[1]


def _resize(world: World, self: Any, size_: Any, **_: Any) -> Instance:
    width, height = size(world, size_)
    return like(self, height, width)


def _convert(world: World, self: Any, mode: Any, **_: Any) -> Any:
    return like(self, mode=mode) if isinstance(mode, str) else _unknown_mode(self)


def _unknown_mode(picture: Instance) -> Instance:
    return image(picture.attrs["height"], picture.attrs["width"])


def _crop(world: World, self: Any, box: Any) -> Instance:
    found = iterate.known_items(world, box)
    if len(found) != 4 or not all(isinstance(n, (int, Sym)) for n in found):
        return image(mode=mode_of(self))
    left, upper, right, lower = found
    return like(self, lower - upper, right - left)


def _changed(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Turned or shrunk: of another size."""
    made = image(mode=mode_of(args[0]))
    return made


def _copy(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return like(args[0])


def _law(signature: str, law: Method) -> Method:
    return takes(f"self, {signature}", plain=True)(law)


give(
    IMAGE,
    resize=_law(
        "size_, resample=None, box=None, reducing_gap=None",
        lambda world, self, size_, **_: _resize(world, self, size_),
    ),
    convert=_law("mode=None, *args, **keywords", lambda world, self, mode, **_: _convert(world, self, mode)),
    crop=_law("box=None", _crop),
    rotate=_changed,
    transpose=_changed,
    transform=_changed,
    copy=_copy,
    filter=_copy,
    point=not_known("an image"),
    split=not_known("an image's bands"),
    save=nothing,
    show=nothing,
    close=nothing,
    load=nothing,
    __enter__=itself,
    __exit__=nothing,
)


def _size_of(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = args[0].attrs
    return (held["width"], held["height"]) if "width" in held else Unknown("the size of an image", plain=True)


IMAGE.attrs["size"] = Property(method("size", _size_of))


def _thumbnail(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Shrinks the image itself."""
    world.journal.touch(args[0].attrs)
    args[0].attrs.update(height=dims.symbol("H", low=1), width=dims.symbol("W", low=1))


give(IMAGE, thumbnail=_thumbnail)
_UNKNOWN = (
    "alpha_composite draft effect_spread entropy frombytes getbands getbbox getchannel getcolors getdata getexif "
    "getextrema _getexif getim getpalette getpixel get_child_images get_flattened_data getprojection getxmp "
    "histogram quantize reduce "
    "remap_palette tell tobitmap tobytes toqimage toqpixmap verify apply_transparency"
)
_DONE = "paste putalpha putdata putpalette putpixel seek frombytes"
give(IMAGE, **{_name: not_known(f"{_name} of an image") for _name in _UNKNOWN.split()})
give(IMAGE, **dict.fromkeys(_DONE.split(), nothing))
for _name in (
    "format",
    "format_description",
    "info",
    "filename",
    "palette",
    "is_animated",
    "n_frames",
    "readonly",
    "im",
    "fp",
    "tag",
):
    IMAGE.attrs[_name] = Unknown(f"{_name} of an image", plain=True)


# ---- PIL.Image


@function("PIL.Image.open")
def open_image(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    return image()


@function("PIL.Image.new")
@takes("mode, size_, color=0", plain=True)
def new(world: World, mode: Any, size_: Any, color: Any) -> Instance:
    width, height = size(world, size_)
    return image(height, width, mode if isinstance(mode, str) else None)


@function("PIL.Image.fromarray")
@takes("obj, mode=None", plain=True)
def fromarray(world: World, obj: Any, mode: Any) -> Instance:
    """The mode follows from the array's last axis."""
    if not is_array(obj):
        return image(mode=mode if isinstance(mode, str) else None)
    shape = obj.payload.shape
    if isinstance(mode, str):
        found: str | None = mode
    elif len(shape) == 2:
        found = "L" if obj.payload.dtype == "uint8" else None
    else:
        found = {3: "RGB", 4: "RGBA"}.get(shape[2]) if len(shape) == 3 and isinstance(shape[2], int) else None
    return image(shape[0], shape[1], found) if len(shape) in (2, 3) else image(mode=found)


for _name in ("BILINEAR", "NEAREST", "BICUBIC", "LANCZOS", "ANTIALIAS", "HAMMING", "BOX"):
    constant(f"PIL.Image.{_name}", Unknown("a way to resample", plain=True))


@function("torchvision.datasets.folder.default_loader", "torchvision.datasets.folder.pil_loader")
def default_loader(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    """Images are read as RGB."""
    return image(mode="RGB")


@function("torchvision.io.read_image", "torchvision.io.decode_image")
def read_image(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A uint8 tensor; how many channels it has depends on the file unless a mode is given."""
    from shapelint.values import External, Tensor

    mode = args[1] if len(args) > 1 else keywords.get("mode")
    name = (
        mode.qualname
        if isinstance(mode, External)
        else f"ImageReadMode.{mode}"
        if isinstance(mode, str)
        else ""
    )
    known = {"RGB": 3, "GRAY": 1, "RGB_ALPHA": 4, "GRAY_ALPHA": 2}.get(name.rpartition(".")[2])
    first: Dim = dims.symbol("C", low=1) if known is None else known
    return Tensor((first, dims.symbol("H", low=1), dims.symbol("W", low=1)), "uint8")
