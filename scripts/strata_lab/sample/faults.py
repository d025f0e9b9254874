"""Plants faults in the raw tables, and notes them as truth."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from strata_lab.sample.planted import PLANTED, Change

EXPECTATIONS = ("expected_status", "expected_reason")
# Share of a table's rows that may be faults; a build stops at more than 5 %.
FAULT_RATE = 0.04


def plant(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Add to a raw table what is not to be kept, and note odd values in truth_ignored.

    Adds the columns expected_status and expected_reason, null for the rows that are to be kept.
    """
    planted = PLANTED[table]
    columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    key, kinds = columns[0], len(planted.faults)
    connection.execute(
        f"create temp table good as select *, uniform({key}, 'version') as version from {table}"
    )
    for kind, change in planted.odd:
        _plant_odd(connection, table, key, kind, change)
    connection.execute(
        f"""
        create temp table chosen as
        with sized as (
            select {kinds} * greatest({planted.least_of_a_kind}, count(*) * 2 // 10000)
                as fault_count
            from good
        ),
        originals as (
            select *, row_number() over (order by version, {key}) - 1 as original_no
            from good
            where version > 0.02 and {key} not in (
                select record_key from truth_ignored where source_table = '{table}'
            )
            order by version, {key}
            limit (select fault_count from sized)
        )
        select
            originals.*,
            fault_no,
            concat('{planted.letters}9', lpad(cast(fault_no as varchar), 7, '0')) as fault_id,
            fault_no % {kinds} as kind_no
        from (select unnest(range(fault_count)) as fault_no from sized) as faults
        join originals on original_no = fault_no % (select count(*) from originals)
        """
    )

    def rows(source: str, status: str, reason: str, change: Change) -> str:
        values = ", ".join(f"{change.get(name, name)} as {name}" for name in columns)
        expected = f"{status} as expected_status, {reason} as expected_reason"
        return f"select {values}, {expected} from {source}"

    selects = [
        rows("good", "cast(null as varchar)", "cast(null as varchar)", {}),
        rows("good where version < 0.005", "'older_version'", "null", {}),
    ]
    if planted.older is not None:
        day_before = "plain_time(cast(updated_at as timestamp) - interval 1 day)"
        older = {**planted.older, "updated_at": day_before}
        selects.append(
            rows("good where version between 0.005 and 0.02", "'older_version'", "null", older)
        )
    for number, (reason, change) in enumerate(planted.faults):
        new_key = {
            "missing_key": "cast(null as varchar)",
            "conflicting_duplicate": key,
        }.get(reason, "fault_id")
        selects.append(
            rows(
                f"chosen where kind_no = {number}",
                "'rejected'",
                f"'{reason}'",
                {key: new_key, **change},
            )
        )
    connection.execute(
        f"create or replace table {table} as {' union all '.join(selects)}; "
        "drop table good; drop table chosen"
    )


def thin(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Leave so few planted faults in each table that a build accepts it; some of many kinds."""
    for table in tables:
        values = ", ".join(f"coalesce({name}, '')" for name in exported(connection, table))
        connection.execute(
            f"""
            delete from {table} where rowid in (
                with faults as (
                    select
                        rowid as row_number,
                        expected_reason,
                        row_number() over (
                            partition by expected_reason order by concat_ws('|', {values}), rowid
                        ) as number_of_kind
                    from {table}
                    where expected_status = 'rejected'
                )
                select row_number from faults
                qualify row_number() over (order by number_of_kind, expected_reason)
                    > {FAULT_RATE} * (select count(*) from {table} where expected_reason is null)
            )
            """
        )


def collect(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Make truth_faults: one row per raw row that is not to be kept.

    `row_key` is the md5 of all the row's values, joined by `|`, empty for a missing value.
    """
    selects = []
    for table in tables:
        columns = exported(connection, table)
        values = ", ".join(f"coalesce({name}, '')" for name in columns)
        selects.append(
            f"select '{table}' as source_table, {columns[0]} as record_key, "
            f"md5(concat_ws('|', {values})) as row_key, expected_status, expected_reason "
            f"from {table} where expected_status is not null"
        )
    connection.execute("create table truth_faults as " + " union all ".join(selects))


def exported(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return the exported columns of a raw table."""
    names = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    return [name for name in names if name not in EXPECTATIONS]


def _plant_odd(
    connection: duckdb.DuckDBPyConnection, table: str, key: str, kind: str, change: Change
) -> None:
    """Give three good rows a value that is set aside."""
    ((column, value),) = change.items()
    connection.execute(
        f"""
        insert into truth_ignored
        select '{table}', {key}, '{column}', '{kind}'
        from good
        where version > 0.02
            and {key} not in (select record_key from truth_ignored where source_table = '{table}')
        order by draw({key}, '{kind} {column}'), {key}
        limit 3
        """
    )
    connection.execute(
        f"""
        update good set {column} = {value}
        where {key} in (
            select record_key from truth_ignored
            where source_table = '{table}' and ignored_value = '{column}' and kind = '{kind}'
        )
        """
    )
