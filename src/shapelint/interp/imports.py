"""Imports: which names are libraries with specs, which are files to read, and how a file is evaluated."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from shapelint import ir
from shapelint.interp import branch, library, put_off
from shapelint.interp.calls import PLAIN_LIBRARIES
from shapelint.interp.control import OutOfBudget, ProgramRaises, Untold
from shapelint.interp.world import MAX_STEPS, PLAIN_STEPS, Frame, World
from shapelint.specs import registry
from shapelint.values import (
    Builtin,
    Class,
    Dict,
    DType,
    Environment,
    External,
    Namespace,
    Unknown,
)
from shapelint.values.torch_types import _BYTES, ALIASES

MISSING: Any = library.MISSING

# Libraries that compare values with annotations while a program runs: what they decorate does what it did.
_CHECKERS = frozenset(("beartype", "jaxtyping", "typeguard"))
# Libraries whose meaning is modelled: their source is not followed.
# So is that of plain libraries: what they do has no bearing on a network's shapes.
# Neither is that of those which bring things from elsewhere: networks too.
_FETCHERS = frozenset(("hydra", "joblib", "mlflow"))
MODELLED = (
    frozenset(("torch", "numpy", "einops", "einx", "functorch")) | PLAIN_LIBRARIES | _CHECKERS | _FETCHERS
)
# Parts of followed libraries that are modelled as a whole.
MODELLED_PARTS = ("torchvision.transforms", "torchvision.datasets")
# Other things of followed libraries that are modelled all the same come by their registered names.

# Where torch keeps what it documents elsewhere.
_ALIASES = (
    ("torch.nn.modules.", "torch.nn."),
    ("torch.nn.parameter.", "torch.nn."),
    ("torch.functional.", "torch."),
    ("torch._tensor.", "torch."),
    ("torch.utils.data.dataloader.", "torch.utils.data."),
    ("torch.utils.data.dataset.", "torch.utils.data."),
    ("torch.optim.optimizer.", "torch.optim."),
    ("torch.nn.utils.weight_norm.", "torch.nn.utils."),
    ("torch.nn.utils.spectral_norm.", "torch.nn.utils."),
    ("torch.types.", "torch."),
    ("torch._C.", "torch."),
    ("torch._C._nn.", "torch.nn.functional."),
)


def is_modelled(dotted: str) -> bool:
    """Whether a module's source is not followed, since its names are known or deliberately left unknown."""
    root = dotted.partition(".")[0]
    if root in MODELLED:
        return True
    return dotted.startswith(MODELLED_PARTS) and any(
        dotted == p or dotted.startswith(p + ".") for p in MODELLED_PARTS
    )


def import_module(world: World, dotted: str, node: ir.Node | None) -> Any:
    """`import a.b.c`: the value of the last part."""
    if is_modelled(dotted):
        return external(world, dotted)
    parts = dotted.split(".")
    space: Any = None
    for i in range(len(parts)):
        name = ".".join(parts[: i + 1])
        found = namespace(world, name)
        if not isinstance(found, Namespace):
            if world.import_guards:
                raise ProgramRaises("ImportError", f"No module named '{name}'", site=world.site(node))
            return External(dotted, found)
        if isinstance(space, Namespace):
            _hold(space, parts[i], found)
        space = found
    return space


def namespace(world: World, name: str) -> Namespace | str:
    """The evaluated module of that name, or why there is none."""
    held = world.namespaces.get(name)
    if held is not None:
        world.imported.spoiled |= held.name == "__main__"
        if held.settings:
            world.take_settings(held)
        return held
    if world.telling:
        raise Untold
    loaded = world.load(name)
    if isinstance(loaded, str):
        return loaded
    space = Namespace(name, loaded.file, is_package=loaded.is_package)
    world.namespaces[name] = space
    parent, _, last = name.rpartition(".")
    if parent:
        above = namespace(world, parent)
        if isinstance(above, Namespace):
            _hold(above, last, space)
    if loaded.program is None:
        space.state = "done"
        return space
    plain = loaded.file is not None and "torch" not in loaded.file.text
    with world.outside_the_program(PLAIN_STEPS if plain else MAX_STEPS):
        try:
            run(world, space, loaded.program)
        except OutOfBudget:  # whoever imports it next finds it as it was left, so this one does too
            space.vars["__open__"] = True
        for setting in _SETTINGS:
            if getattr(world, setting) != _SETTINGS[setting]:
                space.settings[setting] = getattr(world, setting)
    if space.settings:
        world.take_settings(space)
    return space


