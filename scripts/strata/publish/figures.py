"""The aggregates that a new release is judged by, and compared in with the one before it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

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
        rows = connection.execute(
            "select figure_group, figure_key, as_of_date, figure_value, share_rate"
            " from main.release_figures order by all"
        ).fetchall()
        stopping = connection.execute(
            """
            select source_table || ' ends on ' || newest_date || ', and the policy stops a build '
                || 'after ' || stale_after_days || ' days (policy/source_limits.csv)'
            from main.source_readiness
            where is_stale and stale_action = 'stop'
            order by all
            """
        ).fetchall()
    totals: dict[str, float] = {}
    shares: list[Share] = []
    rejected_rate = 0.0
    for group, key, _, value, rate in rows:
        if group == "total":
            totals[key] = value
        elif group == "source_rows":
            totals[f"rows of {key}"] = value
        elif group == "rejected_rows":
            rejected_rate = rate or 0.0
        else:
            shares.append(Share(group, key, int(value), rate or 0.0))
    return Figures(rows[0][2], totals, rejected_rate, shares, [said for (said,) in stopping])
