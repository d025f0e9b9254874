"""`strata build` on the toy project: what a release holds, and what stops one."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from strata.publish.summary import _reasons

if TYPE_CHECKING:
    from tests.python.publish.conftest import Toy


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def releases(toy: Toy) -> list[str]:
    return sorted(os.listdir(toy.out / "releases"))


def test_first_build_publishes_a_whole_release(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    toy, _ = first_build
    toy.assert_whole()
    info = toy.info()
    assert info["as_of_date"] == "2026-09-10"
    assert info["previous"] is None
    assert info["vars"] == {
        "raw_data_dir": str(toy.folder / "data" / "raw"),
        "as_of_date": None,
        "business_time_zone": "Asia/Shanghai",
        "segmentation_policy": "default",
    }
    assert set(info["rows"]["private.duckdb"]) == {
        "restricted.customer_contact_details",
        "restricted.customer_id_registry",
        "snapshots.customer_segments_snapshot",
    }
    assert sorted(path.name for path in toy.current.iterdir()) == [
        "audit",
        "logs",
        "private.duckdb",
        "release.json",
        "seeds",
        "strata.duckdb",
        "target",
    ]
    kept = sorted(path.name for path in (toy.current / "seeds" / "policy").iterdir())
    assert kept == ["labels.csv", "metrics.csv", "policies.csv"]


def test_summary_says_what_came_out_and_where(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    _, outcome = first_build
    text = outcome.stdout
    assert "as of 2026-09-10" in text
    assert "days ago" in text
    assert ["erp_orders", "61", "60", "0", "1"] in [line.split() for line in text.splitlines()]
    assert "Not a date." in text
    assert "Stale: erp_orders ends on 2026-09-10, more than 3 days ago" in text
    assert (
        "RFM scores of customer type business (12 buyers) are cut by bands: "
        "too few buyers for quantiles." in text
    )
    line = next(line for line in text.splitlines() if line.startswith("Key customers"))
    assert line.split() == ["Key", "customers", "11", "91.7%", "3,850.00", "98.7%", "重点客户"]
    assert "current/strata.duckdb" in text
    assert "dbt.log" in text


def test_phases_are_said_on_stderr_and_in_the_log(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    toy, outcome = first_build
    names = ["load", "seed", "staging", "marts", "snapshot", "audit", "copy", "swap"]
    for text in (outcome.stderr, (toy.current / "logs" / "strata.log").read_text()):
        said = [line for line in text.splitlines() if line.startswith("phase: ")]
        assert sorted(said) == sorted(f"phase: {name}" for name in names)
        assert said[-4:] == [f"phase: {name}" for name in names[-4:]]


def test_private_files_are_for_their_owner_alone(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    toy, _ = first_build
    mask = os.umask(0)
    os.umask(mask)
    assert mode(toy.current / "private.duckdb") == 0o600
    assert mode(toy.current / "strata.duckdb") == 0o666 & ~mask
    assert mode(toy.current.resolve()) == 0o777 & ~mask


def test_personal_data_stays_out_of_everything_public(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    toy, _ = first_build
    for path in toy.current.resolve().rglob("*"):
        if path.is_file() and path.name != "private.duckdb":
            assert b"Name of c1" not in path.read_bytes(), path


def test_copies_keep_types_comments_and_not_null(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    toy, _ = first_build
    column = "column_name, data_type, is_nullable, comment"
    where = "table_name = 'customers'"
    assert toy.query(f"select {column} from duckdb_columns() where {where}") == [
        ("customer_id", "VARCHAR", False, "The customer's key.")
    ]
    comment = f"select comment from duckdb_tables() where {where}"
    assert toy.query(comment) == [("The customers' ids, one row each.",)]
    tags = "select tags['storage_version'] from duckdb_databases() where not internal"
    assert toy.query(tags) == [("v1.0.0+",)]


def test_next_build_starts_from_the_state_and_keeps_n_releases(toy: Toy) -> None:
    first = toy.info()["build_id"]
    (toy.out / "releases" / "20200101T000000Z-dead").mkdir()
    options = ["--as-of", "2026-10-01", "--policy", "other", "--keep", "1", "--json"]
    outcome = toy.run("build", *options)
    assert outcome.returncode == 0, outcome.stderr
    toy.assert_whole()
    assert toy.query("select distinct policy_key from customer_segments") == [("other",)]
    summary = json.loads(outcome.stdout)
    assert summary["as_of_date"] == "2026-10-01"
    assert toy.info()["previous"] == first
    assert toy.info()["vars"]["as_of_date"] == "2026-10-01"
    assert toy.info()["vars"]["segmentation_policy"] == "other"
    assert releases(toy) == [summary["build_id"]]
    query = "select distinct first_build_id from restricted.customer_id_registry"
    assert toy.query(query, "private.duckdb") == [(first,)]
    query = "select count(*), count(dbt_valid_to) from snapshots.customer_segments_snapshot"
    assert toy.query(query, "private.duckdb") == [(12, 0)]


def test_earlier_date_is_refused(toy: Toy) -> None:
    before = toy.info(), releases(toy)
    outcome = toy.run("build", "--as-of", "2026-09-09")
    assert outcome.returncode == 2
    assert "2026-09-09 is before 2026-09-10" in outcome.stderr
    assert "--out" in outcome.stderr
    assert (toy.info(), releases(toy)) == before


def test_earlier_date_in_the_data_is_refused(toy: Toy) -> None:
    toy.write_orders(orders=8)
    outcome = toy.run("build")
    assert outcome.returncode == 2
    assert "2026-08-10 is before 2026-09-10" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--policy", "bold"], "no policy bold"),
        (["--raw", "nowhere"], "nowhere"),
        (["--as-of", "2026-13-01"], "2026-13-01"),
    ],
)
def test_bad_usage_is_one_line(toy: Toy, arguments: list[str], words: str) -> None:
    outcome = toy.run("build", *arguments)
    assert outcome.returncode == 2
    assert words in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert outcome.stdout == ""


def test_failed_test_leaves_the_current_release(toy: Toy) -> None:
    before = toy.info()
    toy.write_orders(extra="o99,c1,2026-09-10,-5.00")
    outcome = toy.run("build")
    assert outcome.returncode == 1
    assert "test orders_are_positive: Got 1 result" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    toy.assert_whole()
    assert (toy.info(), releases(toy)) == (before, [before["build_id"]])
    assert (toy.out / "failed" / "logs" / "dbt.log").is_file()
    assert str(toy.out / "failed" / "logs") in outcome.stderr
    assert not list((toy.out / "failed").glob("*.duckdb*"))


def test_finding_about_a_seed_is_printed_and_exits_2(toy: Toy) -> None:
    with (toy.folder / "seeds" / "policy" / "labels.csv").open("a") as seed:
        seed.write("z,Unknown,未知\n")
    outcome = toy.run("build")
    assert outcome.returncode == 2
    assert "seeds/policy/labels.csv: unknown outcome_key z" in outcome.stderr


def test_error_raised_by_the_project_is_passed_on_without_its_stack(toy: Toy) -> None:
    macro = toy.folder / "macros" / "project.sql"
    macro.write_text(macro.read_text().replace("'ordered_at' not in", "'shop' not in"))
    outcome = toy.run("build")
    assert outcome.returncode == 2
    lines = outcome.stderr.splitlines()
    assert lines[-2] == "strata: error: erp_orders.csv has no column ordered_at: add it"
    assert "> in macro" not in outcome.stderr


def test_guard_stops_a_fall_unless_accepted(toy: Toy) -> None:
    before = toy.info()
    toy.write_orders(amount=5)
    outcome = toy.run("build")
    assert outcome.returncode == 3
    assert (
        "gross revenue: 3,900.00 in the current release, 1,950.00 in this build" in outcome.stderr
    )
    assert "--max-fall" in outcome.stderr
    assert "--accept" in outcome.stderr
    assert toy.info() == before
    outcome = toy.run("build", "--accept")
    assert outcome.returncode == 0, outcome.stderr
    assert "accepted: gross revenue" in outcome.stderr
    toy.assert_whole()
    assert toy.info()["build_id"] != before["build_id"]


def test_public_database_opens_while_another_reader_holds_it(toy: Toy) -> None:
    with duckdb.connect(str(toy.current / "strata.duckdb"), read_only=True):
        toy.assert_whole()


def test_rejected_rows_are_summed_by_reason_and_say_where_they_are() -> None:
    def counted(table: str, meaning: str | None, count: int) -> dict[str, object]:
        return {
            "source_table": table,
            "meaning": meaning,
            "rejection_reason": "future_date",
            "record_count": count,
        }

    rejected = [counted(f"table_{number}", "No key", 2) for number in range(5)]
    rejected += [counted("table_9", None, 1000), counted("table_8", "No date", 10)]
    assert _reasons(rejected) == [
        ["1,000", "future_date", "table_9"],
        ["10", "No date", "table_8"],
        ["10", "No key", "table_0, table_1, table_2 and 2 more"],
    ]
