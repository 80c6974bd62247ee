"""The command line: arguments to a call of the engine, a report to a renderer, an outcome to an exit status.

0 nothing found, 1 found, 2 could not do it, 130 interrupted. Findings go to stdout, everything else to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

OK, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130


def run() -> None:
    """The `shapelint` command."""
    from shapelint.cli.leave import leave
    from shapelint.engine.frames import in_one_piece
    from shapelint.engine.garbage import collect_seldom

    collect_seldom()  # imports make garbage too
    leave(in_one_piece(main)(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit status. Raises SystemExit only where argparse does, for --help and wrong usage."""
    from shapelint.cli.output import OutputProblem, say, silence
    from shapelint.cli.parser import parse

    try:
        try:
            options = parse(list(arguments))
            status: int = options.run(options)
            if sys.stdout is not None:
                sys.stdout.flush()
            return status
        except SystemExit:  # --help and --version: their text may meet a closed pipe too
            if sys.stdout is not None:
                sys.stdout.flush()
            raise
    except KeyboardInterrupt:
        say("interrupted")
        silence()
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        silence()
        return OK
    except OutputProblem as problem:
        say(f"cannot write the output: {problem}")
        silence()
        return FAILED
    except OSError as problem:
        say(_trouble(problem))
        silence()
        return FAILED
    except Exception as problem:
        return _internal(problem)


def _trouble(problem: OSError) -> str:
    """What the system refuses, and of which file."""
    import os

    if problem.filename:
        return f"{problem.strerror or problem}: {problem.filename}"
    try:
        os.getcwd()
    except OSError:
        return "the working directory is gone; change to one that exists"
    return problem.strerror or str(problem)


def _internal(problem: Exception) -> int:
    """A bug of shapelint's own, outside any one file."""
    import os

    from shapelint.cli.output import say

    if os.environ.get("SHAPELINT_DEBUG"):
        import traceback

        traceback.print_exc()
    text = " ".join(str(problem).split())
    say(f"internal error: {type(problem).__name__}: {text} (a bug; SHAPELINT_DEBUG=1 shows where)")
    return FAILED
