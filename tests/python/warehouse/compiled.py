"""Runs the compiled models straight on DuckDB: a whole warehouse in two seconds, without dbt.

For tests that need many small warehouses. What dbt does besides running SQL (contracts, snapshots,
incremental runs, its own tests) does not happen here; test_missing_tables.py holds one run of it
against a real build.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from strata import dbt_plugin
from strata.project import contract, project_dir
from strata.sql import identifier, quoted

DATABASE = "compiled"


@dataclass(frozen=True)
class Models:
    """Seeds and models of a manifest, in the order in which they can be made."""

    nodes: list[dict[str, Any]]

    def run(self, files: Iterable[Path]) -> duckdb.DuckDBPyConnection:
        """Make every seed and model from raw files (`<table>.parquet` or `.csv`), in memory."""
        connection = duckdb.connect()
        dbt_plugin.register_functions(connection)
        connection.execute("set TimeZone = 'UTC'; set threads = 1; create schema raw")
        _make_raw(connection, {file.stem: file for file in files})
        for node in self.nodes:
            connection.execute(f"create schema if not exists {identifier(node['schema'])}")
            name = f"{identifier(node['schema'])}.{identifier(node['alias'])}"
            if node["resource_type"] == "seed":
                connection.execute(f"create table {name} as {_seed(node)}")
            else:
                kind = "view" if node["config"]["materialized"] == "view" else "table"
                sql = node["compiled_code"].replace(f'"{DATABASE}".', "")
                connection.execute(f"create {kind} {name} as {sql}")
        return connection


def compile_models(folder: Path, raw: Path, *, as_of: str, targets: Iterable[str]) -> Models:
    """Compile the project and return what the target models need.

    Args:
        folder: scratch folder.
        raw: a raw folder with `erp_orders`, for dbt's own preparation of schema raw.
        as_of: as_of_date, YYYY-MM-DD.
        targets: names of the models wanted.
    """
    project = str(project_dir())
    environment = {**os.environ, "STRATA_DATABASE": str(folder / f"{DATABASE}.duckdb")}
    variables = json.dumps({"raw_data_dir": str(raw), "as_of_date": as_of})
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--quiet", "compile"]
    command += ["--project-dir", project, "--profiles-dir", project, "--vars", variables]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    parents = {
        key: [parent for parent in node.get("depends_on", {}).get("nodes", []) if parent in nodes]
        for key, node in nodes.items()
    }
    names = {node["name"]: key for key, node in nodes.items()}
    needed: set[str] = set()
    waiting = [names[target] for target in targets]
    while waiting:
        key = waiting.pop()
        if key not in needed:
            needed.add(key)
            waiting.extend(parents[key])
    order = TopologicalSorter({key: parents[key] for key in needed}).static_order()
    return Models([nodes[key] for key in order])


def _make_raw(connection: duckdb.DuckDBPyConnection, files: dict[str, Path]) -> None:
    for table in contract():
        columns = [column.name for column in table.columns]
        file = files.get(table.name)
        if file is None:
            selected = ", ".join(f"cast(null as varchar) as {name}" for name in columns)
            connection.execute(f"create view raw.{table.name} as select {selected} where false")
            continue
        reader = (
            f"read_csv({quoted(file)}, all_varchar = true, header = true)"
            if file.suffix == ".csv"
            else f"read_parquet({quoted(file)})"
        )
        found = {row[0] for row in connection.execute(f"describe from {reader}").fetchall()}
        selected = ", ".join(
            f"cast({name if name in found else 'null'} as varchar) as {name}" for name in columns
        )
        connection.execute(f"create view raw.{table.name} as select {selected} from {reader}")


def _seed(node: dict[str, Any]) -> str:
    path = project_dir() / node["original_file_path"]
    types = json.dumps(node["config"]["column_types"]).replace('"', "'")
    return f"from read_csv({quoted(path)}, header = true, all_varchar = false, types = {types})"
