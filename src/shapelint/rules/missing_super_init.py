"""SHP121 missing-super-init."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.surroundings import function_around


class MissingSuperInit(Rule):
    """A layer or parameter is assigned, or the network called, before nn.Module's own constructor has run.

    Why
        `super().__init__()` makes the tables that layers are registered in. Where it is missing, or comes after the first
        layer, torch raises AttributeError; in a network without layers it does so when that is called.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                self.fc = nn.Linear(8, 2)  # error: [missing-super-init]

        Net()

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

        Net()
    """

    code = "SHP121"
    name = "missing-super-init"
    listens = (facts.Raised,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if isinstance(fact.cause, facts.CalledTooEarly):
            name = fact.cause.module.cls.name
            message = (
                f"{context.spelled(fact.site, 60)}: {name} is called, and nn.Module was never initialised"
            )
            return self.report(fact, message, fits=(f"super().__init__() in the constructor of {name}",))
        if not isinstance(fact.cause, facts.RegisteredTooEarly):
            return None
        what = fact.cause.what
        around = function_around(context, fact.site)
        late = (
            around is not None
            and re.search(r"super\([^)]*\)\.__init__\(|Module\.__init__\(", around.text) is not None
        )
        when = "super().__init__() comes later" if late else "super().__init__() is never called"
        message = (
            f"{context.spelled(fact.site, 60)}: a {what} is assigned before nn.Module is initialised: {when}"
        )
        return self.report(fact, message, fits=("super().__init__() as the first statement",))
