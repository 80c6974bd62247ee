"""A list of numbers that a comprehension counts out over a range, as one: `[p / 10000 ** (2 * (i // 2) / dim) for i in range(dim)]`.

Tables of positions have a million of such numbers, and each of them evaluated as code is takes a dozen steps. Where nothing stands in
the element but arithmetic on numbers that are known, it is put together once as a function of the host, and the host counts.
Whatever is not plainly a number (an error, a complex root, a name that holds something else) leaves the comprehension to the
interpreter.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.interp import iterate
from shapelint.interp.evaluation import evaluate
from shapelint.interp.world import Frame, World
from shapelint.values import Builtin

_LEAST = 32  # items: below that, the preparations cost more than they save
_MOST = 65_536
_MOST_PARTS = 64  # of one element: so few factors, each below _LIMIT, make no number that the interpreter holds too large
_LIMIT = 2**63
_KEPT = 16  # parts: what it costs to keep a number; 64 parts are a step

Numbers = list[Any]
Part = Callable[[Numbers], Any]  # of what the names hold: the loop's own first

_ON_ALL: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
}  # fmt: skip
_SIGNS: dict[str, Callable[[Any], Any]] = {"+": operator.pos, "-": operator.neg}


class _NotPlain(Exception):
    """The interpreter has to see to it."""


class Table:
    """The element of one comprehension: how it is counted, out of what."""

    def __init__(self, node: ir.Comprehension, own: str) -> None:
        self.own = own
        self.names: list[ir.Name] = []  # that are read beside the loop's own
        self.functions: list[ir.Expr] = []
        self.parts = 0
        self._places: dict[str, int] = {own: 0}
        self._called: list[Callable[..., Any]] = []
        self.count = self._part(node.element)

    def known(self, frame: Frame) -> Numbers | None:
        """What the names hold, with a place for the loop's own before them; None where one holds no number, or another function than
        those of the table is called."""
        self._called[:] = [_function(evaluate(node, frame)) for node in self.functions]
        held = [evaluate(node, frame) for node in self.names]
        return [0, *held] if all(map(_is_plain, held)) else None

    def _part(self, node: ir.Expr) -> Part:
        self.parts += 1
        if self.parts > _MOST_PARTS:
            raise _NotPlain
        if isinstance(node, ir.Const) and _is_plain(node.value):
            value = node.value
            return lambda numbers: value
        if isinstance(node, ir.Name):
            if node.id not in self._places:
                self.names.append(node)
                self._places[node.id] = len(self.names)
            return operator.itemgetter(self._places[node.id])
        if isinstance(node, ir.UnaryOp) and node.op in _SIGNS:
            return _signed(_SIGNS[node.op], self._part(node.operand))
        if isinstance(node, ir.BinOp) and (node.op in _ON_ALL or node.op == "**"):
            return _both(_ON_ALL.get(node.op, _power), self._part(node.left), self._part(node.right))
        if (
            isinstance(node, ir.Call)
            and not node.keywords
            and 1 <= len(node.args) <= 2
            and self._is_path(node.func)
        ):
            return self._call(node)
        raise _NotPlain

    def _is_path(self, node: ir.Expr) -> bool:
        while isinstance(node, ir.Attribute):
            node = node.value
        return isinstance(node, ir.Name) and node.id != self.own

    def _call(self, node: ir.Call) -> Part:
        place = len(self.functions)
        self.functions.append(node.func)
        called = self._called
        given = [self._part(at) for at in node.args]
        if len(given) == 1:
            (only,) = given
            return lambda numbers: called[place](only(numbers))
        first, second = given
        return lambda numbers: called[place](first(numbers), second(numbers))


def of(world: World, node: ir.Comprehension, items: range, frame: Frame) -> list[Any] | None:
    """The numbers of a list comprehension over a range; None where they are not plainly numbers."""
    if not _LEAST <= iterate.range_length(items) <= _MOST or not (
        _is_plain(items[0]) and _is_plain(items[-1])
    ):
        return None
    table = _table(world, node)
    if table is None:
        return None
    try:
        numbers = table.known(frame)
        if numbers is None:
            return None
        world.step((len(items) * (_KEPT + table.parts)) >> 6)
        count, found = table.count, []
        for numbers[0] in items:
            found.append(count(numbers))
    except (_NotPlain, ArithmeticError, ValueError, TypeError):
        return None
    return found


def _table(world: World, node: ir.Comprehension) -> Table | None:
    held = world.number_tables.get(id(node))
    if held is None:
        held = world.number_tables[id(node)] = node, _made(node)
    table: Table | None = held[1]
    return table


def _made(node: ir.Comprehension) -> Table | None:
    clause = node.clauses[0]
    if node.kind != "list" or len(node.clauses) != 1 or clause.ifs or not isinstance(clause.target, ir.Name):
        return None
    try:
        return Table(node, clause.target.id)
    except _NotPlain:
        return None


def _is_plain(value: Any) -> bool:
    return type(value) is float or (type(value) is int and -_LIMIT < value < _LIMIT)


def _signed(law: Callable[[Any], Any], part: Part) -> Part:
    return lambda numbers: law(part(numbers))


def _both(law: Callable[[Any, Any], Any], left: Part, right: Part) -> Part:
    return lambda numbers: law(left(numbers), right(numbers))


def _power(a: Any, b: Any) -> Any:
    if type(a) is not float and type(b) is not float:
        raise _NotPlain  # integers grow without bound, or become fractions
    found = a**b
    if type(found) is not float:
        raise _NotPlain
    return found


def _numpy_power(a: Any, b: Any) -> Any:
    if b < 0:
        raise _NotPlain
    return _power(a, b)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "numpy.power": _numpy_power,
    **{f"math.{name}": getattr(math, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "pow", "fabs")},
}  # fmt: skip


def _function(called: Any) -> Callable[..., Any]:
    law = _FUNCTIONS.get(called.name) if isinstance(called, Builtin) else None
    if law is None:
        raise _NotPlain
    return law
