"""How to make again what a call has made: every object anew, in the same form, as the journal would have seen it made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from shapelint.dims import Dim
from shapelint.dims.renewal import Renewal
from shapelint.interp.again.outlasting import FIXED, is_fixed, is_member
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Device,
    Dict,
    Function,
    Instance,
    List,
    Made,
    Module,
    Set,
    Size,
    Tensor,
    Unknown,
)
from shapelint.values.journal import Layer


class NoRecipe(Exception):
    """Something that was made is not of a kind that can be made again."""


class Fresh(NamedTuple):
    """Stands for an object that the call has made."""

    at: int


class Given(NamedTuple):
    """Stands for an object that the call was given."""

    at: int


class StepOf(NamedTuple):
    """Stands for the operation that made a tensor that the call was given."""

    at: int


class OfConditions(NamedTuple):
    """Stands for a size that hangs on conditions that the call has come to."""

    at: int


class Several(NamedTuple):
    """Stands for a tuple in which something stands for something."""

    kind: Any
    parts: tuple[Any, ...]


class Sliced(NamedTuple):
    """Stands for a slice with such ends and steps."""

    parts: tuple[Any, ...]


class Named(NamedTuple):
    """Stands for named arguments in which something stands for something."""

    parts: dict[str, Any]


class Method(NamedTuple):
    function: Any
    receiver: Any


class Step(NamedTuple):
    """Stands for the operation that made a tensor."""

    made: Made
    parents: Any
    given: dict[str, Any] | None
    layer: Any


STANDING = frozenset((Fresh, Given, OfConditions, Several, Sliced, Named, Method, Step, StepOf))
_CONTAINERS = {
    Module: ("attrs", "buffers", "hidden", "hooks", "incomplete"),
    Instance: ("attrs",),
    List: ("items",),
    Dict: ("items",),
    Set: ("items",),
}
_SLOTS = {
    Module: ("initialised", "broken", "built_at", "template", "payload"),
    Instance: ("payload",),
    List: ("open", "made_from", "repeated"),
    Dict: ("open", "default", "kind", "last", "attrs"),
    Set: ("open", "frozen"),
    Tensor: (
        "_box",
        "dtype",
        "kind",
        "requires_grad",
        "data",
        "marks",
        "name",
        "layout",
        "made",
        "extra",
        "after_failure",
    ),
}


_AS_IT_IS = ("built_at", "template")  # slots that hold nothing of the program's


class Contents(NamedTuple):
    """What one container of an object holds. `standing` are the keys or places of what stands for something."""

    name: str
    held: Any
    standing: tuple[Any, ...]


class Part(NamedTuple):
    """One object: its class, what its slots hold that is not there from the first, what its containers hold, and what either held
    before the journal was told. `rest` is what the journal never hears of: (slots_none, history) of a module; OWNED for a list,
    dict or set that the world knows by its container."""

    kind: type
    cls: Any
    slots: tuple[tuple[str, Any], ...]
    standing: tuple[tuple[str, Any], ...]  # the slots that hold what stands for something
    slots_before: tuple[tuple[str, Any], ...]
    containers: tuple[Contents, ...]
    told: tuple[Contents, ...]  # containers that the journal was told of: what they held before
    rest: Any


OWNED = "owned"


def is_bare(value: Any) -> bool:
    """Whether it is an unknown of which nothing was asked yet, or a device that is one."""
    if value.__class__ is Device:
        return is_bare(value.type)
    return value.__class__ is Unknown and not (
        value.members or value.entry or value.name or value.symbol is not None or value.tensor is not None
    )


class Recipe:
    """The parts, in the order in which they were met, and the sizes that hang on conditions that the call has come to."""

    __slots__ = ("parts", "sizes")

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.sizes: Renewal | None = None


class Writer:
    """Writes a recipe. `given` are the objects that were handed in, `known` those that outlast the call (both by identity),
    `made` the plain instances that the call made, `layer` what it wrote; `owners` as the world has them."""

    def __init__(
        self,
        given: dict[int, int],
        known: dict[int, Any],
        made: dict[int, Any],
        layer: Layer,
        owners: dict[int, Any],
    ) -> None:
        self.owners = owners
        self.given = given
        self.known = known
        self.made = made
        self.layer = layer
        self.recipe = Recipe()
        self.seen: dict[int, Fresh] = {}
        self.held: list[Any] = []  # keeps what has an id in `seen`
        self.before: dict[int, list[tuple[str, Any]]] = {}
        for (owner, name), (_, value) in layer.slots.items():
            self.before.setdefault(owner, []).append((name, value))

    def value(self, value: Any) -> Any:
        """What stands for a value. Raises NoRecipe."""
        kind = value.__class__
        if kind is Function:
            if value.closure is not None and id(value) not in self.known and id(value) not in self.given:
                raise NoRecipe
            return value
        if kind in FIXED or kind is frozenset:
            return value
        if kind is tuple or kind is Size:
            parts = tuple([self.value(part) for part in value])
            same = all(a is b for a, b in zip(parts, value, strict=True))
            return value if same else Several(kind, parts)
        if kind is Made:
            given = None if value.given is None else self.arguments(value.given)
            return Step(value, self.value(value.parents), given, self.value(value.layer))
        if kind is slice:
            parts = (value.start, value.stop, value.step)
            ends = tuple([self.value(part) for part in parts])
            return value if all(a is b for a, b in zip(ends, parts, strict=True)) else Sliced(ends)
        if kind is BoundMethod:
            return Method(self.value(value.function), self.value(value.receiver))
        key = id(value)
        if key in self.seen:
            return self.seen[key]
        if key in self.known:
            return value
        if key in self.given:
            return Given(self.given[key])
        if kind is Builtin or kind is Device or is_member(value):
            if not is_fixed(value):
                raise NoRecipe
            return value
        if kind not in _SLOTS or (kind is Instance and key not in self.made):
            raise NoRecipe
        return self._object(kind, value)

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What an operation was given. Rules read that, and no program does: an unknown there is as good as another."""
        return {name: self._argument(part) for name, part in given.items()}

    def _argument(self, value: Any) -> Any:
        kind = value.__class__
        if kind is dict:  # named arguments that a law takes as they come
            named = self.arguments(value)
            return value if all(named[name] is part for name, part in value.items()) else Named(named)
        if kind is tuple:
            parts = tuple([self._argument(part) for part in value])
            return value if all(a is b for a, b in zip(parts, value, strict=True)) else Several(kind, parts)
        return value if id(value) not in self.given and is_bare(value) else self.value(value)

    def _object(self, kind: type, value: Any) -> Fresh:
        stands = self.seen[id(value)] = Fresh(len(self.recipe.parts))
        self.held.append(value)
        self.recipe.parts.append(None)  # type: ignore[arg-type]
        if kind is Tensor and (value.extra is not None or value.after_failure):
            raise NoRecipe
        if kind is Tensor and not isinstance(value.box, tuple):
            raise NoRecipe
        if kind in (List, Dict, Set) and (value.twins or value.open is not None):
            raise NoRecipe
        rest: Any = None
        if kind is Module:
            if value.incomplete or value.hooks or value.broken:
                raise NoRecipe
            history = value.history
            if history.called or history.moved:
                raise NoRecipe
            assigned = dict(history.assigned)
            rest = dict(value.slots_none), assigned, history.held, history.walked
        elif kind in (List, Dict, Set) and self.owners.get(id(value.items)) is value:
            rest = OWNED
        told = self.before.get(id(value), ())
        if any(name not in _SLOTS[kind] for name, _ in told):
            raise NoRecipe
        cls = value.cls if isinstance(value, Instance) else None
        slots: list[tuple[str, Any]] = []
        standing: list[tuple[str, Any]] = []
        for name, at_first in _AT_FIRST[kind]:
            held = getattr(value, name)
            if held is at_first and not told:
                continue
            if name not in _AS_IT_IS:
                held = self.value(held)
            (standing if held.__class__ in STANDING else slots).append((name, held))
        before = tuple((name, self.value(held)) for name, held in told)
        containers: list[Contents] = []
        journaled: list[Contents] = []
        for name in _CONTAINERS.get(kind, ()):
            container = getattr(value, name)
            touched = self.layer.containers.get(id(container))
            if touched is not None:
                journaled.append(self._contents(name, touched[1]))
            if container:
                containers.append(self._contents(name, container))
        self.recipe.parts[stands.at] = Part(
            kind, cls, tuple(slots), tuple(standing), before, tuple(containers), tuple(journaled), rest
        )
        return stands

    def _contents(self, name: str, container: Any) -> Contents:
        if isinstance(container, dict):
            for key in container:
                if self.value(key) is not key:
                    raise NoRecipe
            named = {key: self.value(item) for key, item in container.items()}
            return Contents(name, named, tuple([key for key, v in named.items() if v.__class__ in STANDING]))
        if isinstance(container, set):
            if not all(item.__class__ in FIXED for item in container):
                raise NoRecipe
            return Contents(name, set(container), ())
        items = [self.value(item) for item in container]
        return Contents(name, items, tuple([i for i, v in enumerate(items) if v.__class__ in STANDING]))


