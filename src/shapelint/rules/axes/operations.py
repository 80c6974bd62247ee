"""Where axes go in operations: permute, view, arithmetic, products, reductions, indexing."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.rules.axes.atoms import Atom, Axis
from shapelint.rules.axes.equation import labels
from shapelint.rules.axes.lineage import Axes, Law, Lineage, axes_of, axis_of, flat, viewed
from shapelint.values import Made, Tensor

LAWS: dict[str, Law] = {}


def _put(names: str, law: Law) -> None:
    for name in names.split():
        LAWS[name] = law


# ---- order


def _permute(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    order = axes_of((made.given or {}).get("dims"), y.rank)
    return tuple(x[1][i] for i in order) if x is not None and order is not None else None


def _transpose(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    given = made.given or {}
    a = axis_of(given.get("dim0", given.get("axis0")), y.rank)
    b = axis_of(given.get("dim1", given.get("axis1")), y.rank)
    if x is None or a is None or b is None:
        return None
    axes = list(x[1])
    axes[a], axes[b] = axes[b], axes[a]
    return tuple(axes)


def _reversed(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    return x[1][::-1] if x is not None else None


def _matrix(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    return (*x[1][:-2], *x[1][-2:][::-1]) if x is not None else None


def _movedim(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    given = made.given or {}
    old, new = axes_of(given.get("source"), y.rank), axes_of(given.get("destination"), y.rank)
    if x is None or old is None or new is None or len(old) != len(new):
        return None
    place = dict(zip(new, old, strict=True))
    rest = iter([i for i in range(y.rank) if i not in old])
    return tuple(x[1][place[i] if i in place else next(rest)] for i in range(y.rank))


_put("permute permute_copy", _permute)
_put("transpose transpose_copy swapaxes swapdims", _transpose)
_put("t T H", _reversed)
_put("mT mH adjoint", _matrix)
_put("movedim moveaxis", _movedim)


# ---- sizes


def _view(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input", "self")
    return viewed(lineage, x[1], y) if x is not None else None


def _unsqueeze(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    at = axis_of((made.given or {}).get("dim"), y.rank)
    if x is None or at is None:
        return None
    return (*x[1][:at], (Atom("one", 1, "one"),), *x[1][at:])


def _squeeze(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    if x is None:
        return None
    asked = (made.given or {}).get("dim")
    at = range(x[0].rank) if asked is None else axes_of(asked, x[0].rank)
    if at is None:
        return None
    gone = {i for i in at if lineage.number(x[0].shape[i]) == 1}
    return tuple(a for i, a in enumerate(x[1]) if i not in gone)


def _expand(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    if x is None:
        return None
    new = y.rank - x[0].rank
    axes: list[Axis] = []
    for i, dim in enumerate(y.shape):
        old = x[1][i - new] if i >= new else None
        if old is not None and lineage.number(x[0].shape[i - new]) == lineage.number(dim):
            axes.append(old)
        else:
            axes.append(lineage.own(y, i, dim, "made"))
    return tuple(axes)


def _repeat(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    if x is None:
        return None
    new = y.rank - x[0].rank
    return tuple(
        x[1][i - new]
        if i >= new and lineage.number(x[0].shape[i - new]) == lineage.number(d)
        else lineage.own(y, i, d, "foreign")
        for i, d in enumerate(y.shape)
    )


_put("view reshape flatten unflatten view_as reshape_as ravel view_copy", _view)
_put("unsqueeze unsqueeze_copy", _unsqueeze)
_put("squeeze squeeze_copy", _squeeze)
_put("expand expand_as broadcast_to expand_copy", _expand)
_put("repeat tile repeat_interleave", _repeat)


# ---- arithmetic


def broadcast(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """Each axis of the result from an operand that has it in full; one whose origin is known is preferred."""
    operands = [(p, lineage.of(p)) for p in made.parents if isinstance(p, Tensor) and p.known]
    axes: list[Axis] = []
    for i, dim in enumerate(y.shape):
        found: list[Axis] = []
        for x, held in operands:
            at = i - (y.rank - x.rank)
            if held is not None and at >= 0 and lineage.number(x.shape[at]) == lineage.number(dim):
                found.append(held[at])
        axes.append(min(found, key=_rank_of) if found else lineage.own(y, i, dim, "foreign"))
    return tuple(axes)


def _rank_of(axis: Axis) -> int:
    if any(a.kind == "foreign" for a in axis):
        return 3
    return 0 if any(a.kind == "named" for a in axis) else 2 if any(a.kind == "one" for a in axis) else 1


_put(
    "add sub subtract mul multiply div divide true_divide pow where maximum minimum remainder floor_divide fmod atan2 "
    "rsub eq ne lt le gt ge equal logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor lerp "
    "addcmul addcdiv "
    "masked_fill clamp clip __add__ __mul__ mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy "
    "binary_cross_entropy_with_logits",
    broadcast,
)


# ---- products


def _matmul(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    a, b = lineage.parent(made, "input"), lineage.parent(made, "mat2", "other", "tensor2", "vec", "vec2")
    if a is None or b is None or a[0].rank < 2 or b[0].rank < 2:
        return None
    rows, columns = a[1][-2], b[1][-1]
    axes: list[Axis] = []
    for i in range(y.rank - 2):
        found = []
        for x, held in (a, b):
            at = i - (y.rank - x.rank)
            if at >= 0 and lineage.number(x.shape[at]) == lineage.number(y.shape[i]):
                found.append(held[at])
        axes.append(min(found, key=_rank_of) if found else lineage.own(y, i, y.shape[i], "foreign"))
    return (*axes, rows, columns)


def _attention(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    q, v = lineage.parent(made, "query"), lineage.parent(made, "value")
    return (*q[1][:-1], v[1][-1]) if q is not None and v is not None else None


def _einsum(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """Each axis of the result from an operand that names it."""
    args: Any = (made.given or {}).get("args")
    operands = [x for x in flat(args[1:]) if isinstance(x, Tensor)] if isinstance(args, tuple) else []
    equation = labels(args[0], len(operands)) if operands else None
    if equation is None or len(equation[1]) != y.rank:
        return None
    inputs, output = equation
    axes: list[Axis] = []
    for i, label in enumerate(output):
        found: list[Axis] = []
        for x, own in zip(operands, inputs, strict=True):
            held = lineage.of(x)
            if held is None or len(own) != len(held) or own.count(label) != 1:
                continue
            at = own.index(label)
            if lineage.number(x.shape[at]) == lineage.number(y.shape[i]):
                found.append(held[at])
        axes.append(min(found, key=_rank_of) if found else lineage.own(y, i, y.shape[i], "foreign"))
    return tuple(axes)


def _linear(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    return (*x[1][:-1], lineage.own(y, y.rank - 1, y.shape[-1], "made")) if x is not None else None


def _embedding(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    return (*x[1], lineage.own(y, y.rank - 1, y.shape[-1], "made")) if x is not None else None


_put("matmul bmm mm __matmul__", _matmul)
_put("einsum", _einsum)
_put("scaled_dot_product_attention", _attention)
_put("linear", _linear)
_put("embedding one_hot", _embedding)


# ---- reductions


def _reduce(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    if x is None:
        return None
    given = made.given or {}
    asked = given.get("dim", given.get("axis"))
    rank = x[0].rank
    at = list(range(rank)) if asked is None or flat(asked) == [] else axes_of(asked, rank)
    if at is None:
        return None
    if given.get("keepdim") is True:
        return tuple((Atom("one", 1, "one"),) if i in at else a for i, a in enumerate(x[1]))
    return tuple(a for i, a in enumerate(x[1]) if i not in at)


_put(
    "sum mean prod max min amax amin argmax argmin any all std var norm logsumexp nansum nanmean median mode count_nonzero "
    "vector_norm kthvalue",
    _reduce,
)


# ---- pieces and joins


def _stack(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    first = next((p for p in made.parents if isinstance(p, Tensor)), None)
    held = lineage.of(first)
    at = axis_of((made.given or {}).get("dim"), y.rank)
    if held is None or at is None:
        return None
    return (*held[:at], lineage.own(y, at, y.shape[at], "made"), *held[at:])


def _cat(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    at = axis_of((made.given or {}).get("dim"), y.rank)
    parents = [p for p in made.parents if isinstance(p, Tensor) and p.known and p.rank == y.rank]
    if at is None or not parents:
        return None
    axes: list[Axis] = []
    for i in range(y.rank):
        if i == at:
            axes.append(lineage.own(y, i, y.shape[i], "foreign"))
        else:
            found = [held[i] for p in parents if (held := lineage.of(p)) is not None]
            axes.append(min(found, key=_rank_of) if found else lineage.own(y, i, y.shape[i], "foreign"))
    return tuple(axes)


def _chunk(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input", "tensor")
    at = axis_of((made.given or {}).get("dim", 0), y.rank)
    if x is None or at is None:
        return None
    return tuple(lineage.own(y, i, y.shape[i], "made") if i == at else a for i, a in enumerate(x[1]))


def _unbind(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    x = lineage.parent(made, "input")
    at = axis_of((made.given or {}).get("dim", 0), y.rank + 1)
    return tuple(a for i, a in enumerate(x[1]) if i != at) if x is not None and at is not None else None


def _getitem(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """Integers take an axis away, slices keep it (a part of it is another axis), None puts one there."""
    x = lineage.parent(made, "input")
    index = (made.given or {}).get("index")
    if x is None:
        return None
    items = list(index) if isinstance(index, tuple) else [index]
    if any(
        not (i is None or i is Ellipsis or isinstance(i, (int, slice, Sym))) or isinstance(i, bool)
        for i in items
    ):
        return None
    taken = sum(1 for i in items if i is not None and i is not Ellipsis)
    if Ellipsis not in items:
        items.append(Ellipsis)
    axes: list[Axis] = []
    at = 0
    for item in items:
        if item is None:
            axes.append((Atom("one", 1, "one"),))
        elif item is Ellipsis:
            axes += x[1][at : at + x[0].rank - taken]
            at += x[0].rank - taken
        else:
            if isinstance(item, slice):
                place = len(axes)
                if place >= y.rank:
                    return None
                whole = lineage.number(y.shape[place]) == lineage.number(x[0].shape[at])
                axes.append(x[1][at] if whole else lineage.own(y, place, y.shape[place], "foreign"))
            at += 1
    return tuple(axes)


_put("stack", _stack)
_put("cat concat concatenate", _cat)
_put("chunk split tensor_split", _chunk)
_put("unbind", _unbind)
_put("__getitem__", _getitem)


def _created(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """Sizes may be borrowed from another tensor (`torch.eye(x.size(0))`): its own axes come first."""
    return tuple(
        (Atom(d, d, "made"),) if isinstance(d, Sym) else lineage.own(y, i, d, "made")
        for i, d in enumerate(y.shape)
    )


_put("randn rand zeros ones full empty randint tensor normal eye rand_like randn_like", _created)


def _kept(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """Leading axes that keep their size stay; what a window does to the rest is its own."""
    x = lineage.parent(made, "input")
    if x is None or x[0].rank != y.rank:
        return None
    return tuple(
        x[1][i] if i == 0 and x[0].shape[0] == d else lineage.own(y, i, d, "made")
        for i, d in enumerate(y.shape)
    )


_put(
    "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d max_pool1d max_pool2d max_pool3d avg_pool1d "
    "avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d "
    "adaptive_max_pool2d interpolate upsample pixel_shuffle",
    _kept,
)


# ---- distances


def _distance(lineage: Lineage, y: Tensor, made: Made) -> Axes | None:
    """Row by row, over the last axis."""
    x = lineage.parent(made, "x1")
    if x is None or x[0].rank - y.rank not in (0, 1):
        return None
    rows = x[0].shape[:-1]
    if [lineage.number(d) for d in rows] != [lineage.number(d) for d in y.shape[: len(rows)]]:
        return None
    return x[1][:-1] if y.rank < x[0].rank else (*x[1][:-1], (Atom("one", 1, "one"),))


_put("pairwise_distance PairwiseDistance", _distance)
