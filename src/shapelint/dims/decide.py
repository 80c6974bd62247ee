"""Questions about sizes, answered yes, no or unknown.

A symbol with a witness is at its witness here: a decision is made for the sizes that were seen, and the forms
keep the symbols.  What has no witness is reasoned about at every admissible size: YES and NO are proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from math import gcd, lcm
from operator import attrgetter

from shapelint.dims import atoms
from shapelint.dims.alike import Key, spelled
from shapelint.dims.atoms import parts
from shapelint.dims.floor import modulo
from shapelint.dims.form import Atom, Dim, Sym, Symbol, symbol, witness
from shapelint.dims.memo import Table
from shapelint.dims.poly import common_factor, exact_div, strip
from shapelint.dims.reach import bounds, interval
from shapelint.dims.replace import all_of, at_witness, evaluate, one_of, substitute
from shapelint.dims.verdict import Undetermined, Verdict, verdict_of

# How many residue classes one question may be split into, and what all its cases may weigh together.
MAX_RESIDUES = 64
EFFORT = 1000

_uid = attrgetter("uid")

_answers: Table[tuple[str, Dim, Dim], Verdict] = Table()
_alike: Table[tuple[str, Key], Verdict] = Table()


def equal(a: Dim, b: Dim) -> Verdict:
    if a is b:
        return Verdict.YES
    left, right = witness(a), witness(b)
    if left is not None and right is not None:
        return verdict_of(left == right)
    return _remembered("==", a, b, lambda: _about(a - b, _is_zero))


def less(a: Dim, b: Dim) -> Verdict:
    left, right = witness(a), witness(b)
    if left is not None and right is not None:
        return verdict_of(left < right)
    return _remembered("<", a, b, lambda: _about(b - a, _is_positive))


def less_equal(a: Dim, b: Dim) -> Verdict:
    left, right = witness(a), witness(b)
    if left is not None and right is not None:  # without the form of b + 1, which nobody else wants
        return verdict_of(left <= right)
    return less(a, b + 1)


def divides(k: Dim, a: Dim) -> Verdict:
    """k divides a: some integer times k is a.  (0 divides 0 only.)"""
    if a is k:
        return Verdict.YES
    left, right = witness(k), witness(a)
    if left is not None and right is not None:
        return verdict_of(right % left == 0 if left else right == 0)
    return _remembered("|", k, a, lambda: _divides(k, a))


def _remembered(relation: str, a: Dim, b: Dim, answer: Callable[[], Verdict]) -> Verdict:
    key = (relation, a, b)
    found = _answers.get(key)
    if found is None:
        # The same network is evaluated again and again, on symbols of its own each time.
        alike = (relation, spelled(a, b))
        found = _alike.get(alike)
        if found is None:
            try:
                found = answer()
            except ZeroDivisionError:
                # A divisor is zero at the sizes seen: there is no value to speak of.
                found = Verdict.UNKNOWN
            _alike.keep(alike, found)
        _answers.keep(key, found)
    return found


def _about(dim: Dim, ask: Callable[[Dim], Verdict]) -> Verdict:
    return _proven(at_witness(dim), ask)


def _proven(dim: Dim, ask: Callable[[Dim], Verdict]) -> Verdict:
    """The answer at every admissible size. Most questions have none, and looking for a proof that cannot be there is what costs:
    sizes that answer it differently are looked for first."""
    if isinstance(dim, Sym) and _differs(dim, ask):
        return Verdict.UNKNOWN
    return _by_cases(dim, ask, [EFFORT])


# Sizes that are tried: the least, a large one, then what strides and kernels make small numbers of.
_TRIED = (1, 1000, 2, 3, 4, 6, 8, 12, 16, 24, 32)


def _differs(dim: Sym, ask: Callable[[Dim], Verdict]) -> bool:
    """Whether a few admissible sizes give different answers."""
    low, high = interval(dim)
    if (low is not None and low > 0) or (high is not None and high < 0):
        return False  # as good as proven
    symbols = sorted(dim.symbols, key=_uid)
    seen: Verdict | None = None
    for size in _TRIED if ask is _is_zero else _TRIED[:2]:
        step = size // 100  # large sizes are not all the same
        try:
            value = evaluate(dim, {s: _admitted(s, size + step * i) for i, s in enumerate(symbols)})
        except ZeroDivisionError:
            continue
        except Undetermined:
            return False
        answer = ask(value)
        if seen is None:
            seen = answer
        elif answer is not seen:
            return True
    return False


def _admitted(symbol: Symbol, size: int) -> int:
    """The size within a symbol's bounds that is next to `size`."""
    if symbol.low is not None and size < symbol.low:
        return symbol.low
    return symbol.high if symbol.high is not None and size > symbol.high else size


def _is_zero(dim: Dim) -> Verdict:
    if not isinstance(dim, Sym):
        return verdict_of(dim == 0)
    low, high = bounds(dim)
    if (low is not None and low > 0) or (high is not None and high < 0):
        return Verdict.NO
    if low == 0 == high:
        return Verdict.YES
    constant = dim.terms.get((), 0)
    if constant:
        shared = gcd(*(coefficient for mono, coefficient in dim.terms.items() if mono))
        return Verdict.NO if constant % shared else Verdict.UNKNOWN
    _, mono = common_factor(dim)
    if mono and all((a.low is not None and a.low > 0) or (a.high is not None and a.high < 0) for a in mono):
        # A product is zero only through a factor, and these are not zero.
        return _is_zero(strip(dim, 1, mono))
    return Verdict.UNKNOWN


