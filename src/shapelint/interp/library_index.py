"""Which module of the library models which name: words by module, and by what stands before them.

Written by `python -m tests.indexes`, and held against the modules by a test.
"""

from __future__ import annotations

MODULES: dict[str, dict[str, str]] = {
    "abc": {
        "abc": "abstractclassmethod abstractmethod abstractproperty abstractstaticmethod",
    },
    "abstract_collections": {
        "collections.abc": "Mapping MutableMapping MutableSequence Sequence",
        "typing": "Mapping MutableMapping MutableSequence Sequence",
        "typing_extensions": "Mapping MutableMapping MutableSequence Sequence",
    },
    "argparse": {
        "argparse": "ArgumentParser ONE_OR_MORE OPTIONAL REMAINDER SUPPRESS ZERO_OR_MORE",
    },
    "collections": {
        "collections": "ChainMap namedtuple",
    },
    "contextlib": {
        "contextlib": (
            "AbstractContextManager AsyncExitStack ContextDecorator ExitStack aclosing asynccontextmanager closing "
            "contextmanager nullcontext"
        ),
    },
    "contextvars": {
        "contextvars": "ContextVar Token",
        "contextvars.Token": "MISSING",
    },
    "copy": {
        "copy": "copy deepcopy",
    },
    "cv2": {
        "cv2": (
            "COLOR_BGR2BGRA COLOR_BGR2GRAY COLOR_BGR2HLS COLOR_BGR2HSV COLOR_BGR2LAB COLOR_BGR2Lab COLOR_BGR2RGB COLOR_BGR2RGBA "
            "COLOR_BGR2YCR_CB COLOR_BGR2YCrCb COLOR_BGR2YUV COLOR_BGRA2BGR COLOR_BGRA2GRAY COLOR_BGRA2RGB COLOR_BGRA2RGBA "
            "COLOR_GRAY2BGR COLOR_GRAY2BGRA COLOR_GRAY2RGB COLOR_GRAY2RGBA COLOR_HLS2BGR COLOR_HLS2RGB COLOR_HSV2BGR "
            "COLOR_HSV2RGB COLOR_LAB2BGR COLOR_LAB2RGB COLOR_Lab2BGR COLOR_Lab2RGB COLOR_RGB2BGR COLOR_RGB2BGRA COLOR_RGB2GRAY "
            "COLOR_RGB2HLS COLOR_RGB2HSV COLOR_RGB2LAB COLOR_RGB2Lab COLOR_RGB2RGBA COLOR_RGB2YCR_CB COLOR_RGB2YCrCb "
            "COLOR_RGB2YUV COLOR_RGBA2BGR COLOR_RGBA2BGRA COLOR_RGBA2GRAY COLOR_RGBA2RGB COLOR_YCR_CB2BGR COLOR_YCR_CB2RGB "
            "COLOR_YCrCb2BGR COLOR_YCrCb2RGB COLOR_YUV2BGR COLOR_YUV2RGB Canny GaussianBlur IMREAD_COLOR IMREAD_COLOR_BGR "
            "IMREAD_COLOR_RGB IMREAD_GRAYSCALE IMREAD_UNCHANGED INTER_AREA INTER_CUBIC INTER_LANCZOS4 INTER_LINEAR "
            "INTER_NEAREST ROTATE_180 ROTATE_90_CLOCKWISE ROTATE_90_COUNTERCLOCKWISE bilateralFilter blur cvtColor equalizeHist "
            "flip imdecode imread medianBlur resize rotate"
        ),
    },
    "data_collate": {
        "torch.utils.data._utils.collate": "default_collate",
        "torch.utils.data.dataloader": "default_collate",
        "torch.utils.data": "default_collate default_convert",
    },
    "data_loader": {
        "torch.utils.data": "DataLoader get_worker_info",
        "torch.utils.data.dataloader": "DataLoader",
    },
    "data_sets": {
        "torch.utils.data": (
            "BatchSampler ConcatDataset Dataset DistributedSampler IterDataPipe IterableDataset MapDataPipe RandomSampler "
            "Sampler SequentialSampler Subset SubsetRandomSampler TensorDataset WeightedRandomSampler random_split"
        ),
        "torch.utils.data.dataset": "ConcatDataset Dataset IterableDataset Subset TensorDataset random_split",
        "torch.utils.data.distributed": "DistributedSampler",
        "torch.utils.data.sampler": (
            "BatchSampler RandomSampler Sampler SequentialSampler SubsetRandomSampler WeightedRandomSampler"
        ),
    },
    "dataclasses": {
        "dataclasses": "Field InitVar KW_ONLY MISSING asdict astuple dataclass field fields is_dataclass replace",
    },
    "enum": {
        "enum": "auto global_enum member property unique verify",
    },
    "functools": {
        "functools": (
            "cache cached_property cmp_to_key lru_cache partial partialmethod reduce total_ordering update_wrapper wraps"
        ),
    },
    "functools_dispatch": {
        "functools": "singledispatch singledispatchmethod",
    },
    "gymnasium": {
        "gym.envs.registration": "make make_vec",
        "gym": "make make_vec",
        "gymnasium.envs.registration": "make make_vec",
        "gymnasium": "make make_vec",
    },
    "heapq": {
        "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
        "heapq": "heapify heappop heappush heappushpop heapreplace nlargest nsmallest",
    },
    "huggingface_datasets": {
        "datasets.Dataset": "from_csv from_json from_parquet load_from_disk",
        "datasets": "load_dataset load_from_disk",
    },
    "huggingface_hub": {
        "huggingface_hub": (
            "HfApi HfFileSystem InferenceClient auth_check build_hf_headers create_commit create_repo dataset_info file_exists "
            "get_hf_file_metadata get_paths_info get_safetensors_metadata get_session get_token hf_hub_download hf_hub_url "
            "hf_raise_for_status http_backoff list_datasets list_models list_repo_commits list_repo_files list_repo_refs "
            "list_repo_tree login logout model_info notebook_login repo_exists repo_info revision_exists snapshot_download "
            "try_to_load_from_cache upload_file upload_folder whoami"
        ),
        "huggingface_hub._login": "login logout notebook_login",
        "huggingface_hub._snapshot_download": "snapshot_download",
        "huggingface_hub.dataclasses": "as_validated_field strict validated_field",
        "huggingface_hub.file_download": "get_hf_file_metadata hf_hub_download hf_hub_url try_to_load_from_cache",
        "huggingface_hub.hf_api": (
            "HfApi auth_check create_commit create_repo dataset_info file_exists get_paths_info get_safetensors_metadata "
            "list_datasets list_models list_repo_commits list_repo_files list_repo_refs list_repo_tree model_info repo_exists "
            "repo_info revision_exists upload_file upload_folder whoami"
        ),
        "huggingface_hub.hf_file_system": "HfFileSystem",
        "huggingface_hub.inference._client": "InferenceClient",
        "huggingface_hub.utils._auth": "get_token",
        "huggingface_hub.utils._headers": "build_hf_headers",
        "huggingface_hub.utils._http": "get_session hf_raise_for_status http_backoff",
        "huggingface_hub.utils": "build_hf_headers get_session get_token hf_raise_for_status http_backoff",
        "huggingface_hub.utils.dataclasses": "strict",
    },
    "importlib": {
        "importlib": "import_module reload",
        "importlib.metadata": "PackageNotFoundError packages_distributions version",
        "importlib.util": "find_spec",
        "importlib_metadata": "PackageNotFoundError version",
        "pkg_resources": "DistributionNotFound get_distribution",
    },
    "inspect": {
        "inspect": (
            "Parameter Signature _empty cleandoc get_annotations getdoc getmembers getsource isabstract isawaitable isbuiltin "
            "isclass iscoroutinefunction isfunction isgenerator isgeneratorfunction ismethod ismodule isroutine signature "
            "unwrap"
        ),
    },
    "itertools": {
        "itertools": (
            "accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse "
            "groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest"
        ),
    },
    "json": {
        "json": "dump dumps load loads",
        "pickle": "dump load loads",
        "toml": "load",
        "tomllib": "load",
    },
    "lightning": {
        "accelerate": "Accelerator",
        "accelerate.accelerator": "Accelerator",
        "lightning": "LightningDataModule LightningModule",
        "lightning.core": "LightningModule",
        "lightning.pytorch": "LightningDataModule LightningModule",
        "lightning.pytorch.core": "LightningModule",
        "lightning.pytorch.core.datamodule": "LightningDataModule",
        "lightning.pytorch.core.module": "LightningModule",
        "pytorch_lightning": "LightningDataModule LightningModule",
        "pytorch_lightning.core": "LightningModule",
        "pytorch_lightning.core.datamodule": "LightningDataModule",
        "pytorch_lightning.core.lightning": "LightningModule",
        "pytorch_lightning.core.module": "LightningModule",
        "pytorch_lightning.utilities.parsing": "AttributeDict",
    },
    "lightning_trainer": {
        "lightning": "Trainer",
        "lightning.pytorch": "Trainer",
        "lightning.pytorch.trainer.trainer": "Trainer",
        "pytorch_lightning": "Trainer",
        "pytorch_lightning.trainer": "Trainer",
    },
    "logging": {
        "logging": (
            "CRITICAL DEBUG ERROR FATAL FileHandler Filter Formatter Handler INFO Logger LoggerAdapter NOTSET NullHandler "
            "RootLogger StreamHandler WARN WARNING addLevelName basicConfig captureWarnings critical debug disable error "
            "exception getLogger getLoggerClass info log setLoggerClass shutdown warn warning"
        ),
        "logging.config": "dictConfig fileConfig",
        "logging.handlers": "RotatingFileHandler TimedRotatingFileHandler",
    },
    "math": {
        "math": (
            "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2 expm1 "
            "fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp lgamma log "
            "log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt tan tanh tau trunc ulp"
        ),
    },
    "model_tools": {
        "fvcore.nn": "ActivationCountAnalysis FlopCountAnalysis flop_count",
        "ptflops": "get_model_complexity_info profile",
        "thop": "profile",
        "torch.export": "export",
        "torch.jit": "trace",
        "torch.onnx": "export",
        "torch_summary": "summary",
        "torchinfo": "summary",
        "torchsummary": "summary",
        "torchsummaryX": "summary",
    },
    "numpy_arrays": {
        "numpy": "ndarray",
    },
    "numpy_create": {
        "numpy": (
            "Inf NaN arange array asarray atleast_1d bool_ byte complex128 complex64 double dtype e empty empty_like "
            "euler_gamma eye float16 float32 float64 frombuffer fromfile fromstring full full_like genfromtxt geomspace half "
            "identity inf int16 int32 int64 int8 int_ intc intp linspace load loadtxt logspace long longlong memmap meshgrid "
            "nan newaxis ones ones_like pi save savetxt savez set_printoptions seterr short single ubyte uint uint16 uint32 "
            "uint64 uint8 zeros zeros_like"
        ),
        "numpy.random": (
            "Generator RandomState beta binomial choice default_rng exponential gumbel laplace normal poisson rand randint "
            "randn random random_sample ranf rayleigh seed set_state shuffle standard_normal standard_t uniform"
        ),
    },
    "numpy_operators": {
        "numpy": "add divide floor_divide mod multiply power remainder subtract true_divide",
    },
    "numpy_rounding": {
        "numpy": "ceil floor rint trunc",
    },
    "numpy_shapes": {
        "numpy": (
            "abs absolute all amax amin any append arccos arcsin arctan argmax argmin argsort around array_split "
            "ascontiguousarray cbrt clip column_stack concat concatenate conj cos cosh cumsum deg2rad degrees dot dstack exp "
            "exp2 expand_dims expm1 fabs flatten flip fliplr flipud hstack isfinite isinf isnan log log10 log1p log2 "
            "logical_not matmul max mean median min moveaxis nan_to_num nanmean nanmedian nanstd ndim negative pad positive "
            "prod rad2deg radians ravel repeat reshape roll round row_stack shape sign sin sinh size sort split sqrt square "
            "squeeze stack std sum swapaxes tan tanh tile transpose unique var vstack where"
        ),
        "numpy.random": "permutation",
    },
    "operator": {
        "operator": (
            "__add__ __and__ __floordiv__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__ __imod__ __imul__ __ior__ "
            "__ipow__ __irshift__ __isub__ __itruediv__ __ixor__ __lshift__ __matmul__ __mod__ __mul__ __or__ __pow__ "
            "__rshift__ __sub__ __truediv__ __xor__ abs add and_ attrgetter concat contains delitem eq floordiv ge getitem gt "
            "iadd iand ifloordiv ilshift imatmul imod imul index inv invert ior ipow irshift is_ is_not isub itemgetter "
            "itruediv ixor le length_hint lshift lt matmul methodcaller mod mul ne neg not_ or_ pos pow rshift setitem sub "
            "truediv truth xor"
        ),
    },
    "os": {
        "glob": "glob iglob",
        "os": (
            "access curdir devnull environ environb extsep fsdecode fspath getenv linesep listdir name pardir pathsep popen "
            "scandir sep stat system urandom walk"
        ),
        "os.path": (
            "abspath basename commonprefix dirname exists expanduser expandvars getmtime getsize isabs isdir isfile islink join "
            "lexists normcase normpath realpath relpath sep split splitext"
        ),
        "posixpath": "basename commonprefix dirname isabs join normcase normpath relpath split splitext",
    },
    "outside": {
        "atexit": "register",
        "faulthandler": "enable",
        "gc": "collect",
        "locale": "setlocale",
        "os": "chdir cpu_count getcwd getpid makedirs mkdir putenv remove rename",
        "platform": "machine python_version system",
        "shutil": "copy copyfile rmtree",
        "signal": "signal",
        "socket": "gethostname",
        "time": "ctime monotonic perf_counter process_time sleep strftime time",
        "uuid": "uuid4",
        "warnings": "filterwarnings resetwarnings simplefilter warn",
    },
    "package_files": {
        "io": "TextIOWrapper open",
        "pkg_resources": "resource_filename",
    },
    "packaging": {
        "distutils.version": "LooseVersion StrictVersion",
        "packaging.version": "Version parse",
        "pkg_resources.packaging.version": "Version parse",
        "pkg_resources": "parse_version",
    },
    "pathlib": {
        "importlib.resources": "files",
        "importlib_resources": "files",
        "pathlib": "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
    },
    "random": {
        "random": (
            "betavariate choice choices expovariate gauss getrandbits getstate normalvariate randbytes randint random randrange "
            "sample seed setstate shuffle triangular uniform"
        ),
    },
    "re": {
        "re": (
            "A ASCII DEBUG DOTALL I IGNORECASE L LOCALE M MULTILINE Match Pattern S T TEMPLATE U UNICODE VERBOSE X compile "
            "escape findall finditer fullmatch match search split sub subn"
        ),
    },
    "sklearn": {
        "sklearn.datasets": (
            "fetch_california_housing load_breast_cancer load_diabetes load_digits load_iris load_wine make_blobs make_circles "
            "make_classification make_moons make_regression"
        ),
        "sklearn.model_selection": "train_test_split",
        "sklearn.preprocessing": "LabelEncoder MaxAbsScaler MinMaxScaler Normalizer RobustScaler StandardScaler",
        "sklearn.utils": "Bunch",
    },
    "stored_models": {
        "diffusers.configuration_utils.ConfigMixin": "from_pretrained load_config",
        "diffusers.models.adapter.MultiAdapter": "from_pretrained",
        "diffusers.models.auto_model.AutoModel": "from_pretrained",
        "diffusers.models.modeling_utils.LegacyModelMixin": "from_pretrained",
        "diffusers.models.modeling_utils.ModelMixin": "from_pretrained",
        "diffusers.modular_pipelines.modular_pipeline.ModularPipeline": "from_pretrained",
        "diffusers.modular_pipelines.modular_pipeline.ModularPipelineBlocks": "from_pretrained",
        "diffusers.pipelines.auto_pipeline.AutoPipelineForImage2Image": "from_pretrained",
        "diffusers.pipelines.auto_pipeline.AutoPipelineForInpainting": "from_pretrained",
        "diffusers.pipelines.auto_pipeline.AutoPipelineForText2Image": "from_pretrained",
        "diffusers.pipelines.pipeline_utils.DiffusionPipeline": "from_pretrained",
        "diffusers.schedulers.scheduling_utils.SchedulerMixin": "from_pretrained",
        "huggingface_hub.hub_mixin.ModelHubMixin": "from_pretrained",
        "transformers.configuration_utils.PreTrainedConfig": "from_pretrained get_config_dict",
        "transformers.configuration_utils.PretrainedConfig": "from_pretrained get_config_dict",
        "transformers.feature_extraction_utils.FeatureExtractionMixin": "from_pretrained",
        "transformers.generation.configuration_utils.GenerationConfig": "from_pretrained",
        "transformers.image_processing_base.ImageProcessingMixin": "from_pretrained",
        "transformers.modeling_utils.PreTrainedModel": "from_pretrained",
        "transformers.models.auto.auto_factory._BaseAutoBackboneClass": "from_pretrained",
        "transformers.models.auto.auto_factory._BaseAutoModelClass": "from_pretrained",
        "transformers.models.auto.configuration_auto.AutoConfig": "from_pretrained",
        "transformers.models.auto.feature_extraction_auto.AutoFeatureExtractor": "from_pretrained",
        "transformers.models.auto.image_processing_auto.AutoImageProcessor": "from_pretrained",
        "transformers.models.auto.processing_auto.AutoProcessor": "from_pretrained",
        "transformers.models.auto.tokenization_auto.AutoTokenizer": "from_pretrained",
        "transformers.models.auto.video_processing_auto.AutoVideoProcessor": "from_pretrained",
        "transformers": "pipeline",
        "transformers.pipelines": "pipeline",
        "transformers.processing_utils.ProcessorMixin": "from_pretrained",
        "transformers.tokenization_mistral_common.MistralCommonBackend": "from_pretrained",
        "transformers.tokenization_mistral_common.MistralCommonTokenizer": "from_pretrained",
        "transformers.tokenization_utils_base.PreTrainedTokenizerBase": "from_pretrained",
        "transformers.video_processing_utils.BaseVideoProcessor": "from_pretrained",
    },
    "sys": {
        "os": "_exit abort",
        "sys": "argv byteorder executable exit maxsize modules platform setrecursionlimit version version_info",
        "sys.float_info": "epsilon max min",
        "sys.path": "append extend insert remove",
        "sys.stderr": "flush write",
        "sys.stdout": "flush write",
    },
    "text": {
        "string": (
            "ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable punctuation whitespace"
        ),
        "textwrap": "dedent fill indent shorten wrap",
    },
    "torch_checks": {
        "torch": (
            "_check _check_index _check_is_size _check_not_implemented _check_tensor_all _check_tensor_all_with _check_type "
            "_check_value _check_with"
        ),
    },
    "torch_contexts": {
        "torch._C": "DisableTorchFunction DisableTorchFunctionSubclass _DisableFuncTorch",
        "torch._dynamo._trace_wrapped_higher_order_op": "TransformGetItemToIndex",
        "torch._dynamo.config": "patch",
        "torch._dynamo.utils": "disable_cache_limit",
        "torch.amp": "autocast is_autocast_available",
        "torch.amp.autocast_mode": "autocast",
        "torch": (
            "autocast enable_grad inference_mode is_autocast_cpu_enabled is_autocast_enabled is_grad_enabled "
            "is_inference_mode_enabled no_grad set_grad_enabled"
        ),
        "torch.autograd.anomaly_mode": "set_detect_anomaly",
        "torch.autograd": (
            "detect_anomaly enable_grad inference_mode no_grad set_detect_anomaly set_grad_enabled set_multithreading_enabled"
        ),
        "torch.autograd.forward_ad": "dual_level",
        "torch.autograd.grad_mode": "enable_grad inference_mode no_grad set_grad_enabled",
        "torch.autograd.graph": "allow_mutation_on_saved_tensors save_on_cpu saved_tensors_hooks",
        "torch.autograd.profiler": "emit_nvtx profile record_function",
        "torch.backends.cuda": "sdp_kernel",
        "torch.backends.mkl": "verbose",
        "torch.backends.mkldnn": "flags",
        "torch.compiler": "set_stance",
        "torch.cpu.amp": "autocast",
        "torch.cuda": "StreamContext device device_of graph stream",
        "torch.cuda.amp": "autocast",
        "torch.cuda.amp.autocast_mode": "autocast",
        "torch.cuda.nvtx": "range",
        "torch.distributed.algorithms.join": "Join",
        "torch.fx.traceback": "preserve_node_meta",
        "torch.jit": "fuser optimized_execution strict_fusion",
        "torch.nn.attention": "sdpa_kernel",
        "torch.nn.utils.parametrize": "cached",
        "torch.profiler": "profile record_function",
        "torch.random": "fork_rng",
        "torch.utils.data._utils.signal_handling": "_set_SIGCHLD_handler",
        "torch.utils.flop_counter": "FlopCounterMode",
    },
    "torch_custom_ops": {
        "torch._library.custom_ops": "CustomOpDef",
        "torch.library": "custom_op impl_abstract register_fake",
    },
    "torch_decorators": {
        "torch._C": (
            "_get_tracing_state _is_tracing _jit_override_can_fuse_on_cpu _jit_override_can_fuse_on_gpu _jit_set_bailout_depth "
            "_jit_set_profiling_executor _jit_set_profiling_mode _log_api_usage_once"
        ),
        "torch": "_assert _assert_async _disable_dynamo compile is_vulkan_available",
        "torch._dynamo": (
            "allow_in_graph assume_constant_result disable disallow_in_graph graph_break is_compiling mark_dynamic mark_static "
            "mark_static_address mark_unbacked maybe_mark_dynamic optimize reset"
        ),
        "torch._dynamo.external_utils": "is_compiling",
        "torch._jit_internal": "is_scripting",
        "torch._logging": "set_logs",
        "torch._utils": "is_compiling",
        "torch.amp": "custom_bwd custom_fwd",
        "torch.autograd.function": "once_differentiable",
        "torch.compiler": (
            "allow_in_graph assume_constant_result disable is_compiling is_dynamo_compiling is_exporting reset "
            "substitute_in_graph"
        ),
        "torch.cuda.amp": "custom_bwd custom_fwd",
        "torch.cuda": "is_current_stream_capturing",
        "torch.fx._symbolic_trace": "is_fx_tracing wrap",
        "torch.fx": "wrap",
        "torch.jit": (
            "Attribute Final Future ScriptFunction _overload _overload_method _script_if_tracing annotate enable_onednn_fusion "
            "export freeze ignore interface is_scripting is_tracing isinstance optimize_for_inference save script "
            "script_if_tracing script_method set_fusion_strategy trace_module unused"
        ),
        "torch.jit._trace": "is_tracing",
        "torch.library": "impl register_autograd register_kernel register_vmap",
        "torch.onnx": "is_in_onnx_export",
        "torch.overrides": "has_torch_function has_torch_function_unary has_torch_function_variadic wrap_torch_function",
        "torch.xpu": "is_current_stream_capturing",
        "torchvision.extension": "_assert_has_ops",
        "torchvision.utils": "_log_api_usage_once",
    },
    "torch_distributions": {
        "torch.distributions": "Bernoulli Categorical Cauchy Distribution Gumbel Laplace LogNormal Normal Uniform",
        "torch.distributions.bernoulli": "Bernoulli",
        "torch.distributions.categorical": "Categorical",
        "torch.distributions.cauchy": "Cauchy",
        "torch.distributions.distribution": "Distribution",
        "torch.distributions.gumbel": "Gumbel",
        "torch.distributions.laplace": "Laplace",
        "torch.distributions.log_normal": "LogNormal",
        "torch.distributions.normal": "Normal",
        "torch.distributions.uniform": "Uniform",
    },
    "torch_files": {
        "torch": "save",
    },
    "torch_function": {
        "torch.autograd": "Function Variable grad",
        "torch.autograd.function": "Function FunctionCtx InplaceFunction",
        "torch.autograd.variable": "Variable",
    },
    "torch_init": {
        "torch.nn.init": (
            "_calculate_correct_fan _calculate_fan_in_and_fan_out calculate_gain constant constant_ dirac dirac_ eye eye_ "
            "kaiming_normal kaiming_normal_ kaiming_uniform kaiming_uniform_ normal normal_ ones_ orthogonal orthogonal_ sparse "
            "sparse_ trunc_normal_ uniform uniform_ xavier_normal xavier_normal_ xavier_uniform xavier_uniform_ zeros_"
        ),
    },
    "torch_machine": {
        "torch": (
            "__version__ are_deterministic_algorithms_enabled get_default_device get_num_interop_threads get_num_threads "
            "get_rng_state initial_seed is_deterministic_algorithms_warn_only_enabled is_storage load set_default_dtype "
            "set_default_tensor_type typename"
        ),
        "torch.accelerator": "current_accelerator current_device_index device_count is_available",
        "torch.autograd": "backward",
        "torch.backends.cuda": "enable_cudnn_sdp enable_flash_sdp enable_math_sdp enable_mem_efficient_sdp is_built",
        "torch.backends.cuda.matmul": "allow_tf32",
        "torch.backends.cudnn": "allow_tf32 benchmark deterministic enabled is_available version",
        "torch.backends.mkl": "is_available",
        "torch.backends.mkldnn": "is_available",
        "torch.backends.mps": "is_available is_built",
        "torch.backends.openmp": "is_available",
        "torch.cuda": (
            "CUDAGraph Event Stream cudart current_device current_stream default_stream device_count get_arch_list "
            "get_device_capability get_device_limit get_device_name get_device_properties get_rng_state get_rng_state_all init "
            "initial_seed ipc_collect is_available is_bf16_supported is_initialized max_memory_allocated max_memory_cached "
            "max_memory_reserved mem_get_info memory_allocated memory_cached memory_reserved memory_snapshot memory_stats "
            "memory_summary reset_max_memory_allocated reset_peak_memory_stats seed seed_all set_device "
            "set_per_process_memory_fraction set_rng_state set_rng_state_all utilization"
        ),
        "torch.cuda.nccl": "version",
        "torch.cuda.nvtx": "mark range_pop range_push",
        "torch.distributed": (
            "all_gather all_gather_into_tensor all_gather_object all_reduce barrier broadcast broadcast_object_list "
            "destroy_process_group gather get_backend get_node_local_rank get_rank get_world_size init_device_mesh "
            "init_process_group is_available is_gloo_available is_initialized is_mpi_available is_nccl_available "
            "is_torchelastic_launched isend monitored_barrier new_group reduce reduce_scatter scatter send"
        ),
        "torch.distributed.distributed_c10d": "is_initialized",
        "torch.hub": "download_url_to_file get_dir help list load_state_dict_from_url set_dir",
        "torch.mps": "device_count empty_cache is_available manual_seed synchronize",
        "torch.multiprocessing": "set_sharing_strategy set_start_method spawn",
        "torch.random": "get_rng_state initial_seed set_rng_state",
        "torch.torch_version": "__version__",
        "torch.utils.checkpoint": "get_device_states",
        "torch.utils.collect_env": "get_pretty_env_info",
        "torch.utils.model_zoo": "load_url",
        "torch.version": "__version__ cuda git_version hip xpu",
        "torch.xpu": "device_count empty_cache is_available manual_seed synchronize",
        "torchvision": "__version__",
        "torchvision._internally_replaced_utils": "load_state_dict_from_url",
        "torchvision.models.utils": "load_state_dict_from_url",
    },
    "torch_numbers": {
        "torch": (
            "channels_last channels_last_3d contiguous_format e finfo iinfo inf nan newaxis pi preserve_format sparse_coo "
            "strided"
        ),
        "torch.nn.modules.utils": "_ntuple _pair _quadruple _reverse_repeat_tuple _single _triple",
    },
    "torch_optim": {
        "torch.amp": "GradScaler",
        "torch.amp.grad_scaler": "GradScaler",
        "torch.cpu.amp": "GradScaler",
        "torch.cuda.amp": "GradScaler",
        "torch.cuda.amp.grad_scaler": "GradScaler",
        "torch.optim": (
            "ASGD Adadelta Adafactor Adagrad Adam AdamW Adamax LBFGS Muon NAdam Optimizer RAdam RMSprop Rprop SGD SparseAdam"
        ),
        "torch.optim.adadelta": "Adadelta",
        "torch.optim.adafactor": "Adafactor",
        "torch.optim.adagrad": "Adagrad",
        "torch.optim.adam": "Adam",
        "torch.optim.adamax": "Adamax",
        "torch.optim.adamw": "AdamW",
        "torch.optim.asgd": "ASGD",
        "torch.optim.lbfgs": "LBFGS",
        "torch.optim.lr_scheduler": (
            "ChainedScheduler ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR ExponentialLR LRScheduler "
            "LambdaLR LinearLR MultiStepLR MultiplicativeLR OneCycleLR PolynomialLR ReduceLROnPlateau SequentialLR StepLR "
            "_LRScheduler"
        ),
        "torch.optim.muon": "Muon",
        "torch.optim.nadam": "NAdam",
        "torch.optim.radam": "RAdam",
        "torch.optim.rmsprop": "RMSprop",
        "torch.optim.rprop": "Rprop",
        "torch.optim.sgd": "SGD",
        "torch.optim.sparseadam": "SparseAdam",
        "torch.optim.swa_utils": "AveragedModel SWALR",
    },
    "torch_parametrize": {
        "torch.nn.utils.parametrizations": "_Orthogonal orthogonal",
        "torch.nn.utils.parametrize": (
            "is_parametrized register_parametrization remove_parametrizations type_before_parametrizations"
        ),
    },
    "torch_pytree": {
        "torch.utils._pytree": (
            "TreeSpec _register_pytree_node register_constant register_dataclass register_pytree_node tree_all tree_all_only "
            "tree_any tree_any_only tree_flatten tree_iter tree_leaves tree_map tree_map_ tree_map_only tree_structure "
            "tree_unflatten"
        ),
    },
    "torch_reports": {
        "tensorboardX": "SummaryWriter",
        "torch.utils.tensorboard": "SummaryWriter",
        "torch.utils.tensorboard.writer": "SummaryWriter",
    },
    "torch_stateless": {
        "torch.func": "functional_call",
        "torch.nn.utils": "skip_init",
        "torch.nn.utils.stateless": "functional_call",
    },
    "torch_vmap": {
        "functorch": "vmap",
        "torch._C": "_are_functorch_transforms_active",
        "torch.func": "vmap",
        "torch": "vmap",
    },
    "torchvision_datasets": {
        "torchvision.datasets": (
            "CIFAR10 CIFAR100 Caltech101 Caltech256 CelebA Cityscapes CocoCaptions CocoDetection Country211 DTD DatasetFolder "
            "EMNIST EuroSAT FER2013 FGVCAircraft FakeData FashionMNIST Flowers102 Food101 GTSRB ImageFolder ImageNet Imagenette "
            "KMNIST Kitti LFWPeople MNIST Omniglot OxfordIIITPet PCAM Places365 QMNIST RenderedSST2 SBDataset SEMEION STL10 "
            "SUN397 SVHN StanfordCars USPS VOCDetection VOCSegmentation VisionDataset WIDERFace"
        ),
        "torchvision.datasets.cifar": "CIFAR10 CIFAR100",
        "torchvision.datasets.fakedata": "FakeData",
        "torchvision.datasets.folder": "DatasetFolder ImageFolder",
        "torchvision.datasets.imagenet": "ImageNet",
        "torchvision.datasets.mnist": "EMNIST FashionMNIST KMNIST MNIST QMNIST",
        "torchvision.datasets.stl10": "STL10",
        "torchvision.datasets.svhn": "SVHN",
        "torchvision.datasets.vision": "VisionDataset",
    },
    "torchvision_functional": {
        "torchvision.transforms.functional": (
            "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation adjust_sharpness affine autocontrast "
            "center_crop convert_image_dtype crop elastic_transform equalize erase five_crop gaussian_blur get_dimensions "
            "get_image_size hflip horizontal_flip invert normalize pad perspective pil_to_tensor posterize resize resized_crop "
            "rgb_to_grayscale rotate solarize to_dtype to_grayscale to_image to_pil_image to_tensor vertical_flip vflip"
        ),
        "torchvision.transforms.functional_tensor": (
            "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation adjust_sharpness affine autocontrast "
            "center_crop convert_image_dtype crop elastic_transform equalize erase five_crop gaussian_blur get_dimensions "
            "get_image_size hflip horizontal_flip invert normalize pad perspective pil_to_tensor posterize resize resized_crop "
            "rgb_to_grayscale rotate solarize to_dtype to_grayscale to_image to_pil_image to_tensor vertical_flip vflip"
        ),
        "torchvision.transforms.v2.functional": (
            "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation adjust_sharpness affine autocontrast "
            "center_crop convert_image_dtype crop elastic_transform equalize erase five_crop gaussian_blur get_dimensions "
            "get_image_size hflip horizontal_flip invert normalize pad perspective pil_to_tensor posterize resize resized_crop "
            "rgb_to_grayscale rotate solarize to_dtype to_grayscale to_image to_pil_image to_tensor vertical_flip vflip"
        ),
    },
    "torchvision_images": {
        "PIL.Image": "ANTIALIAS BICUBIC BILINEAR BOX HAMMING Image LANCZOS NEAREST fromarray new open",
        "torchvision.datasets.folder": "default_loader pil_loader",
        "torchvision.io": "decode_image read_image",
    },
    "torchvision_transforms": {
        "torchvision.transforms": (
            "AugMix AutoAugment CenterCrop ColorJitter Compose ConvertImageDtype ElasticTransform FiveCrop GaussianBlur "
            "Grayscale Lambda LinearTransformation Normalize PILToTensor Pad RandAugment RandomAdjustSharpness RandomAffine "
            "RandomApply RandomAutocontrast RandomChoice RandomCrop RandomEqualize RandomErasing RandomGrayscale "
            "RandomHorizontalFlip RandomInvert RandomOrder RandomPerspective RandomPosterize RandomResizedCrop RandomRotation "
            "RandomSizedCrop RandomSolarize RandomVerticalFlip Resize Scale TenCrop ToPILImage ToTensor TrivialAugmentWide"
        ),
        "torchvision.transforms._presets": "ImageClassification",
        "torchvision.transforms.transforms": (
            "AugMix AutoAugment CenterCrop ColorJitter Compose ConvertImageDtype ElasticTransform FiveCrop GaussianBlur "
            "Grayscale Lambda LinearTransformation Normalize PILToTensor Pad RandAugment RandomAdjustSharpness RandomAffine "
            "RandomApply RandomAutocontrast RandomChoice RandomCrop RandomEqualize RandomErasing RandomGrayscale "
            "RandomHorizontalFlip RandomInvert RandomOrder RandomPerspective RandomPosterize RandomResizedCrop RandomRotation "
            "RandomSizedCrop RandomSolarize RandomVerticalFlip Resize Scale TenCrop ToPILImage ToTensor TrivialAugmentWide"
        ),
        "torchvision.transforms.v2": (
            "AugMix AutoAugment CenterCrop ColorJitter Compose ConvertImageDtype ElasticTransform FiveCrop GaussianBlur "
            "GaussianNoise Grayscale Identity JPEG Lambda LinearTransformation Normalize PILToTensor Pad RGB RandAugment "
            "RandomAdjustSharpness RandomAffine RandomApply RandomAutocontrast RandomChannelPermutation RandomChoice RandomCrop "
            "RandomEqualize RandomErasing RandomGrayscale RandomHorizontalFlip RandomInvert RandomIoUCrop RandomOrder "
            "RandomPerspective RandomPhotometricDistort RandomPosterize RandomResize RandomResizedCrop RandomRotation "
            "RandomShortestSize RandomSizedCrop RandomSolarize RandomVerticalFlip RandomZoomOut Resize Scale ScaleJitter "
            "TenCrop ToDtype ToImage ToPILImage ToPureTensor ToTensor TrivialAugmentWide"
        ),
    },
    "tqdm": {
        "rich.progress": "track",
        "tqdm.asyncio": "tqdm trange",
        "tqdm.auto": "tqdm trange",
        "tqdm.autonotebook": "tqdm trange",
        "tqdm.notebook": "tqdm trange",
        "tqdm.rich": "tqdm trange",
        "tqdm.std": "tqdm trange",
        "tqdm": "tqdm tqdm_notebook trange",
    },
    "types": {
        "types": "EllipsisType FunctionType LambdaType MappingProxyType MethodType ModuleType NoneType",
    },
    "typing": {
        "typing": (
            "NewType ParamSpec TYPE_CHECKING TypeAliasType TypeVar TypeVarTuple assert_type cast dataclass_transform deprecated "
            "final get_args get_origin get_type_hints no_type_check no_type_check_decorator overload override reveal_type "
            "runtime runtime_checkable type_check_only"
        ),
        "typing_extensions": (
            "NewType ParamSpec TYPE_CHECKING TypeAliasType TypeVar TypeVarTuple assert_type cast dataclass_transform deprecated "
            "final get_args get_origin get_type_hints no_type_check no_type_check_decorator overload override reveal_type "
            "runtime runtime_checkable type_check_only"
        ),
    },
    "weakref": {
        "weakref": "WeakMethod proxy ref",
    },
    "yaml": {
        "yaml": "full_load load safe_load unsafe_load",
    },
}
