"""The join of two values: what holds on both sides of an undecided branch."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.values import (
    Builtin,
    Class,
    Dict,
    Either,
    External,
    Function,
    Instance,
    List,
    Made,
    Tensor,
    Unknown,
    is_size,
)
from shapelint.values.unknown import either

MAX_OPTIONS = 4
_PLAIN = (int, float, complex, str, bytes, bool, type(None), type(Ellipsis))
_MISSING = object()


def same(a: Any, b: Any) -> bool:
    """Whether two values are certainly the same, without looking into objects."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, _PLAIN):
        return bool(a == b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, External):
        return bool(a.qualname == b.qualname)
    if isinstance(a, Builtin):
        return bool(a.name == b.name and a.call is b.call)
    return False


def join(a: Any, b: Any, key: object, why: str) -> Any:
    """A value that stands for `a` or `b`. `key` identifies the condition: equal joins under one condition stay equal."""
    if same(a, b):
        return a
    if isinstance(a, Unknown):
        return a
    if isinstance(b, Unknown):
        return b
    if is_size(a) and is_size(b) and not isinstance(a, bool) and not isinstance(b, bool):
        return dims.choice(key, a, b)
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return _join_tensors(a, b, key, why)
    if type(a) is type(b) and isinstance(a, tuple) and len(a) == len(b):
        joined = [join(x, y, key, why) for x, y in zip(a, b, strict=True)]
        return type(a)(joined) if type(a) is tuple else tuple(joined)
    if isinstance(a, List) and isinstance(b, List):
        if len(a.items) == len(b.items) and a.open is None and b.open is None:
            return List([join(x, y, key, why) for x, y in zip(a.items, b.items, strict=True)])
        return List([], Unknown(why))
    if isinstance(a, Dict) and isinstance(b, Dict) and a.items.keys() == b.items.keys():
        items = {k: join(v, b.items[k], key, why) for k, v in a.items.items()}
        return Dict(items, either(a.open, b.open), default=a.default, kind=a.kind)
    if _is_object(a) and _is_object(b):
        options: list[Any] = []
        for value in (*_options(a), *_options(b)):
            if not any(same(value, held) for held in options):
                options.append(value)
        if len(options) <= MAX_OPTIONS:
            return Either(tuple(options), why)
    return Unknown(why)


def _options(value: Any) -> tuple[Any, ...]:
    return value.options if isinstance(value, Either) else (value,)


def _is_object(value: Any) -> bool:
    return value is None or isinstance(
        value,
        (Instance, Function, Builtin, Class, Either, External, Tensor, str, bool, float, tuple, int, Sym),
    )


def _join_tensors(a: Tensor, b: Tensor, key: object, why: str) -> Any:
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
    joined.made = a.made if a.made is b.made else Made("either", None, (a, b))
    joined.marks = a.marks & b.marks
    joined.after_failure = a.after_failure or b.after_failure
    return joined


def join_contents(before: Any, sides: list[Any], key: object, why: str) -> Any:
    """The joined contents of a host container (dict, list or set) that the sides left different."""
    first, *others = sides
    for other in others:
        first = _join_two(before, first, other, key, why)
    return first


def _join_two(before: Any, a: Any, b: Any, key: object, why: str) -> Any:
    if isinstance(a, dict):
        joined: dict[Any, Any] = {}
        for name in dict.fromkeys((*before, *a, *b)):
            x, y = a.get(name, _MISSING), b.get(name, _MISSING)
            if x is _MISSING and y is _MISSING:
                continue
            if x is _MISSING or y is _MISSING:
                joined[name] = Unset(y if x is _MISSING else x, why)
            else:
                joined[name] = join(x, y, key, why)
        return joined
    if isinstance(a, list):
        if len(a) == len(b):
            return [join(x, y, key, why) for x, y in zip(a, b, strict=True)]
        return UNKNOWN_LENGTH
    return a | b


def Unset(value: Any, why: str) -> Any:
    """A name that only one side has bound: reading it where it is unbound would raise, so what is read is `value`.

    The exception is a value whose very presence counts (a layer, a parameter): that is an Either with None.
    """
    if isinstance(value, (Instance, Tensor)):
        return Either((value, None), why) if not isinstance(value, Tensor) or value.is_parameter else value
    return value


UNKNOWN_LENGTH: list[Any] = []  # marks, by identity, a list whose length the sides left different