_SETTINGS = {"default_dtype": "float32", "grad_enabled": True}


def _hold(package: Namespace, name: str, module: Namespace) -> None:
    """A package has its modules as attributes, but where it gives something of its own the same name."""
    if name not in package.awaited:
        package.vars.setdefault(name, module)


def run(world: World, space: Namespace, program: ir.Program) -> None:
    """Evaluate a file's statements in its namespace. What it raises ends it where it stands."""
    space.state = "running"
    space.vars.setdefault("__name__", space.name)
    space.vars.setdefault("__file__", space.file.path if space.file is not None else "")
    space.vars.setdefault("__doc__", program.docstring)
    for name in ("__spec__", "__loader__", "__package__", "__builtins__", "__annotations__"):
        space.vars.setdefault(name, Unknown(f"{name} of a module", plain=True))
    space.vars.setdefault("__all__", MISSING)
    space.vars.pop("__all__", None) if space.vars["__all__"] is MISSING else None
    frame = Frame(world, Environment(space.vars, None, space))
    world.frames.append(frame)
    from shapelint.interp import statements

    guards, world.import_guards = world.import_guards, 0
    catchers, world.guarded = world.guarded, 0
    at = 0
    world.importing += space.name != "__main__"
    try:
        while at < len(program.body):
            try:
                branch.finish(world, statements.from_place(program.body, frame, at))
                break
            except ProgramRaises as problem:
                if problem.where is None:
                    problem.where = world.where()
                if space.name == "__main__" or problem.kind in ("ImportError", "ModuleNotFoundError"):
                    raise
                # An installed package does import: what raised is something we read too coarsely. Its other statements count.
                space.vars["__open__"] = True
                at = _behind(program.body, frame.node, at)
        space.state = "done"
    except ProgramRaises:
        space.state = "failed"
        raise
    except OutOfBudget:
        space.state = "failed"
        raise
    finally:
        world.importing -= space.name != "__main__"
        world.import_guards, world.guarded = guards, catchers
        world.frames.pop()


def _behind(body: tuple[ir.Stmt, ...], node: ir.Node | None, start: int) -> int:
    """The index of the statement after the one that holds `node`."""
    line = node.at[0] if node is not None else 0
    for i in range(start, len(body)):
        if body[i].at[0] <= line <= body[i].at[2] or body[i].at[0] > line:
            return i + 1
    return len(body)


def absolute(space: Namespace, module: str, level: int) -> str:
    """The absolute name of a relative import."""
    if level == 0:
        return module
    parts = space.place.split(".")
    drop = level - 1 if space.is_package else level
    parts = parts[: len(parts) - drop] if drop else parts
    return ".".join([*parts, module] if module else parts)


def import_name(world: World, module: str, name: str, node: ir.Node | None) -> Any:
    """`from module import name`."""
    full = f"{module}.{name}"
    modelled = by_name(world, full)
    if modelled is not MISSING:
        return modelled
    if is_modelled(module) or full in MODELLED_PARTS:
        return external(world, full)
    space = import_module(world, module, node)
    if not isinstance(space, Namespace):
        return External(full, getattr(space, "why", ""))
    found = _in_namespace(world, space, name)
    if found is not MISSING:
        return found
    if space.is_package:
        inner = namespace(world, full)
        if isinstance(inner, Namespace):
            return inner
    if world.import_guards and space.state == "done":
        raise ProgramRaises(
            "ImportError", f"cannot import name '{name}' from '{module}'", site=world.site(node)
        )
    return Unknown(f"{full} could not be found in what was read of {module}", world.site(node))


def _in_namespace(world: World, space: Namespace, name: str) -> Any:
    if name in space.vars:
        held = space.vars[name]
        if (
            isinstance(held, Namespace) and not space.lazy
        ):  # a submodule may hide a name that a star import of it brings
            for pending in list(space.pending):
                if pending.module == held.name:
                    put_off.follow(world, space, pending)
        return space.vars[name]
    found = put_off.brought(world, space, name)
    if found is MISSING:
        found = put_off.from_stars(world, space, name)
    if found is not None:
        return found
    hook = space.vars.get("__getattr__")
    if hook is not None and not isinstance(hook, Unknown):
        from shapelint.interp import calls

        try:
            return calls.call(world, hook, (name,), {})
        except ProgramRaises:
            return MISSING
    return MISSING


