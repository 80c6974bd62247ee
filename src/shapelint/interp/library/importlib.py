"""importlib: a module imported by a name that is written down is followed like any other."""

from __future__ import annotations

from typing import Any

from shapelint.interp import imports
from shapelint.interp.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.library.outside import same, stable
from shapelint.interp.world import World
from shapelint.values import External, Undetermined, Unknown


@function("importlib.import_module")
@takes("name, package=None")
def import_module(world: World, name: Any, package: Any) -> Any:
    if not isinstance(name, str):
        raise Undetermined(
            "a module is imported by a name that is not known", name if isinstance(name, Unknown) else None
        )
    if name.startswith("."):
        if not isinstance(package, str):
            raise Undetermined("a module is imported relative to a package that is not known")
        level = len(name) - len(name.lstrip("."))
        name = ".".join(
            [*package.split(".")[: len(package.split(".")) - level + 1], name.lstrip(".")]
        ).rstrip(".")
    return imports.import_module(world, name, None)


@function("importlib.reload")
@takes("module")
def reload(world: World, module: Any) -> Any:
    return module


@function("importlib.util.find_spec")
@takes("name, package=None", plain=True)
def find_spec(world: World, name: Any, package: Any) -> Unknown:
    return stable(world, f"whether {name} is installed")


@function("importlib.metadata.version", "importlib_metadata.version", "pkg_resources.get_distribution")
@takes("name", plain=True)
def version(world: World, name: Any) -> Unknown:
    return stable(world, f"the version of {name}")


constant("importlib.metadata.PackageNotFoundError", External("importlib.metadata.PackageNotFoundError"))
same("importlib.resources.files")
