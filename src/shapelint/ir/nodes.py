"""The node types, on one page. Nodes are plain, never mutated after lowering, and compared by identity.

Every node has `at`, its span: (line, column, end_line, end_column), lines and columns from 1, columns in code points,
the end exclusive. Evaluation is total: what lowering has no node for becomes `Opaque(why)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from shapelint.records import dataclass

__all__ = [
    "Assert", "Assign", "Attribute", "AugAssign", "Await", "BinOp", "BoolOp", "Break", "Call", "Case", "ClassDef",
    "Compare", "Comprehension", "CompFor", "Const", "Continue", "Delete", "DictDisplay", "Expr", "ExprStmt", "For",
    "FormattedValue", "FString", "FunctionDef", "GlobalDecl", "Handler", "If", "IfExp", "Import", "ImportFrom", "Lambda",
    "LazyBody", "ListDisplay", "Match", "Name", "NamedExpr", "Node", "NonlocalDecl", "Opaque", "Param", "Pass", "Program",
    "Raise", "Return", "SetDisplay", "SliceExpr", "Span", "Starred", "Stmt", "Subscript", "Try", "TupleDisplay", "UnaryOp",
    "While", "With", "Yield", "YieldFrom", "parts", "walk",
]  # fmt: skip

Span = tuple[int, int, int, int]
_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class Node:
    at: Span


def parts(node: Node) -> tuple[Any, ...]:
    """The nodes that a node holds, and the tuples of them, fields of its own type first; without its places, texts and numbers."""
    kind: Any = node.__class__
    return _parts_of(kind)(node)


@cache
def _parts_of(kind: type[Node]) -> Callable[[Node], tuple[Any, ...]]:
    slots = [
        slot
        for cls in kind.__mro__
        for slot in getattr(cls, "__slots__", ())
        if cls.__annotations__.get(slot) not in _NO_NODES
    ]
    taken: Any = attrgetter(*slots) if slots else None
    if len(slots) > 1:
        return taken  # type: ignore[no-any-return]
    return (lambda node: (taken(node),)) if slots else (lambda node: ())


_NO_NODES = frozenset(  # as fields are annotated with
    (
        "Span",
        "str",
        "str | None",
        "bool",
        "int",
        "Any",
        "tuple[str, ...]",
        "tuple[tuple[str, str | None], ...]",
    )
)


# ---- expressions


class Expr(Node):
    __slots__ = ()


@dataclass(slots=True, eq=False)
class Const(Expr):
    """A literal: int, float, complex, str, bytes, bool, None or Ellipsis."""

    value: Any


@dataclass(slots=True, eq=False)
class Name(Expr):
    id: str


@dataclass(slots=True, eq=False)
class Attribute(Expr):
    value: Expr
    attr: str


@dataclass(slots=True, eq=False)
class Subscript(Expr):
    """`value[index]`; several indices make a TupleDisplay, slices are SliceExpr."""

    value: Expr
    index: Expr


@dataclass(slots=True, eq=False)
class SliceExpr(Expr):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@dataclass(slots=True, eq=False)
class Call(Expr):
    """`func(*args, **keywords)`. `args` may hold Starred; a keyword whose name is None is `**value`."""

    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]


@dataclass(slots=True, eq=False)
class Starred(Expr):
    value: Expr


@dataclass(slots=True, eq=False)
class BinOp(Expr):
    """`op` as spelled: + - * / // % ** @ << >> | ^ &."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class UnaryOp(Expr):
    """`op` as spelled: + - ~ not."""

    op: str
    operand: Expr


@dataclass(slots=True, eq=False)
class BoolOp(Expr):
    """`op` is "and" or "or"; two or more values."""

    op: str
    values: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Compare(Expr):
    """`left ops[0] rights[0] ops[1] rights[1] …`; ops as spelled, "not in" and "is not" with one space."""

    left: Expr
    ops: tuple[str, ...]
    rights: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class IfExp(Expr):
    test: Expr
    body: Expr
    orelse: Expr


@dataclass(slots=True, eq=False)
class NamedExpr(Expr):
    target: str
    value: Expr


