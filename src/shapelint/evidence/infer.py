"""What input a network was written for, read off the layers that take it.

The channel count and the like are bound by the needs of the layers themselves. What is left, the height and width of an
image, is found by trying square sizes against what was assumed on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Dim, Sym, Symbol
from shapelint.interp.world import World
from shapelint.records import dataclass
from shapelint.values import Tensor, Unknown

_LARGEST = 1_024
_RESHAPES = frozenset(("view", "reshape", "flatten", "view_as", "reshape_as"))


@dataclass(slots=True)
class Inferred:
    """The inputs as tensors (sizes that stay open are symbols), and what is known of the sizes that fit."""

    inputs: tuple[Tensor, ...]
    note: str | None


Condition = tuple[str, Dim, Dim]  # "equal", "at_least" or "divides" (the first is a multiple of the second)


def infer(
    world: World, arguments: Sequence[Any], said: Sequence[facts.Fact], fixed: frozenset[Symbol] = frozenset()
) -> Inferred | None:
    """The inputs that fit, from an evaluation with unknown `arguments`; None when an argument is no tensor or its rank is
    unknown. `fixed` are the sizes that the network itself has (its channels, where a constructor's argument is not known): an
    input is not free to choose them. To be called before the evaluation is undone."""
    inputs: list[Tensor] = []
    for argument in arguments:
        tensor = argument.tensor if isinstance(argument, Unknown) else argument
        if not isinstance(tensor, Tensor) or not tensor.known:
            return None
        inputs.append(Tensor(tuple(world.resolve(d) for d in tensor.shape), tensor.dtype or "float32"))
    if not inputs:
        return None
    first = inputs[0]
    free = [
        d
        for d in first.shape[1:]
        if isinstance(d, Sym)
        and d.as_symbol is not None
        and d.as_symbol.witness is None
        and d.as_symbol not in fixed
    ]
    if not free or first.rank < 3:
        return Inferred(tuple(inputs), None)
    sizes = fitting(world, free, conditions(world, said, first.shape[0]))
    if not sizes:
        return Inferred(tuple(inputs), None)
    chosen = sizes[0]
    symbols: dict[Any, Dim] = {d.as_symbol: chosen for d in free}
    try:
        shaped = tuple(
            Tensor(tuple(dims.substitute(d, symbols) if isinstance(d, Sym) else d for d in t.shape), t.dtype)
            for t in inputs
        )
    except ZeroDivisionError:
        return Inferred(tuple(inputs), None)
    word = "pixels" if first.rank >= 4 else "steps"
    span = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > 1 else str(sizes[0])
    return Inferred(shaped, f"inputs of {span} {word} fit")


def conditions(world: World, said: Sequence[facts.Fact], batch: Dim) -> list[Condition]:
    """What sizes must be to each other: what operations assumed, and the batch that a view should keep."""
    found: list[Condition] = []
    for fact in said:
        if isinstance(fact, facts.Assumed):
            found.append((fact.relation, fact.left, fact.right))
        elif (
            isinstance(fact, facts.Called)
            and fact.op.rpartition(".")[2].lower() in _RESHAPES
            and isinstance(fact.result, Tensor)
            and fact.result.known
            and fact.result.shape
        ):
            x = fact.arguments.get("input", fact.arguments.get("self"))
            if (
                isinstance(x, Tensor)
                and x.known
                and x.rank > 2
                and x.shape[0] is batch
                and fact.result.rank == 2
            ):
                found.append(("equal", dims.product(x.shape[1:]), fact.result.shape[1]))
    return found


def fitting(world: World, free: Sequence[Sym], wanted: Sequence[Condition]) -> list[int]:
    """The first run of sizes that, given to all free axes, meets every condition; empty when no sizes must be equal, or none
    fits."""
    symbols = {d.as_symbol for d in free}
    asked: list[Condition] = []
    for relation, left, right in wanted:
        left, right = world.resolve(left), world.resolve(right)
        used = {s for d in (left, right) if isinstance(d, Sym) for s in d.symbols}
        if used & symbols and not _verdict(relation, left, right).yes:
            asked.append((relation, left, right))
    if not any(relation == "equal" for relation, _, _ in asked):
        return []
    sizes: list[int] = []
    for n in range(1, _LARGEST + 1):
        given: dict[Any, int] = {s: n for s in symbols if s is not None}
        if all(_holds(*condition, given) for condition in asked):
            sizes.append(n)
        elif sizes:
            break
    return sizes


def _holds(relation: str, left: Dim, right: Dim, given: dict[Any, int]) -> bool:
    try:
        a = dims.substitute(left, given) if isinstance(left, Sym) else left
        b = dims.substitute(right, given) if isinstance(right, Sym) else right
        verdict = _verdict(relation, a, b)
    except (ZeroDivisionError, dims.Undetermined):
        return False
    # Of equal sizes it must be known; of the rest, which may hang on other sizes, that they do not fit.
    return verdict.yes if relation == "equal" else not verdict.no


def _verdict(relation: str, left: Dim, right: Dim) -> dims.Verdict:
    if relation == "at_least":
        return dims.less_equal(right, left)
    if relation == "divides":
        return dims.divides(right, left)
    return dims.equal(left, right)
