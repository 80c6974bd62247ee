"""Reading modules for the interpreter: finding their source, lowering it, and keeping both for the rest of the run."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from shapelint import ir
from shapelint.engine import programs
from shapelint.engine.garbage import collect_all
from shapelint.engine.surroundings import search_path
from shapelint.interp.run import Loaded
from shapelint.interp.world import Imported
from shapelint.patterns import regex
from shapelint.source.locate import Found, Locator, Stamp, module_name_of, roots_of, stamp_of
from shapelint.source.package_files import PackageFiles
from shapelint.source.text import SourceFile, SourceProblem

MOST_TEXT = 6_000_000
"""Characters of source whose modules one reader keeps."""
MUCH_TEXT = 100_000
"""Characters of source whose evaluated modules take some five megabytes."""
MOST_GIVEN_UP = 2_000_000
"""Characters of source whose evaluated modules are kept, at most, where nobody needs them any more."""


class Reader:
    """Finds and lowers modules by name: first in the project of the file that is analysed, then on the search path. `imported`
    is what was evaluated of them."""

    def __init__(self, roots: Sequence[str], search_path: Sequence[str]) -> None:
        self.locator = Locator(roots, search_path)
        self.imported = Imported()
        self.read: dict[str, Stamp] = {}
        self.files = PackageFiles(self.locator.directories, self.locator.listing, self.read)
        self.left = False  # another has taken its place: it reads nothing more
        self.loaded: dict[str, int] = {}  # modules' files, and the characters of each
        self.before = 0  # the characters of those that earlier files led to
        self.texts: dict[str, str] = {}
        self.vocabulary: dict[str, Words | int] = {}
        self.stars: dict[str, list[str]] = {}  # what each module takes all names of
        self.imports: dict[str, list[str]] = {}  # what each module imports of its own package
        self.closed: dict[str, None] = {}  # modules whose holders were asked for, and all that these import
        self.held: dict[
            tuple[str, re.Pattern[str] | None], tuple[int, list[str]]
        ] = {}  # how many of those were searched for a word, and the ones that hold it

    @property
    def size(self) -> int:
        """The characters of all modules that were loaded."""
        return sum(self.loaded.values())

    def load(self, name: str) -> Loaded | str:
        """The module of that name, or why it cannot be read."""
        found = self.locator.find(name)
        if not isinstance(found, Found):
            return found.why
        if found.path is None or not str(found.path).endswith(".py"):
            return Loaded(None, None, is_package=True)
        try:
            stamp, file, program = programs.program_at(found.path)
            self.loaded[found.path] = len(file.text)
            self.read[found.path] = stamp
        except SourceProblem as problem:
            return str(problem)
        return Loaded(file, program, found.is_package)

    def installed(self, name: str) -> bool:
        """Whether there is a module of that name, with source to read or without."""
        found = self.locator.find(name)
        return isinstance(found, Found) or found.kind != "absent"

    def version(self, distribution: str) -> str | None:
        """The version of an installed distribution, as the name of its metadata folder tells it."""
        return self.locator.version(distribution)

    def mentions(self, name: str, word: str) -> bool:
        """Whether the text of a module holds a word, or the text of one whose names it takes with a star."""
        return any(self._holds(module, word) for module in _closure([name], self._stars_of, {}))

    def holders(self, modules: list[str], word: str, pattern: re.Pattern[str] | None) -> list[str]:
        """The modules whose text holds a word (and what a pattern means), of those given and those that they import from their own
        packages."""
        list(_closure(modules, self._imports_of, self.closed))
        seen, found = self.held.get((word, pattern), (0, []))
        closed = list(self.closed)
        numbers = _numbers(word)
        for module in closed[seen:]:
            words = self.vocabulary.get(module)
            if isinstance(words, Words) and not words.has(numbers):
                continue
            if self._holds(module, word) and (pattern is None or pattern.search(self.text(module)[0])):
                found.append(module)
        self.held[word, pattern] = len(closed), found
        return found

    def _holds(self, module: str, word: str) -> bool:
        text = self.text(module)[0]
        words = self.words(module, text)
        return (words is None or words.may_hold(word)) and _holds(text, word)

    def _stars_of(self, module: str) -> list[str]:
        """The modules whose names a module takes with a star."""
        if module not in self.stars:
            text, is_package = self.text(module)
            found = _STAR.findall(text) if "import *" in text else []
            self.stars[module] = [_absolute(module, is_package, taken) for taken in found]
        return self.stars[module]

    def _imports_of(self, module: str) -> list[str]:
        """The modules of its own package that a module imports, as the statements at the start of its lines tell."""
        if module not in self.imports:
            text, is_package = self.text(module)
            found: dict[str, None] = {}
            for plain in _IMPORT.findall(text):
                found.update(dict.fromkeys(part.split()[0] for part in plain.split(",") if part.strip()))
            for taken, names in _IMPORT_FROM.findall(text):
                home = _absolute(module, is_package, taken)
                found[home] = None
                for name in _NAME.findall(names):
                    if self.installed(f"{home}.{name}"):
                        found[f"{home}.{name}"] = None
            own = module.partition(".")[0]
            self.imports[module] = [name for name in found if name.partition(".")[0] == own]
        return self.imports[module]

    def text(self, name: str) -> tuple[str, bool]:
        """The text of a module ("" when it has none to read), and whether it is a package."""
        found = self.locator.find(name)
        if not isinstance(found, Found) or not str(found.path).endswith(".py"):
            return "", False
        path = str(found.path)
        if path not in self.texts:
            self.read[path] = stamp_of(path)
            try:
                self.texts[path] = programs.text_at(path)
            except SourceProblem:
                self.texts[path] = ""
        return self.texts[path], found.is_package

    def words(self, name: str, text: str) -> Words | None:
        """The words of a module's text; None as long as it was asked for so few that looking through it costs less than listing its
        words."""
        held = self.vocabulary.get(name, 0)
        if isinstance(held, Words):
            return held
        made = Words(text) if held >= _FEW_WORDS else None
        self.vocabulary[name] = held + 1 if made is None else made
        return made

    def as_read(self, path: str) -> str | None:
        """The text of a file as it was read; None where none is held."""
        held = programs.held_at(path)
        if held is not None:
            return held.file.text
        return self.texts[path] if path in self.texts else self.files.texts.get(path)

    def is_fresh(self) -> bool:
        """Whether every file that was read, and every directory that was looked into, is as it was then."""
        return self.locator.is_fresh() and all(stamp_of(path) == stamp for path, stamp in self.read.items())


def _closure(
    modules: list[str], following: Callable[[str], list[str]], seen: dict[str, None]
) -> Iterator[str]:
    """The modules and all that they lead to, but for those seen; all are then."""
    pending = [module for module in modules if module not in seen]
    seen.update(dict.fromkeys(pending))
    while pending:
        module = pending.pop()
        yield module
        for taken in following(module):
            if taken not in seen:
                seen[taken] = None
                pending.append(taken)


_IMPORT = regex(r"^import\s+([\w., \t]+)", re.MULTILINE)
_IMPORT_FROM = regex(r"^from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_NAME = regex(r"\w+")
_STAR = regex(r"^\s*from\s+([\w.]+)\s+import\s+\*", re.MULTILINE)


def _absolute(module: str, is_package: bool, taken: str) -> str:
    """The absolute name of what `from taken import *` in a module means."""
    name = taken.lstrip(".")
    level = len(taken) - len(name)
    if not level:
        return name
    parts = module.split(".")
    parts = parts[: len(parts) - level + is_package]
    return ".".join([*parts, name] if name else parts)


class Words:
    """The words of a text, four bytes each: says quickly of most that the text does not hold them."""

    __slots__ = ("hashes",)

    def __init__(self, text: str) -> None:
        self.hashes = array("I", sorted({hash(word) & _LOW for word in _WORD.findall(text)}))

    def may_hold(self, key: str) -> bool:
        """Whether the text may hold a key: False only where a word of the key is missing."""
        return self.has(_numbers(key))

    def has(self, numbers: list[int]) -> bool:
        """Whether all these, which stand for words, are among the words."""
        hashes = self.hashes
        for number in numbers:
            at = bisect_left(hashes, number)
            if at == len(hashes) or hashes[at] != number:
                return False
        return True


def _numbers(key: str) -> list[int]:
    """What the words of a key are found by."""
    return [hash(word) & _LOW for word in _WORD.findall(key)]


_FEW_WORDS = 16
_WORD = regex(r"\w+")
_LOW = 0xFFFFFFFF


def _holds(text: str, word: str) -> bool:
    """Whether a text holds a word as a whole, not as a part of a longer one."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not _goes_on(text[at - 1 : at]) and not _goes_on(text[end : end + 1]):
            return True
        at = text.find(word, at + 1)
    return False


