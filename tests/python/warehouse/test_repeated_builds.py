"""A second build changes nothing on the same date, and the right spells on a later one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from strata.warehouse.releases import Release

from .conftest import HAND_COMPANY, build_release, copy_of, rows
from .test_hand_company import NAMES, customer

# Columns that say which build wrote a row.
BUILD_COLUMNS = {"build_id"}


def contents(release: Release) -> dict[str, list[tuple[object, ...]]]:
    """Return every public table, sorted, without the columns that name the build."""
    tables: dict[str, list[str]] = {}
    for table, column in rows(
        release.public,
        "select table_name, column_name from duckdb_columns() where not internal order by all",
    ):
        if column not in BUILD_COLUMNS:
            tables.setdefault(table, []).append(f'"{column}"')
    return {
        table: rows(release.public, f"select {', '.join(columns)} from {table} order by all")
        for table, columns in tables.items()
    }


def test_second_build_of_a_date_changes_nothing(
    tmp_path: Path, sample_raw: Path, sample_release: Release
) -> None:
    again = build_release(sample_raw, copy_of(sample_release, tmp_path / "out"))
    assert again.build_id != sample_release.build_id
    assert contents(again) == contents(sample_release)
    for snapshot in ("customer_segments_snapshot", "playbook_audience_snapshot"):
        query = f"select * from snapshots.{snapshot} order by all"
        assert rows(again.private, query) == rows(sample_release.private, query)


def test_threads_and_row_order_do_not_change_a_table(
    tmp_path: Path, sample_raw: Path, sample_release: Release
) -> None:
    """One thread on shuffled files makes what four threads make of the files as they are."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for file in sample_raw.glob("*.parquet"):
        duckdb.execute(
            f"copy (from '{file}' order by md5(concat_ws('', columns(*)))) to '{raw / file.name}'"
        )
    shuffled = build_release(raw, tmp_path / "out", threads=1)
    assert contents(shuffled) == contents(sample_release)


@pytest.fixture(scope="module")
def two_dates(
    tmp_path_factory: pytest.TempPathFactory, hand_release: Release
) -> tuple[Release, Release]:
    """The company on paper on 2026-06-30, and two days later after two new orders."""
    folder = tmp_path_factory.mktemp("two_dates")
    raw = folder / "raw"
    shutil.copytree(HAND_COMPANY, raw)
    with (raw / "erp_orders.csv").open("a", encoding="utf-8") as file:
        # C3 was at risk and buys again; C4 was a lead and buys for the first time.
        file.write("N1,C3,2026-07-01,100,CNY,completed,\n")
        file.write("N2,C4,2026-07-02,100,CNY,completed,\n")
    out = copy_of(hand_release, folder / "out")
    return hand_release, build_release(raw, out, as_of=date(2026, 7, 2))


def test_snapshot_closes_and_opens_spells(two_dates: tuple[Release, Release]) -> None:
    first, second = two_dates
    assert rows(first.private, "select count(*) from snapshots.customer_segments_snapshot") == [
        (len(NAMES),)
    ]
    spells = rows(
        second.private,
        "select customer_id, as_of_date, lifecycle_stage_key, dbt_valid_to is null"
        " from snapshots.customer_segments_snapshot order by as_of_date",
    )
    by_name: dict[str, list[tuple[object, ...]]] = {}
    for row in spells:
        by_name.setdefault(NAMES[row[0]], []).append(row[1:])
    assert by_name["C3"] == [
        (date(2026, 6, 30), "at_risk", False),
        (date(2026, 7, 2), "established", True),
    ]
    assert by_name["C4"] == [(date(2026, 6, 30), "lead", False), (date(2026, 7, 2), "new", True)]
    # An order of 2026-04-01 is 92 days old now: C5 is no longer new, but has not changed otherwise.
    assert by_name["C5"][-1][1:] == ("established", True)
    assert by_name["C7"] == [(date(2026, 6, 30), "churned", True)]


def test_members_leave_and_enter_on_business_dates(two_dates: tuple[Release, Release]) -> None:
    _, second = two_dates
    found = {
        (row[0], NAMES[row[1]]): row[2:]
        for row in rows(
            second.public,
            "select playbook_key, customer_id, entered_date, left_date, is_active"
            " from playbook_members",
        )
    }
    assert found["rescue", "C3"] == (date(2026, 6, 30), date(2026, 7, 2), False)
    assert found["welcome", "C4"] == (date(2026, 7, 2), None, True)
    assert found["welcome", "C5"] == (date(2026, 6, 30), date(2026, 7, 2), False)
    assert found["welcome", "C10"] == (date(2026, 6, 30), None, True)


def test_actions_keep_their_ids(two_dates: tuple[Release, Release]) -> None:
    first, second = two_dates
    query = (
        "select action_id, playbook_key, customer_id, step_number, due_date from playbook_actions"
    )
    before, after = set(rows(first.public, query)), set(rows(second.public, query))
    assert before <= after
    new = {row[2] for row in after - before}
    assert customer("C4") in new
