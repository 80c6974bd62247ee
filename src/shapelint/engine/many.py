"""Many files: those that need an analysis are dealt in chunks to the workers of an Executor, and the results put in order.

What is found does not depend on who found it: a chunk that does not come back is done again, file by file, and what no worker
can do is done here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from shapelint.engine.config import Settings
from shapelint.engine.deal import Deal
from shapelint.engine.one_file import FEWEST, Checked, check_path, settled
from shapelint.engine.pool import Pool, WorkerDied
from shapelint.engine.work import Answer, Refused, check_chunk, chunk_of
from shapelint.report import Failure

_PER_WORKER = 10  # files that pay for starting one
_DIED = ("WorkerDied", "KilledWorker")  # ours, dask's: the worker is gone, and there will be another


class Many:
    """A check of many files. `notes` says what did not go as it was asked for."""

    def __init__(
        self, settings: Settings, *, jobs: int | None = None, executor: Executor | None = None
    ) -> None:
        self.notes: list[str] = []
        self._settings = settings
        self._jobs = jobs
        self._executor = executor
        self._done: dict[str, Checked] = {}

    def check(self, files: Sequence[str]) -> Iterator[Checked]:
        """What is found in each of the files, in their order. Of `jobs` processes (None: as many as there are processors), or by
        the workers of the executor that was given."""
        waiting = []
        pool: Pool | None = None
        for path in files:
            found = settled(path, self._settings)
            if found is None:
                waiting.append(path)
            else:
                self._done[path] = found
            if pool is None and len(waiting) == FEWEST and self._can_share(len(files)):
                pool = Pool(self._lanes(len(files)))
                pool.prepare()
        if self._executor is not None:
            self._spread(waiting, self._executor, self._lanes(len(waiting)))
        elif pool is not None:
            try:
                self._spread(waiting, pool, self._lanes(len(waiting)))
            except BaseException:
                pool.kill()
                raise
            pool.shutdown()
        return map(self._result, files)

    def _can_share(self, files: int) -> bool:
        return self._executor is None and self._lanes(files) > 1

    def _result(self, path: str) -> Checked:
        if path in self._done:
            return self._done.pop(path)
        return check_path(path, self._settings)

    def _lanes(self, files: int) -> int:
        if self._jobs is not None:
            return max(1, min(self._jobs, files))
        if self._executor is not None:
            return max(1, getattr(self._executor, "_max_workers", None) or os.cpu_count() or 1)
        return max(1, min(processors(), files // _PER_WORKER))

    def _spread(self, files: Sequence[str], executor: Executor, lanes: int) -> None:
        """Have the files checked. One that nobody could check is left out."""
        deal = Deal([(path, _size(path)) for path in files], lanes)
        running: dict[Future[Answer | Refused], tuple[int, tuple[str, ...]]] = {}
        idle = list(range(lanes))
        try:
            while True:
                while idle and (paths := deal.next(idle[-1])):
                    future = executor.submit(check_chunk, chunk_of(paths, self._settings))
                    running[future] = idle.pop(), paths
                if not running:
                    return
                finished, _ = wait(running, timeout=1, return_when=FIRST_COMPLETED)
                for future in finished:
                    lane, paths = running.pop(future)
                    idle.append(lane)
                    self._take(future, paths, deal)
        except Exception as problem:
            self.notes.append(f"checked without other processes from here on: {_said(problem)}")
        finally:
            for future in running:
                future.cancel()

    def _take(self, future: Future[Answer | Refused], paths: tuple[str, ...], deal: Deal) -> None:
        """Take what came of a chunk. Raises where there is no use in asking on."""
        try:
            answer = future.result()
        except Exception as problem:
            if type(problem).__name__ not in _DIED:
                raise
            if len(paths) > 1:
                deal.again(paths)
                return
            how = f" ({problem})" if isinstance(problem, WorkerDied) else ""
            text = f"is not analysed: the process that was at it ended{how}; its memory may not have sufficed"
            self._done[paths[0]] = [], [Failure(paths[0], text)], []
            return
        if isinstance(answer, Refused):
            raise RuntimeError(answer.why)
        self._done.update(zip(paths, answer.found, strict=True))
        self.notes.extend(note for note in answer.notes if note not in self.notes)


def processors() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        return os.cpu_count() or 1


def _size(path: str) -> int:
    try:
        return os.path.getsize(path) or 1
    except OSError:
        return 1


def _said(problem: BaseException) -> str:
    text = " ".join(str(problem).split())[:200]
    return text if type(problem) is RuntimeError and text else f"{type(problem).__name__}: {text}"
