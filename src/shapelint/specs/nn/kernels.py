"""Functions of torch itself that stand behind those of torch.nn.functional: the same laws, other arguments.

A reduction is a number here, a mode too; what the functional layer makes of its options has been made before.
"""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.shapes.reshape import expand
from shapelint.specs.need import Need, sequence, show
from shapelint.specs.nn.batch_norm import normalise
from shapelint.specs.nn.dropout import drop
from shapelint.specs.nn.reductions import pairwise, reduced
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.registry import op
from shapelint.specs.view import apply
from shapelint.values import Record, Tensor

_F = "torch.nn.functional."
_REDUCTIONS = ("none", "mean", "sum")


# ---- losses; without a word on the reduction these give all values, other than those of torch.nn.functional


def _loss(name: str, text: str) -> None:
    @op(f"torch.{name}", text)
    def law(need: Need, reduction: Any, **given: Any) -> Any:
        """torch.nn.functional's loss of that name."""
        number = need.concrete(reduction, "the reduction")
        if number not in (0, 1, 2):
            need.unknown(f"a reduction of {number}")
        return apply(_F + name, need, **given, reduction=_REDUCTIONS[number])


for _name, _text in {
    "cosine_embedding_loss": "input1, input2, target, margin=0.0, reduction=0",
    "ctc_loss": "log_probs, targets, input_lengths, target_lengths, blank=0, reduction=0, zero_infinity=False",
    "hinge_embedding_loss": "input, target, margin=1.0, reduction=0",
    "kl_div": "input, target, reduction=0, *, log_target=False",
    "margin_ranking_loss": "input1, input2, target, margin=0.0, reduction=0",
    "poisson_nll_loss": "input, target, log_input, full, eps, reduction",
    "triplet_margin_loss": "anchor, positive, negative, margin=1.0, p=2.0, eps=1e-06, swap=False, reduction=0",
}.items():
    _loss(_name, _text)


@op("torch.binary_cross_entropy_with_logits", "input, target, weight=None, pos_weight=None, reduction=0")
def binary_cross_entropy_with_logits(
    need: Need,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    pos_weight: Tensor | None,
    reduction: Any,
) -> Tensor:
    """The input broadcasts to the target; torch.nn.functional's does not."""
    number = need.concrete(reduction, "the reduction")
    if number not in (0, 1, 2):
        need.unknown(f"a reduction of {number}")
    if input.known and target.known:
        expand(need, input.shape, target.shape)
    more = [x for x in (weight, pos_weight) if x is not None]
    return reduced(need, pairwise(need, input, target, *more), _REDUCTIONS[number])


# ---- layers' functions with their arguments in another order


@op("torch.embedding", "weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False")
def embedding(need: Need, weight: Tensor, indices: Tensor, **_: Any) -> Any:
    """[*] -> [*, embedding_dim]"""
    return apply(_F + "embedding", need, indices, weight)


@op("torch.embedding_renorm_", "input, indices, max_norm, norm_type", inplace=True)
def embedding_renorm_(need: Need, input: Tensor, indices: Tensor, max_norm: Any, norm_type: Any) -> Tensor:
    """The rows that are looked up, made shorter in place."""
    need.rank(input, 2, what="the weight")
    takes(need, indices, "i", always=True, what="the indices")
    return input.like()


@op(
    "torch.grid_sampler, torch.grid_sampler_2d, torch.grid_sampler_3d",
    "input, grid, interpolation_mode, padding_mode, align_corners",
)
def grid_sampler(need: Need, input: Tensor, grid: Tensor, **_: Any) -> Any:
    """[N, C, *in] read at [N, *out, 2 or 3] -> [N, C, *out]"""
    return apply(_F + "grid_sample", need, input, grid)


@op("torch.affine_grid_generator", "theta, size, align_corners")
def affine_grid_generator(need: Need, theta: Tensor, size: Any, align_corners: Any) -> Any:
    """[N, 2, 3], (N, C, H, W) -> [N, H, W, 2]"""
    return apply(_F + "affine_grid", need, theta, size, align_corners)


@op("torch.constant_pad_nd", "input, pad, value=0")
def constant_pad_nd(need: Need, input: Tensor, pad: Any, value: Any) -> Any:
    """Two numbers an axis, from the last one on."""
    return apply(_F + "pad", need, input, pad, "constant", value)


@op(
    "torch.instance_norm",
    "input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled",
)
def instance_norm(
    need: Need, input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None,
    running_var: Tensor | None, use_input_stats: Any, **_: Any,
) -> Tensor:  # fmt: skip
    """The input's shape; a single value a channel passes here."""
    return normalise(need, input, running_mean, running_var, weight, bias, use_input_stats, instances=True)


