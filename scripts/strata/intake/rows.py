"""Status of the raw rows after the first step of a build: kept, rejected, suspicious.

The staging models decide that, and nothing else does: `strata check` runs them in a folder of its
own, and `strata build` asks before it goes on to the marts.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from strata.catalogue import knows, say
from strata.company.checks import dbt_folder
from strata.errors import BuildFailed
from strata.intake.contract import contract
from strata.project import Project
from strata.warehouse.dbt_run import DbtRun
from strata.warehouse.files import private_files

# A rejected row's value is shown if it is one of so many commonest ones, and so far.
VALUES = 3
CHARACTERS = 40
# The sum below a report is no record, so that its rejection says nothing about the others.
SUM = "total_row"
# Rows dated after a given as_of_date are left out on purpose, and so are those that hang on them.
LATER = "future_date"
PARENT_IS_LATER = ("unknown_order", "unknown_account", "unknown_user", "unknown_subscriber")


@dataclass(frozen=True)
class Rejection:
    """Rows of one table that are rejected for one reason.

    `values` are the commonest ones at fault with their rows; personal ones are not shown.
    """

    reason: str
    rows: int
    meaning: str
    fix: str
    values: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        values = ", ".join(f"{value} ({rows:,})" for value, rows in self.values.items())
        what = f"{self.rows:,} {self.reason}" + (f": {values}" if values else "")
        return f"{what}. {self.meaning}. {self.fix}" if self.meaning else what


@dataclass(frozen=True)
class TableRows:
    """The raw rows of one table of the contract, and why some are rejected, the commonest first."""

    name: str
    needed: bool
    rows: int
    kept: int
    rejected: int
    reasons: list[Rejection] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """How many rows are rejected, in a line."""
        rate = self.rejected / max(self.rows, 1)
        return f"{self.name}: {self.rejected:,} of {self.rows:,} rows ({rate:.1%}) rejected"

    def __str__(self) -> str:
        return "\n    ".join([self.verdict, *map(str, self.reasons)])


@dataclass(frozen=True)
class Input:
    """Status of the raw rows of every table, and warnings in sentences."""

    tables: list[TableRows]
    warnings: list[str]

    def unusable(self) -> list[str]:
        """Return a line for each needed table without a usable row: no build can go on."""
        return [
            f"no row of {table.name} can be used, and every build needs it\n  {table}"
            for table in self.tables
            if table.needed and not table.kept
        ]

    def over(self, max_rejected: float, as_of: date | None) -> list[TableRows]:
        """Return the tables of which more than `max_rejected` (0-1) is rejected.

        `as_of` is the date asked for; None if a build describes the latest one.
        """
        meant = {SUM}
        reasons = {reason.reason for table in self.tables for reason in table.reasons}
        if as_of is not None and LATER in reasons:
            meant |= {LATER, *PARENT_IS_LATER}
        return [
            table
            for table in self.tables
            if sum(reason.rows for reason in table.reasons if reason.reason not in meant)
            > max_rejected * table.rows
        ]


def try_rows(project: Project, raw: Path) -> Input:
    """Stage the raw files in a folder that nobody else can read and that is gone afterwards.

    Raises StrataError if dbt cannot start its work, BuildFailed if a model or a test of a seed
    fails.
    """
    with tempfile.TemporaryDirectory(prefix="strata-check-") as name, private_files():
        run = DbtRun(dbt_folder(project), Path(name), {"raw_data_dir": str(raw.resolve())})
        (run.folder / "logs").mkdir()
        (run.folder / "tmp").mkdir()
        run.read_input()
        return read(run.database)


def read(database: Path) -> Input:
    """Read what the first step of a build wrote; raises BuildFailed if there are no such models."""
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            counts = connection.execute(
                "select source_table, row_count, kept_count, rejected_count"
                " from intermediate.int_source_rows__counted"
            ).fetchall()
            reasons = connection.execute(
                "select source_table, rejection_reason, record_count, meaning, fix"
                " from main.rejected_record_counts order by record_count desc, rejection_reason"
            ).fetchall()
            values = connection.execute(
                """
                select source_table, rejection_reason, rejected_column, rejected_value, count(*)
                from restricted.rejected_records
                where rejected_column is not null
                group by source_table, rejection_reason, rejected_column, rejected_value
                qualify row_number() over (
                    partition by source_table, rejection_reason
                    order by count(*) desc, rejected_column, rejected_value nulls first
                ) <= $1
                order by count(*) desc, rejected_column, rejected_value nulls first
                """,
                [VALUES],
            ).fetchall()
            warnings = read_warnings(connection)
    except duckdb.CatalogException as error:
        raise BuildFailed(f"the input cannot be judged: {str(error).splitlines()[0]}") from None
    shown = _values(values)
    rejected: defaultdict[str, list[Rejection]] = defaultdict(list)
    for table, reason, rows, meaning, fix in reasons:
        said = Rejection(reason, rows, meaning or "", fix or "", dict(shown[table, reason]))
        rejected[table].append(said)
    counted = {name: (count, kept, refused) for name, count, kept, refused in counts}
    tables = [table for table in contract() if table.name in counted]
    return Input(
        [TableRows(t.name, t.required, *counted[t.name], rejected[t.name]) for t in tables],
        warnings,
    )


def read_warnings(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the rows of source_warnings as sentences."""
    rows = connection.execute(
        """
        select source_table, warning_key, affected_count, compared_count, example, counterexample
        from main.source_warnings
        order by source_table, warning_key
        """
    ).fetchall()
    return [
        f"{table}: "
        + say(
            f"warnings.{key if knows(f'warnings.{key}') else 'other'}",
            "en",
            key=key,
            affected=f"{affected:,}",
            compared=f"{compared:,}",
            rate=f"{affected / compared:.1%}",
            example=_shown(example),
            counterexample=_shown(counterexample),
        )
        for table, key, affected, compared, example, counterexample in rows
    ]


def _values(values: list[tuple[Any, ...]]) -> defaultdict[tuple[str, str], Counter[str]]:
    """Return the rows of each value at fault, by table and reason; personal values not shown."""
    personal = {
        (table.name, column.name) for table in contract() for column in table.columns if column.pii
    }
    shown: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for table, reason, column, value, rows in values:
        text = "(not shown)" if (table, column) in personal else _shown(value)
        shown[table, reason][f"{column} {text}"] += rows
    return shown


def _shown(value: str | None) -> str:
    """Return a value as it can stand in a line: no line ends, no control characters, not long."""
    text = "".join(sign if sign.isprintable() else " " for sign in value or "")
    text = " ".join(text.split())
    if len(text) > CHARACTERS:
        text = text[: CHARACTERS - 1] + "…"
    return f"'{text}'" if text else "empty"
