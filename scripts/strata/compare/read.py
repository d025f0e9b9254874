"""What differs between two releases."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.policy.judgements import Judgements
from strata.publish.summary import value_metrics
from strata.seeds import FOLDERS, PRIVATE_SEEDS, Row, Seed, read_seeds
from strata.sql import named_rows, quoted
from strata.warehouse.releases import Release

Found = list[dict[str, Any]]

SIDES = ("before", "after")
VIEWS = Path(__file__).with_name("views.sql")
# The public tables that are compared by row, with columns that an older release may lack.
COMPARED = {
    "customer_segments": {
        **dict.fromkeys(("customer_id", "customer_type", "tier_key"), "varchar"),
        "own_value_amount": "decimal(18, 4)",
    },
    "customer_tags": dict.fromkeys(("customer_id", "tag_key"), "varchar"),
    "customer_id_aliases": dict.fromkeys(("customer_id", "current_customer_id"), "varchar"),
}


def read(before: Release, after: Release) -> dict[str, Any]:
    """Return what differs between two releases, by section; amounts in base currency.

    A section is empty if nothing differs. Private tables, and seeds with names of people, are left
    out for a reader who may not open private.duckdb.

    Raises StrataError if a database cannot be opened or a seed cannot be read.
    """
    pair = (before, after)
    is_owner = all(os.access(one.private, os.R_OK, effective_ids=True) for one in pair)
    kept = [{path.name for path in one.folder.glob("seeds/*")} for one in pair]
    folders = tuple(one for one in FOLDERS if one in kept[0] & kept[1])
    without = () if is_owner else PRIVATE_SEEDS
    seeds = [read_seeds(one.folder, one.folder / "company", folders, without) for one in pair]
    names: dict[str, dict[str, str]] = {}
    for side in seeds:
        for row in side["labels"].rows if "labels" in side else ():
            names.setdefault(row["kind"], {})[row["outcome_key"]] = row["name_en"]
    with duckdb.connect() as connection:
        _open(connection, pair, is_owner)
        return {
            **dict(zip(SIDES, map(_release, pair), strict=True)),
            "editions": _differing(*map(_edition, pair, seeds)),
            "schema": named_rows(connection, "from schema_changes"),
            "seeds": _seeds(*seeds),
            "figures": _differing(*map(_figures, pair)),
            "tiers": named_rows(connection, "from tiers"),
            "customers": named_rows(connection, "from customer_counts")[0],
            "moves": named_rows(connection, "from moves"),
            "names": names,
            "seed_folders_left_out": [one for one in FOLDERS if one not in folders],
            "is_private_left_out": not is_owner,
        }


def _release(release: Release) -> dict[str, str | None]:
    return {
        "build_id": release.build_id,
        "folder": str(release.folder),
        "as_of_date": release.as_of_date.isoformat(),
        "policy_key": release.info.get("policy_key"),
        "strata": release.edition,
        "currency": release.currency,
    }


def _open(
    connection: duckdb.DuckDBPyConnection, pair: tuple[Release, Release], is_owner: bool
) -> None:
    """Attach the releases and make the views of views.sql; a table that is absent is empty."""
    for side, release in zip(SIDES, pair, strict=True):
        files = {side: release.public} | ({f"{side}_private": release.private} if is_owner else {})
        for name, file in files.items():
            try:
                connection.execute(f"attach {quoted(file)} as {name} (read_only)")
            except duckdb.Error as error:
                raise StrataError(f"cannot open {file}: {str(error).splitlines()[0]}") from None
    found = connection.execute("select database_name, table_name from duckdb_tables()").fetchall()
    for table, columns in COMPARED.items():
        empty = ", ".join(f"null::{kind} as {name}" for name, kind in columns.items())
        parts = [f"select null::varchar as side, {empty} where false"]
        parts += [f"select '{s}' as side, * from {s}.{table}" for s in SIDES if (s, table) in found]
        rows = " union all by name ".join(parts)
        connection.execute(f"create temp view {table} as {rows}")
    connection.execute(VIEWS.read_text(encoding="utf-8"))


def _edition(release: Release, seeds: dict[str, Seed]) -> dict[str, Any]:
    """Return what a release was made with: versions, policy, date and vars."""
    variables, policy = release.info.get("vars", {}), release.info.get("policy_key")
    edition = {
        **release.info.get("versions", {}),
        **variables,
        "as_of_date": release.as_of_date.isoformat(),
        "segmentation_policy": policy,
    }
    judgements = Judgements(seeds, variables)
    if policy in judgements.policies:
        named = value_metrics(judgements, policy)
        edition |= {f"value of a {kind} customer": metric for kind, metric in named.items()}
    return edition


def _figures(release: Release) -> dict[str, float]:
    """Return the figures that release.json keeps: totals, and customers by label."""
    figures = release.info.get("figures", {"totals": {}, "shares": []})
    labels = {f"{one['dimension']}/{one['key']}": one["customers"] for one in figures["shares"]}
    totals = {name: round(value, 2) for name, value in figures["totals"].items()}
    return totals | {"rejected_rate": round(figures.get("rejected_rate", 0), 6)} | labels


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Found:
    return [
        {"name": name, "before": before.get(name), "after": after.get(name)}
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _seeds(before: dict[str, Seed], after: dict[str, Seed]) -> Found:
    """Return the columns and rows of seeds that differ, rows by the columns that both have."""
    found: Found = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        seed = new or before[name]
        headers = [side.header if side else seed.header for side in (old, new)]
        shared = [column for column in seed.header if all(column in header for header in headers)]
        # The seeds of Strata 0.1 declare no key.
        key = seed.key or (old.key if old else ()) or shared
        was, now = (
            {tuple(row[column] for column in key): row for row in (side.rows if side else ())}
            for side in (old, new)
        )
        for column in dict.fromkeys(headers[0] + headers[1]):
            if column not in shared:
                change = "column added" if column in headers[1] else "column removed"
                found.append(_change(name, change, column, Row(seed.file, 1, {})))
        for one in dict.fromkeys([*was, *now]):
            row, other = now.get(one), was.get(one)
            cells = {c: [other[c], row[c]] for c in shared if other and row and other[c] != row[c]}
            change = "removed" if row is None else "changed" if other else "added"
            if change != "changed" or cells:
                found.append(_change(name, change, "/".join(one), row or was[one], cells))
    return found


def _change(seed: str, change: str, key: str, row: Row, cells: Any = None) -> dict[str, Any]:
    place = f"{row.file}:{row.line}"
    return {"seed": seed, "change": change, "key": key, "place": place, "cells": cells or {}}
