"""Functions of the program: making them, binding arguments, running a body."""

from __future__ import annotations

import functools
from typing import Any

from shapelint import facts, ir
from shapelint.interp import (
    branch,
    docstring_makers,
    function_attributes,
    library_calls,
    notes,
    patience,
    stand_ins,
)
from shapelint.interp.blocks import block
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.evaluation import evaluate
from shapelint.interp.world import MAX_DEPTH, Frame, World
from shapelint.values import Dict, Environment, Function, Module, Tensor, Undetermined, Unknown


def make(node: ir.FunctionDef, frame: Frame, qualname: str) -> Function:
    made = Function(
        node, node.name, qualname, _defaults(node.params, frame), _closure(frame), frame.namespace
    )
    made.cell = frame.env.vars.get("__classcell__")
    return made


def make_lambda(node: ir.Lambda, frame: Frame) -> Function:
    made = Function(
        node, "<lambda>", "<lambda>", _defaults(node.params, frame), _closure(frame), frame.namespace
    )
    made.cell = frame.env.vars.get("__classcell__")
    return made


def _closure(frame: Frame) -> Environment | None:
    scope: Environment | None = frame.env
    while scope is not None and ("__class_body__" in scope.vars or scope.vars is scope.globals.vars):
        scope = scope.parent
    if scope is not None:
        scope.outlast()
    return scope


def _defaults(params: tuple[ir.Param, ...], frame: Frame) -> dict[str, Any]:
    return {p.name: evaluate(p.default, frame) for p in params if p.default is not None}


class Rest:
    """Stands last among the arguments of an entry point: what its `*args` are is not known, not even how many."""

    __slots__ = ("unknown",)

    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown


OTHERS = "**"  # a keyword under this name: there may be others, and why they are not known


