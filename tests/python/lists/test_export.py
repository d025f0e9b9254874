"""`strata export` on a release made by hand: what is listed, when, and how it looks."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import stat
from pathlib import Path

import duckdb
import pytest
import yaml

from strata.errors import LockHeld, StrataError
from strata.lists import export as export_module
from strata.lists.cli import LEFT_OUT, as_text
from strata.lists.export import Export, export
from strata.project import project_dir
from strata.warehouse.lock import lock
from strata.warehouse.releases import Warehouse


class Shop:
    """A warehouse whose releases hold the actions that a test names."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = Warehouse(folder / "warehouse")
        self.lists = folder / "exports"

    def release(
        self, build_id: str, as_of_date: str, *actions: tuple[str, str | None, str]
    ) -> None:
        """Publish actions (playbook, owner, customer); a customer's amount falls with its name."""
        folder = self.warehouse.releases_folder / build_id
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "strata.duckdb")) as public:
            public.execute(
                """
                create table playbook_actions (action_id varchar, playbook_key varchar,
                    step_number integer, customer_id varchar, owner_id varchar, channel varchar,
                    is_active boolean, entered_date date, due_date date, reason_en varchar,
                    reason_zh varchar, content_en varchar, content_zh varchar);
                create table playbook_members (playbook_key varchar, customer_id varchar,
                    owner_id varchar, suppression_reason varchar, is_contactable boolean,
                    is_active boolean);
                create table customer_segment_reasons as
                    select 'c1' as customer_id, 'lifecycle' as rule_set,
                        'At risk: open complaints 1 (>= 1)' as reason_en,
                        '流失风险：投诉' as reason_zh
                    union all select 'c1', 'tier', 'A: much', 'A类';
                create table customer_segments (customer_id varchar, as_of_date date,
                    tier_name_en varchar, lifecycle_stage_name_en varchar,
                    rfm_segment_name_en varchar, last_order_date date,
                    net_revenue_amount_365d decimal(18, 2));
                """
            )
            for playbook, owner, customer in actions:
                public.execute(
                    "insert into playbook_actions values ($1 || $2, $1, 1, $2, $3, 'phone', true, "
                    "$4::date, $4::date + 2, 'Spends much', '消费高', '=SUM(A1)', '问候')",
                    [playbook, customer, owner, as_of_date],
                )
            for customer in sorted({action[2] for action in actions}):
                public.execute(
                    "insert into customer_segments values "
                    "(?, ?, 'A', 'Dormant', 'Champions', '2026-08-01', ?)",
                    [customer, as_of_date, 1000 - 10 * ord(customer[-1])],
                )
        with duckdb.connect(str(folder / "private.duckdb")) as private:
            private.execute(
                """
                create schema restricted;
                create table restricted.customer_contact_details (customer_id varchar,
                    customer_name varchar, email varchar, phone varchar, city varchar);
                create table restricted.playbook_owners (owner_id varchar, owner_name varchar);
                insert into restricted.playbook_owners values ('o1', '王芳'), ('o2', 'Ann Smith');
                """
            )
            private.execute(
                "insert into restricted.customer_contact_details values "
                "('c1', '@北京, \"Trade\"', 'a@example.com', '+8613800138000', '北京')"
            )
        info = {"build_id": build_id, "as_of_date": as_of_date, "vars": {"base_currency": "EUR"}}
        (folder / "release.json").write_text(json.dumps(info))
        self.warehouse.publish(build_id)

    def export(self, owner: str | None = None) -> Export:
        return export(self.warehouse, self.lists, owner)

    def listed(self, made: Export | None = None) -> set[str]:
        """Export and return the ids of the actions listed."""
        folder = (made or self.export()).folder
        ids: set[str] = set()
        for path in folder.glob("*.csv"):
            ids |= {row["action_id"] for row in read(path)}
        return ids


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.release("r1", "2026-09-10", ("vip", "o1", "c2"), ("vip", "o1", "c1"), ("vip", None, "c3"))
    return shop


def test_one_list_per_playbook_and_owner(shop: Shop) -> None:
    made = shop.export()
    assert made.folder == shop.lists / "r1"
    assert (shop.lists / "current").readlink() == Path("r1")
    assert sorted(path.name for path in made.folder.iterdir()) == [
        "manifest.json",
        "vip__o1.csv",
        "vip__o1.parquet",
        "vip__unassigned.csv",
        "vip__unassigned.parquet",
    ]


