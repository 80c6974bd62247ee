"""From what a child said to a verdict on each claim. A child's word is data: it is checked, and cut to size."""

from __future__ import annotations

from collections.abc import Iterable

from shapelint.confirm.job import Claim
from shapelint.confirm.process import Outcome, said
from shapelint.records import dataclass
from shapelint.report import Verdict

_MAX_NOTE = 600


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and what was measured or why nothing was."""

    verdict: Verdict
    note: str


def judgements(outcome: Outcome, claims: Iterable[Claim]) -> dict[int, Judgement]:
    """One judgement a claim. What was confirmed before the child came to grief stays confirmed."""
    found: dict[int, Judgement] = {}
    for message in said(outcome, "claim"):
        number, verdict, text = message.get("id"), message.get("verdict"), message.get("text")
        if not isinstance(number, int) or not isinstance(text, str):
            continue
        if number in found and found[number].verdict == "confirmed":
            continue
        if verdict == "confirmed" or verdict == "refuted" or verdict == "not-run":
            found[number] = Judgement(verdict, text[:_MAX_NOTE])
    last = last_stage(outcome)
    for claim in claims:
        if claim.id not in found:
            found[claim.id] = Judgement(
                "not-run", f"{outcome.end}{f', while {last}' if last else ''}"[:_MAX_NOTE]
            )
        elif not outcome.finished and found[claim.id].verdict == "refuted":
            found[claim.id] = Judgement("not-run", outcome.end)
    return found


def last_stage(outcome: Outcome) -> str:
    """What the child was doing when it was last heard of."""
    stages = [m["what"] for m in said(outcome, "at") if isinstance(m.get("what"), str)]
    return str(stages[-1])[:100] if stages else ""


def without_torch(outcome: Outcome) -> str | None:
    """Why torch could not be imported, if that is so."""
    for message in said(outcome, "no-torch"):
        return str(message.get("why", ""))[:_MAX_NOTE] or "torch cannot be imported"
    return None
