"""json: texts that are known are read and written; so are files of packages, the others are outside."""

from __future__ import annotations

from typing import Any

from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import MAX_TEXT, attempt, back, host, takes
from shapelint.interp.library import function, package_files
from shapelint.interp.library.outside import fresh, nothing
from shapelint.interp.world import World
from shapelint.values import Undetermined, Unknown


@function("json.loads")
@takes("s, **keywords", plain=True)
def loads(world: World, s: Any, keywords: dict[str, Any]) -> Any:
    text = host(world, s)
    if keywords or not isinstance(text, (str, bytes)) or len(text) > MAX_TEXT:
        raise Undetermined("a text that is not known")
    try:
        import json  # deferred here and below: few programs that are checked need it

        return back(json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise ProgramRaises("JSONDecodeError", str(problem)) from None


@function("json.dumps")
@takes("obj, **keywords", plain=True)
def dumps(world: World, obj: Any, keywords: dict[str, Any]) -> Any:
    options = {k: host(world, v) for k, v in keywords.items() if k not in ("default", "cls")}
    import json

    return attempt(json.dumps, host(world, obj), **options)


@function("json.load")
@takes("fp, **keywords", plain=True)
def load(world: World, fp: Any, keywords: dict[str, Any]) -> Any:
    text = package_files.contents(world, fp)
    if text is None or keywords:
        return Unknown("json.load() depends on the machine", world.site(), plain=True)
    return loads(world, (text,), {})


fresh(
    "toml.load",
    "tomllib.load",
    "pickle.load",
    "pickle.loads",
)
nothing("json.dump", "pickle.dump")
