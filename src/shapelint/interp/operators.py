"""Operators: numbers and sizes natively, tensors through their specs, objects through their special methods."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp.arithmetic import NUMBERS, Quotient, numbers, sizes, with_witness
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.host import views
from shapelint.interp.sequence_operators import TYPES, of_bytes, of_lists, of_strings, of_tuples
from shapelint.interp.set_operators import as_set, of_sets
from shapelint.interp.world import World
from shapelint.values import (
    Dict,
    Either,
    External,
    Function,
    Instance,
    Iterator,
    Lazy,
    List,
    Set,
    Stream,
    Tensor,
    Unknown,
    Unranked,
    may_be_tensor,
)
from shapelint.values.objects import Class

METHODS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "<<": "lshift",
    ">>": "rshift",
    "|": "or",
    "^": "xor",
    "&": "and",
    "@": "matmul",
}
_TENSOR = {
    "+": "torch.add",
    "-": "torch.sub",
    "*": "torch.mul",
    "/": "torch.div",
    "//": "torch.floor_divide",
    "%": "torch.remainder",
    "**": "torch.pow",
    "<<": "torch.bitwise_left_shift",
    ">>": "torch.bitwise_right_shift",
    "|": "torch.bitwise_or",
    "^": "torch.bitwise_xor",
    "&": "torch.bitwise_and",
    "@": "torch.matmul",
}


def binary(world: World, op: str, a: Any, b: Any) -> Any:
    """`a op b`."""
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return numbers(op, a, b)
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        if not isinstance(a, Instance) and not isinstance(b, Instance):
            return _tensors(world, op, a, b)
    if isinstance(a, (Sym, int)) and isinstance(b, (Sym, int)):
        return sizes(world, op, a, b)
    if isinstance(a, Sym) or isinstance(b, Sym):
        found = with_witness(op, a, b)
        if found is not NotImplemented:
            return found
        if op == "*" and isinstance(b if isinstance(a, Sym) else a, (List, tuple, str)):
            # so many times as is seen
            seen = (dims.witness(x) if isinstance(x, Sym) else x for x in (a, b))
            return binary(world, op, *seen)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return _unknowns(world, op, a, b)
    if isinstance(a, Either) or isinstance(b, Either):
        return _either(world, op, a, b)
    if isinstance(a, str) or isinstance(b, str):
        made = of_strings(world, op, a, b)
        return _objects(world, op, a, b) if made is NotImplemented else made
    if isinstance(a, Instance) or isinstance(b, Instance):
        return _objects(world, op, a, b)
    if isinstance(a, bytes) and isinstance(b, (bytes, int)) and op in "+*":
        return of_bytes(op, a, b)
    if isinstance(a, tuple) or isinstance(b, tuple):
        made = of_tuples(world, op, a, b)
        return _objects(world, op, a, b) if made is NotImplemented else made
    if isinstance(a, List) or isinstance(b, List):
        made = of_lists(world, op, a, b)
        return _objects(world, op, a, b) if made is NotImplemented else made
    if isinstance(a, (Dict, Set)) or isinstance(b, (Dict, Set)):
        made = of_sets(world, op, a, b)
        return _objects(world, op, a, b) if made is NotImplemented else made
    return _objects(world, op, a, b)


def _tensors(world: World, op: str, a: Any, b: Any) -> Any:
    from shapelint.interp.tensors.torch_calls import op as torch_op

    if isinstance(a, Tensor) and isinstance(b, Tensor) is False and isinstance(b, (str, type(None))):
        raise library_refuses("TypeError", f"{op} of a tensor and {_named_type(b)}")
    if isinstance(b, Tensor) and isinstance(a, (str, type(None))):
        raise library_refuses("TypeError", f"{op} of {_named_type(a)} and a tensor")
    return torch_op(world, _TENSOR[op], (a, b), {})


def _named_type(value: Any) -> str:
    return "None" if value is None else f"the text {value[:20]!r}"


def _unknowns(world: World, op: str, a: Any, b: Any) -> Any:
    """An argument that takes part in integer arithmetic is read as a size; anything else stays unknown. One whose axes were
    asked for is a tensor."""
    if op in _TENSOR and (_has_axes(a) or _has_axes(b)):
        return _tensors(world, op, a.tensor if _has_axes(a) else a, b.tensor if _has_axes(b) else b)
    for x, y in ((a, b), (b, a)):
        if isinstance(x, Unknown) and not (x.name is not None and (isinstance(y, (int, Sym)) or _named(y))):
            plain = (
                x.plain or op != "+" or isinstance(y, (int, float, str, Sym))
            )  # sums of containers may hold layers
            stays = Unknown(x.why, x.site, after_failure=x.after_failure, plain=plain)
            stays.annotation = _kind(op, _number_kind(a), _number_kind(b))
            if isinstance(x, Quotient) and op in ("+", "-", "*") and isinstance(y, (int, Sym)):
                if op == "*":
                    return Quotient(x.above * y, x.below)
                if op == "+":
                    return Quotient(x.above + y * x.below, x.below)
                return Quotient(x.above - y * x.below if x is a else y * x.below - x.above, x.below)
            return stays
        if isinstance(x, Unknown):
            break
    if op in ("+", "-", "*", "//", "%", "/"):
        left = a.as_size() if isinstance(a, Unknown) else a
        right = b.as_size() if isinstance(b, Unknown) else b
        return sizes(world, op, left, right)
    return Unknown(a.why if isinstance(a, Unknown) else b.why)


def _number_kind(value: Any) -> str | None:
    """Whether a value is an int or a float, as far as that is known."""
    if isinstance(value, Unknown):
        return value.annotation if value.annotation in ("int", "float") else None
    if isinstance(value, Sym):
        return None if may_be_tensor(value) else "int"
    return "float" if isinstance(value, float) else "int" if isinstance(value, int) else None


def _kind(op: str, a: str | None, b: str | None) -> str | None:
    """What kind of number `a op b` is; None where that hangs on the numbers."""
    if a is None or b is None or op not in ("+", "-", "*", "/", "//", "%"):
        return None
    return "float" if "float" in (a, b) or op == "/" else "int"


def _has_axes(value: Any) -> bool:
    """Whether an unknown was taken for a tensor with axes: a number has none."""
    if not isinstance(value, Unknown) or value.tensor is None:
        return False
    box = value.tensor.box
    return bool(box.asked or box.bound) if isinstance(box, Unranked) else bool(box)


def _named(value: Any) -> bool:
    return isinstance(value, Unknown) and value.name is not None


def _objects(world: World, op: str, a: Any, b: Any) -> Any:
    from shapelint.interp import calls

    word = METHODS[op]
    for receiver, other, name in ((a, b, f"__{word}__"), (b, a, f"__r{word}__")):
        if isinstance(receiver, (Instance, Class)):
            method = calls.special(receiver, name)
            if method is not None:
                made = calls.call(world, method, (receiver, other), {})
                if made is not NotImplemented:
                    return made
            elif isinstance(receiver, Instance) and receiver.cls.unknown_base is not None:
                return Unknown(f"{receiver.cls.name} derives from a class that is not known")
    if op in ("|", "&", "-", "^") and (views.is_like_a_set(a) or views.is_like_a_set(b)):
        return of_sets(world, op, as_set(world, a), as_set(world, b))
    for value in (a, b):
        if isinstance(value, Instance) and value.payload is not None:
            left = a.payload if isinstance(a, Instance) and a.payload is not None else a
            right = b.payload if isinstance(b, Instance) and b.payload is not None else b
            return binary(world, op, left, right)
        if isinstance(value, External):
            if op == "|" and isinstance(a, TYPES) and isinstance(b, TYPES):
                return (a, b)
            return Unknown(f"{value.qualname} is not modelled")
    if op == "|" and (isinstance(a, Class) or isinstance(b, Class)):
        return (a, b)  # `int | None` as a type: isinstance takes a tuple
    if (a is None or b is None) and not isinstance(a, Stream) and not isinstance(b, Stream):
        raise ProgramRaises("TypeError", f"unsupported operand type(s) for {op}: 'NoneType'")
    if op == "+" and all(isinstance(v, (Lazy, Iterator, List)) for v in (a, b)):
        kinds = " and ".join("a list" if isinstance(v, List) else "a generator" for v in (a, b))
        raise library_refuses("TypeError", f"{kinds} cannot be added, two lists can: list(…)")
    if all(isinstance(v, _PLAIN) or is_plain_object(v) for v in (a, b)):
        raise ProgramRaises("TypeError", f"unsupported operand type(s) for {op}")
    return Unknown(f"{op} is not modelled for these values")


_PLAIN = (int, float, complex, str, bytes, tuple, List, Dict, Set, Sym, Function)


def is_plain_object(value: Any) -> bool:
    """Whether a value is an object all of whose special methods the program writes."""
    return (
        isinstance(value, Instance)
        and value.cls.written
        and value.payload is None
        and value.cls.unknown_base is None
        and not any(
            c.unknown_base is not None or not (c.written or c.qualname in _BARE) for c in value.cls.mro
        )
    )


_BARE = ("object", "enum.Enum")


def _either(world: World, op: str, a: Any, b: Any) -> Any:
    from shapelint.interp import branch

    owner = a if isinstance(a, Either) else b
    assert isinstance(owner, Either)
    sides = [
        (lambda option=option: binary(world, op, option if a is owner else a, option if b is owner else b))
        for option in owner.options
    ]
    return branch.value(world, None, sides)


def augmented(world: World, op: str, held: Any, value: Any) -> Any:
    """`held op= value`: in place for lists and dicts, else the plain operator (a tensor's in-place twin has its own law)."""
    from shapelint.interp import branch, calls, iterate
    from shapelint.interp.host import builtins, methods_dict, methods_list
    from shapelint.interp.tensors import torch_calls

    if isinstance(held, Either):
        options = held.options
        return branch.value(
            world,
            None,
            [lambda option=option: augmented(world, op, option, value) for option in options],  # type: ignore[misc]
        )
    if isinstance(held, List) and op == "+":
        calls.touch(world, held)
        found = iterate.items(world, value)
        if isinstance(found, Stream):
            world.journal.touch_slot(held, "open")
            held.open = Unknown(found.why)
        else:
            methods_list.take_all(world, held, found)
        return held
    if isinstance(held, Dict) and op == "|":
        if held.kind == "Counter":
            methods_dict.widen(world, held, "counters that are united")
        else:
            calls.call(world, builtins.method(world, held, "update"), (value,), {})
        return held
    if isinstance(held, Tensor):
        name = _TENSOR[op].replace("torch.", "torch.Tensor.") + "_"
        if op != "@" and torch_calls.known(name):
            return torch_calls.op(world, name, (held, value), {})
    if isinstance(held, Instance):
        method = calls.special(held, f"__i{METHODS[op]}__")
        if method is not None:
            return calls.call(world, method, (held, value), {})
    return binary(world, op, held, value)


def unary(world: World, op: str, operand: Any) -> Any:
    """`-x`, `+x`, `~x`."""
    if isinstance(operand, NUMBERS):
        if op == "-":
            return -operand
        if op == "+":
            return +operand
        if isinstance(operand, int):
            return ~operand
        raise ProgramRaises("TypeError", "bad operand type for unary ~")
    if isinstance(operand, Sym):
        if op == "~":
            return -operand - 1
        return -operand if op == "-" else operand
    if isinstance(operand, Tensor):
        from shapelint.interp.tensors import torch_calls

        name = {"-": "torch.neg", "~": "torch.bitwise_not", "+": "torch.positive"}[op]
        return torch_calls.op(world, name, (operand,), {})
    if isinstance(operand, Unknown):
        if operand.name is not None and op == "-":
            return -operand.as_size()
        if isinstance(operand, Quotient) and op == "-":
            return Quotient(-operand.above, operand.below)
        made = Unknown(operand.why, operand.site, after_failure=operand.after_failure, plain=operand.plain)
        made.annotation = _number_kind(operand) if op in "+-" else None
        return made
    if isinstance(operand, Instance):
        from shapelint.interp import calls

        method = calls.special(operand, {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op])
        if method is not None:
            return calls.call(world, method, (operand,), {})
    return Unknown(f"unary {op} is not modelled for this value")
