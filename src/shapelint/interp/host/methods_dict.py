"""Methods of dict, OrderedDict, defaultdict and Counter. What changes a dict goes through the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import calls, iterate, operators, origins, put_off, subscripts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import views
from shapelint.interp.host.host_calls import ABSENT, builtin
from shapelint.interp.join import join
from shapelint.interp.nets import module_registries
from shapelint.interp.world import World
from shapelint.values import Dict, Instance, Iterator, List, OneOf, Undetermined, Unknown


def method(world: World, value: Dict, name: str, receiver: Any) -> Any:
    """`value.name`, or None when it is not modelled."""
    found = _DICT.get(name)
    if name == "default_factory" and value.kind == "defaultdict":
        return value.default
    if name == "update" and value.kind == "Counter":
        found = ("iterable=None, **keywords", _count_more)
    if found is None:
        return None
    signature, law = found

    def run(w: World, **given: Any) -> Any:
        if name in _WHOLE:
            put_off.complete(w, value)
        if name in _CHANGES and isinstance(value.open, OneOf):
            calls.touch(w, value)  # also what is not there may be taken away
        result = law(w, value, **given)
        if isinstance(value, module_registries.Registry):
            module_registries.written(w, value)
        return result

    return builtin(f"dict.{name}", signature, run)


_CHANGES = frozenset(("clear", "move_to_end", "pop", "popitem", "setdefault", "subtract", "update"))
_WHOLE = frozenset(("copy", "items", "keys", "popitem", "values"))


def widen(world: World, value: Dict, why: str) -> None:
    """From here on there may be other keys, and other values under those that are held."""
    world.journal.touch_slot(value, "open")
    value.open = Unknown(why)


def write(world: World, held: Dict, key: Any, value: Any) -> None:
    subscripts.set(world, held, key, value)


def look_up(world: World, held: Dict, key: Any) -> Any:
    """The value under a key, or ABSENT when there certainly is none. Undetermined when the key is not known."""
    if held.last is not None and held.last[0] is key:
        return held.last[1]
    wanted = subscripts.key(key)
    if wanted in held.items:
        return held.items[wanted]
    if held.open is not None:
        return subscripts._member(held.open, ("key", wanted))
    if isinstance(wanted, str) and put_off.may_register(world, held, wanted) and wanted in held.items:
        return held.items[wanted]
    if (why := subscripts.perhaps_held(held.items, wanted)) is not None:
        raise Undetermined(why)
    return ABSENT


def _get(world: World, held: Dict, key: Any, default: Any) -> Any:
    if isinstance(key, Unknown) and not held.items and held.open is None:
        return default
    try:
        found = look_up(world, held, key)
    except Undetermined as problem:
        return origins.one_of((*held.items.values(), default), problem.why)
    if found is ABSENT:
        return default
    if held.open is not None and isinstance(found, Unknown) and default is not None:
        return join(found, default, object(), found.why)
    return found


def _keys(world: World, held: Dict) -> Any:
    return views.View(views.KEYS, held)


def _values(world: World, held: Dict) -> Any:
    return views.View(views.VALUES, held)


def _items(world: World, held: Dict) -> Any:
    return views.View(views.ITEMS, held)


def _pop(world: World, held: Dict, key: Any, default: Any) -> Any:
    try:
        found = look_up(world, held, key)
    except Undetermined as problem:
        calls.touch(world, held)
        held.items.clear()  # any of them may have gone
        widen(world, held, problem.why)
        raise
    if found is ABSENT:
        if default is ABSENT:
            raise ProgramRaises("KeyError", repr(key))
        return default
    if subscripts.key(key) in held.items:
        subscripts.delete(world, held, key)
    return found


def _popitem(world: World, held: Dict, last: Any) -> Any:
    if held.open is not None:
        raise Undetermined(held.open.why)
    if not held.items:
        raise ProgramRaises("KeyError", "popitem(): dictionary is empty")
    key = list(held.items)[0 if last is False else -1]
    value = held.items[key]
    subscripts.delete(world, held, key)
    return key, value


def _setdefault(world: World, held: Dict, key: Any, default: Any) -> Any:
    try:
        found = look_up(world, held, key)
    except Undetermined as problem:
        widen(world, held, problem.why)
        return origins.one_of((*held.items.values(), default), problem.why)
    if found is not ABSENT:
        return found
    write(world, held, key, default)
    return default


def _update(world: World, held: Dict, other: Any, keywords: dict[str, Any]) -> None:
    """`held.update(other, **keywords)`: of a mapping, or of pairs."""
    source = other.payload if isinstance(other, Instance) and other.payload is not None else other
    if isinstance(source, Dict):
        world.spend(8 * len(source.items))
        for key, value in list(source.items.items()):
            write(world, held, key, value)
        if source.open is not None:
            widen(world, held, source.open.why)
    elif source is not None:
        found = iterate.items(world, source)
        if not isinstance(found, list):
            widen(world, held, found.why)
        else:
            world.spend(16 * len(found))
            for pair in found:
                parts = iterate.known_items(world, pair)
                if len(parts) != 2:
                    raise ProgramRaises(
                        "ValueError", "a dictionary update sequence element must have length 2"
                    )
                write(world, held, parts[0], parts[1])
    for name, value in keywords.items():
        write(world, held, name, value)


def _clear(world: World, held: Dict) -> None:
    calls.touch(world, held)
    held.items.clear()
    if held.open is not None:
        world.journal.touch_slot(held, "open")
        held.open = None


def _copy(world: World, held: Dict) -> Dict:
    return Dict(dict(held.items), held.open, default=held.default, kind=held.kind)


def _fromkeys(world: World, held: Dict, iterable: Any, value: Any) -> Dict:
    return Dict({subscripts.key(k): value for k in iterate.known_items(world, iterable)}, kind=held.kind)


def _move_to_end(world: World, held: Dict, key: Any, last: Any) -> None:
    wanted = subscripts.key(key)
    if wanted not in held.items:
        raise ProgramRaises("KeyError", repr(wanted))
    calls.touch(world, held)
    value = held.items.pop(wanted)
    others = dict(held.items)
    if last is False:
        held.items.clear()
        held.items[wanted] = value
        held.items.update(others)
    else:
        held.items[wanted] = value


# ---- Counter


def _count_more(world: World, held: Dict, iterable: Any, keywords: dict[str, Any]) -> None:
    tally(world, held, iterable, keywords, "+")


def _subtract(world: World, held: Dict, iterable: Any, keywords: dict[str, Any]) -> None:
    tally(world, held, iterable, keywords, "-")


def tally(world: World, held: Dict, source: Any, keywords: dict[str, Any], op: str) -> None:
    """Add to the counts of a Counter (or take from them) what a mapping, an iterable and keywords hold."""
    counts: list[tuple[Any, Any]] = list(keywords.items())
    if isinstance(source, Dict):
        if source.open is not None:
            widen(world, held, source.open.why)
        counts += list(source.items.items())
    elif source is not None:
        found = iterate.items(world, source)
        if not isinstance(found, list):
            widen(world, held, found.why)
            return
        counts += [(item, 1) for item in found]
    calls.touch(world, held)
    for key, count in counts:
        if key.__class__ is tuple:
            world.spend(16 * len(key))
        wanted = subscripts.key(key)
        held.items[wanted] = operators.binary(world, op, held.items.get(wanted, 0), count)


def _most_common(world: World, held: Dict, n: Any) -> List:
    if held.open is not None:
        return List([], held.open)
    pairs = list(held.items.items())
    if not all(isinstance(count, (int, float)) for _, count in pairs):
        return List([], Unknown("the counts are not known"))
    pairs.sort(key=lambda pair: -pair[1])
    return List(list(pairs[: subscripts.index(n)] if n is not None else pairs))


def _elements(world: World, held: Dict) -> Iterator:
    if held.open is not None:
        raise Undetermined(held.open.why)
    return Iterator(
        [key for key, count in held.items.items() for _ in range(min(subscripts.index(count), 100_000))]
    )


def _total(world: World, held: Dict) -> Any:
    from shapelint.interp.host.builtins import NAMES

    return calls.call(world, NAMES["sum"], (List(list(held.items.values()), held.open),), {})


_DICT: dict[str, tuple[str, Callable[..., Any]]] = {
    "get": ("key, default=None", _get),
    "keys": ("", _keys),
    "values": ("", _values),
    "items": ("", _items),
    "pop": ("key, default=...", _pop),
    "popitem": ("last=True", _popitem),
    "setdefault": ("key, default=None", _setdefault),
    "update": ("other=None, **keywords", _update),
    "clear": ("", _clear),
    "copy": ("", _copy),
    "fromkeys": ("iterable, value=None", _fromkeys),
    "move_to_end": ("key, last=True", _move_to_end),
    "most_common": ("n=None", _most_common),
    "elements": ("", _elements),
    "subtract": ("iterable=None, **keywords", _subtract),
    "total": ("", _total),
}
