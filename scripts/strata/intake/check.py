"""Holding a folder of raw files against the source contract, before a build reads it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import duckdb

from strata.errors import StrataError
from strata.intake.contract import ContractTable, contract
from strata.intake.files import connect, count_rows, open_file
from strata.intake.kinds import SUFFIXES, UNREADABLE_SUFFIXES
from strata.intake.raw import checked_texts

State = Literal["present", "missing", "empty", "broken"]


@dataclass
class TableReport:
    """Content of a folder for one contract table; `rows` is None unless the file was read."""

    name: str
    needed: bool
    state: State = "missing"
    file: str | None = None
    rows: int | None = None
    missing_columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)


@dataclass
class Report:
    """Content of a folder; a build can continue if `problems` (one line each) is empty.

    `unknown_files` maps a file that no build reads to the contract file name nearest to it.
    """

    folder: str
    tables: list[TableReport] = field(default_factory=list)
    unknown_files: dict[str, str | None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def table(self, name: str) -> TableReport:
        """Return the report of one contract table."""
        return next(table for table in self.tables if table.name == name)


def inspect(folder: Path) -> Report:
    """Validate a folder against the source contract, reading every row of every file once."""
    report = Report(folder=str(folder))
    tables = contract()
    files, report.unknown_files = _sort_files(folder, [table.name for table in tables])
    with connect() as connection:
        for table in tables:
            found = files.get(table.name, [])
            report.tables.append(_inspect_table(connection, folder, table, found, report.problems))
    if not files:
        report.problems = [_nothing_there(folder, report.unknown_files)]
    else:
        _check_order_values(report)
    return report


def _sort_files(
    folder: Path, names: list[str]
) -> tuple[dict[str, list[Path]], dict[str, str | None]]:
    """Return the files of each contract table, and the files that are none of them."""
    known: dict[str, list[Path]] = {}
    unknown: dict[str, str | None] = {}
    unreadable: dict[str, Path] = {}
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise StrataError(f"{folder}: {error.strerror}") from None
    for path in paths:
        if path.name.startswith(".") or path.stem.lower() == "readme":
            continue
        name, suffix = path.stem.lower(), path.suffix.lower()
        if name in names and suffix in SUFFIXES and path.is_file():
            known.setdefault(name, []).append(path)
            continue
        # Taken for the table's file, so that one line says what it is, unless there is another.
        first = path.name.lower().split(".")[0]
        if first in names and suffix in UNREADABLE_SUFFIXES:
            unreadable.setdefault(first, path)
        nearest = get_close_matches(name, names, n=1, cutoff=0.6)
        kept_suffix = suffix if suffix in SUFFIXES else ".csv"
        unknown[path.name] = nearest[0] + kept_suffix if nearest else None
    for name, path in unreadable.items():
        if name not in known:
            known[name] = [path]
            del unknown[path.name]
    return known, unknown


def _inspect_table(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    table: ContractTable,
    found: list[Path],
    problems: list[str],
) -> TableReport:
    report = TableReport(name=table.name, needed=table.required)
    without = [table.without] if table.without else []
    if not found:
        report.effects = without
        if table.required:
            problems.append(
                f"{folder / table.name}.csv (or .parquet, .xlsx): missing; it is the table that "
                "every build needs"
            )
        return report
    report.file = " and ".join(path.name for path in found)
    report.state = "broken"
    if len(found) > 1:
        names = " and ".join(map(str, found))
        problems.append(f"{names}: two files for one table; remove one")
        return report
    path = found[0]
    try:
        source = open_file(connection, path, table.form)
        present, known = source.names, {column.name for column in table.columns}
        missing = [column for column in table.columns if column.name not in present]
        report.missing_columns = [column.name for column in missing]
        report.unknown_columns = [given for name, given in present.items() if name not in known]
        report.rows = count_rows(connection, source, checked_texts(source, table))
    except StrataError as error:
        problems.append(str(error))
        return report
    if needed := [column.name for column in missing if column.required]:
        problems.append(
            f"{path}: missing needed column {', '.join(needed)}; the file has "
            f"{', '.join(source.columns)}"
        )
    if report.rows:
        report.state = "present"
        report.effects = [
            f"no {column.name}: {column.without}" for column in missing if column.without
        ]
    else:
        report.state, report.effects = "empty", without
        if table.required:
            problems.append(f"{path}: has a header but no rows; fill it, every build needs it")
    return report


def _check_order_values(report: Report) -> None:
    """Without lines the value of an order is its order_total_amount, so one must be there."""
    orders, lines = report.table("erp_orders"), report.table("erp_order_lines")
    if (
        orders.state == "present"
        and "order_total_amount" in orders.missing_columns
        and lines.state in ("missing", "empty")
    ):
        report.problems.append(
            f"{Path(report.folder) / str(orders.file)}: missing column order_total_amount, needed "
            "because there are no erp_order_lines: without either no order has a value"
        )


def _nothing_there(folder: Path, unknown: dict[str, str | None]) -> str:
    near = [f"{name} should be called {nearest}" for name, nearest in unknown.items() if nearest]
    hint = f" ({'; '.join(near)})" if near else ""
    sample = "strata data sample --out data`, which is read with `--raw data/raw"
    if folder.name == "raw":
        sample = f"strata data sample --out {shlex.quote(str(folder.parent))}"
    return (
        f"no raw data in {folder}{hint}: make a sample company with `{sample}`, or templates for "
        f"your own with `strata data init {shlex.quote(str(folder))}`"
    )
