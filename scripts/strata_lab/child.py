"""Runs a command and measures its time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from strata.errors import BuildFailed

PROCESSES = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


def measure(
    command: list[str], folder: Path, log: Path, environment: dict[str, str] | None = None
) -> tuple[float, int]:
    """Run a command in `folder`; return its seconds and its peak memory in bytes.

    Memory is the resident memory of the process and all below it, sampled five times a second;
    without /proc it is that of the largest process. Output goes to `log`.

    Raises:
        BuildFailed: it ended with another code than 0; the message quotes the end of its output.
    """
    started, peak = time.monotonic(), 0
    with log.open("w", encoding="utf-8") as output:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | (environment or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while True:
            try:
                code = child.wait(0.2)
                break
            except subprocess.TimeoutExpired:
                peak = max(peak, _resident(child.pid))
    seconds = time.monotonic() - started
    if code != 0:
        tail = log.read_text(encoding="utf-8", errors="replace").strip()[-1000:]
        raise BuildFailed(f"a measured command failed with exit code {code}:\n  {tail}")
    if not PROCESSES.is_dir():
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    return seconds, peak


def _resident(root: int) -> int:
    """Return the resident bytes of a process and its descendants."""
    parents: dict[int, int] = {}
    for path in PROCESSES.glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        parents[int(path.parent.name)] = int(fields[1])
    family = {root}
    while added := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= added
    total = 0
    for pid in family:
        try:
            total += int((PROCESSES / str(pid) / "statm").read_text().split()[1]) * PAGE
        except OSError:
            continue
    return total
