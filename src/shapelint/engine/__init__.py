"""The engine: configuration, files, one file to diagnostics, many files to a report."""

from __future__ import annotations


class TargetProblem(Exception):
    """What a summary was asked for cannot be found or cannot be read. The message is for the user."""
