"""SHP309 forward-misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.registered import built
from shapelint.values import Function, Module, Site

_LIKE_INIT = (
    "_init_",
    "__init",
    "_init__",
    "__init_",
    "init__",
    "__int__",
    "__inti__",
    "__ini__",
    "__initt__",
    "__Init__",
)


class ForwardMisspelt(Rule):
    """A module has no forward, and a method whose name nearly is one.

    Why
        Calling the module raises NotImplementedError: `foward` is just another method. The same happens when `def forward`
        is indented too far and became a function inside `__init__`. A misspelt `__init__` builds no layers.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

            def foward(self, x):  # warning: [forward-misspelt]
                return self.fc(x)

        model = Net()

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                return self.fc(x)

        model = Net()
    """

    code = "SHP309"
    name = "forward-misspelt"
    severity = "warning"
    listens = (facts.ModuleBuilt,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        done: set[object] = set()
        for fact in built(said, context):
            cls = fact.module.cls
            if cls in done or cls.unknown_base is not None:
                continue
            done.add(cls)
            for owner in cls.mro:
                for name, value in owner.attrs.items() if owner.node is not None else ():
                    if isinstance(value, Function):
                        found = self._judge(fact, fact.module, owner, name, value)
                        if found is not None:
                            yield found

    def _judge(
        self, fact: facts.ModuleBuilt, module: Module, owner: Any, name: str, value: Function
    ) -> Diagnostic | None:
        meant = "forward" if _nearly_forward(name) and not _has(module, "forward") else ""
        if (
            name in _LIKE_INIT
            and "__init__" not in owner.attrs
            and len(value.node.params) > (name == "__int__")
        ):
            meant = "__init__"
        file = value.globals.file
        if not meant or file is None or value.node.at is None:
            return None
        site = Site(file.path, *getattr(value.node, "name_at", value.node.at))
        what = "cannot be called" if meant == "forward" else "builds none of its layers"
        message = f"{owner.name} has a method {name} and no {meant}: it {what}"
        return self.report(fact, message, site=site, fits=(meant,))


def _has(module: Module, name: str) -> bool:
    return name in module.attrs or any(name in cls.attrs for cls in module.cls.mro)


def _nearly_forward(name: str) -> bool:
    """One or two letters away from `forward` (or another case), and no word of its own."""
    if name.startswith("_") or name in ("forward", "toward", "reward", "for_word"):
        return False
    return name.lower() in ("forward", "forwards") or (
        abs(len(name) - 7) <= 1 and _distance(name.lower(), "forward") <= 2
    )


def _distance(a: str, b: str) -> int:
    """How many letters must be added, dropped, changed or swapped with their neighbour."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
