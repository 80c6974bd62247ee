"""Finding a module's source without importing it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shapelint.source import Found, Locator, Missing, absolute_name, module_name_of, project_root, roots_of


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in [
        "project/pyproject.toml",
        "project/net.py",
        "project/random.py",
        "project/src/pkg/__init__.py",
        "project/src/pkg/sub/__init__.py",
        "project/src/pkg/sub/leaf.py",
        "project/src/space/one.py",
        "site/pkg/__init__.py",
        "site/space/two.py",
        "site/stubbed.pyi",
        "site/fast.cpython-311-x86_64-linux-gnu.so",
        "site/both.so",
        "site/both.py",
        "site/lib/__init__.py",
        "site/lib/_C.so",
        "site/lib/stub/__init__.pyi",
        "site/one.py",
        "site/one/__init__.py",
        "site/Case.py",
        "elsewhere/edited/__init__.py",
    ]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "site" / "editable.pth").write_text(
        f"# a comment\nimport os; os.nothing()\n{tmp_path / 'elsewhere'}\n../absent\n"
    )
    return tmp_path


@pytest.fixture
def locator(tree: Path) -> Locator:
    return Locator(
        [str(tree / "project"), str(tree / "project/src")], [str(tree / "site")], [str(tree / "site")]
    )


@pytest.mark.parametrize(
    ("name", "path", "is_package"),
    [
        ("net", "project/net.py", False),
        ("random", "project/random.py", False),
        ("pkg", "project/src/pkg/__init__.py", True),
        ("pkg.sub", "project/src/pkg/sub/__init__.py", True),
        ("pkg.sub.leaf", "project/src/pkg/sub/leaf.py", False),
        ("space.one", "project/src/space/one.py", False),
        ("space.two", "site/space/two.py", False),
        ("both", "site/both.py", False),
        ("one", "site/one/__init__.py", True),
        ("edited", "elsewhere/edited/__init__.py", True),
    ],
)
def test_found(tree: Path, locator: Locator, name: str, path: str, is_package: bool) -> None:
    found = locator.find(name)
    assert isinstance(found, Found)
    assert (str(tree / path), is_package) == (found.path, found.is_package)
    assert found is locator.find(name)


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("nothing", "absent", "no module named nothing"),
        ("pkg.nothing", "absent", "no module named pkg.nothing"),
        ("net.inner", "absent", "net is a module, not a package"),
        ("nothing.inner", "absent", "no module named nothing"),
        ("fast", "compiled", "compiled"),
        ("lib._C", "compiled", "compiled"),
        ("lib.stub", "compiled", "compiled"),
        ("stubbed", "stub", "stub"),
        ("math", "stdlib", "standard library"),
        ("os.path", "stdlib", "standard library"),
        ("case", "absent", "no module"),
        ("", "absent", "not a module's name"),
        ("a..b", "absent", "not a module's name"),
        ("../etc", "absent", "not a module's name"),
    ],
)
def test_missing(locator: Locator, name: str, kind: str, said: str) -> None:
    missing = locator.find(name)
    assert isinstance(missing, Missing)
    assert kind == missing.kind
    assert said in missing.why


def test_a_namespace_package_has_no_file_and_all_its_portions(tree: Path, locator: Locator) -> None:
    found = locator.find("space")
    assert Found(None, True, (str(tree / "project/src/space"), str(tree / "site/space"))) == found


def test_directories_that_are_not_there() -> None:
    assert isinstance(Locator(["/no/such/place"], ["/neither/this"], ["/nor/that"]).find("x"), Missing)


def test_installed_packages_are_found_and_not_imported() -> None:
    torch = Locator([], sys.path).find("torch.nn.functional")
    assert isinstance(torch, Found)
    assert torch.path is not None
    assert torch.path.endswith("functional.py")


def test_the_name_of_a_file(tree: Path) -> None:
    source = tree / "project/src"
    assert module_name_of(str(source / "pkg/sub/leaf.py")) == "pkg.sub.leaf"
    assert module_name_of(str(source / "pkg/sub/__init__.py")) == "pkg.sub"
    assert module_name_of(str(tree / "project/net.py")) == "net"


def test_the_project_of_a_file(tree: Path) -> None:
    leaf = str(tree / "project/src/pkg/sub/leaf.py")
    assert str(tree / "project") == project_root(leaf)
    assert (str(tree / "project/src"), str(tree / "project")) == roots_of(leaf)
    assert (str(tree / "project"), str(tree / "project/src")) == roots_of(str(tree / "project/net.py"))


@pytest.mark.parametrize(
    ("importer", "is_package", "level", "module", "expected"),
    [
        ("a.b", False, 0, "x", "x"),
        ("a.b", False, 1, "x", "a.x"),
        ("a.b", True, 1, "x", "a.b.x"),
        ("a.b", False, 1, "", "a"),
        ("a.b.c", False, 2, "x.y", "a.x.y"),
        ("a", False, 1, "x", None),
        ("a.b", False, 3, "x", None),
        ("", False, 1, "x", None),
    ],
)
def test_relative_imports(
    importer: str, is_package: bool, level: int, module: str, expected: str | None
) -> None:
    assert expected == absolute_name(importer, is_package, level, module)
