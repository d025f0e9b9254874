"""What a damaged seed or a damaged row does to the real project."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from strata.errors import StrataError
from strata.lab.compiled import compile_models
from strata.publish.project import Project
from strata.publish.releases import Release

from .conftest import HAND_COMPANY, HAND_DATE, build_release, copy_of, rows

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


def test_an_unknown_metric_names_seed_and_row(project: Path, tmp_path: Path) -> None:
    seed = project / "seeds" / "policy" / "rule_conditions.csv"
    text = seed.read_text(encoding="utf-8")
    seed.write_text(
        text.replace("stage_at_risk,1,days_since_last_purchase", "stage_at_risk,1,mood"),
        encoding="utf-8",
    )
    with pytest.raises(StrataError) as error:
        build_release(HAND_COMPANY, tmp_path / "out", as_of=HAND_DATE)
    assert error.value.exit_code == 2
    assert "rule_conditions.csv" in str(error.value)
    assert "stage_at_risk" in str(error.value) and "mood" in str(error.value)
    assert not (tmp_path / "out" / "current").exists()


def test_a_seed_with_reordered_columns_lands_where_it_belongs(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = project / "seeds" / "policy" / "rules.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        rules = list(reader)
    with seed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names[::-1])
        writer.writeheader()
        writer.writerows(rules)
    database = tmp_path / "dev.duckdb"
    monkeypatch.setenv("STRATA_DATABASE", str(database))
    (tmp_path / "raw").symlink_to(HAND_COMPANY)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "seed"),
            *("--select", "rules", "--project-dir", str(project)),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
            *("--vars", json.dumps({"raw_data_dir": str(tmp_path / "raw")})),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    found = rows(database, f"select {', '.join(names)} from policy.rules")
    assert sorted(tuple(str(value or "") for value in row) for row in found) == sorted(
        tuple(rule[name] for name in names) for rule in rules
    )


def test_orders_by_a_date_that_is_none_and_unknown_words(tmp_path: Path) -> None:
    """Unusable rows are listed with their raw values, and the others keep their totals."""
    raw = tmp_path / "raw"
    raw.mkdir()
    bad = {
        "E1": ("yesterday", "10", "CNY", "completed", "unreadable_date"),
        "E2": ("2026-02-30", "10", "CNY", "completed", "unreadable_date"),
        "E3": ("03/04/2026", "10", "CNY", "completed", "ambiguous_date"),
        "E4": ("2026-07-01", "10", "CNY", "completed", "future_date"),
        "E5": ("2026-06-01", "1.234,50", "CNY", "completed", "thousands_separator"),
        "E6": ("2026-06-01", "ten", "CNY", "completed", "unreadable_amount"),
        "E7": ("2026-06-01", "-1", "CNY", "completed", "negative_amount"),
        "E8": ("2026-06-01", "10", "ZZZ", "completed", "unknown_currency"),
        "E9": ("1999-12-31", "10", "USD", "completed", "missing_exchange_rate"),
        "E10": ("2026-06-01", "10", "CNY", "teleported", "unknown_status"),
        "E11": ("2026-05-01 23:30:00 EST", "10", "CNY", "completed", "unknown_time_zone"),
        "E12": ("1970-01-01 00:00:00", "10", "CNY", "completed", "sentinel_date"),
        "E13": ("9999-12-31", "10", "CNY", "completed", "sentinel_date"),
        "E14": ("2026-06-01", "99999999999999.99", "CNY", "completed", "amount_too_large"),
        "E15": ("2026-06-01", " ", "CNY", "completed", "missing_amount"),
    }
    lines = ["order_id,customer_code,ordered_at,order_total_amount,currency,status"]
    lines += ["ok,K1,2026-06-01,10,CNY,completed", ",K1,2026-06-01,10,CNY,completed"]
    lines += ["NULL,K1,2026-06-01,10,CNY,completed"]
    lines += [
        f'{key},K1,{day},"{amount}",{currency},{status}'
        for key, (day, amount, currency, status, _) in bad.items()
    ]
    (raw / "erp_orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    models = compile_models("customer_metrics", "rejected_records", as_of="2026-06-30")
    with models.run(raw.iterdir()) as connection:
        found = connection.execute(
            "select source_key, rejection_reason, rejected_value,"
            ' raw_values like \'%"customer_code":"K1"%\' from restricted.rejected_records'
        ).fetchall()
        kept = connection.execute(
            "select order_count, net_revenue_amount from customer_metrics"
        ).fetchall()
    # Exactly one value of each row is at fault, and it is shown as the source wrote it.
    good = ("2026-06-01", "10", "CNY", "completed")
    expected = {
        (
            key,
            reason,
            "USD" if reason == "missing_exchange_rate" else ({*values} - {*good}).pop(),
            True,
        )
        for key, (*values, reason) in bad.items()
    }
    assert set(found) == expected | {
        (None, "missing_key", None, True),
        (None, "missing_key", "NULL", True),
    }
    assert kept == [(1, 10)]


def test_numbers_just_below_a_trillion_overflow_nowhere(tmp_path: Path) -> None:
    """A hundred of the largest amounts find room in every model; what has none is named."""
    tables = {
        "erp_orders": ["order_id,customer_code,ordered_at,order_total_amount"]
        + [f"O{number},K{number % 3},2026-05-01,999999999999.99" for number in range(90)]
        + ["lines,K1,2026-05-02,", "long,K2,2026-05-02,"],
        "erp_order_lines": [
            "order_line_id,order_id,product_code,quantity,unit_price,discount_amount",
            "L1,lines,P1,999999999999,0.9,0",
            "L2,long,P1,1000000,1000000,0",
            "L4,lines,P1,1000000,1000000,0",
            "L3,lines,P1,1,1,1e15",
        ],
        "erp_products": ["product_code,unit_cost,currency", "P1,99999999999,EUR", "P2,9e11,EUR"],
        "erp_refunds": ["refund_id,customer_code,refunded_at,amount", "R1,K1,2026-05-03,9e11"],
        "crm_accounts": ["account_id,annual_revenue_amount", "A1,999999999999", "A2,9e12"],
        "support_tickets": [
            "ticket_id,account_id,opened_at,handling_minutes",
            "T1,A1,2026-05-01,9e11",
        ],
    }
    for name, lines in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    models = compile_models("segment_profiles", "rejected_records", as_of="2026-06-30")
    with models.run(tmp_path.iterdir()) as connection:
        rejected = connection.execute(
            "select source_key, rejection_reason, rejected_column from restricted.rejected_records"
        ).fetchall()
        costs = connection.execute(
            "select order_line_id, product_cost_amount from intermediate.int_order_lines__valued"
        ).fetchall()
    assert set(rejected) == {
        ("L2", "amount_too_large", "unit_price"),
        ("long", "missing_amount", "order_total_amount"),
        ("L4", "amount_too_large", "unit_price"),
        ("L3", "amount_too_large", "discount_amount"),
        ("P2", "amount_too_large", "unit_cost"),
        ("A2", "amount_too_large", "annual_revenue_amount"),
    }
    assert costs == [("L1", None)]


# What programs and people write where an order has no customer.
GUESTS = [
    *("#N/A", "NULL", "null", "nan", "NaN", "None", "none", "N/A", "n/a", "\\N", "-", "<NA>", "无"),
    *("guest", " Guest ", "GUEST", "unknown", "未知", "散客", "walk-in", "0", "＃Ｎ／Ａ", ""),
]
STATUSES = {
    # Shopify, WooCommerce, Magento, PrestaShop, Amazon, Olist, Tmall, JD
    "completed": [
        *("paid", "partially_refunded", "processing", "wc-completed", "complete", "Shipped"),
        *("Payment accepted", "Processing in progress", "Delivered", "invoiced", "approved"),
        *(
            "Shipped - Delivered to Buyer",
            "交易成功",
            "已发货",
            "已签收",
            "等待出库",
            "TRADE_FINISHED",
        ),
    ],
    "cancelled": [
        *("voided", "refunded", "canceled", "cancelled", "failed", "unavailable", "Payment error"),
        *("交易关闭", "已取消", "已退款", "TRADE_CLOSED"),
    ],
    "pending": [
        *(
            "pending",
            "authorized",
            "on-hold",
            "On Hold",
            "ON_HOLD",
            "wc-on-hold",
            "pending_payment",
        ),
        *("Awaiting bank wire payment", "created", "等待买家付款", "WAIT_BUYER_PAY", "Unshipped"),
    ],
}


def test_guests_and_the_words_of_shop_systems(tmp_path: Path) -> None:
    """A placeholder is no customer, and is counted; a status means what its system means by it."""
    with (tmp_path / "erp_orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "customer_code", "ordered_at", "order_total_amount", "status"])
        for number, guest in enumerate(GUESTS):
            writer.writerow([f"G{number}", guest, "2026-06-01", "10", "completed"])
        for status, words in STATUSES.items():
            for number, word in enumerate(words):
                writer.writerow([f"{status}{number}", "K1", "2026-06-01", "10", word])
        writer.writerow(["closed", "K1", "2026-06-01", "10", "closed"])
        writer.writerow(["合计", "", "", "1000.00", ""])
    (tmp_path / "erp_customers.csv").write_text(
        "customer_code,customer_name,phone\nK1,Ann Lee,\nN/A,Nobody,\n"
        "Total,,1234\n,合 计：,\nSUM,Sum Ltd,\n",
        encoding="utf-8",
    )
    models = compile_models(
        *("customer_metrics", "orders", "rejected_records", "ignored_value_counts"),
        as_of="2026-06-30",
    )
    with models.run(tmp_path.iterdir()) as connection:
        guests = connection.execute(
            "select order_id from orders where customer_id is null"
        ).fetchall()
        statuses = connection.execute("select order_id, order_status from orders").fetchall()
        codes = connection.execute(
            "select customer_code from staging.stg_erp__customers"
        ).fetchall()
        ignored = connection.execute("from ignored_value_counts").fetchall()
        rejected = connection.execute(
            "select rejection_reason, rejected_value from restricted.rejected_records"
        ).fetchall()
    assert {row[0] for row in guests} == {f"G{number}" for number in range(len(GUESTS))}
    assert {row for row in statuses if not row[0].startswith("G")} == {
        (f"{status}{number}", status)
        for status, words in STATUSES.items()
        for number in range(len(words))
    }
    assert sorted(row[0] for row in codes) == ["K1", "SUM"]
    # The empty code is a guest's as well, and nothing was set aside.
    assert ignored == [("erp_orders", "customer_code", len(GUESTS) - 1)]
    assert sorted(rejected, key=str) == sorted(
        [
            ("unknown_status", "closed"),  # refunded in one system, archived in another
            ("total_row", "合计"),
            ("missing_key", "N/A"),
            ("total_row", "Total"),
            ("total_row", None),
        ],
        key=str,
    )


def test_an_earlier_date_needs_another_folder(tmp_path: Path, hand_release: Release) -> None:
    out = copy_of(hand_release, tmp_path / "out")
    with pytest.raises(StrataError, match="--out"):
        build_release(HAND_COMPANY, out, as_of=date(2026, 6, 29))
