"""Ask a spec about a call with one argument that is not known: what torch accepts is not refused then, and what is said of the
result holds for the call with the argument."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from shapelint.dims import Sym
from shapelint.values import Tensor, Unknown
from tests.differential.cases import Case
from tests.differential.compare import ANY, Answer, Layer, Op, T, Trial, ask_spec, lying


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_tensor, value))
    return isinstance(value, (T, Op, Layer, Tensor))


def with_one_unknown(case: Case) -> Iterator[tuple[str, Case]]:
    """The case with each of its arguments that hold no tensor in turn not known (what is no tensor for certain is the
    interpreter's to find out)."""
    for part in ("args", "inputs"):
        held = getattr(case, part, ())
        for i, value in enumerate(held):
            if not _holds_tensor(value):
                made = (*held[:i], Unknown("an argument", name="u"), *held[i + 1 :])
                yield f"{part}[{i}]{_none(value)}", dataclasses.replace(case, **{part: made})
    for part in ("keywords", "input_keywords"):
        held = getattr(case, part, {})
        for name, value in held.items():
            if not _holds_tensor(value):
                yield (
                    f"{name}{_none(value)}",
                    dataclasses.replace(case, **{part: {**held, name: Unknown("an argument", name="u")}}),
                )


def partly_unknown(case: Case) -> Iterator[tuple[str, Case]]:
    """The case with a part of each argument in turn not known: one member of a sequence, a tensor's dtype."""
    for part in ("args", "inputs"):
        held = getattr(case, part, ())
        for i, value in enumerate(held):
            for place, made in _partly(value):
                yield (
                    f"{part}[{i}]{place}",
                    dataclasses.replace(case, **{part: (*held[:i], made, *held[i + 1 :])}),
                )
    for part in ("keywords", "input_keywords"):
        held = getattr(case, part, {})
        for name, value in held.items():
            for place, made in _partly(value):
                yield f"{name}{place}", dataclasses.replace(case, **{part: {**held, name: made}})


def _partly(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, (list, tuple)) and not _holds_tensor(value):
        for i in range(len(value)):
            yield f"[{i}]", type(value)((*value[:i], Unknown("a member", name="u"), *value[i + 1 :]))
    if isinstance(value, T):
        yield " (dtype)", lying(Tensor(value.shape, None), value.order)


def _none(value: Any) -> str:
    return " (None)" if value is None else ""


def unknown_disagreement(case: Case, plain: Answer, *, partly: bool = False) -> str | None:
    """What is said of an accepted call when one of its arguments is not known, and is not so; None when there is nothing."""
    if plain.raised is not None or plain.unknown is not None:
        return None
    ways = (*with_one_unknown(case), *(partly_unknown(case) if partly else ()))
    for place, other in ways:
        try:
            said = ask_spec(other, Trial())
        except AttributeError:
            if place.endswith(
                " (None)"
            ):  # of what may be a tensor the interpreter finds out first what it is
                continue
            raise
        if said.raised is not None:
            return f"with {place} not known: {said.raised}"
        if said.unknown is None and not _may_be(plain.results, said.results):
            return f"with {place} not known: {said.results}, it is {plain.results}"
    return None


def _may_be(known: Any, told: Any) -> bool:
    """Whether what is told may be what is known: numbers and names that are told are right."""
    if told is None or told is ANY or isinstance(told, (Sym, Unknown)):
        return True
    if isinstance(told, (tuple, list)):
        return isinstance(known, (tuple, list)) and len(told) == len(known) and all(map(_may_be, known, told))
    if isinstance(told, dict):
        return isinstance(known, dict) and all(_may_be(known.get(k), v) for k, v in told.items())
    return isinstance(known, (Sym, Unknown)) or bool(known == told)
