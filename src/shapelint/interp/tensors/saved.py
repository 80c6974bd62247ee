"""What operations keep for backward, and what is written into it before backward comes: torch refuses that backward.

Followed through the tensors that the program has names for: a write through a view of what was kept, or inside a call that was
not evaluated again, goes unseen, and nothing is said then. What is kept is compared with torch by tests/interp/test_saved.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shapelint.interp.nets import module_tree
from shapelint.interp.tensors.autograd import is_exact, short
from shapelint.interp.world import World
from shapelint.specs import layouts
from shapelint.specs.need import Need
from shapelint.values import Made, Module, Site, Tensor

# Operations and layers that keep what they give.
RESULT = frozenset(
    (
        "exp expm1 sigmoid tanh tan sqrt rsqrt reciprocal relu softmax log_softmax ReLU Sigmoid Tanh Softmax LogSoftmax"
    ).split()
)
# Those that keep what they are given, when it is the only tensor.
INPUT = frozenset(
    (
        "log log1p log2 abs sin cos square erf gelu silu leaky_relu elu selu softplus hardtanh relu6 hardswish mish pow clamp norm "
        "var GELU SiLU LeakyReLU ELU SELU Softplus Mish"
    ).split()
)
# Those of two tensors: each is kept for the gradients of the other.
EACH_OTHER = frozenset("mul __mul__ div __truediv__ mm matmul __matmul__".split())
# Layers that keep what they are given, however it lies in memory.
_CONVOLUTIONS = frozenset("Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d".split())
OF_LAYERS = _CONVOLUTIONS | {"LayerNorm"}
# Writes that take nothing of what was there.
_OVERWRITE = frozenset(
    "copy_ zero_ fill_ normal_ uniform_ set_ detach_ requires_grad_ resize_ share_memory_".split()
)
_MOST = 20_000  # tensors of a graph that are looked at


class Written(NamedTuple):
    """A tensor of which something that was kept has been written to: what was, by which operation, and where."""

    result: Tensor
    kept: Tensor
    op: str
    site: Site | None


def keep(world: World, need: Need, made: Made, result: Any) -> None:
    """An operation has given a tensor: what it keeps for backward."""
    if not _followed(world) or world.grad_enabled is not True:
        return
    if result.__class__ is not Tensor or result.requires_grad is not True or result.made is not made:
        return
    for parent in made.parents:
        held = world.written_into.get(id(parent))
        if held is not None:
            world.written_before[id(result), id(parent)] = result, len(held[1])
    if world.autocast is not False:  # a copy is kept perhaps
        return
    for tensor in _kept(need, made, result):
        world.kept.setdefault(id(tensor), (tensor, []))[1].append(result)


def write(world: World, tensors: Sequence[Tensor], op: str) -> None:
    """An operation has written into the first of these tensors, from the others."""
    name = short(op)
    if not _followed(world) or name in ("requires_grad_", "detach_", "share_memory_"):
        return
    target = tensors[0]
    if world.grad_enabled is True:
        sources = [t for t in tensors[1:] if t.requires_grad is True and t is not target]
        if sources:
            world.written_into.setdefault(id(target), (target, []))[1].extend(sources)
    held = world.kept.get(id(target))
    if held is None:
        return
    still = [result for result in held[1] if result is target and name in _OVERWRITE]
    for result in held[1]:
        if not any(result is other for other in still):
            world.overwritten.setdefault(id(result), Written(result, target, op, world.site()))
    held[1][:] = still


def step(world: World, parameters: Iterable[Any]) -> None:
    """An optimizer writes into those of its parameters that have gradients."""
    for parameter in parameters if world.with_gradients else ():
        if id(parameter) in world.with_gradients:
            write(world, (parameter,), "step")


def no_gradients(world: World, parameter: Tensor | None = None) -> None:
    """The gradients of a parameter are dropped, or those of some."""
    if parameter is None:
        world.with_gradients.clear()
    else:
        world.with_gradients.pop(id(parameter), None)


def refuse(world: World, need: Need, op: str, given: Mapping[str, Any]) -> None:
    """Refuse a backward for which something has been kept that was written to. Called before the operation's own law."""
    if short(op) != "backward" or not _followed(world) or given.get("inputs") is not None:
        return
    loss = given.get("self", given.get("input"))
    below = list(_below(world, loss)) if isinstance(loss, Tensor) else []
    found = next((held for t in below if (held := world.overwritten.get(id(t))) is not None), None)
    if found is None:
        _give_gradients(world, below)
        return
    first = short(found.result.made.op) if found.result.made is not None else "an operation"
    what = "what it gave" if found.result is found.kept else "what it was given"
    what = "its weight" if found.kept.is_parameter else what
    line = f" (line {found.site.line})" if found.site is not None else ""
    need.refuse(
        "call-refused",
        f"{first} has kept {what} for its gradients, and {short(found.op)}{line} has changed that in place since",
    )


