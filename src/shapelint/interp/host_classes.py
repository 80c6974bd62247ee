"""The classes that Python and torch supply: int, dict, Exception, Enum, …, as Class values, and what subclassing them means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import Frame, World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Deque,
    Device,
    Dict,
    DType,
    Either,
    External,
    Function,
    Instance,
    Iterator,
    List,
    Module,
    Property,
    Record,
    Set,
    Size,
    StaticMethod,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
    Valued,
)

Constructor = Callable[[World, Class, tuple[Any, ...], dict[str, Any]], Any]

OBJECT = Class("object", "object")
TYPE = Class("type", "type")
EXCEPTIONS: dict[str, Class] = {}
_CLASSES: dict[str, Class] = {"object": OBJECT, "type": TYPE}


def _declare(
    name: str, *, kind: str = "host", base: Class | None = None, qualname: str | None = None
) -> Class:
    cls = Class(name, qualname or name, (base,) if base is not None else ())
    if base is not None:
        cls.mro = (cls, *base.mro)
    cls.kind = kind
    _CLASSES[qualname or name] = cls
    return cls


INT = _declare("int")
BOOL = _declare("bool", base=INT)
FLOAT = _declare("float")
COMPLEX = _declare("complex")
STR = _declare("str")
BYTES = _declare("bytes")
LIST = _declare("list")
TUPLE = _declare("tuple")
DICT = _declare("dict")
SET = _declare("set")
FROZENSET = _declare("frozenset")
RANGE = _declare("range")
SLICE = _declare("slice")
NONE = _declare("NoneType")
FUNCTION = _declare("FunctionType", qualname="types.FunctionType")
METHOD = _declare("MethodType", qualname="types.MethodType")
LAMBDA = _declare("LambdaType", qualname="types.LambdaType")
ORDERED = _declare("OrderedDict", base=DICT, qualname="collections.OrderedDict")
DEFAULTDICT = _declare("defaultdict", base=DICT, qualname="collections.defaultdict")
COUNTER = _declare("Counter", base=DICT, qualname="collections.Counter")
DEQUE = _declare("deque", qualname="collections.deque")
USERDICT = _declare("UserDict", base=DICT, qualname="collections.UserDict")
TENSOR = _declare("Tensor", qualname="torch.Tensor")
PARAMETER = _declare("Parameter", base=TENSOR, qualname="torch.nn.Parameter")
BUFFER = _declare("Buffer", base=TENSOR, qualname="torch.nn.Buffer")
SIZE = _declare("Size", base=TUPLE, qualname="torch.Size")
DEVICE = _declare("device", qualname="torch.device")
DTYPE = _declare("dtype", qualname="torch.dtype")
ENUM = _declare("Enum", kind="enum", qualname="enum.Enum")
INTENUM = Class("IntEnum", "enum.IntEnum", (INT, ENUM))
INTENUM.mro, INTENUM.kind = (INTENUM, INT, ENUM), "enum"
STRENUM = Class("StrEnum", "enum.StrEnum", (STR, ENUM))
STRENUM.mro, STRENUM.kind = (STRENUM, STR, ENUM), "enum"
FLAG = _declare("Flag", kind="enum", base=ENUM, qualname="enum.Flag")
INTFLAG = Class("IntFlag", "enum.IntFlag", (INT, FLAG))
INTFLAG.mro, INTFLAG.kind = (INTFLAG, INT, *FLAG.mro), "enum"
NAMEDTUPLE = _declare("NamedTuple", kind="namedtuple", base=TUPLE, qualname="typing.NamedTuple")
TYPEDDICT = _declare("TypedDict", kind="host", base=DICT, qualname="typing.TypedDict")
NAMESPACE = _declare("SimpleNamespace", kind="namespace", qualname="types.SimpleNamespace")
ARGS = _declare("Namespace", kind="namespace", qualname="argparse.Namespace")
SUPPRESS = _declare("suppress", kind="suppress", qualname="contextlib.suppress")
_CLASSES.update(
    {
        "enum.IntEnum": INTENUM,
        "enum.StrEnum": STRENUM,
        "enum.IntFlag": INTFLAG,
        "enum.EnumMeta": TYPE,
        "enum.EnumType": TYPE,
        "abc.ABCMeta": TYPE,
        "collections.abc.Mapping": DICT,
        "collections.abc.MutableMapping": DICT,
        "typing.Mapping": DICT,
        "typing.Dict": DICT,
        "typing.List": LIST,
        "typing.Tuple": TUPLE,
        "typing.OrderedDict": ORDERED,
        "typing_extensions.TypedDict": TYPEDDICT,
        "collections.UserList": LIST,
        "torch.nn.parameter.Parameter": PARAMETER,
        "torch.Generator": _declare("Generator", kind="opaque", qualname="torch.Generator"),
    }
)

_TREE = {
    "BaseException": None,
    "Exception": "BaseException",
    "KeyboardInterrupt": "BaseException",
    "SystemExit": "BaseException",
    "GeneratorExit": "BaseException",
    "ArithmeticError": "Exception",
    "ZeroDivisionError": "ArithmeticError",
    "OverflowError": "ArithmeticError",
    "FloatingPointError": "ArithmeticError",
    "AssertionError": "Exception",
    "AttributeError": "Exception",
    "BufferError": "Exception",
    "EOFError": "Exception",
    "ImportError": "Exception",
    "ModuleNotFoundError": "ImportError",
    "LookupError": "Exception",
    "IndexError": "LookupError",
    "KeyError": "LookupError",
    "MemoryError": "Exception",
    "NameError": "Exception",
    "UnboundLocalError": "NameError",
    "OSError": "Exception",
    "FileNotFoundError": "OSError",
    "FileExistsError": "OSError",
    "PermissionError": "OSError",
    "ConnectionError": "OSError",
    "TimeoutError": "OSError",
    "RuntimeError": "Exception",
    "NotImplementedError": "RuntimeError",
    "RecursionError": "RuntimeError",
    "StopIteration": "Exception",
    "SyntaxError": "Exception",
    "SystemError": "Exception",
    "TypeError": "Exception",
    "ValueError": "Exception",
    "UnicodeError": "ValueError",
    "UnicodeDecodeError": "UnicodeError",
    "UnicodeEncodeError": "UnicodeError",
    "UnicodeTranslateError": "UnicodeError",
    "Warning": "Exception",
    "UserWarning": "Warning",
    "DeprecationWarning": "Warning",
    "FutureWarning": "Warning",
    "RuntimeWarning": "Warning",
    "ImportWarning": "Warning",
    "PendingDeprecationWarning": "Warning",
    "BytesWarning": "Warning",
    "EncodingWarning": "Warning",
    "ResourceWarning": "Warning",
    "SyntaxWarning": "Warning",
    "UnicodeWarning": "Warning",
    "BlockingIOError": "OSError",
    "ChildProcessError": "OSError",
    "InterruptedError": "OSError",
    "IsADirectoryError": "OSError",
    "NotADirectoryError": "OSError",
    "ProcessLookupError": "OSError",
    "BrokenPipeError": "ConnectionError",
    "ConnectionAbortedError": "ConnectionError",
    "ConnectionRefusedError": "ConnectionError",
    "ConnectionResetError": "ConnectionError",
    "IndentationError": "SyntaxError",
    "TabError": "IndentationError",
    "ReferenceError": "Exception",
    "StopAsyncIteration": "Exception",
    "BaseExceptionGroup": "BaseException",
    "ExceptionGroup": "BaseExceptionGroup",
}
for _name, _base in _TREE.items():
    EXCEPTIONS[_name] = _declare(_name, kind="exception", base=EXCEPTIONS[_base] if _base else None)
_CLASSES["IOError"] = _CLASSES["EnvironmentError"] = EXCEPTIONS["OSError"]


def base_of(qualname: str) -> Class | None:
    """The supplied class of a qualified name."""
    return _CLASSES.get(qualname)


def supply(
    name: str, qualname: str, construct: Constructor, *, base: Class | None = None, kind: str = "host"
) -> Class:
    """Add a class of a library, with what makes its instances."""
    if qualname in _CLASSES:
        raise ValueError(f"{qualname} is supplied twice")
    _CONSTRUCTORS[qualname] = construct
    return _declare(name, kind=kind, base=base, qualname=qualname)


def construct_by(qualname: str, construct: Constructor) -> None:
    """Say what makes the instances of a supplied class."""
    _CONSTRUCTORS[qualname] = construct


def names() -> dict[str, Class]:
    """The classes that are built-in names."""
    return {n: c for n, c in _CLASSES.items() if "." not in n and n not in ("NoneType",)}


# ---- isinstance

_TYPES: list[tuple[type, Class]] = [
    (bool, BOOL),
    (int, INT),
    (Sym, INT),
    (float, FLOAT),
    (complex, COMPLEX),
    (str, STR),
    (bytes, BYTES),
    (Size, SIZE),
    (tuple, TUPLE),
    (List, LIST),
    (range, RANGE),
    (slice, SLICE),
    (type(None), NONE),
    (Device, DEVICE),
    (DType, DTYPE),
    (Function, FUNCTION),
    (BoundMethod, METHOD),
]


def class_of(value: Any) -> Any:
    """type(value)."""
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Class):
        return value.metaclass or TYPE
    if isinstance(value, Tensor):
        return PARAMETER if value.is_parameter else TENSOR
    if isinstance(value, Dict):
        return {"OrderedDict": ORDERED, "defaultdict": DEFAULTDICT, "Counter": COUNTER}.get(value.kind, DICT)
    if isinstance(value, Deque):
        return DEQUE
    if isinstance(value, Set):
        return FROZENSET if value.frozen else SET
    for kind, cls in _TYPES:
        if isinstance(value, kind):
            return cls
    return Unknown("its type is not modelled")


def is_instance(value: Any, cls: Class) -> bool | Unknown:
    if cls is OBJECT:
        return True
    found = class_of(value)
    if isinstance(found, Class):
        if found.is_subclass(cls):
            return True
        if isinstance(value, Function) and cls in (FUNCTION, LAMBDA):
            return True
        if isinstance(value, Class) and cls is TYPE:
            return True
        return False
    if isinstance(value, Builtin) and cls is FUNCTION:
        return True
    if isinstance(value, (Iterator, Builtin)):
        return False
    if isinstance(value, Record):
        return cls is TUPLE or cls.name == value.type_name
    return found if isinstance(found, Unknown) else False


_ABSTRACT: dict[str, Callable[[Any], bool]] = {
    "Iterable": lambda v: isinstance(
        v, (tuple, List, Dict, Set, str, range, Iterator, Stream, Tensor, bytes)
    ),
    "Sequence": lambda v: isinstance(v, (tuple, List, str, range, bytes)),
    "MutableSequence": lambda v: isinstance(v, List),
    "Mapping": lambda v: isinstance(v, Dict),
    "Callable": lambda v: isinstance(v, (Function, BoundMethod, Builtin, Class, Module)),
    "Iterator": lambda v: isinstance(v, (Iterator, Stream)),
    "Generator": lambda v: isinstance(v, (Iterator, Stream)),
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


# ---- constructing


def constructor(cls: Class) -> Constructor | None:
    """What makes an instance of a supplied class or of a class derived from one."""
    for ancestor in cls.mro:
        found = _CONSTRUCTORS.get(ancestor.qualname)
        if found is not None:
            return found
        if ancestor.kind == "exception" and ancestor.node is None:
            return _exception
    return None


def _plain_value(make: Callable[[World, tuple[Any, ...], dict[str, Any]], Any]) -> Constructor:
    """A class whose instances are host values; an instance of a subclass carries one as its payload."""

    def construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if cls.node is None:
            return make(world, args, keywords)
        if cls.kind == "enum":
            return _enum_member(cls, args)
        if cls.is_subclass(TYPEDDICT):
            return make(world, args, keywords)
        made = (
            Valued(cls) if any(cls.is_subclass(base) for base in (STR, INT, FLOAT, TUPLE)) else Instance(cls)
        )
        own_init = any("__init__" in c.attrs for c in cls.mro)
        try:
            made.payload = make(
                world, () if own_init and cls.is_subclass(DICT) else args, {} if own_init else keywords
            )
        except (ProgramRaises, Undetermined):
            made.payload = make(world, (), {})
        return made

    return construct


def refill(world: World, receiver: Instance, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """`super().__init__(…)` of a class derived from a container: fill the payload."""
    for ancestor in receiver.cls.mro:
        if ancestor.node is None and ancestor.qualname in _MAKERS:
            receiver.payload = _MAKERS[ancestor.qualname](world, args, keywords)
            return


def _enum_member(cls: Class, args: tuple[Any, ...]) -> Any:
    wanted = args[0] if args else None
    for value in cls.attrs.values():
        if isinstance(value, Instance) and value.cls is cls:
            held = value.attrs.get("value")
            if value is wanted or (type(held) is type(wanted) and held == wanted):
                return value
    if isinstance(wanted, Unknown):
        return Unknown(wanted.why, wanted.site)
    hook = next((c.attrs["_missing_"] for c in cls.mro if "_missing_" in c.attrs), None)
    if hook is not None:
        raise Undetermined("_missing_ of an enum")
    raise ProgramRaises("ValueError", f"{wanted!r} is not a valid {cls.name}")


def _enum(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _enum_member(cls, args)


def _exception(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = Instance(cls)
    made.attrs["args"] = args
    return made


def _namespace(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = Instance(cls)
    made.attrs.update(keywords)
    return made


def _named_tuple(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if cls is NAMEDTUPLE:
        from shapelint.interp import named_tuples

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


# ---- host values


def make_int(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.operators import Quotient

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
        return _number("int", "the number in a tensor", after_failure=value.after_failure)
    if isinstance(value, Unknown):
        if value.name is not None:
            return value
        return _number("int", value.why, value.site, after_failure=value.after_failure)
    if isinstance(value, Instance):
        return _by_method(world, value, "__int__", make_int)
    if isinstance(value, (External, Stream, Either)):
        return _number("int", "a number that is not known")
    raise ProgramRaises(
        "TypeError", f"int() argument must be a string or a number, not '{iterate.type_name(value)}'"
    )


def _number(kind: str, why: str, site: Any = None, *, after_failure: bool = False) -> Unknown:
    """A number of which only the kind is known: "int" or "float"."""
    made = Unknown(why, site, after_failure=after_failure, plain=True)
    made.annotation = kind
    return made


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
            return Unknown(f"{value} is not known", plain=True)
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
    if isinstance(value, Instance):
        return _by_method(world, value, "__float__", make_float)
    return _number("float", "a number that is not known")


def make_bool(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.truth import truth

    return truth(world, args[0]) if args else False


def make_str(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import text

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
    return Set(dict.fromkeys(subscripts.key(v) for v in iterate.known_items(world, args[0])))


def make_frozenset(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = make_set(world, args, keywords)
    made.frozen = True
    return made


def make_dict(world: World, args: tuple[Any, ...], keywords: dict[str, Any], kind: str = "dict") -> Any:
    from shapelint.interp import subscripts

    made = Dict({}, kind=kind)
    if args and args[0] is not None:
        source = args[0].payload if isinstance(args[0], Instance) and args[0].payload is not None else args[0]
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
    from shapelint.interp import subscripts

    made = Dict({}, kind="Counter")
    if args and not isinstance(args[0], Dict):
        for item in iterate.known_items(world, args[0]):
            key = subscripts.key(item)
            made.items[key] = made.items.get(key, 0) + 1
    elif args:
        made.items.update(args[0].items)
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


def make_size(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Size(iterate.known_items(world, args[0])) if args else Size()


def make_device(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    value = args[0] if args else keywords.get("device", keywords.get("type"))
    if isinstance(value, Device):
        return value
    if isinstance(value, Either):
        from shapelint.interp.host_calls import each

        return each(world, value, lambda option: make_device(world, (option, *args[1:]), {}))
    if isinstance(value, str):
        kind, _, index = value.partition(":")
        number = (
            args[1] if len(args) > 1 and isinstance(args[1], int) else int(index) if index.isdigit() else None
        )
        return Device(kind, number)
    if isinstance(value, int):
        return Device("cuda", value)
    raise Undetermined("a device that is not known")


def make_parameter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import torch_calls

    data = args[0] if args else keywords.get("data")
    grad = args[1] if len(args) > 1 else keywords.get("requires_grad", True)
    tensor = torch_calls.as_tensor(data) if isinstance(data, Unknown) else data
    if not isinstance(tensor, Tensor):
        if data is None:
            return Tensor((0,), "float32", kind="parameter", requires_grad=True)
        raise Undetermined("a parameter of something that is not known")
    made = Tensor(
        tensor.box, tensor.dtype, kind="parameter", requires_grad=grad if isinstance(grad, bool) else None
    )
    made.data = tensor.data
    made.made = tensor.made
    made.after_failure = tensor.after_failure
    return made


def make_buffer(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = make_parameter(world, args[:1], {k: v for k, v in keywords.items() if k == "data"})
    made.kind, made.requires_grad = "buffer", False
    return made


def make_type(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if len(args) == 1:
        return class_of(args[0])
    from shapelint.interp import classes

    if len(args) != 3:
        raise ProgramRaises("TypeError", "type() takes 1 or 3 arguments")
    name, bases, attrs = args
    found = [classes.as_base(b) for b in iterate.known_items(world, bases)]
    if not isinstance(name, str) or any(b is None for b in found) or not isinstance(attrs, Dict):
        raise Undetermined("type() with three arguments")
    cls = Class(name, name, tuple(b for b in found if b is not None), dict(attrs.items))
    cls.mro = classes.linearise(cls)
    return cls


_MAKERS: dict[str, Callable[[World, tuple[Any, ...], dict[str, Any]], Any]] = {
    "int": make_int,
    "float": make_float,
    "bool": make_bool,
    "str": make_str,
    "list": make_list,
    "tuple": make_tuple,
    "dict": make_dict,
    "set": make_set,
    "frozenset": make_frozenset,
    "range": make_range,
    "slice": make_slice,
    "collections.OrderedDict": make_ordered,
    "collections.defaultdict": make_defaultdict,
    "collections.Counter": make_counter,
    "collections.deque": make_deque,
    "collections.UserDict": make_dict,
    "typing.TypedDict": make_dict,
    "torch.Size": make_size,
    "torch.device": make_device,
    "torch.nn.Parameter": make_parameter,
    "torch.nn.Buffer": make_buffer,
    "type": make_type,
}
_CONSTRUCTORS: dict[str, Constructor] = {
    **{name: _plain_value(make) for name, make in _MAKERS.items()},
    "enum.Enum": _enum,
    "enum.IntEnum": _enum,
    "enum.StrEnum": _enum,
    "enum.Flag": _enum,
    "enum.IntFlag": _enum,
    "typing.NamedTuple": _named_tuple,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "contextlib.suppress": _opaque,
    "torch.Generator": _opaque,
}


# ---- completing classes of the program


def complete(world: World, cls: Class, frame: Frame, settings: dict[str, Any]) -> None:
    """What deriving from a supplied class does to a class body: enum members, NamedTuple fields."""
    if cls.kind == "enum":
        _complete_enum(world, cls)
    elif cls.kind == "namedtuple":
        _complete_named_tuple(cls, frame)


def _complete_enum(world: World, cls: Class) -> None:
    number = 0
    seen: list[Any] = []
    for name, value in list(cls.attrs.items()):
        if name.startswith("_") or isinstance(
            value, (Function, Property, StaticMethod, ClassMethod, Builtin, Class)
        ):
            continue
        if isinstance(value, Instance) and value.cls.qualname == "enum.auto":
            value = _next_value(world, cls, name, number, seen)
        seen.append(value)
        if isinstance(value, int):
            number = value
        alias = next(
            (m for m in cls.attrs.values() if isinstance(m, Instance) and m.cls is cls and m.attrs["value"] == value
             and type(m.attrs["value"]) is type(value)), None
        )  # fmt: skip
        if alias is not None:
            cls.attrs[name] = alias
            continue
        mixed = any(cls.is_subclass(base) for base in (INT, STR, FLOAT, TUPLE))
        member = Valued(cls) if mixed else Instance(cls)
        member.payload = value if mixed else None
        cls.attrs[name] = member
        member.attrs["name"] = member.attrs["_name_"] = name
        member.attrs["value"] = member.attrs["_value_"] = value
        init = next((c.attrs["__init__"] for c in cls.mro if "__init__" in c.attrs), None)
        if isinstance(init, Function):
            from shapelint.interp import calls

            calls.call(world, init, (member, *(value if isinstance(value, tuple) else (value,))), {})


def _next_value(world: World, cls: Class, name: str, number: int, seen: list[Any]) -> Any:
    """What auto() stands for: one more than the last number, the name of a StrEnum, the next bit of a Flag."""
    own = next(
        (c.attrs["_generate_next_value_"] for c in cls.mro if "_generate_next_value_" in c.attrs), None
    )
    if own is not None:
        from shapelint.interp import calls

        return calls.call(world, own, (name, 1, len(seen), List(list(seen))), {})
    if cls.is_subclass(STRENUM):
        return name.lower()
    return 1 << number.bit_length() if cls.is_subclass(FLAG) else number + 1


def _complete_named_tuple(cls: Class, frame: Frame) -> None:
    annotations = cls.attrs.get("__annotations__", {})
    own = tuple(annotations) if isinstance(annotations, dict) else ()
    inherited = next((c.attrs["_fields"] for c in cls.mro[1:] if "_fields" in c.attrs), ())
    fields = inherited or own
    if fields:
        cls.attrs["_fields"] = fields
        cls.attrs.setdefault("_field_defaults", Dict({f: cls.attrs[f] for f in fields if f in cls.attrs}))


def static(world: World, owner: Class, name: str) -> Any:
    """Class-level functions of supplied classes: dict.fromkeys, str.join(", ", …), int.from_bytes, …"""
    from shapelint.interp import attributes

    for ancestor in owner.mro:
        if ancestor.qualname in _MAKERS or ancestor.qualname in ("bytes", "complex"):
            if name == "fromkeys":
                return Builtin("dict.fromkeys", _fromkeys)
            if name in _STATIC:
                return Builtin(f"{ancestor.name}.{name}", _STATIC[name])
            if ancestor.qualname.startswith("torch."):
                from shapelint.interp import torch_calls

                return torch_calls.unbound(world, ancestor.qualname, name)
            if name == "__name__":
                return ancestor.name
            return Builtin(
                f"{ancestor.name}.{name}",
                lambda w, args, keywords: _unbound(w, name, args, keywords),
            )
    if owner.qualname == "torch.Tensor":
        from shapelint.interp import torch_calls

        return torch_calls.unbound(world, "torch.Tensor", name)
    return attributes.MISSING


def _of_type(kind: type, name: str) -> Callable[..., Any]:
    """A function that a Python class has for itself, of plain values."""

    def run(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        from shapelint.interp.host_calls import attempt, back, host

        given = [host(world, a) for a in args]
        return back(attempt(getattr(kind, name), *given, **{k: host(world, v) for k, v in keywords.items()}))

    return run


_STATIC = {
    "maketrans": _of_type(str, "maketrans"),
    "from_bytes": _of_type(int, "from_bytes"),
    "fromhex": _of_type(float, "fromhex"),
}


def _unbound(world: World, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import builtins, calls

    if not args:
        raise ProgramRaises("TypeError", f"unbound method {name}() needs an argument")
    receiver = args[0]
    target = receiver.payload if isinstance(receiver, Instance) and receiver.payload is not None else receiver
    return calls.call(world, builtins.method(world, target, name), args[1:], keywords)


def _fromkeys(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import subscripts

    value = args[1] if len(args) > 1 else None
    return Dict({subscripts.key(k): value for k in iterate.known_items(world, args[0])})
