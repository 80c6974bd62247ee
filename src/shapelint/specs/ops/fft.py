"""torch.fft, stft and istft."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym, Verdict
from shapelint.specs.arguments import axes_of, dtype_name, several
from shapelint.specs.need import Need
from shapelint.specs.ops.linalg import to_complex
from shapelint.specs.ops.promotion import to_float, to_real
from shapelint.specs.registry import op
from shapelint.values import Tensor
from shapelint.values.torch_types import is_complex

RULE = "call-refused"
_ONE = "input, n=None, dim=-1, norm=None"
_TWO = "input, s=None, dim=(-2, -1), norm=None"
_MANY = "input, s=None, dim=None, norm=None"

# Whether the result is one half of a spectrum, or the input is, and of which dtype the result is.
_HALF_OUT = ("rfft", "ihfft")
_HALF_IN = ("irfft", "hfft")


def _kind(name: str) -> str:
    return name.rsplit(".", 1)[1].rstrip("2n")


def _dtype(need: Need, kind: str, x: Tensor) -> str | None:
    if kind in _HALF_OUT and is_complex(x.dtype):
        need.refuse("wrong-dtype", f"{kind} takes real numbers, the input is {x.dtype}")
    if x.dtype == "bfloat16":
        need.refuse("wrong-dtype", "there is no transform of bfloat16")
    found = to_float(x.dtype, need.recorder.default_dtype)
    return to_real(found) if kind in _HALF_IN else to_complex(found)


def _length(need: Need, size: Dim, asked: Any, kind: str, last: bool) -> Dim:
    """How long a transformed axis is; `last` is the axis of which only one half is kept."""
    n = None if asked is None else need.dim(asked, "the length")
    if last and kind in _HALF_IN:
        out = n if n is not None else 2 * (size - 1)
        _positive(need, out)
        if dims.less(out // 2 + 1, 1).yes or dims.equal(size, 0).yes:
            need.refuse(RULE, "there are no values to transform")
        return out
    length = size if n is None else n
    _positive(need, length)
    return length // 2 + 1 if last and kind in _HALF_OUT else length


def _positive(need: Need, length: Dim) -> None:
    if isinstance(length, Sym) and dims.equal(length, -1) is Verdict.UNKNOWN and dims.less(length, 1).yes:
        need.unknown(f"a length of {length} is the axis's own where it is -1")
    if dims.less(length, 1).yes:
        need.refuse(RULE, f"a transform of {length} values is not defined")


@op("torch.fft.fft, torch.fft.ifft, torch.fft.rfft, torch.fft.irfft, torch.fft.hfft, torch.fft.ihfft", _ONE)
def fft(need: Need, input: Tensor, n: Any, dim: Any, norm: Any) -> Tensor:
    """The axis becomes n long; half of that and one more for rfft and ihfft, twice less two for irfft and hfft."""
    kind = _kind(need.op)
    dtype = _dtype(need, kind, input)
    axis = need.axis(dim, input.rank)
    _named(need, norm)
    if not input.shape:
        need.refuse("wrong-rank", "a number cannot be transformed", "IndexError")
    length = _length(need, need.resolve(input.shape[axis]), n, kind, True)
    return input.with_shape(*input.shape[:axis], length, *input.shape[axis + 1 :], dtype=dtype)


def _named(need: Need, norm: Any) -> None:
    if isinstance(norm, str) and norm not in ("forward", "backward", "ortho"):
        need.refuse(RULE, f"there is no normalisation {norm!r}")


@op(
    "torch.fft.fft2, torch.fft.ifft2, torch.fft.rfft2, torch.fft.irfft2, torch.fft.hfft2, torch.fft.ihfft2",
    _TWO,
)
@op(
    "torch.fft.fftn, torch.fft.ifftn, torch.fft.rfftn, torch.fft.irfftn, torch.fft.hfftn, torch.fft.ihfftn",
    _MANY,
)
def fftn(need: Need, input: Tensor, s: Any, dim: Any, norm: Any) -> Tensor:
    """Several axes are transformed; the last of them is the one that is halved or doubled."""
    kind = _kind(need.op)
    dtype = _dtype(need, kind, input)
    _named(need, norm)
    asked = None if s is None else several(s, "s")
    if dim is not None:
        axes = axes_of(need, dim, input.rank)
        if axes and not input.shape:
            need.refuse("wrong-rank", "a number has no axis", "IndexError")
        if asked is not None and len(asked) != len(axes):
            need.refuse(RULE, f"s has {len(asked)} sizes, dim names {len(axes)} axes")
    elif asked is not None:
        if len(asked) > input.rank:
            need.refuse(RULE, f"s has {len(asked)} sizes, the input has {input.rank} axes")
        axes = tuple(range(input.rank - len(asked), input.rank))
    else:
        axes = tuple(range(input.rank))
    if not axes and kind not in ("fft", "ifft"):
        need.refuse(RULE, "no axis is transformed")
    shape = list(input.shape)
    for i, axis in enumerate(axes):
        if shape:
            wanted = asked[i] if asked and asked[i] != -1 else None
            shape[axis] = _length(need, need.resolve(shape[axis]), wanted, kind, i == len(axes) - 1)
    return input.with_shape(*shape, dtype=dtype)


@op("torch.fft.fftshift, torch.fft.ifftshift", "input, dim=None")
def fftshift(need: Need, input: Tensor, dim: Any) -> Tensor:
    """The values move along the axes."""
    if dim is not None and input.known:
        for d in several(dim, "dim"):
            if not input.shape:
                need.refuse("wrong-rank", "a number has no axis", "IndexError")
            need.axis(d, input.rank)
    return input.like()


@op(
    "torch.fft.fftfreq, torch.fft.rfftfreq",
    "n, d=1.0, *, out=None, dtype=None, device=None, layout=None, requires_grad=False",
)
def fftfreq(need: Need, n: Any, d: Any, dtype: Any, **_: Any) -> Tensor:
    """[n], or the half of it and one more"""
    size = need.dim(n, "n")
    if need.op.endswith("rfftfreq"):
        size = size // 2 + 1
    return need.tensor((size,), dtype_name(dtype, "default"))


@op(
    "torch.stft, torch.Tensor.stft, torch.functional.stft",
    "input, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode='reflect', normalized=False, "
    "onesided=None, return_complex=None, align_to_window=None",
)
def stft(
    need: Need, input: Tensor, n_fft: Any, hop_length: Any, win_length: Any, window: Tensor | None, center: Any,
    pad_mode: Any, normalized: Any, onesided: Any, return_complex: Any, align_to_window: Any = None,
) -> Tensor:  # fmt: skip
    """[*, time] -> [*, n_fft // 2 + 1 (n_fft when two-sided), (time - n_fft) // hop + 1], time padded by n_fft // 2 at both
    ends when centred"""
    shape = need.axes(input, "[B] T")
    size = need.dim(n_fft, "n_fft")
    hop = size // 4 if hop_length is None else need.dim(hop_length, "hop_length")
    width = size if win_length is None else need.dim(win_length, "win_length")
    time = shape[-1]
    complex_input = is_complex(input.dtype) or (window is not None and is_complex(window.dtype))
    if input.dtype is not None and to_float(input.dtype, "") == "":
        need.refuse("wrong-dtype", f"the input must be floating point or complex, it is {input.dtype}")
    if return_complex is None and not complex_input:
        need.refuse(RULE, "return_complex must be given for real inputs")
    if center:
        if pad_mode == "reflect":
            need.at_least(time, size // 2 + 1, RULE, "the length of the signal", "n_fft // 2 + 1")
        time = time + size // 2 * 2
    need.at_least(size, 1, RULE, "n_fft", "1")
    need.at_least(time, size, RULE, "the length of the (padded) signal", "n_fft")
    need.at_least(hop, 1, RULE, "hop_length", "1")
    need.at_least(width, 1, RULE, "win_length", "1")
    need.at_least(size, width, RULE, "n_fft", "win_length")
    if window is not None:
        need.rank(window, 1, what="the window")
        need.equal(window.shape[0], width, RULE, "the length of the window", "win_length")
    if need.failed:
        need.refuse(RULE, "there is no such transform")
    half = not complex_input if onesided is None else bool(onesided)
    if half and complex_input:
        need.refuse(RULE, "a complex signal has no one-sided transform")
    rows = size // 2 + 1 if half else size
    dtype = to_complex(input.dtype)
    result = (*shape[:-1], rows, (time - size) // hop + 1)
    if return_complex is not None and not return_complex:
        return input.with_shape(*result, 2, dtype=to_real(dtype))
    return input.with_shape(*result, dtype=dtype)


_ISTFT = (
    "input, n_fft, hop_length=None, win_length=None, window=None, center=True, normalized=False, onesided=None, "
    "length=None, return_complex=False"
)


@op("torch.istft, torch.Tensor.istft", _ISTFT)
def istft(
    need: Need, input: Tensor, n_fft: Any, hop_length: Any, win_length: Any, window: Tensor | None, center: Any,
    normalized: Any, onesided: Any, length: Any, return_complex: Any,
) -> Tensor:  # fmt: skip
    """[*, n_fft // 2 + 1, frames] -> [*, n_fft + hop * (frames - 1)], less 2 * (n_fft // 2) when centred"""
    *batch, rows, frames = need.axes(input, "[B] F T")
    if input.dtype is not None and not is_complex(input.dtype):
        need.refuse("wrong-dtype", f"the input must be complex, it is {input.dtype}")
    size = need.dim(n_fft, "n_fft")
    hop = size // 4 if hop_length is None else need.dim(hop_length, "hop_length")
    half = not return_complex if onesided is None else bool(onesided)
    need.equal(rows, size // 2 + 1 if half else size, RULE, "the number of frequencies", "what n_fft makes")
    if window is not None:
        need.rank(window, 1, what="the window")
        width = size if win_length is None else need.dim(win_length, "win_length")
        need.equal(window.shape[0], width, RULE, "the length of the window", "win_length")
    time = size + hop * (frames - 1)
    if length is not None:
        time = need.dim(length, "length")
    elif center:
        time = time - size // 2 * 2
    return input.with_shape(*batch, time, dtype=input.dtype if return_complex else to_real(input.dtype))
