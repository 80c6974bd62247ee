"""torch.optim: groups of parameters; stepping changes no shape, and a scheduler makes the learning rates unknown."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.interp import calls, functions, iterate
from shapelint.interp.control import library_refuses
from shapelint.interp.host import deep_copies
from shapelint.interp.library.torch_classes import (
    Method,
    argument,
    module_class,
    not_known,
    nothing,
    plain_class,
)
from shapelint.interp.nets import containers, modules, registration
from shapelint.interp.tensors import autograd, saved
from shapelint.interp.world import World
from shapelint.specs.signature import BindingError, parse
from shapelint.values import (
    BoundMethod,
    Class,
    Dict,
    Function,
    Instance,
    Iterator,
    Lazy,
    List,
    Module,
    Tensor,
    Undetermined,
    Unknown,
)

_WHY = "what an optimizer keeps for itself"


# ---- groups


def _tensors(world: World, params: Any) -> List:
    """The tensors of one group, in order: `params` is a tensor or an iterable of tensors or (name, tensor)."""
    found = [params] if isinstance(params, Tensor) else iterate.known_items(world, params)
    tensors = [p[1] if isinstance(p, tuple) and len(p) == 2 else p for p in found]
    for tensor in tensors:
        if tensor is None or isinstance(tensor, (int, float, str, Module, Iterator, Lazy)):
            raise library_refuses(
                "TypeError",
                f"optimizer can only optimize Tensors, but one of the params is {iterate.type_name(tensor)}",
            )
        if isinstance(tensor, Tensor) and autograd.is_computed(world, tensor) and tensor.made is not None:
            raise library_refuses(
                "ValueError",
                f"can't optimize a non-leaf Tensor: it is what {autograd.short(tensor.made.op)} gave",
            )
    return List(tensors)


def _group(world: World, given: Any, defaults: dict[str, Any]) -> Dict:
    named = iterate.mapping(given)
    if named is None or "params" not in named:
        raise Undetermined("a parameter group that is not known")
    group = {**named, "params": _tensors(world, named["params"])}
    group.update((k, v) for k, v in defaults.items() if k not in group)
    return Dict(group)


def groups(world: World, params: Any, defaults: dict[str, Any]) -> List:
    """`param_groups` from what an optimizer is given."""
    if isinstance(params, Tensor):
        raise library_refuses(
            "TypeError",
            "params argument given to the optimizer should be an iterable of Tensors or dicts, but got Tensor",
        )
    if (
        isinstance(params, Module)
        and calls.special(params, "__iter__") is None
        and containers.items(params) is None
    ):
        raise library_refuses(
            "TypeError",
            f"'{params.cls.name}' object is not iterable: it is its parameters() that are optimized",
        )
    if isinstance(params, (BoundMethod, Function)):
        raise library_refuses("TypeError", "the parameters are asked of a method that is not called")
    found = iterate.known_items(world, params)
    if not found:
        raise library_refuses("ValueError", "optimizer got an empty parameter list")
    if isinstance(found[0], Dict):
        return List([_group(world, group, defaults) for group in found])
    return List([_group(world, Dict({"params": List(found)}), defaults)])


def _fill(world: World, made: Instance, params: Any, defaults: dict[str, Any]) -> None:
    world.journal.touch(made.attrs)
    made.attrs["defaults"] = Dict(dict(defaults))
    made.attrs["state"] = Dict({}, Unknown(_WHY, plain=True), kind="defaultdict")
    try:
        made.attrs["param_groups"] = groups(world, params, defaults)
    except Undetermined as problem:
        made.attrs["param_groups"] = Unknown(problem.why, world.site(), plain=True)
    _tell(world, made)


def _tell(world: World, made: Instance) -> None:
    """Record which parameters an optimizer has now."""
    world.record(facts.OptimizerBuilt, optimizer=made, parameters=_parameters(made))


def _parameters(made: Instance) -> tuple[Any, ...] | None:
    """The parameters of an optimizer; None where they are not all known."""
    held = made.attrs.get("param_groups")
    if not isinstance(held, List) or held.open is not None:
        return None
    known: list[Any] = []
    for group in held.items:
        tensors = group.items["params"] if isinstance(group, Dict) else None
        if not isinstance(tensors, List) or tensors.open is not None:
            return None
        known += tensors.items
    return tuple(known)


# ---- optimizers


def _base_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Optimizer.__init__(params, defaults), which the program's own optimizers call."""
    made, *rest = args
    given = argument(tuple(rest), keywords, 1, "defaults")
    _fill(world, made, argument(tuple(rest), keywords, 0, "params"), iterate.mapping(given) or {})


