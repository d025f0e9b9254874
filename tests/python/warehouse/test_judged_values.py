"""How odd values of raw rows are judged: placeholders, words, empty dates, large numbers."""

from __future__ import annotations

import csv
from pathlib import Path

from strata.intake.contract import contract
from strata_lab.compiled import compile_models


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


# Customer codes that programs and people write for an order without a customer.
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
        *("Awaiting bank wire payment", "created", "等待买家付款", "WAIT_BUYER_PAY"),
        "Unshipped",
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


DAY = "2026-06-01 10:00:00"
# Required columns of each table beside its key.
NEEDED: dict[str, dict[str, str]] = {
    "erp_orders": {"ordered_at": DAY, "order_total_amount": "1"},
    "erp_order_lines": {"order_id": "ok", "quantity": "1", "unit_price": "1"},
    "erp_refunds": {"refunded_at": DAY, "amount": "1"},
    "erp_products": {},
    "erp_customers": {},
    "crm_accounts": {},
    "crm_contacts": {},
    "crm_opportunities": {"created_at": DAY},
    "crm_activities": {"activity_type": "call", "occurred_at": DAY},
    "crm_needs": {"need_type": "need", "noted_at": DAY},
    "crm_owners": {},
    "billing_contracts": {"start_date": DAY},
    "product_users": {},
    "product_events": {"user_id": "ok", "event_type": "login", "occurred_at": DAY},
    "support_tickets": {"opened_at": DAY},
    "support_nps_responses": {"score": "5", "responded_at": DAY},
    "marketing_subscribers": {},
    "marketing_campaigns": {"started_at": DAY},
    "marketing_touches": {"subscriber_id": "ok", "touch_type": "open", "occurred_at": DAY},
    "feedback_playbook_outcomes": {"action_id": "a", "outcome": "done", "occurred_at": DAY},
    "feedback_erasure_requests": {
        "identifier_type": "email",
        "identifier": "a@example.com",
        "requested_at": DAY,
    },
}
TIES = {
    *("account_id", "contact_id", "owner_id", "customer_code", "order_id", "product_code"),
    *("user_id", "subscriber_id", "campaign_id", "parent_account_id", "action_id"),
}


def test_every_date_and_key_of_every_table_is_judged_alike(tmp_path: Path) -> None:
    """Zones, dates that stand for none, and placeholders, in each column that may hold them."""
    tables = [table for table in contract() if not table.name.startswith("model_")]
    assert {table.name for table in tables} == set(NEEDED)
    expected: dict[str, set[tuple[str | None, ...]]] = {}
    for table in tables:
        names = [column.name for column in table.columns]
        key, needed = names[0], NEEDED[table.name]
        lines = [{key: "ok", **needed}, {key: "N/A", **needed}]
        outcome: set[tuple[str | None, ...]] = {
            ("ok", None, None, None),
            (None, "missing_key", key, None),
        }
        for column in table.columns[1:]:
            name, is_needed = column.name, column.name in needed
            if column.data_type in ("date", "timestamp"):
                lines.append({key: f"{name} zone", **needed, name: "2026-06-01 10:00:00 EST"})
                lines.append({key: f"{name} zero", **needed, name: "1970-01-01 00:00:00"})
                outcome.add(
                    (f"{name} zone", None, None, name)
                    if name == "birth_date"  # no birth date rejects its row
                    else (f"{name} zone", "unknown_time_zone", name, None)
                )
                outcome.add(
                    (f"{name} zero", "sentinel_date", name, None)
                    if is_needed
                    else (f"{name} zero", None, None, None if name == "updated_at" else name)
                )
            elif name in TIES:
                lines.append({key: f"{name} none", **needed, name: " n/a "})
                outcome.add(
                    (f"{name} none", "missing_key", name, None)
                    if is_needed
                    else (f"{name} none", None, None, name)
                )
        with (tmp_path / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(lines)
        expected[table.name] = outcome
    models = compile_models("rejected_records", as_of="2026-06-30")
    with models.run(tmp_path.iterdir()) as connection:
        found = {
            table.name: set(
                connection.execute(
                    "select source_key, rejection_reason, rejected_column, ignored_value"
                    f" from staging.base_{table.name.replace('_', '__', 1)}"
                ).fetchall()
            )
            for table in tables
        }
    differences = {name: found[name] ^ expected[name] for name in found}
    assert not any(differences.values()), {k: v for k, v in differences.items() if v}
