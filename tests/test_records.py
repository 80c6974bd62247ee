"""Records are what the standard library's `dataclasses` would have made."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from shapelint import records


def family(module: Any) -> dict[str, Any]:
    """The same classes, made by `dataclasses` or by records."""
    dataclass, field = module.dataclass, module.field

    @dataclass(slots=True, eq=False)
    class Base:
        kind: ClassVar[str] = "a kind"
        at: int
        seen: Any = field(default=None, init=False)

    @dataclass(slots=True, eq=False)
    class Derived(Base):
        name: str
        rest: tuple[int, ...] = ()

    class Plain(Derived):
        __slots__ = ()

    @dataclass(frozen=True, slots=True)
    class Frozen:
        x: int
        y: list[int] = field(default_factory=list, compare=False)
        z: str = "z"

        def twice(self) -> int:
            return 2 * self.x

    @dataclass(slots=True)
    class Equal:
        x: int
        hidden: int = field(default=1, repr=False)

    @dataclass(slots=False)
    class Loose:
        x: int
        y: int = 2
        memo: dict[str, int] = field(default_factory=dict)

    return {cls.__name__: cls for cls in (Base, Derived, Plain, Frozen, Equal, Loose)}


OURS, THEIRS = family(records), family(dataclasses)
globals().update({f"Our{name}": cls for name, cls in OURS.items()})
for _name, _cls in OURS.items():
    _cls.__qualname__ = f"Our{_name}"  # so that it pickles

MADE: list[Callable[[dict[str, Any]], Any]] = [
    lambda f: f["Base"](1),
    lambda f: f["Derived"](1, "n"),
    lambda f: f["Derived"](1, "n", (2,)),
    lambda f: f["Derived"](name="n", at=1),
    lambda f: f["Derived"](1, rest=(3,), name="n"),
    lambda f: f["Plain"](1, "n"),
    lambda f: f["Frozen"](1),
    lambda f: f["Frozen"](1, [2], "w"),
    lambda f: f["Frozen"](1, z="w"),
    lambda f: f["Equal"](1),
    lambda f: f["Equal"](x=1, hidden=3),
    lambda f: f["Loose"](1),
    lambda f: f["Loose"](1, memo={"a": 1}),
    lambda f: f["Frozen"](3).twice(),
]


def shown(value: Any) -> str:
    return repr(value).replace("family.<locals>.", "").replace("Our", "")


@pytest.mark.parametrize("make", MADE)
def test_an_object_is_as_theirs(make: Callable[[dict[str, Any]], Any]) -> None:
    ours, theirs = make(OURS), make(THEIRS)
    assert shown(ours) == shown(theirs)
    if dataclasses.is_dataclass(theirs):
        names = [each.name for each in dataclasses.fields(theirs)]
        assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]
        assert [each.name for each in dataclasses.fields(ours)] == names
        assert [each.name for each in records.fields(ours)] == names
        assert type(ours).__match_args__ == type(theirs).__match_args__
        assert records.asdict(ours) == dataclasses.asdict(theirs)
        assert hasattr(ours, "__dict__") == hasattr(theirs, "__dict__")
        assert shown(copy.deepcopy(ours)) == shown(pickle.loads(pickle.dumps(ours))) == shown(ours)


WRONG: list[Callable[[dict[str, Any]], Any]] = [
    lambda f: f["Base"](),
    lambda f: f["Base"](1, 2),
    lambda f: f["Base"](1, seen=2),
    lambda f: f["Derived"](1),
    lambda f: f["Derived"](1, "n", at=2),
    lambda f: f["Derived"](1, "n", nothing=2),
    lambda f: f["Frozen"](),
    lambda f: setattr(f["Frozen"](1), "x", 2),
    lambda f: delattr(f["Frozen"](1), "x"),
    lambda f: setattr(f["Equal"](1), "other", 2),
    lambda f: hash(f["Equal"](1)),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_they_refuse_is_refused(wrong: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        wrong(THEIRS)
    with pytest.raises((TypeError, AttributeError)):
        wrong(OURS)


@pytest.mark.parametrize("family", [OURS, THEIRS], ids=["ours", "theirs"])
def test_what_is_equal(family: dict[str, Any]) -> None:
    frozen, equal, base = family["Frozen"], family["Equal"], family["Base"]
    assert frozen(1, [2]) == frozen(1, [3]) != frozen(2)
    assert hash(frozen(1, [2])) == hash(frozen(1, [3])) and len({frozen(1), frozen(1), frozen(2)}) == 2
    assert equal(1, 2) == equal(1, 2) != equal(1, 3)
    assert equal(1) != frozen(1) and base(1) != base(1)
    one = base(1)
    assert one == one and {one: 1}[one] == 1


@pytest.mark.parametrize("module", [records, dataclasses])
def test_a_copy_with_changes(module: Any) -> None:
    frozen = OURS["Frozen"](1, [5])
    changed = module.replace(frozen, x=2)
    assert (changed.x, changed.y, changed.z) == (2, [5], "z")
    assert changed.y is frozen.y
    derived = OURS["Derived"](1, "n")
    derived.seen = 7
    assert module.replace(derived, at=2).seen is None
    with pytest.raises(TypeError):
        module.replace(frozen, nothing=1)


def test_defaults_are_fresh() -> None:
    assert OURS["Frozen"](1).y is not OURS["Frozen"](1).y


def test_an_object_that_holds_itself_is_shown() -> None:
    base = OURS["Base"]([])
    base.at.append(base)
    assert shown(base) == "Base(at=[...], seen=None)"
