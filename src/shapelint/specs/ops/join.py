"""Several tensors made one: cat, stack and their relatives."""

from __future__ import annotations

from functools import reduce
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.specs import layouts
from shapelint.specs.arguments import spread
from shapelint.specs.need import Need, sequence
from shapelint.specs.ops.elements import small
from shapelint.specs.ops.promotion import result_type
from shapelint.specs.ops.reshape import reshaped
from shapelint.specs.registry import op
from shapelint.values import Either, Shape, Tensor, Undetermined, Unknown
from shapelint.values.torch_types import promote

RULE = "cat-size-mismatch"


def tensors_of(need: Need, values: Any) -> tuple[Tensor, ...]:
    """The tensors of a sequence, at least one."""
    if isinstance(values, Tensor):
        need.refuse(
            "call-refused", "the tensors are given one by one, and not as a tuple or list", "TypeError"
        )
    items = sequence(values, "the tensors")
    if not items:
        need.refuse("call-refused", "there must be at least one tensor", "RuntimeError")
    for item in items:
        if not isinstance(item, Tensor):
            if isinstance(item, Unknown):
                raise Undetermined(item.why, item)
            if isinstance(item, (Sym, Either)):
                need.unknown("what stands among the tensors is not known")
            need.refuse("call-refused", f"a {type(item).__name__} stands among the tensors", "TypeError")
    return items


def _same_rank(need: Need, xs: tuple[Tensor, ...]) -> None:
    """Tensors of unknown rank are taken to have the rank of the others; of one without values, which may stand among any, nothing
    follows."""
    known = [x.rank for x in xs if x.known and not is_nothing(x)]
    if known:
        for x in xs:
            if not x.known:
                need.rank(x, max(known))


def is_nothing(x: Tensor) -> bool:
    """A 1-D tensor without values, which cat skips whatever the others are."""
    return x.rank == 1 and dims.equal(x.shape[0], 0).yes


@op("torch.cat, torch.concat, torch.concatenate", "tensors, dim=0, *, axis=None")
def cat(need: Need, tensors: Any, dim: Any, axis: Any) -> Tensor:
    """Sizes add up along `dim`; along the other axes they are equal."""
    return joined(need, tensors_of(need, tensors), dim if axis is None else axis)


def joined(need: Need, xs: tuple[Tensor, ...], dim: Any) -> Tensor:
    _same_rank(need, xs)
    for i, x in enumerate(xs):
        if not x.shape:
            need.refuse("wrong-rank", f"tensor {i} has no axes and cannot be joined to others")
    dtype = result_type(need, *xs)
    real = [(i, x) for i, x in enumerate(xs) if not is_nothing(x)]
    if not real:
        return xs[0].with_shape(0, dtype=dtype)
    place, first = real[0]
    d = need.axis(dim, first.rank)
    shape = list(first.shape)
    long: list[Dim] = [first.shape[d]]
    for i, x in real[1:]:
        if x.rank != first.rank:
            need.refuse("wrong-rank", f"tensor {i} has {x.rank} axes, tensor {place} has {first.rank}")
        for a, size in enumerate(x.shape):
            if a != d:
                need.equal(size, shape[a], RULE, f"axis {a} of tensor {i}", f"axis {a} of tensor {place}")
                shape[a] = _clearer(shape[a], need.resolve(size))
        long.append(need.resolve(x.shape[d]))
    shape[d] = dims.total(long)
    made = first.with_shape(*shape, dtype=dtype)
    if len(shape) not in (4, 5):  # pictures may come out with their channels last
        layouts.new(made)
    if len(shape) == 1 and small(made.shape) is not None and all(x.data is not None for _, x in real):
        made.data = tuple(v for _, x in real for v in x.data or ())
    return made


def _clearer(a: Dim, b: Dim) -> Dim:
    """Of two sizes that are equal, the one that says more: a number where the other is an unseen symbol."""
    return b if isinstance(b, int) and dims.witness(a) is None else a


