"""Tensors made from values: nested lists, numbers, other tensors; and the legacy constructors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.shapes.strides import ROWS
from shapelint.specs import arguments
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need, is_no_sequence, is_sequence, sequence, show
from shapelint.specs.ops.convert import converted
from shapelint.specs.ops.creation import OPTIONS, made, shape_of
from shapelint.specs.ops.elements import give
from shapelint.specs.ops.promotion import number_kind
from shapelint.specs.registry import op
from shapelint.values import (
    ArrayItem,
    Either,
    Instance,
    Iterator,
    Lazy,
    Size,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
)
from shapelint.values.torch_types import complex_of, is_float, promote

_KINDS = ("bool", "int", "float", "complex")
_MOST_LEAVES = 10_000  # of a range: further numbers are not kept, only counted
_MOST_ITEMS = 200_000  # of all lists together: some hold one another more often than can be walked


class _Contents:
    """What a nested sequence holds: its shape, the leaves' kinds, the leaves themselves (None once one is not known)."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.dtypes: set[str | None] = set()
        self.leaves: list[Any] | None = []
        self.ragged: str | None = None
        self.unreadable: str | None = None
        self.left = _MOST_ITEMS

    def add(self, value: Any) -> tuple[Dim, ...]:
        """Take in one item and return its shape."""
        kind = number_kind(value)
        if kind is not None:
            self.kinds.add(kind)
            self._leaf(value)
            return ()
        if isinstance(value, Tensor):
            self.dtypes.add(value.dtype)
            shape = value.shape
            if not isinstance(value, ArrayItem):
                one = dims.equal(value.numel, 1)
                if one.no:
                    self.unreadable = (
                        f"a tensor of {show(shape)} stands in a list, where only one number can stand"
                    )
                elif not one.yes:
                    raise Undetermined("a tensor in a list counts as one number, and its size is not known")
                shape = ()
            if value.data is None:
                self.leaves = None
            elif self.leaves is not None:
                self.leaves.extend(value.data)
            return shape
        if isinstance(value, Unknown):
            self.leaves = None
            self.dtypes.add(None)
            raise Undetermined(value.why, value)
        if isinstance(value, range):
            return (self._range(value),)
        return self._items(sequence(value, "the data"))

    def _range(self, value: range) -> int:
        try:
            count = len(value)
        except OverflowError:
            raise Undetermined("more numbers are asked for than can be counted") from None
        self.kinds.add("int" if count else "float")
        if count > _MOST_LEAVES:
            self.leaves = None
        elif self.leaves is not None:
            self.leaves.extend(value)
        return count

    def _items(self, items: tuple[Any, ...]) -> tuple[Dim, ...]:
        shape: tuple[Dim, ...] | None = None
        unclear: Undetermined | None = None
        self.left -= len(items)
        for item in items:
            if self.left < 0:
                raise Undetermined("more values than can be followed")
            try:
                found = self.add(item)
            except Undetermined as problem:
                unclear = problem
                continue
            if shape is None:
                shape = found
            elif len(found) != len(shape) or any(_differ(a, b) for a, b in zip(found, shape, strict=True)):
                self.ragged = self.ragged or f"{_name(shape)} and {_name(found)}"
        if shape is None:
            if unclear is not None:
                raise unclear
            shape = ()
            self.kinds.add("float")  # as torch has it: the dtype of nothing is the default
        return (len(items), *shape)

    def _leaf(self, value: Any) -> None:
        if isinstance(value, Unknown):
            self.leaves = None
        elif self.leaves is not None:
            self.leaves.append(value)

    def dtype(self, default: str) -> str | None:
        """The dtype torch infers: the widest kind among the numbers, joined with the dtypes of tensors."""
        if None in self.dtypes:
            return None
        found: str | None = None
        if self.kinds:
            kind = max(self.kinds, key=_KINDS.index)
            found = {"bool": "bool", "int": "int64", "float": default, "complex": complex_of(default)}[kind]
        for name in self.dtypes:
            found = name if found is None else promote(found, name)
        return found or default


def _differ(a: Dim, b: Dim) -> bool:
    return isinstance(a, int) and isinstance(b, int) and a != b


def _name(shape: tuple[Dim, ...]) -> str:
    return f"{len(shape)} axes" if len(shape) != 1 else f"length {shape[0]}"


def from_values(need: Need, data: Any, dtype: str | None, infer: bool = True) -> Tensor:
    """A tensor that holds `data`, in this dtype (inferred when None and `infer`)."""
    if isinstance(data, (str, bytes)) or data is None:
        need.refuse("call-refused", f"the data is no number, sequence or tensor: {data!r}", "TypeError")
    contents = _Contents()
    shape = contents.add(data)
    if contents.unreadable:
        need.refuse("call-refused", contents.unreadable, "ValueError")
    if contents.ragged and 0 not in shape:
        # (With a 0 among the first items' lengths torch reads no further.)
        need.refuse("call-refused", f"items of one list differ: {contents.ragged}", "ValueError")
    result = Tensor(shape, contents.dtype(need.recorder.default_dtype) if dtype is None and infer else dtype)
    result.layout = ROWS
    if contents.leaves is not None:
        leaves = contents.leaves
        give(result, lambda: leaves)
    return result


