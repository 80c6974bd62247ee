"""Imports that are put off: what a module of a library imports is evaluated when a name that it brings is asked for, or when it
might register what is looked up. A package imports all its parts, and a program needs few of them.

Only modules that are imported put imports off, and only where the statement stands by itself at the top: not in the file that is
analysed, nor in `try`, nor where it is not known whether the statement is reached.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from operator import is_
from typing import Any

from shapelint import ir
from shapelint.interp import lazy_modules, library
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import Frame, World
from shapelint.source.text import SourceFile
from shapelint.values import Builtin, Class, Dict, External, Function, Instance, List, Namespace, Set, Unknown

MISSING: Any = library.MISSING


class Star:
    """A `from module import *` that has not been followed yet: the `at`th of its module, and what names stood for `before` it."""

    __slots__ = ("at", "before", "done", "module", "node")

    def __init__(self, module: str, node: ir.Node, at: int, before: dict[str, Any]) -> None:
        self.module = module
        self.node = node
        self.at = at
        self.before = before
        self.done = False


class Awaited:
    """What an import binds to one name: `name` of a module, or the module itself (None)."""

    __slots__ = ("busy", "module", "name", "node")

    def __init__(self, module: str, name: str | None, node: ir.Node) -> None:
        self.module = module
        self.name = name
        self.node = node
        self.busy = False  # it is being brought: modules that import a name from each other


# ---- putting off


def may_wait(frame: Frame, module: str) -> bool:
    """Whether an import that stands here may be put off."""
    from shapelint.interp.imports import is_modelled

    world, space = frame.world, frame.namespace
    return (
        world.lazy_imports
        and space.name != "__main__"
        and frame.function is None
        and frame.env.vars is space.vars
        and not (world.import_guards or world.tries or world.uncertain or world.repeating)
        and not is_modelled(module)
    )


def wait(frame: Frame, bound: str, module: str, name: str | None, node: ir.Node) -> bool:
    """Put off binding a name; False when it has to be bound at once, since it has a value already."""
    world, space = frame.world, frame.namespace
    if bound in space.vars:
        return False
    space.awaited[bound] = Awaited(module, name, node)
    world.imported.awaiting[module] = None
    if name is not None and world.installed(f"{module}.{name}"):  # a module of a package
        world.imported.awaiting[f"{module}.{name}"] = None
    return True


# ---- bringing what is asked for


def brought(world: World, space: Namespace, name: str) -> Any:
    """What an import that was put off binds to a name, or MISSING."""
    waiting = space.awaited.get(name)
    if waiting is None or waiting.busy:
        return MISSING
    from shapelint.interp import imports

    waiting.busy = True
    try:
        _follow_later(world, space, name, waiting)
        if name in space.vars:
            return space.vars[name]
        with _long_before(world):
            if waiting.name is None:
                found = imports.import_module(world, waiting.module, waiting.node)
            else:
                found = imports.import_name(world, waiting.module, waiting.name, waiting.node)
    except ProgramRaises as problem:
        return Unknown(f"importing {waiting.module} raises {problem.kind}")
    finally:
        waiting.busy = False
    home = world.namespaces.get(waiting.module)
    if home is not None:
        space.settings.update(home.settings)
    if not isinstance(found, Unknown) or home is None or home.state != "running":
        space.vars.setdefault(name, found)
        at, bound = space.starred.get(name, (0, None))
        if bound is waiting:
            space.starred[name] = at, space.vars[name]
    return found


def _follow_later(world: World, space: Namespace, name: str, bound: Any) -> None:
    """Follow the stars behind what binds a name: the last that brings it says what it stands for."""
    for pending in _last_first(space):
        if (
            isinstance(pending, Star)
            and pending.before.get(name) is bound
            and world.mentions(pending.module, name)
        ):
            follow(world, space, pending)


def bring_all(world: World, space: Namespace) -> None:
    """Bind every name that has been put off."""
    follow_all(world, space)
    for name in list(space.awaited):
        if name not in space.vars:
            brought(world, space, name)


@contextmanager
def _long_before(world: World) -> Iterator[None]:
    """An import that was put off happened long before: not inside what the program is in the middle of."""
    frames, world.frames = world.frames, []
    tries, world.tries = world.tries, []
    guards, world.import_guards = world.import_guards, 0
    try:
        yield
    finally:
        world.frames, world.tries, world.import_guards = frames, tries, guards


# ---- stars


def star(world: World, space: Namespace, module: str, node: ir.Node) -> None:
    """`from module import *`."""
    from shapelint.interp.imports import is_modelled

    if is_modelled(module):
        space.modelled_stars[module] = None
        return
    pending = Star(module, node, space.stars, {**space.awaited, **space.vars})
    space.stars += 1
    if world.lazy_imports and space.name != "__main__":
        space.pending.append(pending)
        world.imported.pending_stars.append(pending)
        if not _hides(world, space, pending):
            return
    follow(world, space, pending)


def _hides(world: World, space: Namespace, pending: Star) -> bool:
    """Whether a star may give another meaning to a name that the module has defined by itself."""
    return any(
        isinstance(value, (Function, Class)) and world.mentions(pending.module, name)
        for name, value in space.vars.items()
    )


def follow(world: World, space: Namespace, pending: Star) -> None:
    """Evaluate the module of a star import and take its names."""
    from shapelint.interp.imports import import_module

    if pending.done:
        return
    pending.done = True
    if pending in space.pending:
        space.pending.remove(pending)
    try:
        with _long_before(world):
            found = import_module(world, pending.module, pending.node)
    except ProgramRaises:
        found = None
    if not isinstance(found, Namespace):
        space.vars["__open__"] = True
        return
    space.settings.update(found.settings)
    follow_all(world, found)
    if found.state == "running" or found.pending:
        _keep_pending(space, pending)  # in the middle of a circular import: names are still to come
    later = [p for p in space.pending if isinstance(p, Star) and p.at > pending.at]
    for name in public_names(found):
        if not _gives_way(space, pending, name):
            continue
        if any(world.mentions(p.module, name) for p in later):  # decided when somebody asks for the name
            _keep_pending(space, pending)
            continue
        if name in found.vars:
            space.vars[name] = found.vars[name]
            space.starred[name] = pending.at, space.vars[name]
        elif name in found.awaited:
            space.vars.pop(name, None)
            space.awaited[name] = found.awaited[name]
            space.starred[name] = pending.at, space.awaited[name]


def follow_all(world: World, space: Namespace) -> None:
    """Follow every star of a module; a lazy one gives its names one by one."""
    if not space.lazy:
        for pending in _last_first(space):
            follow(world, space, pending)


def _last_first(space: Namespace) -> list[Any]:
    """What waits: of several stars that bring a name, the last says what it stands for."""
    return space.pending[::-1]


def _keep_pending(space: Namespace, pending: Star) -> None:
    if pending.done:
        pending.done = False
        space.pending.append(pending)
        space.pending.sort(key=lambda p: p.at)


def _gives_way(space: Namespace, pending: Star, name: str) -> bool:
    """Whether a star binds a name: it is not bound, or by what stands before the star."""
    held = space.vars.get(name, MISSING)
    if held is MISSING:
        held = space.awaited.get(name, MISSING)
    if held is MISSING or isinstance(held, Namespace) or pending.before.get(name, MISSING) is held:
        return True
    at, bound = space.starred.get(name, (pending.at, None))
    return at < pending.at and bound is held


def public_names(space: Namespace) -> list[str]:
    listed = space.vars.get("__all__")
    items = getattr(listed, "items", listed)
    if isinstance(items, (list, tuple)) and all(isinstance(n, str) for n in items):
        return list(items)
    return [n for n in {**space.vars, **space.awaited} if not n.startswith("_")]


def from_stars(world: World, space: Namespace, name: str) -> Any:
    """A name that only a star import can have brought: the modules whose text holds it are followed. None when none does."""
    from shapelint.interp.imports import by_name

    for module in space.modelled_stars:
        found = by_name(world, f"{module}.{name}")
        if found is not MISSING:
            return found
    if space.lazy:
        found = lazy_modules.find(world, space, name)
        return None if found is lazy_modules.MISSING else found
    for pending in _last_first(space):
        if world.mentions(pending.module, name):
            follow(world, space, pending)
            if name in space.vars:
                return space.vars[name]
            found = brought(world, space, name)
            if found is not MISSING:
                return found
            held = world.namespaces.get(pending.module)
            if held is not None and held.lazy:
                found = lazy_modules.find(world, held, name)
                if found is not lazy_modules.MISSING:
                    return found
    if space.modelled_stars:
        return External(f"{next(iter(space.modelled_stars))}.{name}")
    return None


# ---- registries: what modules that have not been evaluated may add to a container that another module holds


def may_register(world: World, container: Any, key: str) -> bool:
    """A look-up missed: modules whose import was put off may register what is asked for. Those that hold the key in their text are
    imported now; True when any was."""
    if not _is_registry(world, container):
        return False
    roots = _put_off(world)
    homes = _registries(world)[id(container)]
    if not _is_written(world, container, homes, roots):
        return False  # a table, which nobody writes to
    followed = False
    for space, _ in homes:
        followed |= _import_all(world, space, lambda roots: world.holders(roots, key, None))
    return followed


def _is_written(world: World, container: Any, homes: list[tuple[Namespace, str]], roots: list[str]) -> bool:
    """Whether a module whose import was put off may write to a container: asked for every name that is registered in it."""
    read = len(world.namespaces), len(roots), *(len(space.vars) for space, _ in homes)
    held = world.written.get(id(container))
    if held is None or held[0] is not container or held[1] != read:
        found = any(any(_writers(world, *home, roots)) for home in homes)
        held = world.written[id(container)] = container, read, found
    return held[2]


def complete(world: World, container: Any) -> None:
    """A container is gone through: whatever may have been registered in it has to be there."""
    if _is_registry(world, container):
        for space, name in _registries(world)[id(container)]:
            key = (id(space), name)
            held = world.completed.get(key)
            if (
                held is None
                or held[0] != _read_so_far(world, space)
                or not all(map(is_, held[1], _named(space)))
            ):
                _import_all(world, space, functools.partial(_writers, world, space, name))
                world.completed[key] = _read_so_far(world, space), _named(space)


def _read_so_far(world: World, space: Namespace) -> tuple[int, ...]:
    """While this stays the same, and what a module's names stand for, so does which modules may write to what it holds."""
    imported = world.imported
    put_off = len(imported.awaiting), len(imported.pending_stars)
    return len(world.namespaces), *put_off, len(space.vars)


