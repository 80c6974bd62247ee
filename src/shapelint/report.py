"""What shapelint says, as plain data: diagnostics and model summaries, with the JSON that users rely on.

Knows nothing of how any of it was found, nor of how it is shown. Lines and columns count from 1, columns in code points.
A size is an int or the text of a symbolic size; a number that is not known is None.
"""

from __future__ import annotations

from typing import Any, Literal

from shapelint.records import dataclass, field

Severity = Literal["error", "warning", "info"]
Verdict = Literal["confirmed", "refuted", "not-run"]
Size = int | str
Shape = tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step of how a number came to be: a place and what was so there (`x: [B, 32, 56, 56]`)."""

    path: str
    line: int
    column: int
    text: str

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "line": self.line, "column": self.column, "text": self.text}


@dataclass(frozen=True, slots=True)
class Edit:
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Fix:
    safe: bool
    edits: tuple[Edit, ...]

    def to_json(self) -> dict[str, Any]:
        return {"safe": self.safe, "edits": [e.to_json() for e in self.edits]}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `message` stands alone; `fits` says what would fit, one remedy an item."""

    code: str
    rule: str
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    trail: tuple[TrailStep, ...] = ()
    fits: tuple[str, ...] = ()
    fix: Fix | None = None
    verdict: Verdict | None = None
    verdict_note: str | None = None  # what confirming it measured, or why it could not

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        return self.path, self.line, self.column, self.code, self.message

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "rule": self.rule,
            "severity": self.severity,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "message": self.message,
            "trail": [t.to_json() for t in self.trail],
            "fits": list(self.fits),
            "fix": self.fix.to_json() if self.fix else None,
            "verdict": self.verdict,
            "verdict_note": self.verdict_note,
        }


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be checked, and why. `internal` marks a bug of shapelint's own."""

    path: str
    message: str
    line: int | None = None
    internal: bool = False

    def to_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {"path": self.path, "message": self.message}
        if self.line is not None:
            row["line"] = self.line
        if self.internal:
            row["internal"] = True
        return row


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """Something in a file that could not be followed to its end: a model, a function, the rest of a program; and why."""

    path: str
    line: int | None
    what: str
    why: str

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "line": self.line, "what": self.what, "why": self.why}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcome of a check over many files. `stale` are the baseline's entries that nothing answers to any more, `notes`
    what did not go as it was asked for."""

    diagnostics: tuple[Diagnostic, ...]
    files: int
    failures: tuple[Failure, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()
    stale: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            "diagnostics": [d.to_json() for d in self.diagnostics],
            "files": self.files,
            "failures": [f.to_json() for f in self.failures],
            "not_analysed": [n.to_json() for n in self.not_analysed],
        }


@dataclass(frozen=True, slots=True)
class TensorType:
    """A tensor's shape and dtype; `shape` is None when not even the rank is known."""

    shape: Shape | None
    dtype: str | None

    def to_json(self) -> dict[str, Any]:
        return {"shape": None if self.shape is None else list(self.shape), "dtype": self.dtype}


@dataclass(frozen=True, slots=True)
class Count:
    """A total that is a number, or a formula in what is not known, or neither."""

    total: int | None
    trainable: int | None
    formula: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"total": self.total, "trainable": self.trainable, "formula": self.formula}


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer of a model, in the order of first call. `status` is "ok", "failed" (`note` says why) or "not-called"."""

    name: str
    class_name: str
    depth: int
    input: tuple[Shape | None, ...]
    output: tuple[Shape | None, ...]
    params: Size | None
    trainable: bool
    macs: Size | None
    line: int | None
    path: str | None
    calls: int = 1
    status: Literal["ok", "failed", "not-called"] = "ok"
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "class": self.class_name,
            "depth": self.depth,
            "input": [None if s is None else list(s) for s in self.input],
            "output": [None if s is None else list(s) for s in self.output],
            "params": self.params,
            "trainable": self.trainable,
            "macs": self.macs,
            "line": self.line,
            "path": self.path,
            "calls": self.calls,
            "status": self.status,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class UnknownItem:
    """Something that could not be followed: what it leaves unknown, why, and where."""

    what: str
    why: str
    path: str | None
    line: int | None

    def to_json(self) -> dict[str, Any]:
        return {"what": self.what, "why": self.why, "path": self.path, "line": self.line}


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: of the inputs, of the parameters and buffers, of what the layers put out."""

    input_bytes: int | None = None
    param_bytes: int | None = None
    activation_bytes: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "input_bytes": self.input_bytes,
            "param_bytes": self.param_bytes,
            "activation_bytes": self.activation_bytes,
        }


