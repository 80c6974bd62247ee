"""Shapes seen otherwise, and copies where that cannot be done without; joining, cutting and indexing."""

from __future__ import annotations

from typing import Any

from shapelint.memory.graph import Graph
from shapelint.memory.rules_pointwise import _one
from shapelint.memory.step import NoRule, Step, rule
from shapelint.memory.storage import Array, product, rows, viewed
from shapelint.values import Tensor
from shapelint.values.containers import List


def recast(g: Graph, x: Array, shape: tuple[int, ...]) -> Array:
    """`x` in another shape: a view where that is possible, else a copy; a node like ViewBackward."""
    strides = viewed(x, shape)
    before = x.shape
    if strides is None:
        y = g.new(shape, x.item)
    else:
        y = x.view(shape, strides)

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        back = viewed(grad, before)
        return [grad.view(before, back) if back is not None else g.new(before, grad.item)]

    g.node([x], [], [y], backward)
    return y


@rule("view reshape flatten Flatten unflatten Unflatten view_as reshape_as unsqueeze squeeze ravel")
def reshaped(step: Step) -> Array:
    return recast(step.graph, step.first(), step.shape())


def permuted(g: Graph, x: Array, order: tuple[int, ...]) -> Array:
    y = x.view([x.shape[i] for i in order], [x.strides[i] for i in order])
    inverse = sorted(range(len(order)), key=lambda i: order[i])

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        return [grad.view([grad.shape[i] for i in inverse], [grad.strides[i] for i in inverse])]

    g.node([x], [], [y], backward)
    return y


@rule("permute transpose t T mT swapaxes swapdims movedim adjoint")
def permutes(step: Step) -> Array:
    x = step.first()
    rank = x.rank
    order = list(range(rank))
    if step.name == "permute":
        order = [i % rank for i in step.ints(step.value("dims"))]
    elif step.name == "movedim":
        source, goal = step.ints(step.value("source")), step.ints(step.value("destination"))
        rest = [i for i in order if i not in [s % rank for s in source]]
        for goes, comes in sorted((d % rank, s % rank) for d, s in zip(goal, source, strict=True)):
            rest.insert(goes, comes)
        order = rest
    else:
        a, b = (-2, -1) if step.name in ("t", "T", "mT", "adjoint") else _axes(step)
        if rank > 1:
            order[a], order[b] = order[b], order[a]
    return permuted(step.graph, x, tuple(order))


def _axes(step: Step) -> tuple[int, int]:
    pair = [step.value(a, b) for a, b in (("dim0", "axis0"), ("dim1", "axis1"))]
    return step.number(pair[0]), step.number(pair[1])


@rule("expand expand_as broadcast_to")
def expanded(step: Step) -> Array:
    x = step.first()
    shape = step.shape()
    extra = len(shape) - x.rank
    strides = [0] * extra + [
        0 if n != m else s for n, m, s in zip(x.shape, shape[extra:], x.strides, strict=True)
    ]
    y = x.view(shape, strides)
    g = step.graph
    before = x.shape
    step.node(
        [x], [], [y], lambda given: [_one(given) if before == shape else g.new(before, _one(given).item)]
    )
    return y


@rule("contiguous clone")
def copied(step: Step) -> Array:
    x = step.first()
    if step.name == "contiguous" and x.dense:
        return x
    y = step.graph.new(x.shape, x.item) if step.name == "contiguous" else step.graph.like(x)
    step.node([x], [], [y], lambda given: [_one(given)])
    return y


@rule("to type type_as float half bfloat16 double int long bool cuda cpu")
def converted(step: Step) -> Array:
    x = step.first()
    if not step.results:
        return x
    item = step.item()
    source = next((v for v in step.given.values() if isinstance(v, Tensor)), None)
    if source is None or source.dtype == step.results[0].dtype:
        return x
    y = step.graph.like(x, item)
    g, before = step.graph, x.item
    step.node([x], [], [y], lambda given: [g.like(_one(given), before)])
    return y


@rule(
    "Identity identity requires_grad size numel dim item tolist retain_grad is_floating_point __len__ to_device"
)
def same(step: Step) -> Any:
    return step.first() if step.results else None


@rule("detach data")
def detached(step: Step) -> Array:
    x = step.first()
    return x.view(x.shape, x.strides)


@rule("cat concat concatenate")
def joined(step: Step) -> Array:
    parts = step.arrays_of("tensors")
    y = step.new(like=None)
    if all(p.packed and not p.dense for p in parts):
        y = _ordered(step.graph, y, parts[0])
    axis = step.number(step.value("dim", "axis", default=0)) % y.rank
    sizes = [p.shape for p in parts]

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        return [grad.view(s, grad.strides) if len(s) == len(grad.shape) else grad for s in sizes]

    assert axis >= 0
    step.node(parts, [], [y], backward)
    return y


def _ordered(g: Graph, y: Array, like: Array) -> Array:
    """The same storage with the axes in memory as they are in `like` (channels last, say)."""
    order = sorted(range(like.rank), key=lambda i: -like.strides[i])
    strides = [0] * like.rank
    step = 1
    for axis in reversed(order):
        strides[axis] = step
        step *= y.shape[axis]
    return y.view(y.shape, strides)


