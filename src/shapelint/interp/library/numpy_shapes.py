"""numpy functions and array methods that move axes, join, reduce or compute element by element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.interp import iterate
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function, numpy_numbers
from shapelint.interp.library.numpy_arrays import matmul, method, shape_as
from shapelint.interp.library.numpy_dtypes import chosen, floating, promote
from shapelint.interp.library.numpy_values import from_values, sizes, tensor_of
from shapelint.interp.tensors.arrays import array, is_array
from shapelint.interp.world import World
from shapelint.values import Instance, List, Shape, Tensor, Undetermined, Unknown

_Law = Callable[..., Any]


def given(value: Any) -> Tensor:
    """An argument that is an array, or that numpy makes one of."""
    return tensor_of(from_values(value) if isinstance(value, (List, tuple, int, float)) else value)


def both(name: str, signature: str, *also: str) -> Callable[[_Law], _Law]:
    """A function `np.name(a, …)` that is a method `a.name(…)` too."""

    def register(law: _Law) -> _Law:
        method(name, signature)(lambda world, self, **bound: law(world, a=self, **bound))
        function(f"numpy.{name}", *(f"numpy.{n}" for n in also))(
            takes(f"a, {signature}".rstrip(", "), plain=True)(law)
        )
        return law

    return register


# ---- axes


@method("reshape", "*shape, order='C', copy=None")
def reshape_method(world: World, self: Any, shape: tuple[Any, ...], **_: Any) -> Instance:
    return reshape(world, self, shape[0] if len(shape) == 1 else tuple(shape))


@function("numpy.reshape")
@takes("a, shape=None, order='C', newshape=None, copy=None", plain=True)
def reshape_function(world: World, a: Any, shape: Any, newshape: Any, **_: Any) -> Instance:
    return reshape(world, a, newshape if shape is None else shape)


def reshape(world: World, a: Any, shape: Any) -> Instance:
    held = given(a)
    return array(shape_as(world, "torch.reshape", held, sizes(world, shape)).shape, held.dtype)


@method("transpose", "*axes")
def transpose_method(world: World, self: Any, axes: tuple[Any, ...]) -> Instance:
    return transpose(
        world, self, axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, List)) else axes or None
    )


@function("numpy.transpose")
@takes("a, axes=None", plain=True)
def transpose_function(world: World, a: Any, axes: Any) -> Instance:
    return transpose(world, a, axes)


def transpose(world: World, a: Any, axes: Any) -> Instance:
    """All axes in the given order, backwards when there is none."""
    held = given(a)
    if axes is None or axes == ():
        return array(tuple(reversed(held.shape)), held.dtype)
    order = tuple(iterate.known_items(world, axes))
    return array(shape_as(world, "torch.permute", held, order).shape, held.dtype)


def _like_torch(name: str, signature: str, torch_name: str, *order: str) -> None:
    """A law that torch has under another name."""

    def law(world: World, a: Any, **bound: Any) -> Instance:
        held = given(a)
        return array(shape_as(world, torch_name, held, *(bound[n] for n in order)).shape, held.dtype)

    both(name, signature)(law)


_like_torch("swapaxes", "axis1, axis2", "torch.transpose", "axis1", "axis2")
_like_torch("flatten", "order='C'", "torch.flatten")
_like_torch("ravel", "order='C'", "torch.flatten")


@both("squeeze", "axis=None")
def squeeze(world: World, a: Any, axis: Any) -> Instance:
    held = given(a)
    found = (
        shape_as(world, "torch.squeeze", held)
        if axis is None
        else shape_as(world, "torch.squeeze", held, axis)
    )
    return array(found.shape, held.dtype)


@function("numpy.expand_dims")
@takes("a, axis", plain=True)
def expand_dims(world: World, a: Any, axis: Any) -> Instance:
    held = given(a)
    return array(shape_as(world, "torch.unsqueeze", held, axis).shape, held.dtype)


@function("numpy.moveaxis")
@takes("a, source, destination", plain=True)
def moveaxis(world: World, a: Any, source: Any, destination: Any) -> Instance:
    held = given(a)
    return array(shape_as(world, "torch.movedim", held, source, destination).shape, held.dtype)


@function(
    "numpy.roll",
    "numpy.flip",
    "numpy.fliplr",
    "numpy.flipud",
    "numpy.ascontiguousarray",
    "numpy.random.permutation",
)
@takes("a, *args, **keywords", plain=True)
def same_shape(world: World, a: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    """Elements move, shape and dtype stay. (A permutation of n is one of the numbers below it.)"""
    if isinstance(a, int) and not isinstance(a, bool):
        return array((a,), "int64")
    held = given(a)
    return array(held.shape, held.dtype)


@function("numpy.tile")
@takes("A, reps", plain=True)
def tile(world: World, A: Any, reps: Any) -> Instance:
    held = given(A)
    return array(shape_as(world, "torch.tile", held, sizes(world, reps)).shape, held.dtype)


@both("repeat", "repeats, axis=None")
def repeat(world: World, a: Any, repeats: Any, axis: Any) -> Instance:
    held = given(a)
    if not isinstance(repeats, int):
        raise Undetermined("how often an array is repeated")
    if axis is None:
        return array((held.numel * repeats,), held.dtype)
    at = _axis(axis, held.rank)
    return array(tuple(n * repeats if i == at else n for i, n in enumerate(held.shape)), held.dtype)


def _axis(axis: Any, rank: int) -> int:
    if isinstance(axis, bool) or not isinstance(axis, int) or not -rank <= axis < rank:
        raise Undetermined("an axis that is not known")
    return axis % rank


@function("numpy.pad")
@takes("array, pad_width, mode='constant', **keywords", plain=True)
def pad(world: World, array: Any, pad_width: Any, **_: Any) -> Instance:
    held = given(array)
    return _array(_padded(world, held.shape, pad_width), held.dtype)


_array = array


def _padded(world: World, shape: Shape, width: Any) -> Shape:
    if isinstance(width, int):
        return tuple(n + 2 * width for n in shape)
    pairs = iterate.known_items(world, width)
    if len(pairs) == 2 and all(isinstance(p, int) for p in pairs):
        return tuple(n + pairs[0] + pairs[1] for n in shape)
    widths = [iterate.known_items(world, p) for p in pairs]
    if len(widths) != len(shape) or not all(
        len(w) == 2 and all(isinstance(x, int) for x in w) for w in widths
    ):
        raise Undetermined("how an array is padded")
    return tuple(n + before + after for n, (before, after) in zip(shape, widths, strict=True))


# ---- joining


def _parts(world: World, arrays: Any) -> list[Tensor]:
    found = [given(a) for a in iterate.known_items(world, arrays)]
    if not found:
        raise Undetermined("no arrays to join")
    return found


def _joined(world: World, name: str, parts: list[Tensor], *args: Any) -> Instance:
    dtype = parts[0].dtype
    for part in parts[1:]:
        dtype = promote(dtype, part.dtype)
    return array(shape_as(world, name, List([p.like("float32") for p in parts]), *args).shape, dtype)


@function("numpy.concatenate", "numpy.concat")
@takes("arrays, axis=0, out=None, *, dtype=None, casting=None", plain=True)
def concatenate(world: World, arrays: Any, axis: Any, **_: Any) -> Instance:
    parts = _parts(world, arrays)
    if axis is None:
        parts, axis = [p.with_shape(p.numel) for p in parts], 0
    return _joined(world, "torch.cat", parts, axis)


@function("numpy.stack")
@takes("arrays, axis=0, out=None, *, dtype=None, casting=None", plain=True)
def stack(world: World, arrays: Any, axis: Any, **_: Any) -> Instance:
    return _joined(world, "torch.stack", _parts(world, arrays), axis)


for _name in ("vstack", "hstack", "dstack", "column_stack"):

    @function(f"numpy.{_name}", *(("numpy.row_stack",) if _name == "vstack" else ()))
    @takes("tup", plain=True)
    def several(world: World, tup: Any, name: str = f"torch.{_name}") -> Instance:
        return _joined(world, name, _parts(world, tup))


@function("numpy.append")
@takes("arr, values, axis=None", plain=True)
def append(world: World, arr: Any, values: Any, axis: Any) -> Instance:
    result = concatenate(world, (List([arr, values]), axis), {})
    if not isinstance(result, Instance):
        raise Undetermined("arrays that cannot be joined")
    return result


@function("numpy.split", "numpy.array_split")
@takes("ary, indices_or_sections, axis=0", plain=True)
def split(world: World, ary: Any, indices_or_sections: Any, axis: Any) -> List:
    held = given(ary)
    at, count = _axis(axis, held.rank), indices_or_sections
    size = held.shape[at]
    if not isinstance(count, int) or not isinstance(size, int) or count < 1 or count > 1_000:
        raise Undetermined("how an array is split")
    lengths = [size // count + (i < size % count) for i in range(count)]
    return List([array((*held.shape[:at], n, *held.shape[at + 1 :]), held.dtype) for n in lengths])


# ---- reducing


def _left(world: World, shape: Shape, axis: Any, keepdims: Any) -> Shape:
    """The shape without the reduced axes."""
    if not isinstance(keepdims, bool):
        raise Undetermined("whether axes are kept")
    gone = (
        set(range(len(shape)))
        if axis is None
        else {
            _axis(a, len(shape))
            for a in (iterate.known_items(world, axis) if isinstance(axis, (tuple, List)) else [axis])
        }
    )
    return tuple(1 if i in gone else n for i, n in enumerate(shape) if keepdims or i not in gone)


def _reduction(name: str, dtype_law: Callable[[str | None], str | None], signature: str, *also: str) -> None:
    def law(
        world: World, a: Any, axis: Any = None, keepdims: Any = False, dtype: Any = None, **_: Any
    ) -> Instance:
        held = given(a)
        whole = axis is None and keepdims is False and dtype is None
        data = numpy_numbers.reduced(name, held) if whole else None
        return array(_left(world, held.shape, axis, keepdims), chosen(dtype, dtype_law(held.dtype)), data)

    both(name, signature, *also)(law)


def _summed(dtype: str | None) -> str | None:
    if dtype in ("bool", "int8", "int16", "int32"):
        return "int64"
    return None if dtype in ("uint8", "uint16", "uint32") else dtype


def _mean(dtype: str | None) -> str | None:
    """Means of all integers are float64."""
    return "float64" if dtype == "bool" or (dtype or "").lstrip("u").startswith("int") else dtype


def _index(dtype: str | None) -> str | None:
    return "int64"


def _same(dtype: str | None) -> str | None:
    return dtype


def _truth(dtype: str | None) -> str | None:
    return "bool"


_reduction("sum", _summed, "axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None")
_reduction("prod", _summed, "axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None")
_reduction("mean", _mean, "axis=None, dtype=None, out=None, keepdims=False, where=None")
_reduction("std", _mean, "axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None")
_reduction("var", _mean, "axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=None")
_reduction("max", _same, "axis=None, out=None, keepdims=False, initial=None, where=None", "amax")
_reduction("min", _same, "axis=None, out=None, keepdims=False, initial=None, where=None", "amin")
_reduction("argmax", _index, "axis=None, out=None, keepdims=False")
_reduction("argmin", _index, "axis=None, out=None, keepdims=False")
_reduction("all", _truth, "axis=None, out=None, keepdims=False, where=None")
_reduction("any", _truth, "axis=None, out=None, keepdims=False, where=None")
for _name in ("median", "nanmean", "nanstd", "nanmedian"):

    @function(f"numpy.{_name}")
    @takes("a, axis=None, dtype=None, out=None, keepdims=False", plain=True)
    def mean_of(world: World, a: Any, axis: Any, keepdims: Any, **_: Any) -> Instance:
        held = given(a)
        return array(_left(world, held.shape, axis, keepdims), _mean(held.dtype))


@both("cumsum", "axis=None, dtype=None, out=None")
def cumsum(world: World, a: Any, axis: Any, dtype: Any, **_: Any) -> Instance:
    held = given(a)
    summed = chosen(dtype, _summed(held.dtype))
    data = numpy_numbers.running_sums(held) if summed == held.dtype else None
    return array((held.numel,) if axis is None else held.shape, summed, data)


@both("argsort", "axis=-1, kind=None, order=None, stable=None")
def argsort(world: World, a: Any, axis: Any, **_: Any) -> Instance:
    held = given(a)
    return array((held.numel,) if axis is None else held.shape, "int64")


@function("numpy.sort")
@takes("a, axis=-1, kind=None, order=None, stable=None", plain=True)
def sort(world: World, a: Any, axis: Any, **_: Any) -> Instance:
    held = given(a)
    return array((held.numel,) if axis is None else held.shape, held.dtype)


# ---- element by element


def _elementwise(names: str, law: Callable[[str | None], str | None]) -> None:
    for name in names.split():

        @function(f"numpy.{name}")
        @takes("x, *args, **keywords", plain=True)
        def one(
            world: World, x: Any, args: tuple[Any, ...], keywords: dict[str, Any], name: str = name
        ) -> Any:
            held = given(x)
            if keywords.get("dtype") is not None:
                raise Undetermined("a dtype that is asked for")
            return array(held.shape, law(held.dtype), numpy_numbers.mapped(name, held))


_elementwise(
    "sin cos tan arcsin arccos arctan sinh cosh tanh exp exp2 expm1 log log2 log10 log1p sqrt cbrt", floating
)
_elementwise("deg2rad rad2deg radians degrees", floating)
_elementwise("sign negative positive square conj nan_to_num", _same)
_elementwise("isnan isinf isfinite logical_not", _truth)


@both("round", "decimals=0, out=None", "around")
def rounded(world: World, a: Any, **_: Any) -> Instance:
    held = given(a)
    return array(held.shape, held.dtype)


@function("numpy.abs", "numpy.absolute", "numpy.fabs")
@takes("x", plain=True)
def absolute(world: World, x: Any) -> Any:
    held = given(x)
    return array(
        held.shape, held.dtype if held.dtype is None or not held.dtype.startswith("complex") else None
    )


@both("clip", "a_min=None, a_max=None, out=None, min=None, max=None")
def clip(world: World, a: Any, **bounds: Any) -> Instance:
    held = given(a)
    plain = all(isinstance(b, (int, float, type(None))) for b in bounds.values())
    whole = all(not isinstance(b, float) for b in bounds.values())
    return array(
        held.shape, held.dtype if plain and (whole or (held.dtype or "").startswith("float")) else None
    )


@function("numpy.dot", "numpy.matmul")
@takes("a, b", plain=True)
def dot(world: World, a: Any, b: Any) -> Instance:
    first, second = given(a), given(b)
    if first.rank > 2 or second.rank > 2:
        raise Undetermined("a product of many axes")
    return matmul(world, first, second)


@function("numpy.where")
@takes("condition, x=None, y=None", plain=True)
def where(world: World, condition: Any, x: Any, y: Any) -> Any:
    held = given(condition)
    if x is None:
        count = dims.symbol("n", low=0)
        return tuple(array((count,), "int64") for _ in range(held.rank))
    if not is_array(x) or not is_array(y):
        raise Undetermined("a choice between numbers")
    a, b = tensor_of(x), tensor_of(y)
    both_of = shape_as(world, "torch.eq", a.like("float32"), b.like("float32"))
    whole = shape_as(world, "torch.eq", held.like("float32"), both_of.like("float32"))
    return array(whole.shape, promote(a.dtype, b.dtype))


@function("numpy.shape")
@takes("a", plain=True)
def shape(world: World, a: Any) -> Any:
    return tuple(given(a).shape)


@function("numpy.size")
@takes("a", plain=True)
def size(world: World, a: Any) -> Dim:
    return given(a).numel


@function("numpy.ndim")
@takes("a", plain=True)
def ndim(world: World, a: Any) -> int:
    return given(a).rank


@function("numpy.unique")
@takes("ar, return_index=False, return_inverse=False, return_counts=False, axis=None, **keywords", plain=True)
def unique(
    world: World, ar: Any, return_index: Any, return_inverse: Any, return_counts: Any, axis: Any, **_: Any
) -> Any:
    if axis is not None or return_index is not False or return_inverse is not False:
        raise Undetermined("the values of an array")
    count = dims.symbol("n", low=0)
    values = array((count,), given(ar).dtype)
    return values if return_counts is False else (values, array((count,), "int64"))


@method("item", "*args")
def item(world: World, self: Any, args: tuple[Any, ...]) -> Any:
    held = tensor_of(self)
    if args or held.data is None or len(held.data) != 1:
        return Unknown("a number of an array", plain=True)
    return held.data[0]
