"""tqdm and its like: a bar gives what it is given to walk."""

from __future__ import annotations

from typing import Any

from shapelint.interp.host import conversions, host_constructors
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Instance, List


def _construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    made = Instance(cls)
    given = args[0] if args else keywords.get("iterable")
    made.payload = List([]) if given is None else given
    for name in ("total", "desc", "n"):
        made.attrs[name] = keywords.get(name, 0 if name == "n" else None)
    return made


TQDM = host_constructors.supply("tqdm", "tqdm.tqdm", _construct)
_HOMES = ("tqdm.auto", "tqdm.notebook", "tqdm.std", "tqdm.autonotebook", "tqdm.asyncio", "tqdm.rich")
for _home in _HOMES:
    constant(f"{_home}.tqdm", TQDM)
constant("tqdm.tqdm_notebook", TQDM)
for _name in (
    "update",
    "set_description",
    "set_description_str",
    "set_postfix",
    "set_postfix_str",
    "close",
    "refresh",
    "clear",
):
    TQDM.attrs[_name] = Builtin(f"method {_name}", lambda world, args, keywords: None)
for _name in ("reset", "display", "unpause"):
    TQDM.attrs[_name] = Builtin(f"method {_name}", lambda world, args, keywords: None)
TQDM.attrs["write"] = Builtin("tqdm.write", lambda world, args, keywords: None)


@function("tqdm.trange", *(f"{_home}.trange" for _home in _HOMES))
@takes("*args, **keywords")
def trange(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    return _construct(world, TQDM, (conversions.make_range(world, args, {}),), keywords)


@function("rich.progress.track")
@takes("sequence, *args, **keywords")
def track(world: World, sequence: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return sequence
