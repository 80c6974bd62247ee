"""Packages that import lazily or only document themselves: read by what they say to type checkers, and at little cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapelint
from shapelint.engine.reader import reader_around

LAZY = """
import sys
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    {imports}
else:
    import types
    class _Lazy(types.ModuleType):
        def __getattr__(self, name): return unheard_of(name)
    sys.modules[__name__] = _Lazy(__name__)
"""
NET = "import torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self, n=3):\n        super().__init__()\n        self.fc = nn.Linear(n, n)\n"


def write(root: Path, files: dict[str, str]) -> None:
    (root / "pyproject.toml").touch()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def total(path: Path) -> Any:
    return shapelint.summarize(str(path))[0].to_json()["params"]["total"]


def test_a_lazy_package_gives_what_it_tells_type_checkers(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "lib/__init__.py": LAZY.format(
                imports="from .models import *\n    from .config import WIDTH as WIDE"
            ),
            "lib/config.py": "WIDTH = 5\n",
            "lib/broken.py": "raise RuntimeError\n",
            "lib/models/__init__.py": LAZY.format(imports="from .a import *\n    from .b import *"),
            "lib/models/a.py": "__all__ = ['Other']\nclass Other: pass\nclass Net: pass\n",
            "lib/models/b.py": f"__all__ = ['Net']\n{NET}",
            "use.py": "from lib import Net, WIDE\nnet = Net(WIDE)\n",
            "dotted.py": "import lib.models\nnet = lib.models.b.Net(lib.WIDE)\n",
            "star.py": "from lib import *\nnet = Net(WIDE)\n",
        },
    )
    assert total(tmp_path / "use.py") == 30
    assert total(tmp_path / "dotted.py") == 30
    assert total(tmp_path / "star.py") == 30


def test_a_lazy_package_has_nothing_else(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "lib/__init__.py": LAZY.format(imports="from .b import *"),
            "lib/b.py": f"__all__ = ['Net']\nHidden = 4\n{NET}",
            "use.py": "import lib\nfrom lib import Net\nnet = Net(7 if hasattr(lib, 'Hidden') else 2)\n",
        },
    )
    assert total(tmp_path / "use.py") == 6


def test_what_is_installed_is_what_can_be_found(tmp_path: Path) -> None:
    found = "importlib.util.find_spec"
    write(
        tmp_path,
        {
            "here.py": "",
            "use.py": "import importlib.metadata, importlib.util\n"
            f"def there(name): return {found}(name) is not None\n"
            "n = 1 + there('here') + 2 * there('nowhere_at_all') + 4 * there('torch') + 8 * there('json')\n"
            "try:\n    importlib.metadata.version('nowhere-at-all')\n"
            "except importlib.metadata.PackageNotFoundError:\n    n += 16\n"
            "if importlib.metadata.version('libcst') >= '1': n += 32\n"
            f"{NET}net = Net(n)\n",
        },
    )
    n = 1 + 1 + 4 + 8 + 16 + 32
    assert total(tmp_path / "use.py") == n * n + n


DOCUMENTED = """
{head}
SEEN = []
CACHE = {{}}
def indent(text):
    return text.unheard_of()
def document(cls, intro=None):
    lines = []
    for line in unheard_of(cls):
        lines.append(indent(line))
        {inside}
    cls.__doc__ = "".join(lines)
    return cls
@document
class Wide(Net):
    pass
net = Wide({width})
"""


def test_a_decorator_that_only_writes_a_docstring_is_not_evaluated(tmp_path: Path) -> None:
    write(tmp_path, {"net.py": DOCUMENTED.format(head=NET, inside="pass", width="len(SEEN) + 4")})
    assert total(tmp_path / "net.py") == 20


def test_one_that_also_does_something_else_is(tmp_path: Path) -> None:
    for i, inside in enumerate(
        (
            "SEEN.append(cls)",
            "cls.width = 8",
            "setattr(cls, 'width', 8)",
            "CACHE[line] = 1",
            "cls.held.append(line)",
        )
    ):
        width = "getattr(Wide, 'width', 1) + len(SEEN) + len(CACHE) + len(getattr(Wide, 'held', ''))"
        text = DOCUMENTED.format(head=NET, inside=inside, width=width)
        text = text.replace("unheard_of(cls)", "('a', 'b')").replace("text.unheard_of()", "text")
        text = text.replace("    pass\nnet", "    held = []\nnet")
        path = tmp_path / f"net{i}.py"
        write(tmp_path, {path.name: text})
        space: dict[str, Any] = {}
        exec(compile(text.replace("import torch.nn as nn", STUB), "net.py", "exec"), space)
        n = space["net"].n
        assert total(path) == n * n + n, inside


STUB = """
class nn:
    class Module: pass
    class Linear:
        def __init__(self, n, m): Net.n = n
"""


def test_no_module_is_read_for_the_text_of_an_exception(tmp_path: Path) -> None:
    """What the text has changed until then is undone, and which exception it is stays known."""
    text = (
        "import importlib, sys\nfrom torch import nn\ndone = [3]\n"
        "def offered():\n    done[0] = 5\n    return [importlib.import_module('lib.' + n).__name__ for n in 'ab']\n"
        "def wide():\n    if len(sys.argv) > 3:\n        raise KeyError(f'one of {offered()}')\n    return 7\n"
        "try:\n    raise ValueError('one of ' + ', '.join(offered()))\nexcept ValueError:\n    net = nn.Linear(done[0], wide())\n"
    )
    write(tmp_path, {"lib/__init__.py": "", "lib/a.py": "", "lib/b.py": "", "use.py": text})
    assert total(tmp_path / "use.py") == 28
    reader = reader_around(str(tmp_path / "use.py"))
    assert not any(path.endswith("a.py") for path in reader.read)


def test_a_lazy_package_that_also_asks_whether_it_is_imported_at_once(tmp_path: Path) -> None:
    lazy = LAZY.replace(
        "if TYPE_CHECKING:", "import os\nSLOW = os.environ.get('SLOW', '') == '1'\nif {test}:"
    )
    for i, test in enumerate(("TYPE_CHECKING or SLOW", "SLOW or TYPE_CHECKING")):
        files = {
            f"lib{i}/__init__.py": lazy.format(test=test, imports="from .b import Net"),
            f"lib{i}/b.py": NET,
            f"use{i}.py": f"from lib{i} import Net\nnet = Net(4)\n",
        }
        write(tmp_path, files)
        assert total(tmp_path / f"use{i}.py") == 20
