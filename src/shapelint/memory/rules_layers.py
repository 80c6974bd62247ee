"""Matrix products, convolutions, pooling, norms, reductions, softmax, attention, embeddings."""

from __future__ import annotations

from typing import Any

from shapelint.memory.graph import Graph
from shapelint.memory.rules_pointwise import _one
from shapelint.memory.rules_views import permuted, recast
from shapelint.memory.step import NoRule, Step, rule
from shapelint.memory.storage import Array, Storage, product


def product_node(g: Graph, a: Array, b: Array, y: Array, bias: Array | None = None) -> None:
    """mm, bmm and addmm: both sides are saved as far as the other's gradient needs them."""
    needs = [bias is not None and bias.needs, a.needs, b.needs]
    shapes = [() if bias is None else bias.shape, a.shape, b.shape]
    column = b.rank == 2 and not b.dense  # a transposed weight: its gradient is laid out like it

    def backward(given: list[Array | None]) -> list[Array | None]:
        grad = _one(given)
        made: list[Array | None] = [None, None, None]
        for i in range(3):
            if needs[i]:
                made[i] = g.new(shapes[i], grad.item)
        weight = made[2]
        if weight is not None and column:
            made[2] = weight.view(weight.shape, (1, weight.shape[0]))
        return made

    g.node([bias, a, b], [a if b.needs else None, b if a.needs else None], [y], backward)


def linear(g: Graph, x: Array, weight: Array, bias: Array | None) -> Array:
    """x @ weight.T + bias: over rows where `x` is contiguous, as torch flattens it."""
    if x.rank == 1:
        return recast(g, linear(g, recast(g, x, (1, *x.shape)), weight, bias), (weight.shape[0],))
    flat = x if x.rank == 2 else recast(g, x, (product(x.shape[:-1]), x.shape[-1]))
    turned = permuted(g, weight, (1, 0))
    y = g.new((flat.shape[0], weight.shape[0]), x.item)
    fused = bias is not None and (x.rank == 2 or x.dense)
    product_node(g, flat, turned, y, bias if fused else None)
    made = y if x.rank == 2 else recast(g, y, (*x.shape[:-1], weight.shape[0]))
    if bias is not None and not fused:
        total = made.view(made.shape, made.strides)
        shape = bias.shape
        g.node([made, bias], [], [total], lambda given: [_one(given), g.new(shape, _one(given).item)])
        return total
    return made


@rule("linear Linear")
def linears(step: Step) -> Array:
    weight = step.array("weight")
    if weight is None:
        raise NoRule("a linear layer's weight is not known")
    return linear(step.graph, step.first(), weight, step.array("bias"))


def matmul(g: Graph, a: Array, b: Array) -> Array:
    """torch.matmul: batches are broadcast, copied where they do not lie one behind the other, and multiplied by bmm."""
    if a.rank == 1 or b.rank == 1:
        raise NoRule("a product with a vector is not followed")
    if a.rank == 2 and b.rank == 2:
        y = g.new((a.shape[0], b.shape[1]), a.item)
        product_node(g, a, b, y)
        return y
    if b.rank == 2 and a.rank > 2:
        flat = recast(g, a, (product(a.shape[:-1]), a.shape[-1]))
        y = g.new((flat.shape[0], b.shape[1]), a.item)
        product_node(g, flat, b, y)
        return recast(g, y, (*a.shape[:-1], b.shape[1]))
    batch = _broadcast(a.shape[:-2], b.shape[:-2])
    sides = []
    for x in (a, b):
        wide = _expand(g, x, (*batch, *x.shape[-2:]))
        sides.append(recast(g, wide, (product(batch), *x.shape[-2:])) if wide.rank != 3 else wide)
    y = g.new((product(batch), a.shape[-2], b.shape[-1]), a.item)
    product_node(g, sides[0], sides[1], y)
    return recast(g, y, (*batch, a.shape[-2], b.shape[-1])) if len(batch) != 1 else y


def _broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    rank = max(len(a), len(b))
    a, b = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    return tuple(max(m, n) for m, n in zip(a, b, strict=True))


def _expand(g: Graph, x: Array, shape: tuple[int, ...]) -> Array:
    if x.shape == shape:
        return x
    extra = len(shape) - x.rank
    strides = [0] * extra + [
        0 if n != m else s for n, m, s in zip(x.shape, shape[extra:], x.strides, strict=True)
    ]
    y = x.view(shape, strides)
    before = x.shape
    g.node([x], [], [y], lambda given: [g.new(before, _one(given).item)])
    return y


