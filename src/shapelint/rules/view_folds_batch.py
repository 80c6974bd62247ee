"""SHP201 view-folds-batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import prod

from shapelint import dims, facts
from shapelint.dims import Dim, Sym
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule, entry_step, shape, trail_of
from shapelint.values import Made, Module, Site, Tensor

_CONVOLUTIONS = frozenset(
    ("conv2d", "conv3d", "convtranspose2d", "convtranspose3d", "conv_transpose2d", "conv_transpose3d")
)
_LARGEST = 4_096  # the largest input size that is tried when looking for what would fit


class ViewFoldsBatch(Rule):
    """A view with -1 makes several rows of every sample, cut across its axes.

    Why
        `x.view(-1, K)` was written for samples of K values. Given larger ones it does not raise: the numbers that do not
        fit become further rows, so one image turns into many, each a mixture of channels and places. Folding whole
        axes into the batch on purpose (`[B, T, D]` to `[B*T, D]`) is not meant: rows then end where an axis ends.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3, padding=1)
                self.pool = nn.MaxPool2d(4)
                self.fc = nn.Linear(32 * 8 * 8, 10)

            def forward(self, x):
                x = self.pool(self.conv(x))
                x = x.view(-1, 32 * 8 * 8)  # error: [view-folds-batch]
                return self.fc(x)

        Net()(torch.randn(1, 3, 224, 224))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3, padding=1)
                self.pool = nn.MaxPool2d(4)
                self.fc = nn.Linear(32 * 8 * 8, 10)

            def forward(self, x):
                x = self.pool(self.conv(x))
                x = x.view(-1, 32 * 8 * 8)
                return self.fc(x)

        Net()(torch.randn(1, 3, 32, 32))
    """

    code = "SHP201"
    name = "view-folds-batch"
    listens = (facts.Called,)
    ops = ("torch.Tensor.view", "torch.Tensor.reshape", "torch.reshape")

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        """One finding a place; every input that was seen there is named."""
        places: dict[Site, list[tuple[facts.Called, Fold]]] = {}
        for fact in said:
            if isinstance(fact, facts.Called) and fact.op in self.ops and fact.site is not None:
                fold = folded(fact, context)
                if fold is not None:
                    places.setdefault(fact.site, []).append((fact, fold))
        for site, found in places.items():
            fact, fold = found[0]
            diagnostic = self._tell(site, fact, fold, [f for f, _ in found], context)
            if diagnostic is not None:
                yield diagnostic

    def _tell(
        self, site: Site, fact: facts.Called, fold: Fold, all_facts: list[facts.Called], context: Context
    ) -> Diagnostic | None:
        call = context.spelled(site)
        written = call[call.rfind(".view(") + 1 :] if ".view(" in call else call
        if fold.rows_per_sample is not None:
            cut = f"makes {fold.rows_per_sample} rows of every sample: it has"
        else:
            cut = f"puts {fold.samples_per_row} samples into one row: each has"
        message = f"{written} {cut} {fold.per_sample} values, not {fold.row}"
        inputs = list(dict.fromkeys(step for step in map(entry_step, all_facts) if step is not None))
        if len(inputs) > 1:
            message += (
                f" (seen with {' and '.join(step.text.removeprefix('called with ') for step in inputs)})"
            )
        x = fact.arguments["input"] if "input" in fact.arguments else fact.arguments["self"]
        step = TrailStep(
            site.path, site.line, site.column, f"{shape(x.shape)} becomes {shape(fact.result.shape)}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,))
        trail = [*inputs, *trail_of(need, context), step]
        return self.report(fact, message, site=site, trail=trail, fits=fold.fits())


class Fold:
    """How a view cut samples: per-sample size, row size, and the two sizes' forms."""

    __slots__ = ("per_sample", "per_sample_form", "pixels", "row", "rows_per_sample", "samples_per_row")

    def __init__(self, per_sample: int, row: int, form: Dim, pixels: bool) -> None:
        self.per_sample = per_sample
        self.row = row
        self.per_sample_form = form
        self.pixels = pixels
        self.rows_per_sample = per_sample // row if per_sample % row == 0 else None
        self.samples_per_row = row // per_sample if row % per_sample == 0 else None

    def fits(self) -> tuple[str, ...]:
        """Input sizes, taken square, that give samples of exactly the row's size."""
        form = self.per_sample_form
        if not self.pixels:
            return (f"a layer before it that gives {self.row} values a sample",)
        if not isinstance(form, Sym) or not 1 <= len(form.symbols) <= 3:
            return ()
        sizes = []
        for n in range(1, _LARGEST):
            try:
                value = dims.evaluate(form, dict.fromkeys(form.symbols, n))
            except (dims.Undetermined, ZeroDivisionError):
                return ("torch.flatten(x, 1) with a layer of that many features",)
            if value == self.row:
                sizes.append(n)
            elif sizes:
                break
        if not sizes:
            return ("torch.flatten(x, 1) with a layer of that many features",)
        span = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > 1 else str(sizes[0])
        return (f"an input of {span} pixels", "torch.flatten(x, 1) with a layer of that many features")


