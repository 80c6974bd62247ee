"""The house stands: floors import downwards, the parser has one home, nothing runs what it reads, imports stay cheap."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "shapelint"

# From the ground up; floors on one line may import one another's neighbours, not each other. `ir` lies under `source`
# because both know nothing, and source gives its snippets by ir's spans.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("__init__",),  # the version
    ("patterns", "records"),  # how regular expressions and plain classes are made
    ("dims", "report"),
    ("ir",),
    ("source",),
    ("lower",),
    ("shapes",),
    ("values",),
    ("facts",),
    ("specs",),
    ("interp",),
    ("evidence",),
    ("rules",),
    ("fixes",),
    ("memory",),
    ("summary",),
    ("confirm",),
    ("render",),
    ("engine",),
    ("api", "cli", "flake8", "lsp"),
    ("__main__",),
)
HEIGHT = {name: height for height, floor in enumerate(FLOORS) for name in floor}

# Rules see facts, not how they came to be.
RULES_SEE = {"__init__", "dims", "facts", "patterns", "records", "report", "rules", "source", "values"}
PARSER_HOMES = {"lower", "fixes"}
# Discovery imports shapelint's own modules by name, and is the only thing that imports by name.
DISCOVERY = {"specs/registry.py", "rules/registry.py", "fixes/registry.py", "interp/library/__init__.py"}

MODULES = sorted(HOUSE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def floor_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that is imported, at any depth and under TYPE_CHECKING too: (line, absolute dotted name)."""
    package = ["shapelint", *path.relative_to(HOUSE).parts[:-1]]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            if module == "shapelint":
                for alias in node.names:
                    is_floor = alias.name in HEIGHT and alias.name != "__init__"
                    yield node.lineno, f"shapelint.{alias.name}" if is_floor else "shapelint"
            else:
                yield node.lineno, module


def floors_seen(path: Path) -> Iterator[tuple[int, str]]:
    for line, module in imports(path):
        first, _, rest = module.partition(".")
        if first == "shapelint":
            yield line, rest.partition(".")[0] or "__init__"


@pytest.fixture(params=MODULES, ids=name_of)
def module(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_every_folder_is_a_floor() -> None:
    there = {floor_of(path) for path in MODULES}
    assert there <= set(HEIGHT), f"not in the plan of the house: {sorted(there - set(HEIGHT))}"


def test_floors_import_downwards(module: Path) -> None:
    own = floor_of(module)
    if own == "__init__":  # the front door: lazy, so it may name what is above
        return
    up = [
        f"{name_of(module)}:{line} imports {floor}"
        for line, floor in floors_seen(module)
        if floor != own and HEIGHT[floor] >= HEIGHT[own]
    ]
    assert not up


def test_the_front_door_imports_nothing_when_it_is_opened() -> None:
    door = parsed(HOUSE / "__init__.py")
    eager = [
        n
        for n in door.body
        if isinstance(n, ast.Import | ast.ImportFrom) and getattr(n, "module", "") != "__future__"
    ]
    assert not eager


def test_rules_see_facts_only() -> None:
    seen = {
        f"{name_of(path)}:{line} imports {floor}"
        for path in MODULES
        if floor_of(path) == "rules"
        for line, floor in floors_seen(path)
        if floor not in RULES_SEE
    }
    assert not seen


def test_libcst_has_one_home(module: Path) -> None:
    users = [line for line, name in imports(module) if name.partition(".")[0] == "libcst"]
    assert not users or floor_of(module) in PARSER_HOMES


def test_only_confirm_may_know_torch_itself(module: Path) -> None:
    heavy = {"torch", "numpy", "torchvision", "timm", "einops"}
    users = [line for line, name in imports(module) if name.partition(".")[0] in heavy]
    assert not users or name_of(module).startswith("confirm/child/")


def test_only_the_summary_table_uses_rich(module: Path) -> None:
    users = [line for line, name in imports(module) if name.partition(".")[0] == "rich"]
    assert not users or name_of(module) == "render/painted.py"


def test_every_module_says_what_it_is(module: Path) -> None:
    doc = ast.get_docstring(parsed(module))
    assert doc and doc.strip(), f"{name_of(module)} has no docstring"


def test_nothing_runs_what_it_reads(module: Path) -> None:
    offences = []
    allowed = name_of(module) in DISCOVERY or name_of(module).startswith("confirm/child/")
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Name) and node.id in ("eval", "exec", "compile", "__import__"):
            if not name_of(module).startswith("confirm/child/"):  # the child process is where code is run
                offences.append(f"line {node.lineno}: {node.id}")
        elif isinstance(node, ast.Attribute) and node.attr in (
            "__import__",
            "run_path",
            "run_module",
            "exec_module",
        ):
            offences.append(f"line {node.lineno}: {node.attr}")
    for line, name in imports(module):
        if name.partition(".")[0] in ("importlib", "imp", "runpy", "code", "builtins") and not allowed:
            offences.append(f"line {line}: imports {name}")
    assert not offences, f"{name_of(module)}: {offences}"


def test_discovery_imports_shapelint_only() -> None:
    for name in DISCOVERY:
        path = HOUSE / name
        if path.exists():
            text = path.read_text(encoding="utf-8")
            assert "find_spec" not in text and "spec_from_file" not in text
            assert text.count("import_module(") <= 1
            assert '"shapelint.' in text or "'shapelint." in text or "__path__" in text or "__name__" in text


@pytest.mark.parametrize("statement", ["import shapelint", "import shapelint.flake8", "import shapelint.cli"])
def test_importing_is_cheap(statement: str) -> None:
    heavy = "{'torch', 'numpy', 'libcst', 'rich', 'json', 'dataclasses', 'argparse', 're'}"
    # -I and -S: the interpreter's own start-up must not bring these in first
    source = (
        f"import sys; sys.path.insert(0, {str(HOUSE.parent)!r}); before = set(sys.modules)\n"
        f"{statement}\n"
        f"found = (set(sys.modules) - before) & {heavy}\n"
        "sys.exit(f'imported: {found}' if found else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", source], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_records_are_made_here(module: Path) -> None:
    """`dataclasses` costs a process that checks one file a tenth of its time."""
    users = [line for line, name in imports(module) if name == "dataclasses"]
    assert not users or name_of(module) == "records.py"


def test_the_public_names_are_there() -> None:
    import shapelint

    assert set(shapelint.__all__) <= set(dir(shapelint))
    assert shapelint.Diagnostic.__name__ == "Diagnostic"
    assert callable(shapelint.check) and callable(shapelint.summarize)
    with pytest.raises(AttributeError, match="has no attribute 'chekc'"):
        shapelint.chekc  # noqa: B018


def test_the_whole_tree_holds_what_was_agreed() -> None:
    agreed = {
        "pyproject.toml", "src", "tests", "fixtures", "docs", "benchmarks", "README.md", ".pre-commit-hooks.yaml", ".ci",
        "LICENSE", "SECURITY.md", ".gitignore", ".git", "shared",
    }  # fmt: skip
    try:
        done = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    top = {line.partition("/")[0] for line in done.stdout.splitlines()}
    assert top <= agreed, sorted(top - agreed)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
