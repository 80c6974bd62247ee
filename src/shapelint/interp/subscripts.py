"""Items: `x[i]`, `x[i] = v`, `del x[i]`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from shapelint import dims, facts
from shapelint.dims import Sym
from shapelint.interp import attribute_writes, function_attributes, iterate, origins, put_off
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes, open_lists
from shapelint.interp.join import join
from shapelint.interp.nets import module_registries
from shapelint.interp.truth import as_key, condition
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Class,
    Device,
    Dict,
    Either,
    External,
    Function,
    Instance,
    Iterator,
    Lazy,
    List,
    Module,
    Record,
    Set,
    Size,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
    Valued,
)

_MOST_PARTS = 100_000


_AS_IT_IS = frozenset((int, str, float, bool, bytes, type(None)))


def _tuple_key(value: tuple[Any, ...], room: list[int]) -> tuple[Any, ...]:
    """A tuple that holds itself many times over in tuples of tuples is short to write and endless to hash."""
    room[0] -= len(value)
    if room[0] < 0:
        raise Undetermined("a key too large to follow")
    if value.__class__ is tuple and _AS_IT_IS.issuperset(map(type, value)):
        return value
    return tuple([_tuple_key(item, room) if isinstance(item, tuple) else key(item) for item in value])


def key(value: Any) -> Any:
    """A value as a dictionary key. Undetermined when it is not known; ProgramRaises for what cannot be hashed."""
    if value.__class__ in _AS_IT_IS:
        return value
    if isinstance(value, Unknown):
        raise Undetermined(value.why, value)
    if isinstance(value, Sym):
        number = dims.witness(value)
        if number is None:
            _doubtful.add(Sym)
        return value if number is None else number
    if isinstance(value, tuple):
        return _tuple_key(value, [_MOST_PARTS])
    if isinstance(value, (List, Dict, slice)):
        raise ProgramRaises("TypeError", f"unhashable type: '{iterate.type_name(value)}'")
    if isinstance(value, Set):
        return frozenset(value.items)
    if isinstance(value, Instance) and not isinstance(value, Valued) and not isinstance(value, Module):
        from shapelint.interp import calls

        if calls.special(value, "__eq__") is not None:
            raise Undetermined("a key whose class says what it equals")
    if isinstance(value, (Either, Stream)):
        raise Undetermined(value.why)
    if isinstance(value, (dict, list)):  # of our own, as the annotations of a class are kept
        raise Undetermined("a container that is not modelled")
    if isinstance(value, External):
        _doubtful.add(External)
    if isinstance(value, Device) and isinstance(value.type, Unknown):
        return _SOME_DEVICE  # what is kept by device is kept for the one device that a network runs on
    return host_classes.meant(value)


_SOME_DEVICE = Device("the device of the tensors")


_doubtful: set[type] = (
    set()
)  # empty until the first key whose value is not known: there is nothing to look for


def perhaps_held(items: Collection[Any], wanted: Any) -> str | None:
    """Why a key that is not among `items` may be there all the same: it, or one of them, is a library's, which may have any value, or
    a number that is not known."""
    if not _doubtful or wanted in items:
        return None
    return next((f"a key that may be {show(wanted)}" for held in items if _may_equal(held, wanted)), None)


def _may_equal(held: Any, wanted: Any) -> bool:
    if held.__class__ is tuple and wanted.__class__ is tuple:
        return len(held) == len(wanted) and all(
            a == b or _may_equal(a, b) for a, b in zip(held, wanted, strict=True)
        )
    for a, b in ((held, wanted), (wanted, held)):
        if a.__class__ is External:
            return b.__class__ in _AS_IT_IS or b.__class__ in (tuple, External, Sym)
        if isinstance(a, Sym):
            return isinstance(b, (int, Sym)) and dims.equal(a, b) is not dims.Verdict.NO
    return False


def show(key: Any) -> str:
    return key.qualname if key.__class__ is External else str(key)


def index(value: Any) -> int:
    """A value as an index into something held on the host: its number must be known."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Sym):
        number = dims.witness(value)
        if number is None:
            raise Undetermined(f"an index {value}")
        return number
    if (
        isinstance(value, Tensor)
        and value.data is not None
        and len(value.data) == 1
        and isinstance(value.data[0], int)
    ):
        return value.data[0]
    if isinstance(value, Unknown):
        raise Undetermined(value.why, value)
    if isinstance(value, Instance) and isinstance(value.payload, int):
        return value.payload
    if isinstance(value, Tensor):
        raise Undetermined("an index that depends on data")
    if isinstance(value, (Instance, Either, External, Stream)):
        raise Undetermined("an index that is not known as a number")
    raise ProgramRaises("TypeError", f"indices must be integers or slices, not {iterate.type_name(value)}")


