"""Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import facts
from shapelint.interp import calls, iterate, subscripts
from shapelint.interp.again import equal_calls
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.host import views
from shapelint.interp.host.host_calls import bound_to, builtin
from shapelint.interp.nets import module_tree, modules, registration
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Class,
    Dict,
    Either,
    External,
    Function,
    Instance,
    Iterator,
    Module,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
)


def _declare(name: str) -> Class:
    cls = Class(name, f"torch.nn.{name}", (modules.MODULE,))
    cls.mro = (cls, *modules.MODULE.mro)
    cls.is_module = True
    return cls


SEQUENTIAL = _declare("Sequential")
MODULE_LIST = _declare("ModuleList")
MODULE_DICT = _declare("ModuleDict")
PARAMETER_LIST = _declare("ParameterList")
PARAMETER_DICT = _declare("ParameterDict")
_LISTS = (SEQUENTIAL, MODULE_LIST, PARAMETER_LIST)
_DICTS = (MODULE_DICT, PARAMETER_DICT)
CLASSES = {c.qualname: c for c in (*_LISTS, *_DICTS)}


def _kind(module: Module) -> Class | None:
    for cls in module.cls.mro:
        if cls in _LISTS or cls in _DICTS:
            return cls
    return None


def is_container(module: Module) -> bool:
    return _kind(module) is not None


def _members(module: Module) -> list[tuple[str, Any]]:
    """What a container holds, in order: modules, or for the Parameter containers everything under a number or key."""
    if _kind(module) in (PARAMETER_LIST, PARAMETER_DICT):
        return [(k, v) for k, v in module.attrs.items() if k != "training"]
    empty = module.slots_none  # None takes a place among layers, too
    return [
        (k, v)
        for k, v in module.attrs.items()
        if (_is_layer(module, k, v) or (v is None and empty.get(k) == "module")) and k not in module.hidden
    ]


def _is_layer(module: Module, name: str, value: Any) -> bool:
    if isinstance(value, Either):
        return any(isinstance(option, (Module, Unknown)) for option in value.options)
    return isinstance(value, (Module, Unknown)) or module_tree.may_be_layer(value, module, name)


def doubt(module: Module) -> Unknown | None:
    """Why it is not sure which layers a container holds; None when it is."""
    if module.incomplete:
        found = module.incomplete[0]
        assert isinstance(found, Unknown)
        return found
    for _, value in _members(module):
        if isinstance(value, Either) and any(option is None for option in value.options):
            return Unknown(value.why)
    return None


def items(module: Module) -> list[Any] | Stream | None:
    """What iterating gives; None for a module that is no container."""
    kind = _kind(module)
    if kind is None:
        return None
    doubted = doubt(module)
    if doubted is not None:
        return Stream(Unknown(doubted.why), doubted.why, None if _members(module) else Unknown(doubted.why))
    if kind in _DICTS:
        return [k for k, _ in _members(module)]
    return [v for _, v in _members(module)]


def length(module: Module) -> int | None:
    return None if not is_container(module) or doubt(module) is not None else len(_members(module))


def get(world: World, module: Module, at: Any) -> Any:
    """`container[at]`."""
    doubted = doubt(module)
    if doubted is not None:
        return Unknown(doubted.why)
    members = _members(module)
    if _kind(module) in _DICTS:
        wanted = subscripts.key(at)
        for name, value in members:
            if name == wanted:
                return value
        raise ProgramRaises("KeyError", repr(wanted))
    if isinstance(at, slice):
        made = modules.build(
            world, module.cls if module.cls.node is None else _kind(module) or module.cls, (), {}
        )
        for i, (name, value) in enumerate(members[subscripts.host_slice(at)]):
            _put(world, made, name if _kind(module) is SEQUENTIAL else i, value)
        return made
    if isinstance(at, str):  # its own name, as `named_children` gives it, is none either
        raise library_refuses(
            "TypeError", f"the layers of {registration.a(module.cls.name)} have numbers, not names: {at!r}"
        )
    number = subscripts.index(at)
    try:
        return members[number][1]
    except IndexError:
        raise ProgramRaises("IndexError", f"index {number} is out of range") from None


def set(world: World, module: Module, at: Any, value: Any) -> None:
    """`container[at] = value`. Where it is not known which member that is, the container is not fully known."""
    try:
        wanted = subscripts.key(at) if _kind(module) in _DICTS else subscripts.index(at)
    except Undetermined as problem:
        module_tree.doubt_members(world, module, problem.why)
        return
    if _kind(module) in _DICTS:
        _put_named(world, module, wanted, value)
        return
    number: int = wanted
    members = _members(module)
    try:
        name = members[number][0]
    except IndexError:
        raise ProgramRaises("IndexError", f"index {number} is out of range") from None
    _put(world, module, name, value)


def _put(world: World, module: Module, name: Any, value: Any) -> None:
    if (
        isinstance(value, Tensor)
        and value.kind != "parameter"
        and _kind(module) in (PARAMETER_LIST, PARAMETER_DICT)
    ):
        value = calls_parameter(world, value)
    kind = _kind(module)
    if kind not in (PARAMETER_LIST, PARAMETER_DICT):
        registration.refuse_no_module(value)
    if value is None and kind not in (PARAMETER_LIST, PARAMETER_DICT):
        world.journal.touch(module.slots_none)
        module.slots_none[str(name)] = "module"
    registration.set_attribute(world, module, str(name), value)


def _enter(world: World, module: Module, name: Any, value: Any) -> None:
    """What torch does with each pair that a container is given: `self[name] = value`, a Sequential's `self.add_module(name, value)`."""
    own = None if _kind(module) is SEQUENTIAL else module.cls.held("__setitem__")
    if isinstance(own, Function):
        calls.call(world, own, (module, name, value), {})
    else:
        _put_named(world, module, name, value)


