"""One writer at a time per warehouse folder."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from strata.errors import LockHeld

# How long to wait for the last child of a killed build to notice that its parent is gone.
ORPHAN_SECONDS = 20.0


@contextmanager
def lock(path: Path, work: str) -> Iterator[int]:
    """Hold an exclusive lock on `path` while the block runs; yield its descriptor.

    The lock belongs to the open file: it is free once this process and every child that was handed
    the descriptor have ended, however they ended. The file's text says who holds it. Raises
    LockHeld at once if a live process does.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _acquire(descriptor, path, work)
        os.ftruncate(descriptor, 0)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        os.pwrite(descriptor, f"{os.getpid()} {started}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, work: str) -> None:
    deadline = time.monotonic() + ORPHAN_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(descriptor, 200, 0).decode().split()
            if not holder or _is_alive(int(holder[0])) or time.monotonic() > deadline:
                who = f"process {holder[0]}, started {holder[1]}" if holder else "another process"
                raise LockHeld(
                    f"{who}, is running a {work} here: wait for it to end (lock {path})"
                ) from None
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True
