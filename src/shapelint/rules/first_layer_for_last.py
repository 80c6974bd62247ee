"""SHP217 first-layer-for-last."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape, short_name
from shapelint.rules.surroundings import Block, class_around, function_around
from shapelint.values import Module, Site, Tensor

_RECURRENT = ("torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU")


class FirstLayerForLast(Rule):
    """`h_n[0]` of stacked recurrent layers is the first layer's state, and nothing uses the last one's.

    Why
        `h_n` is `(layers * directions, batch, features)`: its last layer is `h_n[-1]` (and `h_n[-2]`, where there are two
        directions). Code written for one layer goes on to run with two; all layers above the first are computed for nothing
        and their gradients are 0.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.GRU(5, 16, num_layers=2, batch_first=True)
                self.head = nn.Linear(16, 1)

            def forward(self, x):
                _, h = self.rnn(x)
                return self.head(h[0])  # warning: [first-layer-for-last]

        Net()(torch.randn(32, 7, 5))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.GRU(5, 16, num_layers=2, batch_first=True)
                self.head = nn.Linear(16, 1)

            def forward(self, x):
                _, h = self.rnn(x)
                return self.head(h[-1])

        Net()(torch.randn(32, 7, 5))
    """

    code = "SHP217"
    name = "first-layer-for-last"
    severity = "warning"
    listens = (facts.Called,)
    ops = ("torch.Tensor.__getitem__",)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops or fact.model_call is None or fact.site is None:
            return None
        state, index = fact.arguments.get("input"), fact.arguments.get("index")
        if not isinstance(state, Tensor) or state.after_failure or state.made is None:
            return None
        made, layer = state.made, state.made.layer
        if made.op not in _RECURRENT or not isinstance(layer, Module) or made.part not in ((1,), (1, 0)):
            return None
        layers, both = layer.attrs.get("num_layers"), layer.attrs.get("bidirectional")
        first = index[0] if isinstance(index, tuple) and index else index
        if type(layers) is not int or layers < 2 or not isinstance(both, bool) or type(first) is not int:
            return None
        around = function_around(context, fact.site)
        if first != 0 or around is None or made.site is None or not _is_called_once(context, made.site):
            return None
        name = state_read_below(around, made.site, 1 + both)
        if not name:
            return None
        call, gives = (
            context.spelled(fact.site, 40),
            f"{name} is {shape(state.shape)}, " if state.known else "",
        )
        message = (
            f"{call} is the state of the first of {layers} layers: {gives}and nothing uses what the last layer of "
            f"{short_name(made.op)} gives"
        )
        return self.report(fact, message, fits=(f"{name}[-2] and {name}[-1]" if both else f"{name}[-1]",))


def _is_called_once(context: Context, call: Site) -> bool:
    """Whether the class of `self.rnn(…)` builds the layer and calls it here, and does nothing else with it."""
    found = re.match(r"self\.(\w+)\(", context.spelled(call))
    whole = class_around(context, call)
    if found is None or whole is None:
        return False
    return len(re.findall(rf"\.{found.group(1)}\b(?!\.)", re.sub(r"(?m)#.*$", "", whole.text))) <= 2


def state_read_below(around: Block, call: Site, end: int) -> str:
    """The name of a recurrent layer's state, where the function reads nothing else of what the layer gives than the parts of the
    state below `end`; "" where it may."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an invalid escape sequence
            (function,) = ast.parse(textwrap.dedent(around.text)).body
    except (SyntaxError, ValueError, RecursionError):
        return ""
    if not isinstance(function, ast.FunctionDef):
        return ""
    line = call.line - around.first + 1
    at = next((i for i, s in enumerate(function.body) if s.lineno <= line <= (s.end_lineno or 0)), None)
    given = _given(function.body[at]) if at is not None else None
    if at is None or given is None:
        return ""
    state, others = given
    watched = {state, *others}
    for statement in function.body[at + 1 :]:
        if any(not _may_be_read(name, how, state, end) for name, how in _reads(statement, watched)):
            return ""
        if isinstance(statement, ast.Assign):  # its names stand for something else from here on
            targets = [node for target in statement.targets for node in ast.walk(target)]
            watched -= {node.id for node in targets if isinstance(node, ast.Name)}
    return state


def _given(statement: ast.stmt) -> tuple[str, list[str]] | None:
    """Of `out, h = rnn(…)` or `out, (h, c) = lstm(…)`: the name of the state, and the other names."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return None
    (target, *more) = statement.targets
    if more or not isinstance(target, ast.Tuple) or len(target.elts) != 2:
        return None
    out, state = target.elts
    parts = [out, *(state.elts if isinstance(state, ast.Tuple) else [state])]
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    return (names[1], [names[0], *names[2:]]) if len(names) == len(parts) else None


def _reads(statement: ast.stmt, watched: set[str]) -> Iterator[tuple[str, ast.AST | None]]:
    """The names that a statement reads, each with what is done to it."""
    above = {id(child): node for node in ast.walk(statement) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id == "locals":
            yield "locals", None
        if isinstance(node, ast.Name) and node.id in watched:
            around = above.get(id(node))
            if isinstance(node.ctx, ast.Load) or isinstance(around, ast.AugAssign):
                yield node.id, around


# What tells nothing of a tensor's values.
_SIZES = frozenset("shape size device dtype dim ndim".split())


def _may_be_read(name: str, how: ast.AST | None, state: str, end: int) -> bool:
    if isinstance(how, ast.Attribute):
        return how.attr in _SIZES
    if name != state or not isinstance(how, ast.Subscript) or not isinstance(how.ctx, ast.Load):
        return False
    index = how.slice.elts[0] if isinstance(how.slice, ast.Tuple) and how.slice.elts else how.slice
    return isinstance(index, ast.Constant) and type(index.value) is int and index.value < end
