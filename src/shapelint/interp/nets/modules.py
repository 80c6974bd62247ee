"""nn.Module itself: building one, its methods, and what it keeps for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import facts
from shapelint.interp import attributes, calls
from shapelint.interp.again import rebuilt
from shapelint.interp.control import library_refuses
from shapelint.interp.host.host_calls import bound_to, takes
from shapelint.interp.nets import (
    module_calls,
    module_modes,
    module_registries,
    module_tree,
    module_walks,
    registration,
    state_loading,
)
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Dict, Function, List, Module, StaticMethod, Undetermined, Unknown

MISSING: Any = attributes.MISSING
MODULE = Class("Module", "torch.nn.Module")
MODULE.is_module = True


# ---- building


def build(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`cls(*args, **keywords)` for a module class."""
    if world.once and cls.node is not None:
        return rebuilt.build(world, cls, args, keywords, _evaluated)
    return _evaluated(world, cls, args, keywords)


def _evaluated(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = Module(cls)
    made.built_at = world.here()
    try:
        maker = cls.find("__new__")
    except KeyError:
        maker = None
    if isinstance(maker, (Function, StaticMethod)):
        other = calls.call(world, maker, (cls, *args), keywords)
        if not isinstance(other, Module) or not other.cls.is_subclass(cls):
            return other  # which is not begun here
        made = other
    if cls.unknown_base is not None:
        made.initialised = True
    init = made.cls.find("__init__")
    failures = world.failures
    calls.call(world, init, (made, *args), keywords)
    made.broken = world.failures > failures
    if not made.initialised and not registration.is_too_early(made):
        world.journal.touch_slot(made, "initialised")
        made.initialised = True
        world.journal.touch(made.attrs)
        made.attrs.setdefault("training", True)
        module_tree.doubt_members(world, made, f"the constructor of {cls.name} stands behind a decorator")
    if not world.muted:
        world.record(facts.ModuleBuilt, module=made)
    return made


def unbuilt(world: World, cls: Class, why: str) -> Module:
    """A module whose arguments are not known: it exists, and what it holds is not known."""
    made = Module(cls)
    made.built_at = world.here()
    made.initialised = True
    made.attrs["training"] = True
    module_tree.doubt_members(world, made, why)
    return made


def initialised_somehow(world: World, module: Module, function: Builtin, why: str) -> None:
    """A constructor of torch's is called with arguments that are not known: what it makes of the module is not known."""
    if function.name.endswith("__init__"):
        world.journal.touch_slot(module, "initialised")
        module.initialised = True
        world.journal.touch(module.attrs)
        module.attrs.setdefault("training", True)
        module_tree.doubt_members(world, module, why)


def _init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module = args[0]
    if isinstance(module, Module):
        world.journal.touch_slot(module, "initialised")
        module.initialised = True
        world.journal.touch(module.attrs)
        module.attrs.setdefault("training", True)


def _same(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0]


def _zero_grad(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    from shapelint.interp.tensors import saved

    saved.no_gradients(world)


def _nothing(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return None


def _call_method(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return module_calls.run(world, args[0], args[1:], keywords)


def _set_attribute(world: World, module: Module, name: Any, value: Any) -> None:
    if not isinstance(name, str):
        raise Undetermined("an attribute whose name is not known")
    registration.set_attribute(world, module, name, value)


def _hook(kind: str) -> Callable[..., Any]:
    def register(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        module, function, _, with_kwargs, *_ = args
        if with_kwargs is True:
            return Unknown("a hook with keyword arguments", plain=True)
        world.journal.touch(module.hooks)
        module.hooks.append((kind, function))
        return Unknown("a hook's handle", plain=True)

    return register


def _loads_by_hook(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    world.journal.touch(args[0].hooks)
    args[0].hooks.append(("load", None))
    return Unknown("a hook's handle", plain=True)


def _load_state_dict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.values import Record

    args[0].history.walked = True
    given = args[1] if len(args) > 1 else keywords.get("state_dict")
    if isinstance(given, (str, Module)):
        what = "a path" if isinstance(given, str) else f"the network {given.cls.name} itself"
        raise library_refuses("TypeError", f"load_state_dict takes a dict of tensors, it is given {what}")
    strict = args[2] if len(args) > 2 else keywords.get("strict", True)
    why = state_loading.refusal(args[0], given, strict)
    if why is not None:
        raise library_refuses("RuntimeError", f"load_state_dict: {why}")
    world.record(facts.StateLoaded, module=args[0], given=given)
    return Record((List([]), List([])), ("missing_keys", "unexpected_keys"), "_IncompatibleKeys")


_METHODS: dict[str, Callable[..., Any]] = {
    "__init__": _init,
    "__call__": _call_method,
    "_call_impl": _call_method,
    "_wrapped_call_impl": _call_method,
    "__setattr__": takes("module, name, value")(_set_attribute),
    "add_module": registration.add_module,
    "register_module": registration.add_module,
    "register_parameter": registration.register_parameter,
    "register_buffer": registration.register_buffer,
    "parameters": module_walks.parameters,
    "named_parameters": module_walks.named_parameters,
    "buffers": module_walks.buffers,
    "named_buffers": module_walks.named_buffers,
    "children": module_walks.children,
    "named_children": module_walks.named_children,
    "modules": module_walks.modules,
    "named_modules": module_walks.named_modules,
    "state_dict": module_walks.state_dict,
    "load_state_dict": _load_state_dict,
    "apply": module_walks.apply,
    "train": module_modes.train,
    "eval": module_modes.eval,
    "requires_grad_": module_modes.requires_grad,
    "to": module_modes.to,
    "cuda": module_modes.cuda,
    "cpu": _same,
    "xpu": module_modes.cuda,
    "to_empty": _same,
    "share_memory": _same,
    "float": module_modes.caster("float32"),
    "double": module_modes.caster("float64"),
    "half": module_modes.caster("float16"),
    "bfloat16": module_modes.caster("bfloat16"),
    "type": module_modes.retype,
    "zero_grad": _zero_grad,
    "compile": _nothing,
    "extra_repr": lambda world, args, keywords: "",
    "get_submodule": module_walks.submodule,
    "get_parameter": module_walks.submodule,
    "get_buffer": module_walks.submodule,
    "set_submodule": registration.set_submodule,
    "register_forward_hook": _hook("post"),
    "register_forward_pre_hook": _hook("pre"),
    "register_full_backward_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
    "register_backward_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
    "register_state_dict_pre_hook": _loads_by_hook,
    "_register_state_dict_hook": _loads_by_hook,
    "_register_load_state_dict_pre_hook": _loads_by_hook,
    "register_load_state_dict_post_hook": _loads_by_hook,
    "register_load_state_dict_pre_hook": _loads_by_hook,
    "_load_from_state_dict": _nothing,
    "_save_to_state_dict": _nothing,
    "_get_name": lambda world, args, keywords: args[0].cls.name,
    "_apply": _same,
    "ipu": _same,
    "mtia": module_modes.cuda,
    "_slow_forward": _call_method,
    "_maybe_warn_non_full_backward_hook": _nothing,
    "_replicate_for_data_parallel": lambda world, args, keywords: Unknown("a replica"),
    "_named_members": lambda world, args, keywords: Unknown("members of a module"),
    "get_extra_state": lambda world, args, keywords: Unknown("an extra state", plain=True),
    "set_extra_state": _nothing,
    "register_state_dict_post_hook": _loads_by_hook,
    "register_full_backward_pre_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
}
# As torch documents them; the others take what they are given.
SIGNATURES = {
    "add_module": "name, module",
    "register_module": "name, module",
    "register_parameter": "name, param",
    "register_buffer": "name, tensor, persistent=True",
    "parameters": "recurse=True",
    "named_parameters": "prefix='', recurse=True, remove_duplicate=True",
    "buffers": "recurse=True",
    "named_buffers": "prefix='', recurse=True, remove_duplicate=True",
    "children": "",
    "named_children": "",
    "modules": "remove_duplicate=True",
    "named_modules": "memo=None, prefix='', remove_duplicate=True",
    "apply": "fn",
    "train": "mode=True",
    "eval": "",
    "requires_grad_": "requires_grad=True",
    "get_submodule": "target",
    "get_parameter": "target",
    "get_buffer": "target",
    "set_submodule": "target, module, strict=False",
    "register_forward_hook": "hook, *, prepend=False, with_kwargs=False, always_call=False",
    "register_forward_pre_hook": "hook, *, prepend=False, with_kwargs=False",
}


def _of_modules(name: str, function: Callable[..., Any]) -> Builtin:
    """A method, which may also be asked of the class and given something that is not known (`nn.Module.to(model, device)`)."""

    def method(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if args and not isinstance(args[0], Module):
            return Unknown(f"{name} of what may be no module", world.site())
        return function(world, args, keywords)

    return Builtin(f"method {name}", method)


for _name, _function in _METHODS.items():
    MODULE.attrs[_name] = _of_modules(
        _name, bound_to(SIGNATURES[_name], _function) if _name in SIGNATURES else _function
    )
MODULE.attrs["dump_patches"] = False
MODULE.attrs["call_super_init"] = False


def extra(world: World, module: Module, name: str) -> Any:
    """Attributes that nn.Module keeps for itself."""
    if name in module_registries.NAMES:
        return module_registries.of(module, name)
    if name in (
        "_forward_hooks",
        "_forward_pre_hooks",
        "_backward_hooks",
        "_state_dict_hooks",
        "_load_state_dict_pre_hooks",
    ):
        return Dict({}, kind="OrderedDict")
    if name == "_is_hf_initialized":
        return MISSING
    return MISSING
