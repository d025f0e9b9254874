"""`strata model clv`: what customers are expected to buy and to bring, for the next build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from strata.errors import StrataError
from strata.learn.raw import need_raw, write_raw
from strata.sql import quoted
from strata.warehouse.releases import Release, Warehouse

if TYPE_CHECKING:
    from strata.learn.lifetime import AmountModel, PurchaseModel

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
class Estimates:
    """What `estimate` did; `left_out` has the repeat buyers of types with too few of them."""

    fits: list[Fit]
    left_out: dict[str, int]


@dataclass(frozen=True)
class Valued:
    """What `clv` did."""

    file: Path
    build_id: str
    method_version: str
    fitted_at: datetime
    customers: int
    estimates: Estimates

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "file": str(self.file),
            "build_id": self.build_id,
            "method_version": self.method_version,
            "fitted_at": self.fitted_at.isoformat(timespec="seconds"),
            "customers": self.customers,
            **asdict(self.estimates),
        }


def clv(
    warehouse: Warehouse, raw: Path, *, tell: Callable[[str], None] = lambda line: None
) -> Valued:
    """Fit the models on the current release and write the estimates into the raw folder.

    The file appears whole or not at all; the same release gives the same estimates.

    Args:
        warehouse: where the release lies.
        raw: folder with the raw files of the next build.
        tell: is told what is being done.

    Raises:
        StrataError: no release, no raw folder, no SciPy, or too few customers who bought twice.
    """
    need_scipy()
    release = warehouse.need_current()
    need_raw(raw, FILE)
    tell(f"read the purchases of release {release.build_id}")
    with duckdb.connect(str(release.public), read_only=True) as connection:
        _need_purchases(connection, release)
        estimates = estimate(connection, TABLE, tell=tell)
        fitted_at = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
        write_raw(
            connection,
            f"""
            select
                estimates.customer_id,
                {quoted(release.as_of_date.isoformat())}::date as as_of_date,
                estimates.* exclude (customer_id),
                {quoted(VERSION)} as method_version,
                {quoted(fitted_at.isoformat())}::timestamp as fitted_at
            from lifetime_estimates as estimates
            order by estimates.customer_id
            """,
            raw / FILE,
        )
    customers = sum(fit.buyers for fit in estimates.fits)
    return Valued(raw / FILE, release.build_id, VERSION, fitted_at, customers, estimates)


def estimate(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    *,
    tell: Callable[[str], None] = lambda line: None,
) -> Estimates:
    """Fit the models of every customer type and make the temporary table `lifetime_estimates`.

    It has customer_id, probability_alive (null after a single purchase), and for 3, 6 and 12 months
    expected_purchase_count_3m … and expected_value_amount_3m … (null where it cannot be estimated).

    Args:
        connection: to a database with the table.
        table: `customer_lifetime_values` or its like.
        tell: is told what is being done.

    Raises:
        StrataError: nobody ordered, or no customer type has enough repeat buyers.
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
    return Estimates(fits, left_out)


def need_scipy() -> None:
    """Check that SciPy is installed.

    Raises:
        StrataError: if it is not.
    """
    try:
        import scipy.special  # noqa: F401
    except ImportError:
        raise StrataError(
            "lifetime values need SciPy: pip install 'strata-warehouse[clv]'"
        ) from None


def _need_purchases(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    try:
        connection.sql(f"select btyd_frequency from {TABLE}")
    except (duckdb.CatalogException, duckdb.BinderException):
        raise StrataError(
            f"release {release.build_id} holds no {TABLE}, an older Strata made it: "
            "run `strata build` first"
        ) from None


def _estimate_type(connection: duckdb.DuckDBPyConnection, table: str, kind: str) -> Fit:
    """Fit one customer type and add its estimates to `lifetime_estimates`."""
    import numpy as np
    import pandas as pd

    from strata.learn.lifetime import fit_purchases

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
    import numpy as np

    from strata.learn.lifetime import fit_amounts

    paid = (frequency > 0) & (average > 0)
    if paid.sum() < MINIMUM_REPEAT_BUYERS:
        return None, None
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = float(np.corrcoef(frequency[paid], average[paid])[0, 1])
    amounts = fit_amounts(frequency[paid], average[paid])
    return amounts if amounts.mean else None, correlation if np.isfinite(correlation) else None
