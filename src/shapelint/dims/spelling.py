"""A form as text: deterministic, and readable by `parse`.

Order is by degree and name, never by identity, so that the same source gives the same text in every run.
"""

from __future__ import annotations

from shapelint.dims import atoms
from shapelint.dims.form import Atom, Dim, Mono, Sym, Symbol


def write(form: Sym) -> str:
    """Positive terms first, then by degree from the highest, then by name (quotients last)."""
    terms = sorted(
        (coefficient < 0, -len(mono), len(mono) == 1 and not _atom(mono[0])[1], name, words)
        for mono, coefficient in form.terms.items()
        for words, name in [_monomial(mono, coefficient)]
    )
    pieces: list[str] = []
    for negative, _, loose, name, words in terms:
        if pieces:
            pieces.append(" - " if negative else " + ")
        elif negative:
            pieces.append("-")
            # The sign would bind to the dividend alone: -(H//2) is not -H//2.
            words = f"({words})" if words == name and loose else words
        pieces.append(words)
    return "".join(pieces)


def _monomial(mono: Mono, coefficient: int) -> tuple[str, str]:
    """The text of a term without its sign, and what it is ordered by."""
    number = abs(coefficient)
    if not mono:
        return str(number), ""
    if len(mono) == 1 and number == 1:
        name, _ = _atom(mono[0])
        return name, name
    powers: dict[Atom, int] = {}
    for atom in mono:
        powers[atom] = powers.get(atom, 0) + 1
    # Names before quotients: B*(H//4).
    factors = sorted((*_factor(atom), power) for atom, power in powers.items())
    words = "*".join(name if power == 1 else f"{name}**{power}" for _, name, power in factors)
    return (words if number == 1 else f"{number}*{words}"), words


def _factor(atom: Atom) -> tuple[bool, str]:
    name, tight = _atom(atom)
    return not tight, name if tight else f"({name})"


def _atom(atom: Atom) -> tuple[str, bool]:
    """The text, and whether it holds together inside a product."""
    if isinstance(atom, Symbol):
        return atom.name, True
    if isinstance(atom, atoms.Floor):
        return f"{_operand(atom.numerator)}//{_operand(atom.denominator)}", False
    if isinstance(atom, atoms.Modulo):
        return f"{_operand(atom.numerator)} % {_operand(atom.denominator)}", False
    if isinstance(atom, (atoms.Extreme, atoms.Choice)):
        name = ("max" if atom.greatest else "min") if isinstance(atom, atoms.Extreme) else "either"
        parts = [str(part) for part in atom.dims]
        # The candidates of an extreme have no order of their own; the sides of a choice do.
        return f"{name}({', '.join(sorted(parts) if name != 'either' else parts)})", True
    return "?", True


def _operand(dim: Dim) -> str:
    if isinstance(dim, Sym):
        atom = dim.as_atom
        return str(dim) if atom is not None and _atom(atom)[1] else f"({dim})"
    return str(dim) if dim >= 0 else f"({dim})"
