"""A PackedSequence: sequences of different lengths, step by step, as a record of four fields.

How many sequences there are is not in torch's fields but as the first batch size; the tensor of batch sizes remembers it
here, and hands it on wherever it is handed on itself.
"""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.specs.need import Need
from shapelint.values import Record, Tensor

FIELDS = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
NAME = "PackedSequence"


class BatchSizes(Tensor):
    """How many sequences are still running at each step: [steps], the first of them `batch`."""

    __slots__ = ("batch",)

    def __init__(self, steps: Dim, batch: Dim) -> None:
        super().__init__((steps,), "int64")
        self.batch = batch


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
