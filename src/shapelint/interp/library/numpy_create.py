"""Making numpy arrays: zeros, array, arange, random numbers. Floats are float64 and integers int64 unless told."""

from __future__ import annotations

import math
from typing import Any

from shapelint.dims import Sym
from shapelint.interp import iterate
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function, numpy_numbers
from shapelint.interp.library.numpy_dtypes import DTYPES, chosen, dtype_of, dtype_value
from shapelint.interp.library.numpy_shapes import given
from shapelint.interp.library.numpy_values import from_values, one_size, sizes, tensor_of
from shapelint.interp.library.outside import nothing
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.library.torch_classes import plain_class
from shapelint.interp.tensors.arrays import array, is_array
from shapelint.interp.world import World
from shapelint.values import Instance, List, Stream, Tensor, Undetermined, Unknown, some_number

for _name, _value in {
    "pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None, "Inf": math.inf, "NaN": math.nan,
    "euler_gamma": 0.5772156649015329,
}.items():  # fmt: skip
    constant(f"numpy.{_name}", _value)
nothing(
    "numpy.random.seed",
    "numpy.random.shuffle",
    "numpy.set_printoptions",
    "numpy.seterr",
    "numpy.save",
    "numpy.savez",
)
nothing("numpy.savetxt", "numpy.random.set_state")


@function("numpy.zeros", "numpy.ones", "numpy.empty")
@takes("shape, dtype=None, order='C', *, device=None, like=None", plain=True)
def zeros(world: World, shape: Any, dtype: Any, **_: Any) -> Instance:
    return array(sizes(world, shape), chosen(dtype, "float64"))


@function("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like")
@takes("a, dtype=None, order='K', subok=True, shape=None", plain=True)
def zeros_like(world: World, a: Any, dtype: Any, shape: Any, **_: Any) -> Instance:
    held = given(a)
    return array(held.shape if shape is None else sizes(world, shape), chosen(dtype, held.dtype))


@function("numpy.full")
@takes("shape, fill_value, dtype=None, order='C'", plain=True)
def full(world: World, shape: Any, fill_value: Any, dtype: Any, **_: Any) -> Instance:
    return array(sizes(world, shape), chosen(dtype, given(fill_value).dtype if dtype is None else None))


@function("numpy.full_like")
@takes("a, fill_value, dtype=None, order='K'", plain=True)
def full_like(world: World, a: Any, fill_value: Any, dtype: Any, **_: Any) -> Instance:
    held = given(a)
    return array(held.shape, chosen(dtype, held.dtype))


@function("numpy.array", "numpy.asarray")
@takes("object, dtype=None, **keywords", plain=True)
def from_object(world: World, object: Any, dtype: Any, **_: Any) -> Any:
    """Nested lists, arrays, tensors and images."""
    from shapelint.interp.library.torchvision_images import pixels

    if isinstance(object, Instance) and not is_array(object):
        found = pixels(object)
        if found is None:
            raise Undetermined("what an array is made of")
        object = found
    if is_array(object) or isinstance(object, Tensor):
        return _in_dtype(tensor_of(object), dtype)
    if isinstance(object, List):
        world.spend(2 * len(object.items))
    made = from_values(object)
    return made if dtype is None else _in_dtype(made.payload, dtype)


def _in_dtype(held: Tensor, dtype: Any) -> Instance:
    wanted = chosen(dtype, held.dtype)
    return array(held.shape, wanted, numpy_numbers.converted(held.data, held.dtype, wanted))


@function("numpy.atleast_1d")
@takes("ary", plain=True)
def atleast_1d(world: World, ary: Any) -> Instance:
    """An array with an axis: one number makes an array of one."""
    held = tensor_of(ary) if is_array(ary) else from_values(ary).payload
    data = held.data if held.rank else numpy_numbers.numbers(ary) if not is_array(ary) else held.data
    return array(held.shape or (1,), held.dtype, data)


