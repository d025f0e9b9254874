"""The raw folder that the commands of `strata model` write into."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.intake.files import SUFFIXES
from strata.sql import quoted
from strata.warehouse.files import sync


def need_raw(folder: Path, file: str) -> None:
    """Check that the raw folder exists and holds no other file of the table, such as its template.

    Args:
        folder: the raw folder.
        file: name of the Parquet file that will be written.

    Raises:
        StrataError: if a build could not read the file there.
    """
    if not folder.is_dir():
        raise StrataError(f"no folder {folder}: name the folder with the raw files with --raw DIR")
    for suffix in SUFFIXES:
        other = (folder / file).with_suffix(suffix)
        if other.name != file and other.exists():
            raise StrataError(
                f"{other}: remove it, for {file} will be written and a table has one file"
            )


def write_raw(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query as a Parquet file that appears whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    connection.execute(f"copy ({query}) to {quoted(part)} (format parquet)")
    sync(part)
    os.replace(part, path)
    sync(path.parent)
