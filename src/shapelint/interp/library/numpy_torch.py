"""A torch tensor meets a number that numpy has counted: torch computes, and gradients flow through it."""

from __future__ import annotations

from shapelint.interp.tensors import torch_calls
from shapelint.interp.world import World
from shapelint.values import Tensor, Undetermined

_OF_TORCH = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "floordiv": "floor_divide", "mod": "remainder", "pow": "pow",
}  # fmt: skip
_WITH_FRACTIONS = ("float", "bfloat", "complex")


def tensor_first(world: World, word: str, tensor: Tensor, number: Tensor) -> Tensor:
    """`tensor op number`. An array of numpy without axes, which looks the same here, would make it a tensor of another dtype."""
    found = _by_torch(world, word, number, (tensor, number.like()))
    found.dtype = tensor.dtype if tensor.dtype == number.dtype == found.dtype else None
    return found


def number_first(world: World, word: str, number: Tensor, tensor: Tensor) -> Tensor:
    """`number op tensor`, which numpy leaves to torch. An array without axes raises here, or makes doubles of a quotient."""
    found = _by_torch(world, word, number, (number.like(), tensor))
    keeps = word != "truediv" and tensor.dtype is not None and tensor.dtype.startswith(_WITH_FRACTIONS)
    found.dtype = tensor.dtype if keeps else None
    return found


def _by_torch(world: World, word: str, number: Tensor, operands: tuple[Tensor, Tensor]) -> Tensor:
    """An operation of torch, to which the number is a tensor without axes."""
    if word not in _OF_TORCH or number.shape != () or not all(x.known for x in operands):
        raise Undetermined("an array meets something else")
    found = torch_calls.op(world, f"torch.{_OF_TORCH[word]}", operands, {})
    if not isinstance(found, Tensor) or not found.known:
        raise Undetermined("an array meets something else")
    return found
