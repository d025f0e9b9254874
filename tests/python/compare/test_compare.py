"""`strata compare` on small releases made by hand."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from strata import __version__
from strata.cli import group
from strata.compare.read import read
from strata.errors import StrataError
from strata.seeds import PRIVATE_SEEDS
from strata.warehouse.releases import Release, Warehouse

TABLES = """
create table customer_segments (
    customer_id varchar, customer_type varchar, tier_key varchar, lifecycle_stage_key varchar,
    matrix_key varchar, own_value_amount decimal(18, 4), policy_key varchar
);
insert into customer_segments values
    ('a', 'business', 'A', 'growing', null, 100.5, 'default'),
    ('b', 'business', 'B', 'growing', 'star', 20, 'default'),
    ('c', 'consumer', 'B', 'new', 'star', 10, 'default'),
    ('d', 'consumer', 'C', 'new', 'star', null, 'default');
create table customer_tags as from (values ('a', 'dealer'), ('b', 'dealer'), ('d', 'dealer'))
    as tags (customer_id, tag_key);
create table customer_id_aliases (customer_id varchar, current_customer_id varchar);
"""
LABELS = """\
kind,outcome_key,name_en
tier,A,Gold
tier,B,Silver
lifecycle_stage,new,New
tag,dealer,Dealer
"""
DECLARED = """\
seeds:
  - name: labels
    config: {meta: {key: [kind, outcome_key]}}
  - name: policies
  - name: metrics
    config: {meta: {key: [metric]}}
"""
POLICIES = "policy_key,value_metric,consumer_value_metric\ndefault,revenue,\nother,profit,revenue\n"
METRICS = "metric,name_en\nrevenue,net revenue\nprofit,profit\n"
OWNERS = """\
seeds:
  - name: owners
    config: {meta: {key: [owner_id]}}
