"""re: on texts that are known, with a guard against patterns that would backtrack for long."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

from shapelint.interp import calls
from shapelint.interp.host.host_calls import attempt, back, host, method, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.patterns import regex
from shapelint.values import Builtin, Class, Instance, Iterator, Property, Undetermined

PATTERN = Class("Pattern", "re.Pattern")
MATCH = Class("Match", "re.Match")
constant("re.Pattern", PATTERN)
constant("re.Match", MATCH)
for _flag in re.RegexFlag:
    for _name in {_flag.name, *(n for n in dir(re) if getattr(re, n) is _flag)}:
        if _name is not None and f"re.{_name}" not in _flag.__class__.__dict__:
            constant(f"re.{_name}", int(_flag))

_MOST_TEXT = 4_000
_MOST_PATTERN = 1_000
_MOST_STEPS = 10**9
_RANGES = regex(r"\{\d*,\d*\}")
_NESTED = regex(r"[+*}?]\)?[^()]*\)[+*{]|\|[^()]*\)[+*{]")


def _compiled(world: World, pattern: Any, flags: Any) -> re.Pattern[Any]:
    if isinstance(pattern, Instance) and pattern.cls is PATTERN:
        found = pattern.attrs["_host"]
        assert isinstance(found, re.Pattern)
        return found
    written, options = host(world, pattern), host(world, flags)
    if not isinstance(written, (str, bytes)) or len(written) > _MOST_PATTERN:
        raise Undetermined("a regular expression that is not known")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(written, options)
    except (re.error, OverflowError, RecursionError, TypeError, ValueError):
        raise Undetermined("a regular expression that does not compile") from None


def _guard(pattern: re.Pattern[Any], text: Any) -> None:
    """Undetermined for what might take long: the length to the power of the loops in the pattern bounds the steps."""
    if not isinstance(text, (str, bytes)):
        raise Undetermined("a text that is not known")
    written = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    loops = sum(written.count(sign) for sign in ("*", "+")) + len(_RANGES.findall(written))
    if len(text) > _MOST_TEXT or len(text) ** min(max(loops, 1), 12) > _MOST_STEPS:
        raise Undetermined("a search that may take long")
    if _NESTED.search(written) and len(text) > 24:
        raise Undetermined("a search that may take long")


def _match(found: re.Match[Any] | None) -> Instance | None:
    if found is None:
        return None
    made = Instance(MATCH)
    made.attrs["_host"] = found
    return made


def _search(name: str) -> Callable[..., Any]:
    def law(world: World, pattern: Any, string: Any, flags: Any = 0) -> Any:
        compiled, text = _compiled(world, pattern, flags), host(world, string)
        _guard(compiled, text)
        return _match(attempt(getattr(compiled, name), text))

    return law


def _listed(name: str) -> Callable[..., Any]:
    def law(world: World, pattern: Any, string: Any, maxsplit: Any = 0, flags: Any = 0) -> Any:
        compiled, text = _compiled(world, pattern, flags), host(world, string)
        _guard(compiled, text)
        more = (host(world, maxsplit),) if name == "split" else ()
        return back(attempt(getattr(compiled, name), text, *more))

    return law


def _finditer(world: World, pattern: Any, string: Any, flags: Any = 0) -> Any:
    compiled, text = _compiled(world, pattern, flags), host(world, string)
    _guard(compiled, text)
    return Iterator([_match(m) for m in compiled.finditer(text)])


def _replaced(world: World, pattern: Any, repl: Any, string: Any, count: Any, flags: Any) -> tuple[Any, int]:
    compiled, text = _compiled(world, pattern, flags), host(world, string)
    _guard(compiled, text)
    by: Any = repl
    if not isinstance(repl, (str, bytes)):

        def by(found: re.Match[Any]) -> Any:
            return host(world, calls.call(world, repl, (_match(found),), {}))

    try:
        made, times = compiled.subn(by, text, host(world, count))
    except (re.error, IndexError, TypeError):
        raise Undetermined("a replacement that does not fit") from None
    return made, times


def _sub(world: World, pattern: Any, repl: Any, string: Any, count: Any = 0, flags: Any = 0) -> Any:
    return _replaced(world, pattern, repl, string, count, flags)[0]


def _subn(world: World, pattern: Any, repl: Any, string: Any, count: Any = 0, flags: Any = 0) -> Any:
    return _replaced(world, pattern, repl, string, count, flags)


# name -> (arguments behind the pattern, law)
_LAWS: dict[str, tuple[str, Callable[..., Any]]] = {
    "match": ("string", _search("match")),
    "search": ("string", _search("search")),
    "fullmatch": ("string", _search("fullmatch")),
    "findall": ("string", _listed("findall")),
    "finditer": ("string", _finditer),
    "split": ("string, maxsplit=0", _listed("split")),
    "sub": ("repl, string, count=0", _sub),
    "subn": ("repl, string, count=0", _subn),
}
for _name, (_rest, _law) in _LAWS.items():
    function(f"re.{_name}")(takes(f"pattern, {_rest}, flags=0", plain=True)(_law))
    PATTERN.attrs[_name] = Builtin(f"method {_name}", takes(f"pattern, {_rest}", plain=True)(_law))


@function("re.compile")
@takes("pattern, flags=0", plain=True)
def _compile(world: World, pattern: Any, flags: Any) -> Instance:
    made = Instance(PATTERN)
    made.attrs["_host"] = compiled = _compiled(world, pattern, flags)
    made.attrs.update({"pattern": compiled.pattern, "flags": compiled.flags, "groups": compiled.groups})
    return made


@function("re.escape")
@takes("pattern", plain=True)
def _escape(world: World, pattern: Any) -> Any:
    return attempt(re.escape, host(world, pattern))


def _of_match(name: str) -> Callable[..., Any]:
    def law(world: World, self: Any, args: tuple[Any, ...]) -> Any:
        return back(attempt(getattr(self.attrs["_host"], name), *(host(world, a) for a in args)))

    return law


for _name in ("group", "groups", "groupdict", "start", "end", "span", "expand", "__getitem__"):
    method(MATCH, _name, "*args", _of_match(_name), plain=True)
for _name in ("string", "lastindex", "lastgroup", "pos", "endpos"):
    MATCH.attrs[_name] = Property(
        Builtin(_name, lambda world, args, keywords, name=_name: getattr(args[0].attrs["_host"], name))
    )
