"""Summaries of targets: evaluate the file or package, find the models and what they are fed, and summarise each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from shapelint import dims, facts, ir
from shapelint.dims import Symbol
from shapelint.engine import TargetProblem, store
from shapelint.engine.analyse import make_world, sources_of
from shapelint.engine.config import Settings
from shapelint.engine.frames import in_one_piece
from shapelint.engine.garbage import seldom_collected
from shapelint.engine.judge import judge
from shapelint.engine.reader import program_of
from shapelint.engine.targets import Target, checked, instance, parse
from shapelint.evidence import entries, infer
from shapelint.evidence.arguments import unknown_arguments
from shapelint.evidence.doubt import ENTRY_STEPS
from shapelint.evidence.guarded import guarded
from shapelint.evidence.inputs import InputProblem
from shapelint.evidence.inputs import parse as parse_inputs
from shapelint.interp import imports
from shapelint.interp.nets import module_calls, module_modes, module_tree
from shapelint.interp.nets.module_calls import CallRecord
from shapelint.interp.run import main_module
from shapelint.interp.world import Frame, World
from shapelint.records import replace
from shapelint.report import InputSource, ModelSummary
from shapelint.source.text import SourceFile, SourceProblem, from_text
from shapelint.summary.model import summarize as summarize_model
from shapelint.values import Class, Environment, Function, Module, Namespace, Tensor, Unknown

if TYPE_CHECKING:
    from shapelint.engine.memory import Request


@in_one_piece
@seldom_collected()
def summarize(
    target: str, inputs: Sequence[str], settings: Settings, request: Request | None = None
) -> list[ModelSummary]:
    """One summary a model of the target, with the memory that `request` asks for. Raises TargetProblem when there is none to be
    found."""
    dims.forget()
    store.use(settings.cache_dir, wanted=settings.cache)
    wanted = parse(target)
    try:
        given = Given(*parse_inputs(list(inputs)), request)
    except (InputProblem, ValueError) as problem:
        raise TargetProblem(str(problem)) from None
    return (
        _of_file(wanted, target, given, settings)
        if wanted.is_file
        else _of_package(wanted, target, given, settings)
    )


ASKED_STEPS = 5 * ENTRY_STEPS  # for what somebody asks about by name: more than for an entry point among many
ASKED_LOOP_STEPS = ASKED_STEPS // 2  # one loop of it: tables of every pair of positions take that much


def _grant(world: World) -> None:
    world.steps, world.loop_steps = ASKED_STEPS, ASKED_LOOP_STEPS


class Given(NamedTuple):
    """What is asked of a target: its inputs, and the memory that somebody wants to know."""

    args: tuple[Tensor, ...]
    keywords: dict[str, Tensor]
    request: Request | None = None


def _of_package(wanted: Target, target: str, given: Given, settings: Settings) -> list[ModelSummary]:
    world = make_world(None)
    world.checked = lambda path: True
    with world.visit():
        return _of_imported(world, wanted, target, given, settings)


def _of_imported(
    world: World, wanted: Target, target: str, given: Given, settings: Settings
) -> list[ModelSummary]:
    world.records, world.wanted, world.one_device = [], given.request, True
    space = _guarded_import(world, wanted)
    before = len(world.facts)
    module = _build(world, lambda: instance(world, space, wanted.expression), target)
    file = space.file or from_text("<target>", "")
    return [_one(world, module, target, given, settings, file, before)]


def _guarded_import(world: World, wanted: Target) -> Namespace:
    space = guarded(world, lambda: imports.import_module(world, wanted.place, None))
    if isinstance(space, Namespace):
        return space
    why = getattr(space, "why", "") or f"{wanted.place} is not a module that can be read"
    raise TargetProblem(f"{wanted.place}: {why}")


def _build(world: World, thunk: Callable[[], Module], target: str) -> Module:
    problem: list[TargetProblem] = []
    _grant(world)

    def run() -> Module | None:
        try:
            return thunk()
        except TargetProblem as found:
            problem.append(found)
            return None

    made = guarded(world, run)
    if problem:
        raise problem[0]
    if not isinstance(made, Module):
        why = world.facts[-1] if world.facts else None
        text = getattr(why, "why", "") or f"{getattr(why, 'exception', '')}: {getattr(why, 'message', '')}"
        raise TargetProblem(f"{target}: it could not be built: {text}")
    return made


def _of_file(wanted: Target, target: str, given: Given, settings: Settings) -> list[ModelSummary]:
    try:
        file, program = program_of(wanted.place)
    except SourceProblem as problem:
        raise TargetProblem(str(problem)) from None
    world = make_world(wanted.place)
    with world.visit():
        return _of_program(world, wanted, target, given, settings, file, program)


def _of_program(
    world: World,
    wanted: Target,
    target: str,
    given: Given,
    settings: Settings,
    file: SourceFile,
    program: ir.Program,
) -> list[ModelSummary]:
    world.records, world.wanted, world.one_device = [], given.request, True
    space = main_module(world, file)
    _grant(world)
    guarded(world, lambda: imports.run(world, space, program))
    if wanted.expression:
        before = len(world.facts)
        held = space.vars.get(wanted.expression)
        if isinstance(held, Module):
            module = checked(held, target)
        elif isinstance(held, Class) and held.is_module:
            made = _instance_of(world, space, held)
            if made is None:
                raise TargetProblem(f"{target}: {held.name} could not be built")
            module = made
        else:
            module = _build(world, lambda: instance(world, space, wanted.expression), target)
        return [_one(world, module, target, given, settings, file, before)]
    found, left_out = _models(world, space)
    if not found:
        raise TargetProblem(
            f"{target}: no model found: no nn.Module is built at module level or defined here"
        )
    count = max(1, min(len(found), _MOST_READ // max(1, len(world.facts))))
    told = [
        _one(world, module, f"{wanted.place}:{name}", given, settings, file, 0)
        for name, module in found[:count]
    ]
    for at, (_, module) in enumerate(found[:count]):
        if id(module) in left_out:
            told[at] = _noted(told[at], f"{left_out[id(module)]} more networks are called there")
    if count < len(found):
        more = (
            f"{len(found) - count:,} more networks of this file are left out: {wanted.place}:NAME tells one"
        )
        told[-1] = _noted(told[-1], more)
    return told


def _noted(told: ModelSummary, more: str) -> ModelSummary:
    return replace(told, input_note=f"{told.input_note}; {more}" if told.input_note else more)


def _instance_of(world: World, space: Namespace, cls: Class) -> Module | None:
    """`file.py:Net`: what the file itself builds of that class, else one built with its defaults or unknown arguments."""
    for fact in world.facts:
        if isinstance(fact, facts.ModuleBuilt) and fact.module.cls is cls:
            return fact.module  # type: ignore[no-any-return]
    return entries.build(world, cls)


# Networks times what was said of the file: each summary reads all of it, and a file of thousands would take minutes.
_MOST_READ = 4_000_000
# Networks of one name that a loop builds and calls: each takes a summary, and reads all that was said.
_AT_ONE_PLACE = 20


def _models(world: World, space: Namespace) -> tuple[list[tuple[str, Module]], dict[int, int]]:
    """Every network of a file: what it binds or calls at the top, and what it defines and does not build itself. And how many more
    there are of those that one place calls, by the last one of them."""
    found: dict[int, tuple[str, Module]] = {}
    places: dict[Any, list[Module]] = {}
    left_out: dict[int, set[int]] = {}
    for name, value in space.vars.items():
        if isinstance(value, Module):
            found.setdefault(id(value), (name, value))
    for fact in world.facts:
        if isinstance(fact, facts.ModelCalled) and id(fact.module) not in found:
            # By the name of the class: a loop may define it anew each time.
            there = places.setdefault((fact.module.cls.qualname, fact.site), [])
            if len(there) < _AT_ONE_PLACE:
                there.append(fact.module)
                found[id(fact.module)] = (f"{fact.module.cls.name}()", fact.module)
            else:
                left_out.setdefault(id(there[-1]), set()).add(id(fact.module))
    built = [f.module for f in world.facts if isinstance(f, facts.ModuleBuilt)]
    for cls in entries.own_classes(space):
        if cls.is_module and not any(cls in m.cls.mro for m in built):
            made = entries.build(world, cls)
            if made is not None:
                init = next((c.attrs["__init__"] for c in cls.mro if "__init__" in c.attrs), None)
                given = (
                    ", ".join(p.name for p in init.node.params[1:] if p.default is None and p.kind == "plain")
                    if isinstance(init, Function)
                    else ""
                )
                found[id(made)] = (f"{cls.name}({given})", made)
                built += [f.module for f in world.facts if isinstance(f, facts.ModuleBuilt)]
    inner: set[int] = set()
    classes_inside: set[int] = set()
    for _, module in found.values():
        for _, below in module_tree.named_modules(module):
            if below is not module:
                inner.add(id(below))
                classes_inside.add(id(below.cls))
    kept = []
    for key, (name, module) in found.items():
        if key in inner or (module.cls.node is None and not _has_content(module)):
            continue
        if name.endswith(")") and id(module.cls) in classes_inside and not _was_called(world, module):
            continue
        kept.append((name, module))
    return kept, {last: len(others) for last, others in left_out.items()}


def _has_content(module: Module) -> bool:
    return any(True for _ in module_tree.named_parameters(module)) or any(
        True for _ in module_tree.children(module)
    )


def _was_called(world: World, module: Module) -> bool:
    return any(isinstance(f, facts.ModelCalled) and f.module is module for f in world.facts)


def _one(
    world: World, module: Module, target: str, given: Given, settings: Settings, file: SourceFile, before: int
) -> ModelSummary:
    """Summarise one model with the strongest input there is: the option, a call in the code, the config, or inference."""
    assert world.records is not None
    source: InputSource = "none"
    if given[0] or given[1]:
        source = "option"
    else:
        record = _called(world, module)
        if record is not None:
            record = _as_used(world, module, record)
            return _tell(world, module, target, record, "call", None, file, 0)
        texts = settings.inputs.get(module.cls.name)
        if texts:
            given, source = Given(*parse_inputs(list(texts)), given.request), "config"
    if source != "none":
        record = _call(world, module, given)
        return _tell(world, module, target, record, source, None, file, before)
    return _inferred(world, module, target, file, before)


def _called(world: World, module: Module) -> CallRecord | None:
    """The program's own call of a model: the first whose MACs are a number, else the first. Of a model that was called itself,
    calls of its other methods do not count; nor does what it asks itself while it is built."""
    assert world.records is not None
    mine: list[CallRecord] = [
        r for r in world.records if r.module is module and r.parent is None and not r.building
    ]
    mine = [r for r in mine if r.method == "forward"] or mine
    for record in mine:
        if (
            record.done
            and isinstance(dims.witness(world.resolve(record.macs)), int)
            and record.output is not None
        ):
            return record
    return mine[0] if mine else None


def _as_used(world: World, module: Module, record: CallRecord) -> CallRecord:
    """The program's call, made again in evaluation mode where it was made in training mode, as `--input` is: what a network
    drops or adds while it is trained is no part of the summary. The program's own where that does not work."""
    if not (record.training and record.done and record.method == "forward"):
        return record
    space, site = world.namespaces.get("__main__"), record.site
    if space is None or site is None or space.file is None or site.path != space.file.path:
        return record
    frame = Frame(world, Environment({}, None, space))  # it is made where the program makes it
    frame.node = ir.Pass((site.line, site.column, site.end_line, site.end_column))
    world.frames.append(frame)
    try:
        again = _call(world, module, Given(record.inputs, record.keywords))
    finally:
        world.frames.remove(frame)
    return again if again is not None and again.done and again.output is not None else record


