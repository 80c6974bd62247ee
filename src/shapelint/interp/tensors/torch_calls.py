"""Calling an operation that a spec describes."""

from __future__ import annotations

import functools
from typing import Any

from shapelint import facts
from shapelint.interp.tensors import (
    arrays,
    autograd,
    placement,
    recorder,
    refused_arguments,
    saved,
    tensor_arguments,
    tensor_results,
    written,
)
from shapelint.interp.world import World
from shapelint.specs import layouts, registry
from shapelint.specs.need import Need, Refused
from shapelint.specs.signature import BindingError, Parameter
from shapelint.values import Either, Function, List, Made, Tensor, Unknown, nesting


def known(name: str) -> bool:
    return name in registry.ops


def op(world: World, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Call an operation by its documented name: its result, or Unknown with the reason."""
    entry = registry.ops.get(name)
    if entry is None:
        world.gap(f"{name} is not modelled")
        written.unknown(world, name, args, keywords, f"{name} is not modelled")
        return Unknown(
            f"{name} is not modelled",
            world.site(),
            after_failure=tensor_arguments.tainted((*args, *keywords.values())),
        )
    return apply(world, entry, args, keywords, name)


_ENDLESS = "it is given what holds itself, or more than can be followed"
_STEPS = 6  # that an operation counts for: binding, its law, the record


def _many(held: List) -> int:
    """The items of a list, and of the lists in it."""
    return len(held.items) + sum([len(part.items) for part in held.items if part.__class__ is List])


def apply(
    world: World, entry: registry.Op, args: tuple[Any, ...], keywords: dict[str, Any], name: str
) -> Any:
    world.step(_STEPS)
    given = args
    for argument in given:
        if argument.__class__ is List:
            world.spend(16 * _many(argument))
        if nesting.endless(argument):
            return Unknown(_ENDLESS, world.site())
        if args is given and argument.__class__ in tensor_arguments.MAY_BE_OF_LIBRARIES:
            args = tuple(map(tensor_arguments.told, given))
        if argument.__class__ is Either:
            args = tuple(map(tensor_arguments.one_device, args))
            if tensor_arguments.has_either(args):
                return _each(world, entry, args, keywords, name)
            break
    for key, argument in keywords.items():
        if isinstance(argument, Either):
            return _by_option(world, entry, args, keywords, name, key)
        if nesting.endless(argument):
            return Unknown(_ENDLESS, world.site())
        if argument.__class__ in tensor_arguments.MAY_BE_OF_LIBRARIES:
            keywords = {**keywords, key: tensor_arguments.told(argument)}
    if name == "torch.Tensor" and len(args) == 1 and arrays.is_array(args[0]):
        name, entry = "torch.FloatTensor", registry.ops["torch.FloatTensor"]
    own = args
    args = tuple([arrays.lent(value) for value in args])
    if any(isinstance(value, Function) for value in (*args, *keywords.values())) and any(
        given is not value for given, value in zip(own, args, strict=True)
    ):  # einops.reduce(array, pattern, function) calls it with the array
        return Unknown("a function of the program's is given an array", world.site())
    if keywords:
        keywords = {k: arrays.lent(v) for k, v in keywords.items()}
    inputs = (*args, *keywords.values())
    try:
        named = {k: v for k, v in keywords.items() if k != "out"} if "out" in keywords else keywords
        bound = entry.signature.bind(args, named)
    except BindingError as problem:
        taken = [p.name for p in entry.signature.parameters if p.required]
        if taken != ["tensors"] or not (args and isinstance(args[0], Tensor)):
            return _misused(world, entry, name, args, named, str(problem))
        bound = entry.signature.bind(args[:1], {})  # one by one, not as a tuple: its law refuses
    placement.operation(world, name, bound)
    bound = tensor_arguments.prepared(entry, tensor_arguments.perhaps_tensors(bound))
    tensors = tuple(tensor_arguments.tensors_in(bound.values()))
    need = Need(recorder.Recorder(world), name, tensors)
    tainted = any(t.after_failure for t in tensors) or tensor_arguments.tainted(inputs)

    in_place = bool(tensors) and (entry.inplace or _is_inplace(name))
    written_to = tensors[0] if in_place else None
    law = functools.partial(_law_says, world, entry, need, name, bound, written_to)
    again = functools.partial(apply, world, entry, args, keywords, name)
    known, result = recorder.asked(world, entry.name, law, again, tensors, tainted)
    if not known:
        why = result.why if isinstance(result, Unknown) else f"what {entry.name} gives is not known"
        written.unknown(world, name, args, keywords, why)
        return result
    if "out" in keywords:
        if isinstance(result, Tensor):
            result.layout = None
        written.out(world, keywords["out"], result)
    made = Made(entry.spelled(name), world.site(), tensors, bound)
    result = tensor_results.finished(world, result, made, tainted or need.failed)
    if tensors and name in ("torch.Tensor.detach_", "torch.detach_"):
        world.journal.touch_slot(tensors[0], "requires_grad")
        tensors[0].requires_grad = False
    if name in _SET_FLAGS and tensors:
        world.leaves[id(tensors[0])] = tensors[0]
    if in_place and isinstance(result, Tensor):
        saved.write(world, tensors, name)
        result = _written_into(world, tensors[0], result, name)
    else:
        if bound.get("inplace") is True and tensors:
            saved.write(world, tensors, name)
        saved.keep(world, need, made, result)
    world.ran(name, bound, result)
    if entry.name in world.listen or name in world.listen:
        world.record(
            facts.Called,
            op=name,
            law=entry.name,
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


def _misused(
    world: World,
    entry: registry.Op,
    name: str,
    args: tuple[Any, ...],
    keywords: dict[str, Any],
    problem: str,
) -> Any:
    """What stands for the result of a call whose arguments do not fit."""
    if not world.guarded:
        try:
            refused_arguments.refuse_binding(
                Need(recorder.Recorder(world), name), entry, name, args, keywords
            )
        except Refused:
            return Unknown(f"{entry.name} fails here", world.site(), after_failure=True)
    return recorder.misused(world, entry.name, problem, (*args, *keywords.values()))


def _law_says(
    world: World, entry: registry.Op, need: Need, name: str, bound: dict[str, Any], written_to: Tensor | None
) -> Any:
    refused_arguments.refuse_others(world, need, entry.law, bound)
    autograd.refuse(world, need, name, bound)
    saved.refuse(world, need, name, bound)
    if written_to is not None:
        autograd.refuse_in_place(world, need, written_to, name)
    return entry.law(need, **bound)


_SET_FLAGS = (
    "torch.Tensor.requires_grad_", "torch.Tensor.detach_", "torch.detach_", "torch.Tensor.retain_grad",
)  # fmt: skip


def _is_inplace(name: str) -> bool:
    """Whether an operation writes into its first tensor. What clips gradients writes into them, not into the parameters."""
    return name.endswith("_") and not name.endswith("__") and not name.startswith("torch.nn.utils.")


def _written_into(world: World, target: Tensor, result: Tensor, name: str) -> Tensor:
    """An in-place operation gives its first argument, with the result's shape."""
    written.behind(world, target)
    if target is not result:
        world.journal.touch_slot(target, "_box")
        world.journal.touch_slot(target, "data")
        world.journal.touch_slot(target, "after_failure")
        world.journal.touch_slot(target, "layout")
        moves = name.rpartition(".")[2] in layouts.MOVE_IN_PLACE
        target.layout = result.layout if moves else target.layout if target.box is result.box else None
        target._box = result.box
        target.data = result.data
        target.after_failure = target.after_failure or result.after_failure
        if target.kind == "tensor":
            world.journal.touch_slot(target, "requires_grad")
            target.requires_grad = autograd.needed_in_place(world, target, result, name)
            if target.requires_grad is not False:
                autograd.written_through(world, target)
        if target.kind == "tensor":
            world.journal.touch_slot(target, "marks")
            target.marks = result.marks
    return target


def _by_option(
    world: World,
    entry: registry.Op,
    args: tuple[Any, ...],
    keywords: dict[str, Any],
    name: str,
    doubtful: str,
) -> Any:
    """The call for each value that an argument given by name may be."""
    from shapelint.interp import branch

    ways = [{**keywords, doubtful: option} for option in keywords[doubtful].options]
    return branch.value(world, None, [lambda w=w: apply(world, entry, args, w, name) for w in ways])  # type: ignore[misc]


def _each(
    world: World, entry: registry.Op, args: tuple[Any, ...], keywords: dict[str, Any], name: str
) -> Any:
    at = next(i for i, a in enumerate(args) if isinstance(a, Either))
    parameter = entry.signature.parameters[at : at + 1]
    return tensor_arguments.each_of(
        world,
        args,
        at,
        lambda given: apply(world, entry, given, keywords, name),
        optional=bool(parameter) and _may_be_none(parameter[0]),
    )


def _may_be_none(parameter: Parameter) -> bool:
    return parameter.kind == "plain" and not parameter.required and parameter.default is None
