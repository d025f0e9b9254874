"""Breaks the models one place at a time and counts how many breaks some test notices."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from strata_lab.mutants import Mutant, Outcome, draw
from strata_lab.mutation_slots import (
    build_baseline,
    finish,
    make_sample,
    make_slot,
    start,
    try_mutant,
)


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
        raw = raw or make_sample(Path(folder), customers)
        slots = [make_slot(project, Path(folder) / f"slot{i}", raw) for i in range(workers)]
        baseline, has_checks = build_baseline(Path(folder), slots, tell)
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
                worker = start(try_mutant, slots[slot], mutant, baseline, has_checks)
                running[slot] = (worker, mutant, time.monotonic())
            if not running:
                break
            time.sleep(0.05)
            for slot, (worker, mutant, started) in list(running.items()):
                seconds = time.monotonic() - started
                if worker.is_alive() and seconds < time_limit:
                    continue
                outcomes.append(finish(slots[slot], worker, mutant, seconds))
                del running[slot]
                tell(_line(len(outcomes), outcomes[-1]))
    return Report(seed, sites, outcomes, unreadable, has_checks)


def _line(number: int, outcome: Outcome) -> str:
    by = f" by {outcome.killed_by}" if outcome.status == "killed" else ""
    return f"{number:3} {outcome.mutant.place}: {outcome.status}{by} ({outcome.seconds:.1f} s)"
