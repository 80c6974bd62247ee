"""What watches a call whose work may be done again, and writes down what it came to."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym, renewal
from shapelint.interp.again.recipes import Maker, NoRecipe, OfConditions, Recipe, StepOf, Writer
from shapelint.interp.again.recording import Recording
from shapelint.interp.again.told_calls import is_followed
from shapelint.interp.world import World
from shapelint.values import Dict, Function, Instance, List, Made, Module, Set, Site, Tensor
from shapelint.values.journal import Layer


def may_be_another(value: Any) -> bool:
    """Whether something stands for this list, dict or set or for another, as a condition decides."""
    return isinstance(value, (List, Dict, Set)) and bool(value.twins)


class CallRecording(Recording):
    """Watches one evaluation of a forward."""

    def __init__(self, world: World, given: list[Any]) -> None:
        super().__init__(world, given)
        self.places = len(world.stack())
        self.calls: list[tuple[int, Site | None]] = []
        self.unsure: set[int] = set()  # functions that were called where a condition decides whether they are

    def forks(self) -> None:
        """What both sides come to is written down, unless handlers around them are told of it."""
        self.spoilt = self.spoilt or bool(self.world.tries)

    def entered(self, function: Function) -> None:
        super().entered(function)
        if self.world.uncertain:
            self.unsure.add(id(function.node))

    def called(self, module: Any) -> None:
        place, stack, _ = self.world.where()
        self._called(module, place if len(stack) >= self.places else None)

    def _called(self, module: Any, place: Site | None) -> None:
        at = self.given.get(id(module))
        if at is None:
            self.spoilt = True
        else:
            self.calls.append((at, place))

    def again(self, held: Any, parts: list[Any], maker: Maker, place: Site | None, within: bool) -> None:
        """A block is not evaluated: what it did is done again, with `parts` as it was given and what `maker` made, at `place`, which
        lies within the call that is watched or not."""
        for names, name, found in held.guards:
            if not self._is_own_names(names):
                if found.__class__ is Function:
                    self.functions[id(found)] = found
                self.guards.append((names, name, found))
        for value, _ in held.read:
            self.lasting(value)
        self.functions.update(held.functions)
        self.unsure |= held.unsure
        for at, where in held.called:
            if where is not None or place is not None:
                self._called(parts[at], where if where is not None else place if within else None)
        self.conditions.update((id(condition), condition) for condition in maker.conditions)
        for value in maker.made:
            if value.__class__ is Instance:
                self.instances[id(value)] = value

    def _is_own_names(self, names: dict[str, Any]) -> bool:
        for frame in self.world.frames[self.depth :]:
            env: Any = frame.env
            while env is not None:
                if env.vars is names:
                    return True
                env = env.parent if "__comprehension__" in env.vars else None
        return False

    def dropped(self, tensor: Any) -> None:
        if id(tensor) in self.given and tensor.made is not None:
            self.spoilt = True

    def wrote_abroad(self, layer: Layer) -> bool:
        """What a tensor is given that it has already is not written."""
        written = Layer()
        written.containers = layer.containers
        written.slots = {slot: held for slot, held in layer.slots.items() if not _is_kept(slot[1], *held)}
        return super().wrote_abroad(written)


def _is_kept(name: str, owner: Any, before: Any) -> bool:
    """Whether a slot of a tensor holds what it held."""
    now = getattr(owner, name)
    return now is before or (owner.__class__ is Tensor and name in ("_box", "marks") and now == before)


class CallWriter(Writer):
    """Writes a recipe in which sizes may stand that follow from those that the call was given."""

    def __init__(self, recording: Recording, layer: Layer, told: Any, handed: list[Any]) -> None:
        known = {**recording.known, **recording.functions}
        super().__init__(recording.given, known, recording.instances, layer, recording.world.owners)
        self.symbols = told.symbols
        self.named = told.named
        self.sizes: dict[Sym, int] = {}  # those that hang on conditions that the call has come to
        self.conditions = recording.conditions
        self.perhaps = recording.world.perhaps
        self.steps: dict[
            int, int
        ] = {}  # by identity: what made the tensors it was given, and which these are
        for at, part in enumerate(handed):
            if part.__class__ is Tensor and part.made is not None:
                self.steps.setdefault(id(part.made), at)

    def value(self, value: Any) -> Any:
        kind = value.__class__
        if kind is Sym:
            if not value.symbols <= self.symbols:
                raise NoRecipe
            return value if is_followed(value) else self._of_conditions(value)
        if kind is Made:
            at = self.steps.get(id(value))
            if at is not None:
                return StepOf(at)
        if isinstance(value, Instance) and id(value.attrs) in self.perhaps:
            raise NoRecipe  # some of it is there on one side of a branch only
        return super().value(value)

    def _of_conditions(self, size: Sym) -> Any:
        keys = renewal.conditions(size)
        if keys is None:
            raise NoRecipe
        own = [id(key) in self.conditions for key in keys]
        if not all(own):
            outer = {
                id(k)
                for given in self.named
                if given.__class__ is Sym
                for k in renewal.conditions(given) or ()
            }
            if not all(mine or id(key) in outer for mine, key in zip(own, keys, strict=True)):
                raise NoRecipe
            if not any(own):
                return size
        return OfConditions(self.sizes.setdefault(size, len(self.sizes)))

    def written(self) -> Recipe:
        """The recipe, when all that it is to make was gone through."""
        if self.sizes:
            self.recipe.sizes = renewal.Renewal(list(self.sizes), self.conditions)
        return self.recipe


class Flags:
    """What an evaluation does to the histories of modules that it is given: they are marked past the journal."""

    def __init__(self, parts: list[Any]) -> None:
        self._parts = parts
        self._histories = [part.history for part in parts if part.__class__ is Module]
        self._was = [(h.held, h.walked, h.moved) for h in self._histories]
        self._now: list[tuple[bool, bool, bool]] = []
        for history in self._histories:
            history.held = history.walked = history.moved = False

    def settle(self) -> None:
        """It is over: what was marked before stays so."""
        self._now = [(h.held, h.walked, h.moved) for h in self._histories]
        for history, was, now in zip(self._histories, self._was, self._now, strict=True):
            history.held, history.walked, history.moved = (a or b for a, b in zip(was, now, strict=True))

    @property
    def outlast(self) -> bool:
        """Whether a module was held or moved."""
        return any(held or moved for held, _, moved in self._now)

    @property
    def walked(self) -> tuple[int, ...]:
        """The parts whose modules were walked."""
        marked = {id(h) for h, now in zip(self._histories, self._now, strict=True) if now[1]}
        return tuple(
            i for i, part in enumerate(self._parts) if part.__class__ is Module and id(part.history) in marked
        )
