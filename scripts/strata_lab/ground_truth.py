"""Reads the true entity of each record of a labelled file; refuses a truth that does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from strata import dbt_plugin
from strata.errors import StrataError
from strata.intake.files import Source, connect, open_file
from strata.intake.mapping import Mapping
from strata.sql import identifier, quoted

RECORD_ID, ENTITY_ID = "record_id", "true_entity_id"


@dataclass(frozen=True)
class Labels:
    """Labelled records, and rows of the input that are none because the mapping leaves them out."""

    records: int
    left_out_rows: int


def write_labels(
    target: Path,
    made: Path,
    mapping: Mapping,
    files: dict[str, Path],
    *,
    truth: Path | None,
    truth_column: str | None,
) -> Labels:
    """Write record_key and true_entity_id of every record to a Parquet file.

    Args:
        target: the file to write.
        made: `erp_customers.parquet` as the mapping made it.
        mapping: the mapping.
        files: its inputs.
        truth: file with record_id and true_entity_id, or None.
        truth_column: column of an input, or None.

    Raises:
        StrataError: an id is missing or stands twice, or a record is in one of the two only.
    """
    with connect() as connection:
        dbt_plugin.register_functions(connection)
        where = ", ".join(str(path) for path in files.values())
        connection.execute(
            f"create table made as select {_key('customer_code')} as record_id"
            f" from read_parquet({quoted(made)})"
        )
        _refuse_bad_ids(connection, "made", where)
        if truth is not None:
            place = str(truth)
            _load_truth_file(connection, truth)
            left_out = _find_left_out(connection, mapping, files)
            _refuse_unknown(connection, truth)
        else:
            place = f"{where}: column {truth_column}"
            left_out = _load_truth_column(connection, mapping, files, str(truth_column))
        _refuse_unlabelled(connection, place)
        connection.execute(
            "copy (select 'erp:' || record_id as record_key, true_entity_id"
            " from made inner join truth using (record_id))"
            f" to {quoted(target)} (format parquet)"
        )
        (records,) = connection.execute("select count(*) from made").fetchall()[0]
        return Labels(int(records), left_out)


def _key(expression: str) -> str:
    """Return the SQL that cleans a key as staging does (macro clean_key)."""
    blanks = "' ' || chr(9) || chr(10) || chr(13)"
    return f"nullif(trim(strata_normalise_unicode(cast({expression} as varchar)), {blanks}), '')"


def _count_and_first(connection: duckdb.DuckDBPyConnection, rows: str) -> tuple[int, str]:
    """Return how many record ids a query gives, and the first."""
    query = f"select count(*), min(record_id) from ({rows})"
    count, first = connection.execute(query).fetchall()[0]
    return int(count), str(first)


def _refuse_bad_ids(connection: duckdb.DuckDBPyConnection, table: str, place: str) -> None:
    (count, empty) = connection.execute(
        f"select count(*), count(*) filter (where record_id is null) from {table}"
    ).fetchall()[0]
    if not count:
        raise StrataError(f"{place}: holds no record")
    if empty:
        raise StrataError(f"{place}: {empty:,} rows have no record id; give every record one")
    count, first = _count_and_first(
        connection, f"select record_id from {table} group by record_id having count(*) > 1"
    )
    if count:
        raise StrataError(
            f"{place}: {count:,} record ids stand more than once, the first is {first!r}; each "
            "record needs an id of its own"
        )


def _load_truth_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    source = open_file(connection, path)
    names = {name.strip().lower(): name for name in source.columns}
    missing = [name for name in (RECORD_ID, ENTITY_ID) if name not in names]
    if missing:
        raise StrataError(
            f"{path}: missing column {', '.join(missing)}; a truth file has {RECORD_ID} and "
            f"{ENTITY_ID}, this one {', '.join(source.columns)}"
        )
    connection.execute(
        f"create table truth as select {_key(identifier(names[RECORD_ID]))} as record_id,"
        f" {_key(identifier(names[ENTITY_ID]))} as true_entity_id from {source.relation}"
    )
    _refuse_bad_ids(connection, "truth", str(path))


def _find_left_out(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, files: dict[str, Path]
) -> int:
    """Make table `left_out`, record ids of the input that are no record; return its rows."""
    connection.execute("create table left_out (record_id varchar)")
    for name, path in files.items():
        source = open_file(connection, path, mapping.inputs[name].form)
        key = _find_key(connection, mapping, name, source, without="")
        if key is not None:
            connection.execute(
                f"insert into left_out select record_id"
                f" from (select {_key(identifier(key))} as record_id from {source.relation})"
                " anti join made using (record_id) where record_id is not null"
            )
            break
    (count,) = connection.execute("select count(*) from left_out").fetchall()[0]
    return int(count)


def _load_truth_column(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, files: dict[str, Path], column: str
) -> int:
    """Make table `truth` from a column of an input; return the rows that are no record."""
    seen: list[str] = []
    for name, path in files.items():
        source = open_file(connection, path, mapping.inputs[name].form)
        seen += source.columns
        names = {found.strip().lower(): found for found in source.columns}
        found = names.get(column.strip().lower())
        if found is None:
            continue
        key = _find_key(connection, mapping, name, source, without=found)
        if key is None:
            raise StrataError(
                f"{path}: no column holds the record ids that {mapping.folder} makes, so "
                f"{column} cannot be tied to them; write the truth to a file and give it as --truth"
            )
        connection.execute(
            f"create table labelled as select {_key(identifier(key))} as record_id,"
            f" {_key(identifier(found))} as true_entity_id from {source.relation}"
        )
        connection.execute("create table truth as from labelled semi join made using (record_id)")
        (rows,) = connection.execute(
            "select (select count(*) from labelled) - (select count(*) from truth)"
        ).fetchall()[0]
        return int(rows)
    raise StrataError(
        f"--truth-column {column}: no such column; "
        f"{', '.join(str(path) for path in files.values())} has {', '.join(seen)}"
    )


def _find_key(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    name: str,
    source: Source,
    without: str,
) -> str | None:
    """Return the column of an input that the mapping took the record ids from.

    That is the first declared one in which every record id stands once.
    """
    present = {found.strip().lower(): found for found in source.columns if found != without}
    for column in mapping.inputs[name].columns:
        for candidate in (column.name, *column.aliases):
            found = present.get(candidate.lower())
            if found is None:
                continue
            (count, distinct) = connection.execute(
                "select count(*), count(distinct record_id)"
                f" from (select {_key(identifier(found))} as record_id from {source.relation})"
                " semi join made using (record_id)"
            ).fetchall()[0]
            (wanted,) = connection.execute("select count(*) from made").fetchall()[0]
            if count == distinct == wanted:
                return found
    return None


def _refuse_unknown(connection: duckdb.DuckDBPyConnection, place: Path) -> None:
    count, first = _count_and_first(
        connection,
        "select record_id from truth anti join made using (record_id)"
        " anti join left_out using (record_id)",
    )
    if count:
        raise StrataError(
            f"{place}: {count:,} record ids are not in the input, the first is {first!r}; "
            "name the truth of this file"
        )


def _refuse_unlabelled(connection: duckdb.DuckDBPyConnection, place: str) -> None:
    count, first = _count_and_first(
        connection,
        "select record_id from made left join truth using (record_id) where true_entity_id is null",
    )
    if count:
        raise StrataError(
            f"{place}: {count:,} records have no true entity, the first is {first!r}; "
            "every record needs one"
        )
