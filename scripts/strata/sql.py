"""SQL texts where DuckDB takes no parameters, and rows of queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb


def quoted(value: str | Path) -> str:
    """Return a text or a path as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def first_row(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None
) -> tuple[Any, ...]:
    """Return the first row of a query that always has one."""
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row


def named_rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Return the rows of a query by column name."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
