"""Which attributes torch's tensors have: all public ones are known by name, whether or not they are modelled."""

from __future__ import annotations

from shapelint.values import Tensor

_ALWAYS = frozenset(
    ("shape", "dtype", "device", "ndim", "data", "requires_grad", "grad", "is_cuda", "grad_fn")
)
# Public names without a model.
_OTHERS = frozenset(
    """
    ccol_indices coalesce col_indices const_data_ptr crow_indices dense_dim dim_order eig grad_dtype hash_tensor
    index indices int_repr is_coalesced is_cpu is_distributed is_ipu is_leaf is_maia is_meta is_mkldnn is_mps
    is_mtia is_nested is_quantized is_set_to is_sparse is_sparse_csr is_vulkan is_xla is_xpu layout lstsq map2_
    module_load mtia name output_nr q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale
    q_zero_point qscheme record_stream reinforce resize_as_sparse_ retains_grad row_indices slice_inverse smm
    solve sparse_dim sparse_mask sparse_resize_ sparse_resize_and_clear_ sspaddmm storage_type symeig to_mkldnn
    to_padded_tensor to_sparse to_sparse_bsc to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr values
    """.split()
)


def has(tensor: Tensor, name: str) -> bool | None:
    """Whether a tensor has an attribute; None where that is not known: private names come and go, and what an entry point is given
    in place of a tensor may be anything."""
    from shapelint.interp.tensors import torch_calls

    if (
        name in _ALWAYS
        or torch_calls.known(f"torch.Tensor.{name}")
        or (tensor.extra and name in tensor.extra)
    ):
        return True
    given = tensor.made is None and tensor.kind == "tensor"
    return None if given or name in _OTHERS or name.startswith("_") else False
