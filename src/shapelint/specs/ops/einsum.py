"""torch.einsum, in both of its forms."""

from __future__ import annotations

from typing import Any

from shapelint.shapes import einsum as law
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.ops.matmul import may_be_empty
from shapelint.specs.ops.promotion import result_type
from shapelint.specs.registry import op
from shapelint.values import Tensor, Undetermined, Unknown

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@op("torch.einsum, torch.functional.einsum", "*args")
def einsum(need: Need, args: Any) -> Tensor:
    """Operands' axes are matched by label; labels that the result lacks are summed over."""
    if not args:
        need.refuse("call-refused", "einsum needs an equation and operands", "ValueError")
    if isinstance(args[0], Tensor) or is_sequence(args[0]):
        text, operands = _from_lists(need, args)
    else:
        text = args[0]
        operands = sequence(args[1]) if len(args) == 2 and is_sequence(args[1]) else args[1:]
    if isinstance(text, Unknown):
        raise Undetermined(text.why, text)
    return summed(need, text, operands)


def summed(need: Need, text: str, operands: tuple[Any, ...]) -> Tensor:
    """The result of an equation in torch's notation."""
    for x in operands:
        if not isinstance(x, Tensor):
            need.unknown("an operand of einsum is not a known tensor")
    try:
        equation = law.parse(text)
    except law.BadEquation as problem:
        need.refuse("call-refused", f'"{text}": {problem}')
    if len(operands) == len(equation.inputs):
        for i, (x, labels) in enumerate(zip(operands, equation.inputs, strict=True)):
            if not x.known and law.DOTS not in labels:
                need.rank(x, len(labels), what=f"operand {i}")
    shape, macs, products = law.contract(need, equation, [x.shape for x in operands])
    if products:
        if not any(may_be_empty(x.shape) for x in operands):
            same_dtype(need, **{f"operand {i}": x for i, x in enumerate(operands)})
        need.macs(macs)
    return operands[0].with_shape(*shape, dtype=result_type(need, *operands))  # type: ignore[no-any-return]


def _from_lists(need: Need, args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """`einsum(a, [0, 1], b, [1, 2], [0, 2])` as an equation."""
    pairs = len(args) // 2
    parts = [_letters(need, sequence(args[2 * i + 1])) for i in range(pairs)]
    text = ",".join(parts)
    if len(args) % 2:
        text += "->" + _letters(need, sequence(args[-1]))
    return text, args[: 2 * pairs : 2]


def _letters(need: Need, labels: tuple[Any, ...]) -> str:
    found = []
    for label in labels:
        if label is Ellipsis:
            found.append("...")
        else:
            number = need.concrete(label, "a subscript")
            if not 0 <= number < len(_LETTERS):
                need.refuse("call-refused", f"a subscript must be from 0 to 51, it is {number}", "ValueError")
            found.append(_LETTERS[number])
    return "".join(found)
