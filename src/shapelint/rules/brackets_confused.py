"""SHP129 brackets-confused."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape
from shapelint.values import BoundMethod, Builtin, Size, Tensor


class BracketsConfused(Rule):
    """Sizes, or a tensor, are called like a function, or a method is indexed like a tensor.

    Why
        `x.shape` is a tuple and `x.size` a method: `x.shape()`, `x.size[0]` and `x(0)` raise TypeError. Told where the program
        itself gets there when it is run.

    Bad
        import torch

        x = torch.randn(4, 3, 8)
        batch = x.shape(0)  # error: [brackets-confused]

    Good
        import torch

        x = torch.randn(4, 3, 8)
        batch = x.shape[0]
    """

    code = "SHP129"
    name = "brackets-confused"
    listens = (facts.Raised,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        cause = fact.cause
        if not fact.by_program or not isinstance(cause, (facts.NotCallable, facts.NotSubscriptable)):
            return None
        value, fits = cause.value, []
        if isinstance(cause, facts.NotCallable) and isinstance(value, Size):
            what, fits = f"the sizes {shape(value)} are called like a function", ["x.shape[…]"]
        elif isinstance(cause, facts.NotCallable) and isinstance(value, Tensor):
            what = "a tensor is called like a function"
            if value.known:
                what = f"a tensor of {shape(value.shape)} is called like a function"
        elif _method_of_tensor(value) is not None:
            name = _method_of_tensor(value)
            what, fits = f"the method {name} is indexed, and not called", [f"x.{name}(…)"]
        else:
            return None
        return self.report(fact, f"{context.spelled(fact.site, 60)}: {what}", fits=fits)


def _method_of_tensor(value: Any) -> str | None:
    if (
        isinstance(value, BoundMethod)
        and isinstance(value.receiver, Tensor)
        and isinstance(value.function, Builtin)
    ):
        return value.function.name.rpartition(".")[2]
    return None
