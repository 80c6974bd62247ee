"""SHP308 result-dropped."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import word
from shapelint.rules.surroundings import file_lines, function_around, speaks_of
from shapelint.values import Module, Tensor

_LAYERS = regex(
    r"torch\.nn\.(Linear|Conv\w+|BatchNorm\w+|LayerNorm|GroupNorm|InstanceNorm\w+|ReLU6?|GELU|SiLU|LeakyReLU|ELU|Tanh|Sigmoid|"
    r"Softmax|LogSoftmax|Dropout\w*|MaxPool\w+|AvgPool\w+|Adaptive\w+|Flatten|Upsample|Embedding)"
)
_FUNCTIONS = frozenset(
    "relu gelu silu leaky_relu elu tanh sigmoid softmax log_softmax dropout dropout2d max_pool1d max_pool2d avg_pool2d "
    "adaptive_avg_pool2d batch_norm layer_norm normalize interpolate view reshape permute transpose squeeze unsqueeze flatten "
    "contiguous float long double to expand repeat masked_fill clamp exp log sqrt add sub mul div detach clone pad".split()
)
# And those whose names methods of other things have too: of boxes (`clip`), images (`flip`), windows (`roll`), which they change.
_OTHER_FUNCTIONS = frozenset(
    "half bfloat16 int bool cuda cpu type type_as t swapaxes swapdims movedim moveaxis flip fliplr flipud rot90 roll narrow tile "
    "repeat_interleave unflatten tril triu diag clip clamp_min clamp_max nan_to_num round floor ceil trunc abs neg pow sign rsqrt "
    "reciprocal sin cos cumsum cumprod where masked_scatter index_fill index_add index_copy scatter scatter_add logical_not "
    "logical_and logical_or logical_xor bitwise_not elu selu celu mish hardtanh softplus relu6 group_norm instance_norm "
    "one_hot".split()
)

# Methods that nobody calls but for what they give.
_MOVES = frozenset(
    "to cuda cpu float half bfloat16 double long int bool type type_as permute transpose swapaxes movedim unsqueeze squeeze view "
    "reshape flatten flip fliplr flipud roll clamp clip masked_fill masked_scatter index_fill nan_to_num logical_not "
    "detach".split()
)
# Methods of tensors and arrays alone, and methods that modules have, which they change.
_OF_ARRAYS = frozenset(
    "permute transpose swapaxes unsqueeze squeeze view reshape flatten contiguous expand masked_fill masked_scatter logical_not".split()
)
_OF_MODULES = frozenset("to cuda cpu float double half bfloat16 type".split())
# It may be called for what it raises, or for the time that it takes.
_GUARDED = regex(
    r"^\s*try\s*:|raises|assertRaises|timeit|time\(|perf_counter|synchronize|profile|benchmark|warm|catch_warnings|except",
    re.M,
)
# In a file of cells, a notebook's, the last expression of a cell is shown.
_CELLS = regex(r"^# ?(%%|In ?\[|<codecell>|COMMAND -)", re.M)


class ResultDropped(Rule):
    """The result of a layer or function that changes nothing in place is thrown away.

    Why
        `self.bn(x)` or `x.view(…)` as a statement of its own computes and forgets: the next line still sees the old `x`.
        `x.to(device)` moves no tensor, it gives another one (it is `nn.Module.to` that moves what it is called on). In-place
        operations (`F.relu_`, `nn.ReLU(inplace=True)`) are not meant. Outside of a forward only methods that move, convert,
        mask or reshape a variable that is used afterwards count.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 8, 3)
                self.bn = nn.BatchNorm2d(8)

            def forward(self, x):
                x = self.conv(x)
                self.bn(x)  # warning: [result-dropped]
                return x

        Net()(torch.randn(2, 3, 16, 16))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 8, 3)
                self.bn = nn.BatchNorm2d(8)
                self.relu = nn.ReLU(inplace=True)

            def forward(self, x):
                x = self.bn(self.conv(x))
                self.relu(x)
                return x

        Net()(torch.randn(2, 3, 16, 16))
    """

    code = "SHP308"
    name = "result-dropped"
    severity = "warning"
    listens = (facts.ResultDropped,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        made, text = fact.result.made, context.spelled(fact.site, 200)
        if fact.model_call is None and not _is_missed(fact, context):
            return None
        if made is None or (fact.presumed and not _is_of_tensors(fact)):
            return None
        if "inplace" in text or "out=" in text or word(made.op).endswith("_"):
            return None
        if isinstance(made.layer, Module):
            if (
                _LAYERS.fullmatch(made.op) is None
                or made.layer.attrs.get("inplace") is True
                or made.layer.hooks
            ):
                return None
            if not re.match(r"self\.\w+(\[[^\]]*\])?\(", text) or _MADE_UP.match(text):
                return None
        elif word(made.op) not in _FUNCTIONS | _OTHER_FUNCTIONS or not re.match(
            r"(F|torch|nn|\w+)(\.\w+)+\(", text
        ):
            return None
        message = f"{text}: what {short_name(made.op)} gives is thrown away, nothing is changed in place"
        return self.report(fact, message, fits=(f"x = {text}" if len(text) < 50 else "assign it",))


# A layer that is given what is made up on the spot is called for what it does to itself (running statistics, hooks).
_MADE_UP = regex(r"self\.\w+\(torch\.(rand|randn|ones|zeros|empty)\(")


def _is_of_tensors(fact: facts.ResultDropped) -> bool:
    """Whether what is only presumed to be a tensor can be no thing that the method changes. What an operation made is no module."""
    made = fact.result.made
    name, of = word(made.op), made.parents[0] if made.parents else None
    if name in _OF_ARRAYS:
        return True
    if name in _OF_MODULES:
        return isinstance(of, Tensor) and of.made is not None
    return fact.model_call is not None and name not in _OTHER_FUNCTIONS


def _is_missed(fact: facts.ResultDropped, context: Context) -> bool:
    """Whether what a method gave outside of any forward is certainly missed: the variable is read behind it."""
    site = fact.site
    if site is None or not fact.name or word(fact.result.made.op) not in _MOVES:
        return False
    around = function_around(context, site)
    lines = file_lines(context, site)
    last = around.last if around is not None else len(lines)
    first = around.first if around is not None else 1
    if speaks_of(context, site, _CELLS):
        return False
    if _GUARDED.search("\n".join(lines[max(first - 1, site.line - 12) : site.line - 1])):
        return False
    behind = "\n".join(line.partition("#")[0] for line in lines[site.end_line : last])
    used = re.search(rf"(?<![\w.'\"]){re.escape(fact.name)}(?!\w)\s*(=(?!=))?", behind)
    return used is not None and used.group(1) is None
