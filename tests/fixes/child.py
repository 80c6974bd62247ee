"""Runs programs with torch, each in a process of its own: `python child.py JOBS.json`, a line of JSON for each on stdout.

A job is {"path", "probe"}: the file is run as the main program, then the probe is evaluated in its names. Told is how it ended
and, for every call of a network from outside any other, its class, the shapes and the sum of what it gave. No network, a limit
of time and of memory; what a program needs and is not here is told as such.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import runpy
import signal
import socket
import sys
import tempfile
import types
import warnings
from typing import Any

import torch

SECONDS = 60
MEMORY = 8 << 30
MOST = 200


def summary(model: Any, input_size: Any, *rest: Any, **more: Any) -> None:
    """Stands for torchsummary's: what matters is that it calls the model."""
    sizes = input_size if isinstance(input_size[0], (tuple, list)) else [input_size]
    model(*(torch.rand(2, *size) for size in sizes))


def batched_summary(model: Any, input_size: Any, *rest: Any, **more: Any) -> None:
    """Stands for torchinfo's, whose sizes have the batch."""
    sizes = input_size if isinstance(input_size[0], (tuple, list)) else [input_size]
    model(*(torch.rand(*size) for size in sizes))


def profile(model: Any, inputs: Any, **more: Any) -> tuple[float, float]:
    """Stands for thop's."""
    model(*inputs)
    return 0.0, 0.0


def stand_ins() -> None:
    for name, function in (("torchsummary", summary), ("torchinfo", batched_summary), ("thop", profile)):
        module = types.ModuleType(name)
        setattr(module, function.__name__.removeprefix("batched_"), function)
        sys.modules[name] = module
    try:
        __import__("torchvision")
    except Exception:  # it may be here as source only
        for name in [n for n in sys.modules if n.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        sys.modules["torchvision"] = None  # type: ignore[assignment]


def refuse(*args: Any, **more: Any) -> Any:
    raise ConnectionError("there is no network")


def watch(calls: list[Any]) -> None:
    depth = 0
    plain = torch.nn.Module.__call__

    def call(self: Any, *args: Any, **more: Any) -> Any:
        nonlocal depth
        depth += 1
        try:
            result = plain(self, *args, **more)
        finally:
            depth -= 1
        if depth == 0 and len(calls) < MOST:
            calls.append([type(self).__name__, shapes(result), total(result)])
        return result

    torch.nn.Module.__call__ = call  # type: ignore[method-assign]


def shapes(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return list(value.shape)
    if isinstance(value, (tuple, list)):
        return [shapes(v) for v in value]
    return type(value).__name__


def total(value: Any) -> float | None:
    return round(float(value.detach().double().sum()), 4) if isinstance(value, torch.Tensor) else None


def ended(path: str, probe: str | None) -> tuple[str, str]:
    """("ran" | "raised" | "not run", in words)."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            names = runpy.run_path(path, run_name="__main__")
            if probe is not None:
                eval(probe, {"torch": torch, **names})
    except ImportError as problem:
        return "not run", f"it needs {problem.name or problem}"
    except (FileNotFoundError, ConnectionError) as problem:
        return "not run", f"its data are not here: {type(problem).__name__}: {problem}"
    except SystemExit as problem:
        return ("ran", "") if problem.code in (None, 0) else ("raised", f"SystemExit {problem.code}")
    except BaseException as problem:
        text = str(problem).strip().splitlines()[:1]
        return "raised", f"{type(problem).__name__}: {text[0] if text else ''}"
    return "ran", ""


def run(job: dict[str, Any], pipe: int) -> None:
    """In the process of the program's own; never returns."""
    folder = tempfile.mkdtemp(dir=os.path.dirname(job["path"]))
    os.chdir(folder)
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
    sys.argv = [job["path"]]
    calls: list[Any] = []
    watch(calls)
    torch.manual_seed(0)
    how, why = ended(job["path"], job["probe"])
    with os.fdopen(pipe, "w") as out:
        out.write(json.dumps({"how": how, "why": why, "calls": calls}))
    os._exit(0)


def main() -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    stand_ins()
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    for job in jobs:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            run(job, theirs)
        os.close(theirs)
        with os.fdopen(ours) as answer:
            told = answer.read()
        os.waitpid(child, 0)
        print(told or json.dumps({"how": "raised", "why": "it was stopped", "calls": []}), flush=True)


if __name__ == "__main__":
    main()
