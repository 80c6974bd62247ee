"""Entry points: what is evaluated in a file, and how a guess about an unknown input is kept honest.

A file is evaluated as the main program; then every function and every nn.Module class it did not reach is evaluated with
arguments that are not known. Where such an evaluation had to guess how many axes an input has, the other numbers of axes are
tried too before a failure is believed: it must fail whatever the number of axes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shapelint import facts, ir
from shapelint.evidence import annotations as shape_annotations
from shapelint.interp import attributes, calls, functions, imports, module_calls, modules
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.world import World
from shapelint.source.text import SourceFile
from shapelint.values import Class, Function, Module, Namespace, Unknown

ENTRY_STEPS = 400_000  # the budget of one entry that the program itself does not reach


@dataclass(slots=True)
class Model:
    """A network of the file: built by the program, or by us with arguments that are not known."""

    module: Module
    target: str
    built_by: str  # "program" or "entry"


@dataclass(slots=True)
class Outcome:
    """What evaluating a file showed."""

    space: Namespace | None
    models: list[Model] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    lost: list[tuple[str, int, Unknown]] = field(default_factory=list)
    """Networks that we called ourselves and whose output is not known: the name, the line of the forward, the output."""


def evaluate_file(world: World, file: SourceFile, program: ir.Program, *, name: str = "__main__") -> Outcome:
    """Evaluate a file and everything in it that its own code does not reach. Facts are in the world."""
    space = Namespace(name, file)
    world.namespaces[name] = space
    guarded(world, lambda: imports.run(world, space, program))
    outcome = Outcome(space)
    built = [f.module for f in world.facts if isinstance(f, facts.ModuleBuilt)]
    for cls in own_classes(space):
        if not cls.is_module:
            continue
        mine = [m for m in built if m.cls is cls]
        instance = mine[0] if mine else None
        if instance is None and not any(cls in m.cls.mro for m in built):
            instance = build(world, cls)
        if instance is not None:
            evaluate_methods(world, instance, cls, outcome)
    for function in own_functions(space):
        if id(function.node) not in world.reached:
            enter(world, lambda f=function: call_function(world, f))  # type: ignore[misc]
    return outcome


def call_function(world: World, function: Function) -> None:
    """Call a function with arguments that are not known; a network that it builds and hands out is called in turn."""
    made = calls.call(world, function, unknown_arguments(function, 0), {})
    if not isinstance(made, Module) or made.incomplete:
        return
    forward = made.cls.attrs.get("forward")
    if isinstance(forward, Function):
        module_calls.run(world, made, unknown_arguments(forward, 1), unknown_keywords(forward))


def own_classes(space: Namespace) -> list[Class]:
    found = [
        v
        for v in list(space.vars.values())
        if isinstance(v, Class) and v.namespace is space and v.node is not None
    ]
    return list(dict.fromkeys(found))


def own_functions(space: Namespace) -> list[Function]:
    found = [v for v in list(space.vars.values()) if isinstance(v, Function) and v.globals is space]
    return [f for f in dict.fromkeys(found) if isinstance(f.node, ir.FunctionDef)]


def guarded(world: World, thunk: Callable[[], Any]) -> Any:
    """Run something to its end, whatever ends it: what the program raises and where we gave up become facts."""
    frames = len(world.frames)
    try:
        return thunk()
    except ProgramRaises as problem:
        del world.frames[frames:]
        if problem.kind == "SystemExit":  # nothing is wrong with that
            world.record(facts.GaveUp, why="the program ends here", what="what follows")
            return None
        world.record(facts.Raised, exception=problem.kind, message=problem.message)
        world.facts[-1:] = [_placed(world.facts[-1], problem)] if world.facts and not world.muted else []
    except OutOfBudget as problem:
        del world.frames[frames:]
        world.record(facts.GaveUp, why=str(problem), what="the rest of this entry point")
    except RecursionError:
        del world.frames[frames:]
        world.record(facts.GaveUp, why="the code is nested too deeply", what="the rest of this entry point")
    finally:
        world.calls.clear()
        world.guarded = world.import_guards = world.uncertain = world.muted = world.repeating = 0
        world.decided.clear()
    return None


def _placed(fact: facts.Fact, problem: ProgramRaises) -> facts.Fact:
    if problem.site is not None:
        fact.site = problem.site
    return fact


# ---- entries


def build(world: World, cls: Class) -> Module | None:
    """An instance of a module class: constructor defaults where a bare call is legal, else arguments that are not known."""
    world.steps = ENTRY_STEPS
    try:
        init = cls.find("__init__")
    except KeyError:
        init = None
    args = unknown_arguments(init, 1, owner=cls.name) if isinstance(init, Function) else ()
    keywords = unknown_keywords(init, owner=cls.name) if isinstance(init, Function) else {}
    made = guarded(world, lambda: modules.build(world, cls, args, keywords))
    return made if isinstance(made, Module) else None


def unknown_arguments(function: Function, skip: int, *, owner: str | None = None) -> tuple[Any, ...]:
    """An unknown for each positional parameter that has no default, and one for what `*args` takes."""
    made = []
    for p in function.node.params[skip:]:
        if p.kind in ("positional", "plain") and p.default is None:
            made.append(argument(p, owner or function.name))
        else:
            if p.kind == "vararg":
                why = f"arguments *{p.name} of {owner or function.name} are not known"
                made.append(functions.Rest(Unknown(why, name=p.name)))
            break
    return tuple(made)


def unknown_keywords(function: Function, *, owner: str | None = None) -> dict[str, Any]:
    return {
        p.name: argument(p, owner or function.name)
        for p in function.node.params
        if p.kind == "keyword" and p.default is None
    }


def argument(p: ir.Param, owner: str) -> Any:
    """The value of a parameter nobody passed: a tensor where its annotation gives the shape, else an unknown."""
    if p.annotation is not None:
        tensor = shape_annotations.tensor_of(p.annotation)
        if tensor is not None:
            return tensor
    made = Unknown(f"argument {p.name} of {owner} is not known", name=p.name)
    made.entry = True
    return made


def evaluate_methods(world: World, instance: Module, cls: Class, outcome: Outcome) -> None:
    """Call forward, and then the other methods, with arguments that are not known, where nothing reached them."""
    names = [n for n, v in cls.attrs.items() if isinstance(v, Function)]
    names.sort(key=lambda n: n != "forward")
    for name in names:
        function = cls.attrs[name]
        if id(function.node) in world.reached or (name.startswith("__") and name != "__call__"):
            continue
        if name == "forward":

            def collect(result: Any, line: int = function.node.at[0]) -> None:
                if isinstance(result, Unknown):
                    outcome.lost.append((cls.name, line, result))

            enter(
                world,
                lambda f=function: module_calls.run(
                    world, instance, unknown_arguments(f, 1), unknown_keywords(f)
                ),  # type: ignore[misc]
                collect,
            )
        else:
            bound = attributes.bound(function, instance, cls)
            enter(world, functools.partial(call_method, world, function, bound))


def call_method(world: World, function: Function, bound: Any) -> Any:
    """Call a bound method of the program with arguments that are not known."""
    return calls.call(world, bound, unknown_arguments(function, 1), unknown_keywords(function))


def enter(world: World, thunk: Callable[[], Any], collect: Callable[[Any], None] | None = None) -> None:
    """Evaluate an entry and undo it. Where it fails under a guess about the rank of an input, the other ranks are tried:
    only what fails under every one is reported. `collect` sees the result before it is undone."""
    before = len(world.facts)
    asked, said = _attempt(world, thunk, {}, collect)
    if _failures(said) and asked:
        said = _doubted(world, thunk, asked, said)
    world.facts[before:] = said


def _doubted(
    world: World, thunk: Callable[[], Any], asked: list[Any], said: list[facts.Fact]
) -> list[facts.Fact]:
    """What remains of the failures when every guessed rank is replaced by the others: the facts of a guess without any
    failure, else the failures that no guess could mend."""
    for rank in (4, 3, 2, 1):  # several inputs of one kind have one rank
        if len(asked) > 1:
            _, other = _attempt(world, thunk, dict.fromkeys(range(2 * len(asked)), rank), None)
            if not _failures(other):
                return other
    tried = 0
    for question, (_, ranks) in enumerate(asked):
        for rank in ranks:
            if tried == MAX_TRIES:
                break
            tried += 1
            _, other = _attempt(world, thunk, {question: rank}, None)
            if not _failures(other):
                return other
    alone = len(asked) == 1  # of several guesses not every combination is tried
    return [
        f
        for f in said
        if not isinstance(f, (facts.NeedFailed, facts.Raised))
        or _is_rank_free(f)
        or (alone and not _is_vague(f))
    ]


def _is_vague(fact: facts.Fact) -> bool:
    """Whether a failure is told with a size that has no name: something it hangs on could not be followed."""
    sizes = [getattr(fact, "actual", None), getattr(fact, "wanted", None)]
    return "?" in " ".join(map(str, sizes)) or "?" in getattr(fact, "message", "")


MAX_TRIES = 16  # evaluations spent on doubting the guesses of one entry


# Offences against one axis only, whose size a layer before it has fixed: no other number of axes would mend them.
_RANK_FREE = frozenset(
    ("linear-size-mismatch", "conv-channel-mismatch", "norm-size-mismatch", "recurrent-size-mismatch", "heads-do-not-divide",
     "invalid-constructor-argument")
)  # fmt: skip


def _is_rank_free(fact: facts.Fact) -> bool:
    """Whether a failure stands whatever was guessed: two plain numbers that differ, or nothing had been guessed before it."""
    if not fact.guessed:
        return True
    return (
        isinstance(fact, facts.NeedFailed)
        and fact.rule in _RANK_FREE
        and type(fact.actual) is int
        and type(fact.wanted) is int
    )


def _attempt(
    world: World, thunk: Callable[[], Any], ranks: dict[int, int], collect: Callable[[Any], None] | None
) -> tuple[list[Any], list[facts.Fact]]:
    before = len(world.facts)
    world.steps = ENTRY_STEPS
    world.ranks, world.rank_questions = ranks, []
    world.guessing = True
    world.journal.begin()
    depth = len(world.journal.layers)
    try:
        value = guarded(world, thunk)
        if collect is not None:
            collect(value)
    finally:
        while len(world.journal.layers) > depth:
            world.journal.end()
        world.journal.end()
        world.guessing = False
    said = world.facts[before:]
    del world.facts[before:]
    return world.rank_questions, said


def _failures(said: list[facts.Fact]) -> list[facts.Fact]:
    return [f for f in said if isinstance(f, (facts.NeedFailed, facts.Raised))]
