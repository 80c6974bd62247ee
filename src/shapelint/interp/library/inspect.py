"""inspect: kinds of objects, and the signatures of the program's functions."""

from __future__ import annotations

import contextlib
from typing import Any

from shapelint import ir
from shapelint.interp import annotated, attributes
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import method, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.specs import registry
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Dict,
    External,
    Function,
    Instance,
    Iterator,
    List,
    Namespace,
    Undetermined,
    Unknown,
)

PARAMETER = Class("Parameter", "inspect.Parameter")
SIGNATURE = Class("Signature", "inspect.Signature")
EMPTY = External("inspect.Parameter.empty")
_KINDS = {"positional": 0, "plain": 1, "vararg": 2, "keyword": 3, "kwarg": 4}
PARAMETER.attrs.update(
    {
        "POSITIONAL_ONLY": 0,
        "POSITIONAL_OR_KEYWORD": 1,
        "VAR_POSITIONAL": 2,
        "KEYWORD_ONLY": 3,
        "VAR_KEYWORD": 4,
        "empty": EMPTY,
    }
)
SIGNATURE.attrs["empty"] = EMPTY
for _name, _value in {"Parameter": PARAMETER, "Signature": SIGNATURE, "_empty": EMPTY}.items():
    constant(f"inspect.{_name}", _value)


def _kind(name: str, *kinds: type) -> None:
    @function(f"inspect.{name}")
    @takes("object", plain=True)
    def law(world: World, object: Any) -> bool:
        if isinstance(object, (Unknown, External)):
            raise Undetermined("what kind of object it is")
        return isinstance(object, kinds)


@function("inspect.get_annotations")
@takes("obj, *, globals=None, locals=None, eval_str=False")
def get_annotations(world: World, obj: Any, **_: Any) -> Dict:
    """What a class itself annotates: names are looked up in its module, of other expressions it is not told what they are."""
    space = obj.namespace if isinstance(obj, Class) else None
    if not isinstance(obj, Class) or space is None or space.file is None:
        raise Undetermined("the annotations of an object that is no class of a module")
    texts = "from __future__ import annotations" in space.file.text
    return Dict({name: _annotation(world, space, node, texts) for name, node in annotated.of(obj).items()})


def _annotation(world: World, space: Namespace, node: Any, texts: bool) -> Any:
    if isinstance(node, ir.Name) and texts:
        return node.id
    if isinstance(node, ir.Name) and not texts:
        with contextlib.suppress(ProgramRaises):
            return attributes.get(world, space, node.id)
    return Unknown("an annotation that is no name of the module")


@function("inspect.getsource")
@takes("object", plain=True)
def getsource(world: World, object: Any) -> str:
    """The text of a module, as it is imported: lines end as Python's do, the last one too."""
    file = object.file if isinstance(object, Namespace) else None
    if file is None or not file.text:
        raise Undetermined("the source of an object that is no module")
    text = "\n".join(file.lines)
    return text if text.endswith("\n") else text + "\n"


_kind("isclass", Class)
_kind("isfunction", Function)
_kind("ismethod", BoundMethod)
_kind("isroutine", Function, BoundMethod, Builtin)
_kind("isbuiltin", Builtin)
_kind("ismodule", Namespace)
_kind("isgenerator", Iterator)


@function("inspect.isgeneratorfunction")
@takes("obj", plain=True)
def isgeneratorfunction(world: World, obj: Any) -> bool:
    return isinstance(obj, Function) and isinstance(obj.node, ir.FunctionDef) and obj.node.is_generator


@function("inspect.isabstract", "inspect.iscoroutinefunction", "inspect.isawaitable")
@takes("obj", plain=True)
def _never(world: World, obj: Any) -> bool:
    raise Undetermined("whether it is abstract or asynchronous")


# ---- signatures


def _target(value: Any) -> tuple[Function, bool]:
    """The function that a call reaches, and whether its first argument is filled already."""
    if isinstance(value, BoundMethod) and isinstance(value.function, Function):
        return value.function, True
    if isinstance(value, Class):
        try:
            init = value.find("__init__")
        except KeyError:
            raise Undetermined("the signature of a class without __init__") from None
        if isinstance(init, Function) and value.unknown_base is None:
            return init, True
    if isinstance(value, Function):
        return _target(value.wrapped) if isinstance(value.wrapped, Function) else (value, False)
    raise Undetermined(
        "the signature of a value that is not known", value if isinstance(value, Unknown) else None
    )


