"""`strata model clv`: what customers are expected to buy and to bring, for the next build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from strata.errors import StrataError
from strata.learn.lifetime import AmountModel, PurchaseModel, fit_amounts, fit_purchases
from strata.learn.raw import Learnt, need_raw, reading, write_customers
from strata.warehouse.releases import Warehouse

FILE = "model_lifetime_values.parquet"
TABLE = "customer_lifetime_values"
# Raised by one when the models or what they are fitted on change.
VERSION = "bg-nbd-gamma-gamma/1"
# Four parameters learn nothing from fewer.
MINIMUM_REPEAT_BUYERS = 30
# Months -> days, as `customer_lifetime_values` says.
HORIZONS = {3: 91, 6: 182, 12: 365}


@dataclass(frozen=True)
class Fit:
    """The models of one customer type.

    `amounts` is None where values cannot be estimated: too few repeat buyers of a value above 0,
    or values so uneven that they have no mean. `correlation` is that of frequency and mean value;
    the model takes it to be 0.
    """

    customer_type: str
    buyers: int
    repeat_buyers: int
    purchases: PurchaseModel
    amounts: AmountModel | None
    correlation: float | None


@dataclass(frozen=True)
class Valued(Learnt):
    """What `clv` did; `left_out` has the repeat buyers of types with too few of them."""

    customers: int
    fits: list[Fit]
    left_out: dict[str, int]


def clv(
    warehouse: Warehouse, raw: Path, *, tell: Callable[[str], None] = lambda line: None
) -> Valued:
    """Fit the models on the current release and write the estimates into the raw folder.

    The same release gives the same estimates. Raises StrataError if there is no release, no raw
    folder, or too few customers who bought twice.
    """
    release = warehouse.need_current()
    need_raw(raw, FILE)
    tell(f"read the purchases of release {release.build_id}")
    with duckdb.connect(str(release.public), read_only=True) as connection:
        with reading(release, f"holds no {TABLE}"):
            connection.sql(f"select btyd_frequency from {TABLE}")
        fits, left_out = estimate(connection, TABLE, tell=tell)
        table, file = "lifetime_estimates", raw / FILE
        fitted_at = write_customers(connection, table, release, VERSION, file)
    customers = sum(fit.buyers for fit in fits)
    return Valued(file, release.build_id, VERSION, fitted_at, customers, fits, left_out)


def estimate(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    *,
    tell: Callable[[str], None] = lambda line: None,
) -> tuple[list[Fit], dict[str, int]]:
    """Fit the models of every customer type and make the temporary table `lifetime_estimates`.

    It has customer_id, probability_alive (null after a single purchase), and for 3, 6 and 12 months
    expected_purchase_count_3m … and expected_value_amount_3m … (null where it cannot be estimated).
    `table` is `customer_lifetime_values` or its like.

    Returns the fits, and the repeat buyers of the customer types with too few of them. Raises
    StrataError if nobody ordered, or no customer type has enough repeat buyers.
    """
    counts = connection.execute(
        f"""
        select customer_type, count(*), count(*) filter (btyd_frequency > 0)
        from {table} where btyd_frequency is not null
        group by customer_type order by customer_type
        """
    ).fetchall()
    if not counts:
        raise StrataError("no customer has an order that counts: there is nothing to learn from")
    enough = [row for row in counts if row[2] >= MINIMUM_REPEAT_BUYERS]
    left_out = {kind: repeat for kind, _, repeat in counts if repeat < MINIMUM_REPEAT_BUYERS}
    if not enough:
        said = ", ".join(f"{repeat} {kind}" for kind, repeat in left_out.items())
        raise StrataError(
            f"customers who bought on two days or more: {said}; a customer type needs "
            f"{MINIMUM_REPEAT_BUYERS} for lifetime values: load a longer history of orders"
        )
    connection.execute("drop table if exists temp.lifetime_estimates")
    fits = []
    for kind, buyers, repeat in enough:
        tell(f"fit the purchases of {buyers:,} customers of type {kind}, {repeat:,} repeat buyers")
        fits.append(_estimate_type(connection, table, kind))
    return fits, left_out


def _estimate_type(connection: duckdb.DuckDBPyConnection, table: str, kind: str) -> Fit:
    """Fit one customer type and add its estimates to `lifetime_estimates`."""
    read = connection.execute(
        f"""
        select
            customer_id, btyd_frequency, btyd_recency, btyd_age,
            coalesce(repeat_purchase_average_amount, 0)::double as average_amount
        from {table}
        where customer_type = $kind and btyd_frequency is not null
        order by customer_id
        """,
        {"kind": kind},
    ).fetchnumpy()
    days = [np.asarray(read[f"btyd_{name}"]) for name in ("frequency", "recency", "age")]
    # Customers of equal history are one row of the model: few bought more than once or twice.
    base = int(days[2].max()) + 1
    _, first, group, customers = np.unique(
        (days[0] * base + days[1]) * base + days[2],
        return_index=True,
        return_inverse=True,
        return_counts=True,
    )
    frequency, recency, age = (values[first] for values in days)
    purchases = fit_purchases(frequency, recency, age, customers)
    alive = purchases.probability_alive(frequency, recency, age)
    alive[frequency == 0] = np.nan
    made = pd.DataFrame({"customer_id": read["customer_id"], "probability_alive": alive[group]})
    for months, ahead in HORIZONS.items():
        expected = purchases.expected_purchases(frequency, recency, age, ahead)
        made[f"expected_purchase_count_{months}m"] = np.maximum(expected, 0)[group]

    amounts, correlation = _fit_amounts(days[0], read["average_amount"])
    value = amounts.expected_amount(days[0], read["average_amount"]) if amounts else np.nan
    for months in HORIZONS:
        made[f"expected_value_amount_{months}m"] = (
            made[f"expected_purchase_count_{months}m"] * value
        )

    connection.register("made", made)
    nulls = ", ".join(f"nullif({name}, 'nan') as {name}" for name in made.columns[1:])
    rows = f"select customer_id, {nulls} from made"
    connection.execute(f"create temp table if not exists lifetime_estimates as {rows} limit 0")
    connection.execute(f"insert into lifetime_estimates {rows}")
    connection.unregister("made")
    repeat = int((days[0] > 0).sum())
    return Fit(kind, len(made), repeat, purchases, amounts, correlation)


def _fit_amounts(frequency: Any, average: Any) -> tuple[AmountModel | None, float | None]:
    """Return the model of values, if they have one, and how they go with frequency."""
    paid = (frequency > 0) & (average > 0)
    if paid.sum() < MINIMUM_REPEAT_BUYERS:
        return None, None
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = float(np.corrcoef(frequency[paid], average[paid])[0, 1])
    amounts = fit_amounts(frequency[paid], average[paid])
    return amounts if amounts.mean else None, correlation if np.isfinite(correlation) else None
