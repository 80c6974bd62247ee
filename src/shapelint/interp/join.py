"""The join of two values: what holds on both sides of an undecided branch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.shapes.strides import ROWS
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Device,
    Dict,
    DType,
    Either,
    External,
    Function,
    Instance,
    List,
    Made,
    Record,
    Tensor,
    Unknown,
    is_size,
    nesting,
)
from shapelint.values.journal import Layer
from shapelint.values.unknown import either

MAX_OPTIONS = 4
_PLAIN = (int, float, complex, str, bytes, bool, type(None), type(Ellipsis))
_MISSING, _LACKING = object(), object()


_DEEPEST = 10  # tuples within tuples that are compared


def same(a: Any, b: Any, deep: int = 0) -> bool:
    """Whether two values are certainly the same, without looking into objects, nor `deep` into tuples."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, _PLAIN):
        return bool(a == b)
    if isinstance(a, tuple):
        if len(a) != len(b) or deep == _DEEPEST:
            return False
        return all(same(x, y, deep + 1) for x, y in zip(a, b, strict=True))
    if isinstance(a, External):
        return bool(a.qualname == b.qualname)
    if isinstance(a, (Device, DType)):
        return bool(a == b)
    if isinstance(a, Builtin):
        return bool(a.name == b.name and a.call is b.call)
    if isinstance(a, BoundMethod):
        return a.receiver is b.receiver and same(a.function, b.function)
    return False


