"""Programs beside libraries that are installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import shapelint
from shapelint.engine.surroundings import standing

Check = Callable[[str], list[tuple[str, int]]]


@pytest.fixture
def beside_libraries(tmp_path: Path) -> Callable[[dict[str, str]], Check]:
    """Installs libraries, as texts by path; what that gives tells the codes and lines of a program that uses them."""
    installed = tmp_path / "lib" / "site-packages"
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").touch()

    def check(program: str) -> list[tuple[str, int]]:
        (project / "use.py").write_text(f"import torch\nfrom torch import nn\n{program}")
        with standing(str(project), [str(installed)]):
            return [(d.code, d.line) for d in shapelint.check(["use.py"])]

    def install(texts: dict[str, str]) -> Check:
        for name, text in texts.items():
            path = installed / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return check

    return install
