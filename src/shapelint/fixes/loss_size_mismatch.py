"""The axis of size 1 that a target has too many, or too few, beside the predictions; the classes moved to axis 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint.fixes.base import Found, number
from shapelint.fixes.calls import with_argument, with_method
from shapelint.report import Edit
from shapelint.values import Tensor

SAFE = False

_BY_CLASS = ("CrossEntropyLoss", "NLLLoss", "cross_entropy", "nll_loss")
_BY_VALUE = (
    "BCELoss",
    "BCEWithLogitsLoss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
)


def edits(found: Found) -> Sequence[Edit | None]:
    need = found.need
    tensors = [t for t in need.tensors if isinstance(t, Tensor) and t.known] if need is not None else []
    if need is None or len(tensors) < 2:
        return ()
    name = need.op.rpartition(".")[2]
    moved = _moved(name, _numbers(tensors[0]), _numbers(tensors[1]))
    if moved is not None:
        return (
            found.replace(found.site, with_argument(found.text(found.site), 0, "input", with_method(moved))),
        )
    method = _method(name, _numbers(tensors[0]), _numbers(tensors[1]))
    if method is None:
        return ()

    return (
        found.replace(found.site, with_argument(found.text(found.site), 1, "target", with_method(method))),
    )


def _method(loss: str, input: list[Any], target: list[Any]) -> str | None:
    """What makes the target fit: an axis of size 1 taken out, or put in."""
    if None in input or None in target or not input:
        return None
    if loss in _BY_CLASS and target[1:2] == [1] and [target[0], *target[2:]] == [input[0], *input[2:]]:
        return "squeeze(1)"
    if loss in _BY_VALUE and input[-1] == 1 and input[:-1] == target:
        return "unsqueeze(-1)"
    if loss in _BY_VALUE and target[-1:] == [1] and target[:-1] == input:
        return "squeeze(-1)"
    return None


def _moved(loss: str, input: list[Any], target: list[Any]) -> str | None:
    """What puts the classes of the input where they belong, where the target fits all its other axes."""
    if None in input or loss not in _BY_CLASS or not 3 <= len(input) <= 5 or input[:-1] != target:
        return None
    if len(input) == 3:
        return "transpose(1, 2)"
    return f"permute(0, {len(input) - 1}, {', '.join(map(str, range(1, len(input) - 1)))})"


def _numbers(tensor: Tensor) -> list[Any]:
    return [number(d) for d in tensor.shape]
