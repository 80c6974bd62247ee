"""Networks that are described by files which lie in a package: read with the package's source, and again once they change."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import shapelint

FACTORY = """
import glob, importlib.resources, io, json, os, re
from pathlib import Path
import torch, yaml, zoo
from torch import nn

HERE = Path(__file__).parent
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "configs")
KNOWN = {}

for path in sorted((HERE / "configs").glob("*.json")):
    with open(path, "r", encoding="utf-8") as f:
        found = json.load(f)
        if "width" in found:
            KNOWN[path.stem] = found


class Net(nn.Module):
    def __init__(self, width, deep=()):
        super().__init__()
        self.a = nn.Linear(4, width)
        self.b = nn.Linear(8, 2)
        self.more = nn.ModuleList(nn.Linear(2, d) for d in deep)

    def forward(self, x):
        return self.b(self.a(x))


def make(name):
    return Net(KNOWN[name]["width"])


def other(way):
    path = os.path.join(FOLDER, "layers.yaml")
    if way == "text":
        held = yaml.safe_load((HERE / "configs" / "layers.yaml").read_text())
    elif way == "file":
        with open(path) as f:
            held = yaml.load(f, Loader=yaml.SafeLoader)
    elif way == "bytes":
        held = yaml.safe_load(io.open(path, "rb"))
    elif way == "glob":
        held = yaml.safe_load(open(glob.glob(os.path.join(FOLDER, "*.y*ml"))[0]).read())
    elif way == "everywhere":
        held = yaml.safe_load(next(HERE.rglob("layers.yaml")).open())
    elif way == "listed":
        held = yaml.safe_load(open(os.path.join(FOLDER, [n for n in os.listdir(FOLDER) if n.endswith("yaml")][0])))
    elif way == "resources":
        held = yaml.safe_load((importlib.resources.files("zoo") / "configs" / "layers.yaml").read_text())
    elif way == "module":
        held = yaml.safe_load((importlib.resources.files(zoo).joinpath("configs/layers.yaml")).open())
    elif way == "lines":
        with open(os.path.join(FOLDER, "names.txt")) as f:
            return Net(8, [len(line.strip()) for line in f])
    elif way == "there":
        width = 8 if os.path.isfile(path) and (HERE / "configs").is_dir() and not os.path.isdir(path) else 7
        return Net(width)
    return Net(**held["net"])
"""
LAYERS = "net:\n  width: 8   # of a\n  deep: [3, 5]\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHAPELINT_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "project"
    configs = root / "zoo" / "configs"
    configs.mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "zoo" / "__init__.py").touch()
    (root / "zoo" / "factory.py").write_text(FACTORY)
    write(configs / "small.json", json.dumps({"width": 7}))
    write(configs / "tables.json", json.dumps({"columns": 7}))
    write(configs / "layers.yaml", LAYERS)
    write(configs / "names.txt", "one\nthree\n")
    return root


def write(path: Path, text: str, ago: int = 10) -> None:
    path.write_text(text)
    then = os.stat(path).st_mtime_ns - ago * 1_000_000_000
    os.utime(path, ns=(then, then))


def found(root: Path, text: str) -> list[dict[str, Any]]:
    (root / "net.py").write_text(text)
    return [d.to_json() for d in shapelint.check([str(root / "net.py")])]


USE = "import torch\nfrom torch import nn\nfrom zoo.factory import KNOWN\nnn.Linear(KNOWN['small']['width'], 2)(torch.zeros(2, 8))\n"


def test_a_network_that_a_file_describes(root: Path) -> None:
    first = found(root, USE)
    assert [d["code"] for d in first] == ["SHP101"] and "7" in first[0]["message"]
    assert found(root, USE) == first
    write(root / "zoo" / "configs" / "small.json", json.dumps({"width": 8}), ago=9)
    assert found(root, USE) == []


def test_a_file_that_comes_is_seen(root: Path) -> None:
    use = USE.replace("small", "large")
    assert [d["code"] for d in found(root, use)] == []
    write(root / "zoo" / "configs" / "large.json", json.dumps({"width": 9}))
    assert [d["code"] for d in found(root, use)] == ["SHP101"]


@pytest.mark.parametrize(
    "way", ["text", "file", "bytes", "glob", "everywhere", "listed", "resources", "module", "lines", "there"]
)
def test_the_ways_to_read_one(root: Path, way: str) -> None:
    target = root / "use.py"
    target.write_text(f"from zoo.factory import other\ndef build():\n    return other({way!r})\n")
    (model,) = shapelint.summarize(f"{target}:build")
    held = model.to_json()["params"]["total"]
    assert held == 4 * 8 + 8 + 8 * 2 + 2 + (0 if way == "there" else 2 * 3 + 3 + 2 * 5 + 5)


@pytest.mark.parametrize(
    "reading",
    [
        "json.load(open('zoo/configs/small.json'))",  # where the program stands is not known
        "json.load(open(os.path.join(HERE, 'none.json')))",
        "json.load(open(os.path.join(HERE, 'configs', 'small.json'), 'r+'))",
        "json.load(open(os.path.join(HERE, 'configs', 'small.json')), parse_int=str)",
        "json.loads(open(os.path.join(HERE, 'configs', 'small.json')).read(3))",
        "[f := open(os.path.join(HERE, 'configs', 'small.json')), f.read(), json.load(f)][-1]",
        "json.load(open(os.path.join(HERE, 'configs', 'small.json'), encoding='utf-16'))",
        "json.load(open(os.path.join(HERE, 'configs', 'small.json'), opener=os.open))",
    ],
)
def test_what_is_not_known_of_files(root: Path, reading: str) -> None:
    program = f"""
import json, os
import zoo
from torch import nn
HERE = os.path.dirname(zoo.__file__)
def build():
    return nn.Linear(4, {reading}["width"])
"""
    (root / "use.py").write_text(program)
    (model,) = shapelint.summarize(f"{root / 'use.py'}:build")
    assert model.to_json()["params"]["total"] is None


def test_lines_end_as_reading_text_and_bytes_has_it(root: Path) -> None:
    (root / "zoo" / "configs" / "names.txt").write_bytes(b"one\r\nthree\rx\n")
    (root / "use.py").write_text(
        "import os, zoo\nfrom torch import nn\npath = os.path.join(os.path.dirname(zoo.__file__), 'configs', 'names.txt')\n"
        "def build():\n    with open(path) as a, open(path, 'rb') as b:\n        return nn.Linear(len(a.read()), len(b.read()), bias=False)\n"
    )
    (model,) = shapelint.summarize(f"{root / 'use.py'}:build")
    assert model.params.total == len("one\nthree\nx\n") * len("one\r\nthree\rx\n")
