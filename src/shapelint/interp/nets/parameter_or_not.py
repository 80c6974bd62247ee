"""Whether a tensor is surely none of the parameters it comes from.

A conversion that has nothing to do gives the tensor itself, and so does one side of a condition: what was made of a parameter
may then be the parameter.
"""

from __future__ import annotations

from shapelint.values import Tensor

_MAY_DO_NOTHING = frozenset(
    f"torch.Tensor.{name}" for name in "to type type_as cuda xpu ipu contiguous".split()
)


def surely_plain(x: Tensor) -> bool:
    """Whether it is a tensor of its own, no parameter."""
    if x.is_parameter:
        return False
    made = x.made
    if made is None:
        return True
    sources = [parent for parent in made.parents if isinstance(parent, Tensor)]
    if made.op == "either":
        return all(map(surely_plain, sources))
    if made.op not in _MAY_DO_NOTHING or not sources:
        return True
    source = sources[0]
    changes = source.dtype is not None and x.dtype is not None and source.dtype != x.dtype
    return changes or surely_plain(source)
