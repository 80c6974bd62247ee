"""Whether code leaves nothing behind but its result: told by its text, and by what its names stand for. Where in doubt, it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from shapelint import ir
from shapelint.values import Function, Module, Tensor

_LIBRARIES = frozenset("F torch nn math np numpy".split())
_BUILTINS = frozenset(
    "len int float bool str range enumerate zip isinstance tuple list dict min max sum abs round reversed sorted getattr "
    "hasattr".split()
)
# Methods of containers and of modules that write to what they are called on.
_WRITING = frozenset(
    "append appendleft extend insert add update pop popleft popitem remove clear setdefault discard reset write put save log "
    "register_buffer register_parameter register_module register_forward_hook add_module requires_grad_ backward load_state_dict "
    "index_put copy set apply to cuda cpu train eval".split()
)
_LEAVING = (
    ir.GlobalDecl, ir.NonlocalDecl, ir.Delete, ir.Yield, ir.YieldFrom, ir.Await, ir.Opaque, ir.Import, ir.ImportFrom, ir.Try,
    ir.FunctionDef, ir.ClassDef, ir.Lambda, ir.NamedExpr, ir.Match,
)  # fmt: skip


def modules(module: Module) -> Iterator[Module]:
    """A module and all below it, each once."""
    seen: set[int] = set()
    pending = [module]
    while pending:
        at = pending.pop()
        if id(at) not in seen:
            seen.add(id(at))
            yield at
            pending += [value for value in at.attrs.values() if isinstance(value, Module)]


def layer(module: Module) -> bool:
    """Whether calling a module gives its result and does nothing else, besides the running statistics of norms."""
    return not is_in_place(module) and all(map(_is_plain, modules(module)))


def is_in_place(module: Any) -> bool:
    return isinstance(module, Module) and module.attrs.get("inplace") not in (None, False)


def learns(module: Module) -> bool:
    """Whether there is a parameter in it."""
    return any(
        isinstance(value, Tensor) and value.is_parameter
        for inner in modules(module)
        for value in inner.attrs.values()
    )


def _is_plain(module: Module) -> bool:
    """Whether a module itself leaves nothing behind, and lets no layer work in place on what it was given."""
    if module.hooks or module.incomplete:
        return False
    if module.cls.written:
        own_way = any(
            name in c.attrs for c in module.cls.mro if c.written for name in ("__call__", "__getattr__")
        )
        return module.cls.unknown_base is None and not own_way and _forward(module)
    held = [value for value in module.attrs.values() if isinstance(value, Module)]
    if any(map(is_in_place, held)):
        stacked = module.cls.qualname == "torch.nn.Sequential" and not is_in_place(held[0])
        behind = pairwise(held)
        return stacked and all(learns(before) for before, after in behind if is_in_place(after))
    return module.cls.qualname.startswith("torch.nn.")


def _forward(module: Module) -> bool:
    """The text of a forward, and of the methods that it calls."""
    pending, done = ["forward"], set()
    while pending:
        name = pending.pop()
        if name in done:
            continue
        done.add(name)
        found = module.cls.held(name)
        if isinstance(found, Function) and isinstance(found.node, ir.FunctionDef):
            if not found.node.params or found.node.is_generator or found.node.decorators:
                return False
            receiver, statements = found.node.params[0].name, found.node.body.statements
            if not statements_leave_nothing(
                statements, receiver, module, {p.name for p in found.node.params}
            ):
                return False
            pending += _methods(statements, receiver)
        elif found is not None and not isinstance(found, Function) and module.attrs.get(name) is None:
            return False
    return True


def _methods(statements: tuple[ir.Stmt, ...], receiver: str) -> Iterator[str]:
    for node in ir.walk(statements):
        if isinstance(node, ir.Call) and (name := own(node.func, receiver)) is not None:
            yield name


def own(node: Any, receiver: str) -> str | None:
    """The name of an attribute of the receiver itself."""
    if isinstance(node, ir.Attribute) and isinstance(node.value, ir.Name) and node.value.id == receiver:
        return node.attr
    return None


def statements_leave_nothing(
    statements: tuple[ir.Stmt, ...], receiver: str, module: Module, names: Iterable[str]
) -> bool:
    """Whether statements write to names of their function alone. `names` are those that its callers gave: what they stand for is
    the callers' too."""
    given = set(names)
    fresh, local = _fresh(statements, receiver, module), given | set(bound(statements))
    for node in ir.walk(statements):
        if isinstance(node, _LEAVING):
            return False
        if isinstance(node, ir.Assign) and not all(map(_names_only, node.targets)):
            return False
        if isinstance(node, ir.AugAssign) and not (
            isinstance(node.target, ir.Name) and node.target.id in fresh - given
        ):
            return False
        if isinstance(node, ir.ExprStmt) and not isinstance(node.value, ir.Const):
            return False
        if isinstance(node, ir.Call) and not _call(node, receiver, module, local, fresh - given):
            return False
    return True