@rule("stack")
def stacked(step: Step) -> Array:
    parts = step.arrays_of("tensors")
    y = step.new()
    axis = step.number(step.value("dim", default=0)) % y.rank
    shapes = [p.shape for p in parts]

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        strides = [s for i, s in enumerate(grad.strides) if i != axis]
        return [grad.view(s, strides) for s in shapes]

    step.node(parts, [], [y], backward)
    return y


@rule("chunk split split_with_sizes unbind tensor_split")
def cut(step: Step) -> tuple[Array, ...]:
    """Views; the gradients are joined in a fresh tensor."""
    x = step.first()
    axis = step.number(step.value("dim", default=0)) % x.rank
    made = []
    for i in range(len(step.results)):
        strides = (
            x.strides if step.name != "unbind" else tuple(s for a, s in enumerate(x.strides) if a != axis)
        )
        made.append(x.view(step.shape(i), strides))
    g = step.graph
    before, item = x.shape, x.item
    step.node([x], [], made, lambda given: [g.new(before, item)])
    return tuple(made)


@rule("getitem select narrow index_select gather take_along_dim embedding_lookup")
def indexed(step: Step) -> Array:
    """Numbers and slices are views, whose gradient is a fresh tensor of zeros; an index tensor makes a copy, and is saved."""
    x = step.first()
    g = step.graph
    index = step.value("index", "key", "indices", "idx", default=None)
    shape = step.shape()
    before, item = x.shape, x.item
    saved: list[Array] = []
    if step.name in ("index_select", "gather", "take_along_dim") or _has_tensor(index):
        saved = [step.of(t) for t in _index_tensors(index)]
        y = step.new()
    elif step.name in ("select", "narrow"):
        axis = step.number(step.value("dim", default=0)) % x.rank
        strides = (
            x.strides if step.name == "narrow" else tuple(s for a, s in enumerate(x.strides) if a != axis)
        )
        y = x.view(shape, strides)
    else:
        y = x.view(shape, _sliced(x, index, shape))
    if y.shape == x.shape and y.strides == x.strides:
        y.node, y.place, y.leaf = x.node, x.place, x.leaf  # a full slice is an alias
        return y
    step.node([x], saved, [y], lambda given: [g.new(before, item)])
    return y


def _sliced(x: Array, index: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Strides behind numbers, slices, None and ...; contiguous ones where they cannot be told."""
    parts = (
        list(index) if isinstance(index, tuple) else list(index.items) if isinstance(index, List) else [index]
    )
    used = sum(1 for p in parts if p is not None and p is not Ellipsis)
    strides: list[int] = []
    axis = 0
    full: list[Any] = []
    for p in parts:
        full += [slice(None)] * (x.rank - used) if p is Ellipsis else [p]
    full += [slice(None)] * (x.rank - sum(1 for p in full if p is not None))
    for p in full:
        if p is None:
            strides.append(1)
            continue
        if isinstance(p, int) and not isinstance(p, bool):
            axis += 1
            continue
        step = getattr(p, "step", None)
        strides.append(x.strides[axis] * (step if isinstance(step, int) else 1))
        axis += 1
    return tuple(strides) if len(strides) == len(shape) else rows(shape)


def _index_tensors(index: Any) -> list[Tensor]:
    if isinstance(index, Tensor):
        return [index]
    parts = index if isinstance(index, tuple) else index.items if isinstance(index, List) else ()
    return [t for p in parts for t in _index_tensors(p)]


def _has_tensor(index: Any) -> bool:
    return bool(_index_tensors(index))


@rule("roll flip repeat tile repeat_interleave pixel_shuffle PixelShuffle pixel_unshuffle PixelUnshuffle unfold Unfold fold Fold upsample "
      "interpolate Upsample UpsamplingNearest2d UpsamplingBilinear2d channel_shuffle ChannelShuffle diagonal rot90 im2col")  # fmt: skip
def moved(step: Step) -> Array:
    """A fresh tensor; so is the gradient. Nothing is saved."""
    x = step.first()
    y = step.new(like=x)
    g = step.graph
    before, item = x.shape, x.item
    step.node([x], [], [y], lambda given: [g.new(before, item)])
    return y


@rule("pad ZeroPad2d ConstantPad2d ReflectionPad2d ReplicationPad2d ConstantPad1d ReflectionPad1d")
def padded(step: Step) -> Array:
    x = step.first()
    if step.shape() == x.shape:
        if step.name == "pad":
            y = step.graph.like(x)
            step.node([x], [], [y], lambda given: [_one(given)])
            return y
    y = step.new(like=x)
    g = step.graph
    before, item = x.shape, x.item
    mode = step.value("mode", default="constant")
    constant = mode == "constant" and not step.name.startswith(("Refl", "Repl"))
    step.node([x], [] if constant else [x], [y], lambda given: [g.new(before, item)])
    return y


def numel(shape: tuple[int, ...]) -> int:
    return product(shape)


@rule("checkpoint")
def recomputed(step: Step) -> Any:
    raise NoRule("what is recomputed by checkpoint is not followed")
