"""typing: what exists at run time: cast, the identity decorators, NewType; annotations are of no interest."""

from __future__ import annotations

from typing import Any

from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.library.functools import IDENTITY
from shapelint.interp.world import World
from shapelint.values import Builtin, External, Unknown

_HOMES = ("typing", "typing_extensions")
_DECORATORS = (
    "overload",
    "final",
    "no_type_check",
    "no_type_check_decorator",
    "runtime_checkable",
    "runtime",
    "override",
    "type_check_only",
)


def _both(name: str) -> tuple[str, ...]:
    return tuple(f"{home}.{name}" for home in _HOMES)


for _home in _HOMES:
    constant(f"{_home}.TYPE_CHECKING", False)
for _name in _DECORATORS:
    function(*_both(_name))(IDENTITY.call)


@function(*_both("cast"))
@takes("typ, val")
def cast(world: World, typ: Any, val: Any) -> Any:
    return val


@function(*_both("assert_type"))
@takes("val, typ")
def assert_type(world: World, val: Any, typ: Any) -> Any:
    return val


@function(*_both("reveal_type"))
@takes("obj")
def reveal_type(world: World, obj: Any) -> Any:
    return obj


@function(*_both("NewType"))
@takes("name, tp")
def new_type(world: World, name: Any, tp: Any) -> Builtin:
    return Builtin("typing.NewType", IDENTITY.call)


def _variable(name: str) -> None:
    """TypeVar and its like give something that only annotations use."""

    @function(*_both(name))
    def law(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> External:
        return External(f"typing.{name}")


for _name in ("TypeVar", "ParamSpec", "TypeVarTuple", "TypeAliasType"):
    _variable(_name)


@function(*_both("dataclass_transform"), *_both("deprecated"))
def transform(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Builtin:
    return IDENTITY


@function(*_both("get_type_hints"), *_both("get_args"), *_both("get_origin"))
def hints(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Unknown:
    return Unknown("annotations are not evaluated", world.site(), plain=True)
