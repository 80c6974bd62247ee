"""Element by element: what is saved, what the gradient needs."""

from __future__ import annotations

from typing import Any

from shapelint.memory.graph import Graph
from shapelint.memory.step import Step, rule
from shapelint.memory.storage import Array
from shapelint.values import Tensor

_RESULT = "relu ReLU sigmoid Sigmoid tanh Tanh exp reciprocal"
_INPUT = (
    "gelu GELU silu SiLU mish Mish hardswish Hardswish hardsigmoid Hardsigmoid leaky_relu LeakyReLU relu6 ReLU6 hardtanh "
    "Hardtanh elu ELU selu SELU celu CELU softplus Softplus log log2 log10 log1p abs sin cos erf square logsigmoid LogSigmoid"
)
_BY_RESULT_IN_PLACE = frozenset("leaky_relu LeakyReLU elu ELU selu SELU celu CELU".split())
_EXTRA = {
    "square": 1,
    "abs": 1,
    "log2": 1,
    "log10": 1,
    "log1p": 1,
    "cos": 1,
    "sin": 1,
    "erf": 2,
}  # temporaries of the gradient


def target(step: Step, x: Array) -> Array:
    """Where an elementwise result goes: into its input, or into a fresh tensor laid out like it."""
    return x.view(x.shape, x.strides) if step.in_place else step.new(like=x)


@rule(_RESULT)
def by_result(step: Step) -> Array:
    """The gradient is computed from the result."""
    x = step.first()
    y = target(step, x)
    g = step.graph

    def backward(given: list[Array | None]) -> list[Array]:
        return [g.like(_one(given))]

    step.node([x], [y], [y], backward)
    return y


@rule(_INPUT)
def by_input(step: Step) -> Array:
    """The gradient is computed from the input (in place: from the result, where that serves)."""
    x = step.first()
    y = target(step, x)
    g = step.graph
    extra = _EXTRA.get(step.name, 0)

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        held = [g.like(grad) for _ in range(extra)]
        made = g.like(grad)
        held.clear()
        return [made]

    saved: Array | None = x
    if step.in_place:
        saved = (
            y if step.name in _BY_RESULT_IN_PLACE else g.like(x)
        )  # torch keeps a copy of what it overwrites
    step.node([x], [saved], [y], backward)
    return y


@rule("sqrt rsqrt pow clamp clip clamp_min clamp_max")
def with_temporaries(step: Step) -> Array:
    x = step.first()
    y = target(step, x)
    g = step.graph
    name = step.name

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        if name.startswith("cl"):
            mask = g.like(grad, 1)
            made = g.like(grad)
            del mask
            return [made]
        first = g.like(grad)
        second = g.like(grad)
        del first
        made = g.like(grad)
        del second
        return [made]

    saved = y if name in ("sqrt", "rsqrt") else g.like(x) if step.in_place else x
    step.node([x], [saved], [y], backward)
    return y


@rule("neg negative")
def negated(step: Step) -> Array:
    x = step.first()
    y = target(step, x)
    g = step.graph
    step.node([x], [], [y], lambda given: [g.like(_one(given))])
    return y


def reduced(g: Graph, grad: Array, shape: tuple[int, ...]) -> Array:
    """A gradient summed to the shape of what had been broadcast."""
    if grad.shape == shape:
        return grad
    summed = g.new(shape, grad.item)
    return summed


def _one(given: list[Array | None]) -> Array:
    assert given[0] is not None
    return given[0]


def operands(step: Step) -> tuple[Array | None, Array | None]:
    """The two sides; None for a number."""
    return step.array("input", "self"), step.array("other", "tensor2")


def _result(step: Step, a: Array | None, b: Array | None) -> Array:
    if step.in_place and a is not None:
        return a.view(a.shape, a.strides)
    shape = step.shape()
    like = next((x for x in (a, b) if x is not None and x.shape == shape), None)
    return step.new(like=like)


