"""string and textwrap, on texts that are known."""

from __future__ import annotations

import math
import string
from collections.abc import Callable
from typing import Any

from shapelint.interp.host.host_calls import attempt, back, host, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import Undetermined

for _name in (
    "ascii_letters",
    "ascii_lowercase",
    "ascii_uppercase",
    "digits",
    "hexdigits",
    "octdigits",
    "punctuation",
    "printable",
    "whitespace",
):
    constant(f"string.{_name}", getattr(string, _name))


def _textwrap() -> Any:
    import textwrap  # deferred: hardly any program needs it

    return textwrap


_MOST = 10_000_000  # characters, where every line is given a prefix


def _on_texts(library: str, module: Callable[[], Any], name: str) -> None:
    @function(f"{library}.{name}")
    @takes("*args, **keywords", plain=True)
    def law(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        given = [host(world, a) for a in args]
        named = {k: host(world, v) for k, v in keywords.items()}
        values = (*given, *named.values())
        lengths = sorted(len(v) for v in values if isinstance(v, str))[-2:]
        if any(isinstance(v, float) for v in values) or math.prod(lengths) > _MOST:
            raise Undetermined("a text that has no end, or no room")  # wrap(text, nan) goes on forever
        return back(attempt(getattr(module(), name), *given, **named))


for _name in ("dedent", "indent", "fill", "wrap", "shorten"):
    _on_texts("textwrap", _textwrap, _name)
_on_texts("string", lambda: string, "capwords")
