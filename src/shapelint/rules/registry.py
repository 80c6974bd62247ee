"""All rules: every module of this package that holds a Rule. A code or name claimed twice refuses to load.

A check imports only the rules that have something to hear: what each listens to is told by the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

import shapelint.rules as package
from shapelint import facts
from shapelint.records import dataclass
from shapelint.rules.base import NeedRule, Rule
from shapelint.rules.index import RULES

_rules: list[Rule] = []


class DuplicateRule(Exception):
    """Two rules claim one code or name."""


@dataclass(slots=True, frozen=True)
class Listener:
    """What a rule is given; the rule itself is imported when it is asked for."""

    module: str
    code: str
    name: str
    listens: tuple[type[facts.Fact], ...]
    ops: tuple[str, ...]
    every_call: bool

    @property
    def rule(self) -> Rule:
        return _rules_of(self.module)[0]


@cache
def listeners() -> tuple[Listener, ...]:
    """What each rule is given, by code."""
    return tuple(
        [
            Listener(
                module,
                code,
                name,
                tuple([getattr(facts, k) for k in kinds.split()]),
                tuple(ops.split()),
                every,
            )
            for module, code, name, kinds, ops, every in RULES
        ]
    )


@cache
def wanted_ops() -> frozenset[str]:
    """The operations whose calls some rule wants."""
    return frozenset([op for listener in listeners() for op in listener.ops])


@cache
def _rules_of(module: str) -> tuple[Rule, ...]:
    """The rules that a module of this package holds."""
    name = f"{package.__name__}.{module}"
    return tuple(
        value()
        for value in vars(import_module(name)).values()  # our own modules only
        if isinstance(value, type)
        and issubclass(value, Rule)
        and value not in (Rule, NeedRule)
        and value.__module__ == name
        and hasattr(value, "code")
    )


def all_rules() -> Sequence[Rule]:
    """Every rule, by code."""
    if not _rules:
        import pkgutil  # deferred: it brings `inspect`

        for found in pkgutil.iter_modules(package.__path__):
            _rules.extend(_rules_of(found.name))
        _rules.sort(key=lambda rule: rule.code)
        for attribute in ("code", "name"):
            seen: dict[str, Rule] = {}
            for rule in _rules:
                word = getattr(rule, attribute)
                if word in seen:
                    raise DuplicateRule(f"{word}: {type(rule).__module__} and {type(seen[word]).__module__}")
                seen[word] = rule
    return _rules


def find(code_or_name: str) -> Rule | None:
    """A rule by code (any case) or name."""
    wanted = code_or_name.strip()
    for listener in listeners():
        if wanted.upper() == listener.code or wanted == listener.name:
            return listener.rule
    return None
