"""Wiring (SHP3xx): what parameters() sees, which layers are called, what evaluation mode reaches."""

from __future__ import annotations

import re
import sys
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

from shapelint.confirm.child.happenings import Event, Run, tensors
from shapelint.confirm.child.measures.base import (
    Absent,
    Effect,
    Measure,
    Seen,
    attribute_at,
    evaluating,
    names_in,
    owners,
    plural,
)
from shapelint.confirm.child.places import holds_line, meets
from shapelint.confirm.child.pytorch import Module, Tensor, torch
from shapelint.confirm.job import Claim


def forward_returns_nothing(event: Event, claim: Claim, run: Run) -> Seen:
    if event.call is None:
        return None
    code = getattr(getattr(type(event.call.module), "forward", None), "__code__", None)
    if code is None or not holds_line(code, claim):
        return None
    if event.result is None:
        return Effect("forward gave None")
    return Absent(f"forward gave a {type(event.result).__name__}")


def _inside(value: Any, depth: int = 0) -> list[Any]:
    """The modules in nested lists, tuples and dicts."""
    if isinstance(value, Module):
        return [value]
    if depth > 4 or not isinstance(value, (list, tuple, dict, set)):
        return []
    parts = value.values() if isinstance(value, dict) else value
    return [m for part in parts for m in _inside(part, depth + 1)]


def layers_not_registered(claim: Claim, run: Run) -> Seen:
    name = attribute_at(claim)
    for owner in owners(claim, run):
        held = _inside(vars(owner).get(name)) if name else []
        if not held:
            continue
        known = {id(p) for p in owner.parameters()}
        missed = [p for m in held for p in m.parameters() if id(p) not in known]
        text = f"self.{name} holds {plural(len(held), 'layer')}"
        if missed:
            return Effect(
                f"{text}: {plural(sum(p.numel() for p in missed), 'parameter')} that parameters() does not give"
            )
        return Absent(f"{text}, and parameters() gives all their parameters")
    return None


def parameter_not_registered(claim: Claim, run: Run) -> Seen:
    name = attribute_at(claim)
    for owner in owners(claim, run):
        value = getattr(owner, name, None) if name else None
        if not isinstance(value, Tensor):
            continue
        if any(value is p for p in owner.parameters()):
            return Absent(f"self.{name} is among parameters()")
        made = type(value.grad_fn).__name__ if value.grad_fn is not None else "no grad_fn"
        return Effect(f"self.{name} is not among parameters(): a plain tensor ({made})")
    return None


def tensor_left_behind(claim: Claim, run: Run) -> Seen:
    name = attribute_at(claim)
    for owner in owners(claim, run):
        value = vars(owner).get(name) if name else None
        if not isinstance(value, Tensor):
            continue
        known = [*owner.parameters(), *owner.buffers()]
        if any(value is t for t in known) or name in owner.state_dict():
            return Absent(f"self.{name} is registered")
        used = run.used.get(id(value), 0)
        if not used:
            return None
        return Effect(
            f"self.{name} is neither parameter nor buffer, and computations took it {plural(used, 'time')}"
        )
    return None


def layer_made_in_forward(claim: Claim, run: Run) -> Seen:
    inside = outside = 0
    for key, place in run.built_at.items():
        if meets(claim, place):
            inside, outside = inside + run.built_inside[key], outside + (not run.built_inside[key])
    if inside:
        return Effect("it was built while a module ran")
    return Absent("it was built outside any module's call") if outside else None


def built_inside(event: Event, claim: Claim, run: Run) -> Seen:
    """The layer is called as soon as it is built, and gone before the end."""
    if event.call is None or not meets(claim, run.place_built(event.call.module)):
        return None
    if run.built_inside.get(id(event.call.module)):
        mode = (
            "in training mode, while the model is in evaluation mode"
            if _hidden(event)
            else "as new at every call"
        )
        return Effect(f"{type(event.call.module).__name__} was built while a module ran, {mode}")
    return Absent("it was built outside any module's call")


