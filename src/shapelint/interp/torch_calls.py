"""Where the interpreter meets the specs: calling an operation, building a layer, tensor attributes.

The world's Recorder turns what a need finds into facts, and torch's refusals into what the program would see.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Dim, Sym
from shapelint.interp import arrays, branch, calls, iterate, module_tree
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.specs import registry, view
from shapelint.specs.need import Need, Refused
from shapelint.specs.signature import BindingError
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Device,
    DType,
    Either,
    Instance,
    List,
    Made,
    Module,
    Shape,
    Size,
    Tensor,
    Undetermined,
    Unknown,
    Unranked,
)
from shapelint.values.torch_types import is_float, is_integral

# Attributes that only tensors have: an argument that is asked for one is a tensor.
TENSOR_ONLY = frozenset(
    (
        "shape size dim ndim view reshape permute transpose unsqueeze squeeze flatten contiguous chunk "
        "expand repeat matmul mean softmax unfold masked_fill new_zeros new_ones new_full new_empty "
        "new_tensor detach clone is_cuda view_as expand_as gather scatter_ argmax argmin numel requires_grad "
        "unbind movedim swapaxes swapdims T mT clamp sigmoid tanh relu bmm mm addmm sqrt exp abs pow std var "
        "norm cumsum topk roll flip narrow select index_select type_as long half bool log"
    ).split()
)
_NO_CALL = frozenset(("T", "mT", "H", "mH", "real", "imag"))


class Recorder:
    """What needs report to, for one call."""

    __slots__ = ("layer", "world")

    def __init__(self, world: World, layer: Module | None = None) -> None:
        self.world = world
        self.layer = layer

    @property
    def default_dtype(self) -> str:
        return self.world.default_dtype  # type: ignore[no-any-return]

    def failed(self, need: Need, failure: dict[str, Any]) -> None:
        world = self.world
        tensors = tuple(t for t in failure.get("tensors", ()) if isinstance(t, Tensor))
        if world.autocast and failure.get("rule") == "wrong-dtype":
            return  # torch converts there
        if world.guarded:
            raise refusal(failure.get("raised", "RuntimeError"), failure.get("message", ""))
        world.failures += 1
        if any(t.after_failure for t in tensors) or any(r.module.broken for r in world.calls):
            return
        failure["tensors"] = tensors
        built = self.layer.built_at if self.layer is not None else None
        if built is None and world.calls:
            built = world.calls[-1].module.built_at if world.calls[-1].module.cls.node is None else None
        world.record(facts.NeedFailed, built=built, **failure)
        if world.calls and not world.muted and world.facts:
            for record in world.calls:
                if record.failed is None:
                    record.failed = world.facts[-1]

    def assumed(self, relation: str, left: Dim, right: Dim, op: str) -> None:
        if self.world.guarded and self.world.tries:
            branch.may_raise(self.world)
        self.world.record(facts.Assumed, relation=relation, left=left, right=right, op=op)

    def resolve(self, dim: Dim) -> Dim:
        return self.world.resolve(dim)

    def bind(self, symbol: Sym, dim: Dim) -> None:
        self.world.bind(symbol, dim)

    def bind_shape(self, box: Unranked, ranks: Sequence[int], names: Sequence[str]) -> Shape:
        return self.world.bind_shape(box, ranks, names)

    def macs(self, count: Dim) -> None:
        world = self.world
        if world.calls and not world.muted:
            record = world.calls[-1]
            record.macs = record.macs + count
            if world.uncertain and record.uncertain is None:
                record.uncertain = "some of it runs under a condition that is not known"
            elif world.repeating and record.uncertain is None:
                record.uncertain = "some of it runs in a loop whose number of turns is not known"

    def invoke(self, function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        return calls.call(self.world, function, args, keywords)

    def touch(self, container: Any) -> None:
        self.world.journal.touch(container)

    def layer_class(self, name: str) -> Any:
        from shapelint.interp import imports

        return imports.supplied_class(name)


def refusal(kind: str, message: str) -> ProgramRaises:
    """What the program sees of a call that torch refuses."""
    problem = ProgramRaises(kind, message)
    problem.refused = True
    return problem


# What a law's host code raises when it is given a value it does not expect (a string for a tensor, say).
HOST_ERRORS = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError)


def odd(world: World, name: str, tainted: bool) -> Unknown:
    """An operation was given values that its law does not expect: its result is unknown. To be called while handling."""
    if os.environ.get("SHAPELINT_DEBUG") == "2":
        raise
    why = f"{name} is not modelled for these arguments"
    world.gap(why)
    return Unknown(why, world.site(), after_failure=tainted)


# ---- operations


def known(name: str) -> bool:
    registry.load()
    return name in registry.ops


def op(world: World, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Call an operation by its documented name: its result, or Unknown with the reason."""
    entry = registry.ops.get(name)
    if entry is None:
        registry.load()
        entry = registry.ops.get(name)
        if entry is None:
            world.gap(f"{name} is not modelled")
            return Unknown(
                f"{name} is not modelled", world.site(), after_failure=_tainted((*args, *keywords.values()))
            )
    return apply(world, entry, args, keywords, name)


