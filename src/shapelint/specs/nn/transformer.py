"""torch.nn's transformers: layers of attention and a feed-forward part, each added to what goes around it."""

from __future__ import annotations

from typing import Any

from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need
from shapelint.specs.nn.attention import mask_kind
from shapelint.specs.nn.sizes import is_none
from shapelint.specs.registry import layer, op
from shapelint.specs.view import apply, clone, make
from shapelint.values import Module, Tensor, Unknown

_RULE = "attention-size-mismatch"


class _Layer:
    """Children and blocks that encoder and decoder layers share. Each block keeps the shape."""

    norms = 2

    def build(
        self: Any, need: Need, d_model: Any, nhead: Any, dim_feedforward: Any, dropout: Any, activation: Any,
        layer_norm_eps: Any, batch_first: Any, norm_first: Any, bias: Any, dtype: Any,
    ) -> None:  # fmt: skip
        def attention() -> Module:
            return make(
                "torch.nn.MultiheadAttention",
                need,
                d_model,
                nhead,
                dropout=dropout,
                bias=bias,
                batch_first=batch_first,
                dtype=dtype,
            )

        self.self_attn = attention()
        if self.norms == 3:
            self.multihead_attn = attention()
        self.linear1 = make("torch.nn.Linear", need, d_model, dim_feedforward, bias, dtype=dtype)
        self.dropout = make("torch.nn.Dropout", need, dropout)
        self.linear2 = make("torch.nn.Linear", need, dim_feedforward, d_model, bias, dtype=dtype)
        self.norm_first = norm_first
        for i in range(1, self.norms + 1):
            setattr(
                self,
                f"norm{i}",
                make("torch.nn.LayerNorm", need, d_model, layer_norm_eps, bias=bias, dtype=dtype),
            )
        for i in range(1, self.norms + 1):
            setattr(self, f"dropout{i}", make("torch.nn.Dropout", need, dropout))
        if isinstance(activation, str) and activation not in ("relu", "gelu"):
            message = f"activation must be 'relu', 'gelu' or a function, it is {activation!r}"
            need.refuse("invalid-constructor-argument", message)
        self.activation = activation

    def _sa_block(
        self: Any, need: Need, x: Tensor, attn_mask: Any, key_padding_mask: Any, is_causal: Any = False
    ) -> Tensor:
        attend(need, self.self_attn, x, x, attn_mask, key_padding_mask, is_causal)
        return need.invoke(self.dropout1, x.like())  # type: ignore[no-any-return]

    def _mha_block(
        self: Any,
        need: Need,
        x: Tensor,
        mem: Tensor,
        attn_mask: Any,
        key_padding_mask: Any,
        is_causal: Any = False,
    ) -> Tensor:
        attend(need, self.multihead_attn, x, mem, attn_mask, key_padding_mask, is_causal)
        return need.invoke(self.dropout2, x.like())  # type: ignore[no-any-return]

    def _ff_block(self: Any, need: Need, x: Tensor) -> Tensor:
        hidden = need.invoke(self.linear1, x)
        if isinstance(self.activation, str):
            hidden = apply(f"torch.nn.functional.{self.activation}", need, hidden)
        elif isinstance(hidden, Tensor):
            found = (
                hidden.like()
                if isinstance(self.activation, Unknown)
                else need.invoke(self.activation, hidden)
            )
            hidden = found if isinstance(found, Tensor) else hidden.like()
        out = need.invoke(self.linear2, need.invoke(self.dropout, hidden))
        return need.invoke(getattr(self, f"dropout{self.norms}"), out)  # type: ignore[no-any-return]


def attend(need: Need, attention: Any, x: Any, other: Any, mask: Any, padding: Any, is_causal: Any) -> None:
    need.invoke(
        attention,
        x,
        other,
        other,
        attn_mask=mask,
        key_padding_mask=padding,
        need_weights=False,
        is_causal=is_causal,
    )


def alike(need: Need, a: Tensor, b: Tensor) -> None:
    """Both are batched, or neither is: the rank of one tells that of the other."""
    for x, other in ((a, b), (b, a)):
        if other.known and not x.known:
            need.rank(x, other.rank)


