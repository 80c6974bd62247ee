"""string and textwrap, on texts that are known."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from shapelint.interp.host.host_calls import attempt, back, host, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World

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


def _on_texts(library: str, module: Callable[[], Any], name: str) -> None:
    @function(f"{library}.{name}")
    @takes("*args, **keywords", plain=True)
    def law(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        given = [host(world, a) for a in args]
        return back(
            attempt(getattr(module(), name), *given, **{k: host(world, v) for k, v in keywords.items()})
        )


for _name in ("dedent", "indent", "fill", "wrap", "shorten"):
    _on_texts("textwrap", _textwrap, _name)
_on_texts("string", lambda: string, "capwords")