def apply(
    world: World, entry: registry.Op, args: tuple[Any, ...], keywords: dict[str, Any], name: str
) -> Any:
    world.step()
    if "out" in keywords:
        keywords = {k: v for k, v in keywords.items() if k != "out"}
    if any(a.__class__ is Either for a in args):
        args = tuple(map(_one_device, args))
    if _has_either(args):
        return _each(world, entry, args, keywords, name)
    doubtful = next((k for k, v in keywords.items() if isinstance(v, Either)), None)
    if doubtful is not None:
        from shapelint.interp import branch

        ways = [{**keywords, doubtful: option} for option in keywords[doubtful].options]
        return branch.value(world, None, [lambda w=w: apply(world, entry, args, w, name) for w in ways])  # type: ignore[misc]
    if name == "torch.Tensor" and len(args) == 1 and arrays.is_array(args[0]):
        name, entry = "torch.FloatTensor", registry.ops["torch.FloatTensor"]
    args = tuple(map(arrays.lent, args))
    keywords = {k: arrays.lent(v) for k, v in keywords.items()}
    inputs = (*args, *keywords.values())
    try:
        bound = entry.signature.bind(args, keywords)
    except BindingError as problem:
        return _misused(world, entry.name, str(problem), inputs)
    bound = _prepared(entry, bound)
    tensors = tuple(_tensors_in(bound.values()))
    need = Need(Recorder(world), name, tensors)
    tainted = any(t.after_failure for t in tensors) or _tainted(inputs)
    try:
        result = entry.law(need, **bound)
    except Refused:
        return Unknown(f"{entry.name} fails here", world.site(), after_failure=True)
    except Undetermined as problem:
        if world.guess_rank(_open_boxes(tensors)):
            return apply(world, entry, args, keywords, name)
        world.gap(problem.why)
        return Unknown(problem.why, world.site(), after_failure=tainted or _after_failure(problem))
    except dims.Undetermined as problem:
        world.gap(str(problem))
        return Unknown(str(problem), world.site(), after_failure=tainted)
    except HOST_ERRORS:
        return odd(world, entry.name, tainted)
    made = Made(entry.spelled(name), world.site(), tensors, bound)
    result = _finished(world, result, made, tainted or need.failed)
    if (entry.inplace or _is_inplace(name)) and tensors and isinstance(result, Tensor):
        result = _written_into(world, tensors[0], result)
    if entry.name in world.listen or name in world.listen:
        world.record(
            facts.Called,
            op=name,
            arguments=bound,
            result=result,
            node=world.frames[-1].node if world.frames else None,
        )
    if name == "torch.Tensor.numpy" and isinstance(result, Tensor):
        if not result.known or result.after_failure:
            return Unknown(
                "an array of unknown shape", world.site(), after_failure=result.after_failure, plain=True
            )
        return arrays.array(result.shape, result.dtype, result.data)
    return result


def _is_inplace(name: str) -> bool:
    return name.endswith("_") and not name.endswith("__")


