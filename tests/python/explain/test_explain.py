"""`strata explain` on small databases with the tables it reads."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from strata.cli import group
from strata.errors import StrataError
from strata.explain import outlook as outlook_module
from strata.explain import read as read_module
from strata.explain.cli import explain
from strata.explain.read import read
from strata.explain.render import as_text
from strata.policy.judgements import Judgements
from strata.project import project_dir
from strata.seeds import keep_seeds
from strata.warehouse.releases import Release, Warehouse

PUBLIC = """
create table customers as select unnest(['cus_a', 'cus_b']) as customer_id;
create table customer_id_aliases as
    select 'cus_old' as customer_id, 'cus_a' as current_customer_id,
        date '2026-07-02' as retired_date;
create table customer_identity_map as from (values
    ('erp:1', 'cus_a', 'erp', 'customers', 'same_email', 'crm:contacts:K1',
        'Same e-mail address as record crm:contacts:K1', '邮箱相同的记录： crm:contacts:K1',
        date '2024-01-01', date '2026-06-30'),
    ('crm:contacts:K1', 'cus_a', 'crm', 'contacts', 'same_email', 'erp:1',
        'Same e-mail address as record erp:1', '邮箱相同的记录： erp:1',
        date '2024-02-01', date '2026-07-02'),
    ('erp:2', 'cus_b', 'erp', 'orders', null, null,
        'No other record shares an identifier with it', '没有其他记录与其标识相同',
        null, date '2026-06-30')
) as map (record_key, customer_id, source_system, source_table, rule_key, linked_record_key,
    reason_en, reason_zh, first_seen_date, assigned_date);
create table customer_id_changes as
    select 'cus_old' as customer_id, 'cus_a' as new_customer_id, 'merge' as cause,
        'same_email' as rule_key, 1 as record_count, false as is_by_hand,
        date '2026-07-02' as changed_date;
create table identity_impact as
    select 'cus_old' as customer_id, 'cus_a' as new_customer_id, date '2026-07-02' as changed_date,
        3 as order_count, 1234.5 as net_revenue_amount, 'B' as tier_key_before,
        'C' as new_customer_tier_key_before, 'A' as new_customer_tier_key_after;
create table customer_segment_reasons as
    select 'cus_a' as customer_id, 'tier' as rule_set, 'tier_a' as rule_key, 'A' as outcome_key,
        'A: value 1,000 CNY' as reason_en, 'A类：价值 1,000元' as reason_zh
    union all
    select 'cus_a', 'lifecycle', 'stage_new', 'new', 'New: orders 1 (= 1)',
        '新客户：订单数 1 (= 1)';
"""
PRIVATE = """
create schema restricted;
create table restricted.int_identity__records as from (values
    ('erp:1', 'consumer', 'Li Si', 'li@x.example', '+8613800000001', null, null, null, null, '上海',
        timestamp '2026-01-01'),
    ('crm:contacts:K1', 'consumer', 'Li  Si', 'li@x.example', '+8613800000002', null, null, null,
        null, null, timestamp '2026-02-01')
) as records (record_key, customer_type, customer_name, email, phone, wechat_id, tax_id, member_id,
    national_id, city, updated_at);
create table restricted.blocked_identifier_values as from (values
    (null, 'phone', 'consumer', '+8613800000001', 'too_many_names', 9, 7),
    ('same_phone_and_name', 'name_key + phone', 'consumer', 'li si + +8613800000002',
        'clearly_different_names', 2, 2),
    (null, 'phone', 'business', '+8613800000002', 'placeholder', 2, 2),
    (null, 'email', 'consumer', 'other@x.example', 'placeholder', 2, 2)
) as blocked (rule_key, identifier_type, customer_type, identifier_value, blocked_reason,
    record_count, name_count);
create table restricted.identity_review_queue as
    select 'case_1' as case_id, 'weak_bridge' as kind, 'erp:1' as left_record_key,
        'erp:2' as right_record_key, 'cus_a' as left_customer_id, 'cus_b' as right_customer_id,
        'One weak detail agrees' as reason_en, '只有一项弱信息一致' as reason_zh;
