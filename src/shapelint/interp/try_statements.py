"""`try`: the body, the handlers of what it raises or may raise, `else` and `finally`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from shapelint import ir
from shapelint.interp import branch, classes
from shapelint.interp.blocks import block
from shapelint.interp.branch import Split
from shapelint.interp.control import Completion, ProgramRaises
from shapelint.interp.evaluation import evaluate
from shapelint.interp.exceptional_edges import Try, anything, may_raise
from shapelint.interp.names import assign_name
from shapelint.interp.outcomes import begun_from, behind_all, inside, reraise
from shapelint.interp.world import Frame, World
from shapelint.values.journal import Layer

Body = Callable[[], Completion | Split]


def try_statement(node: ir.Try, frame: Frame) -> Completion | Split:
    """A try statement. `finally` is executed behind everything, however it ended: once for each way of ending."""

    def body() -> Completion | Split:
        return block(node.body, frame)

    return (
        finally_behind(node, frame, lambda: handled(node, frame, body))
        if node.final
        else handled(node, frame, body)
    )


def finally_behind(node: ir.Try, frame: Frame, body: Body) -> Completion | Split:
    """Execute `finally` behind each way in which the rest of a try statement, which is `body`, may end."""
    held = Try(len(frame.world.journal.layers))
    done = inside(frame, held, body)
    return behind_all(frame, held, done, lambda how: _last(node, frame, how))


def _last(node: ir.Try, frame: Frame, how: Any) -> Completion | Split:
    """Execute `finally` behind one way of ending, which goes on behind it."""
    last = block(node.final, frame)
    if last is None:
        return reraise(how) if isinstance(how, ProgramRaises) else how
    if not isinstance(last, Split) or last.normal is None or how is None:
        return last
    if isinstance(how, ProgramRaises):
        return branch.after_split(frame.world, last, lambda: reraise(how))
    return Split([*last.exits, (how, last.normal)], None, last.key)


def handled(node: ir.Try, frame: Frame, body: Body) -> Completion | Split:
    """The body, and the handlers of what it raises: from the state in which it certainly does, or all in which it may."""
    world = frame.world
    held = Try(len(world.journal.layers))
    done = _guarded(node, frame, held, body)
    if isinstance(done, ProgramRaises) and done.noted is not held:
        held.deaths.append((done, world.journal.since(held.depth)))
    anywhere = [h for h in node.handlers if _catches_anything(h)] if held.anywhere is not None else []
    if held.anywhere is not None and world.tries and not any(_catches_all(h) for h in node.handlers):
        may_raise(world, held)
    if not held.deaths and not anywhere:
        world.journal.keep()
        return _else(node, done, frame)
    if isinstance(done, ProgramRaises) and len(held.deaths) == 1 and done.noted is not held and not anywhere:
        if not done.refused or handler_of(node, done, frame) is not None:
            world.journal.keep()
            return _handle(node, done, frame)
    layer = world.journal.end()
    results: list[tuple[Any, Layer]] = []
    if not isinstance(done, ProgramRaises):
        results.append(begun_from(frame, layer, lambda: _else(node, done, frame)))
    for problem, state in held.deaths:
        results.append(begun_from(frame, state, lambda p=problem: _handle(node, p, frame)))  # type: ignore[misc]
        if problem.refused and isinstance(results[-1][0], ProgramRaises):
            # which exception torch takes is not always certain: this may be the one
            for handler in node.handlers:
                if _catches_torch(handler):
                    results.append(begun_from(frame, state, lambda h=handler, p=problem: _run(h, p, frame)))  # type: ignore[misc]
    for handler in anywhere:
        assert held.anywhere is not None
        unknown = anything()
        results.append(begun_from(frame, held.anywhere, lambda h=handler, u=unknown: _run(h, u, frame)))  # type: ignore[misc]
    return branch.combine(world, results, object())


def _guarded(node: ir.Try, frame: Frame, held: Try, body: Body) -> Any:
    """Execute the body, guarded by the handlers, in a layer of its own, which stays open."""
    with guards(node, frame.world):
        return inside(frame, held, body)


@contextmanager
def guards(node: ir.Try, world: World) -> Iterator[None]:
    """While something is executed whose exceptions the handlers of a statement are asked about."""
    before = world.guarded, world.import_guards
    world.guarded += any(_catches_torch(handler) for handler in node.handlers)
    world.import_guards += bool(node.handlers)
    try:
        yield
    finally:
        world.guarded, world.import_guards = before


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


def _names(handler: ir.Handler) -> list[str]:
    """The names of what a handler catches, as written; "" for what is no plain name."""
    value = handler.type
    if value is None:
        return ["BaseException"]
    parts = value.items if isinstance(value, ir.TupleDisplay) else (value,)
    return [part.id if isinstance(part, ir.Name) else "" for part in parts]


def _catches_torch(handler: ir.Handler) -> bool:
    """Whether a handler would catch what a torch operation raises."""
    return any(name in _TORCH for name in _names(handler))


def _catches_anything(handler: ir.Handler) -> bool:
    """Whether a handler may catch what something unknown raises: not one for imports, which are decided, or for Ctrl-C."""
    return any(name not in _RARE for name in _names(handler))


def _catches_all(handler: ir.Handler) -> bool:
    return any(name in ("Exception", "BaseException") for name in _names(handler))


def handler_of(node: ir.Try, problem: ProgramRaises, frame: Frame) -> ir.Handler | None:
    for handler in node.handlers:
        if handler.type is None or classes.catches(frame.world, evaluate(handler.type, frame), problem):
            return handler
    return None


def _handle(node: ir.Try, problem: ProgramRaises, frame: Frame) -> Completion | Split:
    handler = handler_of(node, problem, frame)
    if handler is None:
        raise problem
    return _run(handler, problem, frame)


def caught(problem: ProgramRaises) -> Any:
    """What `except … as name` is given."""
    return problem.value if problem.value is not None else classes.exception(problem.kind, problem.message)


def _run(handler: ir.Handler, problem: ProgramRaises, frame: Frame) -> Completion | Split:
    """Execute a handler's body."""
    held = caught(problem)
    frame.world.journal.touch(frame.env.vars)
    frame.env.vars["__handled__"] = problem.value
    if handler.name is not None:
        assign_name(frame, handler.name, held)
    return in_handler(problem, lambda: block(handler.body, frame))


def in_handler(problem: ProgramRaises, body: Body) -> Completion | Split:
    """Execute the body of a handler: a bare `raise` in it raises the `problem` again."""
    try:
        return body()
    except ProgramRaises as again:
        if again.kind == "":
            raise problem from None
        raise
