"""What is known of a file before it is parsed: its text, its comments, and where a module's file lies.

Knows no grammar but comments and string quotes, and never imports what it finds.
"""

from shapelint.source.comments import Comments
from shapelint.source.locate import (
    Found,
    Locator,
    Missing,
    absolute_name,
    module_name_of,
    project_root,
    roots_of,
)
from shapelint.source.text import MAX_BYTES, MAX_LINES, SourceFile, SourceProblem, from_bytes, from_text, read

__all__ = [
    "MAX_BYTES",
    "MAX_LINES",
    "Comments",
    "Found",
    "Locator",
    "Missing",
    "SourceFile",
    "SourceProblem",
    "absolute_name",
    "from_bytes",
    "from_text",
    "module_name_of",
    "project_root",
    "read",
    "roots_of",
]
