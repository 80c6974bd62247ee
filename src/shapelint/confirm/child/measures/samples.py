"""Samples and axes (SHP2xx): rows out against rows in, what meets what, which sample an output depends on."""

from __future__ import annotations

import math
from typing import Any

from shapelint.confirm.child.happenings import Event, Run
from shapelint.confirm.child.measures.base import (
    Absent,
    Effect,
    Measure,
    Seen,
    evaluating,
    plural,
    rows_that_change,
    shown,
)
from shapelint.confirm.child.pytorch import Tensor, torch
from shapelint.confirm.job import Claim

_VIEWS = frozenset("view reshape flatten view_as reshape_as".split())


def _tensor(value: Any) -> bool:
    return isinstance(value, Tensor)


def view_folds_batch(event: Event, claim: Claim, run: Run) -> Seen:
    given, made = event.argument(0, "input"), event.result
    if not _tensor(given) or not _tensor(made) or not given.dim() or not made.dim():
        return None
    rows, came = run.samples() or given.shape[0], made.shape[0]
    if came > rows and came % rows == 0:
        each = came // rows
        return Effect(f"{plural(rows, 'sample')} in, {came:,} rows out: {each} of every sample")
    return Absent(f"{plural(rows, 'sample')} in, {plural(came, 'row')} out")


def view_mixes_axes(event: Event, claim: Claim, run: Run) -> Seen:
    """Number the input's values by their coordinates, and look which of them each axis of the result runs over."""
    given, made = event.argument(0, "input"), event.result
    if not _tensor(given) or not _tensor(made) or not made.numel():
        return None
    inner = 1
    for axis in range(made.dim() - 1, -1, -1):
        size = made.shape[axis]
        outer = inner * size
        cut, touched = False, 0
        low = 1
        for other in range(given.dim() - 1, -1, -1):
            high = low * given.shape[other]
            covers = max(low, inner) < min(high, outer)
            touched += covers
            cut = cut or (covers and (low < inner or high > outer))
            low = high
        if touched > 1 and cut:
            return Effect(
                f"{shown(given)} becomes {shown(made)}: axis {axis} of the result runs over {touched} axes of the input, "
                "and over one of them only in part"
            )
        inner = outer
    return Absent(f"{shown(given)} becomes {shown(made)}: every axis is split or joined as a whole")


_LOSSES = frozenset("mse_loss l1_loss smooth_l1_loss huber_loss".split())


def broadcast_pairs_samples(event: Event, claim: Claim, run: Run) -> Seen:
    a, b = event.argument(0, "input", "self"), event.argument(1, "target", "other")
    if not _tensor(a) or not _tensor(b) or not _tensor(event.result) or event.call is not None:
        return None
    if event.last in _LOSSES:
        wide = torch.broadcast_shapes(a.shape, b.shape)
    elif tuple(event.result.shape) == tuple(torch.broadcast_shapes(a.shape, b.shape)):
        wide = event.result.shape
    else:
        return None
    text = f"{shown(a)} meets {shown(b)}: they are broadcast to [{', '.join(map(str, wide))}]"
    pairs = math.prod(wide) > max(a.numel(), b.numel()) and a.dim() != b.dim()
    return Effect(text) if pairs else Absent(text)


_REDUCTIONS = ("sum", "mean", "amax", "amin", "norm", "std", "var")


def reduction_meets_wrong_axis(event: Event, claim: Claim, run: Run) -> Seen:
    a, b = event.argument(0, "input", "self"), event.argument(1, "other")
    if not _tensor(a) or not _tensor(b) or b.dim() != a.dim() - 1:
        return None
    for name in _REDUCTIONS:
        for axis in range(a.dim()):
            reduced = getattr(torch, name)(a, dim=axis)
            if reduced.shape == b.shape and torch.allclose(reduced, b, rtol=1e-4, atol=1e-6):
                text = f"{shown(b)} is the {name} over axis {axis} of {shown(a)}"
                if axis == 0:
                    return Absent(f"{text}, and is broadcast along that axis")
                return Effect(f"{text}, but is broadcast along axis 0")
    return None


def batch_total_divides_samples(event: Event, claim: Claim, run: Run) -> Seen:
    """The claim stands at the sum or at the division."""
    if event.last in ("sum", "count_nonzero"):
        given, made = event.argument(0, "input"), event.result
        if _tensor(given) and _tensor(made) and given.dim() > 1 and given.shape[0] > 1:
            text = f"the sum over {shown(given)} gives {shown(made)}"
            return (
                Effect(f"{text}: one number for {plural(given.shape[0], 'sample')}")
                if made.numel() == 1
                else Absent(text)
            )
        return None
    a, b = event.argument(0, "input", "self"), event.argument(1, "other")
    if not _tensor(a) or not _tensor(b) or not a.dim() or a.shape[0] < 2:
        return None
    steps = run.trail(b)
    total = next((s for s in steps if s.name.endswith("sum")), None)
    if b.numel() != 1:
        return Absent(f"{shown(a)} is divided by {shown(b)}")
    if total is None or not total.shapes:
        return None
    return Effect(
        f"each of {plural(a.shape[0], 'sample')} is divided by one number, {b.item():g}, the sum over {list(total.shapes[0])}"
    )


