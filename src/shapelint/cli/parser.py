"""The arguments of every command, and nothing that costs time to import."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any

from shapelint import __version__
from shapelint.render import CHECK_FORMATS

COMMANDS = ("check", "summary", "confirm", "explain", "rules", "version", "help")

_EPILOG = """\
exit status: 0 nothing found, 1 something found, 2 something could not be done.
`shapelint PATH` is short for `shapelint check PATH`.
"""


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of one command; `options.run` is what carries it out."""
    parser, commands = _parsers(arguments[0] if arguments else "")
    if not arguments:
        parser.print_help()
        raise SystemExit(2)
    first = arguments[0]
    if first == "help":
        arguments = [*(a for a in arguments[1:2] if a in COMMANDS), "--help"]
    elif first not in COMMANDS and first not in ("-h", "--help", "-V", "--version"):
        _refuse_near_miss(parser, first)
        arguments = ["check", *arguments]
    options, unknown = parser.parse_known_args(arguments)
    options.usage_error = commands[options.command].error
    if unknown:
        options.usage_error(f"{options.command} does not take {' '.join(unknown)}")
    return options


def _refuse_near_miss(parser: argparse.ArgumentParser, word: str) -> None:
    """A misspelt command is not a path."""
    if word.startswith("-") or not word.isalpha() or os.path.exists(word):
        return
    import difflib

    near = difflib.get_close_matches(word, COMMANDS, n=1, cutoff=0.7)
    if near:
        parser.error(f"there is no command or file `{word}`; did you mean `{near[0]}`?")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal. argparse makes one for every argument, and asks `shutil`, which brings three compressors."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    try:
        asked = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        asked = 0
    if asked > 0:
        return asked
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


def _parsers(wanted: str) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """All parsers; where a command is wanted, the others without their arguments."""
    parser = argparse.ArgumentParser(
        prog="shapelint",
        description="Reads PyTorch source without running it: what is wrong, and what the network is.",
        epilog=_EPILOG,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=f"shapelint {__version__}")
    subparsers = parser.add_subparsers(prog="shapelint", dest="command", metavar="COMMAND", required=True)
    commands: dict[str, argparse.ArgumentParser] = {}

    def command(
        name: str,
        run: Callable[[argparse.Namespace], int],
        fill: Callable[[argparse.ArgumentParser], None],
        text: str,
        more: str = "",
    ) -> None:
        made = subparsers.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + "." + (f"\n\n{more}" if more else ""),
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        made.set_defaults(run=run)
        commands[name] = made
        if name == wanted or (name == "check" and wanted not in COMMANDS) or wanted == "help":
            fill(made)

    command("check", _run_check, _check, "say what is wrong in files and folders")
    command("summary", _run_summary, _summary, "say what a network is: layers, shapes, totals", _TARGETS)
    command("confirm", _run_confirm, _confirm, "run the code, and see whether what was found happens", _RUNS)
    command("explain", _run_explain, _explain, "explain a rule: why, what it finds, what is right")
    command("rules", _run_rules, _rules, "list the rules")
    command("version", _run_version, lambda parser: None, "print the version")
    return parser, commands


_TARGETS = """\
TARGET is one of
  net.py                             every model the file builds or can build
  net.py:Net                         one class or function
  "net.py:Net(10, width=64)"         the same, with its arguments
  "torchvision.models:resnet50()"    from an installed package's source
The expression is read, never run."""

_RUNS = """\
THIS RUNS THE CODE, in a child process: the file as the main program, and its models with inputs of the inferred shapes.
Every finding gets a verdict (confirmed, refuted, not-run), and the summary is compared with what torch measures.
TARGET is written as for `shapelint summary`."""


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders; - is stdin (default: .)")
    parser.add_argument(
        "--output-format",
        choices=CHECK_FORMATS,
        default=None,
        metavar="FORMAT",
        help=", ".join(CHECK_FORMATS),
    )
    rules = parser.add_argument_group("which rules")
    for name, text in (
        ("--select", "only these: codes, their beginnings, names, or ALL"),
        ("--ignore", "not these"),
        ("--extend-select", "these too, even those that are off by default"),
        ("--extend-ignore", "nor these"),
    ):
        rules.add_argument(name, action="append", metavar="RULES", help=f"{text} (comma-separated)")
    rules.add_argument(
        "--per-file-ignores",
        action="append",
        metavar="PATTERN:RULE,...",
        help="not these rules in these files",
    )
    rules.add_argument("--why", action="store_true", help="say too what could not be followed, and why")
    confirm = parser.add_argument_group("confirming")
    confirm.add_argument(
        "--confirm",
        action="store_true",
        help="RUN the code in a child process, and give each finding a verdict",
    )
    _running(confirm)
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument(
        "--fix", action="store_true", help="mend what can be mended for certain, and check the result"
    )
    fixes.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    fixes.add_argument(
        "--unsafe-fixes", action="store_true", help="mend too what might have been meant otherwise"
    )
    files = parser.add_argument_group("which files")
    files.add_argument(
        "--exclude", action="append", metavar="PATTERNS", help="leave these out, instead of the usual"
    )
    files.add_argument("--extend-exclude", action="append", metavar="PATTERNS", help="leave these out too")
    files.add_argument(
        "--force-exclude", action="store_true", default=None, help="leave them out even when they are named"
    )
    files.add_argument(
        "--stdin-filename", "--stdin-display-name", metavar="PATH", help="the name of what comes from stdin"
    )
    many = parser.add_argument_group("many files")
    many.add_argument(
        "-j",
        "--jobs",
        type=_jobs,
        default=None,
        metavar="N",
        help="worker processes; 1 for none (default: auto, as many as there are processors, none for few files)",
    )
    many.add_argument(
        "--executor",
        metavar="KIND[:ADDRESS]",
        help="workers elsewhere: dask (a cluster on this machine), or dask:tcp://HOST:PORT",
    )
    shown = parser.add_argument_group("what is shown")
    shown.add_argument(
        "--statistics", action="store_true", help="count findings by rule instead of showing them"
    )
    shown.add_argument("--baseline", metavar="FILE", help="leave out the findings that this file knows")
    shown.add_argument("--update-baseline", action="store_true", help="write what is found to the baseline")
    shown.add_argument("--exit-zero", action="store_true", help="exit with 0 even when something is found")
    shown.add_argument("-q", "--quiet", action="store_true", help="findings, and nothing else")
    shown.add_argument("-v", "--verbose", action="store_true", help="say on stderr what is done")
    _common(parser, shown)