@op(
    "torch.convolution",
    "input, weight, bias, stride, padding, dilation, transposed, output_padding, groups",
)
def convolution(
    need: Need, input: Tensor, weight: Tensor, bias: Any, stride: Any, padding: Any, dilation: Any, transposed: Any,
    output_padding: Any, groups: Any,
) -> Any:  # fmt: skip
    """Any convolution, by the number of the weight's axes."""
    count = need.rank(weight, 3, 4, 5, what="the weight") - 2
    if not isinstance(transposed, bool):
        need.unknown("whether the convolution is transposed is not known")
    if transposed:
        name, more = f"{_F}conv_transpose{count}d", (output_padding, groups, dilation)
    else:
        name, more = f"{_F}conv{count}d", (dilation, groups)  # type: ignore[assignment]
    return apply(name, need, input, weight, bias, stride, padding, *more)


# ---- dropout


@op("torch.dropout_, torch.alpha_dropout_", "input, p, train", inplace=True)
def dropout_(need: Need, input: Tensor, p: Any, train: Any) -> Tensor:
    """In place."""
    return drop(need, input, p, train)


@op("torch.feature_dropout_, torch.feature_alpha_dropout_", "input, p, train", inplace=True)
def feature_dropout_(need: Need, input: Tensor, p: Any, train: Any) -> Tensor:
    """Whole channels, in place."""
    return drop(need, input, p, train, least=2)


@op("torch.native_dropout", "input, p, train")
def native_dropout(need: Need, input: Tensor, p: Any, train: Any) -> tuple[Tensor, Tensor]:
    """The input's shape, and which values were kept."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        need.unknown("torch looks at p on some devices only")
    takes(need, input, "fc")
    empty = dims.equal(input.numel, 0)
    return input.like(), input.like(None if empty.unknown else input.dtype if empty.yes else "bool")


# ---- norms with what they keep for the way back


@op("torch.native_layer_norm", "input, normalized_shape, weight, bias, eps")
def native_layer_norm(
    need: Need, input: Tensor, normalized_shape: Any, weight: Any, bias: Any, eps: Any
) -> Any:
    """The input's shape; mean and deviation with axes of size 1 where the norm goes."""
    result = apply("torch.layer_norm", need, input, normalized_shape, weight, bias, eps)
    over = len(sequence(normalized_shape))
    kept = (*input.shape[: input.rank - over], *(1,) * over)
    return result, input.with_shape(*kept), input.with_shape(*kept)


@op("torch.norm_except_dim", "v, pow=2, dim=0")
def norm_except_dim(need: Need, v: Tensor, pow: Any, dim: Any) -> Tensor:
    """The length over all axes but one; the others stay with size 1. dim=-1 takes the length of everything."""
    takes(need, v, "f", what="the input")
    if dim == -1:
        return v.with_shape()
    if not v.shape:
        need.refuse("wrong-rank", "there is no axis to keep", "IndexError")
    axis = need.axis(dim, v.rank)
    return v.with_shape(*(s if i == axis else 1 for i, s in enumerate(v.shape)))


@op("torch.frobenius_norm", "input, dim, keepdim=False")
def frobenius_norm(need: Need, input: Tensor, dim: Any, keepdim: Any) -> Any:
    """The length along one axis or two."""
    return apply("torch.linalg.norm", need, input, None, dim, keepdim)


@op("torch.nuclear_norm", "input, dim=(-2, -1), keepdim=False")
def nuclear_norm(need: Need, input: Tensor, dim: Any, keepdim: Any) -> Any:
    """The sum of the singular values of matrices."""
    return apply("torch.linalg.matrix_norm", need, input, "nuc", dim, keepdim)


# ---- counts


@op("torch.histogramdd", "input, bins, range=None, weight=None, density=False")
def histogramdd(need: Need, input: Tensor, bins: Any, range: Any, weight: Tensor | None, density: Any) -> Any:
    """[*, D] -> counts of D axes, one size for each; and the edges, one more of each."""
    *_, count = need.axes(input, "N * D")
    axes = need.concrete(count, "the number of coordinates")
    takes(need, input, "f", always=True)
    if isinstance(bins, Tensor) or any(isinstance(b, Tensor) for b in getattr(bins, "items", ())):
        need.unknown("bins that are tensors are not modelled")
    sizes = (bins,) * axes if isinstance(bins, int) else need.dims(bins, "bins")
    if len(sizes) != axes:
        need.refuse("call-refused", f"{len(sizes)} bins were given for {axes} coordinates")
    for size in sizes:
        need.at_least(size, 1, "call-refused", "a number of bins", "the smallest number")
    if weight is not None and weight.known and input.known:
        expected = input.shape[:-1]
        if len(expected) != weight.rank or any(
            dims.equal(a, b).no for a, b in zip(weight.shape, expected, strict=True)
        ):
            need.refuse("call-refused", f"the weight is {show(weight.shape)}, it must be {show(expected)}")
    edges = tuple(input.with_shape(size + 1) for size in sizes)
    return Record((input.with_shape(*sizes), edges), ("hist", "bin_edges"), "histogramdd")
