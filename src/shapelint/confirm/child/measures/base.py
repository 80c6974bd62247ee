"""What a measure is, and what measures share."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NamedTuple

from shapelint.confirm.child.happenings import Event, Run
from shapelint.confirm.child.places import holds_line, text_of
from shapelint.confirm.child.pytorch import Module, torch
from shapelint.confirm.job import Claim
from shapelint.records import dataclass


class Effect(NamedTuple):
    """The effect is there: what was measured."""

    text: str


class Absent(NamedTuple):
    """It was looked for and is not there: what was measured instead."""

    text: str


Seen = Effect | Absent | None


@dataclass(frozen=True, slots=True)
class Measure:
    """`raises` says that the claim is an exception at its place. `names` are the functions (without their module) that
    `on_event` wants to see; `anywhere` has it see them wherever they are called. `early`: what `at_end` finds once the
    rest of the program cannot undo."""

    raises: bool = False
    names: frozenset[str] = frozenset()
    anywhere: bool = False
    on_event: Callable[[Event, Claim, Run], Seen] | None = None
    on_line: Callable[[FrameType, Claim, Run], Seen] | None = None
    at_end: Callable[[Claim, Run], Seen] | None = None
    early: bool = False


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def shown(tensor: Any) -> str:
    return "[" + ", ".join(map(str, tensor.shape)) + "]"


def names_in(message: str) -> list[str]:
    """The attributes that a message names (`self.norm1`), in order."""
    return list(dict.fromkeys(re.findall(r"self\.(\w+)", message)))


def attribute_at(claim: Claim) -> str | None:
    """The attribute that the claim's line assigns, or that its message names."""
    found = re.search(r"self\.(\w+)", text_of(claim)) or re.search(r"self\.(\w+)", claim.message)
    return found.group(1) if found else None


def owners(claim: Claim, run: Run) -> list[Any]:
    """The living modules one of whose methods holds the claim's line."""
    known: dict[type, bool] = {}
    return [m for m in run.alive() if known.setdefault(type(m), _holds(type(m), claim))]


def _holds(cls: type, claim: Claim) -> bool:
    for base in cls.__mro__:
        if base is Module:
            break
        for value in vars(base).values():
            function = getattr(value, "__func__", value)
            code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
            if code is not None and holds_line(code, claim):
                return True
    return False


@contextlib.contextmanager
def evaluating(module: Any) -> Iterator[None]:
    """Evaluation mode, without gradients, and everything as it was afterwards."""
    modes = [(m, m.training) for m in module.modules()]
    state = torch.random.get_rng_state()
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for m, mode in modes:
            m.training = mode
        torch.random.set_rng_state(state)


def rows_that_change(before: Any, after: Any, axis: int) -> list[int]:
    """The indexes along an axis at which two tensors of one shape differ."""
    size = before.shape[axis]
    return [
        i for i in range(size) if not torch.allclose(before.select(axis, i), after.select(axis, i), atol=1e-6)
    ]
