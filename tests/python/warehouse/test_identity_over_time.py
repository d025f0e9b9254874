"""Ids, stays, actions and published labels after customers merge and split."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from strata.project import project_dir
from strata.warehouse.releases import Release

from .conftest import HAND_COMPANY, HAND_DATE, build_release, copy_of, rows
from .test_hand_company import customer

LATER = date(2026, 7, 2)
MEMBERS = {"C3": "M-1001", "C7": "M-1001", "C10": "M-77123"}
# So far C8 was known by its orders alone.
EIGHT = "C8,,consumer,,,,北京,CN,direct,2025-01-01,m-77123"
SPLIT = 'split,erp:C2,erp:C2B,"Two branches, billed apart",sales,2026-07-01\n'
ACTIONS = """
    select action_id, playbook_key, customer_id, step_number from playbook_actions
    where is_active
"""
MAP = "select source_record_id, customer_id from customer_identity_map"


def write_customers(raw: Path, extra: list[str]) -> None:
    """Give customers of the hand company member numbers, C3 the name of C7, and add lines."""
    text = (HAND_COMPANY / "erp_customers.csv").read_text(encoding="utf-8")
    header, *lines = text.replace("C3,Carl Dane", "C3,Gil Hart").splitlines()
    numbered = [f"{line},{MEMBERS.get(line.split(',')[0], '')}" for line in lines]
    text = "\n".join([f"{header},member_id", *reversed([*numbered, *extra])])
    (raw / "erp_customers.csv").write_text(text + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory, hand_release: Release) -> list[Release]:
    """The company on paper; after two merges and a split by hand; after new and shuffled rows.

    C3, of the control group of rescue, merges into the older C7, and C10, with open actions of
    welcome, into the older C8. C2B is split from C2.
    """
    folder = tmp_path_factory.mktemp("over_time")
    project = folder / "project"
    project.mkdir()
    for name in ("macros", "models", "seeds", "snapshots", "tests/data", "analyses"):
        shutil.copytree(project_dir() / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(project_dir() / name, project / name)
    with (project / "seeds/identity/identity_overrides.csv").open("a", encoding="utf-8") as file:
        file.write(SPLIT)
    raw = folder / "raw"
    shutil.copytree(HAND_COMPANY, raw)
    out = copy_of(hand_release, folder / "out")
    here = Path.cwd()
    os.chdir(project)
    try:
        write_customers(raw, [EIGHT])
        second = build_release(raw, out, as_of=LATER)
        write_customers(
            raw, [EIGHT, "A1,Gil Hart,consumer,gil@new.example,,,北京,CN,direct,2019-01-01,m-1001"]
        )
        third = build_release(raw, out, as_of=LATER)
    finally:
        os.chdir(here)
    return [hand_release, second, third]


def test_the_older_id_survives_and_the_other_resolves(releases: list[Release]) -> None:
    first, second, _ = releases
    before, after = dict(rows(first.public, MAP)), dict(rows(second.public, MAP))
    branch = after["C2B"]
    assert branch not in before.values()
    assert after == before | {"C3": customer("C7"), "C10": customer("C8"), "C2B": branch}
    aliases = rows(
        second.public,
        "select customer_id, current_customer_id, retired_date from customer_id_aliases",
    )
    assert sorted(aliases) == sorted(
        [(customer("C3"), customer("C7"), LATER), (customer("C10"), customer("C8"), LATER)]
    )


def test_every_change_has_its_cause(releases: list[Release]) -> None:
    second = releases[1]
    changes = rows(
        second.public,
        "select customer_id, new_customer_id, cause, rule_key, record_count, is_by_hand,"
        " changed_date from customer_id_changes",
    )
    branch = dict(rows(second.public, MAP))["C2B"]
    assert sorted(changes, key=str) == sorted(
        [
            (customer("C3"), customer("C7"), "merge", "same_member_id", 1, False, LATER),
            (customer("C10"), customer("C8"), "merge", "same_member_id", 1, False, LATER),
            (customer("C2"), branch, "split", None, 1, True, LATER),
        ],
        key=str,
    )


def test_the_impact_tells_tiers_revenue_and_open_work(releases: list[Release]) -> None:
    first, second, _ = releases
    tiers = "select customer_id, tier_key from customer_segments"
    before, after = dict(rows(first.public, tiers)), dict(rows(second.public, tiers))
    impact = {
        row[0]: row[1:]
        for row in rows(
            second.public,
            "select customer_id, tier_key_before, tier_key_after, new_customer_tier_key_before,"
            " new_customer_tier_key_after, order_count, cast(net_revenue_amount as integer),"
            " open_action_count from identity_impact",
        )
    }
    c2, c3, c7 = customer("C2"), customer("C3"), customer("C7")
    branch = dict(rows(second.public, MAP))["C2B"]
    c8, c10 = customer("C8"), customer("C10")
    assert impact[c3] == (before[c3], None, before[c7], after[c7], 1, 400, 0)
    assert impact[c10] == (before[c10], None, before[c8], after[c8], 1, 60, 3)
    assert impact[c2] == (before[c2], after[c2], None, after[branch], 2, 300, 0)


def test_open_actions_follow_the_survivor_and_keep_their_ids(releases: list[Release]) -> None:
    first, second, third = releases
    before, after = rows(first.public, ACTIONS), rows(second.public, ACTIONS)
    handed_out = {row[0] for row in before}
    of_c10 = {row[0] for row in before if row[1:3] == ("welcome", customer("C10"))}
    assert len(of_c10) == 3
    assert {row[0] for row in after if row[1:3] == ("welcome", customer("C8"))} == of_c10
    steps = [row[1:] for row in after]
    assert len(steps) == len(set(steps)), "a step is open twice"
    everything = {row[0] for row in rows(second.public, "select action_id from playbook_actions")}
    assert handed_out <= everything
    assert sorted(rows(third.public, ACTIONS)) == sorted(after)


def test_stays_and_published_labels_stay_readable(releases: list[Release]) -> None:
    second = releases[1]
    stays = rows(
        second.public,
        "select entered_customer_id, suppression_reason, entered_date, left_date"
        " from playbook_members"
        f" where playbook_key = 'rescue' and customer_id = '{customer('C7')}'",
    )
    # With two orders between them the survivor is at risk no longer, so the stay has ended.
    assert stays == [(customer("C3"), "control_group", HAND_DATE, LATER)]
    spells = rows(
        second.public,
        "select published_customer_id, started_date, ended_date from customer_segment_spells"
        f" where customer_id = '{customer('C7')}' and published_customer_id <> customer_id",
    )
    assert spells == [(customer("C3"), HAND_DATE, LATER)]


def test_new_and_shuffled_rows_change_no_id(releases: list[Release]) -> None:
    """A new record, older than all others, joins C7; the split holds."""
    _, second, third = releases
    before, after = dict(rows(second.public, MAP)), dict(rows(third.public, MAP))
    assert after == before | {"A1": customer("C7")}
    query = "from customer_id_changes order by all"
    assert rows(third.public, query) == rows(second.public, query)