def _put_named(world: World, module: Module, name: Any, value: Any) -> None:
    """A member under a name that the program gives."""
    if _kind(module) is PARAMETER_DICT:
        if (isinstance(name, str) and not isinstance(value, Tensor)) or registration.may_be_named(
            world, module, name, "parameter"
        ):
            _put(world, module, name, value)
        return
    own = module.cls.held("add_module")
    if isinstance(own, Function):
        calls.call(world, own, (module, name, value), {})
    elif registration.may_be_named(world, module, name, "module"):
        _put(world, module, name, value)


def calls_parameter(world: World, value: Tensor) -> Any:
    """ParameterList and ParameterDict turn plain tensors into parameters."""
    from shapelint.interp.tensors import torch_values

    return torch_values.make_parameter(world, (value,), {})


def delete(world: World, module: Module, at: Any) -> None:
    members = _members(module)
    names = [k for k, _ in members]
    try:
        if _kind(module) in _DICTS:
            doomed = [subscripts.key(at)]
        elif isinstance(at, slice):
            doomed = names[subscripts.host_slice(at)]
        else:
            doomed = [names[subscripts.index(at)]]
    except Undetermined as problem:
        module_tree.doubt_members(world, module, problem.why)
        return
    except IndexError:
        raise ProgramRaises("IndexError", f"index {at} is out of range") from None
    if any(name not in names for name in doomed):
        if doubt(module) is not None:
            return
        raise ProgramRaises("KeyError", repr(doomed[0]))
    world.journal.touch(module.attrs)
    kept = [v for k, v in members if k not in doomed]
    for name in names if _kind(module) not in _DICTS else doomed:
        del module.attrs[name]
    if _kind(module) not in _DICTS:
        world.journal.touch(module.slots_none)
        for i, value in enumerate(kept):
            module.attrs[str(i)] = value
            if value is None:
                module.slots_none[str(i)] = "module"


