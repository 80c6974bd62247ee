"""Cases for reading and writing along an axis by tensors of indices. On the CPU: only there are indices checked."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_reshape import axis
from tests.differential.compare import Op, T


def index(rng: Rng, shape: tuple[int, ...]) -> T:
    return T(shape, "int64" if rng.often(0.94) else rng.choice(("int32", "float32", "int16")))


def values(rng: Rng) -> T:
    return T(tuple(rng.choice((1, 2, 3, 4, 5, 0 if rng.often(0.3) else 2)) for _ in range(rng.randint(0, 4))))


def other(rng: Rng) -> str:
    return "float32" if rng.often(0.95) else "float64"


def smaller(rng: Rng, shape: tuple[int, ...], at: int, most: int = 7) -> tuple[int, ...]:
    """A shape that fits into `shape` but along one axis, most of the time."""
    sizes = [rng.randint(0 if rng.often(0.1) else min(1, s), s) for s in shape]
    if sizes:
        sizes[at % len(sizes)] = rng.randint(0 if rng.often(0.1) else 1, most)
        if rng.often(0.06):
            sizes[rng.randrange(len(sizes))] += 1
        if rng.often(0.04):
            sizes.pop()
    return tuple(sizes)


@cases("torch.narrow", "torch.Tensor.narrow", "torch.narrow_copy", "torch.Tensor.narrow_copy")
def narrow(rng: Rng) -> Case:
    x = values(rng)
    d = axis(rng, len(x.shape))
    return Op(rng.name, (x, d, rng.randint(-4, 4), rng.randint(-1 if rng.often(0.1) else 0, 4)), device="cpu")


@cases("torch.select", "torch.Tensor.select", "torch.select_copy")
def select(rng: Rng) -> Case:
    x = values(rng)
    return Op(rng.name, (x, axis(rng, len(x.shape)), rng.randint(-3, 3)), device="cpu")


def usable(rng: Rng) -> tuple[T, int, int]:
    """A tensor, an axis, and the axis from the front, of a size that has an index 0."""
    while True:
        x = values(rng)
        d = axis(rng, len(x.shape))
        at = d % max(1, len(x.shape))
        if not x.shape or x.shape[at]:
            return x, d, at


@cases("torch.index_select", "torch.Tensor.index_select")
def index_select(rng: Rng) -> Case:
    x, d, _ = usable(rng)
    i = index(rng, rng.choice(((), (1,), (3,), (0,), (2,), (2, 2) if rng.often(0.2) else (4,))))
    return Op(rng.name, (x, d, i), device="cpu")


@cases("torch.gather", "torch.Tensor.gather")
def gather(rng: Rng) -> Case:
    x, d, at = usable(rng)
    i = index(rng, smaller(rng, x.shape, at))
    return Op(rng.name, (x, d, i), device="cpu")


@cases(
    "torch.scatter", "torch.Tensor.scatter", "torch.Tensor.scatter_", "torch.scatter_add", "torch.Tensor.scatter_add",
    "torch.Tensor.scatter_add_", "torch.scatter_reduce", "torch.Tensor.scatter_reduce", "torch.Tensor.scatter_reduce_",
)  # fmt: skip
def scatter(rng: Rng) -> Case:
    x, d, at = usable(rng)
    i = index(rng, smaller(rng, x.shape, at))
    src: Any = T(tuple(s + rng.choice((0, 0, 1)) for s in i.shape), other(rng))
    if src.shape and rng.often(0.05):
        src = T((*src.shape[:-1], max(0, src.shape[-1] - 1)))
    args: list[Any] = [x, d, i, src]
    if rng.name.endswith(("scatter", "scatter_")) and rng.often(0.4):
        args[3] = 1.5
    if "reduce" in rng.name:
        args.append(rng.choice(("sum", "amax", "mean", "amin", "prod", "max" if rng.often(0.2) else "sum")))
    elif rng.name.endswith(("scatter", "scatter_")) and rng.often(0.2):
        return Op(rng.name, tuple(args), {"reduce": rng.choice(("add", "multiply", "sum"))}, device="cpu")
    return Op(rng.name, tuple(args), device="cpu")


@cases(
    "torch.index_add", "torch.Tensor.index_add", "torch.Tensor.index_add_", "torch.index_copy", "torch.Tensor.index_copy",
    "torch.Tensor.index_copy_", "torch.index_reduce", "torch.Tensor.index_reduce", "torch.Tensor.index_reduce_",
)  # fmt: skip
def index_add(rng: Rng) -> Case:
    x, d, at = usable(rng)
    count = rng.randint(0 if rng.often(0.1) else 1, 5)
    source = list(x.shape)
    if source:
        source[at] = count
        if rng.often(0.08):
            source[rng.randrange(len(source))] += 1
    i = index(rng, (count,) if count != 1 or rng.often(0.5) else ())
    if not x.shape:
        i = index(rng, (1,) if rng.often(0.5) else ())
    args: list[Any] = [x, d, i, T(tuple(source), other(rng))]
    if "reduce" in rng.name:
        args.append(rng.choice(("prod", "mean", "amax", "amin")))
    return Op(rng.name, tuple(args), device="cpu")


@cases("torch.index_fill", "torch.Tensor.index_fill", "torch.Tensor.index_fill_")
def index_fill(rng: Rng) -> Case:
    x, d, _ = usable(rng)
    value = 1.0 if rng.often(0.7) else T(() if rng.often(0.8) else (1,))
    return Op(
        rng.name,
        (x, d, index(rng, rng.choice(((), (1,), (3,), (2, 2) if rng.often(0.2) else (2,)))), value),
        device="cpu",
    )


@cases("torch.take", "torch.Tensor.take")
def take(rng: Rng) -> Case:
    return Op(rng.name, (values(rng), index(rng, rng.shape(rng.randint(0, 3), 0, 3))), device="cpu")


@cases("torch.take_along_dim", "torch.Tensor.take_along_dim")
def take_along_dim(rng: Rng) -> Case:
    x, d, at = usable(rng)
    sizes = [s if rng.often(0.8) else 1 for s in x.shape]
    if sizes:
        sizes[at] = rng.randint(1, 4)
        if rng.often(0.05):
            sizes[-1] += 1
    i = index(rng, tuple(sizes))
    return Op(rng.name, (x, i, *([d] if rng.often(0.85) else [])), device="cpu")


@cases("torch.index_put", "torch.index_put_", "torch.Tensor.index_put", "torch.Tensor.index_put_")
def index_put(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(1, 4), 1, 4))
    common = rng.choice(((2,), (3,), (2, 3), (1,), ()))
    parts: list[Any] = [
        T(tuple(s if rng.often(0.8) else 1 for s in common), "int64")
        for _ in range(rng.randint(1, len(x.shape)))
    ]
    if rng.often(0.3):
        parts[0] = T(x.shape[:1], "bool")
        parts = parts[:1]
        return Op(rng.name, (x, tuple(parts), T(() if rng.often(0.7) else (1,), other(rng))), device="cpu")
    value = T(rng.choice(((), (1,), common, (*common, *x.shape[len(parts) :]))), other(rng))
    return Op(rng.name, (x, tuple(parts), value), device="cpu")


@cases("torch.slice_copy")
def slice_copy(rng: Rng) -> Case:
    x = values(rng)
    bounds = [rng.choice((None, rng.randint(-5, 5))) for _ in range(2)]
    return Op(rng.name, (x, axis(rng, len(x.shape)), *bounds, rng.randint(0 if rng.often(0.1) else 1, 3)))


@cases("torch.put", "torch.Tensor.put", "torch.Tensor.put_")
def put(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 3), 1, 4))
    shape = rng.shape(rng.randint(0, 2), 0, 4)
    return Op(
        rng.name, (x, index(rng, shape), T(shape if rng.often(0.85) else (3,), other(rng))), device="cpu"
    )


@cases(
    "torch.masked_select", "torch.Tensor.masked_select", "torch.masked_scatter", "torch.Tensor.masked_scatter",
    "torch.Tensor.masked_scatter_",
)  # fmt: skip
def masked(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 3), 0, 4))
    mask = tuple(s if rng.often(0.8) else 1 for s in x.shape)[rng.choice((0, 0, 1)) :]
    if mask and rng.often(0.1):
        mask = (*mask[:-1], mask[-1] + 1)
    if rng.often(0.1):
        mask = (2, *mask)
    m = T(mask, "bool" if rng.often(0.95) else "int64")
    if "select" in rng.name:
        return Op(rng.name, (x, m), device="cpu")
    return Op(rng.name, (x, m, T((40,), other(rng))), device="cpu")


@cases("torch.repeat_interleave", "torch.Tensor.repeat_interleave")
def repeat_interleave(rng: Rng) -> Case:
    x, d, at = usable(rng)
    form = rng.randrange(4)
    if form == 0:
        return Op(rng.name, (x, rng.randint(-1 if rng.often(0.1) else 0, 4)), device="cpu")
    if form == 1:
        return Op(rng.name, (x, rng.randint(0, 4), d), device="cpu")
    if form == 2:
        return Op(rng.name, (index(rng, rng.shape(rng.choice((1, 1, 1, 2)))),), device="cpu")
    long = x.shape[at] if x.shape else 1
    repeats = index(
        rng, rng.choice(((long,), (long,), (1,), (), (long + 1,), (2, 2) if rng.often(0.2) else (long,)))
    )
    return Op(rng.name, (x, repeats, d), device="cpu")


@cases(
    "torch.select_scatter", "torch.Tensor.select_scatter", "torch.slice_scatter", "torch.Tensor.slice_scatter"
)
def part_scatter(rng: Rng) -> Case:
    x, d, at = usable(rng)
    if "select" in rng.name:
        src = list(x.shape[:at] + x.shape[at + 1 :])
        if src and rng.often(0.1):
            src[0] += 1
        return Op(rng.name, (x, T(tuple(src)), d, rng.randint(-2, 2)), device="cpu")
    start, end, step = rng.randint(-4, 4), rng.randint(-4, 6), rng.randint(1, 2)
    src = list(x.shape)
    if src:
        src[at] = len(range(x.shape[at])[start:end:step])
        if rng.often(0.1):
            src[0] += 1
    return Op(rng.name, (x, T(tuple(src)), d, start, end, step), device="cpu")
