"""The customers and metrics that clusters can be made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.learn.raw import reading
from strata.learn.traits import Metric
from strata.sql import identifier
from strata.warehouse.releases import Release

TABLE = "customer_metrics"
MINIMUM_CUSTOMERS = 100
MINIMUM_KNOWN = 0.5
SAME = "everybody has the same"
METRICS = (
    "days_since_last_purchase",
    "days_since_first_order",
    "order_count_365d",
    "average_order_amount",
    "promotion_order_rate",
    "interaction_count_90d",
    "annual_contract_amount",
)


@dataclass(frozen=True)
class Prepared:
    """Customers of a type that are known in all the metrics that can be used, in order of id."""

    table: Any
    bought: int
    metrics: list[str]
    left_out: dict[str, str]

    @property
    def problem(self) -> str:
        """Why they cannot be cut; empty if they can."""
        if len(self.table) < MINIMUM_CUSTOMERS:
            known = " and are known in all metrics" if self.metrics else ""
            return f"{len(self.table):,} bought{known}, {MINIMUM_CUSTOMERS} are needed"
        return "fewer than two metrics can be used" if len(self.metrics) < 2 else ""


def wanted_metrics(named: Sequence[str], listed: dict[str, Metric]) -> list[str]:
    """Return the metrics to cluster by, each once; METRICS if none are named.

    Raises StrataError if one is no number of customer_metrics, or there is only one.
    """
    for metric in named:
        row = listed.get(metric)
        if row is None or row["source"] != TABLE:
            raise StrataError(
                f"--metric {metric}: not a metric of {TABLE}; seeds/policy/metrics.csv lists them"
            )
        if row["value_type"] != "number":
            raise StrataError(f"--metric {metric}: is a word, clusters are made of numbers")
    wanted = list(dict.fromkeys(named or METRICS))
    if len(wanted) < 2:
        raise StrataError(f"--metric {wanted[0]}: name two metrics or more")
    return wanted


def need_use(named: Sequence[str], prepared: dict[str, Prepared]) -> None:
    """Raise StrataError if a metric that somebody named can be used for no customer type."""
    for metric in named:
        reasons = {kind: one.left_out.get(metric) for kind, one in prepared.items()}
        if reasons and all(reasons.values()):
            said = ", ".join(f"{kind}: {reason}" for kind, reason in reasons.items())
            raise StrataError(f"--metric {metric} cannot be used ({said}): name another one")


def prepare(
    connection: duckdb.DuckDBPyConnection,
    release: Release,
    wanted: list[str],
    listed: dict[str, Metric],
) -> dict[str, Prepared]:
    """Read the customers who bought, by type, and leave out what cannot be used.

    Raises StrataError if the release lacks a metric.
    """
    columns = ", ".join(f"{identifier(metric)}::double as {metric}" for metric in wanted)
    with reading(release, f"lacks metrics of {TABLE}"):
        read = connection.sql(
            f"""
            select customer_id, customer_type, {columns}
            from {TABLE}
            where days_since_last_purchase is not null
            order by customer_type, customer_id
            """
        ).df()
    return {
        str(kind): _prepared(str(kind), table, wanted, listed)
        for kind, table in read.groupby("customer_type")
    }


def _prepared(kind: str, table: Any, wanted: list[str], listed: dict[str, Metric]) -> Prepared:
    left_out = {}
    for metric in wanted:
        known = table[metric].notna().mean()
        if listed[metric]["applies_to"] not in ("any", kind):
            left_out[metric] = f"not a metric of a {kind}"
        elif known < MINIMUM_KNOWN:
            left_out[metric] = f"known for {known:.0%}"
        elif table[metric].nunique() < 2:
            left_out[metric] = SAME
    complete = table.dropna(subset=[metric for metric in wanted if metric not in left_out])
    for metric in wanted:
        if metric not in left_out and complete[metric].nunique() < 2:
            left_out[metric] = SAME
    usable = [metric for metric in wanted if metric not in left_out]
    return Prepared(complete[["customer_id", *usable]], len(table), usable, left_out)
