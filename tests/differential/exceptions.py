"""Where the differential test does not ask, or takes another answer than torch's: each by name, with its reason.

`python -m tests.differential` prints these tables; tests/differential/test_differential.py keeps them short: what is not
needed any more is to be taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.differential.cases import Case
from tests.differential.compare import Layer, Op, T


@dataclass(frozen=True)
class Disagreement:
    """Calls (those that `holds` of) on which a spec disagrees with torch and is right to, because `why`. The case of the seed
    `seen` is one."""

    why: str
    holds: Callable[[Case], bool]
    seen: int


def _packed_of_one_length(case: Case) -> bool:
    """Whether a layer is given a packed sequence of equal lengths."""
    if not isinstance(case, Layer) or not case.inputs or not isinstance(case.inputs[0], Op):
        return False
    given = case.inputs[0].args
    return len(given) == 2 and isinstance(given[1], list) and len(set(given[1])) == 1


def _complex_half(case: Case) -> bool:
    """Whether a number of double complex precision meets tensors of half precision."""
    given = [a for a in getattr(case, "args", ()) if isinstance(a, T)]
    return any(a.dtype.startswith("complex") for a in given) and any(a.dtype == "float16" for a in given)


# Specs that disagree with torch and are right to: name -> which calls, and why.
DISAGREES = {
    "torch.nn.LSTM": Disagreement(
        "for a packed sequence of equal lengths torch does not look at the input's size on the CPU: its oneDNN kernel reads "
        "beside the weights; every other kernel refuses",
        _packed_of_one_length,
        525,
    ),
    "torch.addcdiv": Disagreement(
        "complex numbers of half precision are computed with on a GPU, not on the CPU",
        _complex_half,
        52000014,
    ),
}

# What specs assume of sizes that are not known, where torch decides on the number: a pattern of names -> (how the answer on
# symbols then differs from that on numbers, why it is assumed).
ASSUMES = {
    r"torch\.(Tensor\.)?(unsafe_)?chunk": (
        "on symbols assumes .* divides .*",
        "a size that is not known is taken to come apart evenly: two chunks of n channels are n/2 each",
    ),
    r"einops\.einsum|torch\.(Tensor\.)?(einsum|functional\.einsum|tensordot|inner|__r?matmul__|matmul|linalg\.matmul)": (
        "flops: .*",
        "a size that is not known is taken to be more than 1: torch does not multiply over an axis of size 1",
    ),
    r"torch\.nn\.functional\.scaled_dot_product_attention": (
        "flops: .*",
        "a size that is not known is taken not to be 0: torch computes nothing where the values are empty",
    ),
}

# What a spec may say it does not know although every argument is known: the reason it gives -> why it must.
MAY_NOT_KNOW = {
    "where a tensor lies in memory is not followed": "devices, storages and flags are no shapes",
    "what a tensor contains is not followed": "the answer is a number in the tensor",
    "torch.equal depends on the tensors' contents": "the answer is in the numbers",
    "allclose depends on the tensors' contents": "the answer is in the numbers",
    "torch lets negative sizes pass where there are no values": "such a tensor has no shape to go on with",
}

# Specs without a generator: a pattern of names -> why. A pattern that leaves nothing without one is to be taken out.
NOT_COMPARED = {
    r"torchvision\.ops\..*": "torchvision is installed to be read: its compiled operations do not load beside the CPU build",
    r"einx\..*": "is compared with einx itself, in tests/specs/test_einx.py",
    r"torch\.cuda\..*|torch\.Tensor\.(cuda|ipu|xpu|pin_memory)|.*PackedSequence\.(cuda|pin_memory)": "wants a GPU",
    r"torch\.(random\.manual_seed|manual_seed|seed|init_num_threads|clear_autocast_cache|use_deterministic_algorithms|set_.*)": "sets the process",
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
    r"torch\.nn\.utils\.rnn\.(PackedSequence|unpad_sequence)": "takes what is packed",
    r"torch\.nn\.functional\.multi_head_attention_forward": "nn.MultiheadAttention is compared; this is its inside",
    r"torch\.utils\.checkpoint\..*": "takes a function",
}
