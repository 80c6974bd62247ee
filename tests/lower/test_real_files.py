"""Real files, node by node against `ast`.

A sample by default; SHAPELINT_ALL_FILES=1 takes every file of torchvision, timm, transformers' models and the standard
library (minutes).
"""

from __future__ import annotations

import ast
import importlib.util
import os
import warnings
from pathlib import Path

import pytest

from shapelint.lower import lower
from shapelint.source import SourceProblem, from_text, read
from tests.lower.oracle import Oracle

EVERYTHING = os.environ.get("SHAPELINT_ALL_FILES") == "1"

# In one file of the standard library each: f-strings, patterns, generators and async, non-ASCII text, old habits.
STDLIB = ["dataclasses.py", "_pydecimal.py", "ast.py", "asyncio/base_events.py", "heapq.py", "test/test_patma.py",
          "test/test_fstring.py", "test/test_unicode_identifiers.py"]  # fmt: skip


def installed(package: str, pattern: str) -> list[Path]:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        return []
    return sorted(Path(found.submodule_search_locations[0]).glob(pattern))


def sample() -> list[Path]:
    library = Path(ast.__file__).parent
    if EVERYTHING:
        return [
            *installed("torchvision", "**/*.py"),
            *installed("timm", "**/*.py"),
            *installed("transformers", "models/**/*.py"),
            *(path for path in library.glob("**/*.py") if "site-packages" not in path.parts),
        ]
    return [
        *installed("torchvision", "models/**/*.py")[::8],
        *installed("timm", "models/*.py")[::16],
        *(library / name for name in STDLIB if (library / name).exists()),
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
@pytest.mark.parametrize("path", sample(), ids=lambda path: "/".join(path.parts[-3:]))
def test_every_node_and_span(path: Path) -> None:
    try:
        file = read(str(path))
        program = lower(file)
    except SourceProblem as problem:
        assert _is_refused(path), problem
        return
    oracle = Oracle(file.text)
    assert oracle.check(program) == []


def _is_refused(path: Path) -> bool:
    """Python refuses the file too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return True
    return False


def test_lines_of_other_scripts() -> None:
    """The columns of `ast` count bytes; ours count code points."""
    text = "".join(f"y{i} = f('{'é𝔸' * i}', x.ä[{i}]).b + '𝔸'.join(ö)  # é\n" for i in range(20))
    oracle = Oracle(text)
    assert oracle.check(lower(from_text("a.py", text))) == []
    assert oracle.counts["Call"] == 40