def _call(world: World, module: Module, given: Given) -> CallRecord | None:
    assert world.records is not None
    start = len(world.records)
    _grant(world)
    # In evaluation mode, as torchinfo does, and as a model is used.
    guarded(world, lambda: module_modes.switch(world, module, False))
    guarded(world, lambda: module_calls.run(world, module, given.args, dict(given.keywords)))
    found: CallRecord | None = world.records[start] if len(world.records) > start else None
    return found


def _own_sizes(module: Module) -> frozenset[Symbol]:
    """The symbols in the shapes of a network's parameters and buffers."""
    held = (*module_tree.named_parameters(module), *module_tree.named_buffers(module))
    sizes = (size for _, tensor in held if tensor.known for size in tensor.shape)
    return frozenset(symbol for size in sizes if isinstance(size, dims.Sym) for symbol in size.symbols)


def _inferred(world: World, module: Module, target: str, file: SourceFile, before: int) -> ModelSummary:
    """Evaluate forward on unknown tensors, and again on what that shows to fit."""
    assert world.records is not None
    forward = next((c.attrs["forward"] for c in module.cls.mro if "forward" in c.attrs), None)
    arguments: tuple[Any, ...]
    if isinstance(forward, Function):
        arguments = unknown_arguments(forward, 1)
    else:
        first = Unknown("the input is not known", name="input")
        first.entry = True
        arguments = (first,)
    found: list[infer.Inferred | None] = []
    summaries: list[ModelSummary] = []
    start = len(world.records)
    mark = len(world.facts)

    def collect(_: Any) -> None:
        world.entry_axes.forget()  # sizes that stay open are handed on
        found.append(infer.infer(world, arguments, world.facts[mark:], _own_sizes(module)))
        assert world.records is not None
        record = world.records[start] if len(world.records) > start else None
        why = "no input is known: give one with --input, as in --input 1,3,224,224"
        summaries.append(_tell(world, module, target, record, "inferred", None, file, before, why=why))

    entries.enter(world, lambda: module_calls.run(world, module, arguments, {}), collect=collect)
    inferred = found[0] if found else None
    if inferred is not None:
        start = len(world.records)
        record = _call(world, module, Given(inferred.inputs, {}))
        if summaries and not summaries[0].problems and (record is None or record.failed is not None):
            return summaries[0]  # nothing failed before: the sizes are a bad guess
        return _tell(world, module, target, record, "inferred", inferred.note, file, before)
    if summaries:
        return summaries[0]
    raise TargetProblem(f"{target}: it could not be evaluated")


