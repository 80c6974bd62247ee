"""Ask torch and a spec the same question and say how the answers differ.

A case is a call: an operation with arguments, or a layer with constructor arguments and inputs. Tensor arguments are
written `T(shape, dtype)`; each side makes its own tensor of it. An argument that is an `Op` is what that operation gives.
"""

from __future__ import annotations

import contextlib
import importlib
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.shapes import strides
from shapelint.specs import need as needs
from shapelint.specs import registry, view
from shapelint.specs.signature import BindingError
from shapelint.values import Class, DType, Module, Shape, Tensor, Undetermined, Unknown, Unranked
from shapelint.values.containers import Dict, List


@dataclass(frozen=True)
class T:
    """A tensor argument. `high` bounds the integers of an index tensor made on the CPU; `order` is that of the axes in
    memory, where they do not lie row after row."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    high: int | None = None
    order: tuple[int, ...] | None = None


@dataclass
class Op:
    """`name` is the spec's; `call` is torch's own function (found by name unless given). `device`: "meta" or "cpu"."""

    name: str
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    call: Callable[..., Any] | None = None
    device: str = "meta"
    flops: bool = True


@dataclass
class Layer:
    """A layer built from `args`/`keywords` and called with `inputs`."""

    name: str
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    inputs: tuple[Any, ...] = ()
    input_keywords: dict[str, Any] = field(default_factory=dict)
    device: str = "meta"
    flops: bool = True
    training: bool = True


class Trial:
    """A recorder with no program around it."""

    default_dtype = "float32"
    autocast = False

    def __init__(self) -> None:
        self.failures: list[dict[str, Any]] = []
        self.assumptions: list[tuple[str, Dim, Dim]] = []
        self.bindings: dict[Any, Dim] = {}
        self.counted: Dim = 0

    def tensor(self, argument: T) -> Tensor:
        """Our tensor for an argument of a case."""
        return lying(Tensor(argument.shape, argument.dtype), argument.order)

    def size(self, argument: Any) -> Any:
        """Our value for an argument of a constructor."""
        return our_argument(argument)

    def failed(self, need: needs.Need, failure: dict[str, Any]) -> None:
        self.failures.append(failure)

    def may_refuse(self) -> None: ...

    def assumed(self, relation: str, left: Dim, right: Dim, op: str) -> None:
        self.assumptions.append((relation, left, right))

    def resolve(self, dim: Dim) -> Dim:
        return dim if isinstance(dim, int) or not self.bindings else dims.substitute(dim, self.bindings)

    def bind(self, symbol: Sym, dim: Dim) -> None:
        self.bindings[symbol.as_symbol] = dim

    def bind_shape(
        self, box: Unranked, ranks: Sequence[int], names: Sequence[str], open: bool = False
    ) -> Shape:
        box.bound = tuple(dims.symbol(f"s{i}") for i in range(ranks[-1]))
        return box.bound

    def macs(self, count: Dim) -> None:
        self.counted = self.counted + count

    def invoke(self, function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if isinstance(function, Module):
            entry = registry.layers[function.cls.qualname]
            return view.forward(entry, function, needs.Need(self, entry.name), args, keywords)
        return function(*args, **keywords)

    def layer_class(self, name: str) -> Class:
        return Class(name.rsplit(".", 1)[-1], name)

    def touch(self, container: Any) -> None:
        pass


def lying(made: Tensor, order: tuple[int, ...] | None) -> Tensor:
    """`made`, its axes in this order in memory."""
    made.layout = strides.ROWS
    if order is not None:
        inner = strides.strides(strides.ROWS, [made.shape[axis] for axis in order])
        assert inner is not None
        made.layout = tuple(inner[order.index(axis)] for axis in range(len(inner)))
    return made


@dataclass
class Answer:
    """What one side said: "raises", or the results' (shape, dtype) in order; parameters by name; FLOPs."""

    raised: str | None = None
    unknown: str | None = None
    results: Any = None
    parameters: dict[str, tuple[int, ...]] = field(default_factory=dict)
    buffers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    flops: Any = None
    layouts: list[tuple[Any, Any]] = field(
        default_factory=list
    )  # of every resulting tensor: shape and strides (None: any)


def disagreement(case: Op | Layer, ours: Answer | None = None) -> str | None:
    """None when both sides agree; "unknown: …" when the spec says that it does not know; else what differs."""
    real = ask_torch(case)
    ours = ours or ask_spec(case)
    if ours.unknown is not None:
        return f"unknown: {ours.unknown}"
    if (
        real.raised is not None
        and any(word in real.raised for word in _OF_LAYOUT)
        and ours.raised is None
        and not (case.name.startswith(_VIEWS) and "view size" in real.raised)
    ):
        return None  # it takes some layouts only, for a reason within itself
    if (real.raised is None) != (ours.raised is None):
        return f"torch {real.raised or 'accepts it'}; spec {ours.raised or 'accepts it'}"
    if real.raised is not None:
        return None
    for name in ("results", "parameters", "buffers", "flops"):
        a, b = getattr(real, name), getattr(ours, name)
        if not same(a, b) and not (name == "flops" and not case.flops):
            return f"{name}: torch {a}; spec {b}"
    if case.name.rpartition(".")[2][-1] == "_":
        return None  # what is in place stays where it is
    for (shape, a), (_, b) in zip(real.layouts, ours.layouts, strict=False):
        if b is not None and 0 not in shape:
            odd = [(m, n) for size, m, n in zip(shape, a, b, strict=False) if size != 1 and not same(m, n)]
            if odd:
                return f"strides: torch {a} of {shape}; spec {b}"
    return None


