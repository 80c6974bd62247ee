"""Executing statements: one handler a node type. A handler gives None, a completion, or a Split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims, facts, ir
from shapelint.dims import Sym
from shapelint.interp import (
    attributes,
    branch,
    calls,
    classes,
    contexts,
    functions,
    iterate,
    matching,
    notes,
    operators,
    subscripts,
    widening,
)
from shapelint.interp.branch import Split
from shapelint.interp.control import BREAK, CONTINUE, Completion, ProgramRaises, Returned
from shapelint.interp.expressions import assign_name, evaluate
from shapelint.interp.truth import truth
from shapelint.interp.world import Frame, World
from shapelint.values import Class, Instance, Stream, Tensor, Undetermined, Unknown
from shapelint.values.journal import Layer

Handler = Callable[[Any, Frame], Any]

EXACT_TURNS = 1_000  # a loop of more turns is evaluated once and widened


def block(statements: tuple[ir.Stmt, ...], frame: Frame, start: int = 0) -> Completion | Split:
    """Execute statements in order."""
    world = frame.world
    for i in range(start, len(statements)):
        statement = statements[i]
        frame.node = statement
        world.steps -= 1
        if world.steps < 0:
            world.step()
        done = HANDLERS[statement.__class__](statement, frame)
        if done is None:
            continue
        if isinstance(done, Split):
            return branch.after_split(world, done, lambda at=i + 1: block(statements, frame, at))  # type: ignore[misc]
        return done
    return None


def _expr(node: ir.ExprStmt, frame: Frame) -> Completion:
    value = evaluate(node.value, frame)
    if isinstance(value, Tensor) and frame.world.calls and isinstance(node.value, ir.Call):
        made = value.made
        if made is not None and made.site == frame.world.site(node.value):
            frame.world.record(facts.ResultDropped, result=value)
    return None


def _assign(node: ir.Assign, frame: Frame) -> Completion:
    if node.value is None:
        _annotate(node, frame)
        return None
    value = evaluate(node.value, frame)
    for target in node.targets:
        functions.assign(target, value, frame)
    if isinstance(value, (Tensor, int, Sym)):
        target = node.targets[-1]
        notes.assigned(frame, node, value, target.id if isinstance(target, ir.Name) else "")
    elif isinstance(value, tuple):
        notes.unpacked(frame, node, value)
    if node.annotation is not None:
        _annotate(node, frame)
    return None


def _annotate(node: ir.Assign, frame: Frame) -> None:
    """Class bodies keep their annotations: dataclasses and NamedTuples are made of them."""
    target = node.targets[0]
    if "__class_body__" in frame.env.vars and isinstance(target, ir.Name):
        held = frame.env.vars.setdefault("__annotations__", {})
        held[target.id] = node.annotation


def _augassign(node: ir.AugAssign, frame: Frame) -> Completion:
    world = frame.world
    target = node.target
    if isinstance(target, ir.Name):
        held = evaluate(target, frame)
        value = operators.augmented(world, node.op, held, evaluate(node.value, frame))
        assign_name(frame, target.id, value)
        if isinstance(value, (Tensor, int, Sym)):
            notes.assigned(frame, node, value, target.id)
    elif isinstance(target, ir.Attribute):
        owner = evaluate(target.value, frame)
        held = attributes.get(world, owner, target.attr)
        value = operators.augmented(world, node.op, held, evaluate(node.value, frame))
        if value is not held:
            attributes.set(world, owner, target.attr, value)
    elif isinstance(target, ir.Subscript):
        owner = evaluate(target.value, frame)
        index = evaluate(target.index, frame)
        held = subscripts.get(world, owner, index)
        subscripts.set(
            world, owner, index, operators.augmented(world, node.op, held, evaluate(node.value, frame))
        )
    return None


def _delete(node: ir.Delete, frame: Frame) -> Completion:
    for target in node.targets:
        if isinstance(target, ir.Name):
            functions.forget_name(frame, target.id)
        elif isinstance(target, ir.Attribute):
            attributes.delete(frame.world, evaluate(target.value, frame), target.attr)
        elif isinstance(target, ir.Subscript):
            subscripts.delete(frame.world, evaluate(target.value, frame), evaluate(target.index, frame))
    return None


def _return(node: ir.Return, frame: Frame) -> Completion:
    value = None if node.value is None else evaluate(node.value, frame)
    if isinstance(value, (Tensor, int, Sym)):
        notes.assigned(frame, node, value, "return")
    return Returned(value)


def _raise(node: ir.Raise, frame: Frame) -> Completion:
    if node.exception is None:
        raise ProgramRaises("", "re-raised", frame.env.vars.get("__handled__"), frame.world.site(node))
    value = evaluate(node.exception, frame)
    if isinstance(value, Class):
        value = calls.call(frame.world, value, (), {})
    kind, message = "Exception", ""
    if isinstance(value, Instance):
        kind = value.cls.name
        args = value.attrs.get("args")
        if isinstance(args, tuple) and args and isinstance(args[0], str):
            message = args[0]
    raise ProgramRaises(kind, message, value, frame.world.site(node))


def _assert(node: ir.Assert, frame: Frame) -> Completion:
    known = truth(frame.world, evaluate(node.test, frame))
    if known is False:
        text = ""
        if node.message is not None:
            said = evaluate(node.message, frame)
            text = said if isinstance(said, str) else ""
        raise ProgramRaises("AssertionError", text, None, frame.world.site(node))
    return None


def _pass(node: ir.Stmt, frame: Frame) -> Completion:
    return None


def _break(node: ir.Break, frame: Frame) -> Completion:
    return BREAK


def _continue(node: ir.Continue, frame: Frame) -> Completion:
    return CONTINUE


def _global(node: ir.GlobalDecl, frame: Frame) -> Completion:
    redirect = frame.env.redirect = frame.env.redirect or {}
    for identifier in node.names:
        redirect[identifier] = frame.namespace.vars
    return None


def _nonlocal(node: ir.NonlocalDecl, frame: Frame) -> Completion:
    redirect = frame.env.redirect = frame.env.redirect or {}
    for identifier in node.names:
        scope = frame.env.parent
        while scope is not None and identifier not in scope.vars:
            scope = scope.parent
        if scope is not None:
            redirect[identifier] = scope.vars
    return None


def _import(node: ir.Import, frame: Frame) -> Completion:
    from shapelint.interp import imports

    for dotted, alias in node.names:
        value = imports.import_module(frame.world, dotted, node)
        if alias is None:
            value = imports.import_module(frame.world, dotted.split(".", 1)[0], node)
            assign_name(frame, dotted.split(".", 1)[0], value)
        else:
            assign_name(frame, alias, value)
    return None


def _import_from(node: ir.ImportFrom, frame: Frame) -> Completion:
    from shapelint.interp import imports

    base = imports.absolute(frame.namespace, node.module, node.level)
    for identifier, alias in node.names:
        if identifier == "*":
            imports.star(frame.world, frame.namespace, base, node)
        else:
            assign_name(frame, alias or identifier, imports.import_name(frame.world, base, identifier, node))
    return None


def _if(node: ir.If, frame: Frame) -> Completion | Split:
    world = frame.world
    known = truth(world, evaluate(node.test, frame))
    if known is True:
        return block(node.body, frame)
    if known is False:
        return block(node.orelse, frame)
    assert isinstance(known, Unknown)
    sides = (lambda: block(node.body, frame), lambda: block(node.orelse, frame))
    return branch.statements(world, known, sides)


def _for(node: ir.For, frame: Frame) -> Completion | Split:
    found = iterate.items(frame.world, evaluate(node.iter, frame))
    if not isinstance(found, Stream) and len(found) > EXACT_TURNS:
        found = Stream(iterate.one_of_many(found), f"a loop of {len(found)} turns", len(found))
    if isinstance(found, Stream):
        turns = _runs(found)
        element = found.element
        left = _abstract_loop(node, frame, lambda: functions.assign(node.target, element, frame), runs=turns)
        if left is not None or found.last is None or node.orelse or _may_leave(node.body):
            return left
        functions.assign(node.target, found.last, frame)
        return branch.loop_turn(frame.world, block(node.body, frame))[1]
    return _behind_loop(node, frame, _turns(node, found, 0, frame))


def _behind_loop(node: ir.For | ir.While, frame: Frame, done: Completion | Split) -> Completion | Split:
    """What follows the turns of a loop: `else` where no break ended it; a break has then fallen through."""
    if isinstance(done, Split) and node.orelse:
        done = branch.after_split(frame.world, done, lambda: block(node.orelse, frame))
    elif done is None and node.orelse:
        return block(node.orelse, frame)
    if isinstance(done, Split):
        return branch.end_of_loop(frame.world, done)
    return None if done is BREAK else done


def _may_leave(body: tuple[ir.Stmt, ...]) -> bool:
    """Whether statements may end the loop they stand in before its last turn."""
    pending: list[Any] = list(body)
    while pending:
        at = pending.pop()
        if isinstance(at, (ir.Break, ir.Return, ir.Raise, ir.Try)):
            return True
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Stmt) and not isinstance(at, (ir.FunctionDef, ir.ClassDef)):
            pending.extend(
                getattr(at, slot) for cls in type(at).__mro__ for slot in getattr(cls, "__slots__", ())
            )
    return False


def _runs(stream: Stream) -> bool:
    """A loop over data is taken to turn at least once: what it assigns is assigned behind it. Not so one whose number of
    turns is a number of the program's own, like `range(n)`."""
    length = stream.length
    if isinstance(length, Unknown):
        return False
    return length is None or dims.less(0, length).yes


