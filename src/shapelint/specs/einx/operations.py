"""Elementwise operations, reductions and get_at over tensors whose axes have names.

The elementwise ones give what torch gives of operands that all have the whole shape: a number is made a tensor of it first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapelint.dims import Dim
from shapelint.specs.einx import expression
from shapelint.specs.einx.expression import Axis, Group, NotRead
from shapelint.specs.need import Need
from shapelint.specs.ops import arithmetic, choose, compare, reduction  # noqa: F401  (their laws are asked by name)
from shapelint.specs.ops.promotion import number_dtype
from shapelint.specs.registry import op, ops
from shapelint.values import Tensor, Undetermined, Unknown
from shapelint.values.torch_types import is_complex, is_float

_ELEMENTWISE = (
    "add subtract multiply true_divide divide floor_divide logical_and logical_or maximum minimum "
    "less less_equal greater greater_equal equal not_equal"
).split()
_TORCH = {"equal": "torch.eq", "not_equal": "torch.ne"}
_REDUCTIONS = "sum mean prod any all max min".split()


def _read(description: Any, count: int) -> tuple[tuple[tuple[Group, ...], ...], tuple[Group, ...] | None]:
    if isinstance(description, Unknown):
        raise Undetermined(description.why, description)
    try:
        inputs, output = expression.parse(description)
    except (NotRead, TypeError, AttributeError):
        raise Undetermined(f"the expression {description!r} is not modelled") from None
    if len(inputs) != count:
        raise Undetermined(f'"{description}" is written for {len(inputs)} tensors, {count} are given')
    if output is not None and any(map(_unnamed, inputs)):
        raise Undetermined(f'"{description}" has an axis that no axis of the output can be')
    return inputs, output


def _unnamed(groups: Sequence[Group]) -> bool:
    """Whether there is an axis of a fixed length that the operation is not about: to einx, it is another one wherever it is written."""
    return any(a.length not in (None, 1) and not a.marked for group in groups for a in group)


def _shape(value: Any) -> Any:
    if isinstance(value, Tensor):
        if not value.known:
            raise Undetermined("the rank of a tensor is not known")
        return value.shape
    if isinstance(value, (bool, int, float)):
        return ()
    if isinstance(value, Unknown):
        raise Undetermined(value.why, value)
    raise Undetermined("neither a tensor nor a number that is known")


def _sizes(need: Need, parameters: Mapping[str, Any]) -> dict[str, Dim]:
    return {name: need.dim(value, f"the length of {name}") for name, value in parameters.items()}


def _names(groups: Sequence[Group]) -> set[str]:
    return {axis.name for group in groups for axis in group}


def _implied(description: str, inputs: Sequence[tuple[Group, ...]]) -> tuple[Group, ...]:
    """The output where none is written: the one input that has all axes."""
    whole = set().union(*map(_names, inputs)) - {"1"}
    found = [groups for groups in inputs if whole <= _names(groups)]
    if (
        not found
        or sum(map(_unnamed, inputs)) > 1
        or any(_plain(groups) != _plain(found[0]) for groups in found)
    ):
        raise Undetermined(f'the output of "{description}" is not modelled')
    return found[0]


def _plain(groups: Sequence[Group]) -> list[list[str]]:
    """Without brackets."""
    return [[axis.name for axis in group] for group in groups]


def _broadcast(
    need: Need, description: Any, values: Sequence[Any], parameters: Mapping[str, Any]
) -> list[Tensor]:
    """The operands, all of the output's shape."""
    inputs, output = _read(description, len(values))
    if any(axis.marked for groups in (*inputs, output or ()) for group in groups for axis in group):
        raise Undetermined(f'brackets in "{description}" are not modelled')
    shapes = [_shape(value) for value in values]
    counts, lengths = expression.solve(need, description, inputs, shapes, _sizes(need, parameters))
    if output is None:
        output = _implied(description, inputs)
    elif set().union(*map(_names, inputs)) - {"1"} - _names(output):
        raise Undetermined(f'"{description}" drops axes')
    shape = expression.shape_of(expression.spelled(output, counts), lengths)
    default = need.recorder.default_dtype
    return [
        v.with_shape(*shape) if isinstance(v, Tensor) else Tensor(shape, number_dtype(v, default))
        for v in values
    ]


