"""Private names of a class: spelled as Python compiles them, whichever front end reads the file."""

from __future__ import annotations

import types
from collections.abc import Iterator

import pytest

from shapelint import ir
from shapelint.lower import lower, program
from shapelint.source import SourceProblem, from_text

TEXT = """
__top = 1
class Net:
    __x: int = __top
    def __f(self, __p, *, __q=1, **__rest):
        global __g; __g = 1
        from m import __i, j as __k
        def g(): return self.__x.__y__, __p
        try: (__w := f(__s=2))
        except E as __e: __e.__t += 1
        return [__v.__u for __v in x], lambda __l: __l.a
    class __Inner:
        __z, ___ = 1, 2
        def f(self): return self.__o.__init__, self.__m__, self.__n_
class _Under:
    def f(self): return self.__x
class __:
    def f(self): return self.__x
def outside(self): return self.__x
"""


def _compiled(code: types.CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_varnames, *code.co_cellvars, *code.co_freevars)
    for held in code.co_consts:
        if isinstance(held, types.CodeType):
            yield from _compiled(held)
        elif isinstance(held, tuple):  # the keywords of a call
            yield from (each for each in held if isinstance(each, str))


def _lowered(nodes: tuple[ir.Stmt, ...]) -> Iterator[str]:
    for node in ir.walk(nodes):
        for slot in ("id", "attr", "name", "target"):
            if isinstance(held := getattr(node, slot, None), str):
                yield held
        if isinstance(node, ir.GlobalDecl):
            yield from node.names
        if isinstance(node, ir.ImportFrom):
            yield from (to or name for name, to in node.names)
        if isinstance(node, ir.Call):
            yield from (name for name, _ in node.keywords if name is not None)


def _private(names: Iterator[str]) -> set[str]:
    return {name for name in names if "__" in name and not name.endswith("__")}


@pytest.mark.parametrize("by_ast", [True, False])
def test_spelled_as_python_compiles_them(by_ast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not by_ast:
        refused = SourceProblem("a.py", "is not valid Python")
        monkeypatch.setattr(program, "parsed", lambda file: refused)
    found = _private(_lowered(lower(from_text("a.py", TEXT)).body))
    expected = _private(_compiled(compile(TEXT, "a.py", "exec")))
    # What is imported keeps its own name beside the one that it is bound to.
    assert found == expected - {"__i"} | (found & {"__i"})
    assert {"_Net__x", "__top", "_Net__Inner", "_Inner__o", "_Under__x", "__x"} <= found
