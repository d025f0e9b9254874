"""Errors that a user can cause; each is one line that names the place and the fix."""


class StrataError(Exception):
    """Bad usage or bad input (exit code 2)."""

    exit_code = 2


class BuildFailed(StrataError):
    """A model, a test or the audit failed (exit code 1)."""

    exit_code = 1


class GuardTripped(StrataError):
    """A limit or a guard that the user set stopped the run (exit code 3)."""

    exit_code = 3


class LockHeld(StrataError):
    """Another build holds the lock of the warehouse folder (exit code 75)."""

    exit_code = 75
