"""A file of a package is checked as a module of that package; what it imports is evaluated when it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import shapelint
from shapelint.engine import TargetProblem
from shapelint.engine.analyse import analyse
from shapelint.engine.reader import forget
from shapelint.source.text import read
from tests.engine.test_lazy_packages import total, write

LINEAR = "class Head(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.fc = nn.Linear(n, 10)\n    def forward(self, x):\n        return self.fc(x)\n"
PACKAGE = {
    "lib/__init__.py": "from .models import *\nfrom .unused import nothing\n",
    "lib/unused.py": "from .deeper import more\nnothing = 1\n",
    "lib/deeper.py": "more = 2\n",
    "lib/registry.py": "MODELS = {}\ndef register(f):\n    if f.__name__ in MODELS: raise ValueError(f.__name__)\n"
    "    MODELS[f.__name__] = f\n    return f\ndef names():\n    return sorted(MODELS)\n",
    "lib/models/__init__.py": "from .net import Net, small\nfrom .other import large\n",
    "lib/models/head.py": f"from torch import nn\n{LINEAR}",
    "lib/models/other.py": "from torch import nn\nfrom ..registry import register\n"
    "@register\ndef large(): return nn.Linear(7, 8)\n",
    "lib/models/net.py": "import torch\nfrom torch import nn\nfrom .head import Head\nfrom ..registry import register\n"
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.body = nn.Linear(4, 6)\n"
    "        self.head = Head(5)\n    def forward(self, x):\n        return self.head(self.body(x))\n"
    "@register\ndef small(): return Net()\n",
}


def codes(path: Path) -> list[tuple[str, int]]:
    return [(d.code, d.line) for d in analyse(read(str(path))).diagnostics]


def modules(path: Path) -> set[str]:
    forget()
    return set(analyse(read(str(path))).reader.imported.namespaces)


def test_what_a_sibling_brings_is_followed(tmp_path: Path) -> None:
    write(tmp_path, PACKAGE)
    found = codes(tmp_path / "lib/models/net.py")
    assert found == [("SHP101", 7)]
    assert found == codes(tmp_path / "lib/models/net.py")  # the modules that are kept do not hold it twice


def test_modules_that_nobody_asks_for_are_not_evaluated(tmp_path: Path) -> None:
    write(tmp_path, PACKAGE)
    found = modules(tmp_path / "lib/models/net.py")
    assert "lib.models.head" in found
    assert not found & {"lib.deeper", "lib.unused", "lib.models.net", "__main__"}


def test_a_registry_gives_what_was_put_off(tmp_path: Path) -> None:
    look_up = "from lib.registry import MODELS\nimport lib\nnet = MODELS['large']()\n"
    whole = "from lib.registry import names, MODELS\nimport lib\nfrom torch import nn\nnet = nn.Linear(len(MODELS), len(names()))\n"
    through = "import lib.registry, lib\nfrom torch import nn\nn = 0\nfor name, make in lib.registry.MODELS.items():\n    n += len(name)\nnet = nn.Linear(n, 1)\n"
    table = "from lib.deeper import more\nimport lib\nfrom torch import nn\nnet = nn.Linear(more, 1)\n"
    write(tmp_path, {**PACKAGE, "a.py": look_up, "b.py": whole, "c.py": through, "d.py": table})
    assert total(tmp_path / "a.py") == 7 * 8 + 8
    assert total(tmp_path / "b.py") == 2 * 2 + 2
    assert total(tmp_path / "c.py") == len("smalllarge") + 1
    assert total(tmp_path / "d.py") == 3


def test_a_name_that_is_put_off_may_be_bound_again(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "lib/__init__.py": "",
            "lib/a.py": "x, y, z, sum = 1, 2, 3, max\n",
            "lib/b.py": "from .a import x, y, z, sum\nfrom .a import x as w\ny = y + 10\ndef z(): return 30\n"
            "del x\nbiggest = sum(4, 5)\nhas = 'x' in globals()\nnames = sorted(n for n in globals() if len(n) == 1)\n",
            "use.py": "from lib import b\nfrom torch import nn\n"
            "net = nn.Linear(b.y + b.z() + b.w, b.biggest + 100 * b.has + 1000 * len(b.names) + 10000 * hasattr(b, 'x'))\n",
        },
    )
    rows, columns = 12 + 30 + 1, 5 + 3000
    assert total(tmp_path / "use.py") == rows * columns + columns


def test_modules_that_take_names_from_each_other(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "lib/__init__.py": "from .a import width\nfrom .b import depth\n",
            "lib/a.py": "from .b import depth\nwidth = 3\ndef area(): return width * depth\n",
            "lib/b.py": "from .a import width\ndepth = 4\n",
            "use.py": "import lib\nfrom lib.a import area\nfrom torch import nn\nnet = nn.Linear(area(), lib.b.width)\n",
        },
    )
    assert total(tmp_path / "use.py") == 12 * 3 + 3


def test_a_function_hides_the_module_it_comes_from(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "lib/__init__.py": "from .make import make\n",
            "lib/make.py": "from torch import nn\ndef make(): return nn.Linear(2, 3)\n",
            "use.py": "import lib.make\nfrom lib import make\nnet = make()\n",
        },
    )
    assert total(tmp_path / "use.py") == 9


def test_a_target_may_name_what_the_packages_around_its_module_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path,
        {
            "around/__init__.py": "from .config import Config\n",
            "around/config.py": "class Config:\n    width = 3\n",
            "around/nets/__init__.py": "",
            "around/nets/net.py": "from torch import nn\ndef net(config, n=1): return nn.Linear(config.width, n)\n",
        },
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    (summary,) = shapelint.summarize("around.nets.net:net(Config(), int(5))")
    assert summary.to_json()["params"]["total"] == 20
    with pytest.raises(TargetProblem, match="nobody"):
        shapelint.summarize("around.nets.net:net(nobody())")


def test_a_function_in_the_wrapper_of_another_file_is_entered(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "lib/__init__.py": "",
            "lib/told.py": "import functools\ndef told(f):\n    @functools.wraps(f)\n"
            "    def inner(*args, **kwargs):\n        return f(*args, **kwargs)\n    return inner\n",
            "lib/net.py": "import torch\nfrom torch import nn\nfrom .told import told\n"
            "@told\ndef features(x):\n    return nn.Linear(3, 4)(torch.ones(2, 5))\n",
        },
    )
    assert codes(tmp_path / "lib/net.py") == [("SHP101", 6)]


@pytest.mark.parametrize("text", ["mark = 1\r\n# @wrap", "mark = 1\n\n"])
def test_the_source_of_a_module_is_its_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "part.py").write_bytes(text.encode())
    main = tmp_path / "main.py"
    program = "import inspect, part\ntext = inspect.getsource(part)\n"
    said = f"from torch import nn\n{program}net = nn.Linear(len(text), 2 if '@wrap' in text else 1, bias=False)\n"
    main.write_text(said)
    python = [sys.executable, "-c", f"{program}print(len(text) * (2 if '@wrap' in text else 1))"]
    expected = subprocess.run(python, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert total(str(main)) == int(expected)
