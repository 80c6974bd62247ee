"""einops.einsum, pack, unpack and parse_shape."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.reshape import perhaps_hole
from shapelint.specs.einops.pattern import DOTS, BadPattern, Number, Side, check_name, side
from shapelint.specs.einops.transform import RULE
from shapelint.specs.need import Need, sequence, show
from shapelint.specs.ops.einsum import summed
from shapelint.specs.ops.join import joined
from shapelint.specs.registry import op
from shapelint.values import Dict, List, Size, Tensor, Undetermined, Unknown

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What torch.einsum names axes with."""


@op("einops.einsum, einops.einops.einsum", "*tensors_and_pattern")
def einsum(need: Need, tensors_and_pattern: Any) -> Tensor:
    """torch.einsum, with names of any length and the pattern last."""
    *tensors, pattern = tensors_and_pattern
    if isinstance(pattern, Unknown):
        raise Undetermined(pattern.why, pattern)
    if not tensors or not isinstance(pattern, str):
        need.refuse("call-refused", "einops.einsum takes tensors and then a pattern", "ValueError")
    try:
        return summed(need, compact(pattern), tuple(tensors))
    except BadPattern as problem:
        need.refuse(RULE, f'"{pattern}": {problem}', "EinopsError")


def compact(pattern: str) -> str:
    """The same equation in single letters."""
    if pattern.count("->") != 1:
        raise BadPattern("there must be one ->")
    left, right = pattern.split("->")
    letters: dict[str, str] = {}
    inputs = [_letters(side(part, duplicates=True), letters, grow=True) for part in left.split(",")]
    return ",".join(inputs) + "->" + _letters(side(right, underscore=True), letters, grow=False)


def _letters(part: Side, letters: dict[str, str], *, grow: bool) -> str:
    found = []
    for group in part.groups:
        if len(group) != 1 or isinstance(group[0], Number):
            raise BadPattern("einsum takes plain axes only")
        name = group[0]
        if name == DOTS:
            found.append("...")
            continue
        if name not in letters:
            if not grow:
                raise BadPattern(f"{name} is on the right side only")
            if len(letters) == len(LETTERS):
                raise BadPattern("there are too many axes")
            letters[name] = LETTERS[len(letters)]
        found.append(letters[name])
    return "".join(found)


def _stars(need: Need, pattern: Any, what: str) -> tuple[int, int]:
    """How many axes stand before and after the * of a pattern."""
    if isinstance(pattern, Unknown):
        raise Undetermined(pattern.why, pattern)
    axes = pattern.split()
    try:
        if len(set(axes)) < len(axes):
            raise BadPattern("an axis is named twice")
        if "*" not in axes:
            raise BadPattern("there is no *")
        for axis in axes:
            if axis != "*":
                check_name(axis)
    except BadPattern as problem:
        need.refuse(RULE, f'{what}(…, "{pattern}"): {problem}', "EinopsError")
    before = axes.index("*")
    return before, len(axes) - before - 1


@op("einops.pack, einops.packing.pack", "tensors, pattern")
def pack(need: Need, tensors: Any, pattern: Any) -> tuple[Tensor, List]:
    """All axes under the * become one, along which the tensors are joined; and the list of what these axes were."""
    before, after = _stars(need, pattern, "pack")
    xs = sequence(tensors, "the tensors")
    if not xs:
        need.refuse("call-refused", "there must be at least one tensor", "IndexError")
    flat: list[Tensor] = []
    packed: list[Any] = []
    for i, x in enumerate(xs):
        shape = x.shape
        if len(shape) < before + after:
            need.refuse(
                RULE,
                f'tensor {i} has {len(shape)} axes, "{pattern}" has at least {before + after}',
                "EinopsError",
            )
        middle = shape[before : len(shape) - after]
        outside = dims.product((*shape[:before], *shape[len(shape) - after :]))
        if dims.equal(outside, 0).yes:
            need.refuse(
                RULE, f"the size of the packed axis of tensor {i} is ambiguous: {show(shape)} has no values"
            )
        packed.append(Size(middle))
        flat.append(x.with_shape(*shape[:before], dims.product(middle), *shape[len(shape) - after :]))
    return joined(need, tuple(flat), before), List(packed)


