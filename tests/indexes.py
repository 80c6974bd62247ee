"""Writes what is looked up by name without importing what bears it: `python -m tests.indexes`, when a spec, a name of a library or
a rule has come or gone. With `--check` it writes nothing, and says which of the files are not what the modules say."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

import shapelint

HOUSE = Path(shapelint.__file__).parent
COMMAND = "python -m tests.indexes"
_WIDTH = 130


class Recording(dict[str, Any]):
    """A table that knows which module put each name there."""

    def __init__(self, table: dict[str, Any]) -> None:
        super().__init__(table)
        self.modules: dict[str, str] = {}

    def __setitem__(self, name: str, value: Any) -> None:
        self.modules[name] = _importing()
        super().__setitem__(name, value)


def _importing() -> str:
    """The module that is being imported."""
    frame = sys._getframe(1)
    while frame.f_code.co_name != "<module>" and frame.f_back is not None:
        frame = frame.f_back
    return str(frame.f_globals["__name__"])


def written() -> dict[Path, str]:
    """The text of each index. In a process that has loaded nothing yet."""
    from shapelint.specs import registry

    registered: dict[int, dict[str, str]] = {id(registry.ops): {}, id(registry.layers): {}}

    def note(catalogue: Any, name: str, value: Any) -> None:
        registered[id(catalogue)][name] = _importing()
        dict.__setitem__(catalogue, name, value)

    registry.Catalogue.__setitem__ = note  # type: ignore[method-assign]
    from shapelint.interp import library

    tables = [Recording(library.functions), Recording(library.constants)]
    library.functions, library.constants = tables
    from shapelint.interp.host import host_classes

    host_classes.CLASSES = Recording(host_classes.CLASSES)
    from shapelint.interp.host import host_constructors

    host_constructors._CONSTRUCTORS = Recording(host_constructors._CONSTRUCTORS)
    registry.load()
    library.load()
    tables += [host_classes.CLASSES, host_constructors._CONSTRUCTORS]
    modelled = {name: module for table in tables for name, module in table.modules.items() if "." in name}
    specs, libraries = "shapelint.specs.", "shapelint.interp.library."
    return {
        HOUSE / "specs" / "index.py": "\n".join(
            (
                _head(
                    "Which module registers which operation or layer: words by module, and by what stands before them."
                ),
                _table("OPS", registered[id(registry.ops)], specs),
                _table("LAYERS", registered[id(registry.layers)], specs),
            )
        ),
        HOUSE / "interp" / "library_index.py": "\n".join(
            (
                _head(
                    "Which module of the library models which name: words by module, and by what stands before them."
                ),
                _table("MODULES", modelled, libraries),
            )
        ),
        HOUSE / "rules" / "index.py": _rules(),
        HOUSE / "fixes" / "index.py": _fixes(),
    }


def _head(what: str) -> str:
    note = f"Written by `{COMMAND}`, and held against the modules by a test."
    return f'"""{what}\n\n{note}\n"""\n\nfrom __future__ import annotations\n'


def _table(name: str, modules: dict[str, str], package: str) -> str:
    found: dict[str, dict[str, list[str]]] = {}
    for qualname, module in sorted(modules.items()):
        if module.startswith(package):
            prefix, _, word = qualname.rpartition(".")
            found.setdefault(module.removeprefix(package), {}).setdefault(prefix, []).append(word)
    lines = [f"{name}: dict[str, dict[str, str]] = {{"]
    for module, prefixes in sorted(found.items()):
        lines.append(f'    "{module}": {{')
        for prefix, words in prefixes.items():
            lines += _entry(f'        "{prefix}": ', words)
        lines.append("    },")
    return "\n".join([*lines, "}", ""])


def _entry(key: str, words: Iterable[str]) -> list[str]:
    """A key with its words, on one line where they fit."""
    text = " ".join(words)
    if len(key) + len(text) + 3 <= _WIDTH:
        return [f'{key}"{text}",']
    parts = wrap(text, _WIDTH - 16, break_on_hyphens=False, break_long_words=False)
    return [
        f"{key}(",
        *(f'            "{part} "' for part in parts[:-1]),
        f'            "{parts[-1]}"',
        "        ),",
    ]


def _rules() -> str:
    from shapelint.rules.registry import all_rules

    lines = [
        _head(
            "What each rule is given: the rule's code, name, kinds of facts and operations, by its module."
        ),
        "# (module, code, name, kinds of facts, operations, whether every call)",
        "RULES: tuple[tuple[str, str, str, str, str, bool], ...] = (",
    ]
    for rule in all_rules():
        kinds = " ".join(kind.__name__ for kind in rule.listens)
        module = type(rule).__module__.rpartition(".")[2]
        first = f'"{module}", "{rule.code}", "{rule.name}", "{kinds}",'
        ops = _entry("        ", dict.fromkeys(rule.ops))
        if len(first) + sum(map(len, ops)) < _WIDTH and len(ops) == 1:
            lines.append(f"    ({first} {ops[0].strip()} {rule.every_call}),")
        else:
            lines += ["    (", f"        {first}", *ops, f"        {rule.every_call},", "    ),"]
    return "\n".join([*lines, ")  # fmt: skip", ""])


def _fixes() -> str:
    from shapelint.fixes import registry

    head = _head(
        "The rules that have a fix: each module of this package that makes one bears its rule's name."
    )
    return "\n".join([head, "MAKERS = (", *(f'    "{name}",' for name in registry.listed()), ")", ""])


def main(arguments: Sequence[str]) -> int:
    stale = []
    for path, text in written().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.relative_to(HOUSE.parent).as_posix())
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
    if stale:
        print("not what the modules say" if "--check" in arguments else "written", *stale, sep="\n  ")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
