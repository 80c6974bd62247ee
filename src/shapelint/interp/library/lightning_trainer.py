"""Lightning's trainer: what `fit` calls of a module and of its data, in its order, on one batch. Which hooks there are, what they are
given and in which mode they run is that of lightning.pytorch 2.x (`Trainer._run`, `loops/`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shapelint.interp import calls, class_attributes, iterate
from shapelint.interp.library import torch_contexts
from shapelint.interp.library.lightning import DATA_MODULE, names
from shapelint.interp.library.torch_classes import argument, give, not_known, plain_class
from shapelint.interp.nets import module_modes, module_tree
from shapelint.interp.world import World
from shapelint.values import Function, Instance, List, Module, Stream, Unknown

# Where the program names one of these, it is not known which steps are run, or what was done to the module before.
_CHANGES_STEPS = frozenset((
    "callbacks", "limit_train_batches", "limit_val_batches", "num_sanity_val_steps", "max_steps", "max_epochs",
    "check_val_every_n_epoch", "overfit_batches", "plugins", "strategy",
))  # fmt: skip


def _make(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    made = args[0]
    world.journal.touch(made.attrs)
    made.attrs["_runs"] = all(_leaves_the_steps(name, value) for name, value in keywords.items())


def _leaves_the_steps(name: str, value: Any) -> bool:
    """Whether `Trainer(name=value)` runs every step that there is, on the module as the program built it."""
    if name not in _CHANGES_STEPS or value is None:
        return True
    if name == "callbacks":
        if isinstance(value, Unknown) or (isinstance(value, List) and value.open is not None):
            return False
        several = value.items if isinstance(value, List) else [value]
        return not any(isinstance(one, Instance) and _written(one) for one in several)
    if name == "strategy":
        return isinstance(value, str)
    return isinstance(value, (int, float)) and value != 0


def _written(callback: Instance) -> bool:
    """Whether the program wrote a part of a callback: its hooks may change the module."""
    return any(isinstance(held, Function) for cls in callback.cls.mro for held in cls.attrs.values())


def _fit(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """trainer.fit(model, loader): a step of validation and one of training, and what they are preceded by."""
    trainer, model = args[0], argument(args, keywords, 1, "model")
    if not isinstance(model, Module) or trainer.attrs.get("_runs") is not True:
        return
    data = argument(args, keywords, 2, "train_dataloaders", keywords.get("train_dataloader"))
    module = argument(args, keywords, 4, "datamodule")
    if isinstance(data, Instance) and data.cls.is_subclass(DATA_MODULE):
        module, data = data, None
    source = module if isinstance(module, Instance) else model
    for name, given in (("prepare_data", ()), ("setup", ("fit",))):
        for owner in dict.fromkeys((source, model)):
            _ask(world, owner, name, given)
    for name in ("configure_model", "configure_optimizers", "on_fit_start"):
        _ask(world, model, name, ())
    training = data if data is not None else _ask(world, source, "train_dataloader", ())
    validation = argument(args, keywords, 3, "val_dataloaders")
    if validation is None:
        validation = _ask(world, source, "val_dataloader", ())
    _validate(world, model, validation)
    batch = _batch_of(world, training)
    if batch is None:
        return
    for name in ("on_train_start", "on_train_epoch_start"):
        _ask(world, model, name, ())
    if (
        _ask(world, model, "on_train_batch_start", (batch, _number())) is None
    ):  # -1 passes over the rest of the epoch
        _step(world, model, "training_step", batch)


def _validate(world: World, model: Module, loaders: Any) -> None:
    """A step of validation: in evaluation mode, and without gradients."""
    several: tuple[Any, ...] = ()
    if isinstance(loaders, (List, tuple)):
        if isinstance(loaders, List) and loaders.open is not None:
            return
        several = tuple(loaders if isinstance(loaders, tuple) else loaders.items)
        loaders = several[0] if several else None
    batch = _batch_of(world, loaders)
    if batch is None:
        return
    more = (Unknown("the number of a loader", plain=True),) if len(several) > 1 else ()
    with _evaluating(world, model):
        for name in ("on_validation_start", "on_validation_epoch_start"):
            _ask(world, model, name, ())
        _step(world, model, "validation_step", batch, *more)


@contextmanager
def _evaluating(world: World, model: Module) -> Iterator[None]:
    layers = [(layer, layer.attrs.get("training")) for _, layer in module_tree.named_modules(model)]
    before = world.grad_enabled
    module_modes.switch(world, model, False)
    torch_contexts.set_grad(world, False)
    try:
        yield
    finally:
        torch_contexts.set_grad(world, before)
        for layer, mode in layers:
            world.journal.touch(layer.attrs)
            layer.attrs["training"] = mode


def _batch_of(world: World, loader: Any) -> Any:
    """What a loader gives first; None where that is not known."""
    if not isinstance(loader, Instance):
        return None
    found = iterate.items(world, loader)
    batch = found.element if isinstance(found, Stream) else found[0] if found else None
    return None if isinstance(batch, Unknown) else batch


def _step(world: World, model: Module, name: str, batch: Any, *more: Any) -> None:
    """A hook that is given a batch, its number where it has room for one, and the number of the loader where there are several."""
    held = _hook(model, name)
    if held is None:
        return
    params = held.node.params
    asked = [p.name for p in params if p.kind in ("positional", "plain")][1:]
    if "dataloader_iter" in asked:
        return
    counts = len(asked) >= 2 or "batch_idx" in asked or any(p.kind == "vararg" for p in params)
    _ask(world, model, name, (batch, *((_number(),) if counts else ()), *more))


def _number() -> Unknown:
    return Unknown("the number of a batch", plain=True)


def _hook(owner: Instance, name: str) -> Function | None:
    """A hook that the program wrote."""
    try:
        held = owner.cls.find(name)
    except KeyError:
        return None
    return held if isinstance(held, Function) else None


def _ask(world: World, owner: Instance, name: str, args: tuple[Any, ...]) -> Any:
    held = _hook(owner, name)
    return (
        None if held is None else calls.call(world, class_attributes.bound(held, owner, owner.cls), args, {})
    )


TRAINER = plain_class(
    "lightning.pytorch.trainer.trainer.Trainer",
    *names("Trainer"),
    "pytorch_lightning.trainer.Trainer",
    __init__=_make,
    fit=_fit,
)
TRAINER.unknown_base = Unknown("what a trainer gives", plain=True)
give(TRAINER, **{name: not_known("what a trainer gives") for name in ("test", "validate", "predict", "tune")})
