"""SHP505 shape-annotation-disagrees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.base import Context, Rule, shape, trail_of
from shapelint.values import Tensor


class ShapeAnnotationDisagrees(Rule):
    """An annotation states a shape that the tensor does not have.

    Why
        `Float[Tensor, "batch 10"]` is a promise that is only kept by a checker at run time. What the function is
        called with and what it returns are compared with it: numbers, the number of axes, and names, which mean one
        size in all annotations of a call.

    Bad
        from __future__ import annotations

        from typing import TYPE_CHECKING

        import torch
        from torch import Tensor, nn

        if TYPE_CHECKING:
            from jaxtyping import Float

        class Head(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(64, 100)

            def forward(self, x: Float[Tensor, "b 64"]) -> Float[Tensor, "b 10"]:  # warning: [shape-annotation-disagrees]
                return self.fc(x)

        Head()(torch.randn(2, 64))

    Good
        from __future__ import annotations

        from typing import TYPE_CHECKING

        import torch
        from torch import Tensor, nn

        if TYPE_CHECKING:
            from jaxtyping import Float

        class Head(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(64, 100)

            def forward(self, x: Float[Tensor, "b 64"]) -> Float[Tensor, "b 100"]:
                return self.fc(x)

        Head()(torch.randn(2, 64))
    """

    code = "SHP505"
    name = "shape-annotation-disagrees"
    severity = "warning"
    listens = (facts.Annotated,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        for fact in said:
            if isinstance(fact, facts.Annotated):
                found = self._judged(fact, context)
                if found is not None:
                    yield found

    def _judged(self, fact: facts.Annotated, context: Context) -> Diagnostic | None:
        number = lineage_of(context).number
        sizes: dict[str, tuple[int, str]] = {}
        for name, text, value, site in fact.stated:
            words = _words(text)
            if words is None or not isinstance(value, Tensor) or not value.known or value.after_failure:
                continue
            what = "what is returned" if name == "return" else name
            need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(value,))
            trail = trail_of(need, context)
            if len(words) != value.rank:
                message = f'"{text}" has {len(words)} axes, {what} has {value.rank}: {shape(value.shape)}'
                return self.report(fact, message, site=site, trail=trail)
            for axis, (word, dim) in enumerate(zip(words, value.shape, strict=True)):
                actual = number(dim)
                if actual is None or not _seen(dim):
                    continue
                if word.isdigit():
                    if int(word) != actual:
                        message = (
                            f'"{text}": axis {axis} of {what} is {actual}, not {word}: {shape(value.shape)}'
                        )
                        return self.report(fact, message, site=site, trail=trail)
                elif not word.startswith(("_", "#")):
                    held, where = sizes.setdefault(word, (actual, what))
                    if held != actual:
                        message = f'"{text}": {word} is {actual} in {what}, and {held} in {where}'
                        return self.report(fact, message, site=site, trail=trail)
        return None


def _seen(dim: Any) -> bool:
    """Whether a size is a number, or was seen as one."""
    return isinstance(dim, int) or dim.witness is not None


def _words(text: str) -> list[str] | None:
    """The axes of an annotation; None when it has any that stand for several, or for what is computed."""
    words = []
    for part in text.split():
        part = part.partition("=")[2] or part
        if not re.fullmatch(r"#?[A-Za-z_]\w*|\d+", part):
            return None
        words.append(part)
    return words
