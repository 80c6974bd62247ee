"""torchvision.transforms and torchvision.transforms.v2: classes that are made with sizes and called with images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import calls, iterate
from shapelint.interp.host.host_calls import each
from shapelint.interp.library import torchvision_laws as laws
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.library.torch_classes import module_class, plain_class
from shapelint.interp.library.torchvision_images import is_image
from shapelint.interp.nets import modules
from shapelint.interp.world import World
from shapelint.specs.signature import BindingError, parse
from shapelint.values import Class, Dict, Either, Module, Tensor, Undetermined, Unknown

_T = "torchvision.transforms"
_WHY = "what a transform gives"
Attributes = dict[str, Any]
Transform = Callable[[World, Attributes, Any], Any]

_PLAIN = (
    "Compose",
    "ToTensor",
    "PILToTensor",
    "ToPILImage",
    "Lambda",
    "RandomChoice",
    "RandomOrder",
    "Scale",
    "RandomSizedCrop",
)


def _initialise(signature: str) -> Callable[..., None]:
    bound_by = parse(signature)

    def init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        made, *given = args
        if isinstance(made, Module):
            modules._init(world, (made,), {})
        world.journal.touch(made.attrs)
        try:
            made.attrs.update(bound_by.bind(tuple(given), keywords))
        except BindingError as problem:
            made.attrs["_problem"] = f"{made.cls.name}: {problem}"

    return init


def _caller(law: Transform, *, whole: bool = False) -> Callable[..., Any]:
    """A transform's call. `whole` ones are given all they are called with as one value."""

    def call(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        made, *given = args
        given += keywords.values()
        held: Attributes = made.attrs
        if "_problem" in held:
            return Unknown(held["_problem"], world.site(), plain=True)
        if len(given) == 1:
            return _applied(world, law, held, given[0], whole)
        if whole:
            return law(world, held, tuple(given))
        return _leaves(world, law, held, tuple(given))

    return call


def _applied(world: World, law: Transform, held: Attributes, value: Any, whole: bool) -> Any:
    if isinstance(value, Unknown):
        return law(world, held, value) if whole else Unknown(value.why, value.site, plain=True)
    if isinstance(value, Either):
        return each(world, value, lambda option: _applied(world, law, held, option, whole))
    if not whole and isinstance(value, (tuple, Dict)):
        return _leaves(world, law, held, value)
    try:
        return law(world, held, value)
    except Undetermined as problem:
        failed = problem.cause is not None and problem.cause.after_failure
        return Unknown(problem.why, world.site(), after_failure=failed, plain=True)


def _leaves(world: World, law: Transform, held: Attributes, value: Any) -> Any:
    """Several things at once (v2): images are transformed, numbers and texts pass; of other tensors nothing is known."""
    pictures = [v for v in (value.items.values() if isinstance(value, Dict) else value) if is_image(v)]

    def leaf(part: Any, first: bool) -> Any:
        if is_image(part) or (isinstance(part, Tensor) and first and not pictures):
            return _applied(world, law, held, part, False)
        if isinstance(part, (int, float, str, type(None))):
            return part
        return Unknown(_WHY, world.site(), plain=True)

    if isinstance(value, Dict):
        return Dict(
            {k: leaf(v, i == 0) for i, (k, v) in enumerate(value.items.items())}, value.open, kind=value.kind
        )
    return tuple(leaf(v, i == 0) for i, v in enumerate(value))


def transform(names: str, signature: str, law: Transform, *, only: str = "", whole: bool = False) -> None:
    """Classes of v1 and v2 (or of `only` one of them) that differ in name alone."""
    call = _caller(law, whole=whole)
    for name in names.split():
        for space in ("", ".v2"):
            if only and space.strip(".") != only.replace("v1", ""):
                continue
            inner = f"{_T}{space}.{name}"
            aliases = () if space else (f"{_T}.transforms.{name}",)
            make = plain_class if not space and name in _PLAIN else module_class
            cls: Class = make(inner, *aliases, __init__=_initialise(signature))
            cls.attrs["__call__"] = cls.attrs["forward"] = as_method("transform", call)
            cls.kind = "transform"


def _kept(world: World, held: Attributes, value: Any) -> Any:
    return laws.same(value)


def _freed(world: World, held: Attributes, value: Any) -> Any:
    return laws.any_size(value)


# ---- sizes

_RESIZE = "size=None, interpolation=None, max_size=None, antialias=True"
transform(
    "Resize Scale",
    _RESIZE,
    lambda world, held, value: laws.resize(world, value, held["size"], held["max_size"]),
)
for _names, _signature in {
    "CenterCrop": "size",
    "RandomCrop": "size, padding=None, pad_if_needed=False, fill=0, padding_mode='constant'",
    "RandomResizedCrop RandomSizedCrop": "size, scale=None, ratio=None, interpolation=None, antialias=True",
}.items():
    transform(_names, _signature, lambda world, held, value: laws.crop(world, value, held["size"]))
transform(
    "Pad",
    "padding, fill=0, padding_mode='constant'",
    lambda world, held, value: laws.pad(world, value, held["padding"]),
)
transform(
    "FiveCrop",
    "size",
    lambda world, held, value: tuple(laws.crop(world, value, held["size"]) for _ in range(5)),
)
transform(
    "TenCrop",
    "size, vertical_flip=False",
    lambda world, held, value: tuple(laws.crop(world, value, held["size"]) for _ in range(10)),
)
for _names, _signature in {
    "RandomHorizontalFlip RandomVerticalFlip RandomInvert RandomAutocontrast RandomEqualize RandomGrayscale": "p=0.5",
    "RandomPerspective": "distortion_scale=0.5, p=0.5, interpolation=None, fill=0",
    "RandomAffine": "degrees, translate=None, scale=None, shear=None, interpolation=None, fill=0, center=None, **keywords",
    "ColorJitter": "brightness=0, contrast=0, saturation=0, hue=0",
    "GaussianBlur": "kernel_size, sigma=(0.1, 2.0)",
    "RandomErasing": "p=0.5, scale=None, ratio=None, value=0, inplace=False",
    "RandomPosterize": "bits, p=0.5",
    "RandomSolarize": "threshold, p=0.5",
    "RandomAdjustSharpness": "sharpness_factor, p=0.5",
    "ElasticTransform": "alpha=50.0, sigma=5.0, interpolation=None, fill=0",
    "LinearTransformation": "transformation_matrix, mean_vector",
    "AutoAugment RandAugment TrivialAugmentWide AugMix": "*args, **keywords",
}.items():
    transform(_names, _signature, _kept)
transform(
    "RandomPhotometricDistort RandomChannelPermutation GaussianNoise Identity JPEG",
    "*args, **keywords",
    _kept,
    only="v2",
)
transform(
    "RandomShortestSize RandomResize ScaleJitter RandomZoomOut RandomIoUCrop",
    "*args, **keywords",
    _freed,
    only="v2",
)
transform(
    "RandomRotation",
    "degrees, interpolation=None, expand=False, center=None, fill=0, **keywords",
    lambda world, held, value: laws.same(value) if held["expand"] is False else laws.any_size(value),
)

# ---- channels, numbers


transform(
    "Grayscale",
    "num_output_channels=1",
    lambda world, held, value: laws.grayscale(value, held["num_output_channels"]),
)
transform("RGB", "", lambda world, held, value: laws.rgb(value), only="v2")
transform("ToTensor", "", lambda world, held, value: laws.to_tensor(value), only="v1")
transform("ToTensor", "", lambda world, held, value: laws.to_tensor(value, strict=False), only="v2")
transform("PILToTensor", "", lambda world, held, value: laws.to_bytes(value))
transform("ToImage ToPureTensor", "", lambda world, held, value: laws.to_bytes(value), only="v2")
transform("ToPILImage", "mode=None", lambda world, held, value: laws.to_image(value, held["mode"]))
transform("ConvertImageDtype", "dtype=None", lambda world, held, value: laws.cast(value, held["dtype"]))
transform(
    "ToDtype", "dtype, scale=False", lambda world, held, value: laws.cast(value, held["dtype"]), only="v2"
)
transform(
    "Normalize",
    "mean, std, inplace=False",
    lambda world, held, value: laws.normalize(world, value, held["mean"]),
)

# ---- one after the other


def _steps(world: World, held: Attributes) -> list[Any]:
    return iterate.known_items(world, held["transforms"])


def _through(world: World, step: Any, value: Any) -> Any:
    """A step given one value, or (v2) all that the step before gave."""
    return calls.call(world, step, (value,), {})


def _composed(world: World, held: Attributes, value: Any) -> Any:
    for step in _steps(world, held):
        value = _through(world, step, value)
    return value


def _maybe(world: World, held: Attributes, value: Any) -> Any:
    return laws.either(value, _composed(world, held, value))


def _chosen(world: World, held: Attributes, value: Any) -> Any:
    found = [_through(world, step, value) for step in _steps(world, held)]
    if not found:
        raise Undetermined(_WHY)
    first = found[0]
    for other in found[1:]:
        first = laws.either(first, other)
    return first


def _shuffled(world: World, held: Attributes, value: Any) -> Any:
    """In any order: known when every step keeps the size."""
    made = _chosen(world, held, value)
    return laws.either(made, value)


def _called(world: World, held: Attributes, value: Any) -> Any:
    return calls.call(world, held["lambd"], (value,), {})


transform("Compose", "transforms", _composed, whole=True)
transform("RandomApply", "transforms, p=0.5", _maybe)
transform("RandomChoice", "transforms, p=None, probabilities=None", _chosen)
transform("RandomOrder", "transforms", _shuffled)
transform("Lambda", "lambd, *types", _called, whole=True)


# ---- what comes with pretrained weights


def _preset(world: World, held: Attributes, value: Any) -> Any:
    """Resized, cropped to a square, normalized: as float32."""
    side = laws.number(held["crop_size"])
    if isinstance(value, Tensor) and value.known and value.rank > 3:
        return Tensor((*value.shape[:-2], side, side), "float32")
    return Tensor((3, side, side), "float32")


_PRESET = module_class(
    f"{_T}._presets.ImageClassification",
    __init__=_initialise(
        "*, crop_size, resize_size=256, mean=None, std=None, interpolation=None, antialias=True"
    ),
)
_PRESET.attrs["__call__"] = _PRESET.attrs["forward"] = as_method("transform", _caller(_preset))
