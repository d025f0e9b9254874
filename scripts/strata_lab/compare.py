"""Comparing the public tables of two releases, row by row in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.sql import identifier, quoted
from strata.terminal import table as aligned
from strata.warehouse.releases import PUBLIC

# A column that names the build differs between any two of them.
BUILD_COLUMNS = {"build_id"}
# Twelve digits of a double are compared: the last ones change with the order of a sum.
DIGITS = "{:.11e}"


@dataclass(frozen=True)
class TableDifference:
    """One public table in both releases; a table or column that one lacks is named, not counted.

    `only_before` and `only_after` are rows that the other release does not hold as often, by the
    columns that both have; `columns` are those of them whose values differ.
    """

    name: str
    before: int | None
    after: int | None
    only_before: int
    only_after: int
    columns: list[str]
    columns_only_before: list[str]
    columns_only_after: list[str]

    @property
    def is_equal(self) -> bool:
        """Whether both releases have the table with the same columns and rows."""
        return not (
            self.before is None
            or self.after is None
            or self.only_before
            or self.only_after
            or self.columns_only_before
            or self.columns_only_after
        )


@dataclass(frozen=True)
class Comparison:
    """All public tables of two releases."""

    tables: list[TableDifference]

    @property
    def is_equal(self) -> bool:
        """Whether no table differs."""
        return all(table.is_equal for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        """Return the comparison for `--json`."""
        return {"is_equal": self.is_equal, "tables": [asdict(table) for table in self.tables]}

    def as_text(self) -> str:
        """Return a line per table that differs, and how many do not."""
        different = [table for table in self.tables if not table.is_equal]
        count = f"{len(self.tables) - len(different)} of {len(self.tables)} public tables are equal"
        if not different:
            return count
        headings = ["Table", "Before", "After", "Only before", "Only after", "Columns"]
        return "\n".join([aligned(headings, list(map(_line, different)), text=[0, 5]), "", count])


def compare(before: Path, after: Path, ignored: Sequence[str] = ()) -> Comparison:
    """Compare the public tables of two releases.

    Args:
        before: A warehouse folder (its current release), a release folder, or a database file.
        after: Likewise.
        ignored: Columns to leave out, besides build_id.

    Raises:
        StrataError: one of them is no release.
    """
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for name, place in (("before", before), ("after", after)):
            database = _database(place)
            connection.execute(f"attach {quoted(database)} as {identifier(name)} (read_only)")
        left, right = (_columns(connection, name, ignored) for name in ("before", "after"))
        names = sorted(left.keys() | right.keys())
        return Comparison([_compare(connection, name, left, right) for name in names])


def _database(place: Path) -> Path:
    for file in (place, place / PUBLIC, place / "current" / PUBLIC):
        if file.is_file():
            return file
    raise StrataError(
        f"{place}: no release; name a warehouse folder, a folder in its releases/, or {PUBLIC}"
    )


def _columns(
    connection: duckdb.DuckDBPyConnection, database: str, ignored: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return the columns of each public table, in order, with their types."""
    rows = connection.execute(
        """
        select table_name, column_name, data_type from duckdb_columns()
        where database_name = ? and schema_name = 'main' order by table_name, column_index
        """,
        [database],
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        tables.setdefault(table, {})
        if column not in BUILD_COLUMNS.union(ignored):
            tables[table][column] = data_type
    return tables


def _compare(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    left: dict[str, dict[str, str]],
    right: dict[str, dict[str, str]],
) -> TableDifference:
    def count(query: str) -> int:
        row = connection.execute(f"select count(*) from {query}").fetchone()
        assert row is not None
        return int(row[0])

    def missing(here: str, there: str, columns: list[str]) -> int:
        selected = ", ".join(
            f"format('{DIGITS}', {identifier(column)})"
            if "DOUBLE" in (left[name][column], right[name][column])
            else identifier(column)
            for column in columns
        )
        table = identifier(name)
        return count(
            f"(select {selected} from {here}.main.{table} "
            f"except all select {selected} from {there}.main.{table})"
        )

    both = [column for column in left.get(name, {}) if column in right.get(name, {})]
    only_before = missing("before", "after", both) if both else 0
    only_after = missing("after", "before", both) if both else 0
    differing = both if only_before or only_after else []
    return TableDifference(
        name,
        count(f"before.main.{identifier(name)}") if name in left else None,
        count(f"after.main.{identifier(name)}") if name in right else None,
        only_before,
        only_after,
        [
            column
            for column in differing
            if missing("before", "after", [column]) or missing("after", "before", [column])
        ],
        [column for column in left.get(name, {}) if name in right and column not in both],
        [column for column in right.get(name, {}) if name in left and column not in both],
    )


def _line(table: TableDifference) -> list[str]:
    columns = [
        *table.columns,
        *(f"-{column}" for column in table.columns_only_before),
        *(f"+{column}" for column in table.columns_only_after),
    ]
    counts = (table.before, table.after)
    return [
        table.name,
        *("absent" if rows is None else f"{rows:,}" for rows in counts),
        f"{table.only_before:,}",
        f"{table.only_after:,}",
        ", ".join(columns),
    ]
