"""What torch asks of the machine, of files and of other processes: never asked, only named."""

from __future__ import annotations

from typing import Any

from shapelint.interp.library import constant, function
from shapelint.interp.library.outside import fresh, nothing, same
from shapelint.interp.tensors import placement
from shapelint.interp.world import World
from shapelint.values import Builtin, DType, External, Instance, Unknown

constant("torch.__version__", "2.13.0")
constant("torch.version.__version__", "2.13.0")
constant("torch.torch_version.__version__", "2.13.0")
for _name in ("cuda", "hip", "xpu", "git_version"):
    constant(f"torch.version.{_name}", Unknown("the build of torch depends on the machine", plain=True))
constant("torchvision.__version__", "0.28.0")


def _torch(names: str, prefix: str = "torch.") -> list[str]:
    return [prefix + name for name in names.split()]


same(
    *_torch(
        "is_available device_count is_bf16_supported get_device_name get_device_properties get_device_capability",
        "torch.cuda.",
    )
)
same(*_torch("current_device get_arch_list is_initialized default_stream nccl.version", "torch.cuda."))
same(
    *_torch(
        "mps.is_available xpu.is_available xpu.device_count backends.mps.is_available backends.mps.is_built"
    )
)
same(
    *_torch(
        "backends.cudnn.is_available backends.cudnn.version backends.mkl.is_available backends.cuda.is_built"
    )
)
same(
    *_torch(
        "backends.mkldnn.is_available backends.openmp.is_available accelerator.is_available mps.device_count"
    )
)
same(*_torch("accelerator.current_accelerator accelerator.device_count accelerator.current_device_index"))
same(*_torch("get_num_threads get_num_interop_threads cuda.get_rng_state_all get_default_device hub.get_dir"))
same(
    *_torch(
        "is_available is_nccl_available is_mpi_available is_gloo_available is_torchelastic_launched",
        "torch.distributed.",
    )
)
same(*_torch("get_world_size get_rank get_backend get_node_local_rank", "torch.distributed."))
fresh(
    *_torch(
        "memory_allocated max_memory_allocated memory_reserved max_memory_reserved memory_summary",
        "torch.cuda.",
    )
)
fresh(
    *_torch(
        "memory_stats mem_get_info utilization Event Stream current_stream get_rng_state initial_seed",
        "torch.cuda.",
    )
)
fresh(*_torch("CUDAGraph get_device_limit memory_cached max_memory_cached memory_snapshot", "torch.cuda."))
fresh(
    *_torch(
        "utils.checkpoint.get_device_states initial_seed get_rng_state random.initial_seed random.get_rng_state load"
    )
)
fresh(
    *_torch(
        "utils.model_zoo.load_url hub.load_state_dict_from_url hub.download_url_to_file hub.list hub.help"
    )
)
fresh(*_torch("utils.collect_env.get_pretty_env_info distributed.new_group distributed.init_device_mesh"))
fresh(
    "torchvision._internally_replaced_utils.load_state_dict_from_url",
    "torchvision.models.utils.load_state_dict_from_url",
)
nothing(*_torch("cuda.set_device cuda.init cuda.reset_peak_memory_stats cuda.ipc_collect cuda.set_rng_state"))
nothing(
    *_torch(
        "cuda.reset_max_memory_allocated cuda.set_per_process_memory_fraction cuda.seed cuda.seed_all "
        "cuda.set_rng_state_all"
    )
)
nothing(
    *_torch(
        "cuda.nvtx.range_push cuda.nvtx.range_pop cuda.nvtx.mark mps.manual_seed mps.empty_cache mps.synchronize"
    )
)
nothing(*_torch("xpu.empty_cache xpu.manual_seed xpu.synchronize random.set_rng_state hub.set_dir"))
nothing(
    *_torch("multiprocessing.set_start_method multiprocessing.set_sharing_strategy multiprocessing.spawn")
)
nothing(
    *_torch(
        "backends.cuda.enable_flash_sdp backends.cuda.enable_mem_efficient_sdp backends.cuda.enable_math_sdp"
    )
)
nothing(*_torch("backends.cuda.enable_cudnn_sdp autograd.backward cuda.cudart"))
nothing(
    *_torch(
        "init_process_group destroy_process_group barrier broadcast broadcast_object_list",
        "torch.distributed.",
    )
)
nothing(*_torch("all_gather_object monitored_barrier send isend reduce gather scatter", "torch.distributed."))


def _not_initialised(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    return False


function("torch.distributed.is_initialized", "torch.distributed.distributed_c10d.is_initialized")(
    _not_initialised
)


@function(*_torch("all_reduce all_gather all_gather_into_tensor reduce_scatter", "torch.distributed."))
def all_reduce(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Written in place; with async_op there is a handle."""
    return None if not keywords.get("async_op", False) else Unknown("a handle", plain=True)


# ---- the default dtype


@function("torch.set_default_dtype")
def set_default_dtype(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    wanted = args[0] if args else keywords.get("d")
    world.journal.touch_slot(world, "default_dtype")
    world.default_dtype = wanted.name if isinstance(wanted, DType) else None


@function("torch.set_default_tensor_type")
def set_default_tensor_type(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """An old way to say it: a tensor type or its name."""
    wanted = args[0] if args else keywords.get("t")
    name = (
        wanted.name
        if isinstance(wanted, Builtin)
        else wanted.qualname
        if isinstance(wanted, External)
        else wanted
    )
    last = name.rpartition(".")[2] if isinstance(name, str) else ""
    world.journal.touch_slot(world, "default_dtype")
    world.default_dtype = _TENSOR_TYPES.get(last)
    placement.given(world, (name,))


_TENSOR_TYPES = {
    "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16", "BFloat16Tensor": "bfloat16",
}  # fmt: skip


# ---- names


@function("torch.typename")
def typename(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    value = args[0] if args else keywords.get("obj")
    if isinstance(value, Instance):
        return value.cls.qualname
    return Unknown("the name of a type", plain=True)


@function("torch.is_storage")
def is_storage(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    return False


@function("torch.is_deterministic_algorithms_warn_only_enabled", "torch.are_deterministic_algorithms_enabled")
def deterministic(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    return False


# Switches that are read and written: any value will do.
for _name in (
    "backends.cudnn.benchmark backends.cudnn.deterministic backends.cudnn.allow_tf32 backends.cuda.matmul.allow_tf32 "
    "backends.cudnn.enabled"
).split():
    constant(f"torch.{_name}", Unknown("a switch of the machine", plain=True))