@dataclass(frozen=True, slots=True)
class Peak:
    """The most memory that a step takes, replayed: bytes in all and by kind, `formula` with N for the batch, which holds from a
    batch of `formula_from` on.

    `partial` says what could not be followed; the numbers are then no more than an indication. `largest_batch` is the largest that
    fits into `limit_bytes` (0: none does).
    """

    training: bool
    optimizer: str | None
    device: str
    batch: int | None = None
    total_bytes: int | None = None
    parts: dict[str, int] = field(default_factory=dict)
    formula: str | None = None
    formula_from: int | None = None
    limit_bytes: int | None = None
    largest_batch: int | None = None
    partial: tuple[str, ...] = ()

    @property
    def fits(self) -> bool | None:
        """Whether it fits into the limit; None where nobody asked, or it is not known."""
        if self.limit_bytes is None or self.total_bytes is None:
            return None
        return self.total_bytes <= self.limit_bytes

    def to_json(self) -> dict[str, Any]:
        return {
            "training": self.training,
            "optimizer": self.optimizer,
            "device": self.device,
            "batch": self.batch,
            "total_bytes": self.total_bytes,
            "parts": dict(self.parts),
            "formula": self.formula,
            "formula_from": self.formula_from,
            "limit_bytes": self.limit_bytes,
            "fits": self.fits,
            "largest_batch": self.largest_batch,
            "partial": list(self.partial),
        }


InputSource = Literal["call", "option", "config", "annotation", "inferred", "none"]


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """What a network is. `macs` and `flops` are of one forward call; `formula`s are given where numbers cannot be."""

    target: str
    class_name: str
    path: str | None
    line: int | None
    inputs: tuple[TensorType, ...] = ()
    input_source: InputSource = "none"
    input_note: str | None = None  # e.g. "images of 32 to 35 pixels fit"
    outputs: tuple[TensorType, ...] | None = None
    params: Count = Count(None, None)
    buffers: int | None = None
    complete: bool = False
    macs: int | None = None
    flops: int | None = None
    macs_formula: str | None = None
    memory: Memory = Memory()
    layers: tuple[LayerRow, ...] = ()
    unknown: tuple[UnknownItem, ...] = ()
    problems: tuple[Diagnostic, ...] = field(default=())
    peak: Peak | None = None
    given: dict[str, Any] | None = field(
        default=None, compare=False
    )  # the call, as `summary.given` writes it

    def to_json(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "class": self.class_name,
            "path": self.path,
            "line": self.line,
            "inputs": [t.to_json() for t in self.inputs],
            "input_source": self.input_source,
            "input_note": self.input_note,
            "outputs": None if self.outputs is None else [t.to_json() for t in self.outputs],
            "params": self.params.to_json(),
            "buffers": self.buffers,
            "complete": self.complete,
            "macs": self.macs,
            "flops": self.flops,
            "macs_formula": self.macs_formula,
            "memory": self.memory.to_json(),
            "layers": [row.to_json() for row in self.layers],
            "unknown": [u.to_json() for u in self.unknown],
            "problems": [d.to_json() for d in self.problems],
            **({"peak": self.peak.to_json()} if self.peak is not None else {}),
        }
