"""What code that is not known holds on to: a hook, a callback, an object with methods, a list. Whenever such code runs it may call
them, and what they fill is then not known: `model.register_forward_hook(self.keep)`, and after `model(x)` the list `self.kept`.

Once held, a value is held for the rest of the evaluation, whatever is undone: that only makes less known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import FunctionType
from typing import Any

from shapelint import ir
from shapelint.interp import changes
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Dict,
    Function,
    Instance,
    List,
    Set,
    Unknown,
)

_WHY = "code that is not known may have changed it"
_DEEPEST = 3  # functions that hold functions that hold …
_MOST = 300  # values that are held; of more, the first are left

Containers = (List, Dict, Set)


def hold(world: World, values: Iterable[Any]) -> None:
    """These are given to code that is not known, or set on something that is not."""
    for value in values:
        if isinstance(value, (Function, BoundMethod, Builtin, Instance, *Containers)):
            _hold(world, value, 0)


def placed(world: World, owner: Unknown, value: Any) -> None:
    """This was set on something that is not known, whose methods may fill it, or put another value there: `model.found = []`,
    and `model(x)` assigns what it has found."""
    hold(world, (value,))
    if value is None or isinstance(value, Containers):
        _hold(world, owner, 0)


def _hold(world: World, value: Any, depth: int) -> None:
    if id(value) in world.escaped or not _may_fill(value):
        return
    world.escaped[id(value)] = value
    if len(world.escaped) > _MOST:
        del world.escaped[next(iter(world.escaped))]
    world.journal.renamed += 1  # no call that was kept before knows of it
    if world.recording is not None:
        world.recording.spoilt = True
    if isinstance(value, Containers) and depth < _DEEPEST:
        for held in _items(value):
            if isinstance(held, (Function, BoundMethod, Instance, *Containers)):
                _hold(world, held, depth + 1)


def _may_fill(value: Any) -> bool:
    """Whether anything can be filled through a value."""
    if isinstance(value, Function):
        return value.closure is not None
    if isinstance(value, BoundMethod):
        return isinstance(value.receiver, (Instance, *Containers))
    if isinstance(value, Instance):
        return any(held is None or isinstance(held, Containers) for held in value.attrs.values()) or any(
            isinstance(held, Function) and held.closure is not None for held in value.cls.attrs.values()
        )
    return True


def run(world: World) -> None:
    """Code that is not known runs: it may call all that it holds."""
    if not world.escaped:
        return
    if world.recording is not None:
        world.recording.spoilt = True
    # Unknown code runs all the time, and mostly there is nothing left to disturb: that is to be seen at a glance.
    seen: set[int] = set()
    for value in _waiting(world):
        _disturb(world, value, 0, seen)
    world.spend(len(world.escaped) + 4 * len(seen))


def _waiting(world: World) -> list[Any]:
    """What is held, but for containers and objects of which nothing more can become unknown."""
    found: list[Any] = []
    classes: dict[int, Any] = {}
    for value in world.escaped.values():
        if isinstance(value, Containers):
            if value.open is None:
                found.append(value)
        elif value.__class__ is Instance:
            of_class = classes.get(id(value.cls))
            if of_class is None:
                of_class = classes[id(value.cls)] = _of_class(world, value.cls)
            if not _is_settled(value.attrs, *of_class):
                found.append(value)
        elif value.__class__ is Unknown:
            if _placed(value):
                found.append(value)
        else:
            found.append(value)
    return found


def _is_settled(attrs: dict[str, Any], filled: list[str], assigned: list[str], closures: list[Any]) -> bool:
    """Whether all has happened to an object that its methods can do to it."""
    if closures:
        return False
    for name in filled:
        if isinstance(held := attrs.get(name), Containers) and held.open is None:
            return False
    return not any(name in attrs and attrs[name] is None for name in assigned)


def _disturb(world: World, value: Any, depth: int, seen: set[int]) -> None:
    if id(value) in seen or depth > _DEEPEST:
        return
    seen.add(id(value))
    if isinstance(value, Containers):
        if value.open is None:
            from shapelint.interp import origins

            origins.opened(world, value, _WHY)
    elif isinstance(value, BoundMethod):
        _disturb(world, value.receiver, depth, seen)
    elif isinstance(value, Unknown):
        for key in _placed(value):
            world.journal.touch(value.members)
            value.members[key] = Unknown(_WHY)
    elif isinstance(value, Instance):
        _disturb_instance(world, value, depth, seen)
    elif isinstance(value, Function):
        for held in captured(world, value, (Function, BoundMethod, Instance, *Containers)):
            _disturb(world, held, depth + 1, seen)
    elif isinstance(value, Builtin):
        for held in _around(value.call, []):
            _disturb(world, held, depth + 1, seen)


def _disturb_instance(world: World, value: Instance, depth: int, seen: set[int]) -> None:
    """Whatever its methods fill or set may be filled and set. What they replace by something else is left: an attribute that is
    given another value now and then is mostly set by the program's own hand."""
    filled, assigned, closures = _of_class(world, value.cls)
    attrs = value.attrs
    for name in filled:
        if isinstance(held := attrs.get(name), Containers) and held.open is None:
            _disturb(world, held, depth + 1, seen)
    for name in assigned:
        if name in attrs and attrs[name] is None:
            world.journal.touch(attrs)
            attrs[name] = Unknown(_WHY)
    for method in closures:
        _disturb(world, method, depth + 1, seen)


