"""numpy.ndarray: an Instance whose payload is a Tensor that only lends its shape and dtype. What is not sure is unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import ABSENT, takes
from shapelint.interp.library import constant, numpy_numbers, numpy_torch
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.tensors import torch_calls
from shapelint.interp.tensors.arrays import ARRAY, array, is_array
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Class,
    DType,
    Instance,
    Iterator,
    List,
    Property,
    Shape,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
    nesting,
)
from shapelint.values.torch_types import _BYTES

constant("numpy.ndarray", ARRAY)


# ---- to and fro


def tensor_of(value: Any) -> Tensor:
    """The shape and dtype of an array, or of a tensor that is used as one. Undetermined for anything else."""
    found = value.payload if is_array(value) else value
    if isinstance(found, Unknown):
        raise Undetermined(found.why, found)
    if not isinstance(found, Tensor) or not found.known:
        raise Undetermined("an array that is not known")
    return found


def shape_as(world: World, name: str, value: Any, *args: Any, **keywords: Any) -> Tensor:
    """The tensor that a torch operation of the same shape law gives. Nothing is said about a failure: it is unknown."""
    given = [tensor_of(value) if is_array(value) else value, *args]
    guarded, world.guarded = world.guarded, 1
    try:
        with world.mute():
            found = torch_calls.op(world, name, tuple(given), keywords)
    except ProgramRaises:
        raise Undetermined("an array operation that does not fit") from None
    finally:
        world.guarded = guarded
    if not isinstance(found, Tensor) or not found.known:
        raise Undetermined(
            found.why if isinstance(found, Unknown) else "an array operation that is not modelled"
        )
    return found


# ---- dtypes


DTYPES = {
    "float16": "float16",
    "half": "float16",
    "float32": "float32",
    "single": "float32",
    "float64": "float64",
    "double": "float64",
    "float": "float64",
    "float_": "float64",
    "int8": "int8",
    "int16": "int16",
    "int32": "int32",
    "intc": "int32",
    "int64": "int64",
    "int": "int64",
    "int_": "int64",
    "long": "int64",
    "intp": "int64",
    "longlong": "int64",
    "uint8": "uint8",
    "ubyte": "uint8",
    "byte": "int8",
    "short": "int16",
    "uint16": "uint16",
    "uint32": "uint32",
    "uint64": "uint64",
    "uint": "uint64",
    "bool": "bool",
    "bool_": "bool",
    "complex64": "complex64",
    "complex128": "complex128",
    "complex": "complex128",
    "f4": "float32",
    "f8": "float64",
    "i4": "int32",
    "i8": "int64",
    "u1": "uint8",
    "f": "float32",
    "d": "float64",
    "<f4": "float32",
    "<f8": "float64",
    "<i4": "int32",
    "<i8": "int64",
    "f2": "float16",
}


DTYPE = Class("dtype", "numpy.dtype_")  # its instances hold their name as payload


def dtype_value(name: str | None) -> Any:
    """An array's dtype as a value of the program."""
    if name is None:
        return Unknown("an array's dtype", plain=True)
    made = Instance(DTYPE)
    made.payload = name
    made.attrs.update(name=name, itemsize=_BYTES[name], kind=name[0])
    return made


