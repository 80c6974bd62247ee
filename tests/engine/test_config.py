"""Settings: where they are found, what is refused, what they select."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from shapelint.engine.config import ConfigProblem, Settings, load_settings, start_of
from shapelint.engine.patterns import matches, relative_to


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHAPELINT_NO_CACHE", "SHAPELINT_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ---- finding


def test_the_nearest_file_with_settings_wins(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.shapelint]\nselect = ["SHP1"]\n')
    write(tmp_path / "a" / "pyproject.toml", '[project]\nname = "other"\n')
    write(tmp_path / "a" / "b" / "shapelint.toml", 'select = ["SHP2"]\n')
    source = write(tmp_path / "a" / "c" / "net.py", "")
    assert load_settings(str(source)).select == ("SHP1",)
    assert load_settings(str(source)).project_root == str(tmp_path)
    assert load_settings(str(tmp_path / "a" / "b" / "new.py")).select == ("SHP2",)
    assert load_settings(str(source), isolated=True).select is None
    assert load_settings(str(source), config=str(tmp_path / "a" / "b" / "shapelint.toml")).select == ("SHP2",)
    assert load_settings(str(source), {"select": ("SHP3",), "ignore": None}).select == ("SHP3",)


def test_a_broken_file_that_is_not_about_us_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[broken\n")
    assert load_settings(str(tmp_path)).select is None
    write(tmp_path / "pyproject.toml", "[tool.shapelint\n")
    with pytest.raises(ConfigProblem, match=r"pyproject\.toml is not valid TOML: "):
        load_settings(str(tmp_path))
    (tmp_path / "pyproject.toml").write_bytes(b"# shapelint \xff\n")
    with pytest.raises(ConfigProblem, match="not valid TOML"):
        load_settings(str(tmp_path))


def test_a_project_that_only_depends_on_us_has_no_settings(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[dependency-groups]\ndev = ["shapelint"]\n')
    assert load_settings(str(tmp_path)) == Settings(project_root=str(tmp_path))
    with pytest.raises(ConfigProblem, match=r"has no \[tool.shapelint\]"):
        load_settings(str(tmp_path), config=str(tmp_path / "pyproject.toml"))


def test_without_any_mark_the_project_is_where_we_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(str(tmp_path / "a" / "b")).project_root == str(tmp_path)
    assert start_of([str(tmp_path / "a" / "x.py"), str(tmp_path / "a" / "c" / "y.py")]) == str(tmp_path / "a")
    assert start_of([]) == "."


def test_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAPELINT_NO_CACHE", "1")
    monkeypatch.setenv("SHAPELINT_CACHE_DIR", "/c")
    settings = load_settings(str(tmp_path))
    assert not settings.cache and settings.cache_dir == "/c"
    assert load_settings(str(tmp_path), {"cache_dir": "/d"}).cache_dir == "/d"


# ---- reading


def test_every_key(tmp_path: Path) -> None:
    path = write(
        tmp_path / "shapelint.toml",
        """
select = ["SHP"]
ignore = ["view-folds-batch"]
extend-select = ["SHP4"]
extend-ignore = ["SHP3"]
exclude = ["a"]
extend-exclude = ["b/*.py"]
force-exclude = true
cache = false
cache-dir = "c"
show-info = true
per-file-ignores = { "tests/*" = ["SHP2"] }

[inputs]
Net = "B,3,224,224"
Encoder = ["2,128:int64", "mask=2,128:bool"]

[budget]
params = 1_000_000
[budget."net.py:Net"]
macs = 5

