"""yaml: texts that are known are read, by PyYAML's safe loader; so are files of packages, the others are outside.

What only PyYAML's other loaders understand (objects of Python), and values that are none of a configuration (dates), leave the
result unknown.
"""

from __future__ import annotations

from typing import Any

from shapelint.interp.host.host_calls import back, host, takes
from shapelint.interp.library import function, package_files
from shapelint.interp.world import World
from shapelint.patterns import regex
from shapelint.values import External, Undetermined, Unknown

_LOADERS = frozenset(
    f"yaml.{kind}{name}Loader" for kind in ("", "C") for name in ("", "Safe", "Full", "Unsafe")
)
_MOST_TEXT = 200_000  # characters of a configuration
_DEEPEST = 50  # brackets in brackets: what PyYAML takes for a token grows with them
_MOST_PARTS = 100_000  # of a text whose parts stand for each other
_BRACKETS = regex(r"[][{}]")
_PLAIN = (bool, int, float, str, bytes, type(None))


def _read(world: World, stream: Any, keywords: dict[str, Any]) -> Any:
    if isinstance(stream, Unknown):
        return Unknown("a file's contents depend on the machine", world.site(), plain=True)
    text = package_files.contents(world, stream)
    if text is None:
        text = host(world, stream)
    if not isinstance(text, (str, bytes)) or len(text) > _MOST_TEXT:
        raise Undetermined("a text that is not known")
    world.step(len(text) // 4)  # what reading it costs: PyYAML is no faster than we are
    return back(parse(text))


for _name in ("safe_load", "full_load", "unsafe_load"):
    function(f"yaml.{_name}")(takes("stream, **keywords", plain=True)(_read))


@function("yaml.load")
@takes("stream, Loader=None", plain=True)
def load(world: World, stream: Any, Loader: Any) -> Any:
    if Loader is not None and not (isinstance(Loader, External) and Loader.qualname in _LOADERS):
        raise Undetermined("a loader that is not known")
    return _read(world, stream, {})


def parse(text: str | bytes) -> Any:
    """The value of a YAML text. Undetermined where it is none, or none of plain values."""
    try:
        import yaml  # deferred: few programs that are checked need it
    except ImportError:  # there are builds of Python for which libcst brings another package
        raise Undetermined("YAML texts cannot be read here") from None
    if _depth(text) > _DEEPEST:
        raise Undetermined("a YAML text that is nested too deeply")
    try:
        found = yaml.load(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError) as problem:
        raise Undetermined(f"a YAML text that cannot be read ({type(problem).__name__})") from None
    _weigh(found, {})
    return found


def _depth(text: str | bytes) -> int:
    """How deep its brackets are nested, at most; those in quotes count too."""
    deepest = depth = 0
    for mark in _BRACKETS.findall(text if isinstance(text, str) else text.decode("latin-1")):
        depth += 1 if mark in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _weigh(value: Any, seen: dict[int, int]) -> int:
    """How many parts a value has where each is counted as often as it stands there."""
    if isinstance(value, _PLAIN):
        return 1
    if not isinstance(value, (list, dict)):
        raise Undetermined("a YAML text beyond plain mappings, lists and scalars")
    known = seen.get(id(value))
    if known is None:
        seen[id(value)] = _MOST_PARTS + 1  # while it is weighed: one that holds itself is endless
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        known = seen[id(value)] = 1 + sum(_weigh(part, seen) for part in parts)
    if known > _MOST_PARTS:
        raise Undetermined("a YAML text whose parts stand for each other too often")
    return known
