"""All rules: every module of this package that holds a Rule. A code or name claimed twice refuses to load."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module

import shapelint.rules as package
from shapelint.rules.base import NeedRule, Rule

_rules: list[Rule] = []


class DuplicateRule(Exception):
    """Two rules claim one code or name."""


def all_rules() -> Sequence[Rule]:
    """Every rule, by code."""
    if not _rules:
        for found in pkgutil.iter_modules(package.__path__):
            module = import_module(f"{package.__name__}.{found.name}")  # our own modules only
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, Rule) and value not in (Rule, NeedRule):
                    if value.__module__ == module.__name__ and hasattr(value, "code"):
                        _rules.append(value())
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
    for rule in all_rules():
        if wanted.upper() == rule.code or wanted == rule.name:
            return rule
    return None
