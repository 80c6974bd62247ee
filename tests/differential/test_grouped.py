"""Products in groups: torch's counter has no formula for them, so their MACs are compared with those of the groups one by one."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.differential.compare import Op, T, ask_spec

SHAPES = [((8, 16), (4, 16, 32)), ((4, 8, 16), (16, 32)), ((4, 8, 16), (4, 16, 32)), ((8, 16), (16, 32))]


@pytest.mark.parametrize(("left", "right"), SHAPES)
def test_groups_cost_what_their_products_cost(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    a, b = torch.zeros(left), torch.zeros(right)
    keywords = {} if len(left) == len(right) == 3 else {"offs": T((4,), "int32")}
    found = ask_spec(Op("torch.nn.functional.grouped_mm", (T(left), T(right)), keywords))
    with FlopCounterMode(display=False) as counted:
        for i in range(4):
            if len(left) == len(right) == 2:  # columns of a, rows of b
                a[:, 4 * i : 4 * i + 4] @ b[4 * i : 4 * i + 4]
            else:
                x = a[i] if len(left) == 3 else a[2 * i : 2 * i + 2]
                x @ (b[i] if len(right) == 3 else b[:, 8 * i : 8 * i + 8])
    assert found.flops == counted.get_total_flops()
