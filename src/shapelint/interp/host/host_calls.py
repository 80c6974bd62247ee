"""Host functions for the program to call: arguments bound to a documented signature, values carried over and back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.specs.signature import BindingError, Signature, parse
from shapelint.values import (
    Builtin,
    Class,
    Dict,
    Either,
    Instance,
    List,
    Set,
    Tensor,
    Undetermined,
    Unknown,
    nesting,
)

Host = Callable[[World, tuple[Any, ...], dict[str, Any]], Any]
_Law = TypeVar("_Law", bound=Callable[..., Any])

ABSENT: Any = Ellipsis  # the default of a parameter that may be left out, written `...` in a signature
MAX_TEXT = 1_000_000
_PLAIN = (int, float, complex, str, bytes, type(None), type(Ellipsis))
_ENDLESS = "it holds itself, or more than can be followed"
_HOST_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@cache
def _signature(text: str) -> Signature:
    return parse(text)


def takes(signature: str, *, plain: bool = False) -> Callable[[Callable[..., Any]], Host]:
    """A host function under the program's calling convention. It is given the world and its arguments by name.

    What it cannot tell (Undetermined) is an Unknown, `plain` where the function never gives a layer or a parameter. An
    argument that is one of several values is asked value by value.
    """

    read = _signature(signature)

    def decorate(law: Callable[..., Any]) -> Host:
        def call(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
            return _asked(law, read, plain, world, args, keywords)

        return call

    return decorate


# Not within `call`: a function that names itself is garbage for the collector, and many are made for one call.
def _asked(
    law: Callable[..., Any],
    signature: Signature,
    plain: bool,
    world: World,
    args: tuple[Any, ...],
    keywords: dict[str, Any],
) -> Any:
    for at, value in enumerate(args):
        if value.__class__ is Either:
            return each(
                world, value, functools.partial(_with, law, signature, plain, world, args, at, keywords)
            )
    try:
        return law(world, **signature.bind(args, keywords))
    except BindingError as problem:
        return Unknown(f"{law.__name__.strip('_')}: {problem}", world.site(), plain=plain)
    except Undetermined as problem:
        return unknown(world, problem, plain=plain)
    except dims.Undetermined as problem:
        return Unknown(str(problem), world.site(), plain=plain)


def _with(
    law: Callable[..., Any],
    signature: Signature,
    plain: bool,
    world: World,
    args: tuple[Any, ...],
    at: int,
    keywords: dict[str, Any],
    option: Any,
) -> Any:
    """The call with an option in place of one argument."""
    return _asked(law, signature, plain, world, (*args[:at], option, *args[at + 1 :]), keywords)


def into(table: dict[str, Host], name: str, signature: str, *, plain: bool = False) -> Callable[[_Law], _Law]:
    """Enter a law into a table of functions, under the program's calling convention."""

    def register(law: _Law) -> _Law:
        table[name] = takes(signature, plain=plain)(law)
        return law

    return register


def unknown(world: World, problem: Undetermined, *, plain: bool = False) -> Unknown:
    """The value of a call that could not be decided."""
    failed = problem.cause is not None and problem.cause.after_failure
    return Unknown(problem.why, world.site(), after_failure=failed, plain=plain)


def each(world: World, value: Either, ask: Callable[[Any], Any]) -> Any:
    """The joined answer for each value that an Either may be."""
    from shapelint.interp import branch

    return branch.value(world, None, [lambda option=option: ask(option) for option in value.options])  # type: ignore[misc]


def builtin(name: str, signature: str, law: Callable[..., Any], *, plain: bool = False) -> Builtin:
    return Builtin(name, takes(signature, plain=plain)(law))


def method(cls: Class, name: str, signature: str, law: Callable[..., Any], *, plain: bool = False) -> None:
    """Give a supplied class a method. The law is given `self`, an instance of the class, before its arguments."""

    def guarded(world: World, self: Any, **given: Any) -> Any:
        if not isinstance(self, Instance) or not self.cls.is_subclass(cls):
            raise Undetermined(f"{name} of something that is no {cls.name}")
        return law(world, self, **given)

    both = f"self, {signature}" if signature else "self"
    cls.attrs[name] = Builtin(f"method {name}", takes(both, plain=plain)(guarded))


def bound_to(signature: str, function: Host) -> Host:
    """A method of a supplied class: its arguments are bound as Python binds them, and handed over in the documented order."""

    def call(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        try:
            given = _signature(signature).bind(args[1:], keywords)
        except BindingError as problem:
            raise ProgramRaises("TypeError", str(problem)) from None
        return function(world, (args[0], *given.values()), {})

    return call


def host(world: World, value: Any) -> Any:
    """A program value as the plain Python value it stands for; Undetermined when that is not known."""
    if isinstance(value, _PLAIN):
        return value
    if nesting.endless(value):
        raise Undetermined(_ENDLESS)
    return _host(world, value)


def _host(world: World, value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Sym):
        number = dims.witness(world.resolve(value))
        if number is None:
            raise Undetermined(f"the number {value} is not known")
        return number
    if isinstance(value, tuple):
        return tuple(_host(world, item) for item in value)
    if isinstance(value, Unknown):
        raise Undetermined(value.why, value)
    if isinstance(value, (List, Dict, Set)):
        if value.open is not None:
            raise Undetermined(value.open.why)
        if isinstance(value, Dict):
            return {_host(world, k): _host(world, v) for k, v in value.items.items()}
        items = [_host(world, item) for item in value.items]
        return items if isinstance(value, List) else frozenset(items) if value.frozen else set(items)
    if isinstance(value, Instance) and value.payload is not None:
        return host(world, value.payload)
    if isinstance(value, Tensor) and value.data is not None and len(value.data) == 1:
        return host(world, value.data[0])
    if isinstance(value, (range, slice)):
        return value
    raise Undetermined("it depends on a value that is not known as a plain one")


def number(world: World, value: Any) -> int | float:
    """A program value as a host number."""
    found = host(world, value)
    if not isinstance(found, (int, float)):
        from shapelint.interp.iterate import type_name

        raise ProgramRaises("TypeError", f"must be real number, not {type_name(value)}")
    return found


def integer(world: World, value: Any) -> int:
    """A program value as a host integer."""
    found = host(world, value)
    if not isinstance(found, int):
        raise ProgramRaises(
            "TypeError", f"'{type(found).__name__}' object cannot be interpreted as an integer"
        )
    return found


def back(value: Any) -> Any:
    """A plain Python value as a program value."""
    if isinstance(value, list):
        return List([back(item) for item in value])
    if isinstance(value, dict):
        return Dict({k: back(v) for k, v in value.items()})
    if isinstance(value, (set, frozenset)):
        return Set(dict.fromkeys(sorted(value, key=repr)), frozen=isinstance(value, frozenset))
    if isinstance(value, tuple):
        return tuple(back(item) for item in value)
    return value


def attempt(run: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """Call plain Python with plain values; what it raises, the program raises."""
    try:
        return run(*args, **keywords)
    except _HOST_ERRORS as problem:
        text = str(problem.args[0]) if isinstance(problem, KeyError) and problem.args else str(problem)
        raise ProgramRaises(type(problem).__name__, text) from None
    except (MemoryError, RecursionError):
        raise Undetermined("a value too large to compute") from None
