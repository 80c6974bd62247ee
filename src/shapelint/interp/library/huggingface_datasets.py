"""datasets (Hugging Face): what is downloaded, or lies on a disk, is not known; it may hold tensors."""

from __future__ import annotations

from shapelint.interp.library import function
from shapelint.values import Unknown

_NAMES = (
    "load_dataset",
    "load_from_disk",
    "Dataset.load_from_disk",
    "Dataset.from_csv",
    "Dataset.from_json",
    "Dataset.from_parquet",
)

for _name in _NAMES:
    function(f"datasets.{_name}")(
        lambda world, args, keywords, name=_name: Unknown(
            f"what the data set of datasets.{name} holds is known where it lies only", world.site()
        )
    )