def _goes_on(character: str) -> bool:
    return character.isalnum() or character == "_"


def program_of(path: str) -> tuple[SourceFile, ir.Program]:
    """A file and its IR. Raises SourceProblem."""
    held = programs.program_at(path)
    return held.file, held.program


# ---- readers, and the modules they have read, are kept from one file to the next

_MOST_READERS = 2
_given_up = 0  # the characters whose evaluated modules nobody needs any more, since garbage was collected
_readers: dict[tuple[tuple[str, ...], tuple[str, ...]], Reader] = {}


def reader_around(path: str | None) -> Reader:
    """The reader for a file's surroundings; one that served before is taken again, unless what it read has changed since, or it
    has come to hold much more than one file needs."""
    global _given_up
    roots = tuple(roots_of(path)) if path is not None else ()
    key = (roots, search_path())
    held = _readers.pop(key, None)
    if held is not None and _holds_much(held):
        held.left = True
        programs.forget()
    if held is None or held.left or not held.is_fresh():
        if held is not None:
            held.left = True
            _given_up += held.size
        held = Reader(*key)
    if path is not None and (held.imported.spoiled or module_name_of(path) in held.imported.namespaces):
        held.imported = Imported()  # the file that is analysed must not be there twice
        _given_up += held.size
    while len(_readers) >= _MOST_READERS:
        left = _readers.pop(next(iter(_readers)))
        _given_up += left.size
        _leave(left)
    _readers[key] = held
    if _given_up > max(MUCH_TEXT, sum(reader.size for reader in _readers.values()) // 4):
        # Modules, functions and classes hold each other, and the collector comes seldom.
        if collect_all(at_once=_given_up > MOST_GIVEN_UP):
            _given_up = 0
    return held


def _leave(reader: Reader) -> None:
    """A project that was left: its own modules serve nobody else. Installed ones may."""
    reader.left = True
    others = {path for other in _readers.values() for path in other.loaded}
    programs.release(p for p in reader.loaded if p not in others and "site-packages" not in p)


_largest = 0  # the characters that one file led to, at most


def _holds_much(reader: Reader) -> bool:
    """Whether a reader holds more than the longest program needs, and more than is little."""
    global _largest
    size = reader.size
    _largest = max(_largest, size - reader.before)
    reader.before = size
    return size > max(MOST_TEXT, 2 * _largest)


def forget() -> None:
    global _largest
    _largest = 0
    programs.forget()
    for reader in _readers.values():
        reader.left = True
    _readers.clear()
