"""Arrays that cv2 and sklearn hand on: their shapes, as these libraries document them and gave them when they were asked."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint.dims import Sym
from shapelint.interp.tensors.arrays import is_array
from shapelint.values import Instance, List, Unknown
from tests.interp.programs import read

HEAD = """
import cv2, numpy as np
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler, MinMaxScaler, LabelEncoder
from sklearn.datasets import (
    fetch_california_housing, load_digits, load_iris, make_blobs, make_classification, make_moons, make_regression
)
"""

# expression -> shape and dtype; "?" is a size that is not known
ARRAYS = {
    "cv2.imread('a.png')": "[?, ?, 3] uint8",
    "cv2.imread('a.png', cv2.IMREAD_GRAYSCALE)": "[?, ?] uint8",
    "cv2.imread('a.png', 0)": "[?, ?] uint8",
    "cv2.cvtColor(cv2.imread('a.png'), cv2.COLOR_BGR2RGB)": "[?, ?, 3] uint8",
    "cv2.cvtColor(cv2.imread('a.png'), cv2.COLOR_BGR2GRAY)": "[?, ?] uint8",
    "cv2.cvtColor(np.zeros((6, 8), np.uint8), cv2.COLOR_GRAY2RGB)": "[6, 8, 3] uint8",
    "cv2.cvtColor(np.zeros((6, 8, 4), np.uint8), cv2.COLOR_BGRA2BGR)": "[6, 8, 3] uint8",
    "cv2.resize(cv2.imread('a.png'), (128, 64))": "[64, 128, 3] uint8",
    "cv2.resize(cv2.imread('a.png', 0), dsize=(128, 64), interpolation=cv2.INTER_AREA)": "[64, 128] uint8",
    "cv2.resize(np.zeros((6, 8, 1), np.float32), (3, 4))": "[4, 3] float32",
    "cv2.resize(np.zeros((6, 8, 5), np.float32), (3, 4))": "[4, 3, 5] float32",
    "cv2.flip(np.zeros((6, 8, 3), np.uint8), 1)": "[6, 8, 3] uint8",
    "cv2.GaussianBlur(np.zeros((6, 8, 1), np.uint8), (3, 3), 0)": "[6, 8] uint8",
    "cv2.rotate(np.zeros((6, 8, 3), np.uint8), cv2.ROTATE_90_CLOCKWISE)": "[8, 6, 3] uint8",
    "cv2.rotate(np.zeros((6, 8, 3), np.uint8), cv2.ROTATE_180)": "[6, 8, 3] uint8",
    "cv2.Canny(np.zeros((6, 8, 3), np.uint8), 1, 2)": "[6, 8] uint8",
    "train_test_split(np.zeros((10, 4)), test_size=0.25)[0]": "[7, 4] float64",
    "train_test_split(np.zeros((10, 4)), test_size=0.25)[1]": "[3, 4] float64",
    "train_test_split(np.zeros((10, 4)), np.zeros(10, dtype=int))[2]": "[7] int64",
    "train_test_split(np.zeros((10, 4)), test_size=2)[1]": "[2, 4] float64",
    "train_test_split(np.zeros((10, 4)), train_size=0.55)[0]": "[5, 4] float64",
    "train_test_split(np.zeros((10, 4)), train_size=0.55)[1]": "[5, 4] float64",
    "StandardScaler().fit_transform(np.zeros((10, 4)))": "[10, 4] float64",
    "StandardScaler().fit(np.zeros((10, 4))).transform(np.zeros((3, 4), np.float32))": "[3, 4] float32",
    "StandardScaler().fit_transform(np.zeros((10, 4), np.float16))": "[10, 4] float16",
    "MinMaxScaler().fit_transform(np.zeros((10, 4), dtype=int))": "[10, 4] float64",
    "LabelEncoder().fit_transform(np.zeros(10))": "[10] int64",
    "load_iris(return_X_y=True)[0]": "[150, 4] float64",
    "load_iris().data": "[150, 4] float64",
    "load_iris()['target']": "[150] int64",
    "load_digits().images": "[1797, 8, 8] float64",
    "fetch_california_housing(return_X_y=True)[1]": "[20640] float64",
    "make_classification(n_samples=30, n_features=5)[0]": "[30, 5] float64",
    "make_regression(30, 5, n_targets=2)[1]": "[30, 2] float64",
    "make_regression(30, 5)[1]": "[30] float64",
    "make_moons(30)[0]": "[30, 2] float64",
    "make_blobs(30, 4, centers=3)[1]": "[30] int64",
}  # fmt: skip

UNKNOWN = [
    "cv2.imread('a.png', cv2.IMREAD_UNCHANGED)",
    "cv2.resize(cv2.imread('a.png'), None, fx=0.5, fy=0.5)",
    "cv2.resize(nobody_knows(), (3, 4))",
    "cv2.cvtColor(cv2.imread('a.png'), nobody_knows())",
    "cv2.dnn.blobFromImage(cv2.imread('a.png'))",
    "load_iris(as_frame=True)",
    "make_moons((10, 20))",
    "StandardScaler().fit_transform(nobody_knows())",
    "StandardScaler().get_params()",
    "StandardScaler().mean_",
    "load_iris().feature_names",
    "train_test_split(nobody_knows())[0]",
]


def value_of(expression: str) -> Any:
    return read(f"{HEAD}from nobody import nobody_knows\na = {expression}\n")["a"]


@pytest.mark.parametrize("expression", ARRAYS)
def test_an_array(expression: str) -> None:
    found = value_of(expression)
    assert isinstance(found, Instance) and is_array(found), found
    sizes = ["?" if isinstance(n, Sym) else str(n) for n in found.payload.shape]
    assert f"[{', '.join(sizes)}] {found.payload.dtype}" == ARRAYS[expression]


@pytest.mark.parametrize("expression", UNKNOWN)
def test_what_is_not_known(expression: str) -> None:
    found = value_of(expression)
    assert isinstance(found, Unknown) or (
        isinstance(found, Instance) and is_array(found) and isinstance(found.payload, Unknown)
    ), found


def test_rows_that_are_not_known_are_as_many_in_every_array() -> None:
    program = f"{HEAD}x = cv2.imread('a.png')\ny = x[:, 0, 0]\n"
    found = read(f"{program}parts = train_test_split(x, y, test_size=0.2)\n")["parts"]
    assert isinstance(found, List)
    shapes = [part.payload.shape for part in found.items]
    assert shapes[0][0] is shapes[2][0] and shapes[1][0] is shapes[3][0] and shapes[0][0] is not shapes[1][0]
    assert (len(shapes[0]), shapes[0][2], len(shapes[3])) == (3, 3, 1)


# ---- numbers that are not known

NUMBERS = [
    "random.random()", "random.uniform(0, 1)", "random.gauss(0, 1)", "random.randint(0, 9)", "random.randrange(9)",
    "np.random.rand()", "np.random.beta(1.0, 1.0)", "np.random.randint(9)", "np.random.normal()", "time.time()",
    "math.cos(time.time())", "1 - random.random()", "-random.random()", "2 * random.randint(0, 9) + 1", "random.randint(1, 9) / 2",
    "0.5 * (1 - np.random.uniform())",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_leaves_a_tensor_its_shape(number: str) -> None:
    program = f"import math, random, time, torch\nimport numpy as np\ns = {number}\nx = torch.ones(3, 4)\n"
    found = read(f"{program}a = x * s\nb = s * x + 1\nc = torch.ones(2, dtype=torch.int64) * s\n")
    assert [str(t.dtype) for t in (found["a"], found["b"])] == ["float32", "float32"]
    assert [t.shape for t in (found["a"], found["b"], found["c"])] == [(3, 4), (3, 4), (2,)]
    whole = number.startswith(
        ("random.randint(0", "random.randrange", "np.random.randint", "2 * random.randint")
    )
    assert found["c"].dtype == ("int64" if whole else "float32")


def test_what_may_be_a_tensor_is_not_taken_for_a_whole_number() -> None:
    found = read(
        "import random, torch\nfrom nobody import mask\na = random.random() * (1 - mask)\nb = torch.ones(2, 3) * a\n"
    )
    assert isinstance(found["a"], Unknown) and found["a"].annotation is None
    assert not (hasattr(found["b"], "shape") and found["b"].shape == (2, 3))
