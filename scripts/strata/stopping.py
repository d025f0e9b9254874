"""Ctrl-C and SIGTERM: a command that is stopped cleans up, says one line and ends."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """Raised where the command is when it is stopped; `number` is the signal's."""

    number: int | None = None


def leave_at_once() -> None:
    """While nothing has begun, let a signal end the process without another step."""
    _on_signals(lambda number, _: leave(number))


def raise_once() -> None:
    """Let the first signal raise `Stopped`, for cleaning up, and a second end the process."""
    Stopped.number = None
    _on_signals(_raise)


def leave(number: int | None = None) -> None:
    """End the process with 128 and the signal's number, whatever else is running in it."""
    sys.stdout.flush()
    os.write(2, b"strata: stopped\n")
    os._exit(128 + (number or Stopped.number or signal.SIGINT))


def _raise(number: int, frame: FrameType | None) -> None:
    Stopped.number = number
    leave_at_once()
    raise Stopped


def _on_signals(handler: signal._HANDLER) -> None:
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as for a job in the background
            signal.signal(number, handler)
