"""Ring arithmetic on forms: + - * **, exact division, common factors.

Atoms are letters here: nothing in this file may look into one.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd
from operator import attrgetter

from shapelint.dims import atoms, reach
from shapelint.dims.form import MAX_DEGREE, MAX_TERMS, Dim, Mono, Sym, build

_uid = attrgetter("uid")


def terms_of(dim: Dim) -> dict[Mono, int]:
    """The terms of any dim; not to be changed."""
    if isinstance(dim, Sym):
        return dim.terms
    return {(): dim} if dim else {}


def add(a: Dim, b: Dim) -> Dim:
    return build(_combine(dict(terms_of(a)), b, 1))


def subtract(a: Dim, b: Dim) -> Dim:
    return build(_combine(dict(terms_of(a)), b, -1))


def _combine(terms: dict[Mono, int], other: Dim, sign: int) -> dict[Mono, int]:
    for mono, coefficient in terms_of(other).items():
        value = terms.get(mono, 0) + sign * coefficient
        if value:
            terms[mono] = value
        else:
            del terms[mono]
    return terms


def multiply(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int):
        a, b = b, a
    if isinstance(a, int):
        return a * b
    if isinstance(b, int):
        return build({mono: coefficient * b for mono, coefficient in a.terms.items()}) if b else 0
    # Judged before the work is done: the product of two capped forms would have 40 000 terms.
    if len(a.terms) * len(b.terms) > 20 * MAX_TERMS or degree(a) + degree(b) > MAX_DEGREE:
        low, high = reach.times(reach.bounds(a), reach.bounds(b))
        seen = None if a.witness is None or b.witness is None else a.witness * b.witness
        return atoms.opaque(low, high, seen, a.symbols | b.symbols, atoms.conditions(a, b))
    terms: dict[Mono, int] = {}
    for left, m in a.terms.items():
        for right, n in b.terms.items():
            mono = times(left, right)
            value = terms.get(mono, 0) + m * n
            if value:
                terms[mono] = value
            else:
                del terms[mono]
    return build(terms)


def power(base: Dim, exponent: int) -> Dim:
    if isinstance(base, int):
        return int(base**exponent)
    if exponent > MAX_DEGREE:
        low, high = reach.to_the(reach.bounds(base), exponent)
        # The witness is not kept: its size grows with the exponent, which the source may choose freely.
        return atoms.opaque(low, high, None, base.symbols, atoms.conditions(base))
    result: Dim = 1
    for _ in range(exponent):
        result = base * result
    return result


def product(dims: Iterable[Dim]) -> Dim:
    result: Dim = 1
    for dim in dims:
        result = result * dim
    return result


def total(dims: Iterable[Dim]) -> Dim:
    # Summed in place: adding up the layers of a network one by one would intern every partial sum.
    constant = 0
    first: Sym | None = None
    terms: dict[Mono, int] | None = None
    for dim in dims:
        if isinstance(dim, int):
            constant += dim
        elif first is None:
            first = dim
        else:
            if terms is None:
                terms = dict(first.terms)
            _combine(terms, dim, 1)
    if first is None:
        return constant
    if terms is None:
        return first + constant
    return build(_combine(terms, constant, 1))


def times(left: Mono, right: Mono) -> Mono:
    if not left:
        return right
    if not right:
        return left
    return tuple(sorted(left + right, key=_uid))


def over(mono: Mono, divisor: Mono) -> Mono | None:
    """The monomial quotient, or None."""
    if not divisor:
        return mono
    rest = list(mono)
    for atom in divisor:
        if atom not in rest:
            return None
        rest.remove(atom)
    return tuple(rest)


def degree(form: Sym) -> int:
    return max(map(len, form.terms))


def leading(terms: Iterable[Mono]) -> Mono:
    """The greatest monomial: by degree, then (graded lexicographic) the older atoms first.  It is compatible
    with multiplication, which polynomial division needs."""
    candidates = list(terms)
    return candidates[0] if len(candidates) == 1 else min(candidates, key=_rank)


def _rank(mono: Mono) -> tuple[int, list[int]]:
    return -len(mono), [atom.uid for atom in mono]


def exact_div(a: Dim, b: Dim) -> Dim | None:
    """The q with q*b == a as polynomials, or None when there is none."""
    if isinstance(b, int):
        if b == 0:
            return None
        if isinstance(a, int):
            return None if a % b else a // b
        if any(coefficient % b for coefficient in a.terms.values()):
            return None
        return build({mono: coefficient // b for mono, coefficient in a.terms.items()})
    if isinstance(a, int):
        return 0 if a == 0 else None
    if a is b:
        return 1
    if len(b.terms) == 1:
        return _by_monomial(a, b)
    head = leading(b.terms)
    head_coefficient = b.terms[head]
    rest = dict(a.terms)
    quotient: dict[Mono, int] = {}
    while rest:
        top = leading(rest)
        coefficient, remainder = divmod(rest[top], head_coefficient)
        mono = over(top, head)
        if mono is None or remainder or len(quotient) >= MAX_TERMS or len(rest) > 4 * MAX_TERMS:
            return None
        quotient[mono] = coefficient
        for other, factor in b.terms.items():
            target = times(mono, other)
            value = rest.get(target, 0) - coefficient * factor
            if value:
                rest[target] = value
            else:
                del rest[target]
    return build(quotient)


def _by_monomial(a: Sym, b: Sym) -> Dim | None:
    [(divisor, factor)] = b.terms.items()
    quotient: dict[Mono, int] = {}
    for mono, coefficient in a.terms.items():
        rest = over(mono, divisor)
        if rest is None or coefficient % factor:
            return None
        quotient[rest] = coefficient // factor
    return build(quotient)


def common_factor(*dims: Dim) -> tuple[int, Mono]:
    """The greatest integer and the greatest monomial that divide every term of every one of them."""
    number = 0
    shared: list[Mono] = []
    for dim in dims:
        for mono, coefficient in terms_of(dim).items():
            number = gcd(number, coefficient)
            shared.append(mono)
    if not shared:
        return 0, ()
    smallest = min(shared, key=len)
    kept: Mono = ()
    for atom in dict.fromkeys(smallest):
        kept += (atom,) * min(mono.count(atom) for mono in shared)
    return number, kept


def strip(dim: Dim, number: int, mono: Mono) -> Dim:
    """`dim` without a factor that is known to be in every term."""
    terms: dict[Mono, int] = {}
    for old, coefficient in terms_of(dim).items():
        rest = over(old, mono)
        assert rest is not None and coefficient % number == 0
        terms[rest] = coefficient // number
    return build(terms)


def monomial(number: int, mono: Mono) -> Dim:
    return build({mono: number})
