"""Lifetime values from build to build: without the model, with it, and worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from strata.learn.clv import FILE, VERSION, estimate
from strata.learn.raw import write_raw
from strata_lab.compiled import Models, compile_models

AS_OF = "2026-10-31"
EXPECTED = [
    f"expected_{what}_{months}m"
    for what in ("purchase_count", "value_amount")
    for months in (3, 6, 12)
]


@pytest.fixture(scope="module")
def models() -> Models:
    return compile_models("customer_lifetime_values", as_of=AS_OF)


@pytest.fixture(scope="module")
def first(models: Models, sample_raw: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample company before any model was fitted."""
    with models.run(sample_raw.glob("*.parquet")) as connection:
        yield connection


@pytest.fixture(scope="module")
def second(
    first: duckdb.DuckDBPyConnection,
    models: Models,
    sample_raw: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same company with the file that `strata model clv` writes from the first build."""
    estimate(first, "main.customer_lifetime_values")
    path = tmp_path_factory.mktemp("clv") / FILE
    columns = f"*, date '{AS_OF}' as as_of_date, '{VERSION}' as method_version"
    write_raw(first, f"select {columns} from lifetime_estimates", path)
    with models.run([*sample_raw.glob("*.parquet"), path]) as connection:
        yield connection


def test_without_the_model_only_the_simple_value_is_known(first: duckdb.DuckDBPyConnection) -> None:
    counts = ", ".join(f"count({column})" for column in ["probability_alive", *EXPECTED])
    customers, buyers, *known = one_row(
        first,
        f"select count(*), count(forward_value_amount_12m), {counts} from customer_lifetime_values",
    )
    assert customers > buyers > 500
    assert known == [0] * 7


def test_the_next_build_shows_what_the_model_said(second: duckdb.DuckDBPyConnection) -> None:
    buyers, once, expected, alive, alive_once, versions = one_row(
        second,
        """
        select
            count(btyd_frequency), count(*) filter (btyd_frequency = 0),
            count(expected_value_amount_12m), count(probability_alive),
            count(probability_alive) filter (btyd_frequency = 0), count(distinct method_version)
        from customer_lifetime_values
        """,
    )
    assert expected == buyers and once > 0
    assert (alive, alive_once, versions) == (buyers - once, 0, 1)
    rejected = one_row(
        second,
        "select count(*) from staging.base_model__lifetime_values where row_status <> 'kept'",
    )
    assert rejected == (0,)


def test_the_model_changes_nothing_else(
    first: duckdb.DuckDBPyConnection, second: duckdb.DuckDBPyConnection
) -> None:
    columns = "customer_id, btyd_frequency, btyd_recency, btyd_age, forward_value_amount_12m"
    query = f"select {columns} from customer_lifetime_values order by customer_id"
    assert first.execute(query).fetchall() == second.execute(query).fetchall()


def test_expected_and_simple_value_agree_in_the_large(second: duckdb.DuckDBPyConnection) -> None:
    """Two ways to the same year: totals within a third, ranks alike."""
    ratio, correlation = one_row(
        second,
        """
        with ranked as (
            select
                expected_value_amount_12m, forward_value_amount_12m,
                rank() over (order by expected_value_amount_12m) as expected_rank,
                rank() over (order by forward_value_amount_12m) as forward_rank
            from customer_lifetime_values where btyd_frequency is not null
        )

        select
            sum(forward_value_amount_12m) / sum(expected_value_amount_12m),
            corr(expected_rank, forward_rank)
        from ranked
        """,
    )
    assert ratio == pytest.approx(1, abs=1 / 3)
    assert correlation > 0.8


def test_a_company_of_three_by_hand(models: Models, tmp_path: Path) -> None:
    """Up to 2026-10-31, all consumers, no refunds.

    often: 100 days ago, 60 (two orders) and 20, for 40, 30 + 30 and 20; once: 80 days ago, for 90;
    lapsed: 300 and 270 days ago, for 45 and 45.
    Together: 3 repeats in 480 days; a mean buyer has 1 in 160, a mean purchase is 300 / 6 = 50.
    often: (2 + 0.5) / (100 + 80) a day, and (120 + 50) / 4 a purchase.
    once: 0.5 / (80 + 80) a day; waits 80 days, one purchase takes 320; (90 + 50) / 2.
    lapsed: 1.5 / (300 + 80), one purchase in 253 days, but has waited for 270; (90 + 50) / 3.
    """
    orders = [
        ("often", 100, 40), ("often", 60, 30), ("often", 60, 30), ("often", 20, 20),
        ("once", 80, 90), ("lapsed", 300, 45), ("lapsed", 270, 45),
    ]  # fmt: skip
    lines = [
        f"select 'o{number}' as order_id, '{code}' as customer_code,"
        f" date '{AS_OF}' - {age} as ordered_at, {amount} as order_total_amount"
        for number, (code, age, amount) in enumerate(orders)
    ]
    raw = tmp_path / "erp_orders.parquet"
    duckdb.execute(f"copy ({' union all '.join(lines)}) to '{raw}' (format parquet)")
    with models.run([raw]) as connection:
        found = connection.execute(
            """
            select identity_map.source_record_id, btyd_frequency, btyd_recency, btyd_age,
                repeat_purchase_average_amount::double, forward_purchase_count_12m,
                forward_purchase_average_amount::double, forward_value_amount_12m::double
            from customer_lifetime_values
            inner join customer_identity_map as identity_map using (customer_id)
            order by all
            """
        ).fetchall()
    assert found[0] == ("lapsed", 1, 30, 300, 45.0, *near(365 / 270, 140 / 3))
    assert found[1] == ("often", 2, 80, 100, 40.0, *near(365 * 2.5 / 180, 42.5))
    assert found[2] == ("once", 0, 0, 80, None, *near(365 * 0.5 / 160, 70))


def near(purchases: float, amount: float) -> list[object]:
    return [
        pytest.approx(purchases, rel=1e-9),
        pytest.approx(amount, abs=5e-5),
        pytest.approx(purchases * amount, abs=5e-4),
    ]


def one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[float, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row