def _named(space: Namespace) -> list[Any]:
    return [space, *space.vars.values()]


def _is_registry(world: World, container: Any) -> bool:
    imported = world.imported
    if not (imported.pending_stars or imported.awaiting) or world.importing:
        return False  # a module that is being imported only looks for duplicates
    return id(container) in _registries(world)


def _import_all(world: World, home: Namespace, wanted: Callable[[list[str]], Iterable[str]]) -> bool:
    """Import the modules that are wanted of those that imports have put off and those they import; True when there was one. Those
    of other packages than `home` have to name its package."""
    from shapelint.interp.imports import namespace

    followed = False
    package = home.place.partition(".")[0]
    while True:
        missing = [
            module
            for module in dict.fromkeys(wanted(_put_off(world)))
            if module not in world.namespaces
            and (module.partition(".")[0] == package or world.mentions(module, package))
        ]
        if not missing:
            return followed
        followed = True
        for module in missing:
            with _long_before(world):
                try:
                    namespace(world, module)
                except ProgramRaises:
                    continue
                finally:  # one that cannot be read is not asked for again
                    world.namespaces.setdefault(module, Namespace(module))


def _put_off(world: World) -> list[str]:
    """The modules whose import was put off."""
    imported = world.imported
    imported.pending_stars[:] = [p for p in imported.pending_stars if not p.done]
    return [*imported.awaiting, *(pending.module for pending in imported.pending_stars)]


