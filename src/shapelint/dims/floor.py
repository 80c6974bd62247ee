"""The laws of // and %: which quotients are written in another form.

Every law here holds for all integers at which both sides are defined (for Python's rounding towards minus
infinity); the ones that need a sign ask `reach`, which never looks at a witness, because a form must stay
true at every other size as well.
"""

from __future__ import annotations

from math import gcd

from shapelint.dims import atoms
from shapelint.dims.atoms import Floor
from shapelint.dims.form import Dim, Mono, Sym, build
from shapelint.dims.poly import common_factor, exact_div, leading, monomial, over, strip, terms_of
from shapelint.dims.reach import bounds


def floordiv(a: Dim, b: Dim) -> Dim:
    if isinstance(b, int):
        if isinstance(a, int):
            return a // b
        if b == 0:
            raise ZeroDivisionError(f"({a})//0")
        return _by_number(a, b) if b > 0 else _by_number(-a, -b)
    return _by_form(a, b)


def modulo(a: Dim, b: Dim) -> Dim:
    if isinstance(b, int):
        if isinstance(a, int):
            return a % b
        if b == 0:
            raise ZeroDivisionError(f"({a}) % 0")
        return a - b * (a // b)
    if exact_div(a, b) is not None:
        return 0
    number, mono = common_factor(a, b)
    if number > 1 or mono:
        # (g*p) % (g*q) == g*(p % q), whatever the sign of g.
        return monomial(number, mono) * (strip(a, number, mono) % strip(b, number, mono))
    _, rest = _take_out(a, b)
    if _fits_below(rest, b):
        return rest
    return atoms.remainder(rest, b)


def ceildiv(a: Dim, b: Dim) -> Dim:
    """a / b rounded up.  For a positive number as b it is the form of (a + b - 1)//b, as people write it."""
    return -(-a // b)


def _by_number(a: Sym, k: int) -> Dim:
    if k == 1:
        return a
    whole: dict[Mono, int] = {}
    rest: dict[Mono, int] = {}
    constant = 0
    for mono, coefficient in a.terms.items():
        quotient, remainder = divmod(coefficient, k)
        # (k*p + r)//k == p + r//k.  Not 5*x//3 == x + 2*x//3, though it holds too: nobody would know it again.
        if not mono:
            constant = remainder
            if quotient:
                whole[mono] = quotient
        elif remainder:
            rest[mono] = coefficient
        else:
            whole[mono] = quotient
    if not rest:
        return build(whole)
    sign = 1
    if rest[leading(rest)] < 0:
        # p//k == -((-p + k - 1)//k): one of the two ways to write a rounded-up quotient.
        sign = -1
        rest = {mono: -coefficient for mono, coefficient in rest.items()}
        constant = k - 1 - constant
    # (g*p + c)//(g*k) == (p + c//g)//k
    shared = gcd(k, *rest.values())
    if shared > 1:
        rest = {mono: coefficient // shared for mono, coefficient in rest.items()}
        constant //= shared
        k //= shared
    if constant:
        rest[()] = constant
    floored = _atom_of(build(rest), k)
    if not whole:
        return floored * sign
    return build(whole) + floored * sign


def _by_form(a: Dim, b: Sym) -> Dim:
    exact = exact_div(a, b)
    if exact is not None:
        return exact
    if b.terms[leading(b.terms)] < 0:
        a, b = -a, -b
    # (g*p)//(g*q) == p//q, whatever the sign of g.
    number, mono = common_factor(a, b)
    if number > 1 or mono:
        return strip(a, number, mono) // strip(b, number, mono)
    whole, rest = _take_out(a, b)
    if whole:
        return build(whole) + rest // b
    if _fits_below(a, b):
        return 0
    head = terms_of(a)[leading(terms_of(a))]
    least, _ = bounds(b)
    if head < 0 and least is not None and least > 0:
        # Rounded up, as in `_by_number`: a//b == -((-a + b - 1)//b) for a positive b.
        return -((b - a - 1) // b)
    return _atom_of(a, b)


def _take_out(a: Dim, b: Sym) -> tuple[dict[Mono, int], Dim]:
    """(whole, rest) with a == whole*b + rest, term by term; only a single term as b can be taken out so."""
    whole: dict[Mono, int] = {}
    if len(b.terms) != 1:
        return whole, a
    [(divisor, factor)] = b.terms.items()
    rest: dict[Mono, int] = {}
    for mono, coefficient in terms_of(a).items():
        left = over(mono, divisor)
        if left is None or coefficient % factor:
            rest[mono] = coefficient
        else:
            whole[left] = coefficient // factor
    return whole, (build(rest) if whole else a)


def _fits_below(a: Dim, b: Sym) -> bool:
    """0 <= a < b, at every size."""
    low, high = bounds(a)
    if low is None or low < 0:
        return False
    least, _ = bounds(b)
    if least is None or least < 1:
        return False
    if high is not None and high < least:
        return True
    gap, _ = bounds(b - a)
    return gap is not None and gap > 0


def _atom_of(a: Dim, b: Dim) -> Dim:
    low, high = bounds(b)
    if low is not None and low > 0:
        inner = _only_floor(a)
        if inner is not None:
            # (x//p + r)//q == (x + p*r)//(p*q) for a positive q: chains of windows become one quotient.
            rest = a - inner.sym
            return (inner.numerator + inner.denominator * rest) // (inner.denominator * b)
        if low == high:
            least, most = bounds(a)
            if least is not None and most is not None and least // low == most // low:
                return least // low
    return atoms.floored(a, b)


def _only_floor(a: Dim) -> Floor | None:
    """The floor that is a term of `a` with coefficient one, when it is the only quotient among the terms (with
    two of them, which one to open would be a matter of order)."""
    found: Floor | None = None
    for mono, coefficient in terms_of(a).items():
        for atom in mono:
            if isinstance(atom, Floor):
                if found is not None or coefficient != 1 or len(mono) != 1:
                    return None
                found = atom
    return found
