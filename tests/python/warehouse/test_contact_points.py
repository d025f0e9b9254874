"""Contact points, numbers and ties, from the raw files to the customers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from strata_lab.compiled import compile_models

FILES = {
    "erp_orders": """
        order_id,customer_code,ordered_at,order_total_amount
        O1,typed,2026-06-01,10
        O2,orders_only,2026-06-02,10
    """,
    "erp_customers": """
        customer_code,customer_name,customer_type,email,phone,national_id,tax_id,updated_at
        typed,Ann Lee,consumer,mailto:ann@lee.net,021-62345678转8001,078-05-1120,,2026-01-01
        typed_too,Ann Lee,consumer,,13800138000(张先生),078051120,,2026-01-02
        hollow,Bo Berg,consumer,none@none.com,13888888888,,,2026-01-01
        zeros,Cy Diaz,consumer,x@x.xx,13000000000,,,2026-01-01
        mended_old,Di Fox,consumer,di@fox.org,13911112345,110105 19491231 002X,,2025-01-01
        mended_new,Di Fox,consumer,noemail@gmail.com,13800000000,11010519491231002x,,2026-05-01
        firm,Acme Ltd,business,info@acme.org,400-888-8888,,91310000-MA1FL2N3-4X,2026-01-01
        firm_too,Acme,business,,,,91310000MA1FL2N34X,2025-01-01
    """,
    "crm_contacts": """
        contact_id,full_name,email,phone
        K1,Eve Gold,eve@gold.org,
    """,
    "support_tickets": """
        ticket_id,customer_code,order_id,contact_id,requester_email,opened_at
        by_code,hollow,O1,K1,ann@lee.net,2026-06-01
        by_order,,O2,,ann@lee.net,2026-06-01
        by_contact,nobody,O99,K1,,2026-06-01
        by_email,,,,Ann <ann@lee.net>; bo@x.org,2026-06-01
        by_nothing,nobody,O99,K99,none@none.com,2026-06-01
    """,
    "support_nps_responses": """
        response_id,customer_code,order_id,contact_id,score,responded_at
        by_code,zeros,,,9,2026-06-01
        by_order,,O1,,9,2026-06-01
        by_contact,,,K1,9,2026-06-01
    """,
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("contacts")
    files = [folder / f"{table}.csv" for table in FILES]
    for file in files:
        lines = FILES[file.stem].strip().splitlines()
        file.write_text("\n".join(line.strip() for line in lines) + "\n", encoding="utf-8")
    models = compile_models("source_readiness", "customers", "contacts", as_of="2026-06-30")
    with models.run(files) as connection:
        connection.execute(
            "create view owners as select source_record_id as code, customer_id "
            "from main.customer_identity_map where source_system = 'erp'"
        )
        yield connection


def details(warehouse: duckdb.DuckDBPyConnection, code: str) -> tuple[Any, ...]:
    return warehouse.execute(
        """
        select details.email, details.phone, customers.has_email, customers.has_phone
        from owners
        join restricted.customer_contact_details as details using (customer_id)
        join main.customers using (customer_id)
        where owners.code = ?
        """,
        [code],
    ).fetchall()[0]


def test_the_first_usable_address_and_number_are_taken(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert details(warehouse, "typed") == ("ann@lee.net", "+8613800138000", True, True)


@pytest.mark.parametrize("code", ["hollow", "zeros"])
def test_nobody_is_contacted_at_a_placeholder(
    warehouse: duckdb.DuckDBPyConnection, code: str
) -> None:
    assert details(warehouse, code) == (None, None, False, False)


def test_a_real_value_of_an_older_record_wins_over_a_newer_placeholder(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert details(warehouse, "mended_new") == ("di@fox.org", "+8613911112345", True, True)


def test_the_mailbox_of_a_function_and_a_hotline_are_contact_details(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    assert details(warehouse, "firm") == ("info@acme.org", "+864008888888", True, True)


@pytest.mark.parametrize(
    ("one", "other"), [("typed", "typed_too"), ("mended_old", "mended_new"), ("firm", "firm_too")]
)
def test_numbers_are_equal_without_their_separators(
    warehouse: duckdb.DuckDBPyConnection, one: str, other: str
) -> None:
    owners = dict(warehouse.execute("from owners").fetchall())
    assert owners[one] == owners[other]


def test_a_number_is_shown_as_it_was_written(warehouse: duckdb.DuckDBPyConnection) -> None:
    shown = warehouse.execute(
        "select tax_id from restricted.customer_contact_details "
        "where customer_id = (select customer_id from owners where code = 'firm')"
    ).fetchall()
    assert shown == [("91310000-MA1FL2N3-4X",)]


def test_tickets_and_responses_belong_to_what_they_name(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    tied = warehouse.execute(
        """
        select ties.source_table, ties.source_record_id, ties.tie,
            coalesce(owners.code, 'K1') as code
        from intermediate.int_source_records__attributed as ties
        left join (select customer_id, min(code) as code from owners group by customer_id) as owners
            using (customer_id)
        where ties.source_table like 'support%'
        order by all
        """
    ).fetchall()
    assert tied == [
        ("support_nps_responses", "by_code", "customer_code", "zeros"),
        ("support_nps_responses", "by_contact", "contact", "K1"),
        ("support_nps_responses", "by_order", "order", "typed"),
        ("support_tickets", "by_code", "customer_code", "hollow"),
        ("support_tickets", "by_contact", "contact", "K1"),
        ("support_tickets", "by_email", "contact_point", "typed"),
        ("support_tickets", "by_order", "order", "orders_only"),
    ]


def test_what_is_set_aside_is_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    counts = dict(
        warehouse.execute(
            "select source_table, ignored_value_count from main.source_readiness "
            "where ignored_value_count > 0"
        ).fetchall()
    )
    # The extension, the name beside a number, and the second address with the name.
    assert counts == {"erp_customers": 2, "support_tickets": 1}