_LAYER = (
    "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-05, batch_first=False, "
    "norm_first=False, bias=True, device=None, dtype=None"
)


def _names(signature: str) -> tuple[str, ...]:
    return tuple(part.split("=")[0].strip() for part in signature.split(","))


_ALL = _names(_LAYER)


@layer("torch.nn.TransformerEncoderLayer", _LAYER, not_kept=_ALL)
class TransformerEncoderLayer(_Layer):
    def forward(
        self: Any, need: Need, src: Tensor, src_mask: Tensor | None = None, src_key_padding_mask: Tensor | None = None,
        is_causal: Any = False,
    ) -> Tensor:  # fmt: skip
        mask_kind(need, src_key_padding_mask, "src_key_padding_mask")
        mask_kind(need, src_mask, "src_mask")
        x = src
        if self.norm_first:
            self._sa_block(need, need.invoke(self.norm1, x), src_mask, src_key_padding_mask, is_causal)
            self._ff_block(need, need.invoke(self.norm2, x.like()))
            return x.like()
        self._sa_block(need, x, src_mask, src_key_padding_mask, is_causal)
        x = need.invoke(self.norm1, x.like())
        self._ff_block(need, x)
        return need.invoke(self.norm2, x.like())  # type: ignore[no-any-return]


@layer("torch.nn.TransformerDecoderLayer", _LAYER, not_kept=_ALL)
class TransformerDecoderLayer(_Layer):
    norms = 3

    def forward(
        self: Any, need: Need, tgt: Tensor, memory: Tensor, tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None, tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None, tgt_is_causal: Any = False, memory_is_causal: Any = False,
    ) -> Tensor:  # fmt: skip
        alike(need, tgt, memory)
        x = tgt
        first = self.norm_first
        self._sa_block(
            need, need.invoke(self.norm1, x) if first else x, tgt_mask, tgt_key_padding_mask, tgt_is_causal
        )
        x = x.like() if first else need.invoke(self.norm1, x.like())
        inner = need.invoke(self.norm2, x) if first else x
        self._mha_block(need, inner, memory, memory_mask, memory_key_padding_mask, memory_is_causal)
        x = x.like() if first else need.invoke(self.norm2, x.like())
        self._ff_block(need, need.invoke(self.norm3, x) if first else x)
        return x.like() if first else need.invoke(self.norm3, x.like())


def stack(need: Need, child: Any, num_layers: Any) -> Module:
    """A ModuleList of deep copies."""
    if isinstance(child, Unknown):
        need.unknown(child.why)
    made = Module(need.recorder.layer_class("torch.nn.ModuleList"))
    made.initialised = True
    made.attrs["training"] = True
    for i in range(need.few(num_layers, "num_layers")):
        made.attrs[str(i)] = clone(child)
    return made


def run(need: Need, self: Any, x: Any, *args: Any, **keywords: Any) -> Any:
    """Through all layers of the stack, and the norm at the end."""
    modules = [m for name, m in self.layers.attrs.items() if name.isdigit()]
    if not modules:
        need.refuse("call-refused", "there are no layers to run", "IndexError")
    for module in modules:
        x = need.invoke(module, x, *args, **keywords)
    return x if is_none(self.norm) else need.invoke(self.norm, x)


def _hint(given: Any) -> Any:
    """`is_causal=None` asks torch to look at the mask, which changes no shape."""
    return bool(given) if isinstance(given, (bool, int)) else False


@layer(
    "torch.nn.TransformerEncoder", "encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True",
    not_kept=("encoder_layer", "num_layers", "norm"),
)  # fmt: skip
class TransformerEncoder:
    def build(self: Any, need: Need, encoder_layer: Any, num_layers: Any, norm: Any) -> None:
        self.layers = stack(need, encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self: Any, need: Need, src: Tensor, mask: Tensor | None = None, src_key_padding_mask: Tensor | None = None,
        is_causal: Any = None,
    ) -> Any:  # fmt: skip
        mask_kind(need, src_key_padding_mask, "src_key_padding_mask")
        mask_kind(need, mask, "mask")
        return run(
            need,
            self,
            src,
            src_mask=mask,
            is_causal=_hint(is_causal),
            src_key_padding_mask=src_key_padding_mask,
        )


