"""Breaks the models one place at a time and counts how many breaks some test notices."""

from __future__ import annotations

import difflib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from strata.errors import BuildFailed, StrataError
from strata_lab.mutation_sites import Mutation, find_mutations, is_parseable, is_valid

GENERATED = {".git", ".venv", "data", "exports", "logs", "target", "warehouse"}
# The mutant is no SQL for the engine: it says nothing about the tests and another one is drawn.
NOT_SQL = re.compile(
    r"(Binder|Parser|Catalog|Syntax|Not implemented) Error|No function matches|Compilation Error"
)
NO_TESTS_COLLECTED = 5
# The static parser starts threads, which a forked process waits for in vain.
DBT = ("--quiet", "--no-static-parser")


@dataclass(frozen=True)
class Mutant:
    """One broken model; `path` is relative to the project."""

    path: str
    mutation: Mutation
    text: str
    diff: str

    @property
    def model(self) -> str:
        """Name of the model."""
        return Path(self.path).stem

    @property
    def place(self) -> str:
        """Model, line and kind, as in `orders:12 comparison`."""
        return f"{self.model}:{self.mutation.line} {self.mutation.kind}"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: `killed`, `survived` or `invalid` (not SQL), and through what."""

    mutant: Mutant
    status: str
    killed_by: str
    seconds: float


@dataclass(frozen=True)
class Report:
    """Outcomes in the order drawn, and the models that could not be mutated."""

    seed: int
    sites: int
    outcomes: list[Outcome]
    unreadable: list[str]
    reference_checks: bool

    def of(self, status: str) -> list[Outcome]:
        """Return the outcomes with a status."""
        return [outcome for outcome in self.outcomes if outcome.status == status]

    def as_text(self) -> str:
        """Return a table of the mutants, then the survivors with their diffs."""
        lines = [
            f"{outcome.status:9} {outcome.mutant.place:60} {outcome.killed_by}"
            for outcome in self.outcomes
        ]
        for outcome in self.of("survived"):
            lines += ["", f"survived: {outcome.mutant.path}", outcome.mutant.diff]
        lines += [f"not read (Jinja that cannot be masked): {path}" for path in self.unreadable]
        if not self.reference_checks:
            lines.append("no test is marked `mutation`: only dbt's own tests judged")
        killed, valid = len(self.of("killed")), len(self.of("killed")) + len(self.of("survived"))
        rate = f"{killed} of {valid} mutants killed ({self.killed_rate:.0%})"
        lines.append(f"{rate}; seed {self.seed}, {self.sites} possible mutations")
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """Return the same as one JSON object."""
        return {
            "seed": self.seed,
            "sites": self.sites,
            "killed": len(self.of("killed")),
            "survived": len(self.of("survived")),
            "invalid": len(self.of("invalid")),
            "killed_rate": self.killed_rate,
            "reference_checks": self.reference_checks,
            "unreadable_models": self.unreadable,
            "mutants": [
                {
                    "path": outcome.mutant.path,
                    "line": outcome.mutant.mutation.line,
                    "kind": outcome.mutant.mutation.kind,
                    "status": outcome.status,
                    "killed_by": outcome.killed_by,
                    "seconds": round(outcome.seconds, 2),
                    "diff": outcome.mutant.diff,
                }
                for outcome in self.outcomes
            ],
        }

    @property
    def killed_rate(self) -> float:
        """Killed mutants as a share (0-1) of those that are SQL; 1 if there are none."""
        valid = len(self.of("killed")) + len(self.of("survived"))
        return len(self.of("killed")) / valid if valid else 1.0


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


def draw(
    project: Path, seed: int, models: tuple[str, ...] = ()
) -> tuple[int, list[str], Iterator[Mutant]]:
    """Return the number of sites, the unreadable models, and distinct valid mutants at random.

    Every site is as likely as any other, so models count by their number of sites.

    Raises:
        StrataError: if a name in `models` is no model.
    """
    texts = {
        str(path.relative_to(project)): path.read_text(encoding="utf-8")
        for path in sorted((project / "models").rglob("*.sql"))
        if not models or path.stem in models
    }
    unknown = set(models) - {Path(path).stem for path in texts}
    if unknown:
        raise StrataError(f"--model {sorted(unknown)[0]}: no such model below {project / 'models'}")
    unreadable = [path for path, text in texts.items() if not is_parseable(text)]
    sites = [
        (path, mutation)
        for path, text in texts.items()
        if path not in unreadable
        for mutation in find_mutations(text)
    ]
    random.Random(seed).shuffle(sites)

    def mutants() -> Iterator[Mutant]:
        seen = set()
        for path, mutation in sites:
            broken = mutation.apply(texts[path])
            if (path, broken) not in seen and is_valid(texts[path], mutation):
                seen.add((path, broken))
                yield Mutant(path, mutation, broken, _diff(texts[path], broken))

    return len(sites), unreadable, mutants()


def run(
    project: Path,
    seed: int,
    count: int,
    raw: Path | None = None,
    customers: int = 400,
    workers: int = 2,
    models: tuple[str, ...] = (),
    time_limit: float = 300,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Test `count` mutants of the project in copies of it; the project itself is not touched.

    Without `raw` a sample company of `customers` is made. `time_limit` is in seconds per mutant;
    one that takes longer counts as killed. `tell` gets lines of progress.

    Raises:
        BuildFailed: if the unbroken project does not pass its own tests.
    """
    sites, unreadable, mutants = draw(project, seed, models)
    with tempfile.TemporaryDirectory(prefix="strata-mutate-") as folder:
        raw = raw or _make_sample(Path(folder), customers)
        slots = [_make_slot(project, Path(folder) / f"slot{i}", raw) for i in range(workers)]
        baseline, has_checks = _build_baseline(Path(folder), slots, tell)
        outcomes: list[Outcome] = []
        running: dict[int, tuple[BaseProcess, Mutant, float]] = {}
        while True:
            valid = sum(outcome.status != "invalid" for outcome in outcomes)
            free = [i for i in range(workers) if i not in running]
            while free and valid + len(running) < count:
                mutant = next(mutants, None)
                if mutant is None:
                    break
                slot = free.pop(0)
                worker = _start(_test_mutant, slots[slot], mutant, baseline, has_checks)
                running[slot] = (worker, mutant, time.monotonic())
            if not running:
                break
            time.sleep(0.05)
            for slot, (worker, mutant, started) in list(running.items()):
                seconds = time.monotonic() - started
                if worker.is_alive() and seconds < time_limit:
                    continue
                outcomes.append(_finish(slots[slot], worker, mutant, seconds))
                del running[slot]
                tell(_line(len(outcomes), outcomes[-1]))
    return Report(seed, sites, outcomes, unreadable, has_checks)


