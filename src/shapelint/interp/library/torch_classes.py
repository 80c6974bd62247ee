"""How classes of torch that are no layers of a spec are supplied: modules written by hand, and plain objects."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from shapelint.interp.library import constant
from shapelint.interp.nets import modules
from shapelint.interp.tensors import recorder
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Module, Unknown

Method = Callable[..., Any]


def module_class(qualname: str, *aliases: str, base: Class | None = None, **methods: Method) -> Class:
    """An nn.Module class, entered into the library; `methods` are host functions that are given the instance first."""
    cls = plain_class(qualname, *aliases, base=modules.MODULE if base is None else base, **methods)
    cls.is_module = True
    return cls


def plain_class(qualname: str, *aliases: str, base: Class | None = None, **methods: Method) -> Class:
    """A class, entered into the library under its name and its other names."""
    cls = Class(qualname.rpartition(".")[2], qualname, () if base is None else (base,))
    cls.mro = (cls,) if base is None else (cls, *base.mro)
    give(cls, **methods)
    for name in (qualname, *aliases):
        constant(name, cls)
    return cls


def give(cls: Class, **methods: Method) -> None:
    for name, law in methods.items():
        cls.attrs[name] = method(name, law)


def method(name: str, law: Method) -> Builtin:
    """A method. What its law's host code raises for arguments that it does not expect is an unknown result."""

    def call(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        try:
            return law(world, args, keywords)
        except recorder.HOST_ERRORS as problem:
            if os.environ.get("SHAPELINT_DEBUG") == "2" or _is_deep(problem):
                raise
            return Unknown(f"{name} is not modelled for these arguments", world.site(), plain=True)

    return Builtin(f"method {name}", call)


def new_module(cls: Class) -> Module:
    """An instance that nn.Module.__init__ has run on."""
    made = Module(cls)
    made.initialised = True
    made.attrs["training"] = True
    return made


def _is_deep(problem: BaseException) -> bool:
    """Whether it came out of reading the program's own code: then it is a mistake of ours, and is to be told."""
    at = problem.__traceback__
    while at is not None:
        if at.tb_frame.f_globals.get("__name__") == "shapelint.interp.statements":
            return True
        at = at.tb_next
    return False


def nothing(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    return None


def itself(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0]


def not_known(why: str) -> Method:
    """A method whose result is neither a layer nor a parameter."""
    return lambda world, args, keywords: Unknown(why, world.site(), plain=True)


def argument(args: tuple[Any, ...], keywords: dict[str, Any], at: int, name: str, default: Any = None) -> Any:
    return args[at] if len(args) > at else keywords.get(name, default)
