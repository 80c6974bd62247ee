"""What an analysis found, kept from run to run: by the file's text and place, and by everything that was followed from it.

An entry names what was read and which directories were searched, as they were then. It is an answer only while every one of
them is the same: by its stamp, or, where only that has changed, by its content.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapelint.engine import store
from shapelint.engine.surroundings import search_path
from shapelint.records import asdict
from shapelint.report import Diagnostic, Edit, Fix, NotAnalysed, TrailStep
from shapelint.source.locate import listing_of, may_be_module, project_root, roots_of, stamp_of
from shapelint.source.text import SourceFile, SourceProblem, read

if TYPE_CHECKING:
    from shapelint.engine.reader import Reader

Result = tuple[list[Diagnostic], list[NotAnalysed]]

_pending: dict[Reader, list[tuple[str, Result]]] = {}
_fresh: dict[str, bool] = {}  # whether a set of followed files is as it was, by its name


def find(file: SourceFile) -> Result | None:
    """What was found in this very file, if nothing it led to has changed since."""
    if not store.in_use():
        return None
    import json  # deferred here and below: a run without a cache needs none of it

    content = store.get("results", name_of(file))
    if content is None:
        return None
    try:
        held = json.loads(content)
        return _result(held) if _is_fresh(held["followed"]) else None
    except (ValueError, KeyError, TypeError):
        return None


def remember(file: SourceFile, reader: Reader, result: Result) -> None:
    """Keep a result, when its reader is done, at the end of the run at the latest: by then it is known what all was read."""
    if not store.in_use():
        return
    for earlier in [r for r in _pending if r.left]:  # it would hold all that it has read until the end
        _write(earlier, _pending.pop(earlier))
    _pending.setdefault(reader, []).append((name_of(file), result))


def keep() -> None:
    """Write what is to be remembered."""
    for reader, rows in _pending.items():
        _write(reader, rows)
    _pending.clear()
    _fresh.clear()


def _write(reader: Reader, rows: list[tuple[str, Result]]) -> None:
    stamps = _followed(reader)
    if stamps is None:
        return
    import json

    content = json.dumps(stamps, sort_keys=True).encode()
    followed = store.name_of(content)
    store.put("followed", followed, content)
    for name, (diagnostics, missed) in rows:
        row = {
            "followed": followed,
            "diagnostics": [asdict(d) for d in diagnostics],
            "missed": [asdict(m) for m in missed],
        }
        store.put("results", name, json.dumps(row).encode("utf-8", "surrogatepass"))


def name_of(file: SourceFile) -> str:
    """The name of a file's entry: its text, its place, and what decides where its imports are looked for."""
    exists = os.path.exists(file.path)
    own = os.path.abspath(file.path) if exists else ""
    where = [file.path, own, os.getcwd(), *search_path()]
    if exists:
        where += [project_root(own), *roots_of(file.path)]
    return store.name_of(
        store.fingerprint(""),
        "\0".join(where).encode("utf-8", "surrogateescape"),
        file.text.encode("utf-8", "surrogatepass"),
    )


# ---- what was followed


_RECENT = 2_000_000_000  # nanoseconds: what was written so lately may be written again without another stamp
_ANY = -2  # a stamp that none is equal to: the content decides


def _followed(reader: Reader) -> dict[str, Any] | None:
    """Every file and directory a reader has looked at, with its stamp and a digest of its content. None when one of them has
    changed since: what was found is not about what is there now."""
    files, directories = {}, {}
    for path, stamp in reader.read.items():
        if stamp_of(path) != stamp or (_lasting(stamp[0]) == _ANY and not _is_as_read(reader, path)):
            return None
        files[path] = [_lasting(stamp[0]), stamp[1], _digest(path, _content)]
    for path, written in reader.locator.written.items():
        if stamp_of(path)[0] != written:
            return None
        directories[path] = [_lasting(written), _digest(path, _names)]
    return {"files": files, "directories": directories}


def _is_as_read(reader: Reader, path: str) -> bool:
    """Whether a file that was written lately still holds the text that was read: it may have been written again within one tick
    of the clock."""
    then = reader.as_read(path)
    try:
        return then is not None and read(path).text == then
    except SourceProblem:
        return then == ""


def _lasting(written: int) -> int:
    return _ANY if time.time_ns() - written < _RECENT else written


def _is_fresh(name: str) -> bool:
    if name not in _fresh:
        import json

        content = store.get("followed", name)
        held = None if content is None else json.loads(content)
        _fresh[name] = held is not None and _is_same(held)
    return _fresh[name]


def _is_same(held: dict[str, Any]) -> bool:
    for path, (written, size, digest) in held["files"].items():
        if stamp_of(path) != (written, size) and _digest(path, _content) != digest:
            return False
    for path, (written, digest) in held["directories"].items():
        if stamp_of(path)[0] != written and _digest(path, _names) != digest:
            return False
    return True


def _digest(path: str, of: Callable[[str], bytes]) -> str:
    import hashlib

    try:
        return hashlib.sha256(of(path)).hexdigest()
    except OSError:
        return ""


def _content(path: str) -> bytes:
    if not os.path.isfile(path):  # a pipe would be waited for
        raise FileNotFoundError(path)
    with open(path, "rb") as stream:
        return stream.read()


def _names(path: str) -> bytes:
    """What modules may lie in a directory; caches and hidden files come and go."""
    return "\n".join(sorted(name for name in listing_of(path) if may_be_module(name))).encode(
        "utf-8", "surrogateescape"
    )


# ---- findings as they are kept


def _result(held: dict[str, Any]) -> Result:
    return [_diagnostic(row) for row in held["diagnostics"]], [NotAnalysed(**row) for row in held["missed"]]


def _diagnostic(row: dict[str, Any]) -> Diagnostic:
    row["trail"] = tuple(TrailStep(**step) for step in row["trail"])
    row["fits"] = tuple(row["fits"])
    if row["fix"] is not None:
        row["fix"] = Fix(row["fix"]["safe"], tuple(Edit(**edit) for edit in row["fix"]["edits"]))
    return Diagnostic(**row)
