"""How a spec states what it needs. Each need answers yes (silence), no (a fact), or unknown (an assumption, remembered).

A spec goes on after a failed need wherever the result is still clear (`Linear` always puts out `out_features`): what is
behind a failure stays known, and is marked so that what merely follows from it is not reported again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NoReturn, Protocol

from shapelint import dims
from shapelint.dims import Dim, Sym, Verdict
from shapelint.values import DType, Shape, Tensor, Undetermined, Unknown, Unranked, as_dim

_MOST_AXES = 6  # that a tensor of unknown rank is taken to have, where any number would do


_MANY = 4_096  # layers or copies; nobody builds as many


class Refused(Exception):
    """The operation raises for certain and nothing is known of its result. The fact is already recorded."""


class Recorder(Protocol):
    """What a need reports to: the interpreter, or a test."""

    def failed(self, need: Need, failure: dict[str, Any]) -> None: ...
    def assumed(self, relation: str, left: Dim, right: Dim, op: str) -> None: ...
    def may_refuse(self) -> None: ...
    def resolve(self, dim: Dim) -> Dim: ...
    def bind(self, symbol: Sym, dim: Dim) -> None: ...
    def bind_shape(
        self, box: Unranked, ranks: Sequence[int], names: Sequence[str], open: bool = False
    ) -> Shape: ...
    def macs(self, count: Dim) -> None: ...
    def invoke(self, function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any: ...
    def touch(self, container: Any) -> None: ...
    def layer_class(self, name: str) -> Any: ...
    @property
    def default_dtype(self) -> str: ...


class Need:
    """One call's needs. `op` is the documented name; `failed` tells afterwards whether any need was refused."""

    __slots__ = ("failed", "op", "recorder", "tensors")

    def __init__(self, recorder: Recorder, op: str, tensors: tuple[Any, ...] = ()) -> None:
        self.recorder = recorder
        self.op = op
        self.tensors = tensors
        self.failed = False

    # ---- stating needs

    def equal(self, actual: Dim, wanted: Dim, rule: str, what: str, by: str) -> bool:
        """`actual` (which is `what`, e.g. "the input's channels") must equal `wanted` (given by `by`, e.g. "in_channels").

        Binds a bare unknown symbol. Returns False when it is proven not to hold.
        """
        if type(actual) is int and type(wanted) is int:
            verdict = Verdict.YES if actual == wanted else Verdict.NO
        else:
            actual, wanted = self.resolve(actual), self.resolve(wanted)
            verdict = dims.equal(actual, wanted)
        if verdict is Verdict.YES:
            return True
        if verdict is Verdict.NO:
            self._fail(rule, what=what, actual=actual, by=by, wanted=wanted)
            return False
        if not self._bind(actual, wanted):
            self._bind(wanted, actual)
        self.recorder.assumed("equal", actual, wanted, self.op)
        return True

    def at_least(self, actual: Dim, wanted: Dim, rule: str, what: str, by: str) -> bool:
        """`actual >= wanted`."""
        actual, wanted = self.resolve(actual), self.resolve(wanted)
        return self._decide(dims.less_equal(wanted, actual), "at_least", actual, wanted, rule, what, by)

    def divides(
        self, divisor: Dim, number: Dim, rule: str, what: str, by: str, raised: str = "RuntimeError"
    ) -> bool:
        """`number` (which is `what`) must be a multiple of `divisor` (which is `by`)."""
        divisor, number = self.resolve(divisor), self.resolve(number)
        if dims.equal(divisor, 0) is Verdict.YES:
            self._fail(rule, what=what, actual=number, by=by, wanted=divisor, raised=raised)
            return False
        return self._decide(dims.divides(divisor, number), "divides", number, divisor, rule, what, by, raised)

    def holds(self, verdict: Verdict | bool, rule: str, message: str, raised: str = "RuntimeError") -> bool:
        """Any other condition; `message` is a whole clause that tells the offence."""
        if verdict is True or verdict is Verdict.YES:
            return True
        if verdict is False or verdict is Verdict.NO:
            self._fail(rule, message=message, raised=raised)
            return False
        return True

    def refuse(self, rule: str, message: str, raised: str = "RuntimeError") -> NoReturn:
        """The call raises for certain, and its result is unknown."""
        self._fail(rule, message=message, raised=raised)
        raise Refused

    def unknown(self, why: str) -> NoReturn:
        """The result cannot be known; nothing is wrong."""
        raise Undetermined(why)

    # ---- looking at arguments

    def axes(
        self, x: Tensor, pattern: str, rule: str = "wrong-rank", what: str = "the input"
    ) -> tuple[Dim, ...]:
        """The sizes of `x`, which must match a pattern of axis names: "[N] C H W" (N may be missing), "* C" (any number
        of axes before), "N C *". An unknown rank is bound to the fullest form. Refuses another rank."""
        least, most, names = _pattern(pattern)
        if not x.known:
            box = x.box
            assert isinstance(box, Unranked)
            ranks = (
                range(least, most + 1) if most is not None else range(least, max(least + 3, _MOST_AXES + 1))
            )
            return self.recorder.bind_shape(box, tuple(ranks), names, open=most is None)
        shape = x.shape
        if len(shape) < least or (most is not None and len(shape) > most):
            wanted = (
                str(least)
                if least == most
                else f"{least} or {most}"
                if most is not None
                else f"at least {least}"
            )
            self.refuse(
                rule,
                f"{what} must have {wanted} axes ({pattern}), it has {len(shape)}: {show(shape)}",
                "RuntimeError",
            )
        return shape

    def rank(self, x: Tensor, *ranks: int, rule: str = "wrong-rank", what: str = "the input") -> int:
        """The number of axes of `x`, which must be one of `ranks` (the last is taken when it is not known yet)."""
        if not x.known:
            box = x.box
            assert isinstance(box, Unranked)
            return len(self.recorder.bind_shape(box, ranks, ()))
        if x.rank not in ranks:
            wanted = " or ".join(map(str, ranks))
            self.refuse(rule, f"{what} must have {wanted} axes, it has {x.rank}: {show(x.shape)}")
        return x.rank

    def dim(self, value: Any, what: str = "a size") -> Dim:
        """A size argument: int, symbolic, or an unknown that becomes its own symbol."""
        return self.resolve(as_dim(value, what))

    def dims(self, values: Any, what: str = "sizes") -> tuple[Dim, ...]:
        """A sequence of sizes: a tuple, torch.Size or list value."""
        return tuple(self.dim(v, what) for v in sequence(values, what))

    def axis(self, dim: Any, rank: int, rule: str = "axis-out-of-range", what: str = "dim") -> int:
        """An axis argument, negative ones counted from the end. Refuses one out of range; unknown when it is symbolic."""
        if isinstance(dim, bool) or not isinstance(dim, int):
            dim = self.concrete(dim, what)
        axis: int = dim
        span = max(rank, 1)
        if not -span <= axis < span:
            self.refuse(
                rule, f"{what}={axis} is out of range for {rank} axes ({-span} to {span - 1})", "IndexError"
            )
        return axis % span

    def concrete(self, value: Any, what: str) -> int:
        """An int argument whose number must be known (an axis, a kernel count); its witness serves."""
        if isinstance(value, int):
            return int(value)
        if isinstance(value, Sym):
            value = self.resolve(value)
            number = dims.witness(value)
            if number is not None:
                return number
            raise Undetermined(f"{what} is not known ({value})")
        if isinstance(value, Unknown):
            raise Undetermined(value.why, value)
        return self.concrete(as_dim(value, what), what)

    def few(self, value: Any, what: str) -> int:
        """The number of things that are then made one by one."""
        count = self.concrete(value, what)
        return count if count <= _MANY else self.unknown(f"{what} is larger than {_MANY:,}")

    def resolve(self, dim: Dim) -> Dim:
        """`dim` with everything that has been inferred put in."""
        return dim if type(dim) is int else self.recorder.resolve(dim)

    # ---- making values

    def tensor(self, shape: Sequence[Dim], dtype: str | None = "default") -> Tensor:
        return Tensor(tuple(shape), self.recorder.default_dtype if dtype == "default" else dtype)

    def parameter(self, shape: Sequence[Any], dtype: Any = None, requires_grad: bool = True) -> Tensor:
        """A new parameter; sizes may be unknown (they become symbols)."""
        name = self._dtype(dtype)
        return Tensor(tuple(self.dim(s) for s in shape), name, kind="parameter", requires_grad=requires_grad)

    def buffer(self, shape: Sequence[Any], dtype: Any = None) -> Tensor:
        return Tensor(tuple(self.dim(s) for s in shape), self._dtype(dtype), kind="buffer")

    def _dtype(self, given: Any) -> str | None:
        """The name of the dtype that a layer's constructor was given; None when it is not known."""
        if isinstance(given, DType):
            return given.name
        if given is None:
            return self.recorder.default_dtype
        return given if isinstance(given, str) else None

    def fresh(self, name: str, low: int = 0) -> Dim:
        """A size that depends on the data (nonzero, unique, masked_select)."""
        return dims.symbol(name, low=low)

    # ---- accounts

    def macs(self, count: Dim) -> None:
        """Multiply-accumulates of a convolution or matrix product, counted as torch.utils.flop_counter does (FLOPs / 2)."""
        self.recorder.macs(count)

    def invoke(self, function: Any, *args: Any, **keywords: Any) -> Any:
        """Call a value of the program: a module, a function the user passed in."""
        return self.recorder.invoke(function, args, keywords)

    # ---- inside

    def _bind(self, symbol: Dim, dim: Dim) -> bool:
        if isinstance(symbol, Sym) and symbol.as_symbol is not None and symbol.as_symbol.witness is None:
            if isinstance(dim, Sym) and symbol.as_symbol in dim.symbols:
                return False
            self.recorder.bind(symbol, dim)
            return True
        return False

    def _decide(
        self, verdict: Verdict, relation: str, left: Dim, right: Dim, rule: str, what: str, by: str,
        raised: str = "RuntimeError",
    ) -> bool:  # fmt: skip
        if verdict is Verdict.YES:
            return True
        if verdict is Verdict.NO:
            self._fail(rule, what=what, actual=left, by=by, wanted=right, relation=relation, raised=raised)
            return False
        self.recorder.assumed(relation, left, right, self.op)
        return True

    def _fail(self, rule: str, **failure: Any) -> None:
        self.failed = True
        self.recorder.failed(self, {"rule": rule, "op": self.op, "tensors": self.tensors, **failure})


