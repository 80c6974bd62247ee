"""Regular expressions that are compiled when they are first used.

A process that checks one file imports a hundred of them and uses a dozen; compiling one takes as long as importing a small module.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

__all__ = ["regex"]

if TYPE_CHECKING:
    from re import compile as regex
else:

    class regex:
        """What `re.compile` gives, later."""

        def __init__(self, text: str, flags: int = 0) -> None:
            self._asked = text, flags

        def __getattr__(self, name: str) -> Any:
            found = getattr(re.compile(*self._asked), name)
            setattr(self, name, found)  # the next time, nothing is asked
            return found
