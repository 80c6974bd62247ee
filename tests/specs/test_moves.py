"""Laws that move axes, where torch cannot be asked: symbolic sizes, and operations that cannot be imported here."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint import dims
from shapelint.dims import symbol
from shapelint.specs import registry, view
from shapelint.specs.need import Need, Refused
from shapelint.values import Class, DType, List, Module, Tensor, Unknown
from tests.differential.compare import Trial


def ask(name: str, *args: Any, **keywords: Any) -> tuple[Any, Trial]:
    registry.load()
    trial = Trial()
    entry = registry.ops[name]
    return entry.law(Need(trial, name), **entry.signature.bind(args, keywords)), trial


def shape(name: str, *args: Any, **keywords: Any) -> list[str]:
    """The shape of the result, as text."""
    return [str(size) for size in ask(name, *args, **keywords)[0].shape]


B = symbol("B", witness=1)
N = symbol("N")
ARGUMENT = Unknown("an argument", name="n").as_size()


def test_view_folds_pixels_into_the_batch_and_says_so_in_the_shape() -> None:
    assert shape("torch.Tensor.view", Tensor((B, 32, 56, 56)), -1, 32 * 8 * 8) == ["49*B", "2048"]


def test_view_that_does_not_fit_carries_both_numbers() -> None:
    _, trial = ask("torch.Tensor.view", Tensor((B, 32, 56, 56)), -1, 2047)
    (failure,) = trial.failures
    assert failure["rule"] == "view-size-mismatch"
    assert dims.witness(failure["actual"]) == 100352
    assert failure["wanted"] == 2047


def test_view_whose_divisibility_is_open_is_assumed() -> None:
    result, trial = ask("torch.Tensor.view", Tensor((N, 30)), -1, 100)
    assert [str(s) for s in result.shape] == ["(3*N)//10", "100"]
    assert [relation for relation, _, _ in trial.assumptions] == ["divides"]
    assert trial.failures == []


def test_view_keeps_small_contents() -> None:
    x = Tensor((4,), "int64", data=(1, 2, 3, 4))
    assert ask("torch.Tensor.view", x, 2, 2)[0].data == (1, 2, 3, 4)


def test_view_as_another_dtype() -> None:
    result, _ = ask("torch.Tensor.view", Tensor((2, 8)), DType("float64"))
    assert (result.shape, result.dtype) == ((2, 4), "float64")


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (slice(None, ARGUMENT), ["n"]),
        (slice(1, None), ["N - 1"]),
        (slice(None, -1), ["N - 1"]),
        (slice(-1, None), ["1"]),
        (slice(-5, None), ["min(5, N)"]),
        (slice(2, None), ["max(0, N - 2)"]),
        (slice(None, 10), ["min(10, N)"]),
        (slice(None, N // 2), ["N//2"]),
        (slice(N // 2, None), ["N - N//2"]),
        (slice(ARGUMENT, ARGUMENT + 3), ["3"]),
        (slice(None, -ARGUMENT), ["N - n"]),
        (slice(None, None, 2), ["(N + 1)//2"]),
        (-1, []),
        (None, ["1", "N"]),
    ],
)
def test_index_of_a_size_that_was_never_seen(index: Any, expected: list[str]) -> None:
    assert shape("torch.Tensor.__getitem__", Tensor((N,)), index) == expected


def test_index_decides_on_the_number_seen() -> None:
    with pytest.raises(Refused):
        ask("torch.Tensor.__getitem__", Tensor((B, 3)), 1)


def test_chunks_of_an_open_size_add_up_again() -> None:
    pieces, _ = ask("torch.chunk", Tensor((N,)), 2)
    assert shape("torch.cat", List(list(pieces))) == ["N"]


def test_matmul_with_symbols_counts_macs() -> None:
    result, trial = ask("torch.matmul", Tensor((N, 4, 8)), Tensor((8, 5)))
    assert [str(s) for s in result.shape] == ["N", "4", "5"]
    assert str(trial.counted) == "160*N"


def test_einops_splits_and_joins_symbols() -> None:
    assert shape(
        "einops.rearrange", Tensor((B, 3, N * 16, 224)), "b c (h p) (w q) -> b (h w) (p q c)", p=16, q=16
    ) == [
        "B",
        "14*N",
        "768",
    ]


def test_einops_names_the_pattern_and_both_sizes() -> None:
    _, trial = ask("einops.rearrange", Tensor((2, 10)), "b (h d) -> b h d", h=3)
    (failure,) = trial.failures
    assert failure["rule"] == "einops-mismatch"
    assert "b (h d) -> b h d" in failure["what"]
    assert (failure["actual"], failure["wanted"]) == (10, 3)


def test_packed_sequences_come_back_with_their_batch() -> None:
    packed, _ = ask(
        "torch.nn.utils.rnn.pack_padded_sequence", Tensor((4, 7, 5)), Unknown("lengths"), batch_first=True
    )
    (padded, lengths), _ = ask(
        "torch.nn.utils.rnn.pad_packed_sequence", packed, batch_first=True, total_length=7
    )
    assert padded.shape == (4, 7, 5)
    assert lengths.shape == (4,)


def test_pack_and_pad_of_known_lengths() -> None:
    packed, _ = ask("torch.nn.utils.rnn.pack_padded_sequence", Tensor((4, 3, 5)), List([4, 2, 1]))
    assert packed[0].shape == (7, 5)
    padded, _ = ask("torch.nn.utils.rnn.pad_packed_sequence", packed)
    assert padded[0].shape == (4, 3, 5)


def test_checkpoint_calls_the_function() -> None:
    result, _ = ask(
        "torch.utils.checkpoint.checkpoint", lambda x, y: x.like(), Tensor((2, 3)), 1, use_reentrant=False
    )
    assert result.shape == (2, 3)


def test_roi_align_takes_boxes_of_every_image() -> None:
    boxes = List([Tensor((3, 4)), Tensor((5, 4))])
    assert shape("torchvision.ops.roi_align", Tensor((2, 256, 50, 50)), boxes, 7) == ["8", "256", "7", "7"]
    assert shape("torchvision.ops.ps_roi_pool", Tensor((2, 98, 50, 50)), Tensor((6, 5)), 7) == [
        "6",
        "2",
        "7",
        "7",
    ]


def test_boxes() -> None:
    assert shape("torchvision.ops.box_iou", Tensor((3, 4)), Tensor((5, 4))) == ["3", "5"]
    assert shape("torchvision.ops.box_convert", Tensor((3, 5)), "cxcywhr", "xyxyxyxy") == ["3", "8"]
    _, trial = ask("torchvision.ops.nms", Tensor((3, 4)), Tensor((4,)), 0.5)
    assert [f["actual"] for f in trial.failures] == [4]


def test_deformable_convolution() -> None:
    registry.load()
    trial = Trial()
    entry = registry.layers["torchvision.ops.DeformConv2d"]
    layer = Module(Class("DeformConv2d", entry.name))
    view.build(entry, layer, Need(trial, entry.name), (6, 8, 3), {"padding": 1, "groups": 2})
    assert layer.attrs["weight"].shape == (8, 3, 3, 3)
    offset = Tensor((2, 18, 10, 10))
    result = view.forward(entry, layer, Need(trial, entry.name), (Tensor((2, 6, 10, 10)), offset), {})
    assert result.shape == (2, 8, 10, 10)
    assert trial.failures == []
    view.forward(entry, layer, Need(trial, entry.name), (Tensor((2, 6, 10, 10)), Tensor((2, 18, 8, 8))), {})
    assert {f["rule"] for f in trial.failures} == {"conv-channel-mismatch"}
