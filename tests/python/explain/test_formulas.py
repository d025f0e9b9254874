"""Metrics are computed in models and macros only; the package replays them."""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from pathlib import Path

import pytest

from strata.project import project_dir

PACKAGE = Path(str(files("strata")))
with (project_dir() / "seeds/policy/metrics.csv").open(encoding="utf-8") as _file:
    METRICS = "|".join(row["metric"] for row in csv.DictReader(_file) if row["unit"] != "key")
# Time between two dates, a quantile, a window of days; something computed under the name of a
# metric; arithmetic with the column of one.
FORMULA = re.compile(
    r"\b(date_?diff|(quantile|percentile)_(cont|disc)|lag|lead)\s*\(|\bage_days\s*(<|>|between)"
    rf"|[)\w]\s+as\s+({METRICS})\b|(?<![\w\"'])(\w+\.)?({METRICS})\s+[-+*/]\s|\s[-+*/]\s+\w+\.({METRICS})\b"
)
# The summary adds up the value of a tier; the laboratory and the sample are no part of the product.
ALLOWED = ("publish/summary.py", "lab/", "sample/")


@pytest.mark.parametrize(
    "line",
    [
        "sum(order_count) filter (age_days < 90) as order_count_90d,",
        "quantile_cont(date_diff('day', previous_date, ordered_date), 0.5) as median_gap_days",
        "cast(own.refund_amount as double) / nullif(amount, 0) as refund_rate,",
        "then members.profit_amount - history.profit_amount",
        "today.days_since_first_seen + later_days as later,",
    ],
)
def test_a_formula_is_recognised(line: str) -> None:
    assert FORMULA.search(line)


def test_no_formula_of_a_metric_stands_outside_models_and_macros() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in (".py", ".sql")
        for name in [path.relative_to(PACKAGE).as_posix()]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if FORMULA.search(line) and not name.startswith(ALLOWED)
    ]
    assert found == []
