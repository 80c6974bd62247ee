"""Programs drawn from Python's grammar by hypothesmith: hardly anything in them is defined, and all that can be spelled comes up."""

from __future__ import annotations

import importlib.util
import warnings
from random import Random

from tests.fuzz.program import OPENING, Program

_HEAD = b"import torch\nfrom torch import *\nA = B = a = b = torch.zeros(2, 3)\n"


def available() -> bool:
    return importlib.util.find_spec("hypothesmith") is not None


def drawn(number: int, rng: Random) -> Program | None:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    texts = _texts(rng.random() < 0.5)
    found: list[str] = []

    @seed(rng.randrange(2**32))
    @settings(
        max_examples=2,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(texts)
    def draw(text: str) -> None:
        found.append(text)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        draw()
    if not found:
        return None
    return Program("stdin", _HEAD + found[-1].encode("utf-8", "ignore") + OPENING)


def _texts(by_nodes: bool):  # type: ignore[no-untyped-def]
    import hypothesmith

    return hypothesmith.from_node() if by_nodes else hypothesmith.from_grammar()
