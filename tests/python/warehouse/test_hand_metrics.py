"""Every metric of one business and one consumer, worked out on paper, on 2026-06-30.

The business bought five times, opened two tickets and answered one survey; it is known to the order
system, the CRM, billing, the product, support and marketing. Amounts are CNY.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from strata_lab.compiled import compile_models

pytestmark = pytest.mark.mutation

FILES = {
    "erp_customers": """
        customer_code,customer_name,customer_type,email,phone,tax_id,country,channel_type,created_at
        B1,Kangda Clinic,business,buyer@kangda.example,,91310000MA1FL0TX2Y,CN,direct,2024-06-30
        P1,Li Na,consumer,li@home.example,13911112222,,,,2025-01-01
    """,
    "erp_products": """
        product_code,product_name,category,unit_cost
        D1,Monitor,Devices,60
        S1,Gloves,Supplies,2
    """,
    "erp_orders": """
        order_id,customer_code,ordered_at,channel,promotion_code,status
        O1,B1,2024-07-01,web,,completed
        O2,B1,2024-09-29,web,SUMMER,completed
        O3,B1,2025-08-10,sales,,completed
        O4,B1,2026-04-02,web,,completed
        O5,B1,2026-06-10,web,,completed
        O6,B1,2026-06-11,web,SUMMER,cancelled
        O7,P1,2026-06-29,shop,,completed
    """,
    "erp_order_lines": """
        order_line_id,order_id,product_code,quantity,unit_price,discount_amount
        L1,O1,D1,1,100,
        L2,O2,S1,10,5,5
        L3,O3,D1,2,100,20
        L4,O4,S1,20,5,
        L5,O5,D1,1,100,10
        L6,O5,S1,10,5,
        L7,O6,D1,9,100,
        L8,O7,S1,1,5,
    """,
    "erp_refunds": """
        refund_id,order_id,refunded_at,amount
        R1,O4,2026-04-20,20
    """,
    "crm_accounts": """
        account_id,account_name,tax_id,industry,sub_industry,employee_count,province,country,influence_level,owner_id,lead_source,created_at
        A1,Kangda,91310000MA1FL0TX2Y,Hospital,grade 3,120,Shanghai,CN,high,am_01,fair,2024-06-01
    """,
    "crm_contacts": """
        contact_id,account_id,full_name,email,decision_role,birth_date,gender,occupation,income_band,education
        C1,A1,Wang Wei,wang@kangda.example,decision_maker,,,,,
        C2,A1,Zhao Min,zhao@kangda.example,user,,,,,
        C3,,Li Na,li@home.example,,1990-07-01,female,nurse,100-200k,master
    """,
    "crm_opportunities": """
        opportunity_id,account_id,stage,amount,competition_level,created_at,closed_at,is_won,tender_stage
        Q1,A1,won,900,none,2025-01-01,2025-03-02,yes,awarded
        Q2,A1,lost,700,strong,2025-09-01,2025-10-01,no,
        Q3,A1,offer,5000,some,2026-05-01,,,announced
    """,
    "crm_activities": """
        activity_id,account_id,activity_type,occurred_at
        V1,A1,call,2026-06-01 10:00:00
        V2,A1,training,2026-05-31 10:00:00
        V3,A1,visit,2026-04-01 10:00:00
    """,
    "crm_needs": """
        need_id,account_id,need_type,need_key,source,noted_at
        W1,A1,need,uptime,interview,2025-03-01
        W2,A1,pain_point,uptime,interview,2025-04-01
        W3,A1,risk,budget,interview,2026-03-01
    """,
    "billing_contracts": """
        contract_id,account_id,plan,annual_amount,start_date,end_date,status
        K1,A1,professional,120000,2025-01-01,2025-12-31,expired
        K2,A1,enterprise,150000,2026-01-01,2026-12-31,active
        K3,A1,trial,0,2024-06-01,2024-06-30,expired
        K4,A1,enterprise,999,2026-01-01,2027-12-31,cancelled
    """,
    "product_users": """
        user_id,account_id,email,created_at
        U1,A1,wang@kangda.example,2025-01-02
    """,
    "product_events": """
        event_id,user_id,event_type,feature_key,occurred_at
        E1,U1,login,,2026-06-30 09:00:00
        E2,U1,login,,2026-06-30 15:00:00
        E3,U1,login,,2026-06-20 09:00:00
        E4,U1,login,,2026-05-31 09:00:00
        E5,U1,login,,2026-05-15 09:00:00
        E6,U1,feature,export,2026-06-01 09:00:00
        E7,U1,feature,export,2026-06-02 09:00:00
        E8,U1,feature,report,2026-04-02 09:00:00
        E9,U1,feature,chart,2026-04-01 09:00:00
        E10,U1,download,,2026-06-03 09:00:00
    """,
    "support_tickets": """
        ticket_id,account_id,requester_email,opened_at,first_response_at,closed_at,category,handling_minutes,satisfaction_score
        T1,A1,,2026-06-01 10:00:00,2026-06-01 12:00:00,2026-06-02 10:00:00,fault,30,4
        T2,,buyer@kangda.example,2026-06-20 10:00:00,2026-06-20 14:00:00,,complaint,45.5,
        T3,,nobody@nowhere.example,2026-06-20 10:00:00,2026-06-20 14:00:00,,complaint,99,1
    """,
    "support_nps_responses": """
        response_id,respondent_email,score,responded_at
        N1,buyer@kangda.example,9,2026-06-15
    """,
    "marketing_subscribers": """
        subscriber_id,email,email_opt_in,created_at
        S1,buyer@kangda.example,yes,2025-01-01
    """,
    "marketing_touches": """
        touch_id,subscriber_id,touch_type,occurred_at
        M1,S1,sent,2026-06-01
        M2,S1,sent,2026-05-01
        M3,S1,sent,2026-04-01
        M4,S1,open,2026-05-02
        M5,S1,click,2026-05-02
        M6,S1,social,2025-07-01
        M7,S1,social,2025-06-30
    """,
}

BUSINESS: dict[str, Any] = {
    "customer_type": "business",
    # The account was created before the record of the order system: 2024-06-01.
    "days_since_first_seen": 759,
    "days_since_first_order": 729,
    "days_since_last_order": 20,
    # The contract is in force.
    "days_since_last_purchase": 0,
    "days_between_last_two_orders": 69,
    # 100 + 45 + 180 + 100 + 140; the cancelled order counts nowhere.
    "order_count": 5,
    "order_count_90d": 2,
    "order_count_365d": 3,
    "gross_revenue_amount": Decimal(565),
    "gross_revenue_amount_365d": Decimal(420),
    "refund_amount": Decimal(20),
    "refund_amount_365d": Decimal(20),
    "net_revenue_amount": Decimal(545),
    "net_revenue_amount_90d": Decimal(220),
    "net_revenue_amount_365d": Decimal(400),
    # Ages 729 and 639 lie in the year before.
    "previous_net_revenue_amount_365d": Decimal(145),
    "average_order_amount": Decimal(113),
    "refund_rate": 20 / 565,
    "net_revenue_growth_rate": 400 / 145 - 1,
    # 5 + 20 + 10 off 600.
    "discount_amount": Decimal(35),
    "discount_amount_365d": Decimal(30),
    "discount_rate": 35 / 600,
    # Five monitors less one, at 60; forty gloves at 2.
    "product_cost_amount": Decimal(4 * 60 + 40 * 2),
    "product_cost_amount_365d": Decimal(3 * 60 + 30 * 2),
    "handling_minutes": Decimal("75.5"),
    "handling_minutes_365d": Decimal("75.5"),
    # 2 CNY a minute.
    "service_cost_amount": Decimal(151),
    "service_cost_amount_365d": Decimal(151),
    "profit_amount": Decimal(545 - 320 - 151),
    "profit_amount_365d": Decimal(400 - 240 - 151),
    "average_basket_units": 44 / 5,
    "category_count": 2,
    "favourite_category": "Devices",
    # 100 + 180 + 90 of 565.
    "favourite_category_share_rate": 370 / 565,
    # Gaps of 90, 315, 235 and 69 days.
    "median_interpurchase_days": 162.5,
    "interpurchase_ratio": 20 / 162.5,
    "favourite_channel": "web",
    "channel_count": 2,
    "promotion_order_rate": 1 / 5,
    "contract_count": 1,
    "annual_contract_amount": Decimal(150000),
    "trial_contract_count": 0,
    "contract_plan": "enterprise",
    "days_until_contract_end": 184,
    "open_opportunity_count": 1,
    "open_opportunity_amount": Decimal(5000),
    "won_opportunity_count": 1,
    "lost_opportunity_count": 1,
    "win_rate": 0.5,
    # 60 and 30 days.
    "average_decision_days": 45.0,
    "competition_level": "strong",
    "tender_stage": "announced",
    # One of the two deals that were closed.
    "strong_competition_rate": 0.5,
    # Noted twice.
    "main_need_key": "uptime",
    # The visit is 90 days old.
    "sales_activity_count_90d": 2,
    "days_since_last_sales_activity": 29,
    "login_count": 5,
    "login_days_30d": 2,
    "previous_login_days_30d": 2,
    "login_days_change_rate": 0.0,
    "active_user_count_30d": 1,
    "feature_count_90d": 2,
    # No plan is higher than enterprise.
    "higher_plan_use_count_90d": 0,
    "days_since_last_login": 0,
    "touch_count": 7,
    "sent_count_90d": 2,
    "open_count_90d": 1,
    "click_count_90d": 1,
    "open_rate_90d": 0.5,
    "social_count_365d": 1,
    "event_count_365d": 0,
    "days_since_last_response": 59,
    "ticket_count": 2,
    "ticket_count_90d": 2,
    "complaint_count_90d": 1,
    "open_complaint_count": 1,
    "average_first_response_hours_365d": 3.0,
    "average_satisfaction_score_365d": 4.0,
    "nps_score": 9,
    "days_since_nps_response": 15,
    "nps_response_count": 1,
    # Five logins, a download, a training, two tickets, a survey, an open and a click.
    "interaction_count_90d": 12,
    "days_since_last_interaction": 0,
    "days_since_last_activity": 0,
    "industry": "Hospital",
    "sub_industry": "grade 3",
    "size_band": "50-249",
    "employee_count": 120,
    "influence_level": "high",
    "lead_source": "fair",
    "age_band": None,
    "gender": None,
    "occupation": None,
    "income_band": None,
    "education": None,
    "country": "CN",
    "province": "Shanghai",
    "channel_type": "direct",
    "contact_count": 2,
    "decision_role_count": 2,
    "decision_maker_count": 1,
    # The city is unknown.
    "profile_completeness_rate": 7 / 8,
    # The open deal; the only business that buys is its own peer.
    "potential_amount": Decimal(5000),
}

CONSUMER: dict[str, Any] = {
    "customer_type": "consumer",
    "order_count": 1,
    "days_since_last_purchase": 1,
    "days_since_last_activity": 1,
    "net_revenue_amount": Decimal(5),
    "product_cost_amount": Decimal(2),
    "profit_amount": Decimal(3),
    "median_interpurchase_days": None,
    "interpurchase_ratio": None,
    "contract_count": 0,
    "contract_plan": None,
    "days_until_contract_end": None,
    "open_opportunity_count": 0,
    "win_rate": None,
    "login_count": None,
    "touch_count": 0,
    "ticket_count": 0,
    "handling_minutes": Decimal(0),
    "nps_score": None,
    "nps_response_count": 0,
    "interaction_count_90d": 0,
    "days_since_last_interaction": None,
    "industry": None,
    # 36 the day after.
    "age_band": "35-44",
    "gender": "female",
    "occupation": "nurse",
    "income_band": "100-200k",
    "education": "master",
    # The city is unknown here too.
    "profile_completeness_rate": 7 / 8,
    # One peer, itself.
    "potential_amount": Decimal(0),
}


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Metrics by customer type."""
    folder = tmp_path_factory.mktemp("paper")
    raw = folder / "raw"
    raw.mkdir()
    for table, text in FILES.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (raw / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    models = compile_models("customer_metrics", as_of="2026-06-30")
    with models.run(raw.iterdir()) as connection:
        found = connection.sql("from main.customer_metrics")
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert len(rows) == 2
    return {row["customer_type"]: row for row in rows}


def test_every_metric_is_worked_out(metrics: dict[str, dict[str, Any]]) -> None:
    ids_and_dates = {
        "customer_id",
        "as_of_date",
        "first_seen_date",
        "first_order_date",
        "last_order_date",
    }
    assert set(metrics["business"]) - ids_and_dates == set(BUSINESS)


@pytest.mark.parametrize("metric", BUSINESS)
def test_metric_of_the_business(metrics: dict[str, dict[str, Any]], metric: str) -> None:
    assert_equal(metrics["business"][metric], BUSINESS[metric])


@pytest.mark.parametrize("metric", CONSUMER)
def test_metric_of_the_consumer(metrics: dict[str, dict[str, Any]], metric: str) -> None:
    assert_equal(metrics["consumer"][metric], CONSUMER[metric])


def assert_equal(found: object, expected: object) -> None:
    if isinstance(expected, float):
        expected = pytest.approx(expected)
    assert found == expected
