"""What an installed package does within itself is not told to those who use it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import shapelint

LIBRARY = """
import torch
from torch import nn

class Embed(nn.Module):
    def __init__(self):
        super().__init__()
        table = torch.zeros(3, 4)
        table.require_grad = False
        self.register_buffer("table", table)
"""


def test_a_flag_that_a_package_misspells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "site-packages"
    installed.mkdir()
    (installed / "embeddings.py").write_text(LIBRARY)
    monkeypatch.setattr(sys, "path", [*sys.path, str(installed)])
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "net.py").write_text("from embeddings import Embed\nlayer = Embed()\n")
    assert shapelint.check([str(tmp_path / "net.py")]) == []
    (tmp_path / "own.py").write_text(
        "import torch\nfrom embeddings import Embed\nlayer, table = Embed(), torch.zeros(3)\ntable.require_grad = False\n"
    )
    (told,) = shapelint.check([str(tmp_path / "own.py")])
    assert (told.code, told.line) == ("SHP318", 4)
