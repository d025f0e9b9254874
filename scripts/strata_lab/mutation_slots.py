"""Builds and tests broken models in copies of the project, each with its own database."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from strata.errors import BuildFailed
from strata_lab.mutants import Mutant, Outcome

GENERATED = {".git", ".venv", "data", "exports", "logs", "target", "warehouse"}
# The mutant is no SQL for the engine: it says nothing about the tests and another one is drawn.
NOT_SQL = re.compile(
    r"(Binder|Parser|Catalog|Syntax|Not implemented) Error|No function matches|Compilation Error"
)
NO_TESTS_COLLECTED = 5
# The static parser starts threads, which a forked process waits for in vain.
DBT = ("--quiet", "--no-static-parser")


@dataclass(frozen=True)
class Slot:
    """A copy of the project with its own database, used by one worker at a time."""

    source: Path
    project: Path
    raw: Path

    @property
    def database(self) -> Path:
        """The build database."""
        return self.project / "warehouse" / "build.duckdb"

    def variables(self) -> list[str]:
        """The same for every command, or dbt would parse the whole project again."""
        return ["--vars", json.dumps({"raw_data_dir": str(self.raw)})]

    def restore(self, baseline: Path) -> None:
        """Put the database back as the baseline build left it."""
        self.database.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        shutil.copyfile(baseline, self.database)


def make_sample(folder: Path, customers: int) -> Path:
    """Make a sample company in `folder`; return the folder with its raw files."""
    out = str(folder / "data")
    arguments = ["data", "sample", "--every-fault", "--customers", str(customers), "--out", out]
    command = [sys.executable, "-c", "from strata.cli import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildFailed(f"`strata {' '.join(arguments)}` failed: {done.stderr.strip()[-500:]}")
    return folder / "data" / "raw"


def make_slot(project: Path, copy: Path, raw: Path) -> Slot:
    """Copy the project without what was generated in it."""

    def ignore(folder: str, names: list[str]) -> set[str]:
        top = GENERATED if Path(folder) == project else set()
        return {name for name in names if name in top or name == "__pycache__"}

    shutil.copytree(project, copy, ignore=ignore)
    slot = Slot(project, copy, raw.resolve())
    slot.database.parent.mkdir()
    return slot


def build_baseline(
    folder: Path, slots: list[Slot], tell: Callable[[str], None]
) -> tuple[Path, bool]:
    """Build once, then once more in every slot: what passes twice unbroken may judge the broken."""
    tell("building the unbroken project")
    _warm_up(slots[0])
    _expect_pass(slots[0], start(_build, slots[0], None))
    baseline = folder / "baseline.duckdb"
    shutil.copyfile(slots[0].database, baseline)
    tell("checking that the unbroken project passes on top of that build")
    workers = []
    for slot in slots:
        slot.restore(baseline)
        workers.append(start(_build, slot, None))
    for slot, worker in zip(slots, workers, strict=True):
        _expect_pass(slot, worker)
    worker = start(_reference_checks, slots[0])
    _expect_pass(slots[0], worker)
    return baseline, _result(slots[0])["killed_by"] != "no tests"


def _warm_up(slot: Slot) -> None:
    """Import dbt and parse once, without connecting; forked workers then start in half the time."""
    import dbt.adapters.duckdb
    import dbt.task.build  # noqa: F401
    from dbt.cli.main import dbtRunner

    os.environ["STRATA_DATABASE"] = str(slot.database)
    places = ["--project-dir", str(slot.project), "--profiles-dir", str(slot.project)]
    dbtRunner().invoke([*DBT, "parse", *slot.variables(), *places])


def _expect_pass(slot: Slot, worker: BaseProcess) -> None:
    worker.join()
    result = _result(slot)
    if worker.exitcode != 0 or result["status"] != "survived":
        log = (slot.project / "worker.log").read_text(encoding="utf-8", errors="replace")
        raise BuildFailed(
            "the project fails its own tests before any mutation: "
            f"{result['killed_by'] or log[-1000:].strip()} {result['message']}".strip()
        )


def start(target: Callable[..., None], slot: Slot, *arguments: object) -> BaseProcess:
    """Run in a forked process, which inherits dbt as `_warm_up` left it in this one."""
    (slot.project / "result.json").unlink(missing_ok=True)
    worker = get_context("fork").Process(target=_in_slot, args=(target, slot, *arguments))
    worker.start()
    return worker


def _in_slot(target: Callable[..., None], slot: Slot, *arguments: object) -> None:
    os.setsid()
    os.chdir(slot.project)
    os.environ["STRATA_DATABASE"] = str(slot.database)
    os.environ["STRATA_PROJECT_DIR"] = str(slot.project)
    os.environ["DO_NOT_TRACK"] = "1"
    log = os.open("worker.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    target(slot, *arguments)


def finish(slot: Slot, worker: BaseProcess, mutant: Mutant, seconds: float) -> Outcome:
    """End the worker, mend the model and say what became of the mutant."""
    too_long = worker.is_alive()
    if too_long and worker.pid is not None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.join()
    shutil.copyfile(slot.source / mutant.path, slot.project / mutant.path)
    if too_long:
        return Outcome(mutant, "killed", "the time limit", seconds)
    result = _result(slot)
    return Outcome(mutant, result["status"], result["killed_by"], seconds)


def _result(slot: Slot) -> dict[str, str]:
    path = slot.project / "result.json"
    if not path.exists():
        return {"status": "killed", "killed_by": "a crash of the build", "message": ""}
    result: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return result


def _report(slot: Slot, status: str, killed_by: str = "", message: str = "") -> None:
    text = json.dumps({"status": status, "killed_by": killed_by, "message": message})
    (slot.project / "result.json").write_text(text, encoding="utf-8")


def try_mutant(slot: Slot, mutant: Mutant, baseline: Path, has_checks: bool) -> None:
    """Build the mutant on top of the baseline, then run the reference checks."""
    slot.restore(baseline)
    (slot.project / mutant.path).write_text(mutant.text, encoding="utf-8")
    # dbt keeps the database open until its process ends.
    build = get_context("fork").Process(target=_build, args=(slot, mutant.model))
    build.start()
    build.join()
    if has_checks and _result(slot)["status"] == "survived":
        _reference_checks(slot)


def _build(slot: Slot, model: str | None) -> None:
    """Run `dbt build` on everything, or on one model and what depends on it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = [*DBT, "--no-use-colors", "--no-write-json", "build"]
    arguments += ["--fail-fast", "--threads", "1"]
    arguments += slot.variables()
    if model:
        arguments += ["--select", f"{model}+"]
    done = dbtRunner().invoke(arguments)
    database = DuckDBConnectionManager._ENV
    if database is not None and database.conn is not None:
        database.conn.execute("checkpoint")  # so that the file alone is the whole database
    failures: list[Any] = [
        result
        for result in getattr(done.result, "results", [])
        if result.status in ("error", "fail", "runtime error")
    ]
    if done.success:
        _report(slot, "survived")
    elif not failures:
        message = str(done.exception)
        _report(slot, "invalid" if NOT_SQL.search(message) else "killed", "dbt", message)
    else:
        first, message = failures[0].node, str(failures[0].message)
        is_own = first.name == model or first.resource_type == "unit_test"
        is_sql = not NOT_SQL.search(message) or "enforced contract" in message
        status = "invalid" if model and is_own and not is_sql else "killed"
        _report(slot, status, f"{first.resource_type} {first.name}", message)


def _reference_checks(slot: Slot) -> None:
    """Run the tests marked `mutation` against the copy of the project."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "mutation", "tests/python"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"], capture_output=True, text=True, check=False
    )
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if done.returncode in (0, NO_TESTS_COLLECTED):
        _report(slot, "survived", "no tests" if done.returncode else "")
    else:
        name = failed.group(1) if failed else "pytest"
        _report(slot, "killed", name, (done.stdout + done.stderr)[-500:])
