"""Ask a spec about symbols and give them their numbers afterwards: it must say what it says on the numbers themselves.

Two ways: symbols of which nothing is known, where the spec may assume (what it assumes must decide on the numbers whether the
call raises) or say that it does not know; and symbols with a witness, on which it decides as on the numbers.
"""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym, Symbol
from shapelint.values import Tensor
from tests.differential.cases import Case
from tests.differential.compare import Answer, T, Trial, ask_spec, lying, our_argument, same

SILENT = "silent"

# Where two sizes that are not known meet in a broadcast, they are assumed to be equal; one of them might be 1.
STRETCHED = "that nothing is stretched"


class Symbolic(Trial):
    """A trial that has a symbol for every size but 0 (a symbol is at least 1): of the inputs, of the layer, or of both."""

    def __init__(self, *, witnessed: bool, inputs: bool = True, layer: bool = True) -> None:
        super().__init__()
        self.witnessed, self.inputs, self.layer = witnessed, inputs, layer
        self.numbers: dict[Symbol, Dim] = {}

    def tensor(self, argument: T) -> Tensor:
        shape = tuple(map(self._symbol, argument.shape)) if self.inputs else argument.shape
        return lying(Tensor(shape, argument.dtype), argument.order)

    def size(self, argument: Any) -> Any:
        sized = self.layer and type(argument) is int and argument > 0
        return self._symbol(argument) if sized else our_argument(argument)

    def _symbol(self, number: int) -> Dim:
        if number == 0:
            return 0
        made = dims.symbol(f"s{len(self.numbers)}", witness=number if self.witnessed else None)
        assert made.as_symbol is not None
        self.numbers[made.as_symbol] = number
        return made

    def number(self, dim: Dim) -> Dim:
        """`dim` with the numbers put in; a size that depends on the data stays a symbol."""
        return dims.substitute(self.resolve(dim), self.numbers)

    def violated(self) -> str | None:
        """What was assumed and does not hold for the numbers."""
        for symbol, dim in self.bindings.items():
            if symbol in self.numbers and isinstance(dim, Sym) and dim.as_symbol not in (None, *self.numbers):
                assert dim.as_symbol is not None
                self.numbers[dim.as_symbol] = self.numbers[
                    symbol
                ]  # a size of a lazy layer: the number is known now
        for symbol, dim in self.bindings.items():
            if symbol in self.numbers:
                wanted = self.number(dim)
                if isinstance(wanted, int) and wanted != self.numbers[symbol]:
                    return STRETCHED if 1 in (wanted, self.numbers[symbol]) else f"{symbol} = {dim}"
        for relation, left, right in self.assumptions:
            a, b = dims.substitute(left, self.numbers), dims.substitute(right, self.numbers)
            if isinstance(a, int) and isinstance(b, int) and not _HOLDS[relation](a, b):
                if relation == "equal" and 1 in (a, b):
                    return STRETCHED
                return f"{left} {relation} {right}"
        return None


_HOLDS = {
    "equal": lambda a, b: a == b,
    "at_least": lambda a, b: a >= b,
    "divides": lambda number, divisor: divisor != 0 and number % divisor == 0,
}


WAYS: tuple[dict[str, bool], ...] = (
    {"witnessed": True},
    {"witnessed": False, "layer": False},
    {"witnessed": False, "inputs": False},
)


def symbolic_disagreement(case: Case, plain: Answer, way: dict[str, bool]) -> str | None:
    """None when the symbols (in one of the WAYS) say what the numbers say (`plain`); "unknown: …" when the spec does not know;
    SILENT when it sees nothing wrong for symbols in a call that it refuses for the numbers; else what differs."""
    trial = Symbolic(**way)
    said = ask_spec(case, trial)
    if said.unknown is not None:
        return f"unknown: {said.unknown}"
    if not trial.numbers:
        return None
    violated = trial.violated()
    if violated is STRETCHED:
        return SILENT
    if said.raised is not None or violated is not None:
        why = said.raised or f"assumes {violated}"
        return None if plain.raised is not None else f"on symbols {why}; on numbers it accepts the call"
    if plain.raised is not None:
        return f"on symbols nothing is refused; on numbers {plain.raised}" if trial.witnessed else SILENT
    for name in ("results", "parameters", "buffers", "flops"):
        a, b = getattr(plain, name), _numbers(trial, getattr(said, name))
        if not same(_fresh(a), b):
            return f"{name}: on numbers {a}; on symbols {getattr(said, name)}, which is {b}"
    return None


def _fresh(value: Any) -> Any:
    """`value`, in which a size that depends on the data is any."""
    if isinstance(value, dict):
        return {k: _fresh(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(map(_fresh, value))
    return 0 if isinstance(value, Sym) and value.witness is None else value


def _numbers(trial: Symbolic, value: Any) -> Any:
    if isinstance(value, Sym):
        return trial.number(value)
    if isinstance(value, dict):
        return {k: _numbers(trial, v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(_numbers(trial, v) for v in value)
    return value
