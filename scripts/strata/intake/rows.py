"""What the first step of a build made of the raw rows: kept, rejected, suspicious.

The staging models decide that, and nothing else does: `strata check` runs them in a folder of its
own, and `strata build` asks before it goes on to the marts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import BuildFailed
from strata.intake.contract import contract

# A rejected row's value is shown if it is one of so many commonest ones, and so far.
VALUES = 3
CHARACTERS = 40
# The sum below a report is no record, so that its rejection says nothing about the others.
SUM = "total_row"
# Rows dated after a given as_of_date are left out on purpose, and so are those that hang on them.
LATER = "future_date"
PARENT_IS_LATER = ("unknown_order", "unknown_account", "unknown_user", "unknown_subscriber")
# warning_key of source_warnings -> what it means.
WARNINGS = {
    "codes_without_record": "{affected} of {compared} customer codes of orders ({rate}) meet no "
    "record of erp_customers: {example} does not, and the records have codes such as "
    "{counterexample}; write them alike",
    "orders_that_do_not_count": "none of the {compared} orders counts as revenue: all are "
    "{example} or the like; correct the status if they were paid",
    "refunds_above_order": "the refunds of {affected} of {compared} refunded orders ({rate}) add "
    "up to more than the order's value, such as {example}; they are kept",
    "placeholder_codes": "{affected} of {compared} orders ({rate}) have a placeholder for a "
    "customer code, such as N/A or guest; they count as guests'",
    "repeated_content": "{affected} of {compared} rows ({rate}) equal another one in every column "
    "but the key; if two exports overlap, load one of them",
    "costs_in_another_currency": "all {compared} product costs are taken in {example} while most "
    "orders are in others such as {counterexample}; fill the currency of erp_products",
}


@dataclass(frozen=True)
class Rejection:
    """Rows of one table that are rejected for one reason.

    `values` are the commonest ones at fault with their rows, `COLUMN: VALUE`; those of a column
    that the contract marks as personal are left out.
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
    def rate(self) -> float:
        """Share of the rows that are rejected (0-1)."""
        return self.rejected / self.rows if self.rows else 0.0

    @property
    def verdict(self) -> str:
        """How many rows are rejected, in a line."""
        return f"{self.name}: {self.rejected:,} of {self.rows:,} rows ({self.rate:.1%}) rejected"

    def __str__(self) -> str:
        return "\n    ".join([self.verdict, *map(str, self.reasons)])


@dataclass(frozen=True)
class Input:
    """What became of the raw rows of every table, and sentences about what looks wrong."""

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
        """Return the tables of which more is rejected than allowed.

        Args:
            max_rejected: rate of a table's rows (0-1).
            as_of: the date asked for; None if a build describes the latest one.
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

    def to_dict(self) -> dict[str, Any]:
        """Return what is said for `--json`."""
        return asdict(self)


def read(database: Path) -> Input:
    """Read what the first step of a build wrote.

    Raises:
        BuildFailed: the project has no such models.
    """
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            counts = connection.execute(
                """
                select source_table, row_count, kept_count, rejected_count
                from intermediate.int_source_rows__counted
                """
            ).fetchall()
            reasons = connection.execute(
                """
                select source_table, rejection_reason, record_count, meaning, fix
                from main.rejected_record_counts
                order by record_count desc, rejection_reason
                """
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
            warnings = connection.execute(
                """
                select source_table, warning_key, affected_count, compared_count, example,
                    counterexample
                from main.source_warnings
                order by source_table, warning_key
                """
            ).fetchall()
    except duckdb.CatalogException as error:
        raise BuildFailed(f"the input cannot be judged: {str(error).splitlines()[0]}") from None
    by_name = {name: (rows, kept, rejected) for name, rows, kept, rejected in counts}
    found = {
        name: [
            Rejection(reason, rows, meaning or "", fix or "", _values(name, reason, values))
            for table, reason, rows, meaning, fix in reasons
            if table == name
        ]
        for name in by_name
    }
    return Input(
        [
            TableRows(table.name, table.required, *by_name[table.name], found[table.name])
            for table in contract()
            if table.name in by_name
        ],
        [warning(*row) for row in warnings],
    )


def warning(
    table: str, key: str, affected: int, compared: int, example: str, counterexample: str
) -> str:
    """Return a row of source_warnings as a sentence."""
    sentence = WARNINGS.get(key, key + ": {affected} of {compared} ({rate})").format(
        affected=f"{affected:,}",
        compared=f"{compared:,}",
        rate=f"{affected / compared:.1%}",
        example=_shown(example),
        counterexample=_shown(counterexample),
    )
    return f"{table}: {sentence}"


def _values(name: str, reason: str, values: list[tuple[Any, ...]]) -> dict[str, int]:
    personal = {
        column.name
        for table in contract()
        if table.name == name
        for column in table.columns
        if column.pii
    }
    shown: Counter[str] = Counter()
    for table, of_reason, column, value, rows in values:
        if (table, of_reason) == (name, reason):
            text = "(not shown)" if column in personal else _shown(value)
            shown[f"{column} {text}"] += rows
    return dict(shown)


def _shown(value: str | None) -> str:
    """Return a value as it can stand in a line: no line ends, no control characters, not long."""
    text = "".join(sign if sign.isprintable() else " " for sign in value or "")
    text = " ".join(text.split())
    if len(text) > CHARACTERS:
        text = text[: CHARACTERS - 1] + "…"
    return f"'{text}'" if text else "empty"
