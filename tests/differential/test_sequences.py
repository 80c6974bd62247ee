"""Where a spec takes a tensor and nothing else, torch raises when it is given a tuple or a list of tensors."""

from __future__ import annotations

import dataclasses
import inspect
import warnings

import pytest

from shapelint.specs import registry
from tests.differential.cases import generators, make
from tests.differential.compare import Layer, Op, T, ask_torch
from tests.differential.running import load

load()
registry.load()

OPERATORS = frozenset(("torch.Tensor.__matmul__", "torch.Tensor.__rmatmul__"))
"""Called by their names these hand the question to the other side; as operators they raise."""


def plain_tensors(name: str) -> list[str | None]:
    """The parameters of a spec in order; None where something else than a tensor is taken too."""
    if name in registry.layers:
        law = getattr(registry.layers[name].definition, "forward", None)
        order = list(law.__code__.co_varnames[2 : law.__code__.co_argcount]) if law is not None else []
    else:
        law = registry.ops[name].law
        order = [p.name for p in registry.ops[name].signature.parameters]
    plain = (
        {n for n, a in inspect.get_annotations(law).items() if a == "Tensor"} if law is not None else set()
    )
    return [n if n in plain else None for n in order]


@pytest.mark.parametrize("name", sorted(set(generators) - OPERATORS))
def test_torch_raises_for_a_sequence(name: str) -> None:
    order = plain_tensors(name)
    for seed in range(4):
        case = make(name, seed)
        given = case.inputs if isinstance(case, Layer) else case.args if isinstance(case, Op) else ()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if ask_torch(case).raised is not None:
                continue
            for i, value in enumerate(given):
                if not isinstance(value, T) or i >= len(order) or order[i] is None:
                    continue
                for sequence in ((value, value), [value, value]):
                    other = (*given[:i], sequence, *given[i + 1 :])
                    named = "inputs" if isinstance(case, Layer) else "args"
                    assert ask_torch(dataclasses.replace(case, **{named: other})).raised is not None
        return
