"""Running a mapping over a user's own export, into raw files that a build reads."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.intake.columns import TYPES, check_conversions, conversion
from strata.intake.contract import ContractTable, contract, contract_files
from strata.intake.files import (
    EXACT,
    Source,
    check_file,
    connect,
    damaged,
    duplicates,
    open_file,
    refuse_nested,
)
from strata.intake.mapping import FATES, InputColumn, Mapping, match_inputs, read_mapping
from strata.sql import first_row, identifier, quoted


@dataclass
class ImportReport:
    """Rows read per input and written per table; (input, status, rows) if the mapping has them."""

    out: str
    inputs: dict[str, int] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    statuses: list[tuple[str, str, int]] = field(default_factory=list)


def import_files(
    folder: Path, arguments: tuple[str, ...], out: Path, hidden: str | None = None
) -> ImportReport:
    """Run a mapping over its input files and write `<table>.parquet` files into a folder.

    A column named `hidden` is read from no input. Nothing is moved into `out` before every table
    is made and checked. Files of an earlier import by the same mapping are replaced. Raises
    StrataError for a wrong mapping, an input that does not fit it, or another contract file in
    `out`.
    """
    mapping = read_mapping(folder)
    files = match_inputs(mapping, arguments)
    _refuse_foreign_files(mapping, out)
    report = ImportReport(out=str(out))
    if "?" in str(out.resolve()):
        raise StrataError(
            f"--out {out}: DuckDB keeps no database below a folder with a ? in its name"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".import-", dir=out))
    except OSError as error:
        raise StrataError(f"--out {out}: {error.strerror}") from None
    try:
        with connect(str(work / "work.duckdb")) as connection:
            for name, path in files.items():
                report.inputs[name] = _load_input(connection, mapping, name, path, hidden)
            for table in contract():
                if table.name in mapping.tables:
                    report.tables[table.name] = _make_table(connection, mapping, table, work)
            report.statuses = _read_statuses(connection, mapping, report.inputs)
        for name in report.tables:
            os.replace(work / f"{name}.parquet", out / f"{name}.parquet")
    except (duckdb.Error, OSError) as error:
        reason = " ".join(str(error).split())
        raise StrataError(f"--out {out}: cannot be written ({reason})") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return report


def _refuse_foreign_files(mapping: Mapping, out: Path) -> None:
    """Refuse a folder whose other contract files would be mixed with the imported ones."""
    own = {f"{name}.parquet" for name in mapping.tables}
    if foreign := [name for name in contract_files(out) if name not in own]:
        raise StrataError(
            f"--out {out}: already holds {', '.join(foreign)}, which this mapping does not write; "
            "name another folder or move these files away"
        )


def _load_input(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    name: str,
    path: Path,
    hidden: str | None,
) -> int:
    """Create the table that the SQL selects from: typed columns and `input_row` (1, 2, …)."""
    columns, form = mapping.inputs[name].columns, mapping.inputs[name].form
    source = open_file(connection, path, form)
    if hidden is not None:
        shown = {n: t for n, t in source.columns.items() if n.strip().lower() != hidden.lower()}
        source = replace(source, columns=shown)
    names = source.names
    present: dict[InputColumn, str] = {}
    for column in columns:
        for candidate in reversed((column.name, *column.aliases)):
            if candidate.lower() in names:
                present[column] = names[candidate.lower()]
    missing = [column.name for column in columns if column.needed and column not in present]
    if missing:
        raise StrataError(
            f"{path}: missing column {', '.join(missing)}, which {mapping.folder} needs; "
            f"the file has {', '.join(source.columns)}"
        )
    refuse_nested(source, present.values())
    copied = _copy(connection, source, name, list(present.values()))
    converted = {
        column.name: conversion(found, copied, column.data_type, column.formats, form)
        for column, found in present.items()
    }
    typed = [(found, c.data_type, converted[c.name]) for c, found in present.items()]
    check_conversions(connection, copied, typed, form)
    selected = ", ".join(
        f"{converted.get(c.name, f'cast(null as {TYPES[c.data_type]})')} as {identifier(c.name)}"
        for c in columns
    )
    (rows,) = first_row(
        connection,
        f"create table {identifier(name)} as select input_row, {selected} from {copied.relation}",
    )
    connection.execute(f"drop table {copied.relation}")
    return int(rows)


def _copy(
    connection: duckdb.DuckDBPyConnection, source: Source, name: str, columns: list[str]
) -> Source:
    """Read a file once, into a table with its columns as they are and `input_row`."""
    table = identifier(f"file {name}")
    # A float that is no number is a missing one.
    selected = "".join(
        f", nullif({identifier(column)}, 'nan') as {identifier(column)}"
        if source.columns[column] in EXACT
        else f", {identifier(column)}"
        for column in columns
    )
    check_file(source)
    try:
        connection.execute(
            f"create table {table} as "
            f"select row_number() over () as input_row{selected} from {source.relation}"
        )
    except duckdb.Error as error:
        raise StrataError(damaged(source.path, error)) from None
    return replace(source, relation=table)


def _run(
    connection: duckdb.DuckDBPyConnection, file: Path, sql: str, result: str
) -> dict[str, str]:
    """Keep the result of one SELECT as a table; return its columns with their types."""
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise StrataError(f"{file}: must hold one SELECT and nothing else")
        query = statements[0].query.strip().rstrip(";")
        connection.execute(f"create table {result} as\n{query}\n")
    except duckdb.Error as error:
        reason = " ".join(str(error).split("\n\n")[0].split())
        raise StrataError(f"{file}: {reason}") from None
    return {name: kind for name, kind, *_ in connection.execute(f"describe {result}").fetchall()}


def _make_table(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, table: ContractTable, work: Path
) -> int:
    file = mapping.folder / f"{table.name}.sql"
    result = identifier(f"made {table.name}")
    made = _run(connection, file, mapping.tables[table.name], result)
    names = [column.name for column in table.columns]
    if unknown := [name for name in made if name not in names]:
        raise StrataError(
            f"{file}: column {', '.join(unknown)} is not in the contract; it has {', '.join(names)}"
        )
    if missing := [c.name for c in table.columns if c.required and c.name not in made]:
        raise StrataError(f"{file}: needed column {', '.join(missing)} is missing")
    target = quoted(work / f"{table.name}.parquet")
    copied = f"copy {result} to {target} (format parquet, compression zstd)"
    return int(first_row(connection, copied)[0])


def _read_statuses(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, inputs: dict[str, int]
) -> list[tuple[str, str, int]]:
    """Return (input, status, rows), proved to add up to the rows of each input that it names."""
    if mapping.statuses is None:
        return []
    file = mapping.folder / f"{FATES}.sql"
    made = _run(connection, file, mapping.statuses, identifier("made statuses"))
    wanted = ["status", "rows"] if len(inputs) == 1 else ["input", "status", "rows"]
    if sorted(made) != sorted(wanted):
        raise StrataError(f"{file}: must give the columns {', '.join(wanted)}")
    column = "input" if "input" in made else quoted(next(iter(inputs)))
    query = f'select {column}::text, status::text, "rows"::bigint from "made statuses"'
    statuses = connection.execute(query).fetchall()
    for name, rows in inputs.items():
        accounted = sum(count for source, _, count in statuses if source == name)
        if accounted != rows:
            raise StrataError(
                f"{file}: accounts for {accounted:,} rows of {name}, which has {rows:,}; "
                "correct the mapping, nothing was written"
            )
    if twice := duplicates(f"{name} / {status}" for name, status, _ in statuses):
        raise StrataError(f"{file}: status {', '.join(twice)} stands more than once")
    return statuses
