"""Built-in functions that look at their caller: super(), locals(), globals(), vars(), dir()."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import attributes, changes, imports, put_off
from shapelint.interp.calls import FrameBuiltin
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import Frame, World
from shapelint.values import (
    Class,
    Dict,
    Environment,
    External,
    Function,
    Instance,
    List,
    Namespace,
    SuperView,
    Unknown,
)


def _super(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if len(args) == 1 and isinstance(args[0], Frame):
        return _super_of_frame(world, args[0])
    if len(args) != 2:
        return Unknown("super() with one argument is not modelled", world.site())
    return _view(world, args[0], args[1])


def _super_of_frame(world: World, frame: Frame) -> Any:
    """super() without arguments: the method around the caller says which class, its first argument which object."""
    method = _method_around(world, frame)
    if method is None:
        return Unknown("super() outside of a method that is known", world.site())
    assert isinstance(method.function, Function)
    return _view(world, method.function.owner, method.receiver)


def class_around(frame: Frame) -> Class | Unknown:
    """What `__class__` means in a method: the class whose body holds it."""
    method = _method_around(frame.world, frame)
    owner = None if method is None else method.function.owner
    return owner or Unknown("__class__ outside of a method that is known", frame.world.site())


def _method_around(world: World, frame: Frame) -> Frame | None:
    """The call in progress of the method that the caller's code stands in."""
    scopes: list[Environment] = []
    scope: Environment | None = frame.env
    while scope is not None:
        scopes.append(scope)
        scope = scope.parent
    candidates = [frame, *reversed(world.frames)]
    for scope in scopes:
        for candidate in candidates:
            if (
                candidate.env is scope
                and isinstance(candidate.function, Function)
                and candidate.function.owner is not None
            ):
                return candidate
    return None


def _view(world: World, owner: Any, receiver: Any) -> Any:
    cls = (
        receiver if isinstance(receiver, Class) else receiver.cls if isinstance(receiver, Instance) else None
    )
    if isinstance(receiver, Class) and isinstance(owner, Class) and owner not in receiver.mro:
        cls = receiver.metaclass  # a method of a metaclass, called on a class
    if cls is None or not isinstance(owner, Class):
        why = receiver.why if isinstance(receiver, Unknown) else "super() of something that is not known"
        return Unknown(why, world.site())
    return SuperView(receiver, cls, owner)


def _names_of(world: World, space: Namespace) -> Dict:
    put_off.bring_all(world, space)
    hidden = space.pending or "__open__" in space.vars or space.state == "failed"
    return Dict(space.vars, Unknown("names of this module may not all be known") if hidden else None)


def _caller(world: World, args: tuple[Any, ...]) -> Frame:
    """The frame that asks: handed over where the call is written, else (`map(vars, …)`) the innermost."""
    if args and not isinstance(args[0], Frame):
        raise ProgramRaises("TypeError", "takes no arguments")
    frame = args[0] if args else world.frames[-1]
    if world.recording is not None:
        world.recording.spoilt = True
    assert isinstance(frame, Frame)
    return frame


def _globals(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _names_of(world, _caller(world, args).namespace)


def _locals(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    frame = _caller(world, args)
    scope: Environment = frame.env
    if scope.vars is frame.namespace.vars:
        return _names_of(world, frame.namespace)
    hidden = ("__class_body__", "__classcell__", "__comprehension__")
    held = {k: v for k, v in scope.vars.items() if k not in hidden}
    if (owner := getattr(frame.function, "owner", None)) is not None and _asks_its_class(frame.function):
        held["__class__"] = owner
    return Dict(held)


def _asks_its_class(function: Function) -> bool:
    """Whether a method names its class, if only by `super()`: it is then a variable of the method."""
    node = function.node
    return isinstance(node, ir.FunctionDef) and any(
        isinstance(at, ir.Name) and at.id in ("super", "__class__")
        for at in changes.nodes(node.body.statements)
    )


def _vars(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not args or isinstance(args[0], Frame):
        return _locals(world, args, keywords)
    if isinstance(args[0], Namespace):
        return _names_of(world, args[0])
    found = attributes.find(world, args[0], "__dict__")
    if found is attributes.MISSING:
        raise ProgramRaises("TypeError", "vars() argument must have __dict__ attribute")
    return found


def _dir(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not args or isinstance(args[0], Frame):
        found = _locals(world, args, keywords)
    elif isinstance(args[0], Namespace):
        found = _names_of(world, args[0])
    elif isinstance(args[0], External):
        return List(
            imports.names_under(args[0].qualname),
            Unknown(f"what else {args[0].qualname} has is not modelled"),
        )
    else:
        return List([], Unknown("dir() of an object is not modelled"))
    return List(sorted(k for k in found.items if isinstance(k, str)), found.open)


NAMES = {
    "super": FrameBuiltin("super", _super),
    "globals": FrameBuiltin("globals", _globals),
    "locals": FrameBuiltin("locals", _locals),
    "vars": FrameBuiltin("vars", _vars),
    "dir": FrameBuiltin("dir", _dir),
}
