"""Reading attributes: `x.name`, for every kind of value."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.interp import class_attributes, iterate, origins
from shapelint.interp.class_attributes import of_class, of_super
from shapelint.interp.control import ProgramRaises
from shapelint.interp.function_attributes import of_builtin, of_function
from shapelint.interp.instance_attributes import of_instance
from shapelint.interp.tensors import torch_type_attributes
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Device,
    Dict,
    DType,
    Either,
    External,
    Function,
    Instance,
    Module,
    Namespace,
    Record,
    Size,
    SuperView,
    Tensor,
    Unknown,
)
from shapelint.values.torch_types import NOT_OF_NUMBERS, NUMBERS

MISSING: Any = class_attributes.MISSING


def get(world: World, owner: Any, name: str) -> Any:
    """`owner.name`. Raises ProgramRaises("AttributeError")."""
    if name == "__class__" and not isinstance(owner, (Unknown, External, Either)):
        from shapelint.interp.host import type_tests

        return type_tests.class_of(owner)
    handler = _GET.get(owner.__class__)
    if handler is not None:
        return handler(world, owner, name)
    if isinstance(owner, Instance):
        return of_instance(world, owner, name)
    if isinstance(owner, Unknown):
        return _of_unknown(world, owner, name)
    if isinstance(owner, Tensor):  # a kind of its own, as the batch sizes of a packed sequence are
        return _of_tensor(world, owner, name)
    if isinstance(owner, Dict) and owner.attrs is not None and name in owner.attrs:
        return owner.attrs[name]
    from shapelint.interp.host.builtins import method

    return method(world, owner, name)


def find(world: World, owner: Any, name: str) -> Any:
    """Like get, but MISSING where the attribute does not exist."""
    try:
        return get(world, owner, name)
    except ProgramRaises as problem:
        if problem.kind == "AttributeError":
            return MISSING
        raise


def _of_unknown(world: World, owner: Unknown, name: str) -> Any:
    if owner.tensor is not None:
        return get(world, owner.tensor, name)
    if owner.entry:
        from shapelint.interp.tensors import tensor_arguments, tensor_attributes

        if name in tensor_attributes.TENSOR_ONLY:
            return get(world, tensor_arguments.as_tensor(owner, presumed=True), name)
    key = ("attribute", name)
    if name in NOT_OF_NUMBERS and owner.annotation in NUMBERS:  # an element of a tensor or of an array
        text = f"'{owner.annotation}' object has no attribute '{name}'"
        raise ProgramRaises("AttributeError", text, cause=facts.AttributeAsked(owner, name))
    if key not in owner.members:
        if PART in owner.members:
            owner.members[key] = part_of(owner.members[PART], owner.why)
            return owner.members[key]
        made = Unknown(owner.why, owner.site, after_failure=owner.after_failure, plain=owner.plain)
        made.entry = owner.entry
        if owner.name is not None:
            made.name = f"{owner.name}.{name}"
        owner.members[key] = made
    return origins.attribute(world, owner, name, owner.members[key])


PART = "part of"


def part_of(module: Module, why: str) -> Unknown:
    """Something that a module holds, not known which: what is then registered there is the module's."""
    made = Unknown(why)
    made.members[PART] = module
    return made


def _of_namespace(world: World, owner: Namespace, name: str) -> Any:
    from shapelint.interp import imports

    found = imports.member(world, owner, name)
    if world.recording is not None:
        world.recording.lasting(found)
    return found


def _of_external(world: World, owner: External, name: str) -> Any:
    key = owner.qualname, name
    found = _parts_of_libraries.get(key, MISSING)
    if found is MISSING:
        from shapelint.interp.imports import external

        if name in ("__name__", "__qualname__"):
            return owner.qualname.rpartition(".")[2]
        if len(_parts_of_libraries) >= _MOST_PARTS:
            _parts_of_libraries.clear()
        found = _parts_of_libraries[key] = external(world, f"{owner.qualname}.{name}")
    return found


_parts_of_libraries: dict[tuple[str, str], Any] = {}  # which never change, and are asked for at every call
_MOST_PARTS = 10_000


def _of_tensor(world: World, owner: Tensor, name: str) -> Any:
    from shapelint.interp.tensors.tensor_attributes import attribute

    return attribute(world, owner, name)


def _of_method(world: World, owner: BoundMethod, name: str) -> Any:
    if name == "__self__":
        return owner.receiver
    if name == "__func__":
        return owner.function
    return get(world, owner.function, name)


def _of_either(world: World, owner: Either, name: str) -> Any:
    from shapelint.interp import branch

    sides = [(lambda option=option: get(world, option, name)) for option in owner.options]
    return branch.value(world, None, sides)


_GET: dict[type, Any] = {
    Instance: of_instance,
    Module: of_instance,
    Class: of_class,
    SuperView: of_super,
    Unknown: _of_unknown,
    Namespace: _of_namespace,
    External: _of_external,
    Tensor: _of_tensor,
    Function: of_function,
    BoundMethod: _of_method,
    Builtin: of_builtin,
    Either: _of_either,
    DType: torch_type_attributes.of_dtype,
    Device: torch_type_attributes.of_device,
    Record: torch_type_attributes.of_record,
    Size: torch_type_attributes.of_size,
    iterate.ShapeOf: torch_type_attributes.of_shape,
}
