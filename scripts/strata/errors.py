"""Errors that a user can cause; each is one line that names the place and the fix."""

from __future__ import annotations

import errno

DISK_FULL = "No space left on device"
# Messages of DuckDB, as an exception or in dbt's words. Its temporary files fill the disk as well.
OUT_OF_MEMORY = "Out of Memory Error"
NO_TEMPORARY_SPACE = "failed to offload data block"


class StrataError(Exception):
    """Bad usage or bad input (exit code 2)."""

    exit_code = 2


class BuildFailed(StrataError):
    """A model, a test or the audit failed (exit code 1)."""

    exit_code = 1


class GuardTripped(StrataError):
    """A limit or a guard that the user set stopped the run (exit code 3)."""

    exit_code = 3


class OutOfMemory(StrataError):
    """The memory is used up (exit code 71)."""

    exit_code = 71

    def __init__(self, what: str) -> None:
        super().__init__(
            f"out of memory ({what}): end other programs, or set STRATA_MEMORY_LIMIT to about "
            "two thirds of the memory, such as 4GB"
        )


class DiskFull(StrataError):
    """A disk is full (exit code 74)."""

    exit_code = 74

    def __init__(self, what: str) -> None:
        super().__init__(f"the disk is full ({what}): free space, then run the command again")


class LockHeld(StrataError):
    """Another build holds the lock of the warehouse folder (exit code 75)."""

    exit_code = 75


def machine_error(error: BaseException | str) -> StrataError | None:
    """Return what a full disk or a lack of memory means to a user; None for other errors.

    A text is what another program said of an error.
    """
    if isinstance(error, (DiskFull, OutOfMemory)):
        return error
    text = str(error)
    lines = text.splitlines() or [type(error).__name__]
    code = error.errno if isinstance(error, OSError) else None
    if code in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(lines[0])
    if code == errno.ENOMEM or isinstance(error, MemoryError):
        return OutOfMemory(lines[0])
    for line in lines:
        if DISK_FULL in line or NO_TEMPORARY_SPACE in line:
            return DiskFull(line.strip())
        if OUT_OF_MEMORY in line or line.strip() == MemoryError.__name__:
            return OutOfMemory(line.strip())
    return None