def _writers(world: World, home: Namespace, name: str, roots: list[str]) -> Iterator[str]:
    """The modules that may write to a container that a global of another one holds: itself (then the text that writes looks like
    that) or inside an object or a class (then whatever names these may). Or they name what does, of the module that holds it."""
    is_plain = isinstance(home.vars.get(name), (Dict, List, Set))
    writes = re.compile(_WRITES.format(name=re.escape(name))) if is_plain else None
    yield from world.holders(roots, name, writes)
    if home.file is None:
        return
    named = list(_lines_with(home.file, name))
    for other, value in list(home.vars.items()):
        if not isinstance(value, (Function, Class)) or value.node is None or other.startswith("__"):
            continue
        if (value.globals if isinstance(value, Function) else value.namespace) is not home:
            continue
        first, _, last, _ = value.node.at
        if bisect_left(named, first) == bisect_right(named, last):
            continue
        body = "\n".join(home.file.lines[first - 1 : last])
        if writes is None or writes.search(body):
            yield from world.holders(roots, other, None)


def _lines_with(file: SourceFile, name: str) -> Iterator[int]:
    """The lines in which a name stands, also within a longer one."""
    if name in file.text:
        for at, line in enumerate(file.lines, 1):
            if name in line:
                yield at


# Begins with the name itself: only what begins with plain characters is looked for fast.
_WRITES = (
    r"{name}(?<!\w{name})\b(?:\[[^\]\n]*\])*\s*"
    r"(?:\.(?:append|extend|insert|add|update|setdefault|pop|popitem|remove|discard|clear)\(|[|+]=)"
    r"|{name}(?<!\w{name})\b(?:\[[^\]\n]*\])+\s*=(?!=)"
)