@rule("matmul bmm mm")
def matmuls(step: Step) -> Array:
    b = step.array("other", "mat2", "tensor2")
    if b is None:
        raise NoRule("a matrix product with something that is not known")
    return matmul(step.graph, step.first("input", "self", "mat1"), b)


@rule(
    "Conv1d Conv2d Conv3d conv1d conv2d conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d conv_transpose1d conv_transpose2d"
)
def convolved(step: Step) -> Array:
    x, weight, bias = step.first(), step.array("weight"), step.array("bias")
    if weight is None:
        raise NoRule("a convolution's weight is not known")
    g = step.graph
    y = step.new()
    needs = [x.needs, weight.needs, bias is not None and bias.needs]
    shapes = [x.shape, weight.shape, () if bias is None else bias.shape]

    def backward(given: list[Array | None]) -> list[Array | None]:
        grad = _one(given)
        return [g.new(shape, grad.item) if need else None for need, shape in zip(needs, shapes, strict=True)]

    step.node([x, weight, bias], [x, weight], [y], backward)
    return y


@rule(
    "batch_norm BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm instance_norm InstanceNorm1d InstanceNorm2d InstanceNorm3d"
)
def batch_normed(step: Step) -> Array:
    x = step.first()
    y = step.new(like=x)
    channels = x.shape[1]
    training = step.training or step.value("running_mean") is None
    return _normed(
        step, x, y, (channels,) if training else (0,), [step.array("running_mean"), step.array("running_var")]
    )


@rule("layer_norm LayerNorm")
def layer_normed(step: Step) -> Array:
    x = step.first()
    inner = len(step.ints(step.value("normalized_shape")))
    if not x.dense:
        x = _dense(step.graph, x)
    return _normed(step, x, step.graph.new(x.shape, x.item), x.shape[: x.rank - inner], [])


@rule("group_norm GroupNorm")
def group_normed(step: Step) -> Array:
    x = step.first()
    if not x.dense:
        x = _dense(step.graph, x)
    return _normed(
        step, x, step.graph.new(x.shape, x.item), (x.shape[0], step.number(step.value("num_groups"))), []
    )


def _dense(g: Graph, x: Array) -> Array:
    y = g.new(x.shape, x.item)
    g.node([x], [], [y], lambda given: [_one(given)])
    return y


def _normed(
    step: Step, x: Array, y: Array, statistics: tuple[int, ...], running: list[Array | None]
) -> Array:
    """The input, the weight and two statistics are saved; three gradients come at once."""
    g = step.graph
    weight, bias = step.array("weight"), step.array("bias")
    mean, deviation = g.new(statistics, x.item), g.new(statistics, x.item)
    needs = [a is not None and a.needs for a in (x, weight, bias)]
    shapes = [() if a is None else a.shape for a in (x, weight, bias)]

    def backward(given: list[Array | None]) -> list[Array | None]:
        grad = _one(given)
        return [g.new(shape, grad.item) if need else None for need, shape in zip(needs, shapes, strict=True)]

    step.node([x, weight, bias], [x, weight, *running, mean, deviation], [y], backward)
    return y


@rule("max_pool1d max_pool2d max_pool3d MaxPool1d MaxPool2d MaxPool3d adaptive_max_pool1d adaptive_max_pool2d AdaptiveMaxPool1d "
      "AdaptiveMaxPool2d")  # fmt: skip
def max_pooled(step: Step) -> Any:
    """The input and the 64-bit indexes of the largest values are saved."""
    x = step.first()
    g = step.graph
    y = step.new()
    index = g.new(y.shape, 8)
    shape, item = x.shape, x.item
    step.node([x], [x, index], [y], lambda given: [g.new(shape, item)])
    return (y, index) if len(step.results) > 1 else y


@rule("avg_pool1d avg_pool2d avg_pool3d AvgPool1d AvgPool2d AvgPool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d "
      "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d")  # fmt: skip
def averaged(step: Step) -> Array:
    x = step.first()
    g = step.graph
    y = step.new()
    shape, item = x.shape, x.item
    whole = step.name.lower().startswith("adaptive") and all(n == 1 for n in y.shape[2:])
    step.node([x], [] if whole else [x], [y], lambda given: [g.new(shape, item)])
    return y


