"""SHP320 weights-not-copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import tree
from shapelint.rules.surroundings import file_lines
from shapelint.values import Dict, Either, Module, Tensor, Unknown

_LOADED_AT_ONCE = regex(r"([\w.]+)\.load_state_dict\(\s*([\w.]+)\.state_dict\(\)\s*\)")


class WeightsNotCopied(Rule):
    """The weights kept for later are the ones that training goes on to change: nothing was copied.

    Why
        `state_dict()` gives the network's own tensors. An optimizer changes them in place, so that loading the state back
        at the end loads the last weights, and not the best. `copy.deepcopy` of it, or torch.save, keeps those. A
        network under two names (`target = net`) holds what it loads from itself already, too.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        best = model.state_dict()
        optimizer.zero_grad()
        model(torch.randn(4, 8)).sum().backward()
        optimizer.step()
        model.load_state_dict(best)  # error: [weights-not-copied]

    Good
        import copy
        import torch
        from torch import nn

        model = nn.Linear(8, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        best = copy.deepcopy(model.state_dict())
        optimizer.zero_grad()
        model(torch.randn(4, 8)).sum().backward()
        optimizer.step()
        model.load_state_dict(best)
    """

    code = "SHP320"
    name = "weights-not-copied"
    listens = (facts.StateTaken, facts.StateLoaded, facts.OptimizerUsed)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        steps = [f for f in said if isinstance(f, facts.OptimizerUsed) and f.what == "step"]
        taken = [f for f in said if isinstance(f, facts.StateTaken)]
        shared = _shared(taken)
        for fact in said:
            if not isinstance(fact, facts.StateLoaded):
                continue
            before = [
                f for f in taken if f.module is fact.module and f.order < fact.order and f.site != fact.site
            ]
            is_proven = _is_its_own(fact, shared)
            if not is_proven and not _is_named(fact, taken, context):
                continue
            at_once = _LOADED_AT_ONCE.fullmatch(context.spelled(fact.site, 200))
            if at_once is not None:  # what was taken before is not what is loaded
                same = self._of_one(fact, at_once[1], at_once[2], context) if is_proven else None
                if same is not None:
                    yield same
                continue
            first = next((f for f in before if any(f.order < s.order < fact.order for s in steps)), None)
            if first is None or first.site is None:
                continue
            at = TrailStep(
                first.site.path,
                first.site.line,
                first.site.column,
                f"taken here: {context.spelled(first.site, 60)}",
            )
            found = self.report(
                fact,
                severity=None if is_proven or not fact.certain else "warning",
                message=f"{context.spelled(fact.site, 60)} loads what the network holds already: the steps since then have changed "
                "the state that was taken, which was not copied",
                trail=(at,),
                fits=("copy.deepcopy(model.state_dict())",),
            )
            if found is not None:
                yield found

    def _of_one(self, fact: facts.StateLoaded, name: str, other: str, context: Context) -> Diagnostic | None:
        """A network that is given the state of another, by the name it has here, which is the network itself."""
        if name == other or not fact.by_program:
            return None
        return self.report(
            fact,
            f"{context.spelled(fact.site, 60)} copies nothing: {name} and {other} are one network",
            fits=(f"{name} = copy.deepcopy({other})",),
            severity="warning",
        )


def _is_its_own(fact: facts.StateLoaded, shared: dict[int, Any]) -> bool:
    """Whether a module is given its own tensors, all of them, whichever of several states it is given."""
    if not isinstance(fact.module, Module):
        return False
    own = {id(v) for layer in tree(fact.module) for v in layer.attrs.values() if isinstance(v, Tensor)}
    states = list(_states(fact.given))
    return (
        bool(own)
        and bool(states)
        and all(
            s is not None and {id(shared.get(id(v), v)) for v in s.items.values()} <= own and bool(s.items)
            for s in states
        )
    )


def _shared(taken: Sequence[facts.StateTaken]) -> dict[int, Any]:
    """By entry of a state, as it was taken (no copy of one): the parameter or buffer that it shares its values with."""
    return {
        id(value): value.made.parents[0]
        for fact in taken
        for value in fact.state.items.values()
        if isinstance(value, Tensor) and value.made is not None and value.made.op == "torch.Tensor.detach"
    }


def _is_named(fact: facts.StateLoaded, taken: Sequence[facts.StateTaken], context: Context) -> bool:
    """Whether the name that is loaded from is only ever given the state of the very module, as it is: what a name holds behind a
    condition is not always followed."""
    name = re.fullmatch(r"[\w.]+\.load_state_dict\(([A-Za-z_]\w*)\)", context.spelled(fact.site, 200))
    if not isinstance(fact.given, Unknown) or name is None or fact.site is None:
        return False
    lines = file_lines(context, fact.site)
    given = {
        number: match.group(1).partition("#")[0].strip()
        for number, line in enumerate(lines, 1)
        for match in [re.search(rf"(?<![\w.]){name.group(1)}\b[^=(\[]*=(?!=)(.*)", line)]
        if match is not None
    }
    states = {n: text for n, text in given.items() if text.endswith(".state_dict()")}
    if not states or any(
        text.split(",")[-1].strip() not in ("None", "{}") for n, text in given.items() if n not in states
    ):
        return False
    there = [
        f for f in taken if f.site is not None and f.site.path == fact.site.path and f.site.line in states
    ]
    return (
        all(re.fullmatch(r"[\w.]+\.state_dict\(\)", text) for text in states.values())
        and {f.site.line for f in there if f.site is not None} == set(states)
        and all(f.module is fact.module for f in there)
    )


def _states(given: Any) -> Iterator[Dict | None]:
    """The dicts that may be given; None for anything else."""
    for option in given.options if isinstance(given, Either) else (given,):
        if option is None:
            continue
        yield option if isinstance(option, Dict) and option.open is None else None
