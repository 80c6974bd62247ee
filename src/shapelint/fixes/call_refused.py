"""What torch itself asks for where it refuses a call: `.detach().numpy()`, the parentheses of `parameters()` and `no_grad()`, a
tuple for `cat`, `stack` for tensors in a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, expression, spelled, with_argument, with_method
from shapelint.fixes.division import floored
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    message, text = found.diagnostic.message, found.text(found.site)
    for told, write in _MENDS:
        if text is not None and re.search(told, message) is not None:
            return (found.replace(found.site, write(text)),)
    return ()


def _detached(text: str) -> str | None:
    return f"{text.removesuffix('.numpy()')}.detach().numpy()" if text.endswith(".numpy()") else None


def _called(text: str) -> str | None:
    def change(old: cst.BaseExpression) -> cst.BaseExpression | None:
        return expression(f"{spelled(old)}()") if spelled(old).endswith(".parameters") else None

    return with_argument(text, 0, "params", change)


def _with_brackets(text: str) -> str | None:
    return f"{text}()" if re.fullmatch(r"[\w.]+", text) else None


def _of_the_network(text: str) -> str | None:
    return with_argument(text, 0, "params", with_method("parameters()"))


def _stacked(text: str) -> str | None:
    node = call(text)
    if node is None or spelled(node.func) != "torch.tensor" or len(node.args) != 1:
        return None
    return spelled(node.with_changes(func=expression("torch.stack") or node.func))


def _gathered(text: str) -> str | None:
    """The tensors that are given one by one, as a tuple."""
    node = call(text)
    if node is None or any(a.star for a in node.args):
        return None
    plain = [a for a in node.args if a.keyword is None]
    while plain and isinstance(plain[-1].value, (cst.Integer, cst.UnaryOperation)):
        plain.pop()
    if len(plain) < 2:
        return None
    one = expression("(" + ", ".join(spelled(a.value) for a in plain) + ")")
    if one is None:
        return None
    comma = plain[-1].comma
    return spelled(node.with_changes(args=[cst.Arg(one, comma=comma), *node.args[len(plain) :]]))


_MENDS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    (r"an array has none: x\.detach\(\)\.numpy\(\)", _detached),
    (r"the parameters are asked of a method that is not called", _called),
    (r"the class itself is no context manager", _with_brackets),
    (r"it is its parameters\(\) that are optimized", _of_the_network),
    (r"stands in a list, where only one number can stand", _stacked),
    (r"the tensors are given one by one, and not as a tuple", _gathered),
    (r"a size must be an integer, it is", floored),
)
