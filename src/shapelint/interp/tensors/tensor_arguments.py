"""The tensors among the arguments of an operation or a layer, and arguments that may be one of several values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.dims import Sym
from shapelint.interp.world import World
from shapelint.specs import registry
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Device,
    Either,
    External,
    Function,
    Instance,
    List,
    Tensor,
    Undetermined,
    Unknown,
    Unranked,
    may_be_tensor,
    nesting,
)


def prepared(entry: registry.Op, bound: dict[str, Any]) -> dict[str, Any]:
    """Unknowns in tensor parameters become tensors of unknown shape."""
    wanted = tensor_parameters(entry)
    for name in wanted:
        value = bound.get(name)
        if isinstance(value, Unknown):
            bound[name] = as_tensor(value)
        elif isinstance(value, Instance) and isinstance(value.payload, Tensor):
            bound[name] = value.payload
    return bound


_wanted: dict[int, tuple[str, ...]] = {}


def tensor_parameters(entry: registry.Op) -> tuple[str, ...]:
    """The parameters of a law that are annotated as tensors."""
    found = _wanted.get(id(entry))
    if found is None:
        annotations = entry.law.__annotations__
        found = tuple(
            n
            for n, a in annotations.items()
            if isinstance(a, str) and a.split(" ")[0] == "Tensor" and n != "return"
        )
        _wanted[id(entry)] = found
    return found


_OPERANDS = ("input", "self", "other", "exponent", "tensor")


def perhaps_tensors(bound: dict[str, Any]) -> dict[str, Any]:
    """The arguments, with operands that were read as sizes and may be tensors (`y * (1 - mask)`) as what is not known."""
    doubtful = [k for k in _OPERANDS if bound.get(k).__class__ is Sym and may_be_tensor(bound[k])]
    if not doubtful:
        return bound
    return {**bound, **{k: Unknown(f"{bound[k]} may be a number or a tensor") for k in doubtful}}


def as_tensor(value: Unknown, *, presumed: bool = False) -> Tensor:
    """An unknown value read as a tensor: always the same one. It is only `presumed` to be one where it was asked for something
    that others have too."""
    if value.tensor is None:
        box = Unranked(value.why, guess=value.entry, name=value.name or "", presumed=presumed)
        made = Tensor(box, None)
        made.after_failure = value.after_failure
        made.name = value.name
        value.tensor = made
    found = value.tensor
    assert isinstance(found, Tensor)
    if not presumed and isinstance(found._box, Unranked):
        found._box.presumed = False
    return found


def is_presumed(tensor: Tensor) -> bool:
    """Whether it is by the methods asked of it only that something was taken for a tensor: it may be an array of NumPy's, a
    table or a dictionary of tensors. What a method gives is told no apart from what a function of that name gives."""
    while tensor.made is not None and tensor.made.parents and tensor.made.layer is None:
        parent = tensor.made.parents[0]
        if not isinstance(parent, Tensor):
            return False
        tensor = parent
    return tensor.made is None and isinstance(tensor._box, Unranked) and tensor._box.presumed


def followed(value: Any) -> Any:
    """An argument, as far as it can be gone through: nothing is known of one that holds itself, or the same too many times, nor
    of a library's value."""
    if value.__class__ in _PLAIN:
        return value  # most often
    if nesting.endless(value):
        return Unknown("it holds itself, or more than can be followed")
    return told(value) if value.__class__ in MAY_BE_OF_LIBRARIES else value


MAY_BE_OF_LIBRARIES = frozenset((External, tuple, List))


def told(value: Any, deep: int = 0) -> Any:
    """A library's value that is not followed is not known: it may be a size, a tensor or a sequence as well as a function. So for
    those in a tuple or a list, where one of several numbers or texts is not known either."""
    kind = value.__class__
    if kind is Either and deep:
        return one(value)
    if kind is External:
        return Unknown(f"{value.qualname} is not modelled")
    if kind is tuple or kind is List:
        held = value if kind is tuple else value.items
        if deep < _DEEPEST and not _PLAIN.issuperset(map(type, held)):
            made = [told(item, deep + 1) for item in held]
            if any(new is not old for new, old in zip(made, held, strict=True)):
                return tuple(made) if kind is tuple else List(made, value.open)
    return value


_PLAIN = frozenset((int, float, bool, str, Tensor))


def one(value: Any) -> Any:
    """What is one of several numbers, texts or flags is not known. Several tensors, layers or functions are kept as they are, to
    be asked each."""
    if value.__class__ is Either and not all(
        option is None or _is_called(option) for option in value.options
    ):
        return Unknown(value.why)
    return value


def _is_called(value: Any) -> bool:
    return isinstance(value, (Instance, Function, Builtin, BoundMethod, Class, Tensor))


_DEEPEST = 8  # tuples within tuples: a loop may double them at each turn


def tensors_in(values: Any, deep: int = 0) -> list[Tensor]:
    found: list[Tensor] = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, tuple):
            found += tensors_in(value, deep + 1) if deep < _DEEPEST else []
        elif isinstance(value, List):
            found += [v for v in value.items if isinstance(v, Tensor)]
    return found


def open_boxes(tensors: tuple[Tensor, ...]) -> list[Unranked]:
    return [t.box for t in tensors if isinstance(t.box, Unranked) and t.box.bound is None]


def tainted(values: Any) -> bool:
    return any(v.after_failure for v in values if isinstance(v, (Tensor, Unknown)))


def after_failure(problem: Undetermined) -> bool:
    return problem.cause is not None and problem.cause.after_failure


def one_device(value: Any) -> Any:
    """Which device it is does not matter: any of several will do."""
    if isinstance(value, Either) and all(isinstance(option, Device) for option in value.options):
        return value.options[0]
    return value


def has_either(args: tuple[Any, ...]) -> bool:
    return any(isinstance(a, Either) for a in args)


def each_of(
    world: World,
    args: tuple[Any, ...],
    at: int,
    ask: Callable[[tuple[Any, ...]], Any],
    *,
    optional: bool = False,
) -> Any:
    """The joined result for each value that an argument may be; None among them is left out unless the argument is `optional`,
    since it would raise."""
    from shapelint.interp import branch

    either = args[at]
    options = [o for o in either.options if o is not None or optional] or list(either.options)
    given = [(*args[:at], option, *args[at + 1 :]) for option in options]
    if len(given) == 1:
        return ask(given[0])
    return branch.value(world, None, [lambda g=g: ask(g) for g in given])  # type: ignore[misc]
