"""What tells one construction of a module from another: its arguments by their contents; of one that is never read nothing, and of
a number that is only stored (only_stored.py) its type and how it compares."""

from __future__ import annotations

from typing import Any

from shapelint.interp.again import footprints, only_stored, varied
from shapelint.interp.again.footprints import NOTHING, Footprint
from shapelint.interp.again.outlasting import NotTold, Told
from shapelint.interp.world import World
from shapelint.values import Class, Function

_UNREAD = "unread"
_PLAIN = (int, float, str, bool, type(None))


class ToldConstruction(Told):
    """`numbers` are the arguments that are only stored, `names` the attributes that hold them,
    `places` by parameter that is given one where that may be read. `whole`: they are told as others are."""

    __slots__ = ("cls", "init", "names", "numbers", "places", "whole", "world")

    def __init__(self, world: World, cls: Class, init: Function, *, whole: bool = False) -> None:
        super().__init__()
        self.world, self.cls, self.init = world, cls, init
        self.whole = whole
        self.numbers: list[int | float] = []
        self.names: frozenset[str] = frozenset()
        self.places: dict[str, frozenset[int]] = {}

    def construction(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """What tells one construction from another; None where it cannot be told, or there is more to it."""
        world, file = self.world, self.init.globals.file
        if world.muted or world.repeating or world.calls or world.patience is not None or file is None:
            return None
        try:
            given = self._given(args, keywords)
        except NotTold:
            return None
        place = None if world.checked(file.path) else world.here()
        state = (
            world.default_dtype, world.grad_enabled, world.autocast, world.guarded > 0, len(world.tries) > 0,
            world.import_guards, world.importing, world.uncertain > 0,
        )  # fmt: skip
        return id(self.cls), id(self.init), given, place, state

    def _given(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """The arguments told; of a plain one that is never read, nothing, of one that is only stored as little. Raises NotTold."""
        read = footprints.of(self.world, self.init)
        params = self.init.node.params[1:]
        bound: dict[str, Any] | None = None
        if not self.whole and only_stored.uses(self.world, self.init, True):
            bound = dict(zip([p.name for p in params], args, strict=False)) | keywords
        given = []
        for at, value in enumerate(args):
            kind = params[at].kind if at < len(params) else ""
            if kind in ("plain", "positional"):
                given.append(self._one(read, params[at].name, value, bound))
            else:
                given.append(self.key(value))
                params = ()
        named = []
        for name, value in keywords.items():
            if name in read and any(p.name == name and p.kind in ("plain", "keyword") for p in params):
                named.append((name, self._one(read, name, value, bound)))
            else:
                named.append((name, self.key(value)))
        return tuple(given), tuple(named)

    def _one(self, read: dict[str, Footprint], name: str, value: Any, bound: dict[str, Any] | None) -> Any:
        kind = value.__class__
        if kind not in _PLAIN:
            return self.key(value)
        if read[name] == NOTHING:
            return _UNREAD
        if bound is not None and kind in only_stored.NUMBERS:
            held = only_stored.held(self.world, self.cls, self.init, name, value, bound)
            if held is not None:
                return self._stored(value, held)
        return self.key(value)

    def _stored(self, value: int | float, held: only_stored.Held) -> Any:
        """What tells a number that is only stored: its type, how it compares, and which of them are the same number."""
        same = next(
            (at for at, other in enumerate(self.numbers) if varied.is_same(value, other)), len(self.numbers)
        )
        self.numbers.append(value)
        self.names |= held.names
        for name, places in held.places:
            self.places[name] = self.places.get(name, frozenset()) | places
        return "stored", value.__class__, held.outcomes, same