def _written_into(world: World, target: Tensor, result: Tensor) -> Tensor:
    """An in-place operation gives its first argument, with the result's shape."""
    if target is not result:
        world.journal.touch_slot(target, "_box")
        world.journal.touch_slot(target, "data")
        world.journal.touch_slot(target, "after_failure")
        target._box = result.box
        target.data = result.data
        target.after_failure = target.after_failure or result.after_failure
        if target.kind == "tensor":
            world.journal.touch_slot(target, "marks")
            target.marks = result.marks
    return target


def _prepared(entry: registry.Op, bound: dict[str, Any]) -> dict[str, Any]:
    """Unknowns in tensor parameters become tensors of unknown shape."""
    wanted = tensor_parameters(entry)
    for name in wanted:
        value = bound.get(name)
        if isinstance(value, Unknown):
            bound[name] = as_tensor(value)
        elif isinstance(value, Instance) and isinstance(value.payload, Tensor):
            bound[name] = value.payload
    return bound


_wanted: dict[int, tuple[str, ...]] = {}


def tensor_parameters(entry: registry.Op) -> tuple[str, ...]:
    """The parameters of a law that are annotated as tensors."""
    found = _wanted.get(id(entry))
    if found is None:
        annotations = inspect.get_annotations(entry.law)
        found = tuple(
            n
            for n, a in annotations.items()
            if isinstance(a, str) and a.split(" ")[0] == "Tensor" and n != "return"
        )
        _wanted[id(entry)] = found
    return found


def as_tensor(value: Unknown) -> Tensor:
    """An unknown value read as a tensor: always the same one."""
    if value.tensor is None:
        box = Unranked(value.why, guess=value.entry, name=value.name or "")
        made = Tensor(box, None)
        made.after_failure = value.after_failure
        made.name = value.name
        value.tensor = made
    found = value.tensor
    assert isinstance(found, Tensor)
    return found


def _tensors_in(values: Any) -> Any:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple):
            yield from _tensors_in(value)
        elif isinstance(value, List):
            yield from (v for v in value.items if isinstance(v, Tensor))


def _open_boxes(tensors: tuple[Tensor, ...]) -> list[Unranked]:
    return [t.box for t in tensors if isinstance(t.box, Unranked) and t.box.bound is None]


def _tainted(values: Any) -> bool:
    return any(isinstance(v, (Tensor, Unknown)) and v.after_failure for v in values)


def _after_failure(problem: Undetermined) -> bool:
    return problem.cause is not None and problem.cause.after_failure


def _one_device(value: Any) -> Any:
    """Which device it is does not matter: any of several will do."""
    if isinstance(value, Either) and all(isinstance(option, Device) for option in value.options):
        return value.options[0]
    return value


def _has_either(args: tuple[Any, ...]) -> bool:
    return any(isinstance(a, Either) for a in args)


def _each(
    world: World, entry: registry.Op, args: tuple[Any, ...], keywords: dict[str, Any], name: str
) -> Any:
    at = next(i for i, a in enumerate(args) if isinstance(a, Either))
    return _each_of(world, args, at, lambda given: apply(world, entry, given, keywords, name))


def _each_of(world: World, args: tuple[Any, ...], at: int, ask: Callable[[tuple[Any, ...]], Any]) -> Any:
    """The joined result for each value that an argument may be; None among them is left out, since it would raise."""
    from shapelint.interp import branch

    either = args[at]
    options = [o for o in either.options if o is not None] or list(either.options)
    given = [(*args[:at], option, *args[at + 1 :]) for option in options]
    if len(given) == 1:
        return ask(given[0])
    return branch.value(world, None, [lambda g=g: ask(g) for g in given])  # type: ignore[misc]


