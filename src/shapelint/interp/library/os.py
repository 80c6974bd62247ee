"""os and os.path: paths are texts (as on Linux); files and the environment are outside."""

from __future__ import annotations

import posixpath
from typing import Any

from shapelint.interp.host.host_calls import attempt, back, host, takes
from shapelint.interp.library import constant, function, package_files
from shapelint.interp.library.outside import fresh, stable
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Instance, List, Unknown

for _name in ("sep", "pathsep", "curdir", "pardir", "extsep", "linesep", "devnull", "name"):
    constant(
        f"os.{_name}",
        {"linesep": "\n", "name": "posix", "pathsep": ":", "devnull": "/dev/null"}.get(
            _name, getattr(posixpath, _name, "")
        ),
    )
constant("os.path.sep", "/")


def _path(name: str) -> None:
    @function(f"os.path.{name}", f"posixpath.{name}")
    @takes("*args", plain=True)
    def law(world: World, args: tuple[Any, ...]) -> Any:
        return back(attempt(getattr(posixpath, name), *(host(world, a) for a in args)))


for _name in (
    "join",
    "basename",
    "dirname",
    "split",
    "splitext",
    "normpath",
    "isabs",
    "normcase",
    "commonprefix",
    "relpath",
):
    _path(_name)


@function("os.path.abspath", "os.path.realpath", "os.path.expanduser", "os.path.expandvars")
@takes("path", plain=True)
def _absolute(world: World, path: Any) -> Any:
    text = host(world, path)
    if isinstance(text, str) and text.startswith("/") and "$" not in text:
        return posixpath.normpath(text)
    return Unknown("where a path lies depends on the machine", world.site(), plain=True)


@function("os.fspath", "os.fsdecode")
@takes("path", plain=True)
def fspath(world: World, path: Any) -> Any:
    return host(world, path)


def _lies(wanted: str, *names: str) -> None:
    function(*names)(takes("path", plain=True)(lambda world, path: package_files.lies(world, path, wanted)))


_lies("exists", "os.path.exists", "os.path.lexists")
_lies("is_file", "os.path.isfile")
_lies("is_dir", "os.path.isdir")


@function("os.path.islink", "os.access")
@takes("path, *args", plain=True)
def _exists(world: World, path: Any, args: tuple[Any, ...]) -> Unknown:
    text = host(world, path)
    return stable(world, f"whether {text!r} exists")


@function("os.listdir")
@takes("path='.'", plain=True)
def listdir(world: World, path: Any) -> List:
    names = package_files.names_in(world, path)
    return _some() if names is None else List(list(names))


@function("glob.glob", "glob.iglob")
@takes("pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False", plain=True)
def glob(
    world: World, pathname: Any, root_dir: Any, dir_fd: Any, recursive: Any, include_hidden: Any
) -> List:
    """The part before the first pattern says where: that may lie in a package."""
    text = host(world, pathname)
    if not isinstance(text, str) or not text.startswith("/") or root_dir is not None:
        return _some()
    parts = text.split("/")
    first = next((i for i, part in enumerate(parts) if "*" in part or "?" in part), None)
    if first is None or ("**" in parts and recursive is not True):
        return _some()
    found = package_files.matching(world, "/".join(parts[:first]), "/".join(parts[first:]))
    return _some() if found is None else List(list(found))


@function("os.scandir", "os.walk")
@takes("*args, **keywords")
def _listed(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> List:
    return _some()


def _some() -> List:
    made = List([], Unknown("the files of a folder", plain=True))
    made.made_from = Unknown("a file of a folder", plain=True)
    return made


fresh("os.path.getsize", "os.path.getmtime", "os.system", "os.popen", "os.stat", "os.urandom")


# ---- the environment

_ENVIRON = Class("_Environ", "os._Environ")


def _variable(world: World, name: Any) -> Unknown:
    """An environment variable that is taken to be set."""
    return stable(
        world, f"the environment variable {name}" if isinstance(name, str) else "an environment variable"
    )


def _method(name: str, signature: str, law: Any) -> None:
    _ENVIRON.attrs[name] = Builtin(f"method {name}", takes(f"self, {signature}", plain=True)(law))


# Where a program has a default, it is evaluated as in an environment that sets nothing: what is read must not depend on the
# shell it is read from.
_method("get", "key, default=None", lambda world, self, key, default: default)
_method("__getitem__", "key", lambda world, self, key: _variable(world, key))
_method("setdefault", "key, default=None", lambda world, self, key, default: default)
_method("pop", "key, default=None", lambda world, self, key, default: default)
_method("__setitem__", "key, value", lambda world, self, key, value: None)
_method("update", "*args, **keywords", lambda world, self, args, keywords: None)
_method("__contains__", "key", lambda world, self, key: False)
_method("__iter__", "", lambda world, self: Unknown("the names of the environment", plain=True))
for _name in ("keys", "values", "items", "copy"):
    _method(_name, "", lambda world, self: Unknown("what the environment holds", plain=True))
constant("os.environ", Instance(_ENVIRON))


@function("os.getenv", "os.environb")
@takes("key, default=None", plain=True)
def getenv(world: World, key: Any, default: Any) -> Any:
    return default
