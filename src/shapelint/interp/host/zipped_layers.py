"""Containers of layers that zip takes side by side, one of them longer than another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import facts
from shapelint.interp.world import World
from shapelint.values import Iterator, Module

_CONTAINERS = ("torch.nn.ModuleList", "torch.nn.Sequential")


def record(world: World, iterables: Sequence[Any], columns: Sequence[Any]) -> None:
    """Record the layers of each argument, where the shortest is a container and ends the others too early."""
    held = [_layers(v) for v in iterables]
    known = [layers for layers in held if layers is not None]
    if len(known) < 2 or not world.calls or len({len(layers) for layers in known}) < 2:
        return
    turns = min(len(layers) for layers in known)
    others = [
        len(column.items) - column.at
        for column, layers in zip(columns, held, strict=True)
        if layers is None and isinstance(column, Iterator)
    ]
    if turns and all(length > turns for length in others):
        world.record(facts.LayersZipped, columns=tuple(held), turns=turns)


def _layers(value: Any) -> tuple[Module, ...] | None:
    if not isinstance(value, Module) or value.cls.qualname not in _CONTAINERS or value.incomplete:
        return None
    return tuple(v for v in value.attrs.values() if isinstance(v, Module))
