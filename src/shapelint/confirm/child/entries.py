"""Building a model as the evidence says, giving it an input of the inferred shapes, and taking its account."""

from __future__ import annotations

from typing import Any

from shapelint.confirm.child import account
from shapelint.confirm.child.channel import Channel
from shapelint.confirm.child.happenings import Run
from shapelint.confirm.child.program import Ended, is_memory, reason, value_of
from shapelint.confirm.child.pytorch import Module, torch
from shapelint.confirm.child.watch import Watch
from shapelint.confirm.job import Entry, Job

SAMPLES = 3  # what a symbolic batch becomes
_SIZES = (
    64,
    224,
    32,
    16,
    8,
)  # what other symbolic sizes become, one after the other, until the model takes it


class CannotBuild(Exception):
    """The model could not be had; the message is a clause."""


def device_of(job: Job) -> str:
    """Where models are built: CUDA where there is one, unless told otherwise."""
    if job.device != "auto":
        return job.device
    return "cuda" if torch.cuda.is_available() else "cpu"


def model_of(entry: Entry, space: Ended, run: Run, device: str) -> Any:
    """The model of an entry: by its expression, else what the program has built of that class. Raises CannotBuild."""
    problem = ""
    if not entry.from_program:
        try:
            found = _evaluated(entry, space, device)
            if isinstance(found, Module):
                return found.to(device) if device != "meta" else found
            problem = f"{entry.expression} is no nn.Module"
        except NameError as raised:
            problem = f"{raised}: {space.how}"
        except Exception as raised:
            problem = f"building it failed: {reason(raised, run.own)}"
    for kind, calls in run.outer.items():
        if kind.__qualname__ == entry.class_name and (entry.from_program or entry.expression in space.names):
            return calls[0].module.to(device)
    for module in reversed(run.alive()):
        if type(module).__qualname__ == entry.class_name and entry.from_program:
            return module.to(device)
    raise CannotBuild(problem or f"the program has not built a {entry.class_name}: {space.how}")


def _evaluated(entry: Entry, space: Ended, device: str) -> Any:
    with torch.device(device):
        try:
            found = value_of(entry.expression, space.names, entry.place)
        except NameError:
            if space.go_on is None:
                raise
            space.go_on()
            found = value_of(entry.expression, space.names, entry.place)
        return found if isinstance(found, Module) or not callable(found) else found()


class Sizes(dict[str, int]):
    """What symbolic sizes become: the first axis of the first input is the batch, all others are alike."""

    def __init__(self, other: int) -> None:
        super().__init__()
        self.other = other

    def __missing__(self, name: str) -> int:
        self[name] = self.other
        return self.other

    def number(self, size: Any, is_batch: bool) -> int:
        if isinstance(size, int):
            return size
        if is_batch and size.isidentifier():
            self.setdefault(size, SAMPLES)
        found = eval(compile(size, "<size>", "eval"), {"__builtins__": {"min": min, "max": max}}, self)
        return int(found)


def value(given: Any, sizes: Sizes, device: str) -> Any:
    """What a value of the evidence is: tensors of random numbers, everything else as it is written. Raises CannotBuild."""
    if "tensor" in given:
        shape = [sizes.number(s, axis == 0) for axis, s in enumerate(given["tensor"])]
        dtype = getattr(torch, given["dtype"])
        if given.get("data") is not None:
            return torch.tensor(given["data"], dtype=dtype, device=device).reshape(shape)
        if dtype == torch.bool:
            return torch.rand(shape, device=device) > 0.5
        if not dtype.is_floating_point and not dtype.is_complex:
            return torch.randint(0, 2, shape, dtype=dtype, device=device)
        return torch.randn(shape, dtype=dtype, device=device)
    if "list" in given:
        return [value(part, sizes, device) for part in given["list"]]
    if "tuple" in given:
        return tuple(value(part, sizes, device) for part in given["tuple"])
    if "dict" in given:
        return {key: value(part, sizes, device) for key, part in given["dict"].items()}
    if "size" in given:
        return sizes.number(given["size"], False)
    if "value" in given:
        return given["value"]
    raise CannotBuild(f"an input is not known: {given.get('unknown', '')}")


def has_symbols(given: Any) -> bool:
    """Whether sizes other than the batch are open."""
    if "tensor" in given:
        return any(isinstance(size, str) for size in given["tensor"][1:])
    parts = given.get("list") or given.get("tuple") or list((given.get("dict") or {}).values())
    return any(has_symbols(part) for part in parts)


def inputs(entry: Entry, other: int, device: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    sizes = Sizes(other)
    args = tuple(value(given, sizes, device) for given in entry.args)
    return args, {name: value(given, sizes, device) for name, given in entry.kwargs.items()}


def try_entry(entry: Entry, space: Ended, run: Run, watch: Watch, job: Job, channel: Channel) -> str:
    """Build and call one model, watched; how that ended."""
    device = device_of(job)
    try:
        model = model_of(entry, space, run, device)
    except CannotBuild as problem:
        channel.send("model", id=entry.id, why=str(problem))
        return str(problem)
    model.train(entry.training)
    open_sizes = any(has_symbols(given) for given in (*entry.args, *entry.kwargs.values()))
    candidates = _SIZES if open_sizes else _SIZES[:1]
    ended = ""
    for other in candidates:
        try:
            args, kwargs = inputs(entry, other, device)
            if job.measure:
                watch.busy = True
                try:
                    found = account.take(model, args, kwargs, job.backward)
                finally:
                    watch.busy = False
                channel.send("model", id=entry.id, device=device, **found)
            else:
                torch.manual_seed(0)
                model(*args, **kwargs)
            return ""
        except CannotBuild as problem:
            ended = str(problem)
            break
        except Exception as problem:
            ended = reason(problem, run.own)
            if is_memory(problem) and device != "meta" and job.device == "auto":
                return try_entry(entry, space, run, watch, _on_meta(job), channel)
    channel.send("model", id=entry.id, why=f"calling it failed: {ended}", device=device)
    return ended


def _on_meta(job: Job) -> Job:
    from shapelint.records import replace

    return replace(job, device="meta")
