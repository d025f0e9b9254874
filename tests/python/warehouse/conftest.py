"""Real builds of the real project, each made once per session."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from strata.project import Project, project_dir
from strata.publish.audit import Limits
from strata.publish.build import build
from strata.publish.guards import Options
from strata.warehouse.releases import Release

HAND_COMPANY = Path(__file__).parent / "hand_company"
HAND_DATE = date(2026, 6, 30)

COPIED = (
    "models",
    "seeds",
    "macros",
    "snapshots",
    "analyses",
    "tests/data",
    "dbt_project.yml",
    "profiles.yml",
)

Build = Callable[..., Release]


def build_release(
    raw: Path,
    out: Path,
    *,
    as_of: date | None = None,
    threads: int = 1,
    log_level: str = "none",
) -> Release:
    """Build a release of the real project from `raw` into `out`, with wide guards.

    dbt writes no log unless `log_level` is debug, as in a build by hand: that takes a tenth of it.
    """
    options = Options(
        raw=raw,
        out=out,
        as_of=as_of,
        policy=None,
        keep=5,
        threads=threads,
        limits=Limits(max_fall=1.0, max_rise=1.0, max_shift=1.0, max_rejected=1.0),
        accept=True,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_LEVEL_FILE", log_level)
        return build(Project.find(), options)


def copy_of(release: Release, out: Path) -> Path:
    """Copy the whole warehouse folder of a release, to build on top of it; return the copy."""
    shutil.copytree(release.folder.parents[1], out, symlinks=True)
    return out


@contextmanager
def connected(*databases: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the first database read-only and attach the others by their base names."""
    with duckdb.connect(str(databases[0]), read_only=True) as connection:
        for database in databases[1:]:
            connection.execute(f"attach '{database}' (read_only)")
        yield connection


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on one database file."""
    with connected(database) as connection:
        return connection.execute(query).fetchall()


def listed_metrics() -> list[dict[str, str]]:
    """Return the rows of metrics.csv that are columns of customer_metrics."""
    with (project_dir() / "seeds/policy/metrics.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["source"] == "customer_metrics"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, found from the working directory."""
    root = Project.find().folder
    copy = tmp_path / "project"
    for name in COPIED:
        source, target = root / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    monkeypatch.chdir(copy)
    return copy


@pytest.fixture(scope="session")
def hand_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The company worked out on paper, on 2026-06-30."""
    return build_release(HAND_COMPANY, tmp_path_factory.mktemp("hand"), as_of=HAND_DATE)


@pytest.fixture(scope="session")
def sample_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample company of 600 customers; its raw folder, with the truth beside it."""
    from strata_lab.sample.generate import SampleOptions, make_sample

    folder = tmp_path_factory.mktemp("sample")
    make_sample(SampleOptions(customers=600, seed=7, every_fault=True), folder)
    return folder / "raw"


@pytest.fixture(scope="session")
def sample_release(tmp_path_factory: pytest.TempPathFactory, sample_raw: Path) -> Release:
    """The sample company's release, made with four threads and the whole log."""
    out = tmp_path_factory.mktemp("sample_warehouse")
    return build_release(sample_raw, out, threads=4, log_level="debug")