def host_slice(value: slice) -> slice:
    parts = [None if p is None else index(p) for p in (value.start, value.stop, value.step)]
    if parts[2] == 0:
        raise ProgramRaises("ValueError", "slice step cannot be zero")
    return slice(*parts)


def get(world: World, owner: Any, at: Any) -> Any:
    """`owner[at]`."""
    if at.__class__ is int:  # by far the most, and of what is known
        known = owner.__class__ is List and owner.open is None
        held = owner.items if known else owner if isinstance(owner, tuple) else ()
        if -len(held) <= at < len(held):
            return held[at]
    try:
        return _get(world, owner, at)
    except Undetermined as problem:
        if isinstance(owner, Dict):
            return origins.one_of(owner.items.values(), problem.why)
        held = owner.items if isinstance(owner, List) else owner
        return origins.one_of(held if isinstance(held, (list, tuple)) else (), problem.why)


def _get(world: World, owner: Any, at: Any) -> Any:
    if isinstance(owner, (tuple, str, bytes, range)):
        return _of_sequence(owner, at)
    if isinstance(owner, List):
        if owner.open is not None:
            if isinstance(at, slice):
                return owner
            return open_lists.any_item(owner, world)
        if isinstance(at, slice):
            return List(owner.items[host_slice(at)])
        if isinstance(at, Sym) and dims.witness(at) is None:
            return any_of(owner.items, at)
        number = index(at)
        try:
            return owner.items[number]
        except IndexError:
            raise ProgramRaises("IndexError", "list index out of range") from None
    if isinstance(owner, Dict):
        return _of_dict(world, owner, at)
    if isinstance(owner, Tensor):
        from shapelint.interp.tensors import torch_calls

        return torch_calls.op(world, "torch.Tensor.__getitem__", (owner, at), {})
    if isinstance(owner, iterate.ShapeOf):
        if isinstance(at, int):
            return owner.box.size(at) if owner.box.bound is None else _of_sequence(Size(owner.box.bound), at)
        return Unknown(owner.box.why)
    if isinstance(owner, Unknown):
        return _of_unknown(world, owner, at)
    if isinstance(owner, Instance):
        return _of_instance(world, owner, at)
    if isinstance(owner, Class):
        return _of_class(world, owner, at)
    if isinstance(owner, External):
        return owner
    if isinstance(owner, Either):
        from shapelint.interp import branch

        sides = [(lambda option=option: get(world, option, at)) for option in owner.options]
        return branch.value(world, None, sides)
    if isinstance(owner, (Iterator, Lazy)):
        raise ProgramRaises("TypeError", "'generator' object is not subscriptable")
    if isinstance(owner, Stream):
        return owner.element
    if owner is None or isinstance(owner, (int, float, Sym)):
        raise ProgramRaises("TypeError", f"'{iterate.type_name(owner)}' object is not subscriptable")
    if function_attributes.is_replaced(owner):
        return Unknown("what a decorator that is not known gives")
    if isinstance(owner, (BoundMethod, Function)):
        raise ProgramRaises(
            "TypeError",
            f"'{iterate.type_name(owner)}' object is not subscriptable",
            cause=facts.NotSubscriptable(owner),
        )
    return Unknown("indexing is not modelled for this value")


def _of_sequence(owner: Any, at: Any) -> Any:
    if isinstance(at, slice):
        part = owner[host_slice(at)]
        return Size(part) if isinstance(owner, Size) else tuple(part) if isinstance(owner, Record) else part
    if isinstance(at, Sym) and dims.witness(at) is None and len(owner) <= _MOST_JOINED:
        return any_of(list(owner), at)
    if type(at) is tuple:
        if isinstance(owner, Record) and _of_presumed(owner):
            raise Undetermined("what one axis of something that may be no tensor is reduced to")
        raise ProgramRaises(
            "TypeError",
            f"{iterate.type_name(owner)} indices must be integers or slices, not tuple",
            cause=facts.IndexedByTuple(owner),
        )
    number = index(at)
    try:
        return owner[number]
    except IndexError:
        cause = facts.SizeAsked(owner, number) if isinstance(owner, Size) else None
        raise ProgramRaises(
            "IndexError", f"{iterate.type_name(owner)} index out of range", cause=cause
        ) from None


def _of_presumed(owner: Record) -> bool:
    """Whether `x.max(1)` was taken for a maximum and its indices, and `x` may be an array, which gives one array."""
    from shapelint.interp.tensors import tensor_arguments

    return any(isinstance(held, Tensor) and tensor_arguments.is_presumed(held) for held in owner)


_MOST_JOINED = 64


