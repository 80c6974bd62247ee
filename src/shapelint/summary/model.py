"""A ModelSummary from a module and the record of one call of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Dim, Sym, Symbol
from shapelint.interp.nets import module_tree
from shapelint.interp.nets.module_calls import CallRecord
from shapelint.interp.world import World
from shapelint.report import (
    Count,
    Diagnostic,
    InputSource,
    LayerRow,
    Memory,
    ModelSummary,
    TensorType,
    UnknownItem,
)
from shapelint.rules.base import sentence
from shapelint.summary.given import call
from shapelint.summary.numbers import NotKnown, formula, nameless, number, printed, tensor_type, tensors
from shapelint.values import Module, Site, Tensor, Unknown
from shapelint.values.torch_types import itemsize


def summarize(
    world: World,
    module: Module,
    target: str,
    record: CallRecord | None,
    records: Sequence[CallRecord],
    *,
    source: InputSource = "none",
    note: str | None = None,
    problems: Sequence[Diagnostic] = (),
    why_not_called: str | None = None,
) -> ModelSummary:
    """Everything that is known of `module`, and of the call `record` (None when it was not called)."""
    unknown: list[UnknownItem] = []
    params = count(world, module, unknown)
    buffers = buffer_count(world, module)
    below = [r for r in records if record is not None and _is_below(r, record)]
    rows = layer_rows(world, module, record, below)
    outputs: tuple[TensorType, ...] | None = None
    macs: int | None = None
    macs_formula: str | None = None
    if record is None:
        unknown.append(
            UnknownItem("output", why_not_called or "the model was not called", *_place(module.built_at))
        )
    else:
        outputs = _outputs(world, record, unknown, why_not_called)
        doubt = record.uncertain or (unknown[0].why if unknown else None)
        if outputs is not None and _has_sizes_of_its_own(world, module, record):
            if doubt is None and not _symbols(world, tensors(_given(record))):
                doubt = f"the sizes of the input do not tell those of {_spelled(outputs)}"
            if doubt is not None:
                unknown.append(UnknownItem("output", doubt, *_place(record.site)))
                outputs = None
        if record.uncertain is not None:
            unknown.append(UnknownItem("macs", record.uncertain, *_place(record.site)))
        elif record.failed is None and record.done:
            macs, macs_formula = number(world, record.macs), formula(world, record.macs)
            if macs is None and macs_formula is None:
                why = "what is computed depends on a condition that is not known"
                unknown.append(UnknownItem("macs", why, *_place(record.site)))
    given = () if record is None else tuple(_inputs(world, record))
    complete = (
        record is not None and record.done and record.failed is None and outputs is not None and not unknown
    )
    return ModelSummary(
        target=target,
        class_name=module.cls.qualname.removeprefix("__main__."),
        path=module.built_at.path if module.built_at else None,
        line=module.cls.site.line if module.cls.site else module.built_at.line if module.built_at else None,
        inputs=given,
        input_source=source if record is not None else "none",
        input_note=note,
        outputs=outputs,
        params=params,
        buffers=buffers,
        complete=complete,
        macs=macs,
        flops=None if macs is None else 2 * macs,
        macs_formula=macs_formula,
        memory=memory(world, module, record, below),
        layers=tuple(rows),
        unknown=tuple(dict.fromkeys(unknown)),
        problems=tuple(problems),
        given=None if record is None else call(world, record),
    )


def _is_below(record: CallRecord, root: CallRecord) -> bool:
    at: CallRecord | None = record
    while at is not None:
        if at is root:
            return True
        at = at.parent
    return False


def _place(site: Site | None) -> tuple[str | None, int | None]:
    return (site.path, site.line) if site is not None else (None, None)


# ---- counting


def count(world: World, module: Module, unknown: list[UnknownItem]) -> Count:
    """Parameters, each counted once however many names reach it."""
    gaps = list(module_tree.gaps(module))
    for gap in gaps:
        site = getattr(gap, "site", None)
        unknown.append(UnknownItem("params", gap.why, *_place(site)))
    found = [t for _, t in module_tree.named_parameters(module)]
    for tensor in found:
        if not tensor.proven:
            unknown.append(
                UnknownItem("params", "a parameter's shape is not known", *_place(module.built_at))
            )
            return Count(None, None)
    if gaps:
        return Count(None, None)
    total = dims.total(world.resolve(t.numel) for t in found)
    text = formula(world, total)
    if any(t.requires_grad is None for t in found):
        return Count(number(world, total), None, text)
    trainable = dims.total(world.resolve(t.numel) for t in found if t.requires_grad)
    return Count(number(world, total), number(world, trainable), text)


def buffer_count(world: World, module: Module) -> int | None:
    """Elements of all buffers."""
    found = [t for _, t in module_tree.named_buffers(module)]
    if any(not t.proven for t in found) or any(True for _ in module_tree.gaps(module)):
        return None
    return number(world, dims.total(t.numel for t in found))


def _params_of(world: World, module: Module) -> int | str | None:
    found = [t for _, t in module_tree.named_parameters(module)]
    if any(not t.proven for t in found) or any(True for _ in module_tree.gaps(module)):
        return None
    total: Dim = dims.total(world.resolve(t.numel) for t in found)
    known = number(world, total)
    return formula(world, total) if known is None else known


# ---- layers


def layer_rows(
    world: World, module: Module, record: CallRecord | None, below: Sequence[CallRecord]
) -> list[LayerRow]:
    """One row a layer, in the order of first call, then those that were not called; a failed operation that is no layer gets
    a row of its own."""
    names = {id(m): name for name, m in module_tree.named_modules(module)}
    calls: dict[int, list[CallRecord]] = {}
    for r in below:
        if r is not record:
            calls.setdefault(id(r.module), []).append(r)
    rows: list[LayerRow] = []
    failed = record.failed if record is not None else None
    innermost = _innermost_failed(below, failed)
    told = False
    for key, found in calls.items():
        row = _row(world, found, names.get(key, ""), innermost, record.level if record is not None else 0)
        rows.append(row)
        if row.status == "failed":
            told = True
    if failed is not None and not told:
        at = _position(rows, below, innermost, calls)
        rows.insert(at, _failed_operation(failed))
    for name, inner in module_tree.named_modules(module):
        if (
            id(inner) not in calls
            and name
            and not any(id(c) in calls for _, c in module_tree.named_modules(inner))
        ):
            rows.append(_idle_row(world, inner, name))
    if not rows and record is not None and module.cls.node is None:
        rows.append(_row(world, [record], "(model)", innermost, record.level))
    return rows


def _innermost_failed(below: Sequence[CallRecord], failed: facts.NeedFailed | None) -> CallRecord | None:
    found = [r for r in below if r.failed is failed and failed is not None]
    return max(found, key=lambda r: r.depth) if found else None


def _position(
    rows: list[LayerRow],
    below: Sequence[CallRecord],
    innermost: CallRecord | None,
    calls: dict[int, list[CallRecord]],
) -> int:
    """Behind the rows of the layers that had been called when the operation failed."""
    failed = innermost.failed if innermost is not None else None
    if failed is None:
        return len(rows)
    before = {id(r.module) for r in below if r.order < failed.order}
    return sum(1 for key in calls if key in before)


def _row(
    world: World, found: list[CallRecord], name: str, innermost: CallRecord | None, root: int
) -> LayerRow:
    """What the calls of one layer show. `root`: how many undecided branches the model itself was called inside of."""
    first = found[0]
    module = first.module
    failure = next((r for r in found if r is innermost and r.module.cls.node is None), None)
    macs: Dim = 0
    uncertain = any(r.uncertain or r.level > root for r in found)
    for r in found:
        macs = macs + r.macs
    known = None if uncertain else number(world, macs)
    return LayerRow(
        name=name or "(not an attribute)",
        class_name=module.cls.qualname.removeprefix("__main__."),
        depth=name.count(".") + 1,
        input=tuple(_shapes(world, (*first.inputs, *first.keywords.values()))),
        output=tuple(_shapes(world, (first.output,))),
        params=_params_of(world, module),
        trainable=all(t.requires_grad is not False for _, t in module_tree.named_parameters(module)),
        macs=known if known is not None or uncertain else formula(world, macs),
        line=module.built_at.line if module.built_at else None,
        path=module.built_at.path if module.built_at else None,
        calls=len(found),
        status="failed" if failure is not None else "ok",
        note=sentence(failure.failed) if failure is not None and failure.failed is not None else None,
    )


def _failed_operation(failed: facts.NeedFailed) -> LayerRow:
    path, line = _place(failed.site)
    return LayerRow(
        name=failed.op.rpartition(".")[2],
        class_name=failed.op,
        depth=1,
        input=(),
        output=(),
        params=None,
        trainable=False,
        macs=None,
        line=line,
        path=path,
        status="failed",
        note=sentence(failed),
    )


def _idle_row(world: World, module: Module, name: str) -> LayerRow:
    return LayerRow(
        name=name,
        class_name=module.cls.qualname.removeprefix("__main__."),
        depth=name.count(".") + 1,
        input=(),
        output=(),
        params=_params_of(world, module),
        trainable=all(t.requires_grad is not False for _, t in module_tree.named_parameters(module)),
        macs=None,
        line=module.built_at.line if module.built_at else None,
        path=module.built_at.path if module.built_at else None,
        calls=0,
        status="not-called",
    )


def _shapes(world: World, values: tuple[Any, ...]) -> list[tuple[int | str, ...] | None]:
    found: list[tuple[int | str, ...] | None] = []
    for value in values:
        try:
            found += [printed(world, t) for t in tensors(value)]
        except NotKnown:
            found.append(None)
    return found


def _inputs(world: World, record: CallRecord) -> list[TensorType]:
    found: list[TensorType] = []
    for value in (*record.inputs, *record.keywords.values()):
        try:
            found += [tensor_type(world, t) for t in tensors(value)]
        except NotKnown:
            found.append(TensorType(None, None))
    return found


def _outputs(
    world: World, record: CallRecord, unknown: list[UnknownItem], why: str | None
) -> tuple[TensorType, ...] | None:
    if not record.done:
        unknown.append(UnknownItem("output", why or "the call did not come to its end", *_place(record.site)))
        return None
    if record.failed is not None:
        why = f"the call fails: {sentence(record.failed)}"
        unknown.append(UnknownItem("output", why, *_place(record.failed.site)))
        return None
    try:
        found = tensors(record.output)
    except NotKnown as problem:
        cause = problem.cause
        unknown.append(
            UnknownItem("output", problem.why, *_place(cause.site if isinstance(cause, Unknown) else None))
        )
        return None
    if any(not t.known or nameless(world, t) for t in found):
        unknown.append(UnknownItem("output", "the shape of an output is not known", *_place(record.site)))
        return None
    return tuple(tensor_type(world, t) for t in found)


def _has_sizes_of_its_own(world: World, module: Module, record: CallRecord) -> bool:
    """Whether an output has sizes that neither the inputs nor the network have: those of something in between that was unknown, and
    that layers behind it have given a shape."""
    try:
        given = tensors(_given(record))
        put_out = tensors(record.output)
    except NotKnown:
        return False
    held = [t for _, t in module_tree.named_parameters(module)]
    held += [t for _, t in module_tree.named_buffers(module)]
    return not _symbols(world, put_out) <= _symbols(world, [*given, *held])


def _given(record: CallRecord) -> tuple[Any, ...]:
    return (*record.inputs, *record.keywords.values())


def _spelled(outputs: Sequence[TensorType]) -> str:
    return ", ".join(f"[{', '.join(map(str, t.shape))}]" for t in outputs if t.shape is not None)


def _symbols(world: World, found: list[Tensor]) -> frozenset[Symbol]:
    """What the shapes of tensors are written in, but for what has a number."""
    sizes = [world.resolve(size) for t in found if t.known for size in t.shape]
    return frozenset(
        symbol
        for size in sizes
        if isinstance(size, Sym) and dims.witness(size) is None
        for symbol in size.symbols
    )


# ---- memory


def memory(world: World, module: Module, record: CallRecord | None, below: Sequence[CallRecord]) -> Memory:
    """Bytes of the inputs, of parameters and buffers, and of what the innermost layers put out."""
    stored = [t for _, t in module_tree.named_parameters(module)] + [
        t for _, t in module_tree.named_buffers(module)
    ]
    exact = not any(True for _ in module_tree.gaps(module))
    params = _bytes(world, stored) if exact else None
    if record is None:
        return Memory(None, params, None)
    try:
        given = _bytes(world, tensors(tuple(record.inputs) + tuple(record.keywords.values())))
        parents = {id(r.parent) for r in below if r.parent is not None}
        put_out = [t for r in below if id(r) not in parents for t in tensors(r.output)]
        return Memory(given, params, _bytes(world, put_out) if record.failed is None else None)
    except NotKnown:
        return Memory(None, params, None)


def _bytes(world: World, found: list[Tensor]) -> int | None:
    total = 0
    for tensor in found:
        elements = number(world, tensor.numel) if tensor.known else None
        if elements is None or tensor.dtype is None:
            return None
        total += elements * itemsize(tensor.dtype)
    return total
