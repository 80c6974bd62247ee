"""A model's summary as a table for people. The only user of `rich`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from shapelint.render.places import from_here
from shapelint.render.sources import Sources
from shapelint.render.style import Style, safe
from shapelint.render.text import full
from shapelint.report import (
    CheckReport,
    InputSource,
    LayerRow,
    ModelSummary,
    Peak,
    Shape,
    Size,
    TensorType,
    UnknownItem,
)

UNSEEN_WIDTH = 400
"""The width taken where the output is no terminal: enough to cut nothing."""
_NARROWEST = 30
_NO_LINES_BELOW = 60
_UNKNOWNS = 20
"""So many unknowns are listed; the rest are counted."""

_SOURCES: dict[InputSource, str] = {
    "call": "from a call in the code",
    "option": "from --input",
    "config": "from the configuration",
    "annotation": "from an annotation",
    "inferred": "inferred from the layers",
    "none": "",
}


def summaries(
    models: Sequence[ModelSummary],
    depth: int | None,
    style: Style,
    columns: int = UNSEEN_WIDTH,
    sources: Sources | None = None,
) -> Iterator[str]:
    """The models one after the other, each with its table, its totals, what is wrong, and what is not known."""
    sources = sources or Sources()
    for index, model in enumerate(models):
        yield ("\n" if index else "") + _model(model, depth, style, columns)
        if model.problems:
            yield "\n"
            yield from full(CheckReport(model.problems, 1), sources, style)


def _model(model: ModelSummary, depth: int | None, style: Style, columns: int) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(columns, _NARROWEST),
        force_terminal=style.colour,
        color_system="standard" if style.colour else None,
        no_color=not style.colour,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    title = Text(safe(model.target), style="bold")
    if model.path is not None and model.line is not None:
        title.append(f"  {safe(from_here(model.path))}:{model.line}", style="dim")
    console.print(title)
    console.print(_ends(model))
    console.print()
    if model.layers:
        table = _layers(model.layers, depth, columns)
        least = Measurement.get(console, console.options.update(width=UNSEEN_WIDTH), table).minimum
        console.print(table, width=max(least, console.width), crop=False)  # a cut number would be a wrong one
    else:
        console.print(Text("no layers are known", style="dim"))
    console.print()
    console.print(_totals(model))
    if model.unknown:
        console.print()
        for line in _unknowns(model.unknown):
            console.print(line)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


# ---- inputs and outputs


def _ends(model: ModelSummary) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    origin = _SOURCES[model.input_source]
    note = safe(model.input_note) if model.input_note else ""
    how = "; ".join(part for part in (origin, note) if part)
    inputs = Text(", ".join(_tensor(t) for t in model.inputs) or "not known")
    if how:
        inputs.append(f"  ({how})", style="dim")
    table.add_row("input", inputs)
    if model.outputs is None:
        outputs = "not known"
    else:
        outputs = ", ".join(_tensor(t) for t in model.outputs) or "nothing"
    table.add_row("output", Text(outputs))
    return table


def _tensor(tensor: TensorType) -> str:
    return " ".join(part for part in (_shape(tensor.shape), safe(tensor.dtype or "")) if part)


def _shape(shape: Shape | None) -> str:
    return "[?]" if shape is None else "[" + ", ".join(safe(str(size)) for size in shape) + "]"


# ---- the layers


def _layers(layers: Sequence[LayerRow], depth: int | None, columns: int) -> Table:
    shown = [row for row in layers if depth is None or row.depth <= depth]
    with_lines = columns >= _NO_LINES_BELOW
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("layer", overflow="fold", min_width=8)
    table.add_column("output", overflow="fold", min_width=8)
    for title, sizes in (("params", [r.params for r in shown]), ("MACs", [r.macs for r in shown])):
        # A number is never broken over two lines; a formula may be.
        digits = max((len(_size(s)) for s in sizes if isinstance(s, int)), default=1)
        table.add_column(title, justify="right", overflow="fold", min_width=max(digits, len(title)))
    if with_lines:
        table.add_column("line", justify="right", no_wrap=True)
    for row in shown:
        cells = _layer(row)
        table.add_row(*(cells if with_lines else cells[:-1]))
    hidden = len(layers) - len(shown)
    if hidden:
        table.add_row(Text(f"… {hidden:,} more below depth {depth}", style="dim"))
    return table


def _layer(row: LayerRow) -> tuple[Text, Text, Text, Text, Text]:
    name = Text("  " * max(row.depth - 1, 0))
    if row.status == "failed":
        name.append("✗ ", style="bold red")
    name.append(safe(row.name) or "(model)")
    name.append(f" ({safe(row.class_name.rpartition('.')[2])})", style="dim")
    if row.calls > 1:
        name.append(f" x{row.calls:,}", style="dim")
    if row.status == "failed":
        output = Text(safe(row.note or "does not fit"), style="red")
    elif row.status == "not-called":
        output = Text("not called", style="dim")
    else:
        output = Text(", ".join(_shape(s) for s in row.output) or "not known")
    params = Text(_size(row.params))
    if row.params not in (None, 0) and not row.trainable:
        params.append(" frozen", style="dim")
    macs = Text("-", style="dim") if row.status == "not-called" else Text(_size(row.macs))
    return name, output, params, macs, Text("" if row.line is None else str(row.line))


def _size(size: Size | None) -> str:
    if size is None:
        return "?"
    return f"{size:,}" if isinstance(size, int) else safe(size)


# ---- the totals


def _totals(model: ModelSummary) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("parameters", Text(_parameters(model), style="bold"))
    if model.params.trainable is not None and model.params.trainable != model.params.total:
        table.add_row("trainable", Text(f"{model.params.trainable:,}"))
    table.add_row("buffers", Text(_number(model.buffers)))
    if model.macs is not None:
        flops = "" if model.flops is None else f"  ({model.flops:,} FLOPs)"
        table.add_row("MACs", Text(f"{model.macs:,}{flops}"))
    else:
        table.add_row("MACs", Text(safe(model.macs_formula) if model.macs_formula else "not known"))
    memory = model.memory
    parts = [
        f"{name} {_bytes(count)}"
        for name, count in (
            ("inputs", memory.input_bytes),
            ("parameters and buffers", memory.param_bytes),
            ("layer outputs", memory.activation_bytes),
        )
        if count is not None
    ]
    if parts:
        table.add_row("memory", Text(", ".join(parts)))
    if model.peak is not None:
        for label, line in _peak(model.peak):
            table.add_row(label, Text(line))
    if not model.complete:
        table.add_row("complete", Text("no: only what could be followed is counted", style="yellow"))
    return table


def _peak(peak: Peak) -> Iterator[tuple[str, str]]:
    """The most memory that a step takes, and whether it fits."""
    what = f"training with {peak.optimizer}" if peak.training else "inference"
    batch = "" if peak.batch is None else f", batch {peak.batch:,}"
    if peak.total_bytes is None:
        yield "peak", f"not known ({what}{batch})"
    else:
        parts = ", ".join(f"{name} {_bytes(count)}" for name, count in peak.parts.items() if count)
        about = "about " if peak.partial else ""
        yield "peak", f"{about}{_bytes(peak.total_bytes)} ({what}{batch}: {parts})"
        if peak.formula is not None:
            least = f" from {peak.formula_from:,} on" if peak.formula_from != peak.batch else ""
            yield "", f"{peak.formula} bytes for a batch of N{least}"
    if peak.limit_bytes is not None and peak.total_bytes is not None:
        line = f"{'fits' if peak.fits else 'does not fit'} into {_bytes(peak.limit_bytes)}"
        if peak.largest_batch is not None:
            line += (
                f"; the largest batch that does is {peak.largest_batch:,}"
                if peak.largest_batch
                else "; no batch does"
            )
        yield "", line
    for why in peak.partial[:_UNKNOWNS]:
        yield "", f"partial: {safe(why)}"


def _parameters(model: ModelSummary) -> str:
    count = model.params
    if count.total is None:
        return safe(count.formula) if count.formula else "not known"
    all_trainable = " (all trainable)" if count.trainable == count.total and count.total else ""
    formula = f" = {safe(count.formula)}" if count.formula else ""
    return f"{count.total:,}{all_trainable}{formula}"


def _number(value: int | None) -> str:
    return "not known" if value is None else f"{value:,}"


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{count:,} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TiB"


def _unknowns(unknown: Sequence[UnknownItem]) -> Iterator[Text]:
    for item in unknown[:_UNKNOWNS]:
        line = Text("not known: ", style="yellow")
        line.append(f"{safe(item.what)}, because {safe(item.why)}", style="none")
        if item.path is not None:
            place = safe(from_here(item.path)) + ("" if item.line is None else f":{item.line}")
            line.append(f" ({place})", style="dim")
        yield line
    if len(unknown) > _UNKNOWNS:
        yield Text(f"and {len(unknown) - _UNKNOWNS:,} more that are not known", style="yellow")
