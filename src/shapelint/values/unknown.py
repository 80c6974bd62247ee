"""The value that is not known, with the reason. Host code that looks inside one is stopped with `Undetermined`."""

from __future__ import annotations

from typing import Any, NoReturn

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.values.origin import Site

# A constructor argument may be anything, sentinel values like -1 included: no bound may be used in a proof about it.
_ANY_INT = -(2**62)
_ANY_VALUE = _ANY_INT - 1  # the bound that tells what may be no integer at all


def may_be_tensor(size: Sym) -> bool:
    """Whether arithmetic has made it of arguments that may be tensors: `1 - mask`."""
    return any(symbol.low == _ANY_VALUE for symbol in size.symbols)


class Undetermined(Exception):
    """An answer depends on something unknown. Caught where an operation is called; the result is then `Unknown(why)`."""

    def __init__(self, why: str, cause: Unknown | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.cause = cause


class Unknown:
    """A value that is not known.

    `why` is a short clause ("`foo.bar` is not modelled", "argument `n` of Net"); `site` is where knowledge was lost;
    `name` is set for a value that has a name of its own (an argument), which then also names the symbolic size it may
    turn out to be; `after_failure` marks what merely follows from a finding that was already made. An unknown asked twice
    for the same thing (an attribute, its size, its tensor) answers with the same object: `entry` marks an argument of an
    entry point, whose rank may be inferred from what takes it; `operand` one that is no constructor's, and may be a tensor where
    arithmetic reads it as a size; `asked` whether its truth ever was; `plain` what is certainly neither a layer nor a parameter.
    """

    __slots__ = (
        "after_failure",
        "annotation",
        "asked",
        "entry",
        "members",
        "name",
        "operand",
        "plain",
        "site",
        "symbol",
        "tensor",
        "why",
    )

    def __init__(
        self,
        why: str,
        site: Site | None = None,
        *,
        name: str | None = None,
        after_failure: bool = False,
        plain: bool = False,
    ) -> None:
        self.why = why
        self.site = site
        self.name = name
        self.after_failure = after_failure
        self.plain = plain
        self.symbol: Sym | None = None
        self.annotation: Any = None
        self.entry = False
        self.asked = False
        self.operand = False
        self.members: dict[Any, Any] = {}
        self.tensor: Any = None

    def as_size(self) -> Sym:
        """This unknown read as a size: always the same symbol for the same unknown."""
        if self.symbol is None:
            symbol = dims.symbol(self.name or "?", low=_ANY_VALUE if self.operand else _ANY_INT)
            assert isinstance(symbol, Sym)
            self.symbol = symbol
        return self.symbol

    def _stop(self, *_: Any) -> NoReturn:
        raise Undetermined(self.why, self)

    __bool__ = __len__ = __iter__ = __int__ = __index__ = __float__ = __getitem__ = __contains__ = _stop
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __floordiv__ = __mod__ = (
        _stop
    )
    __lt__ = __le__ = __gt__ = __ge__ = _stop

    def __repr__(self) -> str:
        return f"Unknown({self.why!r})"


def is_size(value: object) -> bool:
    """Whether `value` is an integer, concrete or symbolic (bool counts, as in Python)."""
    return isinstance(value, (int, Sym))


def as_dim(value: object, what: str = "a size") -> Dim:
    """`value` as a size; an Unknown becomes its own symbol. Raises Undetermined for what cannot be a size."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Sym):
        return value
    if isinstance(value, Unknown):
        return value.as_size()
    # Of a tensor, and of what numpy counts with, torch takes the integer in it.
    held = getattr(getattr(value, "payload", value), "integer", None)
    if isinstance(held, (int, Sym)):
        return held
    raise Undetermined(f"{what} is not an integer")


def either(first: Any, second: Any) -> Any:
    """The first of two that is not None (an Unknown has no truth value, so `or` will not do)."""
    return second if first is None else first


def some_number(kind: str, why: str, site: Any = None, *, after_failure: bool = False) -> Unknown:
    """A number of which only the kind is known: "int" or "float"."""
    made = Unknown(why, site, after_failure=after_failure, plain=True)
    made.annotation = kind
    return made