_OF_LAYOUT = ("stride", "Unsupported memory format")
_VIEWS = ("torch.Tensor.view", "torch.view_copy")

ANY = object()  # a shape that a spec leaves open on purpose


def same(real: Any, ours: Any) -> bool:
    """Equal, where a size of ours that depends on the data (a symbol) fits any number."""
    if ours is ANY:
        return True
    if isinstance(ours, Sym):
        return isinstance(real, int) and ours.witness is None
    if isinstance(real, (tuple, list)) and isinstance(ours, (tuple, list)):
        return len(real) == len(ours) and all(map(same, real, ours))
    return bool(real == ours)


def flat(value: Any, kind: type) -> Iterator[Any]:
    """The tensors in a result, in order."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, List):
        yield from flat(value.items, kind)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from flat(item, kind)


def laid_out(case: Op | Layer, rng: random.Random) -> Op | Layer:
    """The same case with tensors whose axes lie in another order in memory. FLOPs are left out: torch takes other kernels for
    some of these, and counts not all of them."""

    def change(value: Any) -> Any:
        if isinstance(value, T) and len(value.shape) > 1 and value.high is None and rng.random() < 0.7:
            return replace(value, order=tuple(rng.sample(range(len(value.shape)), len(value.shape))))
        if isinstance(value, Op):
            return laid_out(value, rng)
        return type(value)(map(change, value)) if type(value) in (tuple, list) else value

    if isinstance(case, Op):
        return replace(case, args=change(case.args), flops=False)
    return replace(case, inputs=change(case.inputs), flops=False)


# ---- torch's side


def ask_torch(case: Op | Layer) -> Answer:
    answer = Answer()
    counter = FlopCounterMode(display=False)
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")
        try:
            if isinstance(case, Layer):
                layer = find_torch(case.name)(
                    *map(real_layer_argument, case.args),
                    **{k: real_layer_argument(v) for k, v in case.keywords.items()},
                )
                layer.to(case.device).train(case.training)
                call: Callable[..., Any] = layer
                args, keywords = case.inputs, case.input_keywords
            else:
                call = case.call or find_torch(case.name)
                args, keywords = case.args, case.keywords
            made = [real_argument(a, case.device) for a in args]
            named = {k: real_argument(v, case.device) for k, v in keywords.items()}
            if case.flops:
                stack.enter_context(counter)
            result = call(*made, **named)
            answer.results = real_result(result)
            answer.layouts = [(tuple(t.shape), t.stride()) for t in flat(result, torch.Tensor)]
            if isinstance(case, Layer):  # after the call: lazy layers have their sizes then
                answer.parameters = {n: tuple(p.shape) for n, p in layer.named_parameters()}
                answer.buffers = {n: tuple(b.shape) for n, b in layer.named_buffers()}
        except NotImplementedError as problem:
            if "meta" in str(problem).lower():
                raise
            answer.raised = f"raises {problem}"
        except Exception as problem:
            answer.raised = (
                f"raises {type(problem).__name__}: {str(problem).splitlines()[0] if str(problem) else ''}"
            )
    if case.flops:
        answer.flops = counter.get_total_flops()
    return answer


def find_torch(name: str) -> Any:
    first, *parts = name.split(".")
    value: Any = importlib.import_module(first)
    path = first
    for part in parts:
        path += f".{part}"
        if not hasattr(value, part):
            importlib.import_module(path)
        value = getattr(value, part)
    return value


def real_layer_argument(value: Any) -> Any:
    if isinstance(value, Layer):
        return find_torch(value.name)(
            *map(real_layer_argument, value.args),
            **{k: real_layer_argument(v) for k, v in value.keywords.items()},
        ).train(value.training)
    return getattr(torch, value.name) if isinstance(value, DType) else value


def real_argument(value: Any, device: str) -> Any:
    if isinstance(value, Op):
        named = {k: real_argument(v, device) for k, v in value.keywords.items()}
        return (value.call or find_torch(value.name))(
            *(real_argument(v, device) for v in value.args), **named
        )
    if isinstance(value, Layer):
        return real_layer_argument(value).to(device)
    if isinstance(value, T):
        dtype = getattr(torch, value.dtype)
        if value.high is not None:
            return torch.randint(0, value.high, value.shape, dtype=dtype, device=device)
        if value.order is not None:
            steps = torch.empty([value.shape[axis] for axis in value.order], device="meta").stride()
            stride = [steps[value.order.index(axis)] for axis in range(len(value.shape))]
            return torch.empty_strided(value.shape, stride, dtype=dtype, device=device).zero_()
        return torch.zeros(value.shape, dtype=dtype, device=device)
    if isinstance(value, DType):
        return getattr(torch, value.name)
    if isinstance(value, (tuple, list)):
        return type(value)(real_argument(v, device) for v in value)
    return value


def real_result(value: Any) -> Any:
    if isinstance(value, torch.nn.Module):
        return [
            {n: tuple(p.shape) for n, p in value.named_parameters()},
            {n: tuple(b.shape) for n, b in value.named_buffers()},
        ]
    if isinstance(value, torch.Tensor):
        return (tuple(value.shape), str(value.dtype).removeprefix("torch."))
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, (tuple, list)):
        return [real_result(v) for v in value]
    if isinstance(value, torch.dtype):
        return str(value)
    return value


# ---- our side


def ask_spec(case: Op | Layer, trial: Trial | None = None) -> Answer:
    """What the spec says, of the tensors that `trial` makes (of the case's own sizes, unless told)."""
    registry.load()
    answer = Answer()
    trial = trial or Trial()
    try:
        if isinstance(case, Layer):
            entry = registry.layers[case.name]
            instance = Module(Class(case.name.rsplit(".", 1)[-1], case.name))
            view.build(
                entry,
                instance,
                needs.Need(trial, case.name),
                tuple(map(trial.size, case.args)),
                {k: our_argument(v) for k, v in case.keywords.items()},
            )
            if trial.failures:
                raise needs.Refused
            set_training(instance, case.training)
            result = view.forward(
                entry,
                instance,
                needs.Need(trial, case.name),
                tuple(our_argument(v, trial) for v in case.inputs),
                {k: our_argument(v, trial) for k, v in case.input_keywords.items()},
            )
            answer.parameters, answer.buffers = resolved(trial, registered(instance))
        else:
            result = of_law(case, trial)
        answer.results = resolved(trial, our_result(result))
        answer.layouts = [
            (t.box, resolved(trial, strides.strides(t.layout, t.shape)) if t.known else None)
            for t in flat(result, Tensor)
        ]
    except (needs.Refused, BindingError) as problem:
        answer.raised = f"refuses {problem}"
    except Undetermined as problem:
        answer.unknown = problem.why
    except dims.Undetermined as problem:
        answer.unknown = str(problem)
    if trial.failures:
        answer.raised = f"refuses {trial.failures[0]}"
    answer.flops = 2 * trial.resolve(trial.counted)
    return answer


def of_law(case: Op, trial: Trial) -> Any:
    """What the law of an operation says of its arguments."""
    entry = registry.ops[case.name]
    bound = entry.signature.bind(
        tuple(our_argument(v, trial) for v in case.args),
        {k: our_argument(v, trial) for k, v in case.keywords.items()},
    )
    return entry.law(needs.Need(trial, case.name), **bound)


def our_argument(value: Any, trial: Trial | None = None) -> Any:
    if isinstance(value, Op):
        return of_law(value, trial or Trial())
    if isinstance(value, Layer):
        keywords = {k: our_argument(v) for k, v in value.keywords.items()}
        made = view.make(
            value.name, needs.Need(Trial(), value.name), *map(our_argument, value.args), **keywords
        )
        set_training(made, value.training)
        return made
    if isinstance(value, T):
        return (trial or Trial()).tensor(value)
    if isinstance(value, list):
        return List([our_argument(v, trial) for v in value])
    if isinstance(value, tuple):
        return tuple(our_argument(v, trial) for v in value)
    return value


def our_result(value: Any) -> Any:
    if isinstance(value, Module):
        return list(registered(value))
    if isinstance(value, Tensor):
        return (tuple(value.shape) if value.known else ANY, value.dtype)
    if isinstance(value, List):
        return [our_result(v) for v in value.items]
    if isinstance(value, Dict):
        return value.items
    if isinstance(value, tuple):
        if all(isinstance(v, int) for v in value) and type(value) is not tuple:
            return tuple(value)
        return [our_result(v) for v in value]
    if isinstance(value, DType):
        return f"torch.{value.name}"
    return ANY if isinstance(value, Unknown) else value


def resolved(trial: Trial, value: Any) -> Any:
    """`value` with the sizes that were bound put in."""
    if isinstance(value, Sym):
        return trial.resolve(value)
    if isinstance(value, dict):
        return {k: resolved(trial, v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(resolved(trial, v) for v in value)
    return value


def set_training(module: Module, mode: bool) -> None:
    module.attrs["training"] = mode
    for value in module.attrs.values():
        if isinstance(value, Module):
            set_training(value, mode)


def registered(
    module: Module, prefix: str = ""
) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    parameters: dict[str, Any] = {}
    buffers: dict[str, Any] = {}
    for name, value in module.attrs.items():
        if isinstance(value, Tensor) and value.is_parameter:
            parameters[prefix + name] = tuple(value.shape)
        elif isinstance(value, Tensor) and name in module.buffers:
            buffers[prefix + name] = tuple(value.shape)
        elif isinstance(value, Module):
            p, b = registered(value, f"{prefix}{name}.")
            parameters.update(p)
            buffers.update(b)
    return parameters, buffers
