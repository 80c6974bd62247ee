"""nn.Module's `__setattr__` and `register_…`: what becomes a parameter, a buffer, a submodule."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.iterate import type_name
from shapelint.interp.nets import module_tree, module_walks
from shapelint.interp.nets.parameter_or_not import surely_plain
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Dict,
    Either,
    Function,
    List,
    Module,
    Property,
    Tensor,
    Unknown,
)

_HOLDS = {"module": Module, "parameter": Tensor, "buffer": Tensor}
_NO_NAMES = (int, float, tuple, List, Dict, Tensor, Module, Class, Function, type(None))
_NONE = Unknown("no attribute of the class")


def is_too_early(module: Module) -> bool:
    """Whether nn.Module's constructor has certainly not run. Where a decorator stands before the class's own, what it hands on,
    and whether it does, is the decorator's affair."""
    if module.initialised or module.cls.unknown_base is not None:
        return False
    init = module.cls.find("__init__")
    if isinstance(init, Function):
        return init.wrapped is None and init.name == "__init__"
    return isinstance(init, Builtin)


def set_attribute(world: World, module: Module, name: str, value: Any) -> None:
    """nn.Module.__setattr__."""
    if value.__class__ is BoundMethod and may_be_a_layer(value):
        value = Unknown("it is read of something that is not known", world.site())
    registers = isinstance(value, Module) or (
        isinstance(value, Tensor) and value.kind in ("parameter", "buffer")
    )
    if registers and is_too_early(module):
        what = "module" if isinstance(value, Module) else "parameter"
        _too_early(world, what)
    world.journal.touch(module.attrs)
    held = module.attrs.get(name)
    if name == "requires_grad" and name not in module.attrs:
        world.record(facts.FlagSet, owner=module, name=name, value=value)
    _remember(world, module, name, held, value)
    if isinstance(held, Tensor) and held.is_parameter and isinstance(value, Tensor) and surely_plain(value):
        if name not in module.hidden:
            raise ProgramRaises(
                "TypeError",
                f"cannot assign a plain tensor as parameter '{name}' (torch.nn.Parameter or None expected)",
                site=world.here(),
                cause=facts.ParameterReplaced(name),
            )
    if registers and name in module.attrs and not isinstance(held, (Module, Tensor)):
        del module.attrs[name]  # torch registers it behind what is there
    module.attrs[name] = value
    if isinstance(value, Tensor) and value.kind == "buffer" and name not in module.buffers:
        world.journal.touch(module.buffers)
        module.buffers[name] = True
    if name in module.hidden and registers:
        world.journal.touch(module.hidden)
        module.hidden.discard(name)


def may_be_a_layer(value: Any) -> bool:
    """Whether a method is a tensor's only since what it was read of was taken for a tensor: `model.relu`, `model.norm`."""
    from shapelint.interp.tensors import tensor_arguments

    receiver = value.receiver if isinstance(value, BoundMethod) else None
    return isinstance(receiver, Tensor) and tensor_arguments.is_presumed(receiver)


def _too_early(world: World, what: str) -> None:
    raise ProgramRaises(
        "AttributeError",
        f"cannot assign {what} before Module.__init__() call",
        site=world.here(),
        cause=facts.RegisteredTooEarly(what),
    )


def _remember(world: World, module: Module, name: str, held: Any, value: Any) -> None:
    """Keep where the attribute was assigned, and tell when one layer takes another's place."""
    place = world.here()
    if isinstance(value, Module):
        value.history.held = True
        first = module.history.assigned.get(name)
        if isinstance(held, Module) and held is not value and first is not None:
            world.record(
                facts.LayerReplaced, module=module, name=name, old=held, new=value, first=first, second=place
            )
    if place is not None:
        module.history.assigned[name] = place


def add_module(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, name, child = _bind(("self", "name", "module"), args, keywords)
    refuse_no_module(child)
    if may_be_named(world, module, name, "module"):
        set_attribute(world, module, name, child)
        if child is None:
            world.journal.touch(module.slots_none)
            module.slots_none[name] = "module"
    elif isinstance(child, Module):
        child.history.held = True  # under some name


def refuse_no_module(child: Any) -> None:
    """What certainly is no layer is refused where one is registered."""
    if isinstance(child, (int, float, str, tuple, List, Dict, Tensor)):
        raise library_refuses("TypeError", f"{a(type_name(child))} is no layer")


def may_be_named(world: World, module: Module, name: Any, kind: str) -> bool:
    """Whether it is known what a "module", "parameter" or "buffer" is called; the module is not fully known where not.
    torch refuses what is no string, what holds a dot, and what something else is called already."""
    if not isinstance(name, str):
        if isinstance(name, _NO_NAMES):
            raise library_refuses("TypeError", f"the name of a {kind} is a string, not {a(type_name(name))}")
        module_tree.doubt_members(world, module, f"a {kind} gets a name that is not known")
        return False
    if not name or "." in name:
        raise library_refuses("KeyError", f"the name of a {kind} is not empty and has no dot: {name!r}")
    held = module.attrs.get(name)
    if name in module.attrs:
        taken = held is not None and not isinstance(held, (_HOLDS[kind], Unknown, Either))
    else:
        taken = not isinstance(module.cls.held(name, _NONE), (Property, Unknown, Either))
    if taken or (isinstance(held, Tensor) and _is_other(world, module, name, held, kind)):
        raise library_refuses("KeyError", f"attribute '{name}' already exists")
    return True


def _is_other(world: World, module: Module, name: str, held: Tensor, kind: str) -> bool:
    """Whether a tensor that is held is certainly no parameter, or no buffer, that another may take the place of."""
    from shapelint.interp import instance_attributes

    if kind == "module":
        return False  # (asked before)
    joined = held.made is not None and held.made.op == "either"
    if joined or instance_attributes.is_doubtful(world, module, name):
        return kind == "buffer" and held.is_parameter
    return name not in module.buffers if kind == "buffer" else not held.is_parameter


def a(noun: str) -> str:
    """A noun with its article."""
    return f"{'an' if noun[:1] in 'aeiouAEIOU' else 'a'} {noun}"


def register_parameter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, name, value = _bind(("self", "name", "param"), args, keywords)
    if may_be_named(world, module, name, "parameter"):
        set_attribute(world, module, name, value)


def register_buffer(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, name, value, persistent = _bind(("self", "name", "tensor", "persistent"), args, keywords, (True,))
    if is_too_early(module):
        _too_early(world, "buffer")
    if not may_be_named(world, module, name, "buffer"):
        return
    world.journal.touch(module.attrs)
    world.journal.touch(module.buffers)
    module.attrs[name] = value
    module.buffers[name] = persistent is not False


def _bind(
    names: tuple[str, ...], args: tuple[Any, ...], keywords: dict[str, Any], defaults: tuple[Any, ...] = ()
) -> list[Any]:
    values = list(args[: len(names)])
    for i in range(len(values), len(names)):
        if names[i] in keywords:
            values.append(keywords[names[i]])
        elif len(names) - i <= len(defaults):
            values.append(defaults[len(defaults) - (len(names) - i)])
        else:
            raise ProgramRaises("TypeError", f"missing required argument: '{names[i]}'")
    return values


def set_submodule(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, target, child, _ = args
    if not isinstance(target, str):
        module_tree.doubt_members(world, module, "a module is set under a name that is not known")
        return
    head, _, name = target.rpartition(".")
    set_attribute(world, module_walks.submodule(world, (module, head), {}), name, child)