@function("numpy.arange")
@takes("*args, start=None, stop=None, step=None, dtype=None", plain=True)
def arange(world: World, args: tuple[Any, ...], start: Any, stop: Any, step: Any, dtype: Any) -> Instance:
    numbers = list(args)
    if start is not None or stop is not None or step is not None:
        raise Undetermined("bounds by name")
    if not numbers or not all(isinstance(n, (int, float, Sym)) for n in numbers):
        raise Undetermined("bounds that are not known")
    kind = "float64" if any(isinstance(n, float) for n in numbers) else "int64"
    first, last, by = (
        (0, numbers[0], 1) if len(numbers) == 1 else (numbers[0], numbers[1], (numbers[2:] or [1])[0])
    )
    if by == 1 and isinstance(first, int) and isinstance(last, Sym):
        return array((last - first,), chosen(dtype, kind))
    if not all(isinstance(n, (int, float)) for n in (first, last, by)) or by == 0:
        raise Undetermined("bounds that are not known")
    if any(isinstance(n, float) and not math.isfinite(n) for n in (first, last, by)):
        raise Undetermined("bounds that are no numbers")
    whole_numbers = all(isinstance(n, int) for n in (first, last, by))
    count = max(0, -((first - last) // by) if whole_numbers else math.ceil((last - first) / by))
    whole = kind == "int64" and dtype is None and count <= _MOST
    return array((count,), chosen(dtype, kind), tuple(range(first, last, by)) if whole else None)


_MOST = 1_024  # arrays of more numbers are known by their shape only


@function("numpy.linspace")
@takes("start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, device=None", plain=True)
def linspace(
    world: World, start: Any, stop: Any, num: Any, endpoint: Any, retstep: Any, dtype: Any, **_: Any
) -> Instance:
    if retstep is not False or not all(isinstance(n, (int, float, Sym, Unknown)) for n in (start, stop)):
        raise Undetermined("an array of steps")
    data = _steps(start, stop, num, endpoint) if dtype is None else None
    return array((one_size(num),), chosen(dtype, "float64"), data)


@function("numpy.logspace", "numpy.geomspace")
@takes(
    "start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, base=10.0, device=None",
    plain=True,
)
def logspace(world: World, start: Any, stop: Any, num: Any, retstep: Any, dtype: Any, **_: Any) -> Instance:
    if retstep is not False or not all(isinstance(n, (int, float, Sym, Unknown)) for n in (start, stop)):
        raise Undetermined("an array of steps")
    return array((one_size(num),), chosen(dtype, "float64"))


def _steps(start: Any, stop: Any, num: Any, endpoint: Any) -> tuple[object, ...] | None:
    """The numbers of a linspace, as numpy computes them; None when they are not known or too many."""
    if not all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in (start, stop)):
        return None
    if not isinstance(num, int) or not 0 < num <= _MOST or not isinstance(endpoint, bool):
        return None
    parts = num - 1 if endpoint else num
    step = (stop - start) / parts if parts else 0.0
    numbers = [i * step + start for i in range(num)]
    if endpoint and num > 1:
        numbers[-1] = float(stop)
    return tuple(map(float, numbers))


@function("numpy.eye", "numpy.identity")
@takes("N, M=None, k=0, dtype=None", plain=True)
def eye(world: World, N: Any, M: Any, k: Any, dtype: Any) -> Instance:
    return array((one_size(N), one_size(N if M is None else M)), chosen(dtype, "float64"))


@function("numpy.meshgrid")
@takes("*xi, indexing='xy', sparse=False, copy=True", plain=True)
def meshgrid(world: World, xi: tuple[Any, ...], indexing: Any, sparse: Any, copy: Any) -> Any:
    found = [given(x) for x in xi]
    if sparse is not False or not isinstance(indexing, str) or any(t.rank != 1 for t in found):
        raise Undetermined("a grid")
    shape = [t.shape[0] for t in found]
    if indexing == "xy" and len(shape) > 1:
        shape[0], shape[1] = shape[1], shape[0]
    return List([array(tuple(shape), t.dtype) for t in found])


for _name in ("loadtxt", "genfromtxt", "load", "fromfile", "frombuffer", "memmap", "fromstring"):
    function(f"numpy.{_name}")(
        lambda world, args, keywords: Unknown("what a file holds", world.site(), plain=True)
    )


def _number_type(name: str) -> None:
    """np.float32(x): a number or an array of that dtype. As an argument it names the dtype."""

    def convert(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        value = args[0] if args else 0
        if isinstance(value, (bool, Sym)):
            return array((), DTYPES[name])
        try:
            held = given(value)
            data = numpy_numbers.converted(held.data, held.dtype, DTYPES[name])
            return array(held.shape, DTYPES[name], data)
        except Undetermined as problem:
            return Unknown(problem.why, world.site(), plain=True)

    function(f"numpy.{name}")(convert)


for _name in DTYPES:
    if _name.isidentifier() and len(_name) > 2 and _name not in ("float", "int", "complex", "bool", "float_"):
        _number_type(_name)


@function("numpy.dtype")
@takes("dtype", plain=True)
def dtype(world: World, dtype: Any) -> Any:
    return dtype_value(dtype_of(dtype))


# ---- random numbers


def _drawn(world: World, size: Any, dtype: str = "float64", *parameters: Any) -> Any:
    """Numbers of a shape; one number when there is none."""
    if size is None:
        if all(isinstance(p, (int, float)) for p in parameters):
            return some_number("int" if dtype.startswith("int") else "float", "a random number", world.site())
        raise Undetermined("random numbers for each of an array")
    return array(sizes(world, size), dtype)


@function("numpy.random.rand", "numpy.random.randn")
@takes("*sizes", plain=True)
def rand(world: World, sizes: tuple[Any, ...]) -> Any:
    return _drawn(world, sizes or None)


@function(
    "numpy.random.random", "numpy.random.random_sample", "numpy.random.standard_normal", "numpy.random.ranf"
)
@takes("size=None", plain=True)
def random(world: World, size: Any) -> Any:
    return _drawn(world, size)


@function(
    "numpy.random.normal",
    "numpy.random.uniform",
    "numpy.random.beta",
    "numpy.random.laplace",
    "numpy.random.gumbel",
)
@takes("loc=0.0, scale=1.0, size=None, **keywords", plain=True)
def normal(world: World, loc: Any, scale: Any, size: Any, keywords: dict[str, Any]) -> Any:
    return _drawn(world, size, "float64", loc, scale, *keywords.values())


@function("numpy.random.exponential", "numpy.random.standard_t", "numpy.random.rayleigh")
@takes("scale=1.0, size=None", plain=True)
def exponential(world: World, scale: Any, size: Any) -> Any:
    return _drawn(world, size, "float64", scale)


@function("numpy.random.randint")
@takes("low, high=None, size=None, dtype=None", plain=True)
def randint(world: World, low: Any, high: Any, size: Any, dtype: Any) -> Any:
    if size is None and isinstance(low, int) and isinstance(high, (int, type(None))):
        return some_number("int", "a random number", world.site())
    made = _drawn(world, size, "int64", low, high)
    return made if dtype is None else array(made.payload.shape, dtype_of(dtype))


@function("numpy.random.poisson")
@takes("lam=1.0, size=None", plain=True)
def poisson(world: World, lam: Any, size: Any) -> Any:
    return _drawn(world, size, "int64", lam)


@function("numpy.random.binomial")
@takes("n, p, size=None", plain=True)
def binomial(world: World, n: Any, p: Any, size: Any) -> Any:
    return _drawn(world, size, "int64", n, p)


@function("numpy.random.choice")
@takes("a, size=None, replace=True, p=None, axis=0, shuffle=True", plain=True)
def choice(world: World, a: Any, size: Any, axis: Any, **_: Any) -> Any:
    """Items of a list, rows of an array, or numbers below one."""
    if isinstance(a, (int, Sym)) and not isinstance(a, bool):
        return Unknown("a random number", plain=True) if size is None else array(sizes(world, size), "int64")
    if size is None and not is_array(a):
        found = iterate.items(world, a)
        return (
            Unknown("a random item", plain=True)
            if isinstance(found, Stream) or not found
            else Unknown("a random item")
        )
    held = given(a)
    if held.rank != 1 or axis != 0:
        raise Undetermined("random rows")
    return array(() if size is None else sizes(world, size), held.dtype)


def _generator_method(name: str) -> None:
    """The same laws as methods of RandomState and Generator."""
    from shapelint.interp.library import functions

    law = functions[f"numpy.random.{name}"].call
    GENERATOR.attrs[name] = as_method(f"{name}", lambda world, args, keywords: law(world, args[1:], keywords))


GENERATOR = plain_class(
    "numpy.random.Generator", "numpy.random.RandomState", __init__=lambda world, args, keywords: None
)
GENERATOR.unknown_base = Unknown("what a generator of random numbers gives", plain=True)
for _name in (
    "rand randn random random_sample standard_normal normal uniform beta laplace exponential randint poisson binomial "
    "choice permutation shuffle"
).split():
    _generator_method(_name)


@function("numpy.random.default_rng")
def default_rng(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    return Instance(GENERATOR)


def _integers(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    named = {k: v for k, v in keywords.items() if k != "endpoint"}
    return randint(world, args[1:], named)


GENERATOR.attrs["integers"] = as_method("integers", _integers)
