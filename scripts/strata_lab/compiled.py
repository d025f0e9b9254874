"""Runs the compiled models straight on DuckDB: a whole warehouse in two seconds, without dbt.

For what needs many small warehouses: `strata-lab evaluate` and the tests. The SQL is the project's
own, as dbt compiles it for a first build. Other steps of dbt (contracts, snapshots, incremental
runs, its own tests) do not run here; tests/python/warehouse/test_missing_tables.py compares one run
of it with a real build.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from strata import dbt_plugin
from strata.errors import BuildFailed
from strata.intake.contract import contract
from strata.intake.files import open_file
from strata.intake.raw import raw_text
from strata.project import project_dir
from strata.replay import in_order, nodes_of, relation
from strata.sql import identifier, quoted
from strata.warehouse.dbt_run import DbtRun
from strata.warehouse.parsed import INSTALLED, fingerprint

# The models are compiled for this date; the wanted date replaces it. It stands in no file.
SOME_DATE = "0987-06-05"
DATABASE = "build"


@dataclass(frozen=True)
class Models:
    """Seeds and models of a manifest, in the order in which they can be made."""

    nodes: list[dict[str, Any]]

    def run(
        self, files: Iterable[Path], *, seeds: dict[str, Path] | None = None, threads: int = 1
    ) -> duckdb.DuckDBPyConnection:
        """Make every seed and model from raw files, in memory.

        Args:
            files: `<table>.parquet`, `.csv` or `.xlsx`; other tables of the contract are empty.
            seeds: CSV files to read in place of the project's seeds, by their names.
            threads: of DuckDB.
        """
        connection = duckdb.connect(
            config={
                "threads": threads,
                "memory_limit": os.environ.get("STRATA_MEMORY_LIMIT", "4GB"),
                "temp_directory": str(Path(tempfile.gettempdir()) / f"strata-{os.getpid()}"),
            }
        )
        dbt_plugin.register_functions(connection)
        connection.execute(
            "set TimeZone = 'UTC'; set enable_progress_bar = false; create schema raw"
        )
        _make_raw(connection, {file.stem: file for file in files})
        for node in self.nodes:
            connection.execute(f"create schema if not exists {identifier(node['schema'])}")
            _make(connection, node, (seeds or {}).get(node["name"]))
        return connection

    def again(self, connection: duckdb.DuckDBPyConnection, seeds: dict[str, Path]) -> None:
        """Read other files for some seeds, and make what depends on them anew.

        A table that comes out as it was is not looked at further.

        Args:
            connection: as `run` returned it.
            seeds: CSV files to read in place of the project's seeds, by their names.
        """
        changed: list[str] = []
        for node in self.nodes:
            code = node["compiled_code"] or ""
            if node["name"] in seeds or any(made in code for made in changed):
                before = _content(connection, node)
                _make(connection, node, seeds.get(node["name"]))
                if before is None or before != _content(connection, node):
                    changed.append(relation(node))


@cache
def compile_models(*targets: str, as_of: str) -> Models:
    """Compile the target models and all that they need.

    The output of dbt is kept in `target/` of the project, unless that is of the installed package
    or cannot be written, and reused while no file of the project changes.

    Args:
        targets: names of the models wanted.
        as_of: as_of_date, YYYY-MM-DD.

    Raises:
        StrataError: dbt cannot compile the project, or there is no model of that name.
    """
    return Models(
        [
            node | {"compiled_code": (node["compiled_code"] or "").replace(SOME_DATE, as_of)}
            for node in in_order(_compiled(project_dir()), targets)
        ]
    )


@cache
def _compiled(project: Path) -> dict[str, dict[str, Any]]:
    """Return the models and seeds of the manifest, compiled for SOME_DATE."""
    state = fingerprint(project)
    kept = project / "target" / "strata-compiled.json"
    with suppress(OSError, ValueError):
        document = json.loads(kept.read_text(encoding="utf-8"))
        if document["state"] == state:
            nodes: dict[str, dict[str, Any]] = document["nodes"]
            return nodes
    with tempfile.TemporaryDirectory(prefix="strata-compile-") as folder:
        nodes = _compile(Path(folder), project)
    if INSTALLED in kept.parents:
        return nodes
    with suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        written = kept.with_suffix(f".{os.getpid()}")
        written.write_text(json.dumps({"state": state, "nodes": nodes}), encoding="utf-8")
        os.replace(written, kept)
    return nodes


def _compile(folder: Path, project: Path) -> dict[str, dict[str, Any]]:
    """Let dbt compile into `folder`; return the models and seeds of its manifest."""
    raw = folder / "raw"
    raw.mkdir()
    (folder / "logs").mkdir()
    for table in contract():
        if table.required:  # dbt prepares schema raw, and stops without these
            header = ",".join(column.name for column in table.columns)
            (raw / f"{table.name}.csv").write_text(header + "\n", encoding="utf-8")
    DbtRun(project, folder, {"raw_data_dir": str(raw), "as_of_date": SOME_DATE}).compile()
    manifest = (folder / "target" / "manifest.json").read_text(encoding="utf-8")
    return nodes_of(json.loads(manifest))


def _content(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> Any:
    """Return a digest of a table's rows, whatever their order; nothing for a view."""
    if node["materialized"] == "view":
        return None
    query = f"select count(*), sum(hash(rows)::hugeint) from {relation(node)} as rows"
    return connection.execute(query).fetchone()


def _make(connection: duckdb.DuckDBPyConnection, node: dict[str, Any], file: Path | None) -> None:
    """Make or replace the relation of a node; `file` stands in for a seed's own."""
    if node["resource_type"] == "seed":
        connection.execute(f"create or replace table {relation(node)} as {_seed(node, file)}")
        return
    kind = "view" if node["materialized"] == "view" else "table"
    sql = node["compiled_code"].replace(f'"{DATABASE}".', "")
    try:
        connection.execute(f"create or replace {kind} {relation(node)} as {sql}")
    except duckdb.Error as error:
        reason = " ".join(str(error).split("\n\n")[0].split())
        raise BuildFailed(f"model {node['name']}: {reason}") from None


def _make_raw(connection: duckdb.DuckDBPyConnection, files: dict[str, Path]) -> None:
    for table in contract():
        file = files.get(table.name)
        relation, names = "(select 1) where false", dict[str, str]()
        if file is not None:
            source = open_file(connection, file, table.form)
            relation = source.relation
            names = {name.strip().lower(): name for name in source.columns}
        selected = ", ".join(
            f"{raw_text(source, names[column.name], column, table.form)} as {column.name}"
            if column.name in names
            else f"cast(null as varchar) as {column.name}"
            for column in table.columns
        )
        connection.execute(f"create view raw.{table.name} as select {selected} from {relation}")


def _seed(node: dict[str, Any], file: Path | None) -> str:
    path = file or project_dir() / node["original_file_path"]
    types = json.dumps(node["column_types"]).replace('"', "'")
    return f"from read_csv({quoted(path)}, header = true, all_varchar = false, types = {types})"
