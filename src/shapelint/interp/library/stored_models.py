"""What transformers, diffusers and others fetch from a hub, or read of a checkpoint, is outside: models, configurations, tokenizers.

Their constructors are followed like any other code. `from_pretrained` is not: much code stands before the request, all of it asks
what the hub holds, and none of it can say.
"""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, ClassMethod, Dict, Instance, Unknown

_STORED = {
    "diffusers.configuration_utils": "ConfigMixin",
    "diffusers.models.auto_model": "AutoModel",
    "diffusers.models.adapter": "MultiAdapter",
    "diffusers.models.modeling_utils": "LegacyModelMixin ModelMixin",
    "diffusers.modular_pipelines.modular_pipeline": "ModularPipeline ModularPipelineBlocks",
    "diffusers.pipelines.auto_pipeline": (
        "AutoPipelineForImage2Image AutoPipelineForInpainting AutoPipelineForText2Image"
    ),
    "diffusers.pipelines.pipeline_utils": "DiffusionPipeline",
    "diffusers.schedulers.scheduling_utils": "SchedulerMixin",
    "huggingface_hub.hub_mixin": "ModelHubMixin",
    "transformers.configuration_utils": "PreTrainedConfig PretrainedConfig",
    "transformers.feature_extraction_utils": "FeatureExtractionMixin",
    "transformers.generation.configuration_utils": "GenerationConfig",
    "transformers.image_processing_base": "ImageProcessingMixin",
    "transformers.modeling_utils": "PreTrainedModel",
    "transformers.models.auto.auto_factory": "_BaseAutoBackboneClass _BaseAutoModelClass",
    "transformers.models.auto.configuration_auto": "AutoConfig",
    "transformers.models.auto.feature_extraction_auto": "AutoFeatureExtractor",
    "transformers.models.auto.image_processing_auto": "AutoImageProcessor",
    "transformers.models.auto.processing_auto": "AutoProcessor",
    "transformers.models.auto.tokenization_auto": "AutoTokenizer",
    "transformers.models.auto.video_processing_auto": "AutoVideoProcessor",
    "transformers.processing_utils": "ProcessorMixin",
    "transformers.tokenization_mistral_common": "MistralCommonBackend MistralCommonTokenizer",
    "transformers.tokenization_utils_base": "PreTrainedTokenizerBase",
    "transformers.video_processing_utils": "BaseVideoProcessor",
}


def _stored(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """What was stored under a name. A model whose configuration is given is that configuration's, whatever its weights."""
    cls = args[0] if args else None
    config = keywords.get("config")
    if isinstance(cls, Class) and cls.is_module and isinstance(config, Instance):
        return calls.call(world, cls, (config, *args[2:]), {})
    name = args[1] if len(args) > 1 else keywords.get("pretrained_model_name_or_path")
    under = f" under {name!r}" if isinstance(name, str) else ""
    return Unknown(f"what is stored{under}", world.site())


for _home, _classes in _STORED.items():
    for _name in _classes.split():
        constant(f"{_home}.{_name}.from_pretrained", ClassMethod(Builtin("from_pretrained", _stored)))


def _with_keywords(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, Dict]:
    return _stored(world, args, {}), Dict({}, Unknown("options that a configuration does not know"))


for _name in ("PreTrainedConfig", "PretrainedConfig"):
    constant(
        f"transformers.configuration_utils.{_name}.get_config_dict",
        ClassMethod(Builtin("get_config_dict", _with_keywords)),
    )
constant(
    "diffusers.configuration_utils.ConfigMixin.load_config", ClassMethod(Builtin("load_config", _stored))
)


@function("transformers.pipeline", "transformers.pipelines.pipeline")
def pipeline(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Unknown("the pipeline that transformers makes", world.site())
