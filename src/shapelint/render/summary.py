"""A model's summary as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapelint.render.page import Column, Grid, Item, Line, plain
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
    title = Line(safe(model.target), "bold")
    if model.path is not None and model.line is not None:
        title.append(f"  {safe(from_here(model.path))}:{model.line}", "dim")
    layers = _layers(model.layers, depth, columns) if model.layers else Line("no layers are known", "dim")
    page: list[Item] = [title, _ends(model), Line(), layers, Line(), _totals(model)]
    if model.unknown:
        page += [Line(), *_unknowns(model.unknown)]
    found = None if style.colour else plain(page, columns)
    if found is None:
        from shapelint.render.painted import painted

        found = painted(page, columns, style.colour, UNSEEN_WIDTH)
    return found


# ---- inputs and outputs

_LABELLED = (Column(folds=False, style="dim"), Column())


def _ends(model: ModelSummary) -> Grid:
    table = Grid(_LABELLED)
    origin = _SOURCES[model.input_source]
    note = safe(model.input_note) if model.input_note else ""
    how = "; ".join(part for part in (origin, note) if part)
    inputs = Line(", ".join(_tensor(t) for t in model.inputs) or "not known")
    if how:
        inputs.append(f"  ({how})", "dim")
    table.add("input", inputs)
    if model.outputs is None:
        outputs = "not known"
    else:
        outputs = ", ".join(_tensor(t) for t in model.outputs) or "nothing"
    table.add("output", Line(outputs))
    return table


def _tensor(tensor: TensorType) -> str:
    return " ".join(part for part in (_shape(tensor.shape), safe(tensor.dtype or "")) if part)


def _shape(shape: Shape | None) -> str:
    return "[?]" if shape is None else "[" + ", ".join(safe(str(size)) for size in shape) + "]"


# ---- the layers


def _layers(layers: Sequence[LayerRow], depth: int | None, columns: int) -> Grid:
    shown = [row for row in layers if depth is None or row.depth <= depth]
    with_lines = columns >= _NO_LINES_BELOW
    columns_shown = [Column("layer", least=8), Column("output", least=8)]
    for heading, sizes in (("params", [r.params for r in shown]), ("MACs", [r.macs for r in shown])):
        # A number is never broken over two lines; a formula may be.
        digits = max((len(_size(s)) for s in sizes if isinstance(s, int)), default=1)
        columns_shown.append(Column(heading, right=True, least=max(digits, len(heading))))
    if with_lines:
        columns_shown.append(Column("line", right=True, folds=False))
    table = Grid(columns_shown)
    for row in shown:
        cells = _layer(row)
        table.add(*(cells if with_lines else cells[:-1]))
    hidden = len(layers) - len(shown)
    if hidden:
        table.add(Line(f"… {hidden:,} more below depth {depth}", "dim"))
    return table


def _layer(row: LayerRow) -> tuple[Line, Line, Line, Line, Line]:
    name = Line("  " * max(row.depth - 1, 0))
    if row.status == "failed":
        name.append("✗ ", "bold red")
    name.append(safe(row.name) or "(model)")
    name.append(f" ({safe(row.class_name.rpartition('.')[2])})", "dim")
    if row.calls > 1:
        name.append(f" x{row.calls:,}", "dim")
    if row.status == "failed":
        output = Line(safe(row.note or "does not fit"), "red")
    elif row.status == "not-called":
        output = Line("not called", "dim")
    else:
        output = Line(", ".join(_shape(s) for s in row.output) or "not known")
    params = Line(_size(row.params))
    if row.params not in (None, 0) and not row.trainable:
        params.append(" frozen", "dim")
    macs = Line("-", "dim") if row.status == "not-called" else Line(_size(row.macs))
    return name, output, params, macs, Line("" if row.line is None else str(row.line))


def _size(size: Size | None) -> str:
    if size is None:
        return "?"
    return f"{size:,}" if isinstance(size, int) else safe(size)


# ---- the totals


def _totals(model: ModelSummary) -> Grid:
    table = Grid(_LABELLED)
    table.add("parameters", Line(_parameters(model), "bold"))
    if model.params.trainable is not None and model.params.trainable != model.params.total:
        table.add("trainable", Line(f"{model.params.trainable:,}"))
    table.add("buffers", Line(_number(model.buffers)))
    if model.macs is not None:
        flops = "" if model.flops is None else f"  ({model.flops:,} FLOPs)"
        table.add("MACs", Line(f"{model.macs:,}{flops}"))
    else:
        table.add("MACs", Line(safe(model.macs_formula) if model.macs_formula else "not known"))
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
        table.add("memory", Line(", ".join(parts)))
    if model.peak is not None:
        for label, line in _peak(model.peak):
            table.add(label, Line(line))
    if not model.complete:
        table.add("complete", Line("no: only what could be followed is counted", "yellow"))
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


def _unknowns(unknown: Sequence[UnknownItem]) -> Iterator[Line]:
    for item in unknown[:_UNKNOWNS]:
        line = Line("not known: ", "yellow")
        line.append(f"{safe(item.what)}, because {safe(item.why)}", "none")
        if item.path is not None:
            place = safe(from_here(item.path)) + ("" if item.line is None else f":{item.line}")
            line.append(f" ({place})", "dim")
        yield line
    if len(unknown) > _UNKNOWNS:
        yield Line(f"and {len(unknown) - _UNKNOWNS:,} more that are not known", "yellow")
