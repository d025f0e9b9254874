"""dbt without our command, as an analytics engineer runs it; this is where the unit tests run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from strata.project import Project


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt works, so that its later runs need not parse what the first one did."""
    return tmp_path_factory.mktemp("plain_dbt")


def dbt_build(raw: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `dbt build` on the project and an empty database, with all that it writes in `folder`."""
    (folder / "dev.duckdb").unlink(missing_ok=True)
    link = folder / "raw"  # by one name, as another var would make dbt parse again
    link.unlink(missing_ok=True)
    link.symlink_to(raw)
    environment = os.environ | {
        "STRATA_DATABASE": str(folder / "dev.duckdb"),
        "STRATA_TEMP_DIRECTORY": str(folder / "tmp"),
        "DO_NOT_TRACK": "1",
    }
    return subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build"),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
            *("--vars", json.dumps({"raw_data_dir": str(link)})),
        ],
        cwd=Project.find().folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_dbt_build_passes_on_an_empty_database(place: Path, sample_raw: Path) -> None:
    done = dbt_build(sample_raw, place)
    assert done.returncode == 0, "\n".join(
        line for line in done.stdout.splitlines() if "FAIL" in line or "ERROR" in line
    )
    results = json.loads((place / "target" / "run_results.json").read_text())["results"]
    kinds = [result["unique_id"].split(".")[0] for result in results]
    # Every kind of work was done, and no test of the project was left out.
    assert kinds.count("unit_test") > 80
    assert kinds.count("test") > 100
    assert kinds.count("snapshot") == 2
    for file in ("dev.duckdb", "logs/dbt.log"):  # raw rows are in both
        assert (place / file).stat().st_mode & 0o777 == 0o600, file


def test_without_raw_data_it_says_how_to_get_some(tmp_path: Path, place: Path) -> None:
    (tmp_path / "raw").mkdir()
    done = dbt_build(tmp_path / "raw", place)
    assert done.returncode == 2
    assert "strata data sample --out data" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_missing_column_is_named_before_any_model_runs(tmp_path: Path, place: Path) -> None:
    (tmp_path / "raw").mkdir()
    orders = tmp_path / "raw" / "erp_orders.csv"
    orders.write_text("order_id,customer_code,total\n1,a,5\n", encoding="utf-8")
    done = dbt_build(tmp_path / "raw", place)
    assert done.returncode == 2
    assert "erp_orders.csv: column ordered_at is missing" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