def folded(fact: facts.Called, context: Context) -> Fold | None:
    """The fold that a view makes of its batch, when rows are cut across the axes of a sample."""
    x = fact.arguments.get("input", fact.arguments.get("self"))
    y = fact.result
    if not isinstance(x, Tensor) or not isinstance(y, Tensor) or not x.known or not y.known:
        return None
    if x.rank < 2 or y.rank < 2 or x.after_failure:
        return None
    batch = x.shape[0]
    if not isinstance(batch, Sym) or batch.as_symbol is None or batch.as_symbol.name != "B":
        return None
    known = [s for s in (_seen(d, batch) for d in x.shape) if s]
    wanted = [s for s in (_seen(d, batch) for d in y.shape) if s]
    if len(known) != x.rank or len(wanted) != y.rank:
        return None
    if wanted[0] == known[0] or not _leading_is_free(fact):
        return None
    fold = Fold(prod(known[1:]), prod(wanted[1:]), dims.product(x.shape[1:]), x.rank > 2)
    if fold.rows_per_sample is None and fold.samples_per_row is None:
        return None
    if x.rank == 2:
        return fold if y.rank > 2 and _vector_is_a_sample(fact, x, y, context) else None
    if y.rank > 2:
        return None  # axes that are cut anew are view-mixes-axes' business
    if not _ends_with_axes(known[1:], fold.row):
        return fold
    if not _rows_stay(fact, known[0], wanted[0]):
        return None
    return fold if _tears(known[1:], fold.row) or _takes_one_channel(x, known, fold.row) else None


def _seen(size: Dim, batch: Sym) -> int | None:
    """The number of a size; a batch of which no number was seen (torchsummary's) is looked at one sample at a time."""
    if isinstance(size, Sym) and batch.witness is None and batch.as_symbol is not None:
        try:
            size = dims.substitute(size, {batch.as_symbol: 1})
        except ZeroDivisionError:  # of a batch of one sample nothing is left
            return None
    return dims.witness(size)


def _leading_is_free(fact: facts.Called) -> bool:
    """Whether the first size asked for is -1."""
    for value in fact.arguments.values():
        if isinstance(value, tuple) and value:
            first = value[0]
            items = getattr(first, "items", first)
            if isinstance(items, (tuple, list)) and items:
                first = items[0]
            return isinstance(first, int) and first == -1
    return False


def _ends_with_axes(sizes: list[int], row: int) -> bool:
    """Whether a row is made of whole trailing axes and a whole part of the next: then nothing is cut across."""
    for size in reversed(sizes):
        if row % size == 0:
            row //= size
            if row == 1:
                return True
        else:
            return size % row == 0
    return False


def _tears(sizes: list[int], row: int) -> bool:
    """Whether a row takes whole trailing axes and only a part of the next."""
    whole = False
    for size in reversed(sizes):
        if row % size:
            return whole
        row //= size
        whole = whole or size > 1
        if row == 1:
            return False
    return False


def _takes_one_channel(x: Tensor, sizes: list[int], row: int) -> bool:
    """Whether each row is one channel of a map that a convolution made."""
    if x.rank < 4 or sizes[1] < 2 or row < 2 or row != prod(sizes[2:]):
        return False
    at: object = x
    for _ in range(8):
        if not isinstance(at, Tensor) or not isinstance(at.made, Made) or not at.known or at.rank != x.rank:
            return False
        if at.made.op.rpartition(".")[2].lower() in _CONVOLUTIONS:
            return True
        at = next((p for p in at.made.parents if isinstance(p, Tensor)), None)
    return False


def _rows_stay(fact: facts.Called, batch: int, rows: int) -> bool:
    """Whether the network gives its output by these rows: they were never put together again."""
    output = fact.model_call.output if fact.model_call is not None else None
    if not isinstance(output, Tensor) or not output.known or not output.shape:
        return False
    x = fact.arguments.get("input", fact.arguments.get("self"))
    assert isinstance(x, Tensor)
    samples = x.shape[0]
    assert isinstance(samples, Sym)
    return rows != batch and _seen(output.shape[0], samples) == rows


def _vector_is_a_sample(fact: facts.Called, x: Tensor, y: Tensor, context: Context) -> bool:
    """Whether the vector that a linear layer gave was meant to become one sample: the layer's size is written with as many
    factors as the view has axes, the first of them the same, and the network's output has too many rows."""
    rows, batch = dims.witness(y.shape[0]), dims.witness(x.shape[0])
    if rows is None or batch is None or not _rows_stay(fact, batch, rows):
        return False
    at: object = x
    while isinstance(at, Tensor) and isinstance(at.made, Made) and at.known and at.shape == x.shape:
        layer = at.made.layer
        if isinstance(layer, Module) and layer.cls.name == "Linear":
            factors = _factors(context.spelled(layer.built_at, 200))
            asked = context.spelled(fact.site, 200)
            return (
                len(factors) == y.rank - 1
                and re.search(rf"-1,\s*(?:self\.)?{re.escape(factors[0].removeprefix('self.'))}\s*,", asked)
                is not None
            )
        at = next((p for p in at.made.parents if isinstance(p, Tensor)), None)
    return False


def _factors(call: str) -> list[str]:
    """The factors of out_features as written: `nn.Linear(z, base * 7 ** 2)` gives base, 7, 7."""
    match = re.search(r"Linear\([^,()]*,\s*(?:out_features\s*=\s*)?([\w.\s*]+?)\s*[,)]", call)
    factors: list[str] = []
    for text in re.split(r"(?<!\*)\*(?!\*)", match.group(1)) if match else ():
        base, _, times = (part.strip() for part in text.partition("**"))
        if times and times not in ("2", "3"):
            return []
        factors += [base] * int(times or 1)
    return factors
