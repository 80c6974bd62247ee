"""Facts to diagnostics: each rule is given the facts that it listens to, in the order they were recorded, and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context
from shapelint.rules.registry import Listener, listeners
from shapelint.source.text import SourceFile


def judge(said: list[facts.Fact], sources: Callable[[str], SourceFile | None]) -> list[Diagnostic]:
    """All rules over all facts; one finding a rule and place."""
    context = Context(sources)
    heard = _Index(_roots(said))
    found: dict[tuple[object, ...], Diagnostic] = {}
    for listener in listeners():
        mine = heard.of(listener)
        if not mine:
            continue
        for diagnostic in listener.rule.check(mine, context):
            key = (diagnostic.code, diagnostic.path, diagnostic.line, diagnostic.column)
            held = found.get(key)
            if held is None or _weight(diagnostic) > _weight(held):
                found[key] = diagnostic
    return sorted(found.values(), key=lambda d: d.order)


class _Index:
    """Where the facts of each kind stand among all, calls by their operations and failed needs by their offences: most rules
    want few of the many."""

    def __init__(self, said: Sequence[facts.Fact]) -> None:
        self._said = said
        self._kinds: dict[type[facts.Fact], list[int]] = {}
        self._calls: dict[tuple[str, str], list[int]] = {}
        self._needs: dict[str, list[int]] = {}
        for at, fact in enumerate(said):
            kind = fact.__class__
            if kind is facts.Called:
                assert isinstance(fact, facts.Called)
                self._calls.setdefault((fact.op, fact.law), []).append(at)
            elif kind is facts.NeedFailed:
                assert isinstance(fact, facts.NeedFailed)
                self._needs.setdefault(fact.rule, []).append(at)
            self._kinds.setdefault(kind, []).append(at)

    def of(self, rule: Listener) -> list[facts.Fact]:
        """The facts that a rule is given."""
        groups: list[list[int]] = []
        for kind in rule.listens:
            if kind is facts.Called and not rule.every_call:
                groups += [at for names, at in self._calls.items() if any(name in rule.ops for name in names)]
            elif kind is facts.NeedFailed:
                groups.append(self._needs.get(rule.name, []))
            else:
                groups.append(self._kinds.get(kind, []))
        groups = [group for group in groups if group]
        if len(groups) == 1:
            return [self._said[at] for at in groups[0]]
        return [self._said[at] for at in sorted([at for group in groups for at in group])]


def _roots(said: list[facts.Fact]) -> list[facts.Fact]:
    """One cause, one finding: a model that has failed would not be called again, so the same offence met at another place by a
    later call of the same class follows from the first."""
    first: dict[tuple[object, str], tuple[object, object]] = {}
    kept = []
    for fact in said:
        if isinstance(fact, facts.NeedFailed) and fact.model_call is not None:
            key = (fact.model_call.module.cls, fact.rule)
            record, site = first.setdefault(key, (fact.model_call, fact.site))
            if record is not fact.model_call and site != fact.site:
                continue
        kept.append(fact)
    return kept


def _weight(diagnostic: Diagnostic) -> int:
    return ("info", "warning", "error").index(diagnostic.severity)