def _hidden(event: Event) -> bool:
    return (
        event.call is not None and event.call.training and bool(event.stack) and not event.stack[-1].training
    )


def wrong_sibling_called(claim: Claim, run: Run) -> Seen:
    called, *twins = names_in(claim.message)
    for owner in owners(claim, run):
        layers = {n: getattr(owner, n, None) for n in (called, *twins)}
        if not all(isinstance(m, Module) for m in layers.values()) or not run.called.get(id(owner)):
            continue
        counts = {n: run.called.get(id(m), 0) for n, m in layers.items()}
        text = ", ".join(f"{n}: {plural(c, 'call')}" for n, c in counts.items())
        wrong = counts[called] > run.called[id(owner)] and not any(counts[t] for t in twins)
        return Effect(text) if wrong else Absent(text)
    return None


def layer_overwritten(claim: Claim, run: Run) -> Seen:
    for place, name, kind, calls in run.replaced:
        if meets(claim, place):
            text = f"self.{name} held a {kind}, called {plural(calls, 'time')}, when it was assigned anew"
            return Absent(text) if calls else Effect(text)
    return None


def one_layer_listed_twice(claim: Claim, run: Run) -> Seen:
    absent = None
    for module in run.alive():
        if meets(claim, run.place_built(module)) and len(module._modules) > 1:
            held = [m for m in module._modules.values() if m is not None]
            count = len({id(m) for m in held})
            text = f"{type(module).__name__} has {len(held)} entries, and {plural(count, 'layer')}"
            if count < len(held):
                return Effect(text)
            absent = Absent(text)
    return absent


def layer_added_after_optimizer(claim: Claim, run: Run) -> Seen:
    known = {id(p) for o in run.optimizers for g in o.param_groups for p in g["params"]}
    layers = [m for m in run.alive() if meets(claim, run.place_built(m))]
    parameters = [p for m in layers for p in m.parameters()]
    if not parameters or not run.optimizers:
        return None
    missed = [p for p in parameters if id(p) not in known]
    if missed:
        return Effect(f"no optimizer has {plural(sum(p.numel() for p in missed), 'parameter')} of it")
    return Absent("an optimizer has its parameters")


def dropout_ignores_eval(claim: Claim, run: Run) -> Seen:
    """In evaluation mode the same input is given once more: does the function drop?"""
    import torch.nn.functional as functional

    for calls in run.outer.values():
        for call in calls:
            seen: list[Effect | Absent] = []
            held = {name: getattr(functional, name) for name in _DROPPING}
            for name, drops in _DROPPING.items():
                setattr(functional, name, _watched(held[name], drops, seen, claim, run))
            try:
                with evaluating(call.module):
                    call.module(*call.args, **call.kwargs)
            except Exception:
                continue
            finally:
                for name, function in held.items():
                    setattr(functional, name, function)
            if seen:
                return next((s for s in seen if isinstance(s, Effect)), seen[0])
    return None


def _watched(
    function: Any, drops: Callable[..., Effect | Absent], seen: list[Effect | Absent], claim: Claim, run: Run
) -> Any:
    """The function, with note taken of how it is called at the claim's place."""

    def watched(*args: Any, **kwargs: Any) -> Any:
        if meets(claim, run.own.innermost(_caller())):
            seen.append(drops(*args, **kwargs))
        return function(*args, **kwargs)

    return watched


def _dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Effect | Absent:
    text = "in evaluation mode it is called with training="
    return Effect(f"{text}True") if training and p > 0 else Absent(f"{text}False")


def _attention(
    query: Any, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0, *_: Any, **__: Any
) -> Effect | Absent:
    text = f"in evaluation mode it is called with dropout_p={dropout_p:g}"
    return Effect(text) if dropout_p > 0 else Absent(text)