def bind(function: Function, args: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """Arguments by parameter name. Raises ProgramRaises("TypeError") where Python would."""
    bound = _bound_one_by_one(function, args, keywords)  # by far the most
    if bound is not None:
        return bound
    bound = {}
    rest = list(reversed(args))  # taken from the end
    named = dict(keywords) if keywords else {}
    missing: list[str] = []
    for p in function.node.params:
        if p.kind == "vararg":
            open_end = rest.pop(0) if rest and rest[0].__class__ is Rest else None
            bound[p.name] = open_end.unknown if open_end is not None and not rest else tuple(reversed(rest))
            rest = []
        elif p.kind == "kwarg":
            others = named.pop(OTHERS, None)
            bound[p.name] = Dict(dict(named), others)
            named = {}
        elif rest and p.kind in ("plain", "positional"):
            if p.name in named and p.kind == "plain":
                raise ProgramRaises(
                    "TypeError", f"{function.name}() got multiple values for argument '{p.name}'"
                )
            bound[p.name] = rest.pop()
        elif p.name in named and p.kind != "positional":
            bound[p.name] = named.pop(p.name)
        elif p.name in function.defaults:
            bound[p.name] = function.defaults[p.name]
        else:
            missing.append(p.name)
    if (missing or rest or named) and function_attributes.is_replaced(function):
        raise Undetermined(f"a decorator of {function.name} that is not known may take other arguments")
    if missing:
        listed = ", ".join(f"'{m}'" for m in missing)
        raise ProgramRaises(
            "TypeError",
            f"{function.name}() is missing required arguments: {listed}",
            cause=facts.ArgumentsDiffer(function, missing=tuple(missing)),
        )
    if rest:
        most = len(args) - len(rest)
        raise ProgramRaises(
            "TypeError",
            f"{function.name}() takes {most} positional arguments but {len(args)} were given",
            cause=facts.ArgumentsDiffer(function, most, len(args)),
        )
    if named:
        raise ProgramRaises(
            "TypeError",
            f"{function.name}() got an unexpected keyword argument '{next(iter(named))}'",
            cause=facts.ArgumentsDiffer(function, unexpected=next(iter(named))),
        )
    return bound


def _bound_one_by_one(
    function: Function, args: tuple[Any, ...], keywords: dict[str, Any]
) -> dict[str, Any] | None:
    """The same where every parameter takes one value and every value is taken; None where there is more to it."""
    bound: dict[str, Any] = {}
    defaults = function.defaults
    given, named = len(args), 0
    for i, p in enumerate(function.node.params):
        name, kind = p.name, p.kind
        if kind != "plain" and (kind != "keyword" or i < given):
            return None
        if i < given:
            if name in keywords:
                return None
            bound[name] = args[i]
        elif name in keywords:
            bound[name] = keywords[name]
            named += 1
        elif name in defaults:
            bound[name] = defaults[name]
        else:
            return None
    return bound if given <= len(bound) and named == len(keywords) else None


def call(world: World, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Run a function of the program. The value it returns; of a generator function, the generator."""
    import shapelint.interp.again.weight_calls as weight_calls  # `from shapelint.interp import …` costs three times as much

    if weight_calls.is_one(world, function, args, keywords):
        return weight_calls.call(world, function, args, keywords, _call)
    return _call(world, function, args, keywords)


def _call(world: World, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    world.step()
    world.reached.add(id(function.node))
    try:
        bound = bind(function, args, keywords)
    except Undetermined as problem:
        return Unknown(problem.why, world.site())
    if world.recording is not None:
        world.recording.entered(function)
    documented = docstring_makers.subject(world, function)
    if documented is not None:
        return docstring_makers.document(world, bound[documented])
    if (world.uncertain or world.repeating) and _repeats(world, function) >= MAX_REPEATS:
        return Unknown("it calls itself, and when that ends is not known", world.site())
    if len(world.frames) >= world.deepest:
        raise OutOfBudget(f"calls are nested deeper than {MAX_DEPTH}")
    env = Environment(bound, function.closure, function.globals, world.journal.innermost)
    frame = Frame(world, env, function, args[0] if args else bound.get(_first(function)))
    if not world.calls and function.owner is not None and _is_model_call(world, function, args, keywords):
        from shapelint.interp.nets import module_calls

        return module_calls.run_method(world, frame, args, keywords)
    return run(world, frame)


def call_with_unknowns(world: World, function: Function, receiver: tuple[Any, ...], why: str) -> Any:
    """Run a function whose arguments are not known, beyond its receiver: for what it does, whatever they are."""
    world.step()
    if world.recording is not None:
        world.recording.spoilt = True
    world.reached.add(id(function.node))
    if len(world.frames) >= world.deepest or _repeats(world, function) >= MAX_REPEATS:
        return Unknown(why, world.site())
    bound: dict[str, Any] = {}
    own = list(receiver)
    for p in function.node.params:
        given: Any = Unknown(why, world.site())
        if own and p.kind in ("plain", "positional"):
            given = own.pop(0)
        elif p.kind == "kwarg":
            given = Dict({}, given)
        bound[p.name] = given
    env = Environment(bound, function.closure, function.globals, world.journal.innermost)
    run(world, Frame(world, env, function, receiver[0] if receiver else bound.get(_first(function))))
    return Unknown(why, world.site())


def is_being_built(world: World, module: Module) -> bool:
    """Whether a constructor of the module is in progress."""
    return any(
        f.receiver is module and f.function is not None and f.function.name == "__init__"
        for f in world.frames
    )


def _is_model_call(world: World, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """Whether a method of a network is called with tensors from outside any network (`model.encode(x)`)."""
    if not args or not isinstance(args[0], Module) or function.name in ("__init__", "forward", "__call__"):
        return False
    if not any(isinstance(a, Tensor) for a in (*args[1:], *keywords.values())):
        return False
    if world.recording is not None:
        world.recording.asked_whether_built(args[0])
    # One that is being built asks itself something: how many features a small input gives.
    return not is_being_built(world, args[0])


def run(world: World, frame: Frame) -> Any:
    """Run the body of the frame's function."""
    if world.impatient and patience.applies(world, frame):
        return patience.run(world, frame, functools.partial(run, world, frame))  # which no longer applies
    function = frame.function
    if world.goes_on and world.frames and library_calls.leads_out(world, world.frames[-1], function):
        # A method that the program does not call itself: of an iterator, a property.
        arguments = list(frame.env.vars.values())
        run_it = functools.partial(run, world, frame)
        return library_calls.follow(world, world.frames[-1].node, function, run_it, arguments)
    node = function.node
    if node.__class__ is ir.FunctionDef and node.is_generator:
        from shapelint.interp import generator_managers, generators

        made = generators.make(frame)
        return generator_managers.made_of(made) if generator_managers.MARK in function.attrs else made
    attrs = function.attrs
    switched = bool(attrs) and ("__grad__" in attrs or "__autocast__" in attrs)
    modes = world.grad_enabled, world.autocast
    if switched:  # under @torch.no_grad(), @autocast()
        world.grad_enabled = attrs.get("__grad__", modes[0])
        world.autocast = attrs.get("__autocast__", modes[1])
    world.frames.append(frame)
    try:
        if node.__class__ is ir.Lambda:
            frame.node = node
            return evaluate(node.body, frame)
        bound = dict(frame.env.vars) if notes.states_shapes(node) else None
        result = branch.finish(world, block(node.body.statements, frame))
        if bound is not None:
            notes.returned(frame, bound, result)
        return result
    except ProgramRaises as problem:
        if world.stand_ins and (given := stand_ins.result(world, frame, problem)) is not None:
            return given
        if problem.where is None:
            problem.where = world.where()
        raise
    finally:
        world.frames.pop()
        world.journal.forget(frame.env.vars, frame.env.born)
        if switched:
            world.grad_enabled, world.autocast = modes


MAX_REPEATS = 3  # how often a function may stand in the stack where whether it goes on is not known


def _repeats(world: World, function: Function) -> int:
    return sum(1 for f in world.frames if f.function is not None and f.function.node is function.node)


def _first(function: Function) -> str:
    params = function.node.params
    return params[0].name if params else ""
