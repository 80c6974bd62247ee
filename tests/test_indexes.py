"""What is looked up by name without importing what bears it is what the modules say; a check imports few of them."""

from __future__ import annotations

import subprocess
import sys
from ast import literal_eval
from pathlib import Path

from shapelint.rules.registry import all_rules, listeners
from tests.indexes import COMMAND

ROOT = Path(__file__).parents[1]


def test_the_indexes_are_what_the_modules_say() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.indexes", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nrun `{COMMAND}`"


def test_each_rule_is_found_by_its_listener() -> None:
    assert [listener.rule for listener in listeners()] == list(all_rules())
    for listener in listeners():
        rule = listener.rule
        told = (listener.code, listener.name, listener.listens, listener.ops, listener.every_call)
        assert told == (rule.code, rule.name, rule.listens, tuple(dict.fromkeys(rule.ops)), rule.every_call)


def test_a_check_imports_what_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\nfrom torch import nn\n\nnn.Linear(2, 3)(torch.zeros(4, 2))\n")
    source = (
        "import sys\nfrom shapelint.cli import main\n"
        f"status = main(['check', '--isolated', '--no-cache', {str(path)!r}])\n"
        "held = [n for n in sys.modules if n.startswith('shapelint.')]\n"
        "kinds = ('rules', 'specs', 'interp.library')\n"
        "print([sum(n.startswith(f'shapelint.{kind}.') for n in held) for kind in kinds])\n"
        "heavy = {'inspect', 'pkgutil', 'shutil', 'libcst', 'rich', 'json', 'dataclasses'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else status)\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path = {sys.path!r}\n{source}"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    rules, specs, libraries = literal_eval(done.stdout.splitlines()[-1])
    assert rules < 60 and specs < 30 and libraries < 10, (rules, specs, libraries)