def any_of(values: list[Any], at: Sym) -> Any:
    """The item at an index that is an integer, whichever: what stands for all of them."""
    from shapelint.interp.host.builtin_iteration import joined

    why = f"an index {at}"
    if values and all(isinstance(v, int) and not isinstance(v, bool) for v in values):
        return dims.symbol("?", low=min(values))
    if values and all(isinstance(v, str) for v in values):
        return Unknown(why, plain=True)
    if not values or len(values) > _MOST_JOINED:
        raise Undetermined(why)
    return joined(values, why)


def _of_dict(world: World, owner: Dict, at: Any) -> Any:
    if owner.last is not None and owner.last[0] is at:
        return owner.last[1]
    try:
        wanted = key(at)
        certain = owner.open is not None or isinstance(wanted, Sym)  # of the second, any item stands for all
        if not certain and (why := perhaps_held(owner.items, wanted)) is not None:
            raise Undetermined(why)
    except Undetermined as problem:
        if owner.default is not None:  # it may make an entry for the key
            world.journal.touch_slot(owner, "open")
            owner.open = owner.open or Unknown(problem.why)
        raise
    if wanted in owner.items:
        return owner.items[wanted]
    if isinstance(wanted, Sym) and owner.items:
        return any_of(list(owner.items.values()), wanted)
    if owner.open is not None:
        return _member(owner.open, ("key", wanted))
    if owner.default is not None:
        from shapelint.interp import calls

        made = calls.call(world, owner.default, (), {})
        calls.touch(world, owner)
        owner.items[wanted] = made
        return made
    if owner.kind == "Counter":
        return 0
    if isinstance(wanted, str) and put_off.may_register(world, owner, wanted) and wanted in owner.items:
        return owner.items[wanted]
    raise ProgramRaises("KeyError", repr(wanted))


def _member(owner: Unknown, at: Any) -> Any:
    """An item of something unknown: what was put there, else the same unknown for the same key."""
    try:
        if at not in owner.members:
            made = Unknown(owner.why, owner.site, after_failure=owner.after_failure, plain=owner.plain)
            made.entry = owner.entry
            if owner.name is not None and isinstance(at, tuple) and isinstance(at[1], (str, int)):
                made.name = f"{owner.name}[{at[1]!r}]"
            owner.members[at] = made
    except TypeError:
        return Unknown(owner.why, owner.site, after_failure=owner.after_failure, plain=owner.plain)
    return owner.members[at]


def _of_unknown(world: World, owner: Unknown, at: Any) -> Any:
    if owner.tensor is not None:
        return get(world, owner.tensor, at)
    if (
        isinstance(at, tuple)
        and owner.entry
        and any(isinstance(part, (slice, type(Ellipsis))) for part in at)
    ):
        from shapelint.interp.tensors import tensor_arguments

        return get(
            world, tensor_arguments.as_tensor(owner, presumed=True), at
        )  # only tensors are indexed like this
    if isinstance(at, (int, str)):
        return origins.item(owner, _member(owner, ("item" if isinstance(at, int) else "key", at)))
    made = Unknown(owner.why, owner.site, after_failure=owner.after_failure, plain=owner.plain)
    return origins.item(owner, made)


def _of_instance(world: World, owner: Instance, at: Any) -> Any:
    from shapelint.interp import calls
    from shapelint.interp.nets import containers

    method = calls.special(owner, "__getitem__")
    if method is not None:
        return calls.call(world, method, (owner, at), {})
    if isinstance(owner, Module) and containers.is_container(owner):
        return containers.get(world, owner, at)
    if owner.payload is not None:
        payload = owner.payload
        if isinstance(payload, Dict):
            missing = calls.special(owner, "__missing__")
            if missing is not None and key(at) not in payload.items:
                return calls.call(world, missing, (owner, at), {})
        return _get(world, payload, at)
    if owner.cls.unknown_base is not None:
        return condition(
            owner.cls.unknown_base,
            ("item", as_key(at)),
            "an unknown base class",
        )
    raise ProgramRaises("TypeError", f"'{owner.cls.name}' object is not subscriptable")


def _of_class(world: World, owner: Class, at: Any) -> Any:
    from shapelint.interp import calls
    from shapelint.interp.host import enums

    method = calls.special(owner, "__getitem__")
    if method is not None:
        return calls.call(world, method, (owner, at), {})
    if owner.kind == "enum":
        return enums.named(owner, at)
    own = next((c.attrs["__class_getitem__"] for c in owner.mro if "__class_getitem__" in c.attrs), None)
    if own is not None:
        return calls.call(world, getattr(own, "function", own), (owner, at), {})
    return owner  # a generic alias: list[int]


