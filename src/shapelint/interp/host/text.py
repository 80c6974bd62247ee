"""Strings as the program makes them: str(), f-strings, format, %. A part that is not known makes the whole unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from shapelint import dims, ir
from shapelint.dims import Sym
from shapelint.interp.control import ProgramRaises
from shapelint.interp.evaluation import evaluate
from shapelint.interp.world import Frame, World
from shapelint.values import (
    Class,
    Deque,
    Device,
    Dict,
    DType,
    External,
    Function,
    Instance,
    List,
    Set,
    Size,
    Tensor,
    Undetermined,
    Unknown,
)

MAX_TEXT = 1_000_000  # characters of a text that is followed
_TOO_LONG = "a text too long to keep"
_MOST_BITS = 14_000  # Python refuses to write numbers of more than 4,300 digits


def string(world: World, value: Any, *, quoted: bool = False) -> str:
    """str(value), or repr(value) when `quoted`. Undetermined when the text is not known."""
    if isinstance(value, str):
        return repr(value) if quoted else value
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise Undetermined("a number too long to write")
    if isinstance(value, (int, float, complex, bool, bytes, type(None), type(Ellipsis))):
        return repr(value)
    if isinstance(value, Sym):
        number = dims.witness(world.resolve(value))
        if number is None:
            raise Undetermined(f"the number {value} is not known")
        return str(number)
    if isinstance(value, (tuple, List, Dict)):
        world.spend(128 + len(value if isinstance(value, tuple) else value.items))
    if isinstance(value, Size):
        return f"torch.Size([{', '.join(string(world, v, quoted=True) for v in value)}])"
    if isinstance(value, tuple):
        inner = _in_a_row(world, value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, Deque) and value.open is None:
        inner = _in_a_row(world, value.items)
        most = "" if value.maxlen is None else f", maxlen={string(world, value.maxlen)}"
        return f"deque([{inner}]{most})"
    if isinstance(value, List) and value.open is None:
        return "[" + _in_a_row(world, value.items) + "]"
    if isinstance(value, Dict) and value.open is None and value.kind == "dict":
        items = (
            f"{string(world, k, quoted=True)}: {string(world, v, quoted=True)}"
            for k, v in value.items.items()
        )
        return "{" + ", ".join(_within(items)) + "}"
    if isinstance(value, Set) and value.open is None and len(value.items) <= 1:
        return (
            "{" + ", ".join(string(world, k, quoted=True) for k in value.items) + "}"
            if value.items
            else "set()"
        )
    if isinstance(value, DType):
        return repr(value)
    if isinstance(value, Device) and isinstance(value.type, Unknown):
        raise Undetermined(value.type.why)
    if isinstance(value, Device):
        return value.type if value.index is None else f"{value.type}:{value.index}"
    if isinstance(value, Instance):
        return _of_instance(world, value, quoted)
    if isinstance(value, Class):
        from shapelint.interp import calls

        method = calls.special(value, "__repr__") if value.metaclass is not None else None
        if method is not None:
            made = calls.call(world, method, (value,), {})
            if isinstance(made, str):
                return made
            raise Undetermined("the text of a class is not known")
        return f"<class '{value.qualname}'>"
    if isinstance(value, (Function, External, Tensor)):
        raise Undetermined("its text is not modelled")
    raise Undetermined("a text that is not known")


def _in_a_row(world: World, values: Iterable[Any]) -> str:
    return ", ".join(_within(string(world, v, quoted=True) for v in values))


def _within(parts: Iterable[str]) -> list[str]:
    """Parts of one text. Undetermined as soon as that becomes too long to keep."""
    found: list[str] = []
    length = 0
    for part in parts:
        found.append(part)
        length += len(part)
        if length > MAX_TEXT:
            raise Undetermined(_TOO_LONG)
    return found


def _of_instance(world: World, value: Instance, quoted: bool) -> str:
    from shapelint.interp import calls

    names = ("__repr__",) if quoted else ("__str__", "__repr__")
    for name in names:
        method = calls.special(value, name)
        if method is not None:
            made = calls.call(world, method, (value,), {})
            if isinstance(made, str):
                return made
            raise Undetermined(f"the text of a {value.cls.name} is not known")
    if value.cls.kind == "exception":
        args = value.attrs.get("args", ())
        if quoted:
            return f"{value.cls.name}({', '.join(string(world, a, quoted=True) for a in args)})"
        if isinstance(args, tuple) and len(args) == 1:
            return string(world, args[0], quoted=value.cls.name == "KeyError")
        return "" if not args else string(world, args)
    if value.cls.kind == "enum":
        if quoted:
            return f"<{value.cls.name}.{value.attrs.get('name')}: {string(world, value.attrs.get('value'), quoted=True)}>"
        if any(c.qualname in ("enum.StrEnum", "enum.IntEnum", "enum.IntFlag") for c in value.cls.mro):
            return string(world, value.payload)  # as Python 3.11 and later have it
        return f"{value.cls.name}.{value.attrs.get('name')}"
    if value.payload is not None:
        return string(world, value.payload, quoted=quoted)
    raise Undetermined(f"the text of a {value.cls.name} is not modelled")


def plain(world: World, value: Any) -> Any:
    """A value for host formatting: numbers stay numbers, everything else becomes its text."""
    if isinstance(value, (int, float, complex, str)):
        return value
    if isinstance(value, Sym):
        number = dims.witness(world.resolve(value))
        if number is None:
            raise Undetermined(f"the number {value} is not known")
        return number
    if isinstance(value, Instance) and value.cls.held("__format__", None) is not None:
        raise Undetermined(f"what {value.cls.name}.__format__ makes of it is not followed")
    return string(world, value)


def too_wide(spec: str) -> bool:
    """Whether a format asks for a width or precision that nobody prints and that would fill the memory."""
    return len(spec) > 4 and re.search(r"\d{5,}", spec) is not None


def fstring(node: ir.FString, frame: Frame) -> Any:
    from shapelint.values import Unknown

    world = frame.world
    parts: list[str] = []
    unknown: str | None = None
    for part in node.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        value = evaluate(part.value, frame)
        spec = fstring(part.spec, frame) if part.spec is not None else ""
        try:
            if part.debug:
                parts.append(part.debug)
            if part.conversion in ("r", "a") or (part.debug and not part.conversion and not spec):
                parts.append(format(string(world, value, quoted=True), spec if isinstance(spec, str) else ""))
            elif not isinstance(spec, str):
                unknown = spec.why
            elif too_wide(spec):
                unknown = _TOO_LONG
            else:
                parts.append(format(plain(world, value), spec))
        except (Undetermined, dims.Undetermined) as problem:
            unknown = str(problem)
        except (ValueError, TypeError) as problem:
            raise ProgramRaises(type(problem).__name__, str(problem)) from None
    if unknown is None and sum(map(len, parts)) > MAX_TEXT:
        unknown = _TOO_LONG
    return "".join(parts) if unknown is None else Unknown(unknown)


def percent(world: World, pattern: str, value: Any) -> Any:
    """`pattern % value`."""
    from shapelint.values import Unknown

    given = value if isinstance(value, tuple) else (value,)
    if too_wide(pattern) or ("*" in pattern and any(map(_is_long, given))):
        return Unknown(_TOO_LONG)
    try:
        filled: Any
        if isinstance(value, Dict):
            filled = {k: plain(world, v) for k, v in value.items.items()}
        else:
            filled = tuple([plain(world, v) for v in given])
        if _longest(filled) * (pattern.count("%") + 1) + len(pattern) > MAX_TEXT:
            return Unknown(_TOO_LONG)
        return pattern % filled
    except (Undetermined, dims.Undetermined) as problem:
        return Unknown(str(problem))
    except (TypeError, ValueError, KeyError, OverflowError) as problem:
        raise ProgramRaises(type(problem).__name__, str(problem)) from None


def _longest(filled: dict[Any, Any] | tuple[Any, ...]) -> int:
    """The length of the longest text that is put into a pattern."""
    values = filled.values() if isinstance(filled, dict) else filled
    return max((len(value) for value in values if isinstance(value, str)), default=0)


def _is_long(value: Any) -> bool:
    """Whether a number, taken as a width, would fill the memory (a size that is not a plain number may be any)."""
    return isinstance(value, Sym) or (isinstance(value, int) and abs(value) > 99_999)


def _specs(pattern: str) -> list[str | None]:
    """The format specifications of a pattern; none when it is malformed (formatting it then says so)."""
    import string as host

    try:
        return [spec for _, _, spec, _ in host.Formatter().parse(pattern)]
    except ValueError:
        return []


def formatted(world: World, pattern: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`pattern.format(*args, **keywords)`. Fields that reach into values (`{0.name}`) are not followed."""
    import string as host

    from shapelint.values import Unknown

    nested = any("{" in (spec or "") for spec in _specs(pattern))
    if too_wide(pattern) or (nested and any(map(_is_long, (*args, *keywords.values())))):
        return Unknown(_TOO_LONG)
    try:
        if any(
            "." in (field or "") or "[" in (field or "") for _, field, _, _ in host.Formatter().parse(pattern)
        ):
            return Unknown("a format field that reaches into a value")
        places = tuple([plain(world, a) for a in args])
        named = {k: plain(world, v) for k, v in keywords.items()}
        if max(_longest(places), _longest(named)) * pattern.count("{") + len(pattern) > MAX_TEXT:
            return Unknown(_TOO_LONG)
        return pattern.format(*places, **named)
    except (Undetermined, dims.Undetermined) as problem:
        return Unknown(str(problem))
    except (ValueError, IndexError, KeyError, TypeError) as problem:
        raise ProgramRaises(type(problem).__name__, str(problem)) from None
