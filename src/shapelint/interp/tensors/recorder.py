"""What needs report to: the world's facts, and torch's refusals as what the program would see."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Dim, Sym
from shapelint.interp import calls
from shapelint.interp.control import ProgramRaises
from shapelint.interp.exceptional_edges import may_raise
from shapelint.interp.tensors import tensor_arguments
from shapelint.interp.world import World
from shapelint.specs.need import Need, Refused
from shapelint.values import Module, Shape, Tensor, Undetermined, Unknown, Unranked


class Recorder:
    """What needs report to, for one call."""

    __slots__ = ("layer", "world")

    def __init__(self, world: World, layer: Module | None = None) -> None:
        self.world = world
        self.layer = layer

    @property
    def default_dtype(self) -> str:
        return self.world.default_dtype  # type: ignore[no-any-return]

    def failed(self, need: Need, failure: dict[str, Any]) -> None:
        world = self.world
        tensors = tuple(t for t in failure.get("tensors", ()) if isinstance(t, Tensor))
        if world.autocast and failure.get("rule") == "wrong-dtype":
            return  # torch converts there
        if _takes_others(failure):
            raise Undetermined(f"{failure['tensors'][0].name or 'what is asked'} may be no tensor")
        if world.guarded:
            raise refusal(failure.get("raised", "RuntimeError"), failure.get("message", ""))
        world.failures += 1
        if any(t.after_failure for t in tensors) or any(r.module.broken for r in world.calls):
            return
        failure["tensors"] = tensors
        built = self.layer.built_at if self.layer is not None else None
        if built is None and world.calls:
            built = world.calls[-1].module.built_at if world.calls[-1].module.cls.node is None else None
        world.record(facts.NeedFailed, built=built, **failure)
        if world.calls and not world.muted and world.facts:
            for record in world.calls:
                if record.failed is None:
                    record.failed = world.facts[-1]

    def may_refuse(self) -> None:
        """What is asked is granted, though it is not known to be: a handler for torch's errors may run."""
        if self.world.guarded and self.world.tries:
            may_raise(self.world)

    def assumed(self, relation: str, left: Dim, right: Dim, op: str) -> None:
        self.may_refuse()
        self.world.record(facts.Assumed, relation=relation, left=left, right=right, op=op)

    def resolve(self, dim: Dim) -> Dim:
        return self.world.resolve(dim)

    def bind(self, symbol: Sym, dim: Dim) -> None:
        self.world.bind(symbol, dim)

    def bind_shape(
        self, box: Unranked, ranks: Sequence[int], names: Sequence[str], open: bool = False
    ) -> Shape:
        return self.world.bind_shape(box, ranks, names, open)

    def macs(self, count: Dim) -> None:
        world = self.world
        if world.calls and not world.muted:
            record = world.calls[-1]
            world.journal.touch_slot(record, "macs")
            record.macs = record.macs + count
            if world.repeating and record.uncertain is None:
                record.uncertain = "some of it runs in a loop whose number of turns is not known"

    def invoke(self, function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        return calls.call(self.world, function, args, keywords)

    def touch(self, container: Any) -> None:
        self.world.journal.touch(container)

    def layer_class(self, name: str) -> Any:
        from shapelint.interp import imports

        return imports.supplied_class(name)


def _takes_others(failure: dict[str, Any]) -> bool:
    """Whether arguments are refused that suit no tensor, beside something that is only presumed to be one: it is none."""
    rule = failure.get("rule")
    kind = rule == "sequence-for-tensor" or (
        rule == "call-refused" and failure.get("raised", "RuntimeError") != "RuntimeError"
    )
    if not kind and failure.get("op", "").rpartition(".")[2] not in _OF_ARRAYS:
        return False
    return any(isinstance(t, Tensor) and tensor_arguments.is_presumed(t) for t in failure.get("tensors", ()))


_OF_ARRAYS = frozenset(("repeat", "dot", "take"))  # which mean another thing there


def refusal(kind: str, message: str) -> ProgramRaises:
    """What the program sees of a call that torch refuses."""
    problem = ProgramRaises(kind, message)
    problem.refused = True
    return problem


# What a law's host code raises when it is given a value it does not expect (a string for a tensor, say); its assertions say what
# it does expect.
HOST_ERRORS = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError, AssertionError)


def odd(world: World, name: str, tainted: bool) -> Unknown:
    """An operation was given values that its law does not expect: its result is unknown. To be called while handling."""
    if os.environ.get("SHAPELINT_DEBUG") == "2":
        raise
    why = f"{name} is not modelled for these arguments"
    world.gap(why)
    return Unknown(why, world.site(), after_failure=tainted)


def misused(world: World, name: str, problem: str, inputs: tuple[Any, ...]) -> Any:
    """Arguments that do not fit the documented signature. Said to be unknown: a signature may lag behind torch's."""
    if world.guarded:
        raise ProgramRaises("TypeError", f"{name}: {problem}")
    world.gap(f"{name}: {problem}")
    return Unknown(f"{name}: {problem}", world.site(), after_failure=tensor_arguments.tainted(inputs))


def asked(
    world: World,
    name: str,
    law: Callable[[], Any],
    again: Callable[[], Any],
    tensors: tuple[Tensor, ...],
    tainted: bool,
) -> tuple[bool, Any]:
    """(True, what a law says of a call), or (False, what stands for it where the law says nothing). `again` makes the whole call
    once more, after the rank of an input was guessed."""
    try:
        return True, law()
    except Refused:
        return False, Unknown(f"{name} fails here", world.site(), after_failure=True)
    except Undetermined as problem:
        if world.guess_rank(tensor_arguments.open_boxes(tensors)):
            return False, again()
        world.gap(problem.why)
        follows = tainted or tensor_arguments.after_failure(problem)
        return False, Unknown(problem.why, world.site(), after_failure=follows)
    except dims.Undetermined as problem:
        world.gap(str(problem))
        return False, Unknown(str(problem), world.site(), after_failure=tainted)
    except HOST_ERRORS:
        return False, odd(world, name, tainted)
