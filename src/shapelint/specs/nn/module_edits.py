"""What is done to a module that exists: weight and spectral norm, pruning, fusing, wrapping for several devices.

A normed weight is split into parameters of its own; the weight itself becomes a tensor that is computed from them.
"""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.specs.need import Need, sequence
from shapelint.specs.nn.sizes import is_none
from shapelint.specs.registry import layer, op
from shapelint.specs.view import clone
from shapelint.values import Either, Module, Tensor, Unknown

_U = "torch.nn.utils."
_LIST = "torch.nn.utils.parametrize.ParametrizationList"
_BATCH_NORMS = tuple(f"torch.nn.BatchNorm{n}d" for n in (1, 2, 3))


def _weight(need: Need, module: Any, name: Any) -> Tensor:
    """The module's parameter of that name."""
    if not isinstance(module, Module) or not isinstance(name, str) or module.incomplete:
        need.unknown("the module is not known")
    found = module.attrs.get(name)
    if isinstance(found, (Unknown, Either)) or (found is None and module.cls.unknown_base is not None):
        need.unknown(f"the parameter {name} is not known")
    if not isinstance(found, Tensor):
        need.refuse("call-refused", f"the module has no parameter {name!r}", "AttributeError")
    return found


def _set(need: Need, module: Module, name: str, value: Any) -> None:
    need.recorder.touch(module.attrs)
    module.attrs[name] = value
    if isinstance(value, Tensor) and value.kind == "buffer":
        need.recorder.touch(module.buffers)
        module.buffers[name] = True


def _computed(need: Need, module: Module, name: str, weight: Tensor) -> None:
    """From now on the weight is a tensor like any other, computed at each call: it has the dtype of its parts."""
    need.recorder.touch(module.attrs)
    del module.attrs[name]
    made = weight.like(None)
    made.requires_grad = True
    module.attrs[name] = made


def _magnitudes(need: Need, weight: Tensor, dim: Any) -> tuple[Dim, ...]:
    """The norms of all but one axis: ones, but for that axis; of everything, when `dim` is None (or -1 in the old form)."""
    if is_none(dim):
        return ()
    axis = need.axis(dim, weight.rank)
    return tuple(n if i == axis else 1 for i, n in enumerate(weight.shape))


@op(f"{_U}weight_norm", "module, name='weight', dim=0")
def weight_norm(need: Need, module: Any, name: Any, dim: Any) -> Any:
    """`weight` -> `weight_g` (a norm for each row) and `weight_v` (of the weight's shape)."""
    weight = _weight(need, module, name)
    _computed(need, module, name, weight)
    whole = is_none(dim) or dim == -1
    _set(
        need,
        module,
        f"{name}_g",
        need.parameter(() if whole else _magnitudes(need, weight, dim), weight.dtype),
    )
    _set(need, module, f"{name}_v", need.parameter(weight.shape, weight.dtype))
    return module


@op(f"{_U}remove_weight_norm", "module, name='weight'")
def remove_weight_norm(need: Need, module: Any, name: Any) -> Any:
    """`weight_g` and `weight_v` -> `weight`."""
    weight = _weight(need, module, name)
    _drop(need, module, f"{name}_g", f"{name}_v")
    need.recorder.touch(module.attrs)
    del module.attrs[name]
    module.attrs[name] = need.parameter(weight.shape, weight.dtype)
    return module


def _drop(need: Need, module: Module, *names: str) -> None:
    for name in names:
        if name not in module.attrs:
            need.refuse("call-refused", f"the module has no {name!r}", "ValueError")
        need.recorder.touch(module.attrs)
        del module.attrs[name]
        if name in module.buffers:
            need.recorder.touch(module.buffers)
            del module.buffers[name]


_TRANSPOSED = tuple(f"torch.nn.ConvTranspose{n}d" for n in (1, 2, 3))


def _spectral_axis(module: Module, dim: Any) -> Any:
    return (1 if module.cls.qualname in _TRANSPOSED else 0) if is_none(dim) else dim