@op("torch.tensor", f"data, *, {OPTIONS}")
def tensor(need: Need, data: Any, dtype: Any = None, **options: Any) -> Tensor:
    """A new tensor with these numbers: nested lists give the shape, the numbers' kind the dtype."""
    if isinstance(data, Tensor):
        result = converted(data, dtype_name(dtype, data.dtype))
    else:
        result = from_values(need, data, dtype_name(dtype, None), infer=dtype is None)
    result.requires_grad = made(need, (), result.dtype, options).requires_grad
    return result


@op("torch.as_tensor", "data, dtype=None, device=None")
@op("torch.asarray", "obj, *, dtype=None, device=None, copy=None, requires_grad=False")
def as_tensor(need: Need, data: Any = None, dtype: Any = None, obj: Any = None, **options: Any) -> Tensor:
    """The tensor itself where nothing changes, else a new one."""
    data = obj if data is None else data
    if isinstance(data, Tensor):
        name = dtype_name(dtype, data.dtype)
        return data if name == data.dtype and name is not None else converted(data, name)
    return from_values(need, data, dtype_name(dtype, None), infer=dtype is None)


@op("torch.from_numpy", "ndarray")
def from_numpy(need: Need, ndarray: Tensor) -> Tensor:
    """The same numbers as a tensor."""
    return ndarray


@op("torch.scalar_tensor", f"s, *, {OPTIONS}")
def scalar_tensor(need: Need, s: Any, dtype: Any = None, **options: Any) -> Tensor:
    """A 0-d tensor of the default dtype."""
    return from_values(need, s, dtype_name(dtype, need.recorder.default_dtype), infer=False)


@op("torch.Tensor.new_tensor", f"self, data, *, {OPTIONS}")
def new_tensor(need: Need, self: Tensor, data: Any, dtype: Any = None, **options: Any) -> Tensor:
    """A new tensor with these numbers, of self's dtype."""
    if isinstance(data, Tensor):
        return converted(data, dtype_name(dtype, self.dtype))
    return from_values(need, data, dtype_name(dtype, self.dtype), infer=False)


@op("torch.Tensor.new", "self, *args, device=None")
def new(need: Need, self: Tensor, args: Any, device: Any = None) -> Tensor:
    """Legacy: uninitialised of these sizes, or with these numbers; self's dtype."""
    return _legacy(need, args, self.dtype)


def _legacy(need: Need, args: tuple[Any, ...], dtype: str | None) -> Tensor:
    if not args:
        return Tensor((0,), dtype)
    first = args[0]
    if len(args) == 1 and isinstance(first, Tensor):
        if not (first.known and first.rank) and not is_float(first.dtype):
            need.unknown("a number of numpy says how many, a tensor of torch holds the value")
        return first.like(dtype)
    if len(args) == 1 and isinstance(first, Size):
        return Tensor(shape_of(need, (), first), dtype)
    if len(args) == 1 and (is_sequence(first) or isinstance(first, range)):
        return from_values(need, first, dtype, infer=False)
    if len(args) == 1 and isinstance(first, Unknown):
        raise Undetermined(first.why, first)
    if any(isinstance(a, (Either, Instance, Iterator, Lazy, Stream)) for a in args):
        need.unknown("what a tensor is made from is not known")
    if not all(is_sequence(a) or is_no_sequence(a) or isinstance(a, Unknown) for a in args):
        need.unknown("what a tensor is made from is not known")
    if any(not isinstance(a, (int, Sym, Unknown, Tensor)) for a in args):
        need.refuse(
            "call-refused", "the legacy constructor takes sizes or one sequence of numbers", "TypeError"
        )
    return Tensor(shape_of(need, args), dtype)


def _constructor(dtype: str | None) -> Callable[..., Tensor]:
    def law(need: Need, args: Any, device: Any = None) -> Tensor:
        made = _legacy(need, args, dtype or need.recorder.default_dtype)
        if dtype is None and len(args) == 1 and isinstance(args[0], Tensor) and args[0].dtype != made.dtype:
            # torch.Tensor converts an array and keeps a tensor's dtype: they are not told apart here.
            made.dtype = None
        return made

    return law


op("torch.Tensor", "*args, device=None")(_constructor(None))
for _name_, _dtype in {
    "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16", "BFloat16Tensor": "bfloat16",
    "LongTensor": "int64", "IntTensor": "int32", "ShortTensor": "int16", "CharTensor": "int8", "ByteTensor": "uint8",
    "BoolTensor": "bool",
}.items():  # fmt: skip
    op(f"torch.{_name_}, torch.cuda.{_name_}", "*args, device=None")(_constructor(_dtype))


@op("torch.Size", "iterable=()")
def make_size(need: Need, iterable: Any = ()) -> Size:
    """A tuple of sizes."""
    return Size(arguments.sizes_of(need, (iterable,)))
