"""Numbers that torch computes to the last bit in its own way: kept as an interval that holds whatever it computes.

Rounding such a number to an integer gives an exact one when the whole interval rounds to it; anything else about it that the
interval does not decide is unknown.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

from shapelint.values import Undetermined

_ROUNDING = (
    1.3e-7  # one unit in the last place of a float32: a correctly rounded operation errs by half of it
)
_FUNCTION = (
    1e-6  # eight units: torch's logarithms and powers err by one on a CPU, by less than eight on any device
)


_WHOLE = 8  # powers up to this one are known to be exact


class Approximate:
    """A real number between `low` and `high`."""

    __slots__ = ("high", "low")

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high

    def widened(self) -> Approximate:
        """With room for one more rounding; a number that float32 holds needs none."""
        if self.low == self.high and is_exact(self.low):
            return self
        return self._with_room(_ROUNDING)

    def rounded_somehow(self) -> Approximate:
        """With room for what a function errs that is not correctly rounded."""
        return self._with_room(_FUNCTION)

    def _with_room(self, relative: float) -> Approximate:
        room = relative * max(abs(self.low), abs(self.high))
        return Approximate(self.low - room, self.high + room)

    def decided(self, function: Callable[[float], Any]) -> Any:
        """What a step function gives when it gives the same at both ends."""
        low, high = function(self.low), function(self.high)
        if low != high:
            raise Undetermined("a number that is not known to the last bit")
        return low

    def _with(self, other: Any, function: Callable[[float, float], float]) -> Approximate:
        a = of(other)
        corners = [function(x, y) for x in (self.low, self.high) for y in (a.low, a.high)]
        return Approximate(min(corners), max(corners)).widened()

    def __add__(self, other: Any) -> Approximate:
        return self._with(other, lambda x, y: x + y)

    def __sub__(self, other: Any) -> Approximate:
        return self._with(other, lambda x, y: x - y)

    def __rsub__(self, other: Any) -> Approximate:
        return self._with(other, lambda x, y: y - x)

    def __mul__(self, other: Any) -> Approximate:
        return self._with(other, lambda x, y: x * y)

    def __truediv__(self, other: Any) -> Approximate:
        a = of(other)
        if a.low <= 0 <= a.high:
            raise Undetermined("a division by what may be zero")
        return self._with(other, lambda x, y: x / y)

    def __rtruediv__(self, other: Any) -> Approximate:
        if self.low <= 0 <= self.high:
            raise Undetermined("a division by what may be zero")
        return self._with(other, lambda x, y: y / x)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Approximate:
        return Approximate(-self.high, -self.low)

    def __abs__(self) -> Approximate:
        if self.low <= 0 <= self.high:
            return Approximate(0.0, max(-self.low, self.high))
        return self if self.low > 0 else -self

    def __round__(self, digits: int | None = None) -> Any:
        if digits:
            raise Undetermined("a number that is not known to the last bit")
        return self.decided(round)

    def __int__(self) -> int:
        return int(self.decided(math.trunc))

    def __trunc__(self) -> int:
        return int(self.decided(math.trunc))

    def __floor__(self) -> int:
        return int(self.decided(math.floor))

    def __ceil__(self) -> int:
        return int(self.decided(math.ceil))

    def __bool__(self) -> bool:
        return bool(self.decided(bool))

    def __lt__(self, other: Any) -> bool:
        a = of(other)
        if self.high < a.low or self.low >= a.high:
            return self.high < a.low
        raise Undetermined("a number that is not known to the last bit")

    def __gt__(self, other: Any) -> bool:
        a = of(other)
        if self.low > a.high or self.high <= a.low:
            return self.low > a.high
        raise Undetermined("a number that is not known to the last bit")

    def __float__(self) -> float:
        raise Undetermined("a number that is not known to the last bit")


def is_exact(value: float) -> bool:
    """Whether float32 holds the number: then every correctly rounded operation gives just it."""
    try:
        return bool(struct.unpack("f", struct.pack("f", value))[0] == value)
    except OverflowError:
        return False


def of(value: Any) -> Approximate:
    """A number as an interval."""
    return value if isinstance(value, Approximate) else Approximate(float(value), float(value))


def rising(function: Callable[[float], float]) -> Callable[[Any], Approximate]:
    """A rising function, computed to within torch's accuracy."""

    def compute(value: Any) -> Approximate:
        a = of(value)
        return Approximate(function(a.low), function(a.high)).rounded_somehow()

    return compute


def power(base: Any, exponent: Any) -> Approximate:
    """base ** exponent for a positive base. Torch gives a whole power exactly where float32 holds it (half a million such
    powers were compared; tests/specs/test_elements.py repeats some)."""
    a, b = of(base), of(exponent)
    if a.low <= 0:
        raise Undetermined("a power of what may be negative")
    corners = [x**y for x in (a.low, a.high) for y in (b.low, b.high)]
    found = Approximate(min(corners), max(corners))
    if a.low == a.high and b.low == b.high and 0 <= b.low <= _WHOLE and b.low.is_integer():
        from fractions import Fraction  # deferred: hardly any program gets here

        whole = Fraction(a.low) ** int(b.low)
        if Fraction(found.low) == whole and is_exact(found.low):
            return found
    return found.rounded_somehow()
