"""The size that arrives, in place of the literal at the constructor."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.fixes.conv_channel_mismatch import arriving
from shapelint.report import Edit

SAFE = False

_PARAMETERS = {
    "BatchNorm": (0, "num_features"),
    "SyncBatchNorm": (0, "num_features"),
    "InstanceNorm": (0, "num_features"),
    "GroupNorm": (1, "num_channels"),
    "LayerNorm": (0, "normalized_shape"),
    "RMSNorm": (0, "normalized_shape"),
}


def edits(found: Found) -> Sequence[Edit | None]:
    return arriving(found, _PARAMETERS)