def _parameters(value: Any) -> list[tuple[str, str, Any, bool]]:
    """(name, kind, default or EMPTY, whether annotated) of what a callable takes, as written or as documented."""
    layer = _layer_of(value)
    documented = layer.signature if layer is not None else None
    if isinstance(value, Builtin) and value.name in registry.ops:
        documented = registry.ops[value.name].signature
    if documented is not None:
        return [(p.name, p.kind, EMPTY if p.required else p.default, True) for p in documented.parameters]
    target, bound = _target(value)
    params = target.node.params[1:] if bound else target.node.params
    return [(p.name, p.kind, target.defaults.get(p.name, EMPTY), p.annotation is not None) for p in params]


def _layer_of(value: Any) -> registry.Layer | None:
    """The layer whose documented constructor a class has, unless it has one of its own."""
    if not isinstance(value, Class):
        return None
    for cls in value.mro:
        if isinstance(cls.attrs.get("__init__"), Function):
            return None
        if isinstance(cls.spec, registry.Layer):
            return cls.spec
    return None


@function("inspect.signature")
@takes("obj, **keywords")
def signature(world: World, obj: Any, keywords: dict[str, Any]) -> Instance:
    parameters: dict[Any, Any] = {}
    for name, kind, default, has_annotation in _parameters(obj):
        parameter = Instance(PARAMETER)
        annotation = Unknown("an annotation", plain=True) if has_annotation else EMPTY
        parameter.attrs.update(name=name, default=default, kind=_KINDS[kind], annotation=annotation)
        parameters[name] = parameter
    made = Instance(SIGNATURE)
    made.attrs["parameters"] = Dict(parameters, kind="OrderedDict")
    made.attrs["return_annotation"] = Unknown("an annotation", plain=True)
    return made


_BOUND = Class("BoundArguments", "inspect.BoundArguments")
for _cls in (SIGNATURE, PARAMETER, _BOUND):
    _cls.unknown_base = Unknown(f"inspect.{_cls.name} is not all modelled", plain=True)


def _bind(world: World, self: Instance, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    """`signature.bind(…)`: which parameter is given what; those that are not given are left out."""
    parameters = self.attrs["parameters"].items
    kinds = {name: held.attrs["kind"] for name, held in parameters.items()}
    given: dict[str, Any] = dict(zip((n for n, kind in kinds.items() if kind < 2), args, strict=False))
    rest = args[len(given) :]
    named = {name: value for name, value in keywords.items() if kinds.get(name) in (1, 3)}
    others = {name: value for name, value in keywords.items() if name not in named}
    around = {kind: name for name, kind in kinds.items() if kind in (2, 4)}
    if (rest and 2 not in around) or (others and 4 not in around) or named.keys() & given.keys():
        raise Undetermined("arguments that do not fit a signature")
    given.update(named)
    given.update({around[2]: rest} if rest else {})
    given.update({around[4]: Dict(others)} if others else {})
    made = Instance(_BOUND)
    made.attrs["arguments"] = Dict({name: given[name] for name in kinds if name in given})
    made.attrs["signature"] = self
    return made


def _apply_defaults(world: World, self: Instance) -> None:
    """Parameters that were not given have their defaults; of the rest of the arguments there are none."""
    given = self.attrs["arguments"]
    if not isinstance(given, Dict) or given.open is not None:
        raise Undetermined("which arguments are given is not known")
    found: dict[Any, Any] = {}
    for name, parameter in self.attrs["signature"].attrs["parameters"].items.items():
        default, kind = parameter.attrs["default"], parameter.attrs["kind"]
        if name in given.items:
            found[name] = given.items[name]
        elif default is not EMPTY:
            found[name] = default
        elif kind in (2, 4):
            found[name] = () if kind == 2 else Dict({})
    world.journal.touch(self.attrs)
    self.attrs["arguments"] = Dict(found)


method(_BOUND, "apply_defaults", "", _apply_defaults)
method(SIGNATURE, "bind", "*args, **keywords", _bind)
method(SIGNATURE, "bind_partial", "*args, **keywords", _bind)


@function("inspect.getmembers")
@takes("object, predicate=None")
def getmembers(world: World, object: Any, predicate: Any) -> List:
    return List([], Unknown("the members of an object"))


@function("inspect.getdoc", "inspect.cleandoc")
@takes("object", plain=True)
def getdoc(world: World, object: Any) -> Any:
    return object if isinstance(object, str) else attributes.get(world, object, "__doc__")


@function("inspect.unwrap")
@takes("func, *, stop=None")
def unwrap(world: World, func: Any, stop: Any) -> Any:
    return unwrap_all(func)


def unwrap_all(value: Any) -> Any:
    while isinstance(value, Function) and value.wrapped is not None:
        value = value.wrapped
    return value