def mask_counted_once(event: Event, claim: Claim, run: Run) -> Seen:
    a, b = event.argument(0, "input", "self"), event.argument(1, "other")
    over, counted = _summed(run, a), _summed(run, b)
    if over is None or counted is None:
        return None
    text = f"the sum is over {list(over)}, the mask is counted over {list(counted)}"
    if math.prod(over) == math.prod(counted):
        return Absent(text)
    return Effect(f"{text}: {math.prod(over) / math.prod(counted):g} times the mean")


def _summed(run: Run, value: Any) -> tuple[int, ...] | None:
    """The shape of what a tensor is the sum of."""
    step = next((s for s in run.trail(value) if s.name.endswith("sum")), None)
    return step.shapes[0] if step is not None and step.shapes else None


def other_samples(event: Event, claim: Claim, run: Run) -> Seen:
    """Give the layer the same input but for the first entry of axis 0, and see which outputs change."""
    call = event.call
    if call is None or not call.args or not _tensor(call.args[0]) or call.args[0].dim() != 3:
        return None
    x = call.args[0]
    changed = x.detach().clone()
    changed[0] += torch.randn_like(changed[0])
    with evaluating(call.module):
        before = _first(call.module(*_with(call.args, x, x.detach()), **call.kwargs))
        after = _first(call.module(*_with(call.args, x, changed), **_with_in(call.kwargs, x, changed)))
    if before.shape != after.shape or before.dim() != 3:
        return None
    others = [i for i in rows_that_change(before, after, 0) if i]
    text = f"{shown(x)} with other values at index 0 of axis 0"
    if others:
        return Effect(f"{text}: the outputs of {plural(len(others), 'other')} change")
    return Absent(f"{text}: no other output changes")


def _first(value: Any) -> Any:
    while isinstance(value, (tuple, list)):
        value = value[0]
    return getattr(value, "data", value)


def _with(args: tuple[Any, ...], old: Any, new: Any) -> tuple[Any, ...]:
    return tuple(new if a is old else a for a in args)


def _with_in(kwargs: dict[str, Any], old: Any, new: Any) -> dict[str, Any]:
    return {k: new if v is old else v for k, v in kwargs.items()}


def last_sample_for_last_step(event: Event, claim: Claim, run: Run) -> Seen:
    given, index = event.argument(0, "input", "self"), event.argument(1)
    if not _tensor(given) or not _tensor(event.result) or given.dim() != 3:
        return None
    layer = next(
        (s.module for s in run.trail(given) if getattr(s.module, "batch_first", None) is not None), None
    )
    if layer is None or index not in (-1, (-1,)):
        return None
    text = f"[-1] of {shown(given)} is {shown(event.result)}"
    if layer.batch_first:
        return Effect(
            f"{text}, the last of {plural(given.shape[0], 'sample')}: {type(layer).__name__} has batch_first=True"
        )
    return Absent(f"{text}, the last step: {type(layer).__name__} is not batch_first")


def positions_by_sample(event: Event, claim: Claim, run: Run) -> Seen:
    a, b = event.argument(0, "input", "self"), event.argument(1, "other")
    if not _tensor(a) or not _tensor(b) or a.dim() < 3:
        return None
    if b.dim() != a.dim() or b.shape[0] != a.shape[0] or b.shape[1] != 1 or a.shape[1] == 1:
        return Absent(f"{shown(a)} and {shown(b)}")
    differ = b.shape[0] > 1 and not torch.equal(b[0], b[1])
    text = f"{shown(a)} + {shown(b)}: all {a.shape[1]} entries of axis 1 get the same vector"
    return Effect(f"{text}, and every entry of axis 0 another one") if differ else Absent(text)


def one_number_for_all_samples(event: Event, claim: Claim, run: Run) -> Seen:
    given, made = event.argument(0, "input", "self"), event.result
    if not _tensor(given) or not _tensor(made) or given.dim() < 2 or given.shape[0] < 2:
        return None
    text = f"{shown(given)} in, {shown(made)} out"
    return (
        Effect(f"{text}: one number for {plural(given.shape[0], 'sample')}")
        if made.numel() == 1
        else Absent(text)
    )


def mean_has_no_indices(event: Event, claim: Claim, run: Run) -> Seen:
    given, index = event.argument(0, "input", "self"), event.argument(1)
    if not _tensor(given) or not _tensor(event.result) or index != 0:
        return None
    made = run.trail(given)
    if not made or not made[0].name.endswith(("mean", "sum", "std", "var", "norm")):
        return Absent(f"[0] is taken of {shown(given)}, which {made[0].name if made else 'something'} gave")
    return Effect(
        f"[0] takes the first of the {given.shape[0]} entries that {made[0].name.rpartition('.')[2]} gave"
    )


