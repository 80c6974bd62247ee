"""Every spec is asked what torch is asked: same shapes, dtypes, parameters and FLOPs, raises or not, over random arguments."""

from __future__ import annotations

import re
import warnings
from functools import cache

import pytest

from shapelint.specs import registry
from tests.differential.__main__ import load, run
from tests.differential.cases import generators

CASES = 10  # for every spec, from seed 0; `python -m tests.differential --cases 100000 --seed 7` asks more

# Specs that disagree with torch and are right to: name -> why. A name that agrees is to be taken out.
DISAGREES: dict[str, str] = {}

# What a spec may say it does not know although every argument is known.
MAY_NOT_KNOW = (
    "where a tensor lies in memory is not followed",
    "what a tensor contains is not followed",
    "torch.equal depends on the tensors' contents",
    "allclose depends on the tensors' contents",
    "torch lets negative sizes pass where there are no values",
)

# Specs without a generator: a pattern of names -> why. A pattern that leaves nothing without one is to be taken out.
NOT_COMPARED = {
    r"torchvision\.ops\..*": "torchvision is installed to be read: its compiled operations do not load beside the CPU build",
    r"torch\.cuda\..*|torch\.Tensor\.(cuda|ipu|xpu|pin_memory)": "wants a GPU",
    r"torch\.(manual_seed|seed|init_num_threads|clear_autocast_cache|use_deterministic_algorithms|set_.*)": "sets the process",
    r"torch\.(get_default_dtype|sym_(int|float|max|min)|backends\..*)": "has no tensor in it; tests/interp asks it",
    r"torch\.Tensor\.(backward|register_.*hook|retain_grad|data_ptr|storage|untyped_storage|is_shared)": "gives no tensor",
    r"torch\.Tensor\.(apply_|map_|as_subclass|set_)": "takes a function, a class or a memory",
    r"torch\.Tensor\.(__array__|numpy)|torch\.from_numpy": "goes to numpy or comes from it",
    r"(torch\.Tensor\.|torch\.)(dequantize|to_dense)": "takes quantised or sparse tensors",
    r"torch\.linalg\.ldl_solve": "takes a factorisation that random numbers are not",
    r"torch\.nn\.modules\..*\._\w+|torch\.nn\.RNN(Cell)?Base": "a base class without a forward of its own",
    r"torch\.nn\.(NLLLoss2d|Embedding(Bag)?\.from_pretrained)": "its class is compared under its other name",
    r"torch\.nn\.(parallel\.)?(Distributed)?DataParallel": "wants GPUs or a process group",
    r"torch\.nn\.utils\.(clip_grad.*|parameters_to_vector|vector_to_parameters|fuse_linear_bn_eval)": "takes a model",
    r"torch\.nn\.utils\.(parametriz\w+|prune)\..*|torch\.nn\.utils\.remove_\w+_norm": "changes a model",
    r"torch\.nn\.utils\.rnn\.(PackedSequence|pad_packed_sequence|unpack_sequence|unpad_sequence)": "takes what is packed",
    r"torch\.nn\.functional\.multi_head_attention_forward": "nn.MultiheadAttention is compared; this is its inside",
    r"torch\.utils\.checkpoint\..*": "takes a function",
}

load()
registry.load()


@pytest.mark.parametrize("name", sorted(generators))
def test_the_spec_and_torch_agree(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, about what random arguments do
        _, _, unknown, wrong = run(name, 0, CASES, allowed=MAY_NOT_KNOW)
    if name in DISAGREES:
        assert wrong, f"{name} agrees now: take it out of DISAGREES"
        return
    assert not wrong, "\n".join(wrong[:3])
    assert not unknown, f"{name}: the spec does not know in {unknown} cases of {CASES}, and torch does"


@cache
def without_generator() -> list[str]:
    """Specs that are compared under none of their names."""
    entries = {**registry.ops, **registry.layers}
    return sorted(
        name for name, entry in entries.items() if not any(n in generators for n in (name, *entry.names))
    )


def test_every_spec_is_compared_or_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    missing = without_generator()
    excused = {name for name in missing if any(re.fullmatch(p, name) for p in NOT_COMPARED)}
    with capsys.disabled():
        total = len(registry.ops) + len(registry.layers)
        print(
            f"\n{total} names of specs ({len(registry.layers)} layers): {total - len(missing)} compared with torch "
            f"in {len(generators) * CASES} cases, {len(excused)} excused, {len(missing) - len(excused)} neither"
        )
    assert sorted(set(missing) - excused) == []


@pytest.mark.parametrize("pattern", NOT_COMPARED)
def test_an_excuse_is_still_needed(pattern: str) -> None:
    assert any(re.fullmatch(pattern, name) for name in without_generator())


def test_a_generator_has_a_spec() -> None:
    assert sorted(set(generators) - {*registry.ops, *registry.layers}) == []
