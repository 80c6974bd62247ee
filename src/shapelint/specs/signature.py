"""Signatures as torch documents them, parsed once from text when they are first needed, and binding of arguments to them."""

from __future__ import annotations

import ast
from typing import Any

from shapelint.records import dataclass


class BindingError(TypeError):
    """The arguments do not fit the signature; the message is what Python would say."""


# torch takes these numpy names for its own.
NUMPY_NAMES = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "a": "input",
    "x1": "input",
    "x2": "other",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str  # "plain", "keyword", "vararg" or "kwarg"
    required: bool
    default: Any


class Signature:
    """What a text says of parameters; the text is read when that is first asked, as most are never called."""

    __slots__ = ("_parameters", "_places", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._parameters: tuple[Parameter, ...] | None = None
        self._places: dict[int, tuple[tuple[str, ...], dict[str, Any]] | None] = {}

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        if self._parameters is None:
            self._parameters = _read(self.text)
        return self._parameters

    def bind(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
        """Values by parameter name, defaults filled in. Raises BindingError as Python raises TypeError."""
        if not keywords:
            given = len(args)
            places = self._places[given] if given in self._places else self._of_places(given)
            if places is not None:
                return {**dict(zip(places[0], args)), **places[1]}  # noqa: B905  (they are as many)
        parameters = self.parameters
        bound: dict[str, Any] = {}
        rest = list(args)
        named = dict(keywords)
        if named:
            known = {p.name for p in parameters}
            for alias, meant in NUMPY_NAMES.items():
                if alias in named and alias not in known and meant in known:
                    named.setdefault(meant, named.pop(alias))
        for p in parameters:
            if p.kind == "vararg":
                # torch's methods also take `x.permute(dims=(0, 2, 1))`: the whole sequence by name.
                bound[p.name] = tuple(rest) if rest or p.name not in named else (named.pop(p.name),)
                rest = []
            elif p.kind == "kwarg":
                bound[p.name] = named
                named = {}
            elif p.kind == "plain" and rest:
                if p.name in named:
                    raise BindingError(f"got multiple values for argument '{p.name}'")
                bound[p.name] = rest.pop(0)
            elif p.name in named:
                bound[p.name] = named.pop(p.name)
            elif not p.required:
                bound[p.name] = p.default
            else:
                raise BindingError(f"missing required argument '{p.name}'")
        if rest:
            raise BindingError(f"takes {len(args) - len(rest)} positional arguments, {len(args)} were given")
        if named:
            raise BindingError(f"got an unexpected keyword argument '{next(iter(named))}'")
        return bound

    def _of_places(self, given: int) -> tuple[tuple[str, ...], dict[str, Any]] | None:
        """The names of so many values and the defaults of the rest, where nothing is given by name; None where there is more to
        it. Most calls are like that."""
        first, rest = self.parameters[:given], self.parameters[given:]
        if len(first) < given or any(p.kind != "plain" for p in first):
            return None
        plain = not any(p.required or p.kind in ("vararg", "kwarg") for p in rest)
        found = (tuple([p.name for p in first]), {p.name: p.default for p in rest}) if plain else None
        self._places[given] = found
        return found


def parse(text: str) -> Signature:
    """`"input, dim=None, *, dtype=None"` -> Signature. Defaults are literals."""
    return Signature(text)


def _read(text: str) -> tuple[Parameter, ...]:
    arguments = _arguments(text)
    parameters = []
    positional = arguments.posonlyargs + arguments.args
    padding: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    for arg, default in zip(positional, padding + list(arguments.defaults), strict=True):
        parameters.append(_parameter(arg.arg, "plain", default))
    if arguments.vararg:
        parameters.append(Parameter(arguments.vararg.arg, "vararg", False, ()))
    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parameters.append(_parameter(arg.arg, "keyword", default))
    if arguments.kwarg:
        parameters.append(Parameter(arguments.kwarg.arg, "kwarg", False, {}))
    return tuple(parameters)


def _arguments(text: str) -> ast.arguments:
    function = ast.parse(f"def f({text}): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    return function.args


def _parameter(name: str, kind: str, default: ast.expr | None) -> Parameter:
    if default is None:
        return Parameter(name, kind, True, None)
    return Parameter(name, kind, False, ast.literal_eval(default))
