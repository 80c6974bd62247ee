"""importlib: a module imported by a name that is written down is followed like any other."""

from __future__ import annotations

from typing import Any

from shapelint.interp import imports, library
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.library.outside import same, stable
from shapelint.interp.world import World
from shapelint.values import Class, Instance, Undetermined, Unknown


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


# ---- what is installed: what the search path holds, as for imports themselves

NOT_FOUND = host_classes.declare(
    "PackageNotFoundError",
    kind="exception",
    base=host_classes.EXCEPTIONS["ModuleNotFoundError"],
    qualname="importlib.metadata.PackageNotFoundError",
)
host_classes.EXCEPTIONS["PackageNotFoundError"] = NOT_FOUND
for _home in ("importlib_metadata", "pkg_resources"):
    constant(f"{_home}.{'PackageNotFoundError' if _home[0] == 'i' else 'DistributionNotFound'}", NOT_FOUND)
_SPEC = Class("ModuleSpec", "importlib.machinery.ModuleSpec")


def _installed(world: World, name: str) -> bool | None:
    """Whether a module can be imported. Libraries that are modelled are taken to be there, as where they are imported."""
    return True if imports.is_modelled(name) else world.installed(name)


@function("importlib.util.find_spec")
@takes("name, package=None", plain=True)
def find_spec(world: World, name: Any, package: Any) -> Any:
    if not isinstance(name, str) or name.startswith("."):
        raise Undetermined("whether a module is installed whose name is not known")
    found = _installed(world, name)
    if found is None:
        return stable(world, f"whether {name} is installed")
    if not found:
        above = name.rpartition(".")[0]
        if above and not _installed(world, above):
            raise ProgramRaises("ModuleNotFoundError", f"No module named '{above}'")
        return None
    spec = Instance(_SPEC)
    spec.attrs["name"] = name
    for attribute in ("origin", "loader", "submodule_search_locations", "cached", "has_location"):
        spec.attrs[attribute] = stable(world, f"{attribute} of the module {name}")
    return spec


@function("importlib.metadata.version", "importlib_metadata.version")
@takes("distribution_name", plain=True)
def version(world: World, distribution_name: Any) -> Any:
    if not isinstance(distribution_name, str):
        raise Undetermined("the version of a distribution whose name is not known")
    modelled = library.find(f"{distribution_name}.__version__")
    if isinstance(modelled, str):
        return modelled
    found = world.version(distribution_name)
    if found is None and _installed(world, distribution_name) is False:
        raise ProgramRaises("PackageNotFoundError", f"No package metadata was found for {distribution_name}")
    return found if found is not None else stable(world, f"the version of {distribution_name}")


function("pkg_resources.get_distribution")(
    lambda world, args, keywords: stable(world, "the version of a distribution")
)
same("importlib.metadata.packages_distributions")
