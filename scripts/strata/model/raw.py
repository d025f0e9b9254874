"""What the commands of `strata model` share: the raw folder that they write into."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.publish.files import sync
from strata.sql import quoted


def need_raw(folder: Path) -> None:
    """Check that the raw folder exists.

    Raises:
        StrataError: if it does not.
    """
    if not folder.is_dir():
        raise StrataError(f"no folder {folder}: name the folder with the raw files with --raw DIR")


def write_raw(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query as a Parquet file that appears whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    connection.execute(f"copy ({query}) to {quoted(part)} (format parquet)")
    sync(part)
    os.replace(part, path)
    sync(path.parent)