def _turns(node: ir.For, found: list[Any], start: int, frame: Frame) -> Completion | Split:
    """Exact turns from `start` on. A break is not yet resolved."""
    world = frame.world
    for i in range(start, len(found)):
        world.step()
        functions.assign(node.target, found[i], frame)
        word, what = branch.loop_turn(world, block(node.body, frame))
        if word == "break":
            return BREAK
        if word == "return":
            return what
        if word == "split":
            return branch.after_split(world, what, lambda at=i + 1: _turns(node, found, at, frame))  # type: ignore[misc]
    return None


def _while(node: ir.While, frame: Frame) -> Completion | Split:
    world = frame.world
    for _ in range(EXACT_TURNS):
        known = truth(world, evaluate(node.test, frame))
        if known is False:
            return block(node.orelse, frame) if node.orelse else None
        if isinstance(known, Unknown):
            return _abstract_loop(node, frame, lambda: None, runs=False)
        world.step()
        word, what = branch.loop_turn(world, block(node.body, frame))
        if word == "break":
            return None
        if word == "return":
            return what
        if word == "split":
            return _abstract_loop(node, frame, lambda: None, runs=False)
    return _abstract_loop(node, frame, lambda: None, runs=False)


def _abstract_loop(
    node: ir.For | ir.While, frame: Frame, begin: Callable[[], None], *, runs: bool
) -> Completion | Split:
    """A loop of an unknown number of turns: trial passes find what a turn changes, that is widened, and one turn is then
    evaluated for all. `runs` tells that there is at least one."""
    world = frame.world

    def turn() -> Any:
        world.repeating += 1
        try:
            begin()
            return block(node.body, frame)
        finally:
            world.repeating -= 1

    if (
        world.muted
    ):  # a trial pass of a loop around this one; many passes would take time to the power of the depth
        _settle_turns(node, frame, turn, _PASSES_INSIDE)
        return None
    world.journal.begin()
    depth = len(world.journal.layers)
    try:
        _settle_turns(node, frame, turn, _PASSES)
        done, layer = branch.apart(world, turn)
    finally:
        while len(world.journal.layers) > depth:
            world.journal.end()
        before_any = world.journal.end()
    if isinstance(done, ProgramRaises):
        if runs and world.guarded == 0 and world.uncertain == 0:
            record_raise(frame, done)
        return block(node.orelse, frame) if node.orelse else None
    exits: list[Any] = []
    ends: list[Layer] = [] if runs else [Layer()]
    for how, state in branch.ways(done, layer):
        if how is None or how is CONTINUE:
            ends.append(branch.compose(before_any, state))
        else:
            exits.append((how, branch.compose(before_any, state)))
    return _behind_loop(node, frame, branch.settle(world, exits, ends, object()))


