"""Operators of sets and of dicts: united, cut, counted. NotImplemented where the other operand is asked, as in Python."""

from __future__ import annotations

from typing import Any

from shapelint.interp.arithmetic import HOST
from shapelint.interp.world import World
from shapelint.values import Dict, Set, Stream, Unknown
from shapelint.values.unknown import either


def as_set(world: World, value: Any) -> Set:
    """An operand of `d.keys() | …`, which may be anything that can be walked."""
    from shapelint.interp import iterate, subscripts

    found = iterate.items(world, value)
    if isinstance(found, Stream):
        return Set({}, Unknown(found.why))
    return Set({subscripts.key(item): None for item in found})


def of_sets(world: World, op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Dict) and isinstance(b, Dict) and op == "|":
        if "Counter" in (a.kind, b.kind):
            return Unknown("counters that are united", plain=True)
        kept = b if a.kind == "dict" else a  # the operators of OrderedDict and defaultdict are asked first
        return Dict({**a.items, **b.items}, either(a.open, b.open), default=kept.default, kind=kept.kind)
    if isinstance(a, Set) and isinstance(b, Set):
        opened = either(a.open, b.open)
        if op == "|":
            return Set({**a.items, **b.items}, opened, frozen=a.frozen)
        if op == "&":
            return Set({k: None for k in a.items if k in b.items}, opened, frozen=a.frozen)
        if op == "-":
            return Set({k: None for k in a.items if k not in b.items}, opened, frozen=a.frozen)
        if op == "^":
            return Set(
                {k: None for k in (*a.items, *b.items) if (k in a.items) != (k in b.items)},
                opened,
                frozen=a.frozen,
            )
    if isinstance(a, Dict) and isinstance(b, Dict) and a.kind == b.kind == "Counter" and op in "+-":
        if not all(isinstance(count, int) for count in (*a.items.values(), *b.items.values())):
            return Unknown("counts that are not known")
        keys = dict.fromkeys((*a.items, *b.items))
        counts = {k: HOST[op](a.items.get(k, 0), b.items.get(k, 0)) for k in keys}
        return Dict({k: n for k, n in counts.items() if n > 0}, either(a.open, b.open), kind="Counter")
    return NotImplemented