def _placed(owner: Unknown) -> list[Any]:
    """Under which names there stands what was set on something that is not known, and is waiting to be filled."""
    return [
        key
        for key, held in owner.members.items()
        if (held is None or isinstance(held, Containers)) and isinstance(key, tuple) and key[0] == "attribute"
    ]


def _of_class(world: World, cls: Class) -> tuple[list[str], list[str], list[Function]]:
    """What the methods of a class fill, what they assign, and those of them that are within a function. Classes are many fewer
    than their objects, and change less often than code runs that is not known."""
    held = world.escaped_classes.get(id(cls))
    if held is None or held[0] is not cls or held[1] != world.journal.renamed:
        closures = [v for v in cls.attrs.values() if isinstance(v, Function) and v.closure is not None]
        filled, assigned = changes.by_methods(world, cls)
        held = cls, world.journal.renamed, (sorted(filled), sorted(assigned), closures)
        world.escaped_classes[id(cls)] = held
    return held[2]


# ---- what a value leads to


def _items(value: List | Dict | Set) -> list[Any]:
    if isinstance(value, List):
        return [*value.items, *([value.made_from] if value.open is not None else [])]
    return list(value.items.values()) if isinstance(value, Dict) else []


def captured(world: World, function: Function, kinds: tuple[type, ...]) -> list[Any]:
    """What a function within another finds around it, of these kinds: it may fill or call it."""
    found = []
    for name in _names(world, function.node) if function.closure is not None else ():
        at = function.closure
        while at is not None and name not in at.vars:
            at = at.parent
        if at is not None and isinstance(at.vars[name], kinds):
            found.append(at.vars[name])
    return found


def _names(world: World, node: Any) -> dict[str, None]:
    """The names in a function, which is looked through once: code that is not known runs all the time."""
    held = world.names_in.get(id(node))
    if held is None:
        names = node.body.told(_names_of) if isinstance(node, ir.FunctionDef) else _names_of(node.body)
        held = world.names_in[id(node)] = node, names
    return held[1]


def _names_of(body: Any) -> dict[str, None]:
    return {at.id: None for at in changes.nodes(body) if isinstance(at, ir.Name)}


def _around(call: Any, seen: list[Any]) -> Iterator[Any]:
    """The program's values that a function of ours was made around: the list of `kept.append`, the function of a partial."""
    if not isinstance(call, FunctionType) or any(call is other for other in seen):
        return
    seen.append(call)
    for cell in call.__closure__ or ():
        try:
            held = cell.cell_contents
        except ValueError:
            continue
        for part in held if isinstance(held, tuple) else (held,):
            if isinstance(part, (Function, BoundMethod, Instance, *Containers)):
                yield part
            else:
                yield from _around(part.call if isinstance(part, Builtin) else part, seen)