_PASSES = 6  # over a loop of an unknown number of turns; what still changes then is forgotten
_PASSES_INSIDE = 2  # over one inside another


def _settle_turns(node: ir.For | ir.While, frame: Frame, turn: Callable[[], Any], passes: int) -> None:
    """Put in place what holds before any turn: trial passes, until one changes nothing that is still known."""
    world = frame.world
    for attempt in range(passes):
        with world.mute():
            done, layer = branch.run_side(world, turn)
        if isinstance(done, Split) and (again := _goes_on(world, done)) is not None:
            layer = branch.compose(layer, again)
        if not widening.widen(world, layer, attempt):
            return
    widening.forget(world, node.body, frame.env.vars)


def _goes_on(world: World, split: Split) -> Layer | None:
    """The state in which a turn is followed by another, when only some of it leaves."""
    going = [layer for how, layer in split.exits if how is CONTINUE]
    if split.normal is not None:
        going.append(split.normal)
    return branch.joined(world, going, split.key) if going else None


def record_raise(frame: Frame, problem: ProgramRaises) -> None:
    frame.world.record(facts.Raised, exception=problem.kind, message=problem.message)


def _with(node: ir.With, frame: Frame, at: int = 0) -> Completion | Split:
    """The managers from `at` on, one inside the other, and the body."""
    if at == len(node.items):
        return block(node.body, frame)
    expression, target = node.items[at]
    world = frame.world
    value, leave = contexts.enter(world, evaluate(expression, frame))
    if target is not None:
        functions.assign(target, value, frame)
    if not contexts.has_say(leave):  # of a library: it lets every exception through
        try:
            return _with(node, frame, at + 1)
        finally:
            contexts.leave(world, leave)
    held = branch.Try(len(world.journal.layers))
    swallows = contexts.may_swallow(leave)
    world.guarded += swallows
    try:
        done = _inside(frame, held, lambda: _with(node, frame, at + 1))
    finally:
        world.guarded -= swallows
    if swallows and held.anywhere is not None:
        unknown = ProgramRaises("", "", Unknown("which exception is raised is not known"))
        held.deaths.append((unknown, held.anywhere))
    return _behind_all(frame, held, done, lambda how: _left(frame, leave, how))


