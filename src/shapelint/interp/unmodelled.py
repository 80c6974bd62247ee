"""Attributes that objects and torch's modules have and that are not modelled: asking for one gives something that is not known."""

from __future__ import annotations

from functools import cache

from shapelint.values import Class

OF_EVERY_OBJECT = frozenset(
    "__delattr__ __dir__ __eq__ __format__ __ge__ __getstate__ __gt__ __hash__ __init_subclass__ __le__ __lt__ __ne__ "
    "__reduce__ __reduce_ex__ __repr__ __sizeof__ __str__ __subclasshook__ __weakref__".split()
)
_OF_MODULES = frozenset(
    "T_destination __annotations__ __getattr__ __getattribute__ __new__ __setstate__ __weakref__ _backward_hooks "
    "_backward_pre_hooks _compiled_call_impl _forward_hooks_always_called _forward_hooks_with_kwargs "
    "_forward_pre_hooks_with_kwargs _get_backward_hooks _get_backward_pre_hooks _is_full_backward_hook "
    "_load_state_dict_post_hooks _non_persistent_buffers_set _state_dict_pre_hooks _version".split()
)
# Of some of torch's layers; which of them has which is not worth keeping apart but for names that networks have, too.
_OF_LAYERS = frozenset(
    "__class_getitem__ __constants__ __deprecated__ __iadd__ __imul__ __ior__ __jit_unused_properties__ __mul__ __or__ "
    "__orig_bases__ __parameters__ __reversed__ __rmul__ __ror__ __slots__ _all_weights _apply_instance_norm "
    "_check_input_dim _check_non_zero_input_channels _conv_forward _fill_padding_idx_with_zero _flat_weight_refs "
    "_flat_weights _get_abs_string_index _get_in_channels _get_item_by_idx _get_no_batch_dim _get_num_spatial_dims "
    "_handle_no_batch_input _infer_parameters _init_flat_weights _initialize_hook _is_protocol _key_to_attr _keys "
    "_lazy_load_hook _load_hook _output_padding _reset_parameters _reversed_padding_repeated_twice _size "
    "_update_flat_weights _weights_have_changed activation_relu_or_gelu all_weights check_forward_args check_hidden_size "
    "cls_to_become convert_sync_batchnorm get_expected_cell_size get_expected_hidden_size has_uninitialized_params "
    "initialize_parameters merge_masks permute_hidden".split()
)
_BY_LAYER = {
    "DataParallel": frozenset("gather parallel_apply replicate scatter".split()),
    "ModuleDict": frozenset(("clear",)),
    "ParameterDict": frozenset("clear copy fromkeys popitem setdefault".split()),
    "Bilinear": frozenset(("reset_parameters",)),
    "PReLU": frozenset(("reset_parameters",)),
    "Upsample": frozenset(("name",)),
    "UpsamplingNearest2d": frozenset(("name",)),
    "UpsamplingBilinear2d": frozenset(("name",)),
}


def is_there(cls: Class, name: str) -> bool:
    """Whether the instances of a class have an attribute that is not modelled."""
    if name in OF_EVERY_OBJECT:
        return True
    if cls.kind == "exception" and has(BaseException, name):
        return True
    if not cls.is_module:
        return any(a.node is None and _python_has(a.qualname, name) for a in cls.mro)
    if name in _OF_MODULES:
        return True
    layers = [
        a.name for a in cls.mro if a.qualname.startswith("torch.nn.") and a.qualname != "torch.nn.Module"
    ]
    return bool(layers) and (name in _OF_LAYERS or any(name in _BY_LAYER.get(layer, ()) for layer in layers))


def has(kind: type, name: str) -> bool:
    """Whether instances of a Python type have an attribute (those that only the type itself has do not count)."""
    return any(name in ancestor.__dict__ for ancestor in kind.__mro__)


def _python_has(qualname: str, name: str) -> bool:
    """Whether instances of a class of Python's library have an attribute, in the Python that is running."""
    kind = _library().get(qualname)
    return kind is not None and has(kind, name)


@cache
def _library() -> dict[str, type]:
    import io  # asked for what is rarely asked for: no start waits for it
    import pathlib
    import re
    import types
    from functools import partial

    return {
        "dict_keys": type({}.keys()), "dict_values": type({}.values()), "dict_items": type({}.items()),
        "functools.partial": partial, "pathlib.Path": pathlib.Path, "io.TextIOWrapper": io.TextIOWrapper,
        "re.Match": re.Match, "re.Pattern": re.Pattern,
        "types.SimpleNamespace": types.SimpleNamespace,
    }  # fmt: skip
