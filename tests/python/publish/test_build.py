"""`strata build` on the toy project: what a release holds, and what stops one."""

from __future__ import annotations

import json
import os
import shutil
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
        "restricted.rejected_records",
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
    assert kept == ["_policy__seeds.yml", "labels.csv", "metrics.csv", "policies.csv"]


def test_summary_says_what_came_out_and_where(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    _, outcome = first_build
    text = outcome.stdout
    assert "as of 2026-09-10" in text
    assert "days ago" in text
    assert ["erp_orders", "61", "60", "0", "1"] in [line.split() for line in text.splitlines()]
    assert "Not a date" in text
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


def test_databases_are_read_only_and_the_private_one_is_its_owners_alone(
    first_build: tuple[Toy, subprocess.CompletedProcess[str]],
) -> None:
    toy, _ = first_build
    mask = os.umask(0)
    os.umask(mask)
    assert mode(toy.current / "private.duckdb") == 0o400
    assert mode(toy.current / "strata.duckdb") == 0o444 & ~mask
    assert mode(toy.current / "release.json") == 0o666 & ~mask
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


def test_missing_rows_are_said_and_not_that_the_date_is_earlier(toy: Toy) -> None:
    before = toy.info()
    toy.write_orders(orders=8)
    outcome = toy.run("build")
    assert outcome.returncode == 3
    assert "erp_orders: 61 rows in the current release, 8 now" in outcome.stderr
    assert "phase: marts" not in outcome.stderr
    outcome = toy.run("build", "--accept")
    assert outcome.returncode == 2
    assert (
        "the newest usable order or refund is of 2026-08-10, and the current release describes "
        "2026-09-10" in outcome.stderr
    )
    assert toy.info() == before


def test_rejected_newest_rows_are_why_the_date_is_earlier(toy: Toy) -> None:
    """They are few, so that no other guard stops them."""
    toy.write_orders(orders=60)
    orders = toy.folder / "data" / "raw" / "erp_orders.csv"
    text = orders.read_text().replace("2026-09-10", "2026-08-10")
    orders.write_text(text + "o98,c1,10.Sept,5\no99,c1,10.Sept,5\n")
    outcome = toy.run("build")
    assert outcome.returncode == 2
    assert "erp_orders: 2 of 62 rows (3.2%) rejected" in outcome.stderr
    assert "2 unreadable_date: ordered_at '10.Sept' (2). Not a date." in outcome.stderr


def test_nothing_empty_is_published(toy: Toy) -> None:
    """All rows rejected is bad input, on a first build too, and --accept changes nothing."""
    orders = toy.folder / "data" / "raw" / "erp_orders.csv"
    toy.write_orders()
    orders.write_text(orders.read_text().replace("2026-", "June "))
    for out in (toy.out, toy.folder / "new"):
        outcome = toy.run("build", "--accept", "--out", str(out))
        assert outcome.returncode == 2
        assert "no row of erp_orders can be used" in outcome.stderr
        assert "60 of 60 rows (100.0%) rejected" in outcome.stderr
        assert "60 unreadable_date: ordered_at 'June 01-10' (7), " in outcome.stderr
        assert "phase: marts" not in outcome.stderr
    assert not (toy.folder / "new" / "current").exists()
    toy.assert_whole()


def test_rejected_rows_beyond_the_limit_stop_the_first_build_unless_accepted(toy: Toy) -> None:
    toy.write_orders(orders=57, extra="a,c1,never,3\nb,c1,never,3\nc,c1,soon,3")
    new = str(toy.folder / "new")
    assert toy.run("build", "--out", new).returncode == 0
    shutil.rmtree(new)
    toy.write_orders(orders=56, extra="a,c1,never,3\nb,c1,never,3\nc,c1,soon,3")
    outcome = toy.run("build", "--out", new)
    assert outcome.returncode == 3
    assert "--max-rejected allows (5.0%)" in outcome.stderr
    assert "erp_orders: 3 of 59 rows (5.1%) rejected" in outcome.stderr
    assert "3 unreadable_date: ordered_at 'never' (2), ordered_at 'soon' (1)." in outcome.stderr
    outcome = toy.run("build", "--out", new, "--accept")
    assert outcome.returncode == 0, outcome.stderr
    assert "accepted: erp_orders: 3 of 59 rows (5.1%) rejected" in outcome.stderr


def test_a_stale_source_stops_a_build_if_the_policy_says_so(toy: Toy) -> None:
    model = toy.folder / "models" / "marts" / "source_readiness.sql"
    model.write_text(model.read_text().replace("'warn'", "'stop'"))
    outcome = toy.run("build")
    assert outcome.returncode == 3
    assert "erp_orders ends on 2026-09-10, and the policy stops a build after 3 days" in (
        outcome.stderr
    )


def test_warnings_are_in_the_progress_and_the_summary(toy: Toy) -> None:
    toy.write_orders(extra="o98,c1,2026-09-10,999.00")
    outcome = toy.run("build")
    assert outcome.returncode == 0, outcome.stderr
    assert "warning: erp_orders: strange: 1 of 61 (1.6%)" in outcome.stderr
    assert "Warning: erp_orders: strange: 1 of 61 (1.6%)" in outcome.stdout


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
    assert list(toy.info()["peaks"]) == ["2026-09-10"]
    assert toy.info()["peaks"]["2026-09-10"]["gross revenue"] == 1950


def test_guard_stops_a_rise_and_names_a_changed_currency(toy: Toy) -> None:
    toy.write_orders(amount=20)
    outcome = toy.run("build")
    assert outcome.returncode == 3
    assert (
        "gross revenue: 3,900.00 in the current release, 7,800.00 in this build (+100.0%; "
        "--max-rise allows +50.0%)" in outcome.stderr
    )
    settings = toy.folder / "dbt_project.yml"
    settings.write_text(settings.read_text().replace("Asia/Shanghai", "UTC"))
    outcome = toy.run("build", "--max-rise", "1")
    assert outcome.returncode == 3
    assert "var business_time_zone was Asia/Shanghai in the current release and is UTC" in (
        outcome.stderr
    )


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
