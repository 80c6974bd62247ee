"""What is lowered when, and what it costs to ask."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys

import pytest

from shapelint import ir
from shapelint.lower import lower
from shapelint.source import from_text


def function(text: str) -> ir.FunctionDef:
    found = lower(from_text("a.py", text)).body[0]
    assert isinstance(found, ir.FunctionDef)
    return found


def test_importing_the_package_does_not_import_libcst() -> None:
    code = "import sys, shapelint.lower, shapelint.source; print('libcst' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_body_is_lowered_once_when_asked() -> None:
    body = function("def f():\n    return 1\n").body
    assert body._statements is None
    first = body.statements
    assert isinstance(first[0], ir.Return)
    assert first is body.statements


def test_a_method_is_lazy_and_its_class_is_not() -> None:
    program = lower(from_text("a.py", "class A:\n    x = 1\n    def f(self): return 1\n"))
    cls = program.body[0]
    assert isinstance(cls, ir.ClassDef)
    assert isinstance(cls.body[0], ir.Assign)
    assert isinstance(cls.body[1], ir.FunctionDef)
    assert cls.body[1].body._statements is None


def test_a_generator_is_known_without_its_body() -> None:
    found = function("def f():\n    x = [\n        (yield)\n    ]\n")
    assert found.is_generator
    assert found.body._statements is None


def test_a_docstring_is_known_without_its_body() -> None:
    found = function('def f():\n    """Say\n    é."""\n')
    assert found.docstring == "Say\n    é."
    assert found.body._statements is None


def test_a_program_pickles() -> None:
    program = pickle.loads(pickle.dumps(lower(from_text("a.py", "def f(x):\n    return x.y(1)\n"))))
    found = program.body[0].body.statements[0]
    assert isinstance(found.value, ir.Call)
    assert found.value.at == (2, 12, 2, 18)


def test_a_body_can_be_asked_for_from_deep_calls() -> None:
    """The interpreter may be near the recursion limit when it first needs a body."""
    body = function("def f():\n    return " + "(" * 90 + "[x for x in y]" + ",)" * 90 + "\n").body

    def dive(left: int) -> tuple[ir.Stmt, ...]:
        return dive(left - 1) if left else body.statements

    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back  # type: ignore[assignment]
    limit = sys.getrecursionlimit()
    assert isinstance(dive(limit - depth - 60)[0], ir.Return)
    assert limit == sys.getrecursionlimit()


def test_the_garbage_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    lower(from_text("a.py", "x = 1"))
    assert gc.isenabled()
    with pytest.raises(Exception, match="not valid"):
        lower(from_text("a.py", "x ="))
    assert gc.isenabled()
    gc.disable()
    try:
        lower(from_text("a.py", "x = 1"))
        assert not gc.isenabled()
    finally:
        gc.enable()