def _summary(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "targets", metavar="TARGET", nargs="+", help="file.py[:expression] or package.module:call"
    )
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        dest="inputs",
        metavar="SHAPE",
        help="1,3,224,224; B,3,H,W; 2,128:int64; ids=2,128:int64. Once for each input",
    )
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--depth", type=_depth, metavar="N", help="show layers down to this depth (text only)"
    )
    memory = parser.add_argument_group("memory (replayed operation by operation, without running anything)")
    memory.add_argument(
        "--training", action="store_true", help="the peak of a training step: forward, backward, optimizer"
    )
    memory.add_argument(
        "--optimizer", choices=("sgd", "sgd-momentum", "adam", "adamw"), default=None, help="(default: sgd)"
    )
    memory.add_argument("--batch", type=_depth, metavar="N", help="with N samples instead of the input's")
    memory.add_argument(
        "--fits", type=_size, metavar="SIZE", help="whether it fits (24GiB), and which batch does"
    )
    _common(parser, parser)


def _confirm(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "targets", metavar="TARGET", nargs="+", help="file.py[:expression] or package.module:call"
    )
    parser.add_argument(
        "--input", action="append", default=[], dest="inputs", metavar="SHAPE", help="as for summary"
    )
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument("--backward", action="store_true", help="run a backward too")
    _running(parser)
    _common(parser, parser)


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="CODE|NAME", nargs="+", help="SHP201, or view-folds-batch")


def _rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output-format", choices=("text", "json"), default="text")


def _running(group: Any) -> None:
    group.add_argument("--device", choices=("auto", "cuda", "cpu", "meta"), default="auto")
    group.add_argument(
        "--sandbox",
        choices=("auto", "require", "none"),
        default="auto",
        help="bwrap: where it works, or not without it, or never (default: auto)",
    )
    group.add_argument(
        "--time-limit", type=_seconds, default=60.0, metavar="SECONDS", help="of one child (60)"
    )
    group.add_argument(
        "--python",
        metavar="PATH",
        help="the interpreter that has torch and what the code imports (default: this one)",
    )
    group.add_argument(
        "--memory-limit", type=_size, default=4 << 30, metavar="SIZE", help="of one child (4GiB)"
    )


def _common(parser: argparse.ArgumentParser, shown: Any) -> None:
    shown.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    settings = parser.add_argument_group("settings")
    settings.add_argument("--config", metavar="FILE", help="read this file instead of the nearest one")
    settings.add_argument("--isolated", action="store_true", help="read no configuration file")
    settings.add_argument(
        "--no-cache", action="store_false", default=None, dest="cache", help="do not use the cache"
    )
    settings.add_argument("--cache-dir", metavar="FOLDER", help="where the cache is kept")


def _depth(text: str) -> int:
    try:
        depth = int(text)
    except ValueError:
        depth = 0
    if depth < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from 1")
    return depth


def _jobs(text: str) -> int | None:
    if text == "auto":
        return None
    try:
        jobs = int(text)
    except ValueError:
        jobs = 0
    if not 1 <= jobs <= 1024:
        raise argparse.ArgumentTypeError(f"`{text}` is neither a number of processes, from 1, nor auto")
    return jobs


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of seconds")
    return seconds


_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "kib": 1 << 10, "mib": 1 << 20,
          "gib": 1 << 30, "tib": 1 << 40, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}  # fmt: skip


def _size(text: str) -> int:
    """Bytes: 24GiB, 512MB, 1000000."""
    number = text.strip().lower().rstrip("bikmgt")
    unit = _UNITS.get(text.strip().lower()[len(number) :].strip())
    try:
        size = float(number) * (unit or 0)
    except ValueError:
        size = 0
    if not 1 <= size < 1 << 60:
        raise argparse.ArgumentTypeError(f"`{text}` is not a size (24GiB, 512MB, …)")
    return int(size)


# ---- the commands are imported when they are run


def _run_check(options: argparse.Namespace) -> int:
    from shapelint.cli.check import run

    return run(options)


def _run_summary(options: argparse.Namespace) -> int:
    from shapelint.cli.summary import run

    return run(options)


def _run_confirm(options: argparse.Namespace) -> int:
    from shapelint.cli.confirm import run

    return run(options)


def _run_explain(options: argparse.Namespace) -> int:
    from shapelint.cli.rules import explain

    return explain(options)


def _run_rules(options: argparse.Namespace) -> int:
    from shapelint.cli.rules import listing

    return listing(options)


def _run_version(options: argparse.Namespace) -> int:
    from shapelint.cli.output import write

    write([f"shapelint {__version__}\n"])
    return 0
