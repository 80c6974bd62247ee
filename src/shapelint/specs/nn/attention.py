"""Attention: every query looks at every key, and takes a share of each value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.broadcast import broadcast
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, show
from shapelint.specs.nn.sizes import is_none, same_rank
from shapelint.specs.registry import op
from shapelint.values import Tensor
from shapelint.values.torch_types import is_float

_RULE = "attention-size-mismatch"


@op(
    "torch.nn.functional.scaled_dot_product_attention",
    "query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False",
)
def scaled_dot_product_attention(
    need: Need, query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, dropout_p: Any = 0.0,
    is_causal: Any = False, scale: Any = None, enable_gqa: Any = False,
) -> Tensor:  # fmt: skip
    """* L E with * S E and * S Ev -> * L Ev. MACs: L*S*E for the scores and L*S*Ev for the values.

    With `enable_gqa` the heads of key and value are repeated to those of the query.
    """
    *q_batch, length, e = need.axes(query, "* L E", what="the query")
    *k_batch, source, e_key = need.axes(key, "* S E", what="the key")
    *v_batch, s_value, e_value = need.axes(value, "* S E", what="the value")
    same_dtype(need, query=query, key=key, value=value)
    if not isinstance(enable_gqa, bool):
        k_batch = v_batch = q_batch
    elif enable_gqa:
        k_batch = _repeated(need, q_batch, k_batch, "the key")
        v_batch = _repeated(need, q_batch, v_batch, "the value")
    need.equal(e_key, e, _RULE, "the last axis of the key", "the query")
    need.equal(s_value, source, _RULE, "the length of the value", "the key")
    scored = broadcast(need, q_batch, k_batch, rule=_RULE)
    batch = broadcast(need, scored, v_batch, rule=_RULE)
    if attn_mask is not None:
        _check_mask(need, attn_mask, (*scored, length, source))
        if attn_mask.dtype is not None and attn_mask.dtype != "bool" and not is_float(attn_mask.dtype):
            need.holds(
                False, "wrong-dtype", f"attn_mask must be bool or floating point, it is {attn_mask.dtype}"
            )
    if not dims.equal(e_value, 0).yes:  # torch computes nothing where the values are empty
        need.macs(
            dims.product([*scored, length, source, e]) + dims.product([*batch, length, source, e_value])
        )
    return query.with_shape(*batch, length, e_value)


def _repeated(need: Need, q_batch: list[Dim], batch: list[Dim], what: str) -> list[Dim]:
    """The batch axes with the heads (the last of them) repeated to the query's."""
    if not q_batch or not batch:
        need.refuse("wrong-rank", f"enable_gqa needs a head axis in {what} and the query")
    need.divides(batch[-1], q_batch[-1], "heads-do-not-divide", "the query's heads", f"the heads of {what}")
    return [*batch[:-1], q_batch[-1]]


def _check_mask(need: Need, mask: Tensor, scores: Sequence[Dim]) -> None:
    """A mask broadcasts to the scores; it cannot make them larger."""
    if mask.known and mask.rank > len(scores):
        need.refuse(_RULE, f"attn_mask is {show(mask.shape)}, the scores are {show(scores)}")
    if not mask.known:
        return
    for m, n in zip(reversed(mask.shape), reversed(scores), strict=False):
        if dims.equal(m, 1).no:
            need.equal(m, n, _RULE, f"an axis of attn_mask {show(mask.shape)}", f"the scores {show(scores)}")


def mask_kind(need: Need, mask: Tensor | None, what: str) -> None:
    if mask is not None and mask.dtype is not None and mask.dtype != "bool" and not is_float(mask.dtype):
        need.refuse(
            "wrong-dtype", f"{what} must be bool or floating point, it is {mask.dtype}", "AssertionError"
        )


