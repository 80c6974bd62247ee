"""Compares a lowered program with the `ast` of its text, node by node and span by span.

It shares no code with the lowering: `ast` is read directly, by the grammar of its nodes, and the columns are
converted here.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from typing import Any

from shapelint import ir

_BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&",
}  # fmt: skip
_UNARY = {ast.UAdd: "+", ast.USub: "-", ast.Invert: "~", ast.Not: "not"}
_COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip


class Oracle:
    """Collects what differs; `counts` says how many nodes of each `ast` type were compared."""

    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.tree = ast.parse(text)
        self.problems: list[str] = []
        self.counts: dict[str, int] = {}
        self.in_field = False  # inside an f-string, where `ast` before 3.12 misplaces

    def check(self, program: ir.Program) -> list[str]:
        self.statements(program.body, self.tree.body)
        self.same(program.docstring, ast.get_docstring(self.tree, clean=False), program)
        return self.problems

    def wrong(self, node: ir.Node, said: str) -> None:
        self.problems.append(f"{type(node).__name__} at {node.at}: {said}")

    def same(self, got: Any, expected: Any, node: ir.Node) -> None:
        if got != expected or type(got) is not type(expected):
            if not (isinstance(got, (float, complex)) and repr(got) == repr(expected)):
                self.wrong(node, f"expected {expected!r}, got {got!r}")

    def span(self, node: ir.Node, a: Any) -> None:
        self.counts[type(a).__name__] = self.counts.get(type(a).__name__, 0) + 1
        if self.in_field:
            return
        expected = (
            a.lineno,
            len(self.lines[a.lineno - 1].encode()[: a.col_offset].decode()) + 1,
            a.end_lineno,
            len(self.lines[a.end_lineno - 1].encode()[: a.end_col_offset].decode()) + 1,
        )
        if node.at != expected:
            self.wrong(node, f"expected the span {expected} of {type(a).__name__}")

    # ---- statements

    def statements(self, got: tuple[ir.Stmt, ...], expected: list[ast.stmt]) -> None:
        if len(got) != len(expected):
            self.problems.append(f"{len(expected)} statements expected at {expected[:1]}, got {len(got)}")
        for n, a in zip(got, expected, strict=False):
            self.statement(n, a)

    def statement(self, n: Any, a: Any) -> None:
        self.span(n, a)
        match a:
            case ast.Expr():
                self.kind(n, ir.ExprStmt) and self.expression(n.value, a.value)
            case ast.Assign():
                if self.kind(n, ir.Assign):
                    self.expressions(n, n.targets, a.targets)
                    self.expression(n.value, a.value)
                    self.same(n.annotation, None, n)
            case ast.AnnAssign():
                if self.kind(n, ir.Assign):
                    self.expressions(n, n.targets, [a.target])
                    self.expression(n.annotation, a.annotation)
                    self.optional(n, n.value, a.value)
            case ast.AugAssign():
                if self.kind(n, ir.AugAssign):
                    self.expression(n.target, a.target)
                    self.same(n.op, _BINARY[type(a.op)], n)
                    self.expression(n.value, a.value)
            case ast.Delete():
                if self.kind(n, ir.Delete):
                    nested = len(a.targets) == 1 and isinstance(a.targets[0], ast.Tuple)
                    self.expressions(n, n.targets, a.targets[0].elts if nested else a.targets)
            case ast.Return():
                self.kind(n, ir.Return) and self.optional(n, n.value, a.value)
            case ast.Raise():
                if self.kind(n, ir.Raise):
                    self.optional(n, n.exception, a.exc)
                    self.optional(n, n.cause, a.cause)
            case ast.Assert():
                if self.kind(n, ir.Assert):
                    self.expression(n.test, a.test)
                    self.optional(n, n.message, a.msg)
            case ast.Pass():
                self.kind(n, ir.Pass)
            case ast.Break():
                self.kind(n, ir.Break)
            case ast.Continue():
                self.kind(n, ir.Continue)
            case ast.Global():
                self.kind(n, ir.GlobalDecl) and self.same(n.names, tuple(a.names), n)
            case ast.Nonlocal():
                self.kind(n, ir.NonlocalDecl) and self.same(n.names, tuple(a.names), n)
            case ast.Import():
                self.kind(n, ir.Import) and self.same(n.names, tuple((i.name, i.asname) for i in a.names), n)
            case ast.ImportFrom():
                if self.kind(n, ir.ImportFrom):
                    self.same(n.names, tuple((i.name, i.asname) for i in a.names), n)
                    self.same((n.module, n.level), (a.module or "", a.level), n)
            case ast.If() | ast.While():
                if self.kind(n, ir.If if isinstance(a, ast.If) else ir.While):
                    self.expression(n.test, a.test)
                    self.statements(n.body, a.body)
                    self.statements(n.orelse, a.orelse)
            case ast.For() | ast.AsyncFor():
                if self.kind(n, ir.For):
                    self.expression(n.target, a.target)
                    self.expression(n.iter, a.iter)
                    self.statements(n.body, a.body)
                    self.statements(n.orelse, a.orelse)
            case ast.With() | ast.AsyncWith():
                if self.kind(n, ir.With):
                    for (context, target), item in zip(n.items, a.items, strict=True):
                        self.expression(context, item.context_expr)
                        self.optional(n, target, item.optional_vars)
                    self.statements(n.body, a.body)
            case ast.Match():
                if self.kind(n, ir.Match):
                    self.expression(n.subject, a.subject)
                    for case, b in zip(n.cases, a.cases, strict=True):
                        self.pattern(case.pattern, b.pattern)
                        self.optional(case, case.guard, b.guard)
                        self.statements(case.body, b.body)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if self.kind(n, ir.FunctionDef):
                    self.name(n, a)
                    self.same(n.is_async, isinstance(a, ast.AsyncFunctionDef), n)
                    self.same(n.is_generator, _is_generator(a), n)
                    self.same(n.docstring, ast.get_docstring(a, clean=False), n)
                    self.optional(n, n.returns, a.returns)
                    self.expressions(n, n.decorators, a.decorator_list)
                    self.parameters(n, n.params, a.args)
                    self.statements(n.body.statements, a.body)
            case ast.ClassDef():
                if self.kind(n, ir.ClassDef):
                    self.name(n, a)
                    self.same(n.docstring, ast.get_docstring(a, clean=False), n)
                    self.expressions(n, n.bases, a.bases)
                    self.keywords(n, n.keywords, a.keywords)
                    self.expressions(n, n.decorators, a.decorator_list)
                    self.statements(n.body, a.body)
            case _ if hasattr(a, "handlers"):  # Try, TryStar
                if self.kind(n, ir.Try):
                    self.statements(n.body, a.body)
                    for handler, b in zip(n.handlers, a.handlers, strict=True):
                        self.span(handler, b)
                        self.optional(handler, handler.type, b.type)
                        self.same(handler.name, b.name, handler)
                        self.statements(handler.body, b.body)
                    self.statements(n.orelse, a.orelse)
                    self.statements(n.final, a.finalbody)
            case _:
                self.wrong(n, f"the oracle does not know {type(a).__name__}")

    def name(self, n: Any, a: Any) -> None:
        self.same(n.name, a.name, n)
        line, column, end_line, end_column = n.name_at
        spelled = self.lines[line - 1][column - 1 : end_column - 1]
        if line != end_line or unicodedata.normalize("NFKC", spelled) != a.name:
            self.wrong(n, f"its name is not at {n.name_at}")

    def parameters(self, n: Any, got: tuple[ir.Param, ...], a: ast.arguments) -> None:
        positional = [*a.posonlyargs, *a.args]
        defaults = [None] * (len(positional) - len(a.defaults)) + list(a.defaults)
        expected = [
            ("positional" if arg in a.posonlyargs else "plain", arg, d)
            for arg, d in zip(positional, defaults, strict=False)
        ]
        if a.vararg:
            expected.append(("vararg", a.vararg, None))
        expected += [("keyword", arg, d) for arg, d in zip(a.kwonlyargs, a.kw_defaults, strict=False)]
        if a.kwarg:
            expected.append(("kwarg", a.kwarg, None))
        self.same(len(got), len(expected), n)
        for param, (kind, arg, default) in zip(got, expected, strict=False):
            self.span(param, arg)
            self.same((param.name, param.kind), (arg.arg, kind), param)
            self.optional(param, param.default, default)
            self.optional(param, param.annotation, arg.annotation)

    # ---- expressions

    def kind(self, n: ir.Node, expected: type) -> bool:
        if type(n) is not expected:
            self.wrong(n, f"expected a {expected.__name__}")
        return type(n) is expected

    def expressions(self, n: ir.Node, got: Any, expected: Any) -> None:
        if len(got) != len(expected):
            self.wrong(n, f"expected {len(expected)} parts, got {len(got)}")
        for each, a in zip(got, expected, strict=False):
            self.optional(n, each, a)

    def optional(self, n: ir.Node, got: Any, expected: Any) -> None:
        if got is None or expected is None:
            self.same(got is None, expected is None, n)
        else:
            self.expression(got, expected)

    def keywords(self, n: ir.Node, got: Any, expected: list[ast.keyword]) -> None:
        self.same([key for key, _ in got], [a.arg for a in expected], n)
        for (_, value), a in zip(got, expected, strict=False):
            self.expression(value, a.value)

    def expression(self, n: Any, a: Any) -> None:
        while isinstance(a, ast.BinOp) and isinstance(n, ir.BinOp):  # chains may be long
            self.span(n, a)
            self.same(n.op, _BINARY[type(a.op)], n)
            self.expression(n.right, a.right)
            n, a = n.left, a.left
        self.span(n, a)
        match a:
            case ast.Constant():
                self.kind(n, ir.Const) and self.same(n.value, a.value, n)
            case ast.Name():
                self.kind(n, ir.Name) and self.same(n.id, a.id, n)
            case ast.Attribute():
                if self.kind(n, ir.Attribute):
                    self.same(n.attr, a.attr, n)
                    self.expression(n.value, a.value)
            case ast.Subscript():
                if self.kind(n, ir.Subscript):
                    self.expression(n.value, a.value)
                    self.expression(n.index, a.slice)
            case ast.Slice():
                if self.kind(n, ir.SliceExpr):
                    self.expressions(n, (n.lower, n.upper, n.step), (a.lower, a.upper, a.step))
            case ast.Call():
                if self.kind(n, ir.Call):
                    self.expression(n.func, a.func)
                    self.expressions(n, n.args, a.args)
                    self.keywords(n, n.keywords, a.keywords)
            case ast.Starred() | ast.Await() | ast.YieldFrom():
                kinds = {ast.Starred: ir.Starred, ast.Await: ir.Await, ast.YieldFrom: ir.YieldFrom}
                self.kind(n, kinds[type(a)]) and self.expression(n.value, a.value)
            case ast.Yield():
                self.kind(n, ir.Yield) and self.optional(n, n.value, a.value)
            case ast.UnaryOp():
                if self.kind(n, ir.UnaryOp):
                    self.same(n.op, _UNARY[type(a.op)], n)
                    self.expression(n.operand, a.operand)
            case ast.BoolOp():
                if self.kind(n, ir.BoolOp):
                    self.same(n.op, "and" if isinstance(a.op, ast.And) else "or", n)
                    self.expressions(n, n.values, a.values)
            case ast.Compare():
                if self.kind(n, ir.Compare):
                    self.expression(n.left, a.left)
                    self.same(n.ops, tuple(_COMPARE[type(op)] for op in a.ops), n)
                    self.expressions(n, n.rights, a.comparators)
            case ast.IfExp():
                if self.kind(n, ir.IfExp):
                    self.expressions(n, (n.test, n.body, n.orelse), (a.test, a.body, a.orelse))
            case ast.NamedExpr():
                if self.kind(n, ir.NamedExpr):
                    self.same(n.target, a.target.id, n)
                    self.expression(n.value, a.value)
            case ast.Tuple() | ast.List() | ast.Set():
                kinds = {ast.Tuple: ir.TupleDisplay, ast.List: ir.ListDisplay, ast.Set: ir.SetDisplay}
                self.kind(n, kinds[type(a)]) and self.expressions(n, n.items, a.elts)
            case ast.Dict():
                if self.kind(n, ir.DictDisplay):
                    self.expressions(n, n.keys, a.keys)
                    self.expressions(n, n.values, a.values)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                if self.kind(n, ir.Comprehension):
                    names = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}
                    self.same(n.kind, names.get(type(a), "dict"), n)
                    if isinstance(a, ast.DictComp):
                        self.expressions(n, (n.key, n.element), (a.key, a.value))
                    else:
                        self.expressions(n, (n.key, n.element), (None, a.elt))
                    for clause, b in zip(n.clauses, a.generators, strict=True):
                        self.expressions(n, (clause.target, clause.iter), (b.target, b.iter))
                        self.expressions(n, clause.ifs, b.ifs)
            case ast.Lambda():
                if self.kind(n, ir.Lambda):
                    self.parameters(n, n.params, a.args)
                    self.expression(n.body, a.body)
            case ast.JoinedStr():
                self.kind(n, ir.FString) and self.parts(n, a.values)
            case _:
                self.wrong(n, f"the oracle does not know {type(a).__name__}")

    def parts(self, n: ir.FString, expected: list[ast.expr]) -> None:
        before, self.in_field = self.in_field, True
        for part, a in zip(_merged(n.parts), expected, strict=False):
            if isinstance(a, ast.Constant):
                self.same(part, a.value, n)
            elif isinstance(part, ir.FormattedValue) and isinstance(a, ast.FormattedValue):
                # A debugging field without a format or a conversion is shown by its repr.
                implied = (
                    "r" if part.debug and part.spec is None and part.conversion is None else part.conversion
                )
                self.same(implied, chr(a.conversion) if a.conversion >= 0 else None, n)
                self.expression(part.value, a.value)
                self.same(part.spec is None, a.format_spec is None, part)
                if part.spec is not None and isinstance(a.format_spec, ast.JoinedStr):
                    self.parts(part.spec, a.format_spec.values)
                self.spelled(part.value)
            else:
                self.wrong(n, f"expected {type(a).__name__}, got {part!r}")
        self.same(len(_merged(n.parts)), len(expected), n)
        self.in_field = before

    def spelled(self, n: ir.Expr) -> None:
        """In a field the text at the span must parse to the same thing; `ast` may have the span wrong."""
        line, column, end_line, end_column = n.at
        rows = self.lines[line - 1 : end_line]
        rows[-1] = rows[-1][: end_column - 1]
        rows[0] = rows[0][column - 1 :]
        code = "\n".join(rows)
        try:
            inner = Oracle(f"({code}\n)")
        except SyntaxError:
            self.wrong(n, f"the text at its span is {code!r}")
            return
        inner.in_field, inner.lines = True, self.lines
        inner.expression(n, inner.tree.body[0].value)  # type: ignore[attr-defined]
        self.problems += inner.problems

    # ---- patterns

    def pattern(self, n: Any, a: Any) -> None:
        self.span(n, a)
        match a:
            case ast.MatchValue(value=ast.Constant() | ast.UnaryOp() | ast.BinOp()):
                self.kind(n, ir.Const) and self.same(n.value, ast.literal_eval(a.value), n)
            case ast.MatchValue():
                self.expression(n, a.value)
            case ast.MatchSingleton():
                self.kind(n, ir.Const) and self.same(n.value, a.value, n)
            case ast.MatchSequence():
                self.kind(n, ir.TupleDisplay) and self.patterns(n, n.items, a.patterns)
            case ast.MatchStar():
                self.kind(n, ir.Starred) and self.same(n.value.id, a.name or "_", n)
            case ast.MatchMapping():
                if self.kind(n, ir.DictDisplay):
                    keys, values = list(n.keys), list(n.values)
                    if a.rest is not None:
                        self.same(keys.pop(), None, n)
                        self.same(values.pop().id, a.rest, n)
                    for key, b in zip(keys, a.keys, strict=True):
                        if isinstance(key, ir.Const):
                            self.same(key.value, ast.literal_eval(b), n)
                        else:
                            self.expression(key, b)
                    self.patterns(n, values, a.patterns)
            case ast.MatchClass():
                if self.kind(n, ir.Call):
                    self.expression(n.func, a.cls)
                    self.patterns(n, n.args, a.patterns)
                    self.same([key for key, _ in n.keywords], a.kwd_attrs, n)
                    self.patterns(n, [value for _, value in n.keywords], a.kwd_patterns)
            case ast.MatchAs(pattern=None):
                self.kind(n, ir.Name) and self.same(n.id, a.name or "_", n)
            case ast.MatchAs():
                if self.kind(n, ir.NamedExpr):
                    self.same(n.target, a.name, n)
                    self.pattern(n.value, a.pattern)
            case ast.MatchOr():
                self.kind(n, ir.BoolOp) and self.patterns(n, n.values, a.patterns)

    def patterns(self, n: ir.Node, got: Any, expected: list[ast.pattern]) -> None:
        self.same(len(got), len(expected), n)
        for each, a in zip(got, expected, strict=False):
            self.pattern(each, a)


def _merged(parts: tuple[str | ir.FormattedValue, ...]) -> list[str | ir.FormattedValue]:
    """`ast` writes the text of a debugging field into the text before it."""
    merged: list[str | ir.FormattedValue] = []
    for part in parts:
        text = part if isinstance(part, str) else part.debug
        if text:
            if merged and isinstance(merged[-1], str):
                merged[-1] += text
            else:
                merged.append(text)
        if not isinstance(part, str):
            merged.append(part)
    return merged


def _is_generator(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    def own(node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            outside: list[Any] = [*node.decorator_list, node.args, node.returns]
        elif isinstance(node, ast.Lambda):
            outside = [node.args]
        else:
            outside = list(ast.iter_child_nodes(node))
        yield node
        for child in outside:
            if child is not None:
                yield from own(child)

    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for each in function.body for n in own(each))
