"""Which processes belong to a child: its process group, and those that left it but still bear its mark in their environment."""

from __future__ import annotations

import os
import secrets

VARIABLE = "SHAPELINT_CONFIRM"


def new_mark() -> str:
    """A word that no other process has in its environment."""
    return secrets.token_hex(16)


def of(group: int, mark: str, most: int) -> tuple[int, int]:
    """(how many processes, bytes of memory they hold together). Zero where the system has no /proc. Pages that several of them
    share are counted once, which takes time and is only done where it matters: above `most` bytes."""
    members = [pid for pid in _pids() if _group(pid) == group or _bears(pid, mark)]
    held = sum(map(_resident, members))
    return len(members), held if held <= most else sum(map(_proportional, members))


def marked(mark: str) -> list[int]:
    """The living processes that bear the mark."""
    return [pid for pid in _pids() if _bears(pid, mark) and _state(pid) != "Z"]


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
    except OSError:
        return []


def _bears(pid: int, mark: str) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return f"{VARIABLE}={mark}".encode() in file.read().split(b"\0")
    except OSError:
        return False


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the command's name: state, parent, group, …"""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def _state(pid: int) -> str:
    fields = _stat(pid)
    return fields[0] if fields else "Z"


def _group(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[2]) if len(fields) > 2 else -1


def _proportional(pid: int) -> int:
    """Resident memory, shared pages divided among those who share them."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Pss:"))
    except (OSError, ValueError, IndexError):
        return _resident(pid)


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