@op(f"{_U}spectral_norm", "module, name='weight', n_power_iterations=1, eps=1e-12, dim=None")
def spectral_norm(need: Need, module: Any, name: Any, dim: Any, **_: Any) -> Any:
    """`weight` -> `weight_orig`, and the buffers `weight_u` and `weight_v` of the power iteration."""
    weight = _weight(need, module, name)
    rows = weight.shape[need.axis(_spectral_axis(module, dim), weight.rank)]
    _computed(need, module, name, weight)
    _set(need, module, f"{name}_orig", need.parameter(weight.shape, weight.dtype))
    _set(need, module, f"{name}_u", need.buffer((rows,), weight.dtype))
    _set(need, module, f"{name}_v", need.buffer((weight.numel // rows,), weight.dtype))
    return module


@op(f"{_U}remove_spectral_norm", "module, name='weight'")
def remove_spectral_norm(need: Need, module: Any, name: Any) -> Any:
    """`weight_orig` -> `weight`."""
    weight = _weight(need, module, name)
    _drop(need, module, f"{name}_orig", f"{name}_u", f"{name}_v")
    need.recorder.touch(module.attrs)
    del module.attrs[name]
    module.attrs[name] = need.parameter(weight.shape, weight.dtype)
    return module


@layer(_LIST, "*args, **kwargs", base="torch.nn.ModuleList", not_kept=("args", "kwargs"))
class ParametrizationList:
    pass


@layer("torch.nn.utils.parametrizations._SpectralNorm", "*args, **kwargs", not_kept=("args", "kwargs"))
class SpectralNorm:
    pass


def _parametrized(need: Need, module: Module, name: str, weight: Tensor) -> Module:
    """The ParametrizationList that keeps the originals of a weight."""
    found = module.attrs.get("parametrizations")
    if not isinstance(found, Module):
        found = _bare(need, "torch.nn.ModuleDict")
        _set(need, module, "parametrizations", found)
    kept = _bare(need, _LIST)
    _set(need, found, name, kept)
    _computed(need, module, name, weight)
    return kept


def _bare(need: Need, name: str) -> Module:
    made = Module(need.recorder.layer_class(name))
    made.initialised = True
    made.attrs["training"] = True
    return made


@op(f"{_U}parametrizations.weight_norm", "module, name='weight', dim=0")
def parametrized_weight_norm(need: Need, module: Any, name: Any, dim: Any) -> Any:
    """`weight` -> `parametrizations.weight.original0` (the norms) and `original1`."""
    weight = _weight(need, module, name)
    kept = _parametrized(need, module, name, weight)
    whole = is_none(dim) or dim == -1
    kept.attrs["original0"] = need.parameter(() if whole else _magnitudes(need, weight, dim), weight.dtype)
    kept.attrs["original1"] = need.parameter(weight.shape, weight.dtype)
    return module


@op(f"{_U}parametrizations.spectral_norm", "module, name='weight', n_power_iterations=1, eps=1e-12, dim=None")
def parametrized_spectral_norm(need: Need, module: Any, name: Any, dim: Any, **_: Any) -> Any:
    """`weight` -> `parametrizations.weight.original`, with the buffers of the power iteration (none for a vector)."""
    weight = _weight(need, module, name)
    rows = weight.shape[need.axis(_spectral_axis(module, dim), weight.rank)]
    kept = _parametrized(need, module, name, weight)
    kept.attrs["original"] = need.parameter(weight.shape, weight.dtype)
    inner = _bare(need, "torch.nn.utils.parametrizations._SpectralNorm")
    if weight.rank > 1:
        _set(need, inner, "_u", need.buffer((rows,), weight.dtype))
        _set(need, inner, "_v", need.buffer((weight.numel // rows,), weight.dtype))
    kept.attrs["0"] = inner
    return module


@op(f"{_U}prune.identity", "module, name")
@op(f"{_U}prune.random_unstructured", "module, name, amount")
@op(f"{_U}prune.l1_unstructured", "module, name, amount, importance_scores=None")
@op(f"{_U}prune.random_structured", "module, name, amount, dim")
@op(f"{_U}prune.ln_structured", "module, name, amount, n, dim, importance_scores=None")
@op(f"{_U}prune.custom_from_mask", "module, name, mask")
def prune(need: Need, module: Any, name: Any, **_: Any) -> Any:
    """`weight` -> the parameter `weight_orig` and the buffer `weight_mask`."""
    weight = _weight(need, module, name)
    if f"{name}_mask" in module.attrs:
        return module
    _computed(need, module, name, weight)
    _set(need, module, f"{name}_orig", need.parameter(weight.shape, weight.dtype))
    _set(need, module, f"{name}_mask", need.buffer(weight.shape, weight.dtype))
    return module


@op(f"{_U}prune.remove", "module, name")
def prune_remove(need: Need, module: Any, name: Any) -> Any:
    """`weight_orig` -> `weight`."""
    weight = _weight(need, module, name)
    _drop(need, module, f"{name}_orig", f"{name}_mask")
    need.recorder.touch(module.attrs)
    del module.attrs[name]
    module.attrs[name] = need.parameter(weight.shape, weight.dtype)
    return module


@op(f"{_U}fuse_conv_bn_eval", "conv, bn, transpose=False")
@op(f"{_U}fuse_linear_bn_eval", "linear, bn")
def fuse(need: Need, bn: Any, conv: Any = None, linear: Any = None, transpose: Any = False) -> Any:
    """A copy of the first layer, which has a bias in any case."""
    first = linear if conv is None else conv
    for module in (first, bn):
        if isinstance(module, Module) and module.attrs.get("training") is True:
            need.refuse("call-refused", "layers can be fused in eval mode only", "AssertionError")
    weight = _weight(need, first, "weight")
    made = clone(first)
    features = made.attrs.get("out_channels", made.attrs.get("out_features"))
    made.attrs["bias"] = need.parameter((features,), weight.dtype)
    return made


@op("torch.nn.SyncBatchNorm.convert_sync_batchnorm", "module, process_group=None")
def convert_sync_batchnorm(need: Need, module: Any, process_group: Any) -> Any:
    """Every BatchNorm inside becomes a SyncBatchNorm with the same parameters."""
    if not isinstance(module, Module):
        need.unknown("the module is not known")
    if module.cls.qualname in _BATCH_NORMS:
        made = Module(need.recorder.layer_class("torch.nn.SyncBatchNorm"))
        made.initialised, made.built_at = True, module.built_at
        made.attrs.update(module.attrs)
        made.buffers.update(module.buffers)
        made.slots_none.update(module.slots_none)
        return made
    for name, value in list(module.attrs.items()):
        if isinstance(value, Module):
            changed = convert_sync_batchnorm(need, value, process_group)
            if changed is not value:
                _set(need, module, name, changed)
    return module


class _Wrapped:
    """Calls the module that it holds."""

    def forward(self: Any, need: Need, *inputs: Any, **kwargs: Any) -> Any:
        return need.invoke(self.module, *inputs, **kwargs)


@layer(
    "torch.nn.DataParallel, torch.nn.parallel.DataParallel",
    "module, device_ids=None, output_device=None, dim=0",
)
class DataParallel(_Wrapped):
    pass


@layer("torch.nn.parallel.DistributedDataParallel", "module, *args, **kwargs", not_kept=("args", "kwargs"))
class DistributedDataParallel(_Wrapped):
    def no_sync(self: Any, need: Need) -> Any:
        """A context manager that changes no shape."""
        need.unknown("a context manager")

    def register_comm_hook(self: Any, need: Need, *args: Any) -> None:
        """How gradients are sent."""


@op(f"{_U}parameters_to_vector", "parameters")
def parameters_to_vector(need: Need, parameters: Any) -> Tensor:
    """All parameters in a row."""
    found = [x for x in sequence(parameters, "the parameters") if isinstance(x, Tensor)]
    total: Dim = 0
    for x in found:
        total = total + x.numel
    return need.tensor((total,), found[0].dtype if found else "default")


@op(
    f"{_U}clip_grad_norm_, {_U}clip_grad_norm",
    "parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None",
)
@op(f"{_U}get_total_norm", "tensors, norm_type=2.0, error_if_nonfinite=False, foreach=None")
def total_norm(need: Need, **_: Any) -> Tensor:
    """One number."""
    return need.tensor(())


@op(f"{_U}clip_grad_value_", "parameters, clip_value, foreach=None")
@op(f"{_U}clip_grads_with_norm_", "parameters, max_norm, total_norm, foreach=None")
@op(f"{_U}vector_to_parameters", "vec, parameters")
def nothing(need: Need, **_: Any) -> None:
    return None