@op("einops.unpack, einops.packing.unpack", "tensor, packed_shapes, pattern")
def unpack(need: Need, tensor: Tensor, packed_shapes: Any, pattern: Any) -> List:
    """The axis of the * is cut into pieces, each of which gets the axes that it was packed from; one size may be -1."""
    before, after = _stars(need, pattern, "unpack")
    if not tensor.known:
        need.rank(tensor, before + 1 + after)
    if tensor.rank != before + 1 + after:
        need.refuse(
            RULE, f'the tensor has {tensor.rank} axes, "{pattern}" has {before + 1 + after}', "EinopsError"
        )
    shapes = [need.dims(s, "packed shapes") for s in sequence(packed_shapes, "packed shapes")]
    size = need.resolve(tensor.shape[before])
    open_ = [i for i, shape in enumerate(shapes) if any(dims.equal(s, -1).yes for s in shape)]
    if len(open_) > 1:
        need.refuse(RULE, "more than one packed shape holds -1", "EinopsError")
    lengths: list[Dim] = [0 if i in open_ else dims.product(shape) for i, shape in enumerate(shapes)]
    if any(perhaps_hole(s) and dims.less_equal(s, 0).yes for shape in shapes for s in shape):
        need.unknown("which of the packed sizes is -1")
    total = dims.total(lengths)
    what, by = f"axis {before} of the tensor", "the sum of the packed sizes"
    if open_:
        lengths[open_[0]] = size - total
        need.at_least(size, total, RULE, what, by)
    elif shapes:
        need.equal(size, total, RULE, what, by)
    results = []
    for i, shape in enumerate(shapes):
        if open_ == [i]:
            rest = dims.product(s for s in shape if not dims.equal(s, -1).yes)
            fits = need.divides(rest, lengths[i], RULE, f"piece {i}", "the product of its known sizes")
            if not fits and dims.equal(rest, 0).yes:
                need.refuse(RULE, "a size of -1 cannot be found beside a size of 0", "EinopsError")
            shape = tuple(lengths[i] // rest if dims.equal(s, -1).yes else s for s in shape)
        results.append(tensor.with_shape(*tensor.shape[:before], *shape, *tensor.shape[before + 1 :]))
    return List(results)


@op("einops.parse_shape, einops.einops.parse_shape", "x, pattern")
def parse_shape(need: Need, x: Tensor, pattern: Any) -> Dict:
    """The sizes of a tensor by name."""
    if isinstance(pattern, Unknown):
        raise Undetermined(pattern.why, pattern)
    try:
        read = side(pattern, underscore=True)
    except BadPattern as problem:
        need.refuse(RULE, f'"{pattern}": {problem}', "EinopsError")
    wanted = len(read.groups) - read.dots
    if not x.known and not read.dots:
        need.rank(x, wanted)
    if x.rank < wanted or (x.rank > wanted and not read.dots):
        need.refuse(
            RULE, f'"{pattern}" has {wanted} axes, the tensor has {x.rank}: {show(x.shape)}', "RuntimeError"
        )
    if any(len(g) > 1 for g in read.groups) or (read.dots and not read.dots_alone):
        need.refuse(RULE, f'"{pattern}": axes cannot be joined here', "RuntimeError")
    result: dict[Any, Any] = {}
    for group, size in zip(read.spelled(x.rank - wanted), x.shape, strict=True):
        if not group or isinstance(group[0], Number):
            length = group[0].length if group and isinstance(group[0], Number) else 1
            need.equal(size, length, RULE, f"a size of {show(x.shape)}", f'the number in "{pattern}"')
        elif group[0] != "_" and not group[0].startswith(DOTS):
            result[group[0]] = size
    return Dict(result)
