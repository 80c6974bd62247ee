"""Targets: `file.py`, `file.py:Net`, `file.py:Net(10, width=64)`, `package.module:callable(args)`."""

from __future__ import annotations

import keyword
import os
import re
from typing import Any

from shapelint import ir
from shapelint.engine import TargetProblem
from shapelint.interp import calls, imports, iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.evaluation import evaluate
from shapelint.interp.host import builtins
from shapelint.interp.world import Frame, World
from shapelint.records import dataclass
from shapelint.source.text import SourceProblem, from_text
from shapelint.values import Class, Either, Environment, Function, Module, Namespace, Unknown


@dataclass(frozen=True, slots=True)
class Target:
    """`place` is a file or a dotted module; `expression` what is asked of it ("" for everything)."""

    place: str
    expression: str
    is_file: bool


def parse(text: str) -> Target:
    """Split a target at the colon that ends the place. Raises TargetProblem."""
    match = re.match(r"(.+?\.py)(?::(.*))?$", text, re.DOTALL)
    if match and (match.group(2) is None or match.group(2).strip()):
        return Target(match.group(1), (match.group(2) or "").strip(), True)
    place, colon, expression = text.partition(":")
    if colon and all(part.isidentifier() for part in place.split(".")) and expression.strip():
        return Target(place, expression.strip(), False)
    if os.path.exists(text):
        raise TargetProblem(f"{text}: a target is a Python file, or package.module:callable(args)")
    raise TargetProblem(
        f"{text}: not a target; write file.py, file.py:Net, file.py:Net(10) or package.module:callable(args)"
    )


def expression_of(text: str) -> ir.Expr:
    """The IR of a target's expression. Raises TargetProblem."""
    plain = re.fullmatch(r"([^\W\d]\w*)(\(\))?", text)
    if (
        plain and plain[1].isidentifier() and not keyword.iskeyword(plain[1])
    ):  # what most ask for takes no parser
        at = (1, 0, 1, len(text))
        name = ir.Name((1, 0, 1, len(plain[1])), plain[1])
        return ir.Call(at, name, (), ()) if plain[2] else name
    from shapelint.lower import lower

    try:
        program = lower(from_text("<target>", text))
    except SourceProblem as problem:
        raise TargetProblem(f"{text}: cannot be read as an expression ({problem.message})") from None
    statement = program.body[0] if len(program.body) == 1 else None
    if not isinstance(statement, ir.ExprStmt):
        raise TargetProblem(f"{text}: one expression is expected")
    return statement.value


def _found(world: World, module: str, name: str) -> Any:
    """What a name of an expression means: in its module, else in the packages around it (a configuration of another part)."""
    found = imports.import_name(world, module, name, None)
    while isinstance(found, Unknown) and "." in module and name not in builtins.NAMES:
        module = module.rpartition(".")[0]
        found = imports.import_name(world, module, name, None)
    return None if isinstance(found, Unknown) else found


def instance(world: World, space: Namespace, text: str) -> Module:
    """The module that an expression means in a namespace; a class or function alone is called without arguments.

    Raises TargetProblem when it is no nn.Module, or building it raises.
    """
    node = expression_of(text)
    env = Environment({}, None, space)
    for name in names_in(node):
        if name not in space.vars and (found := _found(world, space.name, name)) is not None:
            env.vars[name] = found
    frame = Frame(world, env)
    frame.node = node
    world.frames.append(frame)
    try:
        value = evaluate(node, frame)
        if isinstance(value, (Class, Function)):
            value = calls.call(world, value, (), {})
    except ProgramRaises as problem:
        if problem.kind == "NameError":
            raise TargetProblem(f"{text}: {problem.message} in {space.name}") from None
        where = f" ({problem.site.path}:{problem.site.line})" if problem.site is not None else ""
        raise TargetProblem(f"{text}: building it raises {problem.kind}: {problem.message}{where}") from None
    finally:
        world.frames.pop()
    return checked(value, text)


def checked(value: Any, text: str) -> Module:
    if isinstance(value, Module):
        return value
    if isinstance(value, Unknown):
        where = f" ({value.site.path}:{value.site.line})" if value.site is not None else ""
        raise TargetProblem(f"{text}: what it builds is not known: {value.why}{where}")
    raise TargetProblem(f"{text}: this is no nn.Module but {described(value)}")


def described(value: Any) -> str:
    """What a value is, for a message."""
    if isinstance(value, Either):
        return f"one of several values: {value.why}"
    return f"a {iterate.type_name(value)}"


def names_in(node: Any) -> list[str]:
    """All names an expression reads."""
    if isinstance(node, ir.Name):
        return [node.id]
    found: list[str] = []
    if isinstance(node, ir.Node):
        for slot in (s for cls in type(node).__mro__ for s in getattr(cls, "__slots__", ())):
            found += names_in(getattr(node, slot))
    elif isinstance(node, (tuple, list)):
        for part in node:
            found += names_in(part)
    return list(dict.fromkeys(found))
