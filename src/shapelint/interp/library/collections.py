"""collections: namedtuple. OrderedDict, defaultdict, Counter and deque are supplied classes."""

from __future__ import annotations

from typing import Any

from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_constructors, named_tuples
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Class, Dict, Undetermined


@function("collections.namedtuple")
@takes("typename, field_names, *, rename=False, defaults=None, module=None")
def namedtuple(
    world: World, typename: Any, field_names: Any, rename: Any, defaults: Any, module: Any
) -> Class:
    names = (
        field_names.replace(",", " ").split()
        if isinstance(field_names, str)
        else iterate.known_items(world, field_names)
    )
    if not isinstance(typename, str) or not all(isinstance(n, str) for n in names):
        raise Undetermined("the names of a named tuple")
    if len(set(names)) < len(names) and rename is not True:
        raise ProgramRaises("ValueError", "Encountered duplicate field name")
    given = [] if defaults is None else iterate.known_items(world, defaults)
    held = dict(zip(names[len(names) - len(given) :], given, strict=False)) if given else {}
    return named_tuples.make_class(typename, tuple(names), held)


def _chain_map(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Dict:
    """A ChainMap read as the dict it shows: the first map that has a key wins."""
    made = Dict({})
    for held in reversed(args):
        if not isinstance(held, Dict):
            raise Undetermined("a map that is not known")
        made.items.update(held.items)
        made.open = held.open if made.open is None else made.open
    return made


host_constructors.supply("ChainMap", "collections.ChainMap", _chain_map)
