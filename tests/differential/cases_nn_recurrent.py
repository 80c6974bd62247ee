"""Cases for recurrent layers, on the meta device: there they decompose into matrix products, which are counted."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_sequences import packing
from tests.differential.cases_nn_norm import near
from tests.differential.compare import Layer, T


def options(rng: Rng, hidden: int) -> dict[str, Any]:
    """Constructor arguments beside the two sizes."""
    named: dict[str, Any] = {}
    if rng.often(0.5):
        named["num_layers"] = rng.randint(0 if rng.often(0.1) else 1, 3)
    for name in ("bias", "batch_first", "bidirectional"):
        if rng.often(0.5):
            named[name] = rng.often(0.5)
    if rng.often(0.2):
        named["dropout"] = rng.choice([0.0, 0.5, 1, 1.5, True])
    if rng.name.endswith("LSTM") and rng.often(0.3):
        named["proj_size"] = rng.randint(-1 if rng.often(0.1) else 0, hidden)
    if rng.name.endswith("RNN") and rng.often(0.3):
        named["nonlinearity"] = rng.choice(["tanh", "relu", "gelu"])
    return named


@cases("torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU")
def recurrent(rng: Rng) -> Case:
    inside, hidden = rng.randint(0 if rng.often(0.05) else 1, 4), rng.randint(0 if rng.often(0.05) else 1, 4)
    named = options(rng, hidden)
    if rng.often(0.25):
        return packed(rng, inside, hidden, named)
    batched = rng.often(0.7)
    first, second = rng.randint(0 if rng.often(0.1) else 1, 4), rng.randint(0 if rng.often(0.1) else 1, 3)
    shape = (first, second, near(rng, inside)) if batched else (first, near(rng, inside))
    if rng.often(0.03):
        shape = (2, *shape) if rng.often(0.5) else shape[:1]
    x = T(shape, "float64" if rng.often(0.03) else "float32")
    if rng.often(0.5):
        return Layer(rng.name, (inside, hidden), named, (x,))
    states = named.get("num_layers", 1) * (2 if named.get("bidirectional") else 1)
    batch = first if named.get("batch_first") else second
    middle = (near(rng, batch),) if batched == rng.often(0.95) else ()
    out = named.get("proj_size") or hidden
    h = T((near(rng, states), *middle, near(rng, out)))
    if not rng.name.endswith("LSTM"):
        return Layer(rng.name, (inside, hidden), named, (x, h))
    c = T((states, *middle, near(rng, hidden)))
    return Layer(rng.name, (inside, hidden), named, (x, (h, c)))


def packed(rng: Rng, inside: int, hidden: int, named: dict[str, Any]) -> Case:
    """The layer over a packed sequence."""
    sequence = packing(rng, (near(rng, inside),) if rng.often(0.95) else (2, inside))
    batch = len(sequence.args[1])
    states = named.get("num_layers", 1) * (2 if named.get("bidirectional") else 1)
    out = named.get("proj_size") or hidden
    state: tuple[Any, ...] = ()
    if rng.often(0.4):
        if rng.name.endswith("LSTM"):  # torch reads beyond the end of states that are too few
            state = ((T((states, near(rng, batch), near(rng, out))), T((states, batch, near(rng, hidden)))),)
        else:
            state = (T((near(rng, states), near(rng, batch), near(rng, out))),)
    return Layer(rng.name, (inside, hidden), named, (sequence, *state), device="cpu", flops=False)


@cases("torch.nn.RNNCell", "torch.nn.LSTMCell", "torch.nn.GRUCell")
def cell(rng: Rng) -> Case:
    inside, hidden = rng.randint(0 if rng.often(0.05) else 1, 4), rng.randint(0 if rng.often(0.05) else 1, 4)
    named: dict[str, Any] = {"bias": rng.often(0.5)} if rng.often(0.5) else {}
    batch = (rng.randint(0 if rng.often(0.1) else 1, 3),) if rng.often(0.7) else ()
    if rng.often(0.03):
        batch = (1, 2)
    x = T((*batch, near(rng, inside)))
    if rng.often(0.5):
        return Layer(rng.name, (inside, hidden), named, (x,))
    before = tuple(near(rng, n) for n in batch) if rng.often(0.95) else ()
    h = T((*before, near(rng, hidden)))
    if rng.name.endswith("LSTMCell"):
        return Layer(rng.name, (inside, hidden), named, (x, (h, T((*before, near(rng, hidden))))))
    return Layer(rng.name, (inside, hidden), named, (x, h))
