"""The exception that a `raise` makes. Its text is put together as far as no other module has to be read for it: some list in their
texts what a whole package offers."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import calls
from shapelint.interp.control import Untold
from shapelint.interp.evaluation import evaluate
from shapelint.interp.world import World
from shapelint.values import Unknown


def made(node: ir.Expr, frame: Any) -> Any:
    """The value behind `raise`."""
    if not isinstance(node, ir.Call) or node.keywords or not any(map(_is_text, node.args)):
        return evaluate(node, frame)
    if any(isinstance(arg, ir.Starred) for arg in node.args):
        return evaluate(node, frame)
    function = evaluate(node.func, frame)
    args = tuple(_text(arg, frame) if _is_text(arg) else evaluate(arg, frame) for arg in node.args)
    before, frame.node = frame.node, node
    result = calls.call(frame.world, function, args, {})
    frame.node = before
    return result


def _is_text(node: ir.Expr) -> bool:
    """Whether an expression is there to be read by people: an f-string, a text with something put in or added."""
    if isinstance(node, ir.FString):
        return True
    if isinstance(node, ir.BinOp):
        return (
            _is_text(node.left) or _is_text(node.right) or _is_written(node.left) or _is_written(node.right)
        )
    return isinstance(node, ir.Call) and isinstance(node.func, ir.Attribute) and _is_written(node.func.value)


def _is_written(node: ir.Expr) -> bool:
    return isinstance(node, ir.Const) and isinstance(node.value, str)


def _text(node: ir.Expr, frame: Any) -> Any:
    """A text, or an Unknown where a module would have to be read: then nothing has happened."""
    world: World = frame.world
    telling, world.telling = world.telling, True
    stacks = [(stack, len(stack)) for stack in (world.frames, world.calls, world.tries)]
    counters = [(name, getattr(world, name)) for name in _COUNTERS]
    world.journal.begin()
    depth = len(world.journal.layers)
    try:
        return evaluate(node, frame)
    except Untold:
        _close(world, depth)
        world.journal.end()  # nothing of it has happened
        world.journal.begin()
        for stack, length in stacks:
            del stack[length:]
        for name, value in counters:
            setattr(world, name, value)
        return Unknown("the text of an exception lists what other modules hold", world.site(node), plain=True)
    finally:
        _close(world, depth)
        world.journal.keep()
        world.telling = telling


_COUNTERS = ("uncertain", "muted", "repeating", "guarded", "import_guards")


def _close(world: World, depth: int) -> None:
    while len(world.journal.layers) > depth:  # what raised left inner layers open
        world.journal.end()
