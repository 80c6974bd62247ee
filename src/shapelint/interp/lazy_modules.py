"""Modules that put a lazy stand-in in their own place: `sys.modules[__name__] = LazyModule(__name__, …)`.

What such a stand-in gives is written twice: as a structure that the program computes when it is imported (of folders it lists and
files it reads as text), and for type checkers as plain imports in the other branch of the same statement:

    if TYPE_CHECKING:
        from .configuration import *
        from .modeling import Net
    else:
        sys.modules[__name__] = LazyModule(__name__, __file__, structure)

The plain imports are what is read here, and each is followed only when its name is asked for: that is what the stand-in does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.interp.branch import Split
from shapelint.interp.control import Completion, Untold
from shapelint.interp.world import Frame, World
from shapelint.values import Namespace

MISSING: Any = object()


class Deferred:
    """An import of a lazy module, behind `at` stars that it takes like others. `names` maps what the module calls them to what
    their home does; None for a star."""

    __slots__ = ("at", "done", "module", "names", "node")

    def __init__(self, module: str, names: dict[str, str] | None, node: ir.Node, at: int) -> None:
        self.module = module
        self.names = names
        self.node = node
        self.at = at
        self.done = False  # never: what one name has brought, another may need again


def replaces_itself(node: ir.If) -> bool:
    """Whether the statement is `if TYPE_CHECKING: … else: sys.modules[__name__] = …`, or one with `TYPE_CHECKING or …`."""
    return _asks_for_checkers(node.test) and any(
        isinstance(target, ir.Subscript)
        and isinstance(target.value, ir.Attribute)
        and target.value.attr == "modules"
        and isinstance(target.index, ir.Name)
        and target.index.id == "__name__"
        for statement in node.orelse
        if isinstance(statement, ir.Assign)
        for target in statement.targets
    )


def _asks_for_checkers(test: ir.Expr) -> bool:
    if isinstance(test, ir.BoolOp):
        return test.op == "or" and any(map(_asks_for_checkers, test.values))
    name = test.attr if isinstance(test, ir.Attribute) else test.id if isinstance(test, ir.Name) else ""
    return name == "TYPE_CHECKING"


def read(frame: Frame, body: Callable[[], Completion | Split]) -> Completion | Split:
    """Run the branch that is for type checkers: its imports are kept for later."""
    world = frame.world
    frame.namespace.lazy = True
    before, world.deferring = world.deferring, frame
    try:
        return body()
    finally:
        world.deferring = before


def defer(space: Namespace, module: str, node: ir.ImportFrom) -> None:
    """Keep `from module import …` until a name is asked for."""
    names = None if node.names[0][0] == "*" else {alias or name: name for name, alias in node.names}
    space.pending.append(Deferred(module, names, node, space.stars))


def find(world: World, space: Namespace, name: str) -> Any:
    """A name of a lazy module, or MISSING. It is then one of the module's own."""
    from shapelint.interp import imports

    if world.telling:
        raise Untold
    for pending in space.pending:
        if isinstance(pending, Deferred) and pending.names is not None and name in pending.names:
            held = imports.import_name(world, pending.module, pending.names[name], pending.node)
            space.vars[name] = held
            return held
    if space.is_package and isinstance(inner := imports.namespace(world, f"{space.name}.{name}"), Namespace):
        return inner
    if name.startswith("_"):  # a star brings none of these
        return MISSING
    for pending in list(space.pending):
        if isinstance(pending, Deferred) and pending.names is None and world.mentions(pending.module, name):
            held = _public(world, pending, name)
            if held is not MISSING:
                space.vars[name] = held
                return held
    return MISSING


def _public(world: World, pending: Deferred, name: str) -> Any:
    """What `from module import *` brings under a name."""
    from shapelint.interp import imports, put_off

    found = imports.import_module(world, pending.module, pending.node)
    if not isinstance(found, Namespace):
        return MISSING
    if found.lazy:
        return find(world, found, name)
    put_off.follow_all(world, found)
    if name not in put_off.public_names(found):
        return MISSING
    held = found.vars.get(name, MISSING)
    if held is not MISSING:
        return held
    held = put_off.brought(world, found, name)
    return MISSING if held is put_off.MISSING else held
