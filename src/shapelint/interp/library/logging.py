"""logging: levels are numbers; what is logged is of no interest."""

from __future__ import annotations

from shapelint.interp.library import constant
from shapelint.interp.library.outside import nothing

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
