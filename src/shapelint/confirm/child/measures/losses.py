"""Losses, softmax and the training step (SHP4xx): what the loss is given, what a softmax sums to, what a step finds in grad."""

from __future__ import annotations

from typing import Any

from shapelint.confirm.child.happenings import Event, Run, Step
from shapelint.confirm.child.measures.base import Absent, Effect, Measure, Seen, plural, shown
from shapelint.confirm.child.places import meets
from shapelint.confirm.child.pytorch import Tensor
from shapelint.confirm.job import Claim

_CLOSE = 1e-3


def _scores(event: Event, claim: Claim, run: Run) -> Any:
    """What a loss is given, if the claim is about it: it stands at the loss or at a step behind the scores."""
    x = event.argument(0, "input")
    if not isinstance(x, Tensor) or not x.numel() or event.call is not None:
        return None
    steps = run.trail(x)
    here = meets(claim, event.place) or any(meets(claim, s.place) or meets(claim, s.built) for s in steps)
    return x if here else None


def _sums_to_one(x: Any, axis: int) -> bool:
    if x.dim() <= axis or not x.is_floating_point():
        return False
    total = x.detach().float().sum(axis)
    return bool((x >= 0).all()) and bool((total - 1).abs().max() < _CLOSE)


def _class_axis(x: Any) -> int:
    return 1 if x.dim() > 1 else 0


def softmax_before_cross_entropy(event: Event, claim: Claim, run: Run) -> Seen:
    x = _scores(event, claim, run)
    if x is None:
        return None
    if _sums_to_one(x, _class_axis(x)):
        return Effect(f"the scores {shown(x)} are probabilities: they sum to 1 along axis {_class_axis(x)}")
    total = x.detach().float().sum(_class_axis(x))
    return Absent(f"the scores {shown(x)} sum to {total.min():.3g} … {total.max():.3g}")


def sigmoid_before_bce(event: Event, claim: Claim, run: Run) -> Seen:
    x = _scores(event, claim, run)
    if x is None:
        return None
    low, high = float(x.min()), float(x.max())
    text = f"the scores {shown(x)} lie in {low:.3g} … {high:.3g}"
    squashed = any(s.name.rsplit(".", 1)[-1] in ("sigmoid", "softmax", "sigmoid_") for s in run.trail(x))
    if low < 0 or high > 1:
        return Absent(text)
    return Effect(f"{text}: they are probabilities") if squashed else None


def probabilities_for_logs(event: Event, claim: Claim, run: Run) -> Seen:
    x = _scores(event, claim, run)
    if x is None:
        return None
    total = x.detach().float().exp().sum(_class_axis(x))
    text = f"the exponentials of {shown(x)} sum to {total.min():.3g} … {total.max():.3g} along axis {_class_axis(x)}"
    return Absent(text) if bool((total - 1).abs().max() < _CLOSE) else Effect(f"{text}, not to 1")


def relu_on_logits(event: Event, claim: Claim, run: Run) -> Seen:
    x = _scores(event, claim, run)
    if x is None:
        return None
    zeros = int((x == 0).sum())
    if bool((x < 0).any()):
        return Absent(f"some of the scores {shown(x)} are negative")
    return (
        Effect(f"no score of {shown(x)} is negative, {plural(zeros, 'score')} of {x.numel():,} are 0")
        if zeros
        else None
    )


def logits_for_probabilities(event: Event, claim: Claim, run: Run) -> Seen:
    x = _scores(event, claim, run)
    if x is None:
        return None
    low, high = float(x.min()), float(x.max())
    text = f"{shown(x)} lies in {low:.3g} … {high:.3g}"
    return Effect(f"{text}: these are no probabilities") if low < 0 or high > 1 else None


def one_class(event: Event, claim: Claim, run: Run) -> Seen:
    x, loss = _scores(event, claim, run), event.result
    if x is None or not isinstance(loss, Tensor):
        return None
    largest = float(loss.detach().abs().max())
    return (
        Effect(f"the loss of {shown(x)} is 0")
        if largest == 0
        else Absent(f"the loss of {shown(x)} is {largest:.3g}")
    )


def class_axis_last(event: Event, claim: Claim, run: Run) -> Seen:
    x = _scores(event, claim, run)
    if x is None or x.dim() < 3:
        return None
    made: Step | None = next((s for s in run.trail(x) if hasattr(s.module, "out_features")), None)
    if made is None:
        return None
    classes = made.module.out_features
    text = f"of {shown(x)}, cross entropy takes axis 1 for the classes, and {classes} classes were made by the last layer"
    if x.shape[-1] == classes:
        return Effect(f"{text}, along axis {x.dim() - 1}")
    return Absent(text)


_SOFTMAXES = frozenset("softmax log_softmax softmin gumbel_softmax".split())


def _axis_of(event: Event) -> int | None:
    """The axis of a softmax; None where torch chooses it itself."""
    dim = event.argument(1, "dim")
    x = event.argument(0, "input", "self")
    return dim % x.dim() if isinstance(dim, int) and not isinstance(dim, bool) and x.dim() else None


def softmax_over_one_value(event: Event, claim: Claim, run: Run) -> Seen:
    x, made, axis = event.argument(0, "input", "self"), event.result, _axis_of(event)
    if not isinstance(made, Tensor) or axis is None:
        return None
    text = f"axis {axis} of {shown(x)} holds {plural(x.shape[axis], 'value')}"
    constant = 0.0 if "log" in event.last else 1.0
    return (
        Effect(f"{text}: the result is {constant:g} everywhere")
        if bool((made == constant).all())
        else Absent(text)
    )


