"""Which module registers which operation or layer: words by module, and by what stands before them.

Written by `python -m tests.indexes`, and held against the modules by a test.
"""

from __future__ import annotations

OPS: dict[str, dict[str, str]] = {
    "einops.contract": {
        "einops.einops": "einsum parse_shape",
        "einops": "einsum pack parse_shape unpack",
        "einops.packing": "pack unpack",
    },
    "einops.transform": {
        "einops.einops": "rearrange reduce repeat",
        "einops": "rearrange reduce repeat",
    },
    "einx.operations": {
        "einx": (
            "add all any divide equal floor_divide get_at greater greater_equal less less_equal logical_and logical_or max "
            "maximum mean min minimum multiply not_equal prod subtract sum true_divide where"
        ),
    },
    "nn.adaptive_pool": {
        "torch": "adaptive_avg_pool1d adaptive_max_pool1d",
        "torch.nn.functional": (
            "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool1d_with_indices "
            "adaptive_max_pool2d adaptive_max_pool2d_with_indices adaptive_max_pool3d adaptive_max_pool3d_with_indices "
            "fractional_max_pool2d fractional_max_pool2d_with_indices fractional_max_pool3d fractional_max_pool3d_with_indices"
        ),
    },
    "nn.attention": {
        "torch.nn.functional": "multi_head_attention_forward scaled_dot_product_attention",
    },
    "nn.avg_pool": {
        "torch": "avg_pool1d",
        "torch.nn.functional": "avg_pool1d avg_pool2d avg_pool3d lp_pool1d lp_pool2d lp_pool3d",
    },
    "nn.batch_norm": {
        "torch": "batch_norm",
        "torch.nn.functional": "batch_norm instance_norm",
    },
    "nn.cell_functions": {
        "torch": "gru_cell lstm_cell rnn_relu_cell rnn_tanh_cell",
    },
    "nn.class_losses": {
        "torch.nn.functional": "cross_entropy ctc_loss linear_cross_entropy multi_margin_loss multilabel_margin_loss nll_loss",
    },
    "nn.convolution": {
        "torch": "conv1d conv2d conv3d conv_tbc",
        "torch.nn.functional": "conv1d conv2d conv3d conv_tbc",
    },
    "nn.dropout": {
        "torch": "alpha_dropout dropout feature_alpha_dropout feature_dropout",
        "torch.nn.functional": "alpha_dropout dropout dropout1d dropout2d dropout3d feature_alpha_dropout",
    },
    "nn.embedding": {
        "torch.nn.Embedding": "from_pretrained",
        "torch.nn.EmbeddingBag": "from_pretrained",
        "torch.nn.functional": "embedding embedding_bag",
    },
    "nn.fold": {
        "torch.nn.functional": "fold unfold",
    },
    "nn.kernels": {
        "torch": (
            "affine_grid_generator alpha_dropout_ binary_cross_entropy_with_logits constant_pad_nd convolution "
            "cosine_embedding_loss ctc_loss dropout_ embedding embedding_renorm_ feature_alpha_dropout_ feature_dropout_ "
            "frobenius_norm grid_sampler grid_sampler_2d grid_sampler_3d hinge_embedding_loss histogramdd instance_norm kl_div "
            "margin_ranking_loss native_dropout native_layer_norm norm_except_dim nuclear_norm poisson_nll_loss "
            "triplet_margin_loss"
        ),
    },
    "nn.linear": {
        "torch.nn.functional": "linear",
    },
    "nn.max_pool": {
        "torch": "max_pool1d max_pool1d_with_indices max_pool2d max_pool3d",
        "torch.nn.functional": (
            "max_pool1d max_pool1d_with_indices max_pool2d max_pool2d_with_indices max_pool3d max_pool3d_with_indices "
            "max_unpool1d max_unpool2d max_unpool3d"
        ),
    },
    "nn.module_edits": {
        "torch.nn.SyncBatchNorm": "convert_sync_batchnorm",
        "torch.nn.utils": (
            "clip_grad_norm clip_grad_norm_ clip_grad_value_ clip_grads_with_norm_ fuse_conv_bn_eval fuse_linear_bn_eval "
            "get_total_norm parameters_to_vector remove_spectral_norm remove_weight_norm spectral_norm vector_to_parameters "
            "weight_norm"
        ),
        "torch.nn.utils.parametrizations": "spectral_norm weight_norm",
        "torch.nn.utils.prune": (
            "custom_from_mask identity l1_unstructured ln_structured random_structured random_unstructured remove"
        ),
    },
    "nn.norms": {
        "torch": "group_norm layer_norm rms_norm",
        "torch.nn.functional": "group_norm layer_norm local_response_norm rms_norm",
    },
    "nn.padding": {
        "torch.nn.functional": "pad",
    },
    "nn.ranking_losses": {
        "torch.nn.functional": "cosine_embedding_loss margin_ranking_loss triplet_margin_loss triplet_margin_with_distance_loss",
    },
    "nn.resize": {
        "torch.nn.functional": "affine_grid grid_sample interpolate upsample upsample_bilinear upsample_nearest",
    },
    "nn.shuffle": {
        "torch": "channel_shuffle native_channel_shuffle pixel_shuffle pixel_unshuffle",
        "torch.nn.functional": "channel_shuffle native_channel_shuffle pixel_shuffle pixel_unshuffle",
    },
    "nn.transformer": {
        "torch.nn.Transformer": "generate_square_subsequent_mask",
    },
    "nn.transposed": {
        "torch": "conv_transpose1d conv_transpose2d conv_transpose3d",
        "torch.nn.functional": "conv_transpose1d conv_transpose2d conv_transpose3d",
    },
    "nn.value_losses": {
        "torch.nn.functional": (
            "binary_cross_entropy binary_cross_entropy_with_logits gaussian_nll_loss hinge_embedding_loss huber_loss kl_div "
            "l1_loss mse_loss multilabel_soft_margin_loss poisson_nll_loss smooth_l1_loss soft_margin_loss"
        ),
    },
    "nn.vectors": {
        "torch": "bilinear",
        "torch.nn.functional": "bilinear normalize one_hot",
    },
    "ops.activations": {
        "torch.Tensor": "hardshrink relu",
        "torch": "celu glu hardshrink relu rrelu selu threshold",
        "torch.nn.functional": (
            "celu elu gelu glu gumbel_softmax hardshrink hardsigmoid hardswish hardtanh leaky_relu log_softmax logsigmoid mish "
            "relu relu6 rrelu selu sigmoid silu softmax softmin softplus softshrink softsign tanh tanhshrink threshold"
        ),
    },
    "ops.arithmetic": {
        "torch.Tensor": (
            "add arctan2 atan2 copysign div divide float_power floor_divide fmax fmin fmod gcd heaviside hypot igamma igammac "
            "lcm ldexp logaddexp logaddexp2 maximum minimum mul multiply nextafter pow remainder sub subtract true_divide xlogy"
        ),
        "torch": (
            "add arctan2 atan2 complex copysign div divide float_power floor_divide fmax fmin fmod gcd heaviside hypot igamma "
            "igammac lcm ldexp logaddexp logaddexp2 maximum minimum mul multiply nextafter polar pow remainder rsub sub "
            "subtract true_divide xlogy"
        ),
        "torch.special": (
            "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w gammainc gammaincc "
            "hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p "
            "shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v "
            "shifted_chebyshev_polynomial_w xlog1py xlogy zeta"
        ),
    },
    "ops.attributes": {
        "torch.Tensor": (
            "__bool__ __float__ __index__ __int__ __len__ backward data_ptr dim dtype element_size get_device is_complex "
            "is_conj is_contiguous is_floating_point is_inference is_neg is_nonzero is_pinned is_same_size is_shared is_signed "
            "item itemsize nbytes ndim ndimension nelement numel register_hook register_post_accumulate_grad_hook retain_grad "
            "shape size storage storage_offset stride tolist untyped_storage"
        ),
        "torch": (
            "can_cast get_device is_complex is_conj is_floating_point is_inference is_neg is_nonzero is_same_size is_signed "
            "is_tensor numel promote_types result_type"
        ),
    },
    "ops.checkpoint": {
        "torch.utils.checkpoint": "checkpoint checkpoint_sequential",
    },
    "ops.choose": {
        "torch.Tensor": "addcdiv addcmul clamp clamp_max clamp_min clip lerp masked_fill where",
        "torch": "addcdiv addcmul clamp clamp_max clamp_min clip lerp masked_fill where",
    },
    "ops.compare": {
        "torch.Tensor": (
            "allclose bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor eq equal ge greater "
            "greater_equal gt isclose le less less_equal logical_and logical_or logical_xor lt ne not_equal"
        ),
        "torch": (
            "allclose bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor eq equal ge greater "
            "greater_equal gt isclose le less less_equal logical_and logical_or logical_xor lt ne not_equal"
        ),
    },
    "ops.convert": {
        "torch.Tensor": (
            "__array__ bfloat16 bool byte cdouble cfloat chalf char clone contiguous cpu cuda data dequantize detach detach_ "
            "double float half int ipu long numpy pin_memory requires_grad_ share_memory_ short to to_dense type type_as xpu"
        ),
        "torch": "alias_copy clone dequantize detach detach_ detach_copy",
    },
    "ops.counting": {
        "torch.Tensor": "argwhere nonzero nonzero_static",
        "torch": "argwhere nonzero nonzero_static unravel_index",
    },
    "ops.creation": {
        "torch.Tensor": "new_empty new_empty_strided new_full new_ones new_zeros",
        "torch": (
            "empty empty_like empty_permuted empty_strided eye full full_like ones ones_like rand rand_like randint "
            "randint_like randn randn_like randperm zeros zeros_like"
        ),
    },
    "ops.diagonal": {
        "torch.Tensor": (
            "as_strided as_strided_ as_strided_scatter diag diag_embed diagflat diagonal diagonal_scatter trace tril tril_ triu "
            "triu_ unfold"
        ),
        "torch": (
            "as_strided as_strided_ as_strided_copy as_strided_scatter diag diag_embed diagflat diagonal diagonal_copy "
            "diagonal_scatter trace tril tril_indices triu triu_indices unfold_copy"
        ),
        "torch.linalg": "diagonal",
    },
    "ops.distance": {
        "torch.Tensor": "cross dist dot ger inner outer vdot",
        "torch": "cdist cosine_similarity cross dist dot ger inner outer pairwise_distance pdist vdot",
        "torch.nn.functional": "cosine_similarity pairwise_distance pdist",
    },
    "ops.einsum": {
        "torch": "einsum",
        "torch.functional": "einsum",
    },
    "ops.fft": {
        "torch.Tensor": "istft stft",
        "torch.fft": (
            "fft fft2 fftfreq fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn ifftshift ihfft ihfft2 ihfftn irfft irfft2 irfftn "
            "rfft rfft2 rfftfreq rfftn"
        ),
        "torch.functional": "stft",
        "torch": "istft stft",
    },
    "ops.from_data": {
        "torch": (
            "BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor "
            "ShortTensor Size Tensor as_tensor asarray from_numpy scalar_tensor tensor"
        ),
        "torch.Tensor": "new new_tensor",
        "torch.cuda": (
            "BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor "
            "ShortTensor"
        ),
    },
    "ops.indexing": {
        "torch.Tensor": "__getitem__ __setitem__",
    },
    "ops.inplace": {
        "torch.Tensor": (
            "abs_ absolute_ acos_ acosh_ add_ addcdiv_ addcmul_ arccos_ arccosh_ arcsin_ arcsinh_ arctan2_ arctan_ arctanh_ "
            "asin_ asinh_ atan2_ atan_ atanh_ bernoulli_ bitwise_and_ bitwise_left_shift_ bitwise_not_ bitwise_or_ "
            "bitwise_right_shift_ bitwise_xor_ cauchy_ ceil_ clamp_ clamp_max_ clamp_min_ clip_ conj_physical_ copy_ copysign_ "
            "cos_ cosh_ deg2rad_ digamma_ div_ divide_ eq_ erf_ erfc_ erfinv_ exp2_ exp_ expm1_ exponential_ fill_ "
            "fill_diagonal_ fix_ float_power_ floor_ floor_divide_ fmod_ frac_ gcd_ ge_ geometric_ greater_ greater_equal_ gt_ "
            "heaviside_ hypot_ i0_ igamma_ igammac_ lcm_ ldexp_ le_ lerp_ less_ less_equal_ lgamma_ log10_ log1p_ log2_ log_ "
            "log_normal_ logical_and_ logical_not_ logical_or_ logical_xor_ logit_ lt_ masked_fill_ mul_ multiply_ mvlgamma_ "
            "nan_to_num_ ne_ neg_ negative_ nextafter_ normal_ not_equal_ polygamma_ pow_ rad2deg_ random_ reciprocal_ relu_ "
            "remainder_ round_ rsqrt_ sgn_ sigmoid_ sign_ sin_ sinc_ sinh_ sqrt_ square_ sub_ subtract_ tan_ tanh_ true_divide_ "
            "trunc_ uniform_ xlogy_ zero_"
        ),
        "torch": (
            "abs_ acos_ acosh_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ asin_ asinh_ atan_ atanh_ ceil_ celu_ clamp_ "
            "clamp_max_ clamp_min_ clip_ conj_physical_ cos_ cosh_ deg2rad_ erf_ erfc_ exp2_ exp_ expm1_ fill fill_ fix_ floor_ "
            "frac_ gcd_ i0_ lcm_ ldexp_ log10_ log1p_ log2_ log_ logit_ nan_to_num_ neg_ negative_ rad2deg_ reciprocal_ relu_ "
            "round_ rrelu_ rsqrt_ selu_ sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ tan_ tanh_ threshold_ trunc_ xlogy_ zero_"
        ),
        "torch.nn.functional": "celu_ elu_ hardtanh_ leaky_relu_ relu_ rrelu_ selu_ threshold_",
    },
    "ops.join": {
        "torch": (
            "block_diag cartesian_prod cat column_stack combinations concat concatenate dstack hstack row_stack stack vstack"
        ),
    },
    "ops.linalg": {
        "torch.Tensor": (
            "cholesky cholesky_inverse det geqrf inverse logdet lu matrix_exp matrix_power orgqr ormqr pinverse qr slogdet svd"
        ),
        "torch": (
            "cholesky cholesky_inverse det geqrf inverse logdet lu lu_unpack matrix_exp matrix_power orgqr ormqr pca_lowrank "
            "pinverse qr slogdet svd svd_lowrank"
        ),
        "torch.linalg": (
            "cholesky cholesky_ex cond cross det eig eigh eigvals eigvalsh householder_product inv inv_ex ldl_factor "
            "ldl_factor_ex lu lu_factor lu_factor_ex matrix_exp matrix_power matrix_rank pinv qr slogdet svd svdvals tensorinv "
            "tensorsolve vander vecdot"
        ),
    },
    "ops.matmul": {
        "torch.Tensor": (
            "__matmul__ __rmatmul__ addbmm addbmm_ addmm addmm_ addmv addmv_ addr addr_ baddbmm baddbmm_ bmm kron matmul mm mv"
        ),
        "torch": "_grouped_mm addbmm addmm addmv addmv_ addr baddbmm bmm chain_matmul kron matmul mm mv spmm tensordot",
        "torch.linalg": "matmul multi_dot",
        "torch.nn.functional": "grouped_mm",
        "torch.sparse": "mm",
    },
    "ops.norm": {
        "torch.linalg": "matrix_norm norm vector_norm",
    },
    "ops.packed_sequences": {
        "torch.nn.utils.rnn.PackedSequence": "byte char cpu cuda double float half int long pin_memory short to",
    },
    "ops.permute": {
        "torch.Tensor": (
            "H T adjoint flip fliplr flipud mH mT moveaxis movedim permute roll rot90 swapaxes swapaxes_ swapdims swapdims_ t "
            "t_ transpose transpose_"
        ),
        "torch": (
            "adjoint flip fliplr flipud moveaxis movedim permute permute_copy roll rot90 swapaxes swapdims t t_copy transpose "
            "transpose_copy"
        ),
    },
    "ops.ranges": {
        "torch.Tensor": "bernoulli multinomial",
        "torch": (
            "arange bartlett_window bernoulli binomial blackman_window hamming_window hann_window kaiser_window linspace "
            "logspace meshgrid multinomial normal poisson range vander"
        ),
        "torch.signal.windows": "bartlett blackman cosine exponential gaussian general_hamming hamming hann kaiser nuttall",
    },
    "ops.reduction": {
        "torch.Tensor": (
            "all amax amin aminmax any argmax argmin count_nonzero logsumexp max mean min nanmean nansum norm prod std sum var"
        ),
        "torch": (
            "all amax amin aminmax any argmax argmin count_nonzero logsumexp max mean min nanmean nansum norm prod std std_mean "
            "sum var var_mean"
        ),
        "torch.special": "logsumexp",
    },
    "ops.reinterpret": {
        "torch.Tensor": "apply_ as_subclass map_ resize resize_ resize_as resize_as_ set_",
        "torch": (
            "broadcast_shapes broadcast_tensors resize_as_ view_as_complex view_as_complex_copy view_as_real view_as_real_copy"
        ),
    },
    "ops.reshape": {
        "torch.Tensor": (
            "broadcast_to expand expand_as flatten ravel repeat reshape reshape_as squeeze squeeze_ sum_to_size tile unflatten "
            "unsqueeze unsqueeze_ view view_as"
        ),
        "torch": (
            "atleast_1d atleast_2d atleast_3d broadcast_to expand_copy flatten ravel reshape squeeze squeeze_copy tile "
            "unflatten unsqueeze unsqueeze_copy view_copy"
        ),
    },
    "ops.scan": {
        "torch.Tensor": (
            "corrcoef cov cummax cummin cumprod cumprod_ cumsum cumsum_ cumulative_trapezoid diff logcumsumexp renorm renorm_ "
            "trapezoid trapz"
        ),
        "torch": (
            "corrcoef cov cummax cummin cumprod cumsum cumulative_trapezoid diff gradient logcumsumexp renorm trapezoid trapz"
        ),
    },
    "ops.scatter": {
        "torch.Tensor": (
            "gather index_add index_add_ index_copy index_copy_ index_fill index_fill_ index_put index_put_ index_reduce "
            "index_reduce_ index_select masked_scatter masked_scatter_ masked_select narrow narrow_copy put put_ "
            "repeat_interleave scatter scatter_ scatter_add scatter_add_ scatter_reduce scatter_reduce_ select select_scatter "
            "slice_scatter take take_along_dim"
        ),
        "torch": (
            "gather index_add index_copy index_fill index_put index_put_ index_reduce index_select masked_scatter masked_select "
            "narrow narrow_copy put repeat_interleave scatter scatter_add scatter_reduce select select_copy select_scatter "
            "slice_copy slice_scatter take take_along_dim"
        ),
    },
    "ops.sequences": {
        "torch.nn.utils.rnn": (
            "PackedSequence invert_permutation pack_padded_sequence pack_sequence pad_packed_sequence pad_sequence "
            "unpack_sequence unpad_sequence"
        ),
    },
    "ops.settings": {
        "torch.backends.cudnn": "flags",
        "torch": (
            "clear_autocast_cache get_default_dtype init_num_threads manual_seed seed set_anomaly_enabled "
            "set_autocast_cache_enabled set_autocast_enabled set_default_device set_deterministic_debug_mode "
            "set_float32_matmul_precision set_flush_denormal set_num_interop_threads set_num_threads set_printoptions "
            "set_rng_state set_warn_always sym_float sym_int sym_max sym_min use_deterministic_algorithms"
        ),
        "torch.cuda": "empty_cache manual_seed manual_seed_all synchronize",
        "torch.random": "manual_seed",
    },
    "ops.solve": {
        "torch.Tensor": "cholesky_solve lu_solve triangular_solve",
        "torch": "cholesky_solve lu_solve triangular_solve",
        "torch.linalg": "ldl_solve lstsq lu_solve solve solve_ex solve_triangular",
    },
    "ops.sorting": {
        "torch.Tensor": (
            "argsort bincount histc histogram kthvalue median mode msort nanmedian nanquantile quantile sort topk unique "
            "unique_consecutive"
        ),
        "torch": (
            "argsort bincount bucketize histc histogram isin kthvalue median mode msort nanmedian nanquantile quantile "
            "searchsorted sort topk unique unique_consecutive"
        ),
    },
    "ops.split": {
        "torch.Tensor": (
            "chunk dsplit hsplit split split_with_sizes tensor_split unbind unsafe_chunk unsafe_split unsafe_split_with_sizes "
            "vsplit"
        ),
        "torch": (
            "chunk dsplit hsplit split split_copy split_with_sizes split_with_sizes_copy tensor_split unbind unbind_copy "
            "unsafe_chunk unsafe_split unsafe_split_with_sizes vsplit"
        ),
        "torch.functional": "split",
    },
    "ops.unary": {
        "torch.Tensor": (
            "__abs__ abs absolute acos acosh angle arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh "
            "bitwise_not ceil conj conj_physical cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 fix floor frac frexp "
            "i0 imag isfinite isinf isnan isneginf isposinf isreal lgamma log log10 log1p log2 log_softmax logical_not logit "
            "mvlgamma nan_to_num neg negative polygamma positive prelu rad2deg real reciprocal resolve_conj resolve_neg round "
            "rsqrt sgn sigmoid sign signbit sin sinc sinh softmax sqrt square tan tanh trunc"
        ),
        "torch": (
            "abs absolute acos acosh angle arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh bitwise_not ceil "
            "conj conj_physical cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 fix floor frac frexp i0 imag isfinite "
            "isinf isnan isneginf isposinf isreal lgamma log log10 log1p log2 log_softmax logical_not logit mvlgamma nan_to_num "
            "neg negative polygamma positive prelu rad2deg real reciprocal resolve_conj resolve_neg round rsqrt sgn sigmoid "
            "sign signbit sin sinc sinh softmax sqrt square tan tanh trunc"
        ),
        "torch.nn.functional": "prelu",
        "torch.special": (
            "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln i0 i0e "
            "i1 i1e log1p log_ndtr log_softmax logit modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 "
            "modified_bessel_k1 multigammaln ndtr ndtri polygamma psi round scaled_modified_bessel_k0 scaled_modified_bessel_k1 "
            "sinc softmax spherical_bessel_j0"
        ),
    },
    "torchvision_ops": {
        "torchvision.ops": (
            "batched_nms box_area box_convert box_iou clip_boxes_to_image complete_box_iou deform_conv2d distance_box_iou "
            "generalized_box_iou masks_to_boxes nms ps_roi_align ps_roi_pool remove_small_boxes roi_align roi_pool"
        ),
        "torchvision.ops.boxes": (
            "batched_nms box_area box_convert box_iou clip_boxes_to_image complete_box_iou distance_box_iou generalized_box_iou "
            "masks_to_boxes nms remove_small_boxes"
        ),
        "torchvision.ops.deform_conv": "deform_conv2d",
        "torchvision.ops.ps_roi_align": "ps_roi_align",
        "torchvision.ops.ps_roi_pool": "ps_roi_pool",
        "torchvision.ops.roi_align": "roi_align",
        "torchvision.ops.roi_pool": "roi_pool",
    },
}

