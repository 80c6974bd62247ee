"""Cases for attention and transformers: on the meta device, where products are counted, and on the CPU."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_nn_norm import near
from tests.differential.compare import Layer, Op, T


@cases("torch.nn.functional.scaled_dot_product_attention")
def scaled_dot_product(rng: Rng) -> Case:
    on_cpu = rng.often(0.3)
    low = 0 if rng.often(0.05) else 1
    batch = rng.shape(rng.randint(0, 3), low, 3)
    length, source, e, v = rng.shape(4, low, 4)
    named: dict[str, Any] = {}
    right = 0.97 if low else 1.0  # with an empty axis torch looks at less
    k_batch = v_batch = tuple(near(rng, n, right) if rng.often(0.95) or not low else 1 for n in batch)
    q_batch = batch
    if len(batch) > 0 and low and rng.often(0.3):
        named["enable_gqa"] = True
        q_batch = (*batch[:-1], batch[-1] * rng.randint(1, 3))
    if rng.often(0.05):
        k_batch = k_batch[1:]
    if rng.often(0.05):
        v_batch = v_batch[1:]
    v = e if rng.often(0.6) else v
    q = T((*q_batch, length, e))
    k = T((*k_batch, source, near(rng, e, right)), "float64" if rng.often(0.03) and low else "float32")
    x = T((*v_batch, source if on_cpu else near(rng, source, right), v))
    if rng.often(0.4) and not named and low:
        on_cpu = True
        scores = (*batch, length, source)
        scores = tuple(near(rng, n, 0.97) if rng.often(0.8) else 1 for n in scores)
        named["attn_mask"] = T(
            scores[rng.randint(0, len(scores) - 2) :], rng.choice(["bool", "float32", "bool", "int64"])
        )
    elif rng.often(0.3):
        named["is_causal"] = True
    return Op(rng.name, (q, k, x), named, device="cpu" if on_cpu else "meta", flops=not on_cpu)


def shaped(rng: Rng, batch_first: bool, batched: bool, length: int, batch: int, features: int) -> T:
    if not batched:
        return T((length, near(rng, features, 0.97)))
    n = near(rng, batch, 0.97)
    return T(
        (n, length, near(rng, features, 0.97)) if batch_first else (length, n, near(rng, features, 0.97))
    )


def masks(
    rng: Rng, batched: bool, batch: int, heads: int, length: int, source: int, own: str, padding: str
) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if rng.often(0.3):
        shape = (near(rng, length, 0.95), near(rng, source, 0.95))
        if rng.often(0.3):
            shape = (near(rng, batch * heads, 0.95), *shape) if batched else (heads, *shape)
        named[own] = T(
            shape, rng.choice(["bool", "float32", "bool", "float32", "int64" if rng.often(0.2) else "bool"])
        )
    if rng.often(0.3):
        shape = (
            (near(rng, batch, 0.95), near(rng, source, 0.95))
            if batched == rng.often(0.95)
            else (near(rng, source, 0.95),)
        )
        named[padding] = T(shape, rng.choice(["bool", "float32"]))
    return named


@cases("torch.nn.MultiheadAttention")
def multihead(rng: Rng) -> Case:
    heads = rng.randint(0 if rng.often(0.03) else 1, 3)
    e = heads * rng.randint(1, 3) + rng.often(0.03)
    named: dict[str, Any] = {}
    for name in ("bias", "add_bias_kv", "add_zero_attn", "batch_first"):
        if rng.often(0.4):
            named[name] = rng.often(0.5)
    kdim = vdim = e
    if rng.often(0.3):
        kdim = named["kdim"] = rng.randint(1, 5)
        vdim = named["vdim"] = rng.randint(1, 5)
    batched = rng.often(0.75)
    first = bool(named.get("batch_first"))
    length, source, batch = rng.shape(3, 1, 4)
    q = shaped(rng, first, batched, length, batch, e)
    k = shaped(rng, first, batched, source, batch, kdim)
    v = shaped(rng, first, batched, near(rng, source, 0.97), batch, vdim)
    if rng.often(0.7):
        v = T(k.shape) if "kdim" not in named else T((*k.shape[:-1], vdim))
    if rng.often(0.03):
        k = T(k.shape[1:])
    called = masks(rng, batched, batch, heads, length, source, "attn_mask", "key_padding_mask")
    for name in ("need_weights", "average_attn_weights", "is_causal"):
        if rng.often(0.3):
            called[name] = rng.often(0.5)
    return Layer(rng.name, (e, heads), named, (q, k, v), called, training=rng.often(0.5))


def options(rng: Rng) -> dict[str, Any]:
    named: dict[str, Any] = {"dim_feedforward": rng.randint(1, 6), "dropout": 0.0}
    for name in ("batch_first", "norm_first", "bias"):
        if rng.often(0.5):
            named[name] = rng.often(0.5)
    if rng.often(0.3):
        named["activation"] = rng.choice(["relu", "gelu", "gelu", "tanh"])
    return named


def model(rng: Rng) -> tuple[int, int]:
    heads = rng.randint(1, 3)
    return heads * rng.randint(1, 2) + rng.often(0.03), heads


@cases("torch.nn.TransformerEncoderLayer", "torch.nn.TransformerEncoder")
def encoder(rng: Rng) -> Case:
    d, heads = model(rng)
    named = options(rng)
    batched = rng.often(0.75)
    length, batch = rng.shape(2, 1, 4)
    x = shaped(rng, bool(named.get("batch_first")), batched, length, batch, d)
    own = "src_mask" if rng.name.endswith("Layer") else "mask"
    called = masks(rng, batched, batch, heads, length, length, own, "src_key_padding_mask")
    device = {"device": "cpu", "flops": False} if called else {}
    training = rng.often(0.5)
    if rng.name.endswith("Layer"):
        return Layer(rng.name, (d, heads), named, (x,), called, training=training, **device)
    if named.get("activation") == "tanh" or d % heads:
        named.pop("activation", None)
        d = heads
    inner = Layer("torch.nn.TransformerEncoderLayer", (d, heads), named)
    norm = Layer("torch.nn.LayerNorm", (d,)) if rng.often(0.5) else None
    return Layer(
        rng.name,
        (inner, rng.randint(0 if rng.often(0.05) else 1, 2), norm),
        {},
        (x,),
        called,
        training=training,
        **device,
    )


@cases("torch.nn.TransformerDecoderLayer", "torch.nn.TransformerDecoder")
def decoder(rng: Rng) -> Case:
    d, heads = model(rng)
    named = options(rng)
    batched = rng.often(0.75)
    length, source, batch = rng.shape(3, 1, 4)
    first = bool(named.get("batch_first"))
    x = shaped(rng, first, batched, length, batch, d)
    memory = shaped(rng, first, batched, source, batch, d)
    called = masks(rng, batched, batch, heads, length, length, "tgt_mask", "tgt_key_padding_mask")
    called.update(masks(rng, batched, batch, heads, length, source, "memory_mask", "memory_key_padding_mask"))
    device = {"device": "cpu", "flops": False} if called else {}
    if rng.name.endswith("Layer"):
        return Layer(rng.name, (d, heads), named, (x, memory), called, **device)
    if named.get("activation") == "tanh" or d % heads:
        named.pop("activation", None)
        d = heads
    inner = Layer("torch.nn.TransformerDecoderLayer", (d, heads), named)
    norm = Layer("torch.nn.LayerNorm", (d,)) if rng.often(0.5) else None
    return Layer(
        rng.name,
        (inner, rng.randint(0 if rng.often(0.05) else 1, 2), norm),
        {},
        (x, memory),
        called,
        **device,
    )


@cases("torch.nn.Transformer")
def transformer(rng: Rng) -> Case:
    d, heads = model(rng)
    named = options(rng)
    named.update(num_encoder_layers=rng.randint(1, 2), num_decoder_layers=rng.randint(1, 2))
    batched = rng.often(0.75)
    length, source, batch = rng.shape(3, 1, 4)
    first = bool(named.get("batch_first"))
    x, y = shaped(rng, first, batched, source, batch, d), shaped(rng, first, batched, length, batch, d)
    called = (
        masks(rng, batched, batch, heads, source, source, "src_mask", "src_key_padding_mask")
        if rng.often(0.5)
        else {}
    )
    if rng.often(0.5):
        called.update(masks(rng, batched, batch, heads, length, length, "tgt_mask", "tgt_key_padding_mask"))
    device = {"device": "cpu", "flops": False} if called else {}
    return Layer(rng.name, (d, heads), named, (x, y), called, **device)


@cases("torch.nn.Transformer.generate_square_subsequent_mask")
def subsequent(rng: Rng) -> Case:
    return Op(rng.name, (rng.randint(0, 5),))
