"""Of arguments that are not known nothing is refused: no operation, no layer, whichever of its parameters are given.

Each is called in small functions, with attributes of something unknown, or with the shape of something whose rank is not
known, in place of some of its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shapelint.engine.check import check_text
from shapelint.engine.config import Settings
from shapelint.specs import registry

# Refused for what is certain all the same.
_RIGHTLY = {
    "torch.stft": "complex signals, of which less is asked, are not expected where nothing is known",
    "torch.functional.stft": "as torch.stft",
    "torch.var": "unbiased and correction are names of two signatures",
    "torch.std": "as torch.var",
    "torch.var_mean": "as torch.var",
    "torch.std_mean": "as torch.var",
    "torch.Tensor.var": "as torch.var",
    "torch.Tensor.std": "as torch.var",
}

# And so is a call that leaves out all of several, none of which is required by itself.
_LEFT_OUT = re.compile(
    r"needs min or max|takes numbers$|at least two matrices|no sizes are given|an equation and operands|needs a tensor$|"
    r"output_ratio is needed|scale_factor must be given|takes its sizes as a sequence, last|input must be a tensor or a number"
)


def _called(name: str, values: list[tuple[str | None, str]]) -> str:
    if name.startswith("torch.Tensor."):
        (_, first), *values = values
        name = f"{first}.{name.removeprefix('torch.Tensor.')}"
    return f"{name}({', '.join(value if word is None else f'{word}={value}' for word, value in values)})"


def _calls(name: str, entry: Any, odd: str) -> Iterator[str]:
    """A call with what is required, one with all, one for each optional parameter; and one with `odd` in each place."""
    parameters = [p for p in entry.signature.parameters if p.kind in ("plain", "keyword")]
    required = [(p.name if p.kind == "keyword" else None, f"e.a_{p.name}") for p in parameters if p.required]
    if name.startswith("torch.Tensor.") and not required:
        required = [(None, "e.a_self")]
    yield _called(name, required)
    for p in parameters:
        if not p.required and p.name not in ("out", "self"):
            yield _called(name, [*required, (p.name, f"e.b_{p.name}")])
    if odd:
        for i in range(1 if name in registry.ops else 0, len(required)):
            yield _called(name, [*required[:i], (required[i][0], odd), *required[i + 1 :]])


@pytest.mark.parametrize("odd", ["", 'd["m"].shape', "tuple(e.s)", 'd["m"].shape[1:]'])
def test_nothing_is_refused_of_what_is_not_known(odd: str) -> None:
    registry.load()
    lines, said = ["import torch, einops"], {}
    for name, entry in (*sorted(registry.ops.items()), *sorted(registry.layers.items())):
        if name in _RIGHTLY or "__" in name or not name.startswith(("torch.", "einops.")):
            continue
        for call in _calls(name, entry, odd):
            lines += [f"def f{len(lines)}(d, e):", f"    return {call}"]
            said[len(lines)] = call
    assert len(said) > 3_000
    found = check_text("stdin", "\n".join(lines) + "\n", Settings(cache=False)).diagnostics
    errors = [d for d in found if d.severity == "error" and not _LEFT_OUT.search(d.message)]
    wrong = {said[d.line]: d.message for d in errors if d.line in said}
    assert wrong == {} and len(errors) == 0