@rule("add sub subtract rsub")
def added(step: Step) -> Array:
    a, b = operands(step)
    y = _result(step, a, b)
    g = step.graph
    negates = step.name != "add"
    shapes = [None if x is None else x.shape for x in (a, b)]
    needs = [x is not None and x.needs for x in (a, b)]

    def backward(given: list[Array | None]) -> list[Array | None]:
        grad = _one(given)
        made: list[Array | None] = [None, None]
        for i in (0, 1):
            if needs[i]:
                part = g.like(grad) if negates and i == 1 else grad
                made[i] = reduced(g, part, shapes[i] or ())
        return made

    step.node([a, b], [], [y], backward)
    return y


@rule("mul multiply div divide true_divide")
def multiplied(step: Step) -> Array:
    a, b = operands(step)
    y = _result(step, a, b)
    g = step.graph
    divides = "div" in step.name
    shapes = [None if x is None else x.shape for x in (a, b)]
    needs = [x is not None and x.needs for x in (a, b)]

    def backward(given: list[Array | None]) -> list[Array | None]:
        grad = _one(given)
        made: list[Array | None] = [None, None]
        for i in (0, 1):
            if needs[i]:
                if divides and i == 1:  # -grad * ((a / b) / b)
                    negated, once = g.like(grad), g.like(grad)
                    twice = g.like(grad)
                    del once
                    part = g.like(grad)
                    del negated, twice
                else:
                    part = g.like(grad)
                made[i] = reduced(g, part, shapes[i] or ())
                del part
        return made

    saved: list[Any] = []
    if needs[0] and b is not None:
        saved.append(b)
    if needs[1] and a is not None:
        saved.append(a if not step.in_place else g.like(a))
    step.node([a, b], saved, [y], backward)
    return y


@rule("maximum minimum max_pair where masked_fill masked_fill_ addcmul lerp")
def chosen(step: Step) -> Array:
    """What a mask chooses; the mask is saved, gradients are the same with zeros."""
    arrays = [step.of(v) for v in step.given.values() if isinstance(v, Tensor)]
    shape = step.shape()
    like = next((x for x in arrays if x.shape == shape and x.needs), None)
    y = step.new(like=like)
    g = step.graph
    floats = [x for x in arrays if x.needs]
    shapes = [x.shape for x in floats]

    def backward(given: list[Array | None]) -> list[Array]:
        grad = _one(given)
        return [reduced(g, g.like(grad), shape) for shape in shapes]

    step.node(floats, [x for x in arrays if not x.needs], [y], backward)
    return y


@rule("dropout Dropout dropout2d Dropout2d dropout1d Dropout1d Dropout3d feature_dropout alpha_dropout")
def dropped(step: Step) -> Array:
    """In training, a mask of the same shape (of booleans on CUDA, of floats on the CPU)."""
    x = step.first()
    p = step.value("p", default=0.5)
    if not step.training or p == 0:
        return x
    g = step.graph
    channels = "2d" in step.name or "1d" in step.name or "3d" in step.name
    shape = (*x.shape[:2], *(1 for _ in x.shape[2:])) if channels else x.shape
    mask = g.new(shape, 1 if g.device == "cuda" and not channels else x.item, like=x)
    y = target(step, x)
    step.node([x], [mask], [y], lambda given: [g.like(_one(given))])
    return y


@rule(
    "eq ne lt le gt ge isnan isinf logical_not logical_and logical_or bitwise_and bitwise_or bitwise_not invert and or floor ceil "
    "round floor_divide floordiv remainder mod sign argmax argmin bernoulli bernoulli_ fmod any all not_equal greater less"
)
def without_gradient(step: Step) -> Array:
    return step.new()


@rule(
    "zeros ones empty full arange linspace tensor randn rand zeros_like ones_like empty_like full_like rand_like randn_like eye tril "
    "triu new_zeros new_ones new_full new_empty new_tensor as_tensor randint outer cumsum meshgrid one_hot topk sort argsort nonzero "
    "zero fill uniform normal"
)
def made_anew(step: Step) -> Any:
    if step.in_place:
        return step.first()
    made = [step.new(i) for i in range(len(step.results))]
    return made[0] if len(made) == 1 else tuple(made)
