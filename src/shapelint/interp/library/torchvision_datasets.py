"""torchvision.datasets: how many items, how large the images, how many classes. Nothing is read or downloaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from shapelint import dims
from shapelint.dims import Dim
from shapelint.interp import calls
from shapelint.interp.library.data_sets import DATASET
from shapelint.interp.library.torch_classes import plain_class
from shapelint.interp.library.torchvision_images import image
from shapelint.interp.tensors.arrays import array
from shapelint.interp.world import World
from shapelint.specs.signature import BindingError, parse
from shapelint.values import Class, Instance, List, Tensor, Undetermined, Unknown

_V = "torchvision.datasets"
_COUNT = "_count"  # how many items, where that is known
BASE = plain_class(f"{_V}.VisionDataset", f"{_V}.vision.VisionDataset", base=DATASET)
_REST = "transform=None, target_transform=None, download=False"
_SPLIT = f"root, split='train', {_REST}, loader=None"
_ROOT = f"root, {_REST}, loader=None"


class Known(NamedTuple):
    """A data set whose images are all of one kind. `counts` are its items by split; a size or mode may be open."""

    signature: str
    height: Dim | None
    width: Dim | None
    mode: str | None
    classes: int | None
    counts: Callable[[dict[str, Any]], Any]


def _by_train(train: int, test: int) -> Callable[[dict[str, Any]], Any]:
    return lambda given: train if given["train"] is True else test if given["train"] is False else None


def _by_split(**counts: int) -> Callable[[dict[str, Any]], Any]:
    return lambda given: counts.get(given["split"]) if isinstance(given.get("split"), str) else None


def _open(given: dict[str, Any]) -> Any:
    return None


_TRAIN = f"root=None, train=True, {_REST}"
# Sources: the data sets' own pages, as linked from https://docs.pytorch.org/vision/stable/datasets.html
_KNOWN = {
    "MNIST": Known(_TRAIN, 28, 28, "L", 10, _by_train(60_000, 10_000)),
    "FashionMNIST": Known(_TRAIN, 28, 28, "L", 10, _by_train(60_000, 10_000)),
    "KMNIST": Known(_TRAIN, 28, 28, "L", 10, _by_train(60_000, 10_000)),
    "QMNIST": Known(
        "root=None, what=None, compat=True, train=True, **keywords",
        28,
        28,
        "L",
        10,
        _by_train(60_000, 60_000),
    ),
    "USPS": Known(_TRAIN, 16, 16, "L", 10, _by_train(7_291, 2_007)),
    "CIFAR10": Known(_TRAIN, 32, 32, "RGB", 10, _by_train(50_000, 10_000)),
    "CIFAR100": Known(_TRAIN, 32, 32, "RGB", 100, _by_train(50_000, 10_000)),
    "SVHN": Known(_SPLIT, 32, 32, "RGB", 10, _by_split(train=73_257, test=26_032, extra=531_131)),
    "STL10": Known(
        f"root, split='train', folds=None, {_REST}",
        96,
        96,
        "RGB",
        10,
        lambda given: (
            _by_split(train=5_000, test=8_000, unlabeled=100_000)(given) if given["folds"] is None else None
        ),
    ),
    "EMNIST": Known(f"root, split, train=True, {_REST}", 28, 28, "L", None, _open),
    "ImageNet": Known(
        "root, split='train', **keywords", None, None, "RGB", 1_000, _by_split(train=1_281_167, val=50_000)
    ),
    "Food101": Known(_SPLIT, None, None, "RGB", 101, _by_split(train=75_750, test=25_250)),
    "Flowers102": Known(_SPLIT, None, None, "RGB", 102, _by_split(train=1_020, val=1_020, test=6_149)),
    "StanfordCars": Known(_SPLIT, None, None, "RGB", 196, _by_split(train=8_144, test=8_041)),
    "FGVCAircraft": Known(
        f"root, split='trainval', annotation_level='variant', {_REST}, loader=None",
        None,
        None,
        "RGB",
        None,
        _open,
    ),
    "DTD": Known(
        f"root, split='train', partition=1, {_REST}, loader=None",
        None,
        None,
        "RGB",
        47,
        _by_split(train=1_880, val=1_880, test=1_880),
    ),
    "EuroSAT": Known(_ROOT, 64, 64, "RGB", 10, lambda given: 27_000),
    "GTSRB": Known(_SPLIT, None, None, "RGB", 43, _by_split(train=26_640, test=12_630)),
    "Places365": Known(
        "root, split='train-standard', small=False, **keywords", None, None, "RGB", 365, _open
    ),
    "Country211": Known(_SPLIT, None, None, "RGB", 211, _open),
    "SUN397": Known(_ROOT, None, None, "RGB", 397, _open),
    "RenderedSST2": Known(_SPLIT, None, None, "RGB", 2, _open),
    "Caltech101": Known(
        "root, target_type='category', transform=None, target_transform=None, download=False",
        None,
        None,
        None,
        101,
        _open,
    ),
    "Caltech256": Known(f"root, {_REST}", None, None, None, 257, _open),
    "Omniglot": Known(f"root, background=True, {_REST}, loader=None", 105, 105, "L", None, _open),
    "SEMEION": Known(f"root, {_REST}", 16, 16, "L", 10, lambda given: 1_593),
    "FER2013": Known(
        "root, split='train', transform=None, target_transform=None",
        48,
        48,
        "L",
        7,
        _by_split(train=28_709, test=7_178),
    ),
    "LFWPeople": Known(
        f"root, split='10fold', image_set='funneled', {_REST}, loader=None", 250, 250, "RGB", None, _open
    ),
    "PCAM": Known(_SPLIT, 96, 96, "RGB", 2, _by_split(train=262_144, val=32_768, test=32_768)),
    "ImageFolder": Known(
        "root, transform=None, target_transform=None, loader=None, is_valid_file=None, allow_empty=False",
        None,
        None,
        "RGB",
        None,
        _open,
    ),
    "Imagenette": Known(
        f"root, split='train', size='full', {_REST}, loader=None",
        None,
        None,
        "RGB",
        10,
        _by_split(train=9_469, val=3_925),
    ),
}


def _init(name: str, known: Known) -> Callable[..., None]:
    bound_by = parse(known.signature)

    def init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        made, *given = args
        world.journal.touch(made.attrs)
        try:
            bound = bound_by.bind(tuple(given), keywords)
        except BindingError as problem:
            made.attrs["_problem"] = f"{name}: {problem}"
            return
        rest = bound.pop("keywords", {})
        for key in ("transform", "target_transform", "loader"):
            bound.setdefault(key, rest.get(key))
        made.attrs.update(bound)
        _own_attributes(made, known, known.counts(bound))

    return init


def _own_attributes(made: Instance, known: Known, total: Any) -> None:
    unknown = Unknown("what a data set holds", plain=True)
    made.attrs[_COUNT] = total
    if known.classes is None:
        made.attrs["classes"] = List([], Unknown("the classes of a data set", plain=True))
    else:
        made.attrs["classes"] = List([Unknown("the name of a class", plain=True)] * known.classes)
    made.attrs["class_to_idx"] = unknown
    if isinstance(total, int) and isinstance(known.height, int) and isinstance(known.width, int):
        shape = (total, known.height, known.width)
        if made.cls.is_subclass(_CLASSES["CIFAR10"]) or made.cls.is_subclass(_CLASSES["CIFAR100"]):
            made.attrs["data"] = array((*shape, 3), "uint8")
        elif any(made.cls.is_subclass(_CLASSES[n]) for n in ("MNIST", "FashionMNIST", "KMNIST")):
            made.attrs["data"] = Tensor(shape, "uint8")
            made.attrs["targets"] = Tensor((total,), "int64")


def _label(known: Known) -> Any:
    return dims.symbol("label", low=0)


def _item(name: str, known: Known) -> Callable[..., Any]:
    def item(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        made = args[0]
        if "_problem" in made.attrs:
            raise Undetermined(made.attrs["_problem"])
        loader = made.attrs.get("loader")
        if loader is None:
            picture: Any = image(known.height, known.width, known.mode)
        else:
            picture = calls.call(world, loader, (Unknown("the path of a file", plain=True),), {})
        label = _label(known)
        return transformed(world, made, picture, label)

    return item


def transformed(world: World, made: Instance, picture: Any, target: Any) -> tuple[Any, Any]:
    """What `transform`, `target_transform` (or `transforms`, for both) make of an item."""
    both, first, second = (made.attrs.get(n) for n in ("transforms", "transform", "target_transform"))
    if both is not None:
        found = calls.call(world, both, (picture, target), {})
        if isinstance(found, tuple) and len(found) == 2:
            return found[0], found[1]
        return Unknown("what a transform gives", plain=True), Unknown("what a transform gives", plain=True)
    if first is not None:
        picture = calls.call(world, first, (picture,), {})
    if second is not None:
        target = calls.call(world, second, (target,), {})
    return picture, target


def _len(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    total = args[0].attrs.get(_COUNT)
    if total is None:
        held = args[0].attrs
        if "_length" not in held:
            held["_length"] = Unknown("how many items a data set has depends on its files", plain=True)
        return held["_length"]
    return total


_MODULES = {
    "MNIST": "mnist", "FashionMNIST": "mnist", "KMNIST": "mnist", "EMNIST": "mnist", "QMNIST": "mnist", "CIFAR10": "cifar",
    "CIFAR100": "cifar", "ImageFolder": "folder", "ImageNet": "imagenet", "SVHN": "svhn", "STL10": "stl10",
}  # fmt: skip
_CLASSES: dict[str, Class] = {}
for _name, _known in _KNOWN.items():
    _aliases = (f"{_V}.{_MODULES[_name]}.{_name}",) if _name in _MODULES else ()
    _CLASSES[_name] = plain_class(
        f"{_V}.{_name}",
        *_aliases,
        base=BASE,
        __init__=_init(_name, _known),
        __getitem__=_item(_name, _known),
        __len__=_len,
    )
    _CLASSES[_name].unknown_base = Unknown("what a data set holds", plain=True)


# ---- those with items of their own


def _arguments(signature: str) -> Callable[..., None]:
    bound_by = parse(signature)

    def init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        made, *given = args
        world.journal.touch(made.attrs)
        try:
            made.attrs.update(bound_by.bind(tuple(given), keywords))
        except BindingError as problem:
            made.attrs["_problem"] = str(problem)

    return init


_FOLDER_ARGUMENTS = _arguments(
    "root, loader, extensions=None, transform=None, target_transform=None, is_valid_file=None, allow_empty=False"
)
_FAKE_ARGUMENTS = _arguments(
    "size=1000, image_size=(3, 224, 224), num_classes=10, transform=None, target_transform=None, random_offset=0"
)


def _folder_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """DatasetFolder(root, loader, …)."""
    _FOLDER_ARGUMENTS(world, args, keywords)
    made = args[0]
    made.attrs["classes"] = List([], Unknown("the classes of a data set", plain=True))


def _folder_item(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = args[0]
    if "_problem" in made.attrs:
        raise Undetermined(made.attrs["_problem"])
    found = calls.call(world, made.attrs["loader"], (Unknown("the path of a file", plain=True),), {})
    return transformed(world, made, found, dims.symbol("label", low=0))


FOLDER = plain_class(
    f"{_V}.DatasetFolder",
    f"{_V}.folder.DatasetFolder",
    base=BASE,
    __init__=_folder_init,
    __getitem__=_folder_item,
    __len__=_len,
)
FOLDER.unknown_base = Unknown("what a data set holds", plain=True)
_CLASSES["ImageFolder"].mro = (_CLASSES["ImageFolder"], *FOLDER.mro)


def _fake_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """FakeData(size, image_size, num_classes, …)."""
    _FAKE_ARGUMENTS(world, args, keywords)
    made = args[0]
    made.attrs[_COUNT] = made.attrs.get("size")


def _fake_item(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.iterate import known_items

    made = args[0]
    if "_problem" in made.attrs:
        raise Undetermined(made.attrs["_problem"])
    found = known_items(world, made.attrs["image_size"])
    if len(found) != 3:
        raise Undetermined("the size of an image")
    depth, height, width = found
    picture = image(height, width, {1: "L", 3: "RGB", 4: "RGBA"}.get(depth))
    return transformed(world, made, picture, dims.symbol("label", low=0))


plain_class(
    f"{_V}.FakeData",
    f"{_V}.fakedata.FakeData",
    base=BASE,
    __init__=_fake_init,
    __getitem__=_fake_item,
    __len__=_len,
)


def _pictures_item(height: int | None, width: int | None, target: str) -> Callable[..., Any]:
    """An RGB image and a target that is an image of the same size, a list of boxes, or something else."""

    def item(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        made = args[0]
        if "_problem" in made.attrs:
            raise Undetermined(made.attrs["_problem"])
        picture = image(height, width, "RGB")
        wanted: Any = Unknown("the target of an item", plain=True)
        if target == "mask":
            wanted = image(picture.attrs["height"], picture.attrs["width"], "P")
        return transformed(world, made, picture, wanted)

    return item


_ALL = "transform=None, target_transform=None, transforms=None"
for _name, _signature, _height, _width, _target in (
    ("VOCSegmentation", f"root, year='2012', image_set='train', download=False, {_ALL}", None, None, "mask"),
    ("VOCDetection", f"root, year='2012', image_set='train', download=False, {_ALL}", None, None, ""),
    ("CocoDetection", f"root, annFile, {_ALL}", None, None, ""),
    ("CocoCaptions", f"root, annFile, {_ALL}", None, None, ""),
    ("CelebA", f"root, split='train', target_type='attr', {_REST}", 218, 178, ""),
    (
        "OxfordIIITPet",
        f"root, split='trainval', target_types='category', {_ALL}, download=False",
        None,
        None,
        "",
    ),
    ("Cityscapes", f"root, split='train', mode='fine', target_type='instance', {_ALL}", None, None, ""),
    (
        "SBDataset",
        "root, image_set='train', mode='boundaries', download=False, transforms=None",
        None,
        None,
        "",
    ),
    ("WIDERFace", f"root, split='train', {_REST}", None, None, ""),
    ("Kitti", f"root, train=True, {_ALL}, download=False", None, None, ""),
):
    _cls = plain_class(
        f"{_V}.{_name}",
        base=BASE,
        __init__=_arguments(_signature),
        __getitem__=_pictures_item(_height, _width, _target),
        __len__=_len,
    )
    _cls.unknown_base = Unknown("what a data set holds", plain=True)
