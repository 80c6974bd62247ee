"""`x[index]` and `x[index] = value`: values of the program read as the parts of an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.shapes import index as law
from shapelint.shapes.index import At, Mask, New, Part, Points, Rest, Span
from shapelint.shapes.strides import Layout, strides
from shapelint.specs import layouts
from shapelint.specs.arguments import single
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.ops.elements import elements_at, small
from shapelint.specs.ops.promotion import number_kind
from shapelint.specs.registry import op
from shapelint.values import ArrayItem, List, Tensor, Undetermined, Unknown, as_dim

MASKS = ("bool", "uint8")
INDICES = ("int64", "int32")


@op("torch.Tensor.__getitem__", "input, index")
def getitem(need: Need, input: Tensor, index: Any) -> Tensor:
    """Integers take an axis away, slices shorten one, None adds one, tensors of indices put their own axes there."""
    read = parts(need, index)
    if not input.known:
        return _without_rank(need, input, read)
    made = input.with_shape(*law.indexed(need, input.shape, read))
    made.data = _data(input, read)
    made.layout = _layout(need, input, read)
    return made


def _layout(need: Need, input: Tensor, read: list[Part]) -> Layout:
    """Where the values lie that integers, slices, `...` and None leave: nothing is copied. Tensors of indices copy."""
    given = strides(layouts.layout_of(need, input), input.shape)
    if given is None or any(isinstance(part, (Points, Mask)) for part in read):
        return None
    found: list[Dim] = []
    axis = 0
    skipped = input.rank - sum(isinstance(part, (At, Span)) for part in read)
    for part in read:
        if isinstance(part, New):
            found.append(1)
        elif isinstance(part, Rest):
            found += given[axis : axis + skipped]
            axis += skipped
        else:
            if isinstance(part, Span):
                found.append(given[axis] * (1 if part.step is None else part.step))
            axis += 1
    return (*found, *given[axis:])


@op("torch.Tensor.__setitem__", "input, index, value", inplace=True)
def setitem(need: Need, input: Tensor, index: Any, value: Any) -> Tensor:
    """The value must broadcast to what the index takes; its leading axes of size 1 do not count."""
    read = parts(need, index)
    if isinstance(value, (List, tuple, str)) or value is None:
        need.refuse("call-refused", f"a {_type(value)} cannot be assigned to a part of a tensor", "TypeError")
    if input.known and index is not False:  # torch leaves at once then
        taken = law.indexed(need, input.shape, read)
        if isinstance(value, Tensor) and value.known:
            _fits(need, value.shape, taken)
    made = input.like()
    made.layout = input.layout
    return made


def _fits(need: Need, given: tuple[Dim, ...], taken: tuple[Dim, ...]) -> None:
    start = 0
    while start < len(given) and dims.equal(given[start], 1).yes:
        start += 1
    given = given[start:]
    if len(given) > len(taken):
        if all(dims.equal(s, 1).no for s in given[: len(given) - len(taken)]):
            need.refuse(
                "broadcast-mismatch",
                f"the value has {len(given)} axes, what the index takes has {len(taken)}",
            )
        return
    for back in range(1, len(given) + 1):
        if dims.equal(given[-back], 1).no and dims.equal(given[-back], taken[-back]).no:
            what = f"axis {len(given) - back + start} of the value"
            need.equal(
                given[-back], taken[-back], "broadcast-mismatch", what, "the size that the index takes"
            )


def _type(value: Any) -> str:
    return "list" if isinstance(value, List) else type(value).__name__


def parts(need: Need, index: Any) -> list[Part]:
    """A whole index, a tuple or one thing."""
    if isinstance(index, tuple) or (isinstance(index, List) and _is_tuple_in_disguise(index)):
        return [p for item in sequence(index, "an index") for p in part(need, item)]
    return list(part(need, index))


def _is_tuple_in_disguise(index: List) -> bool:
    """Whether torch reads a list as a tuple, as old NumPy did: short, and holding anything but plain numbers."""
    items = sequence(index, "an index")
    if len(items) >= 32:
        return False
    if any(_is_part(i) for i in items):
        return True
    for item in items:
        if isinstance(item, Unknown) and number_kind(item) != "int":  # a tensor, perhaps
            raise Undetermined(item.why, item)
    return False


def _is_part(item: Any) -> bool:
    if isinstance(item, ArrayItem) and item.box == ():  # a number of numpy's
        return False
    return isinstance(item, (Tensor, slice)) or item is None or item is Ellipsis or is_sequence(item)


def part(need: Need, item: Any) -> tuple[Part, ...]:
    """One thing of an index."""
    if item is None:
        return (New(),)
    if item is Ellipsis:
        return (Rest(),)
    if isinstance(item, bool):
        return (Mask((), int(item)),)
    if isinstance(item, (int, Sym)):
        return (At(need.resolve(item)),)
    if isinstance(item, slice):
        return (Span(*(_bound(need, b) for b in (item.start, item.stop, item.step))),)
    if isinstance(item, Tensor):
        return (_tensor(need, item),)
    if is_sequence(item):
        return (_nested(need, item),)
    if isinstance(item, Unknown):
        if number_kind(item) == "int":
            return (At(item.as_size()),)
        raise Undetermined(item.why, item)
    if isinstance(item, (float, complex, str, bytes)):
        need.refuse("call-refused", f"a {type(item).__name__} cannot be an index", "IndexError")
    need.unknown("the index is not known")


def _bound(need: Need, bound: Any) -> Dim | None:
    if bound is None:
        return None
    if isinstance(bound, (float, str)):
        need.refuse("call-refused", f"the bound of a slice must be an integer, it is {bound!r}", "TypeError")
    if isinstance(bound, Tensor):
        bound = single(bound)
        if bound is None:
            need.unknown("the bound of a slice is a tensor")
    return need.resolve(as_dim(bound, "the bound of a slice"))


def _tensor(need: Need, index: Tensor) -> Part:
    if index.dtype is None:
        need.unknown("whether the index is a mask is not known: its dtype is not")
    if index.dtype in MASKS and (index.shape or index.dtype == "bool"):
        if index.data is not None and all(isinstance(v, (bool, int)) for v in index.data):
            return Mask(index.shape, sum(map(bool, index.data)))
        return Mask(index.shape, need.fresh("?"))
    if (
        not index.shape
        and index.dtype not in (*MASKS, "float32", "float64")
        and index.dtype.startswith(("int", "uint"))
    ):
        number = single(index)
        return At(number if isinstance(number, (int, Sym)) else None)
    if index.dtype not in (*INDICES, *MASKS):
        need.refuse("wrong-dtype", f"a tensor of {index.dtype} cannot be an index", "IndexError")
    known = index.data is not None and all(type(v) is int for v in index.data)
    return Points(index.shape, tuple(index.data) if known else ())  # type: ignore[arg-type]


def _nested(need: Need, item: Any) -> Part:
    """A list, or lists in lists, read as a tensor of indices; of bools, as a mask."""
    level = sequence(item, "an index")
    shape: list[Dim] = [len(level)]
    while any(is_sequence(v) for v in level):
        if not all(is_sequence(v) for v in level) or len({len(sequence(v)) for v in level}) > 1:
            need.refuse("call-refused", "the lists of an index differ in length", "ValueError")
        shape.append(len(sequence(level[0])))
        level = tuple(v for row in level for v in sequence(row))
    if any(isinstance(v, (Unknown, Tensor)) for v in level):
        return Points(tuple(shape))
    if level and all(isinstance(v, bool) for v in level):
        return Mask(tuple(shape), sum(level))
    values = tuple(int(v) for v in level if isinstance(v, (int, float)))
    return Points(tuple(shape), values)


def _data(input: Tensor, read: list[Part]) -> tuple[object, ...] | None:
    """The contents after integers, slices, `...` and None, where the input's are known."""
    if input.data is None or small(input.shape) is None:
        return None
    sizes = [int(size) for size in input.shape]
    taking = sum(isinstance(part, (At, Span)) for part in read)
    picks: list[Sequence[int]] = []
    for part in read:
        if isinstance(part, Rest):
            picks += [range(size) for size in sizes[len(picks) : len(picks) + len(sizes) - taking]]
            continue
        if isinstance(part, New):
            continue
        size = sizes[len(picks)]
        if isinstance(part, At) and isinstance(part.index, int):
            picks.append((part.index % size,))
        elif isinstance(part, Span) and _is_plain(part):
            picks.append(range(size)[slice(part.start, part.stop, part.step)])
        else:
            return None
    picks += [range(size) for size in sizes[len(picks) :]]
    return elements_at(input, picks)


def _is_plain(part: Span) -> bool:
    return all(bound is None or isinstance(bound, int) for bound in (part.start, part.stop, part.step))


def _without_rank(need: Need, input: Tensor, read: list[Part]) -> Tensor:
    """What is known of `x[index]` while the number of axes of x is not: nothing, but for indices that keep it open."""
    if all(isinstance(p, Rest) for p in read):
        return input.like()
    if len(read) == 1 and isinstance(read[0], Mask) and len(read[0].shape) > 1:
        need.rank(input, len(read[0].shape))
        return input.with_shape(*law.indexed(need, input.shape, read))
    need.unknown("the rank of the indexed tensor is not known")
