"""Each rule is given the facts it listens to, in the order they were recorded, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from shapelint import facts
from shapelint.engine import judge as engine
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.registry import Listener

SAID: list[facts.Fact] = [
    facts.Called(None, (), True, op="torch.Tensor.mean", law="torch.mean"),
    facts.ModuleBuilt(None, (), True),
    facts.Called(None, (), True, op="torch.sum", law="torch.sum"),
    facts.NeedFailed(None, (), True, rule="linear-size-mismatch"),
    facts.Called(None, (), True, op="torch.Tensor.div_", law="torch.Tensor.div_"),
    facts.NeedFailed(None, (), True, rule="hearing"),
    facts.ModuleBuilt(None, (), True),
]


@pytest.mark.parametrize(
    ("listens", "ops", "every_call", "expected"),
    [
        ((facts.Called,), ("torch.mean",), False, [0]),
        ((facts.Called,), ("torch.Tensor.mean", "torch.Tensor.div_"), False, [0, 4]),
        ((facts.Called,), (), False, []),
        ((facts.Called,), ("torch.sum",), True, [0, 2, 4]),
        ((facts.ModuleBuilt, facts.Called), ("torch.sum",), False, [1, 2, 6]),
        ((facts.NeedFailed, facts.ModuleBuilt), (), False, [1, 5, 6]),
        ((facts.OptimizerBuilt,), (), False, []),
    ],
)
def test_a_rule_is_given_what_it_listens_to(
    listens: tuple[type[facts.Fact], ...],
    ops: tuple[str, ...],
    every_call: bool,
    expected: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[facts.Fact] = []

    class Hearing(Rule):
        code = "SHP999"
        name = "hearing"

        def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
            given.extend(said)
            return ()

    listener = Listener("hearing", "SHP999", "hearing", listens, ops, every_call)
    monkeypatch.setattr(engine, "listeners", lambda: [listener])
    monkeypatch.setattr(Listener, "rule", Hearing())
    assert engine.judge(list(SAID), lambda path: None) == []
    assert [at for at, fact in enumerate(SAID) if fact in given] == expected
    assert sorted(given, key=SAID.index) == given
