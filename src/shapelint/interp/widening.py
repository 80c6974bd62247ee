"""Loops of an unknown number of turns: what one turn changes is not known before any turn. State only grows less known."""

from __future__ import annotations

from typing import Any

from shapelint import dims, ir
from shapelint.dims import Sym
from shapelint.interp.host import open_lists
from shapelint.interp.join import Unset, join, same
from shapelint.interp.layers import doubt
from shapelint.interp.slot_joins import lost_iterator
from shapelint.interp.world import World
from shapelint.values import Either, Tensor, Unknown, nesting
from shapelint.values.journal import Layer

WHY = "it changes in a loop whose number of turns is not known"


def widen(world: World, layer: Layer, attempt: int, fresh: Fresh) -> bool:
    """Put in place what holds before any turn: everything that a turn (whose writes are `layer`) changes becomes unknown,
    tensors axis by axis. Whether anything was changed by that."""
    changed = fresh.bind(world, layer)
    container: Any
    after: Any
    for container, after in layer.containers.values():
        if container is world.bindings:
            continue
        owner = world.owners.get(id(container))
        if owner is not None and _other_keys(container, after):
            if owner.open is None:
                if isinstance(container, list):
                    open_lists.open_up(world, owner, WHY, [*container, *after])
                else:
                    world.journal.touch_slot(owner, "open")
                    owner.open = Unknown(WHY)
                changed = True
            if isinstance(container, dict) and (gone := [k for k in container if k not in after]):
                world.journal.touch(container)
                for k in gone:
                    del container[k]
                changed = True
        if isinstance(container, dict):
            for name in list(container):
                if name in after:
                    changed |= _item(world, container, name, after[name], attempt)
        elif isinstance(container, list):
            for i in range(min(len(container), len(after))):
                changed |= _item(world, container, i, after[i], attempt)
    for (_, name), (owner, after) in layer.slots.items():
        # An iterator that the turn itself makes is another one at every pass: it is no reason to go on for long.
        if name == "at" and owner.at not in (after, -1):
            world.journal.touch_slot(owner, name)
            owner.at = -1
            changed |= attempt < 2
        elif name == "doubtful" and not after <= owner.doubtful:
            world.journal.touch_slot(owner, name)
            owner.doubtful |= after
            changed = True
        elif name in ("state", "rest", "inner") and not same(getattr(owner, name), after):
            world.journal.touch_slot(owner, name)
            setattr(owner, name, lost_iterator(name))
            changed |= attempt < 2
        elif name == "made_from" and owner.made_from is not None and not same(owner.made_from, after):
            widened = _widened(owner.made_from, after, attempt)
            if widened is not owner.made_from:
                world.journal.touch_slot(owner, name)
                owner.made_from = widened
                changed |= attempt < 2
    return changed


class Fresh:
    """Names that a turn binds first: in the next turn they are bound, or are not where that was the first."""

    def __init__(self, scope: dict[str, Any], carried: frozenset[str]) -> None:
        self.scope = scope
        self.carried = carried
        # The layers keep what a pass has made, and with it its identity.
        self.seen: dict[int, tuple[Any, Layer]] = {}

    def bind(self, world: World, layer: Layer) -> bool:
        changed, first = False, not self.seen
        container: Any
        after: Any
        for ident, (container, after) in layer.containers.items():
            if not isinstance(container, dict) or container is world.bindings or ident in world.owners:
                continue
            if container is self.scope:
                new = [name for name in after if name in self.carried and name not in container]
                for name in new:
                    world.journal.touch(container)
                    container[name] = after[name]
            elif len(after) <= len(container) and after.keys() <= container.keys():
                continue
            elif ident not in self.seen:  # most are of something that the turn itself has made
                self.seen[ident] = container, layer
                changed |= first and bool(container)
                continue
            else:
                new = [name for name in after if isinstance(name, str) and name not in container]
                world.journal.touch(container)
                for name in new:
                    container[name] = Unset(after[name], WHY)
                doubt(world, container, new)
            changed |= bool(new)
        return changed


def _other_keys(container: Any, after: Any) -> bool:
    if isinstance(container, list):
        return len(container) != len(after)
    return bool(container.keys() != after.keys()) if isinstance(container, dict) else False


