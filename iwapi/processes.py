"""Processes by name: who holds an account's lease, and whether that one still runs."""

from __future__ import annotations

from functools import cache


def process_of(pid: int) -> str:
    """A name for a process that no later one shares: its pid, when it started, and in which boot."""
    return f"{pid}:{_started(pid)}:{_boot()}"


def is_alive(process: str) -> bool:
    """Whether the process of that name still runs on this machine."""
    pid = int(process.partition(":")[0])
    return _started(pid) != "" and process_of(pid) == process


@cache
def _boot() -> str:
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
        return boot.read().strip()


def _started(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
            return "" if fields[0] == "Z" else fields[19]  # a zombie does nothing any more
    except OSError:
        return ""
