"""pathlib: paths as texts; what lies there is outside. An instance holds its text as payload."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import attempt, back, host, method, takes
from shapelint.interp.library import constant, function, package_files
from shapelint.interp.library.outside import stable
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Class,
    ClassMethod,
    Either,
    External,
    Instance,
    Iterator,
    List,
    Property,
    Stream,
    Undetermined,
    Unknown,
    Valued,
)

if TYPE_CHECKING:
    from pathlib import PurePosixPath


def _posix(*parts: Any) -> PurePosixPath:
    from pathlib import (
        PurePosixPath,  # deferred: it brings urllib, and few programs that are checked use paths
    )

    return PurePosixPath(*parts)


def _construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    try:
        return _made(attempt(_posix, *(host(world, a) for a in args)), cls)
    except Undetermined as problem:
        return Unknown(problem.why, world.site(), plain=True)


PATH = host_constructors.supply("Path", "pathlib.Path", _construct)
for _name in ("PurePath", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath"):
    constant(f"pathlib.{_name}", PATH)


class _Path(Valued):
    """An instance of a path: as a key it equals an equal path, and no text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other.__class__ is _Path and super().__eq__(other)

    def __hash__(self) -> int:
        return ~super().__hash__()


def _made(path: PurePosixPath, cls: Class = PATH) -> Instance:
    made = _Path(cls)
    made.payload = str(path)
    return made


def _carried(value: Any) -> Any:
    """Paths stay paths, everything else becomes a program value."""
    return _made(value) if isinstance(value, _posix().__class__) else back(value)


def _pure(value: Any) -> PurePosixPath:
    if not isinstance(value, Instance) or not isinstance(value.payload, str):  # `Path.parts.fget(unknown)`
        raise Undetermined("a path that is not known")
    return _posix(value.payload)


def _method(name: str, signature: str, law: Any) -> None:
    method(PATH, name, signature, law, plain=True)


def _ordered(name: str) -> None:
    compare = getattr(operator, name)
    _method(f"__{name}__", "other", lambda world, self, other: attempt(compare, _pure(self), _pure(other)))


def _equal(path: Any, other: Any) -> Any:
    if isinstance(other, (Unknown, Either, External)):
        return Unknown("which path it is", plain=True)
    return path == other


def _textual(name: str) -> None:
    def law(world: World, self: Any, args: tuple[Any, ...]) -> Any:
        return _carried(attempt(getattr(_pure(self), name), *(host(world, a) for a in args)))

    _method(name, "*args", law)


for _name in (
    "joinpath",
    "with_suffix",
    "with_name",
    "with_stem",
    "as_posix",
    "relative_to",
    "is_absolute",
    "match",
    "is_relative_to",
):
    _textual(_name)
for _name in ("name", "stem", "suffix", "parent", "root", "anchor"):
    PATH.attrs[_name] = Property(
        Builtin(_name, lambda world, args, keywords, name=_name: _carried(getattr(_pure(args[0]), name)))
    )
PATH.attrs["parts"] = Property(Builtin("parts", lambda world, args, keywords: _pure(args[0]).parts))
PATH.attrs["suffixes"] = Property(
    Builtin("suffixes", lambda world, args, keywords: List(list(_pure(args[0]).suffixes)))
)
PATH.attrs["parents"] = Property(
    Builtin("parents", lambda world, args, keywords: tuple(_made(p) for p in _pure(args[0]).parents))
)
_method(
    "__truediv__",
    "other",
    lambda world, self, other: _made(attempt(operator.truediv, _pure(self), host(world, other))),
)
_method(
    "__rtruediv__",
    "other",
    lambda world, self, other: _made(attempt(operator.truediv, host(world, other), _pure(self))),
)
for _name in ("lt", "le", "gt", "ge"):
    _ordered(_name)
_method("__eq__", "other", lambda world, self, other: _equal(self, other))
_method("__str__", "", lambda world, self: self.payload)
_method("__fspath__", "", lambda world, self: self.payload)
_method("__repr__", "", lambda world, self: f"PosixPath({self.payload!r})")
_method(
    "resolve",
    "strict=False",
    lambda world, self, strict: self if self.payload.startswith("/") else _elsewhere(world),
)
_method("absolute", "", lambda world, self: self if self.payload.startswith("/") else _elsewhere(world))
_method("expanduser", "", lambda world, self: _elsewhere(world) if "~" in self.payload else self)
for _name in ("exists", "is_file", "is_dir"):
    _method(_name, "", lambda world, self, name=_name: package_files.lies(world, self, name))
_method("is_symlink", "", lambda world, self: stable(world, f"is_symlink of {self.payload!r}"))
for _name in ("mkdir", "unlink", "touch", "rmdir", "chmod", "write_text", "write_bytes"):
    _method(_name, "*args, **keywords", lambda world, self, args, keywords: None)


def _open(world: World, self: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return package_files.opened(world, (self, *args), keywords)


def _read_text(world: World, self: Any, encoding: Any, newline: Any, **_: Any) -> Any:
    text = package_files.text_at(world, self, encoding) if newline is None else None
    return _unread(world) if text is None else text


def _read_bytes(world: World, self: Any) -> Any:
    held = package_files.bytes_at(world, self)
    return _unread(world) if held is None else held


def _unread(world: World) -> Unknown:
    return Unknown("what a file holds", world.site(), plain=True)


_method("open", "*args, **keywords", _open)
_method("read_text", "encoding=None, errors=None, newline=None", _read_text)
_method("read_bytes", "", _read_bytes)
_method("stat", "*args, **keywords", lambda world, self, args, keywords: _unread(world))


def _listed(world: World, self: Any, name: str, args: tuple[Any, ...]) -> Any:
    if name == "iterdir":
        names = package_files.names_in(world, self)
        found = None if names is None else [f"{self.payload.rstrip('/')}/{each}" for each in names]
    else:
        pattern = host(world, args[0]) if args else None
        found = package_files.matching(world, self, pattern, everywhere=name == "rglob")
    if found is None:
        return Stream(Unknown("a file of a folder", plain=True), "the files of a folder")
    return Iterator([_made(_posix(path)) for path in found])


for _name in ("iterdir", "glob", "rglob"):
    _method(_name, "*args", lambda world, self, args, name=_name: _listed(world, self, name, args))


@function("importlib.resources.files", "importlib_resources.files")
@takes("anchor", plain=True)
def files(world: World, anchor: Any) -> Instance:
    """The folder of a package."""
    return _made(_posix(package_files.folder_of(world, anchor)))


def _elsewhere(world: World) -> Unknown:
    return Unknown("where a path lies depends on the machine", world.site(), plain=True)


for _name in ("cwd", "home"):
    PATH.attrs[_name] = ClassMethod(Builtin(_name, lambda world, args, keywords: _elsewhere(world)))