def test_row_says_who_why_what_and_by_when(shop: Shop) -> None:
    row = read(shop.export().folder / "vip__o1.csv")[0]
    assert row == {
        "due_date": "2026-09-12",
        "channel": "phone",
        "customer_name": '\'@北京, "Trade"',
        "phone": "'+8613800138000",
        "email": "a@example.com",
        "city": "北京",
        "tier": "A",
        "lifecycle_stage": "Dormant",
        "rfm_segment": "Champions",
        "last_order_date": "2026-08-01",
        "net_revenue_amount_365d": "510.00",
        "currency": "EUR",
        "reason_en": "Spends much",
        "reason_zh": "消费高",
        "stage_reason_en": "At risk: open complaints 1 (>= 1)",
        "stage_reason_zh": "流失风险：投诉",
        "content_en": "'=SUM(A1)",
        "content_zh": "问候",
        "playbook_key": "vip",
        "step_number": "1",
        "owner_id": "o1",
        "owner_name": "王芳",
        "customer_id": "c1",
        "entered_date": "2026-09-10",
        "action_id": "vipc1",
    }


def test_sorted_by_due_date_then_value(shop: Shop) -> None:
    rows = read(shop.export().folder / "vip__o1.csv")
    assert [row["customer_id"] for row in rows] == ["c1", "c2"]


def test_parquet_holds_the_same_rows_unescaped(shop: Shop) -> None:
    path = shop.export().folder / "vip__o1.parquet"
    query = f"select customer_id, phone, content_en, due_date::varchar from '{path}'"
    assert duckdb.sql(query).fetchall() == [
        ("c1", "+8613800138000", "=SUM(A1)", "2026-09-12"),
        ("c2", None, "=SUM(A1)", "2026-09-12"),
    ]


def test_csv_opens_as_utf_8_in_a_spreadsheet(shop: Shop) -> None:
    assert (shop.export().folder / "vip__o1.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_manifest_describes_every_file(shop: Shop) -> None:
    folder = shop.export().folder
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["build_id"], manifest["as_of_date"]) == ("r1", "2026-09-10")
    assert {file["file"] for file in manifest["files"]} == {
        path.name for path in folder.iterdir()
    } - {"manifest.json"}
    for file in manifest["files"]:
        content = (folder / file["file"]).read_bytes()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["rows"] == (2 if file["owner_id"] == "o1" else 1)


def test_lists_are_for_their_owner_alone(shop: Shop) -> None:
    folder = shop.export().folder
    for place in (shop.lists, folder, *folder.iterdir()):
        mode = stat.S_IMODE(place.stat().st_mode)
        assert mode == (0o700 if place.is_dir() else 0o600), place


def test_same_day_gives_the_same_lists_again(shop: Shop) -> None:
    first = shop.export()
    manifest = (first.folder / "manifest.json").read_bytes()
    again = shop.export()
    assert again.folder == first.folder
    assert (again.folder / "manifest.json").read_bytes() == manifest
    shop.release("r2", "2026-09-10", ("vip", "o1", "c1"), ("vip", "o1", "c2"))
    assert shop.listed() == {"vipc1", "vipc2"}


def test_later_day_lists_new_actions_only(shop: Shop) -> None:
    shop.export()
    shop.release("r2", "2026-09-11", ("vip", "o1", "c1"), ("vip", "o1", "c4"))
    made = shop.export()
    assert shop.listed(made) == {"vipc4"}
    assert made.manifest["actions_listed_before"] == 1
    # Listed first on the 10th and missing on the 11th: still not again on the 12th.
    shop.release("r3", "2026-09-12", ("vip", "o1", "c2"), ("vip", "o1", "c4"))
    assert shop.listed() == set()


def test_after_a_rollback_nothing_is_listed_twice(shop: Shop) -> None:
    shop.export()
    shop.release("r2", "2026-09-11", ("vip", "o1", "c4"))
    shop.export()
    shop.warehouse.rollback("r1")
    made = shop.export()
    assert shop.listed(made) == set()
    assert made.folder == shop.lists / "r1-2"
    assert shop.listed(Export(shop.lists / "r1", {})) == {"vipc1", "vipc2", "vipc3"}


def test_rollback_from_a_day_without_new_actions_lists_nothing_twice(shop: Shop) -> None:
    shop.export()
    shop.release("r2", "2026-09-11", ("vip", "o1", "c1"))
    assert shop.listed() == set()
    shop.warehouse.rollback("r1")
    assert shop.listed() == set()


def test_rollback_still_lists_what_never_was(shop: Shop) -> None:
    shop.release("r2", "2026-09-11", ("vip", "o1", "c1"))
    shop.export()
    shop.warehouse.rollback("r1")
    assert shop.listed() == {"vipc2", "vipc3"}
    shop.warehouse.rollback("r2")
    assert shop.listed() == {"vipc1"}


