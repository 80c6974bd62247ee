"""`--executor`: workers that somebody else runs. `dask` is a cluster on this machine, `dask:tcp://host:8786` one that is there.

Workers read the files by their paths, so they must see the same file system, and need the same shapelint and Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager

from shapelint.engine.many import processors

KINDS = ("dask",)
_PATIENCE = 15  # seconds until a scheduler is held for unreachable


class ExecutorProblem(Exception):
    """There is no such executor, or it cannot be reached. The message is for the user."""


@contextmanager
def executor_of(text: str, jobs: int | None) -> Iterator[tuple[Executor, int]]:
    """The executor that a text names, and how many workers it has. Raises ExecutorProblem."""
    kind, _, address = text.partition(":")
    if kind not in KINDS:
        raise ExecutorProblem(
            f"there is no executor `{kind}`: --executor takes dask, or dask:tcp://host:8786 for a cluster that runs"
        )
    with _dask(address, jobs) as found:
        yield found


@contextmanager
def _dask(address: str, jobs: int | None) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as problem:
        raise ExecutorProblem(
            f'--executor dask needs dask.distributed: pip install "shapelint[dask]" ({problem})'
        ) from None
    with ExitStack() as held:
        try:
            if address:
                client = held.enter_context(Client(address, timeout=_PATIENCE, set_as_default=False))
            else:
                # One thread each: an analysis is pure Python, and has its process for itself.
                cluster = held.enter_context(
                    LocalCluster(
                        n_workers=jobs or processors(),
                        threads_per_worker=1,
                        dashboard_address=None,
                        silence_logs=50,
                    )
                )
                client = held.enter_context(Client(cluster, set_as_default=False))
            workers = sum(client.nthreads().values())
        except (OSError, ValueError, RuntimeError) as problem:
            where = f"the dask scheduler at {address}" if address else "a dask cluster on this machine"
            raise ExecutorProblem(f"cannot use {where}: {problem or type(problem).__name__}") from None
        if not workers:
            raise ExecutorProblem(f"the dask scheduler at {address} has no workers")
        yield client.get_executor(pure=False), jobs or workers
