"""What a child process is asked to do, and the JSON in which it is asked: claims to look at, models to build."""

from __future__ import annotations

import json
from typing import Any, Literal

from shapelint.records import asdict, dataclass, field

Device = Literal["auto", "cuda", "cpu", "meta"]
Sandbox = Literal["auto", "require", "none"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding, as the child sees it. `path` is absolute; lines and columns count from 1, the end is exclusive."""

    id: int
    code: str
    rule: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A model to build and to call: `expression` is evaluated in the file or module `place`.

    `args` and `kwargs` are what it is called with, as `shapelint.summary.given` writes values. `class_name` picks the model
    out of what the program itself has built, where the expression alone cannot build it; with `from_program` that is the only
    way (a function of the program builds it, with arguments that the expression does not have). `training` asks for training mode.
    """

    id: int
    place: str
    is_file: bool
    expression: str
    class_name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    from_program: bool = False
    training: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """`program` is the file to run as the main program, if any, `package` the package it belongs to; `roots` are the folders
    that hold the user's own code. After `seconds` the program is stopped, so that what it has shown can still be told.

    `measure` asks for each entry's parameters, shapes and FLOPs. `address_space` is a limit in bytes on what the child
    may map on top of what torch itself takes; None where there is none (CUDA maps far more than it uses).
    """

    program: str | None
    roots: tuple[str, ...]
    claims: tuple[Claim, ...]
    entries: tuple[Entry, ...]
    device: Device = "auto"
    backward: bool = False
    measure: bool = False
    address_space: int | None = None
    seconds: float = 60.0
    package: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def from_json(text: str) -> Job:
    """The job of a text that `to_json` made."""
    row: dict[str, Any] = json.loads(text)
    entries = tuple(Entry(**{**e, "args": tuple(e["args"])}) for e in row["entries"])
    claims = tuple(Claim(**c) for c in row["claims"])
    return Job(**{**row, "claims": claims, "entries": entries, "roots": tuple(row["roots"])})
