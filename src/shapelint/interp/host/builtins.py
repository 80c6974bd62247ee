"""The names every program finds without importing anything, and the attributes of plain values."""

from __future__ import annotations

import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

from shapelint import facts
from shapelint.dims import Sym
from shapelint.interp import (
    attributes,
    function_attributes,
    generator_methods,
    generators,
    iterate,
    unmodelled,
)
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import (
    builtin_frames,
    builtin_iteration,
    builtin_numbers,
    builtin_objects,
    exceptions,
    host_classes,
    host_constructors,
    lazy,
    methods_dict,
    methods_list,
    methods_numbers,
    methods_set,
    methods_special,
    methods_text,
    named_tuples,
    object_protocol,
    text,
    type_tests,
)
from shapelint.interp.host.host_calls import MAX_TEXT, Host, attempt, builtin, host, unknown
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Deque,
    Dict,
    Iterator,
    Lazy,
    List,
    Property,
    Set,
    StaticMethod,
    Stream,
    Undetermined,
    Unknown,
    may_be_tensor,
)

_DICTS: dict[str, type] = {"OrderedDict": OrderedDict, "defaultdict": defaultdict, "Counter": Counter}


# ---- attributes of host values


def method(world: World, value: Any, name: str, receiver: Any = None) -> Any:
    """`value.name` of a value that is no object of the program. `receiver` is the instance whose payload `value` is."""
    found = _of_kind(world, value, name, receiver)
    if found is None and name.startswith("__"):
        found = _special(world, value, name, receiver)
    if found is not None:
        return None if found is _NONE else found
    kind = host_type(value)
    if isinstance(value, Sym) and may_be_tensor(value):
        return Unknown(f"{value} may be a number or a tensor", world.site())
    if kind is None or unmodelled.has(kind, name):
        return Unknown(f"{iterate.type_name(value)}.{name} is not modelled", world.site())
    raise ProgramRaises(
        "AttributeError",
        f"'{iterate.type_name(value if receiver is None else receiver)}' object has no attribute '{name}'",
        cause=facts.AttributeAsked(value, name),
    )


_NONE = object()  # an attribute that is there, and is None


def _of_kind(world: World, value: Any, name: str, receiver: Any) -> Any:
    if isinstance(value, (str, bytes)):
        return methods_text.method(world, value, name)
    if isinstance(value, (tuple, range, slice)):
        found = methods_list.method(world, value, name, receiver)
        return (
            _NONE
            if found is None and isinstance(value, slice) and name in ("start", "stop", "step")
            else found
        )
    if isinstance(value, List):
        if (kind := host_type(value)) is not None and unmodelled.has(kind, name):
            return methods_list.method(world, value, name, receiver)
    elif isinstance(value, Dict):
        if (kind := host_type(value)) is not None and unmodelled.has(kind, name):
            found = methods_dict.method(world, value, name, receiver)
            return _NONE if found is None and name == "default_factory" else found
    elif isinstance(value, Set):
        return methods_set.method(world, value, name)
    elif isinstance(value, (int, float, complex, Sym)):
        return methods_numbers.method(world, value, name)
    elif isinstance(value, (Iterator, Stream, Lazy)):
        return _of_iterator(world, value, name)
    elif isinstance(value, Property):
        return builtin_objects.property_attribute(world, value, name)
    elif isinstance(value, (StaticMethod, ClassMethod)):
        return (
            value.function
            if name in ("__func__", "__wrapped__")
            else attributes.get(world, value.function, name)
        )
    elif isinstance(value, Builtin):
        return function_attributes.of_builtin(world, value, name)
    elif isinstance(value, BoundMethod):
        return attributes.get(world, value.function, name)
    return None


def _special(world: World, value: Any, name: str, receiver: Any) -> Any:
    if name == "__class__":
        return type_tests.class_of(value if receiver is None else receiver)
    if name == "__doc__":
        return _NONE
    kind = host_type(value)
    if kind is not None and not unmodelled.has(kind, name):
        return None
    return methods_special.method(world, value, name, receiver)


def _of_iterator(world: World, value: Any, name: str) -> Any:
    """Generators and iterators."""
    if isinstance(value, generators.Generator):
        found = generator_methods.method(world, value, name)
        if found is not None:
            return found
    if isinstance(value, Lazy) and name not in ("close", "send", "throw"):
        return lazy.method(world, value, name) or Unknown(
            f"{name} of an iterator is not modelled", world.site()
        )
    if name in ("close", "send", "throw"):
        if not isinstance(value, Stream):
            raise ProgramRaises(
                "AttributeError", f"'{iterate.type_name(value)}' object has no attribute '{name}'"
            )
        return Builtin(name, lambda w, args, keywords: Unknown(f"{name} of a generator"))
    if name in ("__next__", "__iter__"):
        return methods_special.method(world, value, name, None)
    if isinstance(value, Stream) or name.startswith("_") or not hasattr(types.GeneratorType, name):
        return Unknown(f"{name} of an iterator is not modelled", world.site())
    return None