_DROPPING: dict[str, Callable[..., Effect | Absent]] = {
    "dropout": _dropout,
    "scaled_dot_product_attention": _attention,
}


def _caller() -> FrameType:
    return sys._getframe(2)


def dropout_on_one_layer(event: Event, claim: Claim, run: Run) -> Seen:
    if event.call is None or not event.call.training:
        return None
    layer = event.call.module
    if not getattr(layer, "dropout", 0):
        return None
    with torch.no_grad():
        a, b = (layer(*event.args, **event.kwargs) for _ in range(2))
    same = all(torch.equal(x, y) for x, y in zip(tensors(a), tensors(b), strict=True))
    text = f"in training mode with dropout={layer.dropout}, called twice with one input"
    return Effect(f"{text}, it gives the same") if same else Absent(f"{text}, it gives different values")


def layer_never_used(claim: Claim, run: Run) -> Seen:
    name = attribute_at(claim)
    for owner in owners(claim, run):
        layer = getattr(owner, name, None) if name else None
        if isinstance(layer, Module) and run.called.get(id(owner)):
            count = sum(run.called.get(id(m), 0) for m in layer.modules())
            text = f"self.{name}: {plural(count, 'call')}, its owner {plural(run.called[id(owner)], 'call')}"
            return Absent(text) if count else Effect(text)
    return None


def forward_misspelt(claim: Claim, run: Run) -> Seen:
    for module in run.alive():
        if _defined(type(module), claim):
            if "forward" in vars(module) or any(
                "forward" in vars(c) for c in type(module).__mro__ if c is not Module
            ):
                return Absent(f"{type(module).__name__} has a forward")
            return Effect(f"{type(module).__name__} has no forward: calling it raises NotImplementedError")
    return None


def _defined(cls: type, claim: Claim) -> bool:
    return any(
        holds_line(f.__code__, claim) for c in cls.__mro__ for f in vars(c).values() if hasattr(f, "__code__")
    )


def result_made(event: Event, claim: Claim, run: Run) -> Seen:
    """Remember the last result at the place, without holding it."""
    if isinstance(event.result, Tensor) and not any(
        event.result is t for t in tensors((event.args, event.kwargs))
    ):
        run.notes[claim.id] = (weakref.ref(event.result), event.name)
    return None


def result_dropped(frame: FrameType, claim: Claim, run: Run) -> Seen:
    found = run.notes.pop(claim.id, None)
    if found is None:
        return None
    name = re.sub(r"^call ", "", found[1])
    return (
        Effect(f"the result of {name} was gone as soon as it was made")
        if found[0]() is None
        else Absent(f"the result of {name} is still held")
    )


MEASURES: dict[str, Measure] = {
    "forward-returns-nothing": Measure(anywhere=True, on_event=forward_returns_nothing),
    "layers-not-registered": Measure(at_end=layers_not_registered, early=True),
    "parameter-not-registered": Measure(at_end=parameter_not_registered, early=True),
    "tensor-left-behind": Measure(at_end=tensor_left_behind, early=True),
    "layer-made-in-forward": Measure(anywhere=True, on_event=built_inside, at_end=layer_made_in_forward),
    "wrong-sibling-called": Measure(at_end=wrong_sibling_called),
    "layer-overwritten": Measure(at_end=layer_overwritten),
    "result-dropped": Measure(on_event=result_made, on_line=result_dropped),
    "forward-misspelt": Measure(at_end=forward_misspelt, early=True),
    "one-layer-listed-twice": Measure(at_end=one_layer_listed_twice, early=True),
    "layer-added-after-optimizer": Measure(at_end=layer_added_after_optimizer),
    "dropout-ignores-eval": Measure(at_end=dropout_ignores_eval, early=True),
    "dropout-on-one-layer": Measure(on_event=dropout_on_one_layer),
    "layer-never-used": Measure(at_end=layer_never_used),
}
