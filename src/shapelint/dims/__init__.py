"""Sizes: `Dim = int | Sym`, a plain int or a symbolic integer in normal form.

Knows no torch and no syntax.  `==` on a dim is sameness of form; mathematics is `equal(a, b) -> Verdict`.
"""

from shapelint.dims.form import Dim, Sym, Symbol, symbol, witness  # isort: skip  (first: the others build on it)
from shapelint.dims.atoms import choice
from shapelint.dims.decide import divides, equal, less, less_equal
from shapelint.dims.extremes import maximum, minimum
from shapelint.dims.floor import ceildiv
from shapelint.dims.memo import forget
from shapelint.dims.parsing import parse
from shapelint.dims.poly import exact_div, product, total
from shapelint.dims.reach import bounds
from shapelint.dims.replace import at_witnesses, evaluate, substitute
from shapelint.dims.sides import on_side, sides
from shapelint.dims.verdict import Undetermined, Verdict, both, negate

__all__ = [
    "at_witnesses",
    "Dim",
    "Sym",
    "Symbol",
    "Undetermined",
    "Verdict",
    "both",
    "bounds",
    "ceildiv",
    "choice",
    "divides",
    "equal",
    "evaluate",
    "exact_div",
    "forget",
    "less",
    "less_equal",
    "maximum",
    "minimum",
    "negate",
    "on_side",
    "parse",
    "product",
    "sides",
    "substitute",
    "symbol",
    "total",
    "witness",
]
