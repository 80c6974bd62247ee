"""Which axes certainly count the samples of a batch: what the layers that took them say."""

from __future__ import annotations

from collections.abc import Iterable

from shapelint import facts
from shapelint.rules.axes.lineage import Lineage
from shapelint.rules.axes.steps import older
from shapelint.rules.base import Context
from shapelint.values import Module, Tensor

_WINDOWS = {
    f"torch.nn.{kind}{n}d": n + 2
    for n in (1, 2, 3)
    for kind in (
        "Conv",
        "ConvTranspose",
        "BatchNorm",
        "MaxPool",
        "AvgPool",
        "AdaptiveAvgPool",
        "AdaptiveMaxPool",
    )
} | {f"torch.nn.functional.conv{n}d": n + 2 for n in (1, 2, 3)}
_SEQUENCES = tuple(
    f"torch.nn.{n}"
    for n in (
        "RNN",
        "LSTM",
        "GRU",
        "MultiheadAttention",
        "TransformerEncoderLayer",
        "TransformerDecoderLayer",
        "TransformerEncoder",
        "TransformerDecoder",
        "Transformer",
    )
)
OPS = (*_WINDOWS, *_SEQUENCES)
SEQUENCE_OPS = _SEQUENCES


def batches(said: Iterable[facts.Fact], context: Context) -> dict[object, str]:
    """The keys of atoms that are batches, each with the reason."""
    held = context.memo.get("batches")
    if isinstance(held, dict):
        return held
    from shapelint.rules.axes.lineage import lineage_of

    lineage = lineage_of(context)
    found: dict[object, str] = {}
    for fact in said:
        if isinstance(fact, facts.ModelCalled):
            for x in (*fact.inputs, *fact.keywords.values()):
                if isinstance(x, Tensor) and x.known and x.shape and "batch:0" in x.marks:
                    _note(found, lineage, x, 0, "it comes from a data loader")
        if not isinstance(fact, facts.Called) or fact.op not in OPS:
            continue
        x = first_input(fact)
        if x is None or x.after_failure:
            continue
        if _WINDOWS.get(fact.op) == x.rank:
            _note(found, lineage, x, 0, f"{fact.op.rsplit('.', 1)[-1]} took it as the batch")
        elif x.rank == 3 and batch_first(fact.layer) is True:
            _note(
                found,
                lineage,
                x,
                0,
                f"{fact.op.rsplit('.', 1)[-1]} with batch_first=True took it as the batch",
            )
    context.memo["batches"] = found
    return found


def _note(found: dict[object, str], lineage: Lineage, x: Tensor, axis: int, why: str) -> None:
    atoms = lineage.axes(x)[axis]
    if len(atoms) == 1 and atoms[0].kind == "named" and atoms[0].parent is None:
        found.setdefault(atoms[0].key, why)


def first_input(fact: facts.Called) -> Tensor | None:
    """The sequence or map that a layer was given."""
    for name in ("input", "query", "tgt", "src"):
        value = fact.arguments.get(name)
        if isinstance(value, Tensor):
            return value if value.known else None
    return None


def batch_first(layer: object) -> bool | None:
    """The layout of a sequence layer; of a stack, that of its first layer."""
    waiting: list[object] = [layer]
    seen: set[int] = set()
    while waiting:
        at = waiting.pop()
        if not isinstance(at, Module) or id(at) in seen:  # a layer may hold itself
            continue
        seen.add(id(at))
        own = at.attrs.get("batch_first")
        if isinstance(own, bool):
            return own
        waiting.extend(reversed(at.attrs.values()))
    return None


def maker_of(tensor: Tensor, ops: tuple[str, ...], lineage: Lineage, axes: int) -> Tensor | None:
    """The output of one of these layers that a tensor is, or was made from step by step with its first axes kept."""
    if not tensor.known or tensor.rank < axes:
        return None
    wanted = lineage.axes(tensor)[:axes]
    for at in older(tensor, 40):
        if at.made is not None and at.made.op in ops and at.known and at.rank >= axes:
            return at if lineage.axes(at)[:axes] == wanted else None
    return None