@rule("mean sum nansum std var amax amin max min logsumexp prod norm vector_norm")
def summarised(step: Step) -> Any:
    """Sums and means save nothing; a sum's gradient is a view, a mean's a fresh tensor. The others save what they summarise."""
    x = step.first()
    g = step.graph
    made = [step.new(i) for i in range(len(step.results))]
    shape, item, name = x.shape, x.item, step.name

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        if name == "sum":
            return [grad.view(shape, (0,) * len(shape))]
        return [g.new(shape, item)]

    saved: list[Any] = [] if name in ("mean", "sum") else made[1:] if len(made) > 1 else [x, made[0]]
    step.node([x], saved, [made[0]], backward)
    return made[0] if len(made) == 1 else tuple(made)


@rule("softmax Softmax log_softmax LogSoftmax softmin")
def softmaxed(step: Step) -> Array:
    x = step.first()
    g = step.graph
    y = g.new(x.shape, step.item())
    step.node([x], [y], [y], lambda given: [g.like(_one(given))])
    return y


@rule("embedding Embedding")
def embedded(step: Step) -> Array:
    index, weight = step.first(), step.array("weight")
    if weight is None:
        raise NoRule("an embedding's weight is not known")
    g = step.graph
    y = step.new()
    shape, item = weight.shape, weight.item
    step.node([weight], [index], [y], lambda given: [g.new(shape, item)])
    return y


@rule("addmm baddbmm")
def added_product(step: Step) -> Array:
    bias, a, b = step.array("input", "self"), step.array("mat1", "batch1"), step.array("mat2", "batch2")
    if bias is None or a is None or b is None:
        raise NoRule("one of the matrices is not known")
    y = step.new()
    product_node(step.graph, a, b, y, bias)
    return y


@rule("scaled_dot_product_attention")
def attended(step: Step) -> Array:
    """The fused kernel where it serves (on the CPU: four axes and no dropout), else the products one by one."""
    q, k, v = step.first("query"), step.array("key"), step.array("value")
    if k is None or v is None:
        raise NoRule("keys or values are not known")
    mask = step.array("attn_mask")
    dropout = step.value("dropout_p", default=0.0)
    if not isinstance(dropout, (int, float)):
        raise NoRule("whether attention drops is not known")
    on_cpu = step.graph.device == "cpu"
    if (on_cpu and (dropout > 0 or q.rank != 4 or v.shape[-1] != q.shape[-1])) or (
        mask is not None and mask.needs
    ):
        return _by_products(step, q, k, v, mask, dropout > 0)
    return _fused(step, q, k, v, mask)


def _fused(step: Step, q: Array, k: Array, v: Array, mask: Array | None) -> Array:
    """Queries, keys, values, the result and a 32-bit logarithm a row are saved."""
    g = step.graph
    if q.rank != 4:
        raise NoRule("attention over other than four axes is not followed")
    b, heads, n, d = step.shape()
    y = g.new((b, n, heads, d), q.item).view((b, heads, n, d), (n * heads * d, d, heads * d, 1))
    logs = Storage(g.meter, b * heads * n * 4)
    shapes = [(x.shape, x.item) for x in (q, k, v)]

    def backward(given: list[Array | None]) -> list[Array]:
        made = []
        for (b, h, n, d), item in shapes:
            made.append(g.new((b, n, h, d), item).view((b, h, n, d), (n * h * d, d, h * d, 1)))
        return made

    step.node([q, k, v], [q, k, v, y, logs, mask], [y], backward)
    return y


def _by_products(step: Step, q: Array, k: Array, v: Array, mask: Array | None, drops: bool) -> Array:
    """softmax(q @ k.T + mask) @ v, both sides scaled before they are multiplied."""
    g = step.graph
    turned = permuted(g, k, (*range(k.rank - 2), k.rank - 1, k.rank - 2))
    scaled = _scaled(g, q)  # torch holds it to the end, the other side it does not
    scores = matmul(g, scaled, _scaled(g, turned))
    if mask is not None:
        masked = g.like(scores)
        g.node([scores], [], [masked], lambda given: [_one(given)])
        scores = masked
        del masked
    weights = g.new(scores.shape, scores.item)
    g.node([scores], [weights], [weights], lambda given: [g.like(_one(given))])
    del scores, turned
    if drops:
        kept = g.like(weights)
        dropped = g.like(weights)
        g.node([weights], [kept], [dropped], lambda given: [g.like(_one(given))])
        weights = dropped
        del dropped, kept
    made = matmul(g, weights, v)
    del scaled
    return made


def _scaled(g: Graph, x: Array) -> Array:
    """Times a number: nothing is saved."""
    y = g.like(x)
    g.node([x], [], [y], lambda given: [g.like(_one(given))])
    return y
