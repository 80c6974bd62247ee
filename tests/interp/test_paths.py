"""Paths are compared, hashed and put together as pathlib does it."""

from __future__ import annotations

import pytest

from shapelint.values import Unknown
from tests.interp.programs import check, read

PROGRAM = """
import os
from pathlib import Path
a = [str(p) for p in sorted([Path("/b/x"), Path("/a/y")])]
b = Path("/a") == Path("/a"), Path("/a") != Path("/b"), Path("/a") < Path("/b"), max(Path("/a"), Path("/b")).name
c = Path("/a") == "/a", "/a" == Path("/a"), "/a" in {Path("/a"): 1}, Path("/a") in ["/a"]
d = Path("/a") in [Path("/b"), Path("/a")], {Path("/a"): 1}[Path("/a")], len({Path("/a"), Path("/a"), Path("/b")})
e = Path("/a") / "x" == Path("/a/x"), Path(Path("/a"), "b") == Path("/a/b"), [Path("/a")] == [Path("/a")]
f = f"{Path('/a')}/b", "%s" % Path("/a"), "{}".format(Path("/a")) + "x", repr(Path("/a"))
g = os.path.join(Path("/a"), "b"), os.fspath(Path("/q")) in {"/q": 1}, str(Path("/a")) == "/a"
h = Path("/b/c.txt").suffix, Path("/b/c.txt").stem in ("c",), Path("/b/c.txt").parts
i = {str(Path("/a").name): 1}["a"], (Path("/a"), 1) == (Path("/a"), 1), (Path("/a"), 1) in {(Path("/a"), 1): 2}
"""


def test_paths() -> None:
    check(PROGRAM)


@pytest.mark.parametrize(
    "b, same", [("'/etc/a'", True), ("'/etc/b'", None), ("sys.argv[1]", None), ("sys.argv[2]", None)]
)
def test_whether_two_files_are_there(b: str, same: bool | None) -> None:
    a = "'/etc/a'" if b.startswith("'") else "sys.argv[1]"
    program = f"import os, sys\nx = 1 if os.path.exists({a}) else 2\ny = 1 if os.path.exists({b}) else 2\nsame = x == y\n"
    found = read(program)["same"]
    assert found is True if same else isinstance(found, Unknown)
