"""What a view makes of axes: the same values in the same order, cut anew."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

from shapelint.dims import Dim, Sym
from shapelint.records import dataclass
from shapelint.rules.axes.atoms import Atom, Axis, Numbers, coalesced, piece_of


@dataclass(frozen=True, slots=True)
class Mixed:
    """Axes that are cut across: the running products of `sizes` do not meet those of `atoms`."""

    atoms: tuple[Atom, ...]
    sizes: tuple[Dim, ...]


def regroup(atoms: Sequence[Atom], sizes: Sequence[Dim], number: Numbers) -> list[Axis] | Mixed | None:
    """The atoms of each new axis, or how they are mixed; None where a size is not known or the products differ."""
    waiting = [(a, number(a.size)) for a in atoms]
    wanted = [number(s) for s in sizes]
    if any(n is None or n < 1 for _, n in waiting) or any(n is None or n < 1 for n in wanted):
        return None
    if prod(n or 1 for _, n in waiting) != prod(n or 1 for n in wanted):
        return None
    ones = [a for a, n in waiting if n == 1]
    rest = [(a, n) for a, n in waiting if n is not None and n > 1]
    axes: list[Axis] = []
    for i in range(len(sizes) - 1, -1, -1):
        need = wanted[i] or 1
        if need == 1:
            axes.append(_one(sizes[i], ones))
            continue
        pieces: list[Atom] = []
        while need > 1:
            if not rest:
                return None
            atom, n = rest.pop()
            if need % n == 0:
                pieces.append(atom)
                need //= n
            elif n % need == 0:
                pieces.append(piece_of(atom, 1, need, number))
                rest.append((piece_of(atom, need, n // need, number), n // need))
                need = 1
            else:
                return _mixed(atoms, sizes, number)
        axes.append(coalesced(reversed(pieces), number))
    if rest:
        return None
    return axes[::-1]


def _one(size: Dim, ones: list[Atom]) -> Axis:
    """An axis of size 1: the atom of that very symbol, where there is one."""
    if isinstance(size, Sym):
        for atom in ones:
            if atom.key is size:
                return (atom,)
        return (Atom(size, size, "named"),)
    return (Atom("one", 1, "one"),)


def _mixed(atoms: Sequence[Atom], sizes: Sequence[Dim], number: Numbers) -> Mixed:
    """The innermost group, between two places where the running products meet, whose axes do not nest."""
    left = [(a, number(a.size) or 1) for a in atoms if number(a.size) != 1]
    right = [(s, number(s) or 1) for s in sizes if number(s) != 1]
    while left and right:
        group_l, group_r = [left.pop()], [right.pop()]
        product_l, product_r = group_l[0][1], group_r[0][1]
        while product_l != product_r and (left or right):
            if product_l < product_r and left:
                group_l.append(left.pop())
                product_l *= group_l[-1][1]
            elif right:
                group_r.append(right.pop())
                product_r *= group_r[-1][1]
            else:
                break
        if not _nests([n for _, n in group_l], [n for _, n in group_r]):
            return Mixed(tuple(a for a, _ in reversed(group_l)), tuple(s for s, _ in reversed(group_r)))
    return Mixed(tuple(atoms), tuple(sizes))


def _nests(left: list[int], right: list[int]) -> bool:
    """Whether the running products (innermost first) of both form one chain of divisors."""
    points = set()
    for sizes in (left, right):
        product = 1
        for n in sizes:
            product *= n
            points.add(product)
    chain = sorted(points)
    return all(b % a == 0 for a, b in pairwise(chain))
