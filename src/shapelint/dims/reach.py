"""Bounds that hold at every admissible size: intervals, and what is known beyond them.

May not look at witnesses (a bound is used to choose the normal form, which must stay true elsewhere) and may
not divide forms, because the laws of // ask this file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelint.dims import atoms
from shapelint.dims.form import Atom, Bounds, Dim, Mono, Sym, Symbol, build
from shapelint.dims.poly import exact_div, over, product

# What one question may cost, as the weight of all rewritten forms together, and how far one rewriting may
# follow another.  By weight, so that large forms are rewritten less often, not just more slowly.
EFFORT = 240
DEPTH = 5
# Moving a monomial of degree n to its lower bounds makes 2**n terms.
MAX_SHIFTED_DEGREE = 5
MAX_SHIFTED_TERMS = 40


def bounds(dim: Dim) -> Bounds:
    """Inclusive bounds; None where there is none, or none was found."""
    if not isinstance(dim, Sym):
        return dim, dim
    found = dim._bounds
    if found is None:
        plain, linear = _nature(dim)
        if (plain and linear) or _is_one_choice(dim):
            found = interval(dim)
        else:
            low = _least(dim, [EFFORT], DEPTH)
            negated = _least(_negative(dim), [EFFORT], DEPTH)
            found = low, None if negated is None else -negated
        dim._bounds = found
    return found


def _is_one_choice(form: Sym) -> bool:
    """Whether nothing but one choice is unknown in a form: it was given the bounds of its sides, and opening it gives no others."""
    if len(form.terms) > 2:
        return False
    unknown = [mono for mono in form.terms if mono]
    return len(unknown) == 1 and len(unknown[0]) == 1 and unknown[0][0].__class__ is atoms.Choice


def interval(form: Sym) -> Bounds:
    """Bounds by interval arithmetic alone: cheap, and no new forms are made."""
    low: int | None = 0
    high: int | None = 0
    for mono, coefficient in form.terms.items():
        if len(mono) == 1:
            # The common case, and sizes are asked for their bounds all the time.
            least, most = mono[0].low, mono[0].high
            if coefficient < 0:
                least, most = most, least
            least = None if least is None else coefficient * least
            most = None if most is None else coefficient * most
        else:
            least, most = coefficient, coefficient
            for atom, power in _powers(mono):
                least, most = times((least, most), to_the((atom.low, atom.high), power))
        low = None if low is None or least is None else low + least
        high = None if high is None or most is None else high + most
    return low, high


def union(a: Bounds, b: Bounds) -> Bounds:
    low = None if a[0] is None or b[0] is None else min(a[0], b[0])
    high = None if a[1] is None or b[1] is None else max(a[1], b[1])
    return low, high


def times(a: Bounds, b: Bounds) -> Bounds:
    if a == (0, 0) or b == (0, 0):
        return 0, 0
    if None not in a and None not in b:
        corners = [x * y for x in a if x is not None for y in b if y is not None]
        return min(corners), max(corners)
    # One side is unbounded: only the signs matter, and the bounds that point towards zero.
    if a[0] is not None and a[0] >= 0:
        return _scaled(b, a)
    if b[0] is not None and b[0] >= 0:
        return _scaled(a, b)
    if a[1] is not None and a[1] <= 0:
        return _flipped(times(_flipped(a), b))
    if b[1] is not None and b[1] <= 0:
        return _flipped(times(a, _flipped(b)))
    return None, None


def _scaled(a: Bounds, factor: Bounds) -> Bounds:
    """`a` times a factor that is never negative."""
    least, most = factor
    assert least is not None
    low: int | None = None
    high: int | None = None
    if a[0] is not None:
        low = a[0] * least if a[0] >= 0 else (None if most is None else a[0] * most)
    if a[1] is not None:
        high = a[1] * least if a[1] <= 0 else (None if most is None else a[1] * most)
    return low, high


def _flipped(a: Bounds) -> Bounds:
    return None if a[1] is None else -a[1], None if a[0] is None else -a[0]


def to_the(a: Bounds, power: int) -> Bounds:
    if power == 1:
        return a
    low, high = a
    if any(value is not None and value.bit_length() * power > 4096 for value in a):
        # A number that large bounds nothing anybody compares with.
        return (0 if power % 2 == 0 or (low is not None and low >= 0) else None), None
    if power % 2:
        return None if low is None else low**power, None if high is None else high**power
    if low is not None and low >= 0:
        return low**power, None if high is None else high**power
    if high is not None and high <= 0:
        return high**power, None if low is None else low**power
    return 0, None if low is None or high is None else max(low**power, high**power)


def quotient(top: Bounds, bottom: Bounds) -> Bounds:
    """Bounds of a//b; none unless b is known to be positive."""
    least, most = bottom
    if least is None or least < 1:
        return None, None
    low, high = top
    if low is not None:
        low = low // least if low < 0 else (0 if most is None else low // most)
    if high is not None:
        high = high // least if high >= 0 else (-1 if most is None else high // most)
    return low, high


