"""Claims in comments and counts (SHP5xx): the value on the line beside what is stated of it."""

from __future__ import annotations

import re
from types import FrameType

from shapelint.confirm.child.happenings import Event, Run
from shapelint.confirm.child.measures.base import Absent, Effect, Measure, Seen, shown
from shapelint.confirm.child.places import text_of
from shapelint.confirm.child.pytorch import Tensor
from shapelint.confirm.job import Claim


def shape_on_line(event: Event, claim: Claim, run: Run) -> Seen:
    """The claim cites the shape that it found: is there a tensor of that shape on its line?"""
    if not isinstance(event.result, Tensor):
        return None
    cited = re.findall(r"\[[^\]]*\]", claim.message)
    if not cited:
        return None
    return Effect(f"it is {shown(event.result)}") if shown(event.result) == cited[-1] else None


def shape_of_name(frame: FrameType, claim: Claim, run: Run) -> Seen:
    """The same of the name that the line assigns."""
    found = re.match(r"\s*([A-Za-z_]\w*)\s*(?::[^=]*)?=", text_of(claim))
    value = frame.f_locals.get(found.group(1)) if found else None
    cited = re.findall(r"\[[^\]]*\]", claim.message)
    if not isinstance(value, Tensor) or not cited:
        return None
    text = f"it is {shown(value)}"
    return Effect(text) if shown(value) == cited[-1] else Absent(text)


def counted_twice(frame: FrameType, claim: Claim, run: Run) -> Seen:
    """The sum on the line beside the parameters that there are, each counted once."""
    told = re.search(r"` is ([\d,]+), but there are ([\d,]+) ", claim.message)
    numbers = [int(n.replace(",", "")) for n in told.groups()] if told else []
    found = re.match(r"\s*([A-Za-z_]\w*)\s*[-+*]?=", text_of(claim))
    value = frame.f_locals.get(found.group(1)) if found else None
    if not isinstance(value, int) or len(numbers) < 2:
        return None
    there = {sum(p.numel() for p in m.parameters()) for m in run.alive()}
    text = f"{found.group(1) if found else 'it'} is {value:,}"
    if value in there:
        return Absent(f"{text}, and a network has that many parameters")
    if value == numbers[0] and numbers[1] in there:
        return Effect(f"{text}, and the network has {numbers[1]:,} parameters")
    return None


MEASURES: dict[str, Measure] = {
    "shape-comment-disagrees": Measure(on_event=shape_on_line, on_line=shape_of_name),
    "shape-annotation-disagrees": Measure(on_event=shape_on_line),
    "parameters-counted-twice": Measure(on_line=counted_twice),
}
