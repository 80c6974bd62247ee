"""Attributes and methods of int, float, complex and of sizes."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.interp.host.host_calls import attempt, back, builtin, host
from shapelint.interp.world import World

_METHODS = frozenset(
    [
        "bit_length",
        "bit_count",
        "is_integer",
        "as_integer_ratio",
        "hex",
        "conjugate",
        "to_bytes",
        "from_bytes",
        "fromhex",
    ]
)


def method(world: World, value: Any, name: str) -> Any:
    """`value.name`, or None when it is not modelled."""
    if isinstance(value, Sym):
        if name in ("real", "numerator"):
            return value
        if name in ("imag", "denominator"):
            return int(name == "denominator")
    elif name in ("real", "imag", "numerator", "denominator") and hasattr(value, name):
        return getattr(value, name)
    if name not in _METHODS or not (isinstance(value, Sym) or hasattr(value, name)):
        return None
    return builtin(
        f"{'int' if isinstance(value, Sym) else type(value).__name__}.{name}",
        "*args, **keywords",
        lambda w, args, keywords: _run(w, value, name, args, keywords),
        plain=True,
    )


def _run(world: World, value: Any, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    given = [host(world, a) for a in args]
    if name == "to_bytes" and given and isinstance(given[0], int):
        given[0] = min(given[0], 10_000)
    return back(
        attempt(getattr(host(world, value), name), *given, **{k: host(world, v) for k, v in keywords.items()})
    )
