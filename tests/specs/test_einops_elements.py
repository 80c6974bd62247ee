"""Elements that are known stay known through einops: what Python and einops say."""

from __future__ import annotations

import pytest

from tests.interp.programs import check


@pytest.mark.parametrize(
    "asked",
    [
        "rearrange(x, 'a b -> b a')",
        "rearrange(x, 'a (b c) -> (c a) b', b=2)",
        "rearrange(x, 'a b -> a 1 b 1')",
        "rearrange(x[None], '1 a b -> (a b)')",
        "rearrange(x, '... b -> b ...')",
        "rearrange([x, x + 1], 'k a b -> b (a k)')",
        "repeat(x, 'a b -> a k b', k=2)",
        "repeat(x, 'a b -> (b k) a', k=3)",
        "torch.zeros(12, 5)[rearrange(x < 7, 'a b -> (b a)')].shape",
    ],
)
def test_what_is_moved_is_followed(asked: str) -> None:
    pytest.importorskip("einops")
    made = asked if asked.endswith("shape") else f"{asked}.tolist()"
    check(
        "import torch\nfrom einops import rearrange, repeat\nx = torch.arange(12).reshape(3, 4)\n"
        f"found = tuple({made}) if {asked.endswith('shape')} else {made}\ndel x\n"
    )
