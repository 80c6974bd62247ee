"""What tells one call of a function from another: of each argument what the function may read of it (footprints.py)."""

from __future__ import annotations

from typing import Any

from shapelint.interp.again import footprints, handed_on, only_called
from shapelint.interp.again.footprints import Footprint
from shapelint.interp.again.outlasting import FIXED
from shapelint.interp.again.told_calls import ToldCall
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Function, Instance, Module, Tensor

_MOST = 700  # values that are compared for one call: those of a block, not those of a network
_ABSENT = object()
_HANDED_ON = "handed on"
_WHOLE: Any = object()
CONSTANT = frozenset(
    (int, str, bool, float, type(None))
)  # what a class may hold that is not told of its instances


class ToldArguments(ToldCall):
    """`partly` are the objects of which not everything was told, in order."""

    __slots__ = ("called", "partly")

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.left = _MOST
        self.partly: list[Any] = []
        self.called: tuple[Function, tuple[Any, ...], dict[str, Any]]

    def arguments(self, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Something equal for calls that are alike. Raises NotTold."""
        read = footprints.of(self.world, function)
        self.called = function, args, keywords
        names = footprints.takes_by_place(function.node)
        placed = len(names)
        given = tuple(
            [
                self._by(read[names[at]], names[at], value) if at < placed else self.key(value)
                for at, value in enumerate(args)
            ]
        )
        if not keywords:
            named: Any = ()
        else:
            by_name = footprints.takes_by_name(function.node)
            named = tuple(
                [
                    (name, self._by(read[name], name, value) if name in by_name else self.key(value))
                    for name, value in keywords.items()
                ]
            )
        return (given, named, self.same()) if self.partly else (given, named)

    def same(self) -> tuple[Any, ...]:
        """Which of the objects of which not everything was told are the same as others."""
        first: dict[int, int] = {}
        return tuple(
            [
                (self.seen.get(id(value)), first.setdefault(id(value), at))
                for at, value in enumerate(self.partly)
            ]
        )

    def _by(self, read: Footprint, name: str, value: Any) -> Any:
        if read.whole:
            if value.__class__ is str and self._is_handed_on(name, value):
                return _HANDED_ON, bool(value)
            if (value.__class__ is BoundMethod or value.__class__ is Instance) and only_called.is_only_called(
                self.world, self.called[0], name
            ):
                return self._callable(value)
            return self.key(value)
        return self.attributes(read, value)

    def attributes(self, read: Footprint, value: Any) -> Any:
        """What is read of a value of which not everything is."""
        if value.__class__ is not Module:
            if read.paths:
                return self.key(value)
            if value.__class__ not in FIXED:
                self.partly.append(value)
            return None
        met: list[Any] = [value]
        ends = [self._end(value, path, met) for path in read.paths if path]
        if _WHOLE in ends:
            return self.key(value)
        self.partly += met
        self.named += [module.cls for module in met]
        cls = id(value.cls) if read.paths else None
        return Module, cls, tuple([self.key(end[0]) if len(end) == 1 else end for end in ends])

    def _callable(self, value: Any) -> Any:
        """Of a function that is only called: of the module that a method is bound to, what the method may read of it."""
        from shapelint.interp.library.functools import PARTIAL

        if value.__class__ is Instance and value.cls is PARTIAL and id(value.attrs) not in self.world.perhaps:
            self.partly.append(value)
            self.spend()
            held = value.attrs
            return PARTIAL, self._callable(held["func"]), self.key(held["args"]), self.key(held["keywords"])
        if value.__class__ is BoundMethod and value.function.__class__ is Function:
            names = footprints.takes_by_place(value.function.node)
            if names:
                read = footprints.of(self.world, value.function)[names[0]]
                return BoundMethod, self.key(value.function), self._by(read, names[0], value.receiver)
        return self.key(value)

    def _is_handed_on(self, name: str, value: str) -> bool:
        function, args, keywords = self.called
        bound = dict(zip([p.name for p in function.node.params], args, strict=False)) | keywords
        return handed_on.is_handed_on(self.world, function, name, value, bound)

    def _end(self, at: Any, path: tuple[str, ...], met: list[Any]) -> Any:
        """What a path comes to, as (value,); a word where it comes to nothing that is told; _WHOLE where more hangs on the modules
        on its way, which are added to those `met`, than their attributes."""
        for name in path:
            if at.__class__ is not Module:
                break
            cls = at.cls
            if not any(other is at for other in met):
                met.append(at)
            if name == "__class__":
                return "class", id(cls)
            if (
                cls.intercepts
                or cls.unknown_base is not None
                or at.incomplete
                or at.payload is not None
                or id(at) in self.world.stand_ins
                or id(at.attrs) in self.world.perhaps
            ):
                return _WHOLE
            held = cls.held(name, _ABSENT)
            if held is not _ABSENT and held.__class__ not in CONSTANT:
                return _WHOLE
            if name in at.attrs:
                at = at.attrs[name]
            elif held is not _ABSENT:
                return "of its class", id(cls)
            elif name.startswith("_") or cls.held("__getattr__", _ABSENT) is not _ABSENT:
                return _WHOLE  # perhaps something that nn.Module keeps for itself
            else:
                return "absent", id(cls)
        return (at,)

    def _tensor(self, value: Tensor) -> Any:
        """What it means when a statement drops a tensor depends on where that was made."""
        return super()._tensor(value), None if value.made is None else value.made.site
