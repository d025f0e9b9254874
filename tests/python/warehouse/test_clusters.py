"""Clusters from build to build: without the command, after it, and after it ran again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from strata.learn.clusters import FILE, Clustered, clusters
from strata.learn.measured import METRICS
from strata.project import Project
from strata.sql import quoted
from strata.warehouse.releases import Warehouse
from strata_lab.compiled import Models, compile_models

AS_OF = "2026-10-31"
TABLES = ("customer_metrics", "customer_clusters")


def run_command(made: duckdb.DuckDBPyConnection, folder: Path) -> Clustered:
    """Run the command on a release made of a warehouse in memory."""
    release = folder / "releases" / "r"
    release.mkdir(parents=True)
    (folder / "raw").mkdir()
    made.execute(f"attach {quoted(release / 'strata.duckdb')} as published")
    for table in TABLES:
        made.execute(f"create table published.{table} as from main.{table}")
    made.execute("detach published")
    (release / "release.json").write_text(json.dumps({"build_id": "r", "as_of_date": AS_OF}))
    (folder / "current").symlink_to("releases/r")
    return clusters(Project.find(), Warehouse(folder), folder / "raw", number=3)


@pytest.fixture(scope="module")
def models() -> Models:
    return compile_models("customer_clusters", as_of=AS_OF)


@pytest.fixture(scope="module")
def first(models: Models, sample_raw: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample company before the command ran."""
    with models.run(sample_raw.glob("*.parquet")) as connection:
        yield connection


@pytest.fixture(scope="module")
def ran(first: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Clustered:
    return run_command(first, tmp_path_factory.mktemp("clusters"))


@pytest.fixture(scope="module")
def second(models: Models, sample_raw: Path, ran: Clustered) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same company with the file that the command wrote."""
    with models.run([*sample_raw.glob("*.parquet"), ran.file]) as connection:
        yield connection


def all_rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def test_without_the_command_there_are_no_clusters(first: duckdb.DuckDBPyConnection) -> None:
    for table in ("customer_clusters", "cluster_profiles"):
        assert all_rows(first, f"select count(*) from {table}") == [(0,)]


def test_the_next_build_shows_every_row_of_the_file(
    ran: Clustered, second: duckdb.DuckDBPyConnection
) -> None:
    assert ran.file.name == FILE and ran.customers > 400
    assert all_rows(
        second,
        """
        select
            count(*), count(distinct cluster_key), count(reason_en), count(reason_zh),
            bool_and(reason_en like '% (cluster %, all %); % (cluster %, all %); %'),
            min(model_as_of_date)::varchar
        from customer_clusters
        """,
    ) == [(ran.customers, 3 * len(ran.clusterings), ran.customers, ran.customers, True, AS_OF)]
    most_typical = "select count(*) from customer_clusters where typicality_rate = 1"
    assert all_rows(second, most_typical)[0][0] >= 3 * len(ran.clusterings)
    kept = "select count(*) from staging.base_model__customer_clusters where row_status = 'kept'"
    assert all_rows(second, kept) == [(ran.customers,)]


def test_profiles_are_those_of_numpy_and_scipy(
    ran: Clustered, second: duckdb.DuckDBPyConnection
) -> None:
    """Medians by NumPy to 1e-9, Cliff's delta by scipy's U statistic to 1e-6."""
    values = second.execute(
        f"select cluster_key, customer_type, {', '.join(METRICS)} from customer_clusters"
        " inner join customer_metrics using (customer_id, customer_type)"
    ).df()
    profiles = all_rows(
        second,
        """
        select
            cluster_key, metric, customer_type, median_number, population_median_number,
            cliffs_delta, customer_count, customer_share_rate
        from cluster_profiles
        """,
    )
    assert len(profiles) == sum(3 * len(one.metrics) for one in ran.clusterings)
    for key, metric, kind, median, population, delta, count, share in profiles:
        of_type = values[values["customer_type"] == kind]
        inside = of_type[of_type["cluster_key"] == key][metric].astype(float)
        outside = of_type[of_type["cluster_key"] != key][metric].astype(float)
        u = mannwhitneyu(inside, outside).statistic
        assert delta == pytest.approx(2 * u / (len(inside) * len(outside)) - 1, abs=1e-6)
        assert median == pytest.approx(np.median(inside), abs=1e-9)
        assert population == pytest.approx(np.median(of_type[metric].astype(float)), abs=1e-9)
        assert (count, share) == (len(inside), pytest.approx(len(inside) / len(of_type)))


def test_names_are_made_of_the_first_differences(
    ran: Clustered, second: duckdb.DuckDBPyConnection
) -> None:
    """On the day of the cut the name's first trait is the profile's first metric."""
    first_traits = dict(
        all_rows(
            second,
            "select cluster_key, metric_name_en from cluster_profiles where difference_rank = 1",
        )
    )
    for clustering in ran.clusterings:
        for cluster in clustering.clusters:
            trait = cluster.name_en.split(",")[0]
            assert trait.split(" ", 1)[1] == first_traits[cluster.cluster_key]


def test_the_command_keeps_the_keys_of_the_release(
    ran: Clustered, second: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    again = run_command(second, tmp_path / "again")
    assert [one.clusters for one in again.clusterings] != []
    for before, after in zip(ran.clusterings, again.clusterings, strict=True):
        assert all(one.is_new for one in before.clusters)
        assert not any(one.is_new for one in after.clusters)
        assert [one.cluster_key for one in before.clusters] == [
            one.cluster_key for one in after.clusters
        ]
