"""What `apply` does with layers of a kind comes to the same, and nobody can tell that it is not done for each."""

from __future__ import annotations

import pytest

from shapelint.interp.again import equal_visits

from .test_equal_calls import _told
from .test_equal_turns import COUNTED, NET, PLAIN

METHOD = "def fill(self, m):\n        {}\n"
FILL = "if isinstance(m, nn.Linear):\n            nn.init.normal_(m.weight, std=self.std)\n            if m.bias is not None: nn.init.zeros_(m.bias)"
ODD = "class Odd(nn.Linear):\n    def apply(self, fn):\n        {}\n        return super().apply(fn)\n"

# A walk, and whether any visit of it is not evaluated.
WALKS: dict[str, tuple[dict[str, str], bool]] = {
    "nothing": ({}, True),
    "a function": ({"before": "def fill(m):\n    if isinstance(m, nn.Linear):\n        nn.init.zeros_(m.weight)\n", "first": "self.apply(fill)"}, True),
    "a function under no_grad": ({"before": "@torch.no_grad()\ndef fill(m):\n    if isinstance(m, nn.Linear):\n        m.weight.fill_(1.)\n", "first": "self.apply(fill)"}, True),
    "a lambda": ({"first": "self.apply(lambda m: nn.init.zeros_(m.weight) if isinstance(m, nn.Linear) else None)"}, True),
    "a partial": ({"before": "from functools import partial\ndef fill(m, std):\n    pass\n", "first": "self.apply(partial(fill, std=1))"}, False),
    "a static method": ({"method": "@staticmethod\n    def fill(m):\n        if isinstance(m, nn.Linear): nn.init.zeros_(m.weight)\n"}, True),
    "a generator": ({"method": METHOD.format("yield m.missing")}, False),
    "no arguments": ({"method": "def fill(self, *m):\n        self.count += 1\n", "last": COUNTED.format("self.count")}, False),
    "a default": ({"method": "def fill(self, m, seen=[]):\n        seen.append(1)\n        if len(seen) > 9: m.missing\n"}, False),
    "what is returned": ({"method": METHOD.format("return self.count")}, True),
    "a count in the network": ({"method": METHOD.format("self.count += 1"), "last": COUNTED.format("self.count")}, False),
    "a list": ({"method": METHOD.format("self.seen.append(1)"), "last": COUNTED.format("len(self.seen)")}, False),
    "a count around": ({"first": "def fill(m):\n            nonlocal count\n            count += 1\n        self.apply(fill)", "last": COUNTED.format("count")}, False),
    "a name around": ({"first": "def fill(m):\n            if count: m.missing\n        self.apply(fill)\n        count = 1\n        self.apply(fill)"}, True),
    "a count in the module": ({"before": "n = 0\ndef fill(m):\n    global n\n    n += 1\n", "first": "self.apply(fill)", "last": COUNTED.format("n")}, False),
    "what the network holds": ({"method": METHOD.format("if isinstance(m, nn.LayerNorm) and self.std > 1: m.missing"), "last": "self.std = 2; self.apply(self.fill)"}, True),
    "what the network holds changes": ({"method": METHOD.format("if isinstance(m, Block): self.std += 1\n        if isinstance(m, nn.Linear) and self.std > 3: m.missing")}, False),
    "an apply of its own": ({"before": ODD.format("pass"), "built": "self.blocks[5].b = Odd(8, 8)"}, True),
    "an apply of its own that says no": ({"before": "class Odd(nn.Linear):\n    def apply(self, fn):\n        return self\n", "built": "self.blocks[5].b = Odd(8, 8)", "method": METHOD.format("if isinstance(m, nn.Linear): assert m.__class__ is nn.Linear")}, True),
    "an apply of its own that writes": ({
        "before": ODD.format("Odd.late = True; STATE.append(1)") + "STATE = []\n", "built": "self.blocks[5].b = Odd(8, 8)",
        "method": METHOD.format("if type(m) is nn.Linear and len(STATE) > 0: m.missing"),
    }, True),
    "an apply of its own that writes to the network": ({
        "before": ODD.format("self.net[0].std = 5") , "built": "self.blocks[5].b = Odd(8, 8); self.blocks[5].b.net = [self]",
        "method": METHOD.format("if type(m) is nn.Linear and self.std > 1: m.missing"),
    }, True),
    "an attribute named so": ({"built": "object.__setattr__(self.blocks[5].b, 'apply', lambda fn: None)"}, True),
    "another of torch's": ({"before": "seen = []\nclass Odd(nn.Linear):\n    apply = seen.append\n", "built": "self.blocks[5].b = Odd(8, 8)", "last": COUNTED.format("len(seen)")}, True),
    "a layer that is added": ({"method": METHOD.format("if isinstance(m, Block): m.add_module('more', nn.Linear(2, 2))")}, False),
    "a layer that is shared": ({"built": "self.blocks[5].a = self.blocks[4].b", "method": METHOD.format("if isinstance(m, nn.Linear): m.i = getattr(m, 'i', 0) + 1"), "last": COUNTED.format("self.blocks[5].a.i")}, False),
    "a mark": ({"method": METHOD.format("m.done = True"), "last": "assert self.blocks[5].a.done"}, False),
    "another size": ({"built": "self.blocks[5].a = nn.Linear(8, 9)", "method": METHOD.format("if isinstance(m, nn.Linear): assert m.out_features == 8")}, True),
    "a view that fails": ({"built": "self.blocks[5].a = nn.Linear(8, 9)", "method": METHOD.format("if isinstance(m, nn.Linear): m.weight.view(64)")}, True),
    "it says something": ({"method": METHOD.format("print(m)")}, False),
    "all its names": ({"method": METHOD.format("if len(locals()) > 2: m.missing")}, False),
    "a condition that is not known": ({"before": "import sys\nn = len(sys.argv)", "method": METHOD.format("if n > 2: nn.init.zeros_(m.weight)")}, False),
    "under one": ({"use": "import sys\nif sys.argv[1]:\n    net = Net()"}, False),
    "it raises": ({"method": METHOD.format("if isinstance(m, nn.LayerNorm) and len(self.seen) > 3: raise ValueError"), "use": "try:\n    Net()\nexcept ValueError:\n    pass"}, True),
    "in place, after a graph": ({
        "use": "x = torch.randn(2, 5, 8)\nwith torch.no_grad():\n    a = Net()\nz = a.blocks[-1](x)\nwith torch.no_grad():\n    a.init(.1)\n"
               "z.sum().backward()",
        "method": METHOD.format("if isinstance(m, nn.Linear): m.weight.mul_(2)"),
    }, True),
}  # fmt: skip


@pytest.mark.parametrize("name", WALKS)
def test_visits_that_look_alike_are_not_taken_for_each_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes, spared = WALKS[name]
    walk = {"first": "self.apply(self.fill)", "method": METHOD.format(FILL), "over": "()", "body": "pass"}
    text = NET.format(**{**PLAIN, **walk, **changes})
    again: list[int] = []
    real = equal_visits.Visits._again

    def done_again(self: equal_visits.Visits, *given: object) -> object:
        found = real(self, *given)  # type: ignore[arg-type]
        again.append(found is not None)
        return found

    monkeypatch.setattr(equal_visits.Visits, "_again", done_again)
    each_time, _ = _told(text, monkeypatch, False)
    assert not again
    once, _ = _told(text, monkeypatch, True)
    assert each_time == once
    assert (sum(again) > 0) == spared, sum(again)