def member(world: World, space: Namespace, name: str) -> Any:
    """`module.name`."""
    full = f"{space.name}.{name}"
    found = by_name(world, full) if space.name != "__main__" else MISSING
    if found is not MISSING:
        return found
    if full in MODELLED_PARTS:
        return external(world, full)
    found = _in_namespace(world, space, name)
    if found is not MISSING:
        return found
    if name == "__dict__":
        put_off.bring_all(world, space)
        return Dict(space.vars)
    if space.is_package:
        inner = namespace(world, f"{space.name}.{name}")
        if isinstance(inner, Namespace):
            return inner
    if space.state != "done" or (space.pending and not space.lazy) or "__open__" in space.vars:
        return Unknown(f"{space.name}.{name} is not known", world.site())
    raise ProgramRaises("AttributeError", f"module '{space.name}' has no attribute '{name}'")


# ---- libraries


def names_under(qualname: str) -> list[str]:
    """The names that are modelled directly below a library module, sorted."""
    registry.load()
    library.load()
    prefix = qualname + "."
    known = (*registry.ops, *registry.layers, *library.functions, *library.constants)
    return sorted({n[len(prefix) :] for n in known if n.startswith(prefix) and "." not in n[len(prefix) :]})


def by_name(world: World, qualname: str) -> Any:
    """What is modelled under a qualified name, or MISSING."""
    return _by_name(qualname)


@lru_cache(10_000)  # what is modelled never changes, and is asked for at every use of a name
def _by_name(qualname: str) -> Any:
    name = canonical(qualname)
    if name in registry.layers:
        return supplied_class(name)
    if name in registry.ops:
        return _function(name)
    found = library.find(name)
    if found is not MISSING:
        return found
    cls = supplied_class(name)
    if cls is not None:
        return cls
    root, _, last = name.rpartition(".")
    if root == "torch" and (last in _BYTES or last in ALIASES):
        return DType(ALIASES.get(last, last))
    return MISSING


def canonical(qualname: str) -> str:
    """The name torch documents a thing by."""
    for prefix, short in _ALIASES:
        if qualname.startswith(prefix):
            last = qualname.rsplit(".", 1)[-1]
            if short + last in registry.layers or short + last in registry.ops or supplied(short + last):
                return short + last
    return qualname


# Modules that are compiled as they are built: what they hold and compute is what their Python code says.
_SCRIPTED = ("torch.jit.ScriptModule", "torch.jit._script.ScriptModule")


def supplied(qualname: str) -> bool:
    from shapelint.interp.nets import containers

    return (
        qualname in ("torch.nn.Module", "torch.nn.Container", *_SCRIPTED)
        or qualname in containers.CLASSES
        or ("." in qualname and _host_class(qualname) is not None)
    )


_functions: dict[str, Builtin] = {}


def _function(name: str) -> Builtin:
    if name not in _functions:
        from shapelint.interp.tensors import torch_calls

        _functions[name] = Builtin(name, lambda w, args, keywords: torch_calls.op(w, name, args, keywords))
    return _functions[name]


_classes: dict[str, Class] = {}


def supplied_class(name: str) -> Class | None:
    """A class that shapelint supplies: nn.Module, a container, a layer with a spec, a host class."""
    found = _classes.get(name)
    if found is not None:
        return found
    from shapelint.interp.nets import containers, modules, torch_layers

    if name == "torch.nn.Module" or name in _SCRIPTED:
        return modules.MODULE
    if name in containers.CLASSES:
        return containers.CLASSES[name]
    if name in registry.layers:
        _classes[name] = torch_layers.layer_class(registry.layers[name], name)
        return _classes[name]
    return _host_class(name) if "." in name else None


def _host_class(qualname: str) -> Class | None:
    from shapelint.interp.host import host_classes

    library.bring(qualname)
    return host_classes.base_of(qualname)


def external(world: World, qualname: str) -> Any:
    """A name of a library that is not followed: its model, or an External that only knows its name."""
    found = by_name(world, qualname)
    return External(canonical(qualname)) if found is MISSING else found
