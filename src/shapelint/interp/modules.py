"""nn.Module's protocol: building, calling, registering, walking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shapelint import dims, facts, ir
from shapelint.dims import Dim
from shapelint.interp import attributes, calls, module_tree
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host_calls import takes
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Dict,
    DType,
    Function,
    Instance,
    Iterator,
    List,
    Module,
    Set,
    Site,
    Tensor,
    Undetermined,
    Unknown,
)

MISSING: Any = attributes.MISSING
MODULE = Class("Module", "torch.nn.Module")
MODULE.is_module = True


@dataclass(slots=True, eq=False)
class CallRecord:
    """One call of a module: what went in and came out, and the MACs of what it did itself and below."""

    module: Module
    inputs: tuple[Any, ...]
    keywords: dict[str, Any]
    depth: int
    site: Site | None
    output: Any = None
    macs: Dim = 0
    uncertain: str | None = None  # why the MACs are not known
    failed: facts.NeedFailed | None = None
    done: bool = False
    parent: CallRecord | None = None
    order: int = 0  # the clock at the call: which came first, a call or a fact


# ---- building


def build(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`cls(*args, **keywords)` for a module class."""
    made = Module(cls)
    made.built_at = world.where()[0]
    try:
        maker = cls.find("__new__")
    except KeyError:
        maker = None
    if isinstance(maker, Function):
        other = calls.call(world, maker, (cls, *args), keywords)
        if not isinstance(other, Module):
            return other
        made = other
    if cls.unknown_base is not None:
        made.initialised = True
    init = cls.find("__init__")
    failures = world.failures
    calls.call(world, init, (made, *args), keywords)
    made.broken = world.failures > failures
    if not world.muted:
        world.record(facts.ModuleBuilt, module=made)
    return made


def unbuilt(world: World, cls: Class, why: str) -> Module:
    """A module whose arguments are not known: it exists, and what it holds is not known."""
    made = Module(cls)
    made.built_at = world.where()[0]
    made.initialised = True
    made.attrs["training"] = True
    made.incomplete.append(Unknown(why, world.site()))
    return made


def _init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module = args[0]
    if isinstance(module, Module):
        world.journal.touch_slot(module, "initialised")
        module.initialised = True
        world.journal.touch(module.attrs)
        module.attrs.setdefault("training", True)


# ---- calling


