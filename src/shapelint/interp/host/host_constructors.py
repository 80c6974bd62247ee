"""What makes the instances of supplied classes, and what deriving from one means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import library
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import conversions, enums, host_classes
from shapelint.interp.tensors import torch_values
from shapelint.interp.world import Frame, World
from shapelint.values import Class, Dict, Instance, Undetermined, Valued

Constructor = Callable[[World, Class, tuple[Any, ...], dict[str, Any]], Any]


def supply(
    name: str, qualname: str, construct: Constructor, *, base: Class | None = None, kind: str = "host"
) -> Class:
    """Add a class of a library, with what makes its instances."""
    if qualname in host_classes.CLASSES:
        raise ValueError(f"{qualname} is supplied twice")
    _CONSTRUCTORS[qualname] = construct
    return host_classes.declare(name, kind=kind, base=base, qualname=qualname)


def construct_by(qualname: str, construct: Constructor) -> None:
    """Say what makes the instances of a supplied class."""
    _CONSTRUCTORS[qualname] = construct


def supplied() -> tuple[str, ...]:
    """The qualified names of the classes that have a constructor of their own."""
    return tuple(_CONSTRUCTORS)


def constructor(cls: Class) -> Constructor | None:
    """What makes an instance of a supplied class or of a class derived from one."""
    for ancestor in cls.mro:
        library.bring(ancestor.qualname)
        found = _CONSTRUCTORS.get(ancestor.qualname)
        if found is not None:
            return found
        if ancestor.kind == "exception" and not ancestor.written:
            return _exception
    return None


def _plain_value(make: Callable[[World, tuple[Any, ...], dict[str, Any]], Any]) -> Constructor:
    """A class whose instances are host values; an instance of a subclass carries one as its payload."""

    def construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if not cls.written:
            return make(world, args, keywords)
        if cls.kind == "enum":
            return enums.enum_member(cls, args)
        if cls.is_subclass(host_classes.TYPEDDICT):
            return make(world, args, keywords)
        made = (
            Valued(cls)
            if any(
                cls.is_subclass(base)
                for base in (host_classes.STR, host_classes.INT, host_classes.FLOAT, host_classes.TUPLE)
            )
            else Instance(cls)
        )
        own_init = any("__init__" in c.attrs for c in cls.mro)
        try:
            made.payload = make(
                world,
                () if own_init and cls.is_subclass(host_classes.DICT) else args,
                {} if own_init else keywords,
            )
        except (ProgramRaises, Undetermined):
            made.payload = make(world, (), {})
        return made

    return construct


def refill(world: World, receiver: Instance, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """`super().__init__(…)` of a class derived from a container: fill the payload."""
    for ancestor in receiver.cls.mro:
        if not ancestor.written and ancestor.qualname in MAKERS:
            receiver.payload = MAKERS[ancestor.qualname](world, args, keywords)
            return


def _exception(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return make_exception(cls, args)


def make_exception(cls: Class, args: tuple[Any, ...]) -> Instance:
    """An exception, as Exception.__new__ leaves it."""
    made = Instance(cls)
    made.attrs["args"] = args
    return made


def _namespace(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = Instance(cls)
    made.attrs.update(keywords)
    return made


def _named_tuple(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if cls is host_classes.NAMEDTUPLE:
        from shapelint.interp.host import named_tuples

        return named_tuples.functional(world, args)
    fields = cls.attrs.get("_fields", ())
    defaults = cls.attrs.get("_field_defaults")
    values = dict(zip(fields, args, strict=False))
    values.update(keywords)
    held = defaults.items if isinstance(defaults, Dict) else {}
    try:
        made = Valued(cls)
        made.payload = tuple(values[f] if f in values else held[f] for f in fields)
        made.attrs.update(zip(fields, made.payload, strict=True))
        return made
    except KeyError as problem:
        raise ProgramRaises("TypeError", f"{cls.name}() is missing required argument {problem}") from None


def _opaque(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = Instance(cls)
    made.attrs["args"] = args
    return made


MAKERS: dict[str, Callable[[World, tuple[Any, ...], dict[str, Any]], Any]] = {
    "int": conversions.make_int,
    "float": conversions.make_float,
    "bool": conversions.make_bool,
    "str": conversions.make_str,
    "list": conversions.make_list,
    "tuple": conversions.make_tuple,
    "dict": conversions.make_dict,
    "set": conversions.make_set,
    "frozenset": conversions.make_frozenset,
    "range": conversions.make_range,
    "slice": conversions.make_slice,
    "collections.OrderedDict": conversions.make_ordered,
    "collections.defaultdict": conversions.make_defaultdict,
    "collections.Counter": conversions.make_counter,
    "collections.deque": conversions.make_deque,
    "collections.UserDict": conversions.make_dict,
    "typing.TypedDict": conversions.make_dict,
    "torch.Size": torch_values.make_size,
    "torch.device": torch_values.make_device,
    "torch.nn.Parameter": torch_values.make_parameter,
    "torch.nn.Buffer": torch_values.make_buffer,
}
_CONSTRUCTORS: dict[str, Constructor] = {
    **{name: _plain_value(make) for name, make in MAKERS.items()},
    "enum.Enum": enums.construct,
    "enum.IntEnum": enums.construct,
    "enum.StrEnum": enums.construct,
    "enum.Flag": enums.construct,
    "enum.IntFlag": enums.construct,
    "typing.NamedTuple": _named_tuple,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "contextlib.suppress": _opaque,
    "torch.Generator": _opaque,
}


def complete(world: World, cls: Class, frame: Frame, settings: dict[str, Any]) -> None:
    """What deriving from a supplied class does to a class body: enum members, NamedTuple fields."""
    if cls.kind == "enum":
        enums.complete(world, cls)
    elif cls.kind == "namedtuple":
        from shapelint.interp.host import named_tuples

        named_tuples.complete(cls, frame)
