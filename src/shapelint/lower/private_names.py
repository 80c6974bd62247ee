"""Private names: in a class `Net`, `self.__conv` means `self._Net__conv`, so that no subclass's `__conv` gets in its way.

https://docs.python.org/3/reference/expressions.html#private-name-mangling
"""

from __future__ import annotations

from typing import Any

from shapelint.ir import (
    Attribute,
    ClassDef,
    FunctionDef,
    GlobalDecl,
    Handler,
    ImportFrom,
    LazyBody,
    Name,
    NamedExpr,
    Node,
    NonlocalDecl,
    Param,
    Stmt,
    parts,
)
from shapelint.patterns import regex
from shapelint.source.text import SourceFile

__all__ = ["holds_private_names", "within"]

_FOUND = regex(r"(?<!\w)__\w+(?<!__)(?!\w)")
_NAMED: dict[type, str] = {
    Name: "id", Attribute: "attr", Param: "name", FunctionDef: "name", ClassDef: "name", NamedExpr: "target",
    Handler: "name",
}  # fmt: skip


def holds_private_names(file: SourceFile) -> bool:
    """Whether a file may spell one; hardly any does."""
    return _FOUND.search(file.text) is not None


def within(name: str, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The body of the class `name`, freshly lowered, with its private names written out: all but the keywords of calls. A class in
    it has had its own turn."""
    owner = name.lstrip("_")
    if owner:
        _spell(f"_{owner}", body)
    return body


def _spell(prefix: str, below: Any) -> None:
    pending: list[Any] = [below]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, LazyBody):
            at.then(lambda statements: _spelled(prefix, statements))
        elif isinstance(at, Node):
            _rename(prefix, at)
            pending.extend(parts(at))


def _spelled(prefix: str, statements: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    _spell(prefix, statements)
    return statements


def _rename(prefix: str, node: Node) -> None:
    kind = node.__class__
    if kind in _NAMED:
        held = getattr(node, _NAMED[kind])
        if _is_private(held):
            setattr(node, _NAMED[kind], prefix + held)
    elif isinstance(node, (GlobalDecl, NonlocalDecl)):
        node.names = tuple([prefix + n if _is_private(n) else n for n in node.names])
    elif isinstance(node, ImportFrom):
        node.names = tuple([(n, prefix + (to or n) if _is_private(to or n) else to) for n, to in node.names])


def _is_private(name: str | None) -> bool:
    return name is not None and name.startswith("__") and not name.endswith("__")
