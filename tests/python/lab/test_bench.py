"""`strata-lab bench` on a small company; figures are there, the two ways to score agree."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from strata.errors import BuildFailed, StrataError
from strata.project import project_dir
from strata_lab import bench
from strata_lab.child import measure
from strata_lab.cli import group
from strata_lab.run_timings import STAGES


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """Folder and JSON of one run with 20,000 orders."""
    folder = tmp_path_factory.mktemp("bench") / "kept"
    arguments = ["bench", "--customers", "2000", "--orders", "20000", "--json"]
    done = CliRunner().invoke(group, [*arguments, "--keep", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    return folder, json.loads(done.stdout)


def test_scores_and_rejects_equal_the_hand_written_query(
    kept: tuple[Path, dict[str, object]],
) -> None:
    folder, report = kept
    assert report["bare_seconds"] and report["rfm_path_ratio"]
    with duckdb.connect(str(folder / "bare.duckdb"), read_only=True) as connection:
        rows = connection.execute("select count(*), min(row_count) from rejected_counts").fetchall()
        customers = connection.execute("select count(*) from rfm_scores").fetchall()
    assert rows[0][0] == 10 and rows[0][1] > 0
    assert customers[0][0] > 1900


def test_a_wrong_score_fails_the_benchmark(kept: tuple[Path, dict[str, object]]) -> None:
    folder, _ = kept
    with duckdb.connect(str(folder / "bare.duckdb")) as connection:
        connection.execute(
            "update rfm_scores set monetary_score = 6"
            " where customer_code = (select min(customer_code) from rfm_scores)"
        )
    with pytest.raises(BuildFailed, match="1 scores differ"):
        bench._compare(folder)


def test_the_report_has_every_figure(kept: tuple[Path, dict[str, object]]) -> None:
    _, report = kept
    assert report["orders"] == 20000 and report["customers"] == 2000
    assert isinstance(report["stage_seconds"], dict)
    assert set(report["stage_seconds"]) == {"start", *STAGES, "tests", "publish"}
    assert min(report["stage_seconds"].values()) > 0
    assert isinstance(report["slowest_nodes"], list) and len(report["slowest_nodes"]) == 10
    assert isinstance(report["file_bytes"], dict)
    assert {"erp_orders.parquet", "strata.duckdb", "private.duckdb"} <= set(report["file_bytes"])
    assert isinstance(report["peak_memory_bytes"], int) and report["peak_memory_bytes"] > 50_000_000
    assert isinstance(report["rfm_path_nodes"], list) and len(report["rfm_path_nodes"]) == 10


def test_the_same_size_gives_the_same_orders(tmp_path: Path) -> None:
    rows = [bench.make_orders(tmp_path / name / "raw", 50, 500) for name in ("a", "b")]
    paths = [str(tmp_path / name / "raw" / "erp_orders.parquet") for name in ("a", "b")]
    difference = duckdb.execute(
        "(from read_parquet($a) except all from read_parquet($b)) union all "
        "(from read_parquet($b) except all from read_parquet($a))",
        {"a": paths[0], "b": paths[1]},
    ).fetchall()
    assert rows[0] == rows[1] > 500
    assert difference == []


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StrataError, match=r"--keep .*: the folder is not empty"):
        bench.run(project_dir(), 10, 10, tmp_path)


def test_a_failed_command_is_quoted(tmp_path: Path) -> None:
    command = ["bash", "-c", "echo broken; exit 3"]
    with pytest.raises(BuildFailed, match=r"exit code 3:\n  broken"):
        measure(command, tmp_path, tmp_path / "log")
