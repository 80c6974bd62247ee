"""torch.save: writes nothing here, and tells what it is given."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.interp.library import function
from shapelint.interp.world import World


@function("torch.save")
def save(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """save(obj, f)."""
    if "torch.save" in world.listen:
        given = args[0] if args else keywords.get("obj")
        world.record(facts.Called, op="torch.save", law="torch.save", arguments={"obj": given})
