"""Which files count as part of a package, and what is remembered of having read them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shapelint.source.locate import Locator, Stamp
from shapelint.source.package_files import MOST, PackageFiles


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "pkg" / "configs" / "deep"
    folder.mkdir(parents=True)
    (tmp_path / "pkg" / "__init__.py").touch()
    (folder.parent / "small.json").write_text('{"width": 8}')
    (folder.parent / "weights.bin").write_text("?")
    (folder / "names.txt").write_text("a\nb\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "small.json").write_text("{}")
    (tmp_path / "loose.json").write_text("{}")
    return tmp_path


def files(site: Path) -> tuple[PackageFiles, dict[str, Stamp]]:
    read: dict[str, Stamp] = {}
    locator = Locator([], [str(site)])
    return PackageFiles(locator.directories, locator.listing, read), read


def test_text_that_lies_in_a_package_is_read(site: Path) -> None:
    found, read = files(site)
    path = str(site / "pkg" / "configs" / "small.json")
    assert found.text(path) == '{"width": 8}'
    assert found.text(str(site / "pkg" / "configs" / "deep" / "names.txt")) == "a\nb\n"
    assert path in read and len(read) == 2


@pytest.mark.parametrize(
    "path",
    [
        "data/small.json",  # a folder that is no package
        "loose.json",
        "pkg/configs/weights.bin",
        "pkg/configs/missing.json",
        "pkg/configs",
        "pkg/../data/small.json",
        "pkg/configs/large.json",
        "pkg/configs/strange.json",
        "pkg/configs/pipe.json",
    ],
)
def test_everything_else_is_outside(site: Path, path: str) -> None:
    configs = site / "pkg" / "configs"
    (configs / "large.json").write_text(" " * (MOST + 1))
    (configs / "strange.json").write_bytes(b"\xff\xfe\xff")
    if hasattr(os, "mkfifo"):
        os.mkfifo(configs / "pipe.json")  # nobody may wait for it
    found, read = files(site)
    assert found.text(f"{site}/{path}") is None
    # What is in a package but cannot be read may be another time: a kept result hangs on it.
    assert set(read) == ({f"{site}/{path}"} if path.endswith(("large.json", "strange.json")) else set())


def test_what_lies_in_a_folder_is_listed_in_order(site: Path) -> None:
    found, _ = files(site)
    assert found.entries(str(site / "pkg" / "configs")) == {
        "deep": True,
        "small.json": False,
        "weights.bin": False,
    }
    assert list(found.entries(str(site / "pkg" / "configs")) or ()) == ["deep", "small.json", "weights.bin"]
    for other in ("data", "pkg/none", "pkg/configs/small.json", ""):
        assert found.entries(f"{site}/{other}") is None