"""
Make = Callable[..., Release]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def make(warehouse: Warehouse) -> Make:
    """A function that writes a release: the usual tables, changed by statements and files."""

    def made(
        build_id: str, statements: str = "", files: dict[str, str] | None = None, **info: Any
    ) -> Release:
        folder = warehouse.releases_folder / build_id
        content = {
            "seeds/policy/_seeds.yml": DECLARED,
            "seeds/policy/labels.csv": LABELS,
            "seeds/policy/policies.csv": POLICIES,
            "seeds/policy/metrics.csv": METRICS,
            "seeds/playbooks/_seeds.yml": OWNERS,
            "seeds/playbooks/owners.csv": "owner_id,name\no1,Ann\n",
            "seeds/identity/_seeds.yml": "",
            "seeds/reference/_seeds.yml": "",
        }
        for name, text in (content | (files or {})).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        with duckdb.connect(str(folder / "strata.duckdb")) as connection:
            connection.execute(TABLES + statements)
        with duckdb.connect(str(folder / "private.duckdb")) as connection:
            connection.execute("create schema restricted; create table restricted.log (one date)")
            connection.execute(
                f"create schema staging; create table staging.inner_{build_id} (x int)"
            )
        told = {
            "build_id": build_id,
            "as_of_date": "2026-09-10",
            "previous": None,
            "policy_key": "default",
            "vars": {"base_currency": "CNY"},
            "versions": {"strata": __version__},
            "figures": {"totals": {"customers": 4.0}, "rejected_rate": 0.0, "shares": []},
        } | info
        (folder / "release.json").write_text(json.dumps(told), encoding="utf-8")
        return Release(folder, told)

    return made


def compare(warehouse: Warehouse, *arguments: str) -> Result:
    return CliRunner().invoke(group, ["compare", *arguments, "--out", str(warehouse.folder)])


def text(warehouse: Warehouse, *arguments: str) -> list[str]:
    """Return the lines that are printed, with one blank between words."""
    outcome = compare(warehouse, *arguments)
    assert outcome.exit_code == 0, outcome
    return [" ".join(line.split()) for line in outcome.output.splitlines()]


def test_equal_releases_say_so_in_one_line(warehouse: Warehouse, make: Make) -> None:
    make("one")
    make("two", previous="one")
    warehouse.publish("two")
    for arguments in ((), ("one", "one"), (str(warehouse.releases_folder / "one"),)):
        outcome = compare(warehouse, *arguments)
        assert outcome.output.count("\n") == 4
        assert "\n\nNothing differs: " in outcome.output


def test_moves_are_counted_from_label_to_label_with_their_names(
    warehouse: Warehouse, make: Make
) -> None:
    one = make("one")
    two = make(
        "two",
        """
        update customer_segments set tier_key = 'B' where customer_id = 'a';
        update customer_segments set tier_key = 'A' where tier_key = 'C';
        update customer_segments set matrix_key = 'star' where customer_id = 'a';
        delete from customer_tags where customer_id = 'a';
        insert into customer_tags values ('c', 'vip');
        insert into customer_segments (customer_id) values ('new');
        """,
    )
    found = read(one, two)
    assert [tuple(row.values()) for row in found["moves"]] == [
        ("tier", "A", "B", 1),
        ("tier", "C", "A", 1),
        ("matrix", None, "star", 1),
        ("tag", "dealer", None, 1),
        ("tag", None, "vip", 1),
    ]
    assert found["customers"]["in_both"] == 4
    assert found["customers"]["new"] == 1
    lines = text(warehouse, "one", "two")
    assert "Tier (2) Gold Silver 1" in lines
    assert "Tag (2) Dealer - 1" in lines
    assert "Gold, business 1 0 100.50 0.00" in lines
    assert "Gold, consumer 0 1 0.00 0.00" in lines
    assert not [line for line in lines if line.startswith("Silver, consumer")]


def test_more_than_three_moves_of_a_kind_are_summed_up(warehouse: Warehouse, make: Make) -> None:
    make("one")
    make("two", "update customer_segments set lifecycle_stage_key = 'to_' || customer_id")
    lines = text(warehouse, "one", "two")
    assert "Lifecycle stage (4) growing to_a 1" in lines
    assert "1 more 1" in lines


def test_a_customer_under_another_id_is_followed_and_a_merged_one_is_not_gone(
    make: Make,
) -> None:
    one = make("one")
    two = make(
        "two",
        """
        update customer_segments set customer_id = 'z', tier_key = 'A' where customer_id = 'c';
        delete from customer_segments where customer_id in ('b', 'd');
        insert into customer_id_aliases values ('c', 'z'), ('b', 'a');
        """,
    )
    found = read(one, two)
    assert found["customers"] == {
        "in_both": 2,
        "with_another_id": 1,
        "new": 0,
        "gone": 1,
        "merged": 1,
    }
    assert [tuple(row.values()) for row in found["moves"]] == [("tier", "B", "A", 1)]


def test_rows_of_seeds_are_compared_by_key_with_the_rows_of_a_company(
    warehouse: Warehouse, make: Make
) -> None:
    make("one")
    files = {
        "seeds/policy/labels.csv": LABELS.replace("Dealer", "Reseller").replace("tier,B", "tier,D"),
        "company/policy/labels.csv": "change,kind,outcome_key,name_en\noverride,tier,A,Premium\n",
    }
    make("two", files=files)
    lines = text(warehouse, "one", "two")
    start = lines.index("Seed row File and line Key Cells")
    assert lines[start + 1 : start + 5] == [
        "changed policy/labels.csv:2 tier/A name_en: Gold -> Premium",
        "removed seeds/policy/labels.csv:3 tier/B",
        "changed seeds/policy/labels.csv:5 tag/dealer name_en: Dealer -> Reseller",
        "1 more of labels",
    ]


def test_a_column_that_a_seed_gains_changes_no_row(make: Make) -> None:
    one = make("one")
    metrics = "metric,name_en,unit\nrevenue,net revenue,EUR\nprofit,profit,EUR\n"
    two = make("two", files={"seeds/policy/metrics.csv": metrics})
    for pair, change in (((one, two), "column added"), ((two, one), "column removed")):
        (row,) = read(*pair)["seeds"]
        assert (row["change"], row["key"], row["cells"]) == (change, "unit", {})


def test_an_older_release_with_fewer_tables_and_no_seeds_is_compared(
    warehouse: Warehouse, make: Make
) -> None:
    old = make(
        "old",
        "drop table customer_tags; drop table customer_id_aliases;"
        "alter table customer_segments drop matrix_key;"
        "alter table customer_segments drop own_value_amount",
        {
            "seeds/policy/_seeds.yml": DECLARED.replace("config", "no_config"),
            "seeds/policy/labels.csv": LABELS.replace("Silver", "Normal"),
        },
        versions={"strata": "0.1.0"},
    )
    for file in (old.folder / "seeds" / "playbooks").iterdir():
        file.unlink()
    (old.folder / "seeds" / "playbooks").rmdir()
    new = make("new", "alter table customer_segments alter policy_key type int using 1")
    found = read(old, new)
    assert [tuple(row.values()) for row in found["schema"]] == [
        ("customer_id_aliases", None, None, "table"),
        ("customer_segments", "matrix_key", None, "VARCHAR"),
        ("customer_segments", "own_value_amount", None, "DECIMAL(18,4)"),
        ("customer_segments", "policy_key", "VARCHAR", "INTEGER"),
        ("customer_tags", None, None, "table"),
    ]
    assert found["moves"] == []
    assert [(row["key"], row["cells"]) for row in found["seeds"]] == [
        ("tier/B", {"name_en": ["Normal", "Silver"]})
    ]
    assert found["seed_folders_left_out"] == ["playbooks"]
    lines = text(warehouse, "old", "new")
    assert f"strata 0.1.0 {__version__}" in lines
    assert "Not compared: the seeds of playbooks, which not both releases keep." in lines
    for file in sorted((old.folder / "seeds").rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    assert read(old, new)["names"] == {}


def test_policy_vars_and_figures_that_differ_are_shown(warehouse: Warehouse, make: Make) -> None:
    shares = [{"dimension": "lifecycle_stage", "key": "new", "customers": 1200, "rate": 1.0}]
    make("one")
    make(
        "two",
        policy_key="other",
        as_of_date="2026-10-10",
        vars={"base_currency": "EUR", "history_quarters": 9, "source_files": {"x": {}}},
        figures={"totals": {"net revenue": 9.5}, "rejected_rate": 0.25, "shares": shares},
    )
    lines = text(warehouse, "one", "two")
    for line in (
        "base_currency CNY EUR",
        "history_quarters - 9",
        "source_files - {'x': {}}",
        "as_of_date 2026-09-10 2026-10-10",
        "segmentation_policy default other",
        "value of a business customer net revenue profit",
        "Customers 4 0 -4",
        "Net revenue 0 9.50 +9.50",
        "Rejected rate 0.0% 25.0% +25.0%",
        "Lifecycle stage: New 0 1,200 +1,200",
    ):
        assert line in lines
    assert not [line for line in lines if line.startswith("value of a consumer")]


def test_json_holds_every_section(warehouse: Warehouse, make: Make) -> None:
    make("one")
    make("two", "update customer_segments set tier_key = 'C'", previous="one")
    warehouse.publish("two")
    found = json.loads(compare(warehouse, "--json").output)
    assert (found["before"]["build_id"], found["after"]["build_id"]) == ("one", "two")
    assert found["moves"][0] == {"dimension": "tier", "before": "B", "after": "C", "customers": 2}
    assert found["names"]["tier"]["B"] == "Silver"


def test_who_may_not_read_private_data_compares_the_rest(make: Make) -> None:
    one = make("one", files={"company/playbooks/owners.csv": "change,owner_id,name\n"})
    two = make("two", files={"seeds/playbooks/owners.csv": "owner_id,name\no1,Bob\n"})
    with duckdb.connect(str(two.private)) as connection:
        connection.execute("drop table restricted.log")
    found = read(one, two)
    assert [row["table_name"] for row in found["schema"]] == ["restricted.log"]
    assert [row["cells"] for row in found["seeds"]] == [{"name": ["Ann", "Bob"]}]
    for release in (one, two):
        for file in (release.private, *release.folder.rglob(PRIVATE_SEEDS[0])):
            file.chmod(0)
        for folder in release.folder.parents:
            if (
                folder.is_relative_to(tempfile.gettempdir())
                and str(folder) != tempfile.gettempdir()
            ):
                folder.chmod(0o755)
    user = os.geteuid()
    if user == 0:  # root may read every file
        os.seteuid(65534)
    try:
        found = read(one, two)
    finally:
        os.seteuid(user)
    assert (found["schema"], found["seeds"], found["is_private_left_out"]) == ([], [], True)


def test_what_cannot_be_compared_is_refused_in_one_line(warehouse: Warehouse, make: Make) -> None:
    one = make("one")
    warehouse.publish("one")
    make("newer", versions={"strata": "99.0.0"})
    newer = f"release newer was made by Strata 99.0.0, and this is {__version__}: upgrade, or run"
    make("damaged").public.write_text("no database")
    for arguments, message in (
        ([], "one is the first release"),
        (["nowhere"], "no release nowhere in .*; there: one, newer, damaged"),
        ([str(one.folder.parent)], f"no release {one.folder.parent} in"),
        (["newer"], f"{newer} `strata rollback --to one`"),
        (["one", str(one.folder.parent / "newer")], newer),
        (["damaged"], r"cannot open .*damaged/strata\.duckdb: "),
    ):
        with pytest.raises(StrataError, match=message) as caught:
            group(["compare", *arguments, "--out", str(warehouse.folder)], standalone_mode=False)
        assert (caught.value.exit_code, "\n" in str(caught.value)) == (2, False)
