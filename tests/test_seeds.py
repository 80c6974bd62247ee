"""The cases the project was started from: the seeds against the real torch, and shapelint against the same numbers."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SEEDS = Path(__file__).parents[1] / "fixtures" / "seeds"
CIFAR = "seed_1b_cifar_cnn.py"

# (seed, name in the module, parameters): what torch itself counts
COUNTS = [
    (CIFAR, "net", 136_970),
    ("seed_2_count_function.py", "model", 32),
    ("seed_3_initialised.py", "model", 26),
    ("seed_4_by_hand.py", "small", 32),
    ("seed_4_by_hand.py", "bottleneck", 10_451),
    ("seed_4_by_hand.py", "lstm", 56),
    ("seed_4_by_hand.py", "recurrent", 450 + 12_400),
    ("seed_4_by_hand.py", "grey_to_three", 15),
    ("seed_4_by_hand.py", "three_to_one", 13),
    ("seed_4_by_hand.py", "two_to_three", 27),
    ("seed_5_no_return.py", "model", 196),
]


@pytest.fixture
def counters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The packages the seeds count with are not installed: only that they are called matters."""
    for name, function in (("thop", "profile"), ("torchsummary", "summary"), ("torchinfo", "summary")):
        module = ModuleType(name)
        setattr(module, function, lambda *a, **k: (0, 0))
        monkeypatch.setitem(sys.modules, name, module)


def run(seed: str) -> dict[str, Any]:
    return runpy.run_path(str(SEEDS / seed), run_name="__main__")


def total(model: Any) -> int:
    return sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize(("seed", "name", "expected"), COUNTS)
def test_torch_counts(counters: None, seed: str, name: str, expected: int) -> None:
    assert total(run(seed)[name]) == expected


def test_torch_on_the_shared_layer_and_the_folded_batch(
    counters: None, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    net = run("seed_1a_shared_linear.py")["Net"]
    for turns in (1, 4):
        assert total(net(3, 5, 2, turns)) == 3 * 5 + 5 + 5 * 5 + 5 + 5 * 2 + 2
    cnn = run(CIFAR)["net"]
    assert [total(m) for m in cnn.children()] == [448, 32, 0, 4_640, 64, 0, 131_136, 650]
    assert sum(b.numel() for b in cnn.buffers()) == 98
    assert cnn(torch.randn(1, 3, 224, 224)).shape == (49, 10)
    assert all(cnn(torch.randn(2, 3, n, n)).shape == (2, 10) for n in (32, 35))
    assert run("seed_5_no_return.py")["model"](torch.randn(16, 3, 5, 5)) is None
    capsys.readouterr()
    run("seed_2_count_function.py")
    assert capsys.readouterr().out == "The model has 32 trainable parameters.\n"


# ---- shapelint, from here on


def summaries(seed: str, expression: str = "", inputs: tuple[str, ...] = ()) -> list[Any]:
    pytest.importorskip(
        "shapelint.engine.summarize", reason="the engine is not there yet", exc_type=ImportError
    )
    import shapelint

    return shapelint.summarize(f"{SEEDS / seed}{expression}", inputs)


def findings(seed: str) -> list[Any]:
    pytest.importorskip("shapelint.engine.check", reason="the engine is not there yet")
    import shapelint

    return shapelint.check(SEEDS / seed)


def test_1a_the_formula_is_in_the_constructor_s_names_and_without_n() -> None:
    (model,) = summaries("seed_1a_shared_linear.py")
    formula = model.params.formula
    assert model.params.total is None and formula is not None
    for d_in, h, d_out in ((3, 5, 2), (7, 11, 13)):
        value = eval(formula.replace("^", "**"), {"d_in": d_in, "h": h, "d_out": d_out})
        assert value == d_in * h + h + h * h + h + h * d_out + d_out
    assert findings("seed_1a_shared_linear.py") == []


def test_1b_the_view_that_folds_the_batch() -> None:
    (model,) = summaries(CIFAR)
    assert (model.params.total, model.params.trainable, model.buffers) == (136_970, 136_970, 98)
    rows = {row.name: row for row in model.layers}
    assert [rows[n].params for n in ("conv1", "bn1", "conv2", "bn2", "fc1", "fc2")] == [
        448,
        32,
        4_640,
        64,
        131_136,
        650,
    ]
    (fold,) = [d for d in findings(CIFAR) if d.rule == "view-folds-batch"]
    assert (fold.code[:4], fold.severity, fold.line, fold.column) == ("SHP2", "error", 28, 13)
    assert "49" in fold.message
    assert any("32 to 35" in remedy for remedy in fold.fits)


def test_1b_macs() -> None:
    (at_32,) = summaries(CIFAR, ":Net()", ("1,3,32,32",))
    (at_224,) = summaries(CIFAR, ":Net()", ("1,3,224,224",))
    assert (at_32.macs, at_224.macs) == (1_753_728, 85_932_672)


def test_2_from_variables() -> None:
    assert [(m.params.total, m.params.trainable) for m in summaries("seed_2_count_function.py")] == [(32, 32)]


def test_3_rows_and_output() -> None:
    (model,) = summaries("seed_3_initialised.py")
    assert [row.params for row in model.layers if row.depth == 1] == [12, 8, 6]
    assert model.params.total == 26
    assert model.outputs is not None and [t.shape for t in model.outputs] == [(5, 2)]


def test_4_every_layer_by_hand() -> None:
    totals = sorted(m.params.total for m in summaries("seed_4_by_hand.py"))
    assert totals == sorted(count for seed, _, count in COUNTS if seed == "seed_4_by_hand.py")


def test_5_forward_returns_nothing() -> None:
    (model,) = summaries("seed_5_no_return.py")
    assert model.params.total == 196
    (row,) = model.layers
    assert row.output == ((16, 7, 3, 3),)
    assert model.macs == 27_216
    found = findings("seed_5_no_return.py")
    assert any("return" in d.message for d in found)


@pytest.mark.parametrize("seed", ["seed_2_count_function.py", "seed_3_initialised.py", "seed_4_by_hand.py"])
def test_nothing_is_said_of_what_is_right(seed: str) -> None:
    assert findings(seed) == []
