"""Bounds the nesting of a file by its text alone, as `ast` has no tree of it: it is broken, or newer than this Python.

libcst must not be given what would crash it or keep it busy for minutes. What was found by experiment (libcst 1.9): it ends
the process by a stack overflow at some 2,000 nested brackets or 10,000 operators in a row, takes time that is quadratic in
the length of a chain (4,000 subscripts in a row: 25 s) and exponential in the depth of a `case` pattern or of a tuple after
`del` (20: 2 s; 100: never). The bound counts too much rather than too little.
"""

from __future__ import annotations

import re

from shapelint.patterns import regex

__all__ = ["nesting_bound"]

_STRING = (
    r"""\"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'"""
)
_TOKENS = regex(
    rf"""(?P<string>{_STRING}) | (?P<comment>\#[^\r\n]*) | (?P<open>[(\[{{]) | (?P<close>[)\]}}]) | (?P<comma>,)
    | \\\r?\n | (?P<end>[\r\n]) | (?P<word>\w+) | (?P<operator>[^\w\s])""",
    re.VERBOSE | re.DOTALL,
)

_MAX_BRACKETS = 150
_MAX_CHAIN = 2_000  # tokens between two commas of one bracket
_MAX_ELIFS = 1_000
_USUAL = 30
_MAX_EXCESS = 200_000  # some 30 microseconds each
_CHAIN_WEIGHT = 40  # a link of a chain costs that much less than a bracket
_MAX_TOKENS = 800_000
_MAX_PATTERN_WORK = 1 << 20


def nesting_bound(text: str) -> int | None:
    """How deeply the text may be nested, or None when libcst may not survive it in reasonable time."""
    chains = [0]  # tokens since the last comma, in each open bracket
    longest = deepest = elifs = brackets = chain_excess = pattern_work = 0
    in_pattern = False
    for count, token in enumerate(_TOKENS.finditer(text)):
        kind = token.lastgroup
        if count > _MAX_TOKENS:
            return None
        if kind is None or kind == "comment":
            continue
        if kind == "end":
            if len(chains) == 1:
                chains[0] = 0
                in_pattern = False
            continue
        if kind == "comma":
            chains[-1] = 0
            continue
        if kind == "word":
            if token[0] == "elif":
                elifs += 1
            elif token[0] in ("case", "del") and len(chains) == 1 and chains[0] == 0:
                in_pattern = True
        elif kind == "string":
            # The fields of an f-string are inside it, and may nest.
            nested = token[0].count("{") + token[0].count("(") + token[0].count("[")
            chains[-1] += min(nested, _MAX_CHAIN) if nested > _USUAL else 0
        elif kind == "close":
            if len(chains) > 1:
                chains.pop()
        chains[-1] += 1
        if kind == "open":
            chains.append(0)
            if in_pattern:
                pattern_work += 1 << min(len(chains), 40)
        longest = max(longest, chains[-1])
        deepest = max(deepest, len(chains))
        if kind == "open":
            brackets += max(0, len(chains) - _USUAL)
        chain_excess += max(0, chains[-1] - _USUAL)
        if (
            deepest > _MAX_BRACKETS
            or longest > _MAX_CHAIN
            or elifs > _MAX_ELIFS
            or brackets + chain_excess // _CHAIN_WEIGHT > _MAX_EXCESS
            or pattern_work > _MAX_PATTERN_WORK
        ):
            return None
    return deepest + longest + elifs
