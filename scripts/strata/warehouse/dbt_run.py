"""Running `dbt build` in a child process and reading what came of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import BuildFailed, OutOfMemory, StrataError, machine_error
from strata.warehouse import parsed
from strata.warehouse.progress import Progress

# At most so many findings of one failed test are printed.
FINDINGS = 20
# Unit tests are of the code, not of the data; plain `dbt build` runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious")
# Models that decide whether the input allows the rest of the build, with their parents.
INTAKE = ("+int_source_rows__counted", "+rejected_record_counts", "+source_warnings")
READ_INPUT = (*BUILD, "--select", *INTAKE)
BUILD_THE_REST = (*BUILD, "--exclude", *INTAKE)
COMPILE = ("compile", "--select", "resource_type:model")
KILLED = -9
# Kind of node -> phase of a build; a test belongs to none.
PHASES = {"operation": "load", "seed": "seed", "snapshot": "snapshot", "test": None}
HEADING = re.compile(r"(Compilation|Database|Parsing|Runtime) Error( in .*)?|Encountered an error:")


@dataclass(frozen=True)
class DbtRun:
    """One `dbt build` into `folder`/build.duckdb."""

    project: Path
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    threads: int | None = None

    @property
    def database(self) -> Path:
        """The database that dbt writes; its name is the catalog's name inside every view."""
        return self.folder / "build.duckdb"

    def commands(self, kept: Path, steps: tuple[tuple[str, ...], ...]) -> dict[str, object]:
        """Return what the child does: parse the project, then each step with what was parsed.

        The vars and the places of this run are told to the steps alone, so that the parse is the
        same for every run of the same files.
        """
        places = [
            *("--project-dir", str(self.project)),
            *("--profiles-dir", str(self.project)),
            *("--target-path", str(self.folder / "target")),
            *("--log-path", str(self.folder / "logs")),
            *("--log-level", "none"),
            *("--log-level-file", os.environ.get("DBT_LOG_LEVEL_FILE", "debug")),
        ]
        settings = [
            *("--vars", json.dumps(self.variables)),
            *("--warn-error-options", '{"error": ["NoNodesForSelectionCriteria"]}'),
        ]
        if self.threads is not None:
            settings += ["--threads", str(self.threads)]
        return {
            "parse": ["parse", *places, "--no-write-json", *parsed.arguments(kept)],
            "steps": [[*step, *places, *settings] for step in steps],
            "environment": {
                "STRATA_DATABASE": str(self.database),
                "STRATA_BUILD_ID": self.folder.name,
                "STRATA_TEMP_DIRECTORY": str(self.folder / "tmp"),
            },
        }

    def run(self, progress: Progress, lock: int, judge_input: Callable[[], None]) -> None:
        """Build; `progress` is told of each phase.

        The child holds the build's `lock` (a descriptor) as well, until it ends. `judge_input` is
        called as soon as the tables of INTAKE are made; what it raises ends the build.

        Raises StrataError if dbt could not start its work (bad input, bad usage or a broken
        project), BuildFailed if a model, seed, snapshot or test failed.
        """
        # Closed at once if judge_input raises, so that no child is left in the folder.
        models = "staging"
        with closing(self._reports((READ_INPUT, BUILD_THE_REST), lock)) as reports:
            for report in reports:
                if "start" in report:
                    phase = PHASES.get(report["start"], models)
                    if phase:
                        progress.phase(phase)
                elif "finished" in report:
                    judge_input()
                    models = "marts"

    def read_input(self) -> None:
        """Make the tables of INTAKE alone; raises as `run`."""
        for _ in self._reports((READ_INPUT,)):
            pass

    def compile(self) -> None:
        """Write `folder`/target/manifest.json with the SQL of every model, as for a first build.

        Raises StrataError if dbt cannot compile the project.
        """
        for _ in self._reports((COMPILE,)):
            pass

    def _reports(
        self, steps: tuple[tuple[str, ...], ...], *locks: int
    ) -> Generator[dict[str, Any], None, None]:
        """Run the child and yield what it reports; its last report is judged.

        Between two steps the child waits until the caller asks for the next report.
        """
        environment = os.environ | {
            "STRATA_DATABASE": self.database.name,  # while parsing: the name, not the place
            "STRATA_COMPRESSION": "uncompressed",  # the database lasts until its tables are copied
            "DO_NOT_TRACK": "1",
        }
        environment.pop("STRATA_BUILD_ID", None)
        kept = parsed.kept_parse(self.project)
        commands = json.dumps(self.commands(kept, steps))
        last: dict[str, Any] = {}
        console = self.folder / "logs" / "console.log"
        with (
            console.open("w", encoding="utf-8") as errors,
            subprocess.Popen(
                [sys.executable, "-m", "strata.warehouse.dbt_child", commands],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self.project,
                env=environment,
                text=True,
                encoding="utf-8",
                pass_fds=locks,
                start_new_session=True,  # Ctrl-C ends this process, and by that the child
            ) as child,
        ):
            assert child.stdin is not None and child.stdout is not None
            try:
                for line in child.stdout:
                    last = json.loads(line)
                    if "parsed" in last:
                        parsed.keep(self.folder / "target" / "partial_parse.msgpack", kept)
                    yield last
                    if "finished" in last:
                        child.stdin.write("\n")
                        child.stdin.flush()
            finally:
                child.stdin.close()
        self._judge(last, child.returncode)

    def _judge(self, last: dict[str, Any], code: int) -> None:
        if "error" in last:
            text = "\n  ".join(_lines(last["error"]))
            raise machine_error(text) or StrataError(text)
        if code == KILLED:
            raise OutOfMemory("the system killed dbt, as it does when memory runs out")
        if "failures" not in last:
            console = (self.folder / "logs" / "console.log").read_text("utf-8", errors="replace")
            raise machine_error(console) or BuildFailed(
                f"dbt ended before its work was done (exit code {code})"
            )
        failures = last["failures"]
        lines: list[str] = []
        for failure in failures:
            if machine := machine_error(failure["message"]):
                raise machine
            findings = self._findings(failure) if failure["finding_column"] else []
            reason = _lines(failure["message"])[0]
            lines += findings or [f"{failure['kind']} {failure['name']}: {reason}"]
        if failures:
            count = len(failures)
            title = "one part of the build" if count == 1 else f"{count} parts"
            of_input = all(failure["finding_column"] for failure in failures)
            error = StrataError if of_input else BuildFailed
            raise error("\n  ".join([f"{title} failed:", *lines]))

    def _findings(self, failure: dict[str, str]) -> list[str]:
        """Return the rows of a failed test that are sentences about a seed or the input."""
        query = f"select {failure['finding_column']} from ({failure['sql']}) order by all"
        try:
            with duckdb.connect(str(self.database), read_only=True) as connection:
                rows = connection.execute(f"{query} limit {FINDINGS + 1}").fetchall()
        except duckdb.Error:
            return []
        lines = [str(row[0]) for row in rows[:FINDINGS]]
        return [*lines, "and more"] if len(rows) > FINDINGS else lines


def _lines(message: str) -> list[str]:
    """Return the lines of dbt's message without its headings and the stack of macros below it."""
    lines: list[str] = []
    for line in message.splitlines():
        text = line.strip()
        if text.startswith("> in macro"):
            break
        if text and not HEADING.fullmatch(text):
            lines.append(text)
    return lines or [message.strip()]
