"""Walking a module: `parameters()`, `named_modules()`, `state_dict()`, `apply(…)`."""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint import facts
from shapelint.interp import attributes, calls
from shapelint.interp.again import equal_visits
from shapelint.interp.nets import module_tree, state_loading
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Dict,
    Either,
    Iterator,
    Lazy,
    Made,
    Module,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
)


def _whole(module: Module) -> None:
    """Walking is exact only when nothing is hidden."""
    for gap in module_tree.gaps(module):
        raise Undetermined(gap.why)


def parameters(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, recurse = args
    _whole(module)
    return Iterator([t for _, t in _walk_parameters(module, recurse)])


def named_parameters(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, prefix, recurse, once = args
    _whole(module)
    return _named(prefix, _walk_parameters(module, recurse, _flag(once)))


def _walk_parameters(module: Module, recurse: Any, once: bool = True) -> list[tuple[str, Tensor]]:
    module.history.walked = True
    if not _flag(recurse):
        return list(module_tree.own_parameters(module))
    found = list(module_tree.named_parameters(module, once=once))
    if not found:  # that there is none is not said of a network that may hold a layer
        for part in module_tree.perhaps_layers(module):
            raise Undetermined(f"what {part.cls.name} derives from is not known")
    return found


def _flag(value: Any) -> bool:
    if not isinstance(value, (bool, int)):
        raise Undetermined("whether to walk what is below")
    return bool(value)


def _named(prefix: Any, found: list[tuple[str, Any]]) -> Iterator:
    return Iterator(_prefixed(prefix, found))


def _prefixed(prefix: Any, found: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    if not isinstance(prefix, str):
        raise Undetermined("the names of what is walked")
    return [(f"{prefix}.{n}" if prefix and n else prefix or n, v) for n, v in found]


def buffers(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([t for _, t in _walk_buffers(*args)])


def named_buffers(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, prefix, recurse, once = args
    return _named(prefix, _walk_buffers(module, recurse, _flag(once)))


def _walk_buffers(module: Module, recurse: Any, once: bool = True) -> list[tuple[str, Tensor]]:
    if not _flag(recurse):
        return list(module_tree.own_buffers(module))
    return list(module_tree.named_buffers(module, once=once))


def children(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    items, more = _own(args[0])
    return _told([m for _, m in items], more)


def named_children(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _told(*_own(args[0]))


def _own(module: Module) -> tuple[list[tuple[str, Any]], More | None]:
    """The children of a module, and whether there may be others."""
    found: list[tuple[str, Any]] = [*module_tree.children(module)]
    why = module_tree.has_hidden(module)
    if why is not None:
        return found, More(0, why)
    order = {name: at for at, name in enumerate(module.attrs)}
    undecided: list[tuple[str, Any]] = []
    taken = {id(child) for _, child in found}
    for name, value in module_tree.perhaps_children(module):
        options = value.options if isinstance(value, Either) else (None,)
        if not all(isinstance(option, Module) and id(option) not in taken for option in options):
            before = sum(order[known] < order[name] for known, _ in found)
            return found, More(before, f"what {module.cls.name}.{name} holds is not known")
        taken |= {id(option) for option in options}
        undecided.append((name, value))
    return sorted([*found, *undecided], key=lambda item: order[item[0]]), None


class More(NamedTuple):
    """That there may be others among items, and why. `before` items come before the first of them for certain."""

    before: int
    why: str


def _told(found: list[Any], more: More | None) -> Iterator | AndMore:
    return Iterator(found) if more is None else AndMore(found, more)


class AndMore(Lazy):
    """Items that are known, and any number of others somewhere among them. A loop takes the known ones first (what it does to each,
    it does in every run); one that is asked for alone is known as long as no other may stand before it."""

    __slots__ = ("at", "items", "more")
    kind = "generator"

    def __init__(self, items: list[Any], more: More) -> None:
        self.items = items
        self.more = more
        self.at = 0

    def alone(self, world: World) -> Any:
        if self.at < self.more.before:
            return self.advance(world)
        world.journal.touch_slot(self, "at")
        self.at = len(self.items)
        return Stream(Unknown(self.more.why), self.more.why, Unknown(self.more.why))

    def advance(self, world: World, *, whole: bool = False) -> Any:
        if self.at == len(self.items):
            return Stream(Unknown(self.more.why), self.more.why, Unknown(self.more.why))
        world.journal.touch_slot(self, "at")
        self.at += 1
        return self.items[self.at - 1]


def modules(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, once = args
    found, more = _tree(module, _flag(once))
    return _told([m for _, m in found], more)


def named_modules(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, _, prefix, once = args
    found, more = _tree(module, _flag(once))
    return _told(_prefixed(prefix, found), more)


def _tree(module: Module, once: bool) -> tuple[list[tuple[str, Module]], More | None]:
    """The modules of a tree, and whether there may be others."""
    found = list(module_tree.named_modules(module, once=once))
    for at, (_, inner) in enumerate(found):
        why = module_tree.has_hidden(inner)
        for name, _ in module_tree.perhaps_children(inner):
            why = why or f"what {inner.cls.name}.{name} holds is not known"
        if why is not None:
            return found, More(at + 1, why)
    return found, None


def state_dict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module = args[0]
    module.history.walked = True
    items = state_loading.entries(module)
    if keywords.get("keep_vars", args[3] if len(args) > 3 else False) is False:
        items = {name: _detached(world, tensor) for name, tensor in items.items()}
    why = next((gap.why for gap in module_tree.gaps(module)), None)
    if why is None and state_loading.has_own_ways(module):
        why = "the network has ways of its own of keeping its state"
    state = Dict(items, None if why is None else Unknown(why), kind="OrderedDict")
    world.record(facts.StateTaken, module=module, state=state)
    return state


def _detached(world: World, tensor: Tensor) -> Tensor:
    """What a state holds of a parameter: the same values, outside the graph."""
    seen = tensor.like()
    seen.marks, seen.layout = tensor.marks, tensor.layout
    seen.made = Made("torch.Tensor.detach", world.site(), (tensor,))
    return seen


def apply(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, function = args
    visits = equal_visits.begun(world, function)
    if visits is not None:
        _visit(world, module, visits)
        return module
    for _, child in list(module_tree.children(module)):
        calls.call(world, attributes.get(world, child, "apply"), (function,), {})
    calls.call(world, function, (module,), {})
    return module


def _visit(world: World, module: Module, visits: equal_visits.Visits) -> None:
    """The same, without a call of `apply` for each module whose class has none of its own."""
    for _, child in list(module_tree.children(module)):
        cls = child.cls
        held = cls.held("apply")
        if (
            held.__class__ is Builtin
            and held.name == _APPLY
            and not cls.intercepts
            and "apply" not in child.attrs
        ):
            world.step()
            _visit(world, child, visits)
        else:
            visits.around = None
            calls.call(world, attributes.get(world, child, "apply"), (visits.function,), {})
    visits.visit(module)


_APPLY = "method apply"


def submodule(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    value, target = args
    if not isinstance(target, str):
        return attributes.part_of(args[0], "a layer whose name is not known")
    for part in target.split(".") if target else ():
        value = attributes.get(world, value, part)
    return value
