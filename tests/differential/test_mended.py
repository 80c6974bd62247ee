"""Calls that a spec and torch once disagreed on: too rare to be met again soon by chance."""

from __future__ import annotations

import pytest

from tests.differential.compare import Layer, Op, T, ask_spec, disagreement
from tests.differential.symbolic import WAYS, symbolic_disagreement

ONCE_WRONG: list[Op | Layer] = [
    Op("torch.bincount", (T((0,), "int64"),), {"weights": T((0,)), "minlength": -1}, device="cpu"),
    Op("torch.bincount", (T((0,), "int64"),), {"weights": T((3, 2)), "minlength": 2}, device="cpu"),
    Op("torch.clamp", (T((0, 3), "bool"), T((0, 3), "bool"), T((), "bool")), device="cpu"),
    Op("torch.clamp", (T((0, 3), "bool"), T((0, 3), "bool")), device="cpu"),
    Op("torch.Tensor.clamp_", (T((2,), "bool"), T((2,), "bool"), T((), "bool")), device="cpu"),
    Op("torch.Tensor.copy_", (T((1, 3)), T((1, 1, 3)))),
    Op("torch.Tensor.copy_", (T(()), T((1,)))),
    Op("torch.diff", (T((1, 1, 2)), 3, 0), device="cpu"),
    Op("torch.diff", (T((3,)), 0, -5), device="cpu"),
    Op("torch.corrcoef", (T((1, 1)),), device="cpu"),
    Op("torch.nn.functional.prelu", (T((1, 2, 1)), T((1,))), device="cpu"),
    Op("torch.Tensor.index_put", (T((4,)), (T((4,), "bool"),), T((1,), "float64")), device="cpu"),
    Layer(
        "torch.nn.GaussianNLLLoss",
        (),
        {"reduction": "none"},
        (T((0,)), T((0,)), T((1,))),
        device="cpu",
        flops=False,
    ),
    Op("torch.pow", (-1, T((4, 2), "float16", order=(1, 0))), device="cpu"),
    Op("torch.renorm", (T((3, 4), order=(1, 0)), 2, 0, 1.0), device="cpu"),
    Op("torch.angle", (T((2, 3), "complex128", order=(1, 0)),), device="cpu"),
    Op("torch.nn.functional.scaled_dot_product_attention", (T((3, 2)), T((1, 2)), T((1, 0))), flops=True),
    Op("torch.linalg.multi_dot", ([T((5, 3)), T((3, 1)), T((1, 4)), T((4, 5)), T((5, 6))],)),
]


@pytest.mark.parametrize("case", ONCE_WRONG, ids=lambda case: case.name)
def test_a_mended_call_stays_mended(case: Op | Layer) -> None:
    ours = ask_spec(case)
    assert disagreement(case, ours) is None
    for way in WAYS:
        said = symbolic_disagreement(case, ours, way)
        assert said is None or said.startswith(("silent", "unknown")), said