@op("torch.stack", "tensors, dim=0")
def stack(need: Need, tensors: Any, dim: Any) -> Tensor:
    """Tensors of one shape along a new axis."""
    xs = tensors_of(need, tensors)
    _same_rank(need, xs)
    d = need.axis(dim, xs[0].rank + 1)
    shape = same_shape(need, xs)
    made = xs[0].with_shape(*shape[:d], len(xs), *shape[d:], dtype=result_type(need, *xs))
    if made.rank not in (4, 5):
        layouts.new(made)
    if d == 0 and small(made.shape) is not None and all(x.data is not None for x in xs):
        made.data = tuple(v for x in xs for v in x.data or ())
    return made


def same_shape(need: Need, xs: tuple[Tensor, ...]) -> Shape:
    """The one shape that all tensors must have."""
    shape = list(xs[0].shape)
    for i, x in enumerate(xs[1:], 1):
        if x.rank != len(shape):
            need.refuse("wrong-rank", f"tensor {i} has {x.rank} axes, tensor 0 has {len(shape)}")
        for a, size in enumerate(x.shape):
            need.equal(size, shape[a], RULE, f"axis {a} of tensor {i}", f"axis {a} of tensor 0")
            shape[a] = _clearer(shape[a], need.resolve(size))
    return tuple(shape)


@op("torch.hstack, torch.vstack, torch.dstack, torch.row_stack, torch.column_stack", "tensors")
def stacks(need: Need, tensors: Any) -> Tensor:
    """cat along axis 1 (hstack, column_stack; axis 0 for vectors in hstack), 0 (vstack) or 2 (dstack), after the tensors
    got that many axes."""
    name = need.op.rsplit(".", 1)[1]
    xs = tensors_of(need, tensors)
    _same_rank(need, xs)
    grown = tuple(reshaped(x, _grown(name, x.shape)) for x in xs)
    axis = {"hstack": min(grown[0].rank - 1, 1), "column_stack": 1, "dstack": 2}.get(name, 0)
    return joined(need, grown, axis)


def _grown(name: str, shape: Shape) -> Shape:
    if name == "hstack":
        return shape or (1,)
    if name == "column_stack":
        return (*(shape or (1,)), 1) if len(shape) < 2 else shape
    if len(shape) < 2:
        shape = (1, *(shape or (1,)))
    return (*shape, 1) if name == "dstack" and len(shape) < 3 else shape


@op("torch.block_diag", "*tensors")
def block_diag(need: Need, tensors: Any) -> Tensor:
    """Matrices along the diagonal of a larger one: rows and columns add up."""
    xs: tuple[Tensor, ...] = spread(tensors, "the tensors")
    rows: list[Dim] = []
    columns: list[Dim] = []
    for i, x in enumerate(xs):
        need.rank(x, 0, 1, 2, what=f"tensor {i}")
        shape = (1,) * (2 - x.rank) + x.shape
        rows.append(shape[0])
        columns.append(shape[1])
    if not xs:
        return need.tensor((1, 0))
    return xs[0].with_shape(dims.total(rows), dims.total(columns), dtype=promoted(xs))


def promoted(xs: tuple[Tensor, ...]) -> str | None:
    """The common dtype, 0-d tensors counting like others."""
    return reduce(promote, (x.dtype for x in xs))


@op("torch.cartesian_prod", "*tensors")
def cartesian_prod(need: Need, tensors: Any) -> Tensor:
    """All combinations of the elements of vectors, one a row."""
    xs: tuple[Tensor, ...] = spread(tensors, "the tensors")
    for i, x in enumerate(xs):
        need.rank(x, 1, what=f"tensor {i}")
    if len(xs) == 1:
        return xs[0].like()
    return xs[0].with_shape(dims.product(x.shape[0] for x in xs), len(xs))


@op("torch.combinations", "input, r=2, with_replacement=False")
def combinations(need: Need, input: Tensor, r: Any, with_replacement: Any) -> Tensor:
    """All choices of r elements of a vector, one a row."""
    (n,) = need.axes(input, "n")
    count = need.concrete(r, "r")
    if count < 0:
        need.refuse("call-refused", f"r must not be negative, it is {count}")
    if count == 0:
        return input.with_shape(0)
    if isinstance(n, int) and not with_replacement and count > n:
        return input.with_shape(0, count)
    ways: Dim = 1
    for i in range(need.few(count, "r")):
        ways = ways * (n + i if with_replacement else dims.maximum(n - i, 0)) // (i + 1)
    return input.with_shape(ways, count)
