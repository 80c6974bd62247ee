"""The baseline: findings that are known, kept in a file, so that old code is quiet and only what is new is said.

A finding is known by its file, code, enclosing definition and message, and by how often that occurs: by no line number, so
that it stays known while the code around it changes.
"""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from shapelint.engine.config import ConfigProblem
from shapelint.report import Diagnostic
from shapelint.source.text import SourceFile, SourceProblem, read


class Key(NamedTuple):
    """What a finding is known by. `path` is relative to the baseline's folder, with forward slashes."""

    path: str
    code: str
    where: str
    message: str

    def __str__(self) -> str:
        where = f" in {self.where}" if self.where else ""
        return f"{self.path}: {self.code} {self.message}{where}"


def load(path: str) -> Counter[Key]:
    """The findings that a baseline file knows. Raises ConfigProblem."""
    import json  # deferred here and below: most runs have no baseline

    try:
        with open(path, encoding="utf-8") as stream:
            document = json.load(stream)
        if document["version"] != 1:
            raise ConfigProblem(f"{path}: this version of shapelint does not know its format")
        known: Counter[Key] = Counter()
        for row in document["findings"]:
            known[Key(row["path"], row["code"], row["where"], row["message"])] += int(row["count"])
        return known
    except OSError as problem:
        hint = "; --update-baseline writes it" if isinstance(problem, FileNotFoundError) else ""
        raise ConfigProblem(f"cannot read the baseline {path}: {problem.strerror or problem}{hint}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConfigProblem(f"{path} is not a baseline; --update-baseline writes it anew") from None


def save(path: str, known: Counter[Key]) -> None:
    """Write a baseline: sorted, one line a finding, so that its differences read well. Raises OSError."""
    import json

    rows = [
        json.dumps({**key._asdict(), "count": count}) for key, count in sorted(known.items()) if count > 0
    ]
    body = ",\n".join(f"    {row}" for row in rows)
    text = f'{{\n  "version": 1,\n  "findings": [{chr(10) if body else ""}{body}{chr(10) + "  " if body else ""}]\n}}\n'
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def keys(found: Iterable[Diagnostic], baseline: str, texts: dict[str, str] | None = None) -> list[Key]:
    """What each finding is known by; `texts` are those that are not what lies on disk."""
    folder = os.path.dirname(os.path.abspath(baseline))
    scopes: dict[str, Callable[[int], str]] = {}
    made = []
    for d in found:
        if d.path not in scopes:
            scopes[d.path] = _scopes(d.path, (texts or {}).get(d.path))
        message = re.sub(r"\bline \d+", "line …", " ".join(d.message.split()))
        made.append(Key(relative(d.path, folder), d.code, scopes[d.path](d.line), message))
    return made


def relative(path: str, folder: str) -> str:
    try:
        found = os.path.relpath(os.path.abspath(path), folder)
    except ValueError:  # another drive
        found = os.path.abspath(path)
    return found.replace(os.sep, "/")


def unknown(
    found: Sequence[Diagnostic], baseline: str, files: Iterable[str], texts: dict[str, str] | None = None
) -> tuple[list[Diagnostic], list[Key]]:
    """The findings that the baseline does not know, and what it knows that is no longer there: in `files`, which were
    checked, or in files that are gone. Raises ConfigProblem."""
    known = load(baseline)
    new = []
    for d, key in zip(found, keys(found, baseline, texts), strict=True):
        if known[key] > 0:
            known[key] -= 1
        else:
            new.append(d)
    folder = os.path.dirname(os.path.abspath(baseline))
    checked = {relative(path, folder) for path in files}
    stale = [
        key
        for key, count in sorted(known.items())
        if count > 0 and (key.path in checked or not os.path.exists(os.path.join(folder, key.path)))
    ]
    return new, stale


def updated(found: Sequence[Diagnostic], baseline: str, files: Iterable[str]) -> Counter[Key]:
    """The baseline after a check of `files`: what was found there, and what it knew of the other files that still exist."""
    made = Counter(keys(found, baseline))
    folder = os.path.dirname(os.path.abspath(baseline))
    checked = {relative(path, folder) for path in files}
    try:
        old = load(baseline)
    except ConfigProblem:
        return made
    for key, count in old.items():
        if key.path not in checked and os.path.exists(os.path.join(folder, key.path)):
            made[key] = max(made[key], count)
    return made


def _scopes(path: str, text: str | None) -> Callable[[int], str]:
    """The dotted name of the definition around a line: `Net.forward`, or nothing at the top of a file."""
    try:
        file = SourceFile(path, text) if text is not None else read(path)
        tree = ast.parse(file.text)
    except (SourceProblem, SyntaxError, ValueError, RecursionError, MemoryError):
        return lambda line: ""
    spans: list[tuple[int, int, str]] = []
    _collect(tree.body, "", spans)

    def around(line: int) -> str:
        inside = [name for first, last, name in spans if first <= line <= last]
        return inside[-1] if inside else ""

    return around


def _collect(body: Iterable[Any], prefix: str, spans: list[tuple[int, int, str]]) -> None:
    stack = [(node, prefix) for node in body]
    while stack:
        node, outer = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            outer = f"{outer}.{node.name}" if outer else node.name
            spans.append((node.lineno, node.end_lineno or node.lineno, outer))
        if isinstance(node, ast.stmt):
            stack += [
                (child, outer) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)
            ]
    spans.sort(key=lambda span: (span[0], -span[1]))
