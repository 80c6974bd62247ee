"""numpy.ndarray: an Instance whose payload is a Tensor that only lends its shape and dtype. What is not sure is unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.dims import Sym
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, numpy_numbers, numpy_torch
from shapelint.interp.library.numpy_dtypes import dtype_of, dtype_value, floating, promote, with_number
from shapelint.interp.library.numpy_values import from_values, tensor_of
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.tensors import torch_calls
from shapelint.interp.tensors.arrays import ARRAY, array, is_array
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Instance,
    Iterator,
    List,
    Property,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
    nesting,
)

constant("numpy.ndarray", ARRAY)


# ---- to and fro


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


# ---- operators


def _operands(world: World, a: Any, b: Any) -> tuple[Tensor, Any, str | None]:
    """(an array's tensor, the other operand, their common dtype)."""
    first = tensor_of(a)
    if isinstance(b, (bool, int, float, Sym)):
        return first, b, with_number(first.dtype, b)
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
