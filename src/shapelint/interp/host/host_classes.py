"""The classes that Python and torch supply: int, dict, Exception, Enum, …, as Class values, and what subclassing them means."""

from __future__ import annotations

from typing import Any

from shapelint.values import Builtin, Class, Unknown

OBJECT = Class("object", "object")
TYPE = Class("type", "type")
EXCEPTIONS: dict[str, Class] = {}
CLASSES: dict[str, Class] = {"object": OBJECT, "type": TYPE}


def declare(
    name: str, *, kind: str = "host", base: Class | None = None, qualname: str | None = None
) -> Class:
    cls = Class(name, qualname or name, (base,) if base is not None else ())
    if base is not None:
        cls.mro = (cls, *base.mro)
    cls.kind = kind
    CLASSES[qualname or name] = cls
    return cls


INT = declare("int")
BOOL = declare("bool", base=INT)
FLOAT = declare("float")
COMPLEX = declare("complex")
STR = declare("str")
BYTES = declare("bytes")
LIST = declare("list")
TUPLE = declare("tuple")
DICT = declare("dict")
SET = declare("set")
FROZENSET = declare("frozenset")
RANGE = declare("range")
SLICE = declare("slice")
NONE = declare("NoneType")
PROPERTY = declare("property", kind="property")
FUNCTION = declare("function", qualname="types.FunctionType")
METHOD = declare("MethodType", qualname="types.MethodType")
LAMBDA = declare("LambdaType", qualname="types.LambdaType")
ORDERED = declare("OrderedDict", base=DICT, qualname="collections.OrderedDict")
DEFAULTDICT = declare("defaultdict", base=DICT, qualname="collections.defaultdict")
COUNTER = declare("Counter", base=DICT, qualname="collections.Counter")
DEQUE = declare("deque", qualname="collections.deque")
USERDICT = declare("UserDict", base=DICT, qualname="collections.UserDict")
TENSOR = declare("Tensor", qualname="torch.Tensor")
PARAMETER = declare("Parameter", base=TENSOR, qualname="torch.nn.Parameter")
BUFFER = declare("Buffer", base=TENSOR, qualname="torch.nn.Buffer")
SIZE = declare("Size", base=TUPLE, qualname="torch.Size")
DEVICE = declare("device", qualname="torch.device")
DTYPE = declare("dtype", qualname="torch.dtype")
ENUM = declare("Enum", kind="enum", qualname="enum.Enum")
ENUM_META = declare("EnumMeta", base=TYPE, qualname="enum.EnumMeta")
INTENUM = Class("IntEnum", "enum.IntEnum", (INT, ENUM))
INTENUM.mro, INTENUM.kind = (INTENUM, INT, ENUM), "enum"
STRENUM = Class("StrEnum", "enum.StrEnum", (STR, ENUM))
STRENUM.mro, STRENUM.kind = (STRENUM, STR, ENUM), "enum"
FLAG = declare("Flag", kind="enum", base=ENUM, qualname="enum.Flag")
INTFLAG = Class("IntFlag", "enum.IntFlag", (INT, FLAG))
INTFLAG.mro, INTFLAG.kind = (INTFLAG, INT, *FLAG.mro), "enum"
NAMEDTUPLE = declare("NamedTuple", kind="namedtuple", base=TUPLE, qualname="typing.NamedTuple")
TYPEDDICT = declare("TypedDict", kind="host", base=DICT, qualname="typing.TypedDict")
NAMESPACE = declare("SimpleNamespace", kind="namespace", qualname="types.SimpleNamespace")
ARGS = declare("Namespace", kind="namespace", qualname="argparse.Namespace")
SUPPRESS = declare("suppress", kind="suppress", qualname="contextlib.suppress")
GENERATOR = declare("Generator", kind="opaque", qualname="torch.Generator")
GENERATOR.unknown_base = Unknown("what a generator of random numbers gives", plain=True)
CLASSES.update(
    {
        "enum.IntEnum": INTENUM,
        "enum.StrEnum": STRENUM,
        "enum.IntFlag": INTFLAG,
        "enum.EnumType": ENUM_META,
        "abc.ABCMeta": TYPE,
        "typing.Dict": DICT,
        "typing.List": LIST,
        "typing.Tuple": TUPLE,
        "typing.OrderedDict": ORDERED,
        "typing_extensions.TypedDict": TYPEDDICT,
        "collections.UserList": LIST,
        "torch.nn.parameter.Parameter": PARAMETER,
        "torch.Generator": GENERATOR,
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
    EXCEPTIONS[_name] = declare(_name, kind="exception", base=EXCEPTIONS[_base] if _base else None)
EXCEPTIONS["FrozenInstanceError"] = declare(
    "FrozenInstanceError",
    kind="exception",
    base=EXCEPTIONS["AttributeError"],
    qualname="dataclasses.FrozenInstanceError",
)
CLASSES["IOError"] = CLASSES["EnvironmentError"] = EXCEPTIONS["OSError"]


def base_of(qualname: str) -> Class | None:
    """The supplied class of a qualified name."""
    return CLASSES.get(qualname)


def meant(value: Any) -> Any:
    """What a name stands for where it is compared: torch.Tensor is called as an operation is, and is the class of its results."""
    return CLASSES.get(value.name, value) if isinstance(value, Builtin) else value


def names() -> dict[str, Class]:
    """The classes that are built-in names."""
    return {n: c for n, c in CLASSES.items() if "." not in n and n not in ("NoneType",)}
