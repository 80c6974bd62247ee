"""Entries on disk that outlive a run: bytes under a name, behind a digest.

What is truncated, of another version or not ours is a miss, never an answer. A directory that cannot be written keeps nothing,
and is no error. Two runs may use one directory: an entry appears whole or not at all.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # deferred below, as hashlib and tempfile are: a run without a cache needs none of them
    from pathlib import Path

MOST_BYTES = (
    300_000_000  # of all entries of a kind; when there are more, those that were not used for longest go
)
_MAGIC = b"shapelint-1\n"
_DIGEST = 32

_directory: Path | None = None
_fingerprints: dict[tuple[str, ...], bytes] = {}


def use(directory: str | None, *, wanted: bool = True) -> None:
    """Keep entries in this directory (None for the user's own cache directory), or nowhere."""
    global _directory
    if not wanted:
        _directory = None
        return
    from pathlib import Path

    _directory = Path(directory) if directory else default_directory()


def in_use() -> bool:
    return _directory is not None


def default_directory() -> Path | None:
    """Where the system keeps a user's caches; None where there is no home."""
    from pathlib import Path

    try:
        if sys.platform == "win32":
            base = os.environ.get("LOCALAPPDATA")
            return Path(base) / "shapelint" / "Cache" if base else None
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "shapelint"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shapelint"
    except RuntimeError:
        return None


def fingerprint(*folders: str) -> bytes:
    """What an entry depends on besides its subject: this very copy of shapelint (of these folders of it), and Python."""
    held = _fingerprints.get(folders)
    if held is None:
        root = os.path.dirname(os.path.dirname(__file__))
        parts = [repr(sys.version_info[:3]), root]
        for folder in folders:
            for inner, _, names in os.walk(os.path.join(root, folder)):
                for name in names:
                    if name.endswith(".py"):
                        stat = os.stat(os.path.join(inner, name))
                        parts.append(f"{inner}/{name} {stat.st_size} {stat.st_mtime_ns}")
        held = _fingerprints[folders] = _digest("\n".join(sorted(parts)).encode())
    return held


def _digest(content: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(content).digest()


def name_of(*parts: bytes) -> str:
    """A name for the entry of a subject that is spelled by these parts."""
    import hashlib

    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:40]


def get(kind: str, name: str) -> bytes | None:
    """The entry of that name, or None."""
    if _directory is None:
        return None
    place = _place(_directory, kind, name)
    try:
        held = place.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + _DIGEST
    if held[: len(_MAGIC)] != _MAGIC or _digest(held[start:]) != held[len(_MAGIC) : start]:
        return None
    with contextlib.suppress(OSError):
        os.utime(place)  # it was used
    return held[start:]


def put(kind: str, name: str, content: bytes) -> None:
    """Write an entry; where that is not possible, do nothing. `troubles` tells of a disk that is full."""
    if _directory is None:
        return
    import tempfile

    place = _place(_directory, kind, name)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, new = tempfile.mkstemp(dir=place.parent, prefix=".new-")
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(_MAGIC + _digest(content) + content)
            os.replace(new, place)
        except BaseException:  # an interrupt leaves nothing half-written either
            with contextlib.suppress(OSError):
                os.unlink(new)
            raise
    except OSError as problem:
        if problem.errno in _FULL:
            _troubles.add(f"nothing more is kept in {_directory}: {problem.strerror}")
        return
    _written[kind] = _written.get(kind, 0) + len(content)
    if _written[kind] > MOST_BYTES // 20:
        _written[kind] = 0
        prune(_directory / kind)


_written: dict[str, int] = {}
_troubles: set[str] = set()
_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


def troubles() -> list[str]:
    """Why entries were not kept though they should have been, each reason once."""
    found = sorted(_troubles)
    _troubles.clear()
    return found


def _place(directory: Path, kind: str, name: str) -> Path:
    return directory / kind / name[:2] / name[2:]


def prune(directory: Path, most: int = MOST_BYTES) -> None:
    """Delete what was not used for longest until the entries fit."""
    found = sorted(_entries(directory))
    total = sum(size for _, size, _ in found)
    for _, size, path in found:
        if total <= most:
            return
        try:
            path.unlink()
        except OSError:
            continue
        total -= size


def _entries(directory: Path) -> Iterator[tuple[float, int, Path]]:
    """(when it was last used, its bytes, its path) for each entry."""
    from pathlib import Path

    for folder, _, names in os.walk(directory):
        for name in names:
            path = Path(folder, name)
            try:
                stat = path.stat()
            except OSError:
                continue
            yield stat.st_mtime, stat.st_size, path
