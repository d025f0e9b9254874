"""`strata-lab evaluate warnings`: a company worked out on paper, and what the command refuses.

Its figures for the sample company are tested beside the company's truth, in
tests/python/warehouse/test_sample_truth.py.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from strata.errors import StrataError
from strata_lab.churn_labels import Found, WarningsReport, measure
from strata_lab.cli import group

WINTER, SPRING, SUMMER = date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30)

# customer, as_of_date, stage, days since the last order, days since the last purchase, revenue
HISTORY = [
    ("c1", WINTER, "at_risk", 80, 80, 500),  # early by one date: a false alarm then
    ("c0", SPRING, "established", 120, 120, 10),  # stays; waits as long as c1 and comes first
    ("c1", SPRING, "at_risk", 120, 120, 20),  # leaves in April
    ("c2", SPRING, "at_risk", 100, 100, 30),  # stays
    ("c4", SPRING, "dormant", 300, 300, 40),  # leaves on the very next date
    ("c5", SPRING, "established", 20, 20, 50),  # leaves a day after the next date; grows
    ("c6", SPRING, "dormant", 365, 365, 0),  # bought more than 365 days ago
    ("c7", SPRING, "at_risk", 0, 0, 60),  # left on the day itself
    ("c8", SPRING, "reactivated", 30, 30, 70),  # left long ago, and is back
    ("c9", SPRING, "established", 58, 58, 80),  # content with a single order
    ("b1", SPRING, "at_risk", None, 0, 0),  # under contract until May
    ("b2", SPRING, "established", 200, 0, 1000),  # under contract, stays
    ("b3", SPRING, "established", 50, 50, 900),  # one order, but under contract
    ("b4", SPRING, "growing", 10, 10, 100),  # grows
    ("lead", SPRING, "lead", None, None, None),  # not in the truth
    ("c2", SUMMER, "at_risk", 191, 191, 0),  # no date follows
]
# customer, type, pattern, lapsed, returned, last order, subscription, churned
TRUTH = [
    ("c0", "consumer", "steady", None, None, "2026-01-01", None, None),
    ("c1", "consumer", "lapsed", "2025-04-10", None, "2025-04-10", None, None),
    ("c2", "consumer", "fading", None, None, "2025-09-01", None, None),
    ("c4", "consumer", "lapsed", "2025-06-30", None, "2025-06-30", None, None),
    ("c5", "consumer", "growing", "2025-07-01", None, "2025-07-01", None, None),
    ("c6", "consumer", "lapsed", "2025-05-05", None, "2025-05-05", None, None),
    ("c7", "consumer", "lapsed", "2025-03-31", None, "2025-03-31", None, None),
    ("c8", "consumer", "returned", "2024-02-01", "2025-03-01", "2025-03-01", None, None),
    ("c9", "consumer", "one_time", None, None, "2025-02-01", None, None),
    ("b1", "business", "steady", None, None, None, "ended", "2025-05-01"),
    ("b2", "business", "steady", None, None, "2025-12-01", "running", None),
    ("b3", "business", "one_time", None, None, "2025-02-09", "running", None),
    ("b4", "business", "growing", None, None, "2025-12-01", "none", None),
]


def write_truth(folder: Path) -> Path:
    """Write the truth of the company above, as `strata data sample` does."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table customers (entity_id varchar, customer_type varchar, pattern varchar,"
            " lapsed_at date, returned_at date, last_order_date date, subscription varchar,"
            " churned_at date)"
        )
        connection.executemany(
            "insert into customers values ('E' || ?, ?, ?, ?, ?, ?, ?, ?)", TRUTH
        )
        connection.execute(f"copy customers to '{folder}/customers.parquet'")
        # Codes as they were written down, with a space now and then.
        connection.execute(
            f"copy (select ' N' || entity_id as customer_code, entity_id from customers)"
            f" to '{folder}/records.parquet'"
        )
    return folder


def warehouse() -> duckdb.DuckDBPyConnection:
    """Return the history tables of the company above, without the columns that nobody asks for."""
    connection = duckdb.connect()
    connection.execute(
        "create table history (customer_id varchar, as_of_date date, lifecycle_stage_key varchar,"
        " days_since_last_order int, days_since_last_purchase int, net_revenue_amount_365d int)"
    )
    connection.executemany("insert into history values (?, ?, ?, ?, ?, ?)", HISTORY)
    connection.execute(
        """
        create view customer_segments_history as
        select * exclude (days_since_last_purchase) from history;
        create view customer_metrics_history as
        select customer_id, as_of_date, days_since_last_purchase from history;
        create view customer_identity_map as
        select distinct customer_id, 'erp' as source_system, 'NE' || customer_id as source_record_id
        from history
        union all select distinct 'c0', 'crm', 'NEc7' from history
        """
    )
    return connection


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> WarningsReport:
    with warehouse() as connection:
        return measure(connection, write_truth(tmp_path_factory.mktemp("truth")))


