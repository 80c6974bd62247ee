"""An axis as a row-major product of atoms, each with an identity of its own. Knows sizes; knows no operations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from math import isqrt
from typing import NamedTuple

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.dims.form import Symbol

Axis = tuple["Atom", ...]  # outermost first; empty for an axis of size 1 that nothing is known of


class Atom(NamedTuple):
    """A part of an axis that moves as a whole.

    key      what it is: two atoms with equal keys are the same axis. A symbolic size is its own key
    size     how long it is
    kind     "named" (a symbolic size), "made" (by a layer, or when the tensor was created), "one" (put there by unsqueeze,
             keepdim, …; size 1), "foreign" (it holds other things than what it was: a pad, a cat, something not followed)
    parent   the atom it was split off from, and `inner` how many values lie within one step of it there
    """

    key: object
    size: Dim
    kind: str = "made"
    parent: Atom | None = None
    inner: int = 1


def coalesced(pieces: Iterable[Atom], number: Numbers) -> Axis:
    """Neighbours that were one atom once become one again."""
    result: list[Atom] = []
    for piece in pieces:
        last = result[-1] if result else None
        if last is not None and last.parent is not None and last.parent == piece.parent:
            size = number(piece.size) or 0
            if last.inner == piece.inner * size:
                result[-1] = piece_of(last.parent, piece.inner, (number(last.size) or 0) * size, number)
                continue
        result.append(piece)
    return tuple(result)


def piece_of(parent: Atom, inner: int, size: int, number: Numbers) -> Atom:
    """A factor of an atom: `size` steps of `inner` values; the atom itself when that is all of it."""
    if parent.parent is not None:
        return piece_of(parent.parent, parent.inner * inner, size, number)
    if inner == 1 and number(parent.size) == size:
        return parent
    return Atom(("piece", parent.key, inner, size), size, parent.kind, parent, inner)


class Numbers:
    """Sizes as numbers: the one seen, or for symbols that have none a large prime each, so that nothing fits by chance."""

    __slots__ = ("_found", "_primes")

    def __init__(self) -> None:
        self._primes: dict[Symbol, int] = {}
        self._found: dict[
            Sym, int | None
        ] = {}  # the same few sizes are asked for at every axis of every tensor

    def __call__(self, dim: Dim) -> int | None:
        if not isinstance(dim, Sym):
            return dim
        if dim.witness is not None:
            return dim.witness
        if dim not in self._found:
            self._found[dim] = self._evaluated(dim)
        return self._found[dim]

    def _evaluated(self, dim: Sym) -> int | None:
        given = {s: s.witness if s.witness is not None else self._prime(s) for s in dim.symbols}
        try:
            return dims.evaluate(dim, given)
        except (dims.Undetermined, ZeroDivisionError):
            return None

    def _prime(self, symbol: Symbol) -> int:
        if symbol not in self._primes:
            last = max(self._primes.values(), default=1_000)
            self._primes[symbol] = next(
                n for n in count(last + 1) if all(n % d for d in range(2, isqrt(n) + 1))
            )
        return self._primes[symbol]
