"""On the sample every metric tells customers apart: known for some, and not the same for all."""

from __future__ import annotations

from strata.warehouse.releases import Release

from .conftest import connected, listed_metrics

# Metrics that are rare in any company: nearly every customer has none on a given day.
RARE = {
    "click_count_90d",
    "complaint_count_90d",
    "event_count_365d",
    "open_complaint_count",
    "social_count_365d",
    "trial_contract_count",
}

# Known for few: at 600 customers two or three have a tender under way.
SELDOM_KNOWN = {"tender_stage"}


def test_every_metric_spreads(sample_release: Release) -> None:
    """Known for 5 % or more of those it applies to; two values or more; none for over 95 %."""
    flat = []
    with connected(sample_release.public) as connection:
        for row in listed_metrics():
            metric, applies_to = row["metric"], row["applies_to"]
            where = "true" if applies_to == "any" else f"customer_type = '{applies_to}'"
            counted = connection.execute(
                f"""
                select sum(row_count), sum(row_count) filter (value is not null), max(row_count)
                    filter (value is not null), count(value)
                from (
                    select {metric} as value, count(*) as row_count
                    from customer_metrics
                    where {where}
                    group by {metric}
                )
                """
            ).fetchone()
            assert counted is not None
            customers, known, commonest, values = counted
            if metric in SELDOM_KNOWN:
                if not known:
                    flat.append((metric, known, customers, values))
            elif not known or known < 0.05 * customers or values < 2:
                flat.append((metric, known, customers, values))
            elif metric not in RARE and commonest > 0.95 * known:
                flat.append((metric, known, commonest, values))
    assert flat == []
