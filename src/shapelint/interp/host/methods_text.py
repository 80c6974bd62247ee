"""Methods of str and bytes: Python's own, on texts that are known."""

from __future__ import annotations

from typing import Any

from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import text
from shapelint.interp.host.host_calls import MAX_TEXT, attempt, back, builtin, host
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Dict,
    Either,
    External,
    Instance,
    Set,
    Stream,
    Undetermined,
    Unknown,
)

_NAMES = """
    capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans
    partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith
    strip swapcase title translate upper zfill decode hex fromhex
"""
_MODELLED = frozenset(_NAMES.split())


def method(world: World, value: str | bytes, name: str) -> Any:
    """`value.name`, or None when it is not modelled."""
    if name not in _MODELLED or not hasattr(value, name):  # bytes have no format, texts no hex
        return None
    if name == "join":
        return builtin(
            f"{type(value).__name__}.join",
            "iterable",
            lambda w, iterable: _join(w, value, iterable),
            plain=True,
        )
    if name == "format" and isinstance(value, str):
        return Builtin("str.format", lambda w, args, keywords: text.formatted(w, value, args, keywords))
    if name == "format_map" and isinstance(value, str):
        return builtin("str.format_map", "mapping", lambda w, mapping: _format_map(w, value, mapping))
    return builtin(
        f"{type(value).__name__}.{name}",
        "*args, **keywords",
        lambda w, args, keywords: _run(w, value, name, args, keywords),
        plain=True,
    )


def _run(world: World, value: str | bytes, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    given = [host(world, a) for a in args]
    named = {k: host(world, v) for k, v in keywords.items()}
    _bounded(value, name, given)
    made = attempt(getattr(value, name), *given, **named)
    world.spend(4 * len(made) if isinstance(made, list) else len(value) >> 6)
    return back(made)


def _bounded(value: str | bytes, name: str, given: list[Any]) -> None:
    """Refuse what would build a huge text."""
    if name in ("ljust", "rjust", "center", "zfill", "expandtabs"):
        size = (given[0] if given and isinstance(given[0], int) else 8) * (
            len(value) if name == "expandtabs" else 1
        )
    elif name == "replace" and len(given) >= 2 and isinstance(given[1], (str, bytes)):
        size = (len(value) + 1) * (len(given[1]) + 1)
    else:
        return
    if size > MAX_TEXT:
        raise Undetermined("a text too long to keep")


def _join(world: World, separator: str | bytes, iterable: Any) -> Any:
    if isinstance(iterable, Set) and len(iterable.items) > 1:
        raise Undetermined("the order of a set")
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        raise Undetermined(found.why, found.element if isinstance(found.element, Unknown) else None)
    parts = []
    for i, item in enumerate(found):
        part = item.payload if isinstance(item, Instance) else item
        if not isinstance(part, (str, bytes)):
            if isinstance(item, Unknown):
                raise Undetermined(item.why, item)
            if isinstance(item, (External, Either)):
                raise Undetermined("a text that is not known")
            raise ProgramRaises(
                "TypeError", f"sequence item {i}: expected str instance, {iterate.type_name(item)} found"
            )
        parts.append(part)
    if sum(map(len, parts)) + len(separator) * len(parts) > MAX_TEXT:
        raise Undetermined("a text too long to keep")
    return attempt(separator.join, parts)


def _format_map(world: World, pattern: str, mapping: Any) -> Any:
    if isinstance(mapping, Dict) and mapping.open is None:
        return text.formatted(world, pattern, (), mapping.items)
    raise Undetermined("a format whose values are not known")
