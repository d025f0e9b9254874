"""Writing values and names into SQL text, where DuckDB takes no parameters."""

from __future__ import annotations

from pathlib import Path


def quoted(value: str | Path) -> str:
    """Return a text or a path as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
