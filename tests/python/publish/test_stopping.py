"""Ctrl-C and SIGTERM end a command at any moment, with one line; so do a full disk and memory."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb
import pytest

from strata.cli import run
from strata.errors import BuildFailed, DiskFull, OutOfMemory, StrataError, machine_error
from strata.warehouse.dbt_run import DbtRun

from .conftest import environment

if TYPE_CHECKING:
    from tests.python.publish.conftest import Toy

STOPS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


@pytest.mark.parametrize(("number", "code"), STOPS)
@pytest.mark.parametrize("begin", ["leave_at_once", "raise_once"])
def test_a_signal_before_and_during_a_command_ends_it(
    begin: str, number: signal.Signals, code: int
) -> None:
    """The command may be importing a library, which must not swallow it."""
    program = f"""
import os, sys
from strata import cli, stopping
stopping.{begin}()
class Finder:
    def find_spec(self, *names):
        os.kill(os.getpid(), {int(number)})
sys.meta_path.insert(0, Finder())
cli.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "policy", "list"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.strip() == "strata: stopped"


@pytest.mark.parametrize(("number", "code"), STOPS)
def test_a_stopped_build_leaves_the_release_and_no_data(
    toy: Toy, number: signal.Signals, code: int
) -> None:
    with toy.start("build") as process:
        assert process.stderr is not None
        while "phase: load" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(number)
        said = process.stderr.read()
        assert process.wait(timeout=20) == code
    assert said.splitlines()[-1] == "strata: stopped"
    assert "Traceback" not in said
    toy.assert_whole()
    assert len(list((toy.out / "releases").iterdir())) == 1
    assert not list((toy.out / "failed").glob("*.duckdb*"))


def test_a_signal_that_duckdb_turns_into_an_error_of_its_own_is_a_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = """
import click
from strata import cli, stopping
@click.command()
def command():
    stopping.Stopped.number = 15
    raise RuntimeError("Query interrupted")
cli.run(command)
"""
    done = subprocess.run([sys.executable, "-c", program], env=environment(), check=False)
    assert done.returncode == 143


def offloading() -> Exception:
    return duckdb.OutOfMemoryException(
        "Out of Memory Error: failed to offload data block of size 256.0 KiB (0 bytes used).\n"
        "This limit was set by the 'max_temp_directory_size' setting."
    )


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(28, "No space left on device"), 74, "the disk is full"),
        (duckdb.IOException("IO Error: Could not write: No space left on device"), 74, "full"),
        (StrataError("warehouse: No space left on device"), 74, "free space"),
        (offloading(), 74, "the disk is full"),
        (MemoryError(), 71, "out of memory"),
        (OSError(12, "Cannot allocate memory"), 71, "out of memory"),
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate"), 71, "MEMORY_"),
        (duckdb.IOException("IO Error: no such file"), 1, "no such file"),
        (PermissionError(13, "Permission denied"), 1, "Permission denied"),
        (BuildFailed("a test failed"), 1, "a test failed"),
    ],
)
def test_a_full_disk_and_memory_have_a_code_and_a_line_each(
    error: Exception, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def command() -> None:
        raise error

    with pytest.raises(SystemExit) as stopped, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["strata"])
        run(command)
    assert stopped.value.code == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("last", "code", "console", "kind"),
    [
        ({"error": "Runtime Error\n  IO Error: x: No space left on device"}, 0, "", DiskFull),
        (
            {"failures": [{"message": "Runtime Error\n  Out of Memory Error: x"}]},
            0,
            "",
            OutOfMemory,
        ),
        ({"start": "model"}, -9, "", OutOfMemory),
        ({"start": "model"}, 1, "OSError: [Errno 28] No space left on device", DiskFull),
        ({"start": "model"}, 1, "MemoryError", OutOfMemory),
        ({"start": "model"}, 1, "", BuildFailed),
    ],
)
def test_what_dbt_says_of_a_full_disk_and_memory_is_understood(
    tmp_path: Path, last: dict[str, object], code: int, console: str, kind: type[Exception]
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "console.log").write_text(console)
    with pytest.raises(StrataError) as raised:
        DbtRun(tmp_path, tmp_path)._judge(last, code)
    assert type(raised.value) is kind


def test_a_message_keeps_its_kind() -> None:
    full = DiskFull("x")
    assert machine_error(full) is full
