"""Vectors along an axis: similarity and distance layers, Bilinear, normalize, one_hot."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, is_sequence, sequence, show
from shapelint.specs.nn.sizes import given, optional, size
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.registry import layer, op
from shapelint.specs.view import apply
from shapelint.values import Tensor

_RULE = "linear-size-mismatch"


@layer("torch.nn.CosineSimilarity", "dim=1, eps=1e-08")
class CosineSimilarity:
    def forward(self: Any, need: Need, x1: Tensor, x2: Tensor) -> Any:
        return apply("torch.nn.functional.cosine_similarity", need, x1, x2, self.dim, self.eps)


@layer("torch.nn.PairwiseDistance", "p=2.0, eps=1e-06, keepdim=False", not_kept=("p",))
class PairwiseDistance:
    def build(self: Any, need: Need, p: Any) -> None:
        self.norm = p

    def forward(self: Any, need: Need, x1: Tensor, x2: Tensor) -> Any:
        return apply("torch.nn.functional.pairwise_distance", need, x1, x2, self.norm, self.eps, self.keepdim)


@op("torch.nn.functional.bilinear, torch.bilinear", "input1, input2, weight, bias=None")
def bilinear(
    need: Need, input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None
) -> Tensor:
    """* in1 and * in2 -> * out, with a weight of out in1 in2."""
    out, in1, in2 = need.axes(weight, "O A B", what="the weight")
    for x, other in ((input1, input2), (input2, input1)):
        if other.known and not x.known:
            need.rank(x, other.rank)
    *batch, a = need.axes(input1, "* A", what="the first input")
    *rest, b = need.axes(input2, "* B", what="the second input")
    if len(batch) != len(rest):
        need.refuse("wrong-rank", f"the inputs are {show(input1.shape)} and {show(input2.shape)}")
    for m, n in zip(batch, rest, strict=True):
        need.equal(n, m, _RULE, "an axis of the second input", "the first")
    need.equal(a, in1, _RULE, "the last axis of the first input", "in1_features")
    need.equal(b, in2, _RULE, "the last axis of the second input", "in2_features")
    if bias is not None:
        (length,) = need.axes(bias, "O", what="the bias")
        need.equal(length, out, _RULE, "the length of the bias", "out_features")
    same_dtype(need, weight=weight, input1=input1, input2=input2)
    return input1.with_shape(*batch, out)


@layer("torch.nn.Bilinear", "in1_features, in2_features, out_features, bias=True, device=None, dtype=None")
class Bilinear:
    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        invalid = "invalid-constructor-argument"
        sizes = [
            size(need, getattr(self, name), name) for name in ("out_features", "in1_features", "in2_features")
        ]
        need.at_least(sizes[1], 1, invalid, "in1_features", "the smallest size")
        for n in sizes:
            need.at_least(n, 0, invalid, "a number of features", "the smallest size")
        self.weight = need.parameter(sizes, dtype)
        self.bias = optional(need, bias, sizes[:1], dtype)

    def forward(self: Any, need: Need, input1: Tensor, input2: Tensor) -> Tensor:
        return bilinear(need, input1, input2, self.weight, given(self.bias))


@op("torch.nn.functional.normalize", "input, p=2.0, dim=1, eps=1e-12, out=None")
def normalize(
    need: Need, input: Tensor, p: Any = 2.0, dim: Any = 1, eps: Any = 1e-12, out: Any = None
) -> Tensor:
    """The shape of the input, divided by its norm along `dim`."""
    if input.known:
        for d in sequence(dim) if is_sequence(dim) else (dim,):
            need.axis(d, input.rank)
    takes(need, input, "fc", always=True)
    return input.like()


@op("torch.nn.functional.one_hot", "tensor, num_classes=-1")
def one_hot(need: Need, tensor: Tensor, num_classes: Any = -1) -> Tensor:
    """Any shape of class numbers -> the same and one more axis, of the classes (as many as occur, unless told)."""
    if tensor.dtype is not None:
        need.holds(
            tensor.dtype == "int64",
            "wrong-dtype",
            f"the class numbers must be int64, they are {tensor.dtype}",
        )
    classes = size(need, num_classes, "num_classes")
    if dims.equal(classes, -1).yes:
        if tensor.known and dims.equal(tensor.numel, 0).yes:
            need.refuse("call-refused", "num_classes is needed for an empty tensor")
        found = [n for n in tensor.data or () if isinstance(n, int)]
        classes = max(found) + 1 if found else need.fresh("classes", low=1)
    else:
        need.at_least(classes, 1, "call-refused", "num_classes", "the smallest number")
        for n in tensor.data or ():
            if isinstance(n, int):
                message = f"the class {n} is not one of {classes}"
                need.holds(dims.less(n, classes) if n >= 0 else False, "index-out-of-range", message)
    return tensor.with_shape(*tensor.shape, classes, dtype="int64")
