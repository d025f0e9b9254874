"""`strata-lab bench identity`: the records it makes, and its report."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from strata_lab import bench_identity
from strata_lab.cli import group
from strata_lab.compiled import compile_models
from strata_lab.identity import AS_OF, TARGETS
from strata_lab.run_timings import Node

RECORDS = 4_000


def test_the_same_number_gives_the_same_records(tmp_path: Path) -> None:
    for name in ("a", "b"):
        bench_identity.make_records(tmp_path / name / "raw", tmp_path / name / "truth", 1_000)
    total = 0
    for table in bench_identity.TABLES:
        paths = [str(tmp_path / name / "raw" / f"{table}.parquet") for name in ("a", "b")]
        difference = duckdb.execute(
            "(from read_parquet($a) except all from read_parquet($b)) union all "
            "(from read_parquet($b) except all from read_parquet($a))",
            {"a": paths[0], "b": paths[1]},
        ).fetchall()
        assert difference == []
        total += len(duckdb.execute("from read_parquet($a)", {"a": paths[0]}).fetchall())
    assert total == 1_000
    sizes = duckdb.sql(
        "select records, count(*) from ("
        f"select count(*) as records from read_parquet('{tmp_path / 'a' / 'truth'}')"
        " group by true_entity_id) group by records order by records"
    ).fetchall()
    assert sizes == [(1, 500), (2, 150), (4, 50)]


def test_the_report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without dbt, which would take most of a minute: the models as `evaluate` runs them."""

    def run_models(
        project: Path, folder: Path, name: str, models: list[str], as_of: date
    ) -> tuple[list[Node], int]:
        files = list((folder / "raw").iterdir())
        (folder / name).mkdir()
        compiled = compile_models(*TARGETS, as_of=AS_OF)
        assert set(models) <= {node["name"] for node in compiled.nodes}
        with compiled.run(files) as connection:
            connection.execute(f"attach '{folder / name / 'build.duckdb'}' as build")
            for table in (
                "main.customer_identity_map",
                "intermediate.int_identity__edges",
                "policy.match_rules",
            ):
                connection.execute(f"create schema if not exists build.{table.split('.')[0]}")
                connection.execute(f"create table build.{table} as from {table}")
        started = datetime(2026, 1, 1, tzinfo=UTC)
        return [Node("model", "identity", started, started + timedelta(seconds=5))], 10**9

    monkeypatch.setattr(bench_identity, "run_models", run_models)
    arguments = ["bench", "identity", "--records", str(RECORDS), "--json"]
    done = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["records"] == RECORDS
    assert (report["seconds"], report["peak_memory_bytes"]) == (5, 10**9)
    assert report["stage_seconds"] == {"identity": 5}
    assert len(report["bare_seconds"]) == 3 and report["ratio"] > 1
    assert report["pairwise"]["precision"] >= 0.99 and report["pairwise"]["recall"] >= 0.5
    assert report["customers"] < RECORDS and report["largest_cluster"] >= 4
