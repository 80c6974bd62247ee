"""Recurrent layers over a whole sequence: RNN, LSTM, GRU."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, Refused, is_sequence, sequence, show
from shapelint.specs.nn.sizes import is_none, one_of, same_rank, size
from shapelint.specs.packed import batch_of, is_packed, rows_of, with_data
from shapelint.specs.registry import layer
from shapelint.values import Tensor

_RULE = "recurrent-size-mismatch"
_INVALID = "invalid-constructor-argument"
_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


class _Recurrent:
    """Stacked layers, each direction of each with its own weights: gates*hidden rows."""

    def construct(self: Any, need: Need, mode: Any, dtype: Any) -> None:
        self.mode = mode
        self._check(need)
        self._flat_weights_names = ()
        hidden = need.dim(self.hidden_size)
        projection = need.dim(self.proj_size)
        layers = need.few(self.num_layers, "num_layers")
        directions = 2 if self.bidirectional else 1
        out = hidden if dims.equal(projection, 0).yes else projection
        rows = hidden * _GATES[mode]
        names: list[str] = []
        for number in range(layers):
            columns = need.dim(self.input_size) if number == 0 else out * directions
            for suffix in ("", "_reverse")[:directions]:
                shapes: list[tuple[str, tuple[Dim, ...]]] = [
                    ("weight_ih", (rows, columns)),
                    ("weight_hh", (rows, out)),
                ]
                if self.bias:
                    shapes += [("bias_ih", (rows,)), ("bias_hh", (rows,))]
                if out is projection:
                    shapes.append(("weight_hr", (projection, hidden)))
                for name, shape in shapes:
                    names.append(f"{name}_l{number}{suffix}")
                    setattr(self, names[-1], need.parameter(shape, dtype))
        self._flat_weights_names = tuple(names)

    def _check(self: Any, need: Need) -> None:
        p = self.dropout
        if isinstance(p, bool) or (isinstance(p, (int, float)) and not 0 <= p <= 1) or isinstance(p, str):
            need.refuse(_INVALID, f"dropout must be a number between 0 and 1, it is {p!r}", "ValueError")
        for name in ("bias", "batch_first"):
            value = getattr(self, name)
            if isinstance(value, (int, float, str)) and not isinstance(value, bool):
                need.refuse(_INVALID, f"{name} must be a bool, it is {value!r}", "TypeError")
        ok = True
        for name in ("input_size", "hidden_size", "num_layers"):
            number = size(need, getattr(self, name), name)
            ok &= need.at_least(number, 1, _INVALID, name, "the smallest size")
        projection, hidden = size(need, self.proj_size, "proj_size"), need.dim(self.hidden_size)
        ok &= need.at_least(projection, 0, _INVALID, "proj_size", "the smallest size")
        ok &= need.at_least(
            hidden - 1, projection, _INVALID, "the largest proj_size (hidden_size, less one)", "proj_size"
        )
        if not ok:
            raise Refused

    def forward(self: Any, need: Need, input: Tensor, hx: Any = None) -> Any:
        """[T] N input_size -> [T] N directions*out, and the last state, layers*directions N out (LSTM: and the cell's)."""
        if is_packed(input):
            return self._over_packed(need, input, hx)
        rank = same_rank(need, {"the input": input} | self._states(need, hx), 2, 3)
        batched = rank == 3
        self.check_input(need, input)
        time, batch = (1, 0) if batched and self.batch_first else (0, 1)
        steps = input.shape[time]
        samples = input.shape[batch] if batched else 1
        need.at_least(steps, 1, _RULE, "the length of the sequence", "the smallest length")
        output, last = self._outcome(need, input, hx, (samples,) if batched else ())
        self._count(need, steps * samples)
        return (output, last)

    def _over_packed(self: Any, need: Need, packed: Any, hx: Any) -> Any:
        """data [rows, input_size], every step of every sequence one row -> data [rows, directions*out], and the last state."""
        data = packed[0]
        need.rank(data, 2, what="the data of the packed sequence")
        for name, x in self._states(need, hx).items():
            need.rank(x, 3, what=name)
        self.check_input(need, data)
        rows = rows_of(need, packed, _RULE)
        # The states are put into the order of the sequences: more of them than there are sequences do no harm.
        loose = {("h_0", "batch"), ("c_0", "batch")} if packed[2] is not None else set()
        if self.mode == "LSTM":
            loose.add(("c_0", "states"))  # torch takes as many as it needs
        output, last = self._outcome(
            need, data.with_shape(rows, *data.shape[1:]), hx, (batch_of(need, packed),), loose
        )
        self._count(need, rows)
        return (with_data(packed, output), last)

    def _outcome(
        self: Any, need: Need, input: Tensor, hx: Any, middle: tuple[Dim, ...], loose: Collection[Any] = ()
    ) -> tuple[Tensor, Any]:
        """What comes out at each step, and the last state; `middle` is the batch, where there is one. `loose` names the axes
        of the states that may be larger."""
        directions = 2 if self.bidirectional else 1
        states = need.concrete(self.num_layers, "num_layers") * directions
        out, hidden = self._sizes(need)
        self._check_state(need, hx, (states, *middle, out), (states, *middle, hidden), loose)
        output = input.with_shape(*input.shape[:-1], out * directions)
        h = input.with_shape(states, *middle, out)
        if self.mode != "LSTM":
            return output, h
        return output, (h, input.with_shape(states, *middle, hidden))

    def check_input(self: Any, need: Need, input: Tensor, batch_sizes: Any = None) -> None:
        need.equal(
            input.shape[-1], need.dim(self.input_size), _RULE, "the last axis of the input", "input_size"
        )
        same_dtype(need, weight=self.weight_ih_l0, input=input)

    def _sizes(self: Any, need: Need) -> tuple[Dim, Dim]:
        """(what comes out at each step, the size of the cell)."""
        hidden, projection = need.dim(self.hidden_size), need.dim(self.proj_size)
        return (hidden if dims.equal(projection, 0).yes else projection), hidden

    def _states(self: Any, need: Need, hx: Any) -> dict[str, Tensor]:
        """The states that were given, by name."""
        if is_none(hx):
            return {}
        if self.mode != "LSTM":
            if is_sequence(hx):
                need.refuse(_RULE, "the state must be one tensor, it is a tuple", "AttributeError")
            given = {"h_0": hx}
        else:
            if isinstance(hx, Tensor):
                if not hx.known:
                    need.unknown("the state is not known")
                need.refuse(_RULE, "an LSTM takes a pair (h, c) as its state, it was given one tensor")
            parts = sequence(hx, "the state")
            if len(parts) != 2:
                need.refuse(
                    _RULE, f"an LSTM takes a pair (h, c) as its state, it was given {len(parts)} values"
                )
            given = {"h_0": parts[0], "c_0": parts[1]}
        for name, x in given.items():
            if not isinstance(x, Tensor):
                need.unknown(f"{name} is not known")
        return given

    def _check_state(
        self: Any, need: Need, hx: Any, h: tuple[Dim, ...], c: tuple[Dim, ...], loose: Collection[Any] = ()
    ) -> None:
        names = ("states", "batch", "features") if len(h) == 3 else ("states", "features")
        for (what, x), wanted in zip(self._states(need, hx).items(), (h, c), strict=False):
            for name, a, b in zip(names, x.shape, wanted, strict=True):
                compare = need.at_least if (what, name) in loose else need.equal
                compare(a, b, _RULE, f"the {name} of {what}, {show(x.shape)}", "the layer and its input")
            same_dtype(need, **{"weight": self.weight_ih_l0, what: x})

    def _count(self: Any, need: Need, rows: Dim) -> None:
        """Each step of each sample takes each weight once."""
        weights = [getattr(self, name) for name in self._flat_weights_names if name.startswith("weight")]
        need.macs(rows * dims.total([w.numel for w in weights]))

    def flatten_parameters(self: Any, need: Need) -> None:
        return None

    def reset_parameters(self: Any, need: Need) -> None:
        return None


_OPTIONS = "num_layers=1, {}bias=True, batch_first=False, dropout=0.0, bidirectional=False, {}device=None, dtype=None"
_KEPT = ("device", "dtype")


@layer(
    "torch.nn.RNNBase",
    "mode, input_size, hidden_size, " + _OPTIONS.format("", "proj_size=0, "),
    not_kept=(*_KEPT, "mode"),
)
class RNNBase(_Recurrent):
    def build(self: Any, need: Need, mode: Any, dtype: Any) -> None:
        one_of(need, mode, tuple(_GATES), "mode", _INVALID)
        if not isinstance(mode, str):
            need.unknown("the mode is not known")
        self.construct(need, mode, dtype)


@layer(
    "torch.nn.LSTM",
    "input_size, hidden_size, " + _OPTIONS.format("", "proj_size=0, "),
    base="torch.nn.RNNBase",
    not_kept=_KEPT,
)
class LSTM(_Recurrent):
    def build(self: Any, need: Need, dtype: Any) -> None:
        self.construct(need, "LSTM", dtype)


@layer(
    "torch.nn.GRU",
    "input_size, hidden_size, " + _OPTIONS.format("", ""),
    base="torch.nn.RNNBase",
    not_kept=_KEPT,
)
class GRU(_Recurrent):
    def build(self: Any, need: Need, dtype: Any) -> None:
        self.proj_size = 0
        self.construct(need, "GRU", dtype)


@layer(
    "torch.nn.RNN", "input_size, hidden_size, " + _OPTIONS.format("nonlinearity='tanh', ", ""),
    base="torch.nn.RNNBase", not_kept=_KEPT,
)  # fmt: skip
class RNN(_Recurrent):
    def build(self: Any, need: Need, dtype: Any) -> None:
        self.proj_size = 0
        one_of(need, self.nonlinearity, ("tanh", "relu"), "nonlinearity", _INVALID)
        self.construct(need, "RNN_RELU" if self.nonlinearity == "relu" else "RNN_TANH", dtype)