create table restricted.customer_golden_fields as from (values
    ('cus_a', 'city', '上海', 'erp:1', 'most_complete', 1, false, true),
    ('cus_a', 'phone', '+8613800000002', 'crm:contacts:K1', 'most_recent', 2, true, false)
) as fields (customer_id, field, field_value, record_key, method, record_count, has_conflict,
    is_filled);
"""
ENGLISH = """\
Customer cus_a: 2 source records, as of 2026-07-02
The id cus_old is out of use since 2026-07-02; its records went to cus_a.

Records
  erp:1 (order system): Li Si, li@x.example, +8613800000001, 上海
  crm:contacts:K1 (CRM): Li  Si, li@x.example, +8613800000002

Why they are one customer
  erp:1: Same e-mail address as record crm:contacts:K1
  crm:contacts:K1: Same e-mail address as record erp:1

What was not trusted to join records
  name + phone li si + +8613800000002: the names that carry it are clearly different \
(2 records, 2 names)
  phone +8613800000001: too many different names carry it (9 records, 7 names)

Waiting for somebody to look at
  erp:1 / erp:2: One weak detail agrees (case_1)

How the id came about
  2026-07-02: cus_old was merged into cus_a, with 1 record, 3 orders and net revenue of 1,234.50; \
tier B and C before, A after

What counts as true
  city: 上海 (from erp:1; its newest record does not have it)
  phone: +8613800000002 (from crm:contacts:K1; the record changed last; its 2 records disagree)

