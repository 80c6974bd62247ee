"""The Python interface: `check` and `summarize`, as thin as the command line is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from shapelint.report import CheckReport, Diagnostic, ModelSummary

if TYPE_CHECKING:
    from concurrent.futures import Executor

PathOrSource = str | os.PathLike[str]


class CheckProblem(Exception):
    """Something could not be checked. `report` holds what was found all the same, and each failure with its reason."""

    def __init__(self, report: CheckReport) -> None:
        self.report = report
        super().__init__("; ".join(f"{f.path}: {f.message}" for f in report.failures))


def check(
    paths_or_source: PathOrSource | Iterable[PathOrSource],
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    config: str | None = None,
    isolated: bool = False,
    jobs: int | None = 1,
    executor: Executor | None = None,
) -> list[Diagnostic]:
    """The findings in files, in folders, or in a text of source (a text with a line break is source).

    Settings are read as on the command line: the nearest configuration file, unless `isolated`. `jobs` worker processes
    share the work (None: as many as there are processors; the caller's `__main__` must then be importable, as
    multiprocessing wants it), or the workers of any `executor`, which read the same paths. Raises `CheckProblem`
    where a file could not be checked, and `shapelint.engine.config.ConfigProblem` for settings that make no sense.
    """
    from shapelint.engine.check import check_paths, check_text
    from shapelint.engine.config import load_settings, start_of

    overrides = {
        "select": None if select is None else tuple(select),
        "ignore": None if ignore is None else tuple(ignore),
    }
    if isinstance(paths_or_source, str) and ("\n" in paths_or_source or "\r" in paths_or_source):
        settings = load_settings(".", overrides, config, isolated)
        report = check_text("stdin", paths_or_source, settings)
    else:
        given = [paths_or_source] if isinstance(paths_or_source, str | os.PathLike) else paths_or_source
        paths = [os.fspath(p) for p in given]
        settings = load_settings(start_of(paths), overrides, config, isolated)
        report = check_paths(paths, settings, jobs=jobs, executor=executor)
    if report.failures:
        raise CheckProblem(report)
    return list(report.diagnostics)


def summarize(
    target: str,
    inputs: Sequence[str] = (),
    *,
    config: str | None = None,
    isolated: bool = False,
) -> list[ModelSummary]:
    """What the models of `target` are: `"net.py"`, `"net.py:Net(10)"`, `"torchvision.models:resnet50()"`.

    `inputs` is written as `--input` is, one text a positional input: `"1,3,224,224"`, `"ids=2,128:int64"`. Raises
    `shapelint.engine.TargetProblem` where there is no such target.
    """
    from shapelint.engine.config import file_of, load_settings, start_of
    from shapelint.engine.summarize import summarize as of_target

    if isinstance(inputs, str):
        inputs = (inputs,)
    settings = load_settings(start_of([file_of(target)]), None, config, isolated)
    return list(of_target(target, inputs, settings))
