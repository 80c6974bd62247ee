"""What each rule is given: the rule's code, name, kinds of facts and operations, by its module.

Written by `python -m tests.indexes`, and held against the modules by a test.
"""

from __future__ import annotations

# (module, code, name, kinds of facts, operations, whether every call)
RULES: tuple[tuple[str, str, str, str, str, bool], ...] = (
    ("linear_size_mismatch", "SHP101", "linear-size-mismatch", "NeedFailed", "", False),
    ("conv_channel_mismatch", "SHP102", "conv-channel-mismatch", "NeedFailed", "", False),
    ("norm_size_mismatch", "SHP103", "norm-size-mismatch", "NeedFailed", "", False),
    ("view_size_mismatch", "SHP104", "view-size-mismatch", "NeedFailed", "", False),
    ("matmul_size_mismatch", "SHP105", "matmul-size-mismatch", "NeedFailed", "", False),
    ("broadcast_mismatch", "SHP106", "broadcast-mismatch", "NeedFailed", "", False),
    ("cat_size_mismatch", "SHP107", "cat-size-mismatch", "NeedFailed", "", False),
    ("wrong_rank", "SHP108", "wrong-rank", "NeedFailed", "", False),
    ("kernel_larger_than_input", "SHP109", "kernel-larger-than-input", "NeedFailed", "", False),
    ("heads_do_not_divide", "SHP110", "heads-do-not-divide", "NeedFailed", "", False),
    ("recurrent_size_mismatch", "SHP111", "recurrent-size-mismatch", "NeedFailed", "", False),
    ("invalid_constructor_argument", "SHP112", "invalid-constructor-argument", "NeedFailed", "", False),
    ("axis_out_of_range", "SHP113", "axis-out-of-range", "NeedFailed Raised", "", False),
    ("wrong_dtype", "SHP114", "wrong-dtype", "NeedFailed", "", False),
    ("index_out_of_range", "SHP115", "index-out-of-range", "NeedFailed", "", False),
    ("attention_size_mismatch", "SHP116", "attention-size-mismatch", "NeedFailed", "", False),
    ("loss_size_mismatch", "SHP117", "loss-size-mismatch", "NeedFailed", "", False),
    ("einops_mismatch", "SHP118", "einops-mismatch", "NeedFailed", "", False),
    ("split_size_mismatch", "SHP119", "split-size-mismatch", "NeedFailed", "", False),
    ("call_refused", "SHP120", "call-refused", "NeedFailed Raised", "", False),
    ("missing_super_init", "SHP121", "missing-super-init", "Raised", "", False),
    ("tensor_replaces_parameter", "SHP122", "tensor-replaces-parameter", "Raised", "", False),
    ("unpacking_mismatch", "SHP123", "unpacking-mismatch", "Raised", "", False),
    ("container_misused", "SHP124", "container-misused", "Raised", "", False),
    ("sequence_for_tensor", "SHP125", "sequence-for-tensor", "NeedFailed Raised", "", False),
    ("view_not_contiguous", "SHP126", "view-not-contiguous", "NeedFailed", "", False),
    ("attribute_missing", "SHP127", "attribute-missing", "Raised", "", False),
    ("arguments_mismatch", "SHP128", "arguments-mismatch", "Raised", "", False),
    ("brackets_confused", "SHP129", "brackets-confused", "Raised", "", False),
    ("trained_tensor_rebound", "SHP130", "trained-tensor-rebound", "Called", "torch.Tensor.backward", False),
    ("view_folds_batch", "SHP201", "view-folds-batch", "Called", "torch.Tensor.view torch.Tensor.reshape torch.reshape", False),
    (
        "view_mixes_axes", "SHP202", "view-mixes-axes", "Called ModelCalled",
        "torch.Tensor.view torch.Tensor.reshape torch.reshape",
        False,
    ),
    (
        "broadcast_pairs_samples", "SHP203", "broadcast-pairs-samples", "Called",
        (
            "torch.add torch.sub torch.mul torch.div torch.pow torch.minimum torch.maximum torch.eq torch.ne torch.Tensor.add_ "
            "torch.Tensor.sub_ torch.Tensor.mul_ torch.Tensor.div_ torch.nn.functional.mse_loss torch.nn.functional.l1_loss "
            "torch.nn.functional.smooth_l1_loss torch.nn.functional.huber_loss torch.nn.MSELoss torch.nn.L1Loss "
            "torch.nn.SmoothL1Loss torch.nn.HuberLoss"
        ),
        False,
    ),
    (
        "reduction_meets_wrong_axis", "SHP204", "reduction-meets-wrong-axis", "Called",
        "torch.div torch.sub torch.mul torch.Tensor.div_ torch.Tensor.sub_ torch.Tensor.mul_",
        False,
    ),
    (
        "batch_total_divides_samples", "SHP205", "batch-total-divides-samples", "Called",
        "torch.div torch.Tensor.div_ torch.sum torch.mean",
        False,
    ),
    ("mask_counted_once", "SHP206", "mask-counted-once", "Called", "torch.div torch.Tensor.div_", False),
    (
        "sequence_layer_fed_batch_first", "SHP207", "sequence-layer-fed-batch-first", "Called ModelCalled",
        (
            "torch.nn.Conv1d torch.nn.ConvTranspose1d torch.nn.BatchNorm1d torch.nn.MaxPool1d torch.nn.AvgPool1d "
            "torch.nn.AdaptiveAvgPool1d torch.nn.AdaptiveMaxPool1d torch.nn.Conv2d torch.nn.ConvTranspose2d "
            "torch.nn.BatchNorm2d torch.nn.MaxPool2d torch.nn.AvgPool2d torch.nn.AdaptiveAvgPool2d torch.nn.AdaptiveMaxPool2d "
            "torch.nn.Conv3d torch.nn.ConvTranspose3d torch.nn.BatchNorm3d torch.nn.MaxPool3d torch.nn.AvgPool3d "
            "torch.nn.AdaptiveAvgPool3d torch.nn.AdaptiveMaxPool3d torch.nn.functional.conv1d torch.nn.functional.conv2d "
            "torch.nn.functional.conv3d torch.nn.RNN torch.nn.LSTM torch.nn.GRU torch.nn.MultiheadAttention "
            "torch.nn.TransformerEncoderLayer torch.nn.TransformerDecoderLayer torch.nn.TransformerEncoder "
            "torch.nn.TransformerDecoder torch.nn.Transformer torch.Tensor.__getitem__ torch.mean torch.sum torch.max "
            "torch.amax torch.flatten torch.nn.Flatten torch.Tensor.view torch.Tensor.reshape torch.reshape"
        ),
        False,
    ),
    ("last_sample_for_last_step", "SHP208", "last-sample-for-last-step", "Called", "torch.Tensor.__getitem__", False),
    (
        "positions_by_sample", "SHP209", "positions-by-sample", "Called ModelCalled",
        (
            "torch.add torch.Tensor.add_ torch.nn.Conv1d torch.nn.ConvTranspose1d torch.nn.BatchNorm1d torch.nn.MaxPool1d "
            "torch.nn.AvgPool1d torch.nn.AdaptiveAvgPool1d torch.nn.AdaptiveMaxPool1d torch.nn.Conv2d torch.nn.ConvTranspose2d "
            "torch.nn.BatchNorm2d torch.nn.MaxPool2d torch.nn.AvgPool2d torch.nn.AdaptiveAvgPool2d torch.nn.AdaptiveMaxPool2d "
            "torch.nn.Conv3d torch.nn.ConvTranspose3d torch.nn.BatchNorm3d torch.nn.MaxPool3d torch.nn.AvgPool3d "
            "torch.nn.AdaptiveAvgPool3d torch.nn.AdaptiveMaxPool3d torch.nn.functional.conv1d torch.nn.functional.conv2d "
            "torch.nn.functional.conv3d torch.nn.RNN torch.nn.LSTM torch.nn.GRU torch.nn.MultiheadAttention "
            "torch.nn.TransformerEncoderLayer torch.nn.TransformerDecoderLayer torch.nn.TransformerEncoder "
            "torch.nn.TransformerDecoder torch.nn.Transformer"
        ),
        False,
    ),
    (
        "one_number_for_all_samples", "SHP210", "one-number-for-all-samples", "Called",
        (
            "torch.add torch.sub torch.mul torch.eq torch.ne torch.Tensor.add_ torch.Tensor.sub_ torch.Tensor.mul_ "
            "torch.nn.functional.mse_loss torch.nn.functional.l1_loss torch.nn.functional.smooth_l1_loss "
            "torch.nn.functional.huber_loss torch.nn.MSELoss torch.nn.L1Loss torch.nn.SmoothL1Loss torch.nn.HuberLoss"
        ),
        False,
    ),
    ("mean_has_no_indices", "SHP211", "mean-has-no-indices", "Called", "torch.Tensor.__setitem__", False),
    (
        "instance_norm_takes_batch_for_channels", "SHP212", "instance-norm-takes-batch-for-channels", "Called",
        "torch.nn.InstanceNorm1d torch.nn.InstanceNorm2d torch.nn.InstanceNorm3d",
        False,
    ),
    ("norm_over_one_value", "SHP213", "norm-over-one-value", "Called", "torch.nn.LayerNorm torch.nn.GroupNorm", False),
    (
        "squeeze_drops_batch", "SHP214", "squeeze-drops-batch", "Called",
        "torch.squeeze torch.Tensor.squeeze torch.select torch.Tensor.select torch.Tensor.__getitem__ torch.unbind",
        False,
    ),
    (
        "batch_reduced_for_time", "SHP215", "batch-reduced-for-time", "Called ModelCalled",
        (
            "torch.nn.Conv1d torch.nn.ConvTranspose1d torch.nn.BatchNorm1d torch.nn.MaxPool1d torch.nn.AvgPool1d "
            "torch.nn.AdaptiveAvgPool1d torch.nn.AdaptiveMaxPool1d torch.nn.Conv2d torch.nn.ConvTranspose2d "
            "torch.nn.BatchNorm2d torch.nn.MaxPool2d torch.nn.AvgPool2d torch.nn.AdaptiveAvgPool2d torch.nn.AdaptiveMaxPool2d "
            "torch.nn.Conv3d torch.nn.ConvTranspose3d torch.nn.BatchNorm3d torch.nn.MaxPool3d torch.nn.AvgPool3d "
            "torch.nn.AdaptiveAvgPool3d torch.nn.AdaptiveMaxPool3d torch.nn.functional.conv1d torch.nn.functional.conv2d "
            "torch.nn.functional.conv3d torch.nn.RNN torch.nn.LSTM torch.nn.GRU torch.nn.MultiheadAttention "
            "torch.nn.TransformerEncoderLayer torch.nn.TransformerDecoderLayer torch.nn.TransformerEncoder "
            "torch.nn.TransformerDecoder torch.nn.Transformer torch.mean torch.sum torch.max torch.amax"
        ),
        False,
    ),
    ("argmax_over_batch", "SHP216", "argmax-over-batch", "Called", "torch.eq torch.ne torch.Tensor.eq torch.Tensor.ne", False),
    ("first_layer_for_last", "SHP217", "first-layer-for-last", "Called", "torch.Tensor.__getitem__", False),
    ("forward_returns_nothing", "SHP301", "forward-returns-nothing", "ForwardReturned", "", False),
    ("layers_not_registered", "SHP302", "layers-not-registered", "ModuleBuilt OptimizerBuilt", "", False),
    ("parameter_not_registered", "SHP303", "parameter-not-registered", "ModuleBuilt OptimizerBuilt", "", False),
    ("tensor_left_behind", "SHP304", "tensor-left-behind", "ModuleBuilt StateLoaded", "", False),
    ("layer_made_in_forward", "SHP305", "layer-made-in-forward", "ModuleBuilt", "", False),
    ("wrong_sibling_called", "SHP306", "wrong-sibling-called", "ModuleBuilt", "", False),
    ("layer_overwritten", "SHP307", "layer-overwritten", "LayerReplaced", "", False),
    ("result_dropped", "SHP308", "result-dropped", "ResultDropped", "", False),
    ("forward_misspelt", "SHP309", "forward-misspelt", "ModuleBuilt", "", False),
    ("one_layer_listed_twice", "SHP310", "one-layer-listed-twice", "ModuleBuilt", "", False),
    ("layer_added_after_optimizer", "SHP311", "layer-added-after-optimizer", "ModuleBuilt OptimizerBuilt OptimizerUsed", "", False),
    (
        "bias_before_norm", "SHP312", "bias-before-norm", "Called",
        (
            "torch.nn.BatchNorm1d torch.nn.BatchNorm2d torch.nn.BatchNorm3d torch.nn.SyncBatchNorm torch.nn.InstanceNorm1d "
            "torch.nn.InstanceNorm2d torch.nn.InstanceNorm3d"
        ),
        False,
    ),
    (
        "dropout_ignores_eval", "SHP313", "dropout-ignores-eval", "Called",
        (
            "torch.nn.functional.dropout torch.nn.functional.dropout1d torch.nn.functional.dropout2d "
            "torch.nn.functional.dropout3d torch.nn.functional.alpha_dropout torch.nn.functional.feature_alpha_dropout "
            "torch.nn.functional.scaled_dot_product_attention"
        ),
        False,
    ),
    ("dropout_on_one_layer", "SHP314", "dropout-on-one-layer", "ModuleBuilt", "", False),
    ("state_dict_not_called", "SHP315", "state-dict-not-called", "Called StateLoaded", "torch.save", False),
    ("layer_never_used", "SHP316", "layer-never-used", "ModuleBuilt", "", False),
    (
        "parameters_not_optimized", "SHP317", "parameters-not-optimized", "ModelCalled Called OptimizerBuilt OptimizerUsed StateLoaded",
        "torch.Tensor.backward",
        False,
    ),
    ("freeze_without_effect", "SHP318", "freeze-without-effect", "FlagSet", "", False),
    ("method_not_called", "SHP319", "method-not-called", "NotCalled", "", False),
    ("weights_not_copied", "SHP320", "weights-not-copied", "StateTaken StateLoaded OptimizerUsed", "", False),
    ("return_in_loop", "SHP321", "return-in-loop", "LoopLeft", "", False),
    ("head_never_runs", "SHP322", "head-never-runs", "ModelCalled", "", False),
    ("only_last_layer_counts", "SHP323", "only-last-layer-counts", "TurnsLost", "", False),
    ("zip_drops_layers", "SHP324", "zip-drops-layers", "LayersZipped", "", False),
    (
        "softmax_before_cross_entropy", "SHP401", "softmax-before-cross-entropy", "Called",
        "torch.nn.CrossEntropyLoss torch.nn.functional.cross_entropy",
        False,
    ),
    (
        "sigmoid_before_bce_with_logits", "SHP402", "sigmoid-before-bce-with-logits", "Called",
        "torch.nn.BCEWithLogitsLoss torch.nn.functional.binary_cross_entropy_with_logits torch.binary_cross_entropy_with_logits",
        False,
    ),
    (
        "probabilities_for_log_probabilities", "SHP403", "probabilities-for-log-probabilities", "Called",
        (
            "torch.nn.NLLLoss torch.nn.functional.nll_loss torch.nll_loss torch.nn.NLLLoss2d torch.nn.KLDivLoss "
            "torch.nn.functional.kl_div torch.kl_div"
        ),
        False,
    ),
    (
        "softmax_over_one_value", "SHP404", "softmax-over-one-value", "Called",
        (
            "torch.softmax torch.log_softmax torch.nn.functional.softmax torch.nn.functional.log_softmax torch.nn.Softmax "
            "torch.nn.LogSoftmax"
        ),
        False,
    ),
    (
        "cross_entropy_over_one_class", "SHP405", "cross-entropy-over-one-class", "Called",
        "torch.nn.CrossEntropyLoss torch.nn.functional.cross_entropy",
        False,
    ),
    (
        "relu_on_logits", "SHP406", "relu-on-logits", "Called",
        (
            "torch.nn.CrossEntropyLoss torch.nn.functional.cross_entropy torch.nn.BCEWithLogitsLoss "
            "torch.nn.functional.binary_cross_entropy_with_logits torch.binary_cross_entropy_with_logits"
        ),
        False,
    ),
    (
        "softmax_twice", "SHP407", "softmax-twice", "Called",
        (
            "torch.softmax torch.log_softmax torch.nn.functional.softmax torch.nn.functional.log_softmax torch.nn.Softmax "
            "torch.nn.LogSoftmax"
        ),
        False,
    ),
    (
        "class_axis_last", "SHP408", "class-axis-last", "Called",
        (
            "torch.nn.CrossEntropyLoss torch.nn.functional.cross_entropy torch.nn.NLLLoss torch.nn.functional.nll_loss "
            "torch.nll_loss torch.nn.NLLLoss2d"
        ),
        False,
    ),
    (
        "softmax_without_dim", "SHP409", "softmax-without-dim", "Called",
        (
            "torch.softmax torch.log_softmax torch.nn.functional.softmax torch.nn.functional.log_softmax torch.nn.Softmax "
            "torch.nn.LogSoftmax"
        ),
        False,
    ),
    (
        "softmax_over_batch", "SHP410", "softmax-over-batch", "Called ModelCalled",
        (
            "torch.softmax torch.log_softmax torch.nn.functional.softmax torch.nn.functional.log_softmax torch.nn.Softmax "
            "torch.nn.LogSoftmax torch.bmm torch.Tensor.bmm torch.matmul torch.Tensor.matmul torch.sum"
        ),
        False,
    ),
    ("zero_grad_missing", "SHP411", "zero-grad-missing", "OptimizerUsed Called", "torch.Tensor.backward", False),
    (
        "logits_for_probabilities", "SHP412", "logits-for-probabilities", "Called",
        "torch.nn.BCELoss torch.nn.functional.binary_cross_entropy",
        False,
    ),
    (
        "batch_norm_over_one_sample", "SHP413", "batch-norm-over-one-sample", "Called OptimizerBuilt OptimizerUsed",
        "torch.nn.BatchNorm1d torch.nn.BatchNorm2d torch.nn.BatchNorm3d torch.nn.SyncBatchNorm",
        False,
    ),
    ("eval_forgotten", "SHP414", "eval-forgotten", "ModelCalled StateLoaded", "", False),
    ("train_forgotten", "SHP415", "train-forgotten", "ModelCalled Called", "torch.Tensor.backward", False),
    ("step_without_gradients", "SHP416", "step-without-gradients", "OptimizerUsed Called", "torch.Tensor.backward", False),
    (
        "parameters_without_gradients", "SHP417", "parameters-without-gradients", "OptimizerBuilt OptimizerUsed Called",
        (
            "torch.Tensor.backward torch.nn.CrossEntropyLoss torch.nn.functional.cross_entropy torch.nn.NLLLoss "
            "torch.nn.functional.nll_loss torch.nll_loss torch.nn.NLLLoss2d torch.nn.KLDivLoss torch.nn.functional.kl_div "
            "torch.kl_div torch.nn.BCELoss torch.nn.functional.binary_cross_entropy torch.nn.BCEWithLogitsLoss "
            "torch.nn.functional.binary_cross_entropy_with_logits torch.binary_cross_entropy_with_logits torch.nn.MSELoss "
            "torch.nn.functional.mse_loss torch.nn.L1Loss torch.nn.functional.l1_loss torch.nn.SmoothL1Loss "
            "torch.nn.functional.smooth_l1_loss torch.nn.HuberLoss torch.Tensor.__setitem__ torch.Tensor.add_ torch.Tensor.sub_ "
            "torch.Tensor.mul_ torch.Tensor.div_ torch.Tensor.copy_ torch.Tensor.index_add_ torch.Tensor.index_copy_ "
            "torch.Tensor.index_put_ torch.Tensor.scatter_ torch.Tensor.scatter_add_ torch.Tensor.masked_scatter_ "
            "torch.Tensor.masked_fill_ torch.Tensor.addmm_ torch.Tensor.addcmul_ torch.Tensor.addcdiv_ torch.Tensor.lerp_ "
            "torch.Tensor.baddbmm_ torch.Tensor.set_ torch.Tensor.fill_ torch.Tensor.scatter_reduce_ torch.Tensor.index_reduce_ "
            "torch.Tensor.where_"
        ),
        True,
    ),
    (
        "optimizer_never_steps", "SHP418", "optimizer-never-steps", "OptimizerBuilt OptimizerUsed Called",
        "torch.Tensor.backward",
        True,
    ),
    ("training_step_returns_nothing", "SHP419", "training-step-returns-nothing", "ModuleBuilt", "", False),
    (
        "softmax_over_heads", "SHP420", "softmax-over-heads", "Called",
        (
            "torch.softmax torch.log_softmax torch.nn.functional.softmax torch.nn.functional.log_softmax torch.nn.Softmax "
            "torch.nn.LogSoftmax torch.matmul torch.einsum"
        ),
        False,
    ),
    (
        "rows_in_another_order", "SHP421", "rows-in-another-order", "Called",
        (
            "torch.nn.functional.cross_entropy torch.nn.functional.nll_loss torch.nn.CrossEntropyLoss torch.nn.NLLLoss "
            "torch.nn.functional.mse_loss torch.nn.functional.l1_loss torch.nn.functional.smooth_l1_loss "
            "torch.nn.functional.huber_loss torch.nn.functional.binary_cross_entropy "
            "torch.nn.functional.binary_cross_entropy_with_logits torch.nn.MSELoss torch.nn.L1Loss torch.nn.SmoothL1Loss "
            "torch.nn.HuberLoss torch.nn.BCELoss torch.nn.BCEWithLogitsLoss"
        ),
        False,
    ),
    (
        "clip_without_effect", "SHP422", "clip-without-effect", "OptimizerUsed Called",
        "torch.nn.utils.clip_grad_norm_ torch.nn.utils.clip_grad_value_ torch.Tensor.backward",
        False,
    ),
    ("accumulation_cleared", "SHP423", "accumulation-cleared", "OptimizerUsed Called", "torch.Tensor.backward", False),
    ("shape_comment_disagrees", "SHP501", "shape-comment-disagrees", "Assigned", "", False),
    ("parameters_counted_twice", "SHP502", "parameters-counted-twice", "Assigned", "", False),
    ("stated_parameters_disagree", "SHP503", "stated-parameters-disagree", "ModuleBuilt", "", False),
    ("over_budget", "SHP504", "over-budget", "ModuleBuilt Measured", "", False),
    ("shape_annotation_disagrees", "SHP505", "shape-annotation-disagrees", "Annotated", "", False),
)  # fmt: skip
