"""How each rule's effect is measured: one function a rule, found by the rule's name.

A measure is told of the events at the claim's place and answers `Effect` (it is so: what was measured), `Absent` (it was
looked for and is not there), or None (this event shows nothing). Without a measure there is no verdict.
"""

from __future__ import annotations

from shapelint.confirm.child.measures import claims, losses, samples, wiring
from shapelint.confirm.child.measures.base import Absent, Effect, Measure
from shapelint.confirm.child.measures.raising import RAISING

__all__ = ["MEASURES", "Absent", "Effect", "Measure"]

MEASURES: dict[str, Measure] = {
    **{rule: Measure(raises=True) for rule in RAISING},
    **claims.MEASURES,
    **losses.MEASURES,
    **samples.MEASURES,
    **wiring.MEASURES,
}
