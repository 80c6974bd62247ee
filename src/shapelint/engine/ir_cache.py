"""Lowered programs kept on disk from run to run, by the content of the file they were lowered from.

Parsing is most of the time a run takes, and what is read is mostly the same libraries. An entry is a pickle that only the
node types may be loaded from, behind a digest: what is truncated, of another version or not ours is a miss, never an answer.
A directory that cannot be written is no cache, and no error.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapelint import ir
from shapelint.lower import lower
from shapelint.lower.stack import with_room
from shapelint.source.text import SourceFile

MOST_BYTES = 300_000_000  # of all entries; when there are more, those that were not used for longest go
_LEAST_TEXT = 400  # characters; a shorter file is lowered as fast as it is found
_MAGIC = b"shapelint-ir-1\n"
_DIGEST = 32

_directory: Path | None = None
_written = 0
_version: bytes | None = None


def use(directory: str | None, *, wanted: bool = True) -> None:
    """Keep programs in this directory (None for the user's own cache directory), or nowhere."""
    global _directory
    _directory = None if not wanted else Path(directory) if directory else default_directory()


def default_directory() -> Path | None:
    """Where the system keeps a user's caches; None where there is no home."""
    try:
        if sys.platform == "win32":
            base = os.environ.get("LOCALAPPDATA")
            return Path(base) / "shapelint" / "Cache" if base else None
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "shapelint"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shapelint"
    except RuntimeError:
        return None


def lowered(file: SourceFile) -> ir.Program:
    """The program of a file, from the cache where it is there. Raises SourceProblem."""
    if _directory is None or len(file.text) < _LEAST_TEXT:
        return lower(file)
    place = _place(_directory, file.text)
    program = _load(place)
    if program is None:
        program = lower(file)
        _store(place, program)
    return program


def _place(directory: Path, text: str) -> Path:
    name = hashlib.sha256(_fingerprint() + text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return directory / "ir" / name[:2] / name[2:]


def _fingerprint() -> bytes:
    """What else a program depends on: how this very copy of shapelint lowers, and the Python that parses."""
    global _version
    if _version is None:
        root = Path(__file__).parent.parent
        parts = [repr(sys.version_info[:3])]
        for folder in ("ir", "lower"):
            for entry in sorted(os.scandir(root / folder), key=lambda e: e.name):
                if entry.name.endswith(".py"):
                    stat = entry.stat()
                    parts.append(f"{folder}/{entry.name} {stat.st_size} {stat.st_mtime_ns}")
        _version = "\n".join(parts).encode()
    return _version


# ---- entries


def _load(place: Path) -> ir.Program | None:
    try:
        held = place.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + _DIGEST
    if held[: len(_MAGIC)] != _MAGIC or hashlib.sha256(held[start:]).digest() != held[len(_MAGIC) : start]:
        return None
    try:
        program = _Nodes(io.BytesIO(zlib.decompress(held[start:]))).load()
    except (pickle.UnpicklingError, zlib.error, EOFError, AttributeError, TypeError, ValueError, IndexError):
        return None
    if not isinstance(program, ir.Program):
        return None
    _used(place)
    return program


class _Nodes(pickle.Unpickler):
    """Loads node types and constants, nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("shapelint.ir") and name in ir.__all__:
            return getattr(ir, name)
        if (module, name) in (("builtins", "complex"), ("builtins", "Ellipsis"), ("_codecs", "encode")):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not a node type")


def _used(place: Path) -> None:
    with contextlib.suppress(OSError):
        os.utime(place)


def _store(place: Path, program: ir.Program) -> None:
    global _written
    try:
        packed = zlib.compress(with_room(lambda: pickle.dumps(program, 5)), 1)
    except (RecursionError, pickle.PicklingError, TypeError):
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(_MAGIC + hashlib.sha256(packed).digest() + packed)
            os.replace(name, place)
        except OSError:
            os.unlink(name)
            raise
    except OSError:
        return
    _written += len(packed)
    if _written > MOST_BYTES // 20:
        _written = 0
        prune(place.parent.parent)


def prune(directory: Path, most: int | None = None) -> None:
    """Delete what was not used for longest until the entries fit."""
    found = sorted(_entries(directory))
    total = sum(size for _, size, _ in found)
    for _, size, path in found:
        if total <= (MOST_BYTES if most is None else most):
            return
        try:
            path.unlink()
        except OSError:
            continue
        total -= size


def _entries(directory: Path) -> Iterator[tuple[float, int, Path]]:
    """(when it was last used, its bytes, its path) for each entry."""
    for folder, _, names in os.walk(directory):
        for name in names:
            path = Path(folder, name)
            try:
                stat = path.stat()
            except OSError:
                continue
            yield stat.st_mtime, stat.st_size, path