def _call(node: ir.Call, receiver: str, module: Module, local: set[str], fresh: set[str]) -> bool:
    """Whether a call is one of a library's, of a local value's method or of the module's own, and does nothing in place but to
    what is `fresh`."""
    if any(name in (None, "inplace", "out") for name, _ in node.keywords):
        return False
    func = node.func
    if isinstance(func, ir.Name):
        return func.id in _BUILTINS or func.id in local
    if isinstance(func, ir.Subscript):
        return _root(func.value) in {receiver, *local}
    if not isinstance(func, ir.Attribute) or func.attr.endswith("_") or func.attr in _WRITING:
        return False
    name = own(func, receiver)
    if name is None:
        return _root(func.value) in {receiver, *local, *_LIBRARIES}
    found = module.attrs.get(name)
    if is_in_place(found):
        return len(node.args) == 1 and _is_new(node.args[0], receiver, module, fresh)
    return isinstance(found, Module) or module.cls.held(name) is not None


def _is_new(node: Any, receiver: str, module: Module, fresh: set[str]) -> bool:
    """Whether an expression gives what nothing else holds: what a layer with parameters made, or arithmetic."""
    if isinstance(node, ir.Name):
        return node.id in fresh
    name = own(node.func, receiver) if isinstance(node, ir.Call) else None
    made = module.attrs.get(name) if name is not None else None
    return isinstance(node, ir.BinOp) or (isinstance(made, Module) and learns(made))


def _root(node: Any) -> str:
    """The name at the beginning of `a.b[c].d(e).f`."""
    while isinstance(node, (ir.Attribute, ir.Subscript, ir.Call)):
        node = node.func if isinstance(node, ir.Call) else node.value
    return node.id if isinstance(node, ir.Name) else ""


def _names_only(target: Any) -> bool:
    if isinstance(target, (ir.TupleDisplay, ir.ListDisplay)):
        return all(map(_names_only, target.items))
    return isinstance(target.value if isinstance(target, ir.Starred) else target, ir.Name)


def bound(statements: Any) -> Iterator[str]:
    """The names that statements bind."""
    for node in ir.walk(statements):
        targets: Any = ()
        if isinstance(node, ir.Assign):
            targets = node.targets
        elif isinstance(node, (ir.For, ir.CompFor, ir.AugAssign)):
            targets = node.target
        for part in ir.walk(targets):
            if isinstance(part, ir.Name):
                yield part.id


def _fresh(statements: tuple[ir.Stmt, ...], receiver: str, module: Module) -> set[str]:
    """Names that only stand for what arithmetic or a layer made: what changes them in place changes nothing else."""
    made: dict[str, bool] = {}
    for node in ir.walk(statements):
        if isinstance(node, ir.Assign):
            known = {name for name, is_new in made.items() if is_new}
            is_new = _is_new(node.value, receiver, module, set()) or (
                isinstance(node.value, ir.Call) and _stays_new(node.value, receiver, module, known)
            )
            for target in node.targets:
                for part in ir.walk(target):
                    if isinstance(part, ir.Name):
                        made[part.id] = made.get(part.id, True) and is_new and part is target
    return {name for name, is_new in made.items() if is_new}


def _stays_new(node: ir.Call, receiver: str, module: Module, known: set[str]) -> bool:
    """Whether a layer without parameters is given what is new."""
    name = own(node.func, receiver)
    if name is None or not isinstance(module.attrs.get(name), Module) or len(node.args) != 1:
        return False
    return _is_new(node.args[0], receiver, module, known)


def value(found: Any) -> bool:
    """Whether nothing can be written to what a value holds, but for tensors in place."""
    if isinstance(found, tuple):
        return all(map(value, found))
    return found is None or isinstance(found, (Tensor, Module, int, float, str))
