"""Compares scores of customers at a date with what they bought after it.

Orders up to the cut go through the project's own models; the scores of that day are then compared
with the orders after it, which no model has seen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.intake.files import connect, open_file
from strata.learn.raw import need_extra
from strata.sql import identifier, quoted
from strata_lab.compiled import compile_models

COLUMNS = {"customer_id": "varchar", "order_date": "date", "amount": "decimal(18, 4)"}
TARGETS = ("customer_lifetime_values", "customer_segments_history", "customer_identity_map")
TOP_SHARE = 0.2
# Name -> SQL over the tables joined below; more is better. Tiers are named best first.
SCORES = {
    "RFM score": "segments.rfm_score",
    "tier": "-dense_rank() over (order by segments.tier_key)",
    "simple purchases": "valued.forward_purchase_count_12m",
    "simple value": "valued.forward_value_amount_12m",
    "probabilistic purchases": "estimates.expected_purchase_count_12m",
    "probabilistic value": "estimates.expected_value_amount_12m",
}


@dataclass(frozen=True)
class Quality:
    """How well a score foretold; null figures mean that it does not tell any two customers apart.

    `auc` is the probability that of two customers the one who orders again scores higher;
    `top_share` what the best fifth of the customers hold of the value to come; `spearman` the rank
    correlation with that value.
    """

    score: str
    auc: float | None
    top_share: float | None
    spearman: float | None


@dataclass(frozen=True)
class ValueReport:
    """Figures of one file; `left_out_rows` name no customer or an amount of 0 or less."""

    cut: date
    until: date
    left_out_rows: int
    customers: int
    returning_customers: int
    future_amount: float
    scores: list[Quality]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as one JSON object, with the best score for each."""
        best = {
            name: max(self.scores, key=lambda quality: _rank(getattr(quality, name))).score
            for name in ("auc", "top_share", "spearman")
        }
        dates = {"cut": self.cut.isoformat(), "until": self.until.isoformat()}
        return {**asdict(self), **dates, "best": best}

    def as_text(self) -> str:
        """Return the figures as lines for people."""
        lines = [
            f"{self.customers:,} customers up to {self.cut}, of whom {self.returning_customers:,} "
            f"order again by {self.until}, for {self.future_amount:,.2f}",
            f"{self.left_out_rows:,} rows left out: no customer, or an amount of 0 or less",
            "",
            f"{'':26}{'AUC':>8}{'top 20 %':>10}{'Spearman':>10}",
        ]
        for quality in self.scores:
            values = (quality.auc, quality.top_share, quality.spearman)
            cells = ["-" if value is None else f"{value:.4f}" for value in values]
            lines.append(f"{quality.score:26}{cells[0]:>8}{cells[1]:>10}{cells[2]:>10}")
        return "\n".join(lines)


def evaluate(
    file: Path,
    cut: date,
    until: date | None = None,
    *,
    tell: Callable[[str], None] = lambda line: None,
) -> ValueReport:
    """Score the customers of a file of orders at a date, and look what came after it.

    Args:
        file: Parquet, CSV or XLSX with customer_id, order_date and amount, one row per order.
        cut: last day that the models see.
        until: last day that counts as the future; the last of the file if not given.
        tell: gets a line for each step.

    Raises:
        StrataError: a column is missing or cannot be read, or there is no order on one side of the
            cut.
    """
    need_extra("clv")
    from strata.learn.clv import estimate

    with tempfile.TemporaryDirectory(prefix="strata-evaluate-") as name:
        orders, raw = Path(name) / "orders.parquet", Path(name) / "erp_orders.parquet"
        until, left_out = _split(file, cut, until, orders, raw)
        tell("compiling the models")
        models = compile_models(*TARGETS, as_of=cut.isoformat())
        tell("scoring the customers")
        with models.run([raw], threads=2) as connection:
            estimate(connection, "main.customer_lifetime_values", tell=tell)
            return _measure(connection, orders, cut, until, left_out)


