"""What the two front ends make of one text is the same, node by node and place by place.

Here a sample; `python -m tests.lower` takes every file of the standard library and of the installed packages.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from shapelint import ir
from shapelint.lower import lower
from shapelint.lower.from_ast.fields import Unreadable, fields_of
from shapelint.source import SourceProblem, from_text, read
from tests.fuzz import grammar
from tests.fuzz.odd import odd
from tests.lower.same import NotRead, difference, differences
from tests.lower.snippets import SNIPPETS
from tests.lower.test_real_files import sample

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")

ODDITIES = [
    # semicolons behind a block's last statement, which are the block's
    "def f():\n    a; b;\n",
    "if a:\n  try: a;\n  except b: c ;\nelse: d;\n",
    "class A: x = 1 ; \n",
    "for x in a:\n  match x:\n    case {'a': -1, **k}: pass;\n    case [1, *_] | (2, *y): pass\n",
    "del (a, b),\ndel ((a, b),)\n",
    # fields
    "f'{x=  }', f'{x = !r:>5}', f'''{\n x\n =\n}'''",
    "f'{a:{{}}}', f'{x:=5}', f'{x!r:{a}{b!s}}{c}', f'{a.b:{c.d}}' '{' 'x', f'{x:%H:%M}{y:}'",
    "f'{a}{{b}}{c}', f'\\{a}', f'\\N{EN DASH}{a}', rf'\\N{a}', f'a\\\nb{c.d}', f'{a}' '\\x41' rf'\\d{b}'",
    "f'{*a, b}', f'{x,}', f'{(a), b}', f'{ (a, b) }', f'{(x:=1)}', f'{(yield)}', f'{lambda_}' f'' ''",
    "f'{a if b else c!r:^{w}}', f'{a!=b}{a==b}{a<=b:>{c}}{a<b}', f'{a[\"b\"]}{a[\"}\"]}', f'{ {1:2}[1] }'",
    'f"{a!r}" "}" f"{b:{c}}"',
    "(f'{a}' # c {\n 'b{' f\"{c['d']}\")",
    "f'''a{x}\r\nb{y.z}'''\r\nx\r\n",
    "é = f'é{ü.x}{y=}'\n",
    "a[b : ], a[b :: ], a[: c : ], a[ : ], a[b : (c) ], a[\n :, -b :\n], a[ : , b : : c ]",
    # names on another line, and names whose normal form is shorter or longer
    "async def \\\n f(): ...\nasync \\\n def \\\n f(): ...\nclass\\\n\\\n  A(B): ...\nclass ﬁ: ...\ndef ﬁ(): ...\n",
    "import a . b as c\nfrom . . import d\nfrom .a . b import *\n",
    # generators
    "def f(x): return (yield)\n@(yield)\ndef f(): ...\ndef f():\n  def g() -> (yield): ...\nlambda: (yield)\n",
    "with (a, b): ...\nwith (a) as b, (c): ...\nwith (a): ...\n",
]


@pytest.mark.parametrize("text", [text for text in SNIPPETS if "\f" not in text] + ODDITIES)
def test_every_kind_of_node(text: str) -> None:
    assert difference(from_text("a.py", text)) is None


@pytest.mark.skipif(sys.version_info < (3, 11), reason="newer syntax")
def test_newer_kinds_of_nodes() -> None:
    text = "try:\n  a\nexcept* b: c\nx[a, *b]\nx[*b]\ndef f(*args: *Ts): ...\n"
    assert difference(from_text("a.py", text)) is None


@pytest.mark.parametrize("path", sample(), ids=lambda path: "/".join(path.parts[-3:]))
def test_real_files(path: Path) -> None:
    assert difference(read(str(path))) is None


def test_odd_programs() -> None:
    for number in range(60):
        text = odd(number, Random(number)).data.decode()
        assert difference(from_text("a.py", text)) is None, text


@pytest.mark.skipif(not grammar.available(), reason="hypothesmith is not installed")
def test_programs_drawn_from_the_grammar() -> None:
    compared = 0
    for number in range(12):
        program = grammar.drawn(number, Random(number))
        if program is None:
            continue
        try:
            file = from_text("a.py", program.data.decode())
            assert difference(file) is None, file.text
            compared += 1
        except (NotRead, SourceProblem, UnicodeDecodeError):
            continue  # the grammar draws form feeds, and what only one of the two can read
    assert compared > 3


def test_a_difference_is_seen() -> None:
    def program(text: str) -> ir.Program:
        return lower(from_text("a.py", text))

    one = program("def f(x):\n    return x + 0.0, f'{x}'\n")
    assert list(differences(one, program("def f(x):\n    return x + 0.0, f'{x}'\n"))) == []
    for other in ("x - 0.0, f'{x}'", "x + 1.0, f'{x}'", "x +  0.0, f'{x}'", "x + 0.0, f'{y}'", "x + 0.0,"):
        assert list(differences(one, program(f"def f(x):\n    return {other}\n"))), other


@pytest.mark.parametrize(
    "text",
    [
        "(x): int = 1\n",
        "\fx = 1\n",
        "x = " + "a and " * 3_000 + "a",
        "match x:\n case " + "[" * 30 + "]" * 30 + ": pass",
        "del " + "(" * 30 + "a" + ",)" * 30,
    ],
)
def test_what_ast_reads_alone_is_read(text: str) -> None:
    file = from_text("a.py", text)
    assert len(lower(file).body) == 1
    with pytest.raises(NotRead):
        difference(file)


def test_a_form_feed_stands_before_a_column() -> None:
    assert [statement.at for statement in lower(from_text("a.py", "\fx = 1\n\f\ny\n")).body] == [
        (1, 2, 1, 7),
        (3, 1, 3, 2),
    ]


def test_libcst_is_imported_for_newer_syntax_only() -> None:
    code = (
        "import sys\nfrom shapelint.lower import lower\nfrom shapelint.source import from_text\n"
        "lower(from_text('a.py', 'def f(x):\\n  return x\\n')).body[0].body.statements\n"
        "print('libcst' in sys.modules)\n"
        "try: lower(from_text('a.py', 'this is never Python'))\nexcept Exception: pass\n"
        "print('libcst' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("text", ["f'{a", "f'{a!}'", "f'a}'", "x", "f'{a:{b}'"])
def test_what_is_no_f_string_has_no_fields(text: str) -> None:
    with pytest.raises(Unreadable):
        fields_of(text, (1, 1, 1, len(text) + 1))


def test_fields_may_repeat_the_quotes_around_them() -> None:
    text = "f'{a['b']}{f'{c}' 'd':{e}}'\n f'{\n  # why }\n  g}'"
    found = fields_of(text, (1, 1, 4, 1))
    assert [(field.at, field.value) for field in found] == [
        ((1, 3, 1, 11), "a['b']"),
        ((1, 11, 1, 27), "f'{c}' 'd'"),
        ((2, 4, 4, 5), "g"),
    ]
    assert found[1].spec is not None
    assert [field.value for field in found[1].spec.fields] == ["e"]
