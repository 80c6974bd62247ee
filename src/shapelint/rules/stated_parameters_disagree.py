"""SHP503 stated-parameters-disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from shapelint import dims, facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.parameter_totals import parameters_of, total
from shapelint.source.comments import Comments
from shapelint.values import Class, Module, Site

_STATED = regex(
    r"(?<![\w.,~≈<>])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:_\d{3})*)\s+(?:trainable\s+|learnable\s+|total\s+)?(?:parameters|params)\b",
    re.I,
)
_HEDGE = regex(
    r"~|≈|about|approx|roughly|around|weights? only|without bias|per |each|paper|million|<|>|at (most|least)"
    r"|up to|fewer|more than|less",
    re.I,
)


class StatedParametersDisagree(Rule):
    """A comment or docstring states a number of parameters that the layer or network does not have.

    Why
        The number was right for an earlier version, or left out the biases. Compared are comments on the line that builds a
        layer, and the docstring of a network that is built with its defaults. Rounded numbers, and the number of weights
        without biases, are taken as they are meant.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(784, 128)  # 100,480 parameters
                self.fc2 = nn.Linear(128, 10)  # 1,500 parameters  # warning: [stated-parameters-disagree]

            def forward(self, x):
                return self.fc2(self.fc1(x))

        Net()(torch.randn(2, 784))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(784, 128)  # 100,480 parameters
                self.fc2 = nn.Linear(128, 10)  # 1,280 parameters and their biases

            def forward(self, x):
                return self.fc2(self.fc1(x))

        Net()(torch.randn(2, 784))
    """

    code = "SHP503"
    name = "stated-parameters-disagree"
    severity = "warning"
    listens = (facts.ModuleBuilt,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        built: dict[tuple[str, int], list[tuple[facts.Fact, Module]]] = {}
        documented: dict[Class, list[tuple[int, str, int]]] = {}
        for fact in said:
            if (
                isinstance(fact, facts.ModuleBuilt)
                and isinstance(fact.module, Module)
                and fact.site is not None
            ):
                built.setdefault((fact.site.path, fact.site.line), []).append((fact, fact.module))
                cls = fact.module.cls
                if cls not in documented:
                    documented[cls] = _documented(cls, context)
                if documented[cls]:
                    yield from self._docstring(fact, fact.module, documented[cls], context)
        comments: dict[str, dict[int, str]] = {}
        for (path, line), several in built.items():
            end = several[0][0].site.end_line if several[0][0].site else line
            file = context.sources(path)
            if file is None or not _may_state(file.line(end)):
                continue
            if path not in comments:
                comments[path] = Comments(file).by_line
            text = comments[path].get(end, "")
            if text:
                yield from self._comment(several, text, context)

    def _comment(
        self, several: list[tuple[facts.Fact, Module]], text: str, context: Context
    ) -> Iterator[Diagnostic]:
        fact, module = several[0]
        if len({id(m) for _, m in several}) != 1 and len({_counts(m) for _, m in several}) != 1:
            return
        stated = _number(text)
        counts = _counts(module)
        if stated is None or counts is None or stated in counts:
            return
        message = (
            f"the comment says {stated:,} parameters: {short_name(module.cls.qualname)} has {max(counts):,}"
        )
        found = self.report(fact, message)
        if found is not None:
            yield found

    def _docstring(
        self, fact: facts.Fact, module: Module, documented: list[tuple[int, str, int]], context: Context
    ) -> Iterator[Diagnostic]:
        site = module.cls.site
        if site is None or not re.search(
            r"\b" + re.escape(module.cls.name) + r"\(\s*\)$", context.spelled(module.built_at, 300)
        ):
            return
        for line, text, stated in documented:
            counts = _counts(module)
            if counts is None or stated in counts or _speaks_of_a_part(text, module):
                continue
            column = len(text) - len(text.lstrip()) + 1
            place = Site(site.path, line, column, line, len(text) + 1)
            message = f"the docstring says {stated:,} parameters: {module.cls.name}() has {max(counts):,}"
            told = self.report(fact, message, site=place)
            if told is not None:
                yield told


def _number(text: str) -> int | None:
    """The one exact number of parameters that a text states."""
    found = list(_STATED.finditer(text))
    if len(found) != 1 or _HEDGE.search(text):
        return None
    number = int(found[0]["number"].replace(",", "").replace("_", ""))
    return number if number > 9 else None


def _may_state(line: str) -> bool:
    """Whether a comment on this line may state a number, wherever it begins: where comments begin in a file costs much to find."""
    if "#" not in line or "param" not in line.lower():
        return False
    starts = [at for at, character in enumerate(line) if character == "#"]
    return any(_number(line[at:]) is not None for at in starts)


def _counts(module: Module) -> frozenset[int] | None:
    """The numbers that may be called the parameters of a module: all, those trained, the weights without the biases."""
    found = parameters_of(module)
    if found is None or any(t.requires_grad is None for _, t in found.values()):
        return None
    numbers = [
        total(found),
        total({k: v for k, v in found.items() if v[1].requires_grad}),
        total({k: v for k, v in found.items() if "bias" not in v[0]}),
    ]
    buffers = 0
    for value in module.attrs.values():
        if getattr(value, "kind", "") == "buffer":
            buffers += dims.witness(value.numel) or 0
    kept = [n for n in numbers if n is not None]
    if len(kept) != 3 or kept[0] == 0:
        return None
    return frozenset((*kept, kept[0] + buffers))


def _speaks_of_a_part(text: str, module: Module) -> bool:
    """Whether a line names an attribute of the network: then the number is that layer's."""
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in module.attrs if len(name) > 1)


def _documented(cls: Class, context: Context) -> list[tuple[int, str, int]]:
    """The lines of a class's docstring that state a number of parameters: (line, text, number)."""
    file = context.sources(cls.site.path) if cls.site is not None and cls.node is not None else None
    if cls.site is None or file is None:
        return []
    found = _docstring(file.lines, cls.site.line)
    return [(line, text, stated) for line, text in found if (stated := _number(text)) is not None]


def _docstring(lines: list[str], first: int) -> list[tuple[int, str]]:
    """The lines of a class's docstring, with their numbers."""
    found: list[tuple[int, str]] = []
    quote = ""
    for at in range(first, min(first + 80, len(lines) + 1)):
        text = lines[at - 1]
        if not quote:
            if re.match(r"\s*class\b", text) or not text.strip():
                continue
            match = re.match(r"\s*[rRuU]?(\"\"\"|''')", text)
            if match is None:
                return [] if text.rstrip().endswith(":") is False else found
            quote = match[1]
            found.append((at, text))
            if text.count(quote) > 1:
                return found
            continue
        found.append((at, text))
        if quote in text:
            return found
    return found
