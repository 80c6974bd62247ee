"""Entry points: what is evaluated in a file.

A file is evaluated as the main program; then every function and every nn.Module class it did not reach is evaluated with
arguments that are not known.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapelint import facts, ir
from shapelint.evidence import states
from shapelint.evidence.arguments import filled_by_callers, unknown_arguments, unknown_keywords
from shapelint.evidence.doubt import ENTRY_STEPS, attempt, believed, failures, is_bad_guess
from shapelint.evidence.guarded import guarded
from shapelint.interp import calls, class_attributes, imports, stand_ins
from shapelint.interp.host import lazy
from shapelint.interp.nets import module_calls, modules
from shapelint.interp.run import main_module
from shapelint.interp.world import World
from shapelint.records import dataclass, field
from shapelint.source.text import SourceFile
from shapelint.values import Class, Function, Instance, Lazy, Module, Namespace, Unknown


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


def evaluate_file(world: World, file: SourceFile, program: ir.Program) -> Outcome:
    """Evaluate a file and everything in it that its own code does not reach. Facts are in the world."""
    space = main_module(world, file)
    world.by_program = True
    guarded(world, lambda: imports.run(world, space, program))
    world.by_program = False
    world.impatient = True
    outcome = Outcome(space)
    by_program = frozenset(world.reached)
    built = _Built(world)
    for cls in reversed(own_classes(space)):  # a class is mostly built by those that follow it
        if not cls.is_module:
            continue
        built.take_notice()
        instance = built.first.get(cls)
        rebuilt = None
        if instance is None and cls not in built.bases:
            instance = build(world, cls)
            if instance is not None:
                stand_ins.take(world, instance)
            rebuilt = functools.cache(functools.partial(_stand_in, world, cls))
        if instance is not None:
            evaluate_methods(world, instance, cls, outcome, rebuilt, by_program)
    for function in own_functions(space):
        if id(function.node) not in world.reached:
            again = functools.partial(_called_later, world, function)
            enter(world, functools.partial(call_function, world, function), again)
    return outcome


class _Built:
    """The first module of each class that was built so far, and all classes that one is an instance of."""

    def __init__(self, world: World) -> None:
        self._facts = world.facts
        self._seen = 0  # so many facts; later entries replace no earlier ones
        self.first: dict[Class, Module] = {}
        self.bases: set[Class] = set()

    def take_notice(self) -> None:
        for fact in self._facts[self._seen :]:
            if isinstance(fact, facts.ModuleBuilt) and fact.module.cls not in self.first:
                self.first[fact.module.cls] = fact.module
                self.bases.update(fact.module.cls.mro)
        self._seen = len(self._facts)


def call_function(world: World, function: Function, open_defaults: bool = False) -> None:
    """Call a function with arguments that are not known; a network that it builds and hands out is called in turn."""
    keywords = unknown_keywords(function, open_defaults=open_defaults)
    made = _to_its_end(world, calls.call(world, function, unknown_arguments(function, 0), keywords))
    if not isinstance(made, Module) or made.incomplete:
        return
    forward = made.cls.attrs.get("forward")
    if isinstance(forward, Function):
        module_calls.run(world, made, unknown_arguments(forward, 1), unknown_keywords(forward))


def _called_later(world: World, function: Function) -> None:
    states.disturb_globals(world, function.globals)
    call_function(world, function, True)


def own_classes(space: Namespace) -> list[Class]:
    found = [
        v
        for v in list(space.vars.values())
        if isinstance(v, Class) and v.namespace is space and v.node is not None
    ]
    return list(dict.fromkeys(found))


def own_functions(space: Namespace) -> list[Function]:
    """The functions that a file defines; of one in the wrapper of another file's decorator, what is inside."""
    found: dict[Function, None] = {}
    for value in list(space.vars.values()):
        while isinstance(value, Function) and value.globals is not space and value.wrapped is not None:
            value = value.wrapped
        if isinstance(value, Function) and value.globals is space and isinstance(value.node, ir.FunctionDef):
            if not any(map(_expects_failure, value.node.decorators)):
                found[value] = None
    return list(found)


def _expects_failure(decorator: ir.Expr) -> bool:
    """Whether a test is there to fail: `@pytest.mark.xfail`, `@unittest.expectedFailure`."""
    called = decorator.func if isinstance(decorator, ir.Call) else decorator
    name = called.attr if isinstance(called, ir.Attribute) else getattr(called, "id", "")
    return name in ("xfail", "expectedFailure")


# ---- entries


def build(world: World, cls: Class) -> Module | None:
    """An instance of a module class: constructor defaults where a bare call is legal, else arguments that are not known. Where
    that fails, it is built with something in place of the defaults that callers are likely to replace."""
    init = constructor(cls)
    before = len(world.facts)
    world.journal.begin()
    depth = len(world.journal.layers)
    made = _built(world, cls, init, False)
    while len(world.journal.layers) > depth:
        world.journal.keep()
    if filled_by_callers(init) and failures(world.facts[before:]):
        world.journal.end()
        del world.facts[before:]
        made = _built(world, cls, init, True)
    else:
        world.journal.keep()
    return made


