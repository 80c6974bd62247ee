"""Imported modules are evaluated once and kept: no program sees what another one did to them, and a changed file is read again."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

import shapelint
from shapelint.engine import programs, reader
from shapelint.engine.config import Settings
from shapelint.engine.one_file import check_path
from shapelint.values import Namespace

HEAD = "import torch\nfrom torch import nn\n"


def write(root: Path, files: dict[str, str]) -> None:
    (root / "pyproject.toml").touch()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text)


def total(path: Path) -> int | None:
    model = shapelint.summarize(str(path))[0].to_json()
    count = model["params"]["total"]
    assert count is None or isinstance(count, int)
    return count


SETTINGS = "WIDTH = 4\nKNOWN = {}\n\ndef layer():\n    return nn.Linear(WIDTH, 1, bias=False)\n"


def test_what_one_program_writes_into_a_module_another_does_not_see(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "settings.py": SETTINGS,
            "wide.py": "import settings\nsettings.WIDTH = 64\nsettings.KNOWN['a'] = 1\nnet = nn.Sequential(settings.layer())\n",
            "plain.py": "import settings\nnet = nn.Sequential(settings.layer(), nn.Linear(1, 1 + len(settings.KNOWN)))\n",
        },
    )
    assert total(tmp_path / "wide.py") == 64
    assert total(tmp_path / "plain.py") == 4 + 2
    assert total(tmp_path / "wide.py") == 64


def test_a_module_that_has_changed_is_read_again(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"settings.py": SETTINGS, "net.py": "import settings\nnet = nn.Sequential(settings.layer())\n"},
    )
    assert total(tmp_path / "net.py") == 4
    write(tmp_path, {"settings.py": SETTINGS.replace("4", "12")})
    assert total(tmp_path / "net.py") == 12


def test_a_module_that_appears_is_found(tmp_path: Path) -> None:
    net = "try:\n    from wide import W\nexcept ImportError:\n    W = 3\nnet = nn.Sequential(nn.Linear(W, 1, bias=False))\n"
    write(tmp_path, {"net.py": net})
    assert total(tmp_path / "net.py") == 3
    before = os.stat(tmp_path).st_mtime_ns
    write(tmp_path, {"wide.py": "W = 9\n"})
    os.utime(tmp_path, ns=(before + 10, before + 10))
    assert total(tmp_path / "net.py") == 9


REGISTRY = "_known = {}\n\ndef register(f):\n    _known[f.__name__] = f\n    return f\n\ndef make(name):\n    return _known[name]()\n"


def test_an_import_inside_an_undecided_branch_lasts(tmp_path: Path) -> None:
    """The first look-up happens on one side of a branch; what it imports is there behind the branch, and on the other side."""
    write(
        tmp_path,
        {
            "zoo/__init__.py": "from .registry import make\nfrom .small import *\nfrom .large import *\n",
            "zoo/registry.py": REGISTRY,
            "zoo/small.py": "from .registry import register\n\n@register\ndef small():\n    return nn.Linear(2, 1, bias=False)\n",
            "zoo/large.py": "from .registry import register\n\n@register\ndef large():\n    return nn.Linear(50, 1, bias=False)\n",
            "net.py": "import sys\nimport zoo\nif len(sys.argv) > 7:\n    zoo.make('large')\nelse:\n    zoo.make('small')\n"
            "net = nn.Sequential(zoo.make('small'), zoo.make('large'))\n",
        },
    )
    assert total(tmp_path / "net.py") == 52


def test_what_is_kept_from_file_to_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run over many files does not hold all that any of them has led to, and gives the same answers."""
    reader.forget()
    monkeypatch.setattr(reader, "MOST_TEXT", 2_000)
    monkeypatch.setattr(programs, "MOST_TEXT", 1_000)
    padding = "# " + "x" * 300 + "\n"
    for number in range(40):
        write(
            tmp_path,
            {
                f"part{number}.py": f"{padding}def layer():\n    return nn.Linear(1, {number + 1}, bias=False)\n"
            },
        )
        write(
            tmp_path, {f"net{number}.py": f"import part{number}\nnet = nn.Sequential(part{number}.layer())\n"}
        )
    most = 0
    for number in range(40):
        assert total(tmp_path / f"net{number}.py") == number + 1
        most = max(most, *(sum(r.loaded.values()) for r in reader._readers.values()))
        assert 0 < sum(len(held.file.text) for held in programs._held.values()) == programs._text < 2_000
    assert 2_000 < most < 3_000


def test_a_program_that_alone_leads_to_much_keeps_it_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.forget()
    monkeypatch.setattr(reader, "MOST_TEXT", 100)
    write(tmp_path, {"settings.py": SETTINGS + "# " + "x" * 300 + "\n"})
    for number in range(3):
        write(tmp_path, {f"net{number}.py": "import settings\nnet = nn.Sequential(settings.layer())\n"})
    kept = []
    for number in range(3):
        assert total(tmp_path / f"net{number}.py") == 4
        kept.append(next(reversed(reader._readers.values())))
    assert kept[0] is kept[1] is kept[2]


