"""One step of a recurrent layer as a function of its weights: torch.rnn_tanh_cell, rnn_relu_cell, gru_cell, lstm_cell."""

from __future__ import annotations

from typing import Any

from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, sequence
from shapelint.specs.registry import op
from shapelint.values import Tensor

_RULE = "recurrent-size-mismatch"
_WEIGHTS = "w_ih, w_hh, b_ih=None, b_hh=None"


def _step(need: Need, gates: int, input: Tensor, hx: Tensor, *weights: Tensor | None) -> Tensor:
    """[N, input_size], [N, hidden_size] -> [N, hidden_size]; weights of gates*hidden_size rows."""
    w_ih, w_hh, b_ih, b_hh = weights
    assert w_ih is not None
    assert w_hh is not None
    samples, inside = need.axes(input, "N C")
    batch, hidden = need.axes(hx, "N H", what="the state")
    need.equal(batch, samples, _RULE, "the batch of the state", "the batch of the input")
    for what, weight, columns, by in (
        ("w_ih", w_ih, inside, "the input"),
        ("w_hh", w_hh, hidden, "the state"),
    ):
        rows, have = need.axes(weight, "out in", what=what)
        need.equal(have, columns, _RULE, f"the last axis of {what}", f"the last axis of {by}")
        need.equal(rows, gates * hidden, _RULE, f"the rows of {what}", "the gates of the state")
    for what, bias in (("b_ih", b_ih), ("b_hh", b_hh)):
        if bias is not None:
            [size] = need.axes(bias, "H", what=what)
            need.equal(size, gates * hidden, _RULE, f"the length of {what}", "the gates of the state")
    same_dtype(need, w_ih=w_ih, w_hh=w_hh, input=input, state=hx, b_ih=b_ih, b_hh=b_hh)
    need.macs(samples * (w_ih.numel + w_hh.numel))
    return hx.like()


@op("torch.rnn_tanh_cell, torch.rnn_relu_cell", f"input, hx, {_WEIGHTS}")
def rnn_cell(need: Need, input: Tensor, hx: Tensor, **weights: Any) -> Tensor:
    """One gate."""
    return _step(need, 1, input, hx, *weights.values())


@op("torch.gru_cell", f"input, hx, {_WEIGHTS}")
def gru_cell(need: Need, input: Tensor, hx: Tensor, **weights: Any) -> Tensor:
    """Three gates."""
    return _step(need, 3, input, hx, *weights.values())


@op("torch.lstm_cell", f"input, hx, {_WEIGHTS}")
def lstm_cell(need: Need, input: Tensor, hx: Any, **weights: Any) -> tuple[Tensor, Tensor]:
    """Four gates, a state of two tensors."""
    states = sequence(hx, "the state")
    if len(states) != 2:
        need.refuse(_RULE, f"lstm_cell takes a pair (h, c) as its state, it was given {len(states)} values")
    h, c = states
    if not isinstance(h, Tensor) or not isinstance(c, Tensor):
        need.unknown("the state is not known")
    for name, a, b in zip(
        ("batch", "features"), need.axes(c, "N H", what="c"), need.axes(h, "N H", what="h"), strict=True
    ):
        need.equal(a, b, _RULE, f"the {name} of c", f"the {name} of h")
    made = _step(need, 4, input, h, *weights.values())
    return made, made.like()