def _left(frame: Frame, leave: contexts.Ended, how: Any) -> Completion | Split:
    """Leave a `with` that ended in some way: an exception goes on unless the manager swallows it."""
    world = frame.world
    said = contexts.leave(world, leave, how if isinstance(how, ProgramRaises) else None)
    if not isinstance(how, ProgramRaises):
        return how
    known = truth(world, said)
    if known is False:
        raise how
    return None if known is True else branch.statements(world, known, (lambda: None, lambda: _raised(how)))


def _raised(problem: ProgramRaises) -> Completion:
    raise problem


def _try(node: ir.Try, frame: Frame) -> Completion | Split:
    """A try statement. `finally` is executed behind everything, however it ended: once for each way of ending."""
    if not node.final:
        return _handled(node, frame)
    held = branch.Try(len(frame.world.journal.layers))
    done = _inside(frame, held, lambda: _handled(node, frame))
    return _behind_all(frame, held, done, lambda how: _last(node, frame, how))


def _last(node: ir.Try, frame: Frame, how: Any) -> Completion | Split:
    """Execute `finally` behind one way of ending, which goes on behind it."""
    last = block(node.final, frame)
    if last is None:
        return _raised(how) if isinstance(how, ProgramRaises) else how
    if not isinstance(last, Split) or last.normal is None or how is None:
        return last
    if isinstance(how, ProgramRaises):
        return branch.after_split(frame.world, last, lambda: _raised(how))
    return Split([*last.exits, (how, last.normal)], None, last.key)