def constructor(cls: Class) -> Any:
    try:
        return cls.find("__init__")
    except KeyError:
        return None


def _built(world: World, cls: Class, init: Any, open_defaults: bool) -> Module | None:
    world.refill(ENTRY_STEPS)
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    if isinstance(init, Function):
        args = unknown_arguments(init, 1, owner=cls.name)
        keywords = unknown_keywords(init, owner=cls.name, open_defaults=open_defaults)
    made = guarded(world, lambda: modules.build(world, cls, args, keywords))
    return made if isinstance(made, Module) else None


def _stand_in(world: World, cls: Class) -> Module | None:
    """Another instance, whose constructor is given other things than its defaults. What is said of building it was said of the
    first, or holds for some callers only."""
    before = len(world.facts)
    made = _built(world, cls, constructor(cls), True)
    del world.facts[before:]
    return None if made is None else stand_ins.take(world, made)


def evaluate_methods(
    world: World,
    instance: Module,
    cls: Class,
    outcome: Outcome,
    rebuilt: Callable[[], Module | None] | None,
    by_program: frozenset[int],
) -> None:
    """Call forward where the program did not, and then the other methods where nothing reached them, with arguments that are not
    known: of its own input more is known than of what another network we called hands on. `rebuilt` gives an instance whose
    constructor was given other things than its defaults, where it was we who built it."""
    # As they are now: a method that is called may give the class another one under the name of the next.
    methods = [(n, v) for n, v in cls.attrs.items() if isinstance(v, Function)]
    methods.sort(key=lambda method: method[0] != "forward")
    for name, function in methods:
        reached = by_program if name == "forward" else world.reached
        if id(function.node) in reached or (name.startswith("__") and name != "__call__"):
            continue
        collect = None
        if name == "forward":

            def collect(result: Any, line: int = function.node.at[0]) -> None:
                if isinstance(result, Unknown):
                    outcome.lost.append((cls.name, line, result))

        def again(function: Function = function) -> None:
            other = instance if rebuilt is None else rebuilt()
            if other is not None:
                states.disturb(world, other, function)
                states.disturb_globals(world, function.globals)
                if function.name != "forward" and "training" in other.attrs:  # others call it, in either mode
                    world.journal.touch(other.attrs)
                    other.attrs["training"] = Unknown("the mode that it is called in", plain=True)
                call_method(world, other, function, True)

        enter(world, functools.partial(call_method, world, instance, function), again, collect, rebuilt)


def call_method(world: World, instance: Module, function: Function, open_defaults: bool = False) -> Any:
    """Call forward, or another method of the program, with arguments that are not known."""
    args, keywords = unknown_arguments(function, 1), unknown_keywords(function, open_defaults=open_defaults)
    if function.name == "forward":
        return module_calls.run(world, instance, args, keywords)
    bound = class_attributes.bound(function, instance, instance.cls)
    return _to_its_end(world, calls.call(world, bound, args, keywords))


def _to_its_end(world: World, made: Any) -> Any:
    """What a function gives; a generator that nobody walks is walked, so that its body is read."""
    if isinstance(made, Instance) and isinstance(made.attrs.get("gen"), Lazy):
        made = made.attrs["gen"]
    if isinstance(made, Lazy) and made.kind == "generator":
        lazy.drain(world, made)
    return made


def enter(
    world: World,
    thunk: Callable[[], Any],
    again: Callable[[], Any] | None = None,
    collect: Callable[[Any], None] | None = None,
    prepare: Callable[[], Any] | None = None,
) -> None:
    """Evaluate an entry and undo it; what is said of it stands whatever was guessed. `collect` sees the result before it is
    undone. `again` evaluates it with all open that callers, or other methods, may have made different: a failure stands only
    where it fails there too. What `prepare` makes for that is not undone: it serves all attempts."""
    before = len(world.facts)
    first = attempt(world, thunk, collect=collect)
    reached = set(world.reached)
    said = believed(world, thunk, first)
    if failures(said) and again is not None:
        if prepare is not None:
            prepare()
        opened = attempt(world, again)
        stands = set(map(_offence, failures(said)))
        alike = stands & set(map(_offence, opened.failures))
        # Else it fails nowhere where the first one does: what more guesses would say does not matter.
        stands &= (
            set(map(_offence, failures(believed(world, again, opened))))
            if alike or is_bad_guess(opened)
            else set()
        )
        said = [f for f in said if not failures([f]) or _offence(f) in stands]
    said = [f for f in said if getattr(f, "op", "") not in _UNDOING]
    world.reached.clear()
    world.reached.update(reached)  # what was only reached in doubting is an entry of its own
    world.facts[before:] = said


def _offence(fact: facts.Fact) -> tuple[Any, str]:
    return fact.site, getattr(fact, "rule", "")


# What these undo, whoever calls the code may have done before: in code that nobody calls, nothing can be said of them.
_UNDOING = frozenset(
    ("torch.nn.utils.remove_weight_norm", "torch.nn.utils.remove_spectral_norm",
     "torch.nn.utils.parametrize.remove_parametrizations", "torch.nn.utils.prune.remove")
)  # fmt: skip
