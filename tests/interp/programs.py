"""Small programs, run by Python and read by the interpreter: the names they leave must hold the same values."""

from __future__ import annotations

import contextlib
import io
import types
from collections import deque
from collections.abc import Callable
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Sym
from shapelint.interp.host import lazy
from shapelint.interp.host.host_classes import OBJECT
from shapelint.interp.host.views import KEYS, View
from shapelint.interp.run import evaluate_text, nothing_else
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Dict,
    External,
    Function,
    Instance,
    Iterator,
    List,
    Namespace,
    Set,
    Unknown,
)

_SKIP = object()
_SIMPLE = (
    int,
    float,
    complex,
    str,
    bytes,
    type(None),
    bool,
    type(Ellipsis),
    range,
    slice,
    type(NotImplemented),
)


def read(text: str) -> dict[str, Any]:
    """The names that a program leaves, as the interpreter sees them."""
    return evaluate_text(text).vars


def check(text: str) -> None:
    """Read and run a program, and compare what is left of it, and what it prints."""
    expected: dict[str, Any] = {"__name__": "__main__"}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, "program.py", "exec", dont_inherit=True), expected)
    world = World(load=nothing_else)
    found = evaluate_text(text, world=world).vars
    wrong = []
    for name, value in expected.items():
        if name.startswith("_") or isinstance(value, types.ModuleType):
            continue
        want, got = of_python(value), of_program(_drained(world, found.get(name, _SKIP)))
        if want is not _SKIP and not _same(want, got):
            wrong.append(f"{name}: Python has {want!r}, read as {got!r}")
    texts = [f.text for f in world.facts if isinstance(f, facts.Printed)]
    if None in texts or "".join(t or "" for t in texts) != said.getvalue():
        wrong.append(f"printed {said.getvalue()!r}, read as {texts}")
    assert not wrong, "\n".join(wrong)


def _drained(world: World, value: Any) -> Any:
    """What an iterator has left; the program is over, and nothing else can take from it."""
    return (
        Iterator(list(lazy.drawn(world, value)))
        if isinstance(value, lazy.Lazy) and value.kind != "generator"
        else value
    )


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float) and a != a and b != b:
        return True
    if isinstance(a, (tuple, list)) and type(a) is type(b):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and bool(a == b)


def of_python(value: Any) -> Any:
    """A Python value in a form that both sides share."""
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, tuple):
        return tuple(map(of_python, value))
    if isinstance(value, (list, deque)):
        return [type(value).__name__, *map(of_python, value)]
    if isinstance(value, dict):
        return [type(value).__name__, *((of_python(k), of_python(v)) for k, v in value.items())]
    if isinstance(value, (set, frozenset)):
        return [type(value).__name__, *sorted(map(of_python, value), key=repr)]
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType | types.MethodType):
        return _SKIP
    if type(value).__module__ in ("builtins", "itertools") and hasattr(value, "__next__"):
        return (
            ["iterator", *map(of_python, value)]
            if type(value).__name__ not in ("count", "cycle", "repeat", "generator")
            else _SKIP
        )
    if type(value).__name__ in ("dict_keys", "dict_values", "dict_items"):
        return [type(value).__name__, *map(of_python, value)]
    if type(value).__module__ in ("__main__", "program") or type(value).__module__ == "builtins":
        held = getattr(value, "__dict__", {})
        return [
            type(value).__name__,
            *((k, of_python(v)) for k, v in sorted(held.items()) if not k.startswith("_")),
        ]
    return _SKIP


def of_program(value: Any) -> Any:
    """A value of the interpreter in the same form."""
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, Sym):
        return dims.witness(value)
    if isinstance(value, tuple):
        return tuple(map(of_program, value))
    if isinstance(value, List):
        return (
            "open"
            if value.open is not None
            else [type(value).__name__.lower(), *map(of_program, value.items)]
        )
    if isinstance(value, Dict):
        return (
            "open"
            if value.open
            else [value.kind, *((of_program(k), of_program(v)) for k, v in value.items.items())]
        )
    if isinstance(value, Set):
        items = sorted(map(of_program, value.items), key=repr)
        return "open" if value.open is not None else ["frozenset" if value.frozen else "set", *items]
    if isinstance(value, Iterator):
        return ["iterator", *map(of_program, value.items[value.at :])]
    if isinstance(value, View):
        items = value.of.items if value.cls is KEYS else value.payload.items
        return [value.cls.name, *map(of_program, items)]
    if isinstance(value, Instance):
        if isinstance(value.payload, tuple):
            return tuple(map(of_program, value.payload))
        if isinstance(value.payload, (List, Dict)):
            return [value.cls.name, *of_program(value.payload)[1:]]
        held = sorted((k, of_program(v)) for k, v in value.attrs.items() if not k.startswith("_"))
        name = "object" if value.cls is OBJECT else value.cls.name
        return [name, *((k, v) for k, v in held)]
    if isinstance(value, (Function, Builtin, BoundMethod, Class, Namespace, External)):
        return _SKIP
    return f"unknown: {value.why}" if isinstance(value, Unknown) else f"{type(value).__name__}"


def raises(text: str) -> Callable[[], None]:
    """A check that a program ends with the exception that Python raises."""
    from shapelint.interp.control import ProgramRaises

    def run() -> None:
        kind = None
        try:
            exec(compile(text, "program.py", "exec", dont_inherit=True), {"__name__": "__main__"})
        except Exception as problem:
            kind = type(problem).__name__
        try:
            read(text)
        except ProgramRaises as problem:
            assert problem.kind == kind, f"Python: {kind}, read: {problem.kind} {problem.message}"
        else:
            assert kind is None, f"Python raises {kind}"

    return run
