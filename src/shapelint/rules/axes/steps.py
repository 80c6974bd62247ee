"""The way back from a tensor through steps of certain kinds."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.rules.axes.lineage import base_name
from shapelint.values import Made, Module, Tensor

MOVES = frozenset(
    "view reshape view_as reshape_as flatten ravel squeeze unsqueeze permute transpose t T mT swapaxes "
    "contiguous clone detach "
    "to float double half type type_as cpu cuda expand expand_as requires_grad_ data __getitem__".split()
)
REDUCTIONS = frozenset(
    "sum mean prod max min amax amin any all std var norm vector_norm logsumexp nansum nanmean median argmax argmin".split()
)


def step(tensor: object) -> str:
    """The name of the operation that made a tensor, without its package; empty where that is not known."""
    return base_name(tensor.made.op) if isinstance(tensor, Tensor) and isinstance(tensor.made, Made) else ""


def before(tensor: object) -> Tensor | None:
    """The first tensor that a tensor was made from."""
    if not isinstance(tensor, Tensor) or not isinstance(tensor.made, Made):
        return None
    return next((p for p in tensor.made.parents if isinstance(p, Tensor)), None)


def behind(tensor: object, names: frozenset[str]) -> Tensor | None:
    """The tensor behind all steps of these names."""
    at = tensor
    for _ in range(50):
        if not isinstance(at, Tensor):
            return None
        if step(at) not in names or before(at) is None:
            return at
        at = before(at)
    return None


def given(tensor: object, *names: str) -> object:
    """An argument of the step that made a tensor."""
    made = tensor.made if isinstance(tensor, Tensor) else None
    if isinstance(made, Made) and made.given is not None:
        for name in names:
            if name in made.given:
                return made.given[name]
    return None


def made_by(tensor: object) -> Module | None:
    """The layer that made a tensor."""
    made = tensor.made if isinstance(tensor, Tensor) else None
    return made.layer if isinstance(made, Made) and isinstance(made.layer, Module) else None


def older(tensor: Tensor, most: int = 60) -> Iterator[Tensor]:
    """What a tensor was made from, itself first, nearest first."""
    ahead = [tensor]
    seen: set[int] = set()
    while ahead and len(seen) < most:
        at = ahead.pop(0)
        if id(at) in seen:
            continue
        seen.add(id(at))
        yield at
        if isinstance(at.made, Made):
            ahead += [p for p in at.made.parents if isinstance(p, Tensor)]
