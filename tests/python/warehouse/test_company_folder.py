"""A company's folder is built from as the project itself is, by `strata build` and by dbt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from strata.company.folder import make_folder
from strata.project import named
from strata.warehouse.releases import Release
from strata_lab.compare import compare

from .conftest import HAND_COMPANY, HAND_DATE, build_release, rows


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The hand-made company in a folder of its own, of an awkward name, with a model."""
    folder = tmp_path_factory.mktemp("own") / "我们 的 o'公司"
    make_folder(folder)
    token = named.set(folder)
    shutil.copytree(HAND_COMPANY, folder / "data" / "raw")
    (folder / "models" / "tier_sizes.sql").write_text(
        "select tier_key, count(*) as customer_count\n"
        "from {{ ref('customer_segments') }}\ngroup by tier_key\n"
    )
    yield folder
    named.reset(token)


@pytest.fixture(scope="module")
def own_release(company: Path) -> Release:
    """Its release, without a row of its own in any seed."""
    return build_release(company / "data" / "raw", company / "warehouse", as_of=HAND_DATE)


def test_an_empty_folder_builds_what_the_project_builds(
    hand_release: Release, own_release: Release
) -> None:
    different = [
        table
        for table in compare(hand_release.folder, own_release.folder).tables
        if not table.is_equal
    ]
    assert [(table.name, table.before) for table in different] == [("tier_sizes", None)]
    sizes = dict(rows(own_release.public, "from tier_sizes"))
    assert sum(sizes.values()) == 10


def dbt(company: Path, *arguments: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--no-use-colors", *arguments),
            *("--vars", f"{{as_of_date: {HAND_DATE}}}"),
        ],
        cwd=company,
        env=os.environ | {"DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_plain_dbt_builds_the_same(company: Path, own_release: Release) -> None:
    dbt(company, "build", "--exclude-resource-type", "test")
    tables = compare(company / "warehouse" / "dev.duckdb", own_release.folder).tables
    published = [table for table in tables if table.after is not None]
    assert [table.name for table in published if not table.is_equal] == []
    assert len(published) > 25


def test_dbt_lays_the_rows_of_the_company_over_the_shipped_ones(company: Path) -> None:
    own = company / "policy" / "labels.csv"
    shipped = own.read_text(encoding="utf-8")
    own.write_text(
        "change,kind,outcome_key,name_en,meaning\n"
        "override,tier,A,Key accounts,(empty)\n"
        "off,tier,D,,\n"
        "add,tag,it's new,New,\n"
    )
    dbt(company, "seed", "--select", "labels")
    own.write_text(shipped, encoding="utf-8")
    labels = rows(
        company / "warehouse" / "dev.duckdb",
        "select outcome_key, name_en, meaning from policy.labels"
        " where kind = 'tier' or name_en = 'New' and kind = 'tag' order by rowid",
    )
    assert labels[0] == ("A", "Key accounts", None)
    assert [key for key, _, _ in labels if key in ("B", "C", "D", "it's new")] == [
        *("B", "C", "it's new")
    ]
