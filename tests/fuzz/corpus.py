"""The programs that are mutated: small files that mention torch, and pieces of larger ones."""

from __future__ import annotations

import ast
import functools
import os
import warnings
from random import Random

from tests.fuzz.installed import files, packages

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Those whose imports are soon read: each is read once a process.
_INSTALLED = (
    "torchvision/models/",
    "timm/models/",
    "timm/layers/",
    "vit_pytorch/",
    "torch/nn/modules/",
    "torch/optim/",
)
_WHOLE = 3_000  # bytes; of a larger file a piece is taken


@functools.cache
def folders() -> tuple[str, ...]:
    """Where programs to be mutated lie, besides the installed packages; FUZZ_CORPUS names more."""
    given = os.environ.get("FUZZ_CORPUS", "")
    return (os.path.join(_ROOT, "fixtures"), *(f for f in given.split(os.pathsep) if f))


@functools.cache
def _paths() -> tuple[tuple[str, ...], ...]:
    own = tuple(path for folder in folders() for path in files(folder))
    groups = [own]
    groups += [tuple(p for p in packages() if f"/{name}" in p.replace(os.sep, "/")) for name in _INSTALLED]
    return (groups[0], *(group for group in groups[1:] if group))


def draw(rng: Random) -> tuple[str, str]:
    """A path, and the text of the file or of a piece of it that has its imports."""
    own, *installed = _paths()
    of_installed = installed and (rng.random() < 0.2 or not own)
    path = rng.choice(rng.choice(installed) if of_installed else own)
    text = _text(path)
    # Of our own programs hardly any imports another: they need no surroundings.
    return path if of_installed else "stdin", text if len(text) <= _WHOLE else _piece(text, rng)


@functools.lru_cache(maxsize=512)
def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError):
        return "import torch\n"


def _piece(text: str, rng: Random) -> str:
    """The imports and one to three of what is defined at the top, with the lines between them."""
    heads, bodies = _parts(text)
    if not bodies:
        return text[:_WHOLE]
    first = rng.randrange(len(bodies))
    taken = bodies[first : first + rng.randint(1, 3)]
    while len(taken) > 1 and sum(map(len, taken)) > _WHOLE:
        taken = taken[:-1]
    return "".join((*heads, *taken))[: 3 * _WHOLE]


@functools.lru_cache(maxsize=128)
def _parts(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return (), ()
    lines = text.splitlines(keepends=True)
    heads, bodies = ["import torch\n"], []
    for node in tree.body:
        first = min((node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))))
        own = "".join(lines[first - 1 : node.end_lineno]).rstrip("\r\n") + "\n"
        if isinstance(node, ast.Import | ast.ImportFrom):
            heads.append(own)
        else:
            bodies.append(own)
    return tuple(heads), tuple(bodies)
