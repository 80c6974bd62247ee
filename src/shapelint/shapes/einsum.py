"""Einstein summation: the equation read, sizes matched by label, and the products that torch makes of it.

Torch contracts from left to right, two operands at a time, with one bmm for all labels that can be summed by then; where
nothing is summed it multiplies element by element, which counts no MACs.
Source: aten/src/ATen/native/Linear.cpp (einsum, sumproduct_pair).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from shapelint import dims
from shapelint.dims import Dim
from shapelint.records import dataclass
from shapelint.shapes.needs import Needs

RULE = "matmul-size-mismatch"
DOTS = "..."


@dataclass(frozen=True, slots=True)
class Equation:
    """Labels of every operand and of the result; DOTS stands for any number of axes."""

    inputs: tuple[tuple[str, ...], ...]
    output: tuple[str, ...]


class BadEquation(Exception):
    """What is wrong with the text, as a clause."""


@lru_cache(maxsize=1024)
def parse(text: str) -> Equation:
    """`"bij,bjk->bik"`. Without an arrow: all labels that occur once, in alphabetical order, dots first."""
    left, arrow, right = text.replace(" ", "").partition("->")
    inputs = tuple(_labels(part) for part in left.split(","))
    seen = [label for labels in inputs for label in labels]
    if not arrow:
        once = sorted(label for label in set(seen) if label != DOTS and seen.count(label) == 1)
        return Equation(inputs, ((DOTS,) if DOTS in seen else ()) + tuple(once))
    output = _labels(right)
    for label in output:
        if output.count(label) > 1:
            raise BadEquation(f"the result names {label} twice")
        if label not in seen and label != DOTS:
            raise BadEquation(f"the result has {label}, no operand has it")
    return Equation(inputs, output)


def _labels(part: str) -> tuple[str, ...]:
    found = re.findall(r"\.\.\.|[A-Za-z]|.", part)
    for label in found:
        if label != DOTS and not (label.isascii() and label.isalpha()):
            raise BadEquation(f"{label!r} is not a label")
    if found.count(DOTS) > 1:
        raise BadEquation("an operand has two ellipses")
    return tuple(found)


def contract(
    need: Needs, equation: Equation, shapes: Sequence[Sequence[Dim]]
) -> tuple[tuple[Dim, ...], Dim, bool]:
    """The result's shape, the MACs, and whether any matrix product was made."""
    if len(shapes) != len(equation.inputs):
        need.refuse(
            "call-refused", f"the equation has {len(equation.inputs)} operands, {len(shapes)} were given"
        )
    dotted = 0
    operands: list[dict[str, Dim]] = []
    for number, (labels, shape) in enumerate(zip(equation.inputs, shapes, strict=True)):
        covered = len(shape) - (len(labels) - (DOTS in labels))
        if covered < 0 or (covered and DOTS not in labels):
            wanted = len(labels) - (DOTS in labels)
            need.refuse(
                "wrong-rank",
                f"operand {number} has {len(shape)} axes, the equation names {wanted}: {''.join(labels)}",
            )
        dotted = max(dotted, covered)
        operands.append(_sizes(need, number, _spelled(labels, covered), shape))
    sizes: dict[str, Dim] = {}
    for number, operand in enumerate(operands):
        for label, size in operand.items():
            sizes[label] = size if label not in sizes else _meet(need, label, sizes[label], size, number)
    output = _spelled(equation.output, dotted if DOTS in equation.output else 0)
    macs, products = _work(operands, sizes, frozenset(output))
    return tuple(sizes[label] for label in output), macs, products


def _spelled(labels: tuple[str, ...], dotted: int) -> tuple[str, ...]:
    """The labels with a name for every axis under the dots, numbered from the last."""
    if DOTS not in labels:
        return labels
    at = labels.index(DOTS)
    return (*labels[:at], *(f".{dotted - i}" for i in range(dotted)), *labels[at + 1 :])


def _sizes(need: Needs, number: int, labels: tuple[str, ...], shape: Sequence[Dim]) -> dict[str, Dim]:
    sizes: dict[str, Dim] = {}
    for axis, (label, size) in enumerate(zip(labels, shape, strict=True)):
        if label in sizes:
            need.equal(
                size,
                sizes[label],
                RULE,
                f"axis {axis} ({label}) of operand {number}",
                f"the other axis {label}",
            )
        else:
            sizes[label] = need.resolve(size)
    return sizes


def _meet(need: Needs, label: str, a: Dim, b: Dim, number: int) -> Dim:
    """One size for a label: a size of 1 stretches."""
    if a is b or _one(b):
        return a
    if _one(a):
        return b
    if dims.equal(a, b).no and not (dims.equal(a, 1).no and dims.equal(b, 1).no):
        return b if dims.equal(b, 1).no else a
    name = "an axis under the dots" if label.startswith(".") else f"axis {label}"
    need.equal(b, a, RULE, f"{name} of operand {number}", "the same axis before it")
    return b if isinstance(b, int) and dims.witness(a) is None else a


def _one(size: Dim) -> bool:
    return dims.equal(size, 1).yes


def _work(operands: list[dict[str, Dim]], sizes: dict[str, Dim], kept: frozenset[str]) -> tuple[Dim, bool]:
    """MACs of the products from left to right."""
    left_to_sum = {
        label: sum(not _one(operand.get(label, 1)) for operand in operands)
        for label in sizes
        if label not in kept
    }
    macs: Dim = 0
    products = False
    present = [{label: size for label, size in operand.items() if not _one(size)} for operand in operands]
    a = dict(present[0])
    for b in present[1:]:
        b = dict(b)
        summed = []
        for label in left_to_sum:
            if label in a and label in b:
                left_to_sum[label] -= 1
                if left_to_sum[label] == 1:
                    summed.append(label)
                    left_to_sum[label] = 0
            elif left_to_sum[label] == 1 and (label in a or label in b):
                a.pop(label, None)  # summed alone, before the product
                b.pop(label, None)
                left_to_sum[label] = 0
        if summed:
            products = True
            macs = macs + dims.product({**a, **b}.values())
        a = {label: size for label, size in {**a, **b}.items() if label not in summed}
    return macs, products
