"""One tensor cut into several along an axis. The results are tuples."""

from __future__ import annotations

import itertools
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes import index as indices
from shapelint.specs import layouts
from shapelint.specs.arguments import spread
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.registry import op
from shapelint.values import Tensor

RULE = "split-size-mismatch"
# A tuple this long is not written out: nobody unpacks it.
MOST = 4096


def pieces(need: Need, x: Tensor, axis: int, sizes: list[Dim]) -> tuple[Tensor, ...]:
    """`x` cut into pieces of these sizes."""
    made = tuple(
        layouts.shorter(need, x.with_shape(*x.shape[:axis], s, *x.shape[axis + 1 :]), x) for s in sizes
    )
    if x.data is not None and x.rank == 1:
        at = 0
        for piece, size in zip(made, sizes, strict=True):
            if not isinstance(size, int):
                break
            piece.data = x.data[at : at + size]
            at += size
    return made


def _axis(need: Need, input: Tensor, dim: Any) -> int:
    if not input.shape:
        need.refuse("wrong-rank", "a tensor without axes cannot be cut")
    return need.axis(dim, input.rank)


@op("torch.chunk, torch.Tensor.chunk, torch.unsafe_chunk, torch.Tensor.unsafe_chunk", "input, chunks, dim=0")
def chunk(need: Need, input: Tensor, chunks: Any, dim: Any) -> tuple[Tensor, ...]:
    """At most `chunks` pieces, all of ceil(size / chunks) but the last. Where the size is not known there are that many."""
    count = need.concrete(chunks, "chunks")
    axis = _axis(need, input, dim)
    if count < 1:
        need.refuse("call-refused", f"chunks must be positive, it is {count}")
    size = need.resolve(input.shape[axis])
    whole = dims.exact_div(size, count)
    if whole is not None:
        _limit(need, count)
        return pieces(need, input, axis, [whole] * count)
    piece = dims.ceildiv(size, count)
    seen = dims.witness(size)
    if seen is not None:
        part = -(-seen // count)
        count = max(1, -(-seen // part)) if part else count
    elif dims.divides(count, size).unknown:
        need.divides(count, size, RULE, f"axis {axis} of the input", "the number of chunks")  # only assumed
    _limit(need, count)
    return pieces(need, input, axis, [piece] * (count - 1) + [size - piece * (count - 1)])


def _limit(need: Need, count: int) -> None:
    if count > MOST:
        need.unknown(f"{count} pieces")


@op(
    "torch.split",
    "tensor, split_size_or_sections, dim=0",
)
@op("torch.split_copy", "tensor, split_size_or_sections, dim=0")
@op("torch.functional.split", "tensor, split_size_or_sections, dim=0")
def split(need: Need, tensor: Tensor, split_size_or_sections: Any, dim: Any) -> tuple[Tensor, ...]:
    """Pieces of one size (the last may be smaller), or of given sizes, which must add up."""
    axis = _axis(need, tensor, dim)
    if is_sequence(split_size_or_sections):
        return _sections(need, tensor, split_size_or_sections, axis)
    size, piece = need.resolve(tensor.shape[axis]), need.dim(split_size_or_sections)
    if dims.less(piece, 0).yes or (dims.equal(piece, 0).yes and dims.equal(size, 0).no):
        need.refuse("call-refused", f"the size of a piece must be positive, it is {piece}")
    if dims.equal(piece, 0).yes:
        return pieces(need, tensor, axis, [size])
    number = dims.exact_div(size, piece)
    count = dims.witness(dims.ceildiv(size, piece) if number is None else number)
    if count is None:
        need.unknown(f"into how many pieces of {piece} an axis of {size} is cut is not known")
    _limit(need, count)
    count = max(1, count)
    return pieces(need, tensor, axis, [piece] * (count - 1) + [size - piece * (count - 1)])


@op("torch.Tensor.split, torch.unsafe_split, torch.Tensor.unsafe_split", "tensor, split_size, dim=0")
def split_method(need: Need, tensor: Tensor, split_size: Any, dim: Any) -> tuple[Tensor, ...]:
    """`torch.split` under another argument's name."""
    return split(need, tensor, split_size, dim)


@op(
    "torch.split_with_sizes, torch.split_with_sizes_copy, torch.Tensor.split_with_sizes, torch.unsafe_split_with_sizes, "
    "torch.Tensor.unsafe_split_with_sizes",
    "input, split_sizes, dim=0",
)
def split_with_sizes(need: Need, input: Tensor, split_sizes: Any, dim: Any) -> tuple[Tensor, ...]:
    """Pieces of given sizes, which must add up."""
    return _sections(need, input, split_sizes, _axis(need, input, dim))


def _sections(need: Need, x: Tensor, given: Any, axis: int) -> tuple[Tensor, ...]:
    sizes = [need.dim(s) for s in sequence(given, "the sizes")]
    for s in sizes:
        if dims.less(s, 0).yes:
            need.refuse("call-refused", f"the size of a piece must not be negative, it is {s}")
    need.equal(
        dims.total(sizes), x.shape[axis], RULE, "the sum of the sizes asked for", f"axis {axis} of the input"
    )
    return pieces(need, x, axis, sizes)


@op(
    "torch.tensor_split, torch.Tensor.tensor_split",
    "input, indices_or_sections=None, dim=0, *, indices=None, sections=None",
)
def tensor_split(
    need: Need, input: Tensor, indices_or_sections: Any, dim: Any, indices: Any, sections: Any
) -> tuple[Tensor, ...]:
    """As many pieces as asked for, the first ones larger by one; or cut at given places."""
    given = next((v for v in (indices_or_sections, indices, sections) if v is not None), None)
    return _cut(need, input, given, _axis(need, input, dim), even=False)


def _cut(need: Need, x: Tensor, given: Any, axis: int, *, even: bool) -> tuple[Tensor, ...]:
    size = need.resolve(x.shape[axis])
    if isinstance(given, Tensor):
        if given.data is None:
            need.unknown("where the tensor is cut is not known")
        given = given.data if given.shape else given.data[0]
    if is_sequence(given):
        places = [need.dim(p) for p in sequence(given)]
        bounds: list[Dim | None] = [None, *places, None]
        return pieces(
            need,
            x,
            axis,
            [indices.length(need, size, a, b, None) for a, b in itertools.pairwise(bounds)],
        )
    count = need.concrete(given, "sections")
    if count < 1:
        need.refuse("call-refused", f"the number of sections must be positive, it is {count}")
    if even:
        need.divides(count, size, RULE, f"axis {axis} of the input", "the number of sections")
    _limit(need, count)
    return pieces(need, x, axis, [(size + count - 1 - i) // count for i in range(count)])


@op("torch.hsplit, torch.vsplit, torch.dsplit", "input, indices_or_sections")
@op("torch.Tensor.hsplit, torch.Tensor.vsplit, torch.Tensor.dsplit", "input, *indices_or_sections")
def splits(need: Need, input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """tensor_split along axis 1 (0 for vectors), 0 or 2; a number of sections must divide the size."""
    name = need.op.rsplit(".", 1)[1]
    least = {"hsplit": 1, "vsplit": 2, "dsplit": 3}[name]
    if input.rank < least:
        need.refuse("wrong-rank", f"the input must have at least {least} axes, it has {input.rank}")
    axis = {"hsplit": min(1, input.rank - 1), "vsplit": 0, "dsplit": 2}[name]
    given = indices_or_sections
    if "Tensor" in need.op:
        given = given[0] if len(given) == 1 else spread(given)
    return _cut(need, input, given, axis, even=True)


@op("torch.unbind, torch.Tensor.unbind, torch.unbind_copy", "input, dim=0")
def unbind(need: Need, input: Tensor, dim: Any) -> tuple[Tensor, ...]:
    """One tensor for every index of an axis, which goes."""
    if not input.shape:
        need.refuse("wrong-rank", "a tensor without axes cannot be cut")
    axis = need.axis(dim, input.rank)
    count = need.concrete(input.shape[axis], f"axis {axis}")
    _limit(need, count)
    left = [i for i in range(input.rank) if i != axis]
    made = tuple(
        layouts.axes(need, input.with_shape(*(input.shape[i] for i in left)), input, left)
        for _ in range(count)
    )
    if input.data is not None and input.rank == 1:
        for piece, value in zip(made, input.data, strict=True):
            piece.data = (value,)
    return made
