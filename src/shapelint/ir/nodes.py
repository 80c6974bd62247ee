"""The node types, on one page. Nodes are plain, never mutated after lowering, and compared by identity.

Every node has `at`, its span: (line, column, end_line, end_column), lines and columns from 1, columns in code points,
the end exclusive. Evaluation is total: what lowering has no node for becomes `Opaque(why)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Assert", "Assign", "Attribute", "AugAssign", "Await", "BinOp", "BoolOp", "Break", "Call", "Case", "ClassDef",
    "Compare", "Comprehension", "CompFor", "Const", "Continue", "Delete", "DictDisplay", "Expr", "ExprStmt", "For",
    "FormattedValue", "FString", "FunctionDef", "GlobalDecl", "Handler", "If", "IfExp", "Import", "ImportFrom", "Lambda",
    "LazyBody", "ListDisplay", "Match", "Name", "NamedExpr", "Node", "NonlocalDecl", "Opaque", "Param", "Pass", "Program",
    "Raise", "Return", "SetDisplay", "SliceExpr", "Span", "Starred", "Stmt", "Subscript", "Try", "TupleDisplay", "UnaryOp",
    "While", "With", "Yield", "YieldFrom",
]  # fmt: skip

Span = tuple[int, int, int, int]

_node = dataclass(slots=True, eq=False)


@_node
class Node:
    at: Span


# ---- expressions


class Expr(Node):
    __slots__ = ()


@_node
class Const(Expr):
    """A literal: int, float, complex, str, bytes, bool, None or Ellipsis."""

    value: Any


@_node
class Name(Expr):
    id: str


@_node
class Attribute(Expr):
    value: Expr
    attr: str


@_node
class Subscript(Expr):
    """`value[index]`; several indices make a TupleDisplay, slices are SliceExpr."""

    value: Expr
    index: Expr


@_node
class SliceExpr(Expr):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@_node
class Call(Expr):
    """`func(*args, **keywords)`. `args` may hold Starred; a keyword whose name is None is `**value`."""

    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]


@_node
class Starred(Expr):
    value: Expr


@_node
class BinOp(Expr):
    """`op` as spelled: + - * / // % ** @ << >> | ^ &."""

    op: str
    left: Expr
    right: Expr


@_node
class UnaryOp(Expr):
    """`op` as spelled: + - ~ not."""

    op: str
    operand: Expr


@_node
class BoolOp(Expr):
    """`op` is "and" or "or"; two or more values."""

    op: str
    values: tuple[Expr, ...]


@_node
class Compare(Expr):
    """`left ops[0] rights[0] ops[1] rights[1] …`; ops as spelled, "not in" and "is not" with one space."""

    left: Expr
    ops: tuple[str, ...]
    rights: tuple[Expr, ...]


@_node
class IfExp(Expr):
    test: Expr
    body: Expr
    orelse: Expr


@_node
class NamedExpr(Expr):
    target: str
    value: Expr


@_node
class TupleDisplay(Expr):
    items: tuple[Expr, ...]


@_node
class ListDisplay(Expr):
    items: tuple[Expr, ...]


@_node
class SetDisplay(Expr):
    items: tuple[Expr, ...]


