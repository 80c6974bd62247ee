"""Every rule's docstring is its test: each marked line of Bad fires, nothing else does, and Good is silent under all rules.

The same programs are run by torch: what is said to raise raises there, and what is said to be right runs.
"""

from __future__ import annotations

import re
import warnings

import pytest

from shapelint.engine.analyse import analyse
from shapelint.rules.base import Rule
from shapelint.rules.pages import expected, page_of
from shapelint.rules.registry import all_rules
from shapelint.source.text import from_text

LOUD = ("error", "warning")


def found(text: str) -> set[tuple[int, str, str]]:
    """What shapelint says of a program: (line, severity, rule)."""
    return {(d.line, d.severity, d.rule) for d in analyse(from_text("example.py", text)).diagnostics}


@pytest.fixture(params=all_rules(), ids=lambda rule: rule.name)
def rule(request: pytest.FixtureRequest) -> Rule:
    made: Rule = request.param
    return made


def test_its_bad_example_fires_where_it_is_marked_and_nowhere_else(rule: Rule) -> None:
    bad = page_of(rule).bad
    promised = set(expected(bad))
    assert rule.name in {name for _, _, name in promised}, "no line is marked with the rule itself"
    said = found(bad)
    assert promised <= said
    assert {row for row in said if row[1] in LOUD} <= promised


def test_its_good_example_is_silent_under_all_rules(rule: Rule) -> None:
    good = page_of(rule).good
    assert expected(good) == []
    assert [row for row in found(good) if row[1] in LOUD] == []


def test_torch_agrees_with_its_examples(rule: Rule) -> None:
    """SHP1xx raise, at the first marked line; everything else runs."""
    page = page_of(rule)
    run(page.good)
    if not rule.code.startswith("SHP1"):
        run(page.bad)
        return
    first = min(line for line, _, _ in expected(page.bad))
    with pytest.raises(Exception) as raised:
        run(page.bad)
    lines = [entry.lineno for entry in raised.traceback if str(entry.path).endswith("example.py")]
    assert first - 1 in lines


def run(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "example.py", "exec", dont_inherit=True), {"__name__": "__main__"})


def test_it_says_what_it_is(rule: Rule) -> None:
    """The grammar of a rule: a code of three letters and three digits, a name that says the offence, prose that fits a page."""
    assert re.fullmatch(r"SHP[1-59]\d\d", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert rule.severity in ("error", "warning", "info")
    page = page_of(rule)
    assert page.summary.endswith(".") and len(page.summary) <= 100
    assert max(map(len, (page.why + page.bad + page.good).splitlines())) <= 120
    module = type(rule).__module__.rsplit(".", 1)[-1]
    assert module == rule.name.replace("-", "_"), "a rule lives in the file of its name"
