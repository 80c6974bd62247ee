"""operator: the operators as functions."""

from __future__ import annotations

from typing import Any

from shapelint.interp import attributes, calls, compare, operators, subscripts
from shapelint.interp.host.builtin_iteration import length
from shapelint.interp.host.host_calls import Host, takes
from shapelint.interp.library import function
from shapelint.interp.truth import negated, truth
from shapelint.interp.world import World
from shapelint.values import Builtin, Unknown

_COMPARES = {
    "lt": "<",
    "le": "<=",
    "eq": "==",
    "ne": "!=",
    "gt": ">",
    "ge": ">=",
    "is_": "is",
    "is_not": "is not",
}


def _binary(op: str) -> Host:
    return takes("a, b")(lambda world, a, b: operators.binary(world, op, a, b))


def _in_place(op: str) -> Host:
    return takes("a, b")(lambda world, a, b: operators.augmented(world, op, a, b))


def _compare(op: str) -> Host:
    return takes("a, b")(lambda world, a, b: compare.compare(world, op, a, b))


for _op, _word in operators.METHODS.items():
    _spelled = f"{_word}_" if _word in ("and", "or") else _word
    function(f"operator.{_spelled}", f"operator.__{_word}__")(_binary(_op))
    function(f"operator.i{_word}", f"operator.__i{_word}__")(_in_place(_op))
for _word, _op in _COMPARES.items():
    function(f"operator.{_word}")(_compare(_op))
function("operator.concat")(_binary("+"))
for _word, _op in {"neg": "-", "pos": "+", "inv": "~", "invert": "~"}.items():
    function(f"operator.{_word}")(takes("a")(lambda world, a, op=_op: operators.unary(world, op, a)))


@function("operator.not_")
@takes("a", plain=True)
def not_(world: World, a: Any) -> Any:
    known = truth(world, a)
    return negated(known) if isinstance(known, Unknown) else not known


@function("operator.truth")
@takes("a", plain=True)
def truth_of(world: World, a: Any) -> Any:
    return truth(world, a)


@function("operator.abs")
@takes("a")
def abs_(world: World, a: Any) -> Any:
    from shapelint.interp.host.builtins import NAMES

    return calls.call(world, NAMES["abs"], (a,), {})


@function("operator.index")
@takes("a", plain=True)
def index(world: World, a: Any) -> Any:
    from shapelint.interp.host.conversions import make_int

    return make_int(world, (a,), {})


@function("operator.contains")
@takes("a, b", plain=True)
def contains(world: World, a: Any, b: Any) -> Any:
    return compare.compare(world, "in", b, a)


@function("operator.getitem")
@takes("a, b")
def getitem(world: World, a: Any, b: Any) -> Any:
    return subscripts.get(world, a, b)


@function("operator.setitem")
@takes("a, b, c")
def setitem(world: World, a: Any, b: Any, c: Any) -> None:
    subscripts.set(world, a, b, c)


@function("operator.delitem")
@takes("a, b")
def delitem(world: World, a: Any, b: Any) -> None:
    subscripts.delete(world, a, b)


@function("operator.length_hint")
@takes("obj, default=0", plain=True)
def length_hint(world: World, obj: Any, default: Any) -> Any:
    return length(world, obj)


def _several(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else tuple(found)


@function("operator.itemgetter")
@takes("*items")
def itemgetter(world: World, items: tuple[Any, ...]) -> Builtin:
    return Builtin(
        "itemgetter", takes("obj")(lambda w, obj: _several([subscripts.get(w, obj, i) for i in items]))
    )


@function("operator.attrgetter")
@takes("*attrs")
def attrgetter(world: World, attrs: tuple[Any, ...]) -> Any:
    if not all(isinstance(a, str) for a in attrs):
        return Unknown("the name of an attribute")

    def one(w: World, obj: Any, path: str) -> Any:
        for part in path.split("."):
            obj = attributes.get(w, obj, part)
        return obj

    return Builtin("attrgetter", takes("obj")(lambda w, obj: _several([one(w, obj, a) for a in attrs])))


@function("operator.methodcaller")
@takes("name, *args, **keywords")
def methodcaller(world: World, name: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not isinstance(name, str):
        return Unknown("the name of a method")
    return Builtin(
        "methodcaller",
        takes("obj")(lambda w, obj: calls.call(w, attributes.get(w, obj, name), args, keywords)),
    )
