"""Worker processes of this machine, as an Executor that knows which of its workers died of what.

Differs from ProcessPoolExecutor in that a worker that dies costs its own call and nothing else: the call raises WorkerDied, and
the next one gets a new worker. `kill` ends everything at once.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

_T = TypeVar("_T")
_Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

PRELOADED = "shapelint.engine.preload"


class WorkerDied(Exception):
    """A worker ended while it was at a call."""


class WorkersUnavailable(Exception):
    """Workers cannot be started here."""


class Pool(Executor):
    """At most `workers` processes, started when they are first needed."""

    def __init__(self, workers: int) -> None:
        kinds = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in kinds else "spawn")
        if hasattr(self._context, "set_forkserver_preload"):
            self._context.set_forkserver_preload([PRELOADED])
        self._most = workers
        self._waiting: queue.SimpleQueue[tuple[Future[Any], _Call] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._workers: set[_Worker] = set()
        self._lock = (
            threading.Lock()
        )  # around starting and ending processes: multiprocessing's lists are not guarded
        self._closed = False

    def prepare(self) -> None:
        """Have what workers need imported meanwhile, where they are forked from a server."""
        if self._context.get_start_method() == "forkserver":
            from multiprocessing import forkserver

            with contextlib.suppress(OSError):  # then the first worker's start says so
                forkserver.ensure_running()

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        if self._closed:
            raise RuntimeError("the pool is shut down")
        future: Future[_T] = Future()
        self._waiting.put((future, (fn, args, kwargs)))
        if len(self._threads) < self._most:
            thread = threading.Thread(target=self._serve, daemon=True)
            self._threads.append(thread)
            thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._closed = True
        if cancel_futures:
            self._cancel()
        for _ in self._threads:
            self._waiting.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def kill(self) -> None:
        """End the workers, whatever they are doing, and wait until they are gone."""
        self._closed = True
        self._cancel()
        with self._lock:
            for worker in self._workers:
                worker.process.kill()
        self.shutdown()

    def _cancel(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                job = self._waiting.get_nowait()
                if job is not None:
                    job[0].cancel()

    def _serve(self) -> None:
        """Hand calls to one worker, one after the other."""
        worker: _Worker | None = None
        while (job := self._waiting.get()) is not None:
            future, call = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or self._start()
                future.set_result(worker.ask(call))
            except WorkerDied as problem:
                how = self._end(worker)
                worker = None
                future.set_exception(WorkerDied(how or str(problem)))
            except BaseException as problem:
                future.set_exception(problem)
        self._end(worker)

    def _start(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise WorkerDied("the run was ended")
            try:
                worker = _Worker(self._context)
            except (OSError, RuntimeError, EOFError) as problem:
                raise WorkersUnavailable(f"{type(problem).__name__}: {problem}") from problem
            self._workers.add(worker)
        try:
            worker.greet()
        except WorkersUnavailable:
            self._end(worker)
            raise
        return worker

    def _end(self, worker: _Worker | None) -> str:
        """Wait for a worker that is ending; how it ended."""
        if worker is None:
            return ""
        worker.line.close()
        with self._lock:
            self._workers.discard(worker)
            worker.process.join()
            code = worker.process.exitcode
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                return f"killed by {signal.Signals(-code).name}"
            return f"killed by signal {-code}"
        return f"exit status {code}"


class _Worker:
    """One process, and the line to it."""

    def __init__(self, context: Any) -> None:
        self.line: Connection
        self.line, far = context.Pipe()
        try:
            self.process = context.Process(target=_work, args=(far,), daemon=True)
            self.process.start()
        finally:
            far.close()

    def greet(self) -> None:
        """Wait until it is up. Raises WorkersUnavailable."""
        try:
            self._answer()
        except WorkerDied:
            raise WorkersUnavailable("a worker process ended as it was started") from None

    def ask(self, call: _Call) -> Any:
        """What the call gives, there. Raises WorkerDied, and what the call raises."""
        try:
            self.line.send(call)
        except OSError:
            raise WorkerDied from None
        good, value = self._answer()
        if good:
            return value
        raise value

    def _answer(self) -> Any:
        ready = wait([self.line, self.process.sentinel])
        if self.line not in ready:
            raise WorkerDied
        try:
            return self.line.recv()
        except (EOFError, OSError):
            raise WorkerDied from None


def _work(line: Connection) -> None:
    """A worker's life: calls in, results out, until nobody is there any more."""
    with contextlib.suppress(ValueError, AttributeError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it hears of it, and decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        line.send((True, None))
        while True:
            fn, args, kwargs = line.recv()
            try:
                outcome = True, fn(*args, **kwargs)
            except BaseException as problem:
                outcome = False, problem
            try:
                line.send(outcome)
            except OSError:
                raise
            except Exception as problem:  # it cannot be pickled
                line.send((False, RuntimeError(f"{type(problem).__name__}: {problem}")))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