[severity]
SHP2 = "warning"
""",
    )
    s = load_settings(str(path))
    assert s.select == ("SHP",) and s.ignore == ("view-folds-batch",)
    assert s.extend_select == ("SHP4",) and s.extend_ignore == ("SHP3",)
    assert s.exclude == ("a",) and s.extend_exclude == ("b/*.py",) and s.force_exclude
    assert not s.cache and s.cache_dir == str(tmp_path / "c") and s.show_info
    assert s.per_file_ignores == (("tests/*", ("SHP2",)),)
    assert s.inputs == {"Net": ("B,3,224,224",), "Encoder": ("2,128:int64", "mask=2,128:bool")}
    assert s.budget == {"*": {"params": 1_000_000}, "net.py:Net": {"macs": 5}}
    assert s.severity_of("SHP201", "x", "error") == "warning"
    assert s.severity_of("SHP101", "x", "error") == "error"
    assert pickle.loads(pickle.dumps(s)) == s


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extend_select = []", "unknown key `extend_select`; did you mean `extend-select`"),
        ("wibble = 1", "unknown key `wibble`$"),
        ("select = 'SHP1'", "`select` must be a list of texts"),
        ("select = [1]", "`select` must be a list of texts"),
        ("select = ['shp1']", "neither a code"),
        ("select = ['SHP1234']", "neither a code"),
        ("cache = 1", "`cache` must be true or false"),
        ("cache-dir = ''", "`cache-dir` must be a text"),
        ("inputs = []", "`inputs` must be a table"),
        ("inputs = { Net = 3 }", "`Net` must be a list of texts"),
        ("per-file-ignores = { x = 'SHP1' }", "`x` must be a list of texts"),
        ("severity = { SHP1 = 'fatal' }", '`SHP1` must be "error", "warning" or "info"'),
        ("budget = { parms = 1 }", "unknown measure `parms`; did you mean `params`"),
        ("budget = { params = -1 }", "`params` must be a whole number"),
        ("budget = { params = true }", "`params` must be a whole number"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigProblem, match=message):
        load_settings(str(write(tmp_path / "shapelint.toml", text)))


def test_tool_shapelint_must_be_a_table(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match="must be a table"):
        load_settings(str(write(tmp_path / "pyproject.toml", "[tool]\nshapelint = 3\n")))


# ---- selecting


def shown(settings: Settings, path: str = "a.py") -> set[str]:
    rules = (
        ("SHP201", "folds", "error"),
        ("SHP301", "lost", "warning"),
        ("SHP401", "told", "info"),
        ("SHP900", "self", "info"),
    )
    return {code for code, rule, severity in rules if settings.wants(path, code, rule, severity)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), "SHP201 SHP301"),
        (Settings(show_info=True), "SHP201 SHP301 SHP401"),
        (Settings(why=True), "SHP201 SHP301 SHP900"),
        (Settings(select=("SHP2",), why=True), "SHP201 SHP900"),
        (Settings(select=("ALL",)), "SHP201 SHP301 SHP401 SHP900"),
        (Settings(select=("told",)), "SHP401"),
        (Settings(select=()), ""),
        (Settings(extend_select=("SHP4",)), "SHP201 SHP301 SHP401"),
        (Settings(ignore=("SHP2",)), "SHP301"),
        (Settings(ignore=("folds", "SHP3")), ""),
        (Settings(select=("SHP",), ignore=("SHP",)), ""),
        (Settings(select=("SHP2",), ignore=("SHP",)), "SHP201"),
        (Settings(select=("SHP201",), ignore=("SHP2",)), "SHP201"),
        (Settings(select=("SHP2",), ignore=("SHP201",)), ""),
        (Settings(select=("SHP",), extend_ignore=("SHP20",)), "SHP301 SHP401 SHP900"),
        (Settings(ignore=("ALL",), extend_select=("SHP301",)), "SHP301"),
        (Settings(per_file_ignores=(("a.py", ("SHP2",)),)), "SHP301"),
        (Settings(per_file_ignores=(("b.py", ("SHP2",)),)), "SHP201 SHP301"),
        (Settings(per_file_ignores=(("!b.py", ("SHP2",)),)), "SHP301"),
        (Settings(select=("SHP201",), per_file_ignores=(("*.py", ("ALL",)),)), ""),
    ],
)  # fmt: skip
def test_what_is_shown(settings: Settings, expected: str) -> None:
    assert shown(settings) == set(expected.split())


def test_the_key_is_of_what_changes_findings() -> None:
    assert Settings(cache=False, exclude=()).key() == Settings().key()
    assert (
        Settings(inputs={"a": ("1",), "b": ("2",)}).key() == Settings(inputs={"b": ("2",), "a": ("1",)}).key()
    )
    assert Settings(inputs={"a": ("1",)}).key() != Settings().key()


# ---- patterns


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("build", "build/a.py", True),
        ("build", "src/build/a.py", True),
        ("build", "src/rebuild.py", False),
        ("*.py", "src/a.py", True),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/b/a.py", False),
        ("src/**/*.py", "src/b/c/a.py", True),
        ("src/**/*.py", "src/a.py", True),
        ("src", "src/b/a.py", True),
        ("src/b", "src/b/a.py", True),
        ("src/b/", "src/b/a.py", True),
        ("./src/b", "src/b/a.py", True),
        ("b/a.py", "src/b/a.py", False),
        ("**/b/a.py", "src/b/a.py", True),
        ("/abs/x", "/abs/x/y.py", True),
        ("test_[ab].py", "test_a.py", True),
        ("test_[!ab].py", "test_a.py", False),
        ("[z-a]", "x", False),
        ("a[", "a[", True),
        ("a.py", "axpy", False),
        ("a?.py", "ab.py", True),
        ("**", "a/b", True),
        ("", "a", False),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_patterns_are_seen_from_the_root(tmp_path: Path) -> None:
    assert relative_to(str(tmp_path / "a" / "b.py"), str(tmp_path)) == "a/b.py"
    assert relative_to(str(tmp_path), str(tmp_path)) == "."
    assert relative_to("/elsewhere/x.py", str(tmp_path)).startswith("/")
    assert relative_to("/x/y", "/") == "x/y"
