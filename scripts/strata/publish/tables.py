"""Which tables a build publishes, as dbt's manifest says, and copying them between databases."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from strata.errors import BuildFailed
from strata.replay import OUTCOMES, Replay, nodes_of
from strata.sql import first_row, identifier, quoted

# Files in this format open in every DuckDB from 1.0 on.
STORAGE_VERSION = "v1.0.0"


@dataclass(frozen=True, order=True)
class Table:
    """A table that outlives the build; state is private and feeds the next build."""

    schema: str
    name: str
    is_public: bool = False
    is_state: bool = True


def published(manifest: Path) -> list[Table]:
    """Return what to publish: what is public, has meta `published: private`, or is replayed.

    Nodes with `access: public` are public; what `strata explain` replays models from is private.
    """
    tables: list[Table] = []
    content = json.loads(manifest.read_text(encoding="utf-8"))
    nodes = nodes_of(content)
    replayed: set[str] = set()
    if OUTCOMES in {node["name"] for node in nodes.values()}:
        replayed = {node["name"] for node in Replay.of(nodes).inputs}
    for node in content["nodes"].values():
        if node["resource_type"] not in ("model", "seed", "snapshot"):
            continue
        meta = node["config"].get("meta") or {}
        is_state = bool(meta.get("state"))
        is_private = is_state or meta.get("published") == "private"
        is_private |= node["name"] in replayed and node.get("access") != "public"
        if is_private or node.get("access") == "public":
            tables.append(Table(node["schema"], node["alias"], not is_private, is_state))
    return sorted(tables)


def copy(source: Path, target: Path, tables: list[Table], temporary: Path) -> dict[str, int]:
    """Copy tables into the new database `target`; return the rows of each by `schema.name`.

    Types, NOT NULL and comments are kept; views become tables. Raises BuildFailed if a copy has not
    as many rows as its origin.
    """
    rows: dict[str, int] = {}
    with duckdb.connect() as connection:
        limit = os.environ.get("STRATA_MEMORY_LIMIT", "8GB")
        connection.execute(f"set memory_limit = {quoted(limit)}")
        connection.execute(f"set temp_directory = {quoted(temporary)}")
        connection.execute("set TimeZone = 'UTC'")
        # A view's text names its catalog, so the origin is attached under its own name.
        origin = source.stem
        connection.execute(f"attach {quoted(source)} as {identifier(origin)} (read_only)")
        version = f"storage_version '{STORAGE_VERSION}'"
        connection.execute(f"attach {quoted(target)} as copy ({version})")
        for table in tables:
            rows[f"{table.schema}.{table.name}"] = _copy(connection, origin, table)
        connection.execute("checkpoint copy")
        connection.execute("detach copy")
    return rows


def _copy(connection: duckdb.DuckDBPyConnection, origin: str, table: Table) -> int:
    origin_place = [origin, table.schema, table.name]
    columns = connection.execute(
        """
        select column_name, data_type, is_nullable, comment
        from duckdb_columns()
        where database_name = $1 and schema_name = $2 and table_name = $3
        order by column_index
        """,
        origin_place,
    ).fetchall()
    place = f"{identifier(table.schema)}.{identifier(table.name)}"
    definitions = ", ".join(
        f"{identifier(name)} {data_type}{'' if is_nullable else ' not null'}"
        for name, data_type, is_nullable, _ in columns
    )
    connection.execute(f"create schema if not exists copy.{identifier(table.schema)}")
    connection.execute(f"create table copy.{place} ({definitions})")
    connection.execute(f"insert into copy.{place} from {identifier(origin)}.{place}")
    (comment,) = first_row(
        connection,
        """
        select table_comment from information_schema.tables
        where table_catalog = $1 and table_schema = $2 and table_name = $3
        """,
        origin_place,
    )
    comments = {f"table copy.{place}": comment}
    comments |= {f"column copy.{place}.{identifier(name)}": said for name, *_, said in columns}
    for on, said in comments.items():
        if said:
            connection.execute(f"comment on {on} is {quoted(said)}")
    wanted, got = (
        int(first_row(connection, f"select count(*) from {identifier(database)}.{place}")[0])
        for database in (origin, "copy")
    )
    if wanted != got:
        raise BuildFailed(f"{table.schema}.{table.name} has {wanted} rows, its copy {got}")
    return got
