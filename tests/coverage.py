"""What of torch is modelled: `python -m tests.coverage` prints the counts and writes docs/coverage.md; `--check` compares.

Counted are public names of torch 2.13 that compute with tensors or shapes. What does not matter here is left out by a
list of reasons below.
"""

from __future__ import annotations

import inspect
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch

from shapelint.interp import imports, library
from shapelint.interp.run import nothing_else
from shapelint.interp.world import World
from shapelint.specs import registry

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"

# Names that have no bearing on a network's shapes, with the reason.
LEFT_OUT = {
    r"Container|NLLLoss2d": "deprecated names",
    r"eig|lstsq|solve|symeig": "names that only say what they were replaced by",
    r"_.*": "private",
    r".*(quantiz|quantize|fake_quant|fbgemm|q_(scale|zero|per)|qscheme|int_repr|qparams).*": "quantised tensors",
    r"scaled_mm|scaled_grouped_mm|grouped_mm": "products of eight-bit numbers and of groups, which want a GPU",
    r"(sparse|to_sparse|coalesce|is_coalesced|values|indices|crow_indices|col_indices|ccol_indices|row_indices|smm|sspaddmm|"
    r"hspmm|dsmm|saddmm|spmm|sparse_.*|to_mkldnn|mkldnn_.*|miopen_.*|cudnn_.*|nested_.*|hsmm|.*sparse.*|"
    r"(crow_|ccol_|col_|row_)?indices_copy|values_copy|dense_dim|to_padded_tensor)": "other layouts and backends",
    r"(storage|untyped_storage|storage_type|set_|data_ptr|const_data_ptr|pin_memory|is_pinned|share_memory_|is_shared|"
    r"record_stream|is_set_to|mtia|to_dlpack|from_file|frombuffer|"
    r"dim_order|names|rename|rename_|refine_names|align_to|align_as|align_tensors|has_names)": "memory and named axes",
    r"(register_.*hook|retain_grad|retains_grad|output_nr|grad_fn|is_leaf|reinforce|backward|module_load|"
    r"requires_grad|grad|grad_dtype|volatile|is_anomaly.*|.*autocast.*)": "autograd and autocast settings",
    r"(fork|wait|import_ir_module.*|parse_(ir|schema|type_comment)|merge_type_from_type_comment|unify_type_list|"
    r"has_torch_function.*|sym_constrain_range.*|slice_inverse|index)": "compilers, tracing and overriding",
    r"(batch_norm_(backward|elemt|gather|stats|update).*|is_distributed)": "statistics of several processes",
}


_left_out: dict[str, set[str]] = {reason: set() for reason in LEFT_OUT.values()}


def matters(name: str) -> bool:
    """Whether a name is counted; what is not is remembered with its reason."""
    for pattern, reason in LEFT_OUT.items():
        if re.fullmatch(pattern, name):
            _left_out[reason].add(name)
            return False
    return True


def layers() -> Iterator[str]:
    for name in dir(torch.nn):
        value = getattr(torch.nn, name)
        if isinstance(value, type) and issubclass(value, torch.nn.Module) and matters(name):
            yield f"torch.nn.{name}"


def functional() -> Iterator[str]:
    for name in dir(torch.nn.functional):
        value = getattr(torch.nn.functional, name)
        public = callable(value) and not isinstance(value, type) and not inspect.ismodule(value)
        if (
            public
            and matters(name)
            and getattr(value, "__module__", "torch") not in ("typing", "torch.overrides")
        ):
            if name not in ("assert_int_or_pair", "handle_torch_function", "boolean_dispatch", "importlib"):
                yield f"torch.nn.functional.{name}"


def functions() -> Iterator[str]:
    for name in dir(torch):
        value = getattr(torch, name)
        if inspect.isbuiltin(value) and matters(name):
            yield f"torch.{name}"


def methods() -> Iterator[str]:
    for name in dir(torch.Tensor):
        if matters(name) and callable(getattr(torch.Tensor, name)):
            yield f"torch.Tensor.{name}"


def is_modelled(world: World, name: str) -> bool:
    """Whether a name has a spec, a model, or a class of its own."""
    return (
        name in registry.ops or name in registry.layers or imports.by_name(world, name) is not library.MISSING
    )


def groups() -> dict[str, tuple[list[str], list[str]]]:
    """For each part of torch: the names that are modelled, and those that are not."""
    registry.load()
    library.load()
    world = World(load=nothing_else)
    found: dict[str, tuple[list[str], list[str]]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for title, names in (
            ("torch.nn classes", layers()),
            ("torch.nn.functional", functional()),
            ("torch functions", functions()),
            ("torch.Tensor methods", methods()),
        ):
            known: list[str] = []
            missing: list[str] = []
            for name in sorted(set(names)):
                (known if is_modelled(world, name) else missing).append(name)
            found[title] = (known, missing)
    return found


def page(found: dict[str, tuple[list[str], list[str]]]) -> str:
    lines = [
        "# What of torch is modelled",
        "",
        f"Written by `python -m tests.coverage` against torch {torch.__version__.partition('+')[0]}. A name that is not modelled",
        "gives an unknown that says so; nothing is guessed.",
        "",
        "| part | modelled | of |",
        "|---|---|---|",
    ]
    lines += [
        f"| {title} | {len(known)} | {len(known) + len(missing)} |"
        for title, (known, missing) in found.items()
    ]
    for title, (_, missing) in found.items():
        if missing:
            short = ", ".join(f"`{n.rpartition('.')[2]}`" for n in missing)
            lines += ["", f"Not modelled of {title}: {short}."]
    lines += ["", "Not counted:", ""]
    for reason, left in _left_out.items():
        short = ", ".join(f"`{n}`" for n in sorted(left)) if reason != "private" else f"{len(left)} names"
        lines.append(f"- {reason}: {short}")
    return "\n".join(lines) + "\n"


def main() -> int:
    found = groups()
    text = page(found)
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text() != text:
            print("docs/coverage.md is out of date: run python -m tests.coverage")
            return 1
        return 0
    PAGE.write_text(text)
    for title, (known, missing) in found.items():
        print(f"{title}: {len(known)} of {len(known) + len(missing)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