def instance_norm_takes_batch(event: Event, claim: Claim, run: Run) -> Seen:
    if event.call is None or not event.args or not _tensor(event.args[0]):
        return None
    x, layer = event.args[0], event.call.module
    axes = next((n for n in (1, 2, 3) if type(layer).__name__.endswith(f"{n}d")), None)
    if axes is None:
        return None
    if x.dim() != axes + 1:
        return Absent(f"{shown(x)} has an axis for the samples")
    return Effect(
        f"{shown(x)} is read as one sample of {x.shape[0]} channels (num_features is {layer.num_features})"
    )


def norm_over_one_value(event: Event, claim: Claim, run: Run) -> Seen:
    if event.call is None or not event.args or not _tensor(event.args[0]):
        return None
    x, layer = event.args[0], event.call.module
    with torch.no_grad():
        state = {k: v.clone() for k, v in layer.state_dict().items()}
        try:
            a, b = layer(x), layer(x + torch.randn_like(x))
        finally:
            layer.load_state_dict(state)
    if torch.allclose(a, b, atol=1e-6):
        return Effect(f"with other values in {shown(x)} the output is the same")
    return Absent(f"with other values in {shown(x)} the output is another")


def squeeze_drops_batch(event: Event, claim: Claim, run: Run) -> Seen:
    given, made = event.argument(0, "input", "self"), event.result
    if not _tensor(given) or not _tensor(made) or not given.dim() or given.shape[0] != 1:
        return None  # the claim is about a batch of one sample
    text = f"{shown(given)} becomes {shown(made)}"
    kept = made.dim() > 0 and made.shape[0] == 1
    return Absent(text) if kept else Effect(f"{text}: the axis of the one sample is gone")


def batch_reduced_for_time(event: Event, claim: Claim, run: Run) -> Seen:
    given, made = event.argument(0, "input", "self"), event.result
    if not _tensor(given) or not _tensor(made) or given.dim() < 2:
        return None
    layer = next(
        (s.module for s in run.trail(given) if getattr(s.module, "batch_first", None) is not None), None
    )
    if layer is None or event.argument(1, "dim", "axis") not in (0, (0,), [0], -given.dim()):
        return None
    text = f"{shown(given)} becomes {shown(made)}"
    if layer.batch_first:
        return Effect(
            f"{text}: {plural(given.shape[0], 'sample')} are pooled ({type(layer).__name__} has batch_first=True)"
        )
    return Absent(f"{text}: {type(layer).__name__} is not batch_first")


_DIVISIONS = frozenset(
    "div divide true_divide __truediv__ sub mul __sub__ __mul__ add __add__ __rsub__ div_".split()
)
_ARITHMETIC = _DIVISIONS | frozenset(
    "pow __pow__ minimum maximum eq ne __eq__ __ne__ subtract multiply".split()
)

MEASURES: dict[str, Measure] = {
    "view-folds-batch": Measure(names=_VIEWS, on_event=view_folds_batch),
    "view-mixes-axes": Measure(names=_VIEWS, on_event=view_mixes_axes),
    "broadcast-pairs-samples": Measure(names=_ARITHMETIC | _LOSSES, on_event=broadcast_pairs_samples),
    "reduction-meets-wrong-axis": Measure(names=_ARITHMETIC, on_event=reduction_meets_wrong_axis),
    "batch-total-divides-samples": Measure(
        names=_DIVISIONS | {"sum", "count_nonzero"}, on_event=batch_total_divides_samples
    ),
    "mask-counted-once": Measure(names=_DIVISIONS, on_event=mask_counted_once),
    "sequence-layer-fed-batch-first": Measure(on_event=other_samples),
    "last-sample-for-last-step": Measure(
        names=frozenset(["__getitem__"]), on_event=last_sample_for_last_step
    ),
    "positions-by-sample": Measure(names=_ARITHMETIC, on_event=positions_by_sample),
    "one-number-for-all-samples": Measure(
        names=frozenset("sum mean prod max min norm".split()), on_event=one_number_for_all_samples
    ),
    "mean-has-no-indices": Measure(names=frozenset(["__getitem__"]), on_event=mean_has_no_indices),
    "instance-norm-takes-batch-for-channels": Measure(on_event=instance_norm_takes_batch),
    "norm-over-one-value": Measure(on_event=norm_over_one_value),
    "squeeze-drops-batch": Measure(names=frozenset(["squeeze"]), on_event=squeeze_drops_batch),
    "batch-reduced-for-time": Measure(names=frozenset(["mean", "sum"]), on_event=batch_reduced_for_time),
}