def test_a_project_that_was_left_is_not_kept(tmp_path: Path) -> None:
    reader.forget()
    for number in range(6):
        (tmp_path / f"p{number}").mkdir()
        write(
            tmp_path / f"p{number}",
            {"settings.py": SETTINGS, "net.py": "import settings\nnet = nn.Sequential(settings.layer())\n"},
        )
        assert total(tmp_path / f"p{number}" / "net.py") == 4
    kept = {Path(path).parent.name for path in programs._held if Path(path).name == "settings.py"}
    assert kept <= {"p4", "p5"}


def test_what_was_evaluated_of_a_large_package_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MUCH_TEXT", 0)
    monkeypatch.setattr(reader, "MOST_GIVEN_UP", 0)
    names = [f"part{number}.py" for number in range(5)]
    write(tmp_path, dict.fromkeys(names, "import weighty\n"))
    write(tmp_path, {"weighty.py": "class Held:\n    def own(self): return Held\n"})

    def there() -> int:
        return sum(type(found) is Namespace and found.name == "weighty" for found in gc.get_objects())

    counts = []
    gc.disable()
    try:
        for name in names:
            os.utime(tmp_path / "weighty.py", ns=(0, len(name) + names.index(name)))  # it is to be read again
            shapelint.check([str(tmp_path / name)])
            counts.append(there())
    finally:
        gc.enable()
    assert counts[-1] <= counts[1] < len(names), counts


@pytest.mark.parametrize(
    "endless",
    [
        "def deeper(n):\n    return deeper(n + 1)\n\ndeeper(0)\n",
        "n = 0\nwhile n < 9:\n    n = [n for n in range(9) for m in range(10 ** 6)][0]\n",
    ],
)
def test_a_module_that_cannot_be_followed_to_its_end_is_left_alike_for_all(
    tmp_path: Path, endless: str
) -> None:
    """Who imports it first says no more and no less than who imports it next."""
    reader.forget()
    net = "import endless\nnet = nn.Sequential(nn.Linear(2, 3))\nnet(torch.randn(4, 5))\n"
    write(tmp_path, {"endless.py": "WIDTH = 2\n" + endless, "one.py": net, "two.py": net})
    for name in ("one.py", "two.py"):
        found, failures, missed = check_path(str(tmp_path / name), Settings(cache=False))
        assert ([d.code for d in found], failures, missed) == (["SHP101"], [], [])


def test_a_module_is_as_deep_wherever_it_is_imported(tmp_path: Path) -> None:
    """How deep the program is when it imports something says nothing of how deep that may go."""
    reader.forget()
    layers = "def at(n):\n    return 7 if n == 0 else at(n - 1)\n\nWIDTH = at(90)\n"
    late = "def width(n):\n    if n:\n        return width(n - 1)\n    from layers import WIDTH\n    return WIDTH\n\n"
    net = f"{late}net = nn.Sequential(nn.Linear(width(80), 1, bias=False))\n"
    write(tmp_path, {"layers.py": layers, "net.py": net})
    assert total(tmp_path / "net.py") == 7


# ---- what is known of an imported module's objects, and what it sets for everybody

ALIKE = {
    "given away": (
        "import unknown_package\n\nclass Config:\n    pass\n\nconfig = Config()\nunknown_package.fill(config)\n",
        "import helper\nnet = nn.Linear(4, helper.config.width)\nnet(torch.ones(2, 4))\nnn.Linear(8, 2)(torch.ones(1, 3))\n",
        ["SHP101"],
    ),
    "perhaps set": (
        "import unknown_package\n\nclass Config:\n    pass\n\nconfig = Config()\nif unknown_package.wide:\n    config.width = 8\n",
        "import helper\nwidth = helper.config.width if hasattr(helper.config, 'width') else 4\nnn.Linear(width, 2)(torch.ones(1, 8))\n"
        "nn.Linear(8, 2)(torch.ones(1, 3))\n",
        ["SHP101"],
    ),
    "the default dtype": (
        "torch.set_default_dtype(torch.float64)\n",
        "import helper\nnn.Linear(4, 2)(torch.ones(1, 4, dtype=torch.float32))\n",
        ["SHP114"],
    ),
    "the default dtype, further away": (
        "from inner import WIDTH\n",
        "import helper\nnn.Linear(helper.WIDTH, 2)(torch.ones(1, 4, dtype=torch.float32))\n",
        ["SHP114"],
    ),
    "gradients": (
        "torch.set_grad_enabled(False)\n",
        "import helper\nloss = nn.Linear(4, 2)(torch.ones(1, 4)).sum()\nloss.backward()\n",
        ["SHP120"],
    ),
}


@pytest.mark.parametrize("case", ALIKE)
def test_who_imports_a_module_later_is_told_the_same(tmp_path: Path, case: str) -> None:
    helper, program, codes = ALIKE[case]
    inner = "WIDTH = 4\ntorch.set_default_dtype(torch.float64)\n"
    other = "loss = nn.Linear(4, 2)(torch.ones(1, 4, dtype=torch.float32)).sum()\nloss.backward()\n"
    write(
        tmp_path,
        {"helper.py": helper, "inner.py": inner, "a.py": program, "b.py": program, "other.py": other},
    )
    settings = Settings(cache=False)
    found = [
        [d.code for d in check_path(str(tmp_path / name), settings)[0]]
        for name in ("a.py", "b.py", "other.py", "a.py")
    ]
    assert found == [codes, codes, [], codes]
