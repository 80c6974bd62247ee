"""Settings: what `[tool.shapelint]` in pyproject.toml (or a shapelint.toml) and the command line ask for.

The nearest file that has settings wins; the command line wins over the file. A key that is not known is refused
with a suggestion, since a misspelt `ignore` that silently does nothing is worse than none.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shapelint.engine.patterns import any_matches, matches, relative_to
from shapelint.records import dataclass, field, fields, replace
from shapelint.report import Severity

DEFAULT_EXCLUDE: tuple[str, ...] = (
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)
"""Folders that hold no code of the project's own. Hidden folders and virtual environments are never entered."""

MEASURES = ("params", "macs", "flops", "memory")
"""What a budget can limit: parameters, MACs, FLOPs, bytes."""

ENV_NO_CACHE = "SHAPELINT_NO_CACHE"
ENV_CACHE_DIR = "SHAPELINT_CACHE_DIR"


class ConfigProblem(Exception):
    """Settings that cannot be followed. The message is for the user."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run can be told. Plain and picklable; `key()` is its stable text for a cache."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    budget: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    project_root: str = "."
    cache: bool = True
    cache_dir: str | None = None
    show_info: bool = False
    why: bool = False
    baseline: str | None = None

    def wants(self, path: str, code: str, rule: str, severity: Severity) -> bool:
        """Whether a finding of `rule` (`code`) at this severity in `path` is to be shown.

        The most exact selector wins, and of two equally exact ones the one that ignores. Without `select`, everything at
        error and warning level but SHP9xx is on; naming a rule, by any selector, turns it on whatever its level, and
        `why` turns on SHP9xx.
        """
        named = max(
            _exactness(self.select or (), code, rule),
            _exactness(self.extend_select, code, rule),
        )
        if named < 0:
            if code.startswith("SHP9"):  # the analysis itself
                if not self.why:
                    return False
            elif self.select is not None or (severity == "info" and not self.show_info):
                return False
        ignored = max(_exactness(self.ignore, code, rule), _exactness(self.extend_ignore, code, rule))
        if ignored >= max(named, 0):
            return False
        if self.per_file_ignores:
            relative = relative_to(path, self.project_root)
            for pattern, selectors in self.per_file_ignores:
                negated = pattern.startswith("!")
                if matches(pattern.removeprefix("!"), relative) != negated:
                    if _exactness(selectors, code, rule) >= 0:
                        return False
        return True

    def severity_of(self, code: str, rule: str, default: Severity) -> Severity:
        """The level of a rule, after the overrides in the configuration."""
        best, level = -1, default
        for selector, wanted in self.severity.items():
            exactness = _exactness((selector,), code, rule)
            if exactness > best:
                best, level = exactness, wanted
        return level

    def excludes(self, path: str) -> bool:
        """Whether `path`, or a folder it is in, is excluded."""
        return any_matches(self.exclude + self.extend_exclude, relative_to(path, self.project_root))

    def selectors(self) -> tuple[str, ...]:
        """Every selector that was written, to be checked against the rules there are."""
        per_file = tuple(s for _, selectors in self.per_file_ignores for s in selectors)
        written = (self.select or ()) + self.extend_select + self.ignore + self.extend_ignore
        return written + per_file + tuple(self.severity)

    def key(self) -> str:
        """A text that is equal exactly when two settings ask for the same findings."""
        left_out = {"cache", "cache_dir", "force_exclude", "exclude", "extend_exclude"}
        return repr([(f.name, _plain(getattr(self, f.name))) for f in fields(self) if f.name not in left_out])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((k, _plain(v)) for k, v in value.items())
    return value


def _exactness(selectors: Iterable[str], code: str, rule: str) -> int:
    """How exactly the best of the selectors names a rule: -1 not at all, 0 for ALL, else the length of the match."""
    best = -1
    for selector in selectors:
        if selector == rule:
            return 99
        if selector == "ALL":
            best = max(best, 0)
        elif code.startswith(selector):
            best = max(best, len(selector))
    return best


# ---- reading


def load_settings(
    start_path: str = ".",
    overrides: Mapping[str, Any] | None = None,
    config: str | None = None,
    isolated: bool = False,
) -> Settings:
    """The settings for the code at `start_path`: the nearest configuration file above it, then `overrides`.

    `overrides` has the names of `Settings`' fields; None means not given. `config` names the file to read instead;
    `isolated` reads none.
    """
    start = os.path.abspath(start_path)
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    settings = Settings(project_root=_guess_root(folder))
    if config is not None:
        if isolated:
            raise ConfigProblem("--config and --isolated exclude each other")
        table = _read(config, required=True)
        settings = _from_table(table or {}, config)
    elif not isolated:
        found = _nearest(folder)
        if found is not None:
            settings = _from_table(found[1], found[0])
    settings = _from_environment(settings)
    given = {k: v for k, v in (overrides or {}).items() if v is not None}
    settings = replace(settings, **given) if given else settings
    for selector in settings.selectors():
        check_selector(selector)
    return settings


def start_of(paths: Iterable[str]) -> str:
    """Where to look for the settings of several paths: the deepest folder that holds them all."""
    try:
        return os.path.commonpath([os.path.abspath(p) for p in paths])
    except ValueError:  # none, or on two drives
        return "."


def file_of(target: str) -> str:
    """The file part of a target, for finding its settings; the current folder for a module's name."""
    path = re.match(r"([^()]*?\.py)(?::|$)", target)
    return path.group(1) if path else "."


def _from_environment(settings: Settings) -> Settings:
    if os.environ.get(ENV_NO_CACHE, "").lower() not in ("", "0", "false"):
        settings = replace(settings, cache=False)
    folder = os.environ.get(ENV_CACHE_DIR)
    return replace(settings, cache_dir=folder) if folder else settings


_ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")


def _guess_root(folder: str) -> str:
    """The project that a folder belongs to, judged by what lies in the folders above; else where we stand."""
    for parent in _upwards(folder):
        if any(os.path.exists(os.path.join(parent, mark)) for mark in _ROOT_MARKS):
            return parent
    here = os.getcwd()
    return here if folder == here or folder.startswith(os.path.join(here, "")) else folder


def _upwards(folder: str) -> Iterable[str]:
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _nearest(folder: str) -> tuple[str, dict[str, Any]] | None:
    for parent in _upwards(folder):
        for name in ("shapelint.toml", ".shapelint.toml", "pyproject.toml"):
            path = os.path.join(parent, name)
            if os.path.isfile(path):
                table = _read(path, required=False)
                if table is not None:
                    return path, table
    return None


def _read(path: str, required: bool) -> dict[str, Any] | None:
    """The shapelint table of a file; None where a pyproject.toml has none."""
    shown = _shown(path)
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except OSError as problem:
        if not required:
            return None
        raise ConfigProblem(f"cannot read {shown}: {problem.strerror or problem}") from None
    in_pyproject = os.path.basename(path) == "pyproject.toml"
    if in_pyproject and b"shapelint" not in raw:
        if required:
            raise ConfigProblem(f"{shown} has no [tool.shapelint]")
        return None
    try:
        text = raw.decode("utf-8-sig")
        document = _parse_toml(text)
    except ValueError as problem:  # both a TOMLDecodeError and a UnicodeDecodeError are one
        raise ConfigProblem(f"{shown} is not valid TOML: {problem}") from None
    tool = document.get("tool")
    table = tool.get("shapelint") if isinstance(tool, dict) else None
    if table is None and not in_pyproject:
        return document
    if table is not None and not isinstance(table, dict):
        raise ConfigProblem(f"{shown}: tool.shapelint must be a table")
    if table is None and required:
        raise ConfigProblem(f"{shown} has no [tool.shapelint]")
    return table


def _parse_toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    document: dict[str, Any] = tomllib.loads(text)
    return document


def _shown(path: str) -> str:
    """A path as short as it can be said from here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if relative.startswith(os.pardir) else relative


# ---- checking what was written


def _from_table(table: Mapping[str, Any], path: str) -> Settings:
    shown = _shown(path)
    root = os.path.dirname(os.path.abspath(path))
    values: dict[str, Any] = {"project_root": root}
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            hint = did_you_mean(key, _READERS)
            raise ConfigProblem(f"{shown}: unknown key `{key}`{hint}")
        values[key.replace("-", "_")] = reader(f"{shown}: `{key}`", value)
    for name in ("cache_dir", "baseline"):
        if isinstance(values.get(name), str):
            values[name] = os.path.join(root, values[name])
    return Settings(**values)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?`, or nothing where no known word is near."""
    import difflib

    near = difflib.get_close_matches(word.replace("_", "-").lower(), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def check_selector(selector: str) -> None:
    """Refuse what can be neither a code (or the start of one) nor a rule's name."""
    if not re.fullmatch(r"ALL|SHP\d{0,3}|(?!shp\d)[a-z][a-z0-9]*(-[a-z0-9]+)*", selector):
        raise ConfigProblem(
            f"`{selector}` is neither a code (SHP201, or the start of one, SHP2) nor a rule's name (view-folds-batch)"
        )


def _boolean(what: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ConfigProblem(f"{what} must be true or false")
    return value


def _text(what: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigProblem(f"{what} must be a text")
    return value


def _texts(what: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise ConfigProblem(f"{what} must be a list of texts")


def _table(what: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigProblem(f"{what} must be a table")
    return value


def _per_file(what: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((k, _texts(f"{what}: `{k}`", v)) for k, v in _table(what, value).items())


def _inputs(what: str, value: Any) -> dict[str, tuple[str, ...]]:
    table = _table(what, value)
    return {k: (v,) if isinstance(v, str) else _texts(f"{what}: `{k}`", v) for k, v in table.items()}


def _severities(what: str, value: Any) -> dict[str, Severity]:
    out: dict[str, Severity] = {}
    for selector, level in _table(what, value).items():
        if level not in ("error", "warning", "info"):
            raise ConfigProblem(f'{what}: `{selector}` must be "error", "warning" or "info"')
        out[selector] = level
    return out


def _budget(what: str, value: Any) -> dict[str, dict[str, int]]:
    """`params = 1_000_000` holds for every model; `[...budget."net.py:Net"]` for one."""
    out: dict[str, dict[str, int]] = {}
    for key, entry in _table(what, value).items():
        model, limits = (key, entry) if isinstance(entry, dict) else ("*", {key: entry})
        for measure, limit in limits.items():
            if measure not in MEASURES:
                raise ConfigProblem(f"{what}: unknown measure `{measure}`{did_you_mean(measure, MEASURES)}")
            if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
                raise ConfigProblem(f"{what}: `{measure}` must be a whole number, 0 or more")
            out.setdefault(model, {})[measure] = limit
    return out


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "select": _texts,
    "ignore": _texts,
    "extend-select": _texts,
    "extend-ignore": _texts,
    "per-file-ignores": _per_file,
    "exclude": _texts,
    "extend-exclude": _texts,
    "force-exclude": _boolean,
    "inputs": _inputs,
    "budget": _budget,
    "severity": _severities,
    "cache": _boolean,
    "cache-dir": _text,
    "show-info": _boolean,
    "baseline": _text,
}