def set(world: World, owner: Any, at: Any, value: Any) -> None:
    """`owner[at] = value`."""
    if isinstance(owner, List):
        from shapelint.interp.calls import touch

        touch(world, owner)
        if owner.open is not None:
            open_lists.any_item(owner, world)
            found = iterate.items(world, value) if isinstance(at, slice) else [value]
            open_lists.take_in(world, owner, [found.element] if isinstance(found, Stream) else found)
            return
        try:
            if isinstance(at, slice):
                owner.items[host_slice(at)] = iterate.known_items(world, value)
            else:
                owner.items[index(at)] = value
        except IndexError:
            raise ProgramRaises("IndexError", "list assignment index out of range") from None
        except ValueError as problem:  # another number of items for a slice with a step
            raise ProgramRaises("ValueError", str(problem)) from None
        except Undetermined as problem:
            open_lists.open_up(world, owner, problem.why, [Unknown(problem.why)])
    elif isinstance(owner, Dict):
        _set_in_dict(world, owner, at, value)
        if isinstance(owner, module_registries.Registry):
            module_registries.written(world, owner)
    elif isinstance(owner, Tensor):
        from shapelint.interp.tensors import torch_calls

        torch_calls.op(world, "torch.Tensor.__setitem__", (owner, at, value), {})
    elif isinstance(owner, Instance):
        from shapelint.interp import calls
        from shapelint.interp.nets import containers

        method = calls.special(owner, "__setitem__")
        if method is not None:
            calls.call(world, method, (owner, at, value), {})
        elif isinstance(owner, Module) and containers.is_container(owner):
            containers.set(world, owner, at, value)
        elif owner.payload is not None:
            set(world, owner.payload, at, value)
    elif isinstance(owner, Either):
        attribute_writes.each(world, owner, lambda option: set(world, option, at, value))
    elif isinstance(owner, Unknown):
        if owner.tensor is not None:
            set(world, owner.tensor, at, value)
        else:
            origins.put(world, owner, at, value)
    elif isinstance(owner, (tuple, str, int, float)) or owner is None:
        raise ProgramRaises(
            "TypeError", f"'{iterate.type_name(owner)}' object does not support item assignment"
        )


def _set_in_dict(world: World, owner: Dict, at: Any, value: Any) -> None:
    from shapelint.interp.calls import touch

    touch(world, owner)
    try:
        wanted = key(at)
        if not isinstance(wanted, Sym):
            owner.items[wanted] = value
            return
        why = f"a key {wanted}"
    except Undetermined as problem:
        why = problem.why
    _perhaps(owner, at, value, why)
    world.journal.touch_slot(owner, "open")
    owner.open = Unknown(why)
    if isinstance(at, Unknown):
        world.journal.touch_slot(owner, "last")
        owner.last = (at, value)


def _perhaps(owner: Dict, at: Any, value: Any, why: str) -> None:
    """A key that is one of several, or some integer, is written: what is held under it may be the new value. One of which
    nothing is known is taken to be a new one."""
    if isinstance(at, Either):
        doubtful = [o for o in at.options if isinstance(o, (str, int, float, tuple)) and o in owner.items]
    elif isinstance(at, Sym):
        doubtful = [k for k in owner.items if isinstance(k, int)]
    else:
        doubtful = []
    for held in doubtful:
        owner.items[held] = join(owner.items[held], value, object(), why)


def delete(world: World, owner: Any, at: Any) -> None:
    """`del owner[at]`."""
    from shapelint.interp import calls
    from shapelint.interp.nets import containers

    own = calls.special(owner, "__delitem__")
    if isinstance(own, Function):
        calls.call(world, own, (owner, at), {})
        return
    if isinstance(owner, Instance) and not isinstance(owner, Module) and owner.payload is not None:
        owner = owner.payload
    try:
        if isinstance(owner, List):
            calls.touch(world, owner)
            if owner.open is not None:
                open_lists.any_item(owner, world)
            else:
                del owner.items[host_slice(at) if isinstance(at, slice) else index(at)]
        elif isinstance(owner, Dict):
            calls.touch(world, owner)
            wanted = key(at)
            if (why := perhaps_held(owner.items, wanted)) is not None:
                raise Undetermined(why)
            if wanted in owner.items or owner.open is None:
                del owner.items[wanted]
            if isinstance(owner, module_registries.Registry):
                module_registries.written(world, owner)
        elif isinstance(owner, Module) and containers.is_container(owner):
            containers.delete(world, owner, at)
        elif isinstance(owner, Either):
            attribute_writes.each(world, owner, lambda option: delete(world, option, at))
        elif isinstance(owner, Unknown):
            origins.changed(world, owner)
    except (IndexError, KeyError) as problem:
        raise ProgramRaises(type(problem).__name__, str(problem)) from None
    except Undetermined as problem:
        if isinstance(owner, List):
            open_lists.open_up(world, owner, problem.why, open_lists.examples(owner))
        elif isinstance(owner, Dict):
            world.journal.touch_slot(owner, "open")
            owner.items.clear()
            owner.open = Unknown(problem.why)