def _reason(fact: facts.Raised | facts.GaveUp) -> str:
    if isinstance(fact, facts.GaveUp):
        return fact.why
    where = f" ({fact.site.path}:{fact.site.line})" if fact.site is not None else ""
    return f"it raises {fact.exception}: {fact.message}{where}"


def _tell(
    world: World,
    module: Module,
    target: str,
    record: CallRecord | None,
    source: InputSource,
    note: str | None,
    file: SourceFile,
    before: int,
    *,
    why: str | None = None,
) -> ModelSummary:
    assert world.records is not None
    said = [f for f in world.facts[before:] if f.model_call is None or f.model_call is record]
    if record is not None and not record.done:
        why = next((_reason(f) for f in reversed(said) if isinstance(f, (facts.Raised, facts.GaveUp))), why)
    problems = (
        [d for d in judge(said, sources_of(file)) if d.severity != "info"] if record is not None else []
    )
    peak = None
    if world.wanted is not None and record is not None and record.done and record.failed is None:
        from shapelint.engine.memory import estimate  # deferred: few ask for it

        peak = estimate(world, module, record, world.wanted)
    summary = summarize_model(
        world,
        module,
        target,
        record,
        world.records,
        source=source,
        note=note,
        problems=problems,
        why_not_called=why,
    )
    return summary if peak is None else replace(summary, peak=peak)