def sequence(values: Any, what: str = "a sequence") -> tuple[Any, ...]:
    """The items of a tuple, torch.Size or list value. Undetermined for anything else."""
    if isinstance(values, tuple):
        return values
    items = getattr(values, "items", None)
    if isinstance(items, list) and getattr(values, "open", None) is None:
        return tuple(items)
    if isinstance(values, Unknown):
        raise Undetermined(values.why, values)
    raise Undetermined(f"{what} is not a sequence that is known")


def is_sequence(value: Any) -> bool:
    return isinstance(value, tuple) or isinstance(getattr(value, "items", None), list)


def is_no_sequence(value: Any) -> bool:
    """Whether a value is certainly none: the shape of a tensor of unknown rank is one whose items are not known."""
    return value is None or isinstance(value, (int, float, complex, str, bytes, Sym, Tensor))


def tupled(value: Any, count: int, what: str = "a size") -> tuple[Any, ...]:
    """`value` as torch spreads it over `count` spatial axes: one value for all, or a sequence of that length."""
    if is_sequence(value):
        items = sequence(value, what)
        if len(items) == 1:
            return items * count
        return items
    return (value,) * count


def show(shape: Sequence[Any]) -> str:
    """A shape as messages print it: [B, 3, 224, 224], witnesses in place of symbols that have one."""
    return "[" + ", ".join(show_dim(d) for d in shape) + "]"


def show_dim(dim: Any) -> str:
    number = dims.witness(dim) if isinstance(dim, (int, Sym)) else None
    return str(dim) if number is None else str(number)


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> tuple[int, int | None, tuple[str, ...]]:
    """(least rank, most rank or None, axis names of the fullest form)."""
    names = re.findall(r"\[?\w+\]?|\*", pattern)
    optional = sum(n.startswith("[") for n in names)
    stars = names.count("*")
    fixed = len(names) - optional - stars
    plain = tuple(n.strip("[]") if n != "*" else "N" for n in names)
    return fixed, (None if stars else fixed + optional), plain
