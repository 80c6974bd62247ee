"""What comes out of the cache is what lowering gives; whatever is wrong with an entry or the directory is a miss."""

from __future__ import annotations

import hashlib
import os
import pickle
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shapelint import ir
from shapelint.engine import ir_cache, store
from shapelint.lower import lower
from shapelint.source.text import SourceFile, from_text
from tests.lower.snippets import SNIPPETS

NET = (
    "from torch import nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x + 1j, ..., b'a\\xff', 'ü'\n"
    * 9
)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    store.use(str(tmp_path))
    yield tmp_path
    store.use(None, wanted=False)


def spelled(node: Any) -> Any:
    """A node as plain data, function bodies included."""
    if isinstance(node, ir.LazyBody):
        return spelled(node.statements)
    if isinstance(node, tuple):
        return tuple(map(spelled, node))
    if isinstance(node, ir.Node):
        slots = [s for cls in type(node).__mro__ for s in getattr(cls, "__slots__", ())]
        return (type(node).__name__, *(spelled(getattr(node, slot)) for slot in slots))
    return (type(node).__name__, repr(node))


def entry(cache: Path) -> Path:
    [found] = [p for p in cache.rglob("*") if p.is_file()]
    return found


def sources() -> list[SourceFile]:
    return [from_text("a.py", text + "\n" + "# padding\n" * 60) for text in SNIPPETS]


def test_a_program_comes_back_as_it_was(cache: Path) -> None:
    for file in sources():
        first, again = ir_cache.lowered(file), ir_cache.lowered(file)
        assert again is not first
        assert spelled(first) == spelled(again) == spelled(lower(file))


def test_the_second_time_nothing_is_lowered(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = from_text("a.py", NET)
    ir_cache.lowered(file)

    def refuse(file: SourceFile) -> ir.Program:
        raise AssertionError("lowered again")

    monkeypatch.setattr(ir_cache, "lower", refuse)
    ir_cache.lowered(from_text("b.py", NET))
    with pytest.raises(AssertionError):
        ir_cache.lowered(from_text("a.py", NET + "\n"))


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("/tmp/shapelint-was-run",)


def packed(value: object) -> bytes:
    body = zlib.compress(pickle.dumps(value, 5))
    return store._MAGIC + hashlib.sha256(body).digest() + body


SPOILT = {
    "empty": lambda good: b"",
    "cut off": lambda good: good[: len(good) // 2],
    "one bit": lambda good: good[:-9] + bytes([good[-9] ^ 4]) + good[-8:],
    "another version": lambda good: good.replace(b"lint-1", b"lint-0"),
    "something else": lambda good: packed({"a": 1}),
    "code": lambda good: packed(Hostile()),
    "text": lambda good: b"hello\n" * 50,
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_entry_is_a_miss_and_is_written_anew(cache: Path, name: str) -> None:
    file = from_text("a.py", NET)
    ir_cache.lowered(file)
    place = entry(cache)
    good = place.read_bytes()
    place.write_bytes(SPOILT[name](good))
    assert spelled(ir_cache.lowered(file)) == spelled(lower(file))
    assert place.read_bytes() == good
    assert not os.path.exists("/tmp/shapelint-was-run")


def test_a_directory_that_is_a_file_is_no_cache(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    store.use(str(taken))
    try:
        assert isinstance(ir_cache.lowered(from_text("a.py", NET)), ir.Program)
    finally:
        store.use(None, wanted=False)
    assert taken.read_text() == "mine"


def test_a_full_disk_leaves_nothing_behind(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "replace", full)
    assert isinstance(ir_cache.lowered(from_text("a.py", NET)), ir.Program)
    assert [p for p in cache.rglob("*") if p.is_file()] == []


def test_the_oldest_entries_go_first(cache: Path) -> None:
    for i in range(4):
        ir_cache.lowered(from_text("a.py", NET + f"# {i}\n"))
    found = sorted(p for p in cache.rglob("*") if p.is_file())
    for age, path in enumerate(found):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    sizes = [p.stat().st_size for p in found]
    store.prune(cache / "ir", most=sizes[0] + sizes[1] + 1)
    assert sorted(p for p in cache.rglob("*") if p.is_file()) == found[:2]


def test_not_wanted_is_not_written(tmp_path: Path) -> None:
    store.use(str(tmp_path), wanted=False)
    ir_cache.lowered(from_text("a.py", NET))
    assert list(tmp_path.iterdir()) == []
