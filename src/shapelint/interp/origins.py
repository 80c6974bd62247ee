"""What a value that is not known may be: one of the containers that an unknown key chose from, or what they hold.

Where something is then changed through it (`groups[label].append(x)`), each of them may have changed. The same goes for what is
handed to code that is not known: it may fill a list, or call a function that does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapelint.interp import escaped, given_away
from shapelint.interp.changes import FILLING
from shapelint.interp.host import open_lists
from shapelint.interp.truth import ask_again
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Dict, Function, Instance, List, Module, Set, Unknown

_ORIGIN = "one of"  # a member of an unknown: the containers and objects that it may be

_READING = frozenset(("copy", "get", "items", "values"))  # what they give holds the items
_DEEPEST = 4  # containers in containers


def one_of(values: Iterable[Any], why: str) -> Unknown:
    """A value that is not known, but one of these."""
    made = Unknown(why)
    _set(made, values)
    return made


def item(owner: Unknown, found: Any) -> Any:
    """What is read of `owner` by an index or key: one of the items of what it may be."""
    if isinstance(found, Unknown) and _ORIGIN in owner.members:
        _set(found, [v for held in owner.members[_ORIGIN] for v in _items(held)])
    return found


def attribute(world: World, owner: Unknown, name: str, found: Any) -> Any:
    """What is read of `owner` by name: one of the attributes of what it may be. A method that changes containers is called next."""
    if name in FILLING and owner.tensor is None:
        changed(world, owner)
    if isinstance(found, Unknown) and _ORIGIN in owner.members:
        held = owner.members[_ORIGIN]
        objects = [v for v in held if isinstance(v, Instance)]
        parts = [v.attrs[name] for v in objects if name in v.attrs]
        for value in objects:
            if name not in value.attrs:  # a method, which may change what its object holds
                handed_over(world, [v for v in value.attrs.values() if isinstance(v, (List, Dict, Set))])
        if name in _READING:
            parts += [v for value in held for v in _items(value)]
        _set(found, parts)
    return found


def written(world: World, owner: Unknown, name: str, value: Any) -> None:
    """An attribute of `owner` is set: one of the objects that it may be has another value from here on."""
    escaped.placed(world, owner, value)
    for held in owner.members.get(_ORIGIN, ()):
        if isinstance(held, Instance) and name in held.attrs:
            world.journal.touch(held.attrs)
            held.attrs[name] = Unknown(owner.why)


def result(owner: Unknown, found: Unknown) -> Unknown:
    """What calling `owner` gives: `groups.get(label)` is one of the groups."""
    if _ORIGIN in owner.members:
        found.members[_ORIGIN] = owner.members[_ORIGIN]
    return found


def put(world: World, owner: Unknown, at: Any, value: Any) -> None:
    """`owner[at] = value`."""
    escaped.hold(world, (value,))
    kept: dict[Any, Any] = {}
    if isinstance(at, int):  # x[-1] may be any of x[0], x[1], …
        kept = {k: v for k, v in _parts(owner).items() if k[0] == "item" and (k[1] < 0) == (at < 0)}
        kept["item", at] = value
    elif isinstance(at, str):
        kept = {k: v for k, v in _parts(owner).items() if k[0] == "key"}
        kept["key", at] = value
    changed(world, owner)
    if kept:
        world.journal.touch(owner.members)
        owner.members.update(kept)


def changed(world: World, value: Unknown) -> None:
    """Something is changed through a value that is not known: what was read of it may be read no more."""
    ask_again(world, value)
    for held in value.members.get(_ORIGIN, ()):
        _open(world, held, "it may have been changed under a key that is not known", _DEEPEST - 1)


def asked_to_act(world: World, owner: Unknown, name: str) -> None:
    """A method of `owner` was called of which nothing is known: what the program has put into it, or into what it holds, may be
    another thing from here on (`graph.ndata["h"] = h; graph.update_all(…)`)."""
    if name in _ONLY_READING or owner.tensor is not None:
        return
    pending = [(owner, 0)]
    while pending:
        at, depth = pending.pop()
        for key, held in list(at.members.items()):
            if type(key) is not tuple or key[0] not in ("item", "key", "attribute"):
                continue
            if held.__class__ is Unknown and held.tensor is None:
                if depth < _DEEPEST:
                    pending.append((held, depth + 1))
            elif held.__class__ is not Unknown or key[0] != "attribute":
                world.journal.touch(at.members)
                at.members[key] = Unknown(at.why, at.site, plain=at.plain)


# Methods of containers, texts, tensors and modules that leave what they are asked of as it is, whatever it is.
_ONLY_READING = frozenset(
    ("all any argmax children clone contiguous copy count cpu cuda detach dim double endswith eval exists find float flatten format "
     "get half index int is_available item items join keys len long lower max mean min modules named_parameters ndimension numel "
     "numpy parameters permute repeat reshape shape size split squeeze startswith state_dict std strip sum to tolist train transpose "
     "type unsqueeze upper values view").split()
)  # fmt: skip


def _parts(value: Unknown) -> dict[Any, Any]:
    """What was read of it by index or key."""
    return {k: v for k, v in value.members.items() if type(k) is tuple and k[0] in ("item", "key")}


def augmented(world: World, held: Any) -> None:
    """`held += …`, which changes a list that it may be."""
    if isinstance(held, Unknown):
        changed(world, held)


def handed_over(world: World, arguments: Iterable[Any]) -> None:
    """These are given to code that is not known, which runs now and may run what it was given before."""
    given = list(arguments)
    escaped.hold(world, given)
    given_away.note(world, given)
    seen: set[tuple[int, int]] = set()
    for value in given:
        _open(world, value, "code that is not known may have changed it", 0, seen)
    escaped.run(world)


def opened(world: World, held: List | Dict | Set, why: str) -> None:
    """From here on it is not known what a container holds."""
    _open(world, held, why, _DEEPEST - 1)


# ---- what a value leads to


def _set(unknown: Unknown, values: Iterable[Any]) -> None:
    found = {id(v): v for v in values if _may_change(v)}
    if found:
        unknown.members[_ORIGIN] = tuple(found.values())


def _may_change(value: Any) -> bool:
    if isinstance(value, Unknown):
        return _ORIGIN in value.members
    return isinstance(value, (List, Dict, Set)) or (
        isinstance(value, Instance) and not isinstance(value, Module)
    )


def _items(value: Any) -> list[Any]:
    if isinstance(value, List):
        return open_lists.examples(value)
    if isinstance(value, Dict):
        return list(value.items.values())
    return []


def _open(world: World, value: Any, why: str, depth: int, seen: set[tuple[int, int]] | None = None) -> None:
    """From here on it is not known what a container holds, nor what the containers in it do. `seen`: which were opened, and how deep
    within others, since many may hold the same one."""
    seen = set() if seen is None else seen
    if isinstance(value, Unknown):
        changed(world, value)
    elif isinstance(value, BoundMethod):
        _open(world, value.receiver, why, depth, seen)
    elif isinstance(value, Function):
        if depth < _DEEPEST:
            for captured in escaped.captured(world, value, (List, Dict, Set)):
                if world.recording is not None:  # it watches what is read by name, and nobody has read this
                    world.recording.spoilt = True
                _open(world, captured, why, depth + 1, seen)
    elif isinstance(value, (List, Dict, Set)):
        if (id(value), depth) in seen:
            return
        seen.add((id(value), depth))
        if depth < _DEEPEST:
            for held in _items(value):
                if not isinstance(held, Function):
                    _open(world, held, why, depth + 1, seen)
        if isinstance(value, List):
            if value.open is None:
                open_lists.open_up(world, value, why, [*value.items, Unknown(why)] if value.items else [])
        elif value.open is None:
            from shapelint.interp import calls

            calls.touch(world, value)
            world.journal.touch_slot(value, "open")
            value.open = Unknown(why)
