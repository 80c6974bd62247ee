"""The memory of a network that has been called: evaluate the call once more with its operations noted, and replay them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.evidence.doubt import ENTRY_STEPS
from shapelint.evidence.guarded import guarded
from shapelint.interp.nets import module_calls, module_modes, module_tree
from shapelint.interp.nets.module_calls import CallRecord
from shapelint.interp.world import World
from shapelint.memory.replay import Model, Replayed, Setting, replay
from shapelint.records import dataclass, replace
from shapelint.report import Peak
from shapelint.summary.numbers import NotKnown, tensors
from shapelint.values import Module, Tensor

_LARGEST = 1 << 22  # samples in a batch


@dataclass(frozen=True, slots=True)
class Request:
    """`batch` replaces the size of the inputs' first axis; `limit` are bytes that a step should fit into."""

    setting: Setting
    batch: int | None = None
    limit: int | None = None


def estimate(world: World, module: Module, record: CallRecord, request: Request) -> Peak:
    """The peak of one step."""
    setting = request.setting
    kind = setting.optimizer if setting.training else None
    blank = Peak(setting.training, kind, setting.device, limit_bytes=request.limit)
    model = traced(world, module, record, setting.training)
    if isinstance(model, str):
        return replace(blank, partial=(model,))
    symbols = [t.shape[0] for t in model.inputs if t.known and t.shape]
    first = next((s for s in symbols if isinstance(s, Sym)), None)
    batch = request.batch or (dims.witness(world.resolve(first)) if first is not None else None)
    if first is None and request.batch is not None:
        return replace(blank, partial=("the inputs have no axis for the samples",))
    if batch is None and first is not None:
        batch = 1
    try:
        found = at(world, model, setting, symbols, batch)
    except NotKnown as problem:
        return replace(blank, batch=batch, partial=(problem.why,))
    partial = tuple(f"{op}: {why}" for op, why in found.missing.items())
    made = replace(blank, batch=batch, total_bytes=found.peak, parts=found.parts, partial=partial)
    if first is None or batch is None:
        return made

    def peak(n: int) -> int:
        return at(world, model, setting, symbols, n).peak

    try:
        formula, since = line(peak, batch)
        made = replace(made, formula=formula, formula_from=since)
        if request.limit is not None:
            made = replace(made, largest_batch=largest(peak, request.limit))
    except NotKnown:
        return made
    return made


def line(peak: Callable[[int], int], batch: int) -> tuple[str | None, int | None]:
    """(`a + b*N`, the batch from which on it holds): the peak is a straight line as soon as one moment is the highest whatever
    the batch. (None, None) where that is not seen."""
    for start in dict.fromkeys((batch, *(n for n in (8, 64, 512) if n > batch))):
        first, second, third = peak(start), peak(2 * start), peak(4 * start)
        slope, rest = divmod(second - first, start)
        if not rest and third - second == 2 * start * slope:
            return f"{first - slope * start} + {slope}*N", start
    return None, None


def largest(peak: Callable[[int], int], limit: int) -> int:
    """The largest batch whose peak does not exceed the limit; 0 where none does."""
    low, high = 0, 1
    while high <= _LARGEST and peak(high) <= limit:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if peak(middle) <= limit:
            low = middle
        else:
            high = middle
    return low


def at(world: World, model: Model, setting: Setting, symbols: list[Dim], batch: int | None) -> Replayed:
    """The replay with a batch of so many samples. Raises NotKnown for a size that stays open."""
    known = {
        s.as_symbol: batch
        for s in symbols
        if isinstance(s, Sym) and s.as_symbol is not None and batch is not None
    }
    held: dict[Any, int] = {}

    def number(size: Any) -> int:
        if type(size) is int:
            return size
        found = held.get(size)
        if found is None:
            resolved = world.resolve(size)
            if isinstance(resolved, Sym) and known:
                try:
                    resolved = dims.substitute(resolved, known)
                except ZeroDivisionError:
                    raise NotKnown(None, f"the size {size} is divided by 0 for this batch") from None
            witness = dims.witness(resolved) if isinstance(resolved, (int, Sym)) else None
            if witness is None:
                raise NotKnown(None, f"the size {size} is not known")
            found = held[size] = witness
        return found

    return replay(model, setting, number)


def traced(world: World, module: Module, record: CallRecord, training: bool) -> Model | str:
    """The operations of the call, evaluated once more in the mode that is asked for; or why they cannot be had."""
    held = world.trace, world.records, len(world.facts)
    world.trace, world.records, world.one_device = [], [], False  # memory is told of other devices too
    world.steps = ENTRY_STEPS * 10
    try:
        guarded(world, lambda: module_modes.switch(world, module, training))
        guarded(world, lambda: module_calls.run(world, module, record.inputs, dict(record.keywords)))
        again = world.records[0] if world.records else None
        ran = tuple(world.trace)
    finally:
        world.trace, world.records, world.one_device = held[0], held[1], True
        del world.facts[held[2] :]
    if again is None or not again.done:
        return "the call does not come to its end"
    try:
        outputs = tensors(again.output)
        inputs = tensors((*again.inputs, *again.keywords.values()))
    except NotKnown as problem:
        return problem.why
    parameters = _once(t for _, t in module_tree.named_parameters(module))
    buffers = _once(t for _, t in module_tree.named_buffers(module))
    if any(not t.known for t in (*parameters, *buffers)) or any(True for _ in module_tree.gaps(module)):
        return "not all parameters are known"
    return Model(parameters, buffers, inputs, outputs, ran)


def _once(found: Any) -> list[Tensor]:
    return list({id(t): t for t in found}.values())
