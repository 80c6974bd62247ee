"""sklearn, as far as it hands on arrays: splits, scalers, and the small data sets that come with it. Its estimators are outside."""

from __future__ import annotations

import math
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import method, takes
from shapelint.interp.library import function
from shapelint.interp.library.numpy_values import one_size, tensor_of
from shapelint.interp.tensors.arrays import array, is_array
from shapelint.interp.world import World
from shapelint.values import Class, Instance, List, Tensor, Undetermined, Unknown

_FLOATS = ("float16", "float32", "float64")


# ---- splits


@function("sklearn.model_selection.train_test_split")
@takes("*arrays, test_size=None, train_size=None, random_state=None, shuffle=True, stratify=None", plain=True)
def train_test_split(
    world: World, arrays: Any, test_size: Any, train_size: Any, random_state: Any, shuffle: Any, stratify: Any
) -> List:
    """Each array's rows in two parts, which are as long for all of them."""
    held = [_rows(value) for value in arrays]
    parts = _sizes(next((rows[0] for rows in held if rows), None), test_size, train_size)
    found: list[Any] = []
    for value, rows in zip(arrays, held, strict=True):
        for count in parts:
            if rows is None:
                found.append(Unknown("a part of what is not known", world.site(), plain=True))
            elif is_array(value):
                found.append(array((count, *rows[1:]), tensor_of(value).dtype))
            else:
                found.append(Tensor((count, *rows[1:]), tensor_of(value).dtype))
    return List(found)


def _rows(value: Any) -> tuple[Dim, ...] | None:
    try:
        return tensor_of(value).shape or None
    except Undetermined:
        return None


def _sizes(rows: Dim | None, test: Any, train: Any) -> tuple[Dim, Dim]:
    """How many rows are for training and for testing (sklearn.model_selection: tests are rounded up)."""
    plain = (type(None), int, float)
    if type(rows) is int and type(test) in plain and type(train) in plain:
        given = 0.25 if test is None and train is None else test
        tests = math.ceil(given * rows) if isinstance(given, float) else given
        trains = math.floor(train * rows) if isinstance(train, float) else train
        tests = rows - trains if tests is None else tests
        trains = rows - tests if trains is None else trains
        if min(tests, trains) > 0 and tests + trains <= rows:
            return trains, tests
    return dims.symbol("N", low=1), dims.symbol("N", low=1)


# ---- scalers


def _supplied(name: str, qualname: str) -> Class:
    """A class of which more is there than is modelled."""
    cls = host_constructors.supply(name, qualname, _made)
    cls.unknown_base = Unknown(f"a {name} of sklearn", plain=True)
    return cls


def _made(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    return Instance(cls)


def _scaled(world: World, self: Instance, X: Any, **_: Any) -> Instance:
    """Of the same shape, and a float."""
    held = tensor_of(X)
    return array(held.shape, held.dtype if held.dtype in _FLOATS else "float64")


def _encoded(world: World, self: Instance, y: Any) -> Instance:
    held = tensor_of(y)
    if len(held.shape) != 1:
        raise Undetermined("labels of several columns")
    return array(held.shape, "int64")


for _name in ("MaxAbsScaler", "MinMaxScaler", "Normalizer", "RobustScaler", "StandardScaler"):
    _cls = _supplied(_name, f"sklearn.preprocessing.{_name}")
    method(_cls, "fit", "X, y=None, sample_weight=None", lambda world, self, **_: self, plain=True)
    method(_cls, "partial_fit", "X, y=None, sample_weight=None", lambda world, self, **_: self, plain=True)
    method(_cls, "fit_transform", "X, y=None, **options", _scaled, plain=True)
    method(_cls, "transform", "X, copy=None", _scaled, plain=True)
    method(_cls, "inverse_transform", "X, copy=None", _scaled, plain=True)
LABELS = _supplied("LabelEncoder", "sklearn.preprocessing.LabelEncoder")
method(LABELS, "fit", "y", lambda world, self, y: self, plain=True)
method(LABELS, "fit_transform", "y", _encoded, plain=True)
method(LABELS, "transform", "y", _encoded, plain=True)


# ---- data sets: rows and columns as documented for each

_SETS = {
    "load_breast_cancer": (569, 30, "int64"),
    "load_diabetes": (442, 10, "float64"),
    "load_digits": (1797, 64, "int64"),
    "load_iris": (150, 4, "int64"),
    "load_wine": (178, 13, "int64"),
    "fetch_california_housing": (20640, 8, "float64"),
}
BUNCH = _supplied("Bunch", "sklearn.utils.Bunch")
method(BUNCH, "__getitem__", "key", lambda world, self, key: _entry(self, key))


def _entry(bunch: Instance, key: Any) -> Any:
    if not isinstance(key, str) or key not in bunch.attrs:
        raise Undetermined("what a data set holds")
    return bunch.attrs[key]


def _data_set(name: str) -> None:
    rows, columns, dtype = _SETS[name]

    @function(f"sklearn.datasets.{name}")
    @takes("**options", plain=True)
    def load(world: World, options: dict[str, Any]) -> Any:
        if options.keys() - {"return_X_y", "data_home", "download_if_missing"}:
            raise Undetermined("a data set that is asked for in another form")
        data, target = array((rows, columns), "float64"), array((rows,), dtype)
        if options.get("return_X_y", False) is True:
            return data, target
        made = Instance(BUNCH)
        made.attrs.update(data=data, target=target)
        if name == "load_digits":
            made.attrs["images"] = array((rows, 8, 8), "float64")
        return made


for _name in _SETS:
    _data_set(_name)


@function("sklearn.datasets.make_classification")
@takes("n_samples=100, n_features=20, **options", plain=True)
def make_classification(world: World, n_samples: Any, n_features: Any, options: Any) -> Any:
    rows = one_size(n_samples)
    return array((rows, one_size(n_features)), "float64"), array((rows,), "int64")


@function("sklearn.datasets.make_regression")
@takes("n_samples=100, n_features=100, *, n_informative=10, n_targets=1, coef=False, **options", plain=True)
def make_regression(
    world: World, n_samples: Any, n_features: Any, n_informative: Any, n_targets: Any, coef: Any, options: Any
) -> Any:
    if coef is not False:
        raise Undetermined("a data set with its coefficients")
    rows, targets = one_size(n_samples), one_size(n_targets)
    if not isinstance(targets, int):
        raise Undetermined("how many targets there are")
    shape = (rows,) if targets == 1 else (rows, targets)
    return array((rows, one_size(n_features)), "float64"), array(shape, "float64")


def _plane(name: str, signature: str) -> None:
    @function(f"sklearn.datasets.{name}")
    @takes(signature, plain=True)
    def law(world: World, n_samples: Any, n_features: Any = 2, **_: Any) -> Any:
        if not isinstance(n_samples, int):
            raise Undetermined("how many samples there are")
        return array((n_samples, one_size(n_features)), "float64"), array((n_samples,), "int64")


_plane("make_moons", "n_samples=100, *, shuffle=True, noise=None, random_state=None")
_plane("make_circles", "n_samples=100, *, shuffle=True, noise=None, random_state=None, factor=0.8")
_plane(
    "make_blobs",
    "n_samples=100, n_features=2, *, centers=None, cluster_std=1.0, center_box=(-10.0, 10.0), shuffle=True, random_state=None",
)