class Side:
    """How mutable values look on one side of a branch that was undone: as its layer has them, or as they are now."""

    __slots__ = ("_merged", "layers")

    def __init__(self, *layers: Layer) -> None:
        self.layers = layers
        self._merged: dict[int, Any] = {}

    def contents(self, container: Any) -> Any:
        """A host container's contents; UNKNOWN_LENGTH where this stands for several sides that differ in it."""
        ident = id(container)
        if not any(ident in layer.containers for layer in self.layers):
            return container
        if len(self.layers) == 1:
            return self.layers[0].containers[ident][1]
        if ident not in self._merged:
            sides = [
                layer.containers[ident][1] if ident in layer.containers else container
                for layer in self.layers
            ]
            self._merged[ident] = sides[0] if all(_alike(sides[0], s) for s in sides[1:]) else UNKNOWN_LENGTH
        return self._merged[ident]

    def slot(self, owner: Any, name: str) -> Any:
        found = [
            layer.slots[(id(owner), name)][1] for layer in self.layers if (id(owner), name) in layer.slots
        ]
        return found[-1] if found else getattr(owner, name)


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(v, b[k]) for k, v in a.items())
    if isinstance(a, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


NOW = Side()


_walked = [0]  # items of containers that were joined one by one


def walked() -> int:
    """How many items of containers were joined since this was last asked."""
    count, _walked[0] = _walked[0], 0
    return count


def join_all(values: Sequence[Any], key: object, why: str, layers: Sequence[Layer]) -> Any:
    """A value that stands for any of several, each from the side that wrote the layer beside it."""
    value = values[0]
    for i in range(1, len(values)):
        if same(value, values[i]):  # mostly; asked before the sides are put together
            continue
        value = join(value, values[i], key, why, Side(*layers[:i]), Side(layers[i]))
    return value


def join(a: Any, b: Any, key: object, why: str, left: Side = NOW, right: Side = NOW) -> Any:
    """A value that stands for `a` or `b`. `key` identifies the condition: equal joins under one condition stay equal. `left`
    and `right` are the sides that the two come from."""
    if same(a, b):
        return a
    if isinstance(a, Unknown):
        return _not_known(a)
    if isinstance(b, Unknown):
        return _not_known(b)
    if is_size(a) and is_size(b) and not isinstance(a, bool) and not isinstance(b, bool):
        return dims.choice(key, a, b)
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return _join_tensors(a, b, key, why, left, right)
    if isinstance(a, tuple) and _same_form(a, b) and not nesting.endless(a) and not nesting.endless(b):
        joined = tuple(join(x, y, key, why, left, right) for x, y in zip(a, b, strict=True))
        return Record(joined, a.fields, a.type_name) if isinstance(a, Record) else type(a)(joined)
    if isinstance(a, List) and isinstance(b, List):
        return _twin(_join_lists(a, b, key, why, left, right), a, b)
    if isinstance(a, Dict) and isinstance(b, Dict):
        return _twin(_join_dicts(a, b, key, why, left, right), a, b)
    if _is_object(a) and _is_object(b):
        options: list[Any] = []
        for value in (*_options(a), *_options(b)):
            if not any(same(value, held) for held in options):
                options.append(value)
        if len(options) <= MAX_OPTIONS:
            return Either(tuple(options), why)
    return Unknown(why)


def _same_form(a: tuple[Any, ...], b: Any) -> bool:
    """Whether `b` is a tuple as long as `a`, of the same kind and, if they are named, of the same names."""
    if type(a) is not type(b) or len(a) != len(b):
        return False
    if isinstance(a, Record) and isinstance(b, Record):
        return (a.fields, a.type_name) == (b.fields, b.type_name)
    return True


def _not_known(value: Unknown) -> Unknown:
    """Not the unknown itself: on the other side it is something else."""
    made = Unknown(value.why, value.site, after_failure=value.after_failure, plain=value.plain)
    made.entry = value.entry
    return made


def _join_lists(a: List, b: List, key: object, why: str, left: Side, right: Side) -> List:
    xs, ys = left.contents(a.items), right.contents(b.items)
    _walked[0] += len(xs)
    opened = either(left.slot(a, "open"), right.slot(b, "open"))
    if opened is None and xs is not UNKNOWN_LENGTH and ys is not UNKNOWN_LENGTH and len(xs) == len(ys):
        return List([join(x, y, key, why, left, right) for x, y in zip(xs, ys, strict=True)])
    return List([], Unknown(why))


def _join_dicts(a: Dict, b: Dict, key: object, why: str, left: Side, right: Side) -> Dict:
    xs, ys = left.contents(a.items), right.contents(b.items)
    _walked[0] += len(xs)
    if xs is UNKNOWN_LENGTH or ys is UNKNOWN_LENGTH:
        return Dict({}, Unknown(why), default=a.default, kind=a.kind)
    items = {k: join(v, ys[k], key, why, left, right) for k, v in xs.items() if k in ys}
    opened = either(left.slot(a, "open"), right.slot(b, "open"))
    if opened is None and xs.keys() != ys.keys():
        opened = Unknown(why)
    return Dict(items, opened, default=a.default, kind=a.kind)


def _twin(joined: Any, *parts: Any) -> Any:
    """Note that a joined container may be one of its parts: what writes to the one may write to the other."""
    joined.twins = parts
    for part in parts:
        part.twins = (*part.twins, joined)
    return joined


def _options(value: Any) -> tuple[Any, ...]:
    return value.options if isinstance(value, Either) else (value,)


def _is_object(value: Any) -> bool:
    return value is None or isinstance(
        value,
        (
            Instance,
            Function,
            BoundMethod,
            Builtin,
            Class,
            Either,
            External,
            Tensor,
            Device,
            str,
            bool,
            float,
            tuple,
            int,
            Sym,
        ),
    )


def _join_tensors(a: Tensor, b: Tensor, key: object, why: str, left: Side, right: Side) -> Any:
    if left.slot(a, "_box") is not a._box or right.slot(b, "_box") is not b._box:  # resized in place
        return Unknown(why, after_failure=a.after_failure or b.after_failure)
    kind = a.kind if a.kind == b.kind else "tensor"
    grad = a.requires_grad if a.requires_grad == b.requires_grad else None
    dtype = a.dtype if a.dtype == b.dtype else None
    if not a.known and a.box is b.box:
        joined = a.like(dtype)
    elif not a.known or not b.known or len(a.shape) != len(b.shape):
        return Unknown(why, after_failure=a.after_failure or b.after_failure)
    else:
        joined = Tensor(tuple(dims.choice(key, x, y) for x, y in zip(a.shape, b.shape, strict=True)), dtype)
    joined.kind, joined.requires_grad = kind, grad
    joined.layout = ROWS if left.slot(a, "layout") is ROWS and right.slot(b, "layout") is ROWS else None
    same_step = (
        a.made is b.made and a.kind == b.kind == "tensor"
    )  # a parameter is one by identity: which of two must be told
    joined.made = a.made if same_step else Made("either", None, (a, b))
    joined.marks = a.marks & b.marks
    joined.after_failure = a.after_failure or b.after_failure
    return joined


def join_contents(before: Any, sides: list[Any], key: object, why: str, layers: Sequence[Layer]) -> Any:
    """The joined contents of a host container (dict, list or set) that the sides, which wrote `layers`, left different."""
    first = sides[0]
    if isinstance(first, dict):
        joined: dict[Any, Any] = {}
        others = sides[1:]
        names: Any = dict(before)
        for side in sides:
            names.update(side)
        if len(sides) == 2:  # most often, and most names of a scope are written by no side
            joined, one, other = names, first.get, others[0].get
            names = [name for name in names if one(name, _MISSING) is not other(name, _LACKING)]
        for name in names:
            value = first.get(name, _MISSING)
            if value is not _MISSING and _is_in_all(others, name, value):
                joined[name] = value
                continue
            there = [i for i, side in enumerate(sides) if name in side]
            if not there:
                joined.pop(name, None)
                continue
            value = join_all([sides[i][name] for i in there], key, why, [layers[i] for i in there])
            joined[name] = value if len(there) == len(sides) or not before else Unset(value, why)
        return joined
    if isinstance(first, list):
        if any(len(side) != len(first) for side in sides):
            return UNKNOWN_LENGTH
        return [join_all(row, key, why, layers) for row in zip(*sides, strict=True)]
    return set().union(*sides)


def _is_in_all(sides: list[Any], name: Any, value: Any) -> bool:
    for side in sides:  # noqa: SIM110 (`all` over two sides costs thrice as much)
        if side.get(name, _MISSING) is not value:
            return False
    return True


def Unset(value: Any, why: str) -> Any:
    """A name that only one side has bound: reading it where it is unbound would raise, so what is read is `value`.

    The exception is a value whose very presence counts (a layer, a parameter): that is an Either with None.
    """
    if isinstance(value, (Instance, Tensor)):
        return Either((value, None), why) if not isinstance(value, Tensor) or value.is_parameter else value
    return value


UNKNOWN_LENGTH: list[Any] = []  # marks, by identity, a list whose length the sides left different
