"""SHP127 attribute-missing."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape
from shapelint.values import Class, Function, Module, Record, Tensor, Unknown
from shapelint.values.torch_types import NOT_OF_NUMBERS

# What arrays of numpy have and tensors have not, and what tensors have in its place.
_OF_ARRAYS = {
    "astype": "x.to(dtype)", "copy": "x.clone()", "expand_dims": "x.unsqueeze(dim)", "fill": "x.fill_(value)",
    "concatenate": "torch.cat", "append": "torch.cat", "tobytes": "x.numpy().tobytes()", "ptp": "x.max() - x.min()",
    "compress": "x[mask]",
}  # fmt: skip


# What is asked of a loss that was built and not called, and of a layer in place of what it gives.
_OF_TENSORS = frozenset(
    "backward item detach shape size view reshape mean sum argmax max squeeze unsqueeze numpy".split()
)
# What is asked of layers and of networks to change their head; no wrapper (torch.compile, …) would add any of it.
_OF_LAYERS = frozenset(
    "in_features out_features in_channels out_channels num_features embedding_dim hidden_size weight bias fc classifier head "
    "features".split()
)
_OF_LOADING = "_IncompatibleKeys"
_NO_MODEL = "what load_state_dict gives is a list of keys that did not fit, not the model: it has no .{}"


class AttributeMissing(Rule):
    """A layer or tensor is asked for something that it does not have.

    Why
        `self.fc2` in forward where the constructor has made `self.fc_out`, a constructor that is misspelt and never runs,
        `loss.backward()` of a loss that was built but not called, `model.fc.in_features` of a network whose head has another
        name or is a Sequential, numpy's methods on a tensor, `x.grad.abs()` of an input without gradients: Python raises
        AttributeError.
        Told where the program itself gets there when it is run.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = nn.Linear(8, 16)
                self.output = nn.Linear(16, 2)

            def forward(self, x):
                return self.out(self.hidden(x))  # error: [attribute-missing]

        Net()(torch.randn(4, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = nn.Linear(8, 16)
                self.output = nn.Linear(16, 2)

            def forward(self, x):
                return self.output(self.hidden(x))

        Net()(torch.randn(4, 8))
    """

    code = "SHP127"
    name = "attribute-missing"
    listens = (facts.Raised,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        cause = fact.cause
        if not fact.by_program or not isinstance(cause, facts.AttributeAsked):
            return None
        where = context.spelled(fact.site, 60)
        if isinstance(cause.value, Module):
            if not where.startswith("self.") and cause.name not in _OF_TENSORS | _OF_LAYERS:
                return None  # a compiled or wrapped network has attributes of its own
            what, fits = _of_module(cause.value, cause.name)
        elif isinstance(cause.value, Tensor):
            what = f"a tensor has no .{cause.name}"
            if cause.value.known:
                what += f", and this is one of {shape(cause.value.shape)}"
            fits = [f".{cause.near}"] if cause.near else []
            fits = [_OF_ARRAYS[cause.name]] if cause.name in _OF_ARRAYS else fits
        elif isinstance(cause.value, Record) and cause.value.type_name == _OF_LOADING:
            what, fits = _NO_MODEL.format(cause.name), ["model.load_state_dict(…) without an assignment"]
        elif cause.value is None:
            of = re.match(r"([\w.\[\]]+)\.grad\.", where)
            if of is None:
                return None
            what = (
                f"{of.group(1)} has no gradient: it needs none, or is computed from what does, and is no leaf"
            )
            fits = [f"{of.group(1)}.requires_grad_() before it is used", f"{of.group(1)}.retain_grad()"]
        elif isinstance(cause.value, (Unknown, int, float)) and cause.name in NOT_OF_NUMBERS:
            what = f"this is a plain number, which has no .{cause.name}"
            fits = ["the tensor itself, without .item()"]
        else:
            return None
        return self.report(fact, f"{where}: {what}", fits=fits)


def _of_module(module: Module, name: str) -> tuple[str, list[str]]:
    """What is wrong, and what would do."""
    cls = module.cls
    if cls.node is None and name in _OF_LAYERS:
        inner = [n for n, v in module.attrs.items() if isinstance(v, Module) and name in v.attrs]
        steps = [f"[{n}].{name}" if n.isdigit() else f".{n}.{name}" for n in inner]
        return f"nn.{cls.name} has no .{name}", steps[-1:]
    if cls.node is None:  # a layer of torch's
        return (
            f"this is the layer nn.{cls.name} itself, which has no .{name}: it was built, and not called",
            [f"nn.{cls.name}()(…)"],
        )
    misspelt = _misspelt_constructor(cls)
    if misspelt is not None:
        return (
            f"{cls.name} has no .{name}: {misspelt} is no constructor, and nothing calls it",
            ["def __init__(self, …)"],
        )
    there = [n for n, v in module.attrs.items() if isinstance(v, (Module, Tensor))]
    import difflib  # deferred: what tells of a mistake only

    near = difflib.get_close_matches(name, [*there, *cls.attrs], 2, 0.5)
    return f"{cls.name} has no .{name}", [f"self.{n}" for n in near]


def _misspelt_constructor(cls: Class) -> str | None:
    """The name of a method that only looks like `__init__`, in a class that has none."""
    if "__init__" in cls.attrs:
        return None
    import difflib

    looks = difflib.get_close_matches(
        "__init__", [n for n, v in cls.attrs.items() if isinstance(v, Function)], 1, 0.7
    )
    return looks[0] if looks else None
