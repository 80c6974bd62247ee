"""SHP128 arguments-mismatch."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.values import Function


class ArgumentsMismatch(Rule):
    """A network is called, or built, with other arguments than it takes.

    Why
        `nn.Module.__call__` takes anything, so that no type checker sees what `forward` is given. Python raises TypeError.
        Told where the program itself gets there when it is run.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                return self.fc(x)

        Net()(torch.randn(4, 8), torch.ones(4))  # error: [arguments-mismatch]

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                return self.fc(x)

        Net()(torch.randn(4, 8))
    """

    code = "SHP128"
    name = "arguments-mismatch"
    listens = (facts.Raised,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        cause = fact.cause
        if not fact.by_program or not isinstance(cause, facts.ArgumentsDiffer):
            return None
        function = cause.function
        if not isinstance(function, Function) or function.owner is None or not function.owner.is_module:
            return None
        params = [p for p in function.node.params[1:] if p.kind not in ("vararg", "kwarg")]
        name = f"{function.owner.name}.{function.name}"
        if cause.missing:
            what = f"{name} also wants {_listed(cause.missing)}"
        elif cause.unexpected:
            what = f"{name} takes no {cause.unexpected}"
        else:
            takes = _listed([p.name for p in params]) if params else "nothing"
            what = f"{name} takes {takes}, and is given {_count(cause.given - 1)}"
        return self.report(fact, f"{context.spelled(fact.site, 60)}: {what}")


def _count(number: int) -> str:
    return f"{number} argument{'s' * (number != 1)}"


def _listed(names: Any) -> str:
    names = list(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