def test_owner_gets_own_customers_and_the_others_stay_to_be_listed(shop: Shop) -> None:
    made = shop.export(owner="o1")
    assert made.folder == shop.lists / "r1-o1"
    assert shop.listed(made) == {"vipc1", "vipc2"}
    assert not (shop.lists / "current").exists()
    shop.release("r2", "2026-09-11", ("vip", "o1", "c1"), ("vip", None, "c3"))
    assert shop.listed() == {"vipc3"}


def test_unknown_owner_is_refused(shop: Shop) -> None:
    with pytest.raises(StrataError, match="no owner o9; there: o1, o2"):
        shop.export(owner="o9")


def test_customer_who_left_the_audience_is_not_listed(shop: Shop) -> None:
    with duckdb.connect(str(shop.warehouse.link / "strata.duckdb")) as public:
        public.execute("update playbook_actions set is_active = false where customer_id = 'c2'")
    assert shop.listed() == {"vipc1", "vipc3"}


def test_crm_owner_who_is_in_no_roster_gets_a_list(shop: Shop) -> None:
    shop.release("r2", "2026-09-11", ("vip", "crm_7", "c1"), ("vip", "o1", "c2"))
    assert shop.listed(shop.export(owner="crm_7")) == {"vipc1"}


def test_lists_nobody_is_on_say_why(shop: Shop) -> None:
    shop.release("r2", "2026-09-10")
    with duckdb.connect(str(shop.warehouse.link / "strata.duckdb")) as public:
        public.execute(
            """
            insert into playbook_members values
                ('vip', 'c1', 'o1', 'control_group', false, true),
                ('vip', 'c2', 'o1', 'no_contact_details', false, true),
                ('rescue', 'c2', 'o1', 'no_contact_details', false, true),
                ('vip', 'c3', 'o2', 'no_contact_details', false, true),
                ('vip', 'c4', 'o2', 'cooldown', false, false),
                ('vip', 'c5', 'o2', null, true, true)
            """
        )
    made = shop.export()
    assert made.manifest["customers_left_out"] == {"control_group": 1, "no_contact_details": 2}
    assert json.loads((made.folder / "manifest.json").read_text())["customers_left_out"] == {
        "control_group": 1,
        "no_contact_details": 2,
    }
    assert as_text(made).splitlines()[:2] == [
        "0 actions as of 2026-09-10; 0 listed before",
        "Customers not listed: 1 in the control group, "
        "2 without the contact details that the channel needs",
    ]
    assert shop.export(owner="o2").manifest["customers_left_out"] == {"no_contact_details": 1}


def test_every_reason_of_the_project_has_words() -> None:
    model = project_dir() / "models/playbooks/marts/playbook_members.yml"
    (column,) = (
        column
        for column in yaml.safe_load(model.read_text())["models"][0]["columns"]
        if column["name"] == "suppression_reason"
    )
    assert set(column["data_tests"][0]["accepted_values"]["arguments"]["values"]) == set(LEFT_OUT)


def test_nothing_to_do_is_an_empty_export(shop: Shop) -> None:
    shop.release("r2", "2026-09-11")
    made = shop.export()
    assert made.manifest["files"] == []
    assert "no customer is in the audience of a playbook" in as_text(made)
    assert [path.name for path in made.folder.iterdir()] == ["manifest.json"]


def test_owner_id_cannot_leave_the_folder(shop: Shop) -> None:
    shop.release("r2", "2026-09-11", ("vip", "../../x", "c1"))
    (people, machine) = sorted(file["file"] for file in shop.export().manifest["files"])
    assert people.startswith("vip___x-")
    assert machine == people.replace(".csv", ".parquet")


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StrataError, match=r"run `strata build --out .*` first"):
        Shop(tmp_path).export()


def test_second_export_at_once_is_refused(shop: Shop) -> None:
    with lock(shop.warehouse.folder / ".export.lock", "export"), pytest.raises(LockHeld):
        shop.export()


class Killed(BaseException):
    """Stands for a SIGKILL: nothing after it runs."""


@pytest.mark.parametrize("moment", ["before the lists appear", "after the lists have appeared"])
def test_killed_export_loses_nothing_and_sends_nothing_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if moment.startswith("before"):
            patch.setattr(Path, "rename", die)
        else:
            patch.setattr(export_module, "point", die)
        with pytest.raises(Killed):
            shop.export()
    lists = [name for name in os.listdir(shop.lists) if not name.startswith(".")]
    shop.release("r2", "2026-09-11", ("vip", "o1", "c1"), ("vip", "o1", "c4"))
    if moment.startswith("before"):
        assert lists == []
        assert shop.listed() == {"vipc1", "vipc4"}
    else:
        assert lists == ["r1"]
        assert shop.listed() == {"vipc4"}
    assert [name for name in os.listdir(shop.lists) if name.startswith(".")] == []
