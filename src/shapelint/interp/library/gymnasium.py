"""gymnasium and gym: which environment stands behind a name, and what it shows and takes, is outside."""

from __future__ import annotations

from typing import Any

from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Unknown


@function(
    *(
        f"{library}.{where}{name}"
        for library in ("gymnasium", "gym")
        for where in ("", "envs.registration.")
        for name in ("make", "make_vec")
    )
)
def make(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Unknown:
    name = args[0] if args else keywords.get("id")
    return Unknown(f"the environment {name}" if isinstance(name, str) else "an environment", world.site())
