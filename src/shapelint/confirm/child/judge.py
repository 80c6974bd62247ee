"""From what happened to verdicts: each claim is asked of the measure of its rule."""

from __future__ import annotations

from types import FrameType

from shapelint.confirm.child.channel import Channel, told
from shapelint.confirm.child.happenings import Event, Run
from shapelint.confirm.child.measures import MEASURES, Absent, Effect, Measure
from shapelint.confirm.child.places import meets
from shapelint.confirm.child.watch import Listener
from shapelint.confirm.job import Claim
from shapelint.records import dataclass


@dataclass(slots=True)
class State:
    """What is known of one claim so far. `broken` tells of an exception where none was claimed."""

    claim: Claim
    measure: Measure | None
    effect: str | None = None
    absent: str | None = None
    absences: int = 0
    broken: str | None = None


class Judge(Listener):
    """Listens to a run. What is confirmed is said at once, so that it outlives whatever the program does next."""

    def __init__(self, run: Run, claims: tuple[Claim, ...], channel: Channel, may_stop: bool = False) -> None:
        self.run = run
        self.channel = channel
        self.may_stop = may_stop  # nothing but the claims is asked for
        self._outer_calls = 0
        self.states = {c.id: State(c, MEASURES.get(c.rule)) for c in claims}

    @property
    def settled(self) -> bool:
        """Whether every claim has been confirmed: nothing more can be learnt."""
        return bool(self.states) and all(s.effect is not None for s in self.states.values())

    # ---- listening

    def happened(self, event: Event) -> None:
        for state in self.states.values():
            measure = state.measure
            if state.effect is not None or measure is None or measure.on_event is None:
                continue
            if measure.names and event.last not in measure.names:
                continue
            if not measure.anywhere and not self._is_here(state.claim, event):
                continue
            try:
                self._take(state, measure.on_event(event, state.claim, self.run))
            except (RuntimeError, ValueError, TypeError, IndexError, AttributeError):
                continue  # the program's values are not such as can be measured
        if event.call is not None and not event.stack:
            self._outer_calls += 1
            if self._outer_calls & (self._outer_calls - 1) == 0:
                self.over(early=True)

    def _is_here(self, claim: Claim, event: Event) -> bool:
        if meets(claim, event.place):
            return True
        layer = (
            event.call.module if event.call is not None else event.stack[-1].module if event.stack else None
        )
        if layer is None or not type(layer).__module__.startswith("torch."):
            return False
        return meets(claim, self.run.place_built(layer))

    def raised(self, claim: Claim, kind: type[BaseException], message: str) -> None:
        state = self.states[claim.id]
        if state.measure is None or not state.measure.raises:
            state.broken = told(kind, message)
        elif state.effect is None:
            self._confirm(state, told(kind, message))

    def passed(self, claim: Claim, frame: FrameType) -> None:
        state = self.states[claim.id]
        measure = state.measure
        if state.effect is None and measure is not None and measure.on_line is not None:
            try:
                self._take(state, measure.on_line(frame, claim, self.run))
            except (RuntimeError, ValueError, TypeError, IndexError, AttributeError):
                return

    def over(self, early: bool = False) -> None:
        """The program has come to its end, or cannot go on: what only the whole shows is measured now. `early`, while it
        still runs, only what the rest of it cannot change."""
        for state in self.states.values():
            measure = state.measure
            if state.effect is None and measure is not None and measure.at_end is not None:
                if early and not measure.early:
                    continue
                try:
                    seen = measure.at_end(state.claim, self.run)
                    if isinstance(seen, Effect) or not early:
                        self._take(state, seen)
                except (RuntimeError, ValueError, TypeError, IndexError, AttributeError, KeyError):
                    continue

    def _take(self, state: State, seen: Effect | Absent | None) -> None:
        if isinstance(seen, Effect):
            self._confirm(state, seen.text)
        elif isinstance(seen, Absent):
            state.absent, state.absences = seen.text, state.absences + 1

    def _confirm(self, state: State, text: str) -> None:
        state.effect = text
        self.channel.send("claim", id=state.claim.id, verdict="confirmed", text=text)
        if self.may_stop and self.settled:
            self.channel.end("everything was seen")

    # ---- the end

    def tell(self, ended: str, complete: bool) -> None:
        """The verdicts on what has not been confirmed. `ended` says how the program ended, `complete` whether by itself."""
        for state in self.states.values():
            if state.effect is None:
                verdict, text = self._verdict(state, ended, complete)
                self.channel.send("claim", id=state.claim.id, verdict=verdict, text=text)

    def _verdict(self, state: State, ended: str, complete: bool) -> tuple[str, str]:
        times = self.run.passed.get(state.claim.id, 0)
        often = f"{times:,} time{'' if times == 1 else 's'}"
        if state.measure is None:
            return "not-run", f"there is no measurement of {state.claim.rule}"
        if state.broken is not None:
            return "not-run", f"it raises instead: {state.broken}"
        if state.absent is not None:
            if complete:
                return "refuted", state.absent
            return "not-run", f"{state.absent}; but then {ended}"
        if state.measure.raises and times:
            if complete:
                return "refuted", f"the line ran {often}, and nothing was raised"
            return "not-run", f"the line ran {often} without raising; but then {ended}"
        if not self.run.reached.get(state.claim.id):
            return "not-run", f"the program does not get there: {ended}"
        return "not-run", f"nothing could be measured there: {ended}"