def remainder(top: Bounds, bottom: Bounds) -> Bounds:
    """Bounds of a % b; none unless b is known to be positive."""
    least, most = bottom
    if least is None or least < 1:
        return None, None
    high = None if most is None else most - 1
    if top[0] is not None and top[0] >= 0 and top[1] is not None:
        high = top[1] if high is None else min(high, top[1])
    return 0, high


def extreme(greatest: bool, each: Sequence[Bounds]) -> Bounds:
    if greatest:
        return _flipped(extreme(False, [_flipped(one) for one in each]))
    lows = [low for low, _ in each if low is not None]
    highs = [high for _, high in each if high is not None]
    return min(lows) if len(lows) == len(each) else None, min(highs) if highs else None


def _powers(mono: Mono) -> list[tuple[Atom, int]]:
    if len(mono) == 1:
        return [(mono[0], 1)]
    return [(atom, mono.count(atom)) for atom in dict.fromkeys(mono)]


def _negative(form: Sym) -> Sym:
    # Not interned: it is thrown away at once.
    return Sym({mono: -coefficient for mono, coefficient in form.terms.items()})


def _better(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else max(a, b)


def _least(form: Dim, effort: list[int], depth: int) -> int | None:
    """A number that `form` is never below."""
    if not isinstance(form, Sym):
        return form
    plain, linear = _nature(form)
    best, _ = interval(form)
    if not linear:
        best = _better(best, _shifted(form))
    effort[0] -= form.weight
    if plain or depth == 0:
        return best
    seen: set[Atom] = set()
    for mono in form.terms:
        for atom in mono:
            if atom not in seen:
                seen.add(atom)
                if effort[0] > 0:
                    best = _better(best, _opened(form, atom, effort, depth))
    return best


def _nature(form: Sym) -> tuple[bool, bool]:
    """Whether all its atoms are letters (nothing is known of them but bounds), and whether it is linear."""
    plain = True
    linear = True
    for mono in form.terms:
        if len(mono) > 1:
            linear = False
        for atom in mono:
            if atom.__class__ is not Symbol and atom.__class__ is not atoms.Opaque:
                plain = False
    return plain, linear


def _shifted(form: Sym) -> int | None:
    """Each atom is written as its bound plus something that is never negative; what is left below the constant
    is then only the terms with a negative coefficient.  Proves H*W - H >= 0, which intervals cannot."""
    if len(form.terms) > MAX_SHIFTED_TERMS:
        return None
    terms: dict[Mono, int] = {}
    for mono, coefficient in form.terms.items():
        if len(mono) > MAX_SHIFTED_DEGREE:
            return None
        parts: dict[Mono, int] = {(): coefficient}
        for atom in mono:
            base, sign = (atom.low, 1) if atom.low is not None else (atom.high, -1)
            if base is None:
                return None
            grown: dict[Mono, int] = {}
            for part, value in parts.items():
                longer = (*part, atom)
                grown[longer] = grown.get(longer, 0) + sign * value
                if base:
                    grown[part] = grown.get(part, 0) + base * value
            parts = grown
        for part, value in parts.items():
            terms[part] = terms.get(part, 0) + value
    least = terms.pop((), 0)
    for mono, coefficient in terms.items():
        if coefficient >= 0:
            continue
        width = 1
        for atom in mono:
            if atom.low is None or atom.high is None:
                return None
            width *= atom.high - atom.low
        least += coefficient * width
    return least


def _opened(form: Sym, atom: Atom, effort: list[int], depth: int) -> int | None:
    """A lower bound found by replacing one atom by what is known of it."""
    if isinstance(atom, atoms.Floor):
        return _floor_opened(form, atom, effort, depth)
    if isinstance(atom, atoms.Extreme):
        cases = atom.dims
        signs = [
            _sign_beside(mono, atom, coefficient) for mono, coefficient in form.terms.items() if atom in mono
        ]
        if all(sign == (1 if atom.greatest else -1) for sign in signs):
            # -min(a, b) >= -a, and >= -b: the better of the two.
            found: int | None = None
            for dim in cases:
                if effort[0] < 0:
                    break
                found = _better(found, _least(_swap(form, {atom: dim}), effort, depth - 1))
            return found
        return _worst([{atom: dim} for dim in cases], form, effort, depth)
    if isinstance(atom, atoms.Choice):
        # Everything that hangs on the same condition goes the same way.
        same = {
            other: other.dims
            for mono in form.terms
            for other in mono
            if isinstance(other, atoms.Choice) and other.key is atom.key
        }
        return _worst(
            [{other: dims[side] for other, dims in same.items()} for side in (0, 1)], form, effort, depth
        )
    return None


def _worst(cases: Sequence[dict[Atom, Dim]], form: Sym, effort: list[int], depth: int) -> int | None:
    """The form is one of these: it is never below the lowest of them."""
    found: list[int] = []
    for case in cases:
        if effort[0] < 0:
            return None
        least = _least(_swap(form, case), effort, depth - 1)
        if least is None:
            return None
        found.append(least)
    return min(found)


def _floor_opened(form: Sym, atom: atoms.Floor, effort: list[int], depth: int) -> int | None:
    """By k*(e//k) in [e - k + 1, e].  A number k is brought in by scaling the whole form; any other divisor
    must already stand beside the quotient."""
    divisor = atom.denominator
    least, _ = bounds(divisor)
    if least is None or least < 1:
        return None
    scale = divisor if isinstance(divisor, int) else 1
    result: Dim = build({m: c * scale for m, c in form.terms.items() if atom not in m})
    for mono, coefficient in form.terms.items():
        if atom not in mono:
            continue
        sign = _sign_beside(mono, atom, coefficient)
        rest = over(mono, (atom,))
        assert rest is not None
        if sign == 0:
            return None
        beside = build({rest: coefficient})
        if not isinstance(divisor, int):
            # The divisor is positive, so what is left of a product that is not negative is not negative.
            left = exact_div(beside, divisor)
            if left is None:
                return None
            beside = left
        if sign > 0:
            result = result + beside * (atom.numerator - divisor + 1)
        else:
            result = result + beside * atom.numerator
    found = _least(result, effort, depth - 1)
    return None if found is None else -(-found // scale)


def _sign_beside(mono: Mono, atom: Atom, coefficient: int) -> int:
    """The sign of what `atom` is multiplied with: 1, -1, or 0 when it is not known (or is the atom itself)."""
    for other in over(mono, (atom,)) or ():
        if other is atom or other.low is None or other.low < 0:
            return 0
    return 1 if coefficient > 0 else -1


def _swap(form: Sym, replaced: dict[Atom, Dim]) -> Dim:
    """The form with other dims in place of some of its own atoms (atoms inside atoms are left alone)."""
    return rebuilt(form, lambda atom: replaced.get(atom))


def rebuilt(form: Sym, image: Callable[[Atom], Dim | None]) -> Dim:
    """The form over the images of its atoms; None leaves an atom as it is."""
    kept: dict[Mono, int] = {}
    result: Dim = 0
    for mono, coefficient in form.terms.items():
        same: list[Atom] = []
        changed: list[Dim] = []
        for atom in mono:
            dim = image(atom)
            if dim is None:
                same.append(atom)
            else:
                changed.append(dim)
        if not changed:
            kept[mono] = coefficient
        else:
            result = result + build({tuple(same): coefficient}) * product(changed)
    return build(kept) + result if kept else result
