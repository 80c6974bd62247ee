"""Joining what two sides of a branch have left in one slot of an object: each kind of slot has a law of its own."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.interp.join import join
from shapelint.values import OneOf, Stream, Unknown, Unranked

WHY = "it depends on a condition that is not known"


def why_of(key: object) -> str:
    """Why a joined value is not known: the condition it depends on, with its own reason."""
    return f"it depends on a condition: {key.why}" if isinstance(key, Unknown) else WHY


def join_slot(name: str, a: Any, b: Any, key: object) -> Any:
    """What the slot `name` holds that has `a` on one side and `b` on the other."""
    if name == "open":
        known = a if a is not None else b
        return Unknown(known.why) if known.__class__ is OneOf and a is not b else known
    if name in ("bound", "last"):
        return None  # the two sides' axes are not the same symbols
    if name == "_box":
        return _join_boxes(a, b, key)
    if name == "at":
        return -1  # how many items were taken is not known
    if name in ("state", "rest", "inner"):
        return lost_iterator(name)
    if name in ("initialised", "started"):
        return a if a not in (None, False, 0) else b
    if name in ("dtype", "default_dtype", "requires_grad", "grad_enabled", "data", "extra", "layout"):
        return None  # not known
    if name == "marks":
        return a & b
    if name == "doubtful":
        return a | b
    if name == "unknown_base":
        return a if a is not None else b
    if name == "cls":
        from shapelint.interp import class_changes

        return class_changes.not_known(a, Unknown(why_of(key)))
    if name == "defaults":  # of a function, by parameter
        why = "a parameter that may have no default"
        return {n: _of_one_side(a, b, n, why, key) for n in {**a, **b}}
    if name == "attrs":  # of an OrderedDict, by name
        a, b = a or {}, b or {}
        return {n: _of_one_side(a, b, n, "an attribute that may not be set", key) for n in {**a, **b}}
    return join(a, b, key, why_of(key))


def _of_one_side(a: dict[str, Any], b: dict[str, Any], name: str, why: str, key: object) -> Any:
    if name in a and name in b:
        return join(a[name], b[name], key, why_of(key))
    return Unknown(why, plain=True)


def lost_iterator(slot: str) -> Any:
    """A slot of an iterator of which it is not known how far it is."""
    why = "how far an iterator is, is not known"
    return "lost" if slot == "state" else Stream(Unknown(why), why, Unknown(why))


def _join_boxes(a: Any, b: Any, key: object) -> Any:
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return tuple(dims.choice(key, x, y) for x, y in zip(a, b, strict=True))
    return Unranked(why_of(key))
