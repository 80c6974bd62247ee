"""Objects that were given to code that is not known: it may have set attributes on them which nobody sees.

`callbacks.set_model(self)`, and from then on `self.stop_training`. Once given away, an object is for the rest of the evaluation,
whatever is undone: that only makes less known.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from shapelint import facts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Class, Dict, Instance, List, Unknown

_DEEPEST = 2  # containers in containers
_MOST = 1000  # objects that are kept; of more, the first are left


def note(world: World, values: Iterable[Any]) -> None:
    """These are given to code that is not known."""
    seen: set[int] = set()  # what holds the same list a thousand times holds no more than it
    for _ in range(_DEEPEST + 1):
        inner: list[Iterable[Any]] = []
        for value in values:
            if isinstance(value, BoundMethod):
                value = value.receiver
            if isinstance(value, (Instance, Class)):
                _note(world, value)
            elif isinstance(value, (tuple, List, Dict)) and id(value) not in seen:
                seen.add(id(value))
                inner.append(_items(value))
        values = chain.from_iterable(inner)


def _items(value: tuple[Any, ...] | List | Dict) -> Iterable[Any]:
    if isinstance(value, tuple):
        return value
    return value.items.values() if isinstance(value, Dict) else value.items


def _note(world: World, value: Instance | Class) -> None:
    if id(value) in world.given_away:
        return
    world.given_away[id(value)] = value
    if len(world.given_away) > _MOST:
        del world.given_away[next(iter(world.given_away))]
    if world.recording is not None:
        world.recording.spoilt = True  # done again, it gives another object away


def attribute(world: World, owner: Any, problem: ProgramRaises) -> Unknown | None:
    """What stands for an attribute that `owner` lacks; None where nobody can have set it."""
    cause = problem.cause
    if not isinstance(cause, facts.AttributeAsked) or cause.value is not owner:
        return None
    if not isinstance(owner, Instance) or owner.cls.slots is not None:
        return None
    if id(owner) in world.given_away or any(id(cls) in world.given_away for cls in owner.cls.mro):
        return Unknown(
            f"{cause.name}: code that is not known may have set it on the {owner.cls.name}", world.site()
        )
    return None