def _append_all(world: World, module: Module, values: Any) -> None:
    found = iterate.items(world, values)
    if isinstance(found, Stream):
        module_tree.doubt_members(world, module, found.why)
        return
    for value in found:
        at = len(_members(module))
        world.spend(at)
        _put(world, module, at, value)


def _sequential_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, *given = args
    modules._init(world, (module,), {})
    if len(given) == 1 and isinstance(given[0], Dict) and given[0].kind == "OrderedDict":
        _update(world, (module, given[0]), {})
        return
    for i, value in enumerate(given):
        if value is not None and _is_no_layer(value):
            kind = iterate.type_name(value)
            raise ProgramRaises(
                "TypeError",
                f"{kind} is not a Module subclass",
                cause=facts.RegisteredNoLayer(module, value, kind),
            )
        if isinstance(value, Instance) and isinstance(value.payload, Dict):
            _update(world, (module, value.payload), {})
        else:
            registration.set_attribute(world, module, str(i), value)


def _is_no_layer(value: Any) -> bool:
    """Whether a value is certainly not a module."""
    if isinstance(value, Either):
        return all(map(_is_no_layer, value.options))
    if isinstance(value, Module):
        return False
    if isinstance(value, Instance):
        return value.cls.unknown_base is None and not isinstance(value.payload, Dict)
    return not isinstance(value, (Unknown, External, Stream)) and not registration.may_be_a_layer(value)


def _list_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module = args[0]
    modules._init(world, (module,), {})
    given = args[1] if len(args) > 1 else keywords.get("modules", keywords.get("values"))
    if given is not None:
        _append_all(world, module, given)


def _dict_init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module = args[0]
    modules._init(world, (module,), {})
    given = args[1] if len(args) > 1 else keywords.get("modules", keywords.get("parameters"))
    if given is not None:
        _update(world, (module, given), {})


