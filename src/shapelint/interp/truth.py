"""Truth values and conditions: True, False, or the Unknown that a branch then depends on."""

from __future__ import annotations

from typing import Any, TypeVar

from shapelint import dims
from shapelint.dims import Sym, Verdict
from shapelint.interp.control import library_refuses
from shapelint.interp.world import World
from shapelint.specs.need import show
from shapelint.values import (
    Class,
    Device,
    Dict,
    DType,
    Either,
    External,
    Instance,
    Iterator,
    Lazy,
    List,
    Module,
    Set,
    Stream,
    Tensor,
    Unknown,
)

T = TypeVar("T")
_WORDS = {Verdict.YES: True, Verdict.NO: False}


def from_verdict(verdict: Verdict, owner: Any, key: Any, why: str) -> Any:
    """A verdict as a program value; the Unknown is the same for the same question."""
    if verdict is not Verdict.UNKNOWN:
        return _WORDS[verdict]
    return condition(owner, key, why)


PLAIN = (int, float, complex, str, bytes, bool, type(None), DType, Device)  # equal by what they are


class Itself:
    """A thing as a part of a key, by its identity, which is nobody else's as long as the key lasts."""

    __slots__ = ("thing",)

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return other.__class__ is Itself and other.thing is self.thing


def as_key(value: Any) -> Any:
    """What stands for a value in the key of a condition: a plain one for all that are equal to it; one whose contents may change
    for itself at this moment only."""
    if isinstance(value, PLAIN):
        return value
    return Itself(object() if isinstance(value, (List, Dict, Set)) else value)


def condition(owner: Any, key: Any, why: str) -> Unknown:
    """The Unknown for a question about `owner`: asked again, the same object, so that branches on it agree."""
    members = getattr(owner, "members", None)
    if members is None:
        return Unknown(why)
    try:
        if key not in members:
            members[key] = Unknown(why)
    except TypeError:
        return Unknown(why)
    found = members[key]
    assert isinstance(found, Unknown)
    return found


def ask_again(world: World, owner: Unknown) -> None:
    """Something of unknown contents may have been written to: what was asked of them may have another answer from here on."""
    asked = [key for key in owner.members if (key[0] if key.__class__ is tuple else key) in _OF_CONTENTS]
    if owner.asked:
        asked.append(_NOW)
    if asked:
        world.journal.touch(owner.members)
    for key in asked:  # removed it would come back behind a branch of which only one side writes
        made = Unknown(owner.why, owner.site, after_failure=owner.after_failure, plain=owner.plain)
        made.entry = owner.entry
        owner.members[key] = made


_NOW = "whether it holds now"
_OF_CONTENTS = frozenset(("in", "item", "key", "len", "truth", "==", "<", "<=", ">", ">="))


def come_to(world: World, condition: T) -> T:
    """A condition that was just made: what is being watched has come to it, and nobody else holds it."""
    if world.recording is not None and condition.__class__ is Unknown:
        world.recording.conditions[id(condition)] = condition
    return condition


def negated(value: Unknown) -> Unknown:
    """`not value`, such that deciding one decides the other."""
    if "not" not in value.members:
        other = Unknown(value.why, value.site)
        value.members["not"] = other
        other.members["not"] = value
    found = value.members["not"]
    assert isinstance(found, Unknown)
    return found


def decided(world: World, value: Unknown) -> bool | None:
    """What is assumed of an unknown condition on the side of a branch we are on."""
    held = world.decided.get(id(value))
    if held is not None:
        return held[1]
    other = value.members.get("not")
    if other is not None:
        held = world.decided.get(id(other))
        if held is not None:
            return not held[1]
    return None


def truth(world: World, value: Any) -> bool | Unknown:
    """The truth value of a program value. May call the program's __bool__ or __len__."""
    if value is True or value is False or value is None:
        return bool(value)
    if isinstance(value, Unknown):
        value.asked = True
        value = value.members.get(_NOW, value)
        known = decided(world, value)
        return value if known is None else known
    if isinstance(value, (int, float, complex, str, bytes, tuple)):
        return bool(value)
    if isinstance(value, Sym):
        resolved = world.resolve(value)
        if isinstance(resolved, int):
            return bool(resolved)
        known_zero = dims.equal(resolved, 0)
        if known_zero is Verdict.UNKNOWN:
            return come_to(world, Unknown(f"whether {resolved} is zero is not known"))
        return known_zero is Verdict.NO
    if isinstance(value, (List, Set, Dict)):
        if value.items and (value.open is None or not isinstance(value, List)):
            return True
        return (
            truth(world, condition(value.open, "truth", value.open.why)) if value.open is not None else False
        )
    if isinstance(value, Tensor):
        if value.data is not None and len(value.data) == 1 and isinstance(value.data[0], (int, float, bool)):
            return bool(value.data[0])
        if value.known and dims.equal(value.numel, 1).no:
            raise library_refuses(
                "RuntimeError",
                f"only a tensor of one value is true or false, this one is {show(value.shape)}",
            )
        why = "the truth of a tensor depends on its values"
        return come_to(world, Unknown(why, after_failure=value.after_failure))
    if isinstance(value, Either):
        answers = [truth(world, option) for option in value.options]
        if all(a is True for a in answers):
            return True
        if all(a is False for a in answers):
            return False
        return condition(value, "truth", value.why)
    if isinstance(value, Instance) or (isinstance(value, Class) and value.metaclass is not None):
        return _of_instance(world, value)
    if isinstance(value, (Stream, Iterator, Lazy)):
        return Unknown("how many items there are is not known") if isinstance(value, Stream) else True
    if isinstance(value, External):
        return Unknown(f"{value.qualname} is not modelled")
    return True


def _of_instance(world: World, value: Instance | Class) -> bool | Unknown:
    from shapelint.interp import calls

    for name in ("__bool__", "__len__"):
        method = calls.special(value, name)
        if method is not None:
            return truth(world, calls.call(world, method, (value,), {}))
    if isinstance(value, Class):
        return True
    if value.payload is not None:
        return truth(world, value.payload)
    if isinstance(value, Module):
        from shapelint.interp.nets import containers

        count = containers.length(value)
        return True if count is None else count > 0
    return True
