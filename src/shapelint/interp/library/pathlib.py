"""pathlib: paths as texts; what lies there is outside. An instance holds its text as payload."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import attempt, back, host, method
from shapelint.interp.library import constant
from shapelint.interp.library.outside import stable
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Class,
    ClassMethod,
    Instance,
    List,
    Property,
    Stream,
    Undetermined,
    Unknown,
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


def _made(path: PurePosixPath, cls: Class = PATH) -> Instance:
    made = Instance(cls)
    made.payload = str(path)
    return made


def _carried(value: Any) -> Any:
    """Paths stay paths, everything else becomes a program value."""
    return _made(value) if isinstance(value, _posix().__class__) else back(value)


def _pure(value: Any) -> PurePosixPath:
    if not isinstance(value, Instance):  # `Path.parts.fget(unknown)`
        raise Undetermined("a path that is not known")
    return _posix(value.payload)


def _method(name: str, signature: str, law: Any) -> None:
    method(PATH, name, signature, law, plain=True)


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
for _name in ("exists", "is_file", "is_dir", "is_symlink"):
    _method(_name, "", lambda world, self, name=_name: stable(world, f"{name} of {self.payload!r}"))
for _name in ("mkdir", "unlink", "touch", "rmdir", "chmod", "write_text", "write_bytes"):
    _method(_name, "*args, **keywords", lambda world, self, args, keywords: None)
for _name in ("open", "read_text", "read_bytes", "stat"):
    _method(
        _name,
        "*args, **keywords",
        lambda world, self, args, keywords: Unknown("what a file holds", world.site(), plain=True),
    )
for _name in ("iterdir", "glob", "rglob"):
    _method(
        _name,
        "*args",
        lambda world, self, args: Stream(Unknown("a file of a folder", plain=True), "the files of a folder"),
    )


def _elsewhere(world: World) -> Unknown:
    return Unknown("where a path lies depends on the machine", world.site(), plain=True)


for _name in ("cwd", "home"):
    PATH.attrs[_name] = ClassMethod(Builtin(_name, lambda world, args, keywords: _elsewhere(world)))
