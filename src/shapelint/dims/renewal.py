"""Forms that hang on conditions, once more under conditions of their own.

What is worked out twice on conditions that are not decided gives forms of one build, of which nobody may conclude that they are
equal. So they are not worked out again, but built as they were: no law is applied, and whatever is known of one is known of the
other. Knows the kinds of atoms, and of a condition nothing but which it is.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from shapelint.dims import atoms
from shapelint.dims.form import Atom, Dim, Sym, build


def conditions(form: Sym) -> tuple[object, ...] | None:
    """The conditions that a form hangs on; None when it does not follow from these and its symbols."""
    if any(isinstance(atom, atoms.Opaque) and not atom.conditions for atom in atoms.parts(form)):
        return None
    return atoms.conditions(form)


class Condition:
    """A condition of which nothing is known but that it is one."""

    __slots__ = ("__weakref__",)


class Renewal:
    """Some forms, to be built under new conditions instead of those whose identities are `old`."""

    __slots__ = ("atoms", "forms", "old")

    def __init__(self, forms: Sequence[Sym], old: Container[int]) -> None:
        self.forms = tuple(forms)
        self.old = {id(key): key for key in atoms.conditions(*forms) if id(key) in old}
        touched: dict[Atom, None] = {}
        # What an atom is made of is older than it is, and the order of a form's terms hangs on their age.
        for atom in sorted(atoms.parts(*forms), key=_age):
            own: tuple[object, ...] = ()
            if isinstance(atom, atoms.Choice):
                own = (atom.key,)
            elif isinstance(atom, atoms.Opaque):
                own = atom.conditions
            if any(id(key) in self.old for key in own) or any(
                part in touched
                for dim in atoms.inside(atom)
                if isinstance(dim, Sym)
                for mono in dim.terms
                for part in mono
            ):
                touched[atom] = None
        self.atoms = tuple(touched)

    def again(self) -> tuple[list[Dim], list[object]]:
        """The forms in their order, and the new conditions."""
        fresh: dict[int, object] = {ident: Condition() for ident in self.old}
        images: dict[Atom, Atom] = {}
        for atom in self.atoms:
            images[atom] = _again(atom, images, fresh)
        return [_form(form, images) for form in self.forms], list(fresh.values())


def _age(atom: Atom) -> int:
    return atom.uid


def _again(atom: Atom, images: dict[Atom, Atom], fresh: dict[int, object]) -> Atom:
    parts = tuple([_form(dim, images) for dim in atoms.inside(atom)])
    made: Dim
    if isinstance(atom, atoms.Floor):
        made = atoms.floored(*parts)
    elif isinstance(atom, atoms.Modulo):
        made = atoms.remainder(*parts)
    elif isinstance(atom, atoms.Extreme):
        made = atoms.extreme(atom.greatest, parts)
    elif isinstance(atom, atoms.Choice):
        made = atoms.choice(fresh.get(id(atom.key), atom.key), *parts)
    else:
        assert isinstance(atom, atoms.Opaque)
        keys = tuple([fresh.get(id(key), key) for key in atom.conditions])
        made = atoms.opaque(atom.low, atom.high, atom.witness, atom.symbols, keys)
    assert isinstance(made, Sym)
    found = made.as_atom
    assert found is not None
    return found


def _form(dim: Dim, images: dict[Atom, Atom]) -> Dim:
    if not isinstance(dim, Sym) or not any(atom in images for mono in dim.terms for atom in mono):
        return dim
    terms = {}
    for mono, number in dim.terms.items():
        terms[tuple(sorted([images.get(atom, atom) for atom in mono], key=_age))] = number
    made = build(terms)
    if isinstance(made, Sym) and made._bounds is None:
        made._bounds = dim._bounds  # what is known of the one is known of the other
    return made