@_node
class DictDisplay(Expr):
    """A key that is None marks `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


@_node
class FormattedValue(Node):
    value: Expr
    conversion: str | None  # "r", "s", "a" or None
    spec: FString | None
    debug: str | None  # the text before the value in f"{x=}", including "="


@_node
class FString(Expr):
    parts: tuple[str | FormattedValue, ...]


@_node
class CompFor(Node):
    target: Expr
    iter: Expr
    ifs: tuple[Expr, ...]


@_node
class Comprehension(Expr):
    """`kind` is "list", "set", "dict" or "generator"; a dict has `key` and `element`."""

    kind: str
    key: Expr | None
    element: Expr
    clauses: tuple[CompFor, ...]


@_node
class Lambda(Expr):
    params: tuple[Param, ...]
    body: Expr


@_node
class Await(Expr):
    value: Expr


@_node
class Yield(Expr):
    value: Expr | None


@_node
class YieldFrom(Expr):
    value: Expr


@_node
class Opaque(Expr):
    """What is not modelled; evaluates to an unknown that says `why`. Also stands as a statement inside ExprStmt."""

    why: str


# ---- statements


class Stmt(Node):
    __slots__ = ()


@_node
class ExprStmt(Stmt):
    value: Expr


@_node
class Assign(Stmt):
    """`targets[0] = targets[1] = … = value`; an annotated assignment has one target, and `value` None when bare."""

    targets: tuple[Expr, ...]  # Name, Attribute, Subscript, Starred, TupleDisplay, ListDisplay
    value: Expr | None
    annotation: Expr | None


@_node
class AugAssign(Stmt):
    """`op` without its "="."""

    target: Expr
    op: str
    value: Expr


@_node
class Delete(Stmt):
    targets: tuple[Expr, ...]


@_node
class Return(Stmt):
    value: Expr | None


@_node
class Raise(Stmt):
    exception: Expr | None
    cause: Expr | None


@_node
class Assert(Stmt):
    test: Expr
    message: Expr | None


@_node
class Pass(Stmt):
    pass


@_node
class Break(Stmt):
    pass


@_node
class Continue(Stmt):
    pass


@_node
class GlobalDecl(Stmt):
    names: tuple[str, ...]


@_node
class NonlocalDecl(Stmt):
    names: tuple[str, ...]


@_node
class Import(Stmt):
    """`import a.b as c, d`: (("a.b", "c"), ("d", None))."""

    names: tuple[tuple[str, str | None], ...]


@_node
class ImportFrom(Stmt):
    """`from ..module import a as b`: level 2, names (("a", "b"),); a star is (("*", None),)."""

    module: str
    level: int
    names: tuple[tuple[str, str | None], ...]


@_node
class If(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@_node
class For(Stmt):
    target: Expr
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@_node
class While(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@_node
class With(Stmt):
    """Items are (context expression, target or None)."""

    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]


@_node
class Handler(Node):
    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


@_node
class Try(Stmt):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]


@_node
class Case(Node):
    """`pattern` is the expression-like shape of the pattern, or Opaque: Const and Attribute match by value, Name captures
    ("_" matches all), TupleDisplay matches a sequence, Call a class, BoolOp("or") alternatives, DictDisplay a mapping,
    NamedExpr(name, pattern) is `pattern as name`."""

    pattern: Expr
    guard: Expr | None
    body: tuple[Stmt, ...]


@_node
class Match(Stmt):
    subject: Expr
    cases: tuple[Case, ...]


@_node
class Param(Node):
    """`kind` is "positional" (only), "plain", "vararg", "keyword" (only) or "kwarg"."""

    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None


class LazyBody:
    """A function's statements, lowered on first need. Pickles as its lowered statements."""

    __slots__ = ("_lower", "_statements")

    def __init__(self, lower: Callable[[], tuple[Stmt, ...]] | None, statements: tuple[Stmt, ...] | None = None) -> None:
        self._lower = lower
        self._statements = statements

    @property
    def statements(self) -> tuple[Stmt, ...]:
        if self._statements is None:
            assert self._lower is not None
            self._statements = self._lower()
            self._lower = None
        return self._statements

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyBody, (None, self.statements)


@_node
class FunctionDef(Stmt):
    """A def. `at` spans the whole; `name_at` the name. `is_generator` when a yield stands in its own body."""

    name: str
    name_at: Span
    params: tuple[Param, ...]
    returns: Expr | None
    decorators: tuple[Expr, ...]
    body: LazyBody
    is_async: bool
    is_generator: bool
    docstring: str | None


@_node
class ClassDef(Stmt):
    name: str
    name_at: Span
    bases: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    decorators: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    docstring: str | None


@_node
class Program(Node):
    """A whole file."""

    body: tuple[Stmt, ...]
    docstring: str | None
