"""PyTorch Lightning: modules with hooks of their own, data modules; Accelerate's prepare."""

from __future__ import annotations

from typing import Any

from shapelint.interp import iterate
from shapelint.interp.library.torch_classes import (
    give,
    module_class,
    not_known,
    nothing,
    plain_class,
)
from shapelint.interp.nets import modules
from shapelint.interp.world import Frame, World
from shapelint.values import (
    Builtin,
    Class,
    ClassMethod,
    Dict,
    Function,
    Instance,
    Unknown,
)

ROOTS = ("pytorch_lightning", "lightning", "lightning.pytorch")


def names(*lasts: str) -> tuple[str, ...]:
    return tuple(f"{root}.{last}" for root in ROOTS for last in lasts)


# ---- hyperparameters


HPARAMS = plain_class("pytorch_lightning.utilities.parsing.AttributeDict")


def _save_hyperparameters(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """The constructor's arguments, by name, as `self.hparams`: attributes and items."""
    made, *wanted = args
    assert isinstance(made, Instance)
    world.journal.touch(made.attrs)
    if wanted and not all(isinstance(w, str) for w in wanted):
        only = wanted[0] if len(wanted) == 1 else Unknown("hyperparameters", plain=True)
        made.attrs["hparams"] = (
            _attribute_dict(only.items) if isinstance(only, Dict) and only.open is None else only
        )
        return
    ignored = keywords.get("ignore")
    left_out = (
        {ignored}
        if isinstance(ignored, str)
        else set(iterate.known_items(world, ignored))
        if ignored
        else set()
    )
    found: dict[str, Any] = {}
    for frame in world.frames:
        if _constructs(frame, made):
            found.update(_arguments(frame))
    chosen = {k: v for k, v in found.items() if k not in left_out and (not wanted or k in wanted)}
    made.attrs["hparams"] = _attribute_dict(chosen)


def _constructs(frame: Frame, made: Instance) -> bool:
    return (
        isinstance(frame.function, Function) and frame.function.name == "__init__" and frame.receiver is made
    )


def _arguments(frame: Frame) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for p in frame.function.node.params[1:]:
        value = frame.env.vars.get(p.name)
        if p.kind == "kwarg" and isinstance(value, Dict):
            found.update({k: v for k, v in value.items.items() if isinstance(k, str)})
        elif p.kind != "vararg":
            found[p.name] = value
    return found


def _attribute_dict(items: dict[Any, Any]) -> Instance:
    made = Instance(HPARAMS)
    made.payload = Dict(dict(items))
    made.attrs.update((k, v) for k, v in items.items() if isinstance(k, str))
    return made


# ---- modules


def _load(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Net.load_from_checkpoint(path, …): the constructor's other arguments come from the file."""
    cls = args[0]
    assert isinstance(cls, Class)
    if cls.is_module:
        return modules.unbuilt(world, cls, "its constructor's arguments come from a checkpoint")
    return Unknown("it is made from a checkpoint", world.site(), plain=True)


_HOOKS = dict.fromkeys(
    (
        "log log_dict print manual_backward toggle_optimizer untoggle_optimizer clip_gradients freeze unfreeze "
        "on_train_start on_train_end on_fit_start on_fit_end on_train_epoch_start on_train_epoch_end "
        "on_validation_epoch_start on_validation_epoch_end on_test_epoch_start on_test_epoch_end on_validation_start "
        "on_validation_end on_test_start on_test_end on_train_batch_start on_train_batch_end on_validation_batch_start "
        "on_validation_batch_end on_before_zero_grad on_before_optimizer_step on_save_checkpoint on_load_checkpoint "
        "setup teardown prepare_data configure_model on_after_backward on_before_backward optimizer_step "
        "lr_scheduler_step on_after_batch_transfer to_onnx"
    ).split(),
    nothing,
)
_LATER = ("optimizers", "lr_schedulers", "to_torchscript", "all_gather", "transfer_batch_to_device")
LIGHTNING_MODULE = module_class(
    "lightning.pytorch.core.module.LightningModule",
    *names("LightningModule", "core.LightningModule"),
    "pytorch_lightning.core.module.LightningModule",
    "pytorch_lightning.core.lightning.LightningModule",
    save_hyperparameters=_save_hyperparameters,
)
give(
    LIGHTNING_MODULE, **_HOOKS, **{name: not_known(f"self.{name}() of a LightningModule") for name in _LATER}
)
LIGHTNING_MODULE.attrs["load_from_checkpoint"] = ClassMethod(Builtin("load_from_checkpoint", _load))
_STATE = "trainer device logger loggers current_epoch global_step global_rank local_rank on_gpu fabric strict_loading"
for _name in f"{_STATE} hparams".split():
    LIGHTNING_MODULE.attrs[_name] = Unknown(f"self.{_name} of a LightningModule", plain=True)
LIGHTNING_MODULE.attrs["dtype"] = Unknown("self.dtype of a LightningModule", plain=True)
LIGHTNING_MODULE.attrs["example_input_array"] = None
LIGHTNING_MODULE.attrs["automatic_optimization"] = True

DATA_MODULE = plain_class(
    "lightning.pytorch.core.datamodule.LightningDataModule",
    *names("LightningDataModule"),
    "pytorch_lightning.core.datamodule.LightningDataModule",
    __init__=nothing,
    save_hyperparameters=_save_hyperparameters,
)
give(DATA_MODULE, **_HOOKS)
DATA_MODULE.attrs["load_from_checkpoint"] = LIGHTNING_MODULE.attrs["load_from_checkpoint"]
for _name in ("trainer", "hparams"):
    DATA_MODULE.attrs[_name] = Unknown(f"self.{_name} of a LightningDataModule", plain=True)


# ---- accelerate


def _prepare(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """accelerator.prepare(a, b, …): each as it was."""
    return args[1] if len(args) == 2 else tuple(args[1:])


ACCELERATOR = plain_class(
    "accelerate.Accelerator",
    "accelerate.accelerator.Accelerator",
    __init__=nothing,
    prepare=_prepare,
    unwrap_model=lambda world, args, keywords: args[1],
)
_DONE = ("backward", "wait_for_everyone", "print", "log", "end_training", "save_state")
give(ACCELERATOR, **dict.fromkeys(_DONE, nothing))
ACCELERATOR.unknown_base = Unknown("what an accelerator gives", plain=True)
