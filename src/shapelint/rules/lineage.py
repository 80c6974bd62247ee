"""Where a tensor's values come from: the way back through operations that only arrange, pick or convert them."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.values import Made, Module, Site, Tensor

# What moves values, picks some or changes their dtype, and leaves their meaning.
_KEEPING = frozenset(
    "view view_as reshape reshape_as permute transpose swapaxes swapdims movedim moveaxis squeeze unsqueeze flatten "
    "unflatten contiguous clone to float double half bfloat16 type type_as cpu cuda __getitem__ expand expand_as t mT T "
    "detach Flatten Unflatten Identity requires_grad_ rearrange narrow select chunk split unbind".split()
)
_MOST_STEPS = 60


def word(op: str) -> str:
    """The last part of a qualified name."""
    return op.rpartition(".")[2]


def source(tensor: object) -> Tensor | None:
    """The tensor whose values these are, behind everything that only arranged them; None when it is not one tensor."""
    for _ in range(_MOST_STEPS):
        if not isinstance(tensor, Tensor) or tensor.after_failure:
            return None
        if tensor.made is None or word(tensor.made.op) not in _KEEPING or not tensor.made.parents:
            return tensor
        tensor = tensor.made.parents[0]
    return None


def maker(tensor: object) -> Made | None:
    """The step that made a tensor's values."""
    found = source(tensor)
    return found.made if found is not None else None


def place(made: Made) -> Site | None:
    """Where a step is written: a layer where it was built, everything else where it was called."""
    if isinstance(made.layer, Module) and made.layer.built_at is not None:
        return made.layer.built_at
    return made.site


def ancestors(tensor: Tensor) -> Iterator[Tensor]:
    """The tensor and what it was made from, each once, as far as it is worth going."""
    seen: set[int] = set()
    ahead = [tensor]
    while ahead and len(seen) < _MOST_STEPS:
        at = ahead.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        yield at
        if at.made is not None:
            ahead += [p for p in at.made.parents if isinstance(p, Tensor)]
