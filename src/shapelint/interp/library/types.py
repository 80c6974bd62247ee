"""types: binding methods, and the types that have a name there."""

from __future__ import annotations

from typing import Any

from shapelint.interp import function_attributes
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes, host_constructors
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Class, External, Namespace, Unknown


def _method(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> BoundMethod:
    if len(args) != 2 or keywords:
        raise ProgramRaises("TypeError", f"method expected 2 arguments, got {len(args)}")
    return BoundMethod(args[0], args[1])


def _function(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """FunctionType(code, globals, name=None, argdefs=None, closure=None)."""
    given = dict(zip(("code", "globals", "name", "argdefs", "closure"), args, strict=False)) | keywords
    made = function_attributes.copied(given.get("code"), given.get("name"), given.get("argdefs"))
    return made if made is not None else Unknown("a function made of code", world.site())


host_constructors.construct_by("types.MethodType", _method)
for _name in ("types.FunctionType", "types.LambdaType"):
    host_constructors.construct_by(_name, _function)
constant("types.NoneType", host_classes.NONE)
constant("types.EllipsisType", External("types.EllipsisType"))


@function("types.ModuleType")
@takes("name, doc=None")
def module_type(world: World, name: Any, doc: Any) -> Namespace:
    made = Namespace(name if isinstance(name, str) else "?")
    made.state = "done"
    made.vars["__name__"] = name
    return made


@function("types.MappingProxyType")
@takes("mapping")
def mapping_proxy(world: World, mapping: Any) -> Any:
    return mapping
