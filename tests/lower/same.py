"""Compares two programs node by node and place by place: what the two front ends make of one text.

Knows the IR only by the fields of its nodes, so a field that is new is compared too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from shapelint import ir
from shapelint.lower.from_libcst.program import lower_newer
from shapelint.lower.literals import docstring_of
from shapelint.lower.program import lower_program
from shapelint.source import SourceFile, SourceProblem

__all__ = ["NotRead", "difference", "differences"]


class NotRead(Exception):
    """A front end does not read the file, and why."""


def difference(file: SourceFile) -> str | None:
    """The first difference between what the two front ends make of a file. Raises NotRead where one of them refuses it."""
    try:
        by_ast = lower_program(file)
    except SourceProblem as problem:
        raise NotRead(problem.message) from None
    if "\f" in file.text:
        raise NotRead("libcst loses a form feed, and the columns behind it")
    refused = SourceProblem(file.path, "libcst does not read it")
    try:
        body = lower_newer(file, refused)
    except SourceProblem:
        raise NotRead(refused.message) from None
    by_libcst = ir.Program(by_ast.at, body, docstring_of(body))
    return next(differences(by_ast, by_libcst), None)


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two programs differ, each as a path to the field and both of its values."""
    stack = [(one, other, path)]
    while stack:
        one, other, path = stack.pop()
        if one.__class__ is not other.__class__:
            yield f"{path}: {one!r:.200} is not {other!r:.200}"
        elif isinstance(one, ir.Node):
            place = f"{path} > {type(one).__name__} {one.at}"
            stack += [
                (getattr(one, each.name), getattr(other, each.name), f"{place}.{each.name}")
                for each in reversed(fields(one))
            ]
        elif isinstance(one, ir.LazyBody):
            stack.append((one.statements, other.statements, path))
        elif isinstance(one, tuple):
            if len(one) != len(other):
                yield f"{path}: {one!r:.200} has not the length of {other!r:.200}"
            stack += [(x, y, f"{path}[{i}]") for i, (x, y) in enumerate(zip(one, other, strict=False))][::-1]
        elif isinstance(one, (float, complex)):
            if repr(one) != repr(other):  # nan is nan, and 0.0 is not -0.0
                yield f"{path}: {one!r} is not {other!r}"
        elif one != other:
            yield f"{path}: {one!r:.200} is not {other!r:.200}"