def _split(file: Path, cut: date, until: date | None, orders: Path, raw: Path) -> tuple[date, int]:
    """Write all usable orders, and those up to the cut as a raw file; return the end and the rest.

    The rest is how many rows were left out.
    """
    with connect() as connection:
        source = open_file(connection, file)
        names = {column.strip().lower(): column for column in source.columns}
        missing = [column for column in COLUMNS if column not in names]
        if missing:
            raise StrataError(
                f"{file}: no column {', '.join(missing)}; it has {', '.join(source.columns)}"
            )
        selected = ", ".join(
            f"nullif(trim(cast({identifier(names[column])} as varchar)), '') as {column}"
            for column in COLUMNS
        )
        connection.execute(
            f"create table texts as select *, row_number() over () as input_row"
            f" from (select {selected} from {source.relation})"
        )
        for column, kind in list(COLUMNS.items())[1:]:
            bad = connection.execute(
                f"select input_row, {column} from texts"
                f" where try_cast({column} as {kind}) is null order by input_row limit 1"
            ).fetchone()
            if bad:
                said = f"{bad[1]!r} is no" if bad[1] else "an empty"
                raise StrataError(f"{file} row {bad[0]}: {said} {column}; mend it or leave it out")
        casts = ", ".join(
            f"cast({column} as {kind}) as {column}" for column, kind in COLUMNS.items()
        )
        connection.execute(
            f"create table orders as select {casts}, input_row from texts"
            " where customer_id is not null and cast(amount as decimal(18, 4)) > 0"
        )
        connection.execute(f"copy orders to {quoted(orders)} (format parquet)")
        connection.execute(
            f"""
            copy (
                select
                    input_row as order_id, customer_id as customer_code,
                    order_date as ordered_at, amount as order_total_amount
                from orders where order_date <= {quoted(cut.isoformat())}::date
            ) to {quoted(raw)} (format parquet)
            """
        )
        last, before, after, left_out = _row(
            connection,
            "select max(order_date), count(*) filter (order_date <= $cut),"
            " count(*) filter (order_date > $cut and order_date <= coalesce($until, order_date)),"
            " (select count(*) from texts) - count(*) from orders",
            {"cut": cut, "until": until},
        )
    if not before:
        raise StrataError(f"{file}: no order up to {cut}: give a later --cut")
    if not after:
        end = f" up to {until}: give a later --until" if until else ": give an earlier --cut"
        raise StrataError(f"{file}: no order after {cut}{end}")
    return until or last, left_out


def _measure(
    connection: duckdb.DuckDBPyConnection, orders: Path, cut: date, until: date, left_out: int
) -> ValueReport:
    import numpy as np

    selected = ", ".join(
        f"cast({score} as double) as {identifier(name)}" for name, score in SCORES.items()
    )
    read = connection.execute(
        f"""
        select {selected}, cast(coalesce(future.amount, 0) as double) as future_amount
        from main.customer_lifetime_values as valued
        inner join main.customer_segments_history as segments
            on valued.customer_id = segments.customer_id and segments.is_current
        inner join main.customer_identity_map as identity_map
            on valued.customer_id = identity_map.customer_id
        left join lifetime_estimates as estimates
            on valued.customer_id = estimates.customer_id
        left join (
            select customer_id, sum(amount) as amount
            from read_parquet({quoted(orders)})
            where order_date > $cut and order_date <= $until
            group by customer_id
        ) as future
            on identity_map.source_record_id = future.customer_id
        where valued.btyd_frequency is not null
        order by valued.customer_id
        """,
        {"cut": cut, "until": until},
    ).fetchnumpy()
    future = np.asarray(read.pop("future_amount"))
    return ValueReport(
        cut=cut,
        until=until,
        left_out_rows=left_out,
        customers=len(future),
        returning_customers=int((future > 0).sum()),
        future_amount=float(future.sum()),
        scores=[
            _quality(name, np.ma.filled(score, np.nan), future) for name, score in read.items()
        ],
    )


def _quality(name: str, score: Any, future: Any) -> Quality:
    """Measure one score; customers of equal score count as equal."""
    import numpy as np
    from scipy.stats import rankdata, spearmanr

    if np.isnan(score).any() or len(np.unique(score)) < 2:
        return Quality(name, None, None, None)
    again = future > 0
    auc = None
    if 0 < again.sum() < len(again):
        above = rankdata(score)[again].sum() - again.sum() * (again.sum() + 1) / 2
        auc = float(above / (again.sum() * (~again).sum()))
    spearman = float(spearmanr(score, future)[0]) if len(np.unique(future)) > 1 else None
    return Quality(name, auc, top_share(score, future), spearman)


def top_share(score: Any, future: Any, top: float = TOP_SHARE) -> float | None:
    """Return what the customers of the highest scores hold of the value to come.

    Customers of the score at the edge share the places that are left for them.

    Args:
        score: one number per customer.
        future: value of each, 0 or more.
        top: share of the customers.
    """
    import numpy as np

    places = top * len(score)
    edge = np.sort(score)[::-1][max(int(np.ceil(places)), 1) - 1]
    above, equal = score > edge, score == edge
    held = future[above].sum() + future[equal].sum() * (places - above.sum()) / equal.sum()
    return float(held / future.sum()) if future.sum() else None


def _rank(value: float | None) -> float:
    return -1.0 if value is None else value


def _row(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any]
) -> tuple[Any, ...]:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row
