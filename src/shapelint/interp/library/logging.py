"""logging: levels are numbers; what is logged is of no interest."""

from __future__ import annotations

from typing import Any

from shapelint.interp.library import constant, function
from shapelint.interp.library.outside import nothing
from shapelint.interp.library.torch_classes import give, not_known, plain_class
from shapelint.interp.library.torch_classes import nothing as silent
from shapelint.interp.world import World
from shapelint.values import Builtin, Instance, List, Unknown

for _level, _number in {
    "DEBUG": 10,
    "INFO": 20,
    "WARNING": 30,
    "WARN": 30,
    "ERROR": 40,
    "CRITICAL": 50,
    "FATAL": 50,
    "NOTSET": 0,
}.items():
    constant(f"logging.{_level}", _number)
nothing("logging.basicConfig", "logging.disable", "logging.captureWarnings", "logging.shutdown")
nothing(
    *(
        f"logging.{_name}"
        for _name in ("debug", "info", "warning", "warn", "error", "critical", "exception", "log")
    )
)


# ---- loggers: what they are told is of no interest, what they are asked depends on how they are set up

_TOLD = (
    "debug info warning warn error critical fatal exception log setLevel addHandler removeHandler addFilter removeFilter "
    "handle callHandlers"
)
LOGGER = plain_class("logging.Logger", "logging.RootLogger", "logging.LoggerAdapter")
give(LOGGER, **dict.fromkeys(_TOLD.split(), silent))
give(
    LOGGER,
    isEnabledFor=not_known("what a logger is set up to log"),
    getEffectiveLevel=not_known("what a logger is set up to log"),
    hasHandlers=not_known("what a logger is set up to log"),
    findCaller=not_known("where a program logs"),
    makeRecord=not_known("a record of a log"),
    getChild=lambda world, args, keywords: logger(world, args[1:], keywords),
    __init__=silent,
)
LOGGER.attrs["level"] = LOGGER.attrs["parent"] = Unknown("how a logger is set up", plain=True)


@function("logging.getLogger")
def logger(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    """The same logger for the same name."""
    if world.recording is not None:  # what a logger is set up to do is kept by no name of the program
        world.recording.spoilt = True
    name = args[0] if args else keywords.get("name", "root")
    key = ("logger", name if isinstance(name, str) else "root")
    if key not in world.library:
        made = Instance(LOGGER)
        made.attrs.update(name=name, propagate=True, disabled=False)
        made.attrs["handlers"] = List([], Unknown("the handlers of a logger", plain=True))
        made.attrs["filters"] = List([], Unknown("the filters of a logger", plain=True))
        world.library[key] = made
    found = world.library[key]
    assert isinstance(found, Instance)
    return found


_HANDLED = "setLevel setFormatter flush close emit handle acquire release addFilter removeFilter __init__ createLock".split()
for _name in (
    "Handler", "StreamHandler", "FileHandler", "NullHandler", "handlers.RotatingFileHandler", "Formatter", "Filter",
    "handlers.TimedRotatingFileHandler",
):  # fmt: skip
    _cls = plain_class(f"logging.{_name}")
    give(_cls, **dict.fromkeys(_HANDLED, silent), format=not_known("a text that is logged"))
    _cls.unknown_base = Unknown("how a program logs", plain=True)
constant("logging.getLoggerClass", Builtin("logging.getLoggerClass", lambda world, args, keywords: LOGGER))
nothing(
    "logging.addLevelName", "logging.setLoggerClass", "logging.config.dictConfig", "logging.config.fileConfig"
)
