"""Calls rewritten with libcst: an argument replaced, a keyword added, the rest left as it is spelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import libcst as cst

from shapelint.lower.from_libcst.unread import nesting_bound

_NO_SPACE = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def expression(text: str | None) -> cst.BaseExpression | None:
    """The tree of an expression's text; None where it is not one."""
    return None if text is None else _parsed(cst.parse_expression, text)


def statement(text: str) -> cst.SimpleStatementLine | cst.BaseCompoundStatement | None:
    """The tree of a statement's text; None where it is not one."""
    return _parsed(cst.parse_statement, text)


_Tree = TypeVar("_Tree")


def _parsed(parse: Callable[[str], _Tree], text: str) -> _Tree | None:
    if nesting_bound(text) is None:
        return None  # `ast` has read what libcst would not survive
    try:
        return parse(text)
    except (cst.ParserSyntaxError, cst.CSTValidationError):
        return None


def call(text: str | None) -> cst.Call | None:
    found = expression(text)
    return found if isinstance(found, cst.Call) else None


def spelled(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def callee(node: cst.Call) -> str:
    """The last name of what is called."""
    function = node.func
    if isinstance(function, cst.Attribute):
        return function.attr.value
    return function.value if isinstance(function, cst.Name) else ""


def argument(node: cst.Call, position: int, name: str) -> int | None:
    """The index of the argument that is given for a parameter; None where it is not given, or stars may give it."""
    for index, arg in enumerate(node.args):
        if arg.star == "" and arg.keyword is not None and arg.keyword.value == name:
            return index
    if position < len(node.args) and all(
        a.star == "" and a.keyword is None for a in node.args[: position + 1]
    ):
        return position
    return None


def with_value(node: cst.Call, index: int, value: cst.BaseExpression) -> cst.Call:
    args = list(node.args)
    args[index] = args[index].with_changes(value=value)
    return node.with_changes(args=args)


def with_argument(
    text: str | None,
    position: int,
    name: str,
    change: Callable[[cst.BaseExpression], cst.BaseExpression | None],
) -> str | None:
    """The call with one argument changed."""
    node = call(text)
    index = argument(node, position, name) if node is not None else None
    if node is None or index is None:
        return None
    value = change(node.args[index].value)
    return spelled(with_value(node, index, value)) if value is not None else None


_ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)


def with_method(method: str) -> Callable[[cst.BaseExpression], cst.BaseExpression | None]:
    """What writes `value.method` for a value, in parentheses where it needs them."""

    def change(value: cst.BaseExpression) -> cst.BaseExpression | None:
        text = spelled(value)
        atom = isinstance(value, _ATOMS) or bool(getattr(value, "lpar", ()))
        return expression(f"{text}.{method}" if atom else f"({text}).{method}")

    return change


def with_keyword(text: str | None, name: str, value: str) -> str | None:
    """The call with `name=value` behind its other arguments, on a line of its own where they have theirs."""
    node = call(text)
    if node is None or any(a.keyword is not None and a.keyword.value == name for a in node.args):
        return None
    added = cst.Arg(cst.parse_expression(value), cst.Name(name), equal=_NO_SPACE)
    args = list(node.args)
    if args:
        last = args[-1]
        if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar:
            return None
        trailing = last.comma
        args[-1] = last.with_changes(comma=_separator(node), whitespace_after_arg=cst.SimpleWhitespace(""))
        added = added.with_changes(comma=trailing, whitespace_after_arg=last.whitespace_after_arg)
    written = spelled(node.with_changes(args=[*args, added]))
    return written if call(written) is not None else None


def _separator(node: cst.Call) -> cst.Comma:
    """The comma the author puts between arguments."""
    if len(node.args) > 1:
        before = node.args[-2].comma
        if isinstance(before, cst.Comma):
            return before
    if isinstance(node.whitespace_before_args, cst.ParenthesizedWhitespace):
        return cst.Comma(
            whitespace_after=node.whitespace_before_args.with_changes(first_line=cst.TrailingWhitespace())
        )
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
