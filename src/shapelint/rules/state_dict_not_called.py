"""SHP315 state-dict-not-called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.values import BoundMethod, Dict, List


class StateDictNotCalled(Rule):
    """`state_dict` is passed on without its parentheses: the method, not the state.

    Why
        `torch.save(model.state_dict, path)` writes the bound method, and with it the whole pickled module: a file that
        `load_state_dict` refuses later.

    Bad
        import io

        import torch
        from torch import nn

        model = nn.Linear(8, 2)
        torch.save(model.state_dict, io.BytesIO())  # warning: [state-dict-not-called]

    Good
        import io

        import torch
        from torch import nn

        model = nn.Linear(8, 2)
        torch.save(model.state_dict(), io.BytesIO())
    """

    code = "SHP315"
    name = "state-dict-not-called"
    severity = "warning"
    listens = (facts.Called, facts.StateLoaded)
    ops = ("torch.save",)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        given = fact.given if isinstance(fact, facts.StateLoaded) else fact.arguments.get("obj")
        if isinstance(fact, facts.Called) and fact.op != "torch.save":
            return None
        if not any(_is_method(value) for value in _inside(given)):
            return None
        doing = "saves" if isinstance(fact, facts.Called) else "is given"
        return self.report(
            fact,
            f"{context.spelled(fact.site, 60)} {doing} the method state_dict, not the state",
            fits=("state_dict()",),
        )


def _inside(value: Any) -> Iterator[Any]:
    """A value and what lies in it, each once: many containers may hold the same one."""
    met: dict[int, Any] = {id(value): value}
    level = [value]
    for _ in range(_DEEPEST + 1):
        yield from level
        inner = {id(item): item for held in level for item in _items(held) if id(item) not in met}
        met.update(inner)
        level = list(inner.values())


_DEEPEST = 3


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, Dict):
        return value.items.values()
    return value.items if isinstance(value, List) else value if isinstance(value, tuple) else ()


def _is_method(value: Any) -> bool:
    return (
        isinstance(value, BoundMethod)
        and getattr(value.function, "name", "").rpartition(" ")[2] == "state_dict"
    )
