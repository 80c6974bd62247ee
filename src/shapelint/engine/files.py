"""Which files a run reads: the paths that were given, folders opened up, in an order that does not change."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence

from shapelint.engine.config import Settings
from shapelint.engine.patterns import any_matches, relative_to
from shapelint.report import Failure


def discover(paths: Sequence[str], settings: Settings) -> tuple[list[str], list[Failure]]:
    """The Python files under `paths`, each once, and what could not be read.

    A file that is named is taken whatever it is called; `force_exclude` holds for named files too. Folders are walked
    in the order of their names; hidden folders, virtual environments and links to folders are not entered.
    """
    files: list[str] = []
    failures: list[Failure] = []
    seen: set[str] = set()

    def take(path: str) -> None:
        where = os.path.abspath(path)
        if where not in seen:
            seen.add(where)
            files.append(path)

    for given in paths:
        try:
            mode = os.stat(given).st_mode
        except (OSError, ValueError) as problem:
            failures.append(Failure(given, _reason(problem)))
            continue
        path = os.path.normpath(given)
        if settings.force_exclude and settings.excludes(path):
            continue
        if stat.S_ISDIR(mode):
            _walk(path, settings, take, failures)
        elif stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
            take(path)
        else:
            failures.append(Failure(given, "not a regular file"))
    return files, failures


def _walk(root: str, settings: Settings, take: Callable[[str], None], failures: list[Failure]) -> None:
    found, left_out = 0, 0
    patterns = settings.exclude + settings.extend_exclude
    # Naming a folder is asking for it: where it lies in an excluded one, only what is below it can be excluded.
    base = root if settings.excludes(root) else settings.project_root
    stack = [root]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda e: e.name)
        except OSError as problem:
            failures.append(Failure(folder, _reason(problem)))
            continue
        if folder != root and any(e.name == "pyvenv.cfg" for e in listed):
            continue
        below: list[str] = []
        for entry in listed:
            path = os.path.join(folder, entry.name) if folder != "." else entry.name
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                is_source = not is_folder and entry.name.endswith(".py") and entry.is_file()
            except OSError as problem:
                failures.append(Failure(path, _reason(problem)))
                continue
            if not (is_source or (is_folder and not entry.name.startswith("."))):
                continue
            if any_matches(patterns, relative_to(path, base)):
                left_out += is_source
                continue
            if is_source:
                found += 1
                take(path)
            else:
                below.append(path)
        stack.extend(reversed(below))
    if not found:
        why = " (all are excluded)" if left_out else ""
        failures.append(Failure(root, f"no Python files under {root}{why}"))


def _reason(problem: OSError | ValueError) -> str:
    if isinstance(problem, FileNotFoundError):
        return "no such file or folder"
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror[0].lower() + problem.strerror[1:]
    return str(problem)
