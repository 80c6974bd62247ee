"""functools: partial, reduce, wraps, caches, cached_property."""

from __future__ import annotations

from typing import Any

from shapelint.interp import attributes, calls, iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import ABSENT, Host, builtin, takes
from shapelint.interp.library import function
from shapelint.interp.truth import negated, truth
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Dict,
    Function,
    Instance,
    Property,
    StaticMethod,
    Unknown,
)


def partial(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A partial is an Instance: it has func, args and keywords, and is callable."""
    if not args:
        raise ProgramRaises("TypeError", "type 'partial' takes at least one argument")
    target, *given = args
    made = Instance(cls)
    if isinstance(target, Instance) and target.cls is PARTIAL:
        target, before, named = target.attrs[_HELD]
        given = [*before, *given]
        keywords = {**named.items, **keywords}
    held = target, tuple(given), Dict(dict(keywords))
    made.attrs.update({"func": target, "args": held[1], "keywords": held[2], _HELD: held})
    return made


_HELD = "functools.partial"  # what it calls, whatever a subclass makes of `func`


def _call_partial(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    target, given, named = args[0].attrs[_HELD]
    return calls.call(world, target, (*given, *args[1:]), {**named.items, **keywords})


PARTIAL = host_constructors.supply("partial", "functools.partial", partial)
PARTIAL.attrs["__call__"] = Builtin("method __call__", _call_partial)


@function("functools.partialmethod")
@takes("func, *args, **keywords")
def partialmethod(world: World, func: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Builtin:
    """Bound like a method of the program: the name says so."""
    return Builtin(
        "method partialmethod",
        lambda w, given, named: calls.call(w, func, (*given[:1], *args, *given[1:]), {**keywords, **named}),
    )


@function("functools.reduce")
@takes("function, iterable, initial=...")
def reduce(world: World, function: Any, iterable: Any, initial: Any) -> Any:
    found = iterate.known_items(world, iterable)
    if initial is not ABSENT:
        found = [initial, *found]
    if not found:
        raise ProgramRaises("TypeError", "reduce() of empty iterable with no initial value")
    value = found[0]
    for item in found[1:]:
        value = calls.call(world, function, (value, item), {})
    return value


def dress(world: World, wrapper: Any, wrapped: Any) -> Any:
    """Give a wrapper the names of what it wraps."""
    if isinstance(wrapper, Function):
        world.journal.touch_slot(wrapper, "wrapped")
        world.journal.touch(wrapper.attrs)
        wrapper.wrapped = wrapped
        for name in ("__name__", "__qualname__", "__doc__", "__module__"):
            found = attributes.find(world, wrapped, name)
            if found is not attributes.MISSING:
                wrapper.attrs[name] = found
        if isinstance(wrapped, Function):
            wrapper.attrs.update(wrapped.attrs)
    elif isinstance(wrapper, Instance):
        world.journal.touch(wrapper.attrs)
        wrapper.attrs["__wrapped__"] = wrapped
    return wrapper


@function("functools.wraps")
@takes("wrapped, assigned=None, updated=None")
def wraps(world: World, wrapped: Any, assigned: Any, updated: Any) -> Builtin:
    return Builtin("wraps", takes("wrapper")(lambda w, wrapper: dress(w, wrapper, wrapped)))


@function("functools.update_wrapper")
@takes("wrapper, wrapped, assigned=None, updated=None")
def update_wrapper(world: World, wrapper: Any, wrapped: Any, assigned: Any, updated: Any) -> Any:
    return dress(world, wrapper, wrapped)


def is_function(value: Any) -> bool:
    return isinstance(value, (Function, BoundMethod, Builtin, Class, StaticMethod, ClassMethod, Instance))


def identity(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0] if args else None


IDENTITY = Builtin("identity", identity)


@function("functools.lru_cache", "functools.cache")
@takes("maxsize=128, typed=False")
def lru_cache(world: World, maxsize: Any, typed: Any) -> Any:
    """`@lru_cache` and `@lru_cache(maxsize=…)`. What it gives is the function: its results are not remembered."""
    return maxsize if is_function(maxsize) else IDENTITY


@function("functools.cached_property")
@takes("func")
def cached_property(world: World, func: Any) -> Property:
    return Property(func, cached=True)


@function("functools.cmp_to_key")
@takes("mycmp")
def cmp_to_key(world: World, mycmp: Any) -> Any:
    def key(w: World, obj: Any) -> Instance:
        made = Instance(cls)
        made.attrs["obj"] = obj
        return made

    def less(w: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        from shapelint.interp import compare

        return compare.compare(
            w, "<", calls.call(w, mycmp, (args[0].attrs["obj"], args[1].attrs["obj"]), {}), 0
        )

    cls = Class("K", "functools.K")
    cls.attrs["__lt__"] = Builtin("method __lt__", less)
    return builtin("cmp_to_key", "obj", key)


# ---- total_ordering

_FROM = {
    "__lt__": {"__gt__": ("swap", False), "__le__": ("swap", True), "__ge__": ("same", True)},
    "__gt__": {"__lt__": ("swap", False), "__ge__": ("swap", True), "__le__": ("same", True)},
    "__le__": {"__ge__": ("swap", False), "__lt__": ("swap", True), "__gt__": ("same", True)},
    "__ge__": {"__le__": ("swap", False), "__gt__": ("swap", True), "__lt__": ("same", True)},
}


@function("functools.total_ordering")
@takes("cls")
def total_ordering(world: World, cls: Any) -> Any:
    if not isinstance(cls, Class):
        return cls
    root = next((name for name in _FROM if name in cls.attrs), None)
    if root is None:
        raise ProgramRaises("ValueError", "must define at least one ordering operation: < > <= >=")
    for name, (order, invert) in _FROM[root].items():
        if name not in cls.attrs:
            cls.attrs[name] = Builtin(f"method {name}", _derived(cls.attrs[root], order == "swap", invert))
    return cls


def _derived(root: Any, swap: bool, invert: bool) -> Host:
    """A comparison in terms of another: with the sides swapped, inverted, or both."""

    def compare(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        found = truth(world, calls.call(world, root, (args[1], args[0]) if swap else (args[0], args[1]), {}))
        if not invert:
            return found
        return negated(found) if isinstance(found, Unknown) else not found

    return compare