def _item(world: World, container: Any, at: Any, after: Any, attempt: int) -> bool:
    before = container[at]
    if same(before, after):
        return False
    widened = _widened(before, after, attempt)
    if widened is before:
        return False
    world.journal.touch(container)
    container[at] = widened
    return True


def _widened(before: Any, after: Any, attempt: int) -> Any:
    if isinstance(before, Unknown):
        return before
    if nesting.endless(before) or nesting.endless(after):
        return Unknown(WHY)
    if isinstance(before, Either) and any(option is None for option in before.options):
        return before if before.options[0].__class__ is Unknown else Either((Unknown(WHY), None), WHY)
    if type(before) is tuple and type(after) is tuple and len(before) == len(after):
        sides = zip(before, after, strict=True)
        parts = tuple(x if same(x, y) else _widened(x, y, attempt) for x, y in sides)
        return before if all(x is y for x, y in zip(parts, before, strict=True)) else parts
    if isinstance(before, Tensor) and isinstance(after, Tensor) and before.known and after.known:
        if len(before.shape) == len(after.shape):
            return _widened_tensor(before, after, attempt)
        return Unknown(WHY, after_failure=before.after_failure or after.after_failure)
    return Unknown(WHY)


def _any_values(before: Tensor, after: Tensor) -> Tensor:
    """A tensor of the same shape whose elements, or whose dtype, a turn changes."""
    made = before.like(before.dtype if before.dtype == after.dtype else None)
    made.made, made.marks = before.made, before.marks & after.marks
    made.requires_grad = before.requires_grad if before.requires_grad == after.requires_grad else None
    return made


_LOOSE = "n*"  # the name of an axis that changes from turn to turn


def _widened_tensor(before: Tensor, after: Tensor, attempt: int) -> Any:
    """An axis that changes is any size; the others stay. At first the two sizes that were seen are tried."""
    pairs = list(zip(before.shape, after.shape, strict=True))
    odd = [not dims.equal(x, y).yes and not _is_loose(x) for x, y in pairs]
    if not any(odd):
        settled = before.kind != "tensor" or (before.data is None and before.dtype in (after.dtype, None))
        settled = settled and before.layout in (None, after.layout)
        return before if settled else _any_values(before, after)
    if attempt == 0:
        return join(before, after, object(), WHY)
    shape = tuple(
        dims.symbol(_LOOSE, low=0) if changes else x for (x, _), changes in zip(pairs, odd, strict=True)
    )
    made = Tensor(shape, before.dtype if before.dtype == after.dtype else None)
    made.kind = before.kind if before.kind == after.kind else "tensor"
    made.requires_grad = before.requires_grad if before.requires_grad == after.requires_grad else None
    made.after_failure = before.after_failure or after.after_failure
    return made


def _is_loose(size: Any) -> bool:
    return isinstance(size, Sym) and size.as_symbol is not None and size.as_symbol.name == _LOOSE


def forget(world: World, body: tuple[ir.Stmt, ...], names: dict[str, Any]) -> None:
    """After too many passes: whatever the body assigns by name is unknown."""
    held = world.assigned.get(id(body))
    if held is None:
        held = world.assigned[id(body)] = body, assigned(body)
    world.journal.touch(names)
    for name in held[1]:
        if name in names:
            names[name] = Unknown(WHY)


def assigned(node: Any) -> set[str]:
    """The names that statements bind, at any depth."""
    found: set[str] = set()
    pending = [node]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Node) and not isinstance(at, (ir.FunctionDef, ir.ClassDef, ir.Lambda)):
            if isinstance(at, (ir.Assign, ir.AugAssign, ir.For, ir.With, ir.NamedExpr)):
                found |= _names(at)
            pending.extend(ir.parts(at))
    return found


def _names(at: Any) -> set[str]:
    if isinstance(at, ir.Assign):
        targets: list[Any] = list(at.targets)
    elif isinstance(at, ir.With):
        targets = [target for _, target in at.items]
    else:
        targets = [at.target]
    found: set[str] = set()
    while targets:
        target = targets.pop()
        if isinstance(target, str):
            found.add(target)
        elif isinstance(target, ir.Name):
            found.add(target.id)
        elif isinstance(target, (ir.TupleDisplay, ir.ListDisplay)):
            targets.extend(target.items)
        elif isinstance(target, ir.Starred):
            targets.append(target.value)
    return found