def multi_head(
    need: Need, query: Tensor, key: Tensor, value: Tensor, *, embed_dim: Dim, num_heads: Dim, weights: Sequence[Tensor],
    separate: bool, extra: int, out_weight: Tensor, key_padding_mask: Tensor | None, attn_mask: Tensor | None,
    need_weights: Any, average: Any, is_causal: Any, batch_first: bool = False,
) -> tuple[Tensor, Tensor | None]:  # fmt: skip
    """L [N] E with S [N] E_k and S [N] E_v -> L [N] E and, if wanted, the weights [N] [heads] L S.

    `weights` are those of the projections; `extra` counts what is added to the keys (a bias, a zero).
    """
    rank = same_rank(
        need, {"the query": query, "the key": key, "the value": value}, 2, 3, raised="AssertionError"
    )
    mask_kind(need, key_padding_mask, "key_padding_mask")
    mask_kind(need, attn_mask, "attn_mask")
    length, batch, e = _order(query.shape, batch_first)
    source, k_batch, e_key = _order(key.shape, batch_first)
    s_value, v_batch, e_value = _order(value.shape, batch_first)
    if is_causal is True and attn_mask is None:
        need.refuse("call-refused", "is_causal needs an attn_mask")
    need.equal(e, embed_dim, _RULE, "the last axis of the query", "embed_dim")
    need.equal(s_value, source, _RULE, "the length of the value", "the key")
    need.equal(v_batch, k_batch, _RULE, "the batch of the value", "the key")
    if not separate:
        need.equal(e_value, e_key, _RULE, "the last axis of the value", "the key")
    for x_size, w, what in ((e_key, weights[1], "the key"), (e_value, weights[2], "the value")):
        need.equal(x_size, w.shape[-1], _RULE, f"the last axis of {what}", "the layer")
    need.equal(k_batch, batch, _RULE, "the batch of the key", "the query")
    same_dtype(need, weight=weights[0], query=query, key=key, value=value)
    total = source + extra
    if attn_mask is not None and not (is_causal is True and key_padding_mask is None and not need_weights):
        _check_attn_mask(need, attn_mask, batch, num_heads, length, source, rank)
    if key_padding_mask is not None:
        wanted = (batch, source) if rank == 3 else (source,)
        if key_padding_mask.known and key_padding_mask.rank != len(wanted):
            need.refuse(
                "wrong-rank",
                f"key_padding_mask must be {show(wanted)}, it is {show(key_padding_mask.shape)}",
                "AssertionError",
            )
        if key_padding_mask.known:
            for a, b, what in zip(
                reversed(key_padding_mask.shape), reversed(wanted), ("length", "batch"), strict=False
            ):
                need.equal(a, b, _RULE, f"the {what} of key_padding_mask", "the key")
    projected = length * embed_dim * embed_dim + source * (e_key + e_value) * embed_dim
    attended = 2 * length * total * embed_dim
    need.macs(batch * (projected + attended + length * embed_dim * out_weight.shape[0]))
    out = query.with_shape(*query.shape[:-1], out_weight.shape[0])
    if not need_weights:
        return out, None
    middle = () if average else (num_heads,)
    return out, query.with_shape(*((batch,) if rank == 3 else ()), *middle, length, total)


def _order(shape: Sequence[Dim], batch_first: bool) -> tuple[Dim, Dim, Dim]:
    """(length, batch, features); the batch of an unbatched input is one."""
    if len(shape) == 2:
        return shape[0], 1, shape[1]
    return (shape[1], shape[0], shape[2]) if batch_first else (shape[0], shape[1], shape[2])


def _check_attn_mask(
    need: Need, mask: Tensor, batch: Dim, heads: Dim, length: Dim, source: Dim, rank: int
) -> None:
    if not mask.known:
        return
    if mask.rank not in (2, 3):
        need.refuse(
            "wrong-rank", f"attn_mask must have 2 or 3 axes, it is {show(mask.shape)}", "AssertionError"
        )
    wanted = (length, source) if mask.rank == 2 else (batch * heads, length, source)
    for a, b in zip(mask.shape, wanted, strict=True):
        need.equal(a, b, _RULE, f"an axis of attn_mask {show(mask.shape)}", f"the scores {show(wanted)}")


@op(
    "torch.nn.functional.multi_head_attention_forward",
    "query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn, "
    "dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, need_weights=True, attn_mask=None, "
    "use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, v_proj_weight=None, static_k=None, "
    "static_v=None, average_attn_weights=True, is_causal=False",
)
def multi_head_attention_forward(
    need: Need, query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: Any, num_heads: Any,
    in_proj_weight: Tensor | None, bias_k: Any, add_zero_attn: Any, out_proj_weight: Tensor,
    key_padding_mask: Tensor | None, need_weights: Any, attn_mask: Tensor | None, use_separate_proj_weight: Any,
    q_proj_weight: Tensor | None, k_proj_weight: Tensor | None, v_proj_weight: Tensor | None, static_k: Tensor | None,
    static_v: Tensor | None, average_attn_weights: Any, is_causal: Any, **_: Any,
) -> tuple[Tensor, Tensor | None]:  # fmt: skip
    """torch.nn.MultiheadAttention with its weights given."""
    if static_k is not None or static_v is not None:
        need.unknown("static keys and values are not modelled")
    given = (
        (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else (in_proj_weight,) * 3
    )
    weights = [w for w in given if w is not None]
    if len(weights) != 3:
        need.refuse("call-refused", "a projection weight is missing", "AssertionError")
    e, heads = need.dim(embed_dim_to_check, "embed_dim_to_check"), need.dim(num_heads, "num_heads")
    need.divides(heads, e, "heads-do-not-divide", "embed_dim", "num_heads", "AssertionError")
    extra = int(not is_none(bias_k)) + int(bool(add_zero_attn))
    return multi_head(
        need, query, key, value, embed_dim=e, num_heads=heads, weights=weights, separate=bool(use_separate_proj_weight),
        extra=extra, out_weight=out_proj_weight, key_padding_mask=key_padding_mask, attn_mask=attn_mask,
        need_weights=need_weights, average=average_attn_weights, is_causal=is_causal,
    )  # fmt: skip