def host_type(value: Any) -> type | None:
    """The Python type whose attributes a value has; None when that is not sure."""
    if isinstance(value, Sym):
        return int
    if isinstance(value, Dict):
        return _DICTS.get(value.kind, dict)
    if isinstance(value, List):
        return deque if isinstance(value, Deque) else list
    if isinstance(value, Set):
        return frozenset if value.frozen else set
    if isinstance(
        value, (bool, int, float, complex, str, bytes, tuple, range, slice, type(None), type(Ellipsis))
    ):
        return tuple if isinstance(value, tuple) else type(value)
    return None


# ---- functions that talk to the world outside


def _print(world: World, values: tuple[Any, ...], sep: Any, end: Any, file: Any, flush: Any) -> None:
    if file is not None:
        return
    try:
        between, last = " " if sep is None else sep, "\n" if end is None else end
        if not isinstance(between, str) or not isinstance(last, str):
            raise Undetermined("a separator that is not known")
        said = between.join(text.string(world, v) for v in values) + last
    except Undetermined:
        world.record(facts.Printed, text=None)
        return
    world.record(facts.Printed, text=said)


def _outside(name: str) -> Host:
    """A function whose result comes from outside the program: never called, its result is not known."""
    return lambda world, args, keywords: Unknown(
        f"what {name}() gives is not known", world.site(), plain=True
    )


def _code(name: str) -> Host:
    """A function that would run code: never done."""
    return lambda world, args, keywords: Unknown(f"what {name}() does is not read", world.site())


def _import(world: World, name: Any, fromlist: Any, level: Any, **_: Any) -> Any:
    """`__import__("a.b")`: the module a; with names that are wanted from it, the module b."""
    from shapelint.interp import imports

    wanted = truth(world, fromlist)
    if not isinstance(name, str) or level != 0 or isinstance(wanted, Unknown):
        raise Undetermined("a module is imported by a name that is not known")
    found = imports.import_module(world, name, None)
    return found if wanted else imports.import_module(world, name.partition(".")[0], None)


def _open(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.library import package_files  # deferred: few programs that are checked open files

    return package_files.opened(world, args, keywords)


def _leave(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = host_constructors.make_exception(host_classes.EXCEPTIONS["SystemExit"], args)
    raise ProgramRaises("SystemExit", value=made)


def _host_class(run: Callable[..., Any]) -> host_constructors.Constructor:
    """A class whose instances are made by Python's own, of plain values."""

    def construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        try:
            given = [host(world, a) for a in args]
            if run is bytes and given and isinstance(given[0], int) and given[0] > MAX_TEXT:
                raise Undetermined("bytes too long to keep")
            return attempt(run, *given, **{k: host(world, v) for k, v in keywords.items()})
        except Undetermined as problem:
            return unknown(world, problem, plain=True)

    return construct


host_constructors.construct_by("complex", _host_class(complex))
host_constructors.construct_by("bytes", _host_class(bytes))

NAMES: dict[str, Any] = {
    **host_classes.names(),
    **{
        name: Builtin(name, function)
        for table in (builtin_numbers.FUNCTIONS, builtin_iteration.FUNCTIONS, builtin_objects.FUNCTIONS)
        for name, function in table.items()
    },
    **builtin_frames.NAMES,
    **{
        name: Builtin(name, _outside(name)) for name in ("input", "bytearray", "memoryview", "aiter", "anext")
    },
    **{name: Builtin(name, _code(name)) for name in ("exec", "eval", "compile", "__build_class__")},
    **{name: Builtin(name, _leave) for name in ("exit", "quit")},
    **{name: Builtin(name, lambda w, args, keywords: None) for name in ("breakpoint", "help")},
    "open": Builtin("open", _open),
    "__import__": builtin("__import__", "name, globals=None, locals=None, fromlist=(), level=0", _import),
    "print": builtin("print", "*values, sep=None, end=None, file=None, flush=False", _print),
    "NotImplemented": NotImplemented,
    "Ellipsis": Ellipsis,
    "__debug__": True,
}

__all__ = ["NAMES", "exceptions", "host_type", "method", "named_tuples", "object_protocol"]
