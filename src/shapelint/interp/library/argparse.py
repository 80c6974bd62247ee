"""argparse: what parse_args gives when no option is named: the defaults. What has none is an unknown of that name."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes, host_constructors
from shapelint.interp.host.host_calls import method
from shapelint.interp.library import constant
from shapelint.interp.world import World
from shapelint.values import Class, Dict, Instance, List, Unknown

# A namespace that may hold more than what was seen to be added.
_OPEN = Class("Namespace", "argparse.Namespace", (host_classes.ARGS,))
_OPEN.mro = (_OPEN, *host_classes.ARGS.mro)
_OPEN.unknown_base = Unknown("an option that was not seen to be added")
constant("argparse.SUPPRESS", "==SUPPRESS==")
constant("argparse.REMAINDER", "...")
constant("argparse.OPTIONAL", "?")
constant("argparse.ZERO_OR_MORE", "*")
constant("argparse.ONE_OR_MORE", "+")


def _construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    made = Instance(cls)
    made.attrs["_held"] = Dict({})
    for name in ("prog", "description", "epilog", "usage"):
        made.attrs[name] = keywords.get(name)
    parents = keywords.get("parents")
    if parents is not None:
        for parent in parents.items if isinstance(parents, List) else ():
            if isinstance(parent, Instance) and isinstance(parent.attrs.get("_held"), Dict):
                made.attrs["_held"].items.update(parent.attrs["_held"].items)
            else:
                made.attrs["_held"].open = Unknown("a parent parser that is not known")
    return made


PARSER = host_constructors.supply("ArgumentParser", "argparse.ArgumentParser", _construct)
_GROUP = Class("_ArgumentGroup", "argparse._ArgumentGroup")
_SUBPARSERS = Class("_SubParsersAction", "argparse._SubParsersAction")


def _held(parser: Any) -> Dict:
    found = parser.attrs["_held"]
    assert isinstance(found, Dict)
    return found


def _open(world: World, parser: Any, why: str) -> None:
    world.journal.touch_slot(_held(parser), "open")
    _held(parser).open = Unknown(why)


def _add_argument(world: World, parser: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    flags = list(args)
    dest = _dest(flags, keywords)
    if dest is None:
        _open(world, parser, "an option whose name is not known")
    elif dest != "==SUPPRESS==" and keywords.get("action") not in ("help", "version"):
        value = _default(world, dest, flags, keywords)
        held = _held(parser)
        calls.touch(world, held)
        if keywords.get("default") == "==SUPPRESS==":
            _open(world, parser, "an option that may be absent")
        else:
            held.items[dest] = value
    return Unknown("an option", plain=True)


def _dest(flags: list[Any], keywords: dict[str, Any]) -> str | None:
    given = keywords.get("dest")
    if isinstance(given, str):
        return given
    if given is not None or not flags or not all(isinstance(f, str) for f in flags):
        return None
    long = next((f for f in flags if f.startswith("--")), flags[0])
    return str(long).lstrip("-").replace("-", "_") if long.startswith("-") else str(long)


def _default(world: World, dest: str, flags: list[Any], keywords: dict[str, Any]) -> Any:
    action = keywords.get("action", "store")
    if action in ("store_true", "store_false"):
        return keywords.get("default", action == "store_false")
    positional = not flags or not str(flags[0]).startswith("-")
    optional = keywords.get("nargs") in ("?", "*")
    needed = keywords.get("required") is True or (positional and not optional)
    if keywords.get("default") is not None and not needed:
        value = keywords["default"]
        convert = keywords.get("type")
        if isinstance(value, str) and convert is not None and action in ("store", "append"):
            return calls.call(world, convert, (value,), {})
        return value
    if action in ("append", "append_const", "extend", "count", "store_const") and not needed:
        return None
    # A default of None says as much as none: whoever runs the program names the option, or something else sets it.
    found = Unknown("a command-line option that has no default", world.site(), name=dest)
    found.members[_OPTIONAL] = not needed
    return found


_OPTIONAL = "optional"  # of a command line that names no option, None


def _unnamed(value: Any) -> Any:
    return None if isinstance(value, Unknown) and value.members.get(_OPTIONAL) else value


def _set_defaults(world: World, parser: Any, keywords: dict[str, Any]) -> None:
    held = _held(parser)
    calls.touch(world, held)
    held.items.update(keywords)


def _get_default(world: World, parser: Any, dest: Any) -> Any:
    return _unnamed(_held(parser).items.get(dest)) if isinstance(dest, str) else Unknown("a default")


def _parse(world: World, parser: Any, args: Any, namespace: Any) -> Instance:
    held = _held(parser)
    named = args is not None and not (isinstance(args, List) and not args.items and args.open is None)
    made = namespace if isinstance(namespace, Instance) else None
    if made is None:
        made = Instance(_OPEN if held.open is not None else host_classes.ARGS)
    world.journal.touch(made.attrs)
    for dest, value in held.items.items():
        if named:
            value = Unknown("a command-line option", world.site(), name=dest)
        made.attrs[dest] = value if args is None else _unnamed(value)
    return made


def _parse_known(world: World, parser: Any, args: Any, namespace: Any) -> Any:
    return _parse(world, parser, args, namespace), List(
        [], Unknown("what else is on the command line", plain=True)
    )


def _group(world: World, parser: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    made = Instance(_GROUP)
    made.attrs["_held"] = _held(parser)
    return made


def _subparsers(world: World, parser: Any, keywords: dict[str, Any]) -> Instance:
    dest = keywords.get("dest")
    if isinstance(dest, str):
        held = _held(parser)
        calls.touch(world, held)
        held.items[dest] = Unknown("which command is given", world.site(), name=dest)
    _open(world, parser, "an option of a command")
    made = Instance(_SUBPARSERS)
    made.attrs["_held"] = _held(parser)
    return made


def _add_parser(world: World, action: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    """A command's own parser: whether its options are there depends on the command."""
    return _construct(world, PARSER, (), keywords)


def _nothing(world: World, parser: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    return None


def _error(world: World, parser: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    raise ProgramRaises("SystemExit")


_ANY = "*args, **keywords"
for _cls in (PARSER, _GROUP):
    method(_cls, "add_argument", _ANY, _add_argument)
    method(_cls, "add_argument_group", _ANY, _group)
    method(_cls, "add_mutually_exclusive_group", _ANY, _group)
    method(_cls, "set_defaults", "**keywords", _set_defaults)
    method(_cls, "get_default", "dest", _get_default)
method(PARSER, "parse_args", "args=None, namespace=None", _parse)
method(PARSER, "parse_intermixed_args", "args=None, namespace=None", _parse)
method(PARSER, "parse_known_args", "args=None, namespace=None", _parse_known)
method(PARSER, "add_subparsers", "**keywords", _subparsers)
for _name in ("print_help", "print_usage", "register"):
    method(PARSER, _name, _ANY, _nothing)
for _name in ("error", "exit"):
    method(PARSER, _name, _ANY, _error)
method(_SUBPARSERS, "add_parser", _ANY, _add_parser)
