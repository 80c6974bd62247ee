"""From source text to the IR: the only home of the parser.

Everything at module and class level is lowered at once, a function's body when it is first needed. Knows nothing of
torch or of values. Importing this package does not import libcst; the first call of `lower` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapelint.ir import Program
    from shapelint.source.text import SourceFile

__all__ = ["lower"]


def lower(file: SourceFile) -> Program:
    """The program a file spells; raises SourceProblem when it is not Python, or nested too deeply to be read."""
    # Deferred because libcst takes a quarter of a second to import, and most files never need it.
    from shapelint.lower.program import lower_program

    return lower_program(file)
