"""Switches and seeds: they return nothing that a shape depends on. And torch's symbolic helpers for plain numbers."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.specs.need import Need
from shapelint.specs.registry import op
from shapelint.values import DType, Undetermined, Unknown

_QUIET = (
    "seed set_rng_state set_printoptions set_num_threads set_num_interop_threads set_flush_denormal "
    "set_float32_matmul_precision set_deterministic_debug_mode set_warn_always set_anomaly_enabled "
    "use_deterministic_algorithms set_default_device set_autocast_enabled set_autocast_cache_enabled "
    "clear_autocast_cache init_num_threads"
)


@op("torch.manual_seed, torch.random.manual_seed", "seed")
def manual_seed(need: Need, seed: Any) -> Unknown:
    """The generator of the CPU."""
    return Unknown("a generator of random numbers", plain=True)


@op(", ".join(f"torch.{n}" for n in _QUIET.split()), "*args, **keywords")
@op(
    "torch.cuda.manual_seed, torch.cuda.manual_seed_all, torch.cuda.empty_cache",
    "*args, **keywords",
)
@op("torch.cuda.synchronize, torch.backends.cudnn.flags", "*args, **keywords")
def quiet(need: Need, args: Any, keywords: Any) -> None:
    """Nothing that matters here."""


@op("torch.get_default_dtype", "")
def get_default_dtype(need: Need) -> DType:
    """What new float tensors are made of."""
    return DType(need.recorder.default_dtype)


@op("torch.sym_max", "a, b")
def sym_max(need: Need, a: Any, b: Any) -> Any:
    """max of two numbers."""
    return _extreme(a, b, greatest=True)


@op("torch.sym_min", "a, b")
def sym_min(need: Need, a: Any, b: Any) -> Any:
    """min of two numbers."""
    return _extreme(a, b, greatest=False)


def _extreme(a: Any, b: Any, *, greatest: bool) -> Any:
    if isinstance(a, (int, Sym)) and isinstance(b, (int, Sym)):
        return dims.maximum(a, b) if greatest else dims.minimum(a, b)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return max(a, b) if greatest else min(a, b)
    raise Undetermined("a number that is not known")


@op("torch.sym_int", "a")
def sym_int(need: Need, a: Any) -> Any:
    """int() of a number."""
    if isinstance(a, Sym):
        return a
    if isinstance(a, (int, float)):
        return int(a)
    raise Undetermined("a number that is not known")


@op("torch.sym_float", "a")
def sym_float(need: Need, a: Any) -> Any:
    """float() of a number."""
    if isinstance(a, (int, float)):
        return float(a)
    raise Undetermined("a number that is not known")
