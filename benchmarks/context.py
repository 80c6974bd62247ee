"""What a claim is given: where to keep things, how often to measure, and the commands that most of them share."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import BenchmarkProblem, Contender
from benchmarks.peers import version

HERE = Path(__file__).parent
FLOOR = "libcst.parse_module"
TREES = ("torchvision/models", "timm/models", "transformers/models")


@dataclass
class Context:
    """`repeat` runs of each contender; of a tree at most `files` files. `versions` collects what took part."""

    cache: Path
    repeat: int = 5
    files: int = 150
    trees: tuple[str, ...] = TREES
    versions: dict[str, str] = field(default_factory=dict)

    def at_least(self, runs: int) -> int:
        """How often to measure what is small: more often than was asked for, where that is less than so many runs."""
        self.repeat = max(self.repeat, runs)
        return self.repeat

    def folder(self, name: str) -> Path:
        """A folder of that name to write into."""
        found = self.cache / "work" / name
        found.mkdir(parents=True, exist_ok=True)
        return found

    def took_part(self, name: str, python: Path | str = sys.executable, path: Path | None = None) -> None:
        self.versions[name] = version(python, name, path)

    def shapelint(self, *arguments: str, name: str = "shapelint", folder: Path | None = None) -> Contender:
        """A shapelint command, in a process of its own."""
        self.took_part("shapelint")
        command = (sys.executable, "-m", "shapelint", *arguments)
        return Contender(name, command, folder, good=(0, 1, 2))

    def floor(self, files: Sequence[Path], name: str = FLOOR) -> Contender:
        """A process that imports libcst, and parses these files."""
        self.took_part("libcst")
        return Contender(name, (sys.executable, str(HERE / "floor.py"), self._listed(files)))

    def python(self, code: str, name: str, path: Path | None = None) -> Contender:
        """A process that runs a line of Python."""
        more = {"PYTHONPATH": str(path)} if path else None
        return Contender(name, (sys.executable, "-c", code), environment=more)

    def _listed(self, files: Iterable[Path]) -> str:
        names = "\n".join(map(str, files))
        place = self.folder("lists") / f"{abs(hash(names)):x}.txt"
        place.write_text(names)
        return str(place)


def tree_of(package: str) -> Path:
    """Where a package's source lies; it is not imported. Raises BenchmarkProblem."""
    top, _, below = package.partition("/")
    found = importlib.util.find_spec(top)
    if found is None or found.origin is None:
        raise BenchmarkProblem(f"{top} is not installed, so its source cannot be read")
    return Path(found.origin).parent / below


def files_of(tree: Path, most: int) -> list[Path]:
    """The Python files of a tree: all, or so many, evenly spaced."""
    found = sorted(tree.rglob("*.py"))
    if len(found) <= most:
        return found
    return [found[i * len(found) // most] for i in range(most)]
