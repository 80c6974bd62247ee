"""torch.nn.utils.rnn: sequences of different lengths padded into one tensor, or packed step by step."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.ops.join import tensors_of
from shapelint.specs.ops.split import unbind
from shapelint.specs.packed import BatchSizes, batch_of, is_packed, packed, rows_of
from shapelint.specs.registry import op
from shapelint.values import List, Record, Tensor

RULE = "recurrent-size-mismatch"
_AT = "torch.nn.utils.rnn."


def _largest(values: tuple[Dim, ...]) -> Dim:
    best = values[0]
    for value in values[1:]:
        if dims.less_equal(best, value).yes:
            best = value
        elif not dims.less_equal(value, best).yes:
            best = dims.maximum(best, value)
    return best


def _joined(need: Need, sequences: Any) -> tuple[tuple[Tensor, ...], tuple[Dim, ...], tuple[Dim, ...]]:
    """The sequences, how long they are, and the sizes of one step."""
    xs = unbind(need, sequences, 0) if isinstance(sequences, Tensor) else tensors_of(need, sequences)
    first = need.axes(xs[0], "L *", what="sequence 0")
    for i, x in enumerate(xs[1:], 1):
        shape = need.axes(x, "L *", what=f"sequence {i}")
        if len(shape) != len(first):
            need.refuse("wrong-rank", f"sequence {i} has {len(shape)} axes, sequence 0 has {len(first)}")
        for axis, (a, b) in enumerate(zip(shape[1:], first[1:], strict=True), 1):
            need.equal(a, b, RULE, f"axis {axis} of sequence {i}", "that axis of sequence 0")
    return xs, tuple(x.shape[0] for x in xs), first[1:]


@op(_AT + "pad_sequence", "sequences, batch_first=False, padding_value=0.0, padding_side='right'")
def pad_sequence(
    need: Need, sequences: Any, batch_first: Any, padding_value: Any, padding_side: Any
) -> Tensor:
    """[L1, *], [L2, *], … -> [L, N, *] with the largest L, or [N, L, *]"""
    xs, lengths, step = _joined(need, sequences)
    if isinstance(padding_side, str) and padding_side not in ("left", "right"):
        need.refuse("call-refused", f"padding_side must be left or right, it is {padding_side}")
    longest = _largest(lengths)
    return xs[0].with_shape(*((len(xs), longest) if batch_first else (longest, len(xs))), *step)


@op(_AT + "unpad_sequence", "padded_sequences, lengths, batch_first=False")
def unpad_sequence(need: Need, padded_sequences: Tensor, lengths: Tensor, batch_first: Any) -> List:
    """The sequences that pad_sequence was given."""
    shape = need.axes(padded_sequences, "L N *")
    count = need.concrete(shape[0 if batch_first else 1], "the number of sequences")
    known = lengths.data or tuple(need.fresh("L") for _ in range(count))
    return List([padded_sequences.with_shape(n, *shape[2:]) for n in known])  # type: ignore[arg-type]


@op(_AT + "pack_padded_sequence", "input, lengths, batch_first=False, enforce_sorted=True")
def pack_padded_sequence(
    need: Need, input: Tensor, lengths: Any, batch_first: Any, enforce_sorted: Any
) -> Record:
    """[L, N, *] (or [N, L, *]) -> data [the sum of the lengths, *], batch sizes [the largest length]"""
    first, second, *step = need.axes(input, "L N *")
    batch = first if batch_first else second
    numbers: tuple[Any, ...] | None = None
    if isinstance(lengths, Tensor):
        need.rank(lengths, 1, what="lengths")
        numbers = lengths.data
        count: Dim = lengths.shape[0]
    elif is_sequence(lengths):
        numbers = sequence(lengths, "lengths")
        count = len(numbers)
    else:
        count = batch
    need.equal(count, batch, RULE, "the number of lengths", "the number of sequences")
    if numbers is not None and all(isinstance(n, int) for n in numbers):
        _lengths(need, list(numbers), enforce_sorted)
        steps: Dim = max(numbers)
        length = first if not batch_first else second
        total: Dim = sum(numbers)
        rows = dims.total(n if dims.less_equal(n, length).yes else dims.minimum(n, length) for n in numbers)
    else:
        steps, total = need.fresh("L", low=1), need.fresh("n", low=1)
        rows = total
    order = None if enforce_sorted else need.tensor((batch,), "int64")
    back = None if order is None else need.tensor((batch,), "int64")
    return packed(input.with_shape(rows, *step), BatchSizes(steps, batch, total), order, back)


def _lengths(need: Need, numbers: list[int], enforce_sorted: Any) -> None:
    if any(n <= 0 for n in numbers):
        need.refuse(RULE, "a sequence cannot have length 0 or less")
    if enforce_sorted and numbers != sorted(numbers, reverse=True):
        need.refuse(RULE, "the lengths are not in decreasing order, and enforce_sorted is set")


@op(_AT + "pack_sequence", "sequences, enforce_sorted=True")
def pack_sequence(need: Need, sequences: Any, enforce_sorted: Any) -> Record:
    """pad_sequence, then pack_padded_sequence"""
    xs, lengths, step = _joined(need, sequences)
    count = len(xs)
    seen = [n for n in map(dims.witness, lengths) if n is not None]
    if len(seen) == count:
        _lengths(need, seen, enforce_sorted)
    order = None if enforce_sorted else need.tensor((count,), "int64")
    back = None if order is None else need.tensor((count,), "int64")
    total = dims.total(lengths)
    return packed(xs[0].with_shape(total, *step), BatchSizes(_largest(lengths), count, total), order, back)


@op(_AT + "pad_packed_sequence", "sequence, batch_first=False, padding_value=0.0, total_length=None")
def pad_packed_sequence(
    need: Need, sequence: Any, batch_first: Any, padding_value: Any, total_length: Any
) -> tuple[Tensor, Tensor]:
    """data [n, *] -> [L, N, *] (or [N, L, *]), and the lengths [N]"""
    if not is_packed(sequence):
        need.unknown("the sequence is not a PackedSequence that is known")
    data, sizes = sequence[:2]
    rows_of(need, sequence, RULE)
    batch, steps = batch_of(need, sequence), need.resolve(sizes.shape[0])
    if total_length is not None:
        wanted = need.dim(total_length, "total_length")
        need.at_least(wanted, steps, RULE, "total_length", "the length of the longest sequence")
        steps = wanted
    ends = (batch, steps) if batch_first else (steps, batch)
    return data.with_shape(*ends, *data.shape[1:]), need.tensor((batch,), "int64")


@op(_AT + "unpack_sequence", "packed_sequences")
def unpack_sequence(need: Need, packed_sequences: Any) -> List:
    """The sequences that pack_sequence was given."""
    if not is_packed(packed_sequences):
        need.unknown("the sequence is not a PackedSequence that is known")
    rows_of(need, packed_sequences, RULE)
    count = need.concrete(batch_of(need, packed_sequences), "the number of sequences")
    data = packed_sequences[0]
    return List([data.with_shape(need.fresh("L"), *data.shape[1:]) for _ in range(count)])


@op(_AT + "PackedSequence", "data, batch_sizes=None, sorted_indices=None, unsorted_indices=None")
def packed_sequence(
    need: Need, data: Any, batch_sizes: Any, sorted_indices: Any, unsorted_indices: Any
) -> Record:
    """The record itself."""
    if not isinstance(data, Tensor) or not isinstance(batch_sizes, Tensor):
        need.unknown("a PackedSequence of what is not known to be tensors")
    if isinstance(sorted_indices, Tensor) and unsorted_indices is None:
        unsorted_indices = sorted_indices.like()
    return packed(data, batch_sizes, sorted_indices, unsorted_indices)


@op(_AT + "invert_permutation", "permutation")
def invert_permutation(need: Need, permutation: Tensor | None) -> Tensor | None:
    """The permutation that undoes one."""
    return None if permutation is None else permutation.like()
