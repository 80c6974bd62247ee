"""What forms are on either side of a condition that is not decided."""

from __future__ import annotations

from shapelint.dims.atoms import Choice, parts
from shapelint.dims.form import Atom, Dim, Sym
from shapelint.dims.replace import all_of


def sides(dim: Dim) -> tuple[object, Dim, Dim] | None:
    """The condition that a form hangs on and what it is on its two sides, where it is nothing but that choice."""
    if not isinstance(dim, Sym) or len(dim.terms) != 1:
        return None
    ((mono, coefficient),) = dim.terms.items()
    if coefficient != 1 or len(mono) != 1 or not isinstance(mono[0], Choice):
        return None
    return mono[0].key, *mono[0].dims


def on_side(dim: Dim, key: object, side: int) -> Dim:
    """What a form is where the condition holds (side 0), or where it does not (1)."""
    if not isinstance(dim, Sym):
        return dim
    same: dict[Atom, Dim] = {
        atom: atom.dims[side] for atom in parts(dim) if isinstance(atom, Choice) and atom.key is key
    }
    return all_of(dim, same) if same else dim