@dataclass(slots=True, eq=False)
class TupleDisplay(Expr):
    items: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class ListDisplay(Expr):
    items: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class SetDisplay(Expr):
    items: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class DictDisplay(Expr):
    """A key that is None marks `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class FormattedValue(Node):
    value: Expr
    conversion: str | None  # "r", "s", "a" or None
    spec: FString | None
    debug: str | None  # the text before the value in f"{x=}", including "="


@dataclass(slots=True, eq=False)
class FString(Expr):
    parts: tuple[str | FormattedValue, ...]


@dataclass(slots=True, eq=False)
class CompFor(Node):
    target: Expr
    iter: Expr
    ifs: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Comprehension(Expr):
    """`kind` is "list", "set", "dict" or "generator"; a dict has `key` and `element`."""

    kind: str
    key: Expr | None
    element: Expr
    clauses: tuple[CompFor, ...]


@dataclass(slots=True, eq=False)
class Lambda(Expr):
    params: tuple[Param, ...]
    body: Expr


@dataclass(slots=True, eq=False)
class Await(Expr):
    value: Expr


@dataclass(slots=True, eq=False)
class Yield(Expr):
    value: Expr | None


@dataclass(slots=True, eq=False)
class YieldFrom(Expr):
    value: Expr


@dataclass(slots=True, eq=False)
class Opaque(Expr):
    """What is not modelled; evaluates to an unknown that says `why`. Also stands as a statement inside ExprStmt."""

    why: str


# ---- statements


class Stmt(Node):
    __slots__ = ()


@dataclass(slots=True, eq=False)
class ExprStmt(Stmt):
    value: Expr


@dataclass(slots=True, eq=False)
class Assign(Stmt):
    """`targets[0] = targets[1] = … = value`; an annotated assignment has one target, and `value` None when bare."""

    targets: tuple[Expr, ...]  # Name, Attribute, Subscript, Starred, TupleDisplay, ListDisplay
    value: Expr | None
    annotation: Expr | None


@dataclass(slots=True, eq=False)
class AugAssign(Stmt):
    """`op` without its "="."""

    target: Expr
    op: str
    value: Expr


@dataclass(slots=True, eq=False)
class Delete(Stmt):
    targets: tuple[Expr, ...]


@dataclass(slots=True, eq=False)
class Return(Stmt):
    value: Expr | None


@dataclass(slots=True, eq=False)
class Raise(Stmt):
    exception: Expr | None
    cause: Expr | None


@dataclass(slots=True, eq=False)
class Assert(Stmt):
    test: Expr
    message: Expr | None


@dataclass(slots=True, eq=False)
class Pass(Stmt):
    pass


@dataclass(slots=True, eq=False)
class Break(Stmt):
    pass


@dataclass(slots=True, eq=False)
class Continue(Stmt):
    pass


@dataclass(slots=True, eq=False)
class GlobalDecl(Stmt):
    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class NonlocalDecl(Stmt):
    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Import(Stmt):
    """`import a.b as c, d`: (("a.b", "c"), ("d", None))."""

    names: tuple[tuple[str, str | None], ...]


@dataclass(slots=True, eq=False)
class ImportFrom(Stmt):
    """`from ..module import a as b`: level 2, names (("a", "b"),); a star is (("*", None),)."""

    module: str
    level: int
    names: tuple[tuple[str, str | None], ...]


@dataclass(slots=True, eq=False)
class If(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class For(Stmt):
    target: Expr
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class While(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class With(Stmt):
    """Items are (context expression, target or None)."""

    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Handler(Node):
    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Try(Stmt):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Case(Node):
    """`pattern` is the expression-like shape of the pattern, or Opaque: Const and Attribute match by value, Name captures
    ("_" matches all), TupleDisplay matches a sequence, Call a class, BoolOp("or") alternatives, DictDisplay a mapping,
    NamedExpr(name, pattern) is `pattern as name`."""

    pattern: Expr
    guard: Expr | None
    body: tuple[Stmt, ...]


@dataclass(slots=True, eq=False)
class Match(Stmt):
    subject: Expr
    cases: tuple[Case, ...]


@dataclass(slots=True, eq=False)
class Param(Node):
    """`kind` is "positional" (only), "plain", "vararg", "keyword" (only) or "kwarg"."""

    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None


class LazyBody:
    """A function's statements, lowered on first need. Pickles as its lowered statements."""

    __slots__ = ("_lower", "_statements", "_told")

    def __init__(
        self, lower: Callable[[], tuple[Stmt, ...]] | None, statements: tuple[Stmt, ...] | None = None
    ) -> None:
        self._lower = lower
        self._statements = statements
        self._told: dict[Any, Any] = {}

    @property
    def statements(self) -> tuple[Stmt, ...]:
        if self._statements is None:
            assert self._lower is not None
            self._statements = self._lower()
            self._lower = None
        return self._statements

    def then(self, change: Callable[[tuple[Stmt, ...]], tuple[Stmt, ...]]) -> None:
        """Lowering is not over: what it gives passes through `change`."""
        lower = self._lower
        if lower is None:
            self._statements = change(self.statements)
        else:
            self._lower = lambda: change(lower())

    def told(self, question: Callable[..., _T], *about: Any) -> _T:
        """What a question about the statements is answered, `question(statements, *about)`: a pure one, put once for all that
        evaluate them."""
        key = question, about
        if key not in self._told:
            self._told[key] = question(self.statements, *about)
        return self._told[key]  # type: ignore[no-any-return]

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyBody, (None, self.statements)


@dataclass(slots=True, eq=False)
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


@dataclass(slots=True, eq=False)
class ClassDef(Stmt):
    name: str
    name_at: Span
    bases: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    decorators: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    docstring: str | None


@dataclass(slots=True, eq=False)
class Program(Node):
    """A whole file."""

    body: tuple[Stmt, ...]
    docstring: str | None


def walk(below: Any) -> Iterator[Node]:
    """All nodes of a node or of statements, at any depth: the bodies of functions inside too."""
    pending: list[Any] = [below]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, LazyBody):
            pending.append(at.statements)
        elif isinstance(at, Node):
            yield at
            pending.extend(parts(at))
