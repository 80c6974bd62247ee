"""Signatures whose calls are refused by their numbers and names say all that torch's say; where one does not, it is listed."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import warnings
from typing import Any

import pytest

from shapelint.interp.tensors.refused_arguments import TAKE_NUMBERS, plain_tensors
from shapelint.specs import lenient, registry
from tests.differential.cases import generators, make
from tests.differential.compare import Layer, Op, T, ask_torch
from tests.differential.running import load

torch = pytest.importorskip("torch")

# An overload: of each parameter its name, whether it is required, and whether it is given by name alone.
_Overload = list[tuple[str, bool, bool]]
_PREFIXED = ("linalg", "special", "fft")


def _find(name: str) -> Any:
    """What torch has under a name: its modules are imported for it, since torch itself does not import them all."""
    module, _, last = name.rpartition(".")
    try:
        found: Any = importlib.import_module(module)
    except ImportError:
        found = _find(module)
    return getattr(found, last, None)


def _overloads(name: str, first: str) -> list[_Overload]:
    """What torch takes under this name, its first parameter called `first`; nothing where that cannot be read."""
    function = _find(name)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [] if function is None else _schemas(name, first)
    if any(p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in parameters):
        return []
    return [
        [
            (first if i == 0 and p.name == "self" else p.name, p.default is p.empty, p.kind is p.KEYWORD_ONLY)
            for i, p in enumerate(parameters)
        ]
    ]


def _schemas(name: str, first: str) -> list[_Overload]:
    parts = name.split(".")
    base = f"{parts[1]}_{parts[-1]}" if parts[1] in _PREFIXED else parts[-1]
    found = []
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{base}"):
        kinds = ["Tensor" in str(a.type) for a in schema.arguments]
        if not kinds or (name.startswith("torch.Tensor.") and not kinds[0]):
            continue
        if not any(kinds) and not any("Tensor" in str(r.type) for r in schema.returns):
            continue
        if not any(kinds) and {"a", "b"}.intersection(a.name for a in schema.arguments):
            continue  # of numbers, for TorchScript
        found.append(
            [
                (
                    first if i == 0 and a.name in ("self", "input") else a.name,
                    not a.has_default_value(),
                    a.kwarg_only,
                )
                for i, a in enumerate(schema.arguments)
                if not a.is_out
            ]
        )
    return found


def _says_all(name: str, entry: registry.Op) -> bool:
    """Whether the signature knows every name, requires no more than each overload, and takes as many by position."""
    parameters = entry.signature.parameters
    overloads = _overloads(name, parameters[0].name if parameters else "")
    if not overloads:
        return False
    known = {p.name for p in parameters} | {"out"}
    required, places = sum(p.required for p in parameters), sum(p.kind == "plain" for p in parameters)
    return all(
        {word for word, _, _ in overload} <= known
        and required <= sum(needed for _, needed, _ in overload)
        and places >= sum(not by_name for _, _, by_name in overload)
        for overload in overloads
    )


def _judged() -> dict[str, registry.Op]:
    """The operations of which calls are refused by their numbers and names, listed ones too."""
    registry.load()
    return {
        name: entry
        for name, entry in registry.ops.items()
        if name.startswith("torch.")
        and not any(p.kind in ("vararg", "kwarg") for p in entry.signature.parameters)
    }


def test_what_is_refused_is_refused_by_all_overloads() -> None:
    judged = _judged()
    short = {name for name, entry in judged.items() if not _says_all(name, entry)}
    assert len(judged) - len(short) > 1_000
    assert short - lenient.LENIENT == set()


def test_what_is_listed_needs_to_be() -> None:
    judged = _judged()
    old = {f"torch.{n}" for n in lenient.OLD_ORDER} | {
        f"torch.Tensor.{n}{end}" for n in lenient.OLD_ORDER for end in ("", "_")
    }
    listed = lenient.LENIENT - old
    assert {name for name in listed if name not in judged or _says_all(name, judged[name])} == set()


def test_some_still_take_the_number_first() -> None:
    square, rows = torch.ones(3, 3), torch.ones(3)
    batches = torch.ones(2, 3, 3)
    given: dict[str, tuple[Any, ...]] = {
        "addbmm": (1, square, 2, batches, batches),
        "addcdiv": (square, 2, square, square),
        "addcmul": (square, 2, square, square),
        "addmv": (1, rows, 2, square, rows),
        "addr": (1, square, 2, rows, rows),
        "sspaddmm": (1, square.to_sparse(), 2, square.to_sparse(), square),
    }
    assert set(given) == set(lenient.OLD_ORDER)
    for name, arguments in given.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert getattr(torch, name)(*arguments) is not None


def _with(case: Op | Layer, at: int, value: Any) -> Op | Layer:
    if isinstance(case, Op):
        return dataclasses.replace(case, args=(*case.args[:at], value, *case.args[at + 1 :]), flops=False)
    return dataclasses.replace(case, inputs=(*case.inputs[:at], value, *case.inputs[at + 1 :]), flops=False)


def _places(name: str, case: Op | Layer) -> list[int]:
    """Where a case gives a tensor to a parameter that takes tensors alone."""
    if isinstance(case, Op):
        entry = registry.ops[name]
        law, names, given = entry.law, [p.name for p in entry.signature.parameters], case.args
        if case.call is not None:
            return []
    else:
        law = registry.layers[name].definition.forward
        names, given = list(inspect.signature(law).parameters)[2:], case.inputs
    own = name.startswith("torch.Tensor.")
    return [
        i
        for i, value in enumerate(given[: len(names)])
        if names[i] in plain_tensors(law) and isinstance(value, (T, Op)) and not (own and i == 0)
    ]


def test_no_number_and_no_none_is_taken_for_a_tensor() -> None:
    load()
    registry.load()
    asked, taken = 0, set()
    for name in sorted(generators):
        for seed in range(3):
            case = make(name, seed)
            places = _places(name, case)
            if not places or ask_torch(case).raised:
                continue
            for at in places:
                for value in (2, 1.5, True, None):
                    asked += 1
                    if ask_torch(_with(case, at, value)).raised is None:
                        taken.add(name)
    assert asked > 3_000
    assert taken - TAKE_NUMBERS == set()
