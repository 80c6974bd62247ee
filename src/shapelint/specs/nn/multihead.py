"""torch.nn.MultiheadAttention."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.specs.need import Need, Refused
from shapelint.specs.nn.attention import multi_head
from shapelint.specs.nn.linear import Linear
from shapelint.specs.nn.sizes import is_none, optional, size
from shapelint.specs.registry import layer
from shapelint.specs.view import make
from shapelint.values import Tensor

_OUT = "torch.nn.modules.linear.NonDynamicallyQuantizableLinear"
layer(_OUT, "in_features, out_features, bias=True, device=None, dtype=None", base="torch.nn.Linear")(Linear)


@layer(
    "torch.nn.MultiheadAttention",
    "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None, "
    "batch_first=False, device=None, dtype=None",
    not_kept=("bias", "add_bias_kv", "device", "dtype"),
)
class MultiheadAttention:
    """Projects query, key and value, attends with each head, and projects back."""

    def build(self: Any, need: Need, bias: Any, add_bias_kv: Any, dtype: Any) -> None:
        invalid = "invalid-constructor-argument"
        e, heads = size(need, self.embed_dim, "embed_dim"), size(need, self.num_heads, "num_heads")
        ok = need.at_least(e, 1, invalid, "embed_dim", "the smallest size")
        ok &= need.at_least(heads, 1, invalid, "num_heads", "the smallest number")
        ok = ok and need.divides(heads, e, "heads-do-not-divide", "embed_dim", "num_heads", "AssertionError")
        if not ok:
            raise Refused
        self.kdim = e if is_none(self.kdim) else size(need, self.kdim, "kdim")
        self.vdim = e if is_none(self.vdim) else size(need, self.vdim, "vdim")
        self.head_dim = e // heads
        same = [dims.equal(self.kdim, e), dims.equal(self.vdim, e)]
        if any(v.unknown for v in same) and not any(v.no for v in same):
            need.unknown("whether kdim and vdim equal embed_dim")
        self._qkv_same_embed_dim = all(v.yes for v in same)
        if self._qkv_same_embed_dim:
            self.in_proj_weight = need.parameter((3 * e, e), dtype)
            self.q_proj_weight = self.k_proj_weight = self.v_proj_weight = None
        else:
            self.q_proj_weight = need.parameter((e, e), dtype)
            self.k_proj_weight = need.parameter((e, self.kdim), dtype)
            self.v_proj_weight = need.parameter((e, self.vdim), dtype)
            self.in_proj_weight = None
        self.in_proj_bias = optional(need, bias, (3 * e,), dtype)
        self.out_proj = make(_OUT, need, e, e, bias=bias, dtype=dtype)
        self.bias_k = need.parameter((1, 1, e), dtype) if add_bias_kv else None
        self.bias_v = need.parameter((1, 1, e), dtype) if add_bias_kv else None

    def forward(
        self: Any, need: Need, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | None = None,
        need_weights: Any = True, attn_mask: Tensor | None = None, average_attn_weights: Any = True, is_causal: Any = False,
    ) -> tuple[Tensor, Tensor | None]:  # fmt: skip
        packed = self._qkv_same_embed_dim
        weights = (
            [self.in_proj_weight] * 3
            if packed
            else [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        )
        extra = int(self.bias_k is not None) + int(bool(self.add_zero_attn))
        return multi_head(
            need, query, key, value, embed_dim=need.dim(self.embed_dim), num_heads=need.dim(self.num_heads),
            weights=weights, separate=not packed, extra=extra, out_weight=self.out_proj.attrs["weight"],
            key_padding_mask=key_padding_mask, attn_mask=attn_mask, need_weights=need_weights,
            average=average_attn_weights, is_causal=is_causal, batch_first=bool(self.batch_first),
        )  # fmt: skip