def softmax_without_dim(event: Event, claim: Claim, run: Run) -> Seen:
    made = event.result
    if not isinstance(made, Tensor) or made.dim() < 2:
        return None
    if _axis_of(event) is not None:
        return Absent("the softmax is given an axis")
    values = made.exp() if "log" in event.last else made
    axis = next((i for i in range(made.dim()) if _sums_to_one(values, i)), None)
    if axis == 0:
        return Effect(
            f"the result {shown(made)} sums to 1 along axis 0, over {plural(made.shape[0], 'sample')}"
        )
    return Absent(f"the result {shown(made)} sums to 1 along axis {axis}")


def softmax_over_batch(event: Event, claim: Claim, run: Run) -> Seen:
    """Whether the axis is the samples': a recurrent layer says which axis it takes for them, else the input's first axis."""
    made, axis = event.result, _axis_of(event)
    if not isinstance(made, Tensor) or axis is None:
        return None
    layer = next(
        (s.module for s in run.trail(made) if getattr(s.module, "batch_first", None) is not None), None
    )
    batch = (0 if layer.batch_first else 1) if layer is not None else 0
    text = f"the result {shown(made)} sums to 1 along axis {axis}"
    why = f" ({type(layer).__name__} has batch_first={layer.batch_first})" if layer is not None else ""
    if axis == batch:
        return Effect(f"{text}, over {plural(made.shape[axis], 'sample')}{why}")
    return Absent(f"{text}; the samples lie along axis {batch}{why}")


def softmax_twice(event: Event, claim: Claim, run: Run) -> Seen:
    x, axis = event.argument(0, "input", "self"), _axis_of(event)
    if not isinstance(x, Tensor) or axis is None or event.call is not None:
        return None
    here = any(meets(claim, s.place) or meets(claim, s.built) for s in run.trail(event.result)) or meets(
        claim, event.place
    )
    if not here:
        return None
    if _sums_to_one(x, axis) or _sums_to_one(x.detach().float().exp(), axis):
        return Effect(f"what the softmax is given, {shown(x)}, sums to 1 along axis {axis} already")
    return Absent(f"what the softmax is given, {shown(x)}, does not sum to 1 along axis {axis}")


def batch_norm_over_one_sample(event: Event, claim: Claim, run: Run) -> Seen:
    if event.call is None or not event.args or not isinstance(event.args[0], Tensor):
        return None
    x = event.args[0]
    if not event.call.training:
        return None
    text = f"in training it is given {shown(x)}"
    return Effect(f"{text}: one sample") if x.shape[0] == 1 else Absent(text)


def zero_grad_missing(event: Event, claim: Claim, run: Run) -> Seen:
    """At a backward that follows a step: does it add to gradients that the step has used already?"""
    held: dict[int, Any] = run.notes.setdefault((claim.id, "gradients"), {})
    if event.last == "zero_":
        for key in [k for k, grad in held.items() if grad is event.args[0]]:
            del held[key]
        return None
    now = (run.steps, run.cleared)
    before = run.notes.get(claim.id, now)
    run.notes[claim.id] = now
    parameters = [
        p for o in run.optimizers for g in o.param_groups for p in g["params"] if p.grad is not None
    ]
    stale = sum(held.get(id(p)) is p.grad for p in parameters) if run.cleared == before[1] else 0
    held.update((id(p), p.grad) for p in parameters)
    if run.steps == before[0]:
        return None
    if stale:
        return Effect(
            f"after a step, backward adds to what stands in the gradients of {plural(stale, 'parameter')}"
        )
    return Absent("after a step, backward finds the gradients cleared")


_CE = frozenset(["cross_entropy"])

MEASURES: dict[str, Measure] = {
    "softmax-before-cross-entropy": Measure(names=_CE, anywhere=True, on_event=softmax_before_cross_entropy),
    "sigmoid-before-bce-with-logits": Measure(
        names=frozenset(["binary_cross_entropy_with_logits"]), anywhere=True, on_event=sigmoid_before_bce
    ),
    "probabilities-for-log-probabilities": Measure(
        names=frozenset(["nll_loss", "kl_div"]), anywhere=True, on_event=probabilities_for_logs
    ),
    "softmax-over-one-value": Measure(names=_SOFTMAXES, on_event=softmax_over_one_value),
    "cross-entropy-over-one-class": Measure(names=_CE, anywhere=True, on_event=one_class),
    "relu-on-logits": Measure(
        names=frozenset(["cross_entropy", "binary_cross_entropy_with_logits", "multi_margin_loss"]),
        anywhere=True,
        on_event=relu_on_logits,
    ),
    "softmax-twice": Measure(names=_SOFTMAXES, anywhere=True, on_event=softmax_twice),
    "class-axis-last": Measure(names=_CE, anywhere=True, on_event=class_axis_last),
    "softmax-without-dim": Measure(names=_SOFTMAXES, on_event=softmax_without_dim),
    "softmax-over-batch": Measure(names=_SOFTMAXES, on_event=softmax_over_batch),
    "logits-for-probabilities": Measure(
        raises=True,
        names=frozenset(["binary_cross_entropy"]),
        anywhere=True,
        on_event=logits_for_probabilities,
    ),
    "zero-grad-missing": Measure(
        names=frozenset(["backward", "zero_"]), anywhere=True, on_event=zero_grad_missing
    ),
    "batch-norm-over-one-sample": Measure(on_event=batch_norm_over_one_sample),
}
