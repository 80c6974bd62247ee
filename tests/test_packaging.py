"""What is shipped: the version, the hooks, the README's commands, and a real pre-commit run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import shapelint

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_one_version() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{shapelint.__version__}"\n' in project
    assert f"rev: v{shapelint.__version__}" in README


def test_ci_runs_the_readme_s_test_command() -> None:
    block = re.search(r"<!-- the test command -->\n```sh\n(.+)\n```\n<!-- end -->", README)
    assert block is not None, "the test command must be one line between its marks"
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    extract = script.split("command=$(", 1)[1].split(")\n", 1)[0]
    done = subprocess.run(
        ["bash", "-c", extract], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == block.group(1)
    for step in ("ruff format --check", "ruff check", "mypy", "pytest", "--group dev"):
        assert step in block.group(1)


def hooks() -> list[dict[str, object]]:
    loaded = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


def test_hooks() -> None:
    files, project = hooks()
    assert (files["id"], files["entry"]) == ("shapelint", "shapelint check --force-exclude")
    assert (project["id"], project["entry"]) == ("shapelint-project", "shapelint check .")
    assert project["pass_filenames"] is False
    assert all(h["language"] == "python" and h["require_serial"] is True for h in (files, project))


def pre_commit(
    *arguments: str, cwd: Path, home: Path, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    # An outer git (a hook that runs these tests) must not leak its repository into this one.
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k.startswith("GIT_SSL")}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=cwd,
        env={**env, "PRE_COMMIT_HOME": str(home), "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def test_pre_commit_accepts_the_manifest(tmp_path: Path) -> None:
    done = pre_commit(
        "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"), cwd=tmp_path, home=tmp_path / "home"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def git(folder: Path, *arguments: str) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    names = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(
        ["git", *names, *arguments], cwd=folder, env=env, check=True, capture_output=True, timeout=60
    )


@pytest.mark.slow
def test_a_real_pre_commit_run(tmp_path: Path) -> None:
    """The package as pre-commit builds it, on a repository with one good file and one that is not even text."""
    probe = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "-d",
            str(tmp_path / "probe"),
            "uv_build>=0.9,<0.15",
        ],
        capture_output=True,
        timeout=300,
    )
    if probe.returncode:
        pytest.skip("pip has no index here")
    tool = tmp_path / "shapelint"
    shutil.copytree(ROOT / "src", tool / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, tool / name)
    git(tool, "init", "-q")
    git(tool, "add", "-A")
    git(tool, "commit", "-q", "-m", "as it is")

    user = tmp_path / "user"
    (user / "build").mkdir(parents=True)
    (user / "plain.py").write_text("import os\nprint(os.name)\n")
    (user / "build" / "made.py").write_text("import torch\nx = torch.zeros(3).view(2)\n")
    git(user, "init", "-q")
    git(user, "add", "-A")
    home = tmp_path / "home"
    for hook in ("shapelint", "shapelint-project"):
        done = pre_commit(
            "try-repo", str(tool), hook, "--all-files", "--verbose", cwd=user, home=home, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "No problems found in 1 file." in done.stdout
        assert re.search(r"shapelint.*Passed", done.stdout)
