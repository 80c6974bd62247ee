"""Operators of numbers and of sizes, which stay symbolic where they can: `h // 2`, and `h / 2` until it is rounded."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import open_lists
from shapelint.interp.world import World
from shapelint.values import List, Unknown

HOST: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "^": operator.xor,
    "&": operator.and_,
}
NUMBERS = (int, float, complex)
_MAX_BITS = 4_096


def numbers(op: str, a: Any, b: Any) -> Any:
    if op == "**" and isinstance(a, int) and isinstance(b, int) and b > 0 and a.bit_length() * b > _MAX_BITS:
        return Unknown("a power too large to compute")
    if op == "<<" and isinstance(b, int) and b > _MAX_BITS:
        return Unknown("a shift too large to compute")
    if (
        op == "*"
        and isinstance(a, int)
        and isinstance(b, int)
        and a.bit_length() + b.bit_length() > _MAX_BITS
    ):
        return Unknown("a product too large to compute")
    if op == "@":
        raise ProgramRaises("TypeError", "unsupported operand type(s) for @")
    try:
        return HOST[op](a, b)
    except ZeroDivisionError as problem:
        raise ProgramRaises("ZeroDivisionError", str(problem)) from None
    except (TypeError, ValueError, OverflowError) as problem:
        raise ProgramRaises(type(problem).__name__, str(problem)) from None


def sizes(world: World, op: str, a: Any, b: Any) -> Any:
    if op == "/":
        return _quotient(world, a, b)
    if op in ("+", "-", "*", "//", "%"):
        try:
            return HOST[op](
                world.resolve(int(a) if isinstance(a, bool) else a),
                world.resolve(int(b) if isinstance(b, bool) else b),
            )
        except ZeroDivisionError as problem:
            raise ProgramRaises("ZeroDivisionError", str(problem)) from None
        except dims.Undetermined as problem:
            return Unknown(str(problem))
    if op == "**" and isinstance(b, int) and 0 <= b <= 8:
        return a**b
    return _on_witnesses(op, a, b)


def _quotient(world: World, a: Any, b: Any) -> Any:
    """True division of sizes: a float where the numbers are known. `int(h / 2)` is read as a floor division by `int`."""
    left, right = dims.witness(a), dims.witness(b)
    if right == 0:
        raise ProgramRaises("ZeroDivisionError", "division by zero")
    if left is not None and right is not None:
        return left / right
    return Quotient(a, b)


class Quotient(Unknown):
    """A true quotient of sizes that are not all known: rounded down by int(), it is a size again."""

    __slots__ = ("above", "below")

    def __init__(self, above: Any, below: Any) -> None:
        super().__init__(f"{above} / {below} is not known", plain=True)
        self.above: Any = above
        self.below: Any = below

    @property
    def sides(self) -> tuple[Any, Any]:
        return self.above, self.below

    def rounded(self, world: World, *, up: bool) -> Any:
        """Its floor or ceiling, by what is known of the sizes by now."""
        above, below = map(world.resolve, self.sides)
        try:
            return dims.ceildiv(above, below) if up else above // below
        except ZeroDivisionError:
            raise ProgramRaises("ZeroDivisionError", "division by zero") from None


def _on_witnesses(op: str, a: Any, b: Any) -> Any:
    left, right = dims.witness(a), dims.witness(b)
    if left is None or right is None:
        return Unknown(f"{a} {op} {b} is not known", plain=True)
    return numbers(op, left, right)


def with_witness(op: str, a: Any, b: Any) -> Any:
    """A size against a float, string, …: the number that is known of it, if one is."""
    left = dims.witness(a) if isinstance(a, Sym) else a
    right = dims.witness(b) if isinstance(b, Sym) else b
    if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
        return numbers(op, left, right)
    if isinstance(a, float) or isinstance(b, float):
        return Unknown(f"{a} {op} {b} is not known", plain=True)
    if isinstance(a, Sym) and left is None and isinstance(b, (List, tuple, str)) and op == "*":
        return Unknown(f"a repetition {a} times")
    if isinstance(b, Sym) and right is None and isinstance(a, (List, tuple, str)) and op == "*":
        if isinstance(a, List):
            return open_lists.opened(f"a list repeated {b} times", a.items)
        return Unknown(f"a repetition {b} times")
    return NotImplemented
