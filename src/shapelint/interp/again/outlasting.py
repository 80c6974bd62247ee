"""What outlasts a call: which values can never change, what tells that one that can is as it was, and what is told apart by its
contents."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from shapelint.specs.ops.approximate import Approximate
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Deque,
    Device,
    Dict,
    DType,
    Either,
    Environment,
    External,
    Function,
    Instance,
    Iterator,
    Lazy,
    List,
    Namespace,
    Property,
    Set,
    Size,
    StaticMethod,
    Stream,
    Tensor,
    Unknown,
)

# What is itself, whatever happens: constants, and what is only changed by writing to names that the journal knows of.
FIXED = frozenset(
    (int, str, bool, float, complex, bytes, type(None), type(Ellipsis), type(NotImplemented), DType, Class, External, Function,
     Namespace, Property, StaticMethod, ClassMethod, Approximate)
)  # fmt: skip
_CHANGING = (
    List, Dict, Set, Instance, Tensor, Unknown, Either, Iterator, Lazy, Stream, Environment, BoundMethod,
)  # fmt: skip
_MOST = 600  # values that are compared for one call


def is_fixed(value: Any) -> bool:
    """Whether a value is the same for good."""
    kind = value.__class__
    if kind in FIXED:
        return True
    if kind is Builtin:
        return not _holds_state(value.call, [])
    if kind is tuple or kind is Size:
        return all(map(is_fixed, value))
    if kind is BoundMethod:
        return is_fixed(value.function) and is_fixed(value.receiver)
    if kind is Device:
        return is_fixed(value.type)
    return is_member(value)


def is_member(value: Any) -> bool:
    """Whether a value is a member of an enumeration: there is one of each."""
    return isinstance(value, Instance) and value.cls.kind == "enum"


def _holds_state(call: Any, seen: list[Any]) -> bool:
    """Whether a function of ours was made around something of the program's that may change."""
    if not isinstance(call, FunctionType):
        return not callable(call) or hasattr(call, "__self__")
    if any(call is other for other in seen):
        return False
    seen.append(call)
    for cell in call.__closure__ or ():
        try:
            held = cell.cell_contents
        except ValueError:
            return True
        for part in held if isinstance(held, tuple) else (held,):
            if isinstance(part, Builtin):
                part = part.call
            if isinstance(part, FunctionType):
                if _holds_state(part, seen):
                    return True
            elif isinstance(part, _CHANGING) or (isinstance(part, Function) and part.closure is not None):
                return True
    return False


class Told:
    """Values told by their contents: `key` for those that are fixed and the form of the others, `parts` the latter in order."""

    __slots__ = ("left", "named", "parts", "seen")

    def __init__(self) -> None:
        self.seen: dict[int, int] = {}
        self.parts: list[Any] = []
        self.named: list[Any] = []  # what the key names by identity, kept alive
        self.left = _MOST

    def key(self, value: Any) -> Any:
        """Something equal for values that are alike. Raises NotTold."""
        kind = value.__class__
        self.left -= 1
        if self.left < 0:
            raise NotTold
        if kind is int or kind is str or kind is bool:
            return kind, value
        if value is None:
            return None
        if kind is float:
            return kind, repr(value)
        if kind is tuple or kind is Size:
            return kind, tuple([self.key(part) for part in value])
        if kind is Approximate:
            return kind, repr(value.low), repr(value.high)
        if kind is DType or kind is complex or kind is bytes:
            return kind, value
        if kind in FIXED:
            self.named.append(value)
            return kind, id(value)
        if kind is BoundMethod:
            return kind, self.key(value.function), self.key(value.receiver)
        if kind is Builtin or is_member(value):
            if not is_fixed(value):
                raise NotTold
            self.named.append(value)
            return kind, id(value)
        if kind is Device:
            return kind, self.key(value.type), value.index
        return self._changing(kind, value)

    def spend(self) -> None:
        """One more value is compared. Raises NotTold."""
        self.left -= 1
        if self.left < 0:
            raise NotTold

    def _changing(self, kind: type, value: Any) -> Any:
        at = self.seen.get(id(value))
        if at is not None:
            return "again", at
        self.seen[id(value)] = len(self.parts)
        self.parts.append(value)
        if kind is List or kind is Deque:
            if value.open is not None or value.twins or value.made_from is not None:
                raise NotTold
            rest = value.maxlen if isinstance(value, Deque) else value.repeated
            return kind, self.key(rest), tuple([self.key(item) for item in value.items])
        if kind is Dict:
            if value.open is not None or value.twins or value.last is not None or value.attrs is not None:
                raise NotTold
            items = tuple([(self.key(k), self.key(v)) for k, v in value.items.items()])
            return kind, value.kind, self.key(value.default), items
        if kind is Set:
            if value.open is not None or value.twins:
                raise NotTold
            return kind, value.frozen, tuple([self.key(item) for item in value.items])
        if kind is Instance:
            attrs = tuple([(name, self.key(held)) for name, held in value.attrs.items()])
            self.named.append(value.cls)
            return kind, id(value.cls), attrs, self.key(value.payload)
        raise NotTold


class NotTold(Exception):
    """A value has more to it than its contents."""
