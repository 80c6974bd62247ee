"""Running the user's file, as the main program or as a module, and saying how that ended."""

from __future__ import annotations
import __future__

import ast
import linecache
import os
import re
import sys
import types
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeGuard

from shapelint.confirm.child.channel import told
from shapelint.confirm.child.places import Own, Place
from shapelint.records import dataclass


@dataclass(slots=True)
class Ended:
    """How running something ended: `how` is a clause; `complete` is True where it came to its own end."""

    how: str
    complete: bool
    names: dict[str, Any]
    go_on: Callable[[], None] | None = None  # executes what was left out


def prepare(path: str | None, roots: tuple[str, ...]) -> None:
    """Imports are looked for where they would be if the file were run."""
    folders = [os.path.dirname(path)] if path else []
    sys.path[:0] = [f for f in dict.fromkeys([*folders, *roots]) if f not in sys.path]
    sys.argv = [path or "shapelint"]


class Stopped(BaseException):
    """The time that a program is given is over."""


def run(path: str, name: str, own: Own, package: str = "") -> Ended:
    """Execute a file as the module `name` (within `package`, as `python -m` does). Whatever it raises is how it ended."""
    module = types.ModuleType(name)
    module.__file__ = path
    module.__package__ = package
    sys.modules[name] = module
    names = vars(module)
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
        if package:
            import_module(package)
        exec(code, names)
    except Stopped:
        return Ended("it was stopped: its time was over", False, names)
    except BaseException as problem:
        return Ended(reason(problem, own), _is_exit(problem), names)
    return Ended("it came to its end", True, names)


def definitions(path: str, own: Own) -> Ended:
    """Execute a file as a module for what it defines; what stands under `if __name__ == "__main__":` is left for `Ended.go_on`.

    Statements that need a module which is not installed are passed over: a network may well be built without what its file
    uses to draw a plot."""
    module = types.ModuleType("shapelint_target")
    module.__file__ = path
    sys.modules[module.__name__] = module
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
    except (OSError, SyntaxError, ValueError) as problem:
        return Ended(reason(problem, own), False, vars(module))
    state = _Statements(path, own, vars(module), _future(tree))
    mains = [s for s in tree.body if _is_main(s)]
    state.execute([s for s in tree.body if s not in mains])
    ended = Ended(state.how, state.complete, state.names)

    def go_on() -> None:
        state.execute([inner for s in mains for inner in s.body])
        ended.how, ended.complete, ended.go_on = state.how, state.complete, None

    ended.go_on = go_on if mains else None
    return ended


def _is_main(statement: ast.stmt) -> TypeGuard[ast.If]:
    test = statement.test if isinstance(statement, ast.If) else None
    left = test.left if isinstance(test, ast.Compare) else None
    return isinstance(left, ast.Name) and left.id == "__name__"


class _Statements:
    """Executes statements one after the other, until one fails for another reason than a module that is not installed."""

    def __init__(self, path: str, own: Own, names: dict[str, Any], flags: int) -> None:
        self.path, self.own, self.names, self.flags = path, own, names, flags
        self.missing: set[str] = set()
        self.how, self.complete = "its definitions were executed", True

    def execute(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            # an annotation may need what is missing
            lazily = __future__.annotations.compiler_flag if self.missing else 0
            try:
                exec(
                    compile(ast.Module([statement], []), self.path, "exec", self.flags | lazily, True),
                    self.names,
                )
            except BaseException as problem:
                if isinstance(problem, Stopped):
                    raise
                lost = _lost(statement, problem, self.missing)
                if not lost or isinstance(statement, (ast.Import, ast.ImportFrom)):
                    self.how = reason(problem, self.own)
                self.missing |= lost
                self.complete = False
                if not lost:
                    return


def _lost(statement: ast.stmt, problem: BaseException, missing: set[str]) -> set[str]:
    """The names that a failed statement does not bind, if it is an import or fails for want of one; else nothing."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)) and isinstance(problem, Exception):
        return {(a.asname or a.name).partition(".")[0] for a in statement.names}
    if not isinstance(problem, NameError) or str(problem).partition("'")[2].partition("'")[0] not in missing:
        return set()
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        return {statement.name}
    stored = (n for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return {n.id for n in stored} or {""}


def _future(tree: ast.Module) -> int:
    """The flags of the file's own `from __future__ import …`."""
    found = 0
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                feature = getattr(__future__, alias.name, None)
                found |= getattr(feature, "compiler_flag", 0)
    return found


def imported(place: str, own: Own) -> Ended:
    """An installed module's names."""
    try:
        return Ended("imported", True, vars(import_module(place)))
    except BaseException as problem:
        return Ended(reason(problem, own), False, {})


def value_of(expression: str, names: dict[str, Any], place: str) -> Any:
    """What an expression is in a module; names that it does not have are looked for as submodules."""
    local = dict(names)
    for _ in range(8):
        try:
            return eval(compile(expression, "<target>", "eval", dont_inherit=True), local)
        except NameError as problem:
            name = getattr(problem, "name", None) or str(problem).split("'")[1]
            if name in local:
                raise
            try:
                local[name] = import_module(f"{place}.{name}")
            except ImportError:
                raise problem from None
    raise NameError(expression)


def _is_exit(problem: BaseException) -> bool:
    return isinstance(problem, SystemExit) and problem.code in (None, 0)


def reason(problem: BaseException, own: Own) -> str:
    """Why a program ended, in a clause: the kinds that a verdict tells apart, then Python's own words, and the place."""
    text = told(type(problem), problem)
    found = own.deepest(problem.__traceback__)
    where = f" ({os.path.basename(found[1].path)}:{found[1].line})" if found is not None else ""
    if isinstance(problem, SystemExit):
        return f"it ended itself: exit status {problem.code}{where}"
    if isinstance(problem, ImportError) or (found is not None and _imports(found[1])):
        return f"import failed: {text}{where}"
    if isinstance(problem, (FileNotFoundError, ConnectionError, TimeoutError)) or _wants_network(problem):
        return f"data missing: {text}{where}"
    if is_memory(problem):
        return f"out of memory: {text}{where}"
    return f"it raised {text}{where}"


def _imports(place: Place) -> bool:
    """Whether a line is an import statement: then whatever the module raised, it could not be imported."""
    return re.match(r"\s*(import|from)\s", linecache.getline(place.path, place.line)) is not None


def _wants_network(problem: BaseException) -> bool:
    name = type(problem).__name__
    return name in ("URLError", "HTTPError", "gaierror", "LocalEntryNotFoundError", "OfflineModeIsEnabled")


def is_memory(problem: BaseException) -> bool:
    """Whether an exception is about memory: Python's, CUDA's, or the CPU allocator's."""
    if isinstance(problem, MemoryError) or type(problem).__name__ == "OutOfMemoryError":
        return True
    text = str(problem)
    return isinstance(problem, RuntimeError) and (
        "can't allocate memory" in text or "not enough memory" in text or "Cannot allocate memory" in text
    )
