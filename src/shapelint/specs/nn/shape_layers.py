"""Layers that only rearrange: Identity, Flatten, Unflatten."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.specs.need import Need, is_no_sequence, sequence
from shapelint.specs.registry import layer
from shapelint.specs.view import apply
from shapelint.values import Tensor, Unknown


@layer("torch.nn.Identity", "*args, **kwargs", not_kept=("args", "kwargs"))
class Identity:
    def forward(self: Any, need: Need, input: Any) -> Any:
        return input


@layer("torch.nn.Flatten", "start_dim=1, end_dim=-1")
class Flatten:
    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return apply("torch.flatten", need, input, self.start_dim, self.end_dim)


@layer("torch.nn.Unflatten", "dim, unflattened_size")
class Unflatten:
    def build(self: Any, need: Need) -> None:
        sizes = self.unflattened_size
        if is_no_sequence(sizes):
            need.refuse(
                "invalid-constructor-argument", "unflattened_size must be a tuple of ints", "TypeError"
            )
        for n in sequence(sizes, "unflattened_size"):
            if not isinstance(n, (int, Sym, Unknown)):
                need.refuse(
                    "invalid-constructor-argument", "unflattened_size must be a tuple of ints", "TypeError"
                )

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return apply("torch.unflatten", need, input, self.dim, self.unflattened_size)
