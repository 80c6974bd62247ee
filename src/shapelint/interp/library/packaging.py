"""packaging.version and distutils: versions that are written down are compared as numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import host, method, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.patterns import regex
from shapelint.values import Class, Instance, Undetermined, Unknown

_RELEASE = regex(r"\s*v?(\d+(?:\.\d+)*)(?:\+[\w.]*)?\s*\Z")


def _numbers(text: Any) -> tuple[int, ...]:
    found = _RELEASE.match(text) if isinstance(text, str) else None
    if found is None:
        raise Undetermined("a version that is no plain release")
    return tuple(int(part) for part in found[1].split("."))


def _construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    try:
        text = host(world, args[0] if args else keywords.get("version"))
        numbers = _numbers(text)
    except Undetermined as problem:
        return Unknown(problem.why, world.site(), plain=True)
    made = Instance(cls)
    padded = (*numbers, 0, 0, 0)
    made.attrs.update(
        {"release": numbers, "major": padded[0], "minor": padded[1], "micro": padded[2], "base_version": text}
    )
    made.attrs.update(
        {
            "is_prerelease": False,
            "is_devrelease": False,
            "is_postrelease": False,
            "public": text,
            "_text": text,
        }
    )
    made.attrs["version"] = numbers
    return made


VERSION = host_constructors.supply("Version", "packaging.version.Version", _construct)
for _name in (
    "distutils.version.LooseVersion",
    "distutils.version.StrictVersion",
    "pkg_resources.packaging.version.Version",
):
    constant(_name, VERSION)


@function("packaging.version.parse", "pkg_resources.parse_version", "pkg_resources.packaging.version.parse")
@takes("version", plain=True)
def parse(world: World, version: Any) -> Any:
    return _construct(world, VERSION, (version,), {})


def _stripped(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Trailing zeros do not count: 2.0 is 2."""
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


def _compared(name: str) -> Callable[..., Any]:
    def law(world: World, self: Any, other: Any) -> Any:
        theirs = (
            other.attrs["release"]
            if isinstance(other, Instance) and other.cls is VERSION
            else _numbers(other)
        )
        return getattr(_stripped(self.attrs["release"]), name)(_stripped(theirs))

    return law


for _name in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
    method(VERSION, _name, "other", _compared(_name), plain=True)
method(VERSION, "__str__", "", lambda world, self: self.attrs["_text"], plain=True)