def _called(need: Need, name: str, *operands: Any) -> Tensor:
    """What a law of torch gives. How the result lies in memory depends on what einx permutes on the way."""
    made: Tensor = ops[name].law(need, *operands)
    made.layout = None
    return made


def _elementwise(name: str) -> None:
    target = _TORCH.get(name, f"torch.{name}")

    @op(f"einx.{name}", "description, *tensors, backend=None, graph=False, **parameters")
    def law(
        need: Need, description: Any, tensors: Any, backend: Any, graph: Any, parameters: Mapping[str, Any]
    ) -> Tensor:
        _usual(graph)
        first, *rest = _broadcast(need, description, tensors, parameters)
        for other in rest:
            first = _called(need, target, first, other)
        return first


def _usual(*options: Any) -> None:
    if any(option not in (None, False) for option in options):
        raise Undetermined("einx is asked for something else than its result")


for _name in _ELEMENTWISE:
    _elementwise(_name)


@op("einx.where", "description, mask, x, y, *, backend=None, graph=False, **parameters")
def where(
    need: Need,
    description: Any,
    mask: Any,
    x: Any,
    y: Any,
    backend: Any,
    graph: Any,
    parameters: Mapping[str, Any],
) -> Tensor:
    """x where mask holds, else y."""
    _usual(graph)
    return _called(need, "torch.where", *_broadcast(need, description, (mask, x, y), parameters))


def _reduction(name: str) -> None:
    @op(f"einx.{name}", "description, tensor, *, keepdims=None, backend=None, graph=False, **parameters")
    def law(
        need: Need,
        description: Any,
        tensor: Any,
        keepdims: Any,
        backend: Any,
        graph: Any,
        parameters: Mapping[str, Any],
    ) -> Tensor:
        _usual(keepdims, graph)
        inputs, output = _read(description, 1)
        counts, lengths = expression.solve(
            need, description, inputs, [_shape(tensor)], _sizes(need, parameters)
        )
        groups = expression.spelled(inputs[0], counts)
        kept = _left(groups) if output is None else expression.spelled(output, counts)
        shape = expression.shape_of(kept, lengths)
        if not isinstance(tensor, Tensor):
            raise Undetermined("a number is reduced")
        if not {a.name for g in kept for a in g if a.length is None} <= {a.name for g in groups for a in g}:
            raise Undetermined(f'"{description}" is not modelled')
        if not [a for g in groups for a in g if a.marked] and output is None:
            raise Undetermined(f'what "{description}" reduces is not known')
        return tensor.with_shape(*shape, dtype=_reduced_dtype(name, tensor.dtype))


def _left(groups: Sequence[Group]) -> list[Group]:
    """What stays without an output: an axis that is in brackets goes, and leaves a group that was all it had as 1."""
    made: list[Group] = []
    for group in groups:
        kept: tuple[Axis, ...] = tuple(axis for axis in group if not axis.marked)
        if kept or len(group) != 1:
            made.append(kept)
    return made


def _reduced_dtype(name: str, dtype: str | None) -> str | None:
    if name in ("any", "all"):
        return "bool"
    if dtype is None or name in ("max", "min") or is_float(dtype) or is_complex(dtype):
        return dtype
    if name == "mean":
        raise Undetermined(f"mean takes floating point numbers, the tensor has {dtype}")
    return "int64"


for _name in _REDUCTIONS:
    _reduction(_name)


@op("einx.get_at", "description, *tensors, backend=None, graph=False, **parameters")
def get_at(
    need: Need, description: Any, tensors: Any, backend: Any, graph: Any, parameters: Mapping[str, Any]
) -> Tensor:
    """What stands at indices along the axes in brackets."""
    _usual(graph)
    inputs, output = _read(description, len(tensors))
    source = tensors[0] if tensors else None
    if output is None or not isinstance(source, Tensor) or len(tensors) < 2:
        raise Undetermined(f'"{description}" is not modelled')
    if any(isinstance(i, Tensor) and i.dtype is not None and not _is_index(i.dtype) for i in tensors[1:]):
        raise Undetermined("indices are not whole numbers")
    counts, lengths = expression.solve(
        need, description, inputs, [_shape(value) for value in tensors], _sizes(need, parameters)
    )
    return source.with_shape(*expression.shape_of(expression.spelled(output, counts), lengths))


def _is_index(dtype: str) -> bool:
    return not (is_float(dtype) or is_complex(dtype) or dtype == "bool")
