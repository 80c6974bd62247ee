"""math: exact on sizes where a law is known (floor, ceil, prod, gcd), else on the numbers that are known."""

from __future__ import annotations

import math
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp import calls, iterate, operators
from shapelint.interp.arithmetic import Quotient
from shapelint.interp.host.host_calls import Host, attempt, host, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import Instance, Unknown, some_number

for _name in ("pi", "e", "tau", "inf", "nan"):
    constant(f"math.{_name}", getattr(math, _name))


def _rounded(world: World, x: Any, method: str) -> Any:
    """What floor and ceil share: sizes are whole already, objects have their own."""
    if isinstance(x, Sym):
        return x
    own = calls.special(x, method) if isinstance(x, Instance) else None
    return calls.call(world, own, (x,), {}) if own is not None else None


@function("math.floor")
@takes("x", plain=True)
def floor(world: World, x: Any) -> Any:
    if isinstance(x, Quotient):
        return x.rounded(world, up=False)
    made = _rounded(world, x, "__floor__")
    return attempt(math.floor, host(world, x)) if made is None else made


@function("math.ceil")
@takes("x", plain=True)
def ceil(world: World, x: Any) -> Any:
    if isinstance(x, Quotient):
        return x.rounded(world, up=True)
    made = _rounded(world, x, "__ceil__")
    return attempt(math.ceil, host(world, x)) if made is None else made


@function("math.trunc")
@takes("x", plain=True)
def trunc(world: World, x: Any) -> Any:
    made = _rounded(world, x, "__trunc__")
    return attempt(math.trunc, host(world, x)) if made is None else made


@function("math.prod")
@takes("iterable, *, start=1")
def prod(world: World, iterable: Any, start: Any) -> Any:
    found = iterate.items(world, iterable)
    if not isinstance(found, list):
        return Unknown(found.why, world.site(), plain=True)
    total = start
    for value in found:
        total = operators.binary(world, "*", total, value)
    return total


@function("math.gcd")
@takes("*integers", plain=True)
def gcd(world: World, integers: tuple[Any, ...]) -> Any:
    if integers and all(isinstance(n, Sym) and n is integers[0] for n in integers):
        return integers[0] if dims.less_equal(0, integers[0]).yes else abs(host(world, integers[0]))
    return attempt(math.gcd, *(host(world, n) for n in integers))


@function("math.fsum")
@takes("seq", plain=True)
def fsum(world: World, seq: Any) -> Any:
    return attempt(math.fsum, [host(world, v) for v in iterate.known_items(world, seq)])


def _bounded(name: str, most: int) -> Host:
    """Functions whose results grow without bound: only small arguments are computed."""

    def law(world: World, args: tuple[Any, ...]) -> Any:
        given = [host(world, a) for a in args]
        if any(isinstance(n, int) and n > most for n in given):
            return Unknown(f"math.{name} of a large number", world.site(), plain=True)
        return attempt(getattr(math, name), *given)

    return takes("*args", plain=True)(law)


def _host_function(name: str) -> Host:
    def law(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if name in _FLOATS and any(isinstance(a, Unknown) for a in args) and not keywords:
            return some_number("float", f"math.{name} of what is not known", world.site())
        given = [host(world, a) for a in args]
        return attempt(getattr(math, name), *given, **{k: host(world, v) for k, v in keywords.items()})

    return takes("*args, **keywords", plain=True)(law)


_FLOATS = frozenset(
    "acos asin atan atan2 cbrt cos cosh degrees exp exp2 expm1 fabs fmod hypot log log10 log1p log2 pow radians sin sinh sqrt tan "
    "tanh".split()
)
_BOUNDED = {"factorial": 1_000, "comb": 5_000, "perm": 5_000}
_DONE = {"floor", "ceil", "trunc", "prod", "gcd", "fsum"}

for _name, _value in vars(math).items():
    if callable(_value) and not _name.startswith("_") and _name not in _DONE:
        made = _bounded(_name, _BOUNDED[_name]) if _name in _BOUNDED else _host_function(_name)
        function(f"math.{_name}")(made)
