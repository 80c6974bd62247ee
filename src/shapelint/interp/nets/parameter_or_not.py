"""Whether a tensor is surely none of the parameters it comes from.

What has nothing to do gives the tensor itself, and so does one side of a condition: what was made of a parameter may then be the
parameter.
"""

from __future__ import annotations

from shapelint.interp.tensors.autograd import short
from shapelint.values import Tensor

# Operations and layers that give the very tensor where there is nothing to do (compared with torch).
_MAY_BE_ITSELF = frozenset(
    (
        "to type type_as cuda cpu xpu ipu bfloat16 bool byte cdouble cfloat chalf char double float half int long short "
        "contiguous as_tensor asarray to_dense flatten atleast_1d atleast_2d atleast_3d broadcast_tensors cartesian_prod "
        "sum_to_size positive real conj conj_physical resolve_conj resolve_neg dropout dropout1d dropout2d dropout3d "
        "alpha_dropout feature_dropout feature_alpha_dropout Identity Flatten Sequential Dropout Dropout1d Dropout2d "
        "Dropout3d AlphaDropout FeatureAlphaDropout"
    ).split()
)
_MOST = 100  # tensors that are looked at: a program may convert one again and again


def surely_plain(x: Tensor) -> bool:
    """Whether it is a tensor of its own, no parameter."""
    seen: set[int] = set()  # sides of conditions meet again: there are more ways than tensors
    stack = [x]
    while stack:
        at = stack.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        if at.is_parameter or len(seen) > _MOST:
            return False
        made = at.made
        if made is None:
            continue
        sources = [parent for parent in made.parents if isinstance(parent, Tensor)]
        if made.op == "either":
            stack += sources
        elif sources and short(made.op) in _MAY_BE_ITSELF and not _differs(at, sources[0]):
            stack.append(sources[0])
    return True


def _differs(x: Tensor, source: Tensor) -> bool:
    """Whether an operation certainly had something to do."""
    if x.known and source.known and x.rank != source.rank:
        return True
    return source.dtype is not None and x.dtype is not None and source.dtype != x.dtype
