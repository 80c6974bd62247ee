"""Built-in functions about numbers: abs, round, pow, divmod, min, max, sum, and their spellings bin, hex, chr, …"""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp import calls, compare, iterate, operators
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import ABSENT, Host, attempt, host, into
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import Class, Instance, Stream, Tensor, Undetermined, Unknown

FUNCTIONS: dict[str, Host] = {}


def special(world: World, value: Any, name: str, *args: Any) -> Any:
    """What the program's own special method gives, or ABSENT."""
    method = calls.special(value, name) if isinstance(value, (Instance, Class)) else None
    return ABSENT if method is None else calls.call(world, method, (value, *args), {})


@into(FUNCTIONS, "abs", "x")
def _abs(world: World, x: Any) -> Any:
    if isinstance(x, Tensor):
        from shapelint.interp.tensors import torch_calls

        return torch_calls.op(world, "torch.abs", (x,), {})
    if isinstance(x, Sym):
        x = world.resolve(x)
        return x if dims.less_equal(0, x).yes else dims.maximum(x, -x)
    own = special(world, x, "__abs__")
    return attempt(abs, host(world, x)) if own is ABSENT else own


@into(FUNCTIONS, "round", "number, ndigits=None")
def _round(world: World, number: Any, ndigits: Any) -> Any:
    if isinstance(number, Tensor):
        from shapelint.interp.tensors import torch_calls

        return torch_calls.op(world, "torch.round", (number,), {})
    if isinstance(number, Sym) and ndigits is None:
        return number
    own = special(world, number, "__round__", *(() if ndigits is None else (ndigits,)))
    if own is not ABSENT:
        return own
    digits = host(world, ndigits)
    if isinstance(digits, int) and abs(digits) > _MOST_DIGITS:
        raise Undetermined("rounding to so many digits")
    return plainly(world, number, lambda n: attempt(round, n, digits))


_MOST_DIGITS = 1_000


def plainly(world: World, value: Any, run: Any) -> Any:
    """`run` on the host's number; where that is not known, a plain unknown."""
    try:
        return run(host(world, value))
    except Undetermined as problem:
        failed = problem.cause is not None and problem.cause.after_failure
        return Unknown(problem.why, world.site(), after_failure=failed, plain=True)


@into(FUNCTIONS, "pow", "base, exp, mod=None")
def _pow(world: World, base: Any, exp: Any, mod: Any) -> Any:
    if mod is not None:
        return attempt(pow, host(world, base), host(world, exp), host(world, mod))
    return operators.binary(world, "**", base, exp)


@into(FUNCTIONS, "divmod", "x, y")
def _divmod(world: World, x: Any, y: Any) -> Any:
    for receiver, other, name in ((x, y, "__divmod__"), (y, x, "__rdivmod__")):
        own = special(world, receiver, name, other)
        if own is not ABSENT:
            return own
    return operators.binary(world, "//", x, y), operators.binary(world, "%", x, y)


def _text_of(name: str, run: Any) -> None:
    @into(FUNCTIONS, name, "x", plain=True)
    def law(world: World, x: Any) -> Any:
        return attempt(run, host(world, x))


for _name, _run in (("bin", bin), ("hex", hex), ("oct", oct), ("chr", chr), ("ord", ord)):
    _text_of(_name, _run)


# ---- least, greatest, total


@into(FUNCTIONS, "min", "*values, key=None, default=...")
def _min(world: World, values: tuple[Any, ...], key: Any, default: Any) -> Any:
    return extreme(world, "min", values, key, default)


@into(FUNCTIONS, "max", "*values, key=None, default=...")
def _max(world: World, values: tuple[Any, ...], key: Any, default: Any) -> Any:
    return extreme(world, "max", values, key, default)


def extreme(world: World, name: str, values: tuple[Any, ...], key: Any, default: Any) -> Any:
    """min(…) or max(…): one iterable, or several values."""
    if not values:
        raise ProgramRaises("TypeError", f"{name} expected at least 1 argument, got 0")
    if len(values) == 1:
        found = iterate.items(world, values[0])
        if isinstance(found, Stream):
            raise Undetermined(found.why, found.element if isinstance(found.element, Unknown) else None)
    else:
        found = list(values)
    if not found:
        if default is not ABSENT:
            return default
        raise ProgramRaises("ValueError", f"{name}() iterable argument is empty")
    world.spend(4 * len(found))
    if key is None:
        if are_plain(found):
            return min(found) if name == "min" else max(found)
        as_sizes = _all_sizes(world, found)
        if as_sizes is not None:
            return dims.minimum(*as_sizes) if name == "min" else dims.maximum(*as_sizes)
        if any(isinstance(v, Unknown) for v in found) and any(
            isinstance(v, (int, float, Sym)) for v in found
        ):
            cause = next(v for v in found if isinstance(v, Unknown))
            return Unknown(cause.why, world.site(), after_failure=cause.after_failure, plain=True)
    keyed = [(v if key is None else calls.call(world, key, (v,), {}), v) for v in found]
    best = keyed[0]
    for candidate in keyed[1:]:
        world.step()
        wins = truth(world, compare.compare(world, "<" if name == "min" else ">", candidate[0], best[0]))
        if isinstance(wins, Unknown):
            raise Undetermined(wins.why, wins)
        if wins:
            best = candidate
    return best[1]


def are_plain(values: list[Any]) -> bool:
    """Whether these are all integers or all texts: how they compare, the host says."""
    kinds = set(map(type, values))
    return kinds == {int} or kinds == {str}


def _all_sizes(world: World, values: list[Any]) -> list[dims.Dim] | None:
    """The values as sizes when all are integers, one of them symbolic; a named argument beside integers is read as one."""
    if not any(isinstance(v, (Sym, Unknown)) for v in values):
        return None
    if any(isinstance(v, bool) for v in values):
        return None
    if not all(isinstance(v, (int, Sym)) or (isinstance(v, Unknown) and v.name is not None) for v in values):
        return None
    if all(isinstance(v, Unknown) for v in values):
        return None
    return [world.resolve(v.as_size() if isinstance(v, Unknown) else v) for v in values]


@into(FUNCTIONS, "sum", "iterable, start=0")
def _sum(world: World, iterable: Any, start: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        element = found.element
        cause = element if isinstance(element, Unknown) else None
        plain = isinstance(element, (int, float, Sym)) or (cause is not None and cause.plain)
        return Unknown(
            found.why, world.site(), after_failure=cause is not None and cause.after_failure, plain=plain
        )
    if isinstance(start, str):
        raise ProgramRaises("TypeError", "sum() can't sum strings [use ''.join(seq) instead]")
    if all(isinstance(v, (int, Sym)) for v in (start, *found)) and any(isinstance(v, Sym) for v in found):
        return dims.total([world.resolve(v) if isinstance(v, Sym) else int(v) for v in (start, *found)])
    total = start
    for value in found:
        world.step()
        if (
            isinstance(total, int)
            and not isinstance(total, bool)
            and total == 0
            and isinstance(value, Tensor)
        ):
            total = value if len(found) == 1 else _first_term(world, value)
            continue
        total = operators.binary(world, "+", total, value)
    return total


def _first_term(world: World, value: Tensor) -> Any:
    """0 + tensor: a tensor of the same shape; a bool becomes an integer."""
    return operators.binary(world, "+", value, 0)
