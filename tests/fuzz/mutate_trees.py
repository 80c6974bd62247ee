"""Mutations of a program's tree: expressions, arguments and statements taken away, doubled, swapped and nested. The result is
always valid Python where the program was."""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.mutate_tokens import NUMBERS

_OPERATORS: tuple[type[ast.operator], ...] = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.LShift, ast.BitOr,
)  # fmt: skip

Change = Callable[[ast.Module, Random], None]


def _of_text(change: Change) -> Callable[[str, Random], str]:
    def mutation(text: str, rng: Random) -> str:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
                change(tree, rng)
                return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return text

    return mutation


def _expressions(tree: ast.AST) -> list[tuple[ast.AST, str, int | None, ast.expr]]:
    """Every expression that is read, with where it hangs: (parent, field, index, it)."""
    found: list[tuple[ast.AST, str, int | None, ast.expr]] = []
    for parent in ast.walk(tree):
        if isinstance(parent, ast.JoinedStr | ast.FormattedValue | ast.match_case | ast.pattern):
            continue
        for field, value in ast.iter_fields(parent):
            items = [(None, value)] if not isinstance(value, list) else list(enumerate(value))
            for index, item in items:
                if isinstance(item, ast.expr) and not isinstance(item, ast.Starred | ast.Slice):
                    if isinstance(getattr(item, "ctx", None) or ast.Load(), ast.Load) and field != "target":
                        found.append((parent, field, index, item))
    return found


def _put(place: tuple[ast.AST, str, int | None, ast.expr], new: ast.expr) -> None:
    parent, field, index, _ = place
    if index is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[index] = new


def another(tree: ast.Module, rng: Random) -> None:
    """An expression becomes another of the file."""
    places = _expressions(tree)
    if places:
        _put(rng.choice(places), copy.deepcopy(rng.choice(places)[3]))


def number(tree: ast.Module, rng: Random) -> None:
    places = [p for p in _expressions(tree) if isinstance(p[3], ast.Constant)]
    if places:
        _put(rng.choice(places), ast.parse(rng.choice(NUMBERS), mode="eval").body)


def operator(tree: ast.Module, rng: Random) -> None:
    found = [n for n in ast.walk(tree) if isinstance(n, ast.BinOp | ast.AugAssign)]
    if found:
        rng.choice(found).op = rng.choice(_OPERATORS)()


