"""`int(…)`, `str(…)`, `list(…)`, `dict(…)`, `range(…)`: Python's own values out of arguments."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.world import World
from shapelint.specs.need import show
from shapelint.values import (
    Deque,
    Dict,
    Either,
    External,
    Instance,
    List,
    Set,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
    some_number,
)


def make_int(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.arithmetic import Quotient

    if not args:
        return 0
    value = args[0]
    if isinstance(value, (int, float)):
        try:
            return int(value)
        except (ValueError, OverflowError) as problem:
            raise ProgramRaises(type(problem).__name__, str(problem)) from None
    if isinstance(value, Sym):
        return value
    if isinstance(value, (str, bytes)):
        base = args[1] if len(args) > 1 else keywords.get("base", 10)
        try:
            return int(value, base if isinstance(base, int) else 10)
        except ValueError as problem:
            raise ProgramRaises("ValueError", str(problem)) from None
    if isinstance(value, Quotient):
        above, below = value.sides
        if dims.less_equal(0, above).yes:
            return above // below
        return Unknown(value.why, plain=True)
    if isinstance(value, Tensor):
        if value.data is not None and len(value.data) == 1 and isinstance(value.data[0], (int, float)):
            return int(value.data[0])
        if value.data is not None and len(value.data) == 1 and isinstance(value.data[0], Sym):
            return value.data[0]
        _refuse_many(value)
        return some_number("int", "the number in a tensor", after_failure=value.after_failure)
    if isinstance(value, Unknown):
        if value.name is not None:
            return value
        return some_number("int", value.why, value.site, after_failure=value.after_failure)
    if isinstance(value, Instance):
        return _by_method(world, value, "__int__", make_int)
    if isinstance(value, (External, Stream, Either)):
        return some_number("int", "a number that is not known")
    raise ProgramRaises(
        "TypeError", f"int() argument must be a string or a number, not '{iterate.type_name(value)}'"
    )


def _refuse_many(value: Tensor) -> None:
    if value.known and dims.equal(value.numel, 1).no:
        raise library_refuses(
            "ValueError", f"only a tensor of one value is a number, this one is {show(value.shape)}"
        )


def _by_method(world: World, value: Instance, name: str, make: Any) -> Any:
    from shapelint.interp import calls

    method = calls.special(value, name)
    if method is not None:
        return calls.call(world, method, (value,), {})
    if value.payload is not None:
        return make(world, (value.payload,), {})
    raise Undetermined(f"{name} of a {value.cls.name}")


def make_float(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not args:
        return 0.0
    value = args[0]
    if isinstance(value, Sym):
        number = dims.witness(world.resolve(value))
        if number is None:
            return some_number("float", f"{value} is not known")
        return float(number)
    if isinstance(value, (int, float, str)):
        try:
            return float(value)
        except (ValueError, OverflowError) as problem:
            raise ProgramRaises(type(problem).__name__, str(problem)) from None
    if (
        isinstance(value, Tensor)
        and value.data is not None
        and len(value.data) == 1
        and isinstance(value.data[0], (int, float))
    ):
        return float(value.data[0])
    if isinstance(value, Tensor):
        _refuse_many(value)
    if isinstance(value, Instance):
        return _by_method(world, value, "__float__", make_float)
    return some_number("float", "a number that is not known")


def make_bool(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.truth import truth

    return truth(world, args[0]) if args else False


def make_str(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.host import text

    return text.string(world, args[0]) if args else ""


def make_list(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not args:
        return List([])
    found = iterate.items(world, args[0])
    if isinstance(found, Stream):
        made = List([], Unknown(found.why))
        made.made_from = found.element
        return made
    return List(found)


def make_deque(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = make_list(world, args[:1], {})
    most = args[1] if len(args) > 1 else keywords.get("maxlen")
    kept = made.items[-most:] if isinstance(most, int) and most > 0 else made.items
    deque = Deque(kept, made.open, most)
    deque.made_from = made.made_from
    return deque


def make_tuple(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not args:
        return ()
    if isinstance(args[0], iterate.ShapeOf):
        return args[0]
    return tuple(iterate.known_items(world, args[0]))


def make_set(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import subscripts

    if not args:
        return Set({})
    # Each object once: a key takes as long as what it holds, and many items may be the same one.
    distinct = {id(v): v for v in iterate.known_items(world, args[0])}
    return Set(dict.fromkeys(map(subscripts.key, distinct.values())))


def make_frozenset(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = make_set(world, args, keywords)
    made.frozen = True
    return made


def make_dict(world: World, args: tuple[Any, ...], keywords: dict[str, Any], kind: str = "dict") -> Any:
    from shapelint.interp import subscripts

    made = Dict({}, kind=kind)
    if args and args[0] is not None:
        source = iterate.keyed(world, args[0])
        if isinstance(source, Instance) and source.payload is not None:
            source = source.payload
        if isinstance(source, Dict):
            made.items.update(source.items)
            made.open = source.open
        elif isinstance(source, Unknown):
            made.open = Unknown(source.why)
        else:
            found = iterate.items(world, source)
            if isinstance(found, Stream):
                made.open = Unknown(found.why)
            else:
                for pair in found:
                    parts = iterate.known_items(world, pair)
                    if len(parts) != 2:
                        raise ProgramRaises(
                            "ValueError", "a dictionary update sequence element must have length 2"
                        )
                    made.items[subscripts.key(parts[0])] = parts[1]
    made.items.update(keywords)
    return made


def make_ordered(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return make_dict(world, args, keywords, "OrderedDict")


def make_defaultdict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = make_dict(world, args[1:], keywords, "defaultdict")
    made.default = args[0] if args else None
    return made


def make_counter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.host import methods_dict

    made = Dict({}, kind="Counter")
    methods_dict.tally(world, made, args[0] if args else None, keywords, "+")
    return made


def make_range(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import subscripts

    numbers: list[int] = []
    for value in args:
        resolved = world.resolve(value) if isinstance(value, Sym) else value
        if isinstance(resolved, Sym) and dims.witness(resolved) is None:
            length = resolved if len(args) == 1 else Unknown("the number of turns is not known")
            return Stream(Unknown("a turn of a loop"), f"range({resolved}) has an unknown length", length)
        if isinstance(resolved, float):
            raise ProgramRaises("TypeError", "'float' object cannot be interpreted as an integer")
        if isinstance(resolved, Unknown):
            length = resolved if len(args) == 1 else Unknown(resolved.why)
            return Stream(Unknown("a turn of a loop"), resolved.why, length)
        numbers.append(subscripts.index(resolved))
    try:
        return range(*numbers)
    except (TypeError, ValueError) as problem:
        raise ProgramRaises(type(problem).__name__, str(problem)) from None


def make_slice(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not 1 <= len(args) <= 3:
        raise ProgramRaises("TypeError", f"slice expected 1 to 3 arguments, got {len(args)}")
    return slice(*args)