Why these labels
  Stage New: orders 1 (= 1)
  Tier A: value 1,000 CNY"""


@pytest.fixture
def release(tmp_path: Path) -> Release:
    folder = tmp_path / "releases" / "b1"
    folder.mkdir(parents=True)
    info: dict[str, Any] = {"build_id": "b1", "as_of_date": "2026-07-02", "previous": None}
    info |= {"policy_key": "default", "vars": {}}
    (folder / "release.json").write_text(json.dumps(info), encoding="utf-8")
    for name, script in (("strata.duckdb", PUBLIC), ("private.duckdb", PRIVATE)):
        with duckdb.connect(str(folder / name)) as connection:
            connection.execute(script)
    Warehouse(tmp_path).publish("b1")
    return Release(folder, info)


def test_a_retired_id_is_explained_in_sentences(release: Release) -> None:
    assert as_text(read(release, "cus_old")) == ENGLISH


def test_chinese_says_the_same(release: Release) -> None:
    text = as_text(read(release, "cus_old"), "zh")
    assert text.splitlines()[:2] == [
        "客户 cus_a：2 条来源记录，截至 2026-07-02",
        "编号 cus_old 自 2026-07-02 起停用，其记录已归入 cus_a。",
    ]
    assert "  crm:contacts:K1: 邮箱相同的记录： erp:1" in text
    for line in (
        "  crm:contacts:K1（CRM）：Li  Si，li@x.example，+8613800000002",
        "  姓名 + 电话 li si + +8613800000002：使用它的姓名明显不同（2 条记录，2 个姓名）",
        "  城市：上海（来自 erp:1；最新记录中没有）",
        "  阶段 新客户：订单数 1 (= 1)",
        "  等级 A类：价值 1,000元",
    ):
        assert line in text.splitlines()
    assert len(text.splitlines()) == len(ENGLISH.splitlines())


def test_a_record_alone_has_the_sections_that_say_something(release: Release) -> None:
    assert as_text(read(release, "cus_b")).splitlines() == [
        "Customer cus_b: 1 source record, as of 2026-07-02",
        "",
        "Records",
        "  erp:2 (order system): nothing else known",
        "",
        "Why they are one customer",
        "  erp:2: No other record shares an identifier with it",
        "",
        "Waiting for somebody to look at",
        "  erp:1 / erp:2: One weak detail agrees (case_1)",
    ]


def test_json_holds_every_part(release: Release) -> None:
    out = str(release.folder.parents[1])
    outcome = CliRunner().invoke(explain, ["cus_a", "--out", out, "--json"])
    told = json.loads(outcome.output)
    assert told["customer_id"] == told["asked_id"] == "cus_a"
    assert [row["record_key"] for row in told["records"]] == ["erp:1", "crm:contacts:K1"]
    assert told["fields"][1]["has_conflict"] is True


def test_an_unknown_id_is_one_line(release: Release) -> None:
    with pytest.raises(StrataError, match="no customer cus_x") as caught:
        read(release, "cus_x")
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_without_access_to_personal_data_nothing_is_explained(release: Release) -> None:
    read(release, "cus_a")  # imports what is needed, which another user may not be able to read
    release.private.chmod(0)
    user = os.geteuid()
    if user == 0:  # root may read every file
        temporary = Path(tempfile.gettempdir())
        for folder in release.folder.parents:
            if folder.is_relative_to(temporary) and folder != temporary:
                folder.chmod(0o755)
        release.folder.chmod(0o755)
        os.seteuid(65534)
    try:
        with pytest.raises(StrataError, match=r"cannot read .*private\.duckdb"):
            read(release, "cus_a")
    finally:
        os.seteuid(user)


def test_a_missing_private_database_is_one_line(release: Release) -> None:
    release.private.unlink()
    with pytest.raises(StrataError, match="only the account that builds the warehouse"):
        read(release, "cus_a")


def test_the_words_are_those_of_the_release(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_seeds(project_dir(), None, release.folder)
    metrics = release.folder / "seeds" / "policy" / "metrics.csv"
    metrics.write_text(metrics.read_text(encoding="utf-8").replace("orders", "purchases then"))
    release.info["vars"] = {"base_currency": "EUR"}
    given: list[Judgements] = []
    monkeypatch.setattr(read_module, "outlook", lambda *arguments: given.append(arguments[3]))
    read(release, "cus_b")
    assert given[0].variables == {"base_currency": "EUR"}
    assert "purchases then" in given[0].metrics["order_count"]["name_en"]


def test_a_label_by_a_row_of_the_company_names_the_row(release: Release) -> None:
    keep_seeds(project_dir(), None, release.folder)
    own = release.folder / "company" / "policy" / "rule_conditions.csv"
    own.parent.mkdir(parents=True)
    own.write_text(
        "change,policy_key,rule_key,condition_group,metric,operator,value\n"
        "override,default,tier_a,1,higher_value_share_rate,<,0.7\n"
    )
    text = as_text(read(release, "cus_a"))
    assert "Tier A: value 1,000 CNY (policy/rule_conditions.csv:2)\n" in text + "\n"
    assert "Stage New: orders 1 (= 1)\n" in text


def test_a_release_without_what_is_replayed_says_so_in_one_line(release: Release) -> None:
    (release.folder / "target").mkdir()
    (release.folder / "target" / "manifest.json").write_text('{"nodes": {}}', encoding="utf-8")
    for language, words in (
        ("en", "Unknown: there is no model"),
        ("zh", "未知：there is no model"),
    ):
        *_, title, line = as_text(read(release, "cus_b"), language).splitlines()
        assert title in ("What would keep or change them", "如何保持或改变")
        assert line.strip().startswith(f"{words} customer_metrics_history")


def test_a_release_of_an_earlier_edition_asks_for_a_build_in_one_line(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulate(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
        connection.execute("select renamed_since from customers")

    monkeypatch.setattr(outlook_module, "Simulation", simulate)
    (release.folder / "target").mkdir()
    (release.folder / "target" / "manifest.json").write_text('{"nodes": {}}', encoding="utf-8")
    told = read(release, "cus_a")
    assert told["records"] and told["outlook"]["ways"] == []
    for language, words in (("en", "built by this edition"), ("zh", "由当前版本 Strata 构建")):
        *_, title, line = as_text(told, language).splitlines()
        assert title in ("What would keep or change them", "如何保持或改变")
        assert words in line


def test_the_command_is_listed() -> None:
    assert "explain" in group.list_commands(None)  # type: ignore[arg-type]
