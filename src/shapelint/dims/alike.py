"""What a form is apart from which symbols it is made of: two questions that are spelled alike have one answer.

Knows the kinds of atoms and nothing of what is asked.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TypeAlias

from shapelint.dims import atoms
from shapelint.dims.atoms import parts
from shapelint.dims.form import Atom, Dim, Sym

Key: TypeAlias = tuple[object, ...]

_uid = attrgetter("uid")


def spelled(*dims: Dim) -> Key:
    """Equal for forms that differ in nothing but in which symbols they are made of: with every atom replaced by its place among
    them in order of age (which the order of a form's terms hangs on), and what is known of each."""
    inside = dict.fromkeys(parts(*dims))
    for atom in list(inside):
        if isinstance(atom, atoms.Opaque):
            inside.update(dict.fromkeys(sorted(atom.symbols, key=_uid)))
    ranks: dict[Atom, int] = {atom: i for i, atom in enumerate(sorted(inside, key=_uid))}
    conditions: dict[int, int] = {}

    def form(dim: Dim) -> object:
        if not isinstance(dim, Sym):
            return dim
        return tuple([(tuple([ranks[a] for a in mono]), number) for mono, number in dim.terms.items()])

    known: list[object] = []
    for atom in ranks:
        known += (atom.__class__, atom.low, atom.high, atom.witness)
        if isinstance(atom, (atoms.Floor, atoms.Modulo)):
            known += (form(atom.numerator), form(atom.denominator))
        elif isinstance(atom, atoms.Extreme):
            known += (atom.greatest, *map(form, atom.dims))
        elif isinstance(atom, atoms.Choice):
            known.append(conditions.setdefault(id(atom.key), len(conditions)))
            known += map(form, atom.dims)
        elif isinstance(atom, atoms.Opaque):
            known.append(frozenset(ranks[symbol] for symbol in atom.symbols))
    return (*map(form, dims), *known)
