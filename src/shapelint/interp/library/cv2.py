"""cv2: images are arrays [height, width, channels], or [height, width] of one channel. What a file holds is not known but for the
channels that reading it makes."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.library.numpy_values import one_size, tensor_of
from shapelint.interp.tensors.arrays import array
from shapelint.interp.world import World
from shapelint.values import Instance, List, Shape, Undetermined

# Codes that leave as many channels: by what is left. The numbers are OpenCV's own (imgproc.hpp).
_CODES = {
    "BGR2BGRA": (0, 4), "RGB2RGBA": (0, 4), "BGRA2BGR": (1, 3), "RGBA2RGB": (1, 3), "BGR2RGBA": (2, 4), "RGB2BGRA": (2, 4),
    "BGRA2RGB": (3, 3), "RGBA2BGR": (3, 3), "BGR2RGB": (4, 3), "RGB2BGR": (4, 3), "BGRA2RGBA": (5, 4), "RGBA2BGRA": (5, 4),
    "BGR2GRAY": (6, 1), "RGB2GRAY": (7, 1), "GRAY2BGR": (8, 3), "GRAY2RGB": (8, 3), "GRAY2BGRA": (9, 4), "GRAY2RGBA": (9, 4),
    "BGRA2GRAY": (10, 1), "RGBA2GRAY": (11, 1), "BGR2YCrCb": (36, 3), "BGR2YCR_CB": (36, 3), "RGB2YCrCb": (37, 3),
    "RGB2YCR_CB": (37, 3), "YCrCb2BGR": (38, 3), "YCR_CB2BGR": (38, 3), "YCrCb2RGB": (39, 3), "YCR_CB2RGB": (39, 3),
    "BGR2HSV": (40, 3), "RGB2HSV": (41, 3), "BGR2LAB": (44, 3), "BGR2Lab": (44, 3), "RGB2LAB": (45, 3), "RGB2Lab": (45, 3),
    "BGR2HLS": (52, 3), "RGB2HLS": (53, 3), "HSV2BGR": (54, 3), "HSV2RGB": (55, 3), "LAB2BGR": (56, 3), "Lab2BGR": (56, 3),
    "LAB2RGB": (57, 3), "Lab2RGB": (57, 3), "HLS2BGR": (60, 3), "HLS2RGB": (61, 3), "BGR2YUV": (82, 3), "RGB2YUV": (83, 3),
    "YUV2BGR": (84, 3), "YUV2RGB": (85, 3),
}  # fmt: skip
for _name, (_code, _) in _CODES.items():
    constant(f"cv2.COLOR_{_name}", _code)
_LEFT = dict(_CODES.values())
_GRAY, _COLOR, _RGB = 0, 1, 256
for _name, _code in {
    "IMREAD_UNCHANGED": -1, "IMREAD_GRAYSCALE": _GRAY, "IMREAD_COLOR": _COLOR, "IMREAD_COLOR_BGR": _COLOR, "IMREAD_COLOR_RGB": _RGB,
    "INTER_NEAREST": 0, "INTER_LINEAR": 1, "INTER_CUBIC": 2, "INTER_AREA": 3, "INTER_LANCZOS4": 4,
    "ROTATE_90_CLOCKWISE": 0, "ROTATE_180": 1, "ROTATE_90_COUNTERCLOCKWISE": 2,
}.items():  # fmt: skip
    constant(f"cv2.{_name}", _code)


def _image(height: Dim, width: Dim, channels: Dim, dtype: str | None) -> Instance:
    """One channel has no axis of its own. Undetermined where it is not known whether there are several."""
    if not isinstance(channels, int):
        raise Undetermined("how many channels an image has")
    return array((height, width) if channels == 1 else (height, width, channels), dtype)


def _parts(src: Any) -> tuple[Dim, Dim, Dim, str | None]:
    """(height, width, channels, dtype) of an image."""
    held = tensor_of(src)
    shape: Shape = held.shape
    if len(shape) not in (2, 3):
        raise Undetermined("an array that is no image")
    return shape[0], shape[1], shape[2] if len(shape) == 3 else 1, held.dtype


@function("cv2.imread")
@takes("filename, flags=1", plain=True)
def imread(world: World, filename: Any, flags: Any) -> Instance:
    return _read(flags)


@function("cv2.imdecode")
@takes("buf, flags", plain=True)
def imdecode(world: World, buf: Any, flags: Any) -> Instance:
    return _read(flags)


def _read(flags: Any) -> Instance:
    if flags not in (_GRAY, _COLOR, _RGB) or isinstance(flags, bool):
        raise Undetermined("how many channels the file has")
    sides = dims.symbol("H", low=1), dims.symbol("W", low=1)
    return _image(*sides, 1 if flags == _GRAY else 3, "uint8")


@function("cv2.cvtColor")
@takes("src, code, dst=None, dstCn=0, hint=None", plain=True)
def cvt_color(world: World, src: Any, code: Any, dst: Any, dstCn: Any, hint: Any) -> Instance:
    height, width, _, dtype = _parts(src)
    if not isinstance(code, int) or code not in _LEFT or dstCn != 0:
        raise Undetermined("which colours an image gets")
    return _image(height, width, _LEFT[code], dtype)


@function("cv2.resize")
@takes("src, dsize, dst=None, fx=0, fy=0, interpolation=1", plain=True)
def resize(world: World, src: Any, dsize: Any, dst: Any, fx: Any, fy: Any, interpolation: Any) -> Instance:
    """`dsize` is (width, height)."""
    _, _, channels, dtype = _parts(src)
    sizes = dsize.items if isinstance(dsize, List) and dsize.open is None else dsize
    if not isinstance(sizes, (tuple, list)) or len(sizes) != 2:
        raise Undetermined("the size of an image")
    width, height = map(one_size, sizes)
    return _image(height, width, channels, dtype)


@function("cv2.rotate")
@takes("src, rotateCode, dst=None", plain=True)
def rotate(world: World, src: Any, rotateCode: Any, dst: Any) -> Instance:
    height, width, channels, dtype = _parts(src)
    if rotateCode not in (0, 1, 2):
        raise Undetermined("how an image is turned")
    return _image(*((height, width) if rotateCode == 1 else (width, height)), channels, dtype)


@function("cv2.flip", "cv2.GaussianBlur", "cv2.blur", "cv2.medianBlur", "cv2.bilateralFilter")
@takes("src, *args, **keywords", plain=True)
def _alike(world: World, src: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    return _image(*_parts(src))


@function("cv2.Canny", "cv2.equalizeHist")
@takes("image, *args, **keywords", plain=True)
def _gray(world: World, image: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    height, width, _, _ = _parts(image)
    return _image(height, width, 1, "uint8")