def _behind_all(
    frame: Frame, held: branch.Try, done: Any, behind: Callable[[Any], Completion | Split]
) -> Completion | Split:
    """Do something behind what ran inside `held`, once for each way in which that may have ended: a completion or an exception."""
    world = frame.world
    if isinstance(done, ProgramRaises) and done.noted is not held:
        held.deaths.append((done, world.journal.since(held.depth)))
    if held.anywhere is not None and world.tries:
        branch.may_raise(world, held)
    if not isinstance(done, Split) and len(held.deaths) == (
        isinstance(done, ProgramRaises) and done.noted is not held
    ):
        world.journal.keep()
        return behind(done)
    layer = world.journal.end()
    ways = [*branch.ways(done, layer)] if not isinstance(done, ProgramRaises) else []
    return branch.combine(
        world,
        [_from(frame, state, lambda how=how: behind(how)) for how, state in [*ways, *held.deaths]],  # type: ignore[misc]
        object(),
    )


def _handled(node: ir.Try, frame: Frame) -> Completion | Split:
    """The body, and the handlers of what it raises: from the state in which it certainly does, or all in which it may."""
    world = frame.world
    held = branch.Try(len(world.journal.layers))
    done = _guarded(node, frame, held)
    if isinstance(done, ProgramRaises) and done.noted is not held:
        held.deaths.append((done, world.journal.since(held.depth)))
    anywhere = [h for h in node.handlers if _catches_anything(h)] if held.anywhere is not None else []
    if held.anywhere is not None and world.tries and not any(_catches_all(h) for h in node.handlers):
        branch.may_raise(world, held)
    if not held.deaths and not anywhere:
        world.journal.keep()
        return _else(node, done, frame)
    if isinstance(done, ProgramRaises) and len(held.deaths) == 1 and done.noted is not held and not anywhere:
        if not done.refused or _handler_of(node, done, frame) is not None:
            world.journal.keep()
            return _handle(node, done, frame)
    layer = world.journal.end()
    results: list[tuple[Any, Layer]] = []
    if not isinstance(done, ProgramRaises):
        results.append(_from(frame, layer, lambda: _else(node, done, frame)))
    for problem, state in held.deaths:
        results.append(_from(frame, state, lambda p=problem: _handle(node, p, frame)))  # type: ignore[misc]
        if problem.refused and isinstance(results[-1][0], ProgramRaises):
            for (
                handler
            ) in node.handlers:  # which exception torch takes is not always certain: this may be the one
                if _catches_torch(handler):
                    results.append(_from(frame, state, lambda h=handler, p=problem: _run(h, p, frame)))  # type: ignore[misc]
    for handler in anywhere:
        assert held.anywhere is not None
        unknown = ProgramRaises("", "", Unknown("which exception is raised is not known"))
        results.append(_from(frame, held.anywhere, lambda h=handler, u=unknown: _run(h, u, frame)))  # type: ignore[misc]
    return branch.combine(world, results, object())


def _guarded(node: ir.Try, frame: Frame, held: branch.Try) -> Any:
    """Execute the body, guarded by the handlers, in a layer of its own, which stays open."""
    world = frame.world
    guards = world.guarded, world.import_guards
    world.guarded += any(_catches_torch(handler) for handler in node.handlers)
    world.import_guards += bool(node.handlers)
    try:
        return _inside(frame, held, lambda: block(node.body, frame))
    finally:
        world.guarded, world.import_guards = guards


def _inside(frame: Frame, held: branch.Try, thunk: Callable[[], Any]) -> Any:
    """Run something in a layer of its own, which stays open: its completion, or the exception that certainly ends it. What may
    end it is noted in `held`."""
    world = frame.world
    world.tries.append(held)
    world.journal.begin()
    ended = True
    try:
        return thunk()
    except ProgramRaises as problem:
        return problem
    except BaseException:
        ended = False
        raise
    finally:
        world.tries.pop()
        while len(world.journal.layers) > held.depth + ended:
            world.journal.keep()


def _from(frame: Frame, state: Layer, thunk: Callable[[], Any]) -> tuple[Any, Layer]:
    """What something that may be reached gives, begun in `state`."""

    def side() -> Any:
        frame.world.journal.replay(state)
        return thunk()

    return branch.run_side(frame.world, side)


def _else(node: ir.Try, done: Completion | Split, frame: Frame) -> Completion | Split:
    """What follows a body that did not raise."""
    if not node.orelse:
        return done
    if isinstance(done, Split):
        return branch.after_split(frame.world, done, lambda: block(node.orelse, frame))
    return block(node.orelse, frame) if done is None else done


