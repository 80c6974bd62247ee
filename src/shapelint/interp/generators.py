"""Generators of the program. A body is executed from yield to yield, and stands still in between.

What is left to do is a stack of tasks, outermost last, made of tuples that are never changed: so the journal can put back an
earlier state, and two states can be compared. A statement in which nothing is yielded is executed like any other. Where it is not
decided how a body goes on, all the rest of it is executed at once, and what it yields is taken from there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapelint import ir, values
from shapelint.interp import (
    assignment,
    blocks,
    branch,
    contexts,
    generator_ends,
    generator_tries,
    loops,
    try_statements,
    yielding,
)
from shapelint.interp.branch import Split
from shapelint.interp.conditions import test
from shapelint.interp.control import BREAK, CONTINUE, ProgramRaises, Returned
from shapelint.interp.evaluation import evaluate
from shapelint.interp.generator_ends import Open, State
from shapelint.interp.host import host_classes, host_constructors, lazy
from shapelint.interp.host.lazy import END
from shapelint.interp.names import assign_name
from shapelint.interp.outcomes import reraise
from shapelint.interp.truth import truth
from shapelint.interp.world import Frame, World
from shapelint.values import Environment, Lazy, Stream, Unknown

LOST = "lost"  # how far it is, is not known
WHY_LOST = "how far a generator is, is not known"


class Generator(Lazy):
    """`state` is what is left to do; `rest` what is left to give, once the body was executed to its end."""

    __slots__ = ("frame", "rest", "returned", "started", "state")
    kind = "generator"

    def __init__(self, frame: Frame, body: tuple[ir.Stmt, ...]) -> None:
        self.frame = frame
        self.state: State = (("block", body, 0), None)
        self.rest: Any = None
        self.returned: Any = None
        self.started = False

    def advance(self, world: World, *, whole: bool = False) -> Any:
        return self.resume(world, None, whole=whole)

    def resume(
        self, world: World, sent: Any, thrown: ProgramRaises | None = None, *, whole: bool = False
    ) -> Any:
        """Go on to the next yield: what it gives, END, or a Stream. `thrown` is raised where it stands; with `whole`, what is
        yielded is wanted to the end."""
        if self.rest is not None:
            return END if thrown is not None else lazy.take(world, self.rest)
        if self.state == LOST:
            return Stream(Unknown(WHY_LOST), WHY_LOST, Unknown(WHY_LOST))
        if self.state is None:
            if thrown is not None:
                raise thrown
            return END
        for slot in ("state", "started"):
            world.journal.touch_slot(self, slot)
        state, self.state, self.started = self.state, None, True
        self.frame.world = world  # a generator that a module holds was made in the world that imported it
        world.frames.append(self.frame)
        try:
            return _run(world, self, state, sent, thrown, whole)
        except ProgramRaises as problem:
            if problem.where is None:
                problem.where = world.where()
            raise
        finally:
            world.frames.pop()


def make(frame: Frame) -> Generator:
    """What calling a generator function gives."""
    node = frame.function.node
    return Generator(frame, node.body.statements)


def again(world: World, frame: Frame, names: dict[str, Any]) -> Generator:
    """Another generator of the same function, called with the same arguments. The frame may be one of an earlier world: modules
    are evaluated once."""
    env = Environment(dict(names), frame.env.parent, frame.env.globals)
    return make(Frame(world, env, frame.function, frame.receiver))


def of_comprehension(node: ir.Comprehension, frame: Frame) -> Generator:
    """`(element for target in iter if …)`: the first `iter` is evaluated at once, everything else when it is asked for."""
    first = node.clauses[0]
    source = lazy.cursor(frame.world, evaluate(first.iter, frame))
    names = {"__comprehension__": True, _SOURCE: source}
    frame.env.outlast()
    inner = Frame(
        frame.world, Environment(names, frame.env, frame.env.globals), frame.function, frame.receiver
    )
    inner.node = frame.node
    body: ir.Stmt = ir.ExprStmt(node.at, ir.Yield(node.at, node.element))
    for clause in reversed(node.clauses):
        for condition in reversed(clause.ifs):
            body = ir.If(condition.at, condition, (body,), ())
        over = ir.Name(clause.at, _SOURCE) if clause is first else clause.iter
        body = ir.For(clause.at, clause.target, over, (body,), ())
    return Generator(inner, (body,))


_SOURCE = ".0"


# ---- going on


def _run(world: World, generator: Generator, state: State, sent: Any, signal: Any, whole: bool) -> Any:
    """Work off tasks until something is yielded. `signal` is how the task before ended when it did not fall through: a jump,
    Returned, or what was raised."""
    frame = generator.frame
    turns, budget = 0, world.steps - world.loop_steps
    while state is not None:
        world.step()
        task, rest = state
        if signal is not None:
            found = _passed_by(frame, task, rest, signal)
        else:
            handler = _TASKS[task[0]]
            if task[0] == "while":
                turns += 1
                if loops.is_long(world, turns, budget):  # it turns and turns, and nothing is yielded
                    handler = _all_turns
            try:
                found = generator_tries.watched(frame, handler, task, rest, sent)
            except ProgramRaises as problem:
                found = problem, rest
        sent = None
        if found.__class__ is _Yielded:
            generator.state = found.state
            return found.value
        if found.__class__ is Open:
            return generator_ends.at_once(world, generator, found.begin, found.rest, whole)
        signal, state = found
    if isinstance(signal, ProgramRaises):
        if signal.kind == "StopIteration":
            raise ProgramRaises("RuntimeError", "generator raised StopIteration")
        raise signal
    if isinstance(signal, Returned):
        generator.returned = signal.value
    return END


class _Yielded:
    __slots__ = ("state", "value")

    def __init__(self, value: Any, state: State) -> None:
        self.value = value
        self.state = state


def _block(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    """Statements in order, up to one in which something is yielded."""
    _, statements, start = task
    for i in range(start, len(statements)):
        statement = statements[i]
        frame.node = statement
        behind: State = (("block", statements, i + 1), rest) if i + 1 < len(statements) else rest
        if not yielding.held_by(frame.world, statement):
            done = blocks.HANDLERS[statement.__class__](statement, frame)
            if isinstance(done, Split):
                return Open(_which(done), behind)
            if done is not None:
                return done, behind
            frame.world.step()
            continue
        enter = _ENTER.get(statement.__class__)
        if enter is not None:
            return enter(frame, statement, behind)
        yields = yielding.own(statement)
        if yields is None:
            return Open(functools.partial(blocks.block, (statement,), frame), behind)
        return None, (("stmt", statement, yields, 0), behind)
    return None, rest


def _which(done: Split) -> Callable[[], Split]:
    return lambda: done


def _stmt(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    """A statement with yields of its own: they are come by first, then it is executed with what was sent."""
    _, statement, yields, k = task
    frame.node = statement
    if k < len(yields):
        node = yields[k]
        if isinstance(node, ir.YieldFrom):
            source = lazy.cursor(frame.world, evaluate(node.value, frame))
            return None, (("from", statement, yields, k, source), rest)
        value = None if node.value is None else evaluate(node.value, frame)
        return _Yielded(value, (("resume", statement, yields, k), rest))
    if isinstance(statement, ir.If):
        return _decide_if(frame, statement, rest)
    if isinstance(statement, ir.While):
        return _decide_while(frame, ("while", statement), rest)
    done = blocks.HANDLERS[statement.__class__](statement, frame)
    if isinstance(done, Split):
        return Open(lambda: done, rest)
    return done, rest


def _resume(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    _, statement, yields, k = task
    generator_ends.receive(frame, yields[k], sent)
    return None, (("stmt", statement, yields, k + 1), rest)


def _from(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    """`yield from`: what another iterator gives, and what it is sent."""
    _, statement, yields, k, source = task
    world = frame.world
    if sent is not None and isinstance(source, values.Iterator):
        told = (Unknown("the name of an iterator's type", plain=True),)
        made = host_constructors.make_exception(host_classes.EXCEPTIONS["AttributeError"], told)
        raise ProgramRaises("AttributeError", "an iterator has no attribute 'send'", made)
    item = source.resume(world, sent) if isinstance(source, Generator) else lazy.take(world, source)
    if item is END:
        generator_ends.receive(frame, yields[k], getattr(source, "returned", None))
        return None, (("stmt", statement, yields, k + 1), rest)
    if isinstance(item, Stream):

        def go_on() -> Any:
            generator_ends.give(frame, [item.element], Unknown(item.why))
            generator_ends.receive(frame, yields[k], Unknown("what a generator returned"))
            return generator_ends.finish_statement(frame, statement, yields, k + 1)

        return Open(go_on, rest)
    return _Yielded(item, (task, rest))


# ---- statements that hold others


def _enter_if(frame: Frame, node: ir.If, behind: State) -> Any:
    if yielding.held_by(frame.world, node.test):
        yields = yielding.own(node.test)
        if yields is None:
            return Open(lambda: blocks.block((node,), frame), behind)
        return None, (("stmt", node, yields, 0), behind)
    return _decide_if(frame, node, behind)


def _decide_if(frame: Frame, node: ir.If, behind: State) -> Any:
    known = test(node.test, frame)
    if isinstance(known, Unknown):
        sides = (lambda: blocks.block(node.body, frame), lambda: blocks.block(node.orelse, frame))
        return Open(lambda: branch.statements(frame.world, known, sides), behind)
    return None, _over(node.body if known else node.orelse, behind)


def _over(statements: tuple[ir.Stmt, ...], behind: State) -> State:
    return (("block", statements, 0), behind) if statements else behind


def _enter_for(frame: Frame, node: ir.For, behind: State) -> Any:
    if yielding.held_by(frame.world, node.iter):
        return Open(lambda: blocks.block((node,), frame), behind)
    source = lazy.cursor(frame.world, evaluate(node.iter, frame))
    return None, (("for", node, source), behind)


def _for(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    _, node, source = task
    item = lazy.take(frame.world, source)
    if item is END:
        return None, _over(node.orelse, rest)
    if isinstance(item, Stream):
        return Open(lambda: loops.over(node, item, frame), rest)
    assignment.assign(node.target, item, frame)
    return None, _over(node.body, (task, rest))


def _enter_while(frame: Frame, node: ir.While, behind: State) -> Any:
    if yielding.own(node.test) is None:
        return Open(lambda: blocks.block((node,), frame), behind)
    return None, (("while", node), behind)


def _while(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    yields = yielding.own(task[1].test)
    return (None, (("stmt", task[1], yields, 0), rest)) if yields else _decide_while(frame, task, rest)


def _decide_while(frame: Frame, task: Any, rest: State) -> Any:
    node = task[1]
    known = test(node.test, frame)
    if isinstance(known, Unknown):
        return Open(lambda: loops.while_loop(node, frame), rest)
    return None, _over(node.body, (task, rest)) if known else _over(node.orelse, rest)


def _all_turns(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    """A loop of which there is no end to be seen: one turn for all that are left."""
    return Open(lambda: loops.unending(task[1], frame), rest)


def _enter_with(frame: Frame, node: ir.With, behind: State) -> Any:
    if any(yielding.held_by(frame.world, expression) for expression, _ in node.items):
        return Open(lambda: blocks.block((node,), frame), behind)
    return None, (("with", node, 0), behind)


def _with(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    _, node, at = task
    if at == len(node.items):
        return None, _over(node.body, rest)
    expression, target = node.items[at]
    value, leave = contexts.enter(frame.world, evaluate(expression, frame))
    inside: State = (("with", node, at + 1), (("leave", leave), rest))
    if target is not None:
        try:
            assignment.assign(target, value, frame)
        except ProgramRaises as problem:
            return problem, inside[1]
    return None, inside


def _leave(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    contexts.leave(frame.world, task[1])
    return None, rest


def _enter_try(frame: Frame, node: ir.Try, behind: State) -> Any:
    last: State = (("finally", node), behind) if node.final else behind
    return None, _over(node.body, (("try", node), last))


def _try(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    return None, _over(task[1].orelse, rest)


def _handled(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    return None, rest


def _finally(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    return None, _over(task[1].final, rest)


def _ended(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    """Behind `finally`: what was under way goes on."""
    return task[1], rest


_ENTER: dict[type, Any] = {
    ir.If: _enter_if,
    ir.For: _enter_for,
    ir.While: _enter_while,
    ir.With: _enter_with,
    ir.Try: _enter_try,
}
_TASKS: dict[str, Any] = {
    "block": _block,
    "stmt": _stmt,
    "resume": _resume,
    "from": _from,
    "for": _for,
    "while": _while,
    "with": _with,
    "leave": _leave,
    "try": _try,
    "handled": _handled,
    "finally": _finally,
    "ended": _ended,
}


def _passed_by(frame: Frame, task: Any, rest: State, signal: Any) -> Any:
    """What a task makes of a jump, a return or an exception that passes by it: (how it goes on, what is left), or what is open."""
    kind = task[0]
    if kind in ("for", "while") and signal in (BREAK, CONTINUE):
        return None, rest if signal is BREAK else (task, rest)
    if kind == "from" and isinstance(signal, ProgramRaises) and isinstance(task[4], Generator):
        return _thrown_into(frame, task, rest, signal)
    if kind == "finally":
        return None, _over(task[1].final, (("ended", signal), rest))
    if kind == "leave":
        problem = signal if isinstance(signal, ProgramRaises) else None
        try:
            said = contexts.leave(frame.world, task[1], problem)
        except ProgramRaises as again:
            return again, rest
        known = problem is not None and truth(frame.world, said)
        if isinstance(known, Unknown):
            sides = (lambda: None, lambda: reraise(signal))
            return Open(lambda: branch.statements(frame.world, known, sides), rest)
        return (None if known else signal), rest
    if kind == "try" and isinstance(signal, ProgramRaises):
        handler = try_statements.handler_of(task[1], signal, frame)
        if handler is None:
            return signal, rest
        held = try_statements.caught(signal)
        frame.world.journal.touch(frame.env.vars)
        frame.env.vars["__handled__"] = signal.value
        if handler.name is not None:
            assign_name(frame, handler.name, held)
        return None, _over(handler.body, (("handled", signal), rest))
    if kind == "handled" and isinstance(signal, ProgramRaises) and signal.kind == "":
        return task[1], rest
    return signal, rest


def _thrown_into(frame: Frame, task: Any, rest: State, problem: ProgramRaises) -> Any:
    """An exception that is thrown into a generator goes to the one that it delegates to first."""
    _, statement, yields, k, source = task
    if source.state is None:
        return problem, rest
    try:
        item = source.resume(frame.world, None, problem)
    except ProgramRaises as again:
        return again, rest
    if item is END:
        generator_ends.receive(frame, yields[k], source.returned)
        return None, (("stmt", statement, yields, k + 1), rest)
    if isinstance(item, Stream):
        return Open(lambda: generator_ends.whole(frame, task, None), rest)
    return None, (("given", item), (task, rest))


def _given(frame: Frame, task: Any, rest: State, sent: Any) -> Any:
    return _Yielded(task[1], rest)


_TASKS["given"] = _given
