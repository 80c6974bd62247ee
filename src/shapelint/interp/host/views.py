"""What `d.keys()`, `d.values()` and `d.items()` give: live views of a dict, which may be walked again and again."""

from __future__ import annotations

from typing import Any

from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Dict, Instance, List, Set

KEYS = Class("dict_keys", "dict_keys")
VALUES = Class("dict_values", "dict_values")
ITEMS = Class("dict_items", "dict_items")


class View(Instance):
    """Its payload is read off the dict whenever it is asked for."""

    __slots__ = ("of",)

    def __init__(self, cls: Class, of: Dict) -> None:
        self.of = of
        super().__init__(cls)

    @property
    def payload(self) -> Any:
        if self.cls is KEYS:
            return Set(dict.fromkeys(self.of.items), self.of.open)
        items = self.of.items.values() if self.cls is VALUES else self.of.items.items()
        return List(list(items), self.of.open)

    @payload.setter
    def payload(self, value: Any) -> None:
        """A view holds nothing of its own."""


def is_like_a_set(value: Any) -> bool:
    """Whether it is a view with the operators of a set: of keys or items."""
    return isinstance(value, View) and value.cls is not VALUES


def _repr(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp.host import text

    view = args[0]
    return f"{view.cls.name}({text.string(world, List(list(_listed(view)), view.of.open), quoted=True)})"


def _listed(view: View) -> Any:
    return view.of.items if view.cls is KEYS else view.payload.items


for _cls in (KEYS, VALUES, ITEMS):
    _cls.attrs["__repr__"] = Builtin("method __repr__", _repr)
