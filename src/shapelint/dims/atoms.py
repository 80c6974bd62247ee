"""The atoms that are not symbols: what arithmetic could not take apart.

Interning and bounds only; which expressions become an atom at all is decided in `floor` and `extremes`, and
nothing may be simplified here.
"""

from __future__ import annotations

from typing import TypeAlias, final

from shapelint.dims import reach
from shapelint.dims.form import MAX_DEPTH, MAX_WEIGHT, Atom, Dim, Sym, Symbol, bare, witness
from shapelint.dims.memo import Living

Key: TypeAlias = tuple[object, ...]
_MOST_BITS = 64  # of a size


@final
class Floor(Atom):
    """`numerator // denominator`."""

    __slots__ = ("denominator", "numerator")
    numerator: Dim
    denominator: Dim


@final
class Modulo(Atom):
    """`numerator % denominator`, for a denominator that is not a number."""

    __slots__ = ("denominator", "numerator")
    numerator: Dim
    denominator: Dim


@final
class Extreme(Atom):
    """The least or the greatest of two or more dims."""

    __slots__ = ("dims", "greatest")
    greatest: bool
    dims: tuple[Dim, ...]


@final
class Choice(Atom):
    """`first` or `second`, by a condition that is not decided; the same `key` is the same condition."""

    __slots__ = ("dims", "key")
    key: object
    dims: tuple[Dim, Dim]


@final
class Opaque(Atom):
    """Some integer that grew too large to be followed; its symbols and its conditions are those it was made of."""

    __slots__ = ("conditions",)
    conditions: tuple[object, ...]


_interned: Living[Key, Atom] = Living()


def floored(numerator: Dim, denominator: Dim) -> Dim:
    key: Key = ("//", numerator, denominator)
    found = _interned.get(key)
    if found is not None:
        return bare(found)
    low, high = reach.quotient(reach.bounds(numerator), reach.bounds(denominator))
    top, bottom = witness(numerator), witness(denominator)
    atom = Floor(
        low, high, top // bottom if top is not None and bottom else None, *_shape(numerator, denominator)
    )
    atom.numerator = numerator
    atom.denominator = denominator
    return _intern(key, atom)


def remainder(numerator: Dim, denominator: Dim) -> Dim:
    key: Key = ("%", numerator, denominator)
    found = _interned.get(key)
    if found is not None:
        return bare(found)
    low, high = reach.remainder(reach.bounds(numerator), reach.bounds(denominator))
    top, bottom = witness(numerator), witness(denominator)
    atom = Modulo(
        low, high, top % bottom if top is not None and bottom else None, *_shape(numerator, denominator)
    )
    atom.numerator = numerator
    atom.denominator = denominator
    return _intern(key, atom)


def extreme(greatest: bool, dims: tuple[Dim, ...]) -> Dim:
    key: Key = ("max" if greatest else "min", frozenset(dims))
    found = _interned.get(key)
    if found is not None:
        return bare(found)
    pick = max if greatest else min
    low, high = reach.extreme(greatest, [reach.bounds(dim) for dim in dims])
    seen = [witness(dim) for dim in dims]
    known = [value for value in seen if value is not None]
    atom = Extreme(low, high, pick(known) if len(known) == len(seen) else None, *_shape(*dims))
    atom.greatest = greatest
    atom.dims = dims
    return _intern(key, atom)


def choice(key: object, a: Dim, b: Dim) -> Dim:
    """The dim that is `a` or `b`, depending on a condition that is not decided.

    The same key object with the same sides gives the same form.  The atom holds the key, so its id is not
    reused while the atom lives.
    """
    if a is b or a == b:
        return a
    name: Key = ("choice", id(key), a, b)
    found = _interned.get(name)
    if found is not None:
        return bare(found)
    low, high = reach.union(reach.bounds(a), reach.bounds(b))
    first, second = witness(a), witness(b)
    atom = Choice(low, high, first if first == second else None, *_shape(a, b))
    atom.key = key
    atom.dims = (a, b)
    return _intern(name, atom)


def opaque(
    low: int | None,
    high: int | None,
    seen: int | None,
    symbols: frozenset[Symbol],
    conditions: tuple[object, ...],
) -> Sym:
    """A fresh unknown integer: sound in place of anything, since nothing else is known of it."""
    atom = Opaque(low, high, seen, symbols)
    atom.conditions = conditions
    return bare(atom)


def conditions(*dims: Dim) -> tuple[object, ...]:
    """The conditions that dims hang on."""
    found: dict[int, object] = {}
    for atom in parts(*dims):
        for key in (
            (atom.key,) if isinstance(atom, Choice) else atom.conditions if isinstance(atom, Opaque) else ()
        ):
            found[id(key)] = key
    return tuple(found.values())


def inside(atom: Atom) -> tuple[Dim, ...]:
    """What an atom is made of."""
    if isinstance(atom, (Floor, Modulo)):
        return atom.numerator, atom.denominator
    return atom.dims if isinstance(atom, (Extreme, Choice)) else ()


def parts(*dims: Dim) -> list[Atom]:
    """The atoms of forms, also those inside others, in order of appearance."""
    found: dict[Atom, None] = {}
    waiting: list[Dim] = list(dims)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Sym):
            for mono in part.terms:
                for atom in mono:
                    if atom not in found:
                        found[atom] = None
                        if isinstance(atom, (Floor, Modulo)):
                            waiting += (atom.numerator, atom.denominator)
                        elif isinstance(atom, (Extreme, Choice)):
                            waiting += atom.dims
    return list(found)


def image(atom: Opaque, replaced: tuple[tuple[Symbol, Dim], ...], symbols: frozenset[Symbol]) -> Sym:
    """What an opaque atom becomes under a substitution: another one, the same for the same substitution."""
    key: Key = ("image", atom, frozenset(replaced))
    found = _interned.get(key)
    if found is not None:
        return bare(found)
    made = Opaque(atom.low, atom.high, None, symbols)
    made.conditions = atom.conditions
    return bare(_interned.keep(key, made))


def _shape(*dims: Dim) -> tuple[frozenset[Symbol], int, int]:
    forms = [dim for dim in dims if isinstance(dim, Sym)]
    if len(forms) == 1:
        return forms[0].symbols, 1 + forms[0].weight, 1 + forms[0].depth
    symbols = frozenset[Symbol]().union(*(form.symbols for form in forms))
    return symbols, 1 + sum(form.weight for form in forms), 1 + max((form.depth for form in forms), default=0)


def _intern(key: Key, atom: Atom) -> Dim:
    if atom.depth > MAX_DEPTH or atom.weight > MAX_WEIGHT or _is_beyond_sizes(atom):
        return opaque(atom.low, atom.high, atom.witness, atom.symbols, conditions(*inside(atom)))
    return bare(_interned.keep(key, atom))


def _is_beyond_sizes(atom: Atom) -> bool:
    """Whether a quotient is by more than any size is: a loop that halves without end makes numbers of thousands of digits."""
    by = atom.denominator if isinstance(atom, Floor) else 0
    return isinstance(by, int) and by.bit_length() > _MOST_BITS
