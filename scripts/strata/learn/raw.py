"""Shared parts of the `strata model` commands: a release to learn from, a raw file to write.

Each takes the `warehouse` with the release, the folder `raw` with the raw files of the next build,
and `tell`, which gets a line before each step. Its file appears whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.intake.kinds import SUFFIXES
from strata.sql import quoted
from strata.warehouse.files import written_whole
from strata.warehouse.releases import Release

# Extra of the package -> the module that it installs, and what for.
EXTRAS = {
    "match": ("splink", "probabilistic matching needs Splink"),
    "clv": ("scipy.special", "lifetime values need SciPy"),
    "clusters": ("sklearn.cluster", "clusters need scikit-learn"),
}


@dataclass(frozen=True)
class Learnt:
    """Result learnt from a release and written for the next build."""

    file: Path
    build_id: str
    method_version: str
    fitted_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        shown = {"file": str(self.file), "fitted_at": self.fitted_at.isoformat()}
        return asdict(self) | shown


def need_extra(extra: str) -> ModuleType:
    """Return the library that an extra installs, or raise StrataError if it is not installed."""
    module, need = EXTRAS[extra]
    try:
        return import_module(module)
    except ImportError:
        raise StrataError(f"{need}: pip install 'strata-warehouse[{extra}]'") from None


def now() -> datetime:
    """Return the time in UTC, whole seconds, as files keep it."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def stamp(version: str, fitted_at: datetime) -> str:
    """Return the SQL of the last two columns of every file."""
    return f"{quoted(version)} as method_version, timestamp '{fitted_at}' as fitted_at"


@contextmanager
def reading(release: Release, lack: str) -> Iterator[None]:
    """Raise StrataError if a query in the block fails, since an older Strata made the release.

    `lack` says what the release lacks, such as `holds no clusters`.
    """
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException):
        raise StrataError(
            f"release {release.build_id} {lack}, an older Strata made it: run `strata build` first"
        ) from None


def need_raw(folder: Path, file: str) -> None:
    """Raise StrataError if a build could not read the Parquet file `file` in the raw folder.

    The folder may be missing, or hold another file of the table, such as its template.
    """
    if not folder.is_dir():
        raise StrataError(f"no folder {folder}: name the folder with the raw files with --raw DIR")
    for suffix in SUFFIXES:
        other = (folder / file).with_suffix(suffix)
        if other.name != file and other.exists():
            raise StrataError(
                f"{other}: remove it, for {file} will be written and a table has one file"
            )


def write_customers(
    connection: duckdb.DuckDBPyConnection, table: str, release: Release, version: str, path: Path
) -> datetime:
    """Write a table with a row per customer as the raw file of the next build; return when."""
    fitted_at = now()
    query = f"""
        select
            customer_id,
            date '{release.as_of_date}' as as_of_date,
            * exclude (customer_id),
            {stamp(version, fitted_at)}
        from {table}
        order by customer_id
    """
    write_raw(connection, query, path)
    return fitted_at


def write_raw(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query as a Parquet file that appears whole or not at all."""
    with written_whole(path) as part:
        connection.execute(f"copy ({query}) to {quoted(part)} (format parquet)")
