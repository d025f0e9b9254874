"""The same files and as_of_date give the same amounts, on whatever day they are built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from strata_lab.compiled import Models, compile_models

AS_OF = "2026-06-30"
GIVEN = "limits.latest_permitted_date as as_of_date"
CLOCK = "current_timestamp at time zone 'Asia/Shanghai'"
FOUND = "coalesce(data_range.last_business_date, limits.latest_permitted_date) as as_of_date"
FILES = {
    "erp_orders": """
        order_id,customer_code,ordered_at,order_total_amount
        O1,1,2026-03-01,
        O2,1,2026-06-30,
    """,
    "erp_order_lines": """
        order_line_id,order_id,product_code,quantity,unit_price
        L1,O1,P1,2,100
        L2,O2,P1,1,100
    """,
    "erp_products": "product_code,unit_cost,currency\nP1,10,USD",
    "crm_accounts": "account_id,account_name,annual_revenue_amount,currency\nA1,Acme,100,USD",
    "billing_contracts": """
        contract_id,account_id,annual_amount,currency,start_date,end_date
        K1,A1,100,USD,2026-06-01,2027-05-31
        K2,A1,100,USD,2026-12-01,2027-11-30
    """,
    "support_tickets": """
        ticket_id,account_id,opened_at,first_response_at,closed_at,category,handling_minutes
        T1,A1,2026-06-15,2026-06-16,2026-07-05,complaint,30
        T2,A1,2026-06-15,2026-07-02,,complaint,20
    """,
    "crm_opportunities": """
        opportunity_id,account_id,amount,created_at,closed_at,is_won
        D1,A1,100,2026-06-01,2026-07-05,yes
    """,
    "exchange_rates": """
        currency_code,base_currency,valid_from_date,exchange_rate
        USD,CNY,2000-01-01,6
        USD,CNY,2026-06-30,7
        USD,CNY,2026-07-01,14
    """,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("any_day")
    paths = {}
    for name, rows in FILES.items():
        lines = [line.strip() for line in rows.strip().splitlines()]
        paths[name] = folder / f"{name}.csv"
        paths[name].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths


def built(files: dict[str, Path], today: str, *, is_given: bool) -> list[tuple[Any, ...]]:
    """Return what was bought, earned and agreed, by a build on a day, with `--as-of` or without."""
    models = compile_models(
        "customer_metrics_history", "int_customers__accounts", as_of=AS_OF if is_given else today
    )
    nodes = [
        _replaced(node, "stg_strata__run_limits", CLOCK, f"'{today}'") for node in models.nodes
    ]
    if not is_given:
        nodes = [_replaced(node, "stg_strata__as_of_date", GIVEN, FOUND) for node in nodes]
    raw = [path for name, path in files.items() if name != "exchange_rates"]
    seeds = {"exchange_rates": files["exchange_rates"]}
    with Models(nodes).run(raw, seeds=seeds) as connection:
        return connection.execute(
            """
            select as_of_date::varchar, customer_type, order_count, product_cost_amount::double,
                service_cost_amount::double, profit_amount::double, annual_contract_amount::double,
                open_opportunity_count, open_complaint_count,
                average_first_response_hours_365d,
                (select sum(annual_revenue_amount)::double
                    from intermediate.int_customers__accounts),
                (select sum(annual_amount)::double from intermediate.int_contracts__attributed)
            from main.customer_metrics_history
            order by all
            """
        ).fetchall()


def _replaced(node: dict[str, Any], name: str, found: str, replacement: str) -> dict[str, Any]:
    if node["name"] != name:
        return node
    assert found in node["compiled_code"]
    return node | {"compiled_code": node["compiled_code"].replace(found, replacement)}


def test_amounts_are_those_of_the_as_of_date_given_or_not(files: dict[str, Path]) -> None:
    given = built(files, "2026-08-15", is_given=True)
    # The contract is at the rate of its first day; the one to come, the revenue and the cost (past
    # dates too) at that of the as_of_date. Tickets and deals that were closed since were open.
    assert given == [
        ("2026-03-31", "consumer", 1, 140.0, 0.0, 60.0, 0.0, 0, 0, None, 700.0, 1300.0),
        (AS_OF, "business", 0, 0.0, 100.0, -100.0, 600.0, 1, 2, 24.0, 700.0, 1300.0),
        (AS_OF, "consumer", 2, 210.0, 0.0, 90.0, 0.0, 0, 0, None, 700.0, 1300.0),
    ]
    for today in ("2026-07-05", "2026-08-15", "2028-02-29"):
        assert built(files, today, is_given=False) == given
    assert built(files, "2027-01-01", is_given=True) == given
