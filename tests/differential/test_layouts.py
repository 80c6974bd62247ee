"""Chains of operations that end in a view: a view is refused only where torch refuses it, and values lie where torch's do."""

from __future__ import annotations

import random
from typing import Any

from tests.differential.compare import Op, T, ask_spec, ask_torch, disagreement

M = "torch.Tensor."
CHAINS = 400
_KINDS = (
    "transpose transpose permute movedim linear matmul contiguous clone relu scaled dropout added double masked softmax "
    "unsqueeze squeeze expand narrow select item slice chunk flatten reshape view unflatten stack cat norm"
).split()

Shape = tuple[int, ...]


def step(rng: random.Random, x: Any, shape: Shape) -> tuple[Any, Shape] | None:
    """One operation more, and the shape it leaves; None where the one that was drawn does not fit."""
    kind = rng.choice(_KINDS)
    made = _moved(rng, kind, x, shape) or _computed(rng, kind, x, shape) or _cut(rng, kind, x, shape)
    return made or _regrouped(rng, kind, x, shape)


def _moved(rng: random.Random, kind: str, x: Any, shape: Shape) -> tuple[Any, Shape] | None:
    rank = len(shape)
    if rank < 2 or kind not in ("transpose", "movedim", "permute"):
        return None
    a, b = rng.randrange(rank), rng.randrange(rank)
    order = list(range(rank))
    if kind == "transpose":
        order[a], order[b] = order[b], order[a]
    elif kind == "movedim":
        order.insert(b, order.pop(a))
    else:
        rng.shuffle(order)
        return Op(M + kind, (x, *order)), tuple(shape[i] for i in order)
    return Op(M + kind, (x, a, b)), tuple(shape[i] for i in order)


def _computed(rng: random.Random, kind: str, x: Any, shape: Shape) -> tuple[Any, Shape] | None:
    out = rng.randint(1, 4)
    if kind == "linear" and len(shape) > 1:
        return Op("torch.nn.functional.linear", (x, T((out, shape[-1])))), (*shape[:-1], out)
    if kind == "matmul" and len(shape) > 1:
        batch = shape[:-2] if rng.random() < 0.5 else ()
        return Op("torch.matmul", (x, T((*batch, shape[-1], out)))), (*shape[:-1], out)
    if kind in ("contiguous", "clone", "relu"):
        return Op(M + kind, (x,)), shape
    if kind == "softmax" and shape:
        return Op(M + kind, (x, -1)), shape
    if kind == "norm" and shape:
        return Op("torch.nn.functional.layer_norm", (x, shape[-1:])), shape
    if kind == "scaled":
        return Op("torch.mul", (x, 2.0)), shape
    if kind == "dropout":
        return Op("torch.nn.functional.dropout", (x, 0.5, rng.random() < 0.5)), shape
    if kind == "added":
        return Op("torch.add", (x, T(shape[rng.randint(0, len(shape)) :]))), shape
    if kind == "masked":
        return Op(M + "masked_fill", (x, T(shape, "bool"), 0.0)), shape
    return None


def _cut(rng: random.Random, kind: str, x: Any, shape: Shape) -> tuple[Any, Shape] | None:
    a = rng.randrange(len(shape)) if shape else 0
    if kind == "unsqueeze":
        return Op(M + kind, (x, a)), (*shape[:a], 1, *shape[a:])
    if kind == "squeeze":
        return Op(M + kind, (x,)), tuple(n for n in shape if n != 1)
    if kind == "expand" and shape:
        wanted = tuple(rng.randint(1, 3) if n == 1 else n for n in shape)
        return Op(M + kind, (x, *wanted)), wanted
    if kind == "stack":
        return Op("torch.stack", ([x, x], a)), (*shape[:a], 2, *shape[a:])
    if not shape:
        return None
    if kind == "cat":
        return Op("torch.cat", ([x, x], a)), (*shape[:a], 2 * shape[a], *shape[a + 1 :])
    if kind == "narrow":
        size = rng.randint(1, shape[a])
        return Op(M + kind, (x, a, 0, size)), (*shape[:a], size, *shape[a + 1 :])
    if kind == "select" and len(shape) > 1:
        return Op(M + kind, (x, a, 0)), (*shape[:a], *shape[a + 1 :])
    if kind == "item" and len(shape) > 1:
        return Op(M + "__getitem__", (x, (slice(None), 0))), (shape[0], *shape[2:])
    if kind == "slice":
        left = -(-shape[0] // 2)
        return Op(M + "__getitem__", (x, slice(None, None, 2))), (left, *shape[1:])
    return None


def _regrouped(rng: random.Random, kind: str, x: Any, shape: Shape) -> tuple[Any, Shape] | None:
    wanted = regrouped(rng, shape)
    if kind in ("reshape", "view") and wanted:
        return Op(M + kind, (x, *wanted)), wanted
    if kind == "flatten" and len(shape) > 1:
        return Op(M + kind, (x, 0, 1)), (shape[0] * shape[1], *shape[2:])
    if kind == "unflatten" and shape and shape[0] % 2 == 0:
        return Op(M + kind, (x, 0, (2, -1))), (2, shape[0] // 2, *shape[1:])
    return None


def regrouped(rng: random.Random, shape: Shape) -> Shape:
    """Sizes with the same product: neighbours merged, axes cut in two."""
    sizes = list(shape)
    for _ in range(rng.randint(1, 3)):
        if len(sizes) > 1 and rng.random() < 0.6:
            at = rng.randrange(len(sizes) - 1)
            sizes[at : at + 2] = [sizes[at] * sizes[at + 1]]
        elif sizes:
            at = rng.randrange(len(sizes))
            if sizes[at] % 2 == 0:
                sizes[at : at + 1] = [2, sizes[at] // 2]
    return tuple(sizes)


def chain(seed: int) -> Op:
    rng = random.Random(seed)
    shape = tuple(rng.choice((1, 2, 2, 3, 4, 6)) for _ in range(rng.randint(2, 4)))
    x: Any = T(shape)
    for _ in range(rng.randint(1, 6)):
        made = step(rng, x, shape)
        if made is not None:
            x, shape = made
    wanted = regrouped(rng, shape)
    name, args = ("view", wanted) if wanted else ("clone", ())
    return Op(M + name, (x, *args), device=rng.choice(("cpu", "meta")), flops=False)


def test_views_are_refused_where_torch_refuses_them() -> None:
    refused = missed = 0
    for seed in range(CHAINS):
        case = chain(seed)
        real, ours = ask_torch(case), ask_spec(case)
        if real.raised is not None and "view size" in real.raised:
            refused += 1
            missed += ours.raised is None
        if ours.raised is not None or real.raised is None:
            assert disagreement(case, ours) is None, f"seed {seed}: {case}"
    assert refused > CHAINS / 20
    assert missed < refused / 5, f"{missed} of {refused} views that torch refuses are not seen"