def _step(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    world.record(facts.OptimizerUsed, optimizer=args[0], what="step")
    closure = argument(args, keywords, 1, "closure")
    if closure is None:
        saved.step(world, _parameters(args[0]) or ())
    return None if closure is None else calls.call(world, closure, (), {})


def _zero_grad(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    world.record(facts.OptimizerUsed, optimizer=args[0], what="zero_grad")
    saved.no_gradients(world)


def _add_group(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    made, given = args[0], argument(args, keywords, 1, "param_group")
    held, defaults = made.attrs.get("param_groups"), made.attrs.get("defaults")
    if not isinstance(held, List):
        return
    try:
        group = _group(world, given, dict(defaults.items) if isinstance(defaults, Dict) else {})
        calls.touch(world, held)
        held.items.append(group)
    except Undetermined as problem:
        world.journal.touch(made.attrs)
        made.attrs["param_groups"] = Unknown(problem.why, world.site(), plain=True)
    _tell(world, made)


OPTIMIZER = plain_class(
    "torch.optim.Optimizer",
    __init__=_base_init,
    step=_step,
    zero_grad=_zero_grad,
    add_param_group=_add_group,
    state_dict=not_known(_WHY),
    load_state_dict=nothing,
    register_step_post_hook=not_known("a hook's handle"),
    register_step_pre_hook=not_known("a hook's handle"),
    train=nothing,
    eval=nothing,
)
OPTIMIZER.kind = "optimizer"
OPTIMIZER.unknown_base = Unknown(_WHY, plain=True)


def _init(name: str, signature: str) -> Method:
    """`__init__` of a torch optimizer: every other argument is a default of the groups."""
    bound_by = parse(f"params, {signature}")

    def init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        made, *rest = args
        try:
            bound = bound_by.bind(tuple(rest), keywords)
        except BindingError as problem:
            made.attrs["param_groups"] = Unknown(f"torch.optim.{name}: {problem}", world.site(), plain=True)
            return
        params = bound.pop("params")
        if name == "AdamW":
            bound["decoupled_weight_decay"] = True
        elif name == "LBFGS" and bound["max_eval"] is None:
            bound["max_eval"] = Unknown("how often a loss is evaluated", plain=True)
        _fill(world, made, params, bound)

    return init


# Source: the documented signatures, https://docs.pytorch.org/docs/stable/optim.html
_TAIL = "foreach=None, maximize=False, differentiable=False"
_SIGNATURES = {
    "ASGD": f"lr=0.01, lambd=0.0001, alpha=0.75, t0=1000000.0, weight_decay=0, {_TAIL}, capturable=False",
    "Adadelta": f"lr=1.0, rho=0.9, eps=1e-06, weight_decay=0, foreach=None, *, capturable=False, {_TAIL[14:]}",
    "Adafactor": "lr=0.01, beta2_decay=-0.8, eps=(None, 0.001), d=1.0, weight_decay=0.0, *, foreach=None, maximize=False",
    "Adagrad": f"lr=0.01, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10, {_TAIL}, fused=None",
    "Adam": f"lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=False, *, {_TAIL}, capturable=False, "
    "fused=None, decoupled_weight_decay=False",
    "AdamW": f"lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01, amsgrad=False, *, {_TAIL}, capturable=False, "
    "fused=None",
    "Adamax": f"lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, foreach=None, *, {_TAIL[14:]}, capturable=False",
    "LBFGS": "lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-07, tolerance_change=1e-09, history_size=100, "
    "line_search_fn=None",
    "Muon": "lr=0.001, weight_decay=0.1, momentum=0.95, nesterov=True, ns_coefficients=(3.4445, -4.775, 2.0315), "
    "eps=1e-07, ns_steps=5, adjust_lr_fn=None",
    "NAdam": f"lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, momentum_decay=0.004, "
    f"decoupled_weight_decay=False, *, {_TAIL}, capturable=False",
    "RAdam": f"lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, decoupled_weight_decay=False, *, {_TAIL}, "
    "capturable=False",
    "RMSprop": "lr=0.01, alpha=0.99, eps=1e-08, weight_decay=0, momentum=0, centered=False, capturable=False, "
    f"{_TAIL}",
    "Rprop": f"lr=0.01, etas=(0.5, 1.2), step_sizes=(1e-06, 50), *, capturable=False, {_TAIL}",
    "SGD": f"lr=0.001, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, {_TAIL}, fused=None",
    "SparseAdam": "lr=0.001, betas=(0.9, 0.999), eps=1e-08, maximize=False",
}
for _name, _signature in _SIGNATURES.items():
    plain_class(
        f"torch.optim.{_name}",
        f"torch.optim.{_name.lower()}.{_name}",
        base=OPTIMIZER,
        __init__=_init(_name, _signature),
    ).kind = "optimizer"


# ---- schedulers


def _scheduler_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """From now on the learning rates of the optimizer are not known."""
    made, *rest = args
    optimizer = argument(tuple(rest), keywords, 0, "optimizer")
    world.journal.touch(made.attrs)
    made.attrs["optimizer"] = optimizer
    found = _groups_of(optimizer)
    rates: list[Any] = []
    for group in found:
        calls.touch(world, group)
        rates.append(group.items.get("lr", Unknown("a learning rate", plain=True)))
        group.items["lr"] = Unknown("a scheduler sets the learning rate", plain=True)
    made.attrs["base_lrs"] = List(rates, None if found else Unknown(_WHY, plain=True))
    made.attrs["last_epoch"] = Unknown("which epoch it is", plain=True)


def _groups_of(optimizer: Any) -> list[Dict]:
    held = optimizer.attrs.get("param_groups") if isinstance(optimizer, Instance) else None
    return [g for g in held.items if isinstance(g, Dict)] if isinstance(held, List) else []


def _rates(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    found = _groups_of(args[0].attrs.get("optimizer"))
    rates: list[Any] = [Unknown("a learning rate", plain=True) for _ in found]
    return List(rates, None if found else Unknown(_WHY, plain=True))


def _scheduler_of(name: str, *wanted: str) -> Method:
    """`__init__` of a scheduler that cannot do without the arguments named behind the optimizer, whose learning rates it sets: a
    network or its parameters have none."""

    def init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        given = argument(args, keywords, 1, "optimizer")
        if isinstance(given, (Module, Lazy, Iterator, List, Tensor)):
            raise library_refuses(
                "TypeError", f"{name} takes the optimizer, not a {iterate.type_name(given)}"
            )
        _scheduler_init(world, args, keywords)
        missing = [n for i, n in enumerate(wanted) if i + 2 >= len(args) and n not in keywords]
        if (
            missing
            and functions.OTHERS not in keywords
            and not any(isinstance(a, functions.Rest) for a in args)
        ):
            raise library_refuses("TypeError", f"{name} also wants {' and '.join(missing)}")

    return init


def _plateau_step(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """It looks at a loss or another metric, and does not step without one."""
    if len(args) < 2 and "metrics" not in keywords and functions.OTHERS not in keywords:
        raise library_refuses("TypeError", "ReduceLROnPlateau.step wants the metric that it watches")


_S = "torch.optim.lr_scheduler"
SCHEDULER = plain_class(
    f"{_S}.LRScheduler",
    f"{_S}._LRScheduler",
    __init__=_scheduler_init,
    step=nothing,
    state_dict=not_known(_WHY),
    load_state_dict=nothing,
    get_last_lr=_rates,
    print_lr=nothing,
)
SCHEDULER.kind = "scheduler"
SCHEDULER.unknown_base = Unknown("what a scheduler keeps for itself", plain=True)
# What each wants besides the optimizer. Source: https://docs.pytorch.org/docs/stable/optim.html
_SCHEDULERS = {
    "ConstantLR": "", "CosineAnnealingLR": "T_max", "CosineAnnealingWarmRestarts": "T_0",
    "CyclicLR": "base_lr max_lr", "ExponentialLR": "gamma", "LambdaLR": "lr_lambda", "LinearLR": "",
    "MultiStepLR": "milestones", "MultiplicativeLR": "lr_lambda", "OneCycleLR": "max_lr", "PolynomialLR": "",
    "SequentialLR": "schedulers milestones", "StepLR": "step_size",
}  # fmt: skip
for _name, _wanted in _SCHEDULERS.items():
    _law = _scheduler_of(_name, *_wanted.split())
    plain_class(f"{_S}.{_name}", base=SCHEDULER, __init__=_law, get_lr=_rates).kind = "scheduler"
plain_class(f"{_S}.ChainedScheduler", base=SCHEDULER, get_lr=_rates).kind = "scheduler"
_law = _scheduler_of("ReduceLROnPlateau")
plain_class(
    f"{_S}.ReduceLROnPlateau", base=SCHEDULER, __init__=_law, step=_plateau_step, get_lr=_rates
).kind = "scheduler"
plain_class("torch.optim.swa_utils.SWALR", base=SCHEDULER, get_lr=_rates).kind = "scheduler"


# ---- averaged models


def _averaged_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """A deep copy below `module`, and the buffer n_averaged."""
    made, *rest = args
    assert isinstance(made, Module)
    modules._init(world, (made,), {})
    given = argument(tuple(rest), keywords, 0, "model")
    registration.set_attribute(world, made, "module", deep_copies.copy(world, given, {}))
    registration.set_attribute(world, made, "n_averaged", Tensor((), "int64", kind="buffer"))


def _averaged_forward(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return calls.call(world, args[0].attrs["module"], args[1:], keywords)


module_class(
    "torch.optim.swa_utils.AveragedModel",
    __init__=_averaged_init,
    forward=_averaged_forward,
    update_parameters=nothing,
)


# ---- scaling of losses


def _scale(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return argument(args, keywords, 1, "outputs")


def _scaler_step(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The optimizer's step, which may be left out when gradients overflow."""
    optimizer = argument(args, keywords, 1, "optimizer")
    if isinstance(optimizer, Instance) and optimizer.cls.kind == "optimizer":
        world.record(facts.OptimizerUsed, optimizer=optimizer, what="step")
    return Unknown("what a step gives", world.site(), plain=True)


GRAD_SCALER: Class = plain_class(
    "torch.amp.GradScaler",
    "torch.cuda.amp.GradScaler",
    "torch.cuda.amp.grad_scaler.GradScaler",
    "torch.amp.grad_scaler.GradScaler",
    "torch.cpu.amp.GradScaler",
    __init__=nothing,
    scale=_scale,
    unscale_=nothing,
    step=_scaler_step,
    update=nothing,
    get_scale=not_known("a loss scale"),
    is_enabled=not_known("whether losses are scaled"),
    state_dict=not_known("a loss scale"),
    load_state_dict=nothing,
)
GRAD_SCALER.unknown_base = Unknown("what a scaler keeps for itself", plain=True)
