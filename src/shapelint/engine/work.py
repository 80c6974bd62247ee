"""A chunk of files in, what is found in each out: the part of a run that another process, or another machine, can do.

It is a pure function of the chunk and of the files it leads to. What it gives is plain and picklable; whatever is in the
files, it does not raise.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import threading
from pathlib import Path

from shapelint import __version__
from shapelint.engine.config import Settings
from shapelint.engine.one_file import Checked, check_path, keep_results
from shapelint.engine.surroundings import search_path, standing
from shapelint.records import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """Files to check, and where the run stands that wants to know. `edition` is that of its shapelint."""

    paths: tuple[str, ...]
    settings: Settings
    folder: str
    search_path: tuple[str, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is found in each file of a chunk, in their order, and why the results could not be kept, where they could not."""

    found: tuple[Checked, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a worker cannot take a chunk: what it would find need not be what the run itself finds."""

    why: str


_alone = threading.Lock()  # an analysis has its process for itself; a pool of threads takes turns


def check_chunk(chunk: Chunk) -> Answer | Refused:
    """One result a path."""
    if chunk.edition != edition():
        return Refused(f"a worker has another shapelint or Python: {edition()}, not {chunk.edition}")
    with _alone:
        try:
            with standing(chunk.folder, chunk.search_path):
                found = tuple(check_path(path, chunk.settings) for path in chunk.paths)
                return Answer(found, tuple(keep_results()))
        except OSError as problem:
            return Refused(f"a worker cannot work in {chunk.folder}: {problem.strerror or problem}")


def chunk_of(paths: tuple[str, ...], settings: Settings) -> Chunk:
    """These paths as this process sees them."""
    return Chunk(paths, settings, os.getcwd(), search_path(), edition())


@functools.cache
def edition() -> str:
    """What decides what is found in a file: Python's version and shapelint's own source."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    python = ".".join(map(str, sys.version_info[:3]))
    return f"shapelint {__version__} ({digest.hexdigest()[:12]}) on Python {python}"
