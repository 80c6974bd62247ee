"""abc: abstract methods are methods. ABC adds nothing as a base."""

from __future__ import annotations

from typing import Any

from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.library.functools import IDENTITY
from shapelint.interp.world import World
from shapelint.values import ClassMethod, Property, StaticMethod

function("abc.abstractmethod")(IDENTITY.call)


@function("abc.abstractproperty")
@takes("fget")
def abstractproperty(world: World, fget: Any) -> Property:
    return Property(fget)


@function("abc.abstractclassmethod")
@takes("callable")
def abstractclassmethod(world: World, callable: Any) -> ClassMethod:
    return ClassMethod(callable)


@function("abc.abstractstaticmethod")
@takes("callable")
def abstractstaticmethod(world: World, callable: Any) -> StaticMethod:
    return StaticMethod(callable)
