"""huggingface_hub: fields of dataclasses that check what they are given. What it loads and uploads is outside."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.host.host_calls import builtin, takes
from shapelint.interp.library import find, function
from shapelint.interp.library.outside import fresh
from shapelint.interp.world import World
from shapelint.values import Builtin

_FIELD = "default=..., default_factory=..., init=True, repr=True, hash=None, compare=True, metadata=None, **options"


def _field(world: World, options: dict[str, Any]) -> Any:
    """A field without its check: a value that does not pass would raise, and is taken to pass."""
    options.pop("options", None)
    given = {k: v for k, v in options.items() if v is not Ellipsis}
    return calls.call(world, find("dataclasses.field"), (), given)


@function("huggingface_hub.dataclasses.validated_field")
@takes(f"validator, {_FIELD}")
def validated_field(world: World, validator: Any, **options: Any) -> Any:
    return _field(world, options)


@function("huggingface_hub.dataclasses.as_validated_field")
@takes("validator")
def as_validated_field(world: World, validator: Any) -> Builtin:
    return builtin("huggingface_hub.dataclasses.field", _FIELD, lambda w, **options: _field(w, options))


@function("huggingface_hub.dataclasses.strict", "huggingface_hub.utils.dataclasses.strict")
@takes("cls=None, *, accept_kwargs=False")
def strict(world: World, cls: Any, accept_kwargs: Any) -> Any:
    """`@strict` and `@strict(accept_kwargs=…)`: the class, whose fields are then checked."""
    return cls if cls is not None else builtin("strict", "cls", lambda w, cls: cls)


# ---- what is asked of the hub: never followed, however much code stands before the request

_ASKED = {
    "file_download": "hf_hub_download hf_hub_url get_hf_file_metadata try_to_load_from_cache",
    "_snapshot_download": "snapshot_download",
    "hf_api": (
        "auth_check create_commit create_repo dataset_info file_exists get_paths_info get_safetensors_metadata list_datasets list_models "
        "list_repo_commits list_repo_files list_repo_refs list_repo_tree model_info repo_exists repo_info revision_exists "
        "upload_file upload_folder whoami HfApi"
    ),
    "hf_file_system": "HfFileSystem",
    "_login": "login logout notebook_login",
    "inference._client": "InferenceClient",
    "utils._http": "get_session http_backoff hf_raise_for_status",
    "utils._headers": "build_hf_headers",
    "utils._auth": "get_token",
    "utils": "build_hf_headers get_session get_token hf_raise_for_status http_backoff",
}
# The package offers most of them itself, some of them by several of its modules.
fresh(*sorted({
    f"huggingface_hub.{home}{name}" for where, names in _ASKED.items() for name in names.split() for home in (f"{where}.", "")
}))  # fmt: skip