@layer(
    "torch.nn.TransformerDecoder",
    "decoder_layer, num_layers, norm=None",
    not_kept=("decoder_layer", "num_layers", "norm"),
)
class TransformerDecoder:
    def build(self: Any, need: Need, decoder_layer: Any, num_layers: Any, norm: Any) -> None:
        self.layers = stack(need, decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self: Any, need: Need, tgt: Tensor, memory: Tensor, tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None, tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None, tgt_is_causal: Any = None, memory_is_causal: Any = False,
    ) -> Any:  # fmt: skip
        alike(need, tgt, memory)
        return run(
            need, self, tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask, memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=_hint(tgt_is_causal), memory_is_causal=memory_is_causal,
        )  # fmt: skip


@op("torch.nn.Transformer.generate_square_subsequent_mask", "sz, device=None, dtype=None")
def generate_square_subsequent_mask(need: Need, sz: Any, device: Any = None, dtype: Any = None) -> Tensor:
    """sz sz: minus infinity above the diagonal."""
    n = need.dim(sz, "sz")
    return need.tensor((n, n), dtype_name(dtype, "default"))


_WHOLE = (
    "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, "
    "activation='relu', custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, batch_first=False, "
    "norm_first=False, bias=True, device=None, dtype=None"
)


@layer(
    "torch.nn.Transformer", _WHOLE,
    not_kept=tuple(n for n in _names(_WHOLE) if n not in ("d_model", "nhead", "batch_first")),
)  # fmt: skip
class Transformer:
    def build(
        self: Any, need: Need, num_encoder_layers: Any, num_decoder_layers: Any, dim_feedforward: Any, dropout: Any,
        activation: Any, custom_encoder: Any, custom_decoder: Any, layer_norm_eps: Any, norm_first: Any, bias: Any,
        dtype: Any,
    ) -> None:  # fmt: skip
        def half(kind: str, count: Any) -> Module:
            inner = make(
                f"torch.nn.Transformer{kind}Layer", need, self.d_model, self.nhead, dim_feedforward, dropout, activation,
                layer_norm_eps, self.batch_first, norm_first, bias, dtype=dtype,
            )  # fmt: skip
            norm = make("torch.nn.LayerNorm", need, self.d_model, layer_norm_eps, bias=bias, dtype=dtype)
            return make(f"torch.nn.Transformer{kind}", need, inner, count, norm)

        self.encoder = half("Encoder", num_encoder_layers) if is_none(custom_encoder) else custom_encoder
        self.decoder = half("Decoder", num_decoder_layers) if is_none(custom_decoder) else custom_decoder

    def forward(
        self: Any, need: Need, src: Tensor, tgt: Tensor, src_mask: Tensor | None = None, tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None, src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None, memory_key_padding_mask: Tensor | None = None,
        src_is_causal: Any = None, tgt_is_causal: Any = None, memory_is_causal: Any = False,
    ) -> Any:  # fmt: skip
        alike(need, src, tgt)
        for x in (src, tgt):
            need.equal(
                need.axes(x, "* E")[-1], need.dim(self.d_model), _RULE, "the last axis of an input", "d_model"
            )
        if need.rank(src, 2, 3) == 3 and need.rank(tgt, 2, 3) == 3:
            axis = 0 if self.batch_first else 1
            need.equal(tgt.shape[axis], src.shape[axis], _RULE, "the batch of tgt", "src")
        memory = need.invoke(
            self.encoder,
            src,
            mask=src_mask,
            src_key_padding_mask=src_key_padding_mask,
            is_causal=src_is_causal,
        )
        return need.invoke(
            self.decoder, tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask, memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal, memory_is_causal=memory_is_causal,
        )  # fmt: skip

    @staticmethod
    def generate_square_subsequent_mask(need: Need, sz: Any, device: Any = None, dtype: Any = None) -> Tensor:
        return generate_square_subsequent_mask(need, sz, device, dtype)
