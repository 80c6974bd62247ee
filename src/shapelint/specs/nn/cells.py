"""One step of a recurrent layer: RNNCell, LSTMCell, GRUCell."""

from __future__ import annotations

from typing import Any

from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.nn.sizes import is_none, one_of, optional, same_rank, size
from shapelint.specs.registry import layer
from shapelint.values import Tensor

_RULE = "recurrent-size-mismatch"


class _Cell:
    gates = 1

    def build(self: Any, need: Need, dtype: Any) -> None:
        invalid = "invalid-constructor-argument"
        inside, hidden = (
            size(need, self.input_size, "input_size"),
            size(need, self.hidden_size, "hidden_size"),
        )
        need.at_least(inside, 0, invalid, "input_size", "the smallest size")
        need.at_least(hidden, 0, invalid, "hidden_size", "the smallest size")
        rows = self.gates * hidden
        self.weight_ih = need.parameter((rows, inside), dtype)
        self.weight_hh = need.parameter((rows, hidden), dtype)
        self.bias_ih = optional(need, self.bias, (rows,), dtype)
        self.bias_hh = optional(need, self.bias, (rows,), dtype)

    def step(self: Any, need: Need, input: Tensor, states: dict[str, Any]) -> Tensor:
        """[N] input_size -> [N] hidden_size, from states of [N] hidden_size."""
        for name, state in states.items():
            if not isinstance(state, Tensor):
                need.unknown(f"the state {name} is not known")
        rank = same_rank(need, {"the input": input} | {f"the state {n}": x for n, x in states.items()}, 1, 2)
        inside = need.dim(self.input_size)
        need.equal(input.shape[-1], inside, _RULE, "the last axis of the input", "input_size")
        hidden = need.dim(self.hidden_size)
        for name, state in states.items():
            need.equal(state.shape[-1], hidden, _RULE, f"the last axis of the state {name}", "hidden_size")
            if rank == 2:
                need.equal(
                    state.shape[0], input.shape[0], _RULE, f"the batch of the state {name}", "the input"
                )
            same_dtype(need, weight=self.weight_hh, **{name: state})
        same_dtype(need, weight=self.weight_ih, input=input)
        samples = input.shape[0] if rank == 2 else 1
        need.macs(samples * (self.weight_ih.numel + self.weight_hh.numel))
        return input.with_shape(*input.shape[:-1], hidden)

    def forward(self: Any, need: Need, input: Tensor, hx: Any = None) -> Any:
        return self.step(need, input, {} if is_none(hx) else {"hx": hx})

    def reset_parameters(self: Any, need: Need) -> None:
        return None


_KEPT = ("device", "dtype")


@layer(
    "torch.nn.RNNCell",
    "input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None",
    not_kept=_KEPT,
)
class RNNCell(_Cell):
    def forward(self: Any, need: Need, input: Tensor, hx: Any = None) -> Any:
        made = self.step(need, input, {} if is_none(hx) else {"hx": hx})
        one_of(need, self.nonlinearity, ("tanh", "relu"), "nonlinearity", raised="RuntimeError")
        return made


@layer("torch.nn.GRUCell", "input_size, hidden_size, bias=True, device=None, dtype=None", not_kept=_KEPT)
class GRUCell(_Cell):
    gates = 3


@layer("torch.nn.LSTMCell", "input_size, hidden_size, bias=True, device=None, dtype=None", not_kept=_KEPT)
class LSTMCell(_Cell):
    gates = 4

    def forward(self: Any, need: Need, input: Tensor, hx: Any = None) -> Any:
        states: dict[str, Any] = {}
        if not is_none(hx):
            if not is_sequence(hx) and isinstance(hx, Tensor):
                need.refuse(_RULE, "an LSTMCell takes a pair (h, c) as its state, it was given one tensor")
            parts = sequence(hx, "the state")
            if len(parts) != 2:
                need.refuse(
                    _RULE, f"an LSTMCell takes a pair (h, c) as its state, it was given {len(parts)} values"
                )
            states = dict(zip(("h", "c"), parts, strict=True))
        made = self.step(need, input, states)
        return (made, made.like())


@layer(
    "torch.nn.RNNCellBase",
    "input_size, hidden_size, bias, num_chunks, device=None, dtype=None",
    not_kept=(*_KEPT, "num_chunks"),
)
class RNNCellBase(_Cell):
    def build(self: Any, need: Need, num_chunks: Any, dtype: Any) -> None:  # type: ignore[override]
        self.gates = need.dim(num_chunks)
        _Cell.build(self, need, dtype)
