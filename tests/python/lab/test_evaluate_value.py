"""`strata-lab evaluate value`: published hold-outs, what it prints, and what it refuses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from strata.errors import StrataError
from strata_lab.cli import group
from strata_lab.lifetime_value import Quality, ValueReport, _quality, evaluate, top_share

TOLERANCE = 0.005


def best(report: ValueReport) -> tuple[float, float]:
    """Return the best AUC and the best share of the top fifth, whichever scores have them."""
    return (
        max(quality.auc or 0 for quality in report.scores),
        max(quality.top_share or 0 for quality in report.scores),
    )


def values(report: ValueReport, score: str) -> tuple[float, float]:
    (found,) = [quality for quality in report.scores if quality.score == score]
    return found.auc or 0, found.top_share or 0


def test_cdnow_master(cdnow: Path, tmp_path: Path) -> None:
    """23,500 customers who paid up to 1997-09-30: who comes back in the next nine months?"""
    file = tmp_path / "cdnow.parquet"
    duckdb.execute(
        f"""
        copy (
            select substr(line, 2, 5) as customer_id,
                strptime(substr(line, 8, 8), '%Y%m%d')::date as order_date,
                trim(substr(line, 19))::decimal(18, 2) as amount
            from read_csv('{cdnow}/CDNOW_master.txt', columns = {{line: 'varchar'}}, delim = '\t',
                header = true)
        ) to '{file}' (format parquet)
        """
    )
    report = evaluate(file, date(1997, 9, 30))
    assert (report.customers, report.left_out_rows) == (23_500, 80)
    assert report.until == date(1998, 6, 30)
    auc, share = best(report)
    assert auc >= 0.763 - TOLERANCE and share >= 0.684 - TOLERANCE, report.as_text()
    assert values(report, "simple value")[1] >= 0.684 - TOLERANCE
    assert values(report, "simple purchases")[0] >= 0.763 - TOLERANCE


def test_online_retail(reference_data: Path, tmp_path: Path) -> None:
    """3,317 customers up to 2011-08-31; an order is an invoice."""
    file = tmp_path / "retail.parquet"
    duckdb.execute(
        f"""
        copy (
            select cast(customer_id as varchar) as customer_id,
                min(invoice_date)::date as order_date, sum(quantity * unit_price) as amount
            from '{reference_data}/online_retail_2010_2011.parquet'
            where customer_id is not null and invoice_no not like 'C%'
                and quantity > 0 and unit_price > 0
            group by invoice_no, customer_id
        ) to '{file}' (format parquet)
        """
    )
    report = evaluate(file, date(2011, 8, 31))
    assert (report.customers, report.returning_customers) == (3317, 1952)
    auc, share = best(report)
    assert auc >= 0.729 - TOLERANCE and share >= 0.638 - TOLERANCE, report.as_text()
    assert values(report, "simple purchases")[0] >= 0.729 - TOLERANCE


def test_figures_by_hand() -> None:
    """Four customers; one pair of ten is told wrongly, and half a place goes to equal scores."""
    future = np.array([10.0, 0, 0, 30, 0])
    quality = _quality("hand", np.array([5.0, 4, 3, 4, 1]), future)
    # 10 beats three of three; 30 beats two and ties with one: (3 + 2.5) / 6.
    assert quality.auc == pytest.approx(5.5 / 6)
    # A fifth of five is one place, and the best customer has it.
    assert quality.top_share == pytest.approx(10 / 40)
    # Two fifths: one place for the best, one to share between the two scores of 4.
    assert top_share(np.array([5.0, 4, 3, 4, 1]), future, 0.4) == pytest.approx(25 / 40)
    assert top_share(np.ones(5), future) == pytest.approx(0.2)


def test_a_score_that_tells_nobody_apart_has_no_figures() -> None:
    future = np.array([1.0, 0, 2])
    for score in (np.ones(3), np.array([1, np.nan, 2])):
        quality = _quality("flat", score, future)
        assert (quality.auc, quality.top_share, quality.spearman) == (None, None, None)
    assert _quality("all return", np.array([1.0, 2, 3]), np.array([1.0, 2, 3])).auc is None


ORDERS = "customer_id,order_date,amount\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """120 customers who order every 20, 21 … days of 2023 and 2024, some of them only in 2023."""
    rows = []
    for number in range(120):
        last = 365 if number % 3 == 0 else 730
        for day in range(number % 20, last, 20 + number):
            ordered = np.datetime64("2023-01-01") + day
            rows.append(f"c{number},{ordered},{10 + number % 7}.5")
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS + "\n".join([*rows, ",2023-05-01,5", "c1,2023-05-02,0"]) + "\n")
    return path


def test_what_it_prints(orders: Path) -> None:
    arguments = ["evaluate", "value", "--input", str(orders), "--cut", "2024-06-30"]
    result = CliRunner().invoke(group, [*arguments, "--until", "2024-09-30", "--json"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert (said["cut"], said["until"]) == ("2024-06-30", "2024-09-30")
    assert (said["customers"], said["left_out_rows"]) == (120, 2)
    assert [score["score"] for score in said["scores"]] == [
        "RFM score",
        "tier",
        "simple purchases",
        "simple value",
        "probabilistic purchases",
        "probabilistic value",
    ]
    # The customers who stopped in 2023 are easy to find; the others are ordered by their rates.
    by_score = {score["score"]: score for score in said["scores"]}
    assert by_score["simple purchases"]["auc"] > 0.9
    assert by_score["probabilistic purchases"]["spearman"] > 0.7
    assert said["best"]["auc"] in by_score


def test_the_report_for_people() -> None:
    scores = [Quality("RFM score", 0.75, 0.5, 0.4), Quality("tier", None, None, None)]
    report = ValueReport(date(2024, 6, 30), date(2024, 9, 30), 2, 1200, 80, 1234.5, scores)
    assert report.as_text().splitlines() == [
        "1,200 customers up to 2024-06-30, of whom 80 order again by 2024-09-30, for 1,234.50",
        "2 rows left out: no customer, or an amount of 0 or less",
        "",
        "                               AUC  top 20 %  Spearman",
        "RFM score                   0.7500    0.5000    0.4000",
        "tier                             -         -         -",
    ]
    assert report.as_json()["best"] == dict.fromkeys(("auc", "top_share", "spearman"), "RFM score")


@pytest.mark.parametrize(
    ("rows", "cut", "until", "message"),
    [
        ("a,2024-01-01,1", "2023-12-31", None, r"no order up to 2023-12-31: give a later --cut"),
        ("a,2024-01-01,1", "2024-01-01", None, r"no order after 2024-01-01: give an earlier --cut"),
        ("a,2024-01-01,1\na,2024-03-01,1", "2024-01-01", "2024-02-01", r"give a later --until"),
        ("a,2024-01-01,1\na,soon,1", "2024-01-01", None, r"row 2: 'soon' is no order_date"),
        ("a,2024-01-01,1\na,,1", "2024-01-01", None, r"row 2: an empty order_date"),
        ("a,2024-01-01,much", "2024-01-01", None, r"row 1: 'much' is no amount"),
        ("a,2024-01-01,1\na,2024-03-01,1", "2024-01-01", None, r"0 consumer; a customer type"),
    ],
)
def test_a_file_that_does_not_fit(
    rows: str, cut: str, until: str | None, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS + rows + "\n")
    with pytest.raises(StrataError, match=message) as caught:
        evaluate(file, date.fromisoformat(cut), date.fromisoformat(until) if until else None)
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2


def test_missing_file_and_columns(tmp_path: Path) -> None:
    with pytest.raises(StrataError, match=r"gone\.csv: no such file"):
        evaluate(tmp_path / "gone.csv", date(2024, 1, 1))
    file = tmp_path / "orders.csv"
    file.write_text("customer,order_date\na,2024-01-01\n")
    with pytest.raises(StrataError, match=r"no column customer_id, amount; it has customer, order"):
        evaluate(file, date(2024, 1, 1))
