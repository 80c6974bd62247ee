"""Every kind of statement and expression, compared with `ast`: structure and spans."""

from __future__ import annotations

import sys

import pytest

from shapelint.lower import lower, program
from shapelint.source import SourceProblem, from_text
from tests.lower.oracle import Oracle
from tests.lower.snippets import SNIPPETS

NEWER = [
    (11, "try: a\nexcept* b:\n    c\nexcept* (d, e) as f: g\n"),
    (11, "a[*b], a[*b, c], a[b, *c]\ndef f(*a: *b): ...\n"),
    (12, "f'{a['b']}', f'{'\\n'.join(c)}', f'{f'{f'{x.y}'}'}', f'{\n  a.b  # why\n}'"),
]


@pytest.fixture
def without_ast(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `ast` could not read the file, as it is newer than the running Python."""
    refused = SourceProblem("a.py", "is not valid Python")
    monkeypatch.setattr(program, "parsed", lambda file: refused)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
@pytest.mark.parametrize("text", SNIPPETS)
def test_lowered_as_ast_reads_it(text: str) -> None:
    assert Oracle(text).check(lower(from_text("a.py", text))) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
@pytest.mark.parametrize(
    "text", [text for text in SNIPPETS if "\x0c" not in text]
)  # libcst loses a form feed
def test_lowered_alike_when_ast_cannot_read_it(text: str, without_ast: None) -> None:
    assert Oracle(text).check(lower(from_text("a.py", text))) == []


@pytest.mark.parametrize(("minor", "text"), NEWER)
def test_newer_syntax_is_lowered_as_ast_reads_it(minor: int, text: str) -> None:
    lowered = lower(from_text("a.py", text))
    if sys.version_info >= (3, minor):
        assert Oracle(text).check(lowered) == []
