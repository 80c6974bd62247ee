"""Lowered programs, kept from run to run by the content of the file they were lowered from.

What is read is mostly the same libraries. A short file is kept too: where all are, no front end is even imported.
"""

from __future__ import annotations

from shapelint import ir
from shapelint.engine import store
from shapelint.lower import lower
from shapelint.source.text import SourceFile

KIND = "ir"


def lowered(file: SourceFile) -> ir.Program:
    """The program of a file, from the cache where it is there. Raises SourceProblem."""
    if not store.in_use():
        return lower(file)
    from shapelint.engine.ir_bytes import packed, unpacked  # deferred: pickle costs as much as a small file

    name = store.name_of(
        store.fingerprint("ir", "lower", "source"), file.text.encode("utf-8", "surrogatepass")
    )
    held = store.get(KIND, name)
    program = None if held is None else unpacked(held)
    if program is None:
        program = lower(file)
        content = packed(program)
        if content is not None:
            store.put(KIND, name, content)
    return program