def _give_gradients(world: World, below: Iterable[Tensor]) -> None:
    """The parameters that a backward comes to."""
    for tensor in below:
        made = tensor.made
        layer = made.layer if made is not None else None
        own = (t for _, t in module_tree.named_parameters(layer)) if isinstance(layer, Module) else ()
        for parameter in (*own, *(made.parents if made is not None else ())):
            if isinstance(parameter, Tensor) and parameter.is_parameter and parameter.requires_grad is True:
                world.with_gradients[id(parameter)] = parameter


def _followed(world: World) -> bool:
    return bool(world.by_program) and not (world.uncertain or world.muted)


def _kept(need: Need, made: Made, result: Tensor) -> Iterator[Tensor]:
    name = short(made.op)
    tensors: list[Tensor] = [parent for parent in made.parents if isinstance(parent, Tensor)]
    weight = made.layer.attrs.get("weight") if isinstance(made.layer, Module) else None
    if name in RESULT:
        yield result
    elif len(tensors) == 1:
        if isinstance(weight, Tensor) and (
            name in _CONVOLUTIONS or (name == "Linear" and tensors[0].requires_grad is True)
        ):
            yield weight
        if _of_one(need, name, made, tensors[0]):
            yield tensors[0]
    elif len(tensors) == 2 and name in EACH_OTHER:
        first, second = tensors
        matrices = name in ("mm", "matmul", "__matmul__")
        if matrices and not (first.known and second.known and first.rank == second.rank == 2):
            return  # what has more axes may be copied first
        if any(is_exact(t.dtype) or t.dtype != result.dtype for t in tensors):
            return  # what is converted first is kept as a copy
        if second.requires_grad is True:
            yield first
        if first.requires_grad is True:
            yield second


def _of_one(need: Need, name: str, made: Made, x: Tensor) -> bool:
    """Whether an operation or a layer keeps the one tensor that it is given."""
    layer = made.layer if isinstance(made.layer, Module) else None
    if name == "Linear" and layer is not None:
        weight = layer.attrs.get("weight")
        # What has more axes is taken for a matrix, and copied where it does not lie row after row.
        same = x.known and (x.rank == 2 or layouts.in_rows(need, x).yes)
        return same and isinstance(weight, Tensor) and weight.requires_grad is True
    if layer is not None and name in OF_LAYERS:
        return True
    in_place = (made.given or {}).get("inplace") or (layer is not None and layer.attrs.get("inplace"))
    return name in INPUT and not in_place


def _below(world: World, loss: Tensor) -> Iterator[Tensor]:
    """The tensors that gradients are handed down to from a loss: what steps were given, and what had been written into that."""
    waiting, seen = [loss], {id(loss)}
    while waiting and len(seen) < _MOST:
        tensor = waiting.pop()
        if tensor.requires_grad is not True or tensor.made is None:
            continue
        yield tensor
        for parent in tensor.made.parents:
            if not isinstance(parent, Tensor):
                continue
            above: list[Tensor] = [parent]
            count = world.written_before.get((id(tensor), id(parent)))
            if count is not None:
                above += world.written_into[id(parent)][1][: count[1]]
            for given in above:
                if id(given) not in seen:
                    seen.add(id(given))
                    waiting.append(given)
