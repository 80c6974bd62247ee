"""The table of docs/memory.md: `python -m tests.memory [--write] [--only WORD] [--results FILE]`, the replay beside torch's MemTracker.

Networks of timm and transformers are in it where those packages can be imported.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapelint.engine import TargetProblem
from shapelint.engine.config import Settings
from shapelint.engine.memory import Request
from shapelint.engine.summarize import summarize
from shapelint.memory.replay import Setting
from tests.memory import models

PAGE = Path(__file__).parents[2] / "docs" / "memory.md"
OPTIMIZERS = ("sgd", "adam")

TIMM = (
    "resnet18 resnet50 resnext50_32x4d seresnet50 mobilenetv2_100 mobilenetv3_large_100 efficientnet_b0 regnety_004 "
    "vit_tiny_patch16_224 deit_tiny_patch16_224 ghostnet_100 edgenext_small convnext_atto densenet121 poolformer_s12 repvgg_a0 "
    "swin_tiny_patch4_window7_224 mixer_s16_224 inception_v3 resnetv2_50"
).split()

TRANSFORMERS = {
    "BertModel(BertConfig(num_hidden_layers=3))": "models.bert.modeling_bert",
    "GPT2Model(GPT2Config(n_layer=3))": "models.gpt2.modeling_gpt2",
    "DistilBertModel(DistilBertConfig(n_layers=3))": "models.distilbert.modeling_distilbert",
    "RobertaModel(RobertaConfig(num_hidden_layers=2))": "models.roberta.modeling_roberta",
    "ElectraModel(ElectraConfig(num_hidden_layers=3))": "models.electra.modeling_electra",
    "LlamaModel(LlamaConfig(num_hidden_layers=2, hidden_size=256, intermediate_size=512, vocab_size=2000))": (
        "models.llama.modeling_llama"
    ),
    "ViTModel(ViTConfig(num_hidden_layers=3))": "models.vit.modeling_vit",
}


@dataclass(frozen=True)
class Row:
    """A network: its name, its target, what builds it, and the shape and dtype of one sample."""

    name: str
    target: str
    build: Callable[[], Any]
    shape: tuple[int, ...]
    dtype: str
    batches: tuple[int, int]


def rows() -> Iterator[Row]:
    own = str(Path(models.__file__))
    for expression, (shape, dtype) in models.MODELS.items():
        yield Row(expression, f"{own}:{expression}", _own(expression), shape, dtype, (4, 32))
    try:
        import timm
    except Exception as problem:
        print(f"timm cannot be imported: {problem}", file=sys.stderr)
    else:
        for name in TIMM:
            size = 299 if name == "inception_v3" else 224
            target = f"timm:create_model({name!r})"
            yield Row(
                name, target, lambda name=name: timm.create_model(name), (3, size, size), "float32", (2, 4)
            )  # type: ignore[misc]
    try:
        import transformers
    except Exception as problem:
        print(f"transformers cannot be imported: {problem}", file=sys.stderr)
    else:
        for expression, place in TRANSFORMERS.items():
            shape, dtype = ((3, 224, 224), "float32") if expression.startswith("ViT") else ((48,), "int64")
            yield Row(
                expression, f"transformers.{place}:{expression}", _evaluated(expression, vars_of(transformers, expression)),
                shape, dtype, (2, 8),
            )  # fmt: skip


def vars_of(package: Any, expression: str) -> dict[str, Any]:
    names = [word for word in expression.replace("(", " ").split() if word[0].isupper()]
    return {name: getattr(package, name) for name in names}


def _own(expression: str) -> Callable[[], Any]:
    return _evaluated(expression, vars(models))


def _evaluated(expression: str, names: dict[str, Any]) -> Callable[[], Any]:
    return lambda: eval(expression, dict(names))


def measured(row: Row) -> Iterator[tuple[str, int, str, int, int | None, str]]:
    """(name, batch, optimizer, what torch counts, what is replayed, why it is partial)."""
    from tests.memory.truth import peak

    for batch in row.batches:
        for optimizer in OPTIMIZERS:
            expected = peak(row.build, {"0": ((batch, *row.shape), row.dtype)}, optimizer)
            text = ",".join(map(str, (batch, *row.shape))) + f":{row.dtype}"
            setting = Setting(True, optimizer, sums_in_place=False)
            try:
                (model,) = summarize(row.target, [text], Settings(), Request(setting))
                found = model.peak
                why = (
                    "; ".join(found.partial) if found is not None else "; ".join(u.why for u in model.unknown)
                )
                total = found.total_bytes if found is not None else None
            except TargetProblem as problem:
                total, why = None, str(problem)
            yield row.name, batch, optimizer, expected, total, why


def page(lines: list[tuple[str, int, str, int, int | None, str]]) -> str:
    errors = [abs(found / expected - 1) for _, _, _, expected, found, _ in lines if found is not None]
    names = {name for name, *_ in lines}
    head = (
        "# Memory, replayed and counted\n\n"
        "What `shapelint summary --training --optimizer … --batch …` says, beside torch's own `MemTracker` under `FakeTensor` on "
        "the CPU: the peak of a second training step (forward, backward from the sum of the outputs, optimizer), in bytes. Under a "
        "dispatch mode, as the tracker is one, torch sums gradients into fresh tensors; the replay is told so here, and otherwise "
        "sums in place as eager torch does. Peaks on a GPU have not been compared: no GPU was at hand.\n\n"
        f"{len(names)} networks, {len(lines)} settings: the median error is {100 * statistics.median(errors):.3f} %, the worst "
        f"{100 * max(errors):.2f} %; {sum(e == 0 for e in errors)} are exact to the byte. `python -m tests.memory --write` makes "
        "this page.\n\n"
        "| network | batch | optimizer | counted | replayed | error | |\n|---|--:|---|--:|--:|--:|---|\n"
    )
    body = "".join(
        f"| {name} | {batch} | {optimizer} | {expected:,} | {'–' if found is None else f'{found:,}'} | "
        f"{'–' if found is None else f'{100 * (found / expected - 1):+.2f} %'} | {'partial' if why else ''} |\n"
        for name, batch, optimizer, expected, found, why in lines
    )
    return head + body


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/memory.md")
    parser.add_argument("--only", help="networks whose name has this word")
    parser.add_argument(
        "--results", type=Path, help="a file that keeps what is measured: what it holds is not measured again"
    )
    given = parser.parse_args()
    kept = (
        given.results.read_text().splitlines() if given.results is not None and given.results.exists() else []
    )
    lines: list[Any] = [tuple(json.loads(line)) for line in kept]
    known = {name for name, *_ in lines}
    for row in rows():
        if row.name in known or (given.only and given.only not in row.name):
            continue
        try:
            found = list(measured(row))
        except Exception as problem:  # torch itself cannot run it: no truth to compare with
            print(f"{row.name}: {type(problem).__name__}: {str(problem)[:200]}", flush=True)
            continue
        lines += found
        if given.results is not None:
            with given.results.open("a") as file:
                file.writelines(json.dumps(line) + "\n" for line in found)
        for name, batch, optimizer, expected, total, why in found:
            error = "–" if total is None else f"{100 * (total / expected - 1):+.2f} %"
            print(
                f"{name:40} {batch:4} {optimizer:5} {expected:15,} {total or 0:15,} {error:>9} {why[:150]}",
                flush=True,
            )
    text = page(lines)
    print(text.split("\n\n")[2])
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
