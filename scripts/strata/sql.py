"""SQL texts where DuckDB takes no parameters, and queries with one row."""

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
