"""Summary of a build, as text or as one object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from strata.catalogue import report
from strata.intake.rows import read_warnings
from strata.policy.judgements import Judgements
from strata.seeds import read_seeds
from strata.terminal import table
from strata.warehouse.releases import Release

# The public tables that are read here.
SUMMARISED = (
    "source_readiness",
    "rejected_record_counts",
    "segment_profiles",
    "customer_segments",
    "rfm_cut_points",
    "source_warnings",
)


def summary(release: Release, today: date) -> dict[str, Any]:
    """Read the summary of a release; amounts in base currency, rates 0-1."""
    with duckdb.connect(str(release.public), read_only=True) as connection:
        sources = _records(
            connection,
            """
            select source_table, is_present, row_count, kept_count, older_version_count,
                rejected_count, stale_after_days, is_stale, newest_date::varchar as newest_date
            from main.source_readiness
            order by source_table
            """,
        )
        reasons = _records(connection, "select * from main.rejected_record_counts order by all")
        warnings = read_warnings(connection)
        segments = _records(
            connection,
            """
            select segment_dimension, segment_key, name_en, name_zh, customer_count,
                customer_share_rate, net_revenue_amount, net_revenue_share_rate
            from main.segment_profiles
            where as_of_date = $1
            order by segment_dimension, case when segment_dimension = 'tier' then segment_key end,
                net_revenue_amount desc nulls last, segment_key
            """,
            [release.as_of_date],
        )
        tiers = _records(
            connection,
            """
            select customer_type, tier_key, tier_name_en as name_en, tier_name_zh as name_zh,
                count(*) as customer_count,
                count(*) / sum(count(*)) over (partition by customer_type) as customer_share_rate,
                sum(own_value_amount) as value_amount,
                sum(own_value_amount) / nullif(
                    sum(sum(own_value_amount)) over (partition by customer_type), 0
                ) as value_share_rate
            from main.customer_segments
            group by customer_type, tier_key, tier_name_en, tier_name_zh
            order by customer_type, value_amount desc, tier_key
            """,
        )
        scores = _records(
            connection,
            """
            select customer_type, rfm_method, rfm_method_reason, buyer_count
            from main.rfm_cut_points
            where as_of_date = $1 and dimension = 'recency'
            order by customer_type
            """,
            [release.as_of_date],
        )
    seeds = read_seeds(release.folder, release.folder / "company", ("policy",))
    return {
        "build_id": release.build_id,
        "as_of_date": release.as_of_date.isoformat(),
        "age_days": (today - release.as_of_date).days,
        "policy_key": release.info["policy_key"],
        "currency": release.currency,
        "sources": sources,
        "rejected": reasons,
        "warnings": warnings,
        "value_metrics": value_metrics(Judgements(seeds, {}), release.info["policy_key"]),
        "tiers": tiers,
        "segments": segments,
        "rfm_methods": scores,
        "database": str(release.folder.parents[1] / "current" / release.public.name),
        "private_database": str(release.folder.parents[1] / "current" / release.private.name),
        "log": str(release.folder / "logs" / "dbt.log"),
    }


def value_metrics(judgements: Judgements, policy_key: str) -> dict[str, str]:
    """Return what a policy calls the value of a customer, by customer type."""
    policy = judgements.policies[policy_key]
    metric = policy["value_metric"]
    keys = {"business": metric, "consumer": policy["consumer_value_metric"] or metric}
    return {kind: judgements.metrics[key]["name_en"] for kind, key in keys.items()}


def as_text(content: dict[str, Any]) -> str:
    """Return the summary as aligned plain text."""
    return report(
        "summary",
        source_rows=map(_source, content["sources"]),
        reasons=_reasons(content["rejected"]),
        shares=_shares,
        **content,
    )


def _shares(heading: str, key: str, measure: str, column: str, rows: list[dict[str, Any]]) -> str:
    """Return a line per label: its customers and `<column>_amount`, and the share of both."""
    return table(
        [heading, "Customers", "Share", measure, "Share", ""],
        [
            [
                row["name_en"] or row[key],
                f"{row['customer_count']:,}",
                _percent(row["customer_share_rate"]),
                f"{row[f'{column}_amount'] or 0:,.2f}",
                _percent(row[f"{column}_share_rate"]),
                row["name_zh"] or "",
            ]
            for row in rows
        ],
        text=[0, 5],
    )


def _source(source: dict[str, Any]) -> list[str]:
    if not source["is_present"]:
        return [source["source_table"], "absent", "", "", ""]
    statuses = ("row", "kept", "older_version", "rejected")
    return [source["source_table"], *(f"{source[f'{status}_count']:,}" for status in statuses)]


def _reasons(rejected: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return a line per reason, the commonest first, with the tables that it occurs in."""
    rows: dict[str, int] = {}
    tables: dict[str, list[str]] = {}
    for row in rejected:
        reason = row["meaning"] or row["rejection_reason"]
        rows[reason] = rows.get(reason, 0) + row["record_count"]
        tables.setdefault(reason, []).append(row["source_table"])
    lines = []
    for reason in sorted(rows, key=lambda reason: (-rows[reason], reason)):
        shown, more = tables[reason][:3], len(tables[reason]) - 3
        places = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
        lines.append([f"{rows[reason]:,}", reason, places])
    return lines


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1%}"


def _records(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None
) -> list[dict[str, Any]]:
    cursor = connection.execute(query, parameters or [])
    names = [column[0] for column in cursor.description or []]
    return [
        {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in cursor.fetchall()
    ]