def found(hits: int, chosen: int, wanted: int) -> Found:
    return Found(hits, hits / chosen, hits / wanted, 2 * hits / (chosen + wanted))


def lines_of(text: list[str], start: str) -> list[str]:
    """Return the lines that begin so, without their padding."""
    padded = (" ".join(line.split()) for line in text)
    return [line for line in padded if line.startswith(start)]


def test_at_risk_of_consumers(report: WarningsReport) -> None:
    """c1 and c4 leave; the label names c1 and c2, the two longest waits are c4 and c0."""
    line = report.line("at risk", "consumer", SPRING)
    assert (line.customers, line.wanted, line.labelled) == (6, 2, 2)
    assert line.label == found(1, 2, 2)
    assert line.cut == found(1, 2, 2)


def test_dormant_as_well(report: WarningsReport) -> None:
    """The label names c1, c2 and c4; the three longest waits are c4, c0 and c1."""
    line = report.line("at risk or dormant", "consumer", SPRING)
    assert (line.wanted, line.labelled) == (2, 3)
    assert line.label == line.cut == found(2, 3, 2)


def test_at_risk_of_businesses(report: WarningsReport) -> None:
    """b1 leaves and has the label; b2 waits longest, and who never ordered comes last."""
    line = report.line("at risk", "business", SPRING)
    assert (line.customers, line.wanted, line.labelled) == (4, 1, 1)
    assert line.label == found(1, 1, 1)
    assert line.cut == Found(0, 0.0, 0.0, 0.0)


def test_sums_over_dates_and_types(report: WarningsReport) -> None:
    """Of winter there is c1 alone, who is labelled and does not leave before spring."""
    assert report.dates == [WINTER, SPRING]
    winter = report.line("at risk", on=WINTER)
    assert (winter.customers, winter.wanted, winter.labelled) == (1, 0, 1)
    assert winter.label == Found(0, 0.0, None, 0.0)
    line = report.line("at risk")
    assert (line.customers, line.wanted, line.labelled) == (11, 3, 4)
    assert line.label == found(2, 4, 3)
    assert line.cut == found(1, 4, 3)


def test_growing_against_revenue(report: WarningsReport) -> None:
    """b4 and c5 are planted as growing; the label names b4, the revenue b2."""
    line = report.line("growing")
    assert (line.wanted, line.labelled) == (2, 1)
    assert line.label == found(1, 1, 2)
    assert line.cut == Found(0, 0.0, 0.0, 0.0)


def test_what_is_printed(report: WarningsReport) -> None:
    text = report.as_text().splitlines()
    assert text[0].startswith("11 customers on 2 dates, 2024-12-31 to 2025-03-31: ")
    assert lines_of(text, "2025-03-31 consumer") == [
        "2025-03-31 consumer 6 2 2 1 0.500 0.500 0.500 1 0.500 0.500 0.500",
        "2025-03-31 consumer 6 2 3 2 0.667 1.000 0.800 2 0.667 1.000 0.800",
        "2025-03-31 consumer 6 1 0 0 - 0.000 0.000 0 - 0.000 0.000",
    ]
    winter = lines_of(text, "2024-12-31 all")
    assert winter[0] == "2024-12-31 all 1 0 1 0 0.000 - 0.000 0 0.000 - 0.000"
    told = report.as_json()
    assert told["dates"] == ["2024-12-31", "2025-03-31"]
    assert told["questions"][0]["lines"][0]["label"] == {
        "hits": 2,
        "precision": 0.5,
        "recall": 2 / 3,
        "f1": 4 / 7,
    }


def test_what_is_refused(tmp_path: Path) -> None:
    truth = write_truth(tmp_path)
    with warehouse() as connection:
        with pytest.raises(StrataError, match=r"nowhere/customers\.parquet is missing: give the "):
            measure(connection, tmp_path / "nowhere")
        connection.execute(
            "create or replace view customer_identity_map as select 'c0' as customer_id,"
            " 'erp' as source_system, 'of another company' as source_record_id"
        )
        with pytest.raises(StrataError, match="none of its customers is in the release"):
            measure(connection, truth)
        (truth / "records.parquet").write_text("customer_code,entity_id\n", encoding="utf-8")
        with pytest.raises(StrataError, match=r"records\.parquet is no Parquet file"):
            measure(connection, truth)
        duckdb.execute(f"copy (select 1 as entity_id) to '{truth}/records.parquet'")
        with pytest.raises(StrataError, match=r"records\.parquet: no column customer_code"):
            measure(connection, truth)


def test_without_a_release(tmp_path: Path) -> None:
    options = ["--truth", str(tmp_path), "--out", str(tmp_path / "empty")]
    outcome = CliRunner().invoke(group, ["evaluate", "warnings", *options])
    assert isinstance(outcome.exception, StrataError)
    assert "has no release yet" in str(outcome.exception)
