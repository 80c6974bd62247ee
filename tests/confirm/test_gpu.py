"""What needs a GPU: models built and measured there. Skipped where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelint.confirm.process import Limits
from shapelint.engine import confirm
from tests.confirm.programs import SETTINGS
from tests.memory.models import MODELS

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA here")

NETS = Path(__file__).parents[1] / "memory" / "models.py"


@pytest.mark.parametrize("expression", MODELS)
@pytest.mark.parametrize("backward", [False, True])
def test_a_model_on_the_gpu(expression: str, backward: bool) -> None:
    shape, dtype = MODELS[expression]
    options = confirm.Options(device="cuda", backward=backward, limits=Limits(120))
    text = ",".join(map(str, (64, *shape))) + f":{dtype}"
    (found,) = confirm.target(f"{NETS}:{expression}", [text], SETTINGS, options)
    assert (found.why, found.differences, found.device) == (None, (), "cuda")
    assert found.peak_bytes is not None and found.replayed_bytes is not None
