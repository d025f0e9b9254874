"""A company of eleven customers, worked out on paper, through the whole build.

Amounts are CNY; the one order in USD counts at the rate that seeds/reference/exchange_rates.csv
gives for 2026 (7.10). Fewer than fifty buyers are scored by the bands of policy `default`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import md5

import pytest

from strata.warehouse.releases import Release

from .conftest import rows

pytestmark = pytest.mark.mutation


def customer(code: str) -> str:
    """Return the id of a customer whose oldest record has this code."""
    return "cus_" + md5(f"erp:{code}".encode()).hexdigest()[:16]


NAMES = {customer(code): code for code in ("C1", "C2", *(f"C{n}" for n in range(3, 11)))}


def by_customer(release: Release, query: str) -> dict[str, tuple[object, ...]]:
    found = {NAMES[row[0]]: row[1:] for row in rows(release.public, query)}
    assert len(found) == len(rows(release.public, query))
    return found


def test_two_codes_with_one_tax_number_are_one_customer(hand_release: Release) -> None:
    found = rows(
        hand_release.public,
        "select source_record_id, customer_id, rule_key, source_table from customer_identity_map",
    )
    expected: dict[str, tuple[str, str | None, str]] = {
        code: (customer(code), None, "customers") for code in NAMES.values()
    }
    expected["C2"] = (customer("C2"), "same_tax_id", "customers")
    expected["C2B"] = (customer("C2"), "same_tax_id", "customers")
    expected["C8"] = (customer("C8"), None, "orders")
    assert {row[0]: row[1:] for row in found} == expected


def test_a_shared_mailbox_and_a_shared_phone_join_nobody(hand_release: Release) -> None:
    found = rows(
        hand_release.private,
        "select rule_key, identifier_value, blocked_reason, record_count, name_count"
        " from restricted.blocked_identifier_values order by all",
    )
    assert found == [
        ("same_phone", "+8613812345676", "clearly_different_names", 2, 2),
        (None, "info", "role_mailbox", 2, 2),
        (None, "info@shared.example", "role_mailbox", 2, 2),
    ]


def test_order_metrics(hand_release: Release) -> None:
    found = by_customer(
        hand_release,
        "select customer_id, order_count, order_count_90d, order_count_365d,"
        " days_since_first_order, days_since_last_order, days_between_last_two_orders"
        " from customer_metrics",
    )
    assert found == {
        "C1": (5, 1, 2, 730, 0, 364),
        "C2": (3, 0, 2, 365, 120, 29),
        "C3": (1, 0, 1, 121, 121, None),
        "C4": (0, 0, 0, None, None, None),
        "C5": (1, 0, 1, 90, 90, None),
        "C6": (1, 0, 1, 241, 241, None),
        "C7": (1, 0, 0, 366, 366, None),
        "C8": (0, 0, 0, None, None, None),
        "C9": (1, 1, 1, 60, 60, None),
        "C10": (1, 1, 1, 29, 29, None),
    }


def test_money_metrics(hand_release: Release) -> None:
    found = by_customer(
        hand_release,
        "select customer_id, gross_revenue_amount, gross_revenue_amount_365d, refund_amount,"
        " net_revenue_amount, net_revenue_amount_90d, net_revenue_amount_365d,"
        " previous_net_revenue_amount_365d, average_order_amount from customer_metrics"
        " where gross_revenue_amount <> 0 or refund_amount <> 0",
    )
    amounts = {
        "C1": ("2550", "1500", "100", "2450", "900", "1400", "1000", "510"),
        "C2": ("1010", "810", "0", "1010", "0", "810", "200", "336.6667"),
        "C3": ("400", "400", "0", "400", "0", "400", "0", "400"),
        "C5": ("250", "250", "0", "250", "0", "250", "0", "250"),
        "C6": ("300", "300", "0", "300", "0", "300", "0", "300"),
        "C7": ("80", "0", "0", "80", "0", "0", "80", "80"),
        "C9": ("100", "100", "100", "0", "0", "0", "0", "100"),
        "C10": ("60", "60", "0", "60", "60", "60", "0", "60"),
    }
    assert found == {name: tuple(map(Decimal, row)) for name, row in amounts.items()}


def test_rates(hand_release: Release) -> None:
    found = by_customer(
        hand_release,
        "select customer_id, refund_rate, net_revenue_growth_rate from customer_metrics"
        " where order_count > 0",
    )
    assert found["C1"] == (pytest.approx(100 / 2550), pytest.approx(0.4))
    assert found["C2"] == (0.0, pytest.approx(3.05))
    assert found["C3"] == (0.0, None)
    assert found["C9"] == (1.0, None)


def test_labels(hand_release: Release) -> None:
    found = by_customer(
        hand_release,
        "select customer_id, tier_key, lifecycle_stage_key, recency_score, frequency_score,"
        " monetary_score, rfm_segment_key, rfm_group_key from customer_segments",
    )
    assert found == {
        "C1": ("A", "reactivated", 5, 2, 2, "promising", "general_develop"),
        "C2": ("A", "growing", 3, 2, 1, "about_to_sleep", "general_win_back"),
        "C3": ("A", "at_risk", 3, 1, 1, "new_customers", "general_win_back"),
        "C4": ("D", "lead", None, None, None, "no_order", "no_order"),
        "C5": ("B", "new", 4, 1, 1, "new_customers", "general_develop"),
        "C6": ("A", "dormant", 2, 1, 1, "hibernating", "general_win_back"),
        "C7": ("D", "churned", 1, 1, 1, "lost", "general_win_back"),
        "C8": ("D", "lead", None, None, None, "no_order", "no_order"),
        "C9": ("D", "new", 4, 1, 1, "new_customers", "general_develop"),
        "C10": ("C", "new", 5, 1, 1, "new_customers", "general_develop"),
    }


def test_difficulty_and_matrix(hand_release: Release) -> None:
    """Without deals and tickets, two parts each of promotions (none) and refunds (up to .2)."""
    found = by_customer(
        hand_release, "select customer_id, difficulty_score, matrix_key from customer_segments"
    )
    assert found == {
        # 100 of 2,550 went back: 19.6 of 100, weighed half.
        "C1": (Decimal("9.8"), "star"),
        # Of a business nothing is known without deals and tickets.
        "C2": (None, "star"),
        "C3": (Decimal(0), "star"),
        "C4": (None, "question"),
        "C5": (Decimal(0), "question"),
        "C6": (Decimal(0), "star"),
        "C7": (Decimal(0), "question"),
        "C8": (None, "question"),
        # All of it went back.
        "C9": (Decimal(50), "dog"),
        "C10": (Decimal(0), "question"),
    }


def test_health(hand_release: Release) -> None:
    """Only orders and refunds are known: weights 3 recency, 3 rhythm, 2 trend, 1 refunds of 12."""
    found = by_customer(
        hand_release,
        "select customer_id, health_score, score_confidence, health_band_key"
        " from customer_segments",
    )
    # Recency 100; gaps of 1, 364, 1 and 364 days, so no wait; trend .4, above .1; refunds
    # 100 / 2,550 of .3: 86.9. (3 x 100 + 3 x 100 + 2 x 100 + 86.9) / 9.
    assert found["C1"] == (Decimal("98.5"), pytest.approx(9 / 12), "healthy")
    # 121 days: (365 - 121) / 335 = 72.8; refunds none: (3 x 72.8 + 100) / 4.
    assert found["C3"] == (Decimal("79.6"), pytest.approx(4 / 12), "healthy")
    # 366 days: 0; trend -1: 0; no refunds: 100 of 6.
    assert found["C7"] == (Decimal("16.7"), pytest.approx(6 / 12), "critical")
    assert found["C4"] == (None, 0.0, "unrated")


def test_tags(hand_release: Release) -> None:
    found = rows(hand_release.public, "select customer_id, tag_key, tag_layer from customer_tags")
    assert {(NAMES[row[0]], row[1]) for row in found} == {
        ("C1", "active_30d"),
        ("C10", "active_30d"),
        *((name, "one_time_buyer") for name in ("C3", "C5", "C6", "C7", "C9", "C10")),
        ("C2", "dealer"),
    }
    assert {row[1]: row[2] for row in found} == {
        "active_30d": "dynamic",
        "one_time_buyer": "behaviour",
        "dealer": "attribute",
    }


def test_history_enters_a_customer_at_first_sight(hand_release: Release) -> None:
    found = rows(
        hand_release.public,
        "select as_of_date, count(*), sum(order_count), sum(gross_revenue_amount),"
        " sum(refund_amount) from customer_metrics_history group by all order by all",
    )
    assert found == [
        (date(2024, 6, 30), 1, 1, Decimal(50), Decimal(0)),
        (date(2024, 9, 30), 1, 2, Decimal(350), Decimal(0)),
        (date(2024, 12, 31), 1, 2, Decimal(350), Decimal(0)),
        (date(2025, 3, 31), 1, 2, Decimal(350), Decimal(0)),
        (date(2025, 6, 30), 3, 5, Decimal(1330), Decimal(0)),
        (date(2025, 9, 30), 3, 6, Decimal(1830), Decimal(0)),
        (date(2025, 12, 31), 4, 7, Decimal(2130), Decimal(0)),
        (date(2026, 3, 31), 5, 10, Decimal(3340), Decimal(0)),
        (date(2026, 6, 30), 10, 14, Decimal(4750), Decimal(200)),
    ]


def test_playbooks(hand_release: Release) -> None:
    def control(playbook: str, code: str) -> bool:
        drawn = md5(f"{playbook}/{customer(code)}".encode()).hexdigest()[:8]
        return int(drawn, 16) % 100 < 10

    expected = {
        ("vip_service", "C1"): None,
        ("vip_service", "C2"): None,
        ("rescue", "C3"): "control_group" if control("rescue", "C3") else None,
        ("welcome", "C5"): "control_group" if control("welcome", "C5") else None,
        ("welcome", "C9"): "control_group" if control("welcome", "C9") else "no_contact_details",
        ("welcome", "C10"): "control_group" if control("welcome", "C10") else None,
    }
    found = rows(
        hand_release.public,
        "select playbook_key, customer_id, suppression_reason from playbook_members",
    )
    assert {(row[0], NAMES[row[1]]): row[2] for row in found} == expected
    assert len(found) == len(expected)

    due = {
        "vip_service": [(1, date(2026, 7, 2)), (2, date(2026, 7, 30))],
        "rescue": [(1, date(2026, 7, 1)), (2, date(2026, 7, 7))],
        "welcome": [(1, date(2026, 7, 1)), (2, date(2026, 7, 3)), (3, date(2026, 7, 7))],
    }
    actions = rows(
        hand_release.public,
        "select playbook_key, customer_id, step_number, due_date from playbook_actions",
    )
    assert sorted((row[0], NAMES[row[1]], row[2], row[3]) for row in actions) == sorted(
        (playbook, name, step, day)
        for (playbook, name), reason in expected.items()
        if reason is None
        for step, day in due[playbook]
    )


def test_orders_keep_every_order(hand_release: Release) -> None:
    found = rows(
        hand_release.public,
        "select count(*), count(customer_id), sum(gross_revenue_amount), sum(refund_amount),"
        " sum(case when is_guest then gross_revenue_amount end),"
        " count(case when is_counted then 1 end) from orders",
    )
    assert found == [(18, 17, Decimal(5749), Decimal(179), Decimal(999), 15)]


def test_every_rejected_row_is_listed_with_its_reason(hand_release: Release) -> None:
    found = rows(
        hand_release.private,
        "select source_table, source_key, rejection_reason from restricted.rejected_records",
    )
    assert sorted(found) == [
        ("erp_order_lines", "L3", "negative_quantity"),
        ("erp_order_lines", "L4", "unknown_order"),
        ("erp_orders", "X1", "future_date"),
        ("erp_orders", "X2", "ambiguous_date"),
        ("erp_orders", "X3", "thousands_separator"),
    ]
    readiness = rows(
        hand_release.public,
        "select source_table, row_count, kept_count, older_version_count, rejected_count"
        " from source_readiness where source_table like 'erp_%' order by all",
    )
    assert readiness == [
        ("erp_customers", 10, 10, 0, 0),
        ("erp_order_lines", 4, 2, 0, 2),
        ("erp_orders", 23, 18, 2, 3),
        ("erp_products", 0, 0, 0, 0),
        ("erp_refunds", 5, 5, 0, 0),
    ]


def test_reasons_are_sentences(hand_release: Release) -> None:
    found = {
        (NAMES[row[0]], row[1]): row[2:]
        for row in rows(
            hand_release.public,
            "select customer_id, rule_set, reason_en, reason_zh from customer_segment_reasons"
            " where rule_set in ('tier', 'lifecycle')",
        )
    }
    assert len(found) == 2 * len(NAMES)
    assert found["C3", "lifecycle"] == (
        "At risk: days since the last purchase 121 (> 120) and orders 1 (= 1)",
        "流失风险：距最近购买天数 121 (> 120)，累计订单数 1 (= 1)",
    )
    assert found["C5", "tier"] == (
        "B: share of value held by customers worth more 87.14% (< 95%)",
        "B类（普通客户）：价值更高的客户所占价值比例 87.14% (< 95%)",
    )
