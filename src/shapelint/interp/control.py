"""How evaluation leaves a statement or gives up: completions (values), and the few host exceptions that cross frames."""

from __future__ import annotations

from typing import Any, TypeAlias

from shapelint import facts


class Returned:
    """A return statement was reached. `explicit` is False for the None at the end of a body."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class Jump:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


BREAK = Jump("break")
CONTINUE = Jump("continue")

# What executing a statement gives: None (fell through), Returned, BREAK or CONTINUE.
Completion: TypeAlias = Returned | Jump | None


class ProgramRaises(Exception):
    """The program itself raises here. `value` is the exception (an Instance, or Unknown), `message` its text if known, `cause`
    what it is raised about, and `where` the place and the calls that led there."""

    def __init__(
        self,
        kind: str,
        message: str = "",
        value: Any = None,
        site: Any = None,
        *,
        cause: facts.Cause | None = None,
    ) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.value = value
        self.site = site
        self.cause = cause
        self.where: Any = None
        self.refused = False  # torch refuses: which exception it takes is not always certain
        self.noted: Any = None  # the try statement that knows of it as something that may happen


class Untold(Exception):
    """The text of an exception would take reading other modules: it is not worth that."""


def library_refuses(kind: str, message: str) -> ProgramRaises:
    """What torch's own Python code raises (an optimizer, a data set, a transform), where the message is all there is to say."""
    return ProgramRaises(kind, message, cause=facts.LibraryRefuses())


class GivenUp(Exception):
    """A call of a package forks too often to be followed: see patience.py."""


class OutOfBudget(Exception):
    """The step budget of an entry point is spent, or calls are nested too deeply."""
