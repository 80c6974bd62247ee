"""Reading attributes of functions: their names, what a program sets on them, `f.__code__`, `f.__defaults__`, `f.__kwdefaults__`."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from shapelint import ir
from shapelint.interp import put_off, unmodelled
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Builtin, Class, Dict, Function, Instance, Unknown

CODE = Class("code", "types.CodeType")
_VARARGS, _VARKEYWORDS, _GENERATOR, _COROUTINE = 4, 8, 32, 128


def of_function(world: World, owner: Function, name: str) -> Any:
    """An attribute of a function of the program."""
    if world.recording is not None and name not in ("__name__", "__qualname__", "__module__", "__doc__"):
        world.recording.spoilt = True
    if name in owner.attrs:
        return owner.attrs[name]
    if name in ("__name__", "__qualname__"):
        return owner.name if name == "__name__" else owner.qualname
    if name == "__module__":
        return owner.globals.name
    if name == "__doc__":
        return getattr(owner.node, "docstring", None)
    if name == "__dict__":
        return Dict(owner.attrs)
    if name == "__wrapped__" and owner.wrapped is not None:
        return owner.wrapped
    if name in NAMES:
        return _told(world, owner, name)
    if name == "__call__":
        return owner
    if name == "__get__":
        return Builtin("__get__", lambda world, args, keywords: BoundMethod(owner, args[0]))
    if getattr(owner.node, "decorators", ()):
        return Unknown(f"a decorator may have given {owner.name} its {name}", plain=True)
    if unmodelled.has(FunctionType, name):
        return Unknown(f"{name} of a function is not modelled", plain=True)
    raise ProgramRaises("AttributeError", f"'function' object has no attribute '{name}'")


def of_builtin(world: World, owner: Builtin, name: str) -> Any:
    """An attribute of a function that is supplied."""
    if name in ("__name__", "__qualname__"):
        return owner.name.rpartition(".")[2]
    if name == "__module__":
        return owner.name.rpartition(".")[0]
    from shapelint.interp import library

    found = library.attribute_of(owner, name)
    if found is not None:
        return found
    if owner.name == "torch.Tensor":
        from shapelint.interp.tensors import tensor_attributes

        return tensor_attributes.unbound(world, owner.name, name)
    return Unknown(f"{owner.name}.{name} is not modelled")


def _told(world: World, function: Function, name: str) -> Any:
    """The value of one of NAMES."""
    if name == "__code__":
        return _code(function)
    params = function.node.params
    if name == "__defaults__":
        held = [p for p in params if p.kind in ("positional", "plain") and p.name in function.defaults]
        return tuple(function.defaults[p.name] for p in held) or None
    if name == "__kwdefaults__":
        held = [p for p in params if p.kind == "keyword" and p.name in function.defaults]
        return Dict({p.name: function.defaults[p.name] for p in held}) if held else None
    if name == "__globals__":
        put_off.bring_all(world, function.globals)
        return Dict(function.globals.vars)
    return Unknown(f"{name} of a function is not modelled", plain=True)


# An attribute of functions of which decorators that are not known made something else.
DECORATED = "__decorated__"


def is_replaced(function: Any) -> bool:
    """Whether a decorator that is not known stands above a function: what has its name may take and have other things."""
    return isinstance(function, Function) and DECORATED in function.attrs


DEFAULTS = frozenset(("__defaults__", "__kwdefaults__"))
NAMES = DEFAULTS | {"__code__", "__annotations__", "__globals__", "__signature__", "__closure__"}


def defaults(function: Function, name: str, value: Any) -> dict[str, Any]:
    """The defaults of a function whose `__defaults__` or `__kwdefaults__` is set."""
    kinds = ("keyword",) if name == "__kwdefaults__" else ("positional", "plain")
    mine = [p.name for p in function.node.params if p.kind in kinds]
    kept = {n: d for n, d in function.defaults.items() if n not in mine}
    if isinstance(value, Dict) and value.open is None:
        kept.update(value.items)
    elif isinstance(value, tuple):
        kept.update(zip(mine[len(mine) - len(value) :], value, strict=False))
    elif value is not None:
        kept.update({n: Unknown("the defaults of a function that were set", plain=True) for n in mine})
    return kept


def copied(code: Any, name: Any, argdefs: Any) -> Function | None:
    """`types.FunctionType(f.__code__, …)`: another function with the body of the one whose code it is. None for other code."""
    source = code.attrs.get(_OF) if isinstance(code, Instance) and code.cls is CODE else None
    if not isinstance(source, Function):
        return None
    made = Function(
        source.node, source.name, source.qualname, dict(source.defaults), source.closure, source.globals
    )
    made.name = name if isinstance(name, str) else source.name
    made.cell = source.cell
    made.defaults = defaults(made, "__defaults__", argdefs)
    made.defaults = defaults(made, "__kwdefaults__", None)
    return made


_OF = "function it is of"  # no program can ask for that


def _code(function: Function) -> Instance:
    node = function.node
    kinds = {kind: [p.name for p in node.params if p.kind == kind] for kind in _ORDER}
    flags = _VARARGS * bool(kinds["vararg"]) + _VARKEYWORDS * bool(kinds["kwarg"])
    if isinstance(node, ir.FunctionDef):
        flags += _GENERATOR * node.is_generator + _COROUTINE * node.is_async
    made = Instance(CODE)
    made.attrs[_OF] = function
    made.attrs.update(
        {
            "co_name": function.name,
            "co_qualname": function.qualname,
            "co_filename": function.globals.file.path if function.globals.file is not None else "",
            "co_firstlineno": node.at[0],
            "co_posonlyargcount": len(kinds["positional"]),
            "co_argcount": len(kinds["positional"]) + len(kinds["plain"]),
            "co_kwonlyargcount": len(kinds["keyword"]),
            "co_flags": flags,
            "co_varnames": (*(name for kind in _ORDER for name in kinds[kind]), *_locals(node)),
        }
    )
    for name in (
        "co_code",
        "co_consts",
        "co_names",
        "co_freevars",
        "co_cellvars",
        "co_nlocals",
        "co_stacksize",
    ):
        made.attrs[name] = Unknown(f"{name} of a function's code", plain=True)
    return made


_ORDER = ("positional", "plain", "keyword", "vararg", "kwarg")


def _locals(node: ir.FunctionDef | ir.Lambda) -> list[str]:
    """The names a function binds beside its parameters, in the order in which they are bound."""
    if isinstance(node, ir.Lambda):
        return []
    taken = {p.name for p in node.params}
    return [name for name in node.body.told(_bound_in) if name not in taken]


def _bound_in(body: tuple[ir.Stmt, ...]) -> list[str]:
    from shapelint.interp.widening import assigned

    found: dict[str, None] = {}
    for statement in body:
        found.update(dict.fromkeys(sorted(_bound(statement) | assigned(statement))))
    return list(found)


def _bound(statement: ir.Stmt) -> set[str]:
    """The names that imports, definitions and handlers in a statement bind."""
    found: set[str] = set()
    pending: list[Any] = [statement]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, (ir.FunctionDef, ir.ClassDef)):
            found.add(at.name)
        elif isinstance(at, ir.Import):
            found.update(alias or name.partition(".")[0] for name, alias in at.names)
        elif isinstance(at, ir.ImportFrom):
            found.update(alias or name for name, alias in at.names)
        elif isinstance(at, (ir.Stmt, ir.Handler, ir.Case)):
            if isinstance(at, ir.Handler) and at.name is not None:
                found.add(at.name)
            pending.extend(ir.parts(at))
    return found
