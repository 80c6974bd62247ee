"""A PackedSequence: sequences of different lengths, step by step, as a record of four fields.

How many sequences there are is not in torch's fields but as the first batch size, and how many steps they have together
is the sum of the batch sizes; that tensor remembers both here, and hands them on wherever it is handed on itself.
"""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.specs.need import Need
from shapelint.values import Record, Tensor

FIELDS = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
NAME = "PackedSequence"
QUALNAME = "torch.nn.utils.rnn.PackedSequence"
METHODS = QUALNAME + "."


class BatchSizes(Tensor):
    """How many sequences are still running at each step: [steps], the first of them `batch`, their sum `total`."""

    __slots__ = ("batch", "total")

    def __init__(self, steps: Dim, batch: Dim, total: Dim) -> None:
        super().__init__((steps,), "int64")
        self.batch = batch
        self.total = total


def packed(data: Tensor, batch_sizes: Tensor, sorted_indices: Any, unsorted_indices: Any) -> Record:
    return Record((data, batch_sizes, sorted_indices, unsorted_indices), FIELDS, NAME)


def is_packed(value: Any) -> bool:
    return isinstance(value, Record) and value.type_name == NAME


def with_data(sequence: Record, data: Tensor) -> Record:
    """The same steps with other values, as a recurrent layer puts out."""
    return packed(data, *sequence[1:])


def batch_of(need: Need, sequence: Record) -> Dim:
    """How many sequences are packed."""
    sizes = sequence[1]
    return sizes.batch if isinstance(sizes, BatchSizes) else need.fresh("B", low=1)


def rows_of(need: Need, sequence: Record, rule: str) -> Dim:
    """How many rows the data have that the batch sizes count; there must be as many. Packing does not look whether a length
    is more than the sequences have."""
    rows, sizes = need.resolve(sequence[0].shape[0]), sequence[1]
    if not isinstance(sizes, BatchSizes):
        return rows
    need.at_least(rows, sizes.total, rule, "the rows of the packed data", "the sum of the lengths")
    return sizes.total
