"""Any set of optional tables may be missing: what needs them is NULL, and nothing else changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from strata.intake.contract import contract
from strata.warehouse.releases import Release
from strata_lab.compiled import Models, compile_models

from .conftest import listed_metrics

# Outcomes of lists exist only after lists were worked, a model's tables after it was fitted.
EMPTY = {
    "feedback_playbook_outcomes",
    "model_identity_pairs",
    "model_lifetime_values",
    "model_customer_clusters",
}
OPTIONAL = sorted(table.name for table in contract() if not table.required)
RANDOM_SETS = [
    sorted(random.Random(seed).sample(OPTIONAL, random.Random(seed).randint(2, len(OPTIONAL) - 2)))
    for seed in range(10)
]
# Order-system identity of the customer, regardless of other records: equal in both warehouses.
CUSTOMERS = """
    create table keyed as
    select codes.codes, metrics.*
    from main.customer_metrics as metrics
    inner join (
        select customer_id, string_agg(source_record_id, ',' order by source_record_id) as codes
        from main.customer_identity_map
        where source_system = 'erp'
        group by customer_id
    ) as codes using (customer_id)
"""


@pytest.fixture(scope="module")
def models() -> Models:
    return compile_models(
        "customer_metrics", "source_readiness", "interactions", as_of="2026-10-31"
    )


@pytest.fixture(scope="module")
def everything(models: Models, sample_raw: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of all tables."""
    with models.run(sample_raw.glob("*.parquet")) as connection:
        connection.execute(CUSTOMERS)
        yield connection


def values(connection: duckdb.DuckDBPyConnection, metric: str) -> dict[str, Any]:
    """Return a metric by the order system's codes of the customer."""
    found = connection.execute(f"select codes, {metric} from keyed").fetchall()
    return dict(found)


def test_the_compiled_models_make_what_a_build_makes(
    everything: duckdb.DuckDBPyConnection, sample_release: Release
) -> None:
    everything.execute(f"attach '{sample_release.public}' as built (read_only)")
    for table in ("customer_metrics", "source_readiness", "interactions"):
        for left, right in (("main", "built.main"), ("built.main", "main")):
            extra = everything.execute(
                f"select count(*) from (from {left}.{table} except all from {right}.{table})"
            ).fetchone()
            assert extra == (0,), f"{table}: rows in {left} but not in {right}"
    everything.execute("detach built")


@pytest.mark.parametrize(
    "missing", [*([table] for table in OPTIONAL), *RANDOM_SETS, OPTIONAL], ids="+".join
)
def test_without_tables(
    missing: list[str],
    models: Models,
    everything: duckdb.DuckDBPyConnection,
    sample_raw: Path,
) -> None:
    files = [file for file in sample_raw.glob("*.parquet") if file.stem not in missing]
    with models.run(files) as connection:
        connection.execute(CUSTOMERS)
        present = dict(
            connection.execute(
                "select source_table, is_present from main.source_readiness"
            ).fetchall()
        )
        assert sorted(
            table for table in present if not present[table] and table in OPTIONAL
        ) == sorted(set(missing) | EMPTY)
        for metric in listed_metrics():
            after = values(connection, metric["metric"])
            if set(metric["needs"].split()) & set(missing):
                assert set(after.values()) <= {None}, f"{metric['metric']} is known"
            elif not set(metric["uses"].split()) & set(missing):
                before = values(everything, metric["metric"])
                same = after.keys() & before.keys()
                assert len(same) > 300
                changed = {key for key in same if after[key] != before[key]}
                assert not changed, f"{metric['metric']} of {sorted(changed)[:3]} changed"