def _update(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    module, given = args[:2]
    mapping = iterate.mapping(given, strings=False)
    if mapping is None and isinstance(given, Module):
        mapping = dict(_members(given))
    if mapping is None:
        found = iterate.items(world, given)
        if isinstance(found, Stream) or isinstance(given, Dict):
            why = found.why if isinstance(found, Stream) else "its keys are not known"
            module_tree.doubt_members(world, module, why)
            return
        for at, pair in enumerate(found):
            _enter(world, module, *_pair(world, pair, f"{module.cls.name}'s pair {at}"))
        return
    for name, value in mapping.items():
        _enter(world, module, name, value)


def _pair(world: World, pair: Any, which: str) -> list[Any]:
    items = iterate.known_items(world, pair)
    if len(items) != 2:
        raise library_refuses("ValueError", f"{which} is of {len(items)} values")
    return items


def _forward(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Sequential: each layer is given what the one before gave."""
    module = args[0]
    value = args[1] if len(args) > 1 else keywords.get("input")
    doubted = doubt(module)
    if doubted is not None:
        world.gap(doubted.why)
        return Unknown(doubted.why, doubted.site)
    for _, layer in _members(module):
        value = calls.call(world, layer, (value,), {})
    return value


def _append(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, value = args[0], args[1] if len(args) > 1 else next(iter(keywords.values()))
    _put(world, module, len(_members(module)), value)
    return module


def _extend(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    _append_all(world, args[0], args[1])
    return args[0]


def _insert(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, at, value = args[:3]
    doubted = doubt(module)
    if doubted is not None:
        raise Undetermined(doubted.why, doubted)
    members = _members(module)
    place, count = subscripts.index(at), len(members)
    chain = _kind(module) is SEQUENTIAL
    if chain and not -count <= place <= count:
        raise ProgramRaises("IndexError", f"Index out of range: {place}")
    place += count if place < 0 and chain else 0
    world.journal.touch(module.attrs)
    named = dict(members)
    # Each is moved by one, from number to number: a part of a chain may lack some.
    for i in range(count, place, -1):
        if str(i - 1) not in named:
            raise ProgramRaises("KeyError", repr(str(i - 1)))
        named[str(i)] = module.attrs[str(i)] = named[str(i - 1)]
    module.attrs[str(place)] = value
    return module if chain else None


def _pop(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, at = args[0], args[1] if len(args) > 1 else -1
    value = get(world, module, at)
    delete(world, module, at)
    return value


def _plus(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    first, second = args
    made = modules.build(world, _kind(first) or first.cls, (), {})
    for source in (first, second):
        _append_all(world, made, source)
    return made


def _iplus(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    _append_all(world, args[0], args[1])
    return args[0]


def _len(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    count = length(args[0])
    return Unknown("how many layers it holds is not known") if count is None else count


def _keys(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return views.View(views.KEYS, _as_dict(args[0]))


def _values(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return views.View(views.VALUES, _as_dict(args[0]))


def _items(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return views.View(views.ITEMS, _as_dict(args[0]))


def _as_dict(module: Module) -> Dict:
    return Dict(dict(_members(module)), doubt(module))


def _contains(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    key = subscripts.key(args[1])
    return any(k == key or v is args[1] for k, v in _members(args[0]))


def _get_default(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    key = subscripts.key(args[1])
    return dict(_members(args[0])).get(key, args[2] if len(args) > 2 else None)


def special(module: Module, name: str) -> Builtin | None:
    """What `super().__getitem__` and the like reach from a class of the program's that derives from a container. The containers
    themselves do without: whoever indexes or walks one asks the functions of this module."""
    if not is_container(module):
        return None
    if name == "__getitem__":
        return builtin(name, "key", lambda world, key: get(world, module, key))
    if name == "__setitem__":
        return builtin(name, "key, value", lambda world, key, value: set(world, module, key, value))
    if name == "__delitem__":
        return builtin(name, "key", lambda world, key: delete(world, module, key))
    if name == "__iter__":
        return builtin(name, "", lambda world: _iter(module))
    return None


def _iter(module: Module) -> Iterator | Stream | None:
    held = items(module)
    return Iterator(held) if isinstance(held, list) else held


_ONE = {
    "append": "module", "extend": "modules", "insert": "index, module", "pop": "key", "update": "modules", "keys": "",
    "values": "", "items": "", "get": "key, default=None", "__len__": "", "__contains__": "key", "__add__": "other",
    "__iadd__": "other",
}  # fmt: skip
_OTHER_WORDS = {
    (PARAMETER_LIST, "append"): "value", (PARAMETER_LIST, "extend"): "values", (PARAMETER_DICT, "update"): "parameters",
    (SEQUENTIAL, "extend"): "sequential",
}  # fmt: skip


def _equip(cls: Class, **methods: Callable[..., Any]) -> None:
    for name, function in methods.items():
        signature = _OTHER_WORDS.get((cls, name), _ONE.get(name))
        law = function if signature is None else bound_to(signature, function)
        cls.attrs[name] = Builtin(f"method {name}", law)


_equip(
    SEQUENTIAL, __init__=_sequential_init, forward=_forward, append=_append, extend=_extend, insert=_insert, pop=_pop,
    __len__=_len, __add__=_plus, __iadd__=_iplus,
)  # fmt: skip
equal_calls.UNITS.append(SEQUENTIAL.attrs["forward"])
_equip(
    MODULE_LIST, __init__=_list_init, append=_append, extend=_extend, insert=_insert, pop=_pop, __len__=_len, __add__=_plus,
    __iadd__=_iplus,
)  # fmt: skip
_equip(PARAMETER_LIST, __init__=_list_init, append=_append, extend=_extend, __len__=_len)
_equip(
    MODULE_DICT, __init__=_dict_init, update=_update, keys=_keys, values=_values, items=_items, pop=_pop, __len__=_len,
    __contains__=_contains,
)  # fmt: skip
_equip(
    PARAMETER_DICT, __init__=_dict_init, update=_update, keys=_keys, values=_values, items=_items, pop=_pop, __len__=_len,
    __contains__=_contains, get=_get_default,
)  # fmt: skip
