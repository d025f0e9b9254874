"""The aggregates that a new release is judged by, and compared in with the one before it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from strata.sql import first_row

# Totals that are amounts in base currency; the others are counts.
AMOUNTS = ("gross revenue", "net revenue")


@dataclass(frozen=True)
class Share:
    """The customers of one segment, and their share of all customers in the dimension (0-1)."""

    dimension: str
    key: str
    customers: int
    rate: float


@dataclass(frozen=True)
class Figures:
    """Aggregates of one build at its as_of_date; amounts in base currency."""

    as_of_date: date
    totals: dict[str, float]
    rejected_rate: float
    shares: list[Share]
    # Sentences about sources so old that the policy wants no release; not kept.
    stopping: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the figures for release.json."""
        figures = asdict(self) | {"as_of_date": self.as_of_date.isoformat()}
        del figures["stopping"]
        return figures

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Figures:
        """Read the figures back from release.json."""
        return cls(
            date.fromisoformat(value["as_of_date"]),
            value["totals"],
            value["rejected_rate"],
            [Share(**share) for share in value["shares"]],
        )


def read(database: Path) -> Figures:
    """Read the figures from the database that dbt built."""
    with duckdb.connect(str(database), read_only=True) as connection:
        (as_of_date,) = first_row(connection, "select max(as_of_date) from main.as_of_dates")
        customers, orders, gross, net = first_row(
            connection,
            """
            select count(*), sum(order_count), sum(gross_revenue_amount), sum(net_revenue_amount)
            from main.customer_metrics
            """,
        )
        sources = connection.execute(
            "select source_table, row_count, rejected_count from main.source_readiness order by all"
        ).fetchall()
        stopping = connection.execute(
            """
            select source_table || ' ends on ' || newest_date || ', and the policy stops a build '
                || 'after ' || stale_after_days || ' days (seeds/policy/source_limits.csv)'
            from main.source_readiness
            where is_stale and stale_action = 'stop'
            order by all
            """
        ).fetchall()
        shares = connection.execute(
            """
            select segment_dimension, segment_key, customer_count, customer_share_rate
            from main.segment_profiles
            where as_of_date = ?
            order by all
            """,
            [as_of_date],
        ).fetchall()
    totals = {"customers": customers, "orders": orders, "gross revenue": gross, "net revenue": net}
    totals |= {f"rows of {table}": rows for table, rows, _ in sources}
    read_rows = sum(rows for _, rows, _ in sources)
    rejected = sum(rows for _, _, rows in sources)
    return Figures(
        as_of_date,
        {name: float(value or 0) for name, value in totals.items()},
        rejected / read_rows if read_rows else 0.0,
        [
            Share(dimension, key, int(count), float(rate or 0))
            for dimension, key, count, rate in shares
        ],
        [sentence for (sentence,) in stopping],
    )
