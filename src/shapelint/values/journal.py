"""The journal: every write to a mutable container goes through it, so that one side of an undecided branch can be undone
and merged with the other without copying the heap.

A layer keeps, for each container it first touches, a shallow copy of what it held before. Containers are host dicts,
lists and sets (which sit inside values); single slots of host objects are journalled as (object, attribute).
"""

from __future__ import annotations

from itertools import count
from typing import Any

_moments = count()  # tell what was there when something began


class Attributes(dict[str, Any]):
    """The attributes of an object. `born` is the moment when it was made."""

    __slots__ = ("born",)

    def __init__(self) -> None:
        self.born = next(_moments)


class Names(dict[Any, Any]):
    """Names that outlast calls: those of a module, of a class. The journal counts the writes to them."""

    __slots__ = ()


Container = dict[Any, Any] | list[Any] | set[Any]


class Layer:
    """What one side of a branch wrote: each touched container with its contents before. A `lasting` one is never undone: it
    only tells what was written while it was the innermost."""

    __slots__ = ("containers", "copied", "lasting", "opened", "serial", "slots")

    def __init__(self, *, lasting: bool = False, serial: int = 0, opened: int | None = None) -> None:
        self.lasting = lasting
        self.opened = next(_moments) if opened is None else opened  # what was born later was made within
        self.serial = serial  # tells the layers of a journal apart, whenever they are open
        self.copied = 0  # how many names and items the containers held when it was closed
        self.containers: dict[int, tuple[Container, Container]] = {}
        self.slots: dict[tuple[int, str], tuple[Any, Any]] = {}


class Journal:
    """A stack of layers; outside any undecided branch the stack is empty and nothing is recorded."""

    __slots__ = ("begun", "layers", "renamed")

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.begun = 0  # how many layers there were
        self.renamed = 0  # how often lasting names were written or restored

    def forget(self, names: Container, born: int) -> None:
        """To be called when a scope is left whose names nobody can ask for any more, and that was entered in the layer `born`: what
        was written to them there need be neither undone nor written again."""
        if self.layers and self.layers[-1].serial == born:
            self.layers[-1].containers.pop(id(names), None)

    def touch(self, container: Container) -> None:
        """To be called before a container is written."""
        if container.__class__ is Names:
            self.renamed += 1
        if self.layers:
            held = self.layers[-1].containers
            key = id(container)
            if key not in held:
                held[key] = (container, container.copy())

    def touch_slot(self, owner: Any, name: str) -> None:
        """To be called before `owner.name` of a host object is written."""
        if self.layers:
            held = self.layers[-1].slots
            key = (id(owner), name)
            if key not in held:
                held[key] = (owner, getattr(owner, name))

    @property
    def innermost(self) -> int:
        """The serial number of the layer that writes are noted in; 0 where there is none."""
        return self.layers[-1].serial if self.layers else 0

    def begin(self) -> None:
        self.begun += 1
        self.layers.append(Layer(serial=self.begun))

    def end(self) -> Layer:
        """Close the innermost layer and undo what it wrote; the layer returned holds what was written."""
        layer = self.layers.pop()
        for key, (container, before) in layer.containers.items():
            after = container.copy()
            layer.copied += len(after)
            _restore(container, before)
            layer.containers[key] = (container, after)
            if container.__class__ is Names:
                self.renamed += 1
        for slot, (owner, before) in layer.slots.items():
            after = getattr(owner, slot[1])
            setattr(owner, slot[1], before)
            layer.slots[slot] = (owner, after)
        return layer

    def keep(self) -> None:
        """Close the innermost layer and let what it wrote stand, as if written into the one around it."""
        self.dissolve(len(self.layers) - 1)

    def dissolve(self, at: int) -> None:
        """Let what the layer at an index wrote stand, as if written into the one around it; those inside it stay open."""
        layer = self.layers.pop(at)
        if at:
            outer = self.layers[at - 1]
            for key, held in layer.containers.items():
                outer.containers.setdefault(key, held)
            for slot, before in layer.slots.items():
                outer.slots.setdefault(slot, before)

    def set_aside(self) -> list[Layer]:
        """Begin something whose writes last whatever becomes of the branches in progress: their layers, to be put back."""
        self.begun += 1
        held, self.layers = self.layers, [Layer(lasting=True, serial=self.begun)]
        return held

    def put_back(self, held: list[Layer]) -> None:
        """Go on with the layers that were set aside. What was written since is part of the state before each of them."""
        written = self.layers[0]
        self.layers = held
        for layer in held:
            for key, (container, before) in written.containers.items():
                if key in layer.containers:
                    if not layer.lasting:
                        _write_since(layer.containers[key][1], before, container)
                elif layer.lasting:
                    layer.containers[key] = (container, before)
            for slot, (owner, value) in written.slots.items():
                now = getattr(owner, slot[1])
                if slot in layer.slots:
                    if not layer.lasting and now is not value:
                        layer.slots[slot] = (owner, now)
                elif layer.lasting:
                    layer.slots[slot] = (owner, value)

    def since(self, depth: int, end: int | None = None) -> Layer:
        """What was written in the layers from `depth` on (and before `end`), which stay open."""
        found = Layer(opened=self.layers[depth].opened if depth < len(self.layers) else None)
        for layer in self.layers[depth:end]:
            for key, (container, _) in layer.containers.items():
                found.containers.setdefault(key, (container, container.copy()))
                found.copied += len(container)
            for slot, (owner, _) in layer.slots.items():
                found.slots.setdefault(slot, (owner, getattr(owner, slot[1])))
        if end is not None:
            later = self.before(end)
            found.containers |= {k: later.containers[k] for k in found.containers.keys() & later.containers}
            found.slots |= {k: later.slots[k] for k in found.slots.keys() & later.slots}
        return found

    def before(self, depth: int) -> Layer:
        """What that which the layers from `depth` on have written, and which stay open, held before."""
        found = Layer(opened=self.layers[depth].opened if depth < len(self.layers) else None)
        for layer in self.layers[depth:]:
            found.containers = {**layer.containers, **found.containers}
            found.slots = {**layer.slots, **found.slots}
        return found

    def replay(self, layer: Layer) -> None:
        """Write again what an undone layer had written (into the layer that is open now)."""
        for container, after in layer.containers.values():
            self.touch(container)
            _restore(container, after)
        for (_, name), (owner, after) in layer.slots.items():
            self.touch_slot(owner, name)
            setattr(owner, name, after)


def _write_since(target: Any, before: Any, after: Any) -> None:
    """Write into `target`, an older state of a container, what has changed from `before` to `after`."""
    if isinstance(after, dict):
        for key in before:
            if key not in after:
                target.pop(key, None)
        for key, value in after.items():
            if key not in before or before[key] is not value:
                target[key] = value
    elif isinstance(after, set):
        target -= before - after
        target |= after - before
    elif len(after) >= len(before) and all(x is y for x, y in zip(before, after, strict=False)):
        target.extend(after[len(before) :])
    else:
        target[:] = after


def _restore(container: Container, contents: Container) -> None:
    if isinstance(container, list):
        container[:] = contents
    else:
        container.clear()
        container.update(contents)
