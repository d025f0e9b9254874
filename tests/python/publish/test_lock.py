"""One build at a time, whoever dies."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strata.errors import LockHeld
from strata.warehouse.lock import lock

if TYPE_CHECKING:
    from tests.python.publish.conftest import Toy


def test_second_build_exits_75(toy: Toy) -> None:
    with toy.start("build") as first:
        assert first.stderr is not None
        while "phase: load" not in first.stderr.readline():
            assert first.poll() is None
        second = toy.run("build")
        assert second.returncode == 75
        assert f"process {first.pid}, started 20" in second.stderr
        assert first.wait() == 0
    toy.assert_whole()


def test_lock_is_free_after_the_block(tmp_path: Path) -> None:
    for _ in range(2):
        with lock(tmp_path / ".lock", "build"):
            pass


def test_lock_held_by_a_live_process_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with lock(path, "build"), pytest.raises(LockHeld, match="a build here"), lock(path, "build"):
        pass


def test_lock_of_a_killed_process_passes_on_when_its_child_has_ended(tmp_path: Path) -> None:
    """The child got the descriptor and outlives its parent for a moment."""
    path = tmp_path / ".lock"
    code = f"""
import subprocess, sys, time
from pathlib import Path
from strata.warehouse.lock import lock
with lock(Path({str(path)!r}), "build") as held:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"], pass_fds=[held])
    print("held", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        first.send_signal(signal.SIGKILL)
        first.wait()
        with lock(path, "build"):
            pass
