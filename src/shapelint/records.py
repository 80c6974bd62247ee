"""Classes that are mostly fields, as the standard library's `dataclasses` makes them, in a tenth of the time.

`dataclasses` writes the source of every method and has it compiled, a third of a millisecond a class, and imports `inspect`;
there are two hundred such classes here, and a process that checks one file makes most of them. These share their methods. To
a type checker they are those of `dataclasses`, and its functions take them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

__all__ = ["asdict", "dataclass", "field", "fields", "replace"]

if TYPE_CHECKING:
    from dataclasses import asdict, dataclass, field, fields, replace

_NOTHING: Any = object()


class _Field:
    """What one field is: its name, what it is when it is not given, and whether it can be given and is compared."""

    __slots__ = ("compare", "default", "default_factory", "init", "name", "repr")

    def __init__(self, default: Any, default_factory: Any, init: bool, repr: bool, compare: bool) -> None:
        self.name = ""
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare

    @property
    def optional(self) -> bool:
        return self.default is not _NOTHING or self.default_factory is not _NOTHING


def _field(
    *,
    default: Any = _NOTHING,
    default_factory: Any = _NOTHING,
    init: bool = True,
    repr: bool = True,
    compare: bool = True,
) -> Any:
    return _Field(default, default_factory, init, repr, compare)


def _fields(of: Any) -> tuple[_Field, ...]:
    """The fields of such a class or object, those of the classes it derives from first."""
    found: tuple[_Field, ...] = of._record_fields
    return found


def _replace(instance: Any, /, **changes: Any) -> Any:
    """A copy in which some fields are others."""
    for each in _fields(instance):
        if each.init:
            changes.setdefault(each.name, getattr(instance, each.name))
    return instance.__class__(**changes)


def _asdict(value: Any) -> Any:
    """The fields by name, in depth."""
    if hasattr(value.__class__, "_record_fields"):
        return {each.name: _asdict(getattr(value, each.name)) for each in _fields(value)}
    if isinstance(value, (list, tuple)):
        return value.__class__([_asdict(item) for item in value])
    if isinstance(value, dict):
        return {key: _asdict(item) for key, item in value.items()}
    return value


def _dataclass(cls: Any = None, *, eq: bool = True, frozen: bool = False, slots: bool = False) -> Any:
    if cls is None:
        return lambda cls: _made(cls, eq, frozen, slots)
    return _made(cls, eq, frozen, slots)


def _made(cls: Any, eq: bool, frozen: bool, slots: bool) -> Any:
    known: dict[str, _Field] = {each.name: each for each in getattr(cls, "_record_fields", ())}
    namespace = dict(cls.__dict__)
    own = [name for name, kind in cls.__annotations__.items() if not str(kind).startswith("ClassVar")]
    for name in own:
        given = namespace.get(name, _NOTHING)
        each = given if given.__class__ is _Field else _Field(given, _NOTHING, True, True, True)
        each.name = name
        if given is not _NOTHING and (slots or given is each):
            del namespace[name]
        known[name] = each
    found = tuple(known.values())
    if slots:
        inherited = {slot for base in cls.__mro__[1:] for slot in getattr(base, "__slots__", ())}
        namespace["__slots__"] = tuple([name for name in own if name not in inherited])
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    namespace["_record_fields"] = found
    namespace["__dataclass_fields__"] = _AsDataclassesHaveThem()
    assert all(each.init or each.default is not _NOTHING for each in found)
    namespace["__match_args__"] = tuple([each.name for each in found if each.init])
    namespace.setdefault("__repr__", _repr)
    if eq:
        namespace.setdefault("__eq__", _eq)
        if "__hash__" not in cls.__dict__ or cls.__dict__["__hash__"] is None:
            namespace["__hash__"] = _hash if frozen else None
    if frozen:
        namespace["__setattr__"] = _refuse_set
        namespace["__delattr__"] = _refuse_delete
        if slots:
            namespace.setdefault("__getstate__", _state)
            namespace.setdefault("__setstate__", _set_state)
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    if "__init__" not in namespace:
        made.__init__ = _init_of(made, found)
    return made


def _init_of(cls: Any, found: Sequence[_Field]) -> Callable[..., None]:
    """What fills the fields, through the setter of each: those of slots do not ask whether the object may be changed."""
    given = [each for each in found if each.init]
    names = tuple([each.name for each in given])
    count = len(names)
    setters = tuple([_setter(cls, name) for name in names])
    plain = all(each.default_factory is _NOTHING for each in found)
    defaults = tuple([each.default for each in given if each.optional])
    needed = count - len(defaults)
    fixed = tuple([(_setter(cls, each.name), each.default) for each in found if not each.init])
    asked = tuple([(each.name, each.default, each.default_factory) for each in given])

    def bound(values: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
        if plain and not keywords and needed <= len(values) < count:
            return values + defaults[len(values) - needed :]
        whole = list(values)
        for name, default, factory in asked[len(values) :]:
            value = keywords.pop(name, _NOTHING)
            if value is _NOTHING:
                value = default if factory is _NOTHING else factory()
                if value is _NOTHING:
                    raise TypeError(f"{cls.__name__}() needs a value for {name!r}")
            whole.append(value)
        if keywords:
            raise TypeError(f"{cls.__name__}() cannot be given {next(iter(keywords))!r}, or not twice")
        if len(whole) > count:
            raise TypeError(f"{cls.__name__}() takes {count} values but {len(whole)} were given")
        return tuple(whole)

    def __init__(self: Any, *values: Any, **keywords: Any) -> None:
        if keywords or len(values) != count:
            values = bound(values, keywords)
        for setter, value in zip(setters, values):  # noqa: B905  (they are as many)
            setter(self, value)
        for setter, value in fixed:
            setter(self, value)

    return __init__


def _setter(cls: Any, name: str) -> Callable[[Any, Any], None]:
    slot: Any = getattr(cls, name, None)
    if slot.__class__ is MemberDescriptorType:
        setter: Callable[[Any, Any], None] = slot.__set__
        return setter
    return lambda self, value: object.__setattr__(self, name, value)


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join([f"{each.name}={getattr(self, each.name)!r}" for each in _fields(self) if each.repr])
    return f"{self.__class__.__qualname__}({shown})"


def _compared(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, each.name) for each in _fields(self) if each.compare])


def _eq(self: Any, other: Any) -> Any:
    return _compared(self) == _compared(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_compared(self))


def _refuse_set(self: Any, name: str, value: Any) -> None:
    raise AttributeError(f"{self.__class__.__name__}.{name} cannot be changed")


def _refuse_delete(self: Any, name: str) -> None:
    raise AttributeError(f"{self.__class__.__name__}.{name} cannot be deleted")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in _fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(_fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


class _AsDataclassesHaveThem:
    """The fields as the functions of `dataclasses` want them, made when one of these asks."""

    def __get__(self, instance: Any, cls: Any) -> dict[str, Any]:
        import dataclasses

        def told(each: _Field) -> Any:
            given: dict[str, Any] = {"init": each.init, "repr": each.repr, "compare": each.compare}
            if each.default_factory is not _NOTHING:
                given["default_factory"] = each.default_factory
            elif each.default is not _NOTHING:
                given["default"] = each.default
            return each.name, Any, dataclasses.field(**given)

        made: Any = dataclasses.make_dataclass(cls.__name__, map(told, cls._record_fields))
        found: dict[str, Any] = made.__dataclass_fields__
        return found


if not TYPE_CHECKING:
    asdict, dataclass, field, fields, replace = _asdict, _dataclass, _field, _fields, _replace
