"""The audit: laws of a build, and drift against the release before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from strata.publish.audit import Findings, Limits, audit
from strata.publish.figures import Figures, Share

LIMITS = Limits(max_fall=0.1, max_shift=0.2)
TOTALS = {
    "customers": 100.0,
    "orders": 300.0,
    "gross revenue": 1000.0,
    "net revenue": 900.0,
    "rows of erp_orders": 310.0,
}
BASE = Figures(
    as_of_date=date(2026, 9, 10),
    totals=TOTALS,
    rejected_rate=0.01,
    shares=[Share("tier", "a", 20, 0.2), Share("tier", "b", 80, 0.8)],
)


def judge(
    folder: Path, new: Figures, old: Figures | None = None, compare_shares: bool = True
) -> Findings:
    return audit(new, old, compare_shares, LIMITS, folder)


def test_sound_figures_pass_and_leave_documents(tmp_path: Path) -> None:
    assert judge(tmp_path, BASE, BASE) == Findings([], [])
    assert (tmp_path / "docs" / "index.html").is_file()
    assert '"success": true' in (tmp_path / "validation.json").read_text()


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (replace(BASE, totals=TOTALS | {"gross revenue": -1.0}), "gross revenue is negative"),
        (replace(BASE, shares=[Share("tier", "a", 100, 0.9)]), "tier in segment_profiles add up"),
        (replace(BASE, shares=[Share("tier", "a", 99, 1.0)]), "hold 99 of 100 customers"),
    ],
)
def test_broken_law_is_named_on_the_first_build_too(
    tmp_path: Path, new: Figures, words: str
) -> None:
    found = judge(tmp_path, new)
    assert len(found.broken) == 1
    assert words in found.broken[0]


def test_net_revenue_may_be_negative(tmp_path: Path) -> None:
    new = replace(BASE, totals=TOTALS | {"net revenue": -1.0})
    assert judge(tmp_path, new) == Findings([], [])


def test_fall_at_the_limit_passes_and_beyond_it_is_drift(tmp_path: Path) -> None:
    at_limit = replace(BASE, totals=TOTALS | {"orders": 270.0})
    beyond = replace(BASE, totals=TOTALS | {"orders": 269.0})
    assert judge(tmp_path / "at", at_limit, BASE) == Findings([], [])
    (finding,) = judge(tmp_path / "beyond", beyond, BASE).drift
    assert finding.startswith("orders: 300.00 in the current release, 269.00 in this build")


def test_rise_is_no_drift(tmp_path: Path) -> None:
    new = replace(BASE, totals=TOTALS | {"orders": 900.0})
    assert judge(tmp_path, new, BASE) == Findings([], [])


def test_source_that_is_gone_is_drift(tmp_path: Path) -> None:
    totals = {name: value for name, value in TOTALS.items() if not name.startswith("rows")}
    (finding,) = judge(tmp_path, replace(BASE, totals=totals), BASE).drift
    assert "rows of erp_orders: 310.00 in the current release, 0.00" in finding


def test_moved_shares_are_drift_unless_the_policy_changed(tmp_path: Path) -> None:
    new = replace(BASE, shares=[Share("tier", "a", 50, 0.5), Share("tier", "c", 50, 0.5)])
    found = judge(tmp_path / "one", new, BASE)
    assert [line.split(":")[0] for line in found.drift] == [
        "share of tier a",
        "share of tier b",
        "share of tier c",
    ]
    assert judge(tmp_path / "two", new, BASE, compare_shares=False) == Findings([], [])


def test_more_rejected_rows_are_drift(tmp_path: Path) -> None:
    (finding,) = judge(tmp_path, replace(BASE, rejected_rate=0.3), BASE).drift
    assert "share of rejected rows: 1.0% in the current release, 30.0%" in finding