LAYERS: dict[str, dict[str, str]] = {
    "einops.layers": {
        "einops.layers.torch": "EinMix Rearrange Reduce",
    },
    "nn.activation": {
        "torch.nn": (
            "CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish PReLU RReLU ReLU "
            "ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh Tanhshrink Threshold"
        ),
    },
    "nn.adaptive_pool": {
        "torch.nn": (
            "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d "
            "FractionalMaxPool2d FractionalMaxPool3d"
        ),
    },
    "nn.avg_pool": {
        "torch.nn": "AvgPool1d AvgPool2d AvgPool3d LPPool1d LPPool2d LPPool3d",
    },
    "nn.bases": {
        "torch.nn.modules.dropout": "_DropoutNd",
        "torch.nn.modules.loss": "_Loss _WeightedLoss",
    },
    "nn.batch_norm": {
        "torch.nn": "BatchNorm1d BatchNorm2d BatchNorm3d InstanceNorm1d InstanceNorm2d InstanceNorm3d SyncBatchNorm",
        "torch.nn.modules.batchnorm": "_BatchNorm _NormBase",
        "torch.nn.modules.instancenorm": "_InstanceNorm",
    },
    "nn.cells": {
        "torch.nn": "GRUCell LSTMCell RNNCell RNNCellBase",
    },
    "nn.convolution": {
        "torch.nn": "Conv1d Conv2d Conv3d",
        "torch.nn.modules.conv": "_ConvNd",
    },
    "nn.dropout": {
        "torch.nn": "AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout",
    },
    "nn.embedding": {
        "torch.nn": "Embedding EmbeddingBag",
    },
    "nn.fold": {
        "torch.nn": "Fold Unfold",
    },
    "nn.lazy": {
        "torch.nn": (
            "LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d "
            "LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear"
        ),
    },
    "nn.linear": {
        "torch.nn": "Linear",
    },
    "nn.losses": {
        "torch.nn": (
            "AdaptiveLogSoftmaxWithLoss BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss "
            "HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss "
            "MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss "
            "SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss"
        ),
    },
    "nn.max_pool": {
        "torch.nn": "MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d",
    },
    "nn.module_edits": {
        "torch.nn": "DataParallel",
        "torch.nn.parallel": "DataParallel DistributedDataParallel",
        "torch.nn.utils.parametrizations": "_SpectralNorm",
        "torch.nn.utils.parametrize": "ParametrizationList",
    },
    "nn.multihead": {
        "torch.nn": "MultiheadAttention",
        "torch.nn.modules.linear": "NonDynamicallyQuantizableLinear",
    },
    "nn.norms": {
        "torch.nn": "CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm",
    },
    "nn.padding": {
        "torch.nn": (
            "CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d "
            "ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d"
        ),
    },
    "nn.recurrent": {
        "torch.nn": "GRU LSTM RNN RNNBase",
    },
    "nn.resize": {
        "torch.nn": "Upsample UpsamplingBilinear2d UpsamplingNearest2d",
    },
    "nn.shape_layers": {
        "torch.nn": "Flatten Identity Unflatten",
    },
    "nn.shuffle": {
        "torch.nn": "ChannelShuffle PixelShuffle PixelUnshuffle",
    },
    "nn.transformer": {
        "torch.nn": "Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer",
    },
    "nn.transposed": {
        "torch.nn": "ConvTranspose1d ConvTranspose2d ConvTranspose3d",
        "torch.nn.modules.conv": "_ConvTransposeNd",
    },
    "nn.vectors": {
        "torch.nn": "Bilinear CosineSimilarity PairwiseDistance",
    },
    "torchvision_ops": {
        "torchvision.ops": "DeformConv2d PSRoIAlign PSRoIPool RoIAlign RoIPool",
        "torchvision.ops.deform_conv": "DeformConv2d",
        "torchvision.ops.ps_roi_align": "PSRoIAlign",
        "torchvision.ops.ps_roi_pool": "PSRoIPool",
        "torchvision.ops.roi_align": "RoIAlign",
        "torchvision.ops.roi_pool": "RoIPool",
    },
}