class Maker:
    """Makes what a recipe says, for one call: `given` are the objects that this call was given."""

    __slots__ = ("conditions", "given", "made", "sizes", "world")

    def __init__(self, world: World, recipe: Recipe, given: list[Any]) -> None:
        self.world = world
        self.given = given
        self.sizes: list[Dim] = []
        self.conditions: list[Any] = []  # those that this call has come to
        if recipe.sizes is not None:
            self.sizes, self.conditions = recipe.sizes.again()
        self.made = [_shell(part.kind, part.cls) for part in recipe.parts]
        journaled = bool(world.journal.layers)
        for value, part in zip(self.made, recipe.parts, strict=True):
            if journaled:
                self._begin(value, part)
            self._fill(value, part)

    def value(self, stands: Any) -> Any:
        kind = stands.__class__
        if kind not in STANDING:
            return stands
        if kind is Fresh:
            return self.made[stands.at]
        if kind is Given:
            return self.given[stands.at]
        if kind is OfConditions:
            return self.sizes[stands.at]
        if kind is Several:
            return stands.kind(map(self.value, stands.parts))
        if kind is Sliced:
            return slice(*map(self.value, stands.parts))
        if kind is Named:
            return {name: self.value(part) for name, part in stands.parts.items()}
        if kind is StepOf:
            return self.given[stands.at].made
        if kind is Step:
            given = (
                None
                if stands.given is None
                else {name: self.value(part) for name, part in stands.given.items()}
            )
            layer = self.value(stands.layer)
            return stands.made._replace(parents=self.value(stands.parents), given=given, layer=layer)
        return BoundMethod(self.value(stands.function), self.value(stands.receiver))

    def _begin(self, value: Any, part: Part) -> None:
        """Tell the journal of what will be written, when it is as it was when the journal was told first."""
        journal = self.world.journal
        for name, stands in part.slots_before:
            setattr(value, name, self.value(stands))
            journal.touch_slot(value, name)
        for contents in part.told:
            container = getattr(value, contents.name)
            self._pour(container, contents)
            journal.touch(container)
            if part.rest is OWNED:
                self.world.owners[id(container)] = value
            container.clear()

    def _fill(self, value: Any, part: Part) -> None:
        for name, held in part.slots:
            setattr(value, name, held)
        for name, stands in part.standing:
            setattr(value, name, self.value(stands))
        for contents in part.containers:
            self._pour(getattr(value, contents.name), contents)
        if part.kind is Module:
            slots_none, assigned, held, walked = part.rest
            history = value.history
            if slots_none:
                value.slots_none.update(slots_none)
            if assigned:
                history.assigned.update(assigned)
            history.held, history.walked = held, walked

    def _pour(self, container: Any, contents: Contents) -> None:
        held = contents.held
        if held.__class__ is list:
            container.extend(held)
        else:
            container.update(held)
        for at in contents.standing:
            stands = held[at]
            container[at] = self.made[stands.at] if stands.__class__ is Fresh else self.value(stands)


def _shell(kind: type, cls: Any) -> Any:
    """An object in which nothing is yet."""
    if kind is Module or kind is Instance:
        return kind(cls)
    if kind is Tensor:
        return Tensor(())
    return kind([]) if kind is List else kind({})


# What slots hold from the first, of no value of the program's.
_AT_FIRST = {
    kind: tuple([(name, getattr(_shell(kind, None), name)) for name in names])
    for kind, names in _SLOTS.items()
}
