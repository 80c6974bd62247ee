"""Operators: numbers and sizes natively, tensors through their specs, objects through their special methods."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.host import open_lists, views
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
    Size,
    Stream,
    Tensor,
    Unknown,
    Unranked,
)
from shapelint.values.objects import Class
from shapelint.values.unknown import either

_HOST: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "^": operator.xor,
    "&": operator.and_,
}
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
_NUMBERS = (int, float, complex)
_MAX_BITS = 4_096
_MAX_LENGTH = 1_000_000  # of a text
_MAX_ITEMS = 200_000  # of a list or a tuple


def binary(world: World, op: str, a: Any, b: Any) -> Any:
    """`a op b`."""
    if isinstance(a, _NUMBERS) and isinstance(b, _NUMBERS):
        return _numbers(op, a, b)
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        if not isinstance(a, Instance) and not isinstance(b, Instance):
            return _tensors(world, op, a, b)
    if isinstance(a, (Sym, int)) and isinstance(b, (Sym, int)):
        return _sizes(world, op, a, b)
    if isinstance(a, Sym) or isinstance(b, Sym):
        found = _with_witness(op, a, b)
        if found is not NotImplemented:
            return found
        if op == "*" and isinstance(
            b if isinstance(a, Sym) else a, (List, tuple, str)
        ):  # so many times as is seen
            seen = (dims.witness(x) if isinstance(x, Sym) else x for x in (a, b))
            return binary(world, op, *seen)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return _unknowns(world, op, a, b)
    if isinstance(a, Either) or isinstance(b, Either):
        return _either(world, op, a, b)
    if isinstance(a, str) or isinstance(b, str):
        return _strings(world, op, a, b)
    if isinstance(a, Instance) or isinstance(b, Instance):
        return _objects(world, op, a, b)
    if isinstance(a, bytes) and isinstance(b, (bytes, int)) and op in "+*":
        return _bytes(op, a, b)
    if isinstance(a, tuple) or isinstance(b, tuple):
        return _tuples(world, op, a, b)
    if isinstance(a, List) or isinstance(b, List):
        return _lists(world, op, a, b)
    if isinstance(a, (Dict, Set)) or isinstance(b, (Dict, Set)):
        return _sets(world, op, a, b)
    return _objects(world, op, a, b)


def _numbers(op: str, a: Any, b: Any) -> Any:
    if op == "**" and isinstance(a, int) and isinstance(b, int) and b > 0 and a.bit_length() * b > _MAX_BITS:
        return Unknown("a power too large to compute")
    if op == "<<" and isinstance(b, int) and b > _MAX_BITS:
        return Unknown("a shift too large to compute")
    if (
        op == "*"
        and isinstance(a, int)
        and isinstance(b, int)
        and a.bit_length() + b.bit_length() > _MAX_BITS
    ):
        return Unknown("a product too large to compute")
    if op == "@":
        raise ProgramRaises("TypeError", "unsupported operand type(s) for @")
    try:
        return _HOST[op](a, b)
    except ZeroDivisionError as problem:
        raise ProgramRaises("ZeroDivisionError", str(problem)) from None
    except (TypeError, ValueError, OverflowError) as problem:
        raise ProgramRaises(type(problem).__name__, str(problem)) from None


def _sizes(world: World, op: str, a: Any, b: Any) -> Any:
    if op == "/":
        return _quotient(world, a, b)
    if op in ("+", "-", "*", "//", "%"):
        try:
            return _HOST[op](
                world.resolve(int(a) if isinstance(a, bool) else a),
                world.resolve(int(b) if isinstance(b, bool) else b),
            )
        except ZeroDivisionError as problem:
            raise ProgramRaises("ZeroDivisionError", str(problem)) from None
        except dims.Undetermined as problem:
            return Unknown(str(problem))
    if op == "**" and isinstance(b, int) and 0 <= b <= 8:
        return a**b
    return _on_witnesses(op, a, b)


def _quotient(world: World, a: Any, b: Any) -> Any:
    """True division of sizes: a float where the numbers are known. `int(h / 2)` is read as a floor division by `int`."""
    left, right = dims.witness(a), dims.witness(b)
    if right == 0:
        raise ProgramRaises("ZeroDivisionError", "division by zero")
    if left is not None and right is not None:
        return left / right
    return Quotient(a, b)


class Quotient(Unknown):
    """A true quotient of sizes that are not all known: rounded down by int(), it is a size again."""

    __slots__ = ("above", "below")

    def __init__(self, above: Any, below: Any) -> None:
        super().__init__(f"{above} / {below} is not known", plain=True)
        self.above: Any = above
        self.below: Any = below

    @property
    def sides(self) -> tuple[Any, Any]:
        return self.above, self.below

    def rounded(self, world: World, *, up: bool) -> Any:
        """Its floor or ceiling, by what is known of the sizes by now."""
        above, below = map(world.resolve, self.sides)
        try:
            return dims.ceildiv(above, below) if up else above // below
        except ZeroDivisionError:
            raise ProgramRaises("ZeroDivisionError", "division by zero") from None


def _on_witnesses(op: str, a: Any, b: Any) -> Any:
    left, right = dims.witness(a), dims.witness(b)
    if left is None or right is None:
        return Unknown(f"{a} {op} {b} is not known", plain=True)
    return _numbers(op, left, right)


def _with_witness(op: str, a: Any, b: Any) -> Any:
    """A size against a float, string, …: the number that is known of it, if one is."""
    left = dims.witness(a) if isinstance(a, Sym) else a
    right = dims.witness(b) if isinstance(b, Sym) else b
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return _numbers(op, left, right)
    if isinstance(a, float) or isinstance(b, float):
        return Unknown(f"{a} {op} {b} is not known", plain=True)
    if isinstance(a, Sym) and left is None and isinstance(b, (List, tuple, str)) and op == "*":
        return Unknown(f"a repetition {a} times")
    if isinstance(b, Sym) and right is None and isinstance(a, (List, tuple, str)) and op == "*":
        if isinstance(a, List):
            return open_lists.opened(f"a list repeated {b} times", a.items)
        return Unknown(f"a repetition {b} times")
    return NotImplemented


def _tensors(world: World, op: str, a: Any, b: Any) -> Any:
    from shapelint.interp.tensors.torch_calls import op as torch_op

    if isinstance(a, Tensor) and isinstance(b, Tensor) is False and isinstance(b, (str, type(None))):
        raise ProgramRaises(
            "TypeError", f"unsupported operand type(s) for {op}: 'Tensor' and '{type(b).__name__}'"
        )
    if isinstance(b, Tensor) and isinstance(a, (str, type(None))):
        raise ProgramRaises(
            "TypeError", f"unsupported operand type(s) for {op}: '{type(a).__name__}' and 'Tensor'"
        )
    return torch_op(world, _TENSOR[op], (a, b), {})


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
        return _sizes(world, op, left, right)
    return Unknown(a.why if isinstance(a, Unknown) else b.why)


def _has_axes(value: Any) -> bool:
    """Whether an unknown was taken for a tensor with axes: a number has none."""
    if not isinstance(value, Unknown) or value.tensor is None:
        return False
    box = value.tensor.box
    return bool(box.asked or box.bound) if isinstance(box, Unranked) else bool(box)


def _named(value: Any) -> bool:
    return isinstance(value, Unknown) and value.name is not None


def _times(count: int) -> int:
    """How often something is repeated: less than never is never."""
    if not -sys.maxsize - 1 <= count <= sys.maxsize:
        raise ProgramRaises("OverflowError", "cannot fit 'int' into an index-sized integer")
    return max(count, 0)


def _bytes(op: str, a: bytes, b: Any) -> Any:
    if (op == "+") != isinstance(b, bytes):
        raise ProgramRaises("TypeError", f"unsupported operand type(s) for {op}")
    if op == "*":
        count = _times(b)
        return a * count if len(a) * count < _MAX_LENGTH else Unknown("bytes too long to keep")
    return a + b if len(a) + len(b) < _MAX_LENGTH else Unknown("bytes too long to keep")


def _strings(world: World, op: str, a: Any, b: Any) -> Any:
    from shapelint.interp.host import text

    if op == "%" and isinstance(a, str):
        return text.percent(world, a, b)
    if op == "+" and isinstance(a, str) and isinstance(b, str):
        return a + b if len(a) + len(b) < _MAX_LENGTH else Unknown("a string too long to keep")
    if op == "*" and (isinstance(a, int) or isinstance(b, int)):
        repeated, count = (a, _times(b)) if isinstance(b, int) else (b, _times(a))
        return (
            repeated * count if count * len(repeated) < _MAX_LENGTH else Unknown("a string too long to keep")
        )
    return _objects(world, op, a, b)


_TOO_LONG = "a {} too long to keep"
_TYPES = (Class, External, tuple, type(None), Unknown, str)


def _tuples(world: World, op: str, a: Any, b: Any) -> Any:
    if op == "|" and isinstance(a, _TYPES) and isinstance(b, _TYPES):
        return (
            *(a if isinstance(a, tuple) else (a,)),
            *(b if isinstance(b, tuple) else (b,)),
        )  # types: int | str | None
    if op == "+" and isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) + len(b) > _MAX_ITEMS:
            return Unknown(_TOO_LONG.format("tuple"))
        world.spend(len(a) + len(b))
        return _sizes_if((*a, *b), a, b)
    if op == "*":
        items, count = (a, b) if isinstance(a, tuple) else (b, a)
        if isinstance(count, int):
            count = _times(count)
            if count * len(items) > _MAX_ITEMS:
                return Unknown(_TOO_LONG.format("tuple"))
            world.spend(count * len(items))
            return _sizes_if(tuple(items) * count, items)
    return _objects(world, op, a, b)


def _sizes_if(made: tuple[Any, ...], *parts: Any) -> tuple[Any, ...]:
    """A torch.Size where one of the parts is: `torch.FloatTensor(x.size() + (n,))` is of that shape, and does not hold it."""
    if any(isinstance(part, Size) for part in parts) and all(isinstance(item, (int, Sym)) for item in made):
        return Size(made)
    return made


def _lists(world: World, op: str, a: Any, b: Any) -> Any:
    if op == "+" and isinstance(a, List) and isinstance(b, List):
        why = either(a.open, b.open)
        if why is None and len(a.items) + len(b.items) > _MAX_ITEMS:
            return List([], Unknown(_TOO_LONG.format("list")))
        if why is None:
            world.spend(len(a.items) + len(b.items))
            return List([*a.items, *b.items])
        return open_lists.opened(why.why, [*open_lists.examples(a), *open_lists.examples(b)])
    if op == "*":
        items, count = (a, b) if isinstance(a, List) else (b, a)
        if isinstance(count, int) and isinstance(items, List):
            count = _times(count)
            if count * len(items.items) > _MAX_ITEMS:
                return List([], Unknown(_TOO_LONG.format("list")))
            world.spend(count * len(items.items))
            made = List(items.items * count, items.open)
            made.repeated = count
            return made
    return _objects(world, op, a, b)


def _as_set(world: World, value: Any) -> Set:
    """An operand of `d.keys() | …`, which may be anything that can be walked."""
    from shapelint.interp import iterate, subscripts

    found = iterate.items(world, value)
    if isinstance(found, Stream):
        return Set({}, Unknown(found.why))
    return Set({subscripts.key(item): None for item in found})


def _sets(world: World, op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Dict) and isinstance(b, Dict) and op == "|":
        if "Counter" in (a.kind, b.kind):
            return Unknown("counters that are united", plain=True)
        kept = b if a.kind == "dict" else a  # the operators of OrderedDict and defaultdict are asked first
        return Dict({**a.items, **b.items}, either(a.open, b.open), default=kept.default, kind=kept.kind)
    if isinstance(a, Set) and isinstance(b, Set):
        opened = either(a.open, b.open)
        if op == "|":
            return Set({**a.items, **b.items}, opened)
        if op == "&":
            return Set({k: None for k in a.items if k in b.items}, opened)
        if op == "-":
            return Set({k: None for k in a.items if k not in b.items}, opened)
        if op == "^":
            return Set({k: None for k in (*a.items, *b.items) if (k in a.items) != (k in b.items)}, opened)
    if isinstance(a, Dict) and isinstance(b, Dict) and a.kind == b.kind == "Counter" and op in "+-":
        if not all(isinstance(count, int) for count in (*a.items.values(), *b.items.values())):
            return Unknown("counts that are not known")
        keys = dict.fromkeys((*a.items, *b.items))
        counts = {k: _HOST[op](a.items.get(k, 0), b.items.get(k, 0)) for k in keys}
        return Dict({k: n for k, n in counts.items() if n > 0}, either(a.open, b.open), kind="Counter")
    return _objects(world, op, a, b)


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
        return _sets(world, op, _as_set(world, a), _as_set(world, b))
    for value in (a, b):
        if isinstance(value, Instance) and value.payload is not None:
            left = a.payload if isinstance(a, Instance) and a.payload is not None else a
            right = b.payload if isinstance(b, Instance) and b.payload is not None else b
            return binary(world, op, left, right)
        if isinstance(value, External):
            if op == "|" and isinstance(a, _TYPES) and isinstance(b, _TYPES):
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
    if isinstance(operand, _NUMBERS):
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
        return Unknown(operand.why, operand.site, after_failure=operand.after_failure)
    if isinstance(operand, Instance):
        from shapelint.interp import calls

        method = calls.special(operand, {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op])
        if method is not None:
            return calls.call(world, method, (operand,), {})
    return Unknown(f"unary {op} is not modelled for this value")