def _is_positive(dim: Dim) -> Verdict:
    if not isinstance(dim, Sym):
        return verdict_of(dim > 0)
    low, high = bounds(dim)
    if low is not None and low > 0:
        return Verdict.YES
    if high is not None and high <= 0:
        return Verdict.NO
    return Verdict.UNKNOWN


def _divides(k: Dim, a: Dim) -> Verdict:
    k, a = at_witness(k), at_witness(a)
    if not isinstance(k, Sym):
        number = k
        if number == 0:
            return _proven(a, _is_zero)
        verdict = _is_multiple(a, number)
        # Asked of the remainder, so that there is a quotient to be split into residues.
        return _proven(a % number, _is_zero) if verdict.unknown else verdict
    if exact_div(a, k) is not None:
        return Verdict.YES
    # What divides k divides every multiple of k.
    shared, _ = common_factor(k)
    if shared > 1 and _divides(shared, a).no:
        return Verdict.NO
    low, _ = bounds(k)
    if low is None or low < 1:
        return Verdict.UNKNOWN
    zero = _is_zero(modulo(a, k))
    if not zero.unknown:
        return zero
    least, _ = bounds(a)
    if least is not None and least > 0 and _is_positive(k - a).yes:
        return Verdict.NO
    return Verdict.UNKNOWN


def _is_multiple(dim: Dim, number: int) -> Verdict:
    if not isinstance(dim, Sym):
        return verdict_of(dim % number == 0)
    varying = gcd(number, *(coefficient for mono, coefficient in dim.terms.items() if mono))
    constant = dim.terms.get((), 0)
    if constant % varying:
        return Verdict.NO
    return Verdict.YES if varying == abs(number) else Verdict.UNKNOWN


def _by_cases(dim: Dim, ask: Callable[[Dim], Verdict], budget: list[int]) -> Verdict:
    """The answer, or the one answer of all cases: each side of a choice, each candidate of an extreme, each
    residue of the symbols under quotients (where the quotients resolve).  Ends at the first disagreement."""
    verdict = ask(dim)
    if not verdict.unknown or not isinstance(dim, Sym):
        return verdict
    agreed: Verdict | None = None
    inside = parts(dim)
    split = any(isinstance(atom, (atoms.Choice, atoms.Extreme)) for atom in inside)
    for case in _cases(dim, inside):
        if budget[0] < 0:
            return Verdict.UNKNOWN
        budget[0] -= 1 + (case.weight if isinstance(case, Sym) else 0)
        # Residues are the last resort: a residue class is not split again.
        answer = _by_cases(case, ask, budget) if split else ask(case)
        if answer.unknown or (agreed is not None and answer is not agreed):
            return Verdict.UNKNOWN
        agreed = answer
    return Verdict.UNKNOWN if agreed is None else agreed


def _cases(dim: Sym, parts: list[Atom]) -> Iterable[Dim]:
    for atom in parts:
        if isinstance(atom, atoms.Choice):
            same = [other for other in parts if isinstance(other, atoms.Choice) and other.key is atom.key]
            return (all_of(dim, {other: other.dims[side] for other in same}) for side in (0, 1))
        if isinstance(atom, atoms.Extreme):
            extreme = atom
            return (one_of(dim, extreme, part) for part in extreme.dims)
    return _residues(dim, parts)


def _residues(dim: Sym, parts: list[Atom]) -> Iterator[Dim]:
    """With x = n*y + r for each r, a quotient by a divisor of n is no quotient any more."""
    moduli: dict[Symbol, int] = {}
    for atom in parts:
        if isinstance(atom, atoms.Floor) and isinstance(atom.denominator, int):
            for old in atom.symbols:
                moduli[old] = lcm(moduli.get(old, 1), atom.denominator)
    count = 1
    chosen: list[tuple[Symbol, int]] = []
    for old, modulus in sorted(moduli.items(), key=lambda item: (item[1], item[0].uid)):
        if count * modulus <= MAX_RESIDUES:
            count *= modulus
            chosen.append((old, modulus))
    if not chosen:
        return
    for residues in product(*(range(modulus) for _, modulus in chosen)):
        mapping = _classes(chosen, residues)
        if mapping is not None:
            yield substitute(dim, mapping)


def _classes(chosen: list[tuple[Symbol, int]], residues: tuple[int, ...]) -> dict[Symbol, Dim] | None:
    mapping: dict[Symbol, Dim] = {}
    for (old, modulus), residue in zip(chosen, residues, strict=True):
        low = None if old.low is None else -((residue - old.low) // modulus)
        high = None if old.high is None else (old.high - residue) // modulus
        if low is not None and high is not None and low >= high:
            if low > high:
                return None
            mapping[old] = low * modulus + residue
        else:
            mapping[old] = symbol(old.name, low=low, high=high) * modulus + residue
    return mapping
