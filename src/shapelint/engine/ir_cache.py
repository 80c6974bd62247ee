"""Lowered programs, kept from run to run by the content of the file they were lowered from.

Parsing is most of the time a run takes, and what is read is mostly the same libraries. An entry is a pickle that only the
node types may be loaded from.
"""

from __future__ import annotations

import io
import pickle
import zlib
from typing import Any

from shapelint import ir
from shapelint.engine import store
from shapelint.lower import lower
from shapelint.lower.stack import with_room
from shapelint.source.text import SourceFile

KIND = "ir"


def lowered(file: SourceFile) -> ir.Program:
    """The program of a file, from the cache where it is there. Raises SourceProblem."""
    if not store.in_use():
        return lower(file)  # a short one is kept too: where all are, the parser is not even imported
    name = store.name_of(store.fingerprint("ir", "lower", "source"), file.text.encode("utf-8", "surrogatepass"))
    held = store.get(KIND, name)
    program = None if held is None else _unpacked(held)
    if program is None:
        program = lower(file)
        packed = _packed(program)
        if packed is not None:
            store.put(KIND, name, packed)
    return program


def _packed(program: ir.Program) -> bytes | None:
    try:
        return zlib.compress(with_room(lambda: pickle.dumps(program, 5)), 1)
    except (RecursionError, pickle.PicklingError, TypeError):
        return None


def _unpacked(content: bytes) -> ir.Program | None:
    try:
        program = _Nodes(io.BytesIO(zlib.decompress(content))).load()
    except (pickle.UnpicklingError, zlib.error, EOFError, AttributeError, TypeError, ValueError, IndexError):
        return None
    return program if isinstance(program, ir.Program) else None


class _Nodes(pickle.Unpickler):
    """Loads node types and constants, nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("shapelint.ir") and name in ir.__all__:
            return getattr(ir, name)
        if (module, name) in (("builtins", "complex"), ("builtins", "Ellipsis"), ("_codecs", "encode")):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not a node type")