def _line(number: int, outcome: Outcome) -> str:
    by = f" by {outcome.killed_by}" if outcome.status == "killed" else ""
    return f"{number:3} {outcome.mutant.place}: {outcome.status}{by} ({outcome.seconds:.1f} s)"


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _make_sample(folder: Path, customers: int) -> Path:
    out = str(folder / "data")
    arguments = ["data", "sample", "--every-fault", "--customers", str(customers), "--out", out]
    command = [sys.executable, "-c", "from strata.cli import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildFailed(f"`strata {' '.join(arguments)}` failed: {done.stderr.strip()[-500:]}")
    return folder / "data" / "raw"


def _make_slot(project: Path, copy: Path, raw: Path) -> Slot:
    def ignore(folder: str, names: list[str]) -> set[str]:
        top = GENERATED if Path(folder) == project else set()
        return {name for name in names if name in top or name == "__pycache__"}

    shutil.copytree(project, copy, ignore=ignore)
    slot = Slot(project, copy, raw.resolve())
    slot.database.parent.mkdir()
    return slot


def _build_baseline(
    folder: Path, slots: list[Slot], tell: Callable[[str], None]
) -> tuple[Path, bool]:
    """Build once, then once more in every slot: what passes twice unbroken may judge the broken."""
    tell("building the unbroken project")
    _warm_up(slots[0])
    _expect_pass(slots[0], _start(_build, slots[0], None))
    baseline = folder / "baseline.duckdb"
    shutil.copyfile(slots[0].database, baseline)
    tell("checking that the unbroken project passes on top of that build")
    workers = []
    for slot in slots:
        slot.restore(baseline)
        workers.append(_start(_build, slot, None))
    for slot, worker in zip(slots, workers, strict=True):
        _expect_pass(slot, worker)
    worker = _start(_reference_checks, slots[0])
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


def _start(target: Callable[..., None], slot: Slot, *arguments: object) -> BaseProcess:
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


def _finish(slot: Slot, worker: BaseProcess, mutant: Mutant, seconds: float) -> Outcome:
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


def _test_mutant(slot: Slot, mutant: Mutant, baseline: Path, has_checks: bool) -> None:
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
