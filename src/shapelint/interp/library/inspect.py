"""inspect: what a function of the program takes."""

from __future__ import annotations

from typing import Any

from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Dict,
    External,
    Function,
    Instance,
    List,
    Module,
    Record,
    Undetermined,
    Unknown,
)

PARAMETER = Class("Parameter", "inspect.Parameter")
SIGNATURE = Class("Signature", "inspect.Signature")
_KINDS = {
    "positional": "POSITIONAL_ONLY",
    "plain": "POSITIONAL_OR_KEYWORD",
    "vararg": "VAR_POSITIONAL",
    "keyword": "KEYWORD_ONLY",
    "kwarg": "VAR_KEYWORD",
}
EMPTY = External("inspect._empty")
for _kind in _KINDS.values():
    PARAMETER.attrs[_kind] = External(f"inspect.Parameter.{_kind}")
PARAMETER.attrs["empty"] = SIGNATURE.attrs["empty"] = EMPTY
constant("inspect.Parameter", PARAMETER)
constant("inspect.Signature", SIGNATURE)
constant("inspect._empty", EMPTY)


def _function_of(value: Any) -> tuple[Function, int]:
    """The function behind a callable, and how many parameters are already bound. Undetermined for what has no source."""
    skip = 0
    while True:
        if isinstance(value, BoundMethod):
            value, skip = value.function, skip + 1
        elif isinstance(value, Class):
            try:
                value, skip = value.find("__init__"), skip + 1
            except KeyError:
                raise Undetermined("a class without a constructor of its own") from None
        elif isinstance(value, Module):
            value, skip = value.cls.find("forward"), skip + 1
        elif isinstance(value, Function):
            if value.wrapped is None:
                return value, skip
            value = value.wrapped
        else:
            raise Undetermined("the signature of something that is not written in Python source")


@function("inspect.signature")
def signature(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    found, skip = _function_of(args[0])
    parameters: dict[Any, Any] = {}
    for p in found.node.params[skip:]:
        made = Instance(PARAMETER)
        made.attrs.update(
            name=p.name,
            kind=PARAMETER.attrs[_KINDS[p.kind]],
            default=found.defaults.get(p.name, EMPTY),
            annotation=EMPTY if p.annotation is None else Unknown("an annotation is not modelled", plain=True),
        )
        parameters[p.name] = made
    result = Instance(SIGNATURE)
    result.attrs.update(parameters=Dict(parameters), return_annotation=Unknown("an annotation", plain=True))
    return result


@function("inspect.getfullargspec", "inspect.getargspec")
def getfullargspec(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    found, _ = _function_of(args[0])
    plain = [p.name for p in found.node.params if p.kind in ("plain", "positional")]
    defaults = tuple(found.defaults[n] for n in plain if n in found.defaults)
    only = [p.name for p in found.node.params if p.kind == "keyword"]
    star = next((p.name for p in found.node.params if p.kind == "vararg"), None)
    stars = next((p.name for p in found.node.params if p.kind == "kwarg"), None)
    fields = ("args", "varargs", "varkw", "defaults", "kwonlyargs", "kwonlydefaults", "annotations")
    given = Dict({n: found.defaults[n] for n in only if n in found.defaults})
    return Record((List(list(plain)), star, stars, defaults or None, List(list(only)), given, Dict({})), fields, "FullArgSpec")


def _is(*kinds: type) -> Any:
    def test(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        return Unknown(args[0].why) if isinstance(args[0], Unknown) else isinstance(args[0], kinds)

    return test


function("inspect.isclass")(_is(Class))
function("inspect.isfunction")(_is(Function))
function("inspect.ismethod")(_is(BoundMethod))
function("inspect.isroutine")(_is(Function, BoundMethod, Builtin))
function("inspect.isbuiltin")(_is(Builtin))
