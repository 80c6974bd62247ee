"""`python -m tests.fuzz`: reads many programs that nobody wrote, and says whether anything went wrong (exit 1)."""

from __future__ import annotations

import argparse
import base64
import os
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fuzz.hands import Hand, all_asked
from tests.fuzz.shrink import shrunk
from tests.fuzz.sources import SOURCES, plan
from tests.fuzz.tally import Tally

_MOST_SHRUNK = 3  # programs with one and the same trouble


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="programs to read")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--only", action="append", default=[], choices=SOURCES, help="only these sources (may be repeated)"
    )
    parser.add_argument("--minutes", type=float, default=None, help="stop after this time")
    parser.add_argument("--jobs", type=int, default=1, help="worker processes")
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="CPU seconds that one reading of a program may take"
    )
    parser.add_argument("--memory", type=int, default=4_096, help="MiB that a worker may take")
    parser.add_argument(
        "--failures", default="fuzz-failures", help="the folder that failing programs are written to"
    )
    parser.add_argument("--no-shrink", action="store_true", help="keep failing programs as they are")
    parser.add_argument("--one", default=None, metavar="SOURCE:NUMBER", help="read one program, and show it")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    if options.one:
        return _one(options)
    started = time.monotonic()
    tally = Tally()
    kept = _Kept(options)

    def requests() -> Iterator[dict[str, Any]]:
        for source, number in plan(options.count, tuple(options.only), options.seed):
            yield {"source": source, "seed": options.seed, "number": number}

    def take(request: dict[str, Any], found: dict[str, Any]) -> bool:
        name = f"{request['source']}:{request['number']}"
        if request["source"] in ("plain", "opened", "torch"):
            name = f"{name} {found.get('path')}"
        tally.take(name, request["source"], found)
        if found["problems"]:
            kept.keep(request, found)
        if tally.programs % 5_000 == 0 and found["state"] != "none":
            minutes = (time.monotonic() - started) / 60
            troubles = sum(tally.problems.values())
            print(
                f"{tally.programs:,} programs in {minutes:.1f} minutes, {troubles} with trouble, {tally.memory} MiB",
                flush=True,
            )
        return options.minutes is None or time.monotonic() - started < options.minutes * 60

    all_asked(requests(), options.jobs, options.seconds, options.memory, take)
    print(f"seed {options.seed}, {(time.monotonic() - started) / 60:.1f} minutes")
    print("\n".join(tally.lines()))
    kept.close()
    return 1 if tally.problems else 0


class _Kept:
    """Failing programs, made shorter and written to a folder, a few of each kind."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.counts: dict[tuple[str, str], int] = {}
        self.hand = Hand(options.seconds, options.memory)

    def keep(self, request: dict[str, Any], found: dict[str, Any]) -> None:
        problem = found["problems"][0]
        same = (problem["kind"], problem["key"])
        self.counts[same] = self.counts.get(same, 0) + 1
        name = f"{request['source']}-{request['seed']}-{request['number']}"
        print(f"{name}: {problem['kind']} {problem['key']}: {problem['text']}", flush=True)
        if self.counts[same] > _MOST_SHRUNK:
            return
        if found["data"] is None:  # its process is gone: it is made here
            from tests.fuzz.sources import make

            program = make(request["source"], request["seed"], request["number"])
            assert program is not None
            found = {**found, "path": program.path, "data": base64.b64encode(program.data).decode()}
        data = base64.b64decode(found["data"])
        if not self.options.no_shrink and same[0] not in ("timeout", "died", "memory"):
            data = shrunk(data, lambda shorter: same in self._troubles(found, shorter))
        os.makedirs(self.options.failures, exist_ok=True)
        with open(os.path.join(self.options.failures, name + ".py"), "wb") as stream:
            stream.write(data)
        with open(os.path.join(self.options.failures, name + ".txt"), "w", encoding="utf-8") as stream:
            stream.write(f"{found['path']}\n{problem['kind']} {problem['key']}\n{problem['text']}\n")

    def _troubles(self, found: dict[str, Any], data: bytes) -> list[tuple[str, str]]:
        request = {
            "path": found["path"],
            "data": base64.b64encode(data).decode(),
            "thorough": found["thorough"],
        }
        return [(p["kind"], p["key"]) for p in self.hand.ask(request)["problems"]]

    def close(self) -> None:
        self.hand.close()


def _one(options: argparse.Namespace) -> int:
    from tests.fuzz.sources import make

    source, _, number = options.one.partition(":")
    program = make(source, options.seed, int(number))
    if program is None:
        print("there is no such program")
        return 1
    sys.stdout.buffer.write(program.data)
    sys.stdout.flush()
    hand = Hand(options.seconds, options.memory)
    found = hand.ask({"source": source, "seed": options.seed, "number": int(number)})
    hand.close()
    print(f"# {program.path}: {found['state']}, {found['seconds']:.2f} s")
    for problem in found["problems"]:
        print(f"# {problem['kind']} {problem['key']}: {problem['text']}")
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
