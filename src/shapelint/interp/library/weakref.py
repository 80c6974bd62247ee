"""weakref: what is referred to is taken to live."""

from __future__ import annotations

from typing import Any

from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Builtin


@function("weakref.ref", "weakref.WeakMethod")
@takes("object, callback=None")
def ref(world: World, object: Any, callback: Any) -> Builtin:
    return Builtin("weakref", lambda w, args, keywords: object)


@function("weakref.proxy")
@takes("object, callback=None")
def proxy(world: World, object: Any, callback: Any) -> Any:
    return object