def argument(tree: ast.Module, rng: Random) -> None:
    """An argument is dropped, doubled, moved, or loses its name."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and (n.args or n.keywords)]
    if not calls:
        return
    call = rng.choice(calls)
    items: list[Any] = call.args if call.args and (not call.keywords or rng.random() < 0.6) else call.keywords
    at = rng.randrange(len(items))
    form = rng.randrange(5)
    if form == 0:
        del items[at]
    elif form == 1 and items is call.args:
        items.insert(at, copy.deepcopy(items[at]))
    elif form == 2:
        rng.shuffle(items)
    elif form == 3 and items is call.keywords:
        call.args.append(items.pop(at).value)
    elif items is call.args:
        starred = isinstance(items[at], ast.Starred)
        items[at] = items[at].value if starred else ast.Starred(items[at], ast.Load())


def wrapped(tree: ast.Module, rng: Random) -> None:
    """An expression is put into another: a call, a subscript, a comprehension, a lambda, a walrus, a star."""
    places = _expressions(tree)
    if not places:
        return
    place = rng.choice(places)
    pattern = rng.choice(_WRAPPINGS)
    new = ast.parse(pattern, mode="eval").body
    for at in _expressions(ast.Expression(new)):
        if isinstance(at[3], ast.Name) and at[3].id == "HOLE":
            _put(at, copy.deepcopy(place[3]))
    _put(place, new)


_WRAPPINGS = (
    "[HOLE]", "(HOLE,)", "{HOLE: HOLE}", "(lambda: HOLE)()", "[HOLE for _ in range(3)]", "list(HOLE)", "len(HOLE)", "HOLE[0]", "HOLE[-1]",
    "HOLE[None, ..., 0]", "HOLE()", "HOLE.shape", "-HOLE", "not HOLE", "(HOLE if torch.rand(1) > 0.5 else HOLE)", "HOLE or HOLE",
    "next(iter(HOLE))", "sum(HOLE)", "tuple(HOLE for _ in HOLE)", "(w := HOLE)", "str(HOLE)", "f'{HOLE!r:>10}'", "dict(a=HOLE, **HOLE)",
    "[*HOLE, *HOLE]", "HOLE @ HOLE", "HOLE ** HOLE", "HOLE * 10**9", "range(HOLE)", "torch.cat([HOLE, HOLE], HOLE)", "nn.Sequential(HOLE)",
    "torch.zeros(HOLE)", "HOLE.view(HOLE)", "HOLE < HOLE < HOLE", "type(HOLE)", "vars(HOLE)", "isinstance(HOLE, type(HOLE))", "int(HOLE)",
    "max(HOLE, key=lambda a: a)", "sorted(HOLE)", "{**HOLE}", "zip(*HOLE)", "getattr(HOLE, HOLE, HOLE)", "HOLE(*HOLE, **HOLE)", "await_(HOLE)",
    "map(HOLE, HOLE)", "functools.partial(HOLE, HOLE)", "copy.deepcopy(HOLE)", "HOLE.__class__(HOLE)", "(yield_ := [HOLE] * 1000)",
)  # fmt: skip


def _bodies(tree: ast.AST) -> list[list[ast.stmt]]:
    found = []
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            held = getattr(node, field, None)
            if isinstance(held, list) and held and isinstance(held[0], ast.stmt):
                found.append(held)
    return found


def statement(tree: ast.Module, rng: Random) -> None:
    """A statement is dropped, doubled, moved to another body, or replaced by one of another."""
    bodies = _bodies(tree)
    if not bodies:
        return
    body, other = rng.choice(bodies), rng.choice(bodies)
    at, there = rng.randrange(len(body)), rng.randrange(len(other))
    form = rng.randrange(4)
    if form == 0 and len(body) > 1:
        del body[at]
    elif form == 1:
        body.insert(at, copy.deepcopy(body[at]))
    elif form == 2:
        body.insert(at, copy.deepcopy(other[there]))
    else:
        body[at] = copy.deepcopy(other[there])


def nested(tree: ast.Module, rng: Random) -> None:
    """Statements are put under another: a loop, a branch, a try, a with, a function, a class, a match."""
    bodies = _bodies(tree)
    if not bodies:
        return
    body = rng.choice(bodies)
    at = rng.randrange(len(body))
    taken = body[at : at + rng.randint(1, 4)]
    outer = ast.parse(rng.choice(_NESTS)).body
    for held in _bodies(ast.Module(outer, [])):
        if isinstance(held[0], ast.Pass):
            held[:] = copy.deepcopy(taken)
    body[at : at + len(taken)] = outer


_NESTS = (
    "for i in range(3):\n    pass", "while True:\n    pass", "if torch.rand(1) > 0.5:\n    pass\nelse:\n    pass", "try:\n    pass\nfinally:\n    pass",
    "try:\n    pass\nexcept Exception as e:\n    raise e\nelse:\n    pass", "with torch.no_grad():\n    pass", "def inner(*a, **k):\n    pass\ninner()",
    "class Inner(nn.Module):\n    pass\nInner()", "match torch:\n    case {'a': x, **rest}:\n        pass\n    case _:\n        pass",
    "while torch.rand(1) > 0.5:\n    pass\nelse:\n    pass", "async def co():\n    pass", "def gen():\n    pass\n    yield 1\nlist(gen())",
    "for i in iter(int, 1):\n    pass", "for k, *v in {}.items():\n    pass\nelse:\n    pass", "try:\n    pass\nexcept* ValueError:\n    pass",
    "if __name__ == '__main__':\n    pass", "for n in range(10 ** 9):\n    pass", "with open('f') as f, f as g:\n    pass",
    "try:\n    pass\nexcept:\n    pass\nfinally:\n    pass",
)  # fmt: skip


def signature(tree: ast.Module, rng: Random) -> None:
    """A function gets other parameters, another decorator, or becomes a coroutine; a class gets other bases."""
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    if not found:
        return
    node = rng.choice(found)
    if isinstance(node, ast.ClassDef):
        node.bases = [ast.parse(b, mode="eval").body for b in rng.sample(_BASES, rng.randint(0, 2))]
        return
    form = rng.randrange(3)
    if form == 0:
        node.decorator_list.insert(0, ast.parse(rng.choice(_DECORATORS), mode="eval").body)
    elif form == 1:
        node.args = ast.parse(f"def f({rng.choice(_PARAMETERS)}): pass").body[0].args  # type: ignore[attr-defined]
    elif node.args.args:
        del node.args.args[rng.randrange(len(node.args.args))]
        node.args.defaults = node.args.defaults[: len(node.args.args)]


_BASES = ("nn.Module", "nn.Sequential", "nn.ModuleList", "torch.autograd.Function", "dict", "list", "type", "object", "Enum", "tuple",
          "torch.Tensor", "nn.Linear", "Generic[T]", "Exception", "NamedTuple", "(lambda: object)()", "int", "str")  # fmt: skip
_DECORATORS = ("property", "staticmethod", "classmethod", "torch.no_grad()", "functools.wraps(print)", "functools.lru_cache(None)",
               "contextlib.contextmanager", "torch.jit.script", "lambda f: None", "abc.abstractmethod", "dataclass")  # fmt: skip
_PARAMETERS = (
    "",
    "*a",
    "**k",
    "self, *args, **kwargs",
    "self",
    "self, x, /, y=1, *, z",
    "x=[]",
    "self, x=torch.zeros(2, 3)",
    "self, x: int = None",
)


MUTATIONS = tuple(
    map(_of_text, (another, another, another, number, number, operator, argument, argument, wrapped, wrapped, wrapped, statement,
                   statement, nested, nested, signature))
)  # fmt: skip
