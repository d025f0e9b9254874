"""The XLSX reader of DuckDB, loaded from the installed package: no download, no home folder."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.sql import quoted

PACKAGE = "duckdb-extension-excel"


def load_excel(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `read_xlsx` available on a connection.

    Raises:
        StrataError: if the package is missing or made for another DuckDB version.
    """
    spec = find_spec("duckdb_extension_excel")
    if spec is None or spec.origin is None:
        raise StrataError(f"package {PACKAGE} is missing: pip install {_requirement()}")
    folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
    file = folder / "excel.duckdb_extension"
    if not file.is_file():
        raise StrataError(
            f"package {PACKAGE} is not made for DuckDB {duckdb.__version__}: "
            f"pip install {_requirement()}"
        )
    connection.execute(f"load {quoted(file)}")


def _requirement() -> str:
    return f"{PACKAGE}=={duckdb.__version__}"
