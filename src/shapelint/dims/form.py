"""The normal form: a symbolic integer is a polynomial with integer coefficients over atoms, interned.

A `Sym` is a dict from monomial to coefficient; a monomial is a tuple of atoms in order of `uid`, an atom as
often as its power.  Two computations that reach the same polynomial reach the same object, so sameness of
form is `is`, and forms are dict keys at the price of a pointer.

This file holds the data and the operators' entrances; it may not know a single law of arithmetic.  The laws
are in `poly` (ring), `floor` (// and %), `extremes` (min, max), `decide` (comparisons) and
`spelling`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias, final

from shapelint.dims.memo import Living, Table
from shapelint.dims.verdict import Undetermined, Verdict

MAX_TERMS = 200
MAX_DEGREE = 64
MAX_DEPTH = 16
# The size of a form written out as a tree.  Depth and terms alone do not bound it (a shared part counts
# as often as it is reached), and printing, substituting and evaluating all walk the tree.
MAX_WEIGHT = 1000

# Numbers known of an atom are kept up to here: repeated squaring doubles their digits at every step.
LARGEST = 2**512

_uids = itertools.count(1)


class Atom:
    """What a polynomial is over.  Atoms are interned like forms: compare them with `is`."""

    __slots__ = ("__weakref__", "depth", "high", "low", "symbols", "uid", "weight", "witness")

    uid: int
    low: int | None
    high: int | None
    witness: int | None
    symbols: frozenset[Symbol]
    weight: int
    depth: int

    def __init__(
        self,
        low: int | None,
        high: int | None,
        witness: int | None,
        symbols: frozenset[Symbol],
        weight: int = 1,
        depth: int = 0,
    ) -> None:
        self.uid = next(_uids)
        self.low = low if low is None or -LARGEST <= low <= LARGEST else LARGEST if low > 0 else None
        self.high = high if high is None or -LARGEST <= high <= LARGEST else None if high > 0 else -LARGEST
        self.witness = witness if witness is None or -LARGEST <= witness <= LARGEST else None
        self.symbols = symbols
        self.weight = weight
        self.depth = depth

    @property
    def sym(self) -> Sym:
        """The form that is just this atom."""
        return bare(self)

    def __copy__(self) -> Atom:
        return self

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Atom:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a symbolic dim lives in one process: send its text")


@final
class Symbol(Atom):
    """A named unknown size, within inclusive bounds; its identity, not its name, is what it is."""

    __slots__ = ("name",)

    name: str

    def __init__(self, name: str, low: int | None, high: int | None, witness: int | None) -> None:
        super().__init__(low, high, witness, frozenset())
        # A frozenset holding its owner: the cycle is the collector's business, symbols are few.
        self.symbols = frozenset((self,))
        self.name = name

    def __repr__(self) -> str:
        return f"Symbol({self.name!r})"


Mono: TypeAlias = tuple[Atom, ...]
Bounds: TypeAlias = tuple["int | None", "int | None"]


@final
class Sym:
    """A symbolic integer in normal form.  Made by arithmetic on `symbol(...)`, never by its constructor."""

    __slots__ = ("__weakref__", "_bounds", "_symbols", "_text", "depth", "terms", "weight", "witness")

    terms: dict[Mono, int]
    weight: int
    depth: int
    witness: int | None

    def __init__(self, terms: dict[Mono, int]) -> None:
        self.terms = terms
        self._symbols: frozenset[Symbol] | None = None
        self._bounds: Bounds | None = None
        self._text: str | None = None
        weight = len(terms)
        depth = 0
        value: int | None = 0
        for mono, coefficient in terms.items():
            for atom in mono:
                weight += atom.weight
                if atom.depth > depth:
                    depth = atom.depth
                seen = atom.witness
                if seen is None:
                    value = None
                else:
                    coefficient *= seen
            if value is not None:
                value += coefficient
        self.weight = weight
        self.depth = depth
        self.witness = value

    @property
    def symbols(self) -> frozenset[Symbol]:
        if self._symbols is None:
            found: frozenset[Symbol] = frozenset()
            for mono in self.terms:
                for atom in mono:
                    # Mostly one symbol all over: then its own set is handed on instead of a copy.
                    if not atom.symbols <= found:
                        found = found | atom.symbols if found else atom.symbols
            self._symbols = found
        return self._symbols

    @property
    def as_atom(self) -> Atom | None:
        """The atom, when the form is exactly one."""
        if len(self.terms) == 1:
            [(mono, coefficient)] = self.terms.items()
            if coefficient == 1 and len(mono) == 1:
                return mono[0]
        return None

    @property
    def as_symbol(self) -> Symbol | None:
        """The symbol, when the form is exactly one bare symbol."""
        atom = self.as_atom
        return atom if isinstance(atom, Symbol) else None

    # `==` and `hash` are object's own, by identity: forms are interned.

    def __add__(self, other: Dim) -> Dim:
        if other.__class__ is int or other.__class__ is Sym:
            key = (self, other)
            found = _sums.get(key)
            return _sums.keep(key, poly.add(self, other)) if found is None else found
        return self + int(other) if isinstance(other, bool) else NotImplemented

    def __radd__(self, other: int) -> Dim:
        return self + other if isinstance(other, int) else NotImplemented

    def __sub__(self, other: Dim) -> Dim:
        if other.__class__ is int or other.__class__ is Sym:
            key = (self, other)
            found = _differences.get(key)
            return _differences.keep(key, poly.subtract(self, other)) if found is None else found
        return self - int(other) if isinstance(other, bool) else NotImplemented

    def __rsub__(self, other: int) -> Dim:
        return -self + other if isinstance(other, int) else NotImplemented

    def __mul__(self, other: Dim) -> Dim:
        if other.__class__ is int or other.__class__ is Sym:
            key = (self, other)
            found = _products.get(key)
            return _products.keep(key, poly.multiply(self, other)) if found is None else found
        return self * int(other) if isinstance(other, bool) else NotImplemented

    def __rmul__(self, other: int) -> Dim:
        return self * other if isinstance(other, int) else NotImplemented

    def __floordiv__(self, other: Dim) -> Dim:
        if other.__class__ is int or other.__class__ is Sym:
            key = (self, other)
            found = _quotients.get(key)
            return _quotients.keep(key, floor.floordiv(self, other)) if found is None else found
        return self // int(other) if isinstance(other, bool) else NotImplemented

    def __rfloordiv__(self, other: int) -> Dim:
        return floor.floordiv(int(other), self) if isinstance(other, int) else NotImplemented

    def __mod__(self, other: Dim) -> Dim:
        if isinstance(other, (int, Sym)):
            return floor.modulo(self, int(other) if isinstance(other, int) else other)
        return NotImplemented

    def __rmod__(self, other: int) -> Dim:
        return floor.modulo(int(other), self) if isinstance(other, int) else NotImplemented

    def __divmod__(self, other: Dim) -> tuple[Dim, Dim]:
        return self // other, self % other

    def __rdivmod__(self, other: int) -> tuple[Dim, Dim]:
        return other // self, other % self

    def __pow__(self, exponent: Dim) -> Dim:
        if isinstance(exponent, int) and exponent >= 0:
            return poly.power(self, exponent)
        if isinstance(exponent, (int, Sym)):
            raise Undetermined(f"({self})**({exponent}) is not a polynomial")
        return NotImplemented

    def __rpow__(self, base: int) -> Dim:
        if isinstance(base, int):
            raise Undetermined(f"{base}**({self}) is not a polynomial")
        return NotImplemented

    def __neg__(self) -> Sym:
        negated = self * -1
        assert isinstance(negated, Sym)  # the negative of what is not constant is not constant
        return negated

    def __pos__(self) -> Sym:
        return self

    def __abs__(self) -> Dim:
        return extremes.maximum(self, -self)

    def __lt__(self, other: Dim) -> bool:
        if isinstance(other, (int, Sym)):
            return _demand(decide.less(self, other), self, "<", other)
        return NotImplemented

    def __le__(self, other: Dim) -> bool:
        if isinstance(other, (int, Sym)):
            return _demand(decide.less_equal(self, other), self, "<=", other)
        return NotImplemented

    def __gt__(self, other: Dim) -> bool:
        if isinstance(other, (int, Sym)):
            return _demand(decide.less(other, self), self, ">", other)
        return NotImplemented

    def __ge__(self, other: Dim) -> bool:
        if isinstance(other, (int, Sym)):
            return _demand(decide.less_equal(other, self), self, ">=", other)
        return NotImplemented

    def __bool__(self) -> bool:
        return not _demand(decide.equal(self, 0), self, "==", 0)

    # Never the witness: a number that leaves this way has lost where it came from.
    def __index__(self) -> int:
        raise Undetermined(f"{self} is not one number")

    def __int__(self) -> int:
        raise Undetermined(f"{self} is not one number")

    def __str__(self) -> str:
        if self._text is None:
            self._text = spelling.write(self)
        return self._text

    __repr__ = __str__

    def __copy__(self) -> Sym:
        return self

    def __deepcopy__(self, memo: Mapping[int, Any]) -> Sym:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a symbolic dim lives in one process: send its text")


Dim: TypeAlias = "int | Sym"

_sums: Table[tuple[Sym, Dim], Dim] = Table()
_differences: Table[tuple[Sym, Dim], Dim] = Table()
_products: Table[tuple[Sym, Dim], Dim] = Table()
_quotients: Table[tuple[Sym, Dim], Dim] = Table()

# Weak: a form is interned exactly as long as somebody holds it, so `forget` never makes twins.
_forms: Living[frozenset[tuple[Mono, int]], Sym] = Living()


def build(terms: dict[Mono, int]) -> Dim:
    """The form of these terms: no zero coefficients, monomials in order; the dict is taken over."""
    count = len(terms)
    if count == 0:
        return 0
    if count == 1 and () in terms:
        return terms[()]
    key = frozenset(terms.items())
    found = _forms.get(key)
    if found is not None:
        return found
    form = Sym(terms)
    if count > MAX_TERMS or form.weight > MAX_WEIGHT:
        low, high = reach.interval(form)
        return atoms.opaque(low, high, form.witness, form.symbols, atoms.conditions(form))
    return _forms.keep(key, form)


def bare(atom: Atom) -> Sym:
    form = build({(atom,): 1})
    assert isinstance(form, Sym)
    return form


def symbol(name: str, *, low: int | None = 1, high: int | None = None, witness: int | None = None) -> Sym:
    """A fresh symbol, every call.  The bounds are inclusive (None: unbounded) and widened to hold the
    witness: what was seen is possible, whatever was expected."""
    if witness is not None:
        low = None if low is None else min(low, witness)
        high = None if high is None else max(high, witness)
    if low is not None and high is not None and low > high:
        raise ValueError(f"no size is at least {low} and at most {high} ({name})")
    return bare(Symbol(name, low, high, witness))


def witness(dim: Dim) -> int | None:
    """The value at the numbers seen; None when some symbol has none."""
    return dim.witness if isinstance(dim, Sym) else dim


def _demand(verdict: Verdict, left: Dim, relation: str, right: Dim) -> bool:
    if verdict.unknown:
        raise Undetermined(f"{left} {relation} {right} depends on what is not known")
    return verdict.yes


# Last, because each of these builds on the classes above: the operators live on the class, as Python wants
# it, and their laws in files of their own.
from shapelint.dims import atoms, decide, extremes, floor, poly, reach, spelling  # noqa: E402
