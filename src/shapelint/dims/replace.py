"""Putting something in place of symbols: other dims, or numbers.

The laws of arithmetic are applied again on the way, by the ordinary operators; this file knows none of them.
Bounds were used in making a form, so what is put in must lie within its symbol's bounds: at other values the
result means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shapelint.dims import atoms, reach
from shapelint.dims.extremes import maximum, minimum
from shapelint.dims.form import Atom, Dim, Sym, Symbol
from shapelint.dims.memo import Table
from shapelint.dims.verdict import Undetermined

_seen: Table[Sym, Dim] = Table()


def substitute(dim: Dim, mapping: Mapping[Symbol, Dim]) -> Dim:
    """`dim` with other dims in place of symbols, all at once.  ZeroDivisionError when a divisor becomes 0."""
    if not isinstance(dim, Sym):
        return dim
    # What there is to replace may be much more than what a size holds.
    here = [old for old in dim.symbols if old in mapping]
    images: dict[Atom, Dim] = {old: mapping[old] for old in here}

    def leaf(atom: Atom) -> Dim | None:
        if isinstance(atom, atoms.Opaque):
            replaced = tuple((old, mapping[old]) for old in atom.symbols if old in mapping)
            symbols = atom.symbols - mapping.keys()
            return atoms.image(atom, replaced, symbols.union(*(_symbols(new) for _, new in replaced)))
        return None

    # A symbol already visited is found in `images`; one that is not there stays.
    return _walk(dim, frozenset(here), images, leaf) if images else dim


def at_witness(dim: Dim) -> Dim:
    """`dim` with every symbol that was seen at a number replaced by that number."""
    if not isinstance(dim, Sym):
        return dim
    if dim.witness is not None:
        return dim.witness
    found = _seen.get(dim)
    if found is not None:
        return found
    known = frozenset(old for old in dim.symbols if old.witness is not None)
    images: dict[Atom, Dim] = {old: old.witness for old in known if old.witness is not None}
    # An opaque atom without a number stays what it is: it is some integer at the sizes seen as well.
    return _seen.keep(dim, _walk(dim, known, images, lambda atom: atom.witness) if images else dim)


def one_of(dim: Sym, atom: Atom, side: Dim) -> Dim:
    """`dim` with `side` in place of one atom, also where it stands inside others."""
    return _walk(dim, atom.symbols, {atom: side}, lambda other: None)


def all_of(dim: Sym, images: dict[Atom, Dim]) -> Dim:
    symbols = frozenset[Symbol]().union(*(atom.symbols for atom in images))
    return _walk(dim, symbols, images, lambda other: None)


def _symbols(dim: Dim) -> frozenset[Symbol]:
    return dim.symbols if isinstance(dim, Sym) else frozenset()


def _walk(
    dim: Dim, touched: frozenset[Symbol], images: dict[Atom, Dim], leaf: Callable[[Atom], Dim | None]
) -> Dim:
    """`images` holds what is to be replaced, and gathers what was found on the way."""
    return _Walk(touched, images, leaf).within(dim)


class _Walk:
    """One replacement. (Functions within a function that call each other would be garbage that only the collector finds.)"""

    __slots__ = ("images", "leaf", "touched")

    def __init__(
        self, touched: frozenset[Symbol], images: dict[Atom, Dim], leaf: Callable[[Atom], Dim | None]
    ) -> None:
        self.touched = touched
        self.images = images
        self.leaf = leaf

    def image(self, atom: Atom) -> Dim | None:
        found = self.images.get(atom)
        if found is not None:
            return found
        if isinstance(atom, Symbol) or (self.touched and self.touched.isdisjoint(atom.symbols)):
            return None
        made = self.remade(atom)
        if made is not None:
            self.images[atom] = made
        return made

    def within(self, part: Dim) -> Dim:
        return reach.rebuilt(part, self.image) if isinstance(part, Sym) else part

    def remade(self, atom: Atom) -> Dim | None:
        within = self.within
        if isinstance(atom, atoms.Floor):
            return within(atom.numerator) // within(atom.denominator)
        if isinstance(atom, atoms.Modulo):
            return within(atom.numerator) % within(atom.denominator)
        if isinstance(atom, atoms.Extreme):
            parts = [within(part) for part in atom.dims]
            return maximum(*parts) if atom.greatest else minimum(*parts)
        if isinstance(atom, atoms.Choice):
            return atoms.choice(atom.key, within(atom.dims[0]), within(atom.dims[1]))
        return self.leaf(atom)


def evaluate(dim: Dim, mapping: Mapping[Symbol, int]) -> int:
    """The number that `dim` is at these sizes; ZeroDivisionError where Python would raise it,
    Undetermined when a symbol has no number or a part is opaque."""
    return _number(dim, mapping, {}) if isinstance(dim, Sym) else dim


def _number(part: Dim, mapping: Mapping[Symbol, int], values: dict[Atom, int]) -> int:
    """`values` gathers what was found of the atoms on the way."""
    if not isinstance(part, Sym):
        return part
    result = 0
    for mono, coefficient in part.terms.items():
        for atom in mono:
            value = values.get(atom)
            if value is None:
                value = values[atom] = _value(atom, mapping, values)
            coefficient *= value
        result += coefficient
    return result


def _value(atom: Atom, mapping: Mapping[Symbol, int], values: dict[Atom, int]) -> int:
    if isinstance(atom, Symbol):
        if atom not in mapping:
            raise Undetermined(f"{atom.name} has no value")
        return mapping[atom]
    if isinstance(atom, atoms.Floor):
        return _number(atom.numerator, mapping, values) // _number(atom.denominator, mapping, values)
    if isinstance(atom, atoms.Modulo):
        return _number(atom.numerator, mapping, values) % _number(atom.denominator, mapping, values)
    if isinstance(atom, atoms.Extreme):
        return (max if atom.greatest else min)(_number(part, mapping, values) for part in atom.dims)
    if isinstance(atom, atoms.Choice):
        first, second = _number(atom.dims[0], mapping, values), _number(atom.dims[1], mapping, values)
        if first == second:
            return first
    raise Undetermined(f"{atom.sym} has no value")


def at_witnesses(d: Dim) -> Dim:
    """`d` with every symbol that has a witness replaced by it: what a report prints."""
    if not isinstance(d, Sym):
        return d
    seen: dict[Symbol, Dim] = {s: s.witness for s in d.symbols if s.witness is not None}
    return substitute(d, seen) if seen else d
