"""Entry points: what is evaluated in a file.

A file is evaluated as the main program; then every function and every nn.Module class it did not reach is evaluated with
arguments that are not known.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shapelint import facts, ir
from shapelint.evidence.arguments import defaults_to_none, unknown_arguments, unknown_keywords
from shapelint.evidence.doubt import ENTRY_STEPS, attempt, believed, failures
from shapelint.evidence.guarded import guarded
from shapelint.interp import attributes, calls, imports, module_calls, modules
from shapelint.interp.world import World
from shapelint.source.text import SourceFile
from shapelint.values import Class, Function, Module, Namespace, Unknown


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
            enter(world, functools.partial(call_function, world, function), function)
    return outcome


def call_function(world: World, function: Function, open_nones: bool = False) -> None:
    """Call a function with arguments that are not known; a network that it builds and hands out is called in turn."""
    keywords = unknown_keywords(function, open_nones=open_nones)
    made = calls.call(world, function, unknown_arguments(function, 0), keywords)
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


# ---- entries


def build(world: World, cls: Class) -> Module | None:
    """An instance of a module class: constructor defaults where a bare call is legal, else arguments that are not known. Where
    that fails, and a default is None, it is built with something in its place: who builds it may have to say."""
    try:
        init = cls.find("__init__")
    except KeyError:
        init = None
    before = len(world.facts)
    world.journal.begin()
    depth = len(world.journal.layers)
    made = _built(world, cls, init, False)
    while len(world.journal.layers) > depth:
        world.journal.keep()
    if defaults_to_none(init) and failures(world.facts[before:]):
        world.journal.end()
        del world.facts[before:]
        made = _built(world, cls, init, True)
    else:
        world.journal.keep()
    return made


def _built(world: World, cls: Class, init: Any, open_nones: bool) -> Module | None:
    world.steps = ENTRY_STEPS
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    if isinstance(init, Function):
        args = unknown_arguments(init, 1, owner=cls.name)
        keywords = unknown_keywords(init, owner=cls.name, open_nones=open_nones)
    made = guarded(world, lambda: modules.build(world, cls, args, keywords))
    return made if isinstance(made, Module) else None


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

            enter(world, functools.partial(call_forward, world, instance, function), function, collect)
        else:
            bound = attributes.bound(function, instance, cls)
            enter(world, functools.partial(call_method, world, function, bound), function)


def call_forward(world: World, instance: Module, function: Function, open_nones: bool = False) -> Any:
    keywords = unknown_keywords(function, open_nones=open_nones)
    return module_calls.run(world, instance, unknown_arguments(function, 1), keywords)


def call_method(world: World, function: Function, bound: Any, open_nones: bool = False) -> Any:
    """Call a bound method of the program with arguments that are not known."""
    keywords = unknown_keywords(function, open_nones=open_nones)
    return calls.call(world, bound, unknown_arguments(function, 1), keywords)


def enter(
    world: World,
    thunk: Callable[..., Any],
    function: Function | None = None,
    collect: Callable[[Any], None] | None = None,
) -> None:
    """Evaluate an entry and undo it; what is said of it stands whatever was guessed. `collect` sees the result before it is
    undone. Where `function` has parameters that default to None, a failure must stand with something in their place too:
    `thunk(open_nones=True)`."""
    before = len(world.facts)
    first = attempt(world, thunk, collect=collect)
    said = believed(world, thunk, first)
    if failures(said) and defaults_to_none(function):
        again = functools.partial(thunk, open_nones=True)
        other = believed(world, again, attempt(world, again))
        stands = {(f.site, getattr(f, "rule", "")) for f in failures(other)}
        mended = {id(f) for f in failures(said) if (f.site, getattr(f, "rule", "")) not in stands}
        said = [f for f in said if id(f) not in mended] if stands else other
    world.facts[before:] = said