def _same_dtype(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    other = dtype_of(args[1])
    return Unknown("whether dtypes are equal", plain=True) if other is None else other == args[0].payload


DTYPE.attrs["__eq__"] = as_method("__eq__", _same_dtype)


def dtype_of(value: Any) -> str | None:
    """The name of a dtype argument: np.float32, "float32", float, an array's dtype. None when it is not known."""
    if isinstance(value, DType):
        return value.name
    if isinstance(value, Instance) and value.cls is DTYPE:
        return str(value.payload)
    if isinstance(value, str):
        return DTYPES.get(value)
    if isinstance(value, Builtin):
        root, _, last = value.name.rpartition(".")
        return DTYPES.get(last) if root == "numpy" else None
    if isinstance(value, Class) and value.qualname in ("int", "float", "bool", "complex"):
        return DTYPES[value.qualname]
    return None


def chosen(dtype: Any, otherwise: str | None) -> str | None:
    return otherwise if dtype is None or dtype is ABSENT else dtype_of(dtype)


_KINDS = {"bool": 0, "uint": 1, "int": 2, "float": 3, "complex": 4}


def _kind(dtype: str) -> int:
    return _KINDS[dtype.rstrip("0123456789")]


def promote(a: str | None, b: str | None) -> str | None:
    """numpy's common dtype of two arrays. Source: numpy.promote_types."""
    if a == b or a is None or b is None:
        return a if a == b else None
    low, high = sorted((a, b), key=_kind)
    if low == "bool":
        return high
    if _kind(low) == _kind(high):
        return max(a, b, key=lambda d: _BYTES[d])
    if _kind(high) == _KINDS["int"]:  # an unsigned and a signed one
        wide = max(_BYTES[high], 2 * _BYTES[low])
        return f"int{8 * wide}" if wide <= 8 else "float64"
    if _kind(high) == _KINDS["complex"]:
        return "complex128" if _BYTES[low] > 4 or (_kind(low) < 3 and _BYTES[low] > 2) else high
    needed = {1: "float16", 2: "float32"}.get(_BYTES[low], "float64")
    return max(needed, high, key=lambda d: _BYTES[d])


def _with_number(dtype: str | None, number: Any) -> str | None:
    """The dtype of an array that meets a Python number, which has a kind but no width."""
    if dtype is None:
        return None
    if isinstance(number, bool):
        return dtype
    if isinstance(number, (int, Sym)):
        return "int64" if dtype == "bool" else dtype
    if isinstance(number, float):
        return "float64" if _kind(dtype) < 3 else dtype
    return None


def floating(dtype: str | None) -> str | None:
    """What a true division, a mean or a sine of this dtype is made of (None where that depends on the width)."""
    if dtype is None or _kind(dtype) >= 3:
        return dtype
    return "float64" if _BYTES[dtype] >= 4 else None


# ---- operators


def _operands(world: World, a: Any, b: Any) -> tuple[Tensor, Any, str | None]:
    """(an array's tensor, the other operand, their common dtype)."""
    first = tensor_of(a)
    if isinstance(b, (bool, int, float, Sym)):
        return first, b, _with_number(first.dtype, b)
    other = tensor_of(from_values(b) if isinstance(b, List) else b)
    return first, other, promote(first.dtype, other.dtype)


def _binary(
    result: Callable[[str | None], str | None], word: str = "", prefix: str = ""
) -> Callable[..., Any]:
    def law(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if isinstance(args[1], Tensor) and prefix == "r":
            return numpy_torch.tensor_first(world, word, args[1], tensor_of(args[0]))
        if isinstance(args[1], Tensor) and not prefix:
            return numpy_torch.number_first(world, word, tensor_of(args[0]), args[1])
        if isinstance(args[1], (Tensor, Unknown)):
            raise Undetermined("an array meets something else")
        first, other, common = _operands(world, args[0], args[1])
        shape = first.shape
        if isinstance(other, Tensor):
            shape = shape_as(world, "torch.eq", first.like("float32"), other.like("float32")).shape
        data = numpy_numbers.combined(word, *((other, first) if prefix == "r" else (first, other)))
        if prefix == "i":  # in place: seen under the array's other names too
            world.journal.touch_slot(first, "data")
            first.data = numpy_numbers.converted(data, result(common), first.dtype)
            return args[0]
        return array(shape, result(common), data)

    return law


def _same(dtype: str | None) -> str | None:
    return dtype


def _truth(dtype: str | None) -> str | None:
    return "bool"


def _arithmetic(dtype: str | None) -> str | None:
    return None if dtype == "bool" else dtype


for _word in ("add", "sub", "mul", "floordiv", "mod", "pow"):
    for _prefix in ("", "r", "i"):
        ARRAY.attrs[f"__{_prefix}{_word}__"] = as_method(
            f"__{_prefix}{_word}__", _binary(_arithmetic, _word, _prefix)
        )
for _prefix in ("", "r", "i"):
    ARRAY.attrs[f"__{_prefix}truediv__"] = as_method("truediv", _binary(floating, "truediv", _prefix))
for _word in ("and", "or", "xor"):
    for _prefix in ("", "r", "i"):
        ARRAY.attrs[f"__{_prefix}{_word}__"] = as_method(f"__{_word}__", _binary(_same, prefix=_prefix))
for _word in ("lt", "le", "gt", "ge", "eq", "ne"):
    ARRAY.attrs[f"__{_word}__"] = as_method(f"__{_word}__", _binary(_truth, _word))


def matmul(world: World, a: Any, b: Any) -> Instance:
    """`a @ b`."""
    first, second = tensor_of(a), tensor_of(b)
    found = shape_as(world, "torch.matmul", first.like("float32"), second.like("float32"))
    return array(found.shape, promote(first.dtype, second.dtype))


ARRAY.attrs["__matmul__"] = as_method(
    "__matmul__", lambda world, args, keywords: matmul(world, args[0], args[1])
)


def _unary(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = tensor_of(args[0])
    return array(held.shape, held.dtype)


for _word in ("neg", "pos", "abs", "invert"):
    ARRAY.attrs[f"__{_word}__"] = as_method(f"__{_word}__", _unary)


# ---- items


def _item(at: Any) -> Any:
    """An index with arrays as the tensors they hold; slices that run backwards are read as forward ones of their length."""
    if isinstance(at, tuple) and not nesting.endless(at):
        return tuple(map(_item, at))
    if isinstance(at, slice):
        if isinstance(at.step, int) and at.step < 0:
            if at.start is None and at.stop is None:
                return slice(None, None, -at.step)
            raise Undetermined("a slice that runs backwards")
        return slice(*(_item(p) for p in (at.start, at.stop, at.step)))
    return at.payload if is_array(at) else at


def _get(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`array[at]`; a whole index of integers gives a number, which stays an array without axes here."""
    held, at = tensor_of(args[0]), args[1]
    found = shape_as(world, "torch.Tensor.__getitem__", held, _item(at))
    data: tuple[object, ...] | None = None
    if held.data is not None and held.rank == 1:
        if isinstance(at, int):
            data = (held.data[at],)
        elif isinstance(at, slice) and all(
            isinstance(p, (int, type(None))) for p in (at.start, at.stop, at.step)
        ):
            data = held.data[at]
    return array(found.shape, held.dtype, data)


def _set(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Values are written, and no longer known; shape and dtype stay."""
    held = tensor_of(args[0])
    world.journal.touch_slot(held, "data")
    held.data = None


def _iter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = tensor_of(args[0])
    if held.rank == 0:
        raise ProgramRaises("TypeError", "iteration over a 0-d array")
    count = held.shape[0]
    row = array(held.shape[1:], held.dtype)
    if held.data is not None and held.rank == 1:
        return Iterator([array((), held.dtype, (number,)) for number in held.data])
    if isinstance(count, int) and count <= 256:
        return Iterator([array(held.shape[1:], held.dtype) for _ in range(count)])
    return Stream(row, f"the number of rows is {count}", count)


def _len(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = tensor_of(args[0])
    if held.rank == 0:
        raise ProgramRaises("TypeError", "len() of unsized object")
    return held.shape[0]


def _as_number(convert: Callable[[Any], Any]) -> Callable[..., Any]:
    """float(array), int(array): of one number that is known."""

    def law(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        held = tensor_of(args[0])
        if held.data is not None and len(held.data) == 1:
            return convert(held.data[0])
        made = Unknown("what an array holds", world.site(), plain=True)
        made.annotation = convert.__name__
        return made

    return law


def _unsure(why: str) -> Callable[..., Any]:
    return lambda world, args, keywords: Unknown(why, world.site(), plain=True)


for _name, _law in {
    "__getitem__": _get,
    "__setitem__": _set,
    "__iter__": _iter,
    "__len__": _len,
    "__bool__": _as_number(bool),
    "__contains__": _unsure("what an array holds"),
    "__float__": _as_number(float),
    "__int__": _as_number(int),
    "__index__": _as_number(int),
}.items():
    ARRAY.attrs[_name] = as_method(f"{_name}", _law)


# ---- attributes


def _property(name: str, law: Callable[[World, Tensor], Any]) -> None:
    ARRAY.attrs[name] = Property(
        Builtin(f"numpy.ndarray.{name}", lambda world, args, keywords: law(world, tensor_of(args[0])))
    )


_property("shape", lambda world, held: tuple(held.shape))
_property("ndim", lambda world, held: held.rank)
_property("size", lambda world, held: held.numel)
_property("T", lambda world, held: array(tuple(reversed(held.shape)), held.dtype))
_property("dtype", lambda world, held: dtype_value(held.dtype))
_property("flat", lambda world, held: array((held.numel,), held.dtype))


def method(name: str, signature: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A method of arrays, given the world, the array and its bound arguments."""

    def register(law: Callable[..., Any]) -> Callable[..., Any]:
        ARRAY.attrs[name] = as_method(f"{name}", takes(f"self, {signature}".rstrip(", "), plain=True)(law))
        return law

    return register


@method("astype", "dtype, order='K', casting='unsafe', subok=True, copy=True")
def astype(world: World, self: Any, dtype: Any, **_: Any) -> Instance:
    return array(tensor_of(self).shape, dtype_of(dtype))


for _name in ("copy", "view", "__copy__", "__array__"):

    @method(_name, "*args, **keywords")
    def copy(world: World, self: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
        held = tensor_of(self)
        if args or keywords:
            raise Undetermined("an array seen as another type")
        return array(held.shape, held.dtype)


for _name in ("fill", "sort", "setflags", "tofile", "itemset"):

    @method(_name, "*args, **keywords")
    def in_place(world: World, self: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        return None


@method("tolist", "")
def tolist(world: World, self: Any) -> Any:
    held = tensor_of(self)
    if not held.shape:
        return held.data[0] if held.data is not None else _number(held.dtype)
    count = held.numel
    if not isinstance(count, int) or count > 4_096 or not all(isinstance(n, int) for n in held.shape):
        made = List([], Unknown("the numbers of an array", plain=True))
        made.made_from = Unknown("a number of an array", plain=True)
        return made
    numbers = held.data if held.data is not None else [_number(held.dtype) for _ in range(count)]
    return _nested(list(numbers), [int(n) for n in held.shape])


def _nested(numbers: list[Any], shape: list[int]) -> List:
    """Numbers in row-major order as lists of lists."""
    if len(shape) == 1:
        return List(numbers)
    step = len(numbers) // shape[0] if shape[0] else 0
    return List([_nested(numbers[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])])


def _number(dtype: str | None) -> Unknown:
    """A number of an array, of which the kind is known."""
    made = Unknown("a number of an array", plain=True)
    kind = "" if dtype is None else dtype.lstrip("u").rstrip("0123456789")
    made.annotation = kind if kind in ("int", "float", "bool") else None
    return made


# ---- values


def from_values(value: Any) -> Instance:
    """np.array of nested lists and tuples of numbers and arrays."""
    if nesting.endless(value):
        raise Undetermined("an array of what holds itself, or more than can be followed")
    shape, dtype = _contents(value)
    if type(value) in (int, float):
        return array(shape, dtype, (value,))
    items = list(value) if isinstance(value, tuple) else value.items if isinstance(value, List) else ()
    items = [_plain(item) for item in items]
    plain = (
        dtype in ("int64", "float64") and len(shape) == 1 and all(isinstance(i, (int, float)) for i in items)
    )
    convert = float if dtype == "float64" else int
    return array(
        shape, dtype, tuple(map(convert, items)) if plain and items and len(items) <= 1_024 else None
    )


def _plain(item: Any) -> Any:
    """The number in an array without axes, where it is known; everything else is what it is."""
    held = item.payload if is_array(item) else None
    return held.data[0] if isinstance(held, Tensor) and held.data and held.shape == () else item


def _contents(value: Any) -> tuple[Shape, str | None]:
    if is_array(value) or isinstance(value, Tensor):
        held = tensor_of(value)
        return held.shape, held.dtype
    if isinstance(value, bool):
        return (), "bool"
    if isinstance(value, (int, Sym)):
        return (), "int64"
    if isinstance(value, float):
        return (), "float64"
    if isinstance(value, complex):
        return (), "complex128"
    if isinstance(value, range):
        return (iterate.range_length(value),), "int64"
    items = list(value) if isinstance(value, tuple) else value.items if isinstance(value, List) else None
    if items is None or (isinstance(value, List) and value.open is not None):
        raise Undetermined("what an array is made of")
    if not items:
        return (0,), "float64"
    if all(isinstance(i, (int, float)) for i in items):
        return (len(items),), _numbers(items)
    inner = [_contents(i) for i in items]
    first = inner[0][0]
    dtype: str | None = inner[0][1]
    for shape, other in inner[1:]:
        if len(shape) != len(first) or not all(
            dims.equal(a, b).yes for a, b in zip(first, shape, strict=True)
        ):
            raise Undetermined("an array of parts that differ")
        dtype = promote(dtype, other)
    return (len(items), *first), dtype


def _numbers(items: list[Any]) -> str:
    if any(isinstance(i, float) for i in items):
        return "float64"
    return "bool" if all(isinstance(i, bool) for i in items) else "int64"


def sizes(world: World, value: Any) -> Shape:
    """A shape argument: one size or several. What is not known may be either, unless it was used as a number before."""
    if isinstance(value, (tuple, List)):
        return tuple(one_size(v) for v in iterate.known_items(world, value))
    if isinstance(value, Unknown) and value.symbol is None:
        raise Undetermined(value.why, value)
    return (one_size(value),)


def one_size(value: Any) -> Dim:
    """An argument that is one size."""
    if isinstance(value, (int, Sym)):
        return value
    if isinstance(value, Unknown):
        return value.as_size()
    raise Undetermined("a size that is not known")
