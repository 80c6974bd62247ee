"""What was summarised beside what was measured: each difference as a sentence. What is not known statically differs from nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shapelint.records import dataclass, field
from shapelint.report import ModelSummary, Shape


@dataclass(frozen=True, slots=True)
class Comparison:
    """One model: `differences`, or `why` it could not be measured. `agreed` names what was compared and is the same."""

    target: str
    differences: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    why: str | None = None
    device: str | None = None
    peak_bytes: int | None = None
    replayed_bytes: int | None = None
    no_gradient: tuple[str, ...] | None = None
    measured: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def to_json(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "differences": list(self.differences),
            "agreed": list(self.agreed),
            "why_not_run": self.why,
            "device": self.device,
            "peak_bytes": self.peak_bytes,
            "replayed_bytes": self.replayed_bytes,
            "no_gradient": None if self.no_gradient is None else list(self.no_gradient),
        }


def compare(model: ModelSummary, measured: Mapping[str, Any]) -> Comparison:
    """Compare a summary with a child's message about the same model."""
    why = measured.get("why")
    device = str(measured.get("device", "")) or None
    if why is not None:
        return Comparison(model.target, why=str(why), device=device)
    differences: list[str] = []
    agreed: list[str] = []
    for what, static, real in _numbers(model, measured):
        if static is None or real is None:
            continue
        (
            agreed.append(what)
            if static == real
            else differences.append(f"{what}: summarised {_text(static)}, measured {_text(real)}")
        )
    shapes = list(_shapes(model, measured))
    differences += [text for _, text in shapes if text]
    same = sum(1 for _, text in shapes if not text)
    if same:
        agreed.append(f"{same:,} output shape{'' if same == 1 else 's'}")
    missing = measured.get("no_gradient")
    return Comparison(
        model.target,
        tuple(differences),
        tuple(agreed),
        None,
        device,
        measured.get("peak_bytes"),
        model.peak.total_bytes if model.peak is not None else None,
        tuple(map(str, missing)) if isinstance(missing, list) else None,
        measured,
    )


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _numbers(model: ModelSummary, measured: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "parameters", model.params.total, measured.get("params")
    yield "trainable parameters", model.params.trainable, measured.get("trainable")
    yield "buffers", model.buffers, measured.get("buffers")
    if _same_inputs(model):
        yield "FLOPs", model.flops, measured.get("flops")


def _same_inputs(model: ModelSummary) -> bool:
    """Whether every size of every input is a number: then what was measured is what was summarised."""
    return all(t.shape is not None and all(isinstance(s, int) for s in t.shape) for t in model.inputs)


def _shapes(model: ModelSummary, measured: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(what, how it differs or "") for the outputs of the model and of each of its layers."""
    real = measured.get("outputs")
    if model.outputs is not None and isinstance(real, list):
        ours: list[tuple[Shape | None, str | None]] = [(t.shape, t.dtype) for t in model.outputs]
        if len(ours) != len(real):
            yield "output", f"output: summarised {len(ours)} tensors, measured {len(real)}"
        else:
            for (shape, dtype), (there, kind) in zip(ours, real, strict=True):
                if shape is not None and dtype is not None:
                    agree = _agree(shape, there) and dtype == kind
                    text = f"output: summarised {_shape(shape)} {dtype}, measured {_shape(there)} {kind}"
                    yield "output", "" if agree else text
    layers = measured.get("layers")
    if not isinstance(layers, dict):
        return
    for row in model.layers:
        there = layers.get(row.name)
        if row.name.startswith("(") or row.status == "failed" or any(s is None for s in row.output):
            continue
        if row.status == "not-called":
            if there and model.complete:
                yield row.name, f"{row.name}: summarised as not called, but it was"
            continue
        if there is None or len(there) != len(row.output):
            if row.output or there:
                yield row.name, f"{row.name}: summarised {_list(row.output)}, measured {_list(there)}"
            continue
        same = all(s is not None and _agree(s, t) for s, t in zip(row.output, there, strict=True))
        yield row.name, "" if same else f"{row.name}: summarised {_list(row.output)}, measured {_list(there)}"


def _agree(static: Shape, real: Any) -> bool:
    """Sizes that are symbols agree with every number."""
    return len(static) == len(real) and all(
        isinstance(a, str) or a == b for a, b in zip(static, real, strict=True)
    )


def _shape(shape: Any) -> str:
    return "[" + ", ".join(map(str, shape)) + "]"


def _list(shapes: Any) -> str:
    return "nothing" if not shapes else ", ".join(map(_shape, shapes))
