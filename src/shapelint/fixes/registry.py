"""Finding the maker of a rule's fix: the module of this package that bears the rule's name."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import shapelint.fixes as package
from shapelint import facts, records
from shapelint.fixes.base import Found, Place
from shapelint.fixes.index import MAKERS
from shapelint.report import Diagnostic, Fix
from shapelint.rules.base import Context

FLOOR = (
    "activations",
    "arrivals",
    "base",
    "calls",
    "division",
    "edits",
    "index",
    "literals",
    "registry",
    "spelling",
    "syntax",
)
"""The modules of this package that make no fix themselves."""


def makers() -> tuple[str, ...]:
    """The names of the rules that have a fix."""
    return MAKERS


def listed() -> tuple[str, ...]:
    """The same, as the folder of this package has them."""
    import pkgutil  # deferred: it brings `inspect`

    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(name.replace("_", "-") for name in found if name not in FLOOR)


def _maker(rule: str) -> Any:
    return import_module(f"{package.__name__}.{rule.replace('-', '_')}")  # our own modules only


def with_fixes(
    diagnostics: Sequence[Diagnostic], said: Sequence[facts.Fact], context: Context
) -> list[Diagnostic]:
    """The diagnostics, each with its fix where it has one; `said` are the facts they were read from."""
    names = makers()
    wanted = {Place(d.path, d.line, d.column) for d in diagnostics if d.rule in names}
    if not wanted:
        return list(diagnostics)
    seen: dict[Place, list[facts.Fact]] = {}
    for fact in said:
        if fact.site is not None:
            place = Place(fact.site.path, fact.site.line, fact.site.column)
            if place in wanted:
                seen.setdefault(place, []).append(fact)
    done = []
    for d in diagnostics:
        if d.rule in names and d.fix is None:
            found = Found(d, tuple(seen.get(Place(d.path, d.line, d.column), ())), tuple(said), context)
            maker = _maker(d.rule)
            edits = tuple(e for e in maker.edits(found) or () if e is not None)
            if edits:
                d = records.replace(d, fix=Fix(maker.SAFE, edits))
        done.append(d)
    return done
