"""yaml: a text that is known is read, as far as plain configurations go; files are outside.

Read are mappings and lists by indentation, and scalars as YAML 1.1 resolves them. Everything else of the language (anchors,
tags, block texts, brackets that JSON does not read, several documents) leaves the result unknown.
"""

from __future__ import annotations

import re
from typing import Any

from shapelint.interp.host.host_calls import MAX_TEXT, back, host, takes
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.patterns import regex
from shapelint.values import Undetermined, Unknown

_NAMES = {
    **dict.fromkeys(("yes", "true", "on"), True),
    **dict.fromkeys(("no", "false", "off"), False),
    "null": None,
}
_INT = regex(r"[-+]?(0|[1-9][0-9_]*)")
_FLOAT = regex(r"[-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?")
_TEXT = regex(r"[A-Za-z/][\w ./()+*@-]*|[-+]?\d+[eE][-+]?\d+")
_KEY = regex(r"([\w.-]+):(?:\s+(.*))?")
_DEPTH = 50

Line = tuple[int, str]


class _Strange(Exception):
    """Something that is not read here."""


def _read(world: World, stream: Any, keywords: dict[str, Any]) -> Any:
    if isinstance(stream, Unknown):
        return Unknown("a file's contents depend on the machine", world.site(), plain=True)
    text = host(world, stream)
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise Undetermined("a text that is not known")
    try:
        return back(parse(text))
    except (_Strange, ValueError, RecursionError):
        raise Undetermined("a YAML text beyond plain mappings, lists and scalars") from None


function("yaml.safe_load", "yaml.full_load")(takes("stream, **keywords", plain=True)(_read))


@function("yaml.load")
@takes("stream, Loader=None", plain=True)
def load(world: World, stream: Any, Loader: Any) -> Any:
    return _read(world, stream, {})


def parse(text: str) -> Any:
    """The value of a YAML text. Raises _Strange or ValueError for what is not read."""
    lines: list[Line] = []
    for raw in text.split("\n"):
        line = re.sub(r"(^|\s)#.*$", "", raw) if not re.search(r"[\"']", raw) else raw
        if line.strip():
            if "\t" in line or not line.isprintable():
                raise _Strange
            lines.append((len(line) - len(line.lstrip()), line.strip()))
    if not lines:
        return None
    value, rest = _block(lines, 0, _DEPTH)
    if rest:
        raise _Strange
    return value


def _block(lines: list[Line], indent: int, depth: int) -> tuple[Any, list[Line]]:
    """The block that the lines begin with, at least so far in, and the lines behind it."""
    own, first = lines[0]
    if own < indent or not depth:
        raise _Strange
    if first.startswith("- ") or first == "-":
        return _items(lines, own, depth)
    if _KEY.fullmatch(first):
        return _mapping(lines, own, depth)
    if len(lines) > 1 and lines[1][0] >= own:
        raise _Strange  # a scalar over several lines
    return scalar(first), lines[1:]


def _items(lines: list[Line], indent: int, depth: int) -> tuple[list[Any], list[Line]]:
    found: list[Any] = []
    while lines and lines[0][0] == indent and (lines[0][1].startswith("- ") or lines[0][1] == "-"):
        content = lines[0][1][1:]
        inside = indent + 1 + len(content) - len(content.lstrip())
        if content.strip():
            value, lines = _block([(inside, content.strip()), *lines[1:]], indent + 1, depth - 1)
        else:
            value, lines = _nested(lines[1:], indent + 1, depth)
        found.append(value)
    if lines and lines[0][0] > indent:
        raise _Strange
    return found, lines


def _mapping(lines: list[Line], indent: int, depth: int) -> tuple[dict[Any, Any], list[Line]]:
    found: dict[Any, Any] = {}
    while lines and lines[0][0] == indent and (match := _KEY.fullmatch(lines[0][1])):
        key = scalar(match[1])
        if key in found:
            raise _Strange
        if match[2]:
            found[key], lines = scalar(match[2]), lines[1:]
        else:
            # A list may stand as far out as its key.
            at = indent if len(lines) > 1 and lines[1][1].startswith("-") else indent + 1
            found[key], lines = _nested(lines[1:], at, depth)
    if lines and lines[0][0] > indent:
        raise _Strange
    return found, lines


def _nested(lines: list[Line], indent: int, depth: int) -> tuple[Any, list[Line]]:
    """What stands further in, or nothing."""
    if not lines or lines[0][0] < indent:
        return None, lines
    return _block(lines, indent, depth - 1)


def scalar(text: str) -> Any:
    if text[0] in '[{"':
        import json  # deferred: few programs that are checked need it

        return json.loads(text, parse_float=_fraction)  # the part that both languages share, or ValueError
    if text[0] == "'":
        if re.fullmatch(r"'[^']*'", text):
            return text[1:-1]
        raise _Strange
    if text == "~":
        return None
    # Of names, the three ways of writing that YAML knows.
    if text.lower() in _NAMES and text in (text.lower(), text.title(), text.upper()):
        return _NAMES[text.lower()]
    if _INT.fullmatch(text):
        return int(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        return float(text.replace("_", ""))
    if _TEXT.fullmatch(text):
        return text
    raise _Strange


def _fraction(text: str) -> float:
    """A number of JSON's as YAML reads it: an exponent without a point or a sign makes a text of it."""
    if not _FLOAT.fullmatch(text):
        raise _Strange
    return float(text)
