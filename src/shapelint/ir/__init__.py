"""The little language that the interpreter evaluates: what is left of Python once syntax is gone.

Knows nothing of ast, libcst, torch or the interpreter. Lowering (`shapelint.lower`) produces it, `shapelint.interp`
consumes it, and it pickles, so a file that was lowered once need not be parsed again.
"""

from shapelint.ir.nodes import *  # noqa: F403
from shapelint.ir.nodes import __all__ as __all__
