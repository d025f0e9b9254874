"""Work that does not fit into memory goes to disk, under the settings of our profile."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from strata.project import project_dir

MEMORY = "60MB"
PROJECT = """
name: spilling
version: 1.0.0
config-version: 2
profile: strata
model-paths: [models]
models:
  +materialized: table
"""
LARGE = """
select
    row_number() over (order by md5(cast(range as varchar))) as position,
    repeat(cast(range as varchar), 10) as filling
from range(1000000)
"""


def test_a_build_goes_on_after_a_model_that_spilled(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "large.sql").write_text(LARGE)
    (tmp_path / "models" / "next.sql").write_text("select count(*) as n from {{ ref('large') }}")
    shutil.copy(project_dir() / "profiles.yml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "run"],
        cwd=tmp_path,
        env=os.environ
        | {
            "STRATA_DATABASE": str(tmp_path / "dev.duckdb"),
            "STRATA_MEMORY_LIMIT": MEMORY,
            "STRATA_TEMP_DIRECTORY": str(tmp_path / "spilled"),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_large_model_needs_the_disk(tmp_path: Path) -> None:
    settings: dict[str, bool | int | float | str | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": "",
    }
    with (
        duckdb.connect(str(tmp_path / "small.duckdb"), config=settings) as connection,
        pytest.raises(duckdb.OutOfMemoryException),
    ):
        connection.execute(f"create table large as {LARGE}")
