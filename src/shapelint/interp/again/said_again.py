"""Facts that are written down, to be said again where the same happens without being evaluated."""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint import facts, records
from shapelint.interp.again.recipes import Maker, NoRecipe, Writer
from shapelint.interp.world import World
from shapelint.values import Site

_KINDS = (facts.ModuleBuilt, facts.Called, facts.Assumed, facts.Printed)
_COMMON = frozenset(("site", "stack", "certain"))


class Said(NamedTuple):
    """A fact: its kind, its own data, when it was recorded, and whether its place is within the call (`stack` is then what
    follows the call's own stack). `certain`: no condition within the call decides over it."""

    kind: type[facts.Fact]
    data: tuple[tuple[str, Any], ...]
    order: int
    site: Site | None
    stack: tuple[Site, ...]
    within: bool
    certain: bool


def written_down(
    world: World,
    writer: Writer,
    fact: facts.Fact,
    clock: int,
    depth: int,
    kinds: tuple[type[facts.Fact], ...] = _KINDS,
) -> Said:
    """A fact as it may be said again. `clock` and `depth`: the time and the length of the stack when the call began. Raises
    NoRecipe."""
    if (
        not isinstance(fact, kinds)
        or fact.certain != (not world.uncertain)
        or fact.repeats
        or fact.model_call is not None
    ):
        raise NoRecipe
    return kept(writer, fact, clock, depth, certain=True)


def kept(writer: Writer, fact: facts.Fact, clock: int, depth: int, *, certain: bool) -> Said:
    """A fact as it may be said again, whatever is asked of it besides. Raises NoRecipe."""
    data = []
    for field in records.fields(fact):
        if field.init and field.name not in _COMMON:
            value = getattr(fact, field.name)
            if field.name == "node" or isinstance(value, Site):
                data.append((field.name, value))
            elif value.__class__ is dict:
                data.append((field.name, writer.arguments(value)))
            else:
                data.append((field.name, writer.value(value)))
    within = fact.site is not None and len(fact.stack) >= depth
    rest = fact.stack[depth:] if within or fact.site is None else ()
    return Said(type(fact), tuple(data), fact.order - clock, fact.site, rest, within, certain)


def say_again(world: World, maker: Maker, told_of: tuple[Said, ...]) -> None:
    """Enter facts that were written down."""
    if not told_of:
        return
    site, before, _ = world.where()
    stack = world.stack()
    here = world.uncertain == 0
    for said in told_of:
        certain = here and said.certain
        data = {}
        for name, value in said.data:
            data[name] = (
                {k: maker.value(v) for k, v in value.items()}
                if value.__class__ is dict
                else maker.value(value)
            )
        if said.within:
            fact = said.kind(said.site, (*stack, *said.stack), certain, **data)
        elif site is None:
            fact = said.kind(None, (*stack, *said.stack), certain, **data)
        else:
            fact = said.kind(site, before, certain, **data)
        world.said(fact, world.clock + said.order)
