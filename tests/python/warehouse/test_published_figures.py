"""Real retailers through the compiled models, against figures that others published."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from strata.intake.importing import import_files
from strata.project import Project
from strata_lab.compiled import compile_models

from .rejudge import assert_labels, assert_reasons, published_values
from .test_policies import seeds_of


@pytest.fixture(scope="module")
def online_retail(
    tmp_path_factory: pytest.TempPathFactory, reference_data: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    raw = tmp_path_factory.mktemp("online_retail") / "raw"
    mapping = Project.find().folder / "examples" / "online_retail"
    import_files(mapping, (str(reference_data / "online_retail_2010_2011.parquet"),), raw)
    models = compile_models(
        "customer_rfm_scores",
        "customer_segments",
        "customer_segment_reason_conditions",
        "customer_segment_reasons",
        "customer_health_scores",
        "customer_tags",
        "orders",
        "source_readiness",
        as_of="2011-12-10",
    )
    with models.run(raw.iterdir(), threads=2) as connection:
        yield connection


def test_online_retail_metrics(online_retail: duckdb.DuckDBPyConnection) -> None:
    """UCI Online Retail: customer known, not cancelled, quantity and price above zero."""
    found = online_retail.execute(
        "select count(*), sum(order_count), sum(gross_revenue_amount),"
        " round(avg(days_since_last_order), 3), median(days_since_last_order),"
        " round(avg(order_count), 3), median(order_count), max(order_count),"
        " count(case when order_count = 1 then 1 end), round(avg(gross_revenue_amount), 2)"
        " from customer_metrics where order_count > 0"
    ).fetchall()
    assert found == [
        (4338, 18532, Decimal("8911407.9040"), 93.059, 51.0, 4.272, 2.0, 209, 1493, 2054.27)
    ]


def test_online_retail_refunds_and_guests(online_retail: duckdb.DuckDBPyConnection) -> None:
    """`C…` invoices reduce net revenue, and guest orders stay whole in `orders`."""
    gross, net = online_retail.execute(
        "select sum(gross_revenue_amount), sum(net_revenue_amount) from customer_metrics"
    ).fetchall()[0]
    assert gross - net == Decimal("611342.0900")
    guests = online_retail.execute(
        "select sum(gross_revenue_amount), count(customer_id) from orders where is_guest"
    ).fetchall()
    assert guests == [(Decimal("1744214.5800"), 0)]


def test_online_retail_labels_are_what_the_rules_say(
    online_retail: duckdb.DuckDBPyConnection,
) -> None:
    """The default policy, evaluated again in plain Python, for each of its customers."""
    published = published_values(online_retail)
    assert len(published) > 4300
    assert_labels(online_retail, published)
    assert_reasons(online_retail, published)


def test_online_retail_accounts_for_every_line(online_retail: duckdb.DuckDBPyConnection) -> None:
    """541,909 lines: 532,621 become order lines and 9,288 refunds; 1,338 lines are rejected."""
    found = online_retail.execute(
        "select source_table, row_count, kept_count, rejected_count from source_readiness"
        " where source_table in ('erp_order_lines', 'erp_refunds') order by all"
    ).fetchall()
    assert found == [
        ("erp_order_lines", 532621, 531283, 1338),
        ("erp_refunds", 9288, 9288, 0),
    ]


def test_top_fifth_holds_the_published_share(online_retail: duckdb.DuckDBPyConnection) -> None:
    """The top 20 % of customers hold 74.6 % of revenue (rounded to a tenth of a percent)."""
    share = online_retail.execute(
        "select sum(case when place <= 0.2 * buyers then revenue end) / sum(revenue) from ("
        " select gross_revenue_amount as revenue, count(*) over () as buyers,"
        " row_number() over (order by gross_revenue_amount desc, customer_id) as place"
        " from customer_metrics where order_count > 0)"
    ).fetchall()[0][0]
    assert round(float(share), 3) == 0.746


def test_complete_journey(tmp_path: Path, complete_journey: Path) -> None:
    """2,469 households and sales of 4,596,039.58, to the cent."""
    mapping = Project.find().folder / "examples" / "complete_journey"
    inputs = tuple(
        f"{name}={complete_journey / name}.parquet" for name in ("transactions", "products")
    )
    import_files(mapping, inputs, tmp_path / "raw")
    models = compile_models("customer_metrics", as_of="2018-01-01")
    with models.run((tmp_path / "raw").iterdir(), threads=2) as connection:
        found = connection.execute(
            "select count(*), sum(gross_revenue_amount), sum(order_count) from customer_metrics"
            " where order_count > 0"
        ).fetchall()
    assert found == [(2469, Decimal("4596039.5800"), 155370)]


@pytest.fixture(scope="module")
def rfm_reference(
    tmp_path_factory: pytest.TempPathFactory, reference_data: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Orders of the R package rfm, judged by the policy whose RFM window is the lifetime."""
    folder = tmp_path_factory.mktemp("rfm_reference")
    (folder / "raw").mkdir()
    duckdb.execute(
        "copy (select 'O' || row_number() over () as order_id, customer_id as customer_code,"
        " order_date as ordered_at, revenue as order_total_amount"
        f" from '{reference_data}/rfm_data_orders.parquet') to '{folder}/raw/erp_orders.parquet'"
    )
    models = compile_models("rfm_cut_points", "customer_rfm_scores", as_of="2006-12-31")
    seeds = seeds_of("small_business", folder)
    with models.run((folder / "raw").iterdir(), seeds=seeds, threads=2) as connection:
        yield connection


def test_rfm_cut_points_equal_the_published_percentiles(
    rfm_reference: duckdb.DuckDBPyConnection,
) -> None:
    found = rfm_reference.execute(
        "select dimension, cut_point_1, cut_point_2, cut_point_3, cut_point_4 from rfm_cut_points"
        " where as_of_date = '2006-12-31' order by dimension"
    ).fetchall()
    expected = {
        "frequency": (3, 4, 5, 7),
        "monetary": (254.8, 381, 505.4, 665),
        "recency": (114, 180, 296.4, 481),
    }
    for row in found:
        assert row[1:] == pytest.approx(expected[row[0]], abs=1e-9)
    assert len(found) == 3


def test_rfm_scores_equal_those_of_the_r_package_but_for_three(
    rfm_reference: duckdb.DuckDBPyConnection, reference_data: Path
) -> None:
    """R adds 1 to each edge, which moves one recency score and two monetary scores."""
    found = rfm_reference.execute(
        "select identity.source_record_id, scores.recency_score - expected.recency_score,"
        " scores.frequency_score - expected.frequency_score,"
        " scores.monetary_score - expected.monetary_score"
        " from customer_rfm_scores as scores"
        " inner join customer_identity_map as identity using (customer_id)"
        f" full join '{reference_data}/rfm_data_orders_expected_scores.parquet' as expected"
        " on identity.source_record_id = expected.customer_id"
    ).fetchall()
    assert len(found) == 995
    differences = [
        sum(1 for row in found if row[column] != 0 or row[column] is None) for column in (1, 2, 3)
    ]
    assert differences == [1, 0, 2]
