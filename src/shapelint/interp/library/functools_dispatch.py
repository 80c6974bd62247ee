"""functools.singledispatch and singledispatchmethod: which function is called hangs on the type of the first argument."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls, class_attributes, classes
from shapelint.interp.evaluation import evaluate
from shapelint.interp.host.host_calls import builtin, method, takes
from shapelint.interp.library import function
from shapelint.interp.world import Frame, World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Environment,
    External,
    Function,
    Instance,
    List,
    Undetermined,
    Unknown,
)

_TABLE = "functools.singledispatch"  # pairs of a class and its function; no program can ask for that


def _dispatcher(cls: Class, func: Any) -> Instance:
    made = Instance(cls)
    made.attrs[_TABLE] = List([])
    made.attrs["func" if cls is METHOD else "__wrapped__"] = func
    for name in ("__name__", "__qualname__"):
        if isinstance(func, Function):
            made.attrs[name] = func.name if name == "__name__" else func.qualname
    return made


@function("functools.singledispatch")
@takes("func")
def _single(world: World, func: Any) -> Any:
    return _dispatcher(SINGLE, func)


@function("functools.singledispatchmethod")
@takes("func")
def _method(world: World, func: Any) -> Any:
    return _dispatcher(METHOD, func)


def _register(world: World, self: Instance, cls: Any, func: Any) -> Any:
    """`register(cls)`, `register(cls, func)`, or `register` on a function whose first argument is annotated."""
    if func is not None:
        return _enter(world, self, (cls,), func)
    if isinstance(cls, (Function, BoundMethod)) and isinstance(getattr(cls, "function", cls), Function):
        return _enter(world, self, _annotated(world, cls), cls)
    return builtin("register", "func", lambda w, func: _enter(w, self, (cls,), func))


def _enter(world: World, owner: Instance, kinds: tuple[Any, ...], func: Any) -> Any:
    table = owner.attrs[_TABLE].items
    world.journal.touch(table)
    table += [(kind, func) for kind in kinds]
    return func


def _annotated(world: World, func: Any) -> tuple[Any, ...]:
    """The classes that the annotation of a function's first argument names."""
    held = func.function if isinstance(func, BoundMethod) else func
    params = held.node.params
    at = next((p.annotation for p in params if p.annotation is not None), None)
    scope = held.closure or Environment({}, None, held.globals)
    found = None if at is None else evaluate(at, Frame(world, scope, held))
    return (
        (found,)
        if isinstance(found, (Builtin, Class, External))
        else (Unknown("a type to dispatch on is not known", world.site()),)
    )


def _chosen(world: World, owner: Instance, value: Any) -> Any:
    """The function for a value: that of the most derived class which it is an instance of."""
    fitting: list[tuple[Any, Any]] = []
    for kind, func in owner.attrs[_TABLE].items:
        fits = classes.is_instance(world, value, kind)
        if not isinstance(fits, bool):
            raise Undetermined("which function singledispatch calls is not known")
        if fits:
            fitting = [(k, f) for k, f in fitting if k is not kind]  # registered again
            fitting.append((kind, func))
    best = [
        func
        for kind, func in fitting
        if all(classes.is_subclass(world, kind, other) is True for other, _ in fitting)
    ]
    if fitting and len(best) != 1:
        raise Undetermined("which function singledispatch calls is not known")
    return best[0] if best else owner.attrs.get("__wrapped__", owner.attrs.get("func"))


def _call(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    owner, *given = args
    if not given:
        return Unknown("singledispatch without a positional argument", world.site())
    return calls.call(world, _chosen(world, owner, given[0]), tuple(given), keywords)


def _dispatch(world: World, self: Instance, cls: Any) -> Any:
    exact = [func for kind, func in self.attrs[_TABLE].items if isinstance(kind, Class) and kind is cls]
    return exact[-1] if exact else Unknown("dispatch() of a class that is not registered", world.site())


def _bound(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A method is chosen by the argument behind the one it is bound to."""
    owner, receiver, cls = args

    def call(w: World, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if not given:
            return Unknown("singledispatchmethod without a positional argument", w.site())
        return calls.call(w, class_attributes.bound(_chosen(w, owner, given[0]), receiver, cls), given, named)

    return owner if receiver is None else Builtin("singledispatchmethod", call)


SINGLE = Class("singledispatch", "functools.singledispatch's")
METHOD = Class("singledispatchmethod", "functools.singledispatchmethod's")
for _cls in (SINGLE, METHOD):
    method(_cls, "register", "cls, func=None", _register)
method(SINGLE, "dispatch", "cls", _dispatch)
SINGLE.attrs["__call__"] = Builtin("method __call__", _call)
METHOD.attrs["__get__"] = Builtin("method __get__", _bound)