def call(world: World, module: Module, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`module(*args, **keywords)`."""
    own = calls.special(module, "__call__")
    if isinstance(own, Function) or (isinstance(own, Builtin) and own.name == "method transform"):
        return calls.call(world, own, (module, *args), keywords)
    return run(world, module, args, keywords)


def run(world: World, module: Module, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """nn.Module.__call__: hooks, forward, and the record of it."""
    world.step()
    place = world.where()[0]
    if place is not None:
        module.history.called[place] = None
    for kind, hook in module.hooks:
        if kind == "pre":
            changed = calls.call(world, hook, (module, args), {})
            if changed is not None and not isinstance(changed, Unknown):
                args = changed if isinstance(changed, tuple) else (changed,)
    forward = module.attrs.get("forward")
    if forward is None:
        try:
            forward = attributes.bound(module.cls.find("forward"), module, module.cls)
        except KeyError:
            if module.cls.unknown_base is not None or module.incomplete:
                return Unknown(f"forward of {module.cls.name} is not known", world.site())
            raise ProgramRaises(
                "NotImplementedError", f"Module [{module.cls.name}] is missing the required forward"
            ) from None
    parent = world.calls[-1] if world.calls else None
    if parent is None and world.guessing:
        world.usual_rank = usual_rank(module)
    if parent is None and world.follow_axes:
        args = tuple(followed(world, a) for a in args)
        keywords = {k: followed(world, v) for k, v in keywords.items()}
    record = CallRecord(
        module, args, keywords, len(world.calls), world.site(), parent=parent, order=world.tick()
    )
    world.calls.append(record)
    keeps = world.records is not None and not world.muted
    if keeps:
        assert world.records is not None
        world.records.append(record)
    try:
        record.output = calls.call(world, forward, args, keywords)
        record.done = True
        if record.output is None:
            _gave_nothing(world, module, forward)
    finally:
        world.calls.pop()
        if parent is not None and not world.muted:
            parent.macs = parent.macs + record.macs
            parent.uncertain = parent.uncertain or record.uncertain
    for kind, hook in module.hooks:
        if kind == "post":
            changed = calls.call(world, hook, (module, args, record.output), {})
            if changed is not None and not isinstance(changed, Unknown):
                record.output = changed
    if parent is None and not world.muted:
        world.record(facts.ModelCalled, module=module, inputs=args, keywords=keywords, output=record.output)
    return record.output


def run_method(world: World, frame: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Another method than forward, called on a network with tensors: evidence like a call of the network itself."""
    from shapelint.interp import functions

    module = args[0]
    if world.follow_axes:
        for name, value in frame.env.vars.items():
            frame.env.vars[name] = followed(world, value)
        args = tuple(followed(world, a) for a in args)
        keywords = {k: followed(world, v) for k, v in keywords.items()}
    record = CallRecord(module, args[1:], keywords, 0, world.site(), order=world.tick())
    world.calls.append(record)
    if world.records is not None and not world.muted:
        world.records.append(record)
    try:
        record.output = functions.run(world, frame)
        record.done = True
    finally:
        world.calls.pop()
    return record.output


def _gave_nothing(world: World, module: Module, forward: Any) -> None:
    """Record that a forward written in the program returned None."""
    function = forward.function if isinstance(forward, BoundMethod) else forward
    if not isinstance(function, Function) or not isinstance(function.node, ir.FunctionDef):
        return
    file = function.globals.file
    body = function.node.body.statements
    last = body[-1] if body else None
    place = function.node.name_at
    if isinstance(last, ir.Return):
        place = last.at
        last = body[-2] if len(body) > 1 else None
    lost = isinstance(last, ir.Assign) and all(
        isinstance(t, (ir.Name, ir.TupleDisplay)) for t in last.targets
    )
    lost = lost or (isinstance(last, ir.ExprStmt) and isinstance(last.value, ir.Call))
    if file is None or not world.checked(file.path):
        return
    before = len(world.facts)
    found = Site(file.path, *last.at) if last is not None and lost else None
    world.record(facts.ForwardReturned, module=module, last=found, stores=_stores(body))
    for fact in world.facts[before:]:
        fact.site = Site(file.path, *place)


def _stores(body: tuple[ir.Stmt, ...]) -> bool:
    """Whether statements assign attributes or items, at any depth, or print, raise or yield."""
    for statement in body:
        if isinstance(statement, (ir.Assign, ir.AugAssign)):
            targets = statement.targets if isinstance(statement, ir.Assign) else (statement.target,)
            if any(isinstance(t, (ir.Attribute, ir.Subscript)) for t in targets):
                return True
        if isinstance(statement, (ir.Raise, ir.Delete, ir.GlobalDecl, ir.NonlocalDecl)):
            return True
        if isinstance(statement, ir.ExprStmt) and isinstance(statement.value, ir.Call):
            callee = statement.value.func
            if isinstance(callee, ir.Attribute) and not (
                isinstance(callee.value, ir.Name) and callee.value.id == "self"
            ):
                return True  # a method of something else: it may be a list that is filled
        for part in ("body", "orelse", "final"):
            inner = getattr(statement, part, ())
            if isinstance(inner, tuple) and _stores(inner):
                return True
    return False


_AXES = {2: ("B", "C"), 3: ("B", "T", "C"), 4: ("B", "C", "H", "W"), 5: ("B", "C", "D", "H", "W")}


def usual_rank(module: Module) -> int:
    """How many axes the input of such a network usually has, by the layers in it."""
    names = {cls.name for _, m in module_tree.named_modules(module) for cls in m.cls.mro}
    for suffix, rank in (("3d", 5), ("2d", 4), ("1d", 3)):
        kinds = ("Conv", "MaxPool", "AvgPool") if rank == 3 else ("Conv", "MaxPool", "AvgPool", "BatchNorm")
        if any(
            name.endswith(suffix) and name.startswith(kinds) for name in names
        ):  # BatchNorm1d is at home on rows too
            return rank
    if names & {"RNN", "LSTM", "GRU", "MultiheadAttention", "TransformerEncoderLayer", "LayerNorm"}:
        return 3
    return 2


def followed(world: World, value: Any) -> Any:
    """A model's input with every axis a symbol that has the size seen as its witness; a tensor that goes into several models
    has the same symbols in all of them."""
    if not isinstance(value, Tensor) or not value.known or not value.shape or value.is_parameter:
        return value
    shape = value.shape
    names = _AXES.get(len(shape), ("B", *(f"n{i}" for i in range(1, len(shape)))))
    if all(not isinstance(d, int) for d in shape):
        return value
    held = world.inputs.get(id(value))
    if held is not None and held[1] == shape:
        return held[2]
    made = value.with_shape(
        *(
            dims.symbol(n, low=0, witness=d) if isinstance(d, int) else d
            for n, d in zip(names, shape, strict=True)
        )
    )
    for slot in ("data", "made", "marks", "name", "requires_grad"):
        setattr(made, slot, getattr(value, slot))
    if made.made is not None:
        made.made = made.made._replace(given=None)  # the arguments tell of other sizes
    world.inputs[id(value)] = (value, shape, made)
    return made


# ---- registering


def set_attribute(world: World, module: Module, name: str, value: Any) -> None:
    """nn.Module.__setattr__."""
    registers = isinstance(value, Module) or (
        isinstance(value, Tensor) and value.kind in ("parameter", "buffer")
    )
    if registers and not module.initialised and module.cls.unknown_base is None:
        what = "module" if isinstance(value, Module) else "parameter"
        _too_early(world, what)
    world.journal.touch(module.attrs)
    held = module.attrs.get(name)
    _remember(world, module, name, held, value)
    if (
        isinstance(held, Tensor)
        and held.is_parameter
        and isinstance(value, Tensor)
        and not value.is_parameter
    ):
        if name not in module.hidden:
            raise ProgramRaises(
                "TypeError",
                f"cannot assign a plain tensor as parameter '{name}' (torch.nn.Parameter or None expected)",
                site=world.where()[0],
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


def _too_early(world: World, what: str) -> None:
    raise ProgramRaises(
        "AttributeError", f"cannot assign {what} before Module.__init__() call", site=world.where()[0]
    )


def _remember(world: World, module: Module, name: str, held: Any, value: Any) -> None:
    """Keep where the attribute was assigned, and tell when one layer takes another's place."""
    place = world.where()[0]
    if isinstance(value, Module):
        value.history.held = True
        first = module.history.assigned.get(name)
        if isinstance(held, Module) and held is not value and first is not None:
            world.record(
                facts.LayerReplaced, module=module, name=name, old=held, new=value, first=first, second=place
            )
    if place is not None:
        module.history.assigned[name] = place


def _add_module(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, name, child = _bind(("self", "name", "module"), args, keywords)
    if not isinstance(name, str):
        module.incomplete.append(Unknown("a module is added under a name that is not known", world.site()))
        return
    set_attribute(world, module, name, child)


def _register_parameter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, name, value = _bind(("self", "name", "param"), args, keywords)
    if isinstance(name, str):
        set_attribute(world, module, name, value)
    else:
        module.incomplete.append(
            Unknown("a parameter is registered under a name that is not known", world.site())
        )


def _register_buffer(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, name, value, persistent = _bind(("self", "name", "tensor", "persistent"), args, keywords, (True,))
    if not module.initialised and module.cls.unknown_base is None:
        _too_early(world, "buffer")
    if not isinstance(name, str):
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


# ---- walking


def _whole(module: Module) -> None:
    """Walking is exact only when nothing is hidden."""
    for gap in module_tree.gaps(module):
        raise Undetermined(gap.why)


def _parameters(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    _whole(args[0])
    return Iterator([t for _, t in _walk_parameters(args, keywords)])


def _named_parameters(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    _whole(args[0])
    prefix = keywords.get("prefix", args[1] if len(args) > 1 else "")
    return Iterator([(f"{prefix}.{n}" if prefix else n, t) for n, t in _walk_parameters(args, keywords)])


def _walk_parameters(args: tuple[Any, ...], keywords: dict[str, Any]) -> list[tuple[str, Tensor]]:
    module = args[0]
    module.history.walked = True
    recurse = keywords.get("recurse", True)
    return list(
        module_tree.named_parameters(module) if recurse is not False else module_tree.own_parameters(module)
    )


def _buffers(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([t for _, t in module_tree.named_buffers(args[0])])


def _named_buffers(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([(n, t) for n, t in module_tree.named_buffers(args[0])])


def _children(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([m for _, m in module_tree.children(args[0])])


def _named_children(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([(n, m) for n, m in module_tree.children(args[0])])


def _modules(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([m for _, m in module_tree.named_modules(args[0])])


def _named_modules(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    prefix = keywords.get("prefix", "")
    return Iterator(
        [(".".join(p for p in (prefix, n) if p), m) for n, m in module_tree.named_modules(args[0])]
    )


def _state_dict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module = args[0]
    module.history.walked = True
    items: dict[Any, Any] = {}
    for path, inner in module_tree.named_modules(module):
        for name, tensor in (*module_tree.own_parameters(inner), *module_tree.own_buffers(inner)):
            if tensor.kind == "parameter" or inner.buffers.get(name, True):
                items[f"{path}.{name}" if path else name] = tensor
    return Dict(items, next((Unknown(g.why) for g in module_tree.gaps(module)), None), kind="OrderedDict")


def _apply(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, function = args[0], args[1] if len(args) > 1 else keywords["fn"]
    for _, child in list(module_tree.children(module)):
        calls.call(world, attributes.get(world, child, "apply"), (function,), {})
    calls.call(world, function, (module,), {})
    return module


def _train(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    mode = args[1] if len(args) > 1 else keywords.get("mode", True)
    return set_training(world, args[0], mode)


def _eval(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module = args[0]
    own = module.cls.find("train")
    if isinstance(own, Function):
        calls.call(world, own, (module, False), {})
        return module
    return set_training(world, module, False)


def set_training(world: World, module: Module, mode: Any) -> Module:
    world.journal.touch(module.attrs)
    module.attrs["training"] = mode
    for _, child in module_tree.children(module):
        own = child.cls.find("train")
        if isinstance(own, Function):
            calls.call(world, own, (child, mode), {})
        else:
            set_training(world, child, mode)
    return module


def _requires_grad(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    flag = args[1] if len(args) > 1 else keywords.get("requires_grad", True)
    for _, tensor in module_tree.named_parameters(args[0]):
        world.journal.touch_slot(tensor, "requires_grad")
        tensor.requires_grad = flag if isinstance(flag, bool) else None
    return args[0]


def _to(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    given = (*args[1:], *keywords.values())
    dtype = next((a for a in given if isinstance(a, DType)), None)
    if dtype is not None:
        _cast(world, args[0], dtype.name)
    return _moved(world, args, keywords) if any(map(_is_elsewhere, given)) else args[0]


def _is_elsewhere(value: Any) -> bool:
    """Whether an argument of `to` may name another place or dtype than everything starts with."""
    name = getattr(value, "type", value)
    return isinstance(value, (DType, Unknown)) or (isinstance(name, str) and not name.startswith("cpu"))


def _moved(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """To another device or dtype: the parameters and buffers go, and nothing else."""
    for _, inner in module_tree.named_modules(args[0]):
        inner.history.moved = True
    return args[0]


def _cast(world: World, module: Module, dtype: str) -> None:
    from shapelint.values.torch_types import is_complex, is_float

    for _, inner in module_tree.named_modules(module):
        for _, tensor in (*module_tree.own_parameters(inner), *module_tree.own_buffers(inner)):
            if is_float(tensor.dtype) or is_complex(tensor.dtype) or tensor.dtype is None:
                world.journal.touch_slot(tensor, "dtype")
                tensor.dtype = dtype


def _caster(dtype: str) -> Callable[..., Any]:
    def cast(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        _cast(world, args[0], dtype)
        return _moved(world, args, keywords) if dtype != "float32" else args[0]

    return cast


def _same(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0]


def _nothing(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return None


def _call_method(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return run(world, args[0], args[1:], keywords)


def _submodule(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    target = args[1] if len(args) > 1 else keywords["target"]
    value: Any = args[0]
    if not isinstance(target, str):
        raise Undetermined("the name of a submodule")
    for part in target.split(".") if target else ():
        value = attributes.get(world, value, part)
    return value


def _hook(kind: str) -> Callable[..., Any]:
    def register(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        module, function = args[0], args[1] if len(args) > 1 else keywords["hook"]
        if keywords.get("with_kwargs") is True:
            return Unknown("a hook with keyword arguments", plain=True)
        world.journal.touch(module.hooks)
        module.hooks.append((kind, function))
        return Unknown("a hook's handle", plain=True)

    return register


def _set_submodule(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, target, child = args[:3]
    head, _, name = target.rpartition(".")
    set_attribute(world, _submodule(world, (module, head), {}), name, child)


def _load_state_dict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.values import Record

    args[0].history.walked = True
    given = args[1] if len(args) > 1 else keywords.get("state_dict")
    world.record(facts.StateLoaded, module=args[0], given=given)
    return Record((List([]), List([])), ("missing_keys", "unexpected_keys"), "_IncompatibleKeys")


_METHODS: dict[str, Callable[..., Any]] = {
    "__init__": _init,
    "__call__": _call_method,
    "_call_impl": _call_method,
    "_wrapped_call_impl": _call_method,
    "__setattr__": takes("module, name, value")(set_attribute),
    "add_module": _add_module,
    "register_module": _add_module,
    "register_parameter": _register_parameter,
    "register_buffer": _register_buffer,
    "parameters": _parameters,
    "named_parameters": _named_parameters,
    "buffers": _buffers,
    "named_buffers": _named_buffers,
    "children": _children,
    "named_children": _named_children,
    "modules": _modules,
    "named_modules": _named_modules,
    "state_dict": _state_dict,
    "load_state_dict": _load_state_dict,
    "apply": _apply,
    "train": _train,
    "eval": _eval,
    "requires_grad_": _requires_grad,
    "to": _to,
    "cuda": _moved,
    "cpu": _same,
    "xpu": _same,
    "to_empty": _same,
    "share_memory": _same,
    "float": _caster("float32"),
    "double": _caster("float64"),
    "half": _caster("float16"),
    "bfloat16": _caster("bfloat16"),
    "type": _same,
    "zero_grad": _nothing,
    "compile": _nothing,
    "extra_repr": lambda world, args, keywords: "",
    "get_submodule": _submodule,
    "get_parameter": _submodule,
    "get_buffer": _submodule,
    "set_submodule": _set_submodule,
    "register_forward_hook": _hook("post"),
    "register_forward_pre_hook": _hook("pre"),
    "register_full_backward_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
    "register_backward_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
    "register_state_dict_pre_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
    "_register_state_dict_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
    "_register_load_state_dict_pre_hook": lambda world, args, keywords: Unknown(
        "a hook's handle", plain=True
    ),
    "register_load_state_dict_post_hook": lambda world, args, keywords: Unknown(
        "a hook's handle", plain=True
    ),
    "register_load_state_dict_pre_hook": lambda world, args, keywords: Unknown("a hook's handle", plain=True),
    "_load_from_state_dict": _nothing,
    "_save_to_state_dict": _nothing,
    "_get_name": lambda world, args, keywords: args[0].cls.name,
}
for _name, _function in _METHODS.items():
    MODULE.attrs[_name] = Builtin(f"method {_name}", _function)
MODULE.attrs["dump_patches"] = False
MODULE.attrs["call_super_init"] = False


class Registry(Dict):
    """`module._modules`, `_parameters`, `_buffers`: a dict whose writes register."""

    __slots__ = ("module",)

    def __init__(self, module: Module, items: dict[Any, Any], kind: str) -> None:
        super().__init__(items, kind=kind)
        self.module = module


def extra(world: World, module: Module, name: str) -> Any:
    """Attributes that nn.Module keeps for itself."""
    if name == "_modules":
        return Registry(module, dict(module_tree.children(module)), "dict")
    if name == "_parameters":
        held: dict[Any, Any] = dict(module_tree.own_parameters(module))
        for key in ("weight", "bias"):
            if key in module.attrs and module.attrs[key] is None:
                held[key] = None
        return Registry(module, held, "dict")
    if name == "_buffers":
        return Registry(module, dict(module_tree.own_buffers(module)), "dict")
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


def copy(world: World, value: Any, memo: dict[int, Any]) -> Any:
    """copy.deepcopy of a program value: containers, modules and tensors become new objects, everything else is shared."""
    if id(value) in memo:
        return memo[id(value)]
    made: Any
    if isinstance(value, Module):
        made = Module(value.cls)
        memo[id(value)] = made
        made.initialised, made.built_at = value.initialised, value.built_at
        made.buffers, made.hidden = dict(value.buffers), set(value.hidden)
        made.hooks, made.incomplete = list(value.hooks), list(value.incomplete)
        made.attrs = {k: copy(world, v, memo) for k, v in value.attrs.items()}
        made.payload = value.payload
    elif isinstance(value, Instance):
        if value.cls.kind == "enum":
            return value
        hook = calls.special(value, "__deepcopy__")
        if isinstance(hook, Function):
            made = calls.call(world, hook, (value, Dict({})), {})
            memo[id(value)] = made
            return made
        made = Instance(value.cls)
        memo[id(value)] = made
        made.attrs = {k: copy(world, v, memo) for k, v in value.attrs.items()}
        made.payload = copy(world, value.payload, memo)
    elif isinstance(value, Tensor):
        made = Tensor(
            value.box, value.dtype, kind=value.kind, requires_grad=value.requires_grad, data=value.data
        )
        made.made = value.made
        made.after_failure = value.after_failure
        memo[id(value)] = made
    elif isinstance(value, List):
        made = List([], value.open)
        memo[id(value)] = made
        made.items = [copy(world, v, memo) for v in value.items]
        made.made_from = value.made_from
    elif isinstance(value, Dict):
        made = Dict({}, value.open, default=value.default, kind=value.kind)
        memo[id(value)] = made
        made.items = {k: copy(world, v, memo) for k, v in value.items.items()}
    elif isinstance(value, Set):
        made = Set(dict(value.items), value.open, frozen=value.frozen)
        memo[id(value)] = made
    elif type(value) is tuple:
        made = tuple(copy(world, v, memo) for v in value)
    elif isinstance(value, BoundMethod):
        made = BoundMethod(value.function, copy(world, value.receiver, memo))
    else:
        return value
    return made
