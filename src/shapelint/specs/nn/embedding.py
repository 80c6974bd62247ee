"""Embeddings: each index becomes a row of the weight."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs import layouts
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, Refused, show, show_dim
from shapelint.specs.nn.sizes import is_none, one_of, size
from shapelint.specs.registry import layer, op
from shapelint.specs.view import apply, make
from shapelint.values import Module, Tensor

_RULE = "invalid-constructor-argument"


def check_padding(need: Need, padding_idx: Any, rows: Dim, rule: str) -> Any:
    """`padding_idx` must name a row; a negative one counts from the end."""
    if is_none(padding_idx):
        return None
    index = size(need, padding_idx, "padding_idx")
    ok = need.at_least(dims.maximum(rows - 1, 0), index, rule, "the last row", "padding_idx")
    ok &= need.at_least(index, -rows, rule, "padding_idx", "the number of rows, negative")
    if not ok:
        raise Refused
    return index + rows if isinstance(index, int) and index < 0 else index


@op(
    "torch.nn.functional.embedding",
    "input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
)
def embedding(
    need: Need, input: Tensor, weight: Tensor, padding_idx: Any = None, max_norm: Any = None, **_: Any
) -> Tensor:
    """Any indices -> the same shape and one more axis, of the weight's columns."""
    rows, columns = need.axes(weight, "N C", what="the weight")
    check_padding(need, padding_idx, rows, "call-refused")
    indices(need, input)
    in_range(need, input, rows)
    return layouts.new(input.with_shape(*input.shape, columns, dtype=weight.dtype))


def indices(need: Need, input: Tensor, what: str = "the input of an embedding") -> None:
    if input.dtype is not None and input.dtype not in ("int64", "int32"):
        need.holds(False, "wrong-dtype", f"{what} must be int64 or int32, it is {input.dtype}")


def in_range(
    need: Need, input: Tensor, rows: Dim, one: str = "index", of: str = "rows", ignored: int | None = None
) -> None:
    """Where the indices are known, each must name a row, or be the one that is ignored; a message calls them "index" and "rows"
    unless told."""
    for index in input.data or ():
        if isinstance(index, int) and index != ignored:
            bad = index < 0 or dims.less_equal(rows, index).yes
            message = f"the {one} {index} is not one of the {show_dim(rows)} {of}, which count from 0"
            if not need.holds(not bad, "index-out-of-range", message, "IndexError"):
                return
    if input.data is None and of == "rows":
        _counted(need, input, rows)


# What these give holds the numbers they were given, and no others.
_ARRANGE = frozenset(
    "to long int cpu cuda expand expand_as repeat unsqueeze view reshape clone contiguous".split()
)


def _counted(need: Need, input: Tensor, rows: Dim) -> None:
    """The numbers of `arange(T)`, with T the length of an input, need T rows."""
    at: object = input
    while isinstance(at, Tensor) and at.made is not None:
        name, given = at.made.op.rpartition(".")[2], at.made.given or {}
        if name == "arange" and at.known:
            first, step = given.get("start"), given.get("step", 1)
            one = given.get("end") in (None, "__none__") or first in (None, "__none__", 0)
            if one and step == 1:
                need.at_least(
                    rows, at.shape[0], "index-out-of-range", "the number of rows", "what arange counts"
                )
            return
        at = at.made.parents[0] if name in _ARRANGE and at.made.parents else None


class _Table:
    """num_embeddings rows of embedding_dim values."""

    def build(self: Any, need: Need, _weight: Any, _freeze: Any, dtype: Any) -> None:
        rows, columns = (
            size(need, self.num_embeddings, "num_embeddings"),
            size(need, self.embedding_dim, "embedding_dim"),
        )
        self.padding_idx = check_padding(need, self.padding_idx, rows, _RULE)
        if is_none(_weight) and self.padding_idx is not None:
            need.at_least(rows, 1, _RULE, "num_embeddings", "the number of rows to pad")
        if is_none(_weight):
            need.at_least(rows, 0, _RULE, "num_embeddings", "the smallest size")
            need.at_least(columns, 0, _RULE, "embedding_dim", "the smallest size")
            self.weight = need.parameter((rows, columns), dtype, requires_grad=not _freeze)
            return
        if _weight.rank != 2:
            need.refuse(_RULE, f"the weight must have 2 axes, it is {show(_weight.shape)}", "AssertionError")
        need.equal(_weight.shape[0], rows, _RULE, "the rows of the weight", "num_embeddings")
        need.equal(_weight.shape[1], columns, _RULE, "the columns of the weight", "embedding_dim")
        self.weight = need.parameter(_weight.shape, _weight.dtype, requires_grad=not _freeze)

    def reset_parameters(self: Any, need: Need) -> None:
        return None


_PRIVATE = ("device", "dtype", "_weight", "_freeze")


@layer(
    "torch.nn.Embedding",
    "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, "
    "sparse=False, _weight=None, _freeze=False, device=None, dtype=None",
    not_kept=_PRIVATE,
)
class Embedding(_Table):
    @staticmethod
    def from_pretrained(need: Need, *args: Any, **keywords: Any) -> Any:
        return apply("torch.nn.Embedding.from_pretrained", need, *args, **keywords)

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return embedding(need, input, self.weight, self.padding_idx, self.max_norm)


