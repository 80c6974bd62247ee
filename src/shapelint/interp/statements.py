"""Executing statements: one handler a node type. A handler gives None, a completion, or a Split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import facts, ir
from shapelint.interp import (
    attributes,
    branch,
    calls,
    classes,
    functions,
    iterate,
    matching,
    operators,
    subscripts,
)
from shapelint.interp.branch import Split
from shapelint.interp.control import BREAK, CONTINUE, Completion, ProgramRaises, Returned
from shapelint.interp.expressions import assign_name, evaluate
from shapelint.interp.truth import truth
from shapelint.interp.world import Frame
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
    return Returned(None if node.value is None else evaluate(node.value, frame))


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
    if isinstance(found, Stream):
        return _abstract_loop(
            node, frame, lambda: functions.assign(node.target, found.element, frame), node.orelse
        )
    if len(found) > EXACT_TURNS:
        return _abstract_loop(
            node, frame, lambda: functions.assign(node.target, found[0], frame), node.orelse
        )
    done, broke = _turns(node, found, 0, frame)
    if done is None and not broke and node.orelse:
        return block(node.orelse, frame)
    return done


def _turns(node: ir.For, found: list[Any], start: int, frame: Frame) -> tuple[Completion | Split, bool]:
    """Exact turns from `start` on: (completion, whether a break certainly ended it)."""
    world = frame.world
    for i in range(start, len(found)):
        world.step()
        functions.assign(node.target, found[i], frame)
        word, what = branch.loop_turn(world, block(node.body, frame))
        if word == "break":
            return None, True
        if word == "return":
            return what, False
        if word == "split":
            rest = branch.after_split(world, what, lambda at=i + 1: _turns(node, found, at, frame)[0])  # type: ignore[misc]
            return (
                branch.end_of_loop(world, rest)
                if isinstance(rest, Split)
                else rest
                if rest is not BREAK
                else None
            ), False
    return None, False


def _while(node: ir.While, frame: Frame) -> Completion | Split:
    world = frame.world
    for _ in range(EXACT_TURNS):
        known = truth(world, evaluate(node.test, frame))
        if known is False:
            return block(node.orelse, frame) if node.orelse else None
        if isinstance(known, Unknown):
            return _abstract_loop(node, frame, lambda: None, node.orelse)
        world.step()
        word, what = branch.loop_turn(world, block(node.body, frame))
        if word == "break":
            return None
        if word == "return":
            return what
        if word == "split":
            return _abstract_loop(node, frame, lambda: None, node.orelse)
    return _abstract_loop(node, frame, lambda: None, node.orelse)


def _abstract_loop(
    node: ir.For | ir.While, frame: Frame, begin: Callable[[], None], orelse: tuple[ir.Stmt, ...]
) -> Completion | Split:
    """A loop of an unknown number of turns: a trial pass finds what a turn changes, that is widened, and one turn is then
    evaluated for all."""
    world = frame.world

    def turn() -> Any:
        world.repeating += 1
        try:
            begin()
            return block(node.body, frame)
        finally:
            world.repeating -= 1

    for attempt in range(3):
        with world.mute():
            done, layer = branch.run_side(world, turn)
        changed = _widen(frame, layer, attempt)
        if not changed:
            break
    world.journal.begin()
    depth = len(world.journal.layers)
    done = None
    died: ProgramRaises | None = None
    try:
        done = turn()
    except ProgramRaises as problem:
        died = problem
    finally:
        while len(world.journal.layers) > depth:
            world.journal.end()
        layer = world.journal.end()
    if died is not None:
        if world.guarded == 0 and world.uncertain == 0:
            record_raise(frame, died)
        return None
    word, what = ("next", None)
    world.journal.begin()
    world.journal.replay(layer)
    word, what = branch.loop_turn(world, done)
    layer = world.journal.end()
    key = object()
    empty = Layer()
    if word == "return":
        return Split([(what, layer)], empty, key)
    if word == "split":
        exits = [(c, branch.compose(layer, inner)) for c, inner in what.exits]
        normals = (
            [layer if what.normal is None else branch.compose(layer, what.normal)]
            if what.normal is not None
            else []
        )
        return branch.end_of_loop(world, Split(exits, branch.joined(world, [empty, *normals], key), key))
    branch.merge(world, [layer, empty] if not _definitely_runs(node) else [layer], key)
    return block(orelse, frame) if orelse and word != "break" else None


def _definitely_runs(node: ir.For | ir.While) -> bool:
    """A loop over data is taken to turn at least once: what it assigns is assigned behind it."""
    return isinstance(node, ir.For)


def record_raise(frame: Frame, problem: ProgramRaises) -> None:
    frame.world.record(facts.Raised, exception=problem.kind, message=problem.message)


def _widen(frame: Frame, layer: Layer, attempt: int) -> bool:
    """Put in place what holds before any turn: everything that a turn changes becomes unknown, tensors axis by axis."""
    from shapelint.interp.join import same

    world = frame.world
    changed = False
    why = "it changes in a loop whose number of turns is not known"
    for container, after in layer.containers.values():
        if container is world.bindings:
            continue
        if isinstance(container, dict):
            for name in list(container):
                if name in after and not same(container[name], after[name]):
                    widened = _widened(container[name], after[name], why, attempt)
                    if widened is not container[name]:
                        world.journal.touch(container)
                        container[name] = widened
                        changed = True
        elif isinstance(container, list) and (len(container) != len(after)):
            owner = world.owners.get(id(container))
            if owner is not None and owner.open is None:
                world.journal.touch_slot(owner, "open")
                owner.open = Unknown(why)
                owner.made_from = after[-1] if after else None
                changed = True
    return changed


def _widened(before: Any, after: Any, why: str, attempt: int) -> Any:
    from shapelint import dims
    from shapelint.interp.join import join

    if isinstance(before, Unknown):
        return before
    if (
        isinstance(before, Tensor)
        and isinstance(after, Tensor)
        and before.known
        and after.known
        and attempt < 2
    ):
        if len(before.shape) == len(after.shape):
            if all(dims.equal(x, y).yes for x, y in zip(before.shape, after.shape, strict=True)):
                return before
            return join(before, after, object(), why)
        return Unknown(why, after_failure=before.after_failure or after.after_failure)
    return Unknown(why)


def _with(node: ir.With, frame: Frame) -> Completion | Split:
    from shapelint.interp import contexts

    entered = []
    world = frame.world
    for expression, target in node.items:
        manager = evaluate(expression, frame)
        value, leave = contexts.enter(world, manager)
        entered.append(leave)
        if target is not None:
            functions.assign(target, value, frame)
    try:
        return block(node.body, frame)
    except ProgramRaises as problem:
        if any(contexts.swallows(leave, problem) for leave in entered):
            return None
        raise
    finally:
        for leave in reversed(entered):
            contexts.leave(world, leave)


def _try(node: ir.Try, frame: Frame) -> Completion | Split:
    world = frame.world
    catches = any(_catches_torch(handler, frame) for handler in node.handlers)
    world.guarded += catches
    held_guards = world.import_guards
    world.import_guards += bool(node.handlers)
    try:
        done = block(node.body, frame)
    except ProgramRaises as problem:
        world.guarded -= catches
        catches = False
        world.import_guards = held_guards
        done = _handle(node, problem, frame)
    else:
        world.guarded -= catches
        catches = False
        world.import_guards = held_guards
        if done is None and node.orelse:
            done = block(node.orelse, frame)
    finally:
        world.guarded -= catches
        world.import_guards = held_guards
        if node.final:
            last = block(node.final, frame)
            if isinstance(last, Returned):
                done = last
    return done


def _catches_torch(handler: ir.Handler, frame: Frame) -> bool:
    """Whether a handler would catch what a torch operation raises."""
    if handler.type is None:
        return True
    value = handler.type
    names = value.items if isinstance(value, ir.TupleDisplay) else (value,)
    return any(
        isinstance(n, ir.Name)
        and n.id in ("Exception", "BaseException", "RuntimeError", "ValueError", "IndexError", "TypeError")
        for n in names
    )


def _handle(node: ir.Try, problem: ProgramRaises, frame: Frame) -> Completion | Split:
    for handler in node.handlers:
        if handler.type is not None and not classes.catches(
            frame.world, evaluate(handler.type, frame), problem
        ):
            continue
        held = (
            problem.value if problem.value is not None else classes.exception(problem.kind, problem.message)
        )
        frame.env.vars["__handled__"] = problem.value
        if handler.name is not None:
            assign_name(frame, handler.name, held)
        try:
            return block(handler.body, frame)
        except ProgramRaises as again:
            if again.kind == "":
                raise problem from None
            raise
    raise problem


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
