"""Options to settings: lists split, selectors checked against the rules there are."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any

from shapelint.engine.config import ConfigProblem, Settings, did_you_mean, load_settings

FAMILIES = ("SHP1", "SHP2", "SHP3", "SHP4", "SHP5")
"""Selectors that are right whether or not there is a rule of the family yet."""


def settings_of(options: argparse.Namespace, start: str) -> Settings:
    """The settings for code at `start`, after the command line. Raises ConfigProblem."""
    given = vars(options)
    overrides: dict[str, Any] = {
        name: words(given.get(name))
        for name in ("select", "ignore", "extend_select", "extend_ignore", "exclude", "extend_exclude")
    }
    overrides |= {name: given.get(name) for name in ("force_exclude", "cache", "cache_dir", "baseline")}
    overrides["why"] = given.get("why") or None
    if given.get("per_file_ignores"):
        overrides["per_file_ignores"] = _per_file(given["per_file_ignores"])
    settings = load_settings(start, overrides, options.config, options.isolated)
    _check_selectors(settings)
    return settings


def words(texts: Sequence[str] | None) -> tuple[str, ...] | None:
    """`--select A,B --select C` as ("A", "B", "C"); None where the option was not given."""
    if texts is None:
        return None
    return tuple(word for text in texts for word in re.split(r"[,\s]+", text) if word)


def _per_file(texts: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`tests/*:SHP2,SHP301 old/*:SHP1`: a word with a colon begins the next pattern."""
    table: list[tuple[str, list[str]]] = []
    for word in words(texts) or ():
        pattern, colon, selector = word.rpartition(":")
        if colon:
            table.append((pattern, [selector] if selector else []))
        elif table:
            table[-1][1].append(word)
        if not pattern and (colon or not table):
            raise ConfigProblem(f"--per-file-ignores takes PATTERN:RULE, not `{word}`")
    return tuple((pattern, tuple(selectors)) for pattern, selectors in table)


def _check_selectors(settings: Settings) -> None:
    selectors = settings.selectors()
    if not selectors:
        return
    from shapelint.rules.registry import listeners

    names = {rule.name for rule in listeners()}
    codes = {rule.code for rule in listeners()}
    for selector in selectors:
        if selector in names or selector == "ALL" or any(code.startswith(selector) for code in codes):
            continue
        if selector in FAMILIES or selector.startswith(
            "SHP9"
        ):  # the analysis itself: no rule need be behind it
            continue
        raise ConfigProblem(f"there is no rule `{selector}`{did_you_mean(selector, names | codes)}")