def _registries(world: World) -> dict[int, list[tuple[Namespace, str]]]:
    """The containers that a module holds, by identity: as a global, as an attribute of a class or of an instance, or inside such
    a container; each with the globals it is reached by. What a program made later cannot have been written by an import."""
    held = world.imported.registries
    if held is None or held[0] != len(world.namespaces):
        found: dict[int, list[tuple[Namespace, str]]] = {}
        for space in list(world.namespaces.values()):
            for name, value in space.vars.items():
                if value.__class__ not in _NO_HOLDERS:
                    _collect(value, found, 3, (space, name), set())
        held = world.imported.registries = (len(world.namespaces), found)
    return held[1]


# What holds no container, and is what most names stand for.
_NO_HOLDERS = frozenset(
    (Function, Builtin, External, Unknown, Namespace, str, int, bool, float, tuple, type(None))
)


def _collect(
    value: Any,
    found: dict[int, list[tuple[Namespace, str]]],
    depth: int,
    root: tuple[Namespace, str],
    seen: set[int],
) -> None:
    if id(value) in seen:
        return
    if isinstance(value, (Dict, List, Set)):
        seen.add(id(value))
        found.setdefault(id(value), []).append(root)
        if depth and isinstance(value, Dict):
            for inner in value.items.values():
                if inner.__class__ not in _NO_HOLDERS:
                    _collect(inner, found, depth - 1, root, seen)
    elif depth and isinstance(value, (Class, Instance)):
        seen.add(id(value))
        for inner in value.attrs.values():
            if inner.__class__ not in _NO_HOLDERS:
                _collect(inner, found, depth - 1, root, seen)
