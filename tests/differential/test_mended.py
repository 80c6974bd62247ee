"""Calls that a spec and torch once disagreed on: too rare to be met again soon by chance."""

from __future__ import annotations

import pytest

from tests.differential.compare import Layer, Op, T, disagreement

ONCE_WRONG: list[Op | Layer] = [
    Op("torch.bincount", (T((0,), "int64"),), {"weights": T((0,)), "minlength": -1}, device="cpu"),
    Op("torch.bincount", (T((0,), "int64"),), {"weights": T((3, 2)), "minlength": 2}, device="cpu"),
    Op("torch.clamp", (T((0, 3), "bool"), T((0, 3), "bool"), T((), "bool")), device="cpu"),
    Op("torch.clamp", (T((0, 3), "bool"), T((0, 3), "bool")), device="cpu"),
    Op("torch.Tensor.clamp_", (T((2,), "bool"), T((2,), "bool"), T((), "bool")), device="cpu"),
    Op("torch.Tensor.copy_", (T((1, 3)), T((1, 1, 3)))),
    Op("torch.Tensor.copy_", (T(()), T((1,)))),
]


@pytest.mark.parametrize("case", ONCE_WRONG, ids=lambda case: case.name)
def test_a_mended_call_stays_mended(case: Op | Layer) -> None:
    assert disagreement(case) is None
