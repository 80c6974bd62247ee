"""A container that modules register in is gone through: what may have been registered is there, and is looked for anew only when
something was read since."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shapelint
from shapelint.interp import put_off

FILES = {
    "zoo/registry.py": "TABLE = {}\n\ndef register(function):\n    TABLE[function.__name__] = function\n    return function\n",
    "zoo/__init__.py": "from .registry import TABLE\nfrom . import first\n",
    "zoo/first.py": "from .registry import register\n\n@register\ndef one():\n    return 1\n",
    "zoo/more.py": "from . import second\n",
    "zoo/second.py": "from .registry import register\n\n@register\ndef two():\n    return 2\n\n@register\ndef three():\n    return 3\n",
}


def total(root: Path, program: str) -> int | None:
    (root / "pyproject.toml").touch()
    for name, text in {**FILES, "net.py": "from torch import nn\n" + program}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    count = shapelint.summarize(str(root / "net.py"))[0].to_json()["params"]["total"]
    assert count is None or isinstance(count, int)
    return count


def test_what_is_imported_in_between_is_there_the_second_time(tmp_path: Path) -> None:
    program = (
        "import zoo\nbefore = sum(1 for _ in zoo.TABLE)\nimport zoo.more\n"
        "net = nn.Linear(10 * before, sum(1 for _ in zoo.TABLE), bias=False)\n"
    )
    assert total(tmp_path, program) == 10 * 1 * 3


def test_gone_through_again_nothing_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = put_off._writers

    def counted(world: object, home: object, name: str, roots: list[str]) -> object:
        asked.append(name)
        return real(world, home, name, roots)  # type: ignore[arg-type]

    monkeypatch.setattr(put_off, "_writers", counted)
    program = "import zoo\nn = 0\nfor _ in range(50):\n    n += sum(1 for _ in zoo.TABLE)\nnet = nn.Linear(n, 1, bias=False)\n"
    assert total(tmp_path, program) == 50
    assert 0 < asked.count("TABLE") < 10


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("NAME.append(1)", True),
        ("NAME [0]", False),
        ("x = OTHER_NAME.update({})", False),
        ("NAMES['a'] = 1", False),
        ("module.NAME['a'] = 1", True),
        ("NAME['a']['b'] += 1", True),
        ("NAME['a'] == 1", False),
        ("NAME\n    .pop()", True),
        ("(NAME)", False),
    ],
)
def test_text_that_writes_to_a_name(text: str, writes: bool) -> None:
    assert bool(re.search(put_off._WRITES.format(name="NAME"), text)) == writes
