"""torch.utils.checkpoint: functions called now and again in the backward pass."""

from __future__ import annotations

from typing import Any

from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.registry import op

_OPTIONS = "use_reentrant=None, context_fn=None, determinism_check='default', debug=False, early_stop=True"


@op("torch.utils.checkpoint.checkpoint", f"function, *args, {_OPTIONS}, preserve_rng_state=True, **kwargs")
def checkpoint(need: Need, function: Any, args: Any, kwargs: Any, **_: Any) -> Any:
    """What the function returns."""
    return need.invoke(function, *args, **kwargs)


@op(
    "torch.utils.checkpoint.checkpoint_sequential", "functions, segments, input, use_reentrant=None, **kwargs"
)
def checkpoint_sequential(need: Need, functions: Any, segments: Any, input: Any, **_: Any) -> Any:
    """What one function after the other makes of the input."""
    if not is_sequence(functions):
        return need.invoke(functions, input)
    for function in sequence(functions, "the functions"):
        input = need.invoke(function, input)
    return input
