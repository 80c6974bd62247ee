"""torch.utils._pytree: nested containers taken apart into their leaves, and put together again.

A list, tuple, named tuple, what an operation returns several results in, torch.Size (which becomes a plain tuple), dict (in its
own order) or deque is a node. None and everything else is a leaf, unless the program has registered its class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from shapelint.interp import calls, classes, iterate
from shapelint.interp.control import library_refuses
from shapelint.interp.host import host_classes, named_tuples
from shapelint.interp.host.host_calls import ABSENT, builtin, method, takes
from shapelint.interp.library import function
from shapelint.interp.library.torch_classes import plain_class
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.records import dataclass
from shapelint.values import Class, Deque, Dict, Either, Instance, List, Record, Size, Undetermined, Unknown

_P = "torch.utils._pytree."
_DEEPEST = 60
_REGISTERED = "torch.utils._pytree"  # among the attributes of a class: how its instances are taken apart

SPEC = plain_class(f"{_P}TreeSpec")
_BACK = "torch.utils._pytree"  # among those of a spec: what puts leaves together


@dataclass(slots=True, eq=False)
class Node:
    """What is no leaf (a leaf is None): what makes one of its parts; what nodes that are alike share; the keys of a dict; the
    parts, or what they are."""

    made: Callable[[World, list[Any]], Any]
    kind: Any
    keys: tuple[Any, ...]
    parts: list[Any]


def _node(world: World, value: Any) -> Node | None:
    """A node and its parts; None of a leaf."""
    if isinstance(value, Record):
        return _of_record(value)
    if isinstance(value, tuple):
        kind = "size" if isinstance(value, Size) else "tuple"
        return Node(lambda w, parts: tuple(parts), kind, (), list(value))
    if isinstance(value, (List, Dict)) and value.open is not None:
        raise Undetermined(value.open.why, value.open)
    if isinstance(value, Deque):
        longest = value.maxlen
        return Node(lambda w, parts: Deque(parts, maxlen=longest), "deque", (), list(value.items))
    if isinstance(value, List):
        return Node(lambda w, parts: List(parts), "list", (), list(value.items))
    if isinstance(value, Dict):
        return _of_dict(value)
    if isinstance(value, Instance):
        return _of_instance(world, value)
    if isinstance(value, Either):
        if any(_node(world, option) is not None for option in value.options):
            raise Undetermined("what a tree holds is not known")
        return None
    if isinstance(value, Unknown):
        raise Undetermined(value.why, value)
    return None


def _of_dict(value: Dict) -> Node | None:
    if value.kind == "Counter":
        return None
    keys, kind, default = tuple(value.items), value.kind, value.default

    def made(world: World, parts: list[Any]) -> Any:
        return Dict(dict(zip(keys, parts, strict=True)), default=default, kind=kind)

    return Node(made, kind, keys, list(value.items.values()))


def _of_record(value: Record) -> Node:
    fields, name = value.fields, value.type_name
    return Node(lambda w, parts: Record(tuple(parts), fields, name), (name, fields), (), list(value))


def _of_instance(world: World, value: Instance) -> Node | None:
    cls = value.cls
    if cls.is_subclass(host_classes.NAMEDTUPLE):
        parts = [value.attrs[name] for name in named_tuples.fields(cls)]
        return Node(lambda w, given: classes.instantiate(w, cls, tuple(given), {}), cls, (), parts)
    if _REGISTERED not in cls.attrs:
        return None
    ways = cls.attrs[_REGISTERED]
    found = calls.call(world, ways[0], (value,), {}) if isinstance(ways, tuple) else None
    if not isinstance(found, tuple) or len(found) != 2:
        raise Undetermined(f"how {cls.name} is taken apart is not known")
    parts, context = iterate.known_items(world, found[0]), found[1]
    return Node(lambda w, given: calls.call(w, ways[1], (List(given), context), {}), cls, (), list(parts))


def taken_apart(world: World, value: Any, is_leaf: Any, leaves: list[Any], depth: int = 0) -> Node | None:
    """The spec of a tree, whose leaves are collected."""
    world.step()
    if depth > _DEEPEST:
        raise Undetermined("a tree is too deep")
    found = None if is_leaf is not None and _certainly(world, is_leaf, value) else _node(world, value)
    if found is None:
        leaves.append(value)
        return None
    found.parts = [taken_apart(world, part, is_leaf, leaves, depth + 1) for part in found.parts]
    return found


def _certainly(world: World, asked: Any, value: Any) -> bool:
    answer = truth(world, calls.call(world, asked, (value,), {}))
    if isinstance(answer, Unknown):
        raise Undetermined(answer.why, answer)
    return answer


def _up_to(world: World, spec: Node | None, value: Any) -> Iterator[Any]:
    """The parts of a tree that stand where the leaves of another do."""
    if spec is None:
        yield value
        return
    found = _node(world, value)
    if found is None or found.kind != spec.kind or len(found.parts) != len(spec.parts):
        raise library_refuses("ValueError", "the trees that are mapped over are not alike")
    parts = found.parts
    if spec.keys:
        held = dict(zip(found.keys, parts, strict=True))
        if set(held) != set(spec.keys):
            raise library_refuses("ValueError", "the dicts that are mapped over have other keys")
        parts = [held[key] for key in spec.keys]
    for inner, part in zip(spec.parts, parts, strict=True):
        yield from _up_to(world, inner, part)


def _put_together(world: World, spec: Node | None, leaves: Iterator[Any]) -> Any:
    if spec is None:
        return next(leaves)
    return spec.made(world, [_put_together(world, part, leaves) for part in spec.parts])


def _as_value(spec: Node | None, count: int) -> Instance:
    """A spec as the program holds it."""

    def back(world: World, leaves: Any) -> Any:
        given = iterate.known_items(world, leaves)
        if len(given) != count:
            raise library_refuses(
                "ValueError", f"the tree has {count} leaves, and is to be made of {len(given)}"
            )
        return _put_together(world, spec, iter(given))

    made = Instance(SPEC)
    made.attrs.update({"num_leaves": count, _BACK: builtin("tree_unflatten", "leaves", back)})
    return made


def _unflattened(world: World, spec: Any, leaves: Any) -> Any:
    if not isinstance(spec, Instance) or _BACK not in spec.attrs:
        raise Undetermined("a spec of a tree that is not known")
    return calls.call(world, spec.attrs[_BACK], (leaves,), {})


method(SPEC, "unflatten", "leaves", _unflattened)
method(SPEC, "__eq__", "other", lambda world, self, other: True if other is self else _not_compared(world))


def _not_compared(world: World) -> Unknown:
    return Unknown("specs of trees are not compared", world.site(), plain=True)


@function(f"{_P}tree_flatten")
@takes("tree, is_leaf=None")
def tree_flatten(world: World, tree: Any, is_leaf: Any) -> Any:
    leaves: list[Any] = []
    spec = taken_apart(world, tree, is_leaf, leaves)
    return List(leaves), _as_value(spec, len(leaves))


@function(f"{_P}tree_unflatten")
@takes("leaves, treespec")
def tree_unflatten(world: World, leaves: Any, treespec: Any) -> Any:
    return _unflattened(world, treespec, leaves)


@function(f"{_P}tree_leaves", f"{_P}tree_iter")
@takes("tree, is_leaf=None")
def tree_leaves(world: World, tree: Any, is_leaf: Any) -> Any:
    leaves: list[Any] = []
    taken_apart(world, tree, is_leaf, leaves)
    return List(leaves)


@function(f"{_P}tree_structure")
@takes("tree, is_leaf=None")
def tree_structure(world: World, tree: Any, is_leaf: Any) -> Any:
    leaves: list[Any] = []
    return _as_value(taken_apart(world, tree, is_leaf, leaves), len(leaves))


def _mapped(world: World, func: Any, tree: Any, rests: tuple[Any, ...], is_leaf: Any) -> Any:
    leaves: list[Any] = []
    spec = taken_apart(world, tree, is_leaf, leaves)
    columns = [list(_up_to(world, spec, rest)) for rest in rests]
    return _put_together(
        world, spec, iter([calls.call(world, func, row, {}) for row in zip(leaves, *columns, strict=True)])
    )


@function(f"{_P}tree_map")
@takes("func, tree, *rests, is_leaf=None")
def tree_map(world: World, func: Any, tree: Any, rests: tuple[Any, ...], is_leaf: Any) -> Any:
    return _mapped(world, func, tree, rests, is_leaf)


@function(f"{_P}tree_map_")
@takes("func, tree, *rests, is_leaf=None")
def tree_map_(world: World, func: Any, tree: Any, rests: tuple[Any, ...], is_leaf: Any) -> Any:
    """Called for what `func` does to the leaves."""
    _mapped(world, func, tree, rests, is_leaf)
    return tree


def _is_one(world: World, value: Any, of: Any) -> bool:
    """Whether a leaf is meant by what stands before it: a type, types, or a question."""
    if not isinstance(of, (Class, tuple)):
        return _certainly(world, of, value)
    answer = classes.is_instance(world, value, of)
    if isinstance(answer, Unknown):
        raise Undetermined(answer.why, answer)
    return bool(answer)


@function(f"{_P}tree_map_only")
@takes("type_or_types_or_pred, func, tree=..., is_leaf=None")
def tree_map_only(world: World, type_or_types_or_pred: Any, func: Any, tree: Any, is_leaf: Any) -> Any:
    if tree is ABSENT:
        raise Undetermined("tree_map_only as a decorator")

    def one(world: World, leaf: Any) -> Any:
        return calls.call(world, func, (leaf,), {}) if _is_one(world, leaf, type_or_types_or_pred) else leaf

    return _mapped(world, builtin("leaf", "leaf", one), tree, (), is_leaf)


def _asked(world: World, pred: Any, tree: Any, is_leaf: Any, until: bool, only: Any = None) -> bool:
    leaves: list[Any] = []
    taken_apart(world, tree, is_leaf, leaves)
    chosen = (leaf for leaf in leaves if only is None or _is_one(world, leaf, only))
    return until if any(_certainly(world, pred, leaf) is until for leaf in chosen) else not until


@function(f"{_P}tree_all")
@takes("pred, tree, is_leaf=None")
def tree_all(world: World, pred: Any, tree: Any, is_leaf: Any) -> bool:
    return _asked(world, pred, tree, is_leaf, until=False)


@function(f"{_P}tree_any")
@takes("pred, tree, is_leaf=None")
def tree_any(world: World, pred: Any, tree: Any, is_leaf: Any) -> bool:
    return _asked(world, pred, tree, is_leaf, until=True)


@function(f"{_P}tree_all_only")
@takes("type_or_types, pred, tree, is_leaf=None")
def tree_all_only(world: World, type_or_types: Any, pred: Any, tree: Any, is_leaf: Any) -> bool:
    return _asked(world, pred, tree, is_leaf, until=False, only=type_or_types)


@function(f"{_P}tree_any_only")
@takes("type_or_types, pred, tree, is_leaf=None")
def tree_any_only(world: World, type_or_types: Any, pred: Any, tree: Any, is_leaf: Any) -> bool:
    return _asked(world, pred, tree, is_leaf, until=True, only=type_or_types)


def _registers(world: World, cls: Any, ways: Any) -> None:
    if isinstance(cls, Class):
        world.journal.touch(cls.attrs)
        cls.attrs[_REGISTERED] = ways


@function(f"{_P}register_pytree_node", f"{_P}_register_pytree_node")
@takes("cls, flatten_fn, unflatten_fn, **_")
def register_pytree_node(world: World, cls: Any, flatten_fn: Any, unflatten_fn: Any, _: Any) -> None:
    _registers(world, cls, (flatten_fn, unflatten_fn))


@function(f"{_P}register_dataclass", f"{_P}register_constant")
@takes("cls, **_")
def register_dataclass(world: World, cls: Any, _: Any) -> None:
    """What is taken out of it is not followed."""
    _registers(world, cls, None)
