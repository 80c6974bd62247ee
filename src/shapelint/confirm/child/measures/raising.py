"""The rules that claim an exception: torch's own message is the measurement."""

from __future__ import annotations

RAISING = frozenset(
    (
        "linear-size-mismatch conv-channel-mismatch norm-size-mismatch view-size-mismatch matmul-size-mismatch "
        "broadcast-mismatch cat-size-mismatch wrong-rank kernel-larger-than-input heads-do-not-divide "
        "recurrent-size-mismatch invalid-constructor-argument axis-out-of-range wrong-dtype index-out-of-range "
        "attention-size-mismatch loss-size-mismatch einops-mismatch split-size-mismatch call-refused "
        "missing-super-init tensor-replaces-parameter"
    ).split()
)
