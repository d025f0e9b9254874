"""The audit: laws of a build, and drift against the release before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from strata.publish.audit import Before, Findings, Limits, audit, peaks
from strata.publish.figures import Figures, Share

LIMITS = Limits(max_fall=0.1, max_rise=0.5, max_shift=0.2, max_rejected=0.05)
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
    folder: Path,
    new: Figures,
    old: Figures | None = None,
    same_policy: bool = True,
    peaks: dict[str, dict[str, float]] | None = None,
    settings: tuple[dict[str, str], dict[str, str]] = ({}, {}),
) -> Findings:
    before = Before(old, peaks or {}, settings[0], same_policy) if old else None
    return audit(new, settings[1], before, LIMITS, folder)


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


def test_rise_at_the_limit_passes_and_beyond_it_is_drift(tmp_path: Path) -> None:
    """So does a doubled or a hundredfold revenue, and one in another currency."""
    at_limit = replace(BASE, totals=TOTALS | {"net revenue": 1350.0})
    assert judge(tmp_path / "at", at_limit, BASE) == Findings([], [])
    for times, words in ((1.6, "+60.0%"), (2, "+100.0%"), (7.2, "+620.0%"), (100, "+9900.0%")):
        new = replace(BASE, totals=TOTALS | {"net revenue": 900.0 * times})
        (finding,) = judge(tmp_path / str(times), new, BASE).drift
        assert finding == (
            f"net revenue: 900.00 in the current release, {900 * times:,.2f} in this build "
            f"({words}; --max-rise allows +50.0%)"
        )


def test_a_longer_time_may_rise_more_and_a_small_count_to_a_hundred_and_fifty(
    tmp_path: Path,
) -> None:
    rise = TOTALS | {"net revenue": 1800.0}
    later = replace(BASE, as_of_date=date(2026, 11, 9), totals=rise)
    assert judge(tmp_path / "60 days", later, BASE) == Findings([], [])
    sooner = replace(later, as_of_date=date(2026, 11, 8))
    assert len(judge(tmp_path / "59 days", sooner, BASE).drift) == 1
    few = replace(BASE, totals=TOTALS | {"rows of erp_refunds": 3.0})
    more = replace(BASE, totals=TOTALS | {"rows of erp_refunds": 53.0})
    assert judge(tmp_path / "few", more, few) == Findings([], [])
    more = replace(BASE, totals=TOTALS | {"rows of erp_refunds": 54.0})
    assert len(judge(tmp_path / "more", more, few).drift) == 1


def test_five_nights_of_nine_per_cent_less_stop_at_the_second(tmp_path: Path) -> None:
    first = replace(BASE, totals=TOTALS | {"orders": 1000.0})
    kept = peaks(first, None, accepted=False)
    second = replace(BASE, as_of_date=date(2026, 9, 11), totals=TOTALS | {"orders": 910.0})
    assert judge(tmp_path / "2", second, first, peaks=kept) == Findings([], [])
    kept = peaks(second, Before(first, kept, {}), accepted=False)
    third = replace(BASE, as_of_date=date(2026, 9, 12), totals=TOTALS | {"orders": 828.0})
    (finding,) = judge(tmp_path / "3", third, second, peaks=kept).drift
    assert finding == (
        "orders: 1,000.00 as of 2026-09-10, the highest of the last 30 days, 910.00 in the current "
        "release, 828.00 in this build (-17.2%; --max-fall allows -10.0%)"
    )


def test_a_peak_is_forgotten_after_30_days_or_once_a_fall_is_accepted(tmp_path: Path) -> None:
    kept = {"2026-09-10": TOTALS | {"orders": 1000.0}}
    before = Before(replace(BASE, totals=TOTALS | {"orders": 910.0}), kept, {})
    day_30 = replace(BASE, as_of_date=date(2026, 10, 10), totals=TOTALS | {"orders": 860.0})
    assert len(judge(tmp_path / "30", day_30, before.figures, peaks=kept).drift) == 1
    day_31 = replace(day_30, as_of_date=date(2026, 10, 11))
    assert judge(tmp_path / "31", day_31, before.figures, peaks=kept) == Findings([], [])
    assert list(peaks(day_31, before, accepted=False)) == ["2026-10-11"]
    assert peaks(day_30, before, accepted=True) == {"2026-10-10": day_30.totals}
    assert list(peaks(day_30, before, accepted=False)) == ["2026-09-10", "2026-10-10"]


def test_the_highest_of_builds_of_one_day_is_kept() -> None:
    before = Before(BASE, {"2026-09-10": TOTALS | {"orders": 330.0}}, {})
    kept = peaks(BASE, before, accepted=False)
    assert kept == {"2026-09-10": TOTALS | {"orders": 330.0}}


@pytest.mark.parametrize(
    ("name", "was", "now", "words"),
    [
        ("base_currency", "CNY", "HKD", "amounts are in another currency"),
        ("business_time_zone", "UTC", "Asia/Shanghai", "moments fall on other dates"),
    ],
)
def test_a_changed_currency_or_time_zone_is_named(
    tmp_path: Path, name: str, was: str, now: str, words: str
) -> None:
    found = judge(tmp_path / "other", BASE, BASE, settings=({name: was}, {name: now}))
    assert found.drift == [
        f"var {name} was {was} in the current release and is {now} in this build: {words}"
    ]
    same = judge(tmp_path / "same", BASE, BASE, settings=({name: was}, {name: was}))
    old = judge(tmp_path / "old", BASE, BASE, settings=({}, {name: now}))
    assert same == old == Findings([], [])


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
    assert judge(tmp_path / "two", new, BASE, same_policy=False) == Findings([], [])


def test_more_rejected_rows_are_drift(tmp_path: Path) -> None:
    (finding,) = judge(tmp_path, replace(BASE, rejected_rate=0.3), BASE).drift
    assert "share of rejected rows: 1.0% in the current release, 30.0%" in finding
