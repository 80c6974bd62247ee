"""Cases for cat, stack and for cutting tensors."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_reshape import DTYPES, axis, given, tensor
from tests.differential.compare import Op, T


def group(rng: Rng, join: int | None, rank: int) -> list[T]:
    """Tensors that agree on all axes but one, most of the time."""
    shape = rng.shape(rank, 0, 4)
    made = []
    mixed = rng.often(0.3)
    for _ in range(rng.randint(0 if rng.often(0.05) else 1, 4)):
        sizes = list(shape)
        if join is not None and join < rank:
            sizes[join] = rng.randint(0, 4)
        if sizes and rng.often(0.04):
            sizes[rng.randrange(rank)] += 1
        if rng.often(0.05):
            sizes = [0] if rng.often(0.5) else sizes[1:]
        made.append(T(tuple(sizes), rng.choice(DTYPES) if mixed else "float32"))
    return made


@cases("torch.cat", "torch.concat", "torch.concatenate")
def cat(rng: Rng) -> Case:
    rank = rng.choice((0, 1, 1, 2, 3, 4))
    join = rng.randrange(max(1, rank))
    xs = group(rng, join, rank)
    d = join - rng.choice((0, max(1, rank))) if rng.often(0.93) else axis(rng, rank)
    values: Any = xs if rng.often(0.5) else tuple(xs)
    form = rng.randrange(3)
    if form == 0 and join == 0:
        return Op(rng.name, (values,))
    return Op(rng.name, (values, d)) if form < 2 else Op(rng.name, (values,), {"dim": d})


@cases("torch.stack")
def stack(rng: Rng) -> Case:
    rank = rng.randint(0, 3)
    return Op(rng.name, (group(rng, None, rank), *([axis(rng, rank + 1)] if rng.often(0.7) else [])))


@cases("torch.hstack", "torch.vstack", "torch.dstack", "torch.row_stack", "torch.column_stack")
def stacks(rng: Rng) -> Case:
    rank = rng.randint(0, 4)
    join = {"hstack": 1 if rank > 1 else 0, "column_stack": 1, "dstack": 2}.get(rng.name.split(".")[1], 0)
    if rank < 2 and not (rank == 1 and "hstack" in rng.name):
        join = 9
    return Op(rng.name, (group(rng, join, rank),))


@cases("torch.block_diag")
def block_diag(rng: Rng) -> Case:
    mixed = rng.often(0.3)
    count = rng.randint(0 if rng.often(0.05) else 1, 4)
    xs = [
        T(
            rng.shape(rng.choice((0, 1, 2, 2, 2, 3 if rng.often(0.1) else 2))),
            rng.choice(DTYPES) if mixed else "float32",
        )
        for _ in range(count)
    ]
    return Op(rng.name, tuple(xs))


@cases("torch.cartesian_prod", "torch.combinations")
def products(rng: Rng) -> Case:
    def vector() -> T:
        return T(rng.shape(1 if rng.often(0.95) else 2))

    if rng.name == "torch.combinations":
        return Op(rng.name, (vector(), rng.randint(0, 4), rng.often(0.5)), device="cpu")
    return Op(rng.name, tuple(vector() for _ in range(rng.randint(1, 3))))


@cases("torch.chunk", "torch.Tensor.chunk", "torch.unsafe_chunk", "torch.Tensor.unsafe_chunk")
def chunk(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), 0, 9))
    args = [rng.choice((1, 2, 3, 4, 5, 7, 12, 0))]
    if rng.often(0.7):
        args.append(axis(rng, len(x.shape)))
    return Op(rng.name, (x, *args))


def sections(rng: Rng, size: int) -> list[int]:
    sizes = []
    while size > 0 and rng.often(0.8):
        sizes.append(rng.randint(0, size))
        size -= sizes[-1]
    sizes.append(size if rng.often(0.9) else size + 1)
    return sizes


@cases(
    "torch.split", "torch.split_copy", "torch.split_with_sizes_copy",
    "torch.Tensor.split", "torch.split_with_sizes", "torch.Tensor.split_with_sizes", "torch.unsafe_split",
    "torch.Tensor.unsafe_split", "torch.unsafe_split_with_sizes", "torch.Tensor.unsafe_split_with_sizes",
)  # fmt: skip
def split(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), 0, 9))
    rank = len(x.shape)
    d = axis(rng, rank)
    size = x.shape[d] if -rank <= d < rank else 3
    whole = "sizes" not in rng.name and (rng.often(0.5) or "unsafe" in rng.name or "copy" in rng.name)
    by: Any = rng.choice((1, 2, 3, 4, 7, 0, -1 if rng.often(0.1) else 1)) if whole else sections(rng, size)
    if not whole and rng.often(0.4):
        by = tuple(by)
    return Op(rng.name, (x, by, d))


@cases("torch.tensor_split", "torch.Tensor.tensor_split")
def tensor_split(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), 0, 9))
    by: Any = (
        rng.choice((1, 2, 3, 4, 7, 0))
        if rng.often(0.5)
        else [rng.randint(-4, 8) for _ in range(rng.randint(0, 4))]
    )
    if isinstance(by, list) and rng.often(0.3):
        by = tuple(by)
    return Op(rng.name, (x, by, *([axis(rng, len(x.shape))] if rng.often(0.7) else [])))


@cases(
    "torch.hsplit",
    "torch.vsplit",
    "torch.dsplit",
    "torch.Tensor.hsplit",
    "torch.Tensor.vsplit",
    "torch.Tensor.dsplit",
)
def splits(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), 0, 8))
    if rng.often(0.6):
        return Op(rng.name, (x, rng.choice((1, 2, 3, 4, 0 if rng.often(0.1) else 2))))
    places = [rng.randint(-4, 8) for _ in range(rng.randint(0, 3))]
    return Op(rng.name, (x, *(given(rng, places) if "Tensor" in rng.name else (places,))))


@cases("torch.unbind", "torch.Tensor.unbind", "torch.unbind_copy")
def unbind(rng: Rng) -> Case:
    x = tensor(rng)
    return Op(rng.name, (x, *([axis(rng, len(x.shape))] if rng.often(0.8) else [])))
