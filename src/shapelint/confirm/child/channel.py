"""The way back to the parent: one JSON object a line, over a pipe that nothing else is meant to write to."""

from __future__ import annotations

import json
import os
from typing import Any

MAX_TEXT = 600  # characters of one text


class Channel:
    """Only the process that opened it speaks: what the program forks keeps silent."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._owner = os.getpid()

    def send(self, kind: str, **data: Any) -> None:
        if os.getpid() != self._owner:
            return
        line = json.dumps({"kind": kind, **data}).encode() + b"\n"
        while line:
            line = line[os.write(self._pipe, line) :]

    def end(self, how: str) -> None:
        """The last word; nothing that the program has left behind (threads, exit handlers) is waited for."""
        self.send("end", how=clipped(how))
        if os.getpid() == self._owner:
            os._exit(0)


def clipped(text: object) -> str:
    """A text on one line, of bounded length."""
    line = " ".join(str(text).split())
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"


def told(kind: type[BaseException] | str, message: object) -> str:
    """An exception as the verdict cites it."""
    name = kind if isinstance(kind, str) else kind.__name__
    text = clipped(message)
    return f"{name}: {text}" if text else name
