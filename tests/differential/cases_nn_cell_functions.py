"""Cases for one step of a recurrent layer as a function of its weights."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_nn_norm import near
from tests.differential.compare import Op, T


@cases("torch.rnn_tanh_cell", "torch.rnn_relu_cell", "torch.gru_cell", "torch.lstm_cell")
def cell(rng: Rng) -> Case:
    gates = {"torch.gru_cell": 3, "torch.lstm_cell": 4}.get(rng.name, 1)
    batch, inside, hidden = rng.randint(1, 3), rng.randint(1, 4), rng.randint(1, 4)
    rows = gates * hidden
    x, h = T((near(rng, batch), near(rng, inside))), T((batch, near(rng, hidden)))
    state: Any = [h, T(h.shape if rng.often(0.95) else (batch, hidden + 1))] if gates == 4 else h
    weights = [T((near(rng, rows), inside)), T((rows, near(rng, hidden)))]
    biases = [T((near(rng, rows),)), T((rows,))] if rng.often(0.5) else []
    return Op(rng.name, (x, state, *weights, *biases))
