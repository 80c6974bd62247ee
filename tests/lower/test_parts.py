"""What a node holds: nothing that is or holds a node is left out, and what is told of a body is asked once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shapelint import ir
from shapelint.lower import lower
from shapelint.source.text import from_text, read

SOURCES = Path(__file__).parents[2] / "src" / "shapelint" / "interp"


def below(value: Any) -> list[ir.Node]:
    if isinstance(value, ir.LazyBody):
        value = value.statements
    if isinstance(value, tuple):
        return [node for part in value for node in below(part)]
    return [value] if isinstance(value, ir.Node) else []


def fields(node: ir.Node) -> list[Any]:
    return [getattr(node, slot) for kind in type(node).__mro__ for slot in getattr(kind, "__slots__", ())]


def test_no_node_is_left_out() -> None:
    texts = [read(str(path)) for path in sorted(SOURCES.rglob("m*.py"))]
    odd = "match x:\n    case [1, {'a': b}] if c: f'{d!r:{e}}'\n    case _: lambda f=1, *g: (yield)\n"
    count = 0
    for file in (*texts, from_text("odd.py", odd)):
        for node in ir.walk(lower(file)):
            count += 1
            assert below(ir.parts(node)) == below(tuple(fields(node)))
    assert count > 5_000


def test_places_texts_and_numbers_are_left_out() -> None:
    (statement,) = lower(from_text("a.py", "f(x, 'text', key=3)\n")).body
    call = ir.parts(statement)[0]
    assert not any(isinstance(part, (str, int)) for node in ir.walk(statement) for part in ir.parts(node))
    assert [type(part) for part in ir.parts(call)] == [ir.Name, tuple, tuple]
    assert ir.parts(call.args[0]) == ()


def test_what_is_told_of_a_body_is_asked_once() -> None:
    (function,) = lower(from_text("a.py", "def f():\n    a = 1\n    return a\n")).body
    assert isinstance(function, ir.FunctionDef)
    asked: list[str] = []

    def size(body: tuple[ir.Stmt, ...], of: str) -> int:
        asked.append(of)
        return len(body)

    assert [function.body.told(size, of) for of in ("x", "y", "x")] == [2, 2, 2]
    assert asked == ["x", "y"]
