"""The laws of min and max: flatten, drop what cannot win, keep one form whatever the order.

Uses bounds at every size, never a witness: a form must stay true at the sizes that were not seen.
"""

from __future__ import annotations

from shapelint.dims import atoms
from shapelint.dims.atoms import Extreme
from shapelint.dims.form import Dim, Sym, Symbol
from shapelint.dims.form import witness as seen_of
from shapelint.dims.memo import Table
from shapelint.dims.reach import bounds
from shapelint.dims.reach import extreme as extreme_bounds

# Comparing candidates pairwise is quadratic; nobody writes this many that are all undecided.
MAX_CANDIDATES = 12

_known: Table[tuple[object, ...], Dim] = Table()


def minimum(*dims: Dim) -> Dim:
    return _extreme(False, dims)


def maximum(*dims: Dim) -> Dim:
    return _extreme(True, dims)


def _extreme(greatest: bool, dims: tuple[Dim, ...]) -> Dim:
    if not dims:
        raise ValueError("the least or greatest of nothing")
    key = (greatest, *dims)
    found = _known.get(key)
    return _known.keep(key, _reduce(greatest, dims)) if found is None else found


def _reduce(greatest: bool, dims: tuple[Dim, ...]) -> Dim:
    numbers: list[int] = []
    forms: dict[Sym, None] = {}
    for dim in dims:
        atom = dim.as_atom if isinstance(dim, Sym) else None
        for part in atom.dims if isinstance(atom, Extreme) and atom.greatest is greatest else (dim,):
            if isinstance(part, Sym):
                forms[part] = None
            else:
                numbers.append(int(part))
    candidates: list[Dim] = list(forms)
    if numbers:
        candidates.append(max(numbers) if greatest else min(numbers))
    if len(candidates) > MAX_CANDIDATES:
        low, high = extreme_bounds(greatest, [bounds(dim) for dim in candidates])
        values = [seen_of(dim) for dim in candidates]
        known = [value for value in values if value is not None]
        seen = (max(known) if greatest else min(known)) if len(known) == len(values) else None
        symbols = frozenset[Symbol]().union(*(form.symbols for form in forms))
        return atoms.opaque(low, high, seen, symbols, atoms.conditions(*candidates))
    kept: list[Dim] = []
    for dim in candidates:
        if any(_wins(greatest, other, dim) for other in kept):
            continue
        kept = [other for other in kept if not _wins(greatest, dim, other)]
        kept.append(dim)
    return kept[0] if len(kept) == 1 else atoms.extreme(greatest, tuple(kept))


def _wins(greatest: bool, one: Dim, other: Dim) -> bool:
    """`one` is at least as extreme as `other` at every size."""
    low, _ = bounds(one - other if greatest else other - one)
    return low is not None and low >= 0
