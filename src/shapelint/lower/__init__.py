"""From source text to the IR: the only home of the parsers.

There are two front ends, which give the same IR. `from_ast` lowers what the running Python can read, which is twelve times
faster than libcst; `from_libcst` lowers the rest, which is newer than the running Python. (libcst also writes fixes, with
the comments and the spelling that `ast` does not keep.) Everything at module and class level is lowered at once, a
function's body when it is first needed. Knows nothing of torch or of values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapelint.ir import Program
    from shapelint.source.text import SourceFile

__all__ = ["lower"]


def lower(file: SourceFile) -> Program:
    """The program a file spells; raises SourceProblem when it is not Python, or nested too deeply to be read."""
    # Deferred: a file that is in the cache needs no front end.
    from shapelint.lower.program import lower_program

    return lower_program(file)
