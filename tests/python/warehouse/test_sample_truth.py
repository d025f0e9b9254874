"""The sample company's own truth, which the pipeline never reads, against what the build says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb
from click.testing import CliRunner

from strata.warehouse.releases import Release
from strata_lab.cli import group

from .conftest import connected, rows


def test_every_planted_fault_has_its_fate_and_reason(
    sample_raw: Path, sample_release: Release
) -> None:
    """Rejected rows are exactly those planted, each with the planted reason."""
    truth = sample_raw.parent / "truth" / "faults.parquet"
    planted = duckdb.execute(
        "select source_table, expected_reason, count(*) from read_parquet(?)"
        " where expected_status = 'rejected' group by all order by all",
        [str(truth)],
    ).fetchall()
    found = rows(
        sample_release.private,
        "select source_table, rejection_reason, count(*) from restricted.rejected_records"
        " group by all order by all",
    )
    assert found == planted
    assert len({reason for _, reason, _ in planted}) >= 11


def test_revenue_of_every_customer(sample_raw: Path, sample_release: Release) -> None:
    """Orders, gross and net in CNY of every true customer, summed over the records it has."""
    truth = sample_raw.parent / "truth"
    with duckdb.connect(str(sample_release.public), read_only=True) as connection:
        differing = connection.execute(
            f"""
            with entities as (
                select
                    entity_id,
                    customer_id,
                    customer_metrics.*
                from '{truth}/records.parquet' as records
                inner join customer_identity_map as map
                    on trim(records.customer_code) = map.source_record_id
                inner join customer_metrics using (customer_id)
            ),

            -- A customer whose two records were not joined has two ids; both count.
            found as (
                select
                    entity_id,
                    sum(gross_revenue_amount) as gross,
                    sum(net_revenue_amount) as net
                from (select distinct entity_id, customer_id, gross_revenue_amount,
                      net_revenue_amount from entities)
                group by entity_id
            )

            select entity_id
            from '{truth}/customers.parquet' as truth
            left join found using (entity_id)
            where coalesce(abs(gross - gross_cny_amount), 99) > 0.01
                or coalesce(abs(net - net_cny_amount), 99) > 0.01
            """
        ).fetchall()
    assert differing == []


def test_merges_are_true_ones(sample_raw: Path, sample_release: Release) -> None:
    """No customer holds records of two true entities; nine of ten true pairs are found."""
    truth = sample_raw.parent / "truth" / "records.parquet"
    with duckdb.connect(str(sample_release.public), read_only=True) as connection:
        row = connection.execute(
            f"""
            with records as (
                select entity_id, customer_id, source_record_id
                from '{truth}' as truth
                inner join customer_identity_map as map
                    on trim(truth.customer_code) = map.source_record_id
            )

            select
                count(*) filter (a.entity_id <> b.entity_id and a.customer_id = b.customer_id),
                count(*) filter (a.entity_id = b.entity_id and a.customer_id = b.customer_id),
                count(*) filter (a.entity_id = b.entity_id)
            from records as a
            inner join records as b on a.source_record_id < b.source_record_id
                and (a.entity_id = b.entity_id or a.customer_id = b.customer_id)
            """
        ).fetchone()
    assert row is not None
    false_merges, found, true_pairs = row
    assert false_merges == 0
    assert true_pairs > 5
    assert found >= 0.9 * true_pairs


def test_totals_are_whole_in_every_table(sample_release: Release) -> None:
    """Orders of customers and guests together are the gross revenue of the company."""
    counted, guests, customers, profiles = rows(
        sample_release.public,
        "select (select sum(gross_revenue_amount) from orders),"
        " (select sum(gross_revenue_amount) from orders where is_guest),"
        " (select sum(gross_revenue_amount) from customer_metrics),"
        " (select sum(gross_revenue_amount) from segment_profiles"
        "  where segment_dimension = 'tier'"
        "  and as_of_date = (select max(as_of_date) from as_of_dates))",
    )[0]
    assert counted - guests == customers == profiles
    assert guests > Decimal(0)


def test_no_record_is_tied_to_the_wrong_customer(sample_raw: Path, sample_release: Release) -> None:
    """Of all systems: records, contacts, tickets and answers; strangers' are tied to nobody."""
    truth = sample_raw.parent / "truth"
    with connected(sample_release.public, sample_release.private) as connection:
        connection.execute(
            f"""
            create temp table judged as
            with ties as (
                select
                    case
                        when source_system = 'erp' then 'erp_customers'
                        else source_system || '_' || source_table
                    end as source_table,
                    source_record_id,
                    customer_id
                from customer_identity_map
                union all
                select 'crm_contacts', contact_id, customer_id
                from private.restricted.contacts
                where account_id is not null
                union all
                select source_table, split_part(interaction_id, ':', 2), customer_id
                from interactions
                where source_table in ('support_tickets', 'support_nps_responses')
            ),

            truth as (
                select 'erp_customers' as source_table, trim(customer_code) as record_key, entity_id
                from '{truth}/records.parquet'
                union all
                select * from '{truth}/system_records.parquet'
            )

            select ties.source_table, ties.customer_id, truth.entity_id
            from ties
            inner join truth
                on ties.source_table = truth.source_table
                and ties.source_record_id = truth.record_key
            """
        )
        wrong = connection.execute(
            "select customer_id from judged where customer_id is not null group by customer_id"
            " having count(distinct coalesce(entity_id, 'a stranger')) > 1"
        ).fetchall()
        tied = connection.execute(
            "select source_table, count(*), avg(case when customer_id is null then 0 else 1 end)"
            " from judged where entity_id is not null group by source_table"
        ).fetchall()
    assert wrong == []
    assert {table for table, _, _ in tied} == {
        "erp_customers",
        "crm_accounts",
        "crm_contacts",
        "product_users",
        "marketing_subscribers",
        "support_tickets",
        "support_nps_responses",
    }
    assert [table for table, count, share in tied if count < 10 or share < 0.8] == []


def test_labels_find_more_than_a_plain_cut(sample_raw: Path, sample_release: Release) -> None:
    """At risk against the longest wait, growing against revenue; of as many customers each."""
    options = ["--truth", str(sample_raw.parent / "truth")]
    options += ["--out", str(sample_release.folder.parents[1]), "--json"]
    told = CliRunner().invoke(group, ["evaluate", "warnings", *options], catch_exceptions=False)
    at_risk, _, growing = json.loads(told.stdout)["questions"]
    for question, least in ((at_risk, 1.3), (growing, 1.1)):
        totals = question["lines"][0]
        assert totals["as_of_date"] is None and totals["customer_type"] is None
        assert totals["wanted"] > 50
        assert totals["label"]["hits"] > least * totals["cut"]["hits"], totals
