"""`from module import *` binds names in the order of the program, as Python does: a plain run of the same files is the measure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.test_lazy_packages import total, write

PARTS = {
    "lib/__init__.py": "",
    "lib/a.py": "OTHER = 9\ndef width(): return 3\n",
    "lib/b.py": "def width(): return 5\n",
    "lib/c.py": "from .a import *\nfrom .b import *\n",
    "lib/d.py": "from .a import *\nfrom .b import width\nWIDE = OTHER\n",
    "lib/e.py": "from .a import width\nfrom .b import *\n",
    "lib/f.py": "def width(): return 7\nfrom .a import *\n",
    "lib/g.py": "from .b import *\ndef width(): return 8\n",
    "lib/h.py": "from .b import *\nfrom .a import *\ndef by_name(name):\n    return globals()[name] if name in globals() else None\n",
    "lib/hides.py": "_hidden = 2\nfrom .a import *\n",
}
PROGRAMS = (
    "from lib.a import *\nfrom lib.b import *\nn = width()\n",
    "def width(): return 7\nfrom lib.a import *\nn = width()\n",
    "from lib.a import *\ndef width(): return 7\nn = width()\n",
    "from lib.b import *\nfrom lib.a import OTHER, width\nn = width()\n",
    "import lib.c\nn = lib.c.width()\n",
    "from lib.c import OTHER, width\nn = width() + OTHER\n",
    "import lib.d\nn = lib.d.WIDE + lib.d.width()\n",
    "import lib.e\nn = lib.e.width()\n",
    "import lib.f\nn = lib.f.width()\n",
    "import lib.g\nn = lib.g.width()\n",
    "from lib.h import by_name\nn = by_name('width')()\n",
    "from lib.h import by_name\nn = 4 if by_name('depth') is None else 6\n",
    "import lib.h\nn = len([k for k in vars(lib.h) if not k.startswith('_')])\n",
    "from lib.hides import *\nn = 4 if '_hidden' in globals() else 6\n",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_star_binds_names_where_it_stands(program: str, tmp_path: Path) -> None:
    write(tmp_path, {**PARTS, "plain.py": f"{program}print(n)\n"})
    write(tmp_path, {"use.py": f"{program}from torch import nn\nnet = nn.Linear(n, 1, bias=False)\n"})
    ran = subprocess.run(
        [sys.executable, "plain.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) == total(tmp_path / "use.py")