@op(
    "torch.nn.Embedding.from_pretrained",
    "embeddings, freeze=True, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
)
def embedding_from(
    need: Need,
    embeddings: Tensor,
    freeze: Any,
    padding_idx: Any,
    max_norm: Any,
    norm_type: Any,
    scale_grad_by_freq: Any,
    sparse: Any,
) -> Module:
    """An embedding of the shape of `embeddings`."""
    rows, columns = need.axes(embeddings, "N C", what="the embeddings")
    return make(
        "torch.nn.Embedding",
        need,
        rows,
        columns,
        padding_idx,
        max_norm,
        norm_type,
        scale_grad_by_freq,
        sparse,
        embeddings,
        freeze,
    )


@layer(
    "torch.nn.EmbeddingBag",
    "num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, "
    "_weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None",
    not_kept=_PRIVATE,
)
class EmbeddingBag(_Table):
    @staticmethod
    def from_pretrained(need: Need, *args: Any, **keywords: Any) -> Any:
        return apply("torch.nn.EmbeddingBag.from_pretrained", need, *args, **keywords)

    def forward(
        self: Any,
        need: Need,
        input: Tensor,
        offsets: Tensor | None = None,
        per_sample_weights: Tensor | None = None,
    ) -> Tensor:
        return embedding_bag(
            need, input, self.weight, offsets, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.mode,
            self.sparse, per_sample_weights, self.include_last_offset, self.padding_idx,
        )  # fmt: skip


@op(
    "torch.nn.EmbeddingBag.from_pretrained",
    "embeddings, freeze=True, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, "
    "include_last_offset=False, padding_idx=None",
)
def bag_from(
    need: Need, embeddings: Tensor, freeze: Any, max_norm: Any, norm_type: Any, scale_grad_by_freq: Any, mode: Any,
    sparse: Any, include_last_offset: Any, padding_idx: Any,
) -> Module:  # fmt: skip
    """An embedding bag of the shape of `embeddings`."""
    rows, columns = need.axes(embeddings, "N C", what="the embeddings")
    made = make(
        "torch.nn.EmbeddingBag", need, rows, columns, max_norm, norm_type, scale_grad_by_freq, mode, sparse, embeddings,
        include_last_offset, padding_idx,
    )  # fmt: skip
    made.attrs["weight"].requires_grad = not freeze
    return made


@op(
    "torch.nn.functional.embedding_bag",
    "input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', sparse=False, "
    "per_sample_weights=None, include_last_offset=False, padding_idx=None",
)
def embedding_bag(
    need: Need, input: Tensor, weight: Tensor, offsets: Tensor | None, max_norm: Any, norm_type: Any,
    scale_grad_by_freq: Any, mode: Any, sparse: Any, per_sample_weights: Tensor | None, include_last_offset: Any,
    padding_idx: Any,
) -> Tensor:  # fmt: skip
    """B L indices, or a flat list of them with `offsets` where each bag begins -> B columns."""
    if not _is_certain(per_sample_weights):
        per_sample_weights = None
    if per_sample_weights is not None:
        if per_sample_weights.rank != input.rank:
            need.refuse("wrong-rank", "per_sample_weights must have the shape of the input", "ValueError")
        for a, b in zip(per_sample_weights.shape, input.shape, strict=True):
            need.equal(a, b, "call-refused", "an axis of per_sample_weights", "the input")
    rows, columns = need.axes(weight, "N C", what="the weight")
    rank = need.rank(input, 1, 2)
    if rank == 2:
        if _is_certain(offsets):
            need.refuse("call-refused", "a 2-d input takes no offsets", "ValueError")
        bags = input.shape[0]
    else:
        if offsets is None:
            need.refuse("call-refused", "a 1-d input needs offsets", "ValueError")
        (bags,) = need.axes(offsets, "B", what="offsets")
        indices(need, offsets, "offsets")
        if include_last_offset:
            need.at_least(bags, 1, "call-refused", "the number of offsets", "include_last_offset")
            bags = bags - 1
    _check_mode(need, mode, scale_grad_by_freq, sparse, per_sample_weights)
    indices(need, input)
    in_range(need, input, rows)
    if not is_none(padding_idx):
        check_padding(need, padding_idx, rows, "call-refused")
    same_dtype(need, weight=weight, per_sample_weights=per_sample_weights)
    return input.with_shape(bags, columns, dtype=weight.dtype)


def _is_certain(given: Any) -> bool:
    """Whether an argument that may be None is a tensor: of one that is not known, not even that is."""
    return isinstance(given, Tensor) and given.known


def _check_mode(
    need: Need, mode: Any, scale_grad_by_freq: Any, sparse: Any, per_sample_weights: Tensor | None
) -> None:
    one_of(need, mode, ("sum", "mean", "max"), "mode")
    if mode == "max" and (scale_grad_by_freq or sparse):
        need.refuse("call-refused", "mode='max' takes neither scale_grad_by_freq nor sparse", "ValueError")
    if per_sample_weights is not None and isinstance(mode, str) and mode != "sum":
        need.refuse(
            "call-refused", f"per_sample_weights needs mode='sum', not {mode!r}", "NotImplementedError"
        )
