"""The child's main function: read the job, load torch, run what is asked, say what was seen, and be gone."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING, Any

from shapelint.confirm.child.channel import Channel, told
from shapelint.confirm.job import Entry, Job, from_json

if TYPE_CHECKING:
    from shapelint.confirm.child.program import Ended


def main(path: str, pipe: int) -> None:
    """Never returns."""
    channel = Channel(pipe)
    with open(path, encoding="utf-8") as file:
        job = from_json(file.read())
    channel.send("at", what="loading torch")
    try:
        import torch
    except Exception as problem:
        channel.send("no-torch", why=told(type(problem), problem))
        channel.end("torch cannot be imported")
    channel.send("torch", version=str(torch.__version__), cuda=torch.cuda.is_available(), gpu=_gpu(torch))
    from shapelint.confirm.child.limits import limit

    limit(None if job.device in ("auto", "cuda") and torch.cuda.is_available() else job.address_space)
    sys.modules.pop("__main__", None)
    _run(job, channel)


def _gpu(torch: Any) -> str | None:
    return str(torch.cuda.get_device_name()) if torch.cuda.is_available() else None


def _run(job: Job, channel: Channel) -> None:
    import warnings

    import torch

    from shapelint.confirm.child.entries import try_entry
    from shapelint.confirm.child.happenings import Run
    from shapelint.confirm.child.judge import Judge
    from shapelint.confirm.child.places import Own
    from shapelint.confirm.child.program import Stopped, definitions, imported, prepare, run
    from shapelint.confirm.child.watch import Watch

    warnings.simplefilter("ignore")
    own = Own(job.roots)
    state = Run(own)
    judge = Judge(state, job.claims, channel, may_stop=not job.measure)
    watch = Watch(state, job.claims, judge)
    prepare(job.program, job.roots)
    torch.manual_seed(0)
    if job.device == "meta":
        torch.set_default_device("meta")
    ended, complete = "nothing was run", True
    spaces: dict[str, Ended] = {}
    program: Ended | None = None
    with watch:
        if job.program is not None:
            channel.send("at", what="running the program")
            _set_alarm(job.seconds)
            program = spaces[job.program] = run(job.program, "__main__", own, job.package)
            ended, complete = program.how, program.complete
            channel.send("ran", complete=complete)
        for entry in job.entries:
            channel.send("at", what=f"building {entry.expression}")
            _set_alarm(job.seconds / 2)
            try:
                held = spaces.get(entry.place)
                if held is None or (held is program and not held.complete and not _knows(held, entry)):
                    spaces[entry.place] = (
                        definitions(entry.place, own) if entry.is_file else imported(entry.place, own)
                    )
                how = try_entry(entry, spaces[entry.place], state, watch, job, channel)
            except Stopped:
                how = "it was stopped: its time was over"
                channel.send("model", id=entry.id, why=how)
            if job.program is None and how:
                ended, complete = how, False
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    watch.busy = True
    judge.over()
    judge.tell(ended, complete)
    channel.end(ended)


def _knows(space: Ended, entry: Entry) -> bool:
    """Whether a program that did not come to its end got far enough for an entry."""
    first = re.match(r"\w*", entry.expression)
    return entry.from_program or (first is not None and first.group() in space.names)


def _set_alarm(seconds: float) -> None:
    """Stop the program when its time is over, where it lets itself be stopped."""
    if not hasattr(signal, "setitimer"):
        return
    from shapelint.confirm.child.program import Stopped

    def stop(number: int, frame: Any) -> None:
        raise Stopped

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