_TORCH = (
    "Exception",
    "BaseException",
    "RuntimeError",
    "ValueError",
    "IndexError",
    "TypeError",
    "LookupError",
)
_RARE = (
    "ImportError",
    "ModuleNotFoundError",
    "KeyboardInterrupt",
    "SystemExit",
    "GeneratorExit",
    "StopIteration",
)


def _caught(handler: ir.Handler) -> list[str]:
    """The names of what a handler catches, as written; "" for what is no plain name."""
    value = handler.type
    if value is None:
        return ["BaseException"]
    parts = value.items if isinstance(value, ir.TupleDisplay) else (value,)
    return [part.id if isinstance(part, ir.Name) else "" for part in parts]


def _catches_torch(handler: ir.Handler) -> bool:
    """Whether a handler would catch what a torch operation raises."""
    return any(name in _TORCH for name in _caught(handler))


def _catches_anything(handler: ir.Handler) -> bool:
    """Whether a handler may catch what something unknown raises: not one for imports, which are decided, or for Ctrl-C."""
    return any(name not in _RARE for name in _caught(handler))


def _catches_all(handler: ir.Handler) -> bool:
    return any(name in ("Exception", "BaseException") for name in _caught(handler))


def _handler_of(node: ir.Try, problem: ProgramRaises, frame: Frame) -> ir.Handler | None:
    for handler in node.handlers:
        if handler.type is None or classes.catches(frame.world, evaluate(handler.type, frame), problem):
            return handler
    return None


def _handle(node: ir.Try, problem: ProgramRaises, frame: Frame) -> Completion | Split:
    handler = _handler_of(node, problem, frame)
    if handler is None:
        raise problem
    return _run(handler, problem, frame)


def _run(handler: ir.Handler, problem: ProgramRaises, frame: Frame) -> Completion | Split:
    """Execute a handler's body."""
    held = problem.value if problem.value is not None else classes.exception(problem.kind, problem.message)
    frame.world.journal.touch(frame.env.vars)
    frame.env.vars["__handled__"] = problem.value
    if handler.name is not None:
        assign_name(frame, handler.name, held)
    try:
        return block(handler.body, frame)
    except ProgramRaises as again:
        if again.kind == "":
            raise problem from None
        raise


def _function(node: ir.FunctionDef, frame: Frame) -> Completion:
    qualname = (
        f"{frame.env.vars['__qualname__']}.{node.name}" if "__class_body__" in frame.env.vars else node.name
    )
    value: Any = functions.make(node, frame, qualname)
    assign_name(frame, node.name, decorated(value, node.decorators, frame))
    return None


def decorated(value: Any, decorators: tuple[ir.Expr, ...], frame: Frame) -> Any:
    """Apply decorators, innermost first. One that is not known is taken to hand back what it was given."""
    for expression in reversed(decorators):
        frame.node = expression
        try:
            decorator = evaluate(expression, frame)
            made = calls.call(frame.world, decorator, (value,), {})
        except (ProgramRaises, Undetermined):
            continue
        if not isinstance(made, Unknown):
            value = made
    return value


def _class(node: ir.ClassDef, frame: Frame) -> Completion:
    value = classes.define(node, frame)
    assign_name(frame, node.name, decorated(value, node.decorators, frame))
    return None


def _match(node: ir.Match, frame: Frame) -> Completion | Split:
    return matching.run(node, evaluate(node.subject, frame), frame)


HANDLERS: dict[type, Handler] = {
    ir.ExprStmt: _expr,
    ir.Assign: _assign,
    ir.AugAssign: _augassign,
    ir.Delete: _delete,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Assert: _assert,
    ir.Pass: _pass,
    ir.Break: _break,
    ir.Continue: _continue,
    ir.GlobalDecl: _global,
    ir.NonlocalDecl: _nonlocal,
    ir.Import: _import,
    ir.ImportFrom: _import_from,
    ir.If: _if,
    ir.For: _for,
    ir.While: _while,
    ir.With: _with,
    ir.Try: _try,
    ir.FunctionDef: _function,
    ir.ClassDef: _class,
    ir.Match: _match,
}
