"""What type() and isinstance say of a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.dims import Sym
from shapelint.interp.host import host_classes
from shapelint.interp.host.endless import Endless
from shapelint.interp.nets.parameter_or_not import surely_plain
from shapelint.interp.tensors import arrays
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Deque,
    Device,
    Dict,
    DType,
    Function,
    Instance,
    Iterator,
    Lazy,
    List,
    Module,
    Property,
    Record,
    Set,
    Size,
    Stream,
    Tensor,
    Unknown,
)

_TYPES: list[tuple[type, Class]] = [
    (bool, host_classes.BOOL),
    (int, host_classes.INT),
    (Sym, host_classes.INT),
    (float, host_classes.FLOAT),
    (complex, host_classes.COMPLEX),
    (str, host_classes.STR),
    (bytes, host_classes.BYTES),
    (Size, host_classes.SIZE),
    (tuple, host_classes.TUPLE),
    (List, host_classes.LIST),
    (range, host_classes.RANGE),
    (slice, host_classes.SLICE),
    (type(None), host_classes.NONE),
    (Device, host_classes.DEVICE),
    (DType, host_classes.DTYPE),
    (Function, host_classes.FUNCTION),
    (BoundMethod, host_classes.METHOD),
    (Property, host_classes.PROPERTY),
]


def class_of(value: Any) -> Any:
    """type(value)."""
    if arrays.may_be_number(value):
        return Unknown("whether it is an array or a number of numpy's", plain=True)
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Class):
        return value.metaclass or (host_classes.ENUM_META if value.kind == "enum" else host_classes.TYPE)
    if isinstance(value, Tensor):
        return _class_of_tensor(value)
    if isinstance(value, Dict):
        return {
            "OrderedDict": host_classes.ORDERED,
            "defaultdict": host_classes.DEFAULTDICT,
            "Counter": host_classes.COUNTER,
        }.get(value.kind, host_classes.DICT)
    if isinstance(value, Deque):
        return host_classes.DEQUE
    if isinstance(value, Set):
        return host_classes.FROZENSET if value.frozen else host_classes.SET
    for kind, cls in _TYPES:
        if isinstance(value, kind):
            return cls
    return Unknown("its type is not modelled")


def _class_of_tensor(value: Tensor) -> Any:
    if value.is_parameter:
        return host_classes.PARAMETER
    return host_classes.TENSOR if surely_plain(value) else Unknown("it may be a parameter", plain=True)


def is_instance(value: Any, cls: Class) -> bool | Unknown:
    if cls is host_classes.OBJECT:
        return True
    if arrays.may_be_number(value) and not cls.qualname.startswith("collections.abc."):
        return cls in arrays.ARRAY.mro  # whether it is a number is asked before
    found = class_of(value)
    if isinstance(found, Unknown) and isinstance(value, Tensor) and cls is not host_classes.PARAMETER:
        found = host_classes.TENSOR
    if isinstance(found, Class):
        if found.is_subclass(cls):
            return True
        if cls.qualname.startswith("collections.abc."):
            return external_instance(value, cls.qualname)
        if isinstance(value, Function) and cls in (host_classes.FUNCTION, host_classes.LAMBDA):
            return True
        if isinstance(value, Class) and cls is host_classes.TYPE:
            return True
        return False
    if isinstance(value, Builtin) and cls is host_classes.FUNCTION:
        return True
    if isinstance(value, (Iterator, Lazy, Builtin, Endless)):
        return (
            external_instance(value, cls.qualname) if cls.qualname.startswith("collections.abc.") else False
        )
    if isinstance(value, Record):
        return cls is host_classes.TUPLE or cls.name == value.type_name
    return found if isinstance(found, Unknown) else False


_ABSTRACT: dict[str, Callable[[Any], bool]] = {
    "Iterable": lambda v: isinstance(
        v, (tuple, List, Dict, Set, str, range, Iterator, Lazy, Stream, Tensor, bytes)
    ),
    "Sequence": lambda v: isinstance(v, (tuple, List, str, range, bytes)),
    "MutableSequence": lambda v: isinstance(v, List),
    "Mapping": lambda v: isinstance(v, Dict),
    "MutableMapping": lambda v: isinstance(v, Dict),
    "Callable": lambda v: isinstance(v, (Function, BoundMethod, Builtin, Class, Module)),
    "Iterator": lambda v: isinstance(v, (Iterator, Lazy, Stream)),
    "Generator": lambda v: isinstance(v, Stream) or (isinstance(v, Lazy) and v.kind == "generator"),
    "Hashable": lambda v: not isinstance(v, (List, Dict, Set)),
    "Sized": lambda v: isinstance(v, (tuple, List, Dict, Set, str, range)),
    "Collection": lambda v: isinstance(v, (tuple, List, Dict, Set, str, range)),
}
_NUMBERS = {
    "Number": (int, float, complex, Sym),
    "Integral": (int, Sym),
    "Real": (int, float, Sym),
    "Complex": (int, float, complex, Sym),
}


def external_instance(value: Any, qualname: str) -> bool | Unknown:
    """isinstance of a value against a library name that is no class of ours."""
    module, _, name = qualname.rpartition(".")
    if module in ("collections.abc", "typing", "collections"):
        test = _ABSTRACT.get(name)
        if test is not None:
            if isinstance(value, Instance):
                target = value.payload
                if target is not None and test(target):
                    return True
                wanted = {
                    "Iterable": "__iter__",
                    "Callable": "__call__",
                    "Sized": "__len__",
                    "Iterator": "__next__",
                }.get(name)
                if wanted is None:
                    return False
                return any(wanted in c.attrs for c in value.cls.mro) or (
                    wanted == "__call__" and isinstance(value, Module)
                )
            return test(value)
    if module == "numbers" and name in _NUMBERS:
        return isinstance(value, _NUMBERS[name])
    if isinstance(
        value, (int, float, str, tuple, List, Dict, Set, type(None), Sym, bool, Tensor, Module, Function)
    ):
        return False  # a value of ours is no instance of a library class that we do not know
    return Unknown(f"{qualname} is not modelled")