def _finished(world: World, result: Any, made: Made, tainted: bool, weights: tuple[Tensor, ...] = ()) -> Any:
    """Mark fresh tensors with what made them. `weights` are a layer's parameters."""
    tensors = made.parents
    if isinstance(result, Tensor):
        if result not in tensors and (result.made is None or made.op.startswith(_COMPOSITE)):
            first = result.made is None
            result.made = made
            if (
                first
                and world.grad_enabled is not False
                and result.kind == "tensor"
                and not is_exact(result.dtype)
            ):
                result.requires_grad = made.op != "torch.detach" and any(
                    t.requires_grad for t in (*tensors, *weights) if isinstance(t, Tensor)
                )
                if world.grad_enabled is not True and result.requires_grad:
                    result.requires_grad = None
            if first and world.autocast and is_float(result.dtype):
                result.dtype = None
        if tainted and result not in tensors:
            result.after_failure = True
    elif isinstance(result, (tuple, List)):
        for i, part in enumerate(result.items if isinstance(result, List) else result):
            _finished(world, part, made._replace(part=(*made.part, i)), tainted, weights)
    elif isinstance(result, Unknown) and tainted:
        result.after_failure = True
    return result


# Layers whose laws call other layers on tensors of their own: what they give was made by the whole.
_COMPOSITE = "torch.nn.Transformer"


def _misused(world: World, name: str, problem: str, inputs: tuple[Any, ...]) -> Any:
    """Arguments that do not fit the documented signature. Said to be unknown: a signature may lag behind torch's."""
    if world.guarded:
        raise ProgramRaises("TypeError", f"{name}: {problem}")
    world.gap(f"{name}: {problem}")
    return Unknown(f"{name}: {problem}", world.site(), after_failure=_tainted(inputs))


def is_exact(dtype: str | None) -> bool:
    """Integers and truth values: they have no gradient."""
    return dtype == "bool" or is_integral(dtype)


# ---- layers


def layer_class(entry: registry.Layer, name: str) -> Class:
    """The Class of a torch layer."""
    from shapelint.interp import imports, modules

    base = modules.MODULE if entry.base == "torch.nn.Module" else imports.supplied_class(entry.base)
    cls = Class(name.rsplit(".", 1)[-1], name, (base,) if base is not None else ())
    cls.mro = (cls, *base.mro) if base is not None else (cls,)
    cls.is_module = base is not None and base.is_module
    cls.spec = entry
    cls.attrs["__init__"] = Builtin(
        "method __init__", lambda w, args, keywords: _build(w, entry, args, keywords)
    )
    if hasattr(entry.definition, "forward"):
        cls.attrs["forward"] = Builtin(
            "method forward", lambda w, args, keywords: _forward(w, entry, args, keywords)
        )
    for method_name in entry.methods:
        cls.attrs[method_name] = Builtin(
            f"method {method_name}",
            lambda w, args, keywords, m=method_name: _method(w, entry, m, args, keywords),
        )
        raw = next((vars(c)[method_name] for c in entry.definition.__mro__ if method_name in vars(c)), None)
        if isinstance(raw, (classmethod, staticmethod)):
            cls.attrs[method_name] = Builtin(
                f"{name}.{method_name}",
                lambda w, args, keywords, m=method_name: _static(w, entry, m, args, keywords),
            )
    return cls


