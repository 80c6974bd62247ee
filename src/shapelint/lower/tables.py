"""The tables of both front ends: from a syntax node's type to what lowers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["declares"]

_H = TypeVar("_H", bound=Callable[..., Any])


def declares(table: dict[type, Any], nodes: tuple[type, ...]) -> Callable[[_H], _H]:
    """A decorator that enters a handler for nodes of some types; a type has one."""

    def declare(handler: _H) -> _H:
        for node in nodes:
            assert node not in table, f"{node.__name__} is lowered twice"
            table[node] = handler
        return handler

    return declare