def _build(world: World, entry: registry.Layer, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, *rest = args
    need = Need(Recorder(world, module), entry.name)
    world.journal.touch(module.attrs)
    try:
        view.build(entry, module, need, tuple(rest), keywords)
    except BindingError as problem:
        if world.guarded:
            raise ProgramRaises("TypeError", f"{entry.name}: {problem}") from None
        _incomplete(world, module, f"{entry.name}: {problem}")
    except HOST_ERRORS:
        _incomplete(world, module, odd(world, entry.name, False).why)
    except Refused:
        _incomplete(world, module, f"{entry.name} cannot be built here", after_failure=True)
    except Undetermined as problem:
        _incomplete(world, module, problem.why, after_failure=_after_failure(problem))
    except dims.Undetermined as problem:
        _incomplete(world, module, str(problem))


def _incomplete(world: World, module: Any, why: str, *, after_failure: bool = False) -> None:
    if isinstance(module, Module):
        world.journal.touch(module.incomplete)
        module.initialised = True
        module.incomplete.append(Unknown(why, world.site(), after_failure=after_failure))


def _forward(world: World, entry: registry.Layer, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _run(world, entry, entry.definition.forward, args, keywords, view.forward)


def _method(
    world: World, entry: registry.Layer, name: str, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    def law(
        layer: registry.Layer, instance: Instance, need: Need, rest: tuple[Any, ...], named: dict[str, Any]
    ) -> Any:
        return view.method(layer, name, instance, need, rest, named)

    return _run(world, entry, entry.methods[name], args, keywords, law)


def _static(
    world: World, entry: registry.Layer, name: str, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    need = Need(Recorder(world), f"{entry.name}.{name}")
    try:
        return getattr(entry.definition, name)(need, *args, **keywords)
    except Refused:
        return Unknown(f"{entry.name}.{name} fails here", world.site(), after_failure=True)
    except TypeError:
        return Unknown(f"{entry.name}.{name} is not modelled for these arguments", world.site())


def _run(
    world: World, entry: registry.Layer, law: Any, args: tuple[Any, ...], keywords: dict[str, Any], run: Any
) -> Any:
    module, *rest = args
    at = next((i for i, a in enumerate(args) if isinstance(a, Either)), None)
    if at is not None:
        return _each_of(world, args, at, lambda given: _run(world, entry, law, given, keywords, run))
    if module.incomplete:
        gap = module.incomplete[0]
        return Unknown(gap.why, gap.site, after_failure=gap.after_failure)
    prepared = []
    for value, name in zip(rest, _positional(law), strict=False):
        prepared.append(
            as_tensor(value) if isinstance(value, Unknown) and name in _tensor_names(law) else value
        )
    prepared += rest[len(prepared) :]
    keywords = {
        k: as_tensor(v) if isinstance(v, Unknown) and k in _tensor_names(law) else v
        for k, v in keywords.items()
    }
    tensors = tuple(_tensors_in((*prepared, *keywords.values())))
    tainted = any(t.after_failure for t in tensors) or _tainted((*rest, *keywords.values()))
    need = Need(Recorder(world, module), entry.name, tensors)
    try:
        inspect.signature(law).bind(None, need, *prepared, **keywords)
    except TypeError as problem:
        return _misused(world, entry.name, str(problem), (*rest, *keywords.values()))
    try:
        result = run(entry, module, need, tuple(prepared), keywords)
    except Refused:
        return Unknown(f"{entry.name} fails here", world.site(), after_failure=True)
    except Undetermined as problem:
        if world.guess_rank(_open_boxes(tensors)):
            return _run(world, entry, law, args, keywords, run)
        world.gap(problem.why)
        return Unknown(problem.why, world.site(), after_failure=tainted or _after_failure(problem))
    except dims.Undetermined as problem:
        world.gap(str(problem))
        return Unknown(str(problem), world.site(), after_failure=tainted)
    except HOST_ERRORS:
        return odd(world, entry.name, tainted)
    weights = tuple(t for _, t in module_tree.named_parameters(module)) if isinstance(module, Module) else ()
    bound = dict(zip(_positional(law), prepared, strict=False)) | keywords
    made = Made(entry.name, world.site(), tensors, bound, module)
    result = _finished(world, result, made, tainted or need.failed, weights)
    if entry.name in world.listen:
        node = world.frames[-1].node if world.frames else None
        world.record(facts.Called, op=entry.name, arguments=bound, result=result, layer=module, node=node)
    return result


_law_tensors: dict[int, frozenset[str]] = {}


def _tensor_names(law: Any) -> frozenset[str]:
    found = _law_tensors.get(id(law))
    if found is None:
        annotations = inspect.get_annotations(law)
        found = frozenset(
            n
            for n, a in annotations.items()
            if isinstance(a, str) and a.split(" ")[0] == "Tensor" and n != "return"
        )
        _law_tensors[id(law)] = found
    return found


def _positional(law: Any) -> tuple[str, ...]:
    code = law.__code__
    return tuple(code.co_varnames[2 : code.co_argcount])


# ---- tensor attributes


def attribute(world: World, tensor: Tensor, name: str) -> Any:
    """`tensor.name`."""
    if name == "shape":
        return Size(map(world.resolve, tensor.shape)) if tensor.known else iterate.ShapeOf(tensor.box)
    if name == "dtype":
        return (
            DType(tensor.dtype) if tensor.dtype is not None else Unknown("the dtype is not known", plain=True)
        )
    if name == "device":
        return Unknown("the device a tensor lies on", plain=True)
    if name == "ndim":
        return tensor.rank if tensor.known else Unknown(_why(tensor), plain=True)
    if name == "data":
        detached = tensor.like()
        detached.data, detached.made = tensor.data, tensor.made
        return detached
    if name == "requires_grad":
        return (
            tensor.requires_grad
            if tensor.requires_grad is not None
            else Unknown("whether it needs gradients", plain=True)
        )
    if name in ("is_cuda", "is_mps", "is_quantized", "is_sparse", "is_meta", "is_nested", "is_xpu"):
        return Unknown("the device a tensor lies on", plain=True) if name == "is_cuda" else False
    if name == "grad":
        return Unknown("a gradient", plain=True)
    if name in ("grad_fn", "itemsize", "nbytes", "layout", "names", "_version", "__dict__"):
        return Unknown(f"{name} of a tensor is not modelled", plain=True)
    if name == "is_leaf":
        return tensor.is_parameter
    if name == "__class__":
        from shapelint.interp import host_classes

        return host_classes.class_of(tensor)
    if name == "__len__":
        return Builtin("__len__", lambda w, args, keywords: tensor.shape[0])
    registry.load()
    full = f"torch.Tensor.{name}"
    if name in _NO_CALL and full in registry.ops:
        return op(world, full, (tensor,), {})
    if full in registry.ops:
        return BoundMethod(Builtin(full, lambda w, args, keywords: op(w, full, args, keywords)), tensor)
    if name == "size" and not tensor.known:
        return Builtin(full, lambda w, args, keywords: _size(tensor, args, keywords))
    if tensor.extra and name in tensor.extra:
        return tensor.extra[name]
    if name.startswith("__") or not known_tensor_name(name):
        raise ProgramRaises("AttributeError", f"'Tensor' object has no attribute '{name}'")
    return Builtin(
        full,
        lambda w, args, keywords: Unknown(
            f"{full} is not modelled", w.site(), after_failure=tensor.after_failure
        ),
    )


def _why(tensor: Tensor) -> str:
    return tensor.box.why if isinstance(tensor.box, Unranked) else ""


def _size(tensor: Tensor, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    box = tensor.box
    at = args[0] if args else keywords.get("dim")
    if at is None:
        return iterate.ShapeOf(box)
    if isinstance(at, int) and isinstance(box, Unranked):
        return box.size(at)
    raise Undetermined(_why(tensor))


def known_tensor_name(name: str) -> bool:
    """Whether torch.Tensor may have such an attribute: names are not listed here, so any that looks like one may."""
    return name.isidentifier()


def set_attribute(world: World, tensor: Tensor, name: str, value: Any) -> None:
    """`tensor.name = value`."""
    if name == "requires_grad":
        world.journal.touch_slot(tensor, "requires_grad")
        tensor.requires_grad = value if isinstance(value, bool) else None
    elif name == "data" and isinstance(value, Tensor):
        for slot in ("_box", "dtype", "data"):
            world.journal.touch_slot(tensor, slot)
        tensor._box, tensor.dtype, tensor.data = value.box, value.dtype, value.data
    elif name == "data":
        world.journal.touch_slot(tensor, "_box")
        tensor._box = Unranked("its data were replaced by something that is not known")
    elif name not in ("grad", "names"):
        world.journal.touch_slot(tensor, "extra")
        tensor.extra = {**(tensor.extra or {}), name: value}


def unbound(world: World, qualname: str, name: str) -> Any:
    """`torch.Tensor.view` and the like, as a function."""
    registry.load()
    full = f"torch.Tensor.{name}"
    if full in registry.ops:
        return Builtin(full, lambda w, args, keywords: op(w, full, args, keywords))
    return Unknown(f"{full} is not modelled")
